#pragma once
// A collector without sockets, as the page describes it: checks with check_batch, keeps what it has in
// memory, and loses, repeats and delays what a network does. Also the organization's keys.
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "enterprise/plugin/clock.hpp"
#include "enterprise/plugin/transport.hpp"
#include "enterprise/protocol/batch_check.hpp"
#include "enterprise/protocol/checkpoint.hpp"
#include "enterprise/protocol/merkle.hpp"
#include "enterprise/protocol/request_auth.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::device {

/// Keys of the roles and what they signed.
class Organization {
 public:
  Organization();
  std::string root_envelope() const;
  std::string policy_envelope(uint64_t version, int64_t now, const std::string& text) const;
  std::string timestamp_envelope(uint64_t version, int64_t now, const std::string& policy,
                                 uint64_t policy_version) const;
  std::string forged_policy(uint64_t version, int64_t now) const;  ///< by a key of no role

  wire::SigningKey root1, root2, policy, timestamp, collector, enrollment, stranger;
  wire::BoxKey box;
  wire::Root root;
  wire::Key32 token, tenant_key;
};

/// One for all: keys are slow to make.
const Organization& organization();

struct Network {
  unsigned loses_request = 0, loses_answer = 0, delays = 0, refuses = 0, strips = 0;  ///< in a hundred
  bool down = false;
};

class CollectorModel : public Transport {
 public:
  CollectorModel(Clock& true_clock, uint64_t seed);
  Result<Incoming> exchange(const Outgoing& request) override;
  /// What was delayed comes in now.
  void deliver_delayed();
  void publish_policy(const std::string& text);
  void publish_forged_policy();
  void replay_last_batch();

  Network network;
  size_t most_body = wire::kMaxBody;
  /// What somebody has to look at: `fork`, `tamper`, `gap`.
  std::multiset<std::string> alarms;
  std::vector<wire::DeclaredGap> declared;
  std::map<uint64_t, std::string> events;  ///< by number
  std::vector<wire::Checkpoint> checkpoints;
  bool forks_log = false;  ///< shows a log that was rewritten
  unsigned enrollments = 0, heartbeats = 0, batches = 0;
  std::optional<wire::DeviceCertificate> device;

 private:
  Incoming answer_of(const Outgoing& request);
  Incoming signed_answer(const Outgoing& request, int status, std::string body);
  Incoming enroll(const Outgoing& request);
  std::pair<int, std::string> handle(const Outgoing& request);
  std::pair<int, std::string> batch(const std::string& body);
  std::pair<int, std::string> receipt() const;
  std::pair<int, std::string> heartbeat(const std::string& body);
  std::pair<int, std::string> document(const std::string& target);
  bool one_in_hundred(unsigned chance) { return random_() % 100 < chance; }

  Clock& clock_;
  std::mt19937_64 random_;
  std::optional<wire::ChainState> chain_;
  std::map<uint64_t, wire::Digest> hashes_;
  wire::NonceWindow nonces_;
  std::string enroll_answer_;
  std::vector<Outgoing> delayed_;
  std::string last_batch_;
  uint64_t policy_version_ = 0, timestamp_version_ = 0;
  std::string policy_, timestamp_;
  wire::Frontier log_;
  std::map<std::pair<unsigned, uint64_t>, wire::TreeHash> nodes_;
};

}  // namespace cmdai::device
