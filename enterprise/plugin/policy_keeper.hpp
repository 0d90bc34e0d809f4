#pragma once
// The organization's policy on this device: what is in force, how a newer one is fetched and believed
// (docs/collector-protocol.md, Accepting a policy), and what is kept on the disk: the state of trust, and the
// policy with its signatures, checked again at each start. One caller at a time.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enterprise/plugin/clock.hpp"
#include "enterprise/plugin/disk.hpp"
#include "enterprise/plugin/transport.hpp"
#include "enterprise/protocol/policy_trust.hpp"

namespace cmdai::device {

/// An event the plugin has to write: type, and its JSON members.
using Remark = std::pair<std::string, std::string>;

class PolicyKeeper {
 public:
  PolicyKeeper(Disk& disk, Clock& clock, std::string daemon_version)
      : disk_(disk), clock_(clock), daemon_(std::move(daemon_version)) {}

  /// `provisioned`: envelope of the root that the managed configuration names.
  Result<void> start(std::string_view provisioned);

  const wire::TrustState& trust() const { return *trust_; }
  const wire::Root& root() const { return trust_->root; }
  bool ready() const { return trust_ != nullptr; }

  /// GET of a target; Kind::missing: the collector says (signed) that there is none.
  using Get = std::function<Result<std::string>(const std::string& target)>;
  /// Fetches and judges. True: documents() has something new. Kind::refused: not believed, and remarked.
  Result<bool> pull(const Get& get);

  /// What the daemon is to compile: the newest that was accepted, else the last that compiled.
  std::vector<wire::PolicyText> documents() const;
  /// What the daemon said to it. False: documents() is another one now.
  bool compiled(bool worked, std::string_view text);

  void note_time(wire::Millis signed_time);
  bool stale() const;
  wire::OnStale on_stale() const;
  uint64_t version() const { return active_ ? active_->policy.version : 0; }
  /// A file was damaged, or one was refused: to be fetched again although its version is the same.
  bool fetch_again() const { return fetch_again_; }

  std::vector<Remark> take_remarks() { return std::exchange(remarks_, {}); }

 private:
  struct Kept {
    wire::PolicyPointer pointer;
    wire::Policy policy;
  };
  Result<void> store_trust(const wire::TrustState& state);
  Result<void> store_marks();
  void load_marks();
  Result<void> load_trust(std::string_view provisioned);
  std::optional<Kept> load(const wire::PolicyPointer& pointer);
  Result<void> pull_roots(const Get& get);
  Result<bool> take(const wire::PolicySet& set);
  tl::unexpected<Problem> refused(const wire::Refusal& refusal, const char* what);
  void forget_others();

  Disk& disk_;
  Clock& clock_;
  std::string daemon_;
  std::unique_ptr<wire::TrustState> trust_;           ///< from start() on
  std::optional<Kept> active_;                        ///< compiled
  std::optional<Kept> candidate_;                     ///< accepted, not compiled yet
  std::optional<wire::PolicyPointer> good_, broken_;  ///< the last that compiled, the last that did not
  bool fetch_again_ = false;
  std::string last_refusal_;
  std::vector<Remark> remarks_;
  int64_t stored_time_ = 0;
};

}  // namespace cmdai::device
