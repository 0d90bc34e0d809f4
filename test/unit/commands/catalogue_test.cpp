// Who is known by which name.
#include "libcore/commands/catalogue.hpp"

#include <doctest/doctest.h>

using namespace cmdai::commands;

TEST_CASE("versions fall back to their stem, strange names to nothing") {
  for (const char* name : {"rm", "python3", "python3.11", "perl5.36", "mkfs.ext4", "mkfs", "nc.openbsd"}) {
    CAPTURE(name);
    CHECK(find_command(name) != nullptr);
  }
  CHECK(find_command("python3.11") == find_command("python"));
  CHECK(find_command("mkfs.ext4") == find_command("mkfs"));
  for (const std::string name : {"", "3", "-", "rmx", "no-such-program", "3x"}) {
    CAPTURE(name);
    const bool dash = name == "-";  // zsh's precommand modifier
    CHECK((find_command(name) != nullptr) == dash);
  }
}

TEST_CASE("a pattern finds the names it fits") {
  using Names = std::vector<std::string_view>;
  CHECK(matching_commands("r[m]", 8) == Names{"rm"});
  CHECK(matching_commands("cront?b", 8) == Names{"crontab"});
  CHECK(matching_commands("mk*", 8) ==
        Names{"mkdir", "mkdosfs", "mke2fs", "mkfifo", "mkfs", "mknod", "mkntfs", "mksh"});
  CHECK(matching_commands("[r", 8).empty());
  CHECK(matching_commands("", 8).empty());
  CHECK(matching_commands("*", 3).size() == 3);
}
