#include "enterprise/collector/service/alarm_desk.hpp"

#include <utility>

namespace cmdai::collector {

namespace {

constexpr std::size_t kMostRaised = 100'000;

}  // namespace

std::string severity_of(std::string_view kind, bool aggravated) {
  for (const char* critical : {"fork", "gap", "tamper", "token-reused", "revoked-key", "checkpoint"})
    if (kind == critical) return "critical";
  if (kind == "gap-declared") return aggravated ? "high" : "medium";
  return "high";
}

std::optional<Alarm> AlarmDesk::raise(const std::string& kind, const std::string& device,
                                      const std::string& detail, std::string text, bool aggravated) {
  const Time now = clock_();
  const std::scoped_lock lock(mutex_);
  if (raised_.size() >= kMostRaised) raised_.clear();
  Time& last = raised_[kind + "\n" + device + "\n" + detail];
  if (last != 0 && now - last < kHour) return std::nullopt;
  last = now;
  return Alarm{0, now, kind, severity_of(kind, aggravated), device, std::move(text), true};
}

void AlarmDesk::withdraw(const std::string& device) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(raised_, [&](const auto& entry) {
    return entry.first.find("\n" + device + "\n") != std::string::npos;
  });
}

}  // namespace cmdai::collector
