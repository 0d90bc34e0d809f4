// The difference of two texts, as `diff -u` shows it.
#include "daemon/cli/text_diff.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using cmdai::cli::unified_diff;

namespace {

std::string numbered(int from, int to) {
  std::string out;
  for (int i = from; i <= to; ++i) out += std::to_string(i) + '\n';
  return out;
}

/// Applies what a diff says: what comes out must be the new text.
std::string patched(const std::string& before, const std::string& diff) {
  std::istringstream old(before), hunks(diff);
  std::string out, line, kept;
  int at = 0;
  while (std::getline(hunks, line)) {
    if (line[0] == '@') {
      int first = std::stoi(line.substr(4)), count = std::stoi(line.substr(line.find(',') + 1));
      for (const int until = count == 0 ? first : first - 1; at < until; ++at)
        std::getline(old, kept), out += kept + '\n';
    } else if (line[0] == '\\') {
      out.pop_back();
    } else {
      if (line[0] != '+') std::getline(old, kept), ++at;
      if (line[0] != '-') out += line.substr(1) + '\n';
    }
  }
  while (std::getline(old, kept)) out += kept + '\n';
  return out;
}

}  // namespace

TEST_CASE("the same texts have no difference") {
  CHECK(unified_diff("", "").empty());
  CHECK(unified_diff("a\nb\n", "a\nb\n").empty());
}

TEST_CASE("from and to nothing") {
  CHECK(unified_diff("", "a\nb\n") == "@@ -0,0 +1,2 @@\n+a\n+b\n");
  CHECK(unified_diff("a\n", "") == "@@ -1,1 +0,0 @@\n-a\n");
}

TEST_CASE("three lines around a change, one hunk where they meet") {
  CHECK(unified_diff(numbered(1, 9), numbered(1, 4) + "x\n" + numbered(6, 9)) ==
        "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  CHECK(unified_diff(numbered(1, 9), "0\n" + numbered(1, 9)) == "@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n");
  const std::string far = unified_diff(numbered(1, 20), "0\n" + numbered(1, 19));
  CHECK(far == "@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -17,4 +18,3 @@\n 17\n 18\n 19\n-20\n");
  CHECK(unified_diff(numbered(1, 8), "0\n" + numbered(2, 7) + "9\n").find("@@", 4) ==
        std::string("@@ -1,8 +1,8 @@").rfind("@@"));
}

TEST_CASE("a last line without its newline is another line") {
  CHECK(unified_diff("a", "a\n") == "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n");
  CHECK(unified_diff("a\n", "a\nb") == "@@ -1,1 +1,2 @@\n a\n+b\n\\ No newline at end of file\n");
}

TEST_CASE("what the difference says leads from one text to the other") {
  uint32_t state = 1;
  const auto text = [&state] {
    std::string out;
    const uint32_t lines = (state = state * 1664525U + 1013904223U) >> 27U;
    for (uint32_t i = 0; i < lines; ++i) {
      state = state * 1664525U + 1013904223U;
      out += std::string(1, static_cast<char>('a' + (state >> 30U))) + '\n';
    }
    return out;
  };
  for (int i = 0; i < 500; ++i) {
    const std::string before = text();
    const std::string after = text();
    CAPTURE(before);
    CAPTURE(after);
    CHECK(patched(before, unified_diff(before, after)) == after);
  }
}

TEST_CASE("a text too long for a look is taken out and put in as a whole") {
  const std::string before = "same\n" + numbered(1, 3000);
  const std::string after = "same\n" + numbered(5000, 8000);
  CHECK(patched(before, unified_diff(before, after)) == after);
}
