#include "shell-hooks/exec-guard/shell_line.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace cmdai::exec_guard;

TEST_CASE("a word is quoted where a shell would read more into it") {
  const std::pair<const char*, const char*> cases[] = {
      {"plain-1.2_x/y", "plain-1.2_x/y"},
      {"", "''"},
      {"two words", "'two words'"},
      {"it's", "'it'\\''s'"},
      {"$HOME", "'$HOME'"},
      {"~", "'~'"},
      {"a\nb", "'a\nb'"},
      {"*.c", "'*.c'"},
      {"\xff", "'\xff'"},
      {"{a,b}", "'{a,b}'"},
      {"#x", "'#x'"},
      {"!1", "'!1'"},
  };
  for (const auto& [word, want] : cases) {
    CAPTURE(word);
    CHECK(quoted_word(word) == want);
  }
}

TEST_CASE("an argv as a line: the program in place of its first word") {
  const std::vector<std::string> argv{"whatever", "-rf", "a b"};
  CHECK(shell_line("rm", argv) == "rm -rf 'a b'");
  CHECK(shell_line("A=1", argv) == "'A=1' -rf 'a b'");
  CHECK(shell_line("time", argv) == "'time' -rf 'a b'");
  CHECK(shell_line("it's=1", argv) == "'it'\\''s=1' -rf 'a b'");
  CHECK(shell_line("true", std::vector<std::string>{"true"}) == "true");
}

TEST_CASE("the system's programs go by their name, anything else by its path") {
  const std::pair<const char*, const char*> cases[] = {
      {"/usr/bin/rm", "rm"},
      {"/bin/rm", "rm"},
      {"/usr/local/bin/x", "x"},
      {"/home/u/rm", "/home/u/rm"},
      {"/usr/bin/x/rm", "/usr/bin/x/rm"},
      {"rm", "./rm"},
      {"/rm", "/rm"},
      {"/usr/bin/", "/usr/bin/"},
  };
  for (const auto& [path, want] : cases) {
    CAPTURE(path);
    CHECK(program_word(path) == want);
  }
}

TEST_CASE("argv[0] that is not the file's name is another name") {
  CHECK(other_name("/bin/busybox", "rm") == "rm");
  CHECK(other_name("/bin/busybox", "/x/rm") == "rm");
  CHECK(other_name("/bin/rm", "rm").empty());
  CHECK(other_name("/bin/bash", "-bash").empty());
  CHECK(other_name("/bin/bash", "").empty());
}
