// What the enterprise plugin reads back from its own directory and from the managed configuration, from
// hostile bytes: what is taken for whole is written back as it was, what is not is refused, nothing is half
// believed.
#include <sodium.h>

#include <cstdlib>
#include <string_view>

#include "enterprise/plugin/chain_state.hpp"
#include "enterprise/plugin/checked_file.hpp"
#include "enterprise/plugin/sent_journal.hpp"
#include "enterprise/plugin/settings.hpp"
#include "enterprise/plugin/spool_record.hpp"

using namespace cmdai;
using namespace cmdai::device;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void read_a_segment(std::string_view bytes) {
  const SegmentContent content = read_segment(bytes, wire::ChainId{}, 1);
  require(content.good <= bytes.size());
  for (const ReadRecord& r : content.records) {
    const std::string again = write_record(r.record, wire::ChainId{});
    require(bytes.substr(r.offset, again.size()) == again);
    require(r.hash == wire::hash(r.record.line));
  }
}

/// The fuzzer cannot guess a checksum: the bytes as the lines of events, with one that is right.
void read_records(std::string_view bytes) {
  SpoolRecord record;
  std::string segment = segment_header(wire::ChainId{}, 1);
  wire::EventHead head;
  head.type = "x";
  wire::write_event_head(record.line, head);
  record.seq = 1;
  record.line.append("\"a\":").append(bytes).append("}");
  segment += write_record(record, wire::ChainId{});
  segment += bytes;
  read_a_segment(segment);
}

void read_a_state(std::string_view bytes) {
  if (auto state = read_chain_state(bytes)) {
    const auto again = read_chain_state(write(*state));
    require(again && again->reserved == state->reserved && again->chain == state->chain &&
            again->declared == state->declared);
  }
  const auto body = without_check("chain", std::string(bytes));
  require(!body || with_check("chain", *body) == bytes);
  const auto whole = without_check("chain", with_check("chain", bytes));
  require(whole && *whole == bytes);
}

Result<std::string> some_root(const std::string&) { return std::string("root"); }

void read_managed(std::string_view bytes) {
  const auto settings = read_settings(bytes, &some_root);
  if (!settings) return require(!settings.error().text.empty());
  require(!settings->collector.host.empty() && settings->privacy >= 0 && settings->privacy <= 2);
  require(settings->privacy != 2 || settings->break_glass.has_value());
  require(settings->spool_cap >= uint64_t{1} << 20U);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool ready = sodium_init() >= 0;
  require(ready);
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0: read_a_segment(bytes); break;
    case 1: read_records(bytes); break;
    case 2: read_a_state(bytes); break;
    case 3: read_managed(bytes); break;
    default: (void)read_sent(bytes);
  }
  return 0;
}
