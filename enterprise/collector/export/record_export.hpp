#pragma once
// The record as a file that can be verified without a collector (docs/collector-protocol.md, "Export file").
#include <string>
#include <vector>

#include "enterprise/collector/service/keyring.hpp"
#include "enterprise/collector/store/store.hpp"

namespace cmdai::collector {

struct ExportRange {
  std::uint64_t from = 1, to = UINT64_MAX;  // positions of batches, both inclusive
  std::string device;                       // empty: all
};

/// How many batches were written.
Result<std::uint64_t> export_record(Store& store, const Roots& roots, const ExportRange& range,
                                    const std::string& file);

/// Holds each batch against its leaf, and the tree against the checkpoints. Each sentence is one finding.
std::vector<std::string> check_tree(Store& store);

}  // namespace cmdai::collector
