#pragma once
// The real file system behind the engine's Probe. Bounded: so many questions, so many bytes, no waiting on
// FIFOs.
#include "libcore/base/probe.hpp"

namespace cmdai::host {

class RealProbe : public Probe {
 public:
  /// At most `questions` calls are answered; then everything is "not there".
  explicit RealProbe(uint32_t questions = 256) : left_(questions) {}
  std::optional<FileInfo> lstat(const std::string& path) override;
  std::optional<std::string> real_path(const std::string& path) override;
  std::optional<std::string> read_file(const std::string& path, size_t limit) override;
  std::optional<std::vector<std::string>> list(const std::string& directory, size_t limit) override;

 private:
  bool may_ask();
  uint32_t left_;
};

}  // namespace cmdai::host
