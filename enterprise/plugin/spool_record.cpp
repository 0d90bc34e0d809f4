#include "enterprise/plugin/spool_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "enterprise/protocol/event_line.hpp"

namespace cmdai::device {
namespace {

constexpr std::string_view kMagic = "cmR1";
constexpr size_t kFixed = 4 + 4 + 8 + 8 + 16;  // before the line
constexpr size_t kSum = 16;

template <typename T>
void put_bytes(std::string& out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
}

template <typename T>
T get(std::string_view bytes, size_t at) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(value | static_cast<T>(static_cast<unsigned char>(bytes[at + i])) << (8 * i));
  return value;
}

std::string checksum(const wire::ChainId& chain, std::string_view bytes) {
  wire::Hasher hasher;
  hasher.add(chain.view());
  hasher.add(bytes);
  return std::string(hasher.digest().view().substr(0, kSum));
}

/// The record at `at`, or nullopt: not one, or not a whole one.
std::optional<ReadRecord> record_at(std::string_view bytes, size_t at, const wire::ChainId& chain) {
  if (bytes.size() - at < kFixed + kSum || bytes.substr(at, kMagic.size()) != kMagic) return std::nullopt;
  const size_t length = get<uint32_t>(bytes, at + 4);
  if (length > wire::kMaxEvent || bytes.size() - at < kFixed + length + kSum) return std::nullopt;
  const std::string_view summed = bytes.substr(at, kFixed + length);
  if (checksum(chain, summed) != bytes.substr(at + kFixed + length, kSum)) return std::nullopt;
  ReadRecord found;
  found.offset = at;
  found.record.seq = get<uint64_t>(bytes, at + 8);
  found.record.local = get<uint64_t>(bytes, at + 16);
  const auto mac = wire::Mac::from_bytes(bytes.substr(at + 24, wire::Mac::size));
  if (!mac) return std::nullopt;
  found.record.mac = *mac;
  found.record.line = summed.substr(kFixed);
  found.hash = wire::hash(found.record.line);
  const auto head = wire::read_event_head(found.record.line);
  if (!head || head->seq != found.record.seq || head->chain != chain) return std::nullopt;
  return found;
}

}  // namespace

size_t record_size(const SpoolRecord& record) { return kFixed + record.line.size() + kSum; }

std::string write_record(const SpoolRecord& record, const wire::ChainId& chain) {
  std::string out;
  out.reserve(record_size(record));
  out += kMagic;
  put_bytes(out, static_cast<uint32_t>(record.line.size()));
  put_bytes(out, record.seq);
  put_bytes(out, record.local);
  out += record.mac.view();
  out += record.line;
  out += checksum(chain, out);
  return out;
}

std::string segment_header(const wire::ChainId& chain, uint64_t first) {
  return fmt::format("cmdai-spool-v1 {} {:016x}\n", chain.hex(), first);
}

SegmentContent read_segment(std::string_view bytes, const wire::ChainId& chain, uint64_t first) {
  SegmentContent content;
  const std::string header = segment_header(chain, first);
  content.header = bytes.substr(0, header.size()) == header;
  size_t at = content.header ? header.size() : 0;
  content.good = at;
  bool stray = !content.header;
  while (at < bytes.size()) {
    auto record = record_at(bytes, at, chain);
    if (!record) {  // look for the next one that is whole
      stray = true;
      at = bytes.find(kMagic, at + 1);
      if (at == std::string_view::npos) break;
      continue;
    }
    content.damaged = content.damaged || stray;
    stray = false;
    at += record_size(record->record);
    content.good = at;
    content.records.push_back(std::move(*record));
  }
  content.tail = content.good < bytes.size();
  return content;
}

}  // namespace cmdai::device
