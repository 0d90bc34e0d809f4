#include "daemon/cli/doctor_start.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "daemon/cli/hook_scripts.hpp"
#include "daemon/host/files.hpp"

namespace cmdai::cli {
namespace {

using Kind = StartFinding::Kind;

bool installed(std::string_view shell) {
  for (const char* folder : {"/bin/", "/usr/bin/", "/usr/local/bin/"})
    if (access((folder + std::string(shell)).c_str(), X_OK) == 0) return true;
  return false;
}

std::string folder_from(const char* variable, const std::string& otherwise) {
  const char* value = std::getenv(variable);
  return value != nullptr && value[0] == '/' ? value : otherwise;
}

/// The file a line `. FILE` or `source FILE` names; empty for other lines.
std::string sourced_by(std::string_view line, const std::string& home) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  for (const std::string_view word : {". ", "source "}) {
    if (!line.starts_with(word)) continue;
    std::string path(line.substr(word.size()));
    std::erase_if(path, [](char c) { return c == '"' || c == '\''; });
    path.resize(path.find_last_not_of(" \t") + 1);
    for (const std::string_view start : {"~/", "$HOME/", "${HOME}/"})
      if (path.starts_with(start)) return home + '/' + path.substr(start.size());
    return path;
  }
  return {};
}

/// The text of a snippet in a file, or in one that it sources.
std::optional<std::string> snippet_in(const std::string& file, std::string_view shell,
                                      const std::string& home, bool follow) {
  const Result<std::string> text = host::read_file(file);
  if (!text) return std::nullopt;
  if (text->find(fmt::format("cmdai init --non-interactive {}`", shell)) != std::string::npos) return *text;
  std::string_view rest = *text;
  while (follow && !rest.empty()) {
    const std::string path = sourced_by(rest.substr(0, rest.find('\n')), home);
    if (!path.empty())
      if (auto found = snippet_in(path, shell, home, false)) return found;
    rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
  }
  return std::nullopt;
}

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".fish") out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> places(std::string_view shell, const std::string& home) {
  if (shell == "bash") return {folder_from("BASH_ENV", "")};
  if (shell == "zsh") return {"/etc/zsh/zshenv", "/etc/zshenv", folder_from("ZDOTDIR", home) + "/.zshenv"};
  std::vector<std::string> out = files_in("/etc/fish/conf.d");
  for (std::string& file : files_in(folder_from("XDG_CONFIG_HOME", home + "/.config") + "/fish/conf.d"))
    out.push_back(std::move(file));
  return out;
}

std::string mend(std::string_view shell) {
  if (shell == "fish")
    return "to guard them: cmdai init --non-interactive fish > ~/.config/fish/conf.d/cmdai.fish";
  return fmt::format("to guard them: cmdai init --non-interactive {0} > ~/.config/cmdai/env.{0}; then {1}",
                     shell,
                     shell == "bash" ? "export BASH_ENV=~/.config/cmdai/env.bash"
                                     : "`. ~/.config/cmdai/env.zsh` as the first line of ~/.zshenv");
}

StartFinding look_at(std::string_view shell, const std::string& home) {
  for (const std::string& file : places(shell, home)) {
    const auto text = snippet_in(file, shell, home, true);
    if (!text) continue;
    if (text->find(hook_client_path()) != std::string::npos)
      return {Kind::guarded, fmt::format("scripts and `-c` of {} are guarded from {}", shell, file), {}};
    return {Kind::stale,
            fmt::format("{} guards scripts and `-c` of {} with another cmdai than this", file, shell),
            fmt::format("print it again: cmdai init --non-interactive {}", shell)};
  }
  return {Kind::none, fmt::format("scripts and `-c` of {} are not guarded", shell), mend(shell)};
}

}  // namespace

std::vector<StartFinding> look_at_starts(const std::string& home) {
  std::vector<StartFinding> out;
  for (const std::string_view shell : {"bash", "zsh", "fish"})
    if (installed(shell)) out.push_back(look_at(shell, home));
  return out;
}

}  // namespace cmdai::cli
