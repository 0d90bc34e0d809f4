#include "enterprise/plugin/chain_place.hpp"

namespace cmdai::device {

bool follows(std::string_view line, const ChainPlace& place) {
  const auto head = wire::read_event_head(line);
  if (!head || head->prev != place.hash) return false;
  if (head->seq == place.seq + 1) return true;
  if (head->type != wire::kGapType) return false;
  const auto gap = wire::read_gap(line);
  return gap && gap->from == place.seq + 1 && gap->to + 1 == head->seq;
}

}  // namespace cmdai::device
