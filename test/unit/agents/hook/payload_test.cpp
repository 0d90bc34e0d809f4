// What payloads say, without a process around them. Whole ones, with the answers to them, are
// test/agents/payloads.
#include "shell-hooks/agents/hook/payload.hpp"

#include <doctest/doctest.h>

#include <map>

#include "shell-hooks/agents/hook/asking.hpp"
#include "shell-hooks/agents/hook/tools.hpp"

using namespace cmdai;
using namespace cmdai::agents;

namespace {

AgentCall read(std::string_view agent, std::string_view json,
               std::map<std::string, std::string> variables = {}, std::string login_shell = {}) {
  const Surroundings around{[&](const char* name) { return variables[name]; }, [&] { return login_shell; }};
  Result<AgentCall> call = read_payload(agent, json, around);
  REQUIRE_MESSAGE(call.has_value(), call.error().render());
  return std::move(*call);
}

std::string problem(std::string_view agent, std::string_view json) {
  const Surroundings around{[](const char*) { return std::string(); }, [] { return std::string(); }};
  const Result<AgentCall> call = read_payload(agent, json, around);
  return call ? "none" : call.error().render();
}

constexpr std::string_view kBash = R"({"tool_name":"Bash","tool_input":{"command":"ls"}})";

constexpr std::string_view kGemini = R"({"tool_name":"run_shell_command","tool_input":{"command":"ls"}})";

}  // namespace

TEST_CASE("the shell is the one the agent starts") {
  struct Row {
    const char* agent;
    std::map<std::string, std::string> variables;
    const char *login, *shell;
  };
  for (const Row& row :
       {Row{"claude-code", {{"SHELL", "/bin/zsh"}}, "", "zsh"},
        Row{"claude-code", {{"SHELL", "/usr/bin/fish"}}, "", "bash"},
        Row{"claude-code", {{"SHELL", "/bin/zsh"}, {"CLAUDE_CODE_SHELL", "/bin/bash"}}, "", "bash"},
        Row{"codex", {{"SHELL", "/bin/zsh"}}, "/usr/bin/fish", "fish"},
        Row{"codex", {}, "/usr/sbin/nologin", "bash"},
        Row{"gemini", {{"SHELL", "/bin/zsh"}}, "/bin/zsh", "bash"},
        Row{"copilot", {{"SHELL", "/bin/zsh"}}, "/bin/zsh", "bash"}}) {
    CAPTURE(row.agent);
    const std::string_view payload = std::string_view(row.agent) == "gemini" ? kGemini : kBash;
    CHECK(read(row.agent, payload, row.variables, row.login).shell == row.shell);
  }
}

TEST_CASE("an agent's version stands in its payload or its environment") {
  CHECK(read("claude-code", kBash, {{"AI_AGENT", "claude-code_2-1-330_harness"}}).version == "2.1.330");
  CHECK(read("claude-code", kBash, {{"AI_AGENT", "other_1-0_agent"}}).version.empty());
  CHECK(read("copilot", kBash, {{"COPILOT_CLI_BINARY_VERSION", "1.0.102"}}).version == "1.0.102");
  CHECK(read("cursor", R"({"hook_event_name":"beforeShellExecution","command":"ls","cursor_version":"1.7"})")
            .version == "1.7");
}

TEST_CASE("a directory of the call goes before the session's, from there on when it is relative") {
  const auto cwd = [](const char* folder) {
    return read(
               "gemini",
               std::string(
                   R"({"cwd":"/p","tool_name":"run_shell_command","tool_input":{"command":"ls","dir_path":")") +
                   folder + "\"}}")
        .cwd;
  };
  CHECK(cwd("") == "/p");
  CHECK(cwd("src") == "/p/src");
  CHECK(cwd("/q") == "/q");
}

TEST_CASE("a patch names its files") {
  const auto files = files_of_patch(
      "*** Begin Patch\n*** Add File: a b.txt\n+*** Add File: not this\n*** Update File: c\r\n*** Move to: "
      "d\n"
      "*** Delete File: e\n*** Add File:\n*** End Patch");
  REQUIRE(files.size() == 4);
  CHECK(files[0].path == "a b.txt");
  CHECK(files[0].whole);
  CHECK(files[1].path == "c");
  CHECK_FALSE(files[1].whole);
  CHECK(files[2].path == "d");
  CHECK(files[3].path == "e");
  CHECK(files[3].whole);
}

TEST_CASE("tools are known by agent, in any case of letters") {
  CHECK(find_tool("claude-code", "Bash") != nullptr);
  CHECK(find_tool("copilot", "Bash") != nullptr);
  CHECK(find_tool("gemini", "Bash") == nullptr);
  CHECK(find_tool("claude-code", "mcp__x__bash") == nullptr);
}

TEST_CASE("a tool nobody judges, and what comes after the fact, is let through") {
  CHECK(read("claude-code", R"({"tool_name":"Read","tool_input":{"file_path":"x"}})").kind ==
        AgentCall::Kind::other);
  CHECK(read("claude-code",
             R"({"hook_event_name":"PostToolUse","tool_name":"Bash","tool_input":{"command":"ls"}})")
            .kind == AgentCall::Kind::other);
}

TEST_CASE("what cannot be read is said with its place") {
  CHECK(problem("codex", "{\n  \"a\": tru }") == "<stdin>:2:11: not valid JSON");
  CHECK(problem("codex", "{\"a\":1e99999}") == "not valid JSON: a number is out of range");
  CHECK(problem("codex", "") == "nothing arrived");
  CHECK(problem("codex", "[]") == "it is no JSON object");
  CHECK(problem("codex", std::string(100, '[')) == "<stdin>:1:101: not valid JSON");
  CHECK(problem("codex", "{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}") ==
        "it nests deeper than 64 levels");
  CHECK(problem("codex", R"({"tool_name":"Bash","tool_input":{}})") ==
        "the input of the tool `Bash` holds no command");
  CHECK(problem("codex", R"({"tool_name":"Bash"})") == "the input of the tool `Bash` holds no command");
  CHECK(problem("claude-code", R"({"tool_name":"Write","tool_input":{"file_path":7}})") ==
        "the input of the tool `Write` names no file");
  CHECK(problem("claude-code", R"({"tool_name":"Write","tool_input":{"file_path":"a\u0000b"}})") ==
        "the path holds a NUL byte, which no file has");
}

TEST_CASE("an agent that was told to work by itself asks nobody") {
  CHECK(works_by_itself({"node", "gemini", "-p", "x"}));
  CHECK(works_by_itself({"gemini", "--approval-mode=yolo"}));
  CHECK_FALSE(works_by_itself({"gemini", "--model", "m"}));
  CHECK_FALSE(is_interactive("claude-code"));
  CHECK_FALSE(is_interactive("gemini"));  // no Gemini CLI above a test
}
