#pragma once
// Verifies an export without a collector: who reads the file trusts the root it starts from and nothing else.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/protocol/export_file.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

/// The exit code of `cmdai-collector verify` is the value.
enum class Verdict : uint8_t {
  pass = 0,
  fail = 1,         ///< something in it is wrong
  error = 2,        ///< cannot be read as an export at all
  unconfirmed = 3,  ///< all that is there is right, but something it takes to be sure is not
};
std::string_view name(Verdict verdict);  ///< PASS, FAIL, ERROR, UNCONFIRMED

struct Finding {
  uint64_t record = 0;  ///< number in the file; 0: of the file as a whole
  std::string device;   ///< hex, where it is about one
  uint64_t seq = 0;     ///< where it is about an event
  std::string why;
};

struct Verification {
  Verdict verdict = Verdict::error;
  std::optional<Finding> bad;        ///< the first bad record (FAIL, ERROR)
  std::vector<Finding> unconfirmed;  ///< at most 100
  uint64_t records = 0, roots = 0, devices = 0, batches = 0, events = 0, checkpoints = 0;
  std::string tenant;
};

/// `trusted_root`: envelope of a root the reader has from elsewhere; empty: the verdict is UNCONFIRMED at
/// best.
Verification verify_export(ByteSource source, std::string_view trusted_root);

/// `PASS: …`, or the first bad record, or what is missing, one a line.
std::string render(const Verification& verification);

}  // namespace cmdai::wire
