#include "libcore/policy/atoms.hpp"

#include <algorithm>

namespace cmdai::policy {

Atoms::Atoms(const std::vector<std::string>& atoms) : count_(atoms.size()), nodes_(1), first_(256) {
  for (size_t i = 0; i < atoms.size(); ++i) {
    uint32_t node = 0;
    for (const char byte : atoms[i]) {
      uint32_t& next = node == 0 ? first_[static_cast<unsigned char>(byte)] : edges_[key(node, byte)];
      if (next == 0) {
        next = static_cast<uint32_t>(nodes_.size());
        nodes_.emplace_back();
      }
      node = next;
    }
    nodes_[node].atom = static_cast<int>(i);
  }
  link();
}

/// Shorter texts first: what a node falls back to is linked before it.
void Atoms::link() {
  std::vector<std::vector<std::pair<char, uint32_t>>> children(nodes_.size());
  for (const auto& [edge, to] : edges_)
    children[edge >> 8U].emplace_back(static_cast<char>(edge & 0xffU), to);
  std::vector<uint32_t> order;
  for (const uint32_t node : first_)
    if (node != 0) order.push_back(node);
  for (size_t at = 0; at < order.size(); ++at) {
    const uint32_t node = order[at];
    nodes_[node].report = nodes_[node].atom >= 0 ? node : nodes_[nodes_[node].shorter].report;
    for (const auto& [byte, child] : children[node]) {
      nodes_[child].shorter = step(nodes_[node].shorter, byte);
      order.push_back(child);
    }
  }
}

uint32_t Atoms::step(uint32_t node, char byte) const {
  for (; node != 0; node = nodes_[node].shorter)
    if (const auto edge = edges_.find(key(node, byte)); edge != edges_.end()) return edge->second;
  return first_[static_cast<unsigned char>(byte)];
}

std::vector<int> Atoms::find(std::string_view text) const {
  std::vector<int> out;
  std::vector<bool> seen;
  uint32_t node = 0;
  for (char byte : text) {
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
    node = step(node, byte);
    for (uint32_t end = nodes_[node].report; end != 0; end = nodes_[nodes_[end].shorter].report) {
      if (seen.empty()) seen.resize(count_);
      const auto atom = static_cast<size_t>(nodes_[end].atom);
      if (seen[atom]) break;  // and so is every shorter one that ends here
      seen[atom] = true;
      out.push_back(nodes_[end].atom);
    }
  }
  return out;
}

}  // namespace cmdai::policy
