#include "enterprise/protocol/batch_check.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>

#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;

namespace {

/// A collector's memory of one chain.
struct Store {
  explicit Store(const Device& device) : owner(device.owner()), state(device.fresh_state()) {}

  BatchFinding find(const std::string& text) const {
    const auto batch = read_batch(text);
    if (!batch) return Broken{0, batch.error()};
    return check_batch(*batch, owner, state, [this](uint64_t seq) -> std::optional<Digest> {
      const auto it = hashes.find(seq);
      return it == hashes.end() ? std::nullopt : std::optional(it->second);
    });
  }
  /// The finding in a word, and what was to be stored is.
  std::string take(const std::string& text) {
    BatchFinding finding = find(text);
    std::string said = describe(finding);
    if (auto* stored = std::get_if<Stored>(&finding)) {
      for (const CheckedEvent& event : stored->events) hashes[event.seq] = event.hash;
      state = std::move(stored->state);
    }
    return said;
  }

  static std::string describe(const BatchFinding& finding) {
    if (const auto* stored = std::get_if<Stored>(&finding)) return describe(*stored);
    if (std::holds_alternative<Duplicate>(finding)) return "duplicate";
    if (const auto* resume = std::get_if<Resume>(&finding)) return fmt::format("resume {}", resume->next);
    if (const auto* fork = std::get_if<Fork>(&finding)) return fmt::format("fork {}", fork->seq);
    const auto& broken = std::get<Broken>(finding);
    return fmt::format("{} {}", word(broken.refusal.reason), broken.seq);
  }
  static std::string describe(const Stored& stored) {
    std::string out = fmt::format("stored {}-{}", stored.events.front().seq, stored.state.next - 1);
    for (const auto& [gap, same_boot] : stored.declared)
      out += fmt::format(" gap {}-{}{}", gap.from, gap.to, same_boot ? " same boot" : "");
    if (stored.lost) out += fmt::format(" lost {}-{}", stored.lost->first, stored.lost->second);
    return out;
  }

  BatchOwner owner;
  ChainState state;
  std::map<uint64_t, Digest> hashes;
};

}  // namespace

TEST_CASE("batches one after the other are stored") {
  Device device;
  device.events(10);
  Store store(device);
  CHECK(store.take(device.batch(0, 4)) == "stored 1-4");
  CHECK(store.take(device.batch(4, 10)) == "stored 5-10");
  CHECK(store.state.next == 11);
  CHECK(store.state.head == device.head);
  CHECK(store.state.ratchet.key().equals(device.ratchet.key()));
}

TEST_CASE("what is there already with the same hashes is a duplicate, in part or whole") {
  Device device;
  device.events(10);
  Store store(device);
  store.take(device.batch(0, 6));
  CHECK(store.take(device.batch(0, 6)) == "duplicate");
  CHECK(store.take(device.batch(2, 4)) == "duplicate");
  CHECK(store.take(device.batch(3, 8)) == "stored 7-8");
  CHECK(store.take(device.batch(0, 10)) == "stored 9-10");
}

TEST_CASE("a number that has another hash is a fork") {
  Device device;
  device.events(4);
  Device clone;
  clone.events(2);
  clone.event("command.decision", R"("other":1})");
  clone.events(3);
  Store store(device);
  store.take(device.batch(0, 4));
  CHECK(store.take(clone.batch(0, 6)) == "fork 3");
  CHECK(store.take(clone.batch(2, 3)) == "fork 3");
  CHECK(store.take(clone.batch(4, 6)) == "fork 4");  // `after` is another event 4
  CHECK(store.state.next == 5);
}

TEST_CASE("what does not join is asked for from next on") {
  Device device;
  device.events(12);
  Store store(device);
  CHECK(store.take(device.batch(3, 5)) == "resume 1");
  store.take(device.batch(0, 5));
  CHECK(store.take(device.batch(7, 9)) == "resume 6");
  store.hashes.erase(2);  // pruned long ago
  CHECK(store.take(device.batch(1, 9)) == "resume 6");
}

TEST_CASE("a device that insists is stored, and what is missing named") {
  Device device;
  device.events(12);
  Store store(device);
  store.take(device.batch(0, 5));
  CHECK(store.take(device.batch(7, 9, true)) == "stored 8-9 lost 6-7");
  CHECK(store.take(device.batch(9, 12)) == "stored 10-12");
  CHECK(store.take(device.batch(9, 12, true)) == "duplicate");
}

TEST_CASE("declared gaps") {
  Device device;
  device.events(3);
  device.gap(13);
  device.events(2);
  device.gap(4, "disk-full");
  Store store(device);
  SUBCASE("within a batch") {
    CHECK(store.take(device.batch()) == "stored 1-24 gap 4-16 gap 20-23");
    CHECK(store.state.head == device.head);
  }
  SUBCASE("at its beginning, after a new boot or in the same") {
    store.take(device.batch(0, 3));
    CHECK(store.take(device.batch(3, 5)) == "stored 17-18 gap 4-16 same boot");
    device.boot = filled<BootId>(77);
    CHECK(store.take(device.batch(5, 7)) == "stored 19-24 gap 20-23");
  }
  SUBCASE("seen again it is a duplicate") {
    store.take(device.batch());
    CHECK(store.take(device.batch(2, 5)) == "duplicate");
  }
  SUBCASE("that would swallow what is stored is a fork") {
    Device restored;
    restored.events(2);
    restored.gap(14);
    store.take(device.batch(0, 3));
    CHECK(store.take(restored.batch(2, 3)) == "fork 3");
    CHECK(store.take(restored.batch(0, 3)) == "fork 3");
  }
}

TEST_CASE("numbers left out and not declared are an error of the chain") {
  Device device;
  device.events(3);
  device.lose(2);
  device.events(2);
  Store store(device);
  CHECK(store.take(device.batch()) == "bad-sequence 6");
  CHECK(store.take(device.batch(0, 3)) == "stored 1-3");
  CHECK(store.take(device.batch(3, 5)) == "resume 4");
}

TEST_CASE("a gap that declares other numbers than those left out") {
  for (const auto& [from, to] : {std::pair{3, 5}, {4, 4}, {4, 6}, {5, 5}}) {
    Device device;
    device.events(3);
    device.lose(2);
    device.event(kGapType, fmt::format(R"("gap":{{"from":{},"to":{},"cause":"x","boot_id":"{}"}}}})", from,
                                       to, device.boot.hex()));
    Store store(device);
    CAPTURE(from);
    CAPTURE(to);
    CHECK(store.take(device.batch()) == "bad-sequence 6");
  }
  Device device;
  device.events(3);
  device.lose(2);
  device.event(kGapType, R"("gap":{}})");
  CHECK(Store(device).take(device.batch()) == "malformed 6");
}

TEST_CASE("a claimed gap costs bounded work") {
  Device device;
  device.events(1);
  const uint64_t far = uint64_t{1} << 40;
  std::string line;
  write_event_head(line, {far, device.head, device.chain, kGapType});
  line += write_gap({2, far - 1, "spool-damaged", device.boot}) + "}";
  device.lines.push_back(line);
  device.macs.push_back({});
  CHECK(Store(device).take(device.batch()) == "too-long 0");
}

TEST_CASE("what is signed but wrong within names the event") {
  Device device;
  device.events(5);
  SUBCASE("a MAC") {
    device.macs[2].bytes[0] ^= 1;
    CHECK(Store(device).take(device.batch()) == "bad-mac 3");
  }
  SUBCASE("two events swapped") {
    std::swap(device.lines[2], device.lines[3]);
    CHECK(Store(device).take(device.batch()) == "bad-hash 4");
  }
  SUBCASE("an event left out") {
    device.lines.erase(device.lines.begin() + 2);
    device.macs.erase(device.macs.begin() + 2);
    CHECK(Store(device).take(device.batch()) == "bad-hash 4");
  }
  SUBCASE("an event twice") {
    device.lines.insert(device.lines.begin() + 2, device.lines[2]);
    CHECK(Store(device).take(device.batch(0, 5)) == "bad-hash 3");
  }
  SUBCASE("an event that is none") {
    device.lines[2] = "{}";
    CHECK(Store(device).take(device.batch()) == "malformed 3");
  }
  SUBCASE("an event of another chain") {
    std::string line;
    write_event_head(line, {6, device.head, filled<ChainId>(1), "x"});
    device.lines.push_back(line + "\"a\":1}");
    device.macs.push_back({});
    CHECK(Store(device).take(device.batch()) == "content-mismatch 6");
  }
  SUBCASE("a first event with one before it") {
    device.head = filled<Digest>(9);
    Device other;
    other.head = filled<Digest>(9);
    other.event();
    BatchHeader header = other.header(0);
    header.after = filled<Digest>(9);
    CHECK(Store(other).take(build_batch(header, other.mac_lines(0, 1), other.key).value()) == "bad-hash 1");
  }
}

TEST_CASE("a batch of another device, another chain, another key") {
  Device device;
  device.events(1);
  Device other(60);
  other.events(1);
  CHECK(Store(device).take(other.batch()) == "content-mismatch 0");
  Store store(device);
  store.owner.key = other.key.public_key();
  CHECK(store.take(device.batch()) == "bad-signature 0");
}

TEST_CASE("every bit of a batch counts") {
  Device device;
  device.events(3);
  device.gap(2);
  const auto good = device.batch();
  const Store store(device);
  REQUIRE(std::holds_alternative<Stored>(store.find(good)));
  size_t taken = 0;
  for (size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto text = good;
      text[i] = static_cast<char>(text[i] ^ (1 << bit));
      taken += std::holds_alternative<Broken>(store.find(text)) ? 0 : 1;
    }
  }
  CHECK(taken == 0);
}

TEST_CASE("a chain goes on past ten thousand events, and past 2^32") {
  SUBCASE("10,001") {
    Device device;
    device.events(10'001);
    Store store(device);
    for (size_t begin = 0; begin < 10'001; begin += 1000) {
      const size_t end = std::min<size_t>(begin + 1000, 10'001);
      CHECK(store.take(device.batch(begin, end)) == fmt::format("stored {}-{}", begin + 1, end));
    }
    CHECK(store.take(device.batch(9'000, 10'001)) == "duplicate");
    CHECK(store.state.next == 10'002);
  }
  for (const uint64_t start : {(uint64_t{1} << 32) - 3, kMaxNumber - 5}) {
    Device device;
    device.ratchet = Ratchet(key_of(1), start);
    device.head = filled<Digest>(5);
    device.events(5);
    Store store(device);
    store.state = {start, filled<Digest>(5), Ratchet(key_of(1), start), std::nullopt};
    BatchHeader header = device.header(0);
    header.after = filled<Digest>(5);
    CHECK(store.take(build_batch(header, device.mac_lines(0, 5), device.key).value()) ==
          fmt::format("stored {}-{}", start, start + 4));
  }
}
