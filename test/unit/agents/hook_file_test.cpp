// The file before, with the hook, and without it again, for every agent.
#include "shell-hooks/agents/settings/hook_file.hpp"

#include <doctest/doctest.h>

#include "shell-hooks/agents/settings/codex_config.hpp"
#include "shell-hooks/agents/settings/hook_entry.hpp"

using namespace cmdai::agents;

namespace {

const std::string kProgram = "/usr/bin/cmdai";

Places places() {
  Places p;
  p.home = "/home/u";
  p.config = "/home/u/.config";
  p.claude = "/home/u/.claude";
  p.codex = "/home/u/.codex";
  p.gemini = "/home/u/.gemini";
  p.copilot = "/home/u/.copilot";
  p.project = "/home/u/p";
  p.socket = "/run/user/1/cmdai/cmdaid.sock";
  return p;
}

bool always(const std::string&) { return true; }
bool never(const std::string&) { return false; }

std::string with(const HookFile& file, const std::optional<std::string>& before,
                 const std::string& program = kProgram) {
  auto text = with_hook(file, before, program, places());
  REQUIRE_MESSAGE(text.has_value(), (text ? "" : text.error().render()));
  REQUIRE(text->has_value());
  return **text;
}

std::optional<std::string> without(const HookFile& file, const std::string& before) {
  auto text = without_hook(file, before, places());
  REQUIRE_MESSAGE(text.has_value(), (text ? "" : text.error().render()));
  return *text;
}

HookFile first(std::string_view agent, Level level = Level::user) {
  return hook_files(agent, level, places()).at(0);
}

}  // namespace

TEST_CASE("each agent: put in, found, put in again, taken out") {
  const struct {
    std::string agent;
    std::string before;
  } cases[] = {
      {"claude-code",
       "{\n  \"permissions\": {\n    \"allow\": [\"Bash(ls:*)\"]\n  },\n  \"hooks\": {\n    \"PreToolUse\": "
       "[\n      "
       "{\"matcher\": \"Bash\", \"hooks\": [{\"type\": \"command\", \"command\": \"/opt/own.sh\"}]}\n    ]\n "
       " }\n}\n"},
      {"claude-code", "{\"model\":\"opus\"}"},
      {"codex", "model = \"m\" # mine\n\n[features]\nweb = true\n"},
      {"codex",
       "[[hooks.PreToolUse]]\nmatcher = \"^Bash$\"\n[[hooks.PreToolUse.hooks]]\ntype = \"command\"\ncommand "
       "= \"own\"\n"},
      {"codex", "model = \"without a line end\""},
      {"gemini", "{\n\t\"security\": {\n\t\t\"auth\": 1\n\t}\n}\n"},
      {"copilot", "{\n  \"version\": 1,\n  \"hooks\": {\n    \"sessionStart\": []\n  }\n}\n"},
      {"cursor",
       "{\n  \"version\": 1,\n  \"hooks\": {\n    \"stop\": [\n      {\n        \"command\": \"x\"\n      "
       "}\n    ]\n  }\n}\n"},
      {"windsurf", "{\n  \"hooks\": {\n    \"post_run_command\": []\n  }\n}\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.agent);
    const HookFile file = first(c.agent);
    CHECK(look(file, c.before, kProgram, always).state == State::none);
    const std::string once = with(file, c.before);
    CHECK(once != c.before);
    CHECK(with(file, once) == once);
    const Look seen = look(file, once, kProgram, always);
    CHECK(seen.state == State::live);
    CHECK(seen.program == kProgram);
    CHECK(look(file, once, kProgram, never).state == State::missing);
    CHECK(look(file, once, "/opt/cmdai", always).state == State::changed);
    const auto back = without(file, once);
    REQUIRE(back.has_value());
    // A last line without an end gets one, and keeps it.
    CHECK(*back == (c.before.ends_with('"') && c.agent == "codex" ? c.before + "\n" : c.before));
    // Another program in its place: still one hook.
    const std::string moved = with(file, once, "/opt/cmd ai/cmdai");
    CHECK(look(file, moved, "/opt/cmd ai/cmdai", always).state == State::live);
    CHECK(*without(file, moved) == *back);
  }
}

TEST_CASE("a file that was not there goes again") {
  for (const char* agent : {"claude-code", "codex", "gemini", "copilot", "opencode", "cursor", "windsurf"}) {
    CAPTURE(agent);
    for (const Level level : {Level::user, Level::system}) {
      const HookFile file = first(agent, level);
      const std::string text = with(file, std::nullopt);
      CHECK(look(file, text, kProgram, always).state == State::live);
      CHECK(!without(file, text).has_value());
    }
  }
}

TEST_CASE("what Claude Code is told") {
  const std::string text = with(first("claude-code"), std::nullopt);
  const Json hook = Json::parse(text)["hooks"]["PreToolUse"][0];
  CHECK(hook["matcher"] == "Bash|PowerShell|Monitor|Write|Edit|MultiEdit|NotebookEdit");
  CHECK(hook["hooks"][0] == Json{{"type", "command"},
                                 {"command", kProgram},
                                 {"args", {"hook", "claude-code"}},
                                 {"timeout", 5},
                                 {"onFailure", "block"}});
}

TEST_CASE("a hook that is weaker than ours counts as changed") {
  const HookFile file = first("claude-code");
  Json json = Json::parse(with(file, std::nullopt));
  json["hooks"]["PreToolUse"][0]["matcher"] = "Never";
  CHECK(look(file, json.dump(), kProgram, always).state == State::changed);
  json = Json::parse(with(file, std::nullopt));
  json["hooks"]["PreToolUse"][0]["hooks"][0].erase("onFailure");
  CHECK(look(file, json.dump(), kProgram, always).state == State::changed);
  json = Json::parse(with(file, std::nullopt));
  json["disableAllHooks"] = true;
  CHECK(look(file, json.dump(), kProgram, always).state == State::disabled);
  const HookFile gemini = first("gemini");
  json = Json::parse(with(gemini, std::nullopt));
  json["hooksConfig"]["disabled"] = {"cmdai"};
  CHECK(look(gemini, json.dump(), kProgram, always).state == State::disabled);
}

TEST_CASE("the line that refuses whatever goes wrong") {
  const std::string line =
      "timeout 4 /usr/bin/cmdai hook gemini || { [ $? -eq 2 ] && exit 2; echo \"cmdai could not check this; "
      "it was "
      "not run\" >&2; exit 2; }";
  CHECK(closed_command("/usr/bin/cmdai", "gemini") == line);
  // Codex starts it with the account's shell, fish perhaps.
  CHECK(closed_command("/usr/bin/cmdai", "codex")
            .starts_with("sh -c 'timeout 4 /usr/bin/cmdai hook codex || {"));
  CHECK(closed_command("/opt/my tools/cmdai", "codex")
            .starts_with("sh -c 'timeout 4 \"/opt/my tools/cmdai\" hook codex || "));
  CHECK(program_in_line(closed_command("/opt/my tools/cmdai", "codex"), "codex") == "/opt/my tools/cmdai");
  CHECK(program_in_line(closed_command("/usr/bin/cmdai", "codex"), "codex") == "/usr/bin/cmdai");
  for (const char* bad :
       {"cmdai", "/a'b/cmdai", "/a\"b/cmdai", "/a$b/cmdai", "/a\nb/cmdai", "/a`b/cmdai", "/a\\b/cmdai"})
    CHECK(!can_be_called(bad));
  CHECK(can_be_called("/opt/my tools/cmdai"));
  CHECK(program_in_line("/usr/bin/cmdai hook codex", "codex") == "/usr/bin/cmdai");
  CHECK(program_in_line("/usr/bin/cmdai hook codex2", "codex").empty());
  CHECK(program_in_line("/usr/bin/other hook codex", "codex").empty());
  CHECK(program_in_line("echo hook codex", "codex").empty());
}

TEST_CASE("Codex: trust is kept under the number of the group") {
  // As `codex app-server` 0.169.0 reports it (`hooks/list`, currentHash).
  CHECK(codex_trust(
            "^(Bash|apply_patch)$",
            "timeout 4 /usr/bin/cmdai hook codex || { [ $? -eq 2 ] && exit 2; echo \"x\" >&2; exit 2; }",
            10) == "sha256:1e12084a9a97fa7a70cac1980836854eb87fae17c7752ef884b746fbd45321e7");
  const HookFile file = first("codex");
  const std::string other =
      "[[hooks.PreToolUse]]\n[[hooks.PreToolUse.hooks]]\ntype = \"command\"\ncommand = \"own\"\n";
  const std::string text = with(file, other);
  CHECK(text.find("[hooks.state.\"/home/u/.codex/config.toml:pre_tool_use:1:0\"]") != std::string::npos);
  std::string untrusted = text;
  untrusted.replace(untrusted.find("sha256:") + 7, 4, "0000");
  CHECK(look(file, untrusted, kProgram, always).state == State::untrusted);
  CHECK(with(file, untrusted) == text);
  // A group that came later keeps its trust when ours goes.
  const std::string later =
      text +
      "\n[[hooks.PreToolUse]]\n[[hooks.PreToolUse.hooks]]\ntype = \"command\"\ncommand = \"late\"\n\n"
      "[hooks.state.\"/home/u/.codex/config.toml:pre_tool_use:2:0\"]\ntrusted_hash = \"sha256:1\"\n";
  const auto left = without(file, later);
  REQUIRE(left.has_value());
  CHECK(left->find("pre_tool_use:1:0\"]\ntrusted_hash = \"sha256:1\"") != std::string::npos);
  CHECK(left->find("hook codex") == std::string::npos);
  CHECK(left->find("late") != std::string::npos);
}

TEST_CASE("Codex: what cannot be added to is said with its place") {
  const HookFile file = first("codex");
  const struct {
    const char* text;
    const char* message;
    uint32_t line;
  } cases[] = {
      {"a = 1\nb = \n", "not valid TOML", 2},
      {"a = 1\nhooks = { PreToolUse = [] }\n", "written inline", 2},
      {"[hooks]\nPreToolUse = []\n", "written inline", 2},
      {"[features]\nhooks = false\n", "switched off", 2},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto done = with_hook(file, std::string(c.text), kProgram, places());
    REQUIRE(!done.has_value());
    CHECK(done.error().message.find(c.message) != std::string::npos);
    CHECK(done.error().line == c.line);
    CHECK(!done.error().hint.empty());
  }
}

TEST_CASE("Codex: the machine's requirements pin the feature") {
  const HookFile file = first("codex", Level::system);
  const char* befores[] = {"", "allowed_sandbox_modes = [\"read-only\"]\n", "[features]\nother = true\n"};
  for (const char* before : befores) {
    CAPTURE(before);
    const std::string text = with(file, std::string(before));
    CHECK(text.find("hooks = true\n") != std::string::npos);
    CHECK(with(file, text) == text);
    CHECK(without(file, text).value_or("") == before);
  }
  CHECK(!with_hook(file, std::string("[features]\nhooks = false\n"), kProgram, places()).has_value());
}

TEST_CASE("Copilot's sandbox is told what a hook must reach, where it is on") {
  const HookFile file = hook_files("copilot", Level::user, places()).at(1);
  CHECK(file.path == "/home/u/.copilot/settings.json");
  CHECK(!with_hook(file, std::nullopt, kProgram, places())->has_value());
  const std::string off = "{\"sandbox\": {\"enabled\": false}}";
  CHECK(with(file, off) == off);
  const Json on = Json::parse(with(file, std::string("{\"sandbox\": {\"enabled\": true}}")));
  CHECK(on["sandbox"]["userPolicy"]["filesystem"]["readonlyPaths"] == Json{"/usr/bin"});
  CHECK(on["sandbox"]["userPolicy"]["filesystem"]["readwritePaths"] == Json{"/run/user/1/cmdai"});
}

TEST_CASE("OpenCode: the machine's configuration names the plugin") {
  const auto files = hook_files("opencode", Level::system, places());
  REQUIRE(files.size() == 2);
  const std::string text = with(files[1], std::string("{\n  \"share\": \"disabled\"\n}\n"));
  CHECK(Json::parse(text)["plugin"] == Json{"file:///etc/opencode/cmdai.js"});
  CHECK(*without(files[1], text) == "{\n  \"share\": \"disabled\"\n}\n");
  const std::string foreign = "export const X = 1\n";
  CHECK(*without(files[0], foreign) == foreign);
  CHECK(look(files[0], foreign, kProgram, always).state == State::none);
}
