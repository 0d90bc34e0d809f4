#include <doctest/doctest.h>

#include <set>

#include "test/enterprise/collector/store_conformance.hpp"

namespace cmdai::collector::test {

namespace {

constexpr Time kNoon = 20'000 * kDay + 12 * kHour;

IndexRow row(std::uint64_t position, std::uint64_t seq, const std::string& text, Time received = kNoon) {
  IndexRow made;
  made.position = position;
  made.seq = seq;
  made.received = made.time = received;
  made.device = "dev" + std::to_string(seq % 3);
  made.chain = "chain";
  made.group = "all";
  made.type = "command.decision";
  made.action = seq % 4 == 0 ? "block" : "allow";
  made.rule = seq % 4 == 0 ? "fs.delete-home" : "";
  made.actor = seq % 2 == 0 ? "agent" : "human";
  made.agent = seq % 2 == 0 ? "codex" : "";
  made.user = "u";
  made.host = "h";
  made.uid = "uid-" + std::to_string(seq);
  made.text = text;
  return made;
}

std::string seqs(const EventPage& page) {
  std::string all;
  for (const IndexRow& found : page.rows) all += std::to_string(found.seq) + " ";
  return all;
}

std::string search(Index& index, const EventQuery& query) {
  const auto page = index.search(query);
  REQUIRE(page.has_value());
  return seqs(*page);
}

std::string search_text(Index& index, const std::string& text) {
  EventQuery query;
  query.text = text;
  return search(index, query);
}

}  // namespace

TEST_CASE("index: words, phrases, prefixes; nothing typed is syntax") {
  auto store = store_factory().fresh();
  Index& index = store->index();
  const std::vector rows = {row(1, 1, "rm -rf /home/u"), row(1, 2, "rf then rm"),
                            row(1, 3, "kubectl delete pod x"), row(1, 4, "git push --force")};
  REQUIRE(index.put(rows, 1).has_value());
  CHECK(search_text(index, "rm rf") == "2 1 ");
  CHECK(search_text(index, "\"rm -rf\"") == "1 ");
  CHECK(search_text(index, "rm -rf") == "2 1 ");
  CHECK(search_text(index, "kube*") == "3 ");
  CHECK(search_text(index, "KUBECTL") == "3 ");
  CHECK(search_text(index, "absent").empty());
  CHECK(search_text(index, "") == "4 3 2 1 ");
  for (const char* odd : {"\"", "*", "a AND", "NEAR(", "text:rm", "-", "')--", "\"rm", "^rm", "OR"}) {
    CAPTURE(odd);
    EventQuery query;
    query.text = odd;
    CHECK(index.search(query).has_value());
  }
}

TEST_CASE("index: what is asked for, alone and together") {
  auto store = store_factory().fresh();
  Index& index = store->index();
  std::vector<IndexRow> rows;
  for (std::uint64_t seq = 1; seq <= 12; ++seq)
    rows.push_back(row(1, seq, "ls " + std::to_string(seq), kNoon + static_cast<Time>(seq)));
  REQUIRE(index.put(rows, 1).has_value());
  EventQuery query;
  query.device = "dev1";
  CHECK(search(index, query) == "10 7 4 1 ");
  query.action = "block";
  CHECK(search(index, query) == "4 ");
  query.text = "ls";
  CHECK(search(index, query) == "4 ");
  query = {};
  query.stopped = true;
  CHECK(search(index, query) == "12 8 4 ");
  query = {};
  query.agent = "codex";
  query.from = kNoon + 6;
  query.to = kNoon + 10;
  CHECK(search(index, query) == "8 6 ");
  query = {};
  query.rule = "fs.delete-home";
  CHECK(search(index, query) == "12 8 4 ");
  query.rule = "no.such";
  CHECK(search(index, query).empty());
  query = {};
  query.actor = "human";
  query.limit = 2;
  CHECK(search(index, query) == "11 9 ");
  query.cursor = "nonsense";
  CHECK(index.search(query).error().problem == Problem::invalid);
}

TEST_CASE("index: pages hold every row once, over days, while rows are added") {
  auto store = store_factory().fresh();
  Index& index = store->index();
  std::uint64_t seq = 0;
  for (int day = 0; day < 3; ++day) {
    std::vector<IndexRow> rows;
    for (int i = 0; i < 25; ++i) {
      ++seq;
      rows.push_back(row(seq, seq, "echo x", kNoon + day * kDay));
    }
    REQUIRE(index.put(rows, seq).has_value());
  }
  for (const char* text : {"", "echo"}) {
    CAPTURE(text);
    EventQuery query;
    query.text = text;
    query.limit = 7;
    std::vector<std::uint64_t> seen;
    const std::uint64_t newest = seq;
    do {
      const auto page = index.search(query);
      REQUIRE(page.has_value());
      for (const IndexRow& found : page->rows) seen.push_back(found.seq);
      query.cursor = page->cursor;
      ++seq;
      REQUIRE(index.put(std::vector{row(seq, seq, "echo x", kNoon + 2 * kDay)}, seq).has_value());
    } while (!query.cursor.empty());
    REQUIRE(seen.size() == newest);
    for (std::uint64_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == newest - i);
  }
}

TEST_CASE("index: the same batches put again change nothing; counts are by minute") {
  const auto factory = store_factory();
  auto store = factory.fresh();
  const std::vector rows = {row(1, 1, "a"), row(1, 2, "b"), row(2, 4, "c", kNoon + kDay)};
  REQUIRE(store->index().put(rows, 2).has_value());
  store.reset();
  store = factory.again();
  Index& index = store->index();
  CHECK(index.position().value() == 2);
  REQUIRE(index.put(rows, 2).has_value());
  CHECK(search(index, {}) == "4 2 1 ");
  const auto counts = index.rollup(kNoon - kMinute, kNoon + 2 * kDay);
  REQUIRE(counts.has_value());
  std::uint64_t sum = 0;
  for (const RollupRow& count : *counts) sum += count.count;
  CHECK(sum == 3);
  CHECK(index.rollup(kNoon + kMinute, kNoon + kHour)->empty());
  CHECK(index.forget_before(kNoon + kDay).value() == 1);
  CHECK(search(index, {}) == "4 ");
  REQUIRE(index.clear().has_value());
  CHECK(index.position().value() == 0);
  CHECK(search(index, {}).empty());
  REQUIRE(index.put(rows, 2).has_value());
  CHECK(search(index, {}) == "4 2 1 ");
}

}  // namespace cmdai::collector::test
