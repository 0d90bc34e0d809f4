#include "libcore/repository/ignore.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cmdai::repository;

namespace {

struct Case {
  std::string_view pattern, path;
  bool fits;
};

}  // namespace

TEST_CASE("patterns fit as git's do") {
  // The answers are those of git check-ignore 2.39.
  for (const Case& c : {Case{"*.o", "x.o", true},   {"a*b", "a/b", false},   {"?", "/", false},
                        {"**/x", "x", true},        {"**/x", "a/b/x", true}, {"a/**", "a/b/c", true},
                        {"a/**", "a", false},       {"a/**/b", "a/b", true}, {"a/**/b", "a/x/y/b", true},
                        {"a**b", "a/b", false},     {"a**b", "axb", true},   {"[a-c]x", "bx", true},
                        {"[!a-c]x", "bx", false},   {"[^a-c]x", "dx", true}, {"[]]", "]", true},
                        {"[[:digit:]]", "7", true}, {"[a", "a", false},      {"\\*", "*", true},
                        {"\\*", "x", false},        {"[/]", "/", false},     {"", "", true}}) {
    CAPTURE(c.pattern);
    CAPTURE(c.path);
    CHECK(path_matches(c.pattern, c.path) == c.fits);
  }
}

TEST_CASE("a pattern made to take for ever is given up") {
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "a*";
  CHECK_FALSE(path_matches(pattern + 'b', std::string(4000, 'a')));
  CHECK(path_matches(std::string(5000, '*'), "a/b"));
}

TEST_CASE("of a file, the last pattern that fits decides") {
  const IgnoreFile file(
      "\xef\xbb\xbf*.log\r\n!keep.log\n# no\n\\#yes\n/top\nsub/x\nonly/\ntrailing  \nkept\\ \n\n!\n/\n");
  CHECK(file.ignores("a/b.log", false) == true);
  CHECK(file.ignores("a/keep.log", false) == false);
  CHECK(file.ignores("#yes", false) == true);
  CHECK(file.ignores("no", false) == std::nullopt);
  CHECK(file.ignores("top", false) == true);
  CHECK(file.ignores("a/top", false) == std::nullopt);
  CHECK(file.ignores("sub/x", false) == true);
  CHECK(file.ignores("a/sub/x", false) == std::nullopt);
  CHECK(file.ignores("only", true) == true);
  CHECK(file.ignores("only", false) == std::nullopt);
  CHECK(file.ignores("trailing", false) == true);
  CHECK(file.ignores("kept ", false) == true);
  CHECK(IgnoreFile("README", true).ignores("readme", false) == true);
}
