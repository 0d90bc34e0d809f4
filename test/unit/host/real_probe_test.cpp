// The real file system as the engine sees it: bounded, and it never waits.
#include "daemon/host/real_probe.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "test/unit/ipc/box.hpp"

using namespace cmdai;
using cmdai::host::RealProbe;
using cmdai::test::Box;
namespace fs = std::filesystem;

TEST_CASE("what is there is described, what is not is not") {
  const Box box;
  std::ofstream(box / "f") << "hello";
  fs::create_symlink("f", box / "link");
  fs::create_symlink("loop", box / "loop");
  REQUIRE(mkfifo((box / "fifo").c_str(), 0640) == 0);
  RealProbe probe;
  CHECK(probe.lstat(box / "f")->kind == FileKind::regular);
  CHECK(probe.lstat(box / "f")->size == 5);
  CHECK(probe.lstat(box / "f")->uid == getuid());
  CHECK(probe.lstat(box / "link")->kind == FileKind::symlink);
  CHECK(probe.lstat(box / "fifo")->kind == FileKind::fifo);
  CHECK(probe.lstat(box.root())->kind == FileKind::directory);
  CHECK(probe.lstat("/dev/null")->kind == FileKind::char_device);
  CHECK(probe.lstat("/dev/null")->device != probe.lstat("/proc")->device);
  CHECK_FALSE(probe.lstat(box / "absent"));
  CHECK(*probe.real_path(box / "link") == fs::canonical(box / "f").string());
  CHECK_FALSE(probe.real_path(box / "loop"));
  CHECK(*probe.read_file(box / "link", 5) == "hello");
  CHECK_FALSE(probe.read_file(box / "f", 4));
  CHECK_FALSE(probe.read_file(box / "fifo", 100));
  CHECK_FALSE(probe.read_file("/dev/zero", 100));
  auto names = *probe.list(box.root(), 100);
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"f", "fifo", "link", "loop"});
  CHECK(probe.list(box.root(), 2)->size() == 2);
  CHECK_FALSE(probe.list(box / "f", 2));
}

TEST_CASE("only so many questions are answered") {
  const Box box;
  RealProbe probe(3);
  CHECK(probe.lstat(box.root()));
  CHECK(probe.real_path(box.root()));
  CHECK(probe.list(box.root(), 1));
  CHECK_FALSE(probe.lstat(box.root()));
  CHECK_FALSE(probe.list(box.root(), 1));
  CHECK_FALSE(probe.read_file(box.root(), 1));
}

TEST_CASE("a folder is scanned with what each entry is, links not followed") {
  const Box box;
  std::ofstream(box / "f") << "hello";
  fs::create_directory(box / "d");
  fs::create_symlink("f", box / "link");
  RealProbe probe;
  const auto found = probe.scan(box.root(), 100);
  REQUIRE(found);
  CHECK(found->whole);
  REQUIRE(found->entries.size() == 3);
  for (const Listing::Entry& entry : found->entries) {
    const auto info = probe.lstat(box / entry.name);
    CHECK(entry.info.kind == info->kind);
    CHECK(entry.info.inode == info->inode);
    CHECK(entry.info.modified == info->modified);
    CHECK(entry.info.changed == info->changed);
    CHECK(entry.info.gid == info->gid);
  }
  CHECK_FALSE(probe.scan(box.root(), 2)->whole);
  CHECK_FALSE(probe.scan(box / "f", 2));
  CHECK_FALSE(probe.scan(box / "absent", 2));
  CHECK(*probe.read_link(box / "link") == "f");
  CHECK_FALSE(probe.read_link(box / "f"));
}

TEST_CASE("what may not be looked at is not absent") {
  const Box box;
  std::ofstream(box / "f") << "hello";
  RealProbe probe;
  CHECK(probe.is_absent(box / "none"));
  CHECK(probe.is_absent(box / "f/below"));
  CHECK_FALSE(probe.is_absent(box / "f"));
  RealProbe silent(0);
  CHECK_FALSE(silent.is_absent(box / "none"));
}

TEST_CASE("a part of a file is read") {
  const Box box;
  std::ofstream(box / "f") << "hello";
  RealProbe probe;
  CHECK(*probe.read_part(box / "f", 1, 3) == "ell");
  CHECK(*probe.read_part(box / "f", 3, 100) == "lo");
  CHECK(*probe.read_part(box / "f", 99, 1) == "");
  CHECK_FALSE(probe.read_part(box.root(), 0, 1));
  CHECK_FALSE(probe.read_part("/dev/zero", 0, 1));
}

TEST_CASE("scanning ends with the entries or the time it was given") {
  const Box box;
  for (int i = 0; i < 10; ++i) std::ofstream(box / ("f" + std::to_string(i))) << "x";
  RealProbe few({256, 4, std::chrono::seconds(9)});
  CHECK(few.scan(box.root(), 100)->entries.size() == 4);
  CHECK_FALSE(few.scan(box.root(), 100));
  RealProbe late({256, 100, std::chrono::microseconds(0)});
  CHECK_FALSE(late.scan(box.root(), 100));
}
