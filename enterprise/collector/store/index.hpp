#pragma once
// The index: rows to search, made from the ledger and at any time again. Nothing of it is evidence.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/base/result.hpp"

namespace cmdai::collector {

/// One event, as far as it can be asked for.
struct IndexRow {
  std::uint64_t position = 0;  // of its batch in the ledger
  std::uint64_t seq = 0;
  Time received = 0, time = 0;
  std::string device, chain, group;
  std::string type, action, rule, actor, agent, user, host;
  std::string text;  // command line, or what else is to be searched
  std::string uid;   // event_uid
};

struct EventQuery {
  std::string text;  // words all of which must occur; "…" a phrase; word* a prefix
  std::string device, group, action, rule, actor, agent, user, type;
  bool stopped = false;          // action is not allow
  std::optional<Time> from, to;  // by the event's time; to is exclusive
  std::size_t limit = 50;
  std::string cursor;  // of the page before
};

struct EventPage {
  std::vector<IndexRow> rows;  // newest first: by the day they came, then the order they were stored
  std::string cursor;          // for the next page; empty: this was the last
};

struct RollupRow {
  Time minute = 0;
  std::string group, type, action;
  std::uint64_t count = 0;
};

/// Thread-safe; put() by one thread at a time.
class Index {
 public:
  virtual ~Index() = default;
  /// Adds the rows of all batches up to `position`, in one transaction per day; the position moves with them.
  virtual Done put(std::span<const IndexRow> rows, std::uint64_t position) = 0;
  /// Up to which position the ledger is indexed.
  virtual Result<std::uint64_t> position() = 0;

  virtual Result<EventPage> search(const EventQuery& query) = 0;
  /// Counts by minute of receipt.
  virtual Result<std::vector<RollupRow>> rollup(Time from, Time to) = 0;

  /// Throws away everything; the next put() begins at the first batch.
  virtual Done clear() = 0;
  /// Throws away the days before a time. Returns how many.
  virtual Result<std::size_t> forget_before(Time time) = 0;
};

}  // namespace cmdai::collector
