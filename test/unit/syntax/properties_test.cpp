// What holds for every text, tried on texts that were made to break it.
#include "test/unit/syntax/properties.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "libcore/base/dialect.hpp"
#include "test/unit/syntax/dump.hpp"

namespace cmdai::syntax {
namespace {

const std::vector<std::string>& texts() {
  static const std::vector<std::string> kTexts = {
      "",
      "a",
      "a b  c # d\n e\\\nf; g & h && i | j",
      "A=1 b[2]=3 c=(d e) f >g 2>&1 <<<h",
      "echo $a ${b:-c d} \"$e ${f[1]} $(g h) `i \\`j\\``\" $((1+2)) $'k\\n' '' \"\"",
      "cat <<A <<-'B' | c; d\na $(e)\nA\n\tb\n\tB\nf",
      "if a; then b; elif c; then d; else e; fi >f",
      "for i in a b; do c; done; while a; do b; done; until a; do b; done; case a in (b|c) d;; *) e; esac",
      "f() { a; }; (b; c) & { d; } ; function g { h; }; select i in a; do b; done",
      "[[ a && ( -f b || ! c =~ ^(d|e)$ ) ]]; ((a + b)); for ((i=0;i<1;i++)); do a; done; coproc N { a; }",
      "a <(b) >(c) @(d|e) !(f)",
      "if [[ 1 == 1 ]] a; repeat 3 b; () { c } d; { e } always { f }; g *(h) i<1-2> =j ${(f)k} $l[1]",
      "begin; a; end; if b; c; else; d; end; switch e; case f; g; end; echo (h)[1] \"$i[2] $(j)\" {k,l} $m",
      "a; fi",
      "a '",
      "a $(b",
      "a\n\nb (c",
      "a `b",
      "\xff\xfe\x80 \x01\x02",
      "a\r\nb\r\n",
  };
  return kTexts;
}

std::string complaint(std::string_view text, std::string_view dialect) {
  ParseOptions options;
  options.keep_tokens = true;
  return broken_property(parse(text, dialect_from_name(dialect).value(), options), true);
}

constexpr const char* kDialects[] = {"bash", "bash32",          "bash53", "sh",
                                     "zsh",  "zsh-interactive", "fish",   "fish4"};

}  // namespace

TEST_CASE("tokens concatenate to the input and ranges nest") {
  for (const char* dialect : kDialects)
    for (const std::string& text : texts()) {
      CAPTURE(dialect);
      CAPTURE(text);
      CHECK(complaint(text, dialect) == "");
    }
}

TEST_CASE("also for every beginning, every end and every text with a byte left out") {
  for (const char* dialect : kDialects)
    for (const std::string& text : texts())
      for (size_t i = 0; i < text.size(); ++i) {
        for (const std::string& cut :
             {text.substr(0, i), text.substr(i), text.substr(0, i) + text.substr(i + 1)}) {
          const std::string found = complaint(cut, dialect);
          if (found.empty()) continue;
          CAPTURE(dialect);
          CAPTURE(cut);
          CHECK(found == "");
        }
      }
}

TEST_CASE("ranges nest also where the nesting limit is met, whatever meets it") {
  for (const std::string_view unit :
       {"$(v=(", "\"$(v=(", "${a[$(", "`$((", "[[ ( ", "case $(", "v[$(", "(v( $("}) {
    for (size_t before = 0; before < 6; ++before) {
      std::string text = "`" + std::string(before, '(');
      for (int i = 0; i < 150; ++i) text += unit;
      for (const char* dialect : {"bash", "sh", "zsh", "fish"}) {
        CAPTURE(unit);
        CAPTURE(before);
        CAPTURE(dialect);
        CHECK(complaint(text, dialect) == "");
        CHECK(complaint(text.substr(1), dialect) == "");
      }
    }
  }
}

TEST_CASE("reading is repeatable and does not depend on keeping tokens") {
  for (const char* dialect : kDialects)
    for (const std::string& text : texts()) {
      CAPTURE(text);
      ParseOptions options;
      const Tree plain = parse(text, dialect_from_name(dialect).value(), options);
      options.keep_tokens = true;
      const Tree kept = parse(text, dialect_from_name(dialect).value(), options);
      CHECK(plain.status == kept.status);
      CHECK(plain.message == kept.message);
      CHECK(plain.tokens.empty());
      CHECK(plain.arena.bytes_used() == kept.arena.bytes_used());
    }
}

TEST_CASE("dash does not see NUL bytes, the others do") {
  using namespace std::string_literals;
  CHECK(dump("r\0m x; i\0f a; th\0en b; fi; \0"s, "sh") == "rm x; if[a: b]; ");
  CHECK(dump("\0() { a; }"s, "sh") == "invalid: ~; ~?\"() { a; }\"");
  CHECK(dump("r\0m x"s, "bash") == "r\0m x"s);
}

TEST_CASE("a tree that is moved stays whole") {
  Tree first = parse("a $(b)", dialect_from_name("bash").value());
  const Tree second = std::move(first);
  CHECK(broken_property(second, false) == "");
  CHECK(second.source == "a $(b)");
}

TEST_CASE("the checker sees a broken tree") {
  Tree tree = parse("a b", dialect_from_name("bash").value());
  CHECK(broken_property(tree, true) == "tokens do not concatenate to the source");
  Script outside = *tree.script;
  outside.range = {0, 9};
  tree.script = &outside;
  CHECK(broken_property(tree, false) == "script outside of its parent at 0-9");
}

}  // namespace cmdai::syntax
