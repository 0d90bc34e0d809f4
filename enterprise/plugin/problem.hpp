#pragma once
// Errors as values in the plugin: what kind, where one acts on it, and one sentence for people.
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace cmdai::device {

struct Problem {
  enum class Kind {
    other,
    missing,   ///< no such file
    full,      ///< no room on the disk or below the spool's cap: later it may work
    damaged,   ///< bytes are there, and they are not what was written
    refused,   ///< somebody answered, and said no
    no_answer  ///< nobody answered, or the answer proves nothing
  };
  Kind kind = Kind::other;
  std::string text;  ///< no full stop, literals in backticks
};

template <class T>
using Result = tl::expected<T, Problem>;

inline tl::unexpected<Problem> fail(Problem::Kind kind, std::string text) {
  return tl::unexpected<Problem>(Problem{kind, std::move(text)});
}
inline tl::unexpected<Problem> fail(Problem problem) { return tl::unexpected<Problem>(std::move(problem)); }

}  // namespace cmdai::device
