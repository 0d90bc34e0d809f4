#include "enterprise/collector/service/command_desk.hpp"

#include <utility>

#include "enterprise/protocol/command.hpp"

namespace cmdai::collector {

namespace {

constexpr std::size_t kMostWaiting = 16;

}  // namespace

Result<std::uint64_t> CommandDesk::give(const wire::DeviceId& device, const std::string& type) {
  if (type != "pull-policy" && type != "heartbeat" && type != "rekey")
    return failed(Problem::invalid, "a command is one of pull-policy, heartbeat, rekey");
  auto counter = devices_.next_command(device.hex());
  if (!counter) return counter;
  const wire::Command command{device, *counter, clock_() + kHour, type};
  const wire::SigningKey* const keys[] = {&keyring_.collector};
  std::string envelope =
      wire::write(wire::sign_envelope(wire::Document::command, wire::write(command), keys));
  const std::scoped_lock lock(mutex_);
  auto& waiting = waiting_[device.hex()];
  if (waiting.size() >= kMostWaiting) waiting.erase(waiting.begin());
  waiting.push_back(std::move(envelope));
  return counter;
}

std::vector<std::string> CommandDesk::take(const wire::DeviceId& device) {
  const std::scoped_lock lock(mutex_);
  if (waiting_.empty()) return {};
  const auto found = waiting_.find(device.hex());
  if (found == waiting_.end()) return {};
  auto commands = std::move(found->second);
  waiting_.erase(found);
  return commands;
}

}  // namespace cmdai::collector
