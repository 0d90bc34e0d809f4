#pragma once
// Errors as values. A function that can fail on bad input returns Result<T>; it does not throw.
#include <string>
#include <tl/expected.hpp>

#include "libcore/base/diagnostic.hpp"

namespace cmdai {

template <class T>
using Result = tl::expected<T, Diagnostic>;

inline tl::unexpected<Diagnostic> fail(Diagnostic diagnostic) {
  return tl::unexpected<Diagnostic>(std::move(diagnostic));
}

}  // namespace cmdai
