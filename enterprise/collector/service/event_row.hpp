#pragma once
// An event's line as a row of the index.
#include <string_view>

#include "enterprise/collector/store/index.hpp"
#include "enterprise/collector/store/ledger.hpp"

namespace cmdai::collector {

/// The row of one event. What the line does not say, or says in another form, is left empty: every event has
/// a row.
IndexRow row_of_event(const LedgerBatch& batch, std::uint64_t seq, std::string_view line);

/// Rows of the new part of a batch, appended.
void rows_of_batch(const LedgerBatch& batch, std::vector<IndexRow>& rows);

}  // namespace cmdai::collector
