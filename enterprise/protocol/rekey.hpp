#pragma once
// A device changes its key: asked for under the old one, proven with the new one.
#include <string>
#include <string_view>

#include "enterprise/protocol/keys.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

inline constexpr size_t kMaxRekey = 4 << 10;

struct RekeyRequest {
  PublicKey pub;
  uint64_t epoch = 2;
  Signature signature;  ///< by the new key
};

RekeyRequest make_rekey(const SigningKey& fresh, const DeviceId& device, uint64_t epoch);
std::string write(const RekeyRequest& request);
Result<RekeyRequest> read_rekey(std::string_view body);
/// The new key's signature, and that the epoch is the one after `epoch` (`rollback`).
Result<void> check_rekey(const RekeyRequest& request, const DeviceId& device, uint64_t epoch);

/// 200: `{"v":1,"certificate":{envelope}}`.
std::string write_rekey_answer(std::string_view certificate);
Result<std::string> read_rekey_answer(std::string_view body);

}  // namespace cmdai::wire
