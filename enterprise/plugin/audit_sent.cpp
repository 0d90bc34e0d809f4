#include "enterprise/plugin/audit_sent.hpp"

#include <fmt/format.h>

#include "enterprise/plugin/status_file.hpp"
#include "enterprise/protocol/batch.hpp"
#include "enterprise/protocol/compression.hpp"

namespace cmdai::device {
namespace {

bool is_packed(const SentRecord& record) {
  for (const auto& [name, value] : record.headers)
    if (name == "Content-Encoding" && value == "zstd") return true;
  return false;
}

/// Control characters do not reach a terminal.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out;
}

std::string body_lines(const SentRecord& record) {
  const std::string text = unpacked(record);
  std::string out;
  size_t shown = 0;
  for (size_t at = 0; at < text.size(); ++shown) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = std::string_view(text).substr(at, end - at);
    // Of a batch: behind header and signature, each line is a MAC and an event.
    if (shown >= 2 && record.target == "/v1/events" && line.size() > 33) line.remove_prefix(33);
    if (shown != 1 || record.target != "/v1/events") out += fmt::format("    {}\n", printable(line));
    at = end + 1;
  }
  return out;
}

}  // namespace

std::string unpacked(const SentRecord& record) {
  if (!is_packed(record)) return record.body;
  wire::Unpacker unpacker;
  auto text = unpacker.unpack(record.body, wire::kMaxBatch);
  return text ? *text : std::string("(cannot be unpacked)");
}

std::string readable(const SentRecord& record) {
  std::string out;
  if (record.dropped) out += "(older requests were dropped here: the journal's cap, `JournalMaxMB`)\n";
  if (record.missed > 0)
    out += fmt::format("({} requests before this one could not be written down)\n", record.missed);
  const std::string answer = record.status == 0 ? "no answer" : fmt::format("answered {}", record.status);
  out += fmt::format("{}  {} {}  {} bytes, {}\n", time_text(record.time_ms), record.method,
                     printable(record.target), record.body.size(), answer);
  return out + body_lines(record);
}

std::string raw(const SentRecord& record) {
  std::string out = fmt::format("{} {} HTTP/1.1\r\n", record.method, record.target);
  for (const auto& [name, value] : record.headers) out += fmt::format("{}: {}\r\n", name, value);
  return out + fmt::format("Content-Length: {}\r\n\r\n", record.body.size()) + record.body;
}

}  // namespace cmdai::device
