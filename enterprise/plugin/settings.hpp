#pragma once
// What the managed configuration says to this plugin (docs/enterprise-plugin.md lists the keys). Read from
// the JSON the host hands over: the plugin's own `Settings`, and under `Managed` what is said to all of
// cmdai.
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "enterprise/plugin/problem.hpp"
#include "enterprise/protocol/bytes.hpp"

namespace cmdai::device {

enum class WhenFull : uint8_t { allow, warn, block };

struct CollectorAddress {
  std::string host;
  std::string port = "443";
  std::string prefix;  ///< path before `/v1/…`, without a slash at its end
  /// As the Host header and people want it.
  std::string authority() const;
};

struct Settings {
  CollectorAddress collector;
  std::string tenant;
  std::string token_file;  ///< EnrollmentTokenFile; empty: none
  std::string root;        ///< envelope of the root of trust
  std::string assurance = "L1";
  WhenFull on_full = WhenFull::warn;  ///< OnSpoolFull
  std::optional<WhenFull> on_stale;   ///< OnStale: instead of what the policy says
  int privacy = 1;                    ///< PrivacyLevel
  std::optional<wire::BoxPublicKey> break_glass;
  uint64_t spool_cap = uint64_t{256} << 20U;   ///< bytes
  uint64_t journal_cap = uint64_t{32} << 20U;  ///< bytes
  int64_t heartbeat_ms = 60'000;
  std::set<std::string, std::less<>> allowed_commands{"pull-policy", "heartbeat", "rekey"};
  std::string ca_file;      ///< PEM; empty: the system's
  std::string proxy;        ///< HOST:PORT of an HTTP proxy (CONNECT); empty: none
  std::string serial_hash;  ///< of the machine, as the device management knows it
};

/// `root_file` reads the file that `RootOfTrustFile` names.
using FileReader = Result<std::string> (*)(const std::string& path);
Result<Settings> read_settings(std::string_view json, FileReader read_file);

/// Reads a file of at most 1 MiB.
Result<std::string> read_small_file(const std::string& path);

}  // namespace cmdai::device
