#pragma once
// Text in, dump out: one line a case. `dialects` lists the names it holds for, blank-separated.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "test/unit/syntax/dump.hpp"

namespace cmdai::syntax {

struct Case {
  std::string source;
  std::string expected;
};

inline void check(std::string_view dialects, const std::vector<Case>& cases) {
  while (!dialects.empty()) {
    const size_t blank = std::min(dialects.find(' '), dialects.size());
    const std::string_view dialect = dialects.substr(0, blank);
    dialects.remove_prefix(std::min(blank + 1, dialects.size()));
    for (const Case& one : cases) {
      CAPTURE(dialect);
      CAPTURE(one.source);
      CHECK(dump(one.source, dialect) == one.expected);
    }
  }
}

}  // namespace cmdai::syntax
