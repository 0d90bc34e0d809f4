// A plugin's words in a verdict, with a plugin that is only pretended.
#include "daemon/cmdaid/plugin_asking.hpp"

#include <doctest/doctest.h>

#include "daemon/cmdaid/service.hpp"
#include "test/unit/ipc/box.hpp"

using namespace cmdai;
using namespace cmdai::daemon;
using cmdai::ipc::Frame;
using policy::Action;

namespace {

struct FakePlugins final : PluginPort {
  std::vector<PluginWord> words;
  std::optional<PluginWord> refusal;
  std::vector<Frame> asked;
  int lines = 0, looks = 0;

  bool empty() const override { return false; }
  std::vector<PluginWord> decide(const Frame& question) override {
    asked.push_back(question);
    return words;
  }
  std::optional<PluginWord> refuse(const Frame& question) override {
    asked.push_back(question);
    return refusal;
  }
  std::optional<Diagnostic> reload() override { return std::nullopt; }
  void status(Frame& out) const override { out.add("plugin.1.name", "fake"); }
  void lines_written() override { ++lines; }
  void look_again() override { ++looks; }
};

struct AskingDaemon {
  cmdai::test::Box box;
  host::Paths paths = [this] {
    host::Paths p;
    p.home = "/home/u";
    p.user = "u";
    p.config = box / "config";
    p.state = box / "state";
    return p;
  }();
  host::PolicyStore store{paths};
  host::EventLog log{paths.events()};
  Service service{store, log, {box / "s", [] { return int64_t{1'700'000'000'000}; }}};
  FakePlugins plugins;
  AskingDaemon() { service.plugins = &plugins; }

  Frame ask(const std::string& type, const std::vector<std::pair<std::string, std::string>>& fields) {
    Frame f(type);
    for (const auto& [key, value] : fields) f.add(key, value);
    Frame answer;
    service.handle(f, 0, [&answer](Frame reply) { answer = std::move(reply); });
    return answer;
  }
  Frame check(const std::string& command, const std::string& type = "check") {
    return ask(type,
               {{"cmd", command}, {"shell", "bash"}, {"cwd", "/home/u/p"}, {"tty", "1"}, {"detail", "1"}});
  }
};

PluginWord word(Action action, const char* rule = "plugin.x") { return {action, rule, "reason", "hint"}; }

}  // namespace

TEST_CASE("only what is stricter changes a verdict") {
  AskingDaemon daemon;
  const std::tuple<const char*, Action, const char*> rows[] = {{"ls", Action::allow, "allow"},
                                                               {"ls", Action::warn, "warn"},
                                                               {"ls", Action::ask, "ask"},
                                                               {"ls", Action::block, "block"},
                                                               {"git push --force", Action::allow, "ask"},
                                                               {"git push --force", Action::warn, "ask"},
                                                               {"git push --force", Action::block, "block"},
                                                               {"rm -rf /", Action::allow, "block"},
                                                               {"rm -rf /", Action::ask, "block"}};
  for (const auto& [command, said, wanted] : rows) {
    CAPTURE(command);
    CAPTURE(wanted);
    daemon.plugins.words = {word(said)};
    const Frame verdict = daemon.check(command);
    CHECK(verdict.get("action") == wanted);
    CHECK((verdict.get("rule") == "plugin.x") ==
          (verdict.get("action") == policy::to_string(said) && said != Action::allow));
    CHECK(daemon.check(command, "explain").get("action") == wanted);
  }
}

TEST_CASE("with a plugin nobody else judges") {
  AskingDaemon daemon;
  CHECK(daemon.service.delegation().type == "error");
  CHECK(daemon.service.delegation().get("code") == "denied");
}

TEST_CASE("of several words the strictest counts") {
  AskingDaemon daemon;
  daemon.plugins.words = {word(Action::warn, "plugin.a"), word(Action::block, "plugin.b"),
                          word(Action::ask, "plugin.c")};
  const Frame verdict = daemon.check("ls");
  CHECK(verdict.get("rule") == "plugin.b");
  CHECK(verdict.get("text").find("also: reason (plugin.a)") != std::string::npos);
}

TEST_CASE("what a plugin is asked with") {
  AskingDaemon daemon;
  daemon.ask("check", {{"cmd", "rm -rf build"},
                       {"shell", "zsh"},
                       {"cwd", "/home/u/p"},
                       {"session", "s"},
                       {"actor", "agent:codex"},
                       {"source", "hook"},
                       {"pid", "12"},
                       {"agent.version", "1"},
                       {"typed", "r"}});
  REQUIRE(daemon.plugins.asked.size() == 1);
  const Frame& q = daemon.plugins.asked[0];
  CHECK(q.type == "decide");
  const std::pair<const char*, const char*> wanted[] = {{"request.command", "rm -rf build"},
                                                        {"request.typed", "r"},
                                                        {"request.shell", "zsh"},
                                                        {"request.cwd", "/home/u/p"},
                                                        {"request.session", "s"},
                                                        {"request.actor", "agent"},
                                                        {"request.actor-name", "codex"},
                                                        {"request.source", "hook"},
                                                        {"request.pid", "12"},
                                                        {"request.agent-version", "1"},
                                                        {"request.time-ms", "1700000000000"},
                                                        {"request.recorded", "1"}};
  for (const auto& [key, value] : wanted) {
    CAPTURE(key);
    CHECK(q.get(key) == value);
  }
  CHECK(q.get("request.effects").find("deletes /home/u/p/build") != std::string::npos);
  CHECK(!q.get("verdict.action").empty());
  daemon.ask("check", {{"write", "a.c"}, {"edit", "b \"c"}, {"cwd", "/home/u/p"}});
  CHECK(daemon.plugins.asked.back().get("request.writes") == R"(["a.c","b \"c"])");
}

TEST_CASE("a line that is not yet whole, or needs a variable, is not put to a plugin") {
  AskingDaemon daemon;
  daemon.ask("check", {{"cmd", "if true"}, {"shell", "bash"}, {"partial", "1"}});
  daemon.ask("check", {{"cmd", "rm -rf $X/*"}, {"shell", "bash"}, {"vars", "1"}, {"cwd", "/home/u/p"}});
  CHECK(daemon.plugins.asked.empty());
}

TEST_CASE("a refusal leaves the question open and is recorded") {
  AskingDaemon daemon;
  const Frame verdict = daemon.check("git push --force");
  daemon.plugins.refusal = word(Action::block);
  Frame reply = daemon.ask("answer", {{"id", verdict.get("id")}, {"answer", "yes"}});
  CHECK(reply.get("code") == "denied");
  CHECK(reply.get("text") == "reason");
  CHECK(daemon.log.last_line().find(R"("text":"refused")") != std::string::npos);
  CHECK(daemon.plugins.asked.back().get("approval.kind") == "yes");
  CHECK(daemon.plugins.asked.back().get("request.command") == "git push --force");
  CHECK(daemon.ask("answer", {{"id", verdict.get("id")}, {"answer", "no"}}).type == "ok");  // nobody is asked
  daemon.plugins.refusal.reset();
  CHECK(daemon.ask("answer", {{"id", verdict.get("id")}, {"answer", "yes"}}).type == "ok");
}

TEST_CASE("what is recorded and who is there is told") {
  AskingDaemon daemon;
  daemon.check("ls");
  CHECK(daemon.plugins.lines > 0);
  daemon.ask("session", {{"session", "s"}, {"event", "open"}});
  CHECK(daemon.plugins.looks == 1);
  daemon.ask("check", {{"cmd", "ls"}, {"shell", "bash"}, {"actor", "agent:codex"}});
  CHECK(daemon.plugins.looks == 2);
  CHECK(daemon.service.posture().find(R"("agents":["codex"])") != std::string::npos);
}
