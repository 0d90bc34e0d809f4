#pragma once
// Who is asking: the signature of a device's request, before anything of its body is looked at.
#include <array>
#include <memory>
#include <mutex>
#include <variant>

#include "enterprise/collector/base/message.hpp"
#include "enterprise/collector/service/alarm_desk.hpp"
#include "enterprise/collector/service/device_cache.hpp"
#include "enterprise/collector/service/keyring.hpp"
#include "enterprise/collector/service/metrics.hpp"
#include "enterprise/protocol/request_auth.hpp"

namespace cmdai::collector {

/// A request whose signature holds.
struct Caller {
  std::shared_ptr<const KnownDevice> device;
  wire::PublicKey key;  // that signed
  wire::Nonce nonce;
};

/// Thread-safe.
class DeviceGate {
 public:
  DeviceGate(const Keyring& keyring, Store& store, DeviceCache& cache, AlarmDesk& alarms, Metrics& metrics,
             Clock clock);

  /// The caller, or what to answer. `renewing`: a certificate that has run out is no hindrance.
  std::variant<Caller, Response> admit(const Request& request, bool renewing = false);
  /// Puts `Cmdai-Answer` on an answer.
  void sign(Response& response, const wire::Nonce& nonce) const;

 private:
  /// Uniform, whatever was wrong; signed where there is a nonce to sign for.
  Response unauthorized(const Request& request, std::string_view why);
  std::optional<wire::PublicKey> key_of(const KnownDevice& device, const wire::KeyId& id) const;
  void old_key_used(const KnownDevice& device, const wire::RequestHeaders& headers, const Request& request);
  bool fresh_nonce(const wire::RequestHeaders& headers, Time now);

  // A window for each of a few parts of all devices: not every request waits for one lock.
  struct Shard {
    std::mutex mutex;
    wire::NonceWindow window{250'000};
  };

  const Keyring& keyring_;
  Store& store_;
  DeviceCache& cache_;
  AlarmDesk& alarms_;
  Metrics& metrics_;
  Clock clock_;
  std::array<Shard, 16> shards_;
};

}  // namespace cmdai::collector
