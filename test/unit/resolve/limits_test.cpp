// Lines made to take the evaluator's time, memory or stack: it says "too complex" and ends.
#include <doctest/doctest.h>

#include <ctime>
#include <string>

#include "test/unit/resolve/walk.hpp"

namespace cmdai::resolve {
namespace {

std::string repeated(std::string_view piece, size_t times, std::string_view tail = {}) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += piece;
  return out.append(tail);
}

std::string numbered(std::string_view before, std::string_view after, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out.append(before).append(std::to_string(i)).append(after);
  return out;
}

constexpr double kLongest = 40;  // linear takes less than one, under the sanitizers a few

/// Walks in bounded time; whether it gave up.
bool gives_up(std::string_view dialect, const std::string& line) {
  Recorder recorder;
  const std::clock_t start = std::clock();
  Evaluator(session(dialect), recorder).run(line);
  CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < kLongest);
  return recorder.text().find("!too complex to follow") != std::string::npos;
}

}  // namespace

TEST_CASE("values that grow without end") {
  CHECK(gives_up("bash", "a=xxxxxxxxxxxxxxxx; " + repeated("a=$a$a; ", 40, "b $a")));
  CHECK(gives_up("bash", "a=(x x x x x x x x); " + repeated("a=(${a[@]} ${a[@]}); ", 40)));
  CHECK(gives_up("bash", "a=" + std::string(100'000, 'x') + "; b " + repeated("$a", 10'000)));
  CHECK(gives_up("fish", "set a 1 2 3 4 5 6 7 8; echo $a$a$a$a$a$a$a$a"));
  CHECK(gives_up("bash", "echo " + repeated("{1..4000} ", 5'000)));
}

TEST_CASE("copies of a large state") {
  CHECK(gives_up("bash", numbered("a", "=1 ", 20'000) + "\n" + repeated("b $(c); ", 10'000)));
  CHECK(gives_up("bash", numbered("a", "=1 ", 20'000) + "\n" + repeated("if b; then c; fi; ", 10'000)));
  CHECK(gives_up("bash", numbered("a", "=1 ", 20'000) + "\n" + repeated("b | ", 10'000, "c")));
  CHECK(gives_up("bash", numbered("a", "=1 ", 20'000) + "\n" + repeated("b && c; ", 10'000)));
  CHECK(gives_up("bash", numbered("f", "() { a; }; ", 20'000)));
  CHECK(gives_up("bash", numbered("a", " | ", 10'000) + "b"));
}

TEST_CASE("calls that multiply") {
  std::string doubling;
  for (int i = 0; i < 60; ++i)
    doubling +=
        "f" + std::to_string(i) + "() { f" + std::to_string(i + 1) + "; f" + std::to_string(i + 1) + "; }; ";
  CHECK(gives_up("bash", doubling + "f0"));
  CHECK(gives_up("bash", repeated("for i in 1 2 3 4 5 6 7 8; do ", 30, "((x)); ") + repeated("done; ", 30)));
  CHECK(gives_up("bash", repeated("eval x; ", 30'000)));
  CHECK(gives_up("bash", "f() { eval f; }; f; " + repeated("f; ", 30'000)));
  CHECK_FALSE(gives_up("bash", "f() { f; f; }; f"));
}

TEST_CASE("nesting through code in code takes no stack") {
  std::string line = "rm x";
  for (int i = 0; i < 20; ++i) {
    const std::string end = "E" + std::to_string(i);
    line = repeated("{ ", 90) + "eval \"$(cat <<'" + end + "'\n" + line + "\n" + end + "\n)\"" +
           repeated("; }", 90);
  }
  gives_up("bash", line);
  std::string functions;
  for (int i = 0; i < 23; ++i)
    functions += "f" + std::to_string(i) + "() { " + repeated("{ ", 150) + "f" + std::to_string(i + 1) +
                 repeated("; }", 150) + "; }; ";
  CHECK(gives_up("bash", functions + "f0"));
}

TEST_CASE("patterns that backtrack") {
  const std::string text = "a=" + std::string(4000, 'a') + "; ";
  for (const char* op : {"#", "##", "%", "%%", "/", "//"})
    gives_up("bash", text + "b " + repeated("${a" + std::string(op) + repeated("*a", 60) + "b} ", 400));
  CHECK(walk("bash", text + "b ${a#" + repeated("*a", 60) + "b}").ends_with("b $a"));
}

TEST_CASE("what is large but plain is walked to its end") {
  CHECK_FALSE(gives_up("bash", numbered("a ", " $b \"c d\"\n", 10'000)));
  CHECK_FALSE(gives_up("bash", "echo " + repeated("word ", 100'000)));
  CHECK_FALSE(gives_up("bash", "a " + std::string(1 << 20, 'x')));
  CHECK_FALSE(gives_up("bash", "cat <<E\n" + repeated("some text $x\n", 50'000, "E\n")));
  CHECK_FALSE(gives_up("bash", repeated("a | ", 2'000, "b")));
}

}  // namespace cmdai::resolve
