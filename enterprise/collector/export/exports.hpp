#pragma once
// The exports of the settings, a thread and a cursor for each: one that cannot write holds up itself alone.
#include <memory>
#include <vector>

#include "enterprise/collector/base/loop.hpp"
#include "enterprise/collector/export/exporter.hpp"
#include "enterprise/collector/service/collector.hpp"

namespace cmdai::collector {

class Exports {
 public:
  explicit Exports(Collector& collector);
  ~Exports() { stop(); }
  Exports(const Exports&) = delete;
  Exports& operator=(const Exports&) = delete;
  /// Before the collector goes; once.
  void stop();

 private:
  struct Sink {
    std::string name;
    std::unique_ptr<Exporter> exporter;
    bool failing = false;
    std::unique_ptr<Loop> loop;
  };
  bool turn(Sink& sink);

  Collector& collector_;
  bool stopped_ = false;
  std::vector<std::unique_ptr<Sink>> sinks_;
};

}  // namespace cmdai::collector
