#pragma once
// POST /v1/events: from a request that is known to come from a device to a batch that is durable, or an
// answer why not.
#include "enterprise/collector/base/message.hpp"
#include "enterprise/collector/service/alarm_desk.hpp"
#include "enterprise/collector/service/chains.hpp"
#include "enterprise/collector/service/command_desk.hpp"
#include "enterprise/collector/service/commit_queue.hpp"
#include "enterprise/collector/service/device_gate.hpp"
#include "enterprise/collector/service/metrics.hpp"
#include "enterprise/collector/service/policy_desk.hpp"

namespace cmdai::collector {

class Ingest {
 public:
  struct Parts {
    const Settings& settings;
    const Keyring& keyring;
    Store& store;
    Chains& chains;
    CommitQueue& queue;
    AlarmDesk& alarms;
    PolicyDesk& policies;
    CommandDesk& commands;
    Metrics& metrics;
    Clock clock;
  };
  explicit Ingest(Parts parts) : p_(std::move(parts)) {}

  /// Answers now, or once the batch is stored.
  void take(const Caller& caller, const Request& request, Reply reply);

 private:
  struct Arrival;
  using Batch = std::shared_ptr<Arrival>;

  std::optional<Response> unpack(const Request& request, Arrival& arrival);
  bool within_quota(LiveChain& chain, std::uint64_t events);
  void judge(const Batch& batch);
  void store(const Batch& batch, wire::Stored stored);
  void keep_apart(const Batch& batch, const std::string& reason, const std::string& detail,
                  const std::string& text, Response response);
  void add_alarms(LedgerWrite& write, const Arrival& arrival, const wire::Stored& stored);
  Response receipt(const Arrival& arrival, std::uint64_t next, const wire::Digest& head);

  Parts p_;
};

}  // namespace cmdai::collector
