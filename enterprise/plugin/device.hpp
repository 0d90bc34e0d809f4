#pragma once
// The whole device without sockets and threads: what comes from the daemon goes in, what is due towards the
// collector is done by step(). The plugin calls it from two threads (the daemon's words, and the uplink); the
// tests call it from one, with a disk, a clock and a transport of their own.
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "enterprise/plugin/backoff.hpp"
#include "enterprise/plugin/batch_sender.hpp"
#include "enterprise/plugin/identity.hpp"
#include "enterprise/plugin/link.hpp"
#include "enterprise/plugin/policy_keeper.hpp"
#include "enterprise/plugin/recorder.hpp"
#include "enterprise/plugin/settings.hpp"
#include "enterprise/plugin/witness.hpp"
#include "enterprise/protocol/heartbeat.hpp"

namespace cmdai::device {

/// What the host says of machine and daemon.
struct Machine {
  std::string host, os, user, boot_id;
  std::string daemon_version, daemon_sha256;
  uint32_t uid = 0;
  uint64_t last_event = 0;  ///< of the local event log, when the plugin was opened
};

/// What the device has to say to its host. Called without a lock held, from the thread that caused it.
class DeviceListener {
 public:
  DeviceListener() = default;
  DeviceListener(const DeviceListener&) = delete;
  DeviceListener& operator=(const DeviceListener&) = delete;
  virtual ~DeviceListener() = default;
  virtual void policy_changed() = 0;
  virtual void gate_changed() = 0;
  virtual void recorded_changed() = 0;
  virtual void tell(bool serious, std::string_view text) = 0;
};

struct DeviceParts {
  Disk& disk;
  Clock& clock;
  Transport& transport;
  SentLog& sent;
  DeviceListener& listener;
  Random random;
};

struct GateState {
  WhenFull action = WhenFull::allow;
  std::string rule, reason, hint;  ///< rule empty: open
  bool operator==(const GateState&) const = default;
};

/// For people: `cmdai status`, `cmdai audit status`.
struct DeviceStatus {
  bool enrolled = false;
  std::string device, tenant, collector;
  uint64_t root = 0, timestamp = 0, policy = 0;
  bool policy_stale = false;
  int privacy = 1;
  Recorder::Mode mode = Recorder::Mode::ok;
  uint64_t next = 0, oldest = 0, waiting = 0, spool_bytes = 0;
  int64_t last_contact_ms = 0, certificate_until_ms = 0;
  std::vector<std::string> troubles;
};

class Device {
 public:
  Device(DeviceParts parts, Settings settings, Machine machine);

  /// From the disk alone. A problem: nothing works, the plugin should say so.
  Result<void> start();
  /// In order; what was taken is durable. No other call is under way or follows.
  void stop();
  /// A line of the local event log. An error: not taken.
  Result<void> record(uint64_t local_seq, std::string_view line);
  uint64_t recorded() const;
  /// Makes durable what was taken; milliseconds until it wants to be called again, if nothing comes.
  int64_t sync();

  /// Does one thing that is due towards the collector, and gives the moment (monotonic) of the next.
  int64_t step();

  std::vector<wire::PolicyText> documents() const;
  std::vector<std::string> groups() const;
  void compiled(bool worked, std::string_view text);
  GateState gate() const;
  void posture(std::string_view json);
  DeviceStatus status() const;

 private:
  enum class Job : uint8_t { events, heartbeat, policy, consistency, rekey };
  static constexpr size_t kJobs = 5;
  int64_t& due(Job job) { return due_[static_cast<size_t>(job)]; }

  Result<void> start_chain();
  void chain_lost(const Problem& problem);
  EventContext event_context() const;
  Link::Signer signer() const;
  std::vector<wire::PublicKey> collector_keys() const;

  int64_t enroll();
  Result<void> enroll_once();
  Result<void> enrolled(const Enrolling& enrolling, const Incoming& answer);
  Result<Enrolling> enrolling();
  Result<wire::Key32> read_token() const;

  std::optional<Job> next_job();
  void run(Job job);
  void send_events();
  void after_batch(BatchSender::Outcome outcome, const Incoming& answer);
  void send_heartbeat();
  wire::Heartbeat heartbeat() const;
  void take_heartbeat_answer(const std::string& body);
  void pull_policy();
  void ask_consistency();
  void rekey();
  void take_commands(const std::vector<std::string>& envelopes);
  void take_command(const std::string& envelope);
  void newer_timestamp(uint64_t version);

  /// The answer to a signed request, or nullopt: backs off.
  std::optional<Incoming> ask(Outgoing request, Link::Proof proof = Link::Proof::answer);
  void back_off(std::optional<int64_t> retry_after_s = std::nullopt);
  void remark(Remark remark);
  void take_compiled();
  void publish();
  void look_at_gate();
  void trouble(std::string_view subject, const std::string& text);
  Result<void> store_counter();
  void load_counter();
  void load_baseline();

  DeviceParts parts_;
  Settings settings_;
  Machine machine_;
  wire::BootId boot_;

  /// The recorder, between the daemon's thread, the one that syncs, and the uplink's.
  mutable std::mutex recorder_lock_;
  std::unique_ptr<Recorder> recorder_;
  /// What the uplink knows and others ask for; never held together with recorder_lock_.
  mutable std::mutex state_lock_;
  DeviceStatus status_;
  std::vector<wire::PolicyText> documents_;
  std::vector<std::string> groups_;
  std::optional<WhenFull> stale_;  ///< the policy ran out: what else holds
  std::vector<std::pair<bool, std::string>> compiled_;
  GateState told_gate_;
  std::string posture_ = "{}";
  std::vector<std::pair<std::string, std::string>> troubles_;  ///< subject, text

  // The uplink's alone.
  std::unique_ptr<Identity> identity_;
  PolicyKeeper policy_;
  Link link_;
  std::unique_ptr<BatchSender> sender_;
  Witness witness_;
  Backoff backoff_, refused_;
  int64_t hold_until_ = 0;
  int64_t due_[kJobs] = {};
  int64_t waits_since_ = -1;
  int64_t policy_tried_ = -1'000'000;  ///< monotonic
  uint64_t counter_ = 0;               ///< of the last command
  uint64_t baseline_ = 0;              ///< not enrolled yet: the local log counts from behind here on
  bool was_stale_ = false;
  std::vector<Remark> early_;  ///< to be written when there is a chain
};

}  // namespace cmdai::device
