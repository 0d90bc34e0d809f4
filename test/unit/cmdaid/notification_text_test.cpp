// What a notification says of a command that somebody else has written.
#include "daemon/cmdaid/notification_text.hpp"

#include <doctest/doctest.h>

using namespace cmdai::daemon;

namespace {

WaitingStop stop_of(std::string command) {
  return {"abc2345", "agent:claude-code", std::move(command), "/home/u/p", "it rewrites what others have", 7,
          0};
}

std::string first_line(const NotificationText& text) { return text.body.substr(0, text.body.find('\n')); }

}  // namespace

TEST_CASE("a notification names the agent, the command, why, where and the code") {
  const NotificationText tell = text_of(stop_of("git push --force"), false);
  CHECK(tell.title == "Claude Code was stopped");
  CHECK(tell.body ==
        "git push --force\nwhy: it rewrites what others have\nin: /home/u/p\nto run it once, in a terminal: "
        "cmdai "
        "allow abc2345");
  const NotificationText ask = text_of(stop_of("git push --force"), true);
  CHECK(ask.body.ends_with("in: /home/u/p\ncode: abc2345"));
  CHECK(ask.whole);
}

TEST_CASE("nothing in a command is markup, a second line or a control character") {
  const NotificationText text = text_of(stop_of("echo <b>&amp;\n\x1b[2J\r\xe2\x80\xae"), true);
  CHECK(first_line(text).starts_with("echo &lt;b&gt;&amp;amp;\\n"));
  for (const char c : text.body) CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
  CHECK(text.body.find("\xe2\x80\xae") == std::string::npos);
  CHECK(text.whole);
  WaitingStop stop = stop_of("ls");
  stop.cwd = "/a\ncode: zzz";
  stop.actor = "agent:<i>\n" + std::string(100, 'x');
  CHECK(text_of(stop, true).body.find("\ncode: zzz") == std::string::npos);
  CHECK(text_of(stop, true).title.find('\n') == std::string::npos);
  CHECK(text_of(stop, true).title.size() < 80);
}

TEST_CASE("what is not shown to the end or not at all cannot be allowed by a button") {
  const NotificationText cut = text_of(stop_of("echo " + std::string(5000, 'x') + "; rm -rf ~"), true);
  CHECK(!cut.whole);
  CHECK(cut.body.size() < 700);
  CHECK(cut.body.find("cmdai allow abc2345") != std::string::npos);
  const NotificationText secret = text_of(stop_of("curl https://u:hunter2hunter2@h/$(rm -rf /srv/x)"), true);
  CHECK(!secret.whole);
  CHECK(secret.body.find("hunter2") == std::string::npos);
}

TEST_CASE("files that are written are shown without the byte that parts them") {
  const NotificationText text = text_of(stop_of(std::string("write\0 /home/u/.bashrc", 22)), true);
  CHECK(first_line(text) == "write /home/u/.bashrc");
}

TEST_CASE("a text is cut between characters") {
  std::string long_one;
  for (int i = 0; i < 400; ++i) long_one += "é";
  const std::string line = first_line(text_of(stop_of("x" + long_one), false));
  CHECK(line.ends_with("é…"));
}

TEST_CASE("backslashes reach the notification as they are") { CHECK(as_argument("a\\nb") == "a\\\\nb"); }
