// An export from any bytes: a verdict comes out, and without a root to trust it is never PASS.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "enterprise/protocol/verify_export.hpp"

using namespace cmdai::wire;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto source = [text, at = size_t{0}](char* out, size_t most) mutable {
    const size_t n = std::min({most, size_t{1000}, text.size() - at});
    text.copy(out, n, at);
    at += n;
    return n;
  };
  const Verification verified = verify_export(source, {});
  require(verified.verdict != Verdict::pass);
  require(verified.bad.has_value() ==
          (verified.verdict == Verdict::fail || verified.verdict == Verdict::error));
  require(!render(verified).empty());
  (void)read_leaf_range(text);
  return 0;
}
