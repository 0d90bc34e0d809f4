// Hostile sizes: bounded stack, linear time. A quadratic reader would need minutes here.
#include <doctest/doctest.h>

#include <ctime>
#include <string>

#include "test/unit/syntax/dump.hpp"
#include "test/unit/syntax/properties.hpp"

namespace cmdai::syntax {
namespace {

std::string repeated(std::string_view piece, size_t times, std::string_view tail = {}) {
  std::string out;
  out.reserve(piece.size() * times + tail.size());
  for (size_t i = 0; i < times; ++i) out += piece;
  return out.append(tail);
}

struct Hostile {
  std::string name;
  std::string text;
};

/// Seconds of processor time, so that a busy machine changes nothing. Generous: linear takes tens of
/// milliseconds, also under the sanitizers a second or two.
constexpr double kLongest = 40;

enum class Expect : uint8_t { too_complex, readable, anything };

void check_bounded(std::string_view dialect, const Hostile& hostile, Expect expect) {
  CAPTURE(dialect);
  CAPTURE(hostile.name);
  const std::clock_t start = std::clock();
  ParseOptions options;
  options.keep_tokens = true;
  const Tree tree = parse(hostile.text, dialect_from_name(dialect).value(), options);
  CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < kLongest);
  CHECK(broken_property(tree, true) == "");
  if (expect == Expect::too_complex) CHECK(to_string(tree.status) == "too-complex");
  if (expect == Expect::readable) CHECK(to_string(tree.status) != "too-complex");
}

constexpr const char* kPosix[] = {"bash", "sh", "zsh", "bash53"};
constexpr size_t kMany = 100'000;

}  // namespace

TEST_CASE("nesting beyond the limit is too complex, whatever nests") {
  for (const char* dialect : kPosix) {
    for (const char* piece : {"$(", "echo $(", "echo \"$(", "( ", "{ ", "if ", "while ", "x() { ",
                              "case a in b) ", "${a:-", "\"${a:-", "cat <<E\n$("}) {
      check_bounded(dialect, {piece, repeated(piece, kMany)}, Expect::too_complex);
    }
  }
  check_bounded("bash", {"[[", "[[ " + repeated("( ", kMany)}, Expect::too_complex);
  for (const char* piece : {"<(", "a=(b $(", "for i in a; do "})
    check_bounded("bash", {piece, repeated(piece, kMany)}, Expect::too_complex);
  for (const char* piece :
       {"echo (", "begin; ", "if a; ", "while a; ", "function f; ", "if ", "switch a; case b; "})
    check_bounded("fish", {piece, repeated(piece, kMany)},
                  std::string(piece) == "echo (" ? Expect::readable : Expect::too_complex);
  check_bounded("fish", {"closed", "echo " + repeated("(", kMany, repeated(")", kMany))},
                Expect::too_complex);
}

TEST_CASE("many things side by side are read in linear time") {
  for (const char* dialect : kPosix) {
    check_bounded(dialect, {"pipeline", repeated("a | ", 10'000, "b")}, Expect::readable);
    check_bounded(dialect, {"and", repeated("a && ", kMany, "b")}, Expect::readable);
    check_bounded(dialect, {"words", repeated("a ", 400'000)}, Expect::readable);
    check_bounded(dialect, {"one long quote", '"' + std::string(1 << 20, 'x') + '"'}, Expect::readable);
    check_bounded(dialect, {"many quotes", repeated("''", 1 << 19)}, Expect::readable);
    check_bounded(dialect, {"open quotes", "a " + repeated("\"'", 1 << 19)}, Expect::readable);
    check_bounded(dialect, {"elif", "if a; then b; " + repeated("elif c; then d; ", 20'000, "fi")},
                  Expect::readable);
    check_bounded(dialect, {"continuations", "a" + repeated("\\\n", kMany)}, Expect::readable);
    check_bounded(dialect, {"here-documents", repeated("cat <<E\na\nE\n", 30'000)}, Expect::readable);
    check_bounded(dialect, {"announced here-documents", "cat " + repeated("<<E ", kMany)}, Expect::readable);
    check_bounded(dialect, {"lines almost the delimiter", "cat <<EEEE\n" + repeated("EEE\n", kMany)},
                  Expect::readable);
    check_bounded(dialect, {"comments", repeated("#\n", kMany)}, Expect::readable);
    check_bounded(dialect, {"backquotes", "a " + repeated("``", kMany)}, Expect::readable);
    check_bounded(dialect, {"case", "case a in " + repeated("a|b) c;; ", 30'000, "esac")}, Expect::readable);
    check_bounded(dialect, {"redirects", "a " + repeated(">f ", kMany)}, Expect::readable);
    check_bounded(dialect, {"assignments", repeated("a=b ", kMany)}, Expect::readable);
  }
  check_bounded("bash", {"negations", repeated("! ", kMany, "a")}, Expect::readable);
  check_bounded("bash", {"double negations", repeated("! ", kMany)}, Expect::readable);
}

TEST_CASE("what looks far ahead does not look again and again") {
  for (const char* dialect : kPosix) {
    for (const char* piece :
         {"$((", "((",    "$(( (",  "$[",   "a[",  "declare a[ ", "a[;", "$a[",        "${a[", "{a",
          "a{",  "((a) ", "$((a) ", "x[$(", "<(",  "!(",          "@(",  "a(",         "(a",   "=(",
          "${(", "\\",    "<",      "<1-",  "a=(", "a=(b) ",      "}",   "case a in ("})
      check_bounded(dialect, {piece, "echo " + repeated(piece, kMany)}, Expect::anything);
    check_bounded(dialect, {"case patterns", "case a in " + repeated("(", kMany)}, Expect::anything);
    check_bounded(dialect, {"for ((", "for ((" + repeated(";$(", kMany) + "))"}, Expect::anything);
  }
  for (const char* piece : {"$a[", "$a[(", "a[", "{", "\"$a[", "$", "$$", "\\", "<", "(a)[", "a="})
    check_bounded("fish", {piece, "echo " + repeated(piece, kMany, "]")}, Expect::anything);
}

TEST_CASE("closed nesting up to the limit is read in linear time") {
  const size_t deep = 60;
  for (const char* dialect : {"bash", "zsh"}) {
    const std::string filler = repeated("+1", 4'000);
    check_bounded(dialect, {"arithmetic", "echo " + repeated("$((1" + filler, deep, repeated("))", deep))},
                  Expect::readable);
    check_bounded(dialect, {"quoted", "echo " + repeated("\"$(a ", deep / 2, repeated(")\"", deep / 2))},
                  Expect::readable);
  }
}

TEST_CASE("a text beyond the byte limit is not read") {
  ParseOptions options;
  options.limits.bytes = 10;
  const Tree tree = parse("echo 1234567", dialect_from_name("bash").value(), options);
  CHECK(tree.status == Status::too_complex);
  CHECK(tree.script->statements.empty());
}

TEST_CASE("a text beyond the node limit keeps what was read") {
  ParseOptions options;
  options.limits.nodes = 20;
  for (const char* dialect : {"bash", "fish"}) {
    const Tree tree = parse("a\n" + repeated("b c; ", 100), dialect_from_name(dialect).value(), options);
    CHECK(tree.status == Status::too_complex);
    CHECK(tree.script->statements.size() > 2);
  }
}

}  // namespace cmdai::syntax
