#pragma once
// Who this device is to its collector: the file `device` (keys, certificate, tenant key), and while it
// enrolls or changes its key the files `enrolling` and `rekeying`. Secrets are in locked memory, the files
// are 0600.
#include <cstdint>
#include <optional>
#include <string>

#include "enterprise/plugin/disk.hpp"
#include "enterprise/plugin/locked.hpp"
#include "enterprise/protocol/keys.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::device {

struct Keys {
  wire::SigningKey signing;
  wire::BoxKey box;
  wire::Key32 tenant;
};

struct Identity {
  wire::DeviceId device;
  wire::ChainId chain;
  std::string certificate;  ///< envelope
  wire::DeviceCertificate said;
  Locked<Keys> keys;
};

Result<void> store_identity(Disk& disk, const Identity& identity);
/// Kind::missing: not enrolled. Kind::damaged: it has to enroll again.
Result<Identity> load_identity(Disk& disk);

/// What was sent, or is about to be: the same again when the answer was lost.
struct Enrolling {
  wire::SigningKey signing;
  wire::BoxKey box;
  wire::Key32 k0;
  wire::ChainId chain;
  uint64_t local = 0;  ///< the local event log counts for the collector from the line behind this one on
};
Result<void> store_enrolling(Disk& disk, const Enrolling& enrolling);
Result<Enrolling> load_enrolling(Disk& disk);
/// Zeros over it first: its k0 must not outlive its use.
Result<void> remove_secret(Disk& disk, const std::string& name);

inline constexpr const char* kEnrollingFile = "enrolling";
inline constexpr const char* kRekeyingFile = "rekeying";

Result<void> store_rekeying(Disk& disk, const wire::SigningKey& fresh);
/// nullopt: none under way.
std::optional<wire::SigningKey> load_rekeying(Disk& disk);

}  // namespace cmdai::device
