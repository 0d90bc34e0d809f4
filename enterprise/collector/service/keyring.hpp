#pragma once
// The root in force, and the keys a running collector signs with. Read once; then only read, from any thread.
#include <memory>
#include <string>
#include <vector>

#include "enterprise/collector/base/result.hpp"
#include "enterprise/collector/config/settings.hpp"
#include "enterprise/protocol/keys.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::collector {

struct Keyring {
  wire::Root root;                 // the newest
  std::vector<std::string> roots;  // envelopes from version 1 on, without a gap
  wire::SigningKey collector, enrollment, timestamp;
  wire::BoxKey box;
  wire::Key32 tenant;  // what devices of a tenant correlate with
};

/// Reads trust/root-N.json and keys/*.key. invalid: a root does not follow from the one before, or a key is
/// not the root's.
Result<std::shared_ptr<const Keyring>> load_keyring(const Settings& settings);

/// The roots of a folder, in order; each is held against the one before.
struct Roots {
  std::vector<std::string> envelopes;
  wire::Root newest;
};
Result<Roots> load_roots(const std::string& folder);

}  // namespace cmdai::collector
