#include "enterprise/protocol/event_line.hpp"

#include <doctest/doctest.h>

#include "enterprise/protocol/ratchet.hpp"
#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;

namespace {

std::string sample_line(uint64_t seq = 7) {
  std::string line;
  write_event_head(line, {seq, filled<Digest>(1), filled<ChainId>(2), "command.decision"});
  return line + R"("time_ms":1})";
}

std::string judge_line(const std::string& line) {
  const auto head = read_event_head(line);
  return head ? "read" : std::string(word(head.error().reason));
}

}  // namespace

TEST_CASE("the head of an event by its bytes") {
  const auto line = sample_line();
  CHECK(line.starts_with(R"({"v":1,"seq":7,"prev":"0101)"));
  const auto head = read_event_head(line);
  REQUIRE(head);
  CHECK(head->seq == 7);
  CHECK(head->prev == filled<Digest>(1));
  CHECK(head->chain == filled<ChainId>(2));
  CHECK(head->type == "command.decision");
  CHECK(read_event_head(sample_line(kMaxNumber))->seq == kMaxNumber);
}

TEST_CASE("what does not begin or end as an event") {
  const auto good = sample_line();
  const auto replaced = [&](std::string_view what, std::string_view by) {
    auto text = good;
    return text.replace(text.find(what), what.size(), by);
  };
  CHECK(judge_line("") == "malformed");
  CHECK(judge_line("{}") == "malformed");
  CHECK(judge_line(" " + good) == "malformed");
  CHECK(judge_line(good + " ") == "malformed");
  CHECK(judge_line(good.substr(0, good.size() - 1)) == "malformed");
  CHECK(judge_line(replaced("\"v\":1", "\"v\":2")) == "malformed");
  CHECK(judge_line(replaced("\"seq\":7", "\"seq\":07")) == "malformed");
  CHECK(judge_line(replaced("\"seq\":7", "\"seq\":0")) == "malformed");
  CHECK(judge_line(replaced("\"seq\":7", "\"seq\":-7")) == "malformed");
  CHECK(judge_line(replaced("\"seq\":7", "\"seq\": 7")) == "malformed");
  CHECK(judge_line(replaced("\"seq\":7", "\"seq\":9007199254740992")) == "malformed");
  CHECK(judge_line(replaced("\"seq\":7", "\"seq\":99999999999999999999")) == "malformed");
  CHECK(judge_line(replaced("\"prev\"", "\"head\"")) == "malformed");
  CHECK(judge_line(replaced("0101", "0A01")) == "malformed");
  CHECK(judge_line(replaced("command.decision", "")) == "malformed");
  CHECK(judge_line(replaced("command.decision", "Command")) == "malformed");
  CHECK(judge_line(replaced("command.decision", std::string(65, 'a'))) == "malformed");
  CHECK(judge_line(replaced("\"time_ms\":1}", "}")) == "malformed");
  CHECK(judge_line(replaced("\"time_ms\":1}", "\"x\":\n1}")) == "malformed");
  CHECK(judge_line(replaced("\"time_ms\":1}", "\"x\":\"" + std::string(kMaxEvent, 'x') + "\"}")) ==
        "too-long");
  for (size_t i = 0; i < good.size(); ++i) CHECK(judge_line(good.substr(0, i)) == "malformed");
}

TEST_CASE("a gap") {
  const Gap gap{5, 16, "unclean-stop", filled<BootId>(3)};
  std::string line;
  write_event_head(line, {17, {}, {}, kGapType});
  line += write_gap(gap) + "}";
  const auto read = read_gap(line);
  REQUIRE(read);
  CHECK(read->from == 5);
  CHECK(read->to == 16);
  CHECK(read->cause == "unclean-stop");
  CHECK(read->boot_id == gap.boot_id);
  CHECK_FALSE(read_gap(sample_line()));
  CHECK_FALSE(
      read_gap(R"({"gap":{"from":5,"to":4,"cause":"x","boot_id":"03030303030303030303030303030303"}})"));
  CHECK_FALSE(read_gap(
      R"({"gap":{"from":5,"from":1,"to":6,"cause":"x","boot_id":"03030303030303030303030303030303"}})"));
}

TEST_CASE("the ratchet only goes forward") {
  Ratchet ratchet(key_of(1), 1);
  const Key32 first = ratchet.key().clone();
  const auto h = filled<Digest>(9);
  const Mac mac1 = ratchet.mac(h);
  ratchet.step();
  CHECK(ratchet.seq() == 2);
  CHECK_FALSE(ratchet.key().equals(first));
  CHECK(ratchet.mac(h) != mac1);
  CHECK_FALSE(ratchet.skip_to(1));
  CHECK(ratchet.seq() == 2);
  CHECK(ratchet.skip_to(2));
  CHECK_FALSE(ratchet.skip_to(2 + kMaxSkip + 1));

  Ratchet far(key_of(1), 1);
  CHECK(far.skip_to(100));
  Ratchet stepped(key_of(1), 1);
  while (stepped.seq() < 100) stepped.step();
  CHECK(far.key().equals(stepped.key()));
  const Ratchet copy = far.clone();
  far.step();
  CHECK(copy.key().equals(stepped.key()));
}

TEST_CASE("who has the key of event i makes none of the MACs before it") {
  Ratchet ratchet(key_of(1), 1);
  std::vector<Mac> before;
  const auto h = filled<Digest>(9);
  for (int i = 0; i < 200; ++i) {
    before.push_back(ratchet.mac(h));
    ratchet.step();
  }
  // All that can be made from the stolen key goes forward.
  for (int i = 0; i < 400; ++i) {
    CHECK(std::find(before.begin(), before.end(), ratchet.mac(h)) == before.end());
    ratchet.step();
  }
}
