#pragma once
// The chains of an export as its batches come by: inside this room only.
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "enterprise/protocol/batch.hpp"
#include "enterprise/protocol/merkle.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::wire {

/// What a batch did not prove, with the number it is about.
struct Doubt {
  uint64_t seq = 0;
  std::string why;
};

struct BatchResult {
  uint64_t events = 0;  ///< new ones
  std::vector<Doubt> doubts;
};

struct BatchFault {
  uint64_t seq = 0;
  Refusal refusal;
};

/// Checks each batch's signature and chain, and that a chain's batches join. MACs are the collector's
/// business: their keys are not in an export, and the leaf hash covers them.
class ExportChains {
 public:
  void add(const DeviceCertificate& certificate) { certificates_[certificate.device].push_back(certificate); }
  size_t devices() const { return certificates_.size(); }
  tl::expected<BatchResult, BatchFault> take(const BatchView& batch);

 private:
  struct Known {
    uint64_t seq;
    Digest hash;
  };
  struct Chain {
    uint64_t next = 0;       ///< 0: nothing came yet
    std::deque<Known> tail;  ///< the last events, for batches that overlap
  };

  class Join;
  bool signed_by_device(const BatchView& batch) const;

  std::map<DeviceId, std::vector<DeviceCertificate>> certificates_;
  std::map<std::pair<DeviceId, ChainId>, Chain> chains_;
};

}  // namespace cmdai::wire
