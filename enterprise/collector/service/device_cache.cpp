#include "enterprise/collector/service/device_cache.hpp"

#include "enterprise/protocol/envelope.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::collector {

namespace {

constexpr std::size_t kMostKnown = 200'000;

std::shared_ptr<const KnownDevice> known_of(Device row, const wire::DeviceId& id) {
  auto known = std::make_shared<KnownDevice>();
  known->id = id;
  if (const auto pub = wire::PublicKey::from_hex(row.pub)) known->pub = *pub;
  // What was retired is marked so: its signature is then known for an old key's.
  if (row.previous_pub.starts_with('!'))
    known->retired = wire::PublicKey::from_hex(row.previous_pub.substr(1));
  else
    known->previous = wire::PublicKey::from_hex(row.previous_pub);
  if (const auto envelope = wire::read_envelope(row.certificate))
    if (const auto certificate = wire::read_device(envelope->payload))
      known->not_after = certificate->not_after;
  known->row = std::move(row);
  return known;
}

}  // namespace

Result<std::shared_ptr<const KnownDevice>> DeviceCache::find(const wire::DeviceId& id) {
  const std::string name = id.hex();
  {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(name);
    if (found != known_.end()) return found->second;
  }
  auto row = store_.device(name);
  if (!row) return tl::unexpected(row.error());
  std::optional<Device>& stored = *row;
  if (!stored) return std::shared_ptr<const KnownDevice>();
  auto known = known_of(std::move(*stored), id);
  const std::scoped_lock lock(mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  known_.insert_or_assign(name, known);
  return known;
}

void DeviceCache::forget(const wire::DeviceId& id) {
  const std::scoped_lock lock(mutex_);
  known_.erase(id.hex());
}

}  // namespace cmdai::collector
