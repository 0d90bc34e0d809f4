#include "shell-hooks/agents/model/script.hpp"

#include <algorithm>

#include "shell-hooks/agents/model/parts.hpp"

namespace cmdai::agents {
namespace {

using Json = nlohmann::json;

/// What agents call the tool that runs a command, the commonest first.
constexpr std::string_view kShellTools[] = {"Bash",  "exec_command",    "shell_command",
                                            "shell", "local_shell",     "run_shell_command",
                                            "bash",  "run_in_terminal", "execute_command"};

/// Something of the type a schema asks for.
Json sample(const Json& schema) {
  if (const auto& choices = elements(member(schema, "enum")); !choices.empty()) return choices.front();
  const std::string type = string_of(member(schema, "type"));
  if (type == "integer" || type == "number") return 1;
  if (type == "boolean") return false;
  if (type == "array") return Json::array();
  if (type == "object") return Json::object();
  return "verify";
}

Json shell_arguments(const std::string& command, const Json& schema) {
  const Json& known = member(schema, "properties");
  Json out = Json::object();
  for (const char* key : {"command", "cmd", "script"}) {
    const Json& property = member(known, key);
    if (property.is_null() || !out.empty()) continue;
    out[key] = member(property, "type") == "array" ? Json::array({"bash", "-lc", command}) : Json(command);
  }
  if (out.empty()) out["command"] = command;
  for (const Json& name : elements(member(schema, "required"))) {
    const std::string key = string_of(name);
    if (!out.contains(key)) out[key] = sample(member(known, key.c_str()));
  }
  return out;
}

Result<Step> read_step(const Json& value) {
  if (value.is_string()) return Step{value.get<std::string>()};
  Step step{string_of(member(value, "command")), string_of(member(value, "tool")),
            member(value, "arguments")};
  if (!step.command.empty() || (!step.tool.empty() && step.arguments.is_object())) return step;
  Diagnostic problem;
  problem.message = "a step is a command, or an object with `command`, or with `tool` and `arguments`";
  return fail(std::move(problem));
}

}  // namespace

Result<Script> read_script(std::string_view text) {
  Script script;
  const Json value = Json::parse(text, nullptr, false);
  if (!value.is_array()) {
    Diagnostic problem;
    problem.message = "a script is a JSON array of steps";
    return fail(std::move(problem));
  }
  for (const Json& one : value) {
    auto step = read_step(one);
    if (!step) return fail(std::move(step.error()));
    script.push_back(std::move(*step));
  }
  return script;
}

std::optional<Turn::Call> call_of(const Step& step, const Conversation& conversation) {
  if (!step.tool.empty()) {
    if (!conversation.tools.contains(step.tool)) return std::nullopt;
    return Turn::Call{step.tool, step.arguments};
  }
  for (const std::string_view name : kShellTools) {
    const auto tool = conversation.tools.find(std::string(name));
    if (tool != conversation.tools.end())
      return Turn::Call{tool->first, shell_arguments(step.command, tool->second)};
  }
  return std::nullopt;
}

}  // namespace cmdai::agents
