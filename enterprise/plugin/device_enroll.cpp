// Enrollment, and the change of keys.
#include <fmt/format.h>

#include <unistd.h>

#include "enterprise/plugin/device.hpp"
#include "enterprise/protocol/enrollment.hpp"
#include "enterprise/protocol/receipt.hpp"
#include "enterprise/protocol/rekey.hpp"

namespace cmdai::device {
namespace {

constexpr int64_t kNoTokenMs = 10'000;

}  // namespace

int64_t Device::enroll() {
  if (settings_.token_file.empty()) {
    trouble("enrollment", "not enrolled, and no `EnrollmentTokenFile` is named");
    return parts_.clock.mono_ms() + kNoTokenMs;
  }
  auto done = enroll_once();
  publish();
  if (done) {
    trouble("enrollment", {});
    trouble("identity", {});
    backoff_.worked();
    return parts_.clock.mono_ms();
  }
  trouble("enrollment", "not enrolled: " + done.error().text);
  if (done.error().kind == Problem::Kind::missing) return parts_.clock.mono_ms() + kNoTokenMs;
  back_off();
  return hold_until_;
}

Result<wire::Key32> Device::read_token() const {
  auto text = read_small_file(settings_.token_file);
  if (!text) return fail(text.error());
  std::string hex = *text;
  while (!hex.empty() && (hex.back() == '\n' || hex.back() == ' ' || hex.back() == '\r')) hex.pop_back();
  constexpr std::string_view kPrefix = "cmdai_";  // as the collector prints it for people
  if (hex.rfind(kPrefix, 0) == 0) hex.erase(0, kPrefix.size());
  auto token = wire::Key32::from_hex(hex);
  wire::wipe(hex);
  wire::wipe(*text);
  if (!token)
    return fail(Problem::Kind::other,
                fmt::format("`{}` holds no token (64 hex digits)", settings_.token_file));
  return std::move(*token);
}

Result<Enrolling> Device::enrolling() {
  auto kept = load_enrolling(parts_.disk);
  if (kept) return kept;
  Enrolling fresh{wire::SigningKey::generate(), wire::BoxKey::generate(), wire::Key32::random(),
                  wire::random_fixed<wire::ChainId>(), baseline_};
  // Before anything is sent: when the answer is lost, the same is asked again.
  if (auto done = store_enrolling(parts_.disk, fresh); !done) return fail(done.error());
  return fresh;
}

Result<void> Device::enroll_once() {
  auto token = read_token();
  if (!token) return fail(token.error());
  auto mine = enrolling();
  if (!mine) return fail(mine.error());
  const wire::EnrollSecrets secrets{std::move(*token), mine->k0.clone()};
  wire::DeviceFacts facts;
  facts.host = machine_.host;
  facts.os = machine_.os;
  facts.serial_hash = settings_.serial_hash;
  facts.version = machine_.daemon_version;
  facts.assurance = settings_.assurance;
  auto request =
      wire::make_enroll(mine->signing, mine->box.public_key(), policy_.root(), secrets, mine->chain,
                        wire::random_fixed<wire::Nonce>(), parts_.clock.now_ms(), facts);
  if (!request) return fail(Problem::Kind::other, request.error().text);
  auto answer = link_.unsigned_exchange(
      {"POST", "/v1/enroll", {{"Content-Type", "application/json"}}, wire::write(*request)});
  if (!answer) return fail(answer.error());
  if (answer->status != 200) {
    const auto said = wire::read_error_answer(answer->body);
    return fail(Problem::Kind::refused, fmt::format("the collector answers {}{}{}", answer->status,
                                                    said ? ": " : "", said ? said->error : std::string()));
  }
  return enrolled(*mine, *answer);
}

Result<void> Device::enrolled(const Enrolling& mine, const Incoming& answer) {
  const auto refuse = [](std::string text) { return fail(Problem::Kind::refused, std::move(text)); };
  auto said = wire::read_enroll_answer(answer.body);
  if (!said) return refuse("its answer cannot be read: " + said.error().text);
  // The server's clock: ours may be wrong by a year, and the certificate is from this minute.
  auto certificate =
      wire::check_certificate(said->certificate, policy_.root(), policy_.trust().now(said->time));
  if (!certificate)
    return refuse(fmt::format("its certificate is not good ({})", wire::word(certificate.error().reason)));
  if (certificate->pub != mine.signing.public_key() || certificate->chain != mine.chain ||
      certificate->device != said->device)
    return refuse("its certificate is for another device");
  auto tenant_key = mine.box.open(said->tenant_key);
  auto tenant = tenant_key ? wire::Key32::from_bytes(*tenant_key) : std::nullopt;
  if (tenant_key) wire::wipe(*tenant_key);
  if (!tenant) return refuse("its tenant key cannot be opened");

  // Old events of another chain stay as files beside the spool: nobody can prove them any more.
  const auto names = parts_.disk.names();
  if (!names) return fail(names.error());
  size_t left = 0;
  for (const std::string& name : *names)
    if (name.rfind("spool-", 0) == 0) {
      if (auto done = parts_.disk.rename(name, "left-" + name); !done) return done;
      ++left;
    }
  ChainState chain;
  chain.chain = mine.chain;
  chain.key = mine.k0.clone();
  chain.clean = true;
  chain.local = mine.local;
  if (auto done = store_chain(parts_.disk, chain); !done) return done;
  Keys keys{mine.signing.clone(), mine.box.clone(), std::move(*tenant)};
  Identity identity{said->device, mine.chain, said->certificate, *certificate, Locked<Keys>(std::move(keys))};
  if (auto done = store_identity(parts_.disk, identity); !done) return done;
  identity_ = std::make_unique<Identity>(std::move(identity));
  (void)remove_secret(parts_.disk, kEnrollingFile);
  if (::unlink(settings_.token_file.c_str()) != 0)
    trouble("token", fmt::format("the token was used, and `{}` cannot be removed", settings_.token_file));
  if (left > 0) early_.emplace_back("spool.left", fmt::format(R"("segments":{})", left));
  if (auto done = start_chain(); !done) trouble("chain", done.error().text);
  parts_.listener.recorded_changed();
  return {};
}

void Device::rekey() {
  auto fresh = load_rekeying(parts_.disk);
  if (!fresh) {
    fresh = wire::SigningKey::generate();
    if (auto done = store_rekeying(parts_.disk, *fresh); !done) return trouble("rekey", done.error().text);
  }
  const wire::RekeyRequest request = wire::make_rekey(*fresh, identity_->device, identity_->said.epoch + 1);
  const auto answer =
      ask({"POST", "/v1/rekey", {{"Content-Type", "application/json"}}, wire::write(request)});
  if (!answer) return;
  if (answer->status != 200)
    return trouble("rekey", fmt::format("the collector refuses a new key ({})", answer->status));
  const auto envelope = wire::read_rekey_answer(answer->body);
  if (!envelope) return trouble("rekey", envelope.error().text);
  auto certificate =
      wire::check_certificate(*envelope, policy_.root(), policy_.trust().now(parts_.clock.now_ms()));
  if (!certificate || certificate->pub != fresh->public_key() || certificate->device != identity_->device)
    return trouble("rekey", "the new certificate is not good");
  Keys keys{fresh->clone(), identity_->keys->box.clone(), identity_->keys->tenant.clone()};
  Identity identity{identity_->device, identity_->chain, *envelope, *certificate,
                    Locked<Keys>(std::move(keys))};
  if (auto done = store_identity(parts_.disk, identity); !done) return trouble("rekey", done.error().text);
  identity_ = std::make_unique<Identity>(std::move(identity));
  (void)remove_secret(parts_.disk, kRekeyingFile);
  trouble("rekey", {});
}

}  // namespace cmdai::device
