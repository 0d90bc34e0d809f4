#include "enterprise/collector/service/keyring.hpp"

#include <algorithm>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/config/key_files.hpp"
#include "enterprise/protocol/policy_trust.hpp"

namespace cmdai::collector {

namespace {

/// A key of the folder, and that the root gives it this role.
Result<wire::SigningKey> signing_key(const std::string& folder, wire::Role role, const wire::Root& root) {
  const std::string name(wire::name(role));
  const std::string file = folder + "/" + name + ".key";
  auto seed = read_key(file, name);
  if (!seed) return tl::unexpected(seed.error());
  auto key = wire::SigningKey::from_seed(*seed);
  const auto holders = root.public_keys(role);
  if (std::find(holders.begin(), holders.end(), key.public_key()) == holders.end())
    return failed(Problem::invalid,
                  file + ": the root in force does not give this key the role `" + name + "`");
  return key;
}

}  // namespace

Result<Roots> load_roots(const std::string& folder) {
  Roots roots;
  std::optional<wire::TrustState> state;
  for (std::uint64_t version = 1;; ++version) {
    const std::string file = folder + "/root-" + std::to_string(version) + ".json";
    auto envelope = read_file(file, wire::kMaxEnvelope);
    if (!envelope && envelope.error().problem == Problem::not_found && version > 1) break;
    if (!envelope) return tl::unexpected(envelope.error());
    // Whether one has run out is for who is asked to trust it; here it is whether they follow from each
    // other.
    auto next = state ? wire::accept_root(*state, *envelope) : wire::trust_first_root(*envelope, 0);
    if (!next) return failed(Problem::invalid, file + ": " + next.error().text);
    state = std::move(*next);
    roots.envelopes.push_back(std::move(*envelope));
  }
  if (!state) return failed(Problem::invalid, folder + ": no root is there");
  roots.newest = state->root;
  return roots;
}

Result<std::shared_ptr<const Keyring>> load_keyring(const Settings& settings) {
  auto roots = load_roots(settings.path(settings.trust));
  if (!roots) return tl::unexpected(roots.error());
  const std::string folder = settings.path(settings.keys);
  auto collector = signing_key(folder, wire::Role::collector, roots->newest);
  if (!collector) return tl::unexpected(collector.error());
  auto enrollment = signing_key(folder, wire::Role::enrollment, roots->newest);
  if (!enrollment) return tl::unexpected(enrollment.error());
  auto timestamp = signing_key(folder, wire::Role::timestamp, roots->newest);
  if (!timestamp) return tl::unexpected(timestamp.error());
  auto box_seed = read_key(folder + "/box.key", "box");
  if (!box_seed) return tl::unexpected(box_seed.error());
  auto tenant = read_key(folder + "/tenant.key", "tenant");
  if (!tenant) return tl::unexpected(tenant.error());
  auto box = wire::BoxKey::from_seed(*box_seed);
  if (box.public_key() != roots->newest.box)
    return failed(Problem::invalid, folder + "/box.key: this is not the box key of the root in force");
  return std::make_shared<const Keyring>(Keyring{std::move(roots->newest), std::move(roots->envelopes),
                                                 std::move(*collector), std::move(*enrollment),
                                                 std::move(*timestamp), std::move(box), std::move(*tenant)});
}

}  // namespace cmdai::collector
