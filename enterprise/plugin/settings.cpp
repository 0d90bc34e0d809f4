#include "enterprise/plugin/settings.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace cmdai::device {
namespace {

using Json = nlohmann::json;

/// Looks keys up in the plugin's own settings first, and keeps the first thing that is wrong.
class Reader {
 public:
  explicit Reader(const Json& own) : own_(own) {
    if (!own.contains("Managed")) return;
    const Json& managed = own.at("Managed");
    if (managed.is_object()) managed_ = &managed;
  }

  const Json* find(const char* key) const {
    if (const auto found = own_.find(key); found != own_.end()) return &*found;
    if (managed_ == nullptr) return nullptr;
    const auto found = managed_->find(key);
    return found == managed_->end() ? nullptr : &*found;
  }
  std::string text(const char* key) {
    const Json* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_string()) return wrong(key, "a text"), std::string();
    auto said = value->get<std::string>();
    if (said.find('\0') != std::string::npos) wrong(key, "a text without NUL");
    return said;
  }
  uint64_t number(const char* key, uint64_t otherwise, uint64_t least, uint64_t most) {
    const Json* value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_number_unsigned() || value->get<uint64_t>() < least || value->get<uint64_t>() > most)
      return wrong(key, fmt::format("a number from {} to {}", least, most)), otherwise;
    return value->get<uint64_t>();
  }
  std::optional<WhenFull> action(const char* key) {
    const std::string said = text(key);
    if (said.empty()) return std::nullopt;
    if (said == "allow") return WhenFull::allow;
    if (said == "warn") return WhenFull::warn;
    if (said == "block") return WhenFull::block;
    wrong(key, "`allow`, `warn` or `block`");
    return std::nullopt;
  }
  void wrong(const char* key, const std::string& wanted) {
    if (problem_.empty()) problem_ = fmt::format("`{}` is not {}", key, wanted);
  }
  const std::string& problem() const { return problem_; }

 private:
  const Json& own_;
  const Json* managed_ = nullptr;
  std::string problem_;
};

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5) return false;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value > 0 && value < 65536;
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() < 256 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:") ==
             std::string_view::npos;
}

/// `https://HOST[:PORT][/PREFIX]`; an IPv6 address stands in brackets.
std::optional<CollectorAddress> read_address(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  if (url.substr(0, kScheme.size()) != kScheme) return std::nullopt;
  url.remove_prefix(kScheme.size());
  CollectorAddress found;
  const size_t slash = url.find('/');
  if (slash != std::string_view::npos) found.prefix = url.substr(slash);
  while (!found.prefix.empty() && found.prefix.back() == '/') found.prefix.pop_back();
  if (found.prefix.find_first_of(" \r\n?#") != std::string::npos) return std::nullopt;
  std::string_view authority = url.substr(0, slash);
  const size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    found.port = authority.substr(colon + 1);
    if (!is_port(found.port)) return std::nullopt;
    authority = authority.substr(0, colon);
  }
  if (authority.size() > 2 && authority.front() == '[' && authority.back() == ']')
    authority = authority.substr(1, authority.size() - 2);
  else if (authority.find(':') != std::string_view::npos)
    return std::nullopt;
  if (!is_host(authority)) return std::nullopt;
  found.host = authority;
  return found;
}

void read_root(Reader& reader, FileReader read_file, Settings& out) {
  if (const std::string encoded = reader.text("RootOfTrust"); !encoded.empty()) {
    auto root = wire::from_base64(encoded);
    if (!root) return reader.wrong("RootOfTrust", "base64 of a signed root");
    out.root = std::move(*root);
    return;
  }
  std::string path = reader.text("RootOfTrustFile");
  if (path.empty()) path = "/etc/cmdai/trust/root.json";
  auto root = read_file(path);
  if (!root) return reader.wrong("RootOfTrust", "there, and " + root.error().text);
  out.root = std::move(*root);
}

void read_commands(Reader& reader, Settings& out) {
  const Json* list = reader.find("AllowedCommands");
  if (list == nullptr) return;
  out.allowed_commands.clear();
  if (!list->is_array()) return reader.wrong("AllowedCommands", "a list of texts");
  for (const Json& one : *list) {
    if (!one.is_string()) return reader.wrong("AllowedCommands", "a list of texts");
    out.allowed_commands.insert(one.get<std::string>());
  }
}

void read_privacy(Reader& reader, Settings& out) {
  out.privacy = static_cast<int>(reader.number("PrivacyLevel", 1, 0, 2));
  const std::string key = reader.text("BreakGlassKey");
  if (key.empty()) {
    if (out.privacy == 2) reader.wrong("BreakGlassKey", "there, which `PrivacyLevel` 2 needs");
    return;
  }
  out.break_glass = wire::BoxPublicKey::from_hex(key);
  if (!out.break_glass) reader.wrong("BreakGlassKey", "an X25519 key in hex");
}

}  // namespace

std::string CollectorAddress::authority() const {
  const bool six = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", six ? "[" : "", host, six ? "]" : "", port);
}

Result<Settings> read_settings(std::string_view json, FileReader read_file) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) return fail(Problem::Kind::other, "the settings are no JSON object");
  Reader reader(parsed);
  Settings out;
  const auto address = read_address(reader.text("CollectorURL"));
  if (address)
    out.collector = *address;
  else
    reader.wrong("CollectorURL", "an address `https://HOST[:PORT][/PREFIX]`");
  out.tenant = reader.text("TenantID");
  out.token_file = reader.text("EnrollmentTokenFile");
  if (const std::string level = reader.text("AssuranceLevel"); level == "L1" || level.empty())
    out.assurance = "L1";
  else
    reader.wrong("AssuranceLevel", "`L1`, the level this plugin has");
  out.on_full = reader.action("OnSpoolFull").value_or(WhenFull::warn);
  out.on_stale = reader.action("OnStale");
  out.spool_cap = reader.number("SpoolMaxMB", 256, 1, 65536) << 20U;
  out.journal_cap = reader.number("JournalMaxMB", 32, 1, 4096) << 20U;
  out.heartbeat_ms = static_cast<int64_t>(reader.number("HeartbeatSec", 60, 1, 86400)) * 1000;
  out.ca_file = reader.text("CAFile");
  out.proxy = reader.text("Proxy");
  if (const size_t colon = out.proxy.rfind(':');
      !out.proxy.empty() && (colon == std::string::npos || !is_host(out.proxy.substr(0, colon)) ||
                             !is_port(std::string_view(out.proxy).substr(colon + 1))))
    reader.wrong("Proxy", "`HOST:PORT`");
  out.serial_hash = reader.text("SerialHash");
  read_commands(reader, out);
  read_privacy(reader, out);
  read_root(reader, read_file, out);
  if (!reader.problem().empty()) return fail(Problem::Kind::other, reader.problem());
  return out;
}

Result<std::string> read_small_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Problem::Kind::missing, fmt::format("`{}` cannot be read", path));
  std::string text;
  constexpr size_t kLimit = size_t{1} << 20U;
  text.resize(kLimit + 1);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kLimit) return fail(Problem::Kind::other, fmt::format("`{}` is too long", path));
  return text;
}

}  // namespace cmdai::device
