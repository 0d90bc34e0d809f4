// Times as people write them.
#include "daemon/cli/when.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <time.h>

using namespace cmdai::cli;

namespace {

void set_zone(const char* zone) {
  setenv("TZ", zone, 1);
  tzset();
}

}  // namespace

TEST_CASE("durations count from now, in either direction") {
  constexpr int64_t kNow = 1'800'000'000;
  const struct {
    const char* text;
    int64_t seconds;
  } cases[] = {{"0s", 0},      {"30s", 30},     {"30m", 1800},           {"2h", 7200},
               {"7d", 604800}, {"2w", 1209600}, {"999999d", 86399913600}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(parse_when(c.text, kNow, 1) == kNow + c.seconds);
    CHECK(parse_when(c.text, kNow, -1) == kNow - c.seconds);
  }
}

TEST_CASE("dates are local, UTC with a Z") {
  set_zone("UTC");
  CHECK(parse_when("2027-01-31", 0, 1) == 1801353600);
  CHECK(parse_when("2027-01-31T12:30", 0, 1) == 1801353600 + 45000);
  CHECK(parse_when("2027-01-31T12:30:05", 0, 1) == 1801353600 + 45005);
  CHECK(local_time(1801353600) == "2027-01-31 00:00:00");
  set_zone("XXX-14");  // POSIX: 14 h east of Greenwich
  CHECK(parse_when("2027-01-31", 0, 1) == 1801353600 - 14 * 3600);
  CHECK(parse_when("2027-01-31T00:00:00Z", 0, 1) == 1801353600);
  CHECK(local_time(1801353600) == "2027-01-31 14:00:00");
  set_zone("UTC");
}

TEST_CASE("what is no time") {
  for (const char* text : {"",
                           " ",
                           "d",
                           "5",
                           "5y",
                           "5 d",
                           "-5d",
                           "+5d",
                           "5dd",
                           "1.5h",
                           "1000000d",
                           "99999999999999999999d",
                           "2027",
                           "2027-01",
                           "2027-13-01",
                           "2027-02-31",
                           "2026-02-29",
                           "2027-01-31x",
                           "2027-01-31T25:00",
                           "tomorrow",
                           "2027-01-31 12:00"}) {
    CAPTURE(text);
    CHECK(!parse_when(text, 0, 1).has_value());
  }
  CHECK(parse_when("2028-02-29T00:00:00Z", 0, 1) == 1835395200);
}
