// Prints events as OCSF, one a line: every type, with all members and with none, and members of types nobody
// expects. ocsf_schema_test.py holds them against the published schema.
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "enterprise/protocol/event_line.hpp"
#include "enterprise/protocol/ocsf.hpp"
#include "test/enterprise/protocol/fixtures.hpp"

namespace {

using namespace cmdai::wire;
using Json = nlohmann::ordered_json;

constexpr std::array kTypes = {
    "command.decision", "plugin.decision", "answer",         "approval",
    "command.folded",   "finished",        "policy.loaded",  "policy.failed",
    "policy.refused",   "policy.stale",    "policy.damaged", "receipt.damaged",
    "state.damaged",    "daemon.start",    "daemon.stop",    "device.enrolled",
    "device.rekeyed",   "device.revoked",  "tamper",         "actor.contradiction",
    "chain.gap",        "chain.ahead",     "log.gap",        "local.gap",
    "local.unreadable", "spool.damaged",   "spool.left",     "command.refused",
    "plugin.report",    "event.oversize",  "something.new",  "collector.inconsistent"};

Json whole_event() {
  return Json::parse(R"({
    "event_uid":"0194b2c3-0000-7000-8000-000000000001","time_ms":1767225600000,"mono_ns":7,"boot_id":"c0",
    "tenant":"acme","device":{"id":"77","host":"build-7","os":"Linux","serial_hash":"aa"},
    "daemon":{"version":"0.1.0","binary_sha256":"ab","assurance":"L1"},"local":{"seq":12,"hash":"88"},
    "hook_id":"ab-1","cmd":{"argv0":"git","line_hmac":"03","files":1,"redactions":[{"kind":"token","count":1}],
    "shell":"bash","shell_pid":42,"source":"hook","line":"git push --force","truncated":200000,"writes":["a"],
    "cwd":"/home/u","effects":["b"],"parent":"c"},
    "actor":{"uid":1000,"user":"u","kind":"agent","confidence":95,"confidence_word":"certain","evidence":["x"]},
    "agent":{"name":"codex","version":"1.2","sub":"s","tool":"t","instance":"s1","model":"m"},
    "proc":{"pid":43,"ppid":41},"decision":{"action":"block","rules":[{"id":"git.push-force","severity":"high"}],
    "reason":"overwrites history","policy":{"id":"0f3a","version":3},"latency_us":180,"mode":"enforce"},
    "result":{"exit_code":-1,"duration_ms":9},"text":"the hook is gone","gap":{"from":5,"to":16},
    "folded":{"count":900,"from_ms":1,"to_ms":2,"hash":"aa"},"refusal":{"reason":"signature"},"version":3})");
}

/// In place of members of the whole event.
constexpr std::array kPatches = {
    R"({"cmd":{"line":null,"truncated":null,"shell_pid":null},"proc":{"ppid":41}})",
    R"({"cmd":{"argv0":null,"line":null},"actor":{"uid":"S-1-5","user":null},"proc":null})",
    R"({"cmd":null,"actor":null,"agent":null,"proc":null,"hook_id":null})",
    R"({"device":{"host":null,"os":"Darwin 23.1.0"},"agent":{"version":null,"instance":null,"model":null}})",
    R"({"device":{"id":null,"os":"Windows"},"decision":{"policy":{"id":null,"version":"3"}}})",
    R"({"device":{"id":null,"host":null,"os":"FreeBSD 14"},"agent":{"name":null}})",
    R"({"decision":7,"cmd":[1],"actor":"x","agent":7,"device":3,"daemon":[],"proc":"y","result":1,"folded":"z"})",
    R"({"time_ms":"now","event_uid":7,"tenant":[],"hook_id":{},"text":7,"daemon":{"version":1},
        "device":{"id":7,"host":[],"os":{}},"cmd":{"argv0":7,"line":[],"shell":7,"shell_pid":"42","truncated":"x"},
        "actor":{"uid":[],"user":7},"agent":{"name":7},"proc":{"ppid":"41"},
        "decision":{"action":7,"rules":7,"reason":[],"policy":{"id":{},"version":[]}},
        "result":{"exit_code":"1","duration_ms":1.5},"folded":{"count":"9","from_ms":[],"to_ms":null}})",
    R"({"agent":{"name":"codex","version":7,"instance":{},"model":[]},"cmd":{"shell_pid":4.2},"proc":{"ppid":null}})"};

constexpr std::array kDecisions = {R"({"action":"allow"})",
                                   R"({"action":"warn"})",
                                   R"({"action":"ask"})",
                                   R"({"action":"block"})",
                                   R"({"user_response":"yes"})",
                                   R"({"action":"block","mode":"observe"})",
                                   R"({"user_response":"no"})",
                                   R"({"user_response":"timeout"})",
                                   R"({"user_response":"covered"})",
                                   R"({"action":"new","rules":[{"id":"a","severity":"critical"}]})"};

bool print(std::string_view type, const Json& members) {
  std::string line;
  write_event_head(line, {7, fixtures::filled<Digest>(1), fixtures::filled<ChainId>(2), type});
  line += members.dump().substr(1);
  for (const OcsfVersion version : {OcsfVersion::v1_8, OcsfVersion::v1_9}) {
    const auto ocsf = to_ocsf(line, version);
    if (!ocsf) return false;
    std::printf("%s\n", ocsf->c_str());
  }
  return true;
}

}  // namespace

int main() {
  const Json whole = whole_event();
  bool good = true;
  const Json bare = Json::parse(R"({"time_ms":1767225600000})");
  for (const char* type : kTypes) {
    good = print(type, whole) && good;
    good = print(type, bare) && good;
    for (const char* patch : kPatches) {
      Json members = whole;
      members.merge_patch(Json::parse(patch));
      good = print(type, members) && good;
    }
  }
  for (const char* decision : kDecisions) {
    for (const char* type : {"command.decision", "answer"}) {
      Json members = whole;
      members["decision"] = Json::parse(decision);
      good = print(type, members) && good;
    }
  }
  return good ? 0 : 1;
}
