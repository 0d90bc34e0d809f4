// Nothing of a program outlives its run, and of a user's settings only what is cmdai's is copied.
#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "daemon/host/files.hpp"
#include "daemon/host/verification.hpp"
#include "shell-hooks/agents/drive/agent_start.hpp"
#include "shell-hooks/agents/drive/hook_copy.hpp"
#include "shell-hooks/agents/drive/process_tree.hpp"
#include "shell-hooks/agents/drive/verify_box.hpp"
#include "test/unit/ipc/box.hpp"

using namespace cmdai::agents;
using cmdai::host::Verification;
using cmdai::test::Box;
using cmdai::test::Environment;
using Json = nlohmann::json;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

Program shell(const Box& box, const std::string& text) {
  return {"/bin/sh", {"-c", text}, {"PATH=/usr/bin:/bin", "BOX=" + box.root()}, box.root(), box / "out"};
}

void put(const std::string& path, const std::string& text) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path) << text;
}

std::string got(const std::string& path) { return cmdai::host::read_file(path).value_or("(none)"); }

bool lives(const std::string& file) {
  const pid_t pid = std::stoi(got(file));
  return kill(pid, 0) == 0;
}

}  // namespace

TEST_CASE("a program's output, status and time are told") {
  const Box box;
  const HeldSignals held;
  const auto ended = run_to_end(shell(box, "echo out; echo err >&2; pwd; exit 3"), 60s);
  REQUIRE(ended);
  CHECK(ended->status == 3);
  CHECK(ended->in_time);
  CHECK(got(box / "out") == "out\nerr\n" + box.root() + '\n');
  const auto killed = run_to_end(shell(box, "kill -9 $$"), 60s);
  CHECK(killed->status == 137);
  const auto missing = run_to_end({box / "none", {}, {}, box.root(), box / "out"}, 60s);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().render().find("cannot be started: No such file") != std::string::npos);
}

TEST_CASE("a program that takes too long is ended, with what it started in other sessions") {
  const Box box;
  const HeldSignals held;
  const auto ended = run_to_end(
      shell(
          box,
          "setsid sh -c 'echo $$ >$BOX/far; exec sleep 1000' & echo $$ >$BOX/near; trap '' TERM; sleep 1000"),
      1s);
  REQUIRE(ended);
  CHECK_FALSE(ended->in_time);
  CHECK_FALSE(lives(box / "near"));
#ifdef __linux__
  CHECK_FALSE(lives(box / "far"));
#endif
}

TEST_CASE("what a program leaves behind is ended, children we had before are not") {
  const Box box;
  const pid_t mine = fork();
  if (mine == 0) {
    pause();
    _exit(0);
  }
  const HeldSignals held;
  const auto ended = run_to_end(
      shell(box, "setsid sh -c 'echo $$ >$BOX/far; exec sleep 1000' & until [ -s $BOX/far ]; do :; done"),
      60s);
  REQUIRE(ended);
  CHECK(ended->in_time);
  CHECK(ended->status == 0);
#ifdef __linux__
  CHECK_FALSE(lives(box / "far"));
#endif
  CHECK(kill(mine, 0) == 0);
  kill(mine, SIGKILL);
}

TEST_CASE("a signal that would end us ends the program, and is told") {
  const Box box;
  const HeldSignals held;
  raise(SIGTERM);
  const auto ended = run_to_end(shell(box, "sleep 1000"), 60s);
  REQUIRE(ended);
  CHECK(ended->signal == SIGTERM);
}

TEST_CASE("of Claude's and Gemini's settings our hooks and the switches are copied, nothing else") {
  const Box box;
  const Environment none("CLAUDE_CONFIG_DIR", nullptr);
  put(box / "u/.claude/settings.json", R"({
    // a comment
    "env": {"ANTHROPIC_API_KEY": "secret"}, "apiKeyHelper": "/bin/key", "disableAllHooks": false,
    "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "notify"}]}],
              "PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "other"},
                                                           {"type": "command", "command": "/usr/bin/cmdai", "args": ["hook", "claude-code"]}]},
                             {"matcher": "Write", "hooks": [{"type": "command", "command": "other"}]}]}})");
  const auto files = copy_hooks("claude-code", box / "u", box / "to");
  REQUIRE(files);
  CHECK(*files == std::vector{box / "u/.claude/settings.json"});
  CHECK(Json::parse(got(box / "to/.claude/settings.json")) ==
        Json::parse(R"({"disableAllHooks": false, "hooks": {"PreToolUse": [
    {"matcher": "Bash", "hooks": [{"type": "command", "command": "/usr/bin/cmdai", "args": ["hook", "claude-code"]}]}]}})"));
  put(box / "u/.gemini/settings.json", R"({"security": {"auth": {}}, "hooksConfig": {"enabled": false}})");
  CHECK(copy_hooks("gemini", box / "u", box / "to")->empty());
  CHECK(Json::parse(got(box / "to/.gemini/settings.json")) ==
        Json::parse(R"({"hooksConfig": {"enabled": false}})"));
}

TEST_CASE(
    "Codex's trust goes with the hook to its new place; other hooks keep their number and lose theirs") {
  const Box box;
  const Environment none("CODEX_HOME", nullptr);
  const std::string from = box / "u/.codex/config.toml";
  const std::string to = box / "to/.codex/config.toml";
  put(from,
      "model = \"x\"\n[features]\nhooks = true\n[mcp_servers.a]\ncommand = \"server\"\n"
      "[[hooks.PreToolUse]]\nmatcher = \"a\"\n[[hooks.PreToolUse.hooks]]\ntype = \"command\"\ncommand = "
      "\"other\"\n"
      "[[hooks.PreToolUse]]\nmatcher = \"b\"\n[[hooks.PreToolUse.hooks]]\ntype = \"command\"\ncommand = "
      "\"cmdai hook codex\"\n"
      "[hooks.state.\"" +
          from +
          ":pre_tool_use:0:0\"]\ntrusted_hash = \"sha256:1\"\n"
          "[hooks.state.\"" +
          from + ":pre_tool_use:1:0\"]\ntrusted_hash = \"sha256:2\"\n");
  const auto files = copy_hooks("codex", box / "u", box / "to");
  REQUIRE(files);
  CHECK(files->size() == 1);
  const std::string text = got(to);
  CHECK(text.find(to + ":pre_tool_use:1:0") != std::string::npos);
  CHECK(text.find("sha256:2") != std::string::npos);
  CHECK(text.find("sha256:1") == std::string::npos);
  CHECK(text.find("server") == std::string::npos);
  CHECK(text.find("cmdai hook codex") != std::string::npos);
  put(from, "hooks = [");
  CHECK(copy_hooks("codex", box / "u", box / "to").error().file == from);
}

TEST_CASE("Copilot's and OpenCode's own folders: files of ours alone") {
  const Box box;
  const Environment copilot("COPILOT_HOME", nullptr);
  const Environment opencode("XDG_CONFIG_HOME", nullptr);
  put(box / "u/.copilot/hooks/cmdai.json",
      R"({"version": 1, "hooks": {"preToolUse": [{"type": "command", "bash": "cmdai hook copilot"}]}})");
  put(box / "u/.copilot/hooks/other.json",
      R"({"version": 1, "hooks": {"preToolUse": [{"type": "command", "bash": "other"}]}})");
  put(box / "u/.config/opencode/plugins/cmdai.js", "// cmdai\n");
  put(box / "u/.config/opencode/plugins/other.js", "// other\n");
  CHECK(*copy_hooks("copilot", box / "u", box / "to") == std::vector{box / "u/.copilot/hooks/cmdai.json"});
  CHECK(got(box / "to/.copilot/hooks/other.json").find("other") == std::string::npos);
  CHECK(*copy_hooks("opencode", box / "u", box / "to") ==
        std::vector{box / "u/.config/opencode/plugins/cmdai.js"});
  CHECK_FALSE(fs::exists(box / "to/.config/opencode/plugins/other.js"));
  CHECK(copy_hooks("claude-code", box / "nobody", box / "to")->empty());
}

TEST_CASE("the box is a home of its own that goes away, with the policy of the user") {
  const Box box;
  const Environment temporary("TMPDIR", box.root().c_str());
  put(box / "config/config.toml", "[rules]\n");
  put(box / "config/rules/mine.toml", "family = \"mine\"\n");
  put(box / "config/trusted", "x\n");
  std::string home;
  {
    auto made = VerifyBox::make();
    REQUIRE(made);
    const VerifyBox verify_box = std::move(*made);
    home = verify_box.home();
    CHECK(fs::exists(verify_box.decoy()));
    CHECK(verify_box.socket().size() < 100);
    cmdai::host::Paths paths;
    paths.config = box / "config";
    verify_box.copy_policy(paths);
    CHECK(got(home + "/.config/cmdai/config.toml") == "[rules]\n");
    CHECK(fs::exists(home + "/.config/cmdai/rules/mine.toml"));
    CHECK_FALSE(fs::exists(home + "/.config/cmdai/trusted"));
  }
  CHECK_FALSE(fs::exists(home));
}

TEST_CASE("agents that can be driven, and no others; all of them with no way out") {
  for (const char* name : {"claude-code", "codex", "gemini", "copilot", "opencode"})
    CHECK(start_of(name, "http://127.0.0.1:1"));
  for (const char* name : {"cursor", "windsurf", "", "claude"})
    CHECK_FALSE(start_of(name, "http://127.0.0.1:1"));
  const auto all = box_environment("/h", "/t", "/bin", "http://127.0.0.1:1");
  for (const char* wanted : {"HOME=/h", "HTTPS_PROXY=http://127.0.0.1:1", "https_proxy=http://127.0.0.1:1",
                             "NO_PROXY=127.0.0.1,localhost"})
    CHECK(std::find(all.begin(), all.end(), wanted) != all.end());
}

TEST_CASE("a verification holds when the harmless ran, nothing dangerous did, and cmdai is the reason") {
  using Outcome = Verification::Outcome;
  const auto holds = [](const std::vector<std::pair<bool, Outcome>>& steps) {
    Verification v;
    for (const auto& [dangerous, outcome] : steps) v.steps.push_back({"x", dangerous, outcome, {}});
    return v.holds();
  };
  CHECK(holds({{false, Outcome::ran}, {true, Outcome::stopped}}));
  CHECK(holds({{false, Outcome::ran}, {true, Outcome::refused}, {true, Outcome::stopped}}));
  CHECK_FALSE(holds({}));
  CHECK_FALSE(holds({{false, Outcome::ran}}));
  CHECK_FALSE(holds({{false, Outcome::ran}, {true, Outcome::refused}}));
  CHECK_FALSE(holds({{false, Outcome::stopped}, {true, Outcome::stopped}}));
  CHECK_FALSE(holds({{false, Outcome::ran}, {true, Outcome::ran}, {true, Outcome::stopped}}));
  CHECK_FALSE(holds({{false, Outcome::ran}, {true, Outcome::stopped}, {true, Outcome::unreached}}));
}

TEST_CASE("the last verification of each agent is kept, and what cannot be read is none") {
  const Box box;
  cmdai::host::Paths paths;
  paths.state = box / "state";
  CHECK_FALSE(last_verification(paths, "codex"));
  Verification v;
  v.agent = "codex";
  v.agent_version = "0.169.0";
  v.cmdai_version = "1";
  v.time = "2026-01-01T00:00:00Z";
  v.seconds = 2.5;
  v.outbound = {"a:443"};
  v.steps = {{"touch a", false, Verification::Outcome::ran, ""},
             {"rm -rf b", true, Verification::Outcome::stopped, "no\xff"}};
  REQUIRE(keep_verification(paths, v));
  v.agent = "gemini";
  v.steps.clear();
  v.problem = "it ended";
  REQUIRE(keep_verification(paths, v));
  const auto kept = last_verification(paths, "codex");
  REQUIRE(kept);
  CHECK(kept->holds());
  CHECK(kept->agent_version == "0.169.0");
  CHECK(kept->time == "2026-01-01T00:00:00Z");
  CHECK(kept->outbound == std::vector<std::string>{"a:443"});
  CHECK(kept->steps[1].outcome == Verification::Outcome::stopped);
  CHECK(last_verification(paths, "gemini")->problem == "it ended");
  CHECK_FALSE(last_verification(paths, "gemini")->holds());
  put(box / "state/agents.json", R"({"codex": {"steps": [1, {"outcome": 7}], "seconds": "x"}, "gemini": 3})");
  CHECK(last_verification(paths, "codex")->steps.size() == 1);
  CHECK_FALSE(last_verification(paths, "codex")->holds());
  CHECK_FALSE(last_verification(paths, "gemini"));
  put(box / "state/agents.json", "{");
  CHECK_FALSE(last_verification(paths, "codex"));
}
