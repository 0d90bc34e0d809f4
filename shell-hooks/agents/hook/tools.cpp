#include "shell-hooks/agents/hook/tools.hpp"

#include <algorithm>
#include <iterator>

#include "libcore/base/text.hpp"

namespace cmdai::agents {
namespace {

constexpr Tool kTools[] = {
    {"claude-code", "bash", Way::shell},
    {"claude-code", "powershell", Way::powershell},
    {"claude-code", "monitor", Way::shell_maybe},
    {"claude-code", "write", Way::whole},
    {"claude-code", "edit", Way::part},
    {"claude-code", "multiedit", Way::part},
    {"claude-code", "notebookedit", Way::part},
    {"codex", "bash", Way::shell},
    {"codex", "shell", Way::shell},
    {"codex", "apply_patch", Way::patch},
    {"gemini", "run_shell_command", Way::shell},
    {"gemini", "write_file", Way::whole},
    {"gemini", "replace", Way::part},
    {"copilot", "bash", Way::shell},
    {"copilot", "powershell", Way::powershell},
    {"copilot", "create", Way::whole},
    {"copilot", "write", Way::whole},
    {"copilot", "edit", Way::part},
    {"copilot", "multiedit", Way::part},
    {"copilot", "apply_patch", Way::patch},
    {"opencode", "bash", Way::shell},
    {"opencode", "write", Way::whole},
    {"opencode", "edit", Way::part},
    {"opencode", "multiedit", Way::part},
    {"opencode", "patch", Way::patch},
    {"opencode", "apply_patch", Way::patch},
    {"cursor", "beforeshellexecution", Way::shell},
    {"cursor", "shell", Way::shell},
    {"cursor", "write", Way::whole},
    {"cursor", "delete", Way::whole},
    {"cursor", "edit", Way::part},
    {"cursor", "multiedit", Way::part},
    {"cursor", "strreplace", Way::part},
    {"cursor", "editnotebook", Way::part},
    {"windsurf", "pre_run_command", Way::shell},
    {"windsurf", "pre_write_code", Way::part},
};

}  // namespace

const Tool* find_tool(std::string_view agent, std::string_view name) {
  const std::string small = lower(name);
  const auto* found = std::find_if(std::begin(kTools), std::end(kTools),
                                   [&](const Tool& t) { return t.agent == agent && t.name == small; });
  return found == std::end(kTools) ? nullptr : found;
}

}  // namespace cmdai::agents
