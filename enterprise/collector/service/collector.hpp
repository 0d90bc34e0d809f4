#pragma once
// The running collector: all parts, put together and taken apart in order.
#include <memory>

#include "enterprise/collector/base/loop.hpp"
#include "enterprise/collector/base/workers.hpp"
#include "enterprise/collector/config/settings.hpp"
#include "enterprise/collector/service/device_api.hpp"
#include "enterprise/collector/service/indexer.hpp"
#include "enterprise/collector/service/own_chain.hpp"

namespace cmdai::collector {

class Collector {
 public:
  /// Opens what is stored, checks keys and roots, begins to work.
  static Result<std::unique_ptr<Collector>> open(const Settings& settings, Clock clock);
  /// What was taken is committed and answered, then all threads end.
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  /// From the network's thread; does not wait.
  void handle(Request request, const Reply& reply);
  /// Whoever is asked last: the API. Set before the first request.
  void add_api(std::function<bool(const Request&, const Reply&)> api) { api_ = std::move(api); }
  /// Commits what waits, answers it.
  void drain();

  const Settings& settings() const { return settings_; }
  const Keyring& keyring() const { return *keyring_; }
  Store& store() { return *store_; }
  DeviceCache& devices() { return cache_; }
  PolicyDesk& policies() { return policies_; }
  CommandDesk& commands() { return commands_; }
  Heartbeats& heartbeats() { return heartbeats_; }
  LogDesk& log_desk() { return *log_; }
  Metrics& metrics() { return metrics_; }
  Clock clock() const { return clock_; }
  Gauges gauges();
  /// Woken when something is stored.
  void add_follower(Loop* follower);
  /// All but the index are woken no more: before they go.
  void forget_followers();

 private:
  Collector(Settings settings, std::shared_ptr<const Keyring> keyring, std::unique_ptr<Store> store,
            Clock clock);
  Done begin();
  void dispatch(Request& request, const Reply& reply);
  bool look_after();

  Settings settings_;
  std::shared_ptr<const Keyring> keyring_;
  std::unique_ptr<Store> store_;
  Clock clock_;
  Metrics metrics_;
  AlarmDesk alarms_;
  DeviceCache cache_;
  DeviceGate gate_;
  PolicyDesk policies_;
  CommandDesk commands_;
  EnrollmentDesk enrollment_;
  Heartbeats heartbeats_;
  Chains chains_;
  Indexer indexer_;
  std::function<bool(const Request&, const Reply&)> api_;
  std::mutex followers_mutex_;
  std::vector<Loop*> followers_;
  std::unique_ptr<Workers> workers_;
  std::unique_ptr<CommitQueue> queue_;
  std::unique_ptr<LogDesk> log_;
  std::unique_ptr<OwnChain> own_chain_;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<DeviceApi> device_api_;
  std::unique_ptr<Loop> index_loop_, keeper_;
  Time last_checkpoint_ = 0, last_retention_ = 0;
};

}  // namespace cmdai::collector
