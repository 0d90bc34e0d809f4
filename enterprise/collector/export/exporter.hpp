#pragma once
// Where events go besides the index. An exporter takes events in the order of the ledger; what it has not
// taken is handed to it again: at least once, and the event's id tells a reader what it has already.
#include <span>
#include <string>

#include "enterprise/collector/base/result.hpp"

namespace cmdai::collector {

/// An event on its way out.
struct Outgoing {
  std::string_view line;  // as it was signed
};

/// Used by one thread.
class Exporter {
 public:
  virtual ~Exporter() = default;
  /// All of them are where they should be when this returns; on failure they come again.
  virtual Done write(std::span<const Outgoing> events) = 0;
};

}  // namespace cmdai::collector
