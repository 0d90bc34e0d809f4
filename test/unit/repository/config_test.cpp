#include "libcore/repository/config.hpp"

#include <doctest/doctest.h>

using namespace cmdai::repository;

TEST_CASE("a configuration file is read entry by entry") {
  const auto entries = read_config(
      "[core]\n\tbare = false ; why\n  excludesFile = \"~/a # b\"\n[remote \"origin\"]\n"
      "url = git@example.org:x\\\n/y\n[branch.Main]\nmerge=refs/heads/main\n[x \"a]\\\"b\"] k\n");
  REQUIRE(entries.size() == 5);
  CHECK(config_value(entries, "core", "bare") == "false");
  CHECK(config_value(entries, "core", "excludesfile") == "~/a # b");
  CHECK(entries[2].section == "remote");
  CHECK(entries[2].name == "origin");
  CHECK(entries[2].value == "git@example.org:x/y");
  CHECK(entries[3].name == "main");
  CHECK(entries[4].name == "a]\"b");
  CHECK(entries[4].value == "true");
  CHECK_FALSE(config_says(entries, "core", "bare", true));
  CHECK(config_says(entries, "core", "filemode", true));
}

TEST_CASE("what is no configuration file gives nothing, or what can be read of it") {
  CHECK(read_config("").empty());
  CHECK(read_config("[").empty());
  CHECK(read_config("[core").empty());
  CHECK(read_config("\\\n\\\n\\").size() == 1);
}
