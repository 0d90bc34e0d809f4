#include "shell-hooks/exec-guard/verdict_cache.hpp"

#include <doctest/doctest.h>

using cmdai::exec_guard::VerdictCache;

TEST_CASE("what was confirmed counts for a while") {
  VerdictCache cache;
  CHECK(!cache.allows("a", 0));
  cache.confirm("a", "p", 100);
  CHECK(cache.allows("a", 100));
  CHECK(cache.allows("a", 99 + VerdictCache::kLifetime));
  CHECK(!cache.allows("a", 100 + VerdictCache::kLifetime));
  CHECK(!cache.allows("b", 100));
}

TEST_CASE("another policy, or another verdict, ends it") {
  VerdictCache cache;
  cache.confirm("a", "p", 0);
  cache.confirm("b", "p", 0);
  cache.forget("a", "p");
  CHECK(!cache.allows("a", 1));
  CHECK(cache.allows("b", 1));
  cache.confirm("c", "q", 0);
  CHECK(!cache.allows("b", 1));
  CHECK(cache.allows("c", 1));
  cache.forget("x", "r");
  CHECK(!cache.allows("c", 1));
}

TEST_CASE("it does not grow without end") {
  VerdictCache cache;
  for (size_t i = 0; i <= VerdictCache::kMost; ++i) cache.confirm(std::to_string(i), "p", 0);
  CHECK(!cache.allows("0", 1));
  CHECK(cache.allows(std::to_string(VerdictCache::kMost), 1));
}
