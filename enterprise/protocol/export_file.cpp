#include "enterprise/protocol/export_file.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

#include "enterprise/protocol/json_text.hpp"

namespace cmdai::wire {
namespace {

constexpr std::string_view kEnd = "end";
constexpr size_t kMaxLine = 64;
constexpr size_t kMaxType = 32;

bool is_type(std::string_view text) {
  if (text.empty() || text.size() > kMaxType) return false;
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

struct RecordLine {
  std::string type;
  size_t length = 0;
};

/// `TYPE LENGTH`, in one spelling.
Result<RecordLine> read_record_line(std::string_view line) {
  const size_t blank = line.find(' ');
  RecordLine out;
  out.type = std::string(line.substr(0, blank));
  const std::string_view digits =
      blank == std::string_view::npos ? std::string_view() : line.substr(blank + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.length);
  const bool plain = error == std::errc{} && end == digits.data() + digits.size() &&
                     (digits.size() == 1 || digits.front() != '0');
  if (!is_type(out.type) || !plain)
    return refuse(Reason::malformed, "a record does not begin with its type and length");
  if (out.length > kMaxExportRecord) return refuse(Reason::too_long, "a record is over 4 MiB");
  return out;
}

}  // namespace

ExportWriter::ExportWriter(ByteSink sink) : sink_(std::move(sink)) { put(kExportMagic); }

bool ExportWriter::put(std::string_view bytes) {
  good_ = good_ && sink_(bytes);
  hasher_.add(bytes);
  return good_;
}

bool ExportWriter::record(std::string_view type, std::string_view bytes) {
  if (!is_type(type) || type == kEnd || bytes.size() > kMaxExportRecord) good_ = false;
  ++counts_[std::string(type)];
  return put(fmt::format("{} {}\n", type, bytes.size())) && put(bytes) && put("\n");
}

bool ExportWriter::finish() {
  OrderedJson out;
  out["counts"] = OrderedJson::object();
  for (const auto& [type, count] : counts_) out["counts"][type] = count;
  out["hash"] = hasher_.digest().hex();
  const std::string text = dump(out);
  return put(fmt::format("{} {}\n{}\n", kEnd, text.size(), text));
}

ExportReader::ExportReader(ByteSource source) : source_(std::move(source)) {}

/// More bytes behind those not used yet; false at the end of the source.
bool ExportReader::fill() {
  constexpr size_t kPiece = 64 << 10;
  buffer_.erase(0, used_);
  used_ = 0;
  const size_t before = buffer_.size();
  buffer_.resize(before + kPiece);
  const size_t got = std::min(source_(buffer_.data() + before, kPiece), kPiece);
  buffer_.resize(before + got);
  return got > 0;
}

Result<std::string> ExportReader::line() {
  for (;;) {
    const std::string_view rest = std::string_view(buffer_).substr(used_);
    const size_t end = rest.find('\n');
    if (std::min(end, rest.size()) > kMaxLine)
      return refuse(Reason::malformed, "a line that is too long for a record's beginning");
    if (end != std::string_view::npos) {
      used_ += end + 1;
      return std::string(rest.substr(0, end));
    }
    if (!fill()) return refuse(Reason::malformed, "the file ends before its `end` record");
  }
}

/// That many bytes and a newline.
Result<std::string> ExportReader::exactly(size_t size) {
  while (buffer_.size() - used_ < size + 1) {
    if (!fill()) return refuse(Reason::malformed, "the file ends within a record");
  }
  std::string out = buffer_.substr(used_, size);
  if (buffer_[used_ + size] != '\n') return refuse(Reason::malformed, "a record is longer than it says");
  used_ += size + 1;
  return out;
}

Result<std::optional<ExportRecord>> ExportReader::next() {
  if (!begun_) {
    const auto magic = line();
    if (!magic || *magic + "\n" != kExportMagic) return refuse(Reason::malformed, "not an export of cmdai");
    hasher_.add(kExportMagic);
    begun_ = true;
  }
  const auto begin = line();
  if (!begin) return tl::unexpected<Refusal>(begin.error());
  const auto record = read_record_line(*begin);
  if (!record) return tl::unexpected<Refusal>(record.error());
  auto bytes = exactly(record->length);
  if (!bytes) return tl::unexpected<Refusal>(bytes.error());
  if (record->type == kEnd) return check_end(*bytes, hasher_.digest());
  for (const std::string_view part :
       {std::string_view(*begin), std::string_view("\n"), std::string_view(*bytes), std::string_view("\n")}) {
    hasher_.add(part);
  }
  ++counts_[record->type];
  return ExportRecord{record->type, std::move(*bytes), ++number_};
}

Result<std::optional<ExportRecord>> ExportReader::check_end(std::string_view bytes, const Digest& before) {
  const auto json = parse_object(bytes, kMaxExportRecord);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  const auto hash = members.fixed<Digest>("hash");
  Members counts(members.object("counts"));
  if (const auto& refusal = members.refusal()) return tl::unexpected<Refusal>(*refusal);
  if (hash != before) return refuse(Reason::bad_hash, "the hash in the `end` record is not that of the file");
  const bool as_many =
      members.object("counts").size() == counts_.size() &&
      std::ranges::all_of(counts_, [&](const auto& entry) {
        return counts.has(entry.first.c_str()) && counts.number(entry.first.c_str()) == entry.second;
      });
  if (!as_many) return refuse(Reason::malformed, "the counts in the `end` record are not those of the file");
  if (used_ < buffer_.size() || fill())
    return refuse(Reason::malformed, "something stands behind the `end` record");
  return std::optional<ExportRecord>();
}

}  // namespace cmdai::wire
