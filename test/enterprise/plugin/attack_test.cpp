// Each attack on a device's disk, on its chain or on its policy is noticed, whatever the life before it was
// like.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <functional>

#include "enterprise/plugin/chain_state.hpp"
#include "enterprise/plugin/checked_file.hpp"
#include "enterprise/protocol/event_line.hpp"
#include "test/enterprise/plugin/world.hpp"

using namespace cmdai;
using namespace cmdai::device;

namespace {

/// CMDAI_SEEDS=N: another number of worlds an attack.
uint64_t seeds() {
  const char* said = std::getenv("CMDAI_SEEDS");
  return said == nullptr ? 40 : std::strtoull(said, nullptr, 10);
}

/// A device that enrolled, sent some events, and holds others that were not sent.
void prepare(World& world, uint64_t seed, bool clean) {
  world.start_device();
  world.add_lines(10 + static_cast<unsigned>(seed % 40));
  world.heal();
  world.collector.network.down = true;
  for (int i = 0; i < 6; ++i) {
    world.add_lines(10);
    world.feed();
    world.sync();
    world.step();
    world.pass(3000);
  }
  world.stop_device(clean);
}

std::vector<std::string> segments(SimulatedDisk& disk) {
  std::vector<std::string> out;
  for (const auto& [name, bytes] : disk.image())
    if (name.rfind("spool-", 0) == 0) out.push_back(name);
  return out;
}

uint64_t acknowledged(const World& world) { return world.collector.events.rbegin()->first; }

/// Every record again with a checksum of its own, as somebody would who reads the source.
void rewrite(World& world, const std::function<bool(ReadRecord&)>& keep) {
  const auto image = world.disk.image();
  const auto state = load_chain(world.disk);
  REQUIRE(state);
  for (const std::string& name : segments(world.disk)) {
    const std::string& bytes = image.at(name);
    const uint64_t first = std::stoull(name.substr(6), nullptr, 16);
    auto content = read_segment(bytes, state->chain, first);
    std::string out = segment_header(state->chain, first);
    for (ReadRecord& record : content.records)
      if (keep(record)) out += write_record(record.record, state->chain);
    world.disk.put(name, out);
  }
}

struct Attack {
  const char* name;
  bool clean;  ///< the device ended in order before it
  std::function<void(World&, uint64_t seed)> run;
};

void replace_in(std::string& text, std::string_view from, std::string_view to) {
  if (const size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

const Attack kAttacks[] = {
    {"a segment is deleted", true,
     [](World& world, uint64_t) { world.disk.drop(segments(world.disk).back()); }},
    {"a segment is deleted after a kill", false,
     [](World& world, uint64_t) { world.disk.drop(segments(world.disk).back()); }},
    {"the end is cut off", true,
     [](World& world, uint64_t seed) {
       const std::string name = segments(world.disk).back();
       std::string bytes = world.disk.image().at(name);
       bytes.resize(bytes.size() - 1 - seed % (bytes.size() / 2));
       world.disk.put(name, bytes);
     }},
    {"the end is cut off after a kill", false,
     [](World& world, uint64_t seed) {
       const std::string name = segments(world.disk).back();
       std::string bytes = world.disk.image().at(name);
       bytes.resize(bytes.size() - 1 - seed % (bytes.size() / 2));
       world.disk.put(name, bytes);
     }},
    {"an event is taken out, checksums made new", true,
     [](World& world, uint64_t seed) {
       const uint64_t victim = acknowledged(world) + 5 + seed % 30;
       rewrite(world, [&](ReadRecord& record) { return record.record.seq != victim; });
     }},
    {"an event is changed, checksums made new", true,
     [](World& world, uint64_t seed) {
       const uint64_t victim = acknowledged(world) + 5 + seed % 30;
       rewrite(world, [&](ReadRecord& record) {
         if (record.record.seq == victim)
           replace_in(record.record.line, R"("tenant":"acme")", R"("tenant":"acmf")");
         return true;
       });
     }},
    {"the last event is changed, checksums made new", true,
     [](World& world, uint64_t) {
       uint64_t last = 0;
       rewrite(world, [&](ReadRecord& record) { return last = record.record.seq, true; });
       rewrite(world, [&](ReadRecord& record) {
         if (record.record.seq == last)
           replace_in(record.record.line, R"("tenant":"acme")", R"("tenant":"acmf")");
         return true;
       });
     }},
    {"two events change places", true,
     [](World& world, uint64_t seed) {
       std::string kept;
       const uint64_t victim = acknowledged(world) + 5 + seed % 30;
       rewrite(world, [&](ReadRecord& record) {
         if (record.record.seq == victim) kept = record.record.line;
         if (record.record.seq != victim + 1) return true;
         std::swap(record.record.line, kept);
         return true;
       });
     }},
    {"the chain's state is set back: numbers a second time", true,
     [](World& world, uint64_t) {
       const auto before = world.disk.image().at("chain");
       world.collector.network.down = false;
       world.start_device();
       world.add_lines(40);
       world.heal();
       world.stop_device(true);
       world.disk.put("chain", before);
       world.start_device();
       world.add_lines(20);
     }},
    {"the whole disk is set back", true,
     [](World& world, uint64_t) {
       const auto before = world.disk.image();
       const size_t lines = world.lines();
       world.collector.network.down = false;
       world.start_device();
       world.add_lines(40);
       world.heal();
       world.stop_device(true);
       world.disk.restore(before);
       world.forget_lines(lines);
       world.add_lines(40);
       world.start_device();
       world.feed();
       world.sync();
     }},
    {"the disk is cloned, and both go on", true,
     [](World& world, uint64_t) {
       const auto clone = world.disk.image();
       const size_t lines = world.lines();
       world.collector.network.down = false;
       world.start_device();
       world.add_lines(30);
       world.heal();
       world.stop_device(true);
       const auto original = world.disk.image();
       world.disk.restore(clone);  // the other machine, with a life of its own
       world.forget_lines(lines);
       world.start_device();
       world.add_lines(10);
       world.heal();
       world.stop_device(true);
       world.disk.restore(original);
       world.start_device();
       world.add_lines(10);
     }},
    {"a forged policy", true,
     [](World& world, uint64_t) {
       world.collector.network.down = false;
       world.collector.publish_forged_policy();
       world.start_device();
     }},
    {"the policy on the disk is another", true,
     [](World& world, uint64_t) {
       for (const auto& [name, bytes] : world.disk.image())
         if (name.rfind("policy-", 0) == 0)
           world.disk.put(name, organization().forged_policy(1, world.clock.now));
     }},
    {"the state of trust is deleted with the policy kept", true,
     [](World& world, uint64_t) {
       std::string bytes = world.disk.image().at("trust");
       bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
       world.disk.put("trust", bytes);
     }},
};

}  // namespace

TEST_CASE("attacks are noticed") {
  for (const Attack& attack : kAttacks) {
    SUBCASE(attack.name) {
      for (uint64_t seed = 1; seed <= seeds(); ++seed) {
        CAPTURE(seed);
        World world(seed);
        prepare(world, seed, attack.clean);
        REQUIRE(world.collector.alarms.empty());
        REQUIRE_FALSE(world.noticed());
        attack.run(world, seed);
        world.heal();
        CHECK(world.noticed());
      }
    }
  }
}

TEST_CASE("what nobody attacked raises nothing, in the same lives") {
  for (uint64_t seed = 1; seed <= seeds(); ++seed)
    for (const bool clean : {true, false}) {
      World world(seed);
      prepare(world, seed, clean);
      if (!clean) world.machine.boot_id = "00000000-0000-4000-8000-000000000002";  // a power cut's restart
      world.heal();
      CHECK_FALSE(world.noticed());
      CHECK(world.lost().empty());
    }
}

TEST_CASE("a batch that comes a second time is a duplicate, and stores nothing") {
  World world(7);
  world.start_device();
  world.add_lines(50);
  world.heal();
  const size_t events = world.collector.events.size();
  world.collector.replay_last_batch();
  CHECK(world.collector.events.size() == events);
  CHECK(world.collector.alarms.empty());
}

TEST_CASE("a collector that rewrites its log is told on") {
  World world(8);
  world.start_device();
  world.add_lines(20);
  world.heal();
  world.pass(120'000);
  for (int i = 0; i < 20; ++i) world.step(), world.pass(500);
  world.collector.forks_log = true;
  world.add_lines(20);
  world.heal();
  world.pass(120'000);
  for (int i = 0; i < 60; ++i) world.step(), world.sync(), world.pass(2000);
  CHECK(world.has_event("collector.inconsistent"));
}

TEST_CASE("every byte of the spool, the states and the policy is guarded: any flipped bit is noticed") {
  World world(9);
  prepare(world, 9, true);
  const auto image = world.disk.image();
  unsigned flips = 0, missed = 0;
  for (const auto& [name, bytes] : image) {
    if (name == "baseline" || name == "status") continue;  // before the enrollment; for people
    // All bytes of small files; of a segment, those of its begin, its end and every 97th between.
    // CMDAI_EVERY_BYTE=1: all of all.
    for (size_t at = 0; at < bytes.size(); ++at) {
      const bool middle = bytes.size() > 4096 && at > 300 && at + 300 < bytes.size();
      if (middle && at % 97 != 0 && std::getenv("CMDAI_EVERY_BYTE") == nullptr) continue;
      world.disk.restore(image);
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
      world.disk.put(name, flipped);
      world.told.clear();
      world.start_device();
      ++flips;
      bool seen = !world.told.empty();
      if (!seen && world.running()) {
        const DeviceStatus status = world.device().status();
        seen = !status.troubles.empty() || !status.enrolled;
      }
      if (!seen) {
        // Told in the events it is about to send.
        for (const auto& [file, content] : world.disk.image())
          seen = seen ||
                 (file.rfind("spool-", 0) == 0 && (content.find("spool.damaged") != std::string::npos ||
                                                   content.find("receipt.damaged") != std::string::npos ||
                                                   content.find("chain.gap") != std::string::npos));
      }
      if (!seen) {
        ++missed;
        MESSAGE(fmt::format("{} byte {}", name, at));
      }
      world.stop_device(false);
    }
  }
  MESSAGE(fmt::format("{} flips", flips));
  CHECK(missed == 0);
}
