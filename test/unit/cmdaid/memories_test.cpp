// Whose lines ran, and what is kept of them.
#include "daemon/cmdaid/memories.hpp"

#include <doctest/doctest.h>

using cmdai::daemon::Memories;
using cmdai::resolve::Memory;

namespace {

Memory with(const std::string& name, const std::string& value = "x") {
  Memory m;
  m.variables[name] = {value, 0};
  return m;
}
bool knows(Memories& memories, const std::string& id, const std::string& name) {
  const Memory* m = memories.of(id);
  return m != nullptr && m->variables.contains(name);
}

}  // namespace

TEST_CASE("what ran is kept for its session alone") {
  Memories memories;
  memories.ran("a", with("A"));
  memories.ran("b", with("B"));
  CHECK(knows(memories, "a", "A"));
  CHECK_FALSE(knows(memories, "a", "B"));
  CHECK_FALSE(knows(memories, "c", "A"));
  memories.forget("a");
  CHECK_FALSE(knows(memories, "a", "A"));
  memories.keep([](const std::string& id) { return id != "b"; });
  CHECK_FALSE(knows(memories, "b", "B"));
}

TEST_CASE("a look changes nothing") {
  Memories memories;
  CHECK(memories.peek("a") == nullptr);
  CHECK(memories.size() == 0);
  memories.ran("a", with("A"));
  memories.asked("a", "v1", with("B"), false);
  REQUIRE(memories.peek("a") != nullptr);
  CHECK(memories.peek("a")->variables.contains("A"));
  CHECK_FALSE(memories.peek("a")->variables.contains("B"));
  CHECK(knows(memories, "a", "B"));  // still open
}

TEST_CASE("no name, or one too long, is no session") {
  Memories memories;
  CHECK(memories.of("") == nullptr);
  const std::string long_id(Memories::kLongestId + 1, 'x');
  memories.ran(long_id, with("A"));
  CHECK(memories.of(long_id) == nullptr);
  CHECK(memories.size() == 0);
  // Two that begin alike are two.
  memories.ran(std::string(100, 'x') + "1", with("A"));
  CHECK_FALSE(knows(memories, std::string(100, 'x') + "2", "A"));
}

TEST_CASE("the one not heard of for longest goes") {
  Memories memories;
  for (size_t i = 0; i < Memories::kMost; ++i) memories.ran("s" + std::to_string(i), with("A"));
  CHECK(knows(memories, "s0", "A"));
  memories.ran("new", with("A"));
  CHECK(memories.size() == Memories::kMost);
  CHECK(knows(memories, "s0", "A"));
  CHECK_FALSE(knows(memories, "s1", "A"));
}

TEST_CASE("a line that is asked about leaves something when the answer is yes") {
  Memories memories;
  memories.asked("a", "id1", with("A"), true);
  memories.answered("id1", true);
  CHECK(knows(memories, "a", "A"));
  memories.asked("a", "id2", with("B"), true);
  memories.answered("id2", false);
  CHECK_FALSE(knows(memories, "a", "B"));
  CHECK(knows(memories, "a", "A"));
  memories.asked("a", "id3", with("C"), true);
  CHECK_FALSE(knows(memories, "a", "C"));  // no answer came
  memories.answered("id3", true);
  CHECK_FALSE(knows(memories, "a", "C"));
}

TEST_CASE("where nobody can be asked the line may have run, and takes no doubt away") {
  Memories memories;
  Memory before;
  before.files["/x"] = {"", false, cmdai::resolve::Taint::remote, "example.org", 0};
  memories.ran("a", before);
  memories.asked("a", "id1", with("A"), false);
  CHECK(knows(memories, "a", "A"));
  CHECK(memories.of("a")->files.contains("/x"));
}
