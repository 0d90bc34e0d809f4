#pragma once
// Devices, their keys, and the tokens they enroll with.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/base/result.hpp"

namespace cmdai::collector {

struct Device {
  std::string id;            // 16 bytes, hex
  std::string pub;           // Ed25519, hex: the key of `epoch`
  std::string previous_pub;  // the one before; accepted until a request with the new one came, then `!`
                             // stands before it
  std::string box;           // X25519, hex
  std::uint64_t epoch = 1;
  std::vector<std::string> groups;
  std::string host, os, version, assurance;
  Time enrolled = 0;
  Time revoked = 0;            // 0: in good standing
  Time seen = 0;               // last signed request
  Time heartbeat = 0;          // last heartbeat
  std::string posture;         // the last heartbeat's body
  std::string certificate;     // envelope of the key of `epoch`
  std::string answer;          // what the enrollment was answered, for the same token and key again
  std::string token;           // hash of the token it came with
  std::uint64_t commands = 0;  // counter of the last command
};

/// A heartbeat, as far as it is kept.
struct Presence {
  std::string device;
  Time time = 0;
  std::string version;
  std::string posture;  // its body
};

struct EnrollmentToken {
  std::string id;    // public name: first 16 digits of the hash
  std::string hash;  // H(token), hex; the token itself is not stored
  std::string group;
  std::uint64_t uses = 1, used = 0;
  Time created = 0, expires = 0;
  Time revoked = 0;
  std::string created_by;
};

enum class Enrollment {
  enrolled,  // the device is new and stored
  again,     // same token and key: `device` is what is stored
  used_up,   // nothing was changed
  unknown,   // no such token, expired or revoked; nothing was changed
};

struct Enrolled {
  Enrollment outcome = Enrollment::unknown;
  Device device;
};

/// Thread-safe.
class Devices {
 public:
  virtual ~Devices() = default;

  virtual Done add_token(const EnrollmentToken& token) = 0;
  virtual Result<std::vector<EnrollmentToken>> tokens() = 0;
  virtual Result<std::optional<EnrollmentToken>> token(const std::string& hash) = 0;
  virtual Done revoke_token(const std::string& id, Time now) = 0;

  /// Takes a use of the token and stores the device and its chain's first state, in one transaction.
  virtual Result<Enrolled> enroll(const std::string& token_hash, const Device& device,
                                  const std::string& chain, const std::string& ratchet, Time now) = 0;
  /// A new key; conflict where the epoch is not the stored one plus one.
  virtual Done rekey(const Device& device) = 0;
  /// The key before is good no more: it is marked with `!`.
  virtual Done retire_previous(const std::string& id) = 0;

  virtual Result<std::optional<Device>> device(const std::string& id) = 0;
  /// Envelopes of all its keys, oldest first.
  virtual Result<std::vector<std::string>> certificates(const std::string& id) = 0;
  /// By id, after one; at most `limit`.
  virtual Result<std::vector<Device>> devices(const std::string& after, std::size_t limit) = 0;
  virtual Done revoke(const std::string& id, Time now) = 0;
  virtual Result<std::vector<std::string>> revoked() = 0;
  virtual Done heartbeats(std::span<const Presence> heard) = 0;
  /// The next command's counter; durable before it is told.
  virtual Result<std::uint64_t> next_command(const std::string& id) = 0;
};

}  // namespace cmdai::collector
