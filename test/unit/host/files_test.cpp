// Files are read whole or not, and written whole or not.
#include "daemon/host/files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "daemon/host/paths.hpp"
#include "test/unit/ipc/box.hpp"

using namespace cmdai::host;
using cmdai::test::Box;
using cmdai::test::Environment;
namespace fs = std::filesystem;

TEST_CASE("a file is written whole, privately, and leaves nothing beside it") {
  const Box box;
  const std::string path = box / "f";
  REQUIRE(write_file(path, "one"));
  REQUIRE(write_file(path, std::string("two\0three", 9)));
  CHECK(*read_file(path) == std::string("two\0three", 9));
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 07777U) == 0600);
  CHECK(std::distance(fs::directory_iterator(box.root()), fs::directory_iterator()) == 1);
}

TEST_CASE("what cannot be written leaves the old file, and says why") {
  const Box box;
  fs::create_directories(box / "d/full");
  const auto refused = write_file(box / "d", "x");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().render().find(box / "d" + ": cannot be written: ") == 0);
  CHECK(fs::is_directory(box / "d/full"));
  CHECK(std::distance(fs::directory_iterator(box.root()), fs::directory_iterator()) == 1);
  CHECK_FALSE(write_file(box / "no/such/f", "x"));
}

TEST_CASE("reading stops at its limit, at directories and never waits") {
  const Box box;
  std::ofstream(box / "f") << std::string(100, 'x');
  CHECK(read_file(box / "f", 100)->size() == 100);
  CHECK(read_file(box / "f", 99).error().message == "is larger than 99 bytes");
  CHECK(read_file(box.root()).error().message == "is a directory, not a file");
  CHECK(read_file(box / "absent").error().message == "cannot be read: No such file or directory");
  REQUIRE(mkfifo((box / "fifo").c_str(), 0600) == 0);
  CHECK(read_file(box / "fifo")->empty());
}

TEST_CASE("directories are made private; a file in the way is told") {
  const Box box;
  REQUIRE(make_directories(box / "a/b/c"));
  REQUIRE(make_directories(box / "a/b/c"));
  struct stat info {};
  REQUIRE(stat((box / "a/b").c_str(), &info) == 0);
  CHECK((info.st_mode & 07777U) == 0700);
  std::ofstream(box / "f") << "x";
  CHECK(make_directories(box / "f").error().message.find("the directory cannot be made") == 0);
  CHECK_FALSE(make_directories(box / "f/g"));
}

TEST_CASE("missing means surely not there") {
  const Box box;
  std::ofstream(box / "f") << "x";
  CHECK(missing(box / "g"));
  CHECK(missing(box / "f/g"));
  CHECK_FALSE(missing(box / "f"));
  CHECK_FALSE(missing("/" + std::string(5000, 'x')));  // ENAMETOOLONG: who knows
}

TEST_CASE("places follow the XDG variables when they are absolute") {
  const Environment home("HOME", "/home/u//");
  {
    const Environment config("XDG_CONFIG_HOME", nullptr);
    const Environment state("XDG_STATE_HOME", "relative");
    const Paths paths = paths_from_environment();
    CHECK(paths.home == "/home/u");
    CHECK(paths.settings() == "/home/u/.config/cmdai/config.toml");
    CHECK(paths.events() == "/home/u/.local/state/cmdai/events.jsonl");
  }
  const Environment config("XDG_CONFIG_HOME", "/c");
  const Environment state("XDG_STATE_HOME", "/s");
  const Paths paths = paths_from_environment();
  CHECK(paths.allow_list() == "/c/cmdai/allow.toml");
  CHECK(paths.log() == "/s/cmdai/cmdaid.log");
}
