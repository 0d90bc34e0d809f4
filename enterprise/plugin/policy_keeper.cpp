#include "enterprise/plugin/policy_keeper.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "enterprise/plugin/checked_file.hpp"
#include "enterprise/plugin/json_members.hpp"

namespace cmdai::device {
namespace {

using Json = nlohmann::json;

constexpr const char* kTrustFile = "trust";
constexpr const char* kMarksFile = "policies";
constexpr unsigned kMostRoots = 64;
constexpr int64_t kStoreTimeMs = 600'000;

std::string policy_file(uint64_t version) { return fmt::format("policy-{}", version); }

Json pointer_json(const std::optional<wire::PolicyPointer>& pointer) {
  if (!pointer) return nullptr;
  return {{"version", pointer->version}, {"length", pointer->length}, {"sha512", pointer->sha512.hex()}};
}

std::optional<wire::PolicyPointer> read_pointer(const Json& json) {
  if (!json.is_object() || !json.contains("version") || !json.contains("length") ||
      !json.contains("sha512") || !json["version"].is_number_unsigned() ||
      !json["length"].is_number_unsigned() || !json["sha512"].is_string())
    return std::nullopt;
  const auto sha = wire::Sha512::from_hex(json["sha512"].get<std::string>());
  if (!sha) return std::nullopt;
  return wire::PolicyPointer{json["version"].get<uint64_t>(), json["length"].get<uint64_t>(), *sha};
}

Remark damaged(std::string_view file, std::string_view why) {
  return {"policy.damaged", fmt::format(R"("file":{},"text":{})", json_string(file), json_string(why))};
}

}  // namespace

Result<void> PolicyKeeper::start(std::string_view provisioned) {
  if (auto done = load_trust(provisioned); !done) return done;
  load_marks();
  if (good_) active_ = load(*good_);
  if (const auto newest = trust_->policy; newest && newest != good_ && newest != broken_)
    candidate_ = load(*newest);
  if (trust_->policy && trust_->policy != broken_ && !candidate_ && !active_) fetch_again_ = true;
  if (good_ && !active_ && trust_->policy == good_) fetch_again_ = true;
  return {};
}

Result<void> PolicyKeeper::load_trust(std::string_view provisioned) {
  auto first = wire::trust_first_root(provisioned, clock_.now_ms());
  auto bytes = disk_.read(kTrustFile);
  if (bytes) {
    auto state = wire::read_trust_state(*bytes);
    if (state) {
      trust_ = std::make_unique<wire::TrustState>(std::move(*state));
      stored_time_ = trust_->newest_time;
      // A newer root that was provisioned by hand is as good as one that was fetched.
      if (first && first->root.version > trust_->root.version) trust_->root = first->root;
      return {};
    }
    remarks_.push_back(damaged(kTrustFile, state.error().text));
  } else if (bytes.error().kind != Problem::Kind::missing) {
    remarks_.push_back(damaged(kTrustFile, bytes.error().text));
  }
  if (!first)
    return fail(Problem::Kind::refused, fmt::format("the root of trust is not good ({}): {}",
                                                    wire::word(first.error().reason), first.error().text));
  trust_ = std::make_unique<wire::TrustState>(std::move(*first));
  return store_trust(*trust_);
}

void PolicyKeeper::load_marks() {
  auto body = read_checked(disk_, kMarksFile, "policies");
  if (!body) {
    if (body.error().kind != Problem::Kind::missing)
      remarks_.push_back(damaged(kMarksFile, body.error().text));
    return;
  }
  const Json json = Json::parse(*body, nullptr, false);
  if (!json.is_object()) return;
  if (json.contains("good")) good_ = read_pointer(json["good"]);
  if (json.contains("broken")) broken_ = read_pointer(json["broken"]);
}

Result<void> PolicyKeeper::store_marks() {
  return write_checked(disk_, kMarksFile, "policies",
                       Json{{"good", pointer_json(good_)}, {"broken", pointer_json(broken_)}}.dump());
}

Result<void> PolicyKeeper::store_trust(const wire::TrustState& state) {
  auto done = disk_.replace(kTrustFile, wire::write(state));
  if (done) stored_time_ = state.newest_time;
  return done;
}

std::optional<PolicyKeeper::Kept> PolicyKeeper::load(const wire::PolicyPointer& pointer) {
  const std::string name = policy_file(pointer.version);
  const auto wrong = [&](std::string_view why) -> std::optional<Kept> {
    remarks_.push_back(damaged(name, why));
    return std::nullopt;
  };
  auto bytes = disk_.read(name);
  if (!bytes) return wrong(bytes.error().text);
  if (wire::point_to(pointer.version, *bytes) != pointer)
    return wrong("these are not the bytes that were accepted");
  const auto envelope = wire::read_envelope(*bytes);
  if (!envelope) return wrong(envelope.error().text);
  // A key that was taken from the role since then does not unsay what counted when it was accepted: the bytes
  // are the accepted ones. Anything else that is wrong with the signatures is.
  if (auto signed_well =
          wire::check_signatures(*envelope, wire::Document::policy, trust_->root.signers(wire::Role::policy));
      !signed_well && signed_well.error().reason != wire::Reason::wrong_role &&
      signed_well.error().reason != wire::Reason::threshold)
    return wrong(signed_well.error().text);
  auto policy = wire::read_policy(envelope->payload);
  if (!policy) return wrong(policy.error().text);
  return Kept{pointer, std::move(*policy)};
}

tl::unexpected<Problem> PolicyKeeper::refused(const wire::Refusal& refusal, const char* what) {
  const std::string word(wire::word(refusal.reason));
  const std::string about = fmt::format(R"("refusal":{{"reason":"{}","document":"{}","text":{}}})", word,
                                        what, json_string(refusal.text));
  if (about != last_refusal_) remarks_.emplace_back("policy.refused", about);
  last_refusal_ = about;
  return fail(Problem::Kind::refused, fmt::format("{} refused ({}): {}", what, word, refusal.text));
}

Result<void> PolicyKeeper::pull_roots(const Get& get) {
  for (unsigned i = 0; i < kMostRoots; ++i) {
    auto bytes = get(fmt::format("/v1/policy/root/{}", trust_->root.version + 1));
    if (!bytes && bytes.error().kind == Problem::Kind::missing) return {};
    if (!bytes) return fail(bytes.error());
    auto next = wire::accept_root(*trust_, *bytes);
    if (!next) return refused(next.error(), "root");
    if (auto done = store_trust(*next); !done) return done;
    *trust_ = std::move(*next);
  }
  return {};
}

Result<bool> PolicyKeeper::pull(const Get& get) {
  if (auto done = pull_roots(get); !done) return fail(done.error());
  wire::PolicySet set;
  auto timestamp = get("/v1/policy/timestamp");
  if (!timestamp && timestamp.error().kind == Problem::Kind::missing) return false;
  if (!timestamp) return fail(timestamp.error());
  set.timestamp = std::move(*timestamp);
  const auto judged = wire::accept_timestamp(*trust_, set.timestamp, clock_.now_ms());
  if (!judged) return refused(judged.error(), "timestamp");
  const auto& named = judged->timestamp.policy;
  const bool have =
      named && (active_ || candidate_ || broken_ == named) && trust_->policy == named && !fetch_again_;
  if (named && !have) {
    auto policy = get("/v1/policy/current");
    if (!policy && policy.error().kind == Problem::Kind::missing)
      return refused({wire::Reason::content_mismatch, "the policy its timestamp names is not there"},
                     "policy");
    if (!policy) return fail(policy.error());
    set.policy = std::move(*policy);
  }
  return take(set);
}

Result<bool> PolicyKeeper::take(const wire::PolicySet& set) {
  auto accepted = wire::accept_set(*trust_, set, daemon_, clock_.now_ms());
  if (!accepted) return refused(accepted.error(), set.policy.empty() ? "timestamp" : "policy");
  const std::optional<wire::PolicyPointer> named = accepted->state.policy;
  const bool is_new = accepted->policy.has_value() && !set.policy.empty() && named.has_value();
  if (is_new && named) {
    // The bytes, then the state that names them, then it counts.
    if (auto done = disk_.replace(policy_file(named->version), set.policy); !done) return fail(done.error());
  }
  if (auto done = store_trust(accepted->state); !done) return fail(done.error());
  std::optional<wire::Policy> policy = std::move(accepted->policy);
  *trust_ = std::move(accepted->state);
  last_refusal_.clear();
  if (!is_new || !named || !policy) return false;
  fetch_again_ = false;
  candidate_ = Kept{*named, std::move(*policy)};
  return true;
}

std::vector<wire::PolicyText> PolicyKeeper::documents() const {
  if (candidate_) return candidate_->policy.documents;
  return active_ ? active_->policy.documents : std::vector<wire::PolicyText>();
}

bool PolicyKeeper::compiled(bool worked, std::string_view text) {
  if (!candidate_) return true;
  if (worked) {
    active_ = std::move(candidate_);
    good_ = active_->pointer;
    broken_.reset();
  } else {
    broken_ = candidate_->pointer;
    remarks_.emplace_back(
        "policy.refused",
        fmt::format(R"("refusal":{{"reason":"{}","document":"policy","version":{},"text":{}}})",
                    wire::word(wire::Reason::does_not_compile), broken_->version, json_string(text)));
  }
  candidate_.reset();
  if (auto done = store_marks(); done && worked) forget_others();
  return worked;
}

void PolicyKeeper::forget_others() {
  const auto names = disk_.names();
  if (!names || !good_) return;
  for (const std::string& name : *names)
    if (name.rfind("policy-", 0) == 0 && name != policy_file(good_->version)) (void)disk_.remove(name);
}

void PolicyKeeper::note_time(wire::Millis signed_time) {
  if (!trust_) return;
  wire::note_time(*trust_, signed_time);
  if (trust_->newest_time - stored_time_ > kStoreTimeMs) (void)store_trust(*trust_);
}

bool PolicyKeeper::stale() const {
  return trust_ && active_ && wire::is_stale(*trust_, active_->policy, clock_.now_ms());
}

wire::OnStale PolicyKeeper::on_stale() const {
  return active_ ? active_->policy.on_stale : wire::OnStale::allow;
}

}  // namespace cmdai::device
