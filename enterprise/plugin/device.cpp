#include "enterprise/plugin/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "enterprise/plugin/checked_file.hpp"

namespace cmdai::device {
namespace {

constexpr const char* kBaselineFile = "baseline";
constexpr int64_t kSyncMs = 200;
constexpr int64_t kIdleMs = 1000;

wire::BootId boot_of(std::string text) {
  std::erase(text, '-');
  return wire::BootId::from_hex(text).value_or(wire::BootId{});
}

std::string_view mode_text(Recorder::Mode mode) {
  switch (mode) {
    case Recorder::Mode::ok: return "ok";
    case Recorder::Mode::digest: return "nearly full";
    case Recorder::Mode::full: return "full";
    case Recorder::Mode::broken: return "cannot be written";
  }
  return "";
}

}  // namespace

Device::Device(DeviceParts parts, Settings settings, Machine machine)
    : parts_(std::move(parts)),
      settings_(std::move(settings)),
      machine_(std::move(machine)),
      boot_(boot_of(machine_.boot_id)),
      policy_(parts_.disk, parts_.clock, machine_.daemon_version),
      link_(parts_.transport, parts_.sent, parts_.clock),
      witness_(parts_.disk) {}

Result<void> Device::start() {
  if (auto done = policy_.start(settings_.root); !done) return done;
  if (!settings_.tenant.empty() && settings_.tenant != policy_.root().tenant)
    return fail(Problem::Kind::refused, fmt::format("the root of trust is of `{}`, not of `{}`",
                                                    policy_.root().tenant, settings_.tenant));
  for (Remark& r : policy_.take_remarks()) remark(std::move(r));
  load_baseline();
  load_counter();
  if (auto odd = witness_.start(policy_.root().origin(), collector_keys())) remark(std::move(*odd));
  auto identity = load_identity(parts_.disk);
  if (identity) {
    identity_ = std::make_unique<Identity>(std::move(*identity));
    // Its first key must not outlive its use; a crash may have left it here.
    (void)remove_secret(parts_.disk, kEnrollingFile);
    if (auto done = start_chain(); !done) chain_lost(done.error());
  } else if (identity.error().kind != Problem::Kind::missing) {
    trouble("identity", identity.error().text + ": this device has to enroll again");
  }
  publish();
  look_at_gate();
  return {};
}

void Device::chain_lost(const Problem& problem) {
  trouble("chain", problem.text);
  if (problem.kind != Problem::Kind::damaged && problem.kind != Problem::Kind::missing) return;
  // Without its ratchet the chain cannot go on: a new one, with a new token.
  trouble("identity", "the chain's state is gone or damaged: this device has to enroll again");
  {
    const std::lock_guard hold(recorder_lock_);
    recorder_.reset();
  }
  sender_.reset();
  identity_.reset();
  remark({"state.damaged", R"("file":"chain")"});
}

void Device::load_baseline() {
  // Kept over restarts: what happened since the plugin was provisioned waits for the enrollment.
  baseline_ = machine_.last_event;
  if (auto body = read_checked(parts_.disk, kBaselineFile, "baseline"); body) {
    const auto json = nlohmann::json::parse(*body, nullptr, false);
    if (json.is_number_unsigned()) baseline_ = json.get<uint64_t>();
    return;
  }
  (void)write_checked(parts_.disk, kBaselineFile, "baseline", std::to_string(baseline_));
}

Result<void> Device::start_chain() {
  RecorderOptions options;
  options.spool.cap = settings_.spool_cap;
  options.spool.segment = std::min(uint64_t{1} << 20U, settings_.spool_cap / 16);
  options.boot = boot_;
  auto recorder = std::make_unique<Recorder>(parts_.disk, parts_.clock, event_context(), options);
  sender_ = std::make_unique<BatchSender>(parts_.disk, *recorder, recorder_lock_);
  if (auto done = sender_->start(identity_->device, identity_->chain); !done)
    remark({"receipt.damaged", R"("file":"receipt")"});
  auto done = recorder->start(sender_->below());
  for (Remark& r : early_) recorder->note(std::move(r.first), std::move(r.second));
  early_.clear();
  const std::lock_guard hold(recorder_lock_);
  recorder_ = std::move(recorder);
  return done;
}

EventContext Device::event_context() const {
  EventContext context;
  context.tenant = identity_->said.tenant;
  context.device = identity_->device.hex();
  context.host = machine_.host;
  context.os = machine_.os;
  context.serial_hash = settings_.serial_hash;
  context.version = machine_.daemon_version;
  context.binary = machine_.daemon_sha256;
  context.assurance = settings_.assurance;
  context.user = machine_.user;
  context.boot_id = boot_.hex();
  context.uid = machine_.uid;
  context.privacy = settings_.privacy;
  context.break_glass = settings_.break_glass;
  context.tenant_key = identity_->keys->tenant.clone();
  return context;
}

void Device::stop() {
  const std::lock_guard hold(recorder_lock_);
  if (!recorder_) return;
  if (auto done = recorder_->stop(); !done)
    parts_.listener.tell(true, "the spool did not end in order: " + done.error().text);
}

Result<void> Device::record(uint64_t local_seq, std::string_view line) {
  Result<void> done;
  {
    const std::lock_guard hold(recorder_lock_);
    if (!recorder_) return fail(Problem::Kind::other, "this device is not enrolled yet");
    done = recorder_->record(local_seq, line);
  }
  if (!done) look_at_gate();
  return done;
}

uint64_t Device::recorded() const {
  const std::lock_guard hold(recorder_lock_);
  return recorder_ ? recorder_->recorded() : baseline_;
}

int64_t Device::sync() {
  bool moved = false;
  int64_t again = kIdleMs;
  {
    const std::lock_guard hold(recorder_lock_);
    if (!recorder_) return kIdleMs;
    const uint64_t before = recorder_->recorded();
    (void)recorder_->sync();  // what is wrong, the gate says
    if (recorder_->unsynced()) again = kSyncMs;
    moved = recorder_->recorded() != before;
  }
  if (moved) parts_.listener.recorded_changed();
  look_at_gate();
  return again;
}

std::vector<wire::PolicyText> Device::documents() const {
  const std::lock_guard hold(state_lock_);
  return documents_;
}

std::vector<std::string> Device::groups() const {
  const std::lock_guard hold(state_lock_);
  return groups_;
}

void Device::compiled(bool worked, std::string_view text) {
  const std::lock_guard hold(state_lock_);
  compiled_.emplace_back(worked, std::string(text));
}

void Device::posture(std::string_view json) {
  const std::lock_guard hold(state_lock_);
  posture_ = json;
}

GateState Device::gate() const {
  Recorder::Mode mode = Recorder::Mode::ok;
  std::string why;
  {
    const std::lock_guard hold(recorder_lock_);
    if (recorder_) {
      mode = recorder_->mode();
      why = recorder_->trouble();
    }
  }
  if (mode == Recorder::Mode::full || mode == Recorder::Mode::broken) {
    if (settings_.on_full == WhenFull::allow) return {};
    return {settings_.on_full, "spool-full",
            mode == Recorder::Mode::full ? "what happens here can no longer be recorded: the spool is full"
                                         : "what happens here can no longer be recorded: " + why,
            "`cmdai audit status` says since when the collector has not answered, and how full the disk is"};
  }
  const std::lock_guard hold(state_lock_);
  if (!stale_ || *stale_ == WhenFull::allow) return {};
  return {*stale_, "policy-stale", "the organization's policy ran out and no newer one has come",
          "`cmdai audit status` says when the collector was reached last"};
}

void Device::look_at_gate() {
  const GateState now = gate();
  {
    const std::lock_guard hold(state_lock_);
    if (now == told_gate_) return;
    told_gate_ = now;
  }
  parts_.listener.gate_changed();
}

void Device::trouble(std::string_view subject, const std::string& text) {
  bool changed = false;
  {
    const std::lock_guard hold(state_lock_);
    const auto same = [&](const auto& one) { return one.first == subject; };
    const auto at = std::find_if(troubles_.begin(), troubles_.end(), same);
    changed = at == troubles_.end() ? !text.empty() : at->second != text;
    if (at != troubles_.end()) troubles_.erase(at);
    if (!text.empty()) troubles_.emplace_back(subject, text);
  }
  if (changed && !text.empty()) parts_.listener.tell(true, text);
}

void Device::remark(Remark remark) {
  parts_.listener.tell(true, remark.first + " " + remark.second);
  const std::lock_guard hold(recorder_lock_);
  if (recorder_)
    recorder_->note(std::move(remark.first), std::move(remark.second));
  else if (early_.size() < 64)
    early_.push_back(std::move(remark));
}

void Device::publish() {
  DeviceStatus now;
  now.enrolled = identity_ != nullptr;
  now.collector = settings_.collector.authority() + settings_.collector.prefix;
  now.tenant = policy_.root().tenant;
  if (identity_) {
    now.device = identity_->device.hex();
    now.certificate_until_ms = identity_->said.not_after;
  }
  now.root = policy_.root().version;
  now.timestamp = policy_.trust().timestamp_version;
  now.policy = policy_.version();
  now.policy_stale = policy_.stale();
  now.privacy = settings_.privacy;
  now.last_contact_ms = link_.last_contact_ms();
  if (sender_) now.waiting = sender_->waiting();
  std::optional<WhenFull> stale;
  if (now.policy_stale) {
    const wire::OnStale said = policy_.on_stale();
    stale = said == wire::OnStale::block  ? WhenFull::block
            : said == wire::OnStale::warn ? WhenFull::warn
                                          : WhenFull::allow;
    if (settings_.on_stale) stale = settings_.on_stale;
  }
  const std::lock_guard hold(state_lock_);
  status_ = now;
  stale_ = stale;
  documents_ = policy_.documents();
  groups_ = identity_ ? identity_->said.groups : std::vector<std::string>();
}

DeviceStatus Device::status() const {
  DeviceStatus now;
  {
    const std::lock_guard hold(state_lock_);
    now = status_;
    for (const auto& [subject, text] : troubles_) now.troubles.push_back(text);
  }
  const std::lock_guard hold(recorder_lock_);
  if (!recorder_) return now;
  now.mode = recorder_->mode();
  now.next = recorder_->place().seq + 1;
  now.spool_bytes = recorder_->spool_bytes();
  if (now.mode == Recorder::Mode::full || now.mode == Recorder::Mode::broken)
    now.troubles.push_back(fmt::format("the spool is {}{}{}", mode_text(now.mode),
                                       recorder_->trouble().empty() ? "" : ": ", recorder_->trouble()));
  return now;
}

}  // namespace cmdai::device
