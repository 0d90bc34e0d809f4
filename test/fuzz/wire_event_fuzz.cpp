// An event line from any bytes: its head by its bytes, its gap, and what it is in OCSF.
#include <cstdint>
#include <cstdlib>

#include "enterprise/protocol/event_line.hpp"
#include "enterprise/protocol/ocsf.hpp"

using namespace cmdai::wire;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  if (const auto gap = read_gap(line)) require(gap->from <= gap->to);
  const auto ocsf = to_ocsf(line);
  const auto head = read_event_head(line);
  require(head.has_value() || !ocsf.has_value());
  if (ocsf)
    require(ocsf->find('\n') == std::string::npos && ocsf->front() == '{' &&
            to_ocsf(line, OcsfVersion::v1_9).has_value());
  if (!head) return 0;
  std::string written;
  write_event_head(written, *head);
  require(line.starts_with(written));
  return 0;
}
