#include "shell-hooks/agents/hook/payload.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "libcore/base/dialect.hpp"
#include "libcore/base/text.hpp"
#include "shell-hooks/agents/hook/tools.hpp"

namespace cmdai::agents {
namespace {

using Input = nlohmann::json;

constexpr int kDeepest = 64;  ///< arrays and objects in each other; real payloads have five

/// The places of strings that mean the same to different agents, most specific first.
constexpr std::initializer_list<const char*> kCommands = {"command", "cmd", "command_line", "script"};
constexpr std::initializer_list<const char*> kPaths = {"file_path", "filePath", "path", "notebook_path",
                                                       "target_file"};
constexpr std::initializer_list<const char*> kPatches = {"command", "input", "patch", "patchText"};
constexpr std::initializer_list<const char*> kFolders = {"dir_path", "directory", "workdir",
                                                         "working_directory", "cwd"};

Diagnostic problem(std::string message) {
  Diagnostic d;
  d.message = std::move(message);
  return d;
}

/// The text of a member, or empty: it is not there, or no text.
std::string text_of(const Input& object, const char* key) {
  const auto it = object.is_object() ? object.find(key) : object.end();
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::string first_text(const Input& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys)
    if (std::string found = text_of(object, key); !found.empty()) return found;
  return {};
}

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// A program's words as one text; `["bash","-lc","ls"]` is what the shell in it gets.
std::string text_of_words(const Input& words) {
  if (words.size() == 3 && words[0].is_string() && words[2].is_string() &&
      dialect_from_name(words[0].get<std::string>()) && (words[1] == "-c" || words[1] == "-lc"))
    return words[2].get<std::string>();
  std::string out;
  for (const Input& word : words)
    if (word.is_string()) out += (out.empty() ? "" : " ") + shell_quoted(word.get<std::string>());
  return out;
}

/// nullopt: the tool's input does not say it.
std::optional<std::string> command_of(const Input& input) {
  for (const char* key : kCommands) {
    const auto it = input.is_object() ? input.find(key) : input.end();
    if (it == input.end()) continue;
    if (it->is_string()) return it->get<std::string>();
    if (it->is_array() && !it->empty()) return text_of_words(*it);
  }
  return std::nullopt;
}

std::string joined(const std::string& folder, const std::string& path) {
  if (path.empty()) return folder;
  const bool as_it_is = path.front() == '/' || folder.empty() || path == folder;
  return as_it_is ? path : fmt::format("{}/{}", folder, path);
}

Result<Input> parse(std::string_view text) {
  bool too_deep = false;
  const auto watch = [&too_deep](int depth, Input::parse_event_t, const Input&) {
    too_deep |= depth > kDeepest;
    return depth <= kDeepest;
  };
  try {
    Input out = Input::parse(text.begin(), text.end(), watch);
    if (too_deep) return fail(problem(fmt::format("it nests deeper than {} levels", kDeepest)));
    if (!out.is_object()) return fail(problem("it is no JSON object"));
    return out;
  } catch (const Input::parse_error& error) {
    const auto at = static_cast<uint32_t>(error.byte == 0 ? 0 : error.byte - 1);
    Diagnostic d = diagnostic_at(text, "<stdin>", at, 1, "not valid JSON");
    d.source_line.clear();  // it may be megabytes
    return fail(std::move(d));
  } catch (const Input::exception&) {  // a number beyond every double
    return fail(problem("not valid JSON: a number is out of range"));
  }
}

/// Reads the payload of one call.
class Reader {
 public:
  Reader(std::string_view agent, const Input& root, const Surroundings& around)
      : agent_(agent), root_(root), around_(around) {}

  Result<AgentCall> read() {
    take_common();
    const bool named_by_event = call_.tool.empty();
    const Tool* tool = find_tool(agent_, named_by_event ? call_.event : call_.tool);
    if (named_by_event) call_.tool = call_.event;
    if (call_.tool.empty()) return fail(problem("it names no tool"));
    if (tool == nullptr || !comes_before(call_.event)) return std::move(call_);
    const Input& input = input_of();
    if (tool->way == Way::shell_maybe && !command_of(input)) return std::move(call_);
    const bool runs =
        tool->way == Way::shell || tool->way == Way::shell_maybe || tool->way == Way::powershell;
    return runs ? command(input, tool->way) : files(input, tool->way);
  }

 private:
  /// Hooks may be registered for what has happened, too: there is nothing left to stop.
  static bool comes_before(std::string_view event) {
    return !lower(event).starts_with("post") && !lower(event).starts_with("after");
  }

  void take_common() {
    call_.event = first_text(root_, {"hook_event_name", "agent_action_name"});
    call_.tool = first_text(root_, {"tool_name", "toolName", "tool"});
    call_.session =
        first_text(root_, {"session_id", "sessionId", "sessionID", "conversation_id", "trajectory_id"});
    call_.cwd = text_of(root_, "cwd");
    call_.sub_agent = first_text(root_, {"agent_type", "agentType", "agent", "agent_id", "agentId"});
    call_.version = first_text(root_, {"cursor_version", "version"});
    if (call_.version.empty()) call_.version = version_from_environment();
  }

  /// AI_AGENT=claude-code_2-1-330_harness; a variable of their own elsewhere.
  std::string version_from_environment() const {
    if (agent_ == "copilot") return around_.variable("COPILOT_CLI_BINARY_VERSION");
    if (agent_ == "codex") return around_.variable("CODEX_VERSION");
    const std::string mark = around_.variable("AI_AGENT");
    const std::string start = fmt::format("{}_", agent_);
    if (!mark.starts_with(start)) return {};
    std::string out = mark.substr(start.size());
    out = out.substr(0, out.find('_'));
    std::replace(out.begin(), out.end(), '-', '.');
    return out;
  }

  /// The tool's arguments; Copilot has been seen to send them as a text.
  const Input& input_of() {
    for (const char* key : {"tool_input", "toolArgs", "args", "tool_info"}) {
      const auto it = root_.find(key);
      if (it == root_.end()) continue;
      if (!it->is_string()) return *it;
      input_ = Input::parse(it->get<std::string>(), nullptr, false);
      return input_;
    }
    return root_;  // Cursor's beforeShellExecution
  }

  Result<AgentCall> command(const Input& input, Way way) {
    std::optional<std::string> text = command_of(input);
    if (!text) return fail(problem(fmt::format("the input of the tool `{}` holds no command", call_.tool)));
    if (text->find('\0') != std::string::npos)
      return fail(problem("the command holds a NUL byte, which no shell takes"));
    call_.kind = AgentCall::Kind::command;
    call_.cwd = joined(call_.cwd, first_text(input, kFolders));
    call_.shell = way == Way::powershell ? "bash" : shell();
    call_.command =
        way == Way::powershell ? "pwsh -NoProfile -Command " + shell_quoted(*text) : std::move(*text);
    return std::move(call_);
  }

  Result<AgentCall> files(const Input& input, Way way) {
    call_.kind = AgentCall::Kind::file_write;
    if (way == Way::patch) {
      call_.files =
          files_of_patch(input.is_string() ? input.get<std::string>() : first_text(input, kPatches));
    } else if (std::string path = first_text(input, kPaths); !path.empty()) {
      call_.files.push_back({std::move(path), way == Way::whole});
    }
    if (call_.files.empty())
      return fail(problem(fmt::format("the input of the tool `{}` names no file", call_.tool)));
    for (const AgentCall::File& file : call_.files)
      if (file.path.find('\0') != std::string::npos)
        return fail(problem("the path holds a NUL byte, which no file has"));
    return std::move(call_);
  }

  /// Which shell the agent starts: by what its processes were seen to do.
  std::string shell() const {
    std::string path;
    if (agent_ == "claude-code") {
      path = around_.variable("CLAUDE_CODE_SHELL");
      if (path.empty()) path = around_.variable("SHELL");
      const std::string name = path.substr(path.rfind('/') + 1);
      return name == "zsh" ? "zsh" : "bash";
    }
    if (agent_ == "codex") path = around_.login_shell();
    if (agent_ == "opencode" || agent_ == "cursor" || agent_ == "windsurf") path = around_.variable("SHELL");
    std::string name = path.substr(path.rfind('/') + 1);
    return dialect_from_name(name) ? name : "bash";
  }

  std::string_view agent_;
  const Input& root_;
  const Surroundings& around_;
  Input input_;
  AgentCall call_;
};

}  // namespace

std::vector<AgentCall::File> files_of_patch(std::string_view patch) {
  std::vector<AgentCall::File> out;
  while (!patch.empty()) {
    const size_t end = std::min(patch.find('\n'), patch.size());
    const std::string_view line = trimmed(patch.substr(0, end));
    patch.remove_prefix(std::min(end + 1, patch.size()));
    for (const std::string_view start :
         {"*** Add File:", "*** Update File:", "*** Delete File:", "*** Move to:"}) {
      if (!line.starts_with(start)) continue;
      const std::string_view path = trimmed(line.substr(start.size()));
      if (!path.empty()) out.push_back({std::string(path), start != "*** Update File:"});
    }
  }
  return out;
}

Result<AgentCall> read_payload(std::string_view agent, std::string_view json, const Surroundings& around) {
  if (json.size() > kMostPayload)
    return fail(problem(fmt::format("it is longer than {} MiB", kMostPayload >> 20U)));
  if (json.empty()) return fail(problem("nothing arrived"));
  const Result<Input> root = parse(json);
  if (!root) return fail(root.error());
  return Reader(agent, *root, around).read();
}

}  // namespace cmdai::agents
