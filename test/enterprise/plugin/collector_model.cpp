#include "test/enterprise/plugin/collector_model.hpp"

#include <fmt/format.h>

#include <array>

#include "enterprise/protocol/compression.hpp"
#include "enterprise/protocol/enrollment.hpp"
#include "enterprise/protocol/heartbeat.hpp"
#include "enterprise/protocol/receipt.hpp"
#include "enterprise/protocol/rekey.hpp"

namespace cmdai::device {
namespace {

constexpr int64_t kYear = int64_t{365} * 86'400'000;

template <size_t N>
std::string signed_by(wire::Document document, const std::string& payload,
                      std::array<const wire::SigningKey*, N> keys) {
  return wire::write(wire::sign_envelope(document, payload, keys));
}

std::string error_body(std::string word) {
  wire::ErrorAnswer answer;
  answer.error = std::move(word);
  return wire::write(answer);
}

std::string_view header(const Outgoing& request, std::string_view name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return {};
}

wire::RoleKeys role(const wire::SigningKey& key) {
  wire::RoleKeys out;
  out.keys = {key.id()};
  return out;
}

}  // namespace

Organization::Organization()
    : root1(wire::SigningKey::generate()),
      root2(wire::SigningKey::generate()),
      policy(wire::SigningKey::generate()),
      timestamp(wire::SigningKey::generate()),
      collector(wire::SigningKey::generate()),
      enrollment(wire::SigningKey::generate()),
      stranger(wire::SigningKey::generate()),
      box(wire::BoxKey::generate()),
      token(wire::Key32::random()),
      tenant_key(wire::Key32::random()) {
  root.tenant = "acme";
  root.collector = "main";
  root.created = 1;
  root.expires = 100 * kYear;
  for (const wire::SigningKey* key : {&root1, &root2, &policy, &timestamp, &collector, &enrollment})
    root.keys.emplace(key->id(), key->public_key());
  root.role(wire::Role::root) = role(root1);
  root.role(wire::Role::root).keys.push_back(root2.id());
  root.role(wire::Role::root).threshold = 2;
  root.role(wire::Role::policy) = role(policy);
  root.role(wire::Role::timestamp) = role(timestamp);
  root.role(wire::Role::collector) = role(collector);
  root.role(wire::Role::enrollment) = role(enrollment);
  root.box = box.public_key();
}

std::string Organization::root_envelope() const {
  return signed_by<2>(wire::Document::root, wire::write(root), {&root1, &root2});
}

std::string Organization::policy_envelope(uint64_t version, int64_t now, const std::string& text) const {
  wire::Policy out;
  out.version = version;
  out.created = out.not_before = now - 1000;
  out.expires = now + 10 * kYear;
  out.min_daemon = "0.1.0";
  out.documents.push_back({"organization.toml", wire::PolicyText::Kind::organization, text});
  return signed_by<1>(wire::Document::policy, wire::write(out), {&policy});
}

std::string Organization::forged_policy(uint64_t version, int64_t now) const {
  wire::Policy out;
  out.version = version;
  out.created = out.not_before = now - 1000;
  out.expires = now + 10 * kYear;
  out.min_daemon = "0.1.0";
  out.documents.push_back({"organization.toml", wire::PolicyText::Kind::organization, "forged"});
  return signed_by<1>(wire::Document::policy, wire::write(out), {&stranger});
}

std::string Organization::timestamp_envelope(uint64_t version, int64_t now, const std::string& text,
                                             uint64_t policy_version) const {
  wire::Timestamp out;
  out.version = version;
  out.time = now;
  out.expires = now + 10 * kYear;  // the schedules jump by years; freezes have a test of their own
  out.policy = wire::point_to(policy_version, text);
  return signed_by<1>(wire::Document::timestamp, wire::write(out), {&timestamp});
}

const Organization& organization() {
  static const Organization one;
  return one;
}

CollectorModel::CollectorModel(Clock& true_clock, uint64_t seed) : clock_(true_clock), random_(seed) {
  publish_policy("first");
}

void CollectorModel::publish_policy(const std::string& text) {
  policy_ = organization().policy_envelope(++policy_version_, clock_.now_ms(), text);
  timestamp_ =
      organization().timestamp_envelope(++timestamp_version_, clock_.now_ms(), policy_, policy_version_);
}

void CollectorModel::publish_forged_policy() {
  policy_ = organization().forged_policy(++policy_version_, clock_.now_ms());
  timestamp_ =
      organization().timestamp_envelope(++timestamp_version_, clock_.now_ms(), policy_, policy_version_);
}

Result<Incoming> CollectorModel::exchange(const Outgoing& request) {
  const auto lost = [] { return fail(Problem::Kind::no_answer, "nobody answers"); };
  if (network.down || one_in_hundred(network.loses_request)) return lost();
  if (one_in_hundred(network.delays)) {
    delayed_.push_back(request);
    return lost();
  }
  if (one_in_hundred(network.refuses)) {
    const int status = random_() % 2 == 0 ? 429 : 503;
    Incoming refused = signed_answer(request, status, error_body("later"));
    refused.retry_after_s = static_cast<int64_t>(random_() % 30);
    return refused;
  }
  Incoming answer = answer_of(request);
  if (one_in_hundred(network.strips)) answer.answer.clear();
  if (one_in_hundred(network.loses_answer)) return lost();
  return answer;
}

void CollectorModel::deliver_delayed() {
  for (const Outgoing& request : std::exchange(delayed_, {})) (void)answer_of(request);
}

Incoming CollectorModel::signed_answer(const Outgoing& request, int status, std::string body) {
  Incoming out;
  out.status = status;
  const auto nonce = wire::Nonce::from_hex(header(request, wire::kHeaderNonce));
  if (nonce) out.answer = wire::sign_answer(organization().collector, *nonce, status, body);
  out.body = std::move(body);
  out.date_ms = clock_.now_ms();
  return out;
}

Incoming CollectorModel::answer_of(const Outgoing& request) {
  if (request.target == "/v1/enroll") return enroll(request);
  const auto refuse = [&] { return signed_answer(request, 401, error_body("unauthorized")); };
  const auto headers =
      wire::read_headers({header(request, wire::kHeaderDevice), header(request, wire::kHeaderKey),
                          header(request, wire::kHeaderTime), header(request, wire::kHeaderNonce),
                          header(request, wire::kHeaderSignature)});
  if (!headers || !device || headers->device != device->device) return refuse();
  if (!wire::verify_request(*headers, device->pub, request.method, request.target, request.body,
                            clock_.now_ms()) ||
      !nonces_.accept(headers->device, headers->nonce, headers->time, clock_.now_ms()))
    return refuse();
  auto [status, body] = handle(request);
  return signed_answer(request, status, std::move(body));
}

std::pair<int, std::string> CollectorModel::handle(const Outgoing& request) {
  if (request.target == "/v1/events") return batch(request.body);
  if (request.target == "/v1/heartbeat") return heartbeat(request.body);
  return document(request.target);
}

Incoming CollectorModel::enroll(const Outgoing& request) {
  const auto read = wire::read_enroll(request.body);
  if (!read) return {400, error_body("malformed"), {}, {}, {}};
  auto secrets = wire::open_enroll(*read, organization().box, organization().root.collector);
  if (!secrets || !secrets->token.equals(organization().token))
    return {401, error_body("unauthorized"), {}, {}, {}};
  ++enrollments;
  if (device && device->pub == read->pub) return {200, enroll_answer_, {}, {}, {}};
  if (device) return {409, error_body("token-used"), {}, {}, {}};
  wire::DeviceCertificate said;
  said.device = wire::random_fixed<wire::DeviceId>();
  said.pub = read->pub;
  said.tenant = "acme";
  said.groups = {"engineering"};
  said.chain = read->chain;
  said.not_before = clock_.now_ms() - 1000;
  said.not_after = clock_.now_ms() + 10 * kYear;
  wire::EnrollAnswer answer;
  answer.device = said.device;
  answer.certificate = signed_by<1>(wire::Document::device, wire::write(said), {&organization().enrollment});
  answer.tenant_key = *wire::seal(read->box, organization().tenant_key.view());
  answer.time = clock_.now_ms();
  enroll_answer_ = wire::write(answer);
  device = said;
  chain_.emplace(wire::ChainState::begin(std::move(secrets->k0)));
  return {200, enroll_answer_, {}, {}, {}};
}

std::pair<int, std::string> CollectorModel::receipt() const {
  wire::BatchAnswer answer;
  answer.next = chain_->next;
  answer.head = chain_->head;
  answer.time = clock_.now_ms();
  answer.timestamp = timestamp_version_;
  answer.receipt = wire::sign_receipt(organization().collector, device->device, device->chain, answer.next,
                                      answer.head, answer.time)
                       .signature;
  return {200, wire::write(answer)};
}

std::pair<int, std::string> CollectorModel::batch(const std::string& body) {
  if (body.size() > most_body) return {413, error_body("too-large")};
  ++batches;
  wire::Unpacker unpacker;
  const auto unpacked = unpacker.unpack(body, wire::kMaxBatch);
  const auto view = unpacked ? wire::read_batch(*unpacked) : tl::unexpected(unpacked.error());
  if (!view) {
    alarms.insert("tamper");
    return {422, error_body("chain")};
  }
  last_batch_ = body;
  const auto known = [this](uint64_t seq) -> std::optional<wire::Digest> {
    const auto found = hashes_.find(seq);
    return found == hashes_.end() ? std::nullopt : std::optional(found->second);
  };
  auto finding = wire::check_batch(*view, {device->device, device->chain, device->pub}, *chain_, known);
  if (auto* stored = std::get_if<wire::Stored>(&finding)) {
    for (const wire::CheckedEvent& event : stored->events) {
      hashes_[event.seq] = event.hash;
      events[event.seq] = std::string(view->events[event.index].line);
    }
    declared.insert(declared.end(), stored->declared.begin(), stored->declared.end());
    if (stored->lost) alarms.insert("gap");
    chain_.emplace(std::move(stored->state));
    log_.append(
        wire::leaf_hash(wire::batch_leaf(device->device, device->chain, view->header.first,
                                         view->header.count, view->header.head, wire::hash(*unpacked))),
        [this](unsigned level, uint64_t index, const wire::TreeHash& node) {
          nodes_[{level, index}] = node;
        });
    return receipt();
  }
  if (std::holds_alternative<wire::Duplicate>(finding)) return receipt();
  if (const auto* resume = std::get_if<wire::Resume>(&finding)) {
    wire::ErrorAnswer answer;
    answer.error = "resume";
    answer.next = resume->next;
    answer.head = resume->head;
    return {409, wire::write(answer)};
  }
  if (std::holds_alternative<wire::Fork>(finding)) {
    alarms.insert("fork");
    return {409, error_body("fork")};
  }
  alarms.insert("tamper");
  return {422, error_body("chain")};
}

std::pair<int, std::string> CollectorModel::heartbeat(const std::string& body) {
  const auto beat = wire::read_heartbeat(body);
  if (!beat) return {400, error_body("malformed")};
  ++heartbeats;
  if (const auto known = hashes_.find(beat->next - 1); known != hashes_.end() && known->second != beat->head)
    alarms.insert("fork");
  wire::HeartbeatAnswer answer;
  answer.time = clock_.now_ms();
  answer.timestamp = timestamp_version_;
  if (log_.size() > 0) {
    wire::Checkpoint checkpoint{organization().root.origin(), log_.size(), log_.root()};
    if (forks_log) checkpoint.root.bytes[0] ^= 1U;
    answer.checkpoint = wire::sign_checkpoint(organization().collector, checkpoint);
  }
  return {200, wire::write(answer)};
}

std::pair<int, std::string> CollectorModel::document(const std::string& target) {
  if (target == "/v1/policy/timestamp") return {200, timestamp_};
  if (target == "/v1/policy/current") return {200, policy_};
  constexpr std::string_view kConsistency = "/v1/log/consistency?from=";
  if (target.rfind(kConsistency, 0) == 0) {
    wire::ConsistencyAnswer answer;
    answer.from = std::stoull(target.substr(kConsistency.size()));
    answer.to = std::stoull(target.substr(target.find("&to=") + 4));
    if (answer.from > answer.to || answer.to > log_.size()) return {404, error_body("none")};
    answer.proof = wire::consistency_proof(answer.from, answer.to, [this](unsigned level, uint64_t index) {
      return nodes_.at({level, index});
    });
    return {200, wire::write(answer)};
  }
  return {404, error_body("none")};
}

void CollectorModel::replay_last_batch() {
  if (!last_batch_.empty()) (void)batch(last_batch_);
}

}  // namespace cmdai::device
