// Every line once and in order, whatever happens to the files meanwhile.
#include "daemon/host/log_reader.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "daemon/host/event_log.hpp"
#include "test/unit/ipc/box.hpp"

using namespace cmdai;
using namespace cmdai::host;
using cmdai::test::Box;

namespace {

void append(EventLog& log, int count, size_t padding = 0) {
  for (int i = 0; i < count; ++i) {
    audit::Event e;
    e.action = "allow";
    e.command = "echo " + std::string(padding, 'x');
    REQUIRE(log.append(e));
  }
}

std::string seqs(const std::vector<LogReader::Line>& lines) {
  std::string out;
  for (const auto& line : lines) out += std::to_string(line.seq) + ' ';
  return out;
}

}  // namespace

TEST_CASE("the number of a line") {
  CHECK(seq_of(R"({"v":1,"seq":17,"time":"x"})") == 17);
  CHECK(seq_of(R"({"seq":5,"v":1,"prev":"x"})") == 5);
  CHECK(seq_of(R"({"v":1,"seq":17)") == 0);
  CHECK(seq_of(R"({"v":1,"seq":-3,"prev":"x"})") == 0);
  CHECK(seq_of("") == 0);
}

TEST_CASE("lines come once, as many as are asked for, and new ones later") {
  const Box box;
  EventLog log(box / "events.jsonl");
  LogReader reader(log.path(), 0);
  CHECK(reader.next(10, 1 << 20).empty());
  append(log, 5);
  CHECK(seqs(reader.next(2, 1 << 20)) == "1 2 ");
  CHECK(seqs(reader.next(10, 1)) == "3 ");
  CHECK(seqs(reader.next(10, 1 << 20)) == "4 5 ");
  CHECK(reader.next(10, 1 << 20).empty());
  append(log, 1);
  const auto line = reader.next(10, 1 << 20);
  REQUIRE(line.size() == 1);
  CHECK(line[0].text == log.last_line());
  reader.restart(3);
  CHECK(seqs(reader.next(10, 1 << 20)) == "4 5 6 ");
}

TEST_CASE("rotation loses nothing, wherever the reader stands") {
  for (int pace = 1; pace < 40; pace += 3) {
    const Box box;
    EventLog log(box / "events.jsonl", {4000, 8});
    LogReader reader(log.path(), 0);
    uint64_t expected = 1;
    for (int i = 0; i < 60; ++i) {
      append(log, 1, 120);
      if (i % pace != 0) continue;
      for (const auto& line : reader.next(1000, 1 << 20)) CHECK(line.seq == expected++);
    }
    for (const auto& line : reader.next(1000, 1 << 20)) CHECK(line.seq == expected++);
    CAPTURE(pace);
    CHECK(expected == 61);
  }
}

TEST_CASE("what was rotated away before it was read is a gap, and the rest comes") {
  const Box box;
  EventLog log(box / "events.jsonl", {2000, 3});
  append(log, 60, 120);
  LogReader reader(log.path(), 0);
  const auto lines = reader.next(1000, 1 << 20);
  REQUIRE(!lines.empty());
  CHECK(lines.front().seq > 1);
  CHECK(lines.back().seq == 60);
  for (size_t i = 1; i < lines.size(); ++i) CHECK(lines[i].seq == lines[i - 1].seq + 1);
}

TEST_CASE("a line that is only begun is read when it is whole") {
  const Box box;
  const std::string path = box / "events.jsonl";
  std::ofstream(path) << R"({"v":1,"seq":1,"prev":"a"})" << '\n' << R"({"v":1,"seq":2,)";
  LogReader reader(path, 0);
  CHECK(seqs(reader.next(10, 1 << 20)) == "1 ");
  REQUIRE(truncate(path.c_str(), 27) == 0);  // what a crash left is cut off
  std::ofstream(path, std::ios::app) << R"({"v":1,"seq":2,"prev":"b"})" << '\n';
  CHECK(seqs(reader.next(10, 1 << 20)) == "2 ");
}

TEST_CASE("a line longer than a piece") {
  const Box box;
  EventLog log(box / "events.jsonl");
  append(log, 3, 200'000);
  LogReader reader(log.path(), 1);
  const auto lines = reader.next(10, 1 << 20);
  REQUIRE(seqs(lines) == "2 3 ");
  CHECK(lines[1].text == log.last_line());
}
