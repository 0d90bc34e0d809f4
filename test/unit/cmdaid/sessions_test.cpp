// What peers say about their sessions, made harmless.
#include "daemon/cmdaid/sessions.hpp"

#include <doctest/doctest.h>

using namespace cmdai::daemon;
using cmdai::ipc::Frame;

namespace {
Frame session(const std::string& id, const std::string& event) {
  Frame f("session");
  f.add("session", id).add("event", event);
  return f;
}
}  // namespace

TEST_CASE("a session opens, is heard of, and closes") {
  Sessions sessions;
  Frame open = session("s1", "open");
  open.add("shell", "zsh").add("pid", "7").add("level", "hard").add("transport", "zsh/net");
  CHECK(sessions.note(open, 1));
  CHECK(sessions.note(session("s1", "cwd"), 2));
  CHECK_FALSE(sessions.note(session("s1", "dance"), 2));
  Frame check("check");
  check.add("session", "s1").add("shell", "bash").add("pid", "8");
  sessions.checked(check, 42);
  REQUIRE(sessions.all().size() == 1);
  const SessionInfo& s = sessions.all().front();
  // What the newest question says counts (a shell may exec another); what it leaves out stays.
  CHECK(s.id + s.shell + s.pid + s.level + s.transport == "s1zsh7hardzsh/net");
  CHECK(s.last_check == 42);
  CHECK(sessions.note(session("s1", "close"), 3));
  CHECK(sessions.all().empty());
  sessions.checked(Frame("check"), 1);
  CHECK(sessions.all().empty());
}

TEST_CASE("the one not heard of for longest goes") {
  Sessions sessions;
  for (size_t i = 0; i < Sessions::kMost; ++i) sessions.note(session("s" + std::to_string(i), "open"), 1);
  sessions.note(session("s0", "cwd"), 2);
  sessions.note(session("new", "open"), 3);
  CHECK(sessions.all().size() == Sessions::kMost);
  bool first = false;
  bool second = false;
  for (const SessionInfo& s : sessions.all()) {
    first |= s.id == "s0";
    second |= s.id == "s1";
  }
  CHECK(first);
  CHECK_FALSE(second);
}

TEST_CASE("what a peer says is one short word") {
  CHECK(Sessions::word("a b\nc\x1b\xff") == "a_b_c__");
  CHECK(Sessions::word(std::string(1000, 'x')).size() == 64);
  CHECK(Sessions::word("").empty());
}

TEST_CASE("another process under a shell's number is not the shell") {
  Sessions sessions;
  std::string now = "100";
  sessions.birth_of = [&now](const std::string& pid) { return pid + "@" + now; };
  Frame check("check");
  check.add("session", "s1").add("pid", "7");
  sessions.checked(check, 1);
  const auto runs = [&now](const SessionInfo& s) { return s.birth == s.pid + "@" + now; };
  sessions.forget_ended(runs);
  REQUIRE(sessions.all().size() == 1);
  now = "200";
  sessions.checked(check, 2);  // looked at once only
  CHECK(sessions.all().front().birth == "7@100");
  sessions.forget_ended(runs);
  CHECK(sessions.all().empty());
}

TEST_CASE("only the first question of a session is its first") {
  Sessions sessions;
  CHECK(sessions.first_question("s1"));
  CHECK_FALSE(sessions.first_question("s1"));
  CHECK(sessions.first_question("s2"));
  CHECK(sessions.first_question(""));
  CHECK(sessions.first_question(""));
  CHECK(sessions.all().size() == 2);
}
