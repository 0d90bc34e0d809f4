// The organization's policy on a device: what comes into force, what does not, what stays over restarts, and
// what happens when it runs out. And the rest of the conversation: enrollment, commands, refusals.
#include <doctest/doctest.h>

#include "test/enterprise/plugin/world.hpp"

using namespace cmdai;
using namespace cmdai::device;

namespace {

constexpr int64_t kYear = int64_t{365} * 86'400'000;

std::string in_force(World& world) {
  const auto texts = world.device().documents();
  return texts.empty() ? std::string() : texts.front().text;
}

/// Heartbeats, pulls and batches for that many minutes.
void minutes(World& world, int count) {
  for (int i = 0; i < count * 30; ++i) {
    world.feed();
    world.sync();
    world.step();
    world.pass(2000);
  }
}

}  // namespace

TEST_CASE("a policy comes into force, a newer one after it, and both survive a restart") {
  World world(1);
  world.start_device();
  minutes(world, 2);
  CHECK(in_force(world) == "first");
  CHECK(world.device().groups() == std::vector<std::string>{"engineering"});
  world.collector.publish_policy("second");
  minutes(world, 3);
  CHECK(in_force(world) == "second");
  world.stop_device(false);
  world.collector.network.down = true;
  world.start_device();
  CHECK(in_force(world) == "second");
}

TEST_CASE("one that does not compile is refused, and the last good one stays, over a restart as well") {
  World world(2);
  world.start_device();
  minutes(world, 2);
  world.collector.publish_policy("broken");
  minutes(world, 3);
  CHECK(world.has_event("policy.refused"));
  CHECK(in_force(world) == "first");
  world.stop_device(true);
  world.start_device();
  CHECK(in_force(world) == "first");
  world.collector.publish_policy("third");
  minutes(world, 3);
  CHECK(in_force(world) == "third");
}

TEST_CASE("a forged one is refused once, not each time it is seen") {
  World world(3);
  world.start_device();
  minutes(world, 2);
  world.collector.publish_forged_policy();
  minutes(world, 10);
  CHECK(in_force(world) == "first");
  unsigned refusals = 0;
  for (const auto& [seq, line] : world.collector.events)
    refusals += line.find(R"("type":"policy.refused")") != std::string::npos ? 1 : 0;
  CHECK(refusals == 1);
}

TEST_CASE("a policy that ran out goes on, is told, and the gate says what was chosen") {
  for (const auto& [chosen, action] : {std::pair{std::optional<WhenFull>(), WhenFull::warn},
                                       std::pair{std::optional(WhenFull::block), WhenFull::block}}) {
    World world(4);
    world.settings.on_stale = chosen;
    world.start_device();
    minutes(world, 2);
    CHECK(world.device().gate().rule.empty());
    world.collector.network.down = true;
    world.clock.pass(11 * kYear);
    minutes(world, 1);
    CHECK(in_force(world) == "first");
    CHECK(world.device().gate().rule == "policy-stale");
    CHECK(world.device().gate().action == action);
    // A clock set back revives nothing: the newest signed time counts, and here none came; the next pull
    // does.
  }
}

TEST_CASE("a full spool and a full disk close the gate as chosen, and room opens it") {
  World world(5);
  world.settings.on_full = WhenFull::block;
  world.start_device();
  minutes(world, 1);
  CHECK(world.device().gate().rule.empty());
  world.disk.set_full(true);
  world.add_lines(100);
  minutes(world, 1);
  CHECK(world.device().gate().rule == "spool-full");
  CHECK(world.device().gate().action == WhenFull::block);
  world.disk.set_full(false);
  minutes(world, 1);
  CHECK(world.device().gate().rule.empty());
}

TEST_CASE("an enrollment whose answer is lost is asked for again and gives the same device") {
  World world(6);
  world.collector.network.loses_answer = 100;
  world.start_device();
  for (int i = 0; i < 20; ++i) world.step(), world.pass(5000);
  CHECK_FALSE(world.device().status().enrolled);
  world.stop_device(false);
  world.collector.network.loses_answer = 0;
  world.start_device();
  for (int i = 0; i < 20; ++i) world.step(), world.pass(5000);
  CHECK(world.device().status().enrolled);
  CHECK(world.collector.enrollments > 1);
  CHECK(world.disk.image().contains("enrolling") == false);
}

TEST_CASE("a single event that is too large for the collector is passed over, and named") {
  World world(7);
  world.start_device();
  minutes(world, 1);
  world.add_lines(3);
  world.collector.most_body = 300;  // less than any event
  minutes(world, 30);
  world.collector.most_body = wire::kMaxBody;
  world.add_lines(3);
  for (int i = 0; i < 200; ++i) minutes(world, 1);
  CHECK(world.device().status().waiting == 0);
}

TEST_CASE("keys of past events are not on the disk") {
  World world(8);
  world.start_device();
  world.add_lines(40);
  minutes(world, 1);
  const auto image = world.disk.image();
  CHECK_FALSE(image.contains("enrolling"));
  for (const auto& [name, bytes] : image) CHECK(bytes.find(organization().token.view()) == std::string::npos);
}
