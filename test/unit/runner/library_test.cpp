// What a table must have to be called, and what of it is called.
#include "daemon/runner/library.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace cmdai::runner;

namespace {

int opens(const cmdai_host*, void**) { return CMDAI_OK; }
int gates(void*, cmdai_gate*) { return CMDAI_OK; }

cmdai_plugin_table table() {
  cmdai_plugin_table out{};
  out.size = sizeof out;
  out.api_major = CMDAI_PLUGIN_API_MAJOR;
  out.open = opens;
  out.gate = gates;
  return out;
}

std::string refusal(const cmdai_plugin_table& t) {
  const auto got = negotiate(t);
  return got ? "" : got.error().message;
}

}  // namespace

TEST_CASE("a table of this header is taken as it is") {
  const auto got = negotiate(table());
  REQUIRE(got);
  CHECK(got->size == sizeof(cmdai_plugin_table));
  CHECK((got->gate == gates));
  CHECK(fmt::format("{}", fmt::join(functions_of(*got), " ")) == "gate");
}

TEST_CASE("majors must match, whatever else the table says") {
  cmdai_plugin_table other = table();
  other.api_major = CMDAI_PLUGIN_API_MAJOR + 1;
  CHECK(refusal(other) == "it was built for major 2 of the plugin interface, this cmdai has 1");
  other.size = offsetof(cmdai_plugin_table, name);
  CHECK(refusal(other) == "it was built for major 2 of the plugin interface, this cmdai has 1");
  other.api_major = 0;
  CHECK(refusal(other) == "it was built for major 0 of the plugin interface, this cmdai has 1");
}

TEST_CASE("any minor loads: what lies behind an older table's end is not there") {
  cmdai_plugin_table old = table();
  old.api_minor = 0;
  old.size = offsetof(cmdai_plugin_table, gate);
  const auto got = negotiate(old);
  REQUIRE(got);
  CHECK((got->gate == nullptr));
  CHECK(functions_of(*got).empty());

  // One of a later minor is longer: what we do not know is left alone.
  struct Later {
    cmdai_plugin_table table;
    void (*more)();
  } later{table(), nullptr};
  later.table.size = sizeof later;
  later.table.api_minor = 9;
  const auto newer = negotiate(later.table);
  REQUIRE(newer);
  CHECK(newer->size == sizeof(cmdai_plugin_table));
  CHECK((newer->gate == gates));
}

TEST_CASE("what cannot be opened is refused") {
  cmdai_plugin_table none = table();
  none.open = nullptr;
  CHECK(refusal(none) == "it has no `open`");
  none.size = offsetof(cmdai_plugin_table, open);
  CHECK(refusal(none) == "its table ends before `open`");
  none.size = 8;
  CHECK(refusal(none) == "its table has no size that could be right");
}
