#pragma once
// collector.toml: read whole or refused whole, with the place of what is wrong.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/collector/base/result.hpp"

namespace cmdai::collector {

struct ExportSettings {
  std::string name;  // of the cursor; unique
  std::string type = "file";
  std::string format = "ocsf";
  std::string path;
  std::uint64_t rotate_mb = 64;  // 0: never
  std::uint64_t keep = 8;        // rotated files
};

struct Settings {
  std::string folder;  // where the file is; paths are relative to it
  std::string address = "127.0.0.1";
  std::uint16_t port = 8443;  // 0: the kernel chooses, data/address says which
  std::string data = "data", keys = "keys", trust = "trust";
  std::string certificate = "tls/server.crt", private_key = "tls/server.key", authority = "tls/ca.crt";

  std::uint64_t connections = 4000;
  std::uint64_t workers = 2;
  std::uint64_t queue = 2048;              // batches that wait for the disk
  std::uint64_t memory_mb = 256;           // bodies of requests under way
  std::uint64_t events_per_second = 2000;  // of one device, over a minute
  std::uint64_t header_seconds = 15, body_seconds = 30, idle_seconds = 75;
  std::uint64_t heartbeat_seconds = 60;  // three missed: silent
  std::uint64_t checkpoint_seconds = 60;
  std::uint64_t index_days = 90;  // 0: for ever
  std::string log_level = "info";
  std::vector<ExportSettings> exports;

  [[nodiscard]] std::string path(const std::string& name) const {
    return name.starts_with('/') ? name : folder + "/" + name;
  }
};

/// The failure's text is what is shown: `file:line:column: …`, the line, a caret, a hint.
Result<Settings> read_settings(const std::string& file);
/// The same of a text; `file` is its name in messages.
Result<Settings> parse_settings(std::string_view text, const std::string& file);

/// The file that `init` writes: every key, with what it means.
std::string settings_template(const std::string& address, std::uint16_t port);

}  // namespace cmdai::collector
