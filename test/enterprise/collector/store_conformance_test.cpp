#include <doctest/doctest.h>

#include "test/enterprise/collector/store_conformance.hpp"

namespace cmdai::collector::test {

namespace {

const std::string kDevice(32, 'd');
const std::string kChain(32, 'c');

LedgerWrite batch_write(std::uint64_t position, std::uint64_t first, std::uint64_t last,
                        const std::string& bytes = "bytes\n") {
  LedgerWrite write;
  LedgerBatch batch;
  batch.position = position;
  batch.device = kDevice;
  batch.chain = kChain;
  batch.first = batch.fresh = first;
  batch.last = last;
  batch.count = last - first + 1;
  batch.head = std::string(64, 'a');
  batch.received = 1'000'000 + static_cast<Time>(position);
  batch.group = "all";
  batch.bytes = bytes;
  write.batch = batch;
  ChainState chain;
  chain.device = kDevice;
  chain.chain = kChain;
  chain.next = last + 1;
  chain.head = batch.head;
  chain.ratchet = std::string("\0\xff\x01", 3) + std::string(29, 'k');
  chain.updated = batch.received;
  chain.offset = -5;
  write.chain = chain;
  write.nodes.push_back({0, position - 1, std::string(32, '\x7f')});
  return write;
}

template <class T>
T must(Result<T> result) {
  if (!result) MESSAGE(result.error().text);
  REQUIRE(result.has_value());
  return std::move(*result);
}
void must(const Done& done) {
  if (!done) MESSAGE(done.error().text);
  REQUIRE(done.has_value());
}

Device some_device(const std::string& id, const std::string& pub) {
  Device device;
  device.id = id;
  device.pub = pub;
  device.groups = {"dev", "all"};
  device.host = "h";
  device.answer = "{\"answer\":1}";
  return device;
}

}  // namespace

TEST_CASE("ledger: what is committed is there, byte for byte, after a restart too") {
  const auto factory = store_factory();
  auto store = factory.fresh();
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += static_cast<char>(i * 7);
  const std::vector<LedgerWrite> writes = {batch_write(1, 1, 3, bytes), batch_write(2, 4, 4)};
  must(store->ledger().commit(writes));
  store.reset();
  store = factory.again();
  CHECK(must(store->ledger().last_position()) == 2);
  const auto all = must(store->ledger().read(0, 10, 1 << 20));
  REQUIRE(all.size() == 2);
  CHECK(all[0].bytes == bytes);
  CHECK(all[0].received == 1'000'001);
  CHECK(all[1].position == 2);
  CHECK(must(store->ledger().read(1, 10, 1 << 20)).size() == 1);
  CHECK(must(store->ledger().read(0, 10, 1)).size() == 1);
  const auto chain = must(store->ledger().chain(kDevice, kChain));
  REQUIRE(chain.has_value());
  CHECK(chain->next == 5);
  CHECK(chain->ratchet.size() == 32);
  CHECK(chain->ratchet[1] == '\xff');
  CHECK(chain->offset == -5);
  CHECK(must(store->ledger().node(0, 1)) == std::string(32, '\x7f'));
  CHECK(!must(store->ledger().node(1, 0)).has_value());
  CHECK(!must(store->ledger().at(3)).has_value());
}

TEST_CASE("ledger: a commit is all or nothing") {
  auto store = store_factory().fresh();
  must(store->ledger().commit(std::vector{batch_write(1, 1, 3)}));
  std::vector<LedgerWrite> writes = {batch_write(2, 4, 6),
                                     batch_write(3, 1, 3)};  // the second is there already
  writes[0].alarms.push_back({0, 1, "gap", "critical", kDevice, "text", true});
  const auto done = store->ledger().commit(writes);
  REQUIRE(!done.has_value());
  CHECK(done.error().problem == Problem::conflict);
  CHECK(must(store->ledger().last_position()) == 1);
  CHECK(must(store->ledger().chain(kDevice, kChain))->next == 4);
  CHECK(must(store->alarms().list({})).empty());
  must(store->ledger().commit(std::vector{batch_write(2, 4, 6)}));
}

TEST_CASE("ledger: the batches that hold a number") {
  auto store = store_factory().fresh();
  must(store->ledger().commit(std::vector{batch_write(1, 1, 3), batch_write(2, 4, 6), batch_write(3, 7, 9)}));
  const auto firsts = [&](std::uint64_t first, std::uint64_t last) {
    std::string all;
    for (const auto& batch : must(store->ledger().covering(kDevice, kChain, first, last, 10)))
      all += std::to_string(batch.fresh) + " ";
    return all;
  };
  CHECK(firsts(1, 1) == "1 ");
  CHECK(firsts(3, 4) == "1 4 ");
  CHECK(firsts(5, 100) == "4 7 ");
  CHECK(firsts(10, 11).empty());
  CHECK(must(store->ledger().covering(std::string(32, 'e'), kChain, 1, 9, 10)).empty());
}

TEST_CASE("ledger: evidence is kept apart, and is bounded") {
  auto store = store_factory().fresh();
  LedgerWrite write;
  write.apart = ApartBatch{kDevice, kChain, 4, 17, "fork", "evil"};
  std::vector<LedgerWrite> many(300, write);
  must(store->ledger().commit(many));
  const auto apart = must(store->ledger().apart(kDevice, 1000));
  CHECK(apart.size() == 200);
  CHECK(apart[0].bytes == "evil");
  CHECK(must(store->ledger().last_position()) == 0);
}

TEST_CASE("enrollment: a token's uses and the device are one thing") {
  auto store = store_factory().fresh();
  EnrollmentToken token;
  token.hash = std::string(64, 't');
  token.id = "tttt";
  token.uses = 2;
  token.expires = 1000;
  must(store->devices().add_token(token));
  const auto enroll = [&](const std::string& id, const std::string& pub, Time now) {
    return must(store->devices().enroll(token.hash, some_device(id, pub), kChain, std::string(32, 'k'), now));
  };
  CHECK(enroll("a", "pa", 10).outcome == Enrollment::enrolled);
  CHECK(enroll("b", "pa", 10).outcome == Enrollment::again);
  CHECK(enroll("b", "pa", 10).device.id == "a");
  CHECK(enroll("b", "pa", 10).device.answer == "{\"answer\":1}");
  CHECK(must(store->devices().token(token.hash))->used == 1);
  CHECK(enroll("c", "pc", 1000).outcome == Enrollment::unknown);  // too late for a new one
  CHECK(enroll("b", "pa", 1000).outcome == Enrollment::again);
  CHECK(enroll("d", "pd", 10).outcome == Enrollment::enrolled);
  CHECK(enroll("e", "pe", 10).outcome == Enrollment::used_up);
  CHECK(must(store->devices().devices("", 10)).size() == 2);
  CHECK(must(store->ledger().chain("a", kChain))->next == 1);
  CHECK(must(store->devices().device("a"))->groups == std::vector<std::string>{"dev", "all"});
  CHECK(must(store->devices().enroll("unknown", some_device("f", "pf"), kChain, "k", 10)).outcome ==
        Enrollment::unknown);
  must(store->devices().revoke_token("tttt", 5));
  CHECK(store->devices().revoke_token("tttt", 5).error().problem == Problem::not_found);
}

TEST_CASE("devices: keys change one after the other, revoked is revoked") {
  auto store = store_factory().fresh();
  EnrollmentToken token;
  token.hash = std::string(64, 't');
  token.expires = 1000;
  must(store->devices().add_token(token));
  must(store->devices().enroll(token.hash, some_device("a", "p1"), kChain, std::string(32, 'k'), 10));
  Device changed = must(store->devices().device("a")).value();
  changed.previous_pub = changed.pub;
  changed.pub = "p2";
  changed.epoch = 2;
  must(store->devices().rekey(changed));
  CHECK(store->devices().rekey(changed).error().problem == Problem::conflict);
  CHECK(must(store->devices().device("a"))->previous_pub == "p1");
  must(store->devices().retire_previous("a"));
  CHECK(must(store->devices().device("a"))->previous_pub == "!p1");
  must(store->devices().retire_previous("a"));
  CHECK(must(store->devices().device("a"))->previous_pub == "!p1");
  must(store->devices().heartbeats(std::vector{Presence{"a", 77, "0.2.0", "{\"x\":1}"}}));
  CHECK(must(store->devices().device("a"))->seen == 77);
  CHECK(must(store->devices().device("a"))->version == "0.2.0");
  CHECK(must(store->devices().next_command("a")) == 1);
  CHECK(must(store->devices().next_command("a")) == 2);
  CHECK(must(store->devices().revoked()).empty());
  must(store->devices().revoke("a", 99));
  CHECK(must(store->devices().revoked()) == std::vector<std::string>{"a"});
  CHECK(store->devices().revoke("a", 99).error().problem == Problem::not_found);
  CHECK(!must(store->devices().device("zz")).has_value());
}

TEST_CASE("alarms: newest first, by kind and device, closed") {
  auto store = store_factory().fresh();
  for (const char* kind : {"gap", "fork", "gap"})
    must(store->alarms().add({0, 5, kind, "critical", kDevice, kind, true}));
  const auto all = must(store->alarms().list({}));
  REQUIRE(all.size() == 3);
  CHECK(all[0].id > all[1].id);
  AlarmFilter filter;
  filter.kind = "gap";
  CHECK(must(store->alarms().list(filter)).size() == 2);
  filter.before = all[0].id;
  CHECK(must(store->alarms().list(filter)).size() == 1);
  must(store->alarms().close(all[0].id));
  AlarmFilter open;
  open.open = true;
  CHECK(must(store->alarms().list(open)).size() == 2);
  CHECK(store->alarms().close(12345).error().problem == Problem::not_found);
}

TEST_CASE("API tokens and what was done with them") {
  auto store = store_factory().fresh();
  must(store->access().add_api_token({"id", "hash", "me", {"owner", "auditor"}, 1, 0, 0}));
  CHECK(must(store->access().api_token("hash"))->roles == std::vector<std::string>{"owner", "auditor"});
  CHECK(!must(store->access().api_token("other")).has_value());
  must(store->access().revoke_api_token("id", 9));
  CHECK(must(store->access().api_tokens())[0].revoked == 9);
  for (int i = 0; i < 3; ++i) must(store->access().record({0, i, "id", "me", "GET", "/x", 200, "::1"}));
  const auto acts = must(store->access().acts(0, 2));
  REQUIRE(acts.size() == 2);
  CHECK(acts[0].time == 2);
  CHECK(must(store->access().acts(acts[1].id, 10)).size() == 1);
}

TEST_CASE("documents: a version has one content") {
  auto store = store_factory().fresh();
  must(store->documents().put({"policy", 1, 5, "one"}));
  must(store->documents().put({"policy", 1, 6, "one"}));
  CHECK(store->documents().put({"policy", 1, 6, "other"}).error().problem == Problem::conflict);
  must(store->documents().put({"policy", 2, 6, std::string("t\0wo", 4)}));
  CHECK(must(store->documents().latest("policy"))->envelope == std::string("t\0wo", 4));
  CHECK(must(store->documents().document("policy", 1))->stored == 5);
  CHECK(must(store->documents().versions("policy")).size() == 2);
  CHECK(!must(store->documents().latest("root")).has_value());
  must(store->documents().add_checkpoint({4, 1, "a"}));
  must(store->documents().add_checkpoint({9, 2, "b"}));
  CHECK(must(store->documents().last_checkpoint())->note == "b");
  CHECK(must(store->documents().cursor("s")) == 0);
  must(store->documents().move_cursor("s", 7));
  CHECK(must(store->documents().cursor("s")) == 7);
}

TEST_CASE("inspection finds nothing in what was written, and a copy holds it all") {
  const auto factory = store_factory();
  auto store = factory.fresh();
  must(store->ledger().commit(std::vector{batch_write(1, 1, 3)}));
  must(store->maintain());
  CHECK(must(store->inspect()).empty());
  CHECK(store->bytes() > 0);
}

}  // namespace cmdai::collector::test
