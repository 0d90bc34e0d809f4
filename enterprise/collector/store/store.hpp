#pragma once
// Everything the collector keeps, as the rest of it sees it. Nothing above this knows SQL.
#include <memory>
#include <string>

#include "enterprise/collector/store/access.hpp"
#include "enterprise/collector/store/alarms.hpp"
#include "enterprise/collector/store/devices.hpp"
#include "enterprise/collector/store/documents.hpp"
#include "enterprise/collector/store/index.hpp"
#include "enterprise/collector/store/ledger.hpp"

namespace cmdai::collector {

class Store {
 public:
  virtual ~Store() = default;
  virtual Ledger& ledger() = 0;
  virtual Alarms& alarms() = 0;
  virtual Devices& devices() = 0;
  virtual Access& access() = 0;
  virtual Documents& documents() = 0;
  virtual Index& index() = 0;

  /// Work that must not be in the way of a commit; called from a thread of its own, often.
  virtual Done maintain() = 0;
  /// Reads everything and holds it against its checksums. Each sentence is one finding.
  virtual Result<std::vector<std::string>> inspect() = 0;
  /// A consistent copy of the record into a new file, while the collector works.
  virtual Done backup(const std::string& file) = 0;
  /// Bytes on disk, of the record and of the index.
  virtual std::uint64_t bytes() = 0;
};

/// A store in a folder (made where there is none). unavailable: another process has it open for writing.
Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& folder);
/// A store that is there, to read from beside the process that writes it.
Result<std::unique_ptr<Store>> open_sqlite_store_to_read(const std::string& folder);

}  // namespace cmdai::collector
