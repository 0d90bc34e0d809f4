#pragma once
// Where a command acts: on the collector that runs in a folder, through its API, or on the folder's store
// itself.
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "enterprise/collector/cli/arguments.hpp"
#include "enterprise/collector/config/settings.hpp"
#include "enterprise/collector/store/store.hpp"

namespace cmdai::collector::cli {

std::string folder_of(const Arguments& given);

/// A collector's folder.
class Place {
 public:
  /// Reads its settings.
  static Result<Place> at(const std::string& folder);

  const Settings& settings() const { return settings_; }
  /// HOST:PORT of the collector that runs here; empty: none does.
  std::string running() const;
  /// Asks it. invalid, conflict, not_found: what it answered.
  Result<nlohmann::json> ask(const std::string& method, const std::string& target,
                             const std::string& body = {}) const;
  /// The store, where none runs.
  Result<std::unique_ptr<Store>> open() const;

 private:
  explicit Place(Settings settings) : settings_(std::move(settings)) {}
  Settings settings_;
};

/// File that tells where the collector listens.
std::string address_file(const Settings& settings);

/// 2026-01-31 12:00:00Z
std::string date_time(long long ms);

}  // namespace cmdai::collector::cli
