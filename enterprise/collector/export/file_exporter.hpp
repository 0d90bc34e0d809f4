#pragma once
// Events as OCSF, one JSON object a line, into a file that is rotated by size: FILE, FILE.1, FILE.2 …
#include "enterprise/collector/config/settings.hpp"
#include "enterprise/collector/export/exporter.hpp"

namespace cmdai::collector {

class FileExporter final : public Exporter {
 public:
  /// `path` is absolute.
  FileExporter(std::string path, std::uint64_t rotate_bytes, std::uint64_t keep)
      : path_(std::move(path)), rotate_bytes_(rotate_bytes), keep_(keep) {}
  Done write(std::span<const Outgoing> events) override;

 private:
  Done append(const std::string& text) const;
  void rotate() const;

  std::string path_;
  std::uint64_t rotate_bytes_;
  std::uint64_t keep_;
};

/// One line of OCSF. An event that has no form there is passed on as it is, under `unmapped`.
std::string ocsf_line(std::string_view event);

}  // namespace cmdai::collector
