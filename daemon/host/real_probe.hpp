#pragma once
// The real file system behind the engine's Probe. Bounded: so many questions, so many bytes, no waiting on
// FIFOs.
#include <chrono>
#include <cstdint>
#include <optional>

#include "libcore/base/probe.hpp"

namespace cmdai::host {

class RealProbe : public Probe {
 public:
  struct Bounds {
    uint32_t questions = 256;                    ///< answered; then everything is "not there"
    uint32_t entries = 16'384;                   ///< of the directories that are scanned, all together
    std::chrono::microseconds scanning{20'000};  ///< from the first scan on; what comes later is not answered
  };
  RealProbe() : RealProbe(Bounds{}) {}
  explicit RealProbe(uint32_t questions) : left_(questions) {}
  explicit RealProbe(const Bounds& bounds)
      : left_(bounds.questions), entries_left_(bounds.entries), scanning_(bounds.scanning) {}
  std::optional<FileInfo> lstat(const std::string& path) override;
  std::optional<std::string> real_path(const std::string& path) override;
  std::optional<std::string> read_file(const std::string& path, size_t limit) override;
  std::optional<std::vector<std::string>> list(const std::string& directory, size_t limit) override;
  bool is_absent(const std::string& path) override;
  std::optional<Listing> scan(const std::string& directory, size_t limit) override;
  std::optional<std::string> read_link(const std::string& path) override;
  std::optional<std::string> read_part(const std::string& path, uint64_t offset, size_t size) override;
  /// Whether anything was looked up, answered or not: what was said rests on more than the question.
  bool asked() const { return asked_; }

 private:
  using Clock = std::chrono::steady_clock;
  bool may_ask();
  bool may_scan();

  bool asked_ = false;
  uint32_t left_;
  uint32_t entries_left_ = Bounds{}.entries;
  std::chrono::microseconds scanning_ = Bounds{}.scanning;
  std::optional<Clock::time_point> scan_end_;
};

}  // namespace cmdai::host
