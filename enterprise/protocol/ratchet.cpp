#include "enterprise/protocol/ratchet.hpp"

namespace cmdai::wire {

Mac Ratchet::mac(const Digest& h) const { return wire::mac(key_, h.view()); }

void Ratchet::step() {
  key_ = derive(key_, "cmdai-evolve-v1");
  ++seq_;
}

bool Ratchet::skip_to(uint64_t to) {
  if (to < seq_ || to - seq_ > kMaxSkip) return false;
  while (seq_ < to) step();
  return true;
}

}  // namespace cmdai::wire
