#include "libcore/commands/catalogue.hpp"

#include <algorithm>
#include <unordered_map>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

using Index = std::unordered_map<std::string_view, const CommandSpec*>;

/// * ? [set] against a name, iteratively.
bool fits(std::string_view pattern, std::string_view name) {
  size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
  while (n < name.size()) {
    const size_t close =
        p < pattern.size() && pattern[p] == '[' ? pattern.find(']', p + 2) : std::string_view::npos;
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
    } else if (close != std::string_view::npos &&
               pattern.substr(p + 1, close - p - 1).find(name[n]) != std::string_view::npos) {
      p = close + 1;
      ++n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Index build() {
  Index index;
  for (const std::span<const CommandSpec> family :
       {file_commands(),        privilege_commands(),      elsewhere_commands(),
        permission_commands(),  archive_commands(),        socket_commands(),
        transfer_commands(),    account_commands(),        machine_commands(),
        key_commands(),         macos_commands(),          disk_commands(),
        text_commands(),        find_commands(),           fd_commands(),
        xargs_commands(),       line_filter_commands(),    wrapper_commands(),
        shell_commands(),       interpreter_commands(),    git_commands(),
        network_commands(),     make_commands(),           package_commands(),
        container_commands(),   infrastructure_commands(), system_commands(),
        database_commands(),    directive_commands(),      file_system_commands(),
        service_commands(),     reader_commands(),         remote_shell_commands(),
        cluster_commands(),     httpie_commands(),         launcher_commands(),
        sender_commands(),      forge_commands(),          zsh_commands(),
        fish_commands(),        multiplexer_commands(),    editor_commands(),
        environment_commands(), batch_commands(),          agent_commands()}) {
    for (const CommandSpec& spec : family) {
      std::string_view names = spec.names;
      while (!names.empty()) {
        const size_t blank = std::min(names.find(' '), names.size());
        index.emplace(names.substr(0, blank), &spec);
        names.remove_prefix(std::min(blank + 1, names.size()));
      }
    }
  }
  return index;
}

const Index& all_names() {
  static const Index index = build();
  return index;
}

}  // namespace

std::vector<std::string_view> matching_commands(std::string_view pattern, size_t limit) {
  std::vector<std::string_view> out;
  for (const auto& [name, spec] : all_names())
    if (spec->effects != nullptr && fits(pattern, name)) out.push_back(name);
  std::sort(out.begin(), out.end());
  if (out.size() > limit) out.resize(limit);
  return out;
}

const CommandSpec* find_command(std::string_view program) {
  const Index& index = all_names();
  if (const auto it = index.find(program); it != index.end()) return it->second;
  // python3.11, perl5.36, node20, mkfs.ext4
  const size_t stem = program.find_first_of("0123456789.-");
  if (stem == 0 || stem == std::string_view::npos) return nullptr;
  const bool versioned = program.find_first_not_of("0123456789.-", stem) == std::string_view::npos;
  if (!versioned && !program.starts_with("mkfs.")) return nullptr;
  const auto it = index.find(program.substr(0, stem));
  return it == index.end() ? nullptr : it->second;
}

bool is_base_program(std::string_view program) {
  // What every system has and no family here reads: login(1), agetty(8), ld.so(8), the daemons of the base.
  static constexpr std::string_view kUnread[] = {
      "login",       "agetty",  "getty", "sulogin", "nologin",  "systemd",        "systemd-run",
      "dbus-daemon", "sshd",    "cron",  "crond",   "atd",      "udevadm",        "ldconfig",
      "ldd",         "polkitd", "init",  "false",   "openrc",   "rsyslogd",       "auditd",
      "unix_chkpwd", "visudo",  "vipw",  "lsof",    "dhclient", "wpa_supplicant", "resolvconf",
      "ld.so"};
  if (among(kUnread, program)) return true;
  const CommandSpec* spec = find_command(program);
  if (spec == nullptr) return false;
  for (const std::span<const CommandSpec> family :
       {file_commands(),        permission_commands(), archive_commands(),     disk_commands(),
        file_system_commands(), text_commands(),       line_filter_commands(), find_commands(),
        xargs_commands(),       wrapper_commands(),    privilege_commands(),   shell_commands(),
        interpreter_commands(), git_commands(),        network_commands(),     socket_commands(),
        elsewhere_commands(),   package_commands(),    make_commands(),        system_commands(),
        account_commands(),     machine_commands(),    key_commands(),         reader_commands()})
    if (std::any_of(family.begin(), family.end(), [spec](const CommandSpec& s) { return &s == spec; }))
      return true;
  return false;
}

}  // namespace cmdai::commands
