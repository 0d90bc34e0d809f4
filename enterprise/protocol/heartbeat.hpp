#pragma once
// What a device says each minute, and what it hears back.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/protocol/bytes.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

inline constexpr size_t kMaxHeartbeat = 64 << 10;

enum class SpoolState : uint8_t { ok, digest, full };
std::string_view name(SpoolState state);

struct Heartbeat {
  ChainId chain;
  BootId boot;
  Millis time = 0;
  uint64_t mono_ms = 0;
  uint64_t next = 1;    ///< the number the next event gets
  Digest head;          ///< hash of event next - 1
  uint64_t oldest = 1;  ///< oldest number still in the spool; = next if it is empty
  uint64_t spool_bytes = 0;
  SpoolState spool = SpoolState::ok;
  uint64_t root = 1;
  uint64_t timestamp = 0;
  uint64_t policy = 0;
  bool stale = false;
  std::string version;
  std::string binary;          ///< SHA-256 of the daemon's program, hex
  std::string assurance;       ///< `L1`, `L2`, `L3`
  uint64_t checkpoint = 0;     ///< size of the last one seen; 0: none
  std::string posture = "{}";  ///< one JSON object as text; what is in it the page "events" says
};
std::string write(const Heartbeat& heartbeat);
Result<Heartbeat> read_heartbeat(std::string_view body);

struct HeartbeatAnswer {
  Millis time = 0;
  uint64_t timestamp = 0;
  std::string checkpoint;             ///< signed note; empty: none yet
  std::vector<std::string> commands;  ///< envelopes
};
std::string write(const HeartbeatAnswer& answer);
Result<HeartbeatAnswer> read_heartbeat_answer(std::string_view body);

}  // namespace cmdai::wire
