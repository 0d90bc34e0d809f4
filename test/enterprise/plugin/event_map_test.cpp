// What becomes of a local line at each privacy level, and that what is to stay here does.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "enterprise/plugin/event_identity.hpp"
#include "enterprise/plugin/event_map.hpp"
#include "enterprise/protocol/keys.hpp"

using namespace cmdai;
using namespace cmdai::device;
using nlohmann::json;

namespace {

constexpr const char* kLine =
    R"({"v":1,"seq":12,"time":"2026-01-31T12:00:00.123Z","type":"command.decision","id":"9b1deb4d-1","action":"block","rule":"git.push-force","reason":"this overwrites the history of topsecret","command":"TOKEN=x git push --force topsecret","redacted":[{"kind":"password","count":1}],"shell":"bash","cwd":"/home/u/topsecret","session":"s1","actor":"agent","actor_name":"claude-code","confidence":"likely","evidence":"process:claude:7 no-terminal","agent_version":"2.1","tool":"Bash","source":"hook","pid":4242,"effects":["changes-remote topsecret"],"us":180,"policy":"0f3a5c7e9b1d2f40","prev":"5e1c"})";

EventContext context(int privacy) {
  EventContext out;
  out.tenant = "acme";
  out.device = "77aa";
  out.host = "build-7";
  out.os = "Linux";
  out.version = "0.1.0";
  out.assurance = "L1";
  out.user = "u";
  out.uid = 1000;
  out.privacy = privacy;
  return out;
}

json members(const MappedEvent& event) { return json::parse("{" + event.members + "}"); }

}  // namespace

TEST_CASE("level 1 tells the line") {
  const MappedEvent event = map_event(12, kLine, context(1), Detail::full);
  const json out = members(event);
  CHECK(event.type == "command.decision");
  CHECK(event.time_ms == 1769860800123);
  CHECK(event.urgent);
  CHECK_FALSE(event.foldable);
  CHECK(out["cmd"]["line"] == "TOKEN=x git push --force topsecret");
  CHECK(out["cmd"]["argv0"] == "git");
  CHECK(out["cmd"]["cwd"] == "/home/u/topsecret");
  CHECK(out["cmd"]["shell_pid"] == 4242);
  CHECK(out["cmd"]["redactions"][0]["kind"] == "password");
  CHECK(out["decision"]["action"] == "block");
  CHECK(out["decision"]["rules"][0]["id"] == "git.push-force");
  CHECK(out["decision"]["latency_us"] == 180);
  CHECK(out["actor"]["kind"] == "agent");
  CHECK(out["actor"]["confidence"] == 75);
  CHECK(out["actor"]["evidence"] == json::array({"process:claude:7", "no-terminal"}));
  CHECK(out["agent"]["name"] == "claude-code");
  CHECK(out["agent"]["instance"] == "s1");
  CHECK(out["local"]["seq"] == 12);
  CHECK(out["hook_id"] == "9b1deb4d-1");
}

TEST_CASE("level 0, digest mode and level 2 keep the words here") {
  const auto key = wire::BoxKey::generate();
  EventContext sealed = context(2);
  sealed.break_glass = key.public_key();
  for (const auto& event :
       {map_event(12, kLine, context(0), Detail::full), map_event(12, kLine, context(1), Detail::digest),
        map_event(12, kLine, sealed, Detail::full), map_event(12, kLine, context(2), Detail::full)}) {
    CHECK(event.members.find("topsecret") == std::string::npos);
    const json out = members(event);
    CHECK(out["cmd"]["argv0"] == "git");
    CHECK(out["cmd"]["line_hmac"].get<std::string>().size() == 32);
    CHECK(out["decision"]["rules"][0]["id"] == "git.push-force");
    CHECK(event.urgent);
  }
}

TEST_CASE("level 2 seals it to the break-glass key") {
  const auto key = wire::BoxKey::generate();
  EventContext sealed = context(2);
  sealed.break_glass = key.public_key();
  const json out = members(map_event(12, kLine, sealed, Detail::full));
  const auto bytes = wire::from_hex(out["cmd"]["sealed"].get<std::string>());
  REQUIRE(bytes);
  const auto plain = key.open(*bytes);
  REQUIRE(plain);
  CHECK(json::parse(*plain)["line"] == "TOKEN=x git push --force topsecret");
}

TEST_CASE("the same line told twice has the same uid, another another") {
  const auto uid = [](const char* line) {
    return members(map_event(12, line, context(1), Detail::full))["event_uid"].get<std::string>();
  };
  CHECK(uid(kLine) == uid(kLine));
  std::string other = kLine;
  other.replace(other.find("4242"), 4, "4243");
  CHECK(uid(kLine) != uid(other.c_str()));
  CHECK(uid(kLine)[14] == '7');
}

TEST_CASE("what a person said of a stop is told at every level") {
  for (const char* word : {"once", "refused", "declined"}) {
    const json line{{"type", "approval"}, {"time", "2026-01-31T12:00:00.123Z"}, {"text", word}};
    const json out = members(map_event(1, line.dump(), context(0), Detail::full));
    CHECK(out["decision"]["user_response"] == word);
  }
}

TEST_CASE("what folds and what is urgent") {
  struct Row {
    const char* type;
    const char* action;
    bool urgent, foldable;
  };
  for (const Row& row :
       {Row{"command.decision", "allow", false, true}, Row{"command.decision", "warn", false, false},
        Row{"command.decision", "ask", true, false}, Row{"command.decision", "block", true, false},
        Row{"finished", "", false, true}, Row{"tamper", "allow", true, false},
        Row{"approval", "", true, false}, Row{"log.gap", "", true, false},
        Row{"daemon.start", "", false, false}}) {
    CAPTURE(row.type);
    CAPTURE(row.action);
    json line{{"type", row.type}, {"time", "2026-01-31T12:00:00.123Z"}};
    if (row.action[0] != 0) line["action"] = row.action;
    const MappedEvent event = map_event(1, line.dump(), context(1), Detail::full);
    CHECK(event.urgent == row.urgent);
    CHECK(event.foldable == row.foldable);
  }
}

TEST_CASE("a line that is none is told as such, never left out") {
  for (const char* line :
       {"", "x", "[]", R"({"type":"finished"})", R"({"type":"chain.gap","time":"2026-01-31T12:00:00.123Z"})",
        R"({"type":"a b","time":"2026-01-31T12:00:00.123Z"})"}) {
    CAPTURE(line);
    CHECK(map_event(3, line, context(1), Detail::full).type == "local.unreadable");
  }
}

TEST_CASE("the program of a line") {
  struct Row {
    const char *line, *program;
  };
  for (const Row& row :
       {Row{"git push", "git"}, Row{"  /usr/bin/git push", "git"}, Row{"A=1 B=2 make x", "make"},
        Row{"A='x y' make", ""}, Row{"$(cat secret) x", ""}, Row{"'my secret' x", ""}, Row{"", ""},
        Row{"ls|wc", "ls"}, Row{"(cd x)", ""}, Row{"a.out>f", "a.out"}}) {
    CAPTURE(row.line);
    CHECK(program_of(row.line) == row.program);
  }
}

TEST_CASE("times") {
  CHECK(time_of("1970-01-01T00:00:00.000Z") == 0);
  for (const char* text :
       {"", "2026-01-31", "2026-01-31T12:00:00Z", "2026-13-31T12:00:00.000Z", "2026-01-31T12:00:00.00xZ"}) {
    CAPTURE(text);
    CHECK_FALSE(time_of(text));
  }
}
