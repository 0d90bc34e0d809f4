// What a plugin's threads say arrives, once, and too much of it is counted.
#include "daemon/runner/outbox.hpp"

#include <doctest/doctest.h>
#include <poll.h>

#include <thread>

#include "libcore/plugin/cmdai_plugin.h"

using namespace cmdai::runner;

namespace {

bool awake(const Outbox& outbox) {
  pollfd fd{outbox.wake_fd(), POLLIN, 0};
  return poll(&fd, 1, 0) == 1;
}

}  // namespace

TEST_CASE("what is said wakes, and is taken once") {
  Outbox outbox;
  CHECK(!awake(outbox));
  outbox.log(CMDAI_LOG_ERROR, "a");
  outbox.report("b");
  CHECK(awake(outbox));
  outbox.drain();
  CHECK(!awake(outbox));
  const auto taken = outbox.take();
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].get("level") == "error");
  CHECK(taken[1].type == "report");
  CHECK(outbox.take().empty());
}

TEST_CASE("changes are remembered until they are taken") {
  Outbox outbox;
  outbox.changed(CMDAI_CHANGED_GATE);
  outbox.changed(CMDAI_CHANGED_GATE);
  auto changes = outbox.take_changes();
  CHECK(changes.gate);
  CHECK(!changes.policy);
  CHECK(!outbox.take_changes().gate);
  outbox.changed(5);
  CHECK(outbox.take().size() == 1);
}

TEST_CASE("a flood is counted") {
  Outbox outbox;
  std::thread flood([&outbox] {
    for (size_t i = 0; i < Outbox::kMostWaiting + 7; ++i)
      outbox.log(CMDAI_LOG_INFO, std::string(1 << 14, 'x'));
  });
  flood.join();
  const auto taken = outbox.take();
  REQUIRE(taken.size() == Outbox::kMostWaiting + 1);
  CHECK(taken.front().get("text").size() == Outbox::kMostText);
  CHECK(taken.back().get("text") == "7 lines more were dropped");
}
