// Seeded random lives of a device, and what must be true at the end of each: nothing is lost without being
// declared, the order is kept, and no alarm is raised where nobody attacked.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>

#include "test/enterprise/plugin/world.hpp"

using namespace cmdai::device;

namespace {

constexpr unsigned kSchedules = 2000;

/// CMDAI_SEED=N runs one; CMDAI_SCHEDULES=N as many.
uint64_t from_environment(const char* name, uint64_t otherwise) {
  const char* said = std::getenv(name);
  return said == nullptr ? otherwise : std::strtoull(said, nullptr, 10);
}

std::string honest_life(uint64_t seed) {
  World world(seed);
  world.live(80);
  world.heal();
  if (std::string lost = world.lost(); !lost.empty()) return lost;
  if (!world.collector.alarms.empty()) return "a false alarm: " + *world.collector.alarms.begin();
  if (world.promise_broken) return "what was durable is gone";
  for (const char* type : {"spool.damaged", "policy.damaged", "chain.ahead", "receipt.damaged", "local.gap",
                           "collector.inconsistent", "state.damaged"})
    if (world.has_event(type)) return std::string("a false ") + type;
  if (world.crashes == 0 && !world.collector.declared.empty() && !world.has_event("chain.gap"))
    return "a gap from nothing";
  for (const auto& one : world.collector.declared)
    if (one.gap.cause == "spool-damaged") return "an honest end that was called damage";
  if (world.collector.enrollments == 0) return "never enrolled";
  return {};
}

}  // namespace

TEST_CASE("a device's life with faults loses nothing, keeps the order and raises no false alarm") {
  const uint64_t first = from_environment("CMDAI_SEED", 1);
  const uint64_t count =
      from_environment("CMDAI_SCHEDULES", std::getenv("CMDAI_SEED") != nullptr ? 1 : kSchedules);
  MESSAGE(fmt::format("seeds {} to {}", first, first + count - 1));
  unsigned failed = 0;
  for (uint64_t seed = first; seed < first + count && failed < 5; ++seed) {
    const std::string wrong = honest_life(seed);
    CHECK_MESSAGE(wrong.empty(), fmt::format("seed {}: {}", seed, wrong));
    failed += wrong.empty() ? 0 : 1;
  }
}
