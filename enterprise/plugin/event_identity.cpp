#include "enterprise/plugin/event_identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "enterprise/protocol/event_line.hpp"
#include "enterprise/protocol/hashing.hpp"

namespace cmdai::device {
namespace {

std::string uuid_of(int64_t time_ms, std::string_view device, std::string_view salt) {
  wire::Hasher hasher;
  hasher.add(device);
  hasher.add("\n");
  hasher.add(salt);
  std::string bytes(hasher.digest().view().substr(0, 16));
  const auto time = static_cast<uint64_t>(time_ms);
  for (size_t i = 0; i < 6; ++i) bytes[i] = static_cast<char>(time >> (8 * (5 - i)) & 0xFFU);
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0FU) | 0x70U);
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3FU) | 0x80U);
  const std::string hex = wire::to_hex(bytes);
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20));
}

std::optional<int> digits(std::string_view text, size_t at, size_t count) {
  int value = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

nlohmann::ordered_json identity_members(const EventContext& context, int64_t time_ms, std::string_view salt) {
  nlohmann::ordered_json out;
  out["event_uid"] = uuid_of(time_ms, context.device, salt);
  out["time_ms"] = time_ms;
  if (!context.boot_id.empty()) out["boot_id"] = context.boot_id;
  out["tenant"] = context.tenant;
  out["device"] = {{"id", context.device}, {"host", context.host}, {"os", context.os}};
  if (!context.serial_hash.empty()) out["device"]["serial_hash"] = context.serial_hash;
  out["daemon"] = {{"version", context.version}, {"assurance", context.assurance}};
  if (!context.binary.empty()) out["daemon"]["binary_sha256"] = context.binary;
  return out;
}

std::optional<int64_t> time_of(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  if (text.size() != kForm.size()) return std::nullopt;
  for (size_t i = 0; i < kForm.size(); ++i)
    if (kForm[i] != '0' && text[i] != kForm[i]) return std::nullopt;
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2),
             hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2),
             millis = digits(text, 20, 3);
  if (!year || !month || !day || !hour || !minute || !second || !millis) return std::nullopt;
  if (*year < 1970 || *month < 1 || *month > 12 || *day < 1 || *day > 31 || *hour > 23 || *minute > 59 ||
      *second > 60)
    return std::nullopt;
  std::tm parts{};
  parts.tm_year = *year - 1900;
  parts.tm_mon = *month - 1;
  parts.tm_mday = *day;
  parts.tm_hour = *hour;
  parts.tm_min = *minute;
  parts.tm_sec = *second;
  return static_cast<int64_t>(timegm(&parts)) * 1000 + *millis;
}

bool is_type(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), fits) &&
         text.substr(0, 6) != "chain.";
}

}  // namespace cmdai::device
