#pragma once
// How lines are tied together: each carries its number and the hash of the line before it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cmdai::audit {

/// The fields of a line that make the chain, read without trusting the rest.
struct Link {
  uint64_t seq = 0;
  std::string previous;  ///< hash of the line before
};

/// nullopt: not a line of ours (no JSON object, no seq, no prev).
std::optional<Link> read_link(std::string_view line);

}  // namespace cmdai::audit
