// What is due towards the collector, one thing at a time.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "enterprise/plugin/checked_file.hpp"
#include "enterprise/plugin/device.hpp"
#include "enterprise/protocol/command.hpp"

namespace cmdai::device {
namespace {

constexpr int64_t kGatherMs = 2000;  ///< plain events wait so long for others
constexpr int64_t kLookMs = 200;     ///< how often step() wants to look while events gather
constexpr int64_t kRestMs = 1000;
constexpr int64_t kPolicyMs = 3'600'000;  ///< asked for without a hint that there is one
constexpr int64_t kRetryMs = 60'000;
constexpr const char* kCounterFile = "commands";

}  // namespace

Link::Signer Device::signer() const { return {&identity_->keys->signing, identity_->device}; }

std::vector<wire::PublicKey> Device::collector_keys() const {
  return policy_.root().public_keys(wire::Role::collector);
}

int64_t Device::step() {
  take_compiled();
  const int64_t now = parts_.clock.mono_ms();
  if (now < hold_until_) return hold_until_;
  if (!identity_ || !sender_) return enroll();
  if (const auto job = next_job()) {
    run(*job);
    for (Remark& r : policy_.take_remarks()) remark(std::move(r));
    publish();
    look_at_gate();
    return std::max(parts_.clock.mono_ms(), hold_until_);
  }
  const bool stale = policy_.stale();
  if (stale && !was_stale_) remark({"policy.stale", fmt::format(R"("version":{})", policy_.version())});
  if (stale != was_stale_) {
    was_stale_ = stale;
    publish();
    look_at_gate();
  }
  return now + (waits_since_ < 0 ? kRestMs : kLookMs);
}

std::optional<Device::Job> Device::next_job() {
  const int64_t now = parts_.clock.mono_ms();
  if (policy_.fetch_again() || link_.keys_in_doubt())
    due(Job::policy) = std::min(due(Job::policy), policy_tried_ + kRetryMs);
  const auto& said = identity_->said;
  const bool old = parts_.clock.now_ms() > said.not_before + (said.not_after - said.not_before) / 3 * 2;
  if (old && now >= due(Job::rekey)) return Job::rekey;
  if (const uint64_t waits = sender_->waiting(); waits > 0) {
    if (waits_since_ < 0) waits_since_ = now;
    const bool enough =
        waits >= wire::kUsualBatchEvents || sender_->urgent() || now - waits_since_ >= kGatherMs;
    if (enough && now >= due(Job::events)) return Job::events;
  } else {
    waits_since_ = -1;
  }
  if (now >= due(Job::heartbeat)) return Job::heartbeat;
  if (now >= due(Job::policy)) return Job::policy;
  if (witness_.question() && now >= due(Job::consistency)) return Job::consistency;
  return std::nullopt;
}

void Device::run(Job job) {
  const int64_t now = parts_.clock.mono_ms();
  switch (job) {
    case Job::events: return send_events();
    case Job::heartbeat: due(job) = now + settings_.heartbeat_ms; return send_heartbeat();
    case Job::policy:
      due(job) = now + kRetryMs;
      policy_tried_ = now;
      return pull_policy();
    case Job::consistency: due(job) = now + kRetryMs; return ask_consistency();
    case Job::rekey: due(job) = now + kRetryMs; return rekey();
  }
}

std::optional<Incoming> Device::ask(Outgoing request, Link::Proof proof) {
  auto answer = link_.exchange(signer(), collector_keys(), std::move(request), proof);
  if (!answer) {
    trouble("contact", "the collector does not answer: " + answer.error().text);
    back_off();
    return std::nullopt;
  }
  trouble("contact", {});
  if (answer->status == 429 || answer->status == 503) {
    back_off(answer->retry_after_s.value_or(0));
    return std::nullopt;
  }
  if (answer->status == 401 || answer->status == 403) {
    trouble("refused",
            fmt::format("the collector refuses this device ({}): events are kept here", answer->status));
    back_off();
    return std::nullopt;
  }
  trouble("refused", {});
  backoff_.worked();
  return std::move(*answer);
}

void Device::back_off(std::optional<int64_t> retry_after_s) {
  std::optional<int64_t> asked;
  if (retry_after_s) asked = std::clamp<int64_t>(*retry_after_s, 0, 86400) * 1000;
  hold_until_ = parts_.clock.mono_ms() + backoff_.failed(parts_.random, asked);
}

void Device::send_events() {
  const auto batch = sender_->next(boot_, parts_.clock.now_ms());
  if (!batch) {
    due(Job::events) = parts_.clock.mono_ms() + kRetryMs;
    return;
  }
  const auto answer = ask(BatchSender::request(*batch, identity_->keys->signing));
  if (!answer) return;
  std::optional<wire::BatchAnswer> told;
  const BatchSender::Outcome outcome = sender_->answered(*batch, *answer, collector_keys(), told);
  if (told) {
    policy_.note_time(told->time);
    newer_timestamp(told->timestamp);
    take_commands(told->commands);
    due(Job::events) =
        parts_.clock.mono_ms() + static_cast<int64_t>(std::min<uint64_t>(told->throttle_ms, 3'600'000));
  }
  after_batch(outcome, *answer);
}

void Device::after_batch(BatchSender::Outcome outcome, const Incoming& answer) {
  using Outcome = BatchSender::Outcome;
  const int64_t now = parts_.clock.mono_ms();
  switch (outcome) {
    case Outcome::stored:
      refused_.worked();
      waits_since_ = -1;
      trouble("events", {});
      return;
    case Outcome::resume:
    case Outcome::smaller: due(Job::events) = now; return;
    case Outcome::later:
    case Outcome::forbidden:
      trouble("events", sender_->trouble());
      due(Job::events) = now + refused_.failed(parts_.random, answer.retry_after_s);
      return;
    case Outcome::refused:
      trouble("events", sender_->trouble() + "; events are kept here");
      due(Job::events) = now + Backoff::kMostMs / 2 + parts_.random(Backoff::kMostMs / 2);
      return;
  }
}

wire::Heartbeat Device::heartbeat() const {
  wire::Heartbeat beat;
  beat.boot = boot_;
  beat.chain = identity_->chain;
  beat.time = parts_.clock.now_ms();
  beat.mono_ms = static_cast<uint64_t>(std::max<int64_t>(0, parts_.clock.mono_ms()));
  {
    const std::lock_guard hold(recorder_lock_);
    const Recorder::Mode mode = recorder_->mode();
    const ChainPlace place = recorder_->place();
    beat.next = place.seq + 1;
    beat.head = place.hash;
    beat.oldest = std::min(beat.next, sender_->below().seq + 1);
    beat.spool_bytes = recorder_->spool_bytes();
    beat.spool = mode == Recorder::Mode::ok       ? wire::SpoolState::ok
                 : mode == Recorder::Mode::digest ? wire::SpoolState::digest
                                                  : wire::SpoolState::full;
  }
  beat.root = policy_.root().version;
  beat.timestamp = policy_.trust().timestamp_version;
  beat.policy = policy_.version();
  beat.stale = policy_.stale();
  beat.version = machine_.daemon_version;
  beat.binary = machine_.daemon_sha256;
  beat.assurance = settings_.assurance;
  beat.checkpoint = witness_.size();
  const std::lock_guard hold(state_lock_);
  beat.posture = posture_;
  return beat;
}

void Device::send_heartbeat() {
  wire::Heartbeat beat = heartbeat();
  std::string body = wire::write(beat);
  if (body.size() > wire::kMaxHeartbeat) {  // never silent because it has too much to say
    beat.posture = fmt::format(R"({{"truncated":{}}})", beat.posture.size());
    body = wire::write(beat);
  }
  const auto answer = ask({"POST", "/v1/heartbeat", {{"Content-Type", "application/json"}}, std::move(body)});
  if (!answer) return;
  if (answer->status != 200)
    return trouble("heartbeat", fmt::format("a heartbeat was answered with {}", answer->status));
  trouble("heartbeat", {});
  take_heartbeat_answer(answer->body);
}

void Device::take_heartbeat_answer(const std::string& body) {
  const auto said = wire::read_heartbeat_answer(body);
  if (!said) return trouble("heartbeat", "the answer to a heartbeat cannot be read");
  policy_.note_time(said->time);
  newer_timestamp(said->timestamp);
  if (!said->checkpoint.empty())
    if (auto odd = witness_.saw(said->checkpoint, policy_.root().origin(), collector_keys()))
      remark(std::move(*odd));
  take_commands(said->commands);
}

void Device::newer_timestamp(uint64_t version) {
  if (version > policy_.trust().timestamp_version)
    due(Job::policy) = std::min(due(Job::policy), parts_.clock.mono_ms());
}

void Device::pull_policy() {
  const auto get = [this](const std::string& target) -> Result<std::string> {
    const auto answer = ask({"GET", target, {}, {}}, Link::Proof::content);
    if (!answer) return fail(Problem::Kind::no_answer, "no answer");
    if (answer->status == 404) return fail(Problem::Kind::missing, "there is none");
    if (answer->status != 200)
      return fail(Problem::Kind::other, fmt::format("{} was answered with {}", target, answer->status));
    return answer->body;
  };
  const auto done = policy_.pull(get);
  link_.trust_again();
  if (!done) {
    if (done.error().kind != Problem::Kind::no_answer) trouble("policy", done.error().text);
    return;
  }
  trouble("policy", {});
  due(Job::policy) = parts_.clock.mono_ms() + kPolicyMs;
  if (!*done) return;
  publish();
  parts_.listener.policy_changed();
}

void Device::take_compiled() {
  std::vector<std::pair<bool, std::string>> said;
  {
    const std::lock_guard hold(state_lock_);
    said.swap(compiled_);
  }
  for (const auto& [worked, text] : said) {
    policy_.compiled(worked, text);
    for (Remark& r : policy_.take_remarks()) remark(std::move(r));
  }
  if (!said.empty()) publish();
}

void Device::ask_consistency() {
  const auto question = witness_.question();
  if (!question) return;
  const auto answer = ask({"GET", *question, {}, {}});
  if (!answer) return;
  if (auto odd = witness_.answered(answer->status, answer->body)) remark(std::move(*odd));
}

void Device::take_commands(const std::vector<std::string>& envelopes) {
  for (const std::string& envelope : envelopes) take_command(envelope);
}

void Device::take_command(const std::string& envelope) {
  const auto command =
      wire::accept_command(envelope, policy_.root(), identity_->device, counter_, settings_.allowed_commands,
                           policy_.trust().now(parts_.clock.now_ms()));
  const auto read = wire::read_envelope(envelope);
  const auto said = read ? wire::read_command(read->payload) : tl::unexpected(read.error());
  if (!command) {
    // A collector that has not heard yet sends it again; that is no attack.
    if (command.error().reason == wire::Reason::replay) return;
    if (command.error().reason == wire::Reason::not_allowed && said) {
      counter_ = said->counter;
      (void)store_counter();
    }
    return remark({"command.refused", fmt::format(R"("refusal":{{"reason":"{}","document":"command"}})",
                                                  wire::word(command.error().reason))});
  }
  counter_ = command->counter;
  if (auto done = store_counter(); !done) return trouble("command", done.error().text);
  const int64_t now = parts_.clock.mono_ms();
  if (command->type == "pull-policy") due(Job::policy) = now;
  if (command->type == "heartbeat") due(Job::heartbeat) = now;
  if (command->type == "rekey") rekey();
}

Result<void> Device::store_counter() {
  return write_checked(parts_.disk, kCounterFile, "commands", std::to_string(counter_));
}

void Device::load_counter() {
  auto body = read_checked(parts_.disk, kCounterFile, "commands");
  if (!body) {
    if (body.error().kind != Problem::Kind::missing) remark({"state.damaged", R"("file":"commands")"});
    return;
  }
  const auto json = nlohmann::json::parse(*body, nullptr, false);
  if (json.is_number_unsigned()) counter_ = json.get<uint64_t>();
}

}  // namespace cmdai::device
