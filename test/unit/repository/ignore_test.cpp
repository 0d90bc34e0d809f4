#include "libcore/repository/ignore.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cmdai::repository;

namespace {

bool fits(std::string_view pattern, std::string_view path) {
  uint64_t steps = 0;
  return path_matches(pattern, path, steps);
}

std::optional<bool> ignores(const IgnoreFile& file, std::string_view path, bool directory) {
  uint64_t steps = 0;
  return file.ignores(path, directory, steps);
}

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
    CHECK(fits(c.pattern, c.path) == c.fits);
  }
}

TEST_CASE("a pattern made to take for ever is given up") {
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "a*";
  CHECK_FALSE(fits(pattern + 'b', std::string(4000, 'a')));
  CHECK(fits(std::string(5000, '*'), "a/b"));
}

TEST_CASE("of a file, the last pattern that fits decides") {
  const IgnoreFile file(
      "\xef\xbb\xbf*.log\r\n!keep.log\n# no\n\\#yes\n/top\nsub/x\nonly/\ntrailing  \nkept\\ \n\n!\n/\n");
  CHECK(ignores(file, "a/b.log", false) == true);
  CHECK(ignores(file, "a/keep.log", false) == false);
  CHECK(ignores(file, "#yes", false) == true);
  CHECK(ignores(file, "no", false) == std::nullopt);
  CHECK(ignores(file, "top", false) == true);
  CHECK(ignores(file, "a/top", false) == std::nullopt);
  CHECK(ignores(file, "sub/x", false) == true);
  CHECK(ignores(file, "a/sub/x", false) == std::nullopt);
  CHECK(ignores(file, "only", true) == true);
  CHECK(ignores(file, "only", false) == std::nullopt);
  CHECK(ignores(file, "trailing", false) == true);
  CHECK(ignores(file, "kept ", false) == true);
  CHECK(ignores(IgnoreFile("README", true), "readme", false) == true);
}
