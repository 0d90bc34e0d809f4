#pragma once
// Whether shells that are not interactive are guarded: what BASH_ENV, .zshenv and fish's conf.d hold.
#include <string>
#include <vector>

namespace cmdai::cli {

struct StartFinding {
  enum class Kind { guarded, stale, none };
  Kind kind = Kind::none;
  std::string what, mend;
};

/// One for each shell that is installed. Reads the environment.
std::vector<StartFinding> look_at_starts(const std::string& home);

}  // namespace cmdai::cli
