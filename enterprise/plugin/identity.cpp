#include "enterprise/plugin/identity.hpp"

#include <nlohmann/json.hpp>

#include "enterprise/plugin/checked_file.hpp"
#include "enterprise/plugin/json_members.hpp"
#include "enterprise/protocol/envelope.hpp"

namespace cmdai::device {
namespace {

using Json = nlohmann::json;

constexpr const char* kDeviceFile = "device";

/// Secrets as lines of hex in a buffer that does not move, then JSON: the caller wipes it.
void add_secret(std::string& body, const wire::Key32& secret) {
  const size_t at = body.size();
  body.resize(at + 64);
  wire::write_hex(secret.view(), body.data() + at);
  body += '\n';
}

std::optional<wire::Key32> take_secret(std::string_view& body) {
  if (body.size() < 65 || body[64] != '\n') return std::nullopt;
  auto secret = wire::Key32::from_hex(body.substr(0, 64));
  body.remove_prefix(65);
  return secret;
}

std::string secret_buffer(size_t secrets, size_t rest) {
  std::string body;
  body.reserve(secrets * 65 + rest);
  return body;
}

tl::unexpected<Problem> nonsense(const char* file) {
  return fail(Problem::Kind::damaged, std::string("`") + file + "` says nonsense");
}

Result<Identity> read_identity(std::string_view body) {
  auto signing = take_secret(body);
  auto box = take_secret(body);
  auto tenant = take_secret(body);
  const Json json = Json::parse(body, nullptr, false);
  if (!signing || !box || !tenant || !json.is_object()) return nonsense(kDeviceFile);
  const std::string certificate = text_member(json, "certificate");
  const auto envelope = wire::read_envelope(certificate);
  if (!envelope) return nonsense(kDeviceFile);
  auto said = wire::read_device(envelope->payload);
  if (!said) return nonsense(kDeviceFile);
  Keys keys{wire::SigningKey::from_seed(*signing), wire::BoxKey::from_seed(*box), std::move(*tenant)};
  if (keys.signing.public_key() != said->pub) return nonsense(kDeviceFile);
  const wire::DeviceId device = said->device;
  const wire::ChainId chain = said->chain;
  return Identity{device, chain, certificate, std::move(*said), Locked<Keys>(std::move(keys))};
}

Result<Enrolling> read_enrolling(std::string_view body) {
  auto signing = take_secret(body);
  auto box = take_secret(body);
  auto k0 = take_secret(body);
  const Json json = Json::parse(body, nullptr, false);
  if (!signing || !box || !k0 || !json.is_object()) return nonsense(kEnrollingFile);
  const auto chain = wire::ChainId::from_hex(text_member(json, "chain"));
  const auto local = json.find("local");
  if (!chain || local == json.end() || !local->is_number_unsigned()) return nonsense(kEnrollingFile);
  return Enrolling{wire::SigningKey::from_seed(*signing), wire::BoxKey::from_seed(*box), std::move(*k0),
                   *chain, local->get<uint64_t>()};
}

}  // namespace

Result<void> store_identity(Disk& disk, const Identity& identity) {
  const std::string rest = Json{{"certificate", identity.certificate}}.dump();
  std::string body = secret_buffer(3, rest.size());
  add_secret(body, identity.keys->signing.seed());
  add_secret(body, identity.keys->box.seed());
  add_secret(body, identity.keys->tenant);
  body += rest;
  auto done = write_checked(disk, kDeviceFile, "device", body);
  wire::wipe(body);
  return done;
}

Result<Identity> load_identity(Disk& disk) {
  auto body = read_checked(disk, kDeviceFile, "device");
  if (!body) return fail(body.error());
  auto identity = read_identity(*body);
  wire::wipe(*body);
  return identity;
}

Result<void> store_enrolling(Disk& disk, const Enrolling& enrolling) {
  const std::string rest = Json{{"chain", enrolling.chain.hex()}, {"local", enrolling.local}}.dump();
  std::string body = secret_buffer(3, rest.size());
  add_secret(body, enrolling.signing.seed());
  add_secret(body, enrolling.box.seed());
  add_secret(body, enrolling.k0);
  body += rest;
  auto done = write_checked(disk, kEnrollingFile, "enrolling", body);
  wire::wipe(body);
  return done;
}

Result<Enrolling> load_enrolling(Disk& disk) {
  auto body = read_checked(disk, kEnrollingFile, "enrolling");
  if (!body) return fail(body.error());
  auto enrolling = read_enrolling(*body);
  wire::wipe(*body);
  return enrolling;
}

Result<void> remove_secret(Disk& disk, const std::string& name) {
  if (auto old = disk.read(name); old) {
    const size_t size = old->size();
    wire::wipe(*old);
    if (auto done = disk.overwrite(name, std::string(size, '0')); !done) return done;
  }
  if (auto done = disk.remove(name); !done) return done;
  return disk.sync_names();
}

Result<void> store_rekeying(Disk& disk, const wire::SigningKey& fresh) {
  std::string body = secret_buffer(1, 0);
  add_secret(body, fresh.seed());
  auto done = write_checked(disk, kRekeyingFile, "rekeying", body);
  wire::wipe(body);
  return done;
}

std::optional<wire::SigningKey> load_rekeying(Disk& disk) {
  auto body = read_checked(disk, kRekeyingFile, "rekeying");
  if (!body) return std::nullopt;
  std::string_view rest = *body;
  auto seed = take_secret(rest);
  wire::wipe(*body);
  if (!seed) return std::nullopt;
  return wire::SigningKey::from_seed(*seed);
}

}  // namespace cmdai::device
