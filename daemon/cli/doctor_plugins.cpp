#include "daemon/cli/doctor_plugins.hpp"

#include <fmt/format.h>

#include "daemon/cli/plugin_words.hpp"
#include "libcore/explain/explain.hpp"

namespace cmdai::cli {
namespace {

std::string in_words(const PluginSeen& p) {
  std::string out = fmt::format("plugin {} is {}", p.name, p.state);
  if (!p.version.empty()) out += fmt::format(": {}, {}", p.version, p.path);
  if (p.restarts != "0") out += fmt::format(", started anew {} times", p.restarts);
  if (!p.error.empty()) out += "; " + p.error;
  if (!p.gate.empty()) out += "; every command: " + p.gate;
  for (const std::string& line : p.health) out += "; " + line;
  return explain::printable(out);
}

}  // namespace

void look_at_plugins(const ipc::Frame& status,
                     const std::function<void(Finding, std::string, std::string)>& add) {
  if (const std::string* broken = status.find("managed_error"))
    add(Finding::bad,
        fmt::format(
            "the managed configuration is broken, {}: {}",
            managed_files(status).empty() ? "nothing of it is in force" : "what was read last is in force",
            explain::printable(broken->substr(0, broken->find('\n')))),
        "mend it, then: cmdai reload");
  const std::vector<std::string> files = managed_files(status);
  if (files.empty()) return;
  const bool own = status.find("managed_own") != nullptr;
  add(own ? Finding::note : Finding::good,
      fmt::format("managed by {}{}", explain::printable(fmt::format("{}", fmt::join(files, ", "))),
                  own ? ": your own file (level L1, you can change it)" : ""),
      "");
  add(Finding::note, "level of assurance " + assurance_line(status), "");
  for (const PluginSeen& p : plugins_of(status))
    add(!p.gate.empty()         ? Finding::bad
        : p.well()              ? Finding::good
        : p.state == "degraded" ? Finding::note
                                : Finding::bad,
        in_words(p),
        p.well() ? "" : "its log lines are in ~/.local/state/cmdai/cmdaid.log; `cmdai log` has the events");
}

}  // namespace cmdai::cli
