#pragma once
// POST /v1/enroll and /v1/rekey: how a device comes to be, and how its key changes.
#include <functional>
#include <string>
#include <vector>

#include "enterprise/collector/base/message.hpp"
#include "enterprise/collector/service/alarm_desk.hpp"
#include "enterprise/collector/service/device_gate.hpp"
#include "enterprise/collector/service/keyring.hpp"
#include "enterprise/collector/service/metrics.hpp"

namespace cmdai::collector {

inline constexpr Time kCertificateTime = 90 * kDay;

class EnrollmentDesk {
 public:
  /// `enrolled` is told each new device.
  EnrollmentDesk(const Keyring& keyring, Store& store, DeviceCache& cache, AlarmDesk& alarms,
                 Metrics& metrics, Clock clock, std::function<void(const std::string&)> enrolled)
      : keyring_(keyring),
        store_(store),
        cache_(cache),
        alarms_(alarms),
        metrics_(metrics),
        clock_(std::move(clock)),
        enrolled_(std::move(enrolled)) {}

  Response enroll(const Request& request);
  Response rekey(const Caller& caller, const Request& request);

 private:
  std::string certificate(const wire::DeviceId& device, const wire::PublicKey& pub,
                          const std::vector<std::string>& groups, const wire::ChainId& chain,
                          std::uint64_t epoch) const;
  void token_reused(const std::string& hash, const std::string& from);

  const Keyring& keyring_;
  Store& store_;
  DeviceCache& cache_;
  AlarmDesk& alarms_;
  Metrics& metrics_;
  Clock clock_;
  std::function<void(const std::string&)> enrolled_;
};

}  // namespace cmdai::collector
