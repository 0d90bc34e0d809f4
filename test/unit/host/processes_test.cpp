// What tells a process from a later one of its number.
#include "daemon/host/processes.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

using cmdai::host::process_birth;

TEST_CASE("a process has one beginning, nobody has none") {
  const std::string mine = process_birth(getpid());
  CHECK(!mine.empty());
  CHECK(mine.find_first_not_of("0123456789") == std::string::npos);
  CHECK(process_birth(getpid()) == mine);
  CHECK(process_birth(1) != mine);  // it began when the machine did
  CHECK(process_birth(999'999'999).empty());
}
