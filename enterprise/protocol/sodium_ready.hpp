#pragma once
// libsodium picks the fast code for this processor in sodium_init; whoever computes first calls it. Any
// thread, any number of times.
#include <sodium.h>
#include <stdexcept>

namespace cmdai::wire {

inline void ensure_sodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) throw std::runtime_error("libsodium could not start: no source of randomness");
}

}  // namespace cmdai::wire
