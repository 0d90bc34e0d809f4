#pragma once
// Errors as values for the collector. What went wrong is a kind (a handler turns it into a status) and a
// sentence for the log; neither holds a secret.
#include <string>
#include <tl/expected.hpp>

namespace cmdai::collector {

enum class Problem {
  unavailable,  // the store cannot take it now: disk full, read-only, locked by somebody else
  damaged,      // what is stored is not what was written
  conflict,     // somebody was first
  invalid,      // what was handed in cannot be
  not_found,
};

struct Failure {
  Problem problem = Problem::unavailable;
  std::string text;
};

template <class T>
using Result = tl::expected<T, Failure>;

using Done = Result<void>;

inline tl::unexpected<Failure> failed(Problem problem, std::string text) {
  return tl::unexpected<Failure>(Failure{problem, std::move(text)});
}

}  // namespace cmdai::collector
