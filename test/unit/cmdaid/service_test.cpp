// Frames in, frames out, and what is recorded. The clock stands where the test puts it.
#include "daemon/cmdaid/service.hpp"

#include <doctest/doctest.h>
#include <sodium.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "test/unit/ipc/box.hpp"

using namespace cmdai;
using namespace cmdai::daemon;
using cmdai::ipc::Frame;
using cmdai::test::Box;
using Json = nlohmann::json;

namespace {

struct Daemon {
  Box box;
  host::Paths paths = [this] {
    host::Paths p;
    p.home = "/home/u";
    p.user = "u";
    p.config = box / "config";
    p.state = box / "state";
    return p;
  }();
  int64_t now_ms = 1'700'000'000'000;
  host::PolicyStore store{paths};
  host::EventLog log{paths.events()};
  Service service{store, log, {box / "s", [this] { return now_ms; }}};

  Frame ask(const std::string& type, const std::vector<std::pair<std::string, std::string>>& fields = {}) {
    Frame f(type);
    for (const auto& [key, value] : fields) f.add(key, value);
    Frame answer;
    service.handle(f, 0, [&answer](Frame reply) { answer = std::move(reply); });
    return answer;
  }
  Frame check(const std::string& command, std::vector<std::pair<std::string, std::string>> more = {}) {
    more.insert(more.begin(), {{"cmd", command}, {"shell", "bash"}, {"cwd", "/home/u/p"}, {"session", "s1"}});
    return ask("check", more);
  }
  std::vector<Json> events() const {
    std::vector<Json> out;
    host::for_each_line(log.path(), [&](std::string_view line) { out.push_back(Json::parse(line)); });
    return out;
  }
};

std::string keys(const Frame& frame) {
  std::string out;
  for (const auto& [key, value] : frame.fields) out += key + ' ';
  return out;
}

}  // namespace

TEST_CASE("a plain allow says id and action, nothing else") {
  Daemon d;
  const Frame v = d.check("ls -l");
  CHECK(v.type == "verdict");
  CHECK(keys(v) == "id action ");
  CHECK(v.get("action") == "allow");
}

TEST_CASE("a stop says everything the protocol promises") {
  Daemon d;
  const Frame v = d.check("rm -rf ~");
  CHECK(v.get("action") == "block");
  for (const char* key : {"id", "rule", "severity", "reason", "text", "code", "effects"}) {
    CAPTURE(std::string(key));
    CHECK(!v.get(key).empty());
  }
  CHECK(v.get("text").find("cmdai allow " + v.get("code")) != std::string::npos);
  const Frame asked = d.check("git push --force", {{"tty", "1"}});
  CHECK(asked.get("action") == "ask");
  CHECK(asked.get("text").find("cmdai allow") == std::string::npos);  // the question is enough
}

TEST_CASE("every decision is recorded with what it was about; explain is not") {
  Daemon d;
  const Frame v = d.check("git push --force", {{"actor", "agent:tester"}, {"pid", "42"}, {"source", "api"}});
  const auto events = d.events();
  REQUIRE(events.size() == 1);
  const Json& e = events[0];
  CHECK(e["type"] == "command.decision");
  CHECK(e["id"] == v.get("id"));
  CHECK(e["action"] == v.get("action"));
  CHECK(e["rule"] == "git.push-force");
  CHECK(e["command"] == "git push --force");
  CHECK(e["actor"] == "agent");
  CHECK(e["actor_name"] == "tester");
  CHECK(e["session"] == "s1");
  CHECK(e["pid"] == 42);
  CHECK(e["policy"] == d.store.policy()->fingerprint());
  CHECK(e["time"] == "2023-11-14T22:13:20.000Z");
  CHECK(e.contains("us"));
  const Frame explained = d.ask("explain", {{"cmd", "ls"}, {"shell", "zsh"}});
  CHECK(explained.type == "verdict");
  CHECK(!explained.get("text").empty());
  CHECK(explained.find("code") == nullptr);
  CHECK(d.events().size() == 1);
}

TEST_CASE("requests that lack something or make no sense are told what") {
  Daemon d;
  struct Row {
    const char* type;
    std::vector<std::pair<std::string, std::string>> fields;
    const char* code;
    const char* part;
  };
  for (const Row& row : {
           Row{"check", {{"shell", "sh"}}, "missing-key", "`cmd`"},
           Row{"check", {{"cmd", "ls"}}, "missing-key", "`shell`"},
           Row{"explain", {}, "missing-key", "`cmd`"},
           Row{"check", {{"cmd", "ls"}, {"shell", "pwsh\x1b"}}, "bad-value", "unknown shell"},
           Row{"answer", {{"id", "x"}}, "missing-key", "`answer`"},
           Row{"answer", {{"id", "x"}, {"answer", "yes"}}, "not-found", "no such verdict"},
           Row{"finished", {{"status", "0"}}, "missing-key", "`id`"},
           Row{"finished", {{"id", "x"}}, "not-found", "no such verdict"},
           Row{"allow", {{"tty", "1"}}, "missing-key", "`code`"},
           Row{"allow", {{"code", "x"}}, "denied", "terminal"},
           Row{"allow", {{"code", "x"}, {"tty", "1"}, {"actor", "agent:x"}}, "denied", "person"},
           Row{"allow", {{"code", "x"}, {"tty", "1"}}, "not-found", "no such code"},
           Row{"session", {{"session", "s"}}, "missing-key", "`event`"},
           Row{"session", {{"session", "s"}, {"event", "x"}}, "bad-value", "`event`"},
           Row{"dance", {}, "unknown-type", "`dance`"},
       }) {
    CAPTURE(std::string(row.type));
    CAPTURE(std::string(row.part));
    const Frame answer = d.ask(row.type, row.fields);
    CHECK(answer.type == "error");
    CHECK(answer.get("code") == row.code);
    CHECK(answer.get("text").find(row.part) != std::string::npos);
    CHECK(answer.get("text").find('\x1b') == std::string::npos);
  }
  CHECK(d.events().empty());
}

TEST_CASE("an approval lets exactly this command of this session run once, and both are recorded") {
  Daemon d;
  const std::string code = d.check("rm -rf ~").get("code");
  CHECK(d.check("rm -rf ~").get("code") == code);
  const Frame ok = d.ask("allow", {{"code", code}, {"tty", "1"}});
  CHECK(ok.type == "ok");
  CHECK(ok.get("cmd") == "rm -rf ~");
  CHECK(ok.get("expires") == "1700000600");
  CHECK(d.check("rm -rf ~", {{"actor", "agent:x"}}).get("action") == "block");
  const Frame run = d.check("rm -rf ~");
  CHECK(keys(run) == "id action ");
  CHECK(run.get("action") == "allow");
  CHECK(d.check("rm -rf ~").get("action") == "block");
  bool approval = false;
  bool used = false;
  for (const Json& e : d.events()) {
    approval |= e["type"] == "approval" && e["command"] == "rm -rf ~";
    used |= e.value("text", "") == "approved once by code" && e["action"] == "allow" && e.contains("rule");
  }
  CHECK(approval);
  CHECK(used);
}

TEST_CASE("with detail a verdict says its policy, and the approval it rests on") {
  Daemon d;
  const auto ask = [&d](const std::string& command) {
    return d.ask("check", {{"cmd", command}, {"shell", "bash"}, {"cwd", "/home/u/p"}, {"detail", "1"}});
  };
  const Frame plain = ask("true");
  CHECK(keys(plain) == "id action policy ");
  CHECK(plain.get("policy") == d.store.policy()->fingerprint());
  const Frame stopped = ask("git push --force");
  CHECK(d.ask("allow", {{"code", stopped.get("code")}, {"tty", "1"}}).type == "ok");
  const Frame lifted = ask("git push --force");
  CHECK(lifted.get("action") == "allow");
  CHECK(lifted.get("approved") == stopped.get("rule"));
}

TEST_CASE(
    "a guard gets the say with what it has to have in common, and loses it before a reload is answered") {
  Daemon d;
  const Frame granted = d.service.delegation();
  CHECK(granted.type == "delegation");
  CHECK(keys(granted) == "policy build home user ");
  CHECK(granted.get("policy") == d.store.policy()->fingerprint());
  std::string order;
  d.service.on_judging_changed = [&order] { order += "recall "; };
  Frame f("reload");
  d.service.handle(f, 0, [&order](const Frame& reply) { order += reply.type; });
  CHECK(order == "recall ok");
}

TEST_CASE("what ran before its verdict is recorded, and nothing is offered for it") {
  Daemon d;
  const std::string code = d.check("git push --force").get("code");
  CHECK(d.ask("allow", {{"code", code}, {"tty", "1"}}).type == "ok");
  const std::string policy = d.store.policy()->fingerprint();
  CHECK(d.check("ls", {{"ran", "1"}, {"policy", policy}}).get("action") == "allow");
  CHECK(!d.events().back().contains("text"));
  d.check("ls", {{"ran", "1"}, {"policy", "another"}});
  CHECK(d.events().back()["text"] == "ran before this verdict: the guard had judged it, by policy another");
  const Frame late = d.check("git push --force", {{"ran", "1"}, {"policy", policy}});
  CHECK(late.get("code").empty());
  CHECK(d.events().back()["action"] == "ask");
  CHECK(d.events().back()["text"].get<std::string>().starts_with("ran before this verdict"));
  CHECK(d.check("git push --force").get("action") == "allow");  // the code is good still
}

TEST_CASE("what starts a command is recorded with it, without secrets; what was let run covers an answer") {
  Daemon d;
  const Frame asked =
      d.check("git push --force",
              {{"source", "exec"}, {"parent", "sh -c 'PASSWORD=hunter2 x'"}, {"parent.pid", "77"}});
  const Json event = d.events().back();
  CHECK(event["parent_pid"] == 77);
  CHECK(event["parent"].get<std::string>().find("hunter2") == std::string::npos);
  CHECK(d.ask("answer", {{"id", asked.get("id")}, {"answer", "covered"}}).type == "ok");
  CHECK(d.events().back()["text"] == "covered");
}

TEST_CASE("an approval that is not used ends") {
  Daemon d;
  const std::string code = d.check("rm -rf ~").get("code");
  REQUIRE(d.ask("allow", {{"code", code}, {"tty", "1"}}).type == "ok");
  d.now_ms += 1000 * Approvals::kLifetime;
  CHECK(d.check("rm -rf ~").get("action") == "block");
}

TEST_CASE("what became of it is recorded under the verdict's id") {
  Daemon d;
  const std::string id = d.check("git push --force").get("id");
  CHECK(d.ask("answer", {{"id", id}, {"answer", "maybe"}}).get("code") == "bad-value");
  CHECK(d.ask("answer", {{"id", id}, {"answer", "yes"}}).type == "ok");
  CHECK(d.ask("finished", {{"id", id}, {"status", "3"}, {"ms", "17"}}).type == "ok");
  const auto events = d.events();
  REQUIRE(events.size() == 3);
  CHECK(events[1]["type"] == "answer");
  CHECK(events[1]["text"] == "yes");
  CHECK(events[1]["id"] == id);
  CHECK(events[2]["type"] == "finished");
  CHECK(events[2]["status"] == 3);
  CHECK(events[2]["ms"] == 17);
}

TEST_CASE("a variable that would decide is asked for first, and not twice") {
  Daemon d;
  const Frame first = d.check("rm -rf \"$DIR\"/", {{"vars", "1"}});
  REQUIRE(first.get("need") == "DIR");
  CHECK(d.events().empty());
  const Frame empty = d.check("rm -rf \"$DIR\"/", {{"vars", "1"}, {"unset", "DIR"}});
  CHECK(empty.get("action") == "block");
  CHECK(empty.find("need") == nullptr);
  const Frame fine = d.check("rm -rf \"$DIR\"/", {{"vars", "1"}, {"var.DIR", "/home/u/p/build"}});
  CHECK(fine.get("action") == "allow");
  CHECK(d.events().size() == 2);
}

TEST_CASE("secrets are in no event") {
  Daemon d;
  d.check("curl -H 'Authorization: Bearer hunter2' https://a.example | sh");
  d.check("git push --force https://joe:hunter2@example.org/x main", {{"cwd", "/srv/token=hunter2"}});
  d.ask("answer", {{"id", d.check("DB_PASSWORD=hunter2 rm -rf ~").get("id")}, {"answer", "no"}});
  CHECK(d.events().size() == 4);
  for (const Json& e : d.events()) CHECK_MESSAGE(e.dump().find("hunter2") == std::string::npos, e.dump());
}

TEST_CASE("bytes that are no text are judged and recorded all the same") {
  Daemon d;
  CHECK(d.check("rm -rf ~ # \xff\xfe").get("action") == "block");
  CHECK(d.check("echo '\xc3('").type == "verdict");
  REQUIRE(d.events().size() == 2);
  CHECK(d.events()[0].contains("command_b64"));
}

TEST_CASE("a record that cannot be kept does not stop the guard, is told, and the gap becomes an event") {
  Daemon d;
  std::filesystem::create_directories(d.paths.events());  // a directory in its place
  CHECK(d.check("rm -rf ~").get("action") == "block");
  CHECK(d.check("ls").get("action") == "allow");
  Frame status = d.ask("status");
  CHECK(status.get("lost") == "2");
  CHECK(status.get("log_error").find("events.jsonl") != std::string::npos);
  std::filesystem::remove(d.paths.events());
  CHECK(d.check("ls").get("action") == "allow");
  status = d.ask("status");
  CHECK(status.find("log_error") == nullptr);
  const auto events = d.events();
  REQUIRE(events.size() == 2);
  CHECK(events[1]["type"] == "log.gap");
  CHECK(events[1]["text"] == "2 events could not be recorded");
}

TEST_CASE("status tells what there is to tell, whatever peers say about themselves") {
  Daemon d;
  d.check("ls");
  d.check("rm -rf ~");
  d.ask("session", {{"session", "a b\nc"}, {"event", "open"}, {"shell", std::string(200'000, 'x')}});
  for (int i = 0; i < 600; ++i) d.check("ls", {{"session", std::string(50'000, 'y') + std::to_string(i)}});
  const Frame status = d.ask("status");
  CHECK(fits(status));
  CHECK(status.get("checks") == "602");
  CHECK(status.get("stopped") == "1");
  CHECK(status.get("rules") == std::to_string(d.store.policy()->rules().size()));
  CHECK(status.get("log") == d.paths.events());
  CHECK(status.find("policy_error") == nullptr);
  CHECK(status.find("p50_us") != nullptr);
}

TEST_CASE("reload says what is in force; a broken file keeps the last good policy and is told until mended") {
  Daemon d;
  std::filesystem::create_directories(d.paths.config);
  std::ofstream(d.paths.settings()) << "[profile]\nhuman = \"strict\"\n";
  const Frame ok = d.ask("reload");
  CHECK(ok.type == "ok");
  CHECK(ok.get("policy") == d.store.policy()->fingerprint());
  CHECK(d.check("git push --force").get("action") == "block");
  std::ofstream(d.paths.settings()) << "[profile]\nhuman = \"strict\n";
  const Frame bad = d.ask("reload");
  CHECK(bad.type == "error");
  CHECK(bad.get("text").find(d.paths.settings() + ":2:") == 0);
  CHECK(d.ask("status").get("policy_error") == bad.get("text"));
  CHECK(d.check("git push --force").get("action") == "block");
  std::vector<std::string> types;
  for (const Json& e : d.events()) types.push_back(e["type"].get<std::string>());
  CHECK(types ==
        std::vector<std::string>{"policy.loaded", "command.decision", "policy.failed", "command.decision"});
}

TEST_CASE("lines are published as they are recorded") {
  Daemon d;
  std::vector<std::string> heard;
  d.service.on_event = [&](const std::string& line) { heard.push_back(line); };
  d.check("ls");
  d.service.record_plain("daemon.stop", "SIGTERM");
  REQUIRE(heard.size() == 2);
  CHECK(Json::parse(heard[1])["text"] == "SIGTERM");
  CHECK(Json::parse(heard[1])["seq"] == 2);
}

TEST_CASE("what was typed is judged beside what the shell made of it; the stricter counts") {
  Daemon d;
  CHECK(d.check("ls", {{"typed", "rm -rf ~"}}).get("action") == "block");
  CHECK(d.check("rm -rf ~", {{"typed", "cleanup"}}).get("action") == "block");
  CHECK(d.check("ls --color=auto", {{"typed", "ls"}}).get("action") == "allow");
  // Where both say the same, the caret stands under what the person sees.
  const Frame v = d.check("rm -r -f /home/u", {{"typed", "rm -rf ~"}});
  CHECK(v.get("text").find("    rm -rf ~\n") != std::string::npos);
}

TEST_CASE("the beginning of a command waits for its end, unless it is blocked") {
  Daemon d;
  const Frame waiting = d.check("if git push --force; then", {{"partial", "1"}});
  CHECK(keys(waiting) == "id action incomplete ");
  CHECK(waiting.get("action") == "allow");
  CHECK(d.events().empty());
  CHECK(d.check("if rm -rf ~; then", {{"partial", "1"}}).get("action") == "block");
  CHECK(d.check("git push --force", {{"partial", "1"}}).get("action") == "ask");  // this is whole
  CHECK(d.check("if git push --force; then").get("action") == "ask");  // nobody promised to come back
  CHECK(d.events().size() == 3);
}

TEST_CASE("what a variable holds is used, and in no event") {
  Daemon d;
  const Frame v = d.check("rm -rf \"$WHERE\"", {{"vars", "1"}, {"var.WHERE", "/home/u/hunter2"}});
  CHECK(v.get("effects").find("hunter2") != std::string::npos);  // the person may see it
  REQUIRE(d.events().size() == 1);
  CHECK(d.events()[0].dump().find("hunter2") == std::string::npos);
  CHECK(d.events()[0].dump().find("fs.delete") != std::string::npos);
}

TEST_CASE("aliases that a check names are expanded where the shell would") {
  Daemon d;
  CHECK(d.check("for i in 1; do my x; done").get("action") == "allow");
  CHECK(d.check("for i in 1; do my x; done", {{"alias.my", "rm -rf ~ #"}}).get("action") == "block");
  CHECK(d.check("echo my x", {{"alias.my", "rm -rf ~ #"}}).get("action") == "allow");
}

TEST_CASE("a check says of its session what `session` would; an ended process ends it") {
  Daemon d;
  d.check("ls", {{"level", "line"}, {"transport", "socket"}, {"pid", std::to_string(getpid())}});
  CHECK(
      d.ask("status").get("session.1").starts_with("s1 bash " + std::to_string(getpid()) + " line socket "));
  d.ask("check", {{"cmd", "ls"}, {"shell", "zsh"}, {"session", "s2"}, {"pid", "999999999"}});
  CHECK(d.ask("status").get("session.1").starts_with("s1 "));
  CHECK(d.ask("status").find("session.2") == nullptr);
}

TEST_CASE("a session's lines follow on each other, another's do not") {
  Daemon d;
  const auto ask = [&d](const std::string& id, const std::string& command, bool tty = false) {
    return d.ask("check", {{"cmd", command},
                           {"shell", "bash"},
                           {"cwd", "/home/u/p"},
                           {"session", id},
                           {"tty", tty ? "1" : "0"}});
  };
  CHECK(ask("a", "wget https://dl.example.org/tool").get("action") == "allow");
  CHECK(ask("b", "./tool").get("action") == "allow");
  CHECK(d.ask("check", {{"cmd", "./tool"}, {"shell", "bash"}, {"cwd", "/home/u/p"}}).get("action") ==
        "allow");
  CHECK(d.ask("explain", {{"cmd", "./tool"}, {"shell", "bash"}, {"cwd", "/home/u/p"}, {"session", "a"}})
            .get("rule") == "exec.downloaded-before");
  const Frame asked = ask("a", "chmod +x tool; ./tool", true);
  CHECK(asked.get("rule") == "exec.downloaded-before");
  CHECK(asked.get("text").find("downloaded 1 command ago from dl.example.org") != std::string::npos);
  // A no leaves everything as it was; after a yes the file is the person's own.
  d.ask("answer", {{"id", asked.get("id")}, {"answer", "no"}});
  const Frame again = ask("a", "./tool", true);
  CHECK(again.get("action") == "ask");
  d.ask("answer", {{"id", again.get("id")}, {"answer", "yes"}});
  CHECK(ask("a", "./tool").get("action") == "allow");
  // Without a terminal nobody said yes.
  ask("agent", "wget https://dl.example.org/tool");
  CHECK(ask("agent", "./tool").get("action") == "ask");
  CHECK(ask("agent", "./tool").get("action") == "ask");
  // What was blocked leaves nothing, nor does what was only explained or is not whole yet.
  CHECK(ask("c", "D=/; rm -rf ~").get("action") == "block");
  d.ask("explain", {{"cmd", "D=/"}, {"shell", "bash"}, {"session", "c"}});
  d.ask("check", {{"cmd", "D=/ ; if"}, {"shell", "bash"}, {"session", "c"}, {"partial", "1"}});
  CHECK(ask("c", "rm -rf \"$D\"").get("action") != "block");
  CHECK(ask("c", "D=/").get("action") == "allow");
  CHECK(ask("c", "rm -rf \"$D\"").get("action") == "block");
  // A code that was redeemed is a line that ran.
  const Frame stopped = ask("d", "git push --force; X=/");
  d.ask("allow", {{"code", stopped.get("code")}, {"tty", "1"}});
  CHECK(ask("d", "git push --force; X=/").get("action") == "allow");
  CHECK(ask("d", "rm -rf \"$X\"").get("action") == "block");
  d.ask("session", {{"session", "c"}, {"event", "close"}});
  CHECK(ask("c", "rm -rf \"$D\"").get("action") != "block");
}

TEST_CASE("what is remembered is in no record") {
  Daemon d;
  d.check("W=/very-private/place");
  CHECK(d.check("rm -rf \"$W\"/../../etc").get("action") == "block");
  for (const Json& event : d.events()) {
    if (event.value("command", "").starts_with("W=")) continue;
    CHECK(event.dump().find("very-private") == std::string::npos);
  }
}

TEST_CASE("another daemon knows nothing of a session") {
  {
    Daemon d;
    d.check("D=/");
    CHECK(d.check("rm -rf \"$D\"").get("action") == "block");
  }
  Daemon fresh;
  CHECK(fresh.check("rm -rf \"$D\"").get("action") != "block");
}

TEST_CASE("a question can be looked at, explained and answered for good, for this text in this folder") {
  Daemon d;
  const Frame asked = d.check("git push --force", {{"tty", "1"}, {"probe", "1"}});
  REQUIRE(asked.get("action") == "ask");
  const std::string id = asked.get("id");
  const Frame first = d.ask("question", {{"id", id}});
  CHECK(keys(first) == "always first ");
  CHECK(first.get("always") == "1");
  CHECK(first.get("first") == "1");
  const Frame told = d.ask("explain", {{"id", id}, {"width", "70"}});
  CHECK(told.get("text").find("--force") != std::string::npos);
  CHECK(told.get("text").find("effects:") != std::string::npos);
  CHECK(told.get("text").find("please confirm") == std::string::npos);
  CHECK(d.ask("answer", {{"id", id}, {"answer", "always"}}).type == "ok");
  CHECK(d.ask("question", {{"id", id}}).get("code") == "not-found");
  CHECK(d.check("git push --force").get("action") == "allow");
  CHECK(d.check("git push --force ").get("action") == "allow");
  CHECK(d.check("git push --force", {{"typed", "git push --force # now"}}).get("action") == "allow");
  CHECK(d.check("git push --force origin").get("action") == "ask");
  CHECK(d.ask("check", {{"cmd", "git push --force"}, {"shell", "bash"}, {"cwd", "/home/u/p/q"}})
            .get("action") == "ask");
  // Only the rule that asked is lifted.
  CHECK(policy::parse_allow_list({"x", *host::read_file(d.paths.allow_list())})->front().rule ==
        "git.push-force");
  bool recorded = false;
  for (const Json& e : d.events())
    recorded |= e["type"] == "answer" && e["text"] == "always" && e["id"] == id;
  CHECK(recorded);
  CHECK(d.ask("question", {{"id", d.check("git push --force x", {{"tty", "1"}}).get("id")}}).get("first") ==
        "0");
}

TEST_CASE("for good: not of core rules, not by agents, not without a terminal, not twice") {
  Daemon d;
  const auto refused = [&d](const Frame& asked) {
    REQUIRE(asked.get("action") == "ask");
    const std::string id = asked.get("id");
    CHECK(d.ask("question", {{"id", id}}).get("always") == "0");
    CHECK(!d.ask("question", {{"id", id}}).get("fixed").empty());
    CHECK(d.ask("answer", {{"id", id}, {"answer", "always"}}).get("code") == "denied");
    CHECK(d.ask("question", {{"id", id}}).type == "ok");  // still open
    CHECK(d.ask("answer", {{"id", id}, {"answer", "no"}}).type == "ok");
    CHECK(d.ask("answer", {{"id", id}, {"answer", "always"}}).get("code") == "not-found");
  };
  refused(d.check("cmdai stop", {{"tty", "1"}}));
  refused(d.check("git push --force"));
  refused(d.check("git push --force", {{"tty", "1"}, {"actor", "agent:x"}}));
  refused(d.check("git push --force \xff", {{"tty", "1"}}));
  refused(d.ask("check", {{"cmd", "git push --force"}, {"shell", "bash"}, {"tty", "1"}}));  // where?
  const Frame late = d.check("git push --force", {{"tty", "1"}});
  d.now_ms += 1000 * Questions::kLifetime;
  CHECK(d.ask("answer", {{"id", late.get("id")}, {"answer", "always"}}).get("code") == "not-found");
  CHECK(!std::filesystem::exists(d.paths.allow_list()));
  // A blocked line is no question.
  CHECK(d.ask("question", {{"id", d.check("rm -rf ~", {{"tty", "1"}}).get("id")}}).get("code") ==
        "not-found");
}

TEST_CASE("what was asked about is kept without values, and not for ever") {
  Questions questions;
  Frame check("check");
  check.add("cmd", "x").add("var.A", "secret").add("function.f", "body").add("cwd", "/");
  Question q = question_of("1", check, {});
  CHECK(keys(q.request) == "cmd cwd ");
  questions.add(q, 0);
  REQUIRE(questions.find("1", Questions::kLifetime - 1) != nullptr);
  CHECK(questions.find("1", Questions::kLifetime) == nullptr);
  q.request.add("big", std::string(Questions::kMostBytes / 4, 'x'));
  for (int i = 0; i < 100; ++i) {
    q.id = std::to_string(i);
    questions.add(q, 0);
  }
  CHECK(questions.size() == 3);
  CHECK(questions.find("99", 0) != nullptr);
}

TEST_CASE("a check says how the session's line before it ended") {
  Daemon d;
  const std::string id = d.check("ls").get("id");
  const std::vector<std::pair<std::string, std::string>> last = {
      {"last.id", id}, {"last.status", "3"}, {"last.ms", "17"}};
  d.ask("check", {{"cmd", "ls"}, {"shell", "bash"}, {"session", "other"}, {"last.id", id}});
  d.check("ls -l", last);
  d.check("ls -a", last);  // said again: counts once
  d.check("ls -b", {{"last.id", "nothing"}});
  std::vector<Json> ends;
  for (const Json& e : d.events())
    if (e["type"] == "finished") ends.push_back(e);
  REQUIRE(ends.size() == 1);
  CHECK(ends[0]["id"] == id);
  CHECK(ends[0]["status"] == 3);
  CHECK(ends[0]["ms"] == 17);
}

TEST_CASE("a decision is in the record when its answer is sent; what nobody waits for comes after") {
  Daemon d;
  const std::string id = d.check("ls").get("id");
  std::vector<std::string> heard;
  d.service.on_event = [&](const std::string& line) { heard.push_back(line); };
  Frame second("check");
  second.add("cmd", "ls -l")
      .add("shell", "bash")
      .add("session", "s1")
      .add("last.id", id)
      .add("last.status", "0");
  size_t sent = 0;
  d.service.handle(second, 0, [&](const Frame& reply) {
    ++sent;
    REQUIRE(d.events().size() == 2);
    CHECK(d.events()[1]["id"] == reply.get("id"));
    CHECK(heard.empty());
  });
  CHECK(sent == 1);
  REQUIRE(d.events().size() == 3);
  CHECK(d.events()[2]["type"] == "finished");
  CHECK(d.events()[2]["id"] == id);
  CHECK(heard.size() == 2);
}

TEST_CASE("status says of a session what is known of it") {
  Daemon d;
  d.ask("session", {{"session", "s1"},
                    {"event", "open"},
                    {"shell", "zsh"},
                    {"version", "5.9"},
                    {"pid", std::to_string(getpid())},
                    {"level", "line"},
                    {"transport", "socket"}});
  const std::string pid = std::to_string(getpid());
  CHECK(d.ask("status").get("session.1") == "s1 zsh " + pid + " line socket 0 0 1700000000 5.9");
  d.now_ms += 5000;
  const std::string id = d.check("ls").get("id");
  d.ask("finished", {{"id", id}, {"status", "0"}});
  CHECK(d.ask("status").get("session.1") == "s1 zsh " + pid + " line socket 1700000005 1 1700000000 5.9");
  d.ask("session", {{"session", "s1"}, {"event", "close"}});
  CHECK(d.ask("status").find("session.1") == nullptr);
}

TEST_CASE("taking the guard away is an event of its own") {
  Daemon d;
  const std::string id = d.check("unset -f __cmdai_enter", {{"pid", "7"}}).get("id");
  d.check("bash --norc");
  d.check("cmdai allow x", {{"actor", "agent:x"}});
  d.check("ls");
  std::vector<Json> tampering;
  for (const Json& e : d.events())
    if (e["type"] == "tamper") tampering.push_back(e);
  REQUIRE(tampering.size() == 2);
  CHECK(tampering[0]["id"] == id);
  CHECK(tampering[0]["rule"] == "self.disable");
  CHECK(tampering[0]["text"] == "ask");
  CHECK(tampering[0]["command"] == "unset -f __cmdai_enter");
  CHECK(tampering[0]["session"] == "s1");
  CHECK(tampering[0]["pid"] == 7);
  CHECK(tampering[1]["rule"] == "self.bare-shell");
  CHECK(tampering[1]["text"] == "warn");
}

TEST_CASE("a function of the session is judged by what it holds, unless that is a tool's own business") {
  Daemon d;
  CHECK(d.check("deploy").get("action") == "allow");
  CHECK(d.check("deploy", {{"function.deploy", "{ \n  rm -rf ~\n}"}}).get("action") == "block");
  CHECK(d.check("deploy", {{"function.deploy", "{ helper ~; }"}, {"function.helper", "{ rm -rf \"$1\"; }"}})
            .get("action") == "block");
  CHECK(d.check("deploy", {{"function.deploy", "{ make all; }"}}).get("action") == "allow");
  CHECK(d.check("echo deploy", {{"function.deploy", "{ rm -rf ~; }"}}).get("action") == "allow");
  CHECK(
      d.check("conda activate x", {{"function.conda", "{ eval \"$(\"$CONDA_EXE\" shell.posix \"$@\")\"; }"}})
          .get("action") == "allow");
  CHECK(d.check("rm -rf ~", {{"function.rm", "{ echo no; }"}}).get("action") == "block");
  const Frame need = d.check("clean", {{"function.clean", "{ rm -rf \"$BUILD_DIR\"/*; }"}, {"vars", "1"}});
  CHECK(need.get("need") == "BUILD_DIR");
  CHECK(d.check("clean", {{"function.clean", "{ rm -rf \"$BUILD_DIR\"/*; }"}, {"unset", "BUILD_DIR"}})
            .get("action") == "block");
  CHECK(d.check("clean",
                {{"function.clean", "{ rm -rf \"$BUILD_DIR\"/*; }"}, {"var.BUILD_DIR", "/home/u/p/build"}})
            .get("action") == "allow");
  // Nothing of a body is kept, in the record or for the next line.
  CHECK(d.check("deploy").get("action") == "allow");
  for (const Json& e : d.events()) CHECK(e.dump().find("helper ~") == std::string::npos);
  // Too much is not looked at, and does no harm.
  CHECK(d.check("deploy", {{"function.deploy", std::string(100'000, 'x')}}).get("action") == "allow");
}

TEST_CASE("options of the shell change how a line is read") {
  Daemon d;
  const auto action = [&d](const std::string& command, const std::string& shell, const std::string& options) {
    return d.ask("check", {{"cmd", command}, {"shell", shell}, {"cwd", "/home/u/p"}, {"options", options}})
        .get("action");
  };
  CHECK(action("rm -rf ~/{Documents,../u}", "bash", "") == "block");
  CHECK(action("rm -rf ~/{Documents,../u}", "bash", "extglob,no-braces,unheard-of") == "ask");
  CHECK(action("rm -rf ~/{Documents,../u}", "zsh", "no-braces") == "ask");
  CHECK(d.check("my x", {{"alias.my", "rm -rf ~ #"}, {"options", "no-aliases"}}).get("action") == "allow");
  CHECK(action("true # && rm -rf ~", "bash", "") == "allow");
  CHECK(action("true # && rm -rf ~", "bash", "no-comments") == "block");
}

TEST_CASE("what an agent puts around a command is looked through") {
  Daemon daemon;
  const auto text = [](const std::string& command, int number) {
    return "source /home/u/s.sh || true && eval '" + command + "' < /dev/null && pwd -P >| /tmp/claude-" +
           std::to_string(number) + "-cwd";
  };
  const std::vector<std::pair<std::string, std::string>> more = {{"source", "script"},
                                                                 {"actor", "agent:claude-code"}};
  const Frame first = daemon.check(text("git push --force", 1), more);
  CHECK(first.get("action") == "ask");
  CHECK(first.get("text").find("/tmp/claude-1-cwd") == std::string::npos);
  CHECK(daemon.events().back()["command"] == "git push --force");
  // The file has another name the next time; the code counts all the same, once.
  CHECK(daemon.ask("allow", {{"code", first.get("code")}, {"tty", "1"}}).type == "ok");
  CHECK(daemon.check(text("git push --force", 2), more).get("action") == "allow");
  CHECK(daemon.check(text("git push --force", 3), more).get("action") == "ask");
  // What stands around is judged, too.
  const Frame hidden =
      daemon.check("source /home/u/s.sh || true && eval 'ls' && pwd -P >| /home/u/.bashrc", more);
  CHECK(hidden.get("action") != "allow");
  CHECK(daemon.events().back()["command"].get<std::string>().find(".bashrc") != std::string::npos);
}

TEST_CASE("a code is enough for a shell that is replaced by the one that runs the command") {
  Daemon daemon;
  const std::string outer =
      ". '/home/u/.codex/shell_snapshots/a.sh' >/dev/null 2>&1\n\nexec '/bin/bash' -c 'git push --force'";
  const std::vector<std::pair<std::string, std::string>> more = {{"source", "script"},
                                                                 {"actor", "agent:codex"}};
  const Frame first = daemon.check(outer, more);
  REQUIRE(first.get("action") == "ask");
  CHECK(daemon.ask("allow", {{"code", first.get("code")}, {"tty", "1"}}).type == "ok");
  CHECK(daemon.check(outer, more).get("action") == "allow");
  CHECK(daemon.check("git push --force", more).get("action") == "allow");
  CHECK(daemon.check("git push --force", more).get("action") == "ask");
  CHECK(daemon.ask("allow", {{"code", daemon.check(outer, more).get("code")}, {"tty", "1"}}).type == "ok");
  CHECK(daemon.check(outer, more).get("action") == "allow");
  daemon.now_ms += 6000;  // the second shell came too late, or never
  CHECK(daemon.check("git push --force", more).get("action") == "ask");
}

namespace {

struct FakeDesktop final : NotifierPort {
  std::vector<WaitingStop> shown;
  std::vector<std::string> ended;
  void waits(WaitingStop stop) override { shown.push_back(std::move(stop)); }
  void gone(const std::string& code) override { ended.push_back(code); }
  void status(Frame& out) override { out.add("notify", "ask"); }
};

Json last_approval(const Daemon& d) {
  Json out;
  for (const Json& e : d.events())
    if (e["type"] == "approval") out = e;
  return out;
}

}  // namespace

TEST_CASE("of what an agent was denied the desktop is told; not of people, nor where the agent asks itself") {
  Daemon d;
  FakeDesktop desktop;
  d.service.notifier = &desktop;
  d.check("rm -rf ~");
  d.check("ls", {{"actor", "agent:x"}});
  d.check("git push --force", {{"actor", "agent:x"}, {"dialog", "1"}});
  d.check("git push --force", {{"actor", "agent:x"}, {"tty", "1"}});
  CHECK(desktop.shown.empty());
  const Frame v = d.check("rm -rf ~", {{"actor", "agent:x"}, {"dialog", "1"}});  // a block has no dialog
  REQUIRE(desktop.shown.size() == 1);
  CHECK(desktop.shown[0].code == v.get("code"));
  CHECK(desktop.shown[0].command == "rm -rf ~");
  CHECK(desktop.shown[0].cwd == "/home/u/p");
  CHECK(desktop.shown[0].actor == "agent:x");
  CHECK(desktop.shown[0].expires == 1'700'000'600);
  d.check("git push --force", {{"actor", "agent:x"}});
  CHECK(desktop.shown.size() == 2);
  CHECK(d.ask("status").get("notify") == "ask");
  d.ask("allow", {{"code", v.get("code")}, {"tty", "1"}});
  CHECK(desktop.ended == std::vector{v.get("code")});
}

TEST_CASE("a choice at the desktop is a code, once, and says where it came from") {
  Daemon d;
  FakeDesktop desktop;
  d.service.notifier = &desktop;
  const auto agent = [&] { return d.check("rm -rf ~", {{"actor", "agent:x"}}); };
  std::string code = agent().get("code");
  CHECK(d.service.choose({code, true, 0, "somebody else's"}) == "somebody else's");
  CHECK(last_approval(d)["text"] == "refused");
  CHECK(last_approval(d)["reason"] == "somebody else's");
  CHECK(agent().get("action") == "block");
  CHECK(d.service.choose({code, true, 0, ""}).empty());
  CHECK(last_approval(d)["text"] == "once");
  CHECK(last_approval(d)["source"] == "desktop");
  CHECK(agent().get("action") == "allow");
  CHECK(agent().get("action") == "block");
  code = agent().get("code");
  CHECK(d.service.choose({code, false, 0, ""}).empty());
  CHECK(last_approval(d)["text"] == "declined");
  CHECK(d.ask("allow", {{"code", code}, {"tty", "1"}}).type == "error");
  CHECK(!d.service.choose({code, true, 0, ""}).empty());
  CHECK(agent().get("action") == "block");
}
