#include "daemon/cli/mcp_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "daemon/host/agents.hpp"
#include "libcore/base/text.hpp"

namespace cmdai::cli {
namespace {

using Json = McpServer::Json;

constexpr std::string_view kRevisions[] = {"2025-06-18", "2025-03-26", "2024-11-05"};  // newest first
constexpr std::string_view kWithBatches = "2025-03-26";
constexpr std::string_view kWithStructure = "2025-06-18";

enum Error {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kInvalidParams = -32602
};

Json error(const Json& id, Error code, std::string message) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", std::move(message)}}}};
}

Json result(const Json& id, Json value) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(value)}};
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// A member that is an object; an empty one when it is not there; null when it is something else.
Json object_in(const Json& json, const char* key) {
  const auto it = json.find(key);
  if (it == json.end()) return Json::object();
  return it->is_object() ? *it : Json();
}

Json input_schema() {
  return {{"type", "object"},
          {"properties",
           {{"command", {{"type", "string"}, {"description", "the command line, as the shell would get it"}}},
            {"shell",
             {{"type", "string"},
              {"enum", {"bash", "sh", "zsh", "fish"}},
              {"description", "who would run it (default: bash)"}}},
            {"cwd", {{"type", "string"}, {"description", "the absolute directory it would run in"}}}}},
          {"required", {"command"}},
          {"additionalProperties", false}};
}

Json text_member(const char* what) { return {{"type", "string"}, {"description", what}}; }

Json output_schema() {
  return {{"type", "object"},
          {"properties",
           {{"action", {{"type", "string"}, {"enum", {"allow", "warn", "ask", "block"}}}},
            {"rule", text_member("which rule decided; empty on a plain allow")},
            {"reason", text_member("what would be stopped")},
            {"hint", text_member("the safer way")}}},
          {"required", {"action", "rule", "reason", "hint"}}};
}

struct Tool {
  const char* name;
  const char* title;
  const char* description;
  bool structured;
};
constexpr Tool kTools[] = {
    {"check_command", "Check a command",
     "Says what cmdai would answer if this command were run here: allow, warn, ask or block, with the reason "
     "and a "
     "safer way. Nothing is run, recorded or approved.",
     true},
    {"explain_command", "Explain a command",
     "Says what each part of a command line means, what it would do, and what cmdai would answer. Nothing is "
     "run.",
     false},
};

const Tool* find_tool(const std::string& name) {
  const auto* found =
      std::find_if(std::begin(kTools), std::end(kTools), [&](const Tool& t) { return t.name == name; });
  return found == std::end(kTools) ? nullptr : found;
}

/// What is wrong with the arguments of a call; empty: nothing.
std::string problem_with(const Json& arguments) {
  if (!arguments.is_object()) return "`arguments` must be an object";
  if (!arguments.contains("command")) return "`command` is missing";
  for (const auto& [key, value] : arguments.items()) {
    if (key != "command" && key != "shell" && key != "cwd") return fmt::format("unknown argument `{}`", key);
    if (!value.is_string()) return fmt::format("`{}` must be a string", key);
  }
  const std::string cwd = arguments.value("cwd", "/");
  return cwd.starts_with('/') ? std::string() : "`cwd` must be an absolute path";
}

std::string in_one_line(const Answer& answer) {
  if (answer.rule.empty()) return answer.action;
  std::string out = fmt::format("{}: {} ({})", answer.action, answer.reason, answer.rule);
  if (!answer.hint.empty()) out += fmt::format("\nhint: {}", answer.hint);
  return out;
}

Json content(const std::string& text, bool is_error) {
  return {{"content", Json::array({{{"type", "text"}, {"text", text}}})}, {"isError", is_error}};
}

/// As the client calls itself, in our words where it is one we know.
std::string actor_of(const Json& params) {
  const Json client = object_in(params, "clientInfo");
  std::string name = client.is_object() && client.contains("name") && client["name"].is_string()
                         ? lower(client["name"].get<std::string>())
                         : std::string();
  for (const host::Agent& agent : host::known_agents())
    if (name.starts_with(agent.name)) name = agent.name;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0 && c != '.' && c != '-'; },
      '-');
  return "agent:" + (name.empty() ? "mcp" : name.substr(0, 64));
}

}  // namespace

std::string McpServer::too_long(size_t most) {
  return dump(error(nullptr, kInvalidRequest, fmt::format("a message may have {} bytes at most", most)));
}

std::optional<std::string> McpServer::handle(std::string_view message) {
  Json json;
  try {
    json = Json::parse(message.begin(), message.end());
  } catch (const Json::parse_error& wrong) {
    return dump(error(nullptr, kParseError, fmt::format("no valid JSON at byte {}", wrong.byte)));
  } catch (const Json::exception&) {  // a number beyond every double
    return dump(error(nullptr, kParseError, "a number is out of range"));
  }
  if (json.is_array()) return batch(json);
  const Json out = reply(json);
  return out.is_null() ? std::nullopt : std::optional(dump(out));
}

std::optional<std::string> McpServer::batch(const Json& messages) {
  if (revision_ != kWithBatches)
    return dump(error(nullptr, kInvalidRequest, "batches belong to revision 2025-03-26 alone"));
  if (messages.empty()) return dump(error(nullptr, kInvalidRequest, "the batch is empty"));
  Json out = Json::array();
  for (const Json& message : messages)
    if (Json one = reply(message); !one.is_null()) out.push_back(std::move(one));
  return out.empty() ? std::nullopt : std::optional(dump(out));
}

/// null: none is wanted.
Json McpServer::reply(const Json& message) {
  if (!message.is_object()) return error(nullptr, kInvalidRequest, "a message must be an object");
  const bool is_reply = message.contains("result") || message.contains("error");
  if (is_reply && !message.contains("method")) return nullptr;  // we ask nothing
  const Json id = message.contains("id") ? message["id"] : Json();
  const bool good_id = id.is_string() || id.is_number_integer();
  if (message.value("jsonrpc", Json()) != "2.0")
    return error(good_id ? id : Json(), kInvalidRequest, "`jsonrpc` must be \"2.0\"");
  if (!message.contains("method") || !message["method"].is_string())
    return error(good_id ? id : Json(), kInvalidRequest, "`method` must be a string");
  if (!message.contains("id")) return nullptr;
  if (!good_id) return error(nullptr, kInvalidRequest, "`id` must be a string or an integer");
  const Json params = object_in(message, "params");
  if (params.is_null()) return error(id, kInvalidParams, "`params` must be an object");
  const auto method = message["method"].get<std::string>();
  if (method == "initialize") return initialize(id, params);
  if (method == "ping") return result(id, Json::object());
  if (method == "tools/list") return list_tools(id, params);
  if (method == "tools/call") return call_tool(id, params);
  return error(id, kMethodNotFound, fmt::format("unknown method `{}`", method));
}

Json McpServer::initialize(const Json& id, const Json& params) {
  const auto asked = params.find("protocolVersion");
  if (asked == params.end() || !asked->is_string())
    return error(id, kInvalidParams, "`protocolVersion` must be a string");
  const auto* known = std::find(std::begin(kRevisions), std::end(kRevisions), asked->get<std::string>());
  revision_ =
      known == std::end(kRevisions) ? kRevisions[0] : *known;  // the client decides whether that will do
  defaults_.actor = actor_of(params);
  return result(id,
                {{"protocolVersion", revision_},
                 {"capabilities", {{"tools", {{"listChanged", false}}}}},
                 {"serverInfo", {{"name", "cmdai"}, {"version", CMDAI_VERSION}}},
                 {"instructions",
                  "Ask check_command before a command that deletes, overwrites, sends or changes something "
                  "that is hard to bring back. Its answer approves nothing: the command is judged again when "
                  "it runs."}});
}

Json McpServer::list_tools(const Json& id, const Json& params) const {
  if (params.contains("cursor")) return error(id, kInvalidParams, "no such `cursor`: there is one page");
  Json tools = Json::array();
  for (const Tool& tool : kTools) {
    Json one = {{"name", tool.name}, {"description", tool.description}, {"inputSchema", input_schema()}};
    if (revision_ != "2024-11-05")
      one["annotations"] = {{"title", tool.title}, {"readOnlyHint", true}, {"openWorldHint", false}};
    if (revision_ == kWithStructure && tool.structured) one["outputSchema"] = output_schema();
    tools.push_back(std::move(one));
  }
  return result(id, {{"tools", std::move(tools)}});
}

Json McpServer::call_tool(const Json& id, const Json& params) const {
  if (!params.contains("name") || !params["name"].is_string())
    return error(id, kInvalidParams, "`name` must be a string");
  const auto name = params["name"].get<std::string>();
  const Tool* tool = find_tool(name);
  if (tool == nullptr) return error(id, kInvalidParams, fmt::format("unknown tool `{}`", name));
  const Json arguments = object_in(params, "arguments");
  if (const std::string problem = problem_with(arguments); !problem.empty())
    return error(id, kInvalidParams, problem);
  Question question = defaults_;
  question.command = arguments["command"].get<std::string>();
  question.shell = arguments.value("shell", "bash");
  question.cwd = arguments.value("cwd", defaults_.cwd);
  question.explain = true;  // of which nothing is recorded
  question.probe = true;
  const Result<Answer> answer = ask_(question);
  if (!answer) return result(id, content(answer.error().render(), true));
  if (!tool->structured) return result(id, content(answer->text, false));
  Json out = content(in_one_line(*answer), false);
  if (revision_ == kWithStructure)
    out["structuredContent"] = {{"action", answer->action},
                                {"rule", answer->rule},
                                {"reason", answer->reason},
                                {"hint", answer->hint}};
  return result(id, std::move(out));
}

}  // namespace cmdai::cli
