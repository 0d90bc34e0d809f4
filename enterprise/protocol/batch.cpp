#include "enterprise/protocol/batch.hpp"

#include <fmt/core.h>

#include "enterprise/protocol/json_text.hpp"

namespace cmdai::wire {
namespace {

constexpr std::string_view kBatchDomain = "cmdai-batch-v1\n";
constexpr size_t kMaxHeader = 2048;

std::string header_text(const BatchHeader& header) {
  std::string out = fmt::format(
      R"({{"v":1,"device":"{}","chain":"{}","boot":"{}","after":"{}","first":{},"count":{},"last":{},"head":"{}","time":{})",
      header.device.hex(), header.chain.hex(), header.boot.hex(), header.after.hex(), header.first,
      header.count, header.last, header.head.hex(), header.time);
  out += header.insist ? R"(,"insist":true})" : "}";
  return out;
}

Result<BatchHeader> read_header(std::string_view line) {
  const auto json = parse_object(line, kMaxHeader);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  BatchHeader out;
  out.device = members.fixed<DeviceId>("device");
  out.chain = members.fixed<ChainId>("chain");
  out.boot = members.fixed<BootId>("boot");
  out.after = members.fixed<Digest>("after");
  out.first = members.number("first", 1);
  out.count = members.number("count", 1, kMaxBatchEvents);
  out.last = members.number("last", out.first);
  out.head = members.fixed<Digest>("head");
  out.time = members.millis("time");
  out.insist = members.has("insist") && members.flag("insist");
  return finish(members, out);
}

/// The text up to the next newline, which is taken as well; false at the end of the text.
bool next_line(std::string_view& rest, std::string_view& line) {
  const size_t end = rest.find('\n');
  if (end == std::string_view::npos) return false;
  line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

Result<MacLine> read_mac_line(std::string_view text) {
  constexpr size_t kMacHex = Mac::size * 2;
  MacLine out;
  if (text.size() <= kMacHex || text[kMacHex] != ' ' ||
      !read_hex(text.substr(0, kMacHex), out.mac.bytes.data(), Mac::size)) {
    return refuse(Reason::malformed, "an event of a batch has no MAC before it");
  }
  out.line = text.substr(kMacHex + 1);
  return out;
}

/// Numbers and head of the header, read off the events.
Result<void> fill(BatchHeader& header, std::span<const MacLine> events) {
  if (events.empty()) return refuse(Reason::malformed, "a batch without an event");
  if (events.size() > kMaxBatchEvents) return refuse(Reason::too_long, "too many events for one batch");
  const auto first = read_event_head(events.front().line);
  const auto last = read_event_head(events.back().line);
  if (!first || !last) return tl::unexpected<Refusal>(first ? last.error() : first.error());
  header.first = first->seq;
  header.last = last->seq;
  header.count = events.size();
  header.head = hash(events.back().line);
  return {};
}

}  // namespace

Result<std::string> build_batch(BatchHeader header, std::span<const MacLine> events, const SigningKey& key) {
  if (auto good = fill(header, events); !good) return tl::unexpected<Refusal>(good.error());
  const std::string line = header_text(header);
  size_t size = line.size() + Signature::size * 2 + 2;
  for (const MacLine& event : events) size += Mac::size * 2 + event.line.size() + 2;
  if (size > kMaxBatch)
    return refuse(Reason::too_long, fmt::format("a batch of {} bytes, the limit is {}", size, kMaxBatch));
  std::string out;
  out.reserve(size);
  out.append(line).append("\n").append(key.sign(kBatchDomain, line).hex()).append("\n");
  for (const MacLine& event : events) {
    const size_t at = out.size();
    out.resize(at + Mac::size * 2);
    write_hex(event.mac.view(), out.data() + at);
    out.append(" ").append(event.line).append("\n");
  }
  return out;
}

Result<BatchView> read_batch(std::string_view unpacked) {
  if (unpacked.size() > kMaxBatch) return refuse(Reason::too_long, "the batch is over 2 MiB");
  BatchView out;
  std::string_view rest = unpacked;
  std::string_view line;
  if (!next_line(rest, out.header_line)) return refuse(Reason::malformed, "a batch without a header line");
  auto header = read_header(out.header_line);
  if (!header) return tl::unexpected<Refusal>(header.error());
  out.header = *header;
  if (!next_line(rest, line) || !read_hex(line, out.signature.bytes.data(), Signature::size)) {
    return refuse(Reason::malformed, "a batch without a signature line");
  }
  out.events.reserve(out.header.count);
  while (next_line(rest, line)) {
    const auto event = read_mac_line(line);
    if (!event) return tl::unexpected<Refusal>(event.error());
    if (out.events.size() == out.header.count)
      return refuse(Reason::malformed, "more events than the header says");
    out.events.push_back(*event);
  }
  if (!rest.empty()) return refuse(Reason::malformed, "the batch ends within a line");
  if (out.events.size() != out.header.count)
    return refuse(Reason::malformed, "fewer events than the header says");
  return out;
}

bool verify_header(const BatchView& batch, const PublicKey& key) {
  return verify(key, kBatchDomain, batch.header_line, batch.signature);
}

}  // namespace cmdai::wire
