// RFC 6962, section 2.1; the checks are those of RFC 9162, 2.1.3.2 and 2.1.4.2, which walk the path from the
// leaf up.
#include "enterprise/protocol/merkle.hpp"

#include <fmt/format.h>
#include <array>
#include <bit>
#include <charconv>

#include "enterprise/protocol/hashing.hpp"
#include "enterprise/protocol/json_text.hpp"

namespace cmdai::wire {
namespace {

/// Where RFC 6962 splits n > 1 leaves: the largest power of two below n.
uint64_t split_of(uint64_t n) { return std::bit_floor(n - 1); }

/// Root over leaves begin .. end - 1, end > begin; begin is where a split put it, so a power of two of them
/// is one stored node.
TreeHash subtree(uint64_t begin, uint64_t end, const NodeSource& nodes) {
  const uint64_t n = end - begin;
  if (std::has_single_bit(n)) return nodes(static_cast<unsigned>(std::countr_zero(n)), begin / n);
  const uint64_t middle = begin + split_of(n);
  return node_hash(subtree(begin, middle, nodes), subtree(middle, end, nodes));
}

void path_to(uint64_t index, uint64_t begin, uint64_t end, const NodeSource& nodes,
             std::vector<TreeHash>& out) {
  if (end - begin == 1) return;
  const uint64_t middle = begin + split_of(end - begin);
  if (index < middle) {
    path_to(index, begin, middle, nodes, out);
    out.push_back(subtree(middle, end, nodes));
  } else {
    path_to(index, middle, end, nodes, out);
    out.push_back(subtree(begin, middle, nodes));
  }
}

/// SUBPROOF of RFC 6962; `whole`: the old tree's root over this part is known to who asked.
void old_in_new(uint64_t from, uint64_t begin, uint64_t end, bool whole, const NodeSource& nodes,
                std::vector<TreeHash>& out) {
  if (from == end) {
    if (!whole) out.push_back(subtree(begin, end, nodes));
    return;
  }
  const uint64_t middle = begin + split_of(end - begin);
  if (from <= middle) {
    old_in_new(from, begin, middle, whole, nodes, out);
    out.push_back(subtree(middle, end, nodes));
  } else {
    old_in_new(from, middle, end, false, nodes, out);
    out.push_back(subtree(begin, middle, nodes));
  }
}

struct Range {
  uint64_t from, to;
};

void around(Range range, uint64_t begin, uint64_t end, const NodeSource& nodes, std::vector<TreeHash>& out) {
  if (range.from <= begin && end <= range.to) return;
  if (end <= range.from || range.to <= begin) {
    out.push_back(subtree(begin, end, nodes));
    return;
  }
  const uint64_t middle = begin + split_of(end - begin);
  around(range, begin, middle, nodes, out);
  around(range, middle, end, nodes, out);
}

/// Rebuilds the root from the leaves of a range and what stands around them; both are used up from the front.
class Rebuild {
 public:
  Rebuild(Range range, std::span<const TreeHash> leaves, std::span<const TreeHash> proof)
      : range_(range), leaves_(leaves), proof_(proof) {}

  TreeHash over(uint64_t begin, uint64_t end) {
    if (end <= range_.from || range_.to <= begin) return take(proof_);
    if (end - begin == 1) return take(leaves_);
    const uint64_t middle = begin + split_of(end - begin);
    const TreeHash left = over(begin, middle);
    return node_hash(left, over(middle, end));
  }
  bool used_up() const { return good_ && leaves_.empty() && proof_.empty(); }

 private:
  TreeHash take(std::span<const TreeHash>& from) {
    good_ = good_ && !from.empty();
    if (from.empty()) return {};
    const TreeHash out = from.front();
    from = from.subspan(1);
    return out;
  }

  Range range_;
  std::span<const TreeHash> leaves_, proof_;
  bool good_ = true;
};

/// One step up a path: which side the sibling is on, for a node `at` of a level whose last is `last`.
struct Climb {
  uint64_t at, last;

  bool over() const { return last == 0; }
  bool sibling_is_left() const { return (at & 1) != 0 || at == last; }
  /// Levels at which the last node has no sibling are passed by.
  void skip_lone() {
    while ((at & 1) == 0 && at != 0) up();
  }
  void up() {
    at >>= 1;
    last >>= 1;
  }
};

constexpr uint64_t kMaxTree = kMaxNumber;

}  // namespace

TreeHash leaf_hash(std::string_view leaf) {
  std::string text(1, '\0');
  text.append(leaf);
  return sha256(text);
}

TreeHash node_hash(const TreeHash& left, const TreeHash& right) {
  std::array<char, 1 + 2 * TreeHash::size> text{};
  text[0] = 1;
  left.view().copy(text.data() + 1, TreeHash::size);
  right.view().copy(text.data() + 1 + TreeHash::size, TreeHash::size);
  return sha256({text.data(), text.size()});
}

std::string batch_leaf(const DeviceId& device, const ChainId& chain, uint64_t first, uint64_t count,
                       const Digest& head, const Digest& unpacked) {
  return fmt::format("cmdai-leaf-v1\n{}\n{}\n{}\n{}\n{}\n{}\n", device.hex(), chain.hex(), first, count,
                     head.hex(), unpacked.hex());
}

void Frontier::append(const TreeHash& leaf, const NodeSink& sink) {
  unsigned level = 0;
  peaks_.push_back(leaf);
  if (sink) sink(0, size_, leaf);
  for (uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    const TreeHash right = peaks_.back();
    peaks_.pop_back();
    peaks_.back() = node_hash(peaks_.back(), right);
    ++level;
    if (sink) sink(level, size_ >> level, peaks_.back());
  }
  ++size_;
}

TreeHash Frontier::root() const {
  if (peaks_.empty()) return sha256({});
  TreeHash out = peaks_.back();
  for (size_t i = peaks_.size() - 1; i > 0; --i) out = node_hash(peaks_[i - 1], out);
  return out;
}

std::string Frontier::write() const {
  std::string out = fmt::format_int(size_).str();
  for (const TreeHash& peak : peaks_) out.append(" ").append(peak.hex());
  return out;
}

Result<Frontier> Frontier::read(std::string_view text) {
  Frontier out;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.size_);
  if (error != std::errc{} || out.size_ > kMaxTree)
    return refuse(Reason::malformed, "a frontier without a size");
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  while (!text.empty()) {
    const auto peak = TreeHash::from_hex(text.substr(1, TreeHash::size * 2));
    if (text.front() != ' ' || !peak) return refuse(Reason::malformed, "a frontier's hash is no hash");
    out.peaks_.push_back(*peak);
    text.remove_prefix(1 + TreeHash::size * 2);
  }
  if (out.peaks_.size() != static_cast<size_t>(std::popcount(out.size_))) {
    return refuse(Reason::malformed, "a frontier has as many hashes as its size has bits");
  }
  return out;
}

Frontier Frontier::at(uint64_t size, const NodeSource& nodes) {
  Frontier out;
  out.size_ = size;
  uint64_t begin = 0;
  for (uint64_t rest = size; rest != 0;) {
    const uint64_t part = std::bit_floor(rest);
    out.peaks_.push_back(subtree(begin, begin + part, nodes));
    begin += part;
    rest -= part;
  }
  return out;
}

TreeHash tree_root(uint64_t size, const NodeSource& nodes) {
  return size == 0 ? sha256({}) : subtree(0, size, nodes);
}

std::vector<TreeHash> inclusion_proof(uint64_t index, uint64_t size, const NodeSource& nodes) {
  std::vector<TreeHash> out;
  if (index < size) path_to(index, 0, size, nodes, out);
  return out;
}

std::vector<TreeHash> consistency_proof(uint64_t from, uint64_t to, const NodeSource& nodes) {
  std::vector<TreeHash> out;
  if (from > 0 && from < to) old_in_new(from, 0, to, true, nodes, out);
  return out;
}

std::vector<TreeHash> range_proof(uint64_t from, uint64_t to, uint64_t size, const NodeSource& nodes) {
  std::vector<TreeHash> out;
  if (from < to && to <= size) around({from, to}, 0, size, nodes, out);
  return out;
}

bool verify_inclusion(const TreeHash& leaf, uint64_t index, uint64_t size, std::span<const TreeHash> proof,
                      const TreeHash& root) {
  if (index >= size || size > kMaxTree) return false;
  Climb climb{index, size - 1};
  TreeHash hash = leaf;
  for (const TreeHash& sibling : proof) {
    if (climb.over()) return false;
    if (climb.sibling_is_left()) {
      hash = node_hash(sibling, hash);
      climb.skip_lone();
    } else {
      hash = node_hash(hash, sibling);
    }
    climb.up();
  }
  return climb.over() && hash == root;
}

bool verify_consistency(uint64_t from, uint64_t to, const TreeHash& root_from, const TreeHash& root_to,
                        std::span<const TreeHash> proof) {
  if (from > to || to > kMaxTree) return false;
  if (from == to) return proof.empty() && root_from == root_to;
  if (from == 0) return proof.empty() && root_from == sha256({});
  Climb climb{from - 1, to - 1};
  while ((climb.at & 1) != 0) climb.up();
  // A whole power of two: the old root is itself a node of the new tree, and not sent.
  const bool whole = std::has_single_bit(from);
  if (!whole && proof.empty()) return false;
  TreeHash old_root = whole ? root_from : proof.front();
  TreeHash new_root = old_root;
  for (const TreeHash& sibling : whole ? proof : proof.subspan(1)) {
    if (climb.over()) return false;
    if (climb.sibling_is_left()) {
      old_root = node_hash(sibling, old_root);
      new_root = node_hash(sibling, new_root);
      climb.skip_lone();
    } else {
      new_root = node_hash(new_root, sibling);
    }
    climb.up();
  }
  return climb.over() && old_root == root_from && new_root == root_to;
}

bool verify_range(std::span<const TreeHash> leaves, uint64_t from, uint64_t size,
                  std::span<const TreeHash> proof, const TreeHash& root) {
  if (leaves.empty() || size > kMaxTree || from >= size || leaves.size() > size - from) return false;
  Rebuild rebuild({from, from + leaves.size()}, leaves, proof);
  return rebuild.over(0, size) == root && rebuild.used_up();
}

}  // namespace cmdai::wire
