// The record: what is appended verifies, what is damaged is named, and nothing that goes wrong loses more
// than it must.
#include "daemon/host/event_log.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "daemon/host/files.hpp"
#include "test/unit/ipc/box.hpp"

using namespace cmdai;
using namespace cmdai::host;
using cmdai::test::Box;
namespace fs = std::filesystem;

namespace {

audit::Event event(const std::string& command) {
  audit::Event e;
  e.time_ms = 1'700'000'000'000;
  e.action = "allow";
  e.command = command;
  return e;
}

void fill(EventLog& log, int count, size_t padding = 0) {
  for (int i = 0; i < count; ++i)
    REQUIRE(log.append(event("echo " + std::to_string(i) + std::string(padding, 'x'))));
}

std::vector<std::string> lines(const std::string& file) {
  std::vector<std::string> out;
  for_each_line(file, [&](std::string_view line) { out.emplace_back(line); });
  return out;
}

void write_lines(const std::string& file, const std::vector<std::string>& all) {
  std::ofstream out(file, std::ios::trunc);
  for (const std::string& line : all) out << line << '\n';
}

/// `file:line: message` of each problem, without the directory.
std::vector<std::string> problems(const std::string& path, uint32_t files = LogLimits{}.files) {
  std::vector<std::string> out;
  for (const LogProblem& p : verify_log(path, files).problems)
    out.push_back(fs::path(p.file).filename().string() + ":" + std::to_string(p.line) + ": " + p.message);
  return out;
}

using Said = std::vector<std::string>;

/// As another process keeps it: until flock(LOCK_UN), or as long as the descriptor lives.
Descriptor locked(const std::string& file) {
  const int fd = open(file.c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(flock(fd, LOCK_EX) == 0);
  return Descriptor(fd);
}

}  // namespace

TEST_CASE("what is appended verifies, is private, and goes on where it ended") {
  const Box box;
  const std::string path = box / "state/cmdai/events.jsonl";
  CHECK(verify_log(path).events == 0);
  CHECK(problems(path).empty());
  for (int round = 0; round < 3; ++round) {
    EventLog log(path);
    fill(log, 5);
    CHECK(log.error().empty());
    CHECK(lines(path).back() == log.last_line());
  }
  CHECK(verify_log(path).events == 15);
  CHECK(problems(path).empty());
  for (const std::string& file : {path, box / "state/cmdai/events.head"}) {
    struct stat info {};
    REQUIRE(stat(file.c_str(), &info) == 0);
    CHECK((info.st_mode & 07777U) == 0600);
  }
}

TEST_CASE(
    "a line is in the file before the head follows; one is ahead at most, and a daemon killed there goes "
    "on") {
  const Box box;
  const std::string path = box / "a/events.jsonl";
  EventLog log(path);
  const auto head = [&] { return lines(box / "a/events.head").at(0).substr(0, 2); };
  fill(log, 1);
  REQUIRE(log.write(event("echo one")));
  CHECK(lines(path).size() == 2);
  CHECK(head() == "1 ");
  REQUIRE(log.write(event("echo two")));
  CHECK(lines(path).size() == 3);
  CHECK(head() == "2 ");
  fs::copy(box / "a", box / "killed");
  log.settle();
  CHECK(head() == "3 ");
  CHECK(problems(path).empty());
  EventLog later(box / "killed/events.jsonl");
  CHECK(problems(later.path()).empty());
  fill(later, 2);
  CHECK(lines(later.path()).size() == 5);
  CHECK(problems(later.path()).empty());
  // Another writer is not kept out by what was settled.
  EventLog other(path);
  fill(other, 1);
  fill(log, 1);
  CHECK(problems(path).empty());
}

TEST_CASE("rotation keeps the chain over all files, and lets the oldest go") {
  const Box box;
  const std::string path = box / "events.jsonl";
  {
    EventLog log(path, {2000, 3});
    fill(log, 60);
  }
  CHECK(fs::exists(box / "events.1.jsonl"));
  CHECK(fs::exists(box / "events.2.jsonl"));
  CHECK_FALSE(fs::exists(box / "events.3.jsonl"));
  CHECK(problems(path, 3).empty());
  const uint64_t kept = verify_log(path, 3).events;
  CHECK(kept > 10);
  CHECK(kept < 60);
  EventLog again(path, {2000, 3});
  fill(again, 20);
  CHECK(problems(path, 3).empty());

  SUBCASE("a whole file taken out of the middle") {
    fs::remove(box / "events.1.jsonl");
    REQUIRE(problems(path, 3).size() == 1);
    CHECK(problems(path, 3)[0].find("are missing") != std::string::npos);
  }
  SUBCASE("the oldest file taken out") {
    fs::remove(box / "events.2.jsonl");
    CHECK(problems(path, 3).size() == 1);
  }
  SUBCASE("the newest file taken out") {
    fs::remove(path);
    REQUIRE(problems(path, 3).size() == 1);
    CHECK(problems(path, 3)[0].find("missing at the end") != std::string::npos);
  }
  SUBCASE("two files exchanged") {
    fs::rename(path, box / "t");
    fs::rename(box / "events.1.jsonl", path);
    fs::rename(box / "t", box / "events.1.jsonl");
    CHECK(problems(path, 3).size() >= 2);
  }
}

TEST_CASE("every damage is named with its file and line") {
  const Box box;
  const std::string path = box / "events.jsonl";
  {
    EventLog log(path);
    fill(log, 8);
  }
  auto all = lines(path);
  SUBCASE("changed") {
    all[3].replace(all[3].find("echo 3"), 6, "echo X");
    write_lines(path, all);
    CHECK(problems(path) == Said{"events.jsonl:4: event 4 was changed after it was written"});
  }
  SUBCASE("the last one changed") {
    all[7].replace(all[7].find("echo 7"), 6, "echo X");
    write_lines(path, all);
    CHECK(problems(path) == Said{"events.jsonl:8: event 8 was changed after it was written"});
  }
  SUBCASE("missing") {
    all.erase(all.begin() + 2, all.begin() + 4);
    write_lines(path, all);
    CHECK(problems(path) == Said{"events.jsonl:3: events 3-4 are missing"});
  }
  SUBCASE("cut off at the end") {
    all.resize(6);
    write_lines(path, all);
    CHECK(problems(path) == Said{"events.jsonl:0: events 7-8 are missing at the end"});
  }
  SUBCASE("everything gone") {
    fs::remove(path);
    CHECK(problems(path) == Said{"events.jsonl:0: events 1-8 are missing at the end"});
  }
  SUBCASE("the head gone") {
    fs::remove(box / "events.head");
    REQUIRE(problems(path).size() == 1);
    CHECK(problems(path)[0].find("events.head:0: the head file is missing") == 0);
  }
  SUBCASE("reordered") {
    std::swap(all[4], all[5]);
    write_lines(path, all);
    CHECK(problems(path).size() >= 2);
    CHECK(problems(path)[0] == "events.jsonl:5: event 5 is missing");
  }
  SUBCASE("something of somebody else's put in") {
    all.insert(all.begin() + 1, "hello");
    write_lines(path, all);
    CHECK(problems(path)[0] == "events.jsonl:2: this is no event line");
  }
  SUBCASE("the torn line of a power cut") {
    std::ofstream(path, std::ios::app) << all[7].substr(0, 30);
    CHECK(problems(path) == Said{"events.jsonl:9: the last line is not whole"});
    EventLog log(path);  // the next daemon cuts it off
    fill(log, 1);
    CHECK(problems(path).empty());
    CHECK(lines(path).size() == 9);
  }
  SUBCASE("a gap stays one when the daemon goes on") {
    all.resize(6);
    write_lines(path, all);
    EventLog log(path);
    fill(log, 2);
    CHECK(problems(path) == Said{"events.jsonl:7: events 7-8 are missing"});
  }
}

TEST_CASE("a daemon killed between a line and the head is no tampering") {
  const Box box;
  const std::string path = box / "events.jsonl";
  std::string before;
  {
    EventLog log(path);
    fill(log, 3);
    before = *read_file(box / "events.head");
    fill(log, 1);
  }
  std::ofstream(box / "events.head", std::ios::trunc) << before;
  CHECK(problems(path).empty());
  {
    EventLog log(path);
    fill(log, 3);
  }
  CHECK(problems(path).empty());
  std::ofstream(box / "events.head", std::ios::trunc) << before;
  CHECK(problems(path) == Said{"events.jsonl:0: events 4-7 were not written by the daemon"});
}

TEST_CASE("two daemons of one user write one chain") {
  const Box box;
  const std::string path = box / "events.jsonl";
  EventLog a(path, {4000, 4});
  EventLog b(path, {4000, 4});
  for (int i = 0; i < 30; ++i) {
    fill(a, 1);
    fill(b, 2);
  }
  CHECK(problems(path, 4).empty());
}

TEST_CASE("writers and a verifier at once do not see each other's halves") {
  const Box box;
  const std::string path = box / "events.jsonl";
  const auto write = [&] {
    EventLog log(path, {20000, 8, std::chrono::minutes(1)});
    for (int i = 0; i < 200; ++i) (void)log.append(event("echo"));
  };
  std::thread first(write);
  std::thread second(write);
  size_t wrong = 0;
  for (int i = 0; i < 20; ++i) wrong += problems(path).size();
  first.join();
  second.join();
  CHECK(wrong == 0);
  CHECK(problems(path).empty());
}

TEST_CASE(
    "whoever comes while another one writes waits for its turn, however long that one is off the processor") {
  const Box box;
  const std::string path = box / "events.jsonl";
  EventLog log(path, {.lock_wait = std::chrono::minutes(5)});
  fill(log, 1);
  const Descriptor other = locked(box / "events.head");
  std::thread waits([&] { fill(log, 1); });
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  CHECK(lines(path).size() == 1);
  flock(other.get(), LOCK_UN);
  waits.join();
  CHECK(log.error().empty());
  CHECK(problems(path).empty());
}

TEST_CASE("a lock that is never given back ends neither the record nor holds up every line") {
  const Box box;
  const std::string path = box / "events.jsonl";
  EventLog log(path, {.lock_wait = std::chrono::seconds(2)});
  fill(log, 1);
  const Descriptor other = locked(box / "events.head");
  fill(log, 1);
  CHECK(log.error().find("cannot be locked: events are written without the lock") != std::string::npos);
  const auto begin = std::chrono::steady_clock::now();
  fill(log, 50);  // a hundred seconds, if each waited as long as the first did
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
  flock(other.get(), LOCK_UN);
  fill(log, 1);
  CHECK(log.error().empty());
  CHECK(problems(path).empty());
}

TEST_CASE("a file that was moved away under the daemon is made again") {
  const Box box;
  const std::string path = box / "events.jsonl";
  EventLog log(path);
  fill(log, 3);
  fs::rename(path, box / "moved");
  fill(log, 2);
  CHECK(lines(path).size() == 2);
  CHECK(problems(path) == Said{"events.jsonl:1: events 1-3 are missing"});
  fs::remove(box / "events.head");
  fill(log, 2);
  CHECK(problems(path) == Said{"events.jsonl:1: events 1-3 are missing"});
}

TEST_CASE("a full disk costs the event, not the chain, and is told") {
  const Box box;
  const std::string path = box / "events.jsonl";
  EventLog log(path);
  fill(log, 3);
  // A limit on the size of files stands in for the disk: write(2) then writes the first half only.
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit small{fs::file_size(path) + 20, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto refused = log.append(event("lost"));
  const bool again = log.append(event("lost, too")).has_value();
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  REQUIRE_FALSE(refused);
  CHECK_FALSE(again);
  CHECK(refused.error().message.find("the event cannot be written") == 0);
  CHECK(log.lost() == 2);
  CHECK(!log.error().empty());
  CHECK(lines(path).size() == 3);
  fill(log, 2);
  CHECK(log.error().empty());
  CHECK(log.lost() == 2);
  CHECK(problems(path).empty());
}

TEST_CASE("a place that cannot be written is told, each time, with its path") {
  const Box box;
  std::ofstream(box / "file") << "x";
  EventLog log(box / "file/cmdai/events.jsonl");
  for (uint64_t i = 1; i <= 3; ++i) {
    const auto refused = log.append(event("x"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().render().find(box / "file") == 0);
    CHECK(log.lost() == i);
  }
}

TEST_CASE("the record is no symbolic link to somewhere else") {
  const Box box;
  std::ofstream(box / "precious") << "x";
  fs::create_symlink(box / "precious", box / "events.jsonl");
  EventLog log(box / "events.jsonl");
  CHECK_FALSE(log.append(event("x")));
  CHECK(*read_file(box / "precious") == "x");
}

TEST_CASE("what another thread is to put on the disk") {
  const Box box;
  EventLog log(box / "events.jsonl", {2000, 3});
  CHECK(log.take_unsynced().empty());
  fill(log, 1);
  CHECK(log.take_unsynced().size() == 1);
  CHECK(log.take_unsynced().empty());
  fill(log, 20);  // rotated once at least: the files before belong to it
  const auto files = log.take_unsynced();
  CHECK(files.size() >= 2);
  for (const auto& one : files) one->put_on_disk();
  fill(log, 200);  // nobody comes for them: no more are kept than there are files
  CHECK(log.take_unsynced().size() <= 4);
  CHECK(problems(box / "events.jsonl", 3).empty());
}

TEST_CASE("a log that cannot rotate grows on and says so") {
  const Box box;
  const std::string path = box / "events.jsonl";
  fs::create_directories(box / "events.1.jsonl/x");  // rename(2) onto a full directory fails
  EventLog log(path, {1000, 2});
  fill(log, 20);
  CHECK(log.error().find("cannot be rotated") != std::string::npos);
  CHECK(log.lost() == 0);
  CHECK(lines(path).size() == 20);
}

TEST_CASE("lines that reach over many blocks are found again") {
  const Box box;
  const std::string path = box / "events.jsonl";
  for (int i = 0; i < 3; ++i) {
    EventLog log(path);
    fill(log, 2, 150'000);
  }
  CHECK(problems(path).empty());
  CHECK(verify_log(path).events == 6);
}
