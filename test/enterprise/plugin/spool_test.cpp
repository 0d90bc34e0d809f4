// The spool by itself, the reservation, the caps, folding, and the pauses between tries.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "enterprise/plugin/backoff.hpp"
#include "enterprise/plugin/recorder.hpp"
#include "enterprise/plugin/sent_journal.hpp"
#include "test/enterprise/plugin/world.hpp"

using namespace cmdai;
using namespace cmdai::device;

namespace {

struct Desk {
  SimulatedDisk disk{1};
  SimulatedClock clock;
  RecorderOptions options;
  std::unique_ptr<Recorder> recorder;

  explicit Desk(uint64_t cap = uint64_t{1} << 20U) {
    ChainState state;
    state.chain = wire::random_fixed<wire::ChainId>();
    state.key = wire::Key32::random();
    state.clean = true;
    REQUIRE(store_chain(disk, state));
    options.spool.cap = cap;
    options.spool.segment = cap / 16;
    open();
  }
  void open(ChainPlace below = {}) {
    recorder = std::make_unique<Recorder>(disk, clock, EventContext{}, options);
    REQUIRE(recorder->start(below));
  }
  bool line(uint64_t seq, const char* action = "allow", size_t size = 10) {
    return recorder
        ->record(
            seq,
            fmt::format(
                R"({{"type":"command.decision","time":"2026-01-31T12:00:00.123Z","action":"{}","command":"{}"}})",
                action, std::string(size, 'x')))
        .has_value();
  }
  std::vector<ReadRecord> all() {
    REQUIRE(recorder->sync());
    std::vector<ReadRecord> out;
    for (uint64_t from = 1;; from = out.back().record.seq + 1) {
      auto part = recorder->read(from, 100, 1 << 20);
      REQUIRE(part);
      if (part->empty()) return out;
      out.insert(out.end(), part->begin(), part->end());
    }
  }
};

unsigned count(const std::vector<ReadRecord>& records, std::string_view type) {
  unsigned found = 0;
  for (const ReadRecord& r : records) found += wire::read_event_head(r.record.line)->type == type ? 1 : 0;
  return found;
}

}  // namespace

TEST_CASE("an end in order leaves no gap, any other declares one, and no number or key comes twice") {
  Desk desk;
  std::set<uint64_t> numbers;
  for (uint64_t seq = 1; seq <= 40; ++seq) CHECK(desk.line(seq));
  CHECK(desk.recorder->stop());
  desk.open();
  CHECK(count(desk.all(), "chain.gap") == 0);
  CHECK(desk.line(41));
  CHECK(desk.recorder->sync());
  desk.open();  // killed
  const auto records = desk.all();
  CHECK(count(records, "chain.gap") == 1);
  for (const ReadRecord& r : records) CHECK(numbers.insert(r.record.seq).second);
  const auto gap = wire::read_gap(records.back().record.line);
  REQUIRE(gap);
  CHECK(gap->cause == "unclean-stop");
  CHECK(gap->from == 42);
  CHECK(gap->to + 1 == records.back().record.seq);
  CHECK(desk.recorder->recorded() == 41);
}

TEST_CASE("the state on the disk never holds a key that was used") {
  Desk desk;
  for (uint64_t seq = 1; seq <= 100; ++seq) {
    CHECK(desk.line(seq));
    const auto state = load_chain(desk.disk);
    REQUIRE(state);
    CHECK(state->reserved > desk.recorder->place().seq);
    CHECK(state->reserved <= desk.recorder->place().seq + kReserved);
  }
}

TEST_CASE("what has to be durable first: recorded() moves with a sync, not with a line") {
  Desk desk;
  CHECK(desk.line(1));
  CHECK(desk.recorder->recorded() == 0);
  CHECK(desk.recorder->sync());
  CHECK(desk.recorder->recorded() == 1);
}

TEST_CASE("near its cap the spool takes hashes, folds what is plain, and never a block; at the cap nothing") {
  Desk desk(uint64_t{256} << 10U);
  uint64_t seq = 0;
  while (desk.recorder->mode() == Recorder::Mode::ok) {
    CHECK(desk.line(++seq, "warn", 1000));
    REQUIRE(seq < 2000);
  }
  CHECK(desk.recorder->mode() == Recorder::Mode::digest);
  for (int i = 0; i < 20; ++i) CHECK(desk.line(++seq, "allow", 1000));
  CHECK(desk.line(++seq, "block", 1000));
  const auto records = desk.all();
  CHECK(count(records, "command.folded") == 1);
  CHECK(records.back().record.line.find("xxxx") == std::string::npos);
  CHECK(records.back().record.line.find(R"("digest":true)") != std::string::npos);
  while (desk.line(seq + 1, "warn", 1000)) REQUIRE(++seq < 4000);
  CHECK(desk.recorder->mode() == Recorder::Mode::full);
  CHECK(desk.recorder->recorded() <= seq);
  // A receipt makes room.
  const auto left = desk.all();
  CHECK(desk.recorder->forget({left.back().record.seq, left.back().hash}));
  CHECK(desk.line(seq + 1, "warn", 1000));
}

TEST_CASE("a flood of plain events is folded with their count and hash; asks and blocks are not") {
  Desk desk;
  uint64_t seq = 0;
  for (int i = 0; i < 1000; ++i) CHECK(desk.line(++seq));
  CHECK(desk.line(++seq, "block"));
  for (int i = 0; i < 50; ++i) CHECK(desk.line(++seq));
  desk.clock.pass(2000);
  const auto records = desk.all();
  CHECK(count(records, "command.folded") == 2);
  CHECK(count(records, "command.decision") < 300);
  CHECK(desk.recorder->recorded() == seq);
}

TEST_CASE("a full disk is no silent loss") {
  Desk desk;
  uint64_t seq = 0;
  for (int i = 0; i < 20; ++i) CHECK(desk.line(++seq));
  CHECK(desk.recorder->sync());
  desk.disk.set_full(true);
  while (desk.line(seq + 1)) ++seq;
  CHECK(desk.recorder->mode() == Recorder::Mode::broken);
  desk.disk.set_full(false);
  desk.clock.pass(5000);
  CHECK(desk.line(++seq));
  const auto records = desk.all();
  CHECK(count(records, "chain.gap") == 1);
  CHECK(count(records, "local.gap") == 0);
  CHECK(desk.recorder->recorded() == seq);
}

TEST_CASE("lines that are gone from the local log are named") {
  Desk desk;
  CHECK(desk.line(1));
  CHECK(desk.line(5));
  const auto records = desk.all();
  CHECK(count(records, "local.gap") == 1);
}

TEST_CASE("an event larger than events may be becomes a stub with its hash and size") {
  Desk desk;
  desk.options.spool.cap = uint64_t{8} << 20U;
  desk.open();
  std::string effects;
  for (int i = 0; i < 30; ++i) effects += fmt::format(R"({}"{}")", i == 0 ? "" : ",", std::string(9000, 'e'));
  const std::string line = fmt::format(
      R"({{"type":"command.decision","time":"2026-01-31T12:00:00.123Z","action":"block","command":"x","effects":[{}]}})",
      effects);
  CHECK(desk.recorder->record(1, line));
  const auto records = desk.all();
  CHECK(count(records, "event.oversize") == 1);
  CHECK(records.back().record.line.find(R"("action":"block")") != std::string::npos);
}

TEST_CASE("pauses double with full jitter, Retry-After counts, an hour is the most") {
  Backoff backoff;
  const Random most = [](int64_t n) { return n; };
  const Random least = [](int64_t) { return int64_t{0}; };
  CHECK(backoff.failed(most) == 1000);
  CHECK(backoff.failed(most) == 2000);
  CHECK(backoff.failed(least) == 0);
  for (int i = 0; i < 40; ++i) CHECK(backoff.failed(most) <= Backoff::kMostMs);
  CHECK(backoff.failed(most) == Backoff::kMostMs);
  backoff.worked();
  CHECK(backoff.failed(least, 30'000) == 30'000);
  CHECK(backoff.failed(most, 30'000) <= 60'000);
  CHECK(backoff.failed(most, 1'000'000'000) <= Backoff::kMostMs);
}

TEST_CASE("the journal keeps what was sent, byte for byte, and says where it was cut") {
  SimulatedDisk disk(1);
  SimulatedClock clock;
  SentJournal journal(disk, clock, 4000);
  std::string body = "a\0b\n";
  body.append("cmdai-sent-v1 7\nx");
  for (int i = 0; i < 100; ++i) {
    journal.sending({"POST", fmt::format("/v1/events?{}", i), {{"Cmdai-Nonce", "n"}}, body});
    journal.answered(i % 2 == 0 ? 200 : 0);
  }
  const auto before = read_sent(*disk.read(kSentBeforeFile, 1 << 20));
  const auto now = read_sent(*disk.read(kSentFile, 1 << 20));
  REQUIRE_FALSE(now.empty());
  CHECK(now.back().target == "/v1/events?99");
  CHECK(now.back().body == body);
  CHECK(now.back().status == 0);
  CHECK(now.front().dropped);
  CHECK(before.back().status != -1);
  CHECK(before.size() + now.size() < 100);
}
