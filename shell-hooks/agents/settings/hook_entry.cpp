#include "shell-hooks/agents/settings/hook_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace cmdai::agents {
namespace {

/// Agents that take a hook's time limit in seconds let the command run when it is over, but for Claude Code
/// with `onFailure`. `timeout 4` ends before any of them.
constexpr int kSeconds = 10;

/// Which tools are asked about: those that shell-hooks/agents/hook/tools.cpp reads.
struct Matcher {
  std::string_view agent, pattern;
};
constexpr Matcher kMatchers[] = {
    {"claude-code", "Bash|PowerShell|Monitor|Write|Edit|MultiEdit|NotebookEdit"},
    {"codex", "^(Bash|apply_patch)$"},
    {"gemini", "run_shell_command|write_file|replace"},
    {"copilot", "bash|powershell|create|write|edit|multiedit|apply_patch"},
    {"cursor", "Write|Delete|Edit|MultiEdit|StrReplace|EditNotebook"},
};

bool is_plain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("/._-+:@%,").find(c) != std::string_view::npos;
}

/// The word that ends at `end`, with its quotes taken off; paths of ours hold no quotes of their own.
std::string word_before(std::string_view text, size_t end) {
  if (end > 1 && (text[end - 1] == '\'' || text[end - 1] == '"')) {
    const size_t open = text.rfind(text[end - 1], end - 2);
    return open == std::string_view::npos ? "" : std::string(text.substr(open + 1, end - open - 2));
  }
  size_t begin = end;
  while (begin > 0 && is_plain(text[begin - 1])) --begin;
  return std::string(text.substr(begin, end - begin));
}

std::string_view matcher_of(std::string_view agent) {
  const auto* found = std::find_if(std::begin(kMatchers), std::end(kMatchers),
                                   [&](const Matcher& m) { return m.agent == agent; });
  return found == std::end(kMatchers) ? std::string_view() : found->pattern;
}

bool is_cmdai(std::string_view path) { return path.substr(path.rfind('/') + 1).starts_with("cmdai"); }

}  // namespace

bool can_be_called(std::string_view program) {
  return program.starts_with('/') && std::none_of(program.begin(), program.end(), [](unsigned char c) {
           return c < 0x20 || c == 0x7F ||
                  std::string_view("'\"\\$`").find(static_cast<char>(c)) != std::string_view::npos;
         });
}

std::string shell_word(std::string_view program) {
  const bool plain = std::all_of(program.begin(), program.end(), is_plain);
  return plain ? std::string(program) : '"' + std::string(program) + '"';
}

std::string closed_command(std::string_view program, std::string_view agent) {
  const std::string line = fmt::format(
      "timeout 4 {} hook {} || {{ [ $? -eq 2 ] && exit 2; echo \"cmdai could not check this; it was not "
      "run\" >&2; "
      "exit 2; }}",
      shell_word(program), agent);
  // Codex starts it with the shell of the account, which may be fish; what shell Windsurf takes is not known.
  return agent == "codex" || agent == "windsurf" ? "sh -c '" + line + "'" : line;
}

std::string program_in_line(std::string_view command, std::string_view agent) {
  const std::string mark = fmt::format(" hook {}", agent);
  for (size_t at = command.find(mark); at != std::string_view::npos; at = command.find(mark, at + 1)) {
    const size_t end = at + mark.size();
    if (end < command.size() && is_plain(command[end])) continue;  // another agent's name begins so
    std::string program = word_before(command, at);
    if (is_cmdai(program)) return program;
  }
  return {};
}

std::string program_in(const Json& entry, std::string_view agent) {
  if (entry.is_array() || (entry.is_object() && entry.contains("hooks"))) {
    for (const Json& inner : entry.is_array() ? entry : entry["hooks"])
      if (std::string program = program_in(inner, agent); !program.empty()) return program;
    return {};
  }
  if (!entry.is_object()) return {};
  for (const char* key : {"command", "bash"}) {
    const auto it = entry.find(key);
    if (it == entry.end() || !it->is_string()) continue;
    const auto& line = it->get_ref<const std::string&>();
    if (std::string program = program_in_line(line, agent); !program.empty()) return program;
    const auto args = entry.find("args");
    if (args != entry.end() && *args == Json::array({"hook", agent}) && is_cmdai(line)) return line;
  }
  return {};
}

Json hook_entry(std::string_view agent, std::string_view event, std::string_view program) {
  const std::string line = closed_command(program, agent);
  const std::string matcher(matcher_of(agent));
  if (agent == "claude-code")
    return {{"matcher", matcher},
            {"hooks", Json::array({{{"type", "command"},
                                    {"command", program},
                                    {"args", Json::array({"hook", agent})},
                                    {"timeout", 5},
                                    {"onFailure", "block"}}})}};
  if (agent == "codex")
    return {{"matcher", matcher},
            {"hooks", Json::array({{{"type", "command"}, {"command", line}, {"timeout", kSeconds}}})}};
  if (agent == "gemini")
    return {
        {"matcher", matcher},
        {"hooks",
         Json::array(
             {{{"name", "cmdai"}, {"type", "command"}, {"command", line}, {"timeout", kSeconds * 1000}}})}};
  // An unknown key makes Copilot leave the whole file unread, without a word.
  if (agent == "copilot")
    return {{"type", "command"}, {"matcher", matcher}, {"bash", line}, {"timeoutSec", kSeconds}};
  if (agent == "cursor") {
    Json out = {{"command", fmt::format("{} hook cursor", shell_word(program))},
                {"timeout", 5},
                {"failClosed", true}};
    if (event == "preToolUse") out["matcher"] = matcher;  // commands have an event of their own
    return out;
  }
  return {{"command", line}, {"show_output", true}};
}

}  // namespace cmdai::agents
