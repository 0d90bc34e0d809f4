#pragma once
// The collector's log: a Merkle tree over SHA-256 as in RFC 6962. Sizes and indexes count leaves from 0.
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/protocol/bytes.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

/// SHA-256(0x00 || leaf).
TreeHash leaf_hash(std::string_view leaf);
/// SHA-256(0x01 || left || right).
TreeHash node_hash(const TreeHash& left, const TreeHash& right);

/// The text of a leaf: one stored batch.
std::string batch_leaf(const DeviceId& device, const ChainId& chain, uint64_t first, uint64_t count,
                       const Digest& head, const Digest& unpacked);

/// Called for each perfect subtree that an append completes, the leaf itself being level 0: to be stored for
/// proofs.
using NodeSink = std::function<void(unsigned level, uint64_t index, const TreeHash& node)>;
/// The root of the perfect subtree over leaves index * 2^level … (index + 1) * 2^level - 1, as NodeSink gave
/// it.
using NodeSource = std::function<TreeHash(unsigned level, uint64_t index)>;

/// The tree as far as appending and its root need it: at most 64 hashes.
class Frontier {
 public:
  uint64_t size() const { return size_; }
  void append(const TreeHash& leaf, const NodeSink& sink = {});
  /// SHA-256 of nothing for the empty tree.
  TreeHash root() const;
  /// `SIZE HEX HEX …`
  std::string write() const;
  static Result<Frontier> read(std::string_view text);
  /// The frontier of the first `size` leaves.
  static Frontier at(uint64_t size, const NodeSource& nodes);

 private:
  uint64_t size_ = 0;
  std::vector<TreeHash>
      peaks_;  ///< roots of the perfect subtrees, left to right (the bits of size from the top)
};

TreeHash tree_root(uint64_t size, const NodeSource& nodes);

/// index < size; else empty.
std::vector<TreeHash> inclusion_proof(uint64_t index, uint64_t size, const NodeSource& nodes);
/// from <= to.
std::vector<TreeHash> consistency_proof(uint64_t from, uint64_t to, const NodeSource& nodes);
/// For the leaves from .. to - 1 at once: the roots left of them, then those right of them, each from left to
/// right.
std::vector<TreeHash> range_proof(uint64_t from, uint64_t to, uint64_t size, const NodeSource& nodes);

bool verify_inclusion(const TreeHash& leaf, uint64_t index, uint64_t size, std::span<const TreeHash> proof,
                      const TreeHash& root);
bool verify_consistency(uint64_t from, uint64_t to, const TreeHash& root_from, const TreeHash& root_to,
                        std::span<const TreeHash> proof);
/// `leaves` are from, from + 1 …; not empty.
bool verify_range(std::span<const TreeHash> leaves, uint64_t from, uint64_t size,
                  std::span<const TreeHash> proof, const TreeHash& root);

/// `{"size":N,"proof":["HEX",…]}` with the members of the question before it: what /v1/log/… answers.
struct InclusionAnswer {
  uint64_t leaf = 0, size = 0;
  std::vector<TreeHash> proof;
};
struct ConsistencyAnswer {
  uint64_t from = 0, to = 0;
  std::vector<TreeHash> proof;
};
std::string write(const InclusionAnswer& answer);
std::string write(const ConsistencyAnswer& answer);
Result<InclusionAnswer> read_inclusion(std::string_view body);
Result<ConsistencyAnswer> read_consistency(std::string_view body);

}  // namespace cmdai::wire
