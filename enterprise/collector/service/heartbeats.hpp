#pragma once
// POST /v1/heartbeat: that a device lives and where it stands, and the alarm when it does not say so.
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "enterprise/collector/base/message.hpp"
#include "enterprise/collector/service/alarm_desk.hpp"
#include "enterprise/collector/service/command_desk.hpp"
#include "enterprise/collector/service/device_gate.hpp"
#include "enterprise/collector/service/metrics.hpp"
#include "enterprise/collector/service/policy_desk.hpp"
#include "enterprise/protocol/heartbeat.hpp"

namespace cmdai::collector {

/// Thread-safe.
class Heartbeats {
 public:
  struct Parts {
    const Settings& settings;
    Store& store;
    AlarmDesk& alarms;
    PolicyDesk& policies;
    CommandDesk& commands;
    Metrics& metrics;
    Clock clock;
  };
  explicit Heartbeats(Parts parts) : p_(std::move(parts)), begun_(p_.clock()) {}

  /// Who was heard of before counts from now on: a collector that was away has missed nobody.
  /// `but`: the collector as a device, which sends none.
  Done open(const std::string& but);
  void enrolled(const std::string& device);
  void revoked(const std::string& device);
  Response take(const Caller& caller, const Request& request);

  /// Makes durable what was heard; raises `silent`. Called every second.
  void look();
  struct Numbers {
    std::uint64_t devices = 0, silent = 0;
  };
  Numbers numbers() const;

 private:
  struct Heard {
    Time at = 0;
    bool silent = false;
  };
  void compare(const KnownDevice& device, const wire::Heartbeat& heartbeat);
  void raise(std::optional<Alarm> alarm);

  Parts p_;
  Time begun_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Heard> heard_;
  std::unordered_map<std::string, Presence> unsaved_;
};

}  // namespace cmdai::collector
