#include "enterprise/protocol/ocsf.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "enterprise/protocol/hashing.hpp"
#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;
using Json = nlohmann::json;

namespace {

std::string line_of(std::string_view type, std::string_view members = "") {
  std::string line;
  write_event_head(line, {7, filled<Digest>(1), filled<ChainId>(2), type});
  line +=
      R"("event_uid":"0194b2c3-0000-7000-8000-000000000001","time_ms":1767225600000,"tenant":"acme","device":{"id":"77","host":"build-7","os":"Linux"},"daemon":{"version":"0.1.0"})";
  if (!members.empty()) line.append(",").append(members);
  return line + "}";
}

Json ocsf(std::string_view type, std::string_view members = "", OcsfVersion version = OcsfVersion::v1_8) {
  return Json::parse(to_ocsf(line_of(type, members), version).value());
}

}  // namespace

TEST_CASE("a decision is a script that was to be run") {
  const Json out = ocsf(
      "command.decision",
      R"("hook_id":"ab-1","cmd":{"argv0":"git","line":"git push --force","shell":"bash","shell_pid":42,"cwd":"/home/u"},)"
      R"("actor":{"uid":1000,"user":"u","kind":"agent","confidence":95},"agent":{"name":"codex","version":"1.2","instance":"s1"},)"
      R"("decision":{"action":"block","reason":"overwrites history","rules":[{"id":"git.push-force","severity":"high"}],"policy":{"id":"0f3a","version":3}})");
  CHECK(out["class_uid"] == 1009);
  CHECK(out["category_uid"] == 1);
  CHECK(out["type_uid"] == 100901);
  CHECK(out["time"] == 1767225600000);
  CHECK(out["severity_id"] == 4);
  CHECK(out["script"]["script_content"] == Json{{"value", "git push --force"}});
  CHECK(out["script"]["type_id"] == 6);
  CHECK(out["action_id"] == 2);
  CHECK(out["disposition_id"] == 2);
  CHECK(out["is_alert"] == true);
  CHECK(out["policy"]["uid"] == "0f3a");
  CHECK(out["policy"]["version"] == "3");
  CHECK(out["message"] == "overwrites history");
  CHECK(out["actor"]["user"]["uid"] == "1000");
  CHECK(out["actor"]["process"]["pid"] == 42);
  CHECK(out["actor"]["session"]["uid"] == "s1");
  CHECK(out["device"]["hostname"] == "build-7");
  CHECK(out["device"]["os"]["type_id"] == 200);
  CHECK(out["metadata"]["version"] == "1.8.0");
  CHECK(out["metadata"]["sequence"] == 7);
  CHECK(out["metadata"]["correlation_uid"] == "ab-1");
  CHECK(out["metadata"]["profiles"] == Json::array({"host", "security_control"}));
  CHECK_FALSE(out.contains("ai_agent"));
  CHECK(out["unmapped"]["ai_agent"]["uid"] == "codex");
  CHECK(out["unmapped"]["decision"]["rules"][0]["id"] == "git.push-force");
  CHECK_FALSE(out["unmapped"]["cmd"].contains("line"));
  CHECK(out["unmapped"]["cmd"]["cwd"] == "/home/u");
}

TEST_CASE("the record is tied to the line that was signed") {
  const auto line = line_of("daemon.start");
  const Json out = Json::parse(to_ocsf(line).value());
  CHECK(out["unmapped"]["record"]["fingerprint"] == hash(line).hex());
  CHECK(out["unmapped"]["record"]["chain_uid"] == filled<ChainId>(2).hex());
}

TEST_CASE("1.9 knows agents") {
  const Json out = ocsf("command.decision", R"("agent":{"name":"codex"},"decision":{"action":"allow"})",
                        OcsfVersion::v1_9);
  CHECK(out["metadata"]["version"] == "1.9.0");
  CHECK(out["ai_agent"]["uid"] == "codex");
  CHECK(out["metadata"]["profiles"] == Json::array({"host", "security_control", "ai_operation"}));
  CHECK_FALSE(out["unmapped"].contains("ai_agent"));
  CHECK_FALSE(out["ai_agent"].contains("ai_model"));
  const Json model =
      ocsf("command.decision", R"("agent":{"name":"codex","model":"m"})", OcsfVersion::v1_9)["ai_agent"];
  CHECK(model["ai_model"] == Json{{"name", "m"}, {"ai_provider", "unknown"}});
}

TEST_CASE("what the schema requires and the event does not tell") {
  CHECK(ocsf("answer", R"("proc":{"ppid":41})")["actor"] == Json{{"app_name", "cmdai"}});
  const Json process = ocsf("answer", R"("cmd":{"shell_pid":42,"shell":"zsh"},"proc":{"ppid":41})")["actor"];
  CHECK(process["process"] == Json{{"pid", 42}, {"name", "zsh"}, {"parent_process", {{"pid", 41}}}});
  const Json entity = ocsf("device.enrolled")["entity"];
  CHECK(entity["type_id"] == 1);
  CHECK(entity["type"] == "Device");
  CHECK(entity["name"] == "build-7");
  CHECK(entity["device"]["uid"] == "77");
}

TEST_CASE("a line that was cut says so") {
  const Json text = ocsf("answer", R"("cmd":{"line":"git","truncated":200000})")["script"]["script_content"];
  CHECK(text == Json{{"value", "git"}, {"is_truncated", true}, {"untruncated_size", 200000}});
}

TEST_CASE("operating systems by what uname says") {
  const std::pair<const char*, int> rows[] = {
      {"Linux 6.1.0", 200}, {"Darwin 23.1.0", 300}, {"macOS", 300}, {"Windows", 100}, {"FreeBSD 14", 99}};
  for (const auto& [name, type] : rows) {
    CAPTURE(name);
    std::string line;
    write_event_head(line, {7, filled<Digest>(1), filled<ChainId>(2), "daemon.start"});
    line.append(R"("device":{"serial_hash":"aa","os":")").append(name).append(R"("}})");
    const Json out = Json::parse(to_ocsf(line).value());
    CHECK(out["device"]["os"]["type_id"] == type);
    CHECK(out["device"]["os"].contains("type") == (type == 99));
    CHECK(out["unmapped"]["device"] == Json{{"serial_hash", "aa"}});
  }
}

TEST_CASE("what cmdai said, in OCSF's numbers") {
  struct Row {
    const char *type, *decision;
    int action, disposition, status, severity;
  };
  const Row rows[] = {
      {"command.decision", R"({"action":"allow"})", 1, 1, 1, 1},
      {"command.decision", R"({"action":"warn"})", 3, 19, 1, 2},
      {"command.decision", R"({"action":"ask"})", 3, 23, 1, 3},
      {"command.decision", R"({"action":"block"})", 2, 2, 2, 4},
      {"command.decision", R"({"action":"block","mode":"observe"})", 3, 19, 1, 4},
      {"answer", R"({"user_response":"yes"})", 1, 8, 1, 1},
      {"answer", R"({"user_response":"always"})", 1, 8, 1, 1},
      {"answer", R"({"user_response":"no"})", 2, 25, 2, 1},
      {"answer", R"({"user_response":"timeout"})", 2, 25, 2, 1},
      {"approval", R"({})", 1, 8, 1, 1},
      {"approval", R"({"user_response":"once"})", 1, 8, 1, 1},
      {"approval", R"({"user_response":"refused"})", 2, 25, 2, 1},
      {"approval", R"({"user_response":"declined"})", 2, 25, 2, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.type);
    CAPTURE(row.decision);
    const Json out = ocsf(row.type, std::string("\"decision\":") + row.decision);
    CHECK(out["action_id"] == row.action);
    CHECK(out["disposition_id"] == row.disposition);
    CHECK(out["status_id"] == row.status);
    CHECK(out["severity_id"] == row.severity);
  }
}

TEST_CASE("the other types and their classes") {
  const std::pair<const char*, int> rows[] = {
      {"finished", 100702},       {"tamper", 200401},         {"actor.contradiction", 200401},
      {"chain.gap", 200401},      {"policy.loaded", 501901},  {"policy.refused", 200401},
      {"daemon.start", 600203},   {"daemon.stop", 600204},    {"device.enrolled", 300406},
      {"device.revoked", 300407}, {"command.folded", 100901}, {"something.new", 99}};
  for (const auto& [type, uid] : rows) {
    CAPTURE(type);
    const Json out = ocsf(type);
    CHECK(out["type_uid"] == uid);
    for (const char* required :
         {"class_uid", "category_uid", "activity_id", "severity_id", "time", "metadata", "device", "actor"})
      CHECK(out.contains(required));
  }
  CHECK(ocsf("finished", R"("hook_id":"x","result":{"exit_code":3,"duration_ms":9})")["exit_code"] == 3);
  CHECK(ocsf("tamper", R"("text":"the hook is gone")")["finding_info"]["desc"] == "the hook is gone");
  CHECK(ocsf("something.new")["activity_name"] == "something.new");
  CHECK(ocsf("command.folded", R"("folded":{"count":900,"from_ms":1,"to_ms":2,"hash":"aa"})")["count"] ==
        900);
}

TEST_CASE("members of a type nobody expects do no harm") {
  for (const char* members :
       {R"("decision":7)", R"("decision":{"rules":[7]})", R"("cmd":[1],"actor":"x","agent":null)",
        R"("decision":{"policy":[]},"device":3)"}) {
    CAPTURE(members);
    std::string line;
    write_event_head(line, {7, filled<Digest>(1), filled<ChainId>(2), "command.decision"});
    line.append(members).append("}");
    CHECK(to_ocsf(line).has_value());
  }
  const Json out = ocsf("finished", R"("result":{"exit_code":"1","duration_ms":1.5},"hook_id":7)");
  CHECK_FALSE(out.contains("exit_code"));
  CHECK_FALSE(out.contains("duration"));
  CHECK(out["unmapped"]["result"]["exit_code"] == "1");
  CHECK_FALSE(to_ocsf("{}"));
  CHECK_FALSE(to_ocsf(line_of("x") + "x"));
}
