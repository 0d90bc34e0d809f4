#include "libcore/effects/system_places.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/effects/build_names.hpp"
#include "libcore/effects/path_text.hpp"

namespace cmdai::effects {
namespace {

constexpr std::string_view kSystem[] = {
    "bin",     "boot",       "etc",          "lib",     "lib32",   "lib64", "libx32", "opt",
    "proc",    "root",       "run",          "sbin",    "srv",     "sys",   "usr",    "var",
    "System",  "Library",    "Applications", "private", "Volumes", "cores", "snap",   "nix",
    "vmlinuz", "initrd.img", "lost+found",   "efi",     "dev"};
/// In /etc: who may log in and become root, what is loaded into programs, what starts with the machine.
constexpr std::string_view kSecurity[] = {
    "passwd",       "group",       "shadow",      "gshadow",      "master.passwd", "subuid",
    "subgid",       "sudoers",     "sudoers.d",   "sudo.conf",    "doas.conf",     "pam.d",
    "pam.conf",     "security",    "ssh",         "polkit-1",     "dbus-1",        "systemd",
    "init.d",       "rc.d",        "rc.local",    "inittab",      "crontab",       "cron.d",
    "cron.hourly",  "cron.daily",  "cron.weekly", "cron.monthly", "ld.so.preload", "ld.so.conf",
    "ld.so.conf.d", "ld.so.cache", "login.defs",  "securetty",    "nsswitch.conf", "krb5.conf",
    "apparmor",     "apparmor.d",  "selinux",     "audit",        "fstab",         "crypttab",
    "nologin",      "udev",        "modprobe.d",  "hosts.allow",  "hosts.deny",    "shells"};
/// In /etc without a dot in the name, and nobody's own: they belong to the whole machine.
constexpr std::string_view kMachineConfig[] = {
    "hostname", "hosts",   "mtab",    "timezone",       "localtime", "machine-id", "issue",   "motd",
    "services", "network", "netplan", "NetworkManager", "protocols", "networks",   "exports", "adjtime",
    "kernel",   "rpc",     "aliases", "alternatives",   "grub",      "init",       "skel",    "environment"};
/// In /var: directories many programs share, each with its own below them.
constexpr std::string_view kShared[] = {"lib", "spool", "opt", "mail", "games", "backups"};
/// In /var, and nobody's own.
constexpr std::string_view kMachineState[] = {"cache", "log",   "run",     "lock", "tmp",  "db",
                                              "local", "crash", "account", "yp",   "empty"};
/// In /var/lib and /var/spool: packages, accounts, jobs, the init system.
constexpr std::string_view kMachineData[] = {
    "dpkg", "rpm",      "pacman",  "apt",      "dnf",     "yum", "apk",  "systemd", "AccountsService", "sudo",
    "pam",  "polkit-1", "selinux", "apparmor", "private", "ucf", "cron", "at",      "anacron"};
/// In /usr/local: directories many programs share, each with its own below them.
constexpr std::string_view kLocalShared[] = {"bin",   "sbin",    "lib",      "lib64",   "libexec", "etc",
                                             "share", "include", "var",      "opt",     "man",     "games",
                                             "src",   "Cellar",  "Caskroom", "Homebrew"};
/// Copies that were set aside, by editors, people and package managers.
constexpr std::string_view kSetAside[] = {".old", ".bak",    ".orig",    ".save",    ".backup", "~",
                                          ".swp", ".rpmnew", ".rpmsave", ".rpmorig", ".pacnew", ".pacsave"};
constexpr std::string_view kLocks[] = {".lock", ".lck", ".pid"};

/// syslog.1, x.log.2.gz, x-20260101: what logrotate left of a log.
bool is_rotated(std::string_view name) {
  for (std::string_view one : {".[0-9]", ".[1-9]", ".[0-9]*", ".[1-9]*"})
    if (name.ends_with(one)) return true;
  for (std::string_view packed : {".gz", ".xz", ".bz2", ".zst", ".old"})
    if (name.ends_with(packed)) return true;
  const size_t digits = name.find_last_not_of("0123456789");
  return digits != std::string_view::npos && digits + 1 < name.size() &&
         (name[digits] == '.' || (name[digits] == '-' && name.size() - digits > 8));
}

bool is_lock(std::string_view name) {
  return name == "lock" || name.starts_with("lock-") ||
         std::any_of(std::begin(kLocks), std::end(kLocks),
                     [name](std::string_view e) { return name.ends_with(e); });
}

bool is_set_aside(std::string_view name) {
  return name.find(".dpkg-") != std::string_view::npos || name.find(".ucf-") != std::string_view::npos ||
         std::any_of(std::begin(kSetAside), std::end(kSetAside),
                     [name](std::string_view e) { return name.ends_with(e); });
}

/// One site, package source or key among others, which people add and remove at will.
bool is_switched(const std::vector<std::string_view>& parts) {
  if (parts.size() < 4 || parts[0] != "etc") return false;
  if (parts[1] == "apt")
    return parts[2] == "sources.list.d" || parts[2] == "keyrings" || parts[2] == "trusted.gpg.d";
  const std::string_view folder = parts[2];
  const bool web = parts[1] == "nginx" || parts[1] == "apache2" || parts[1] == "httpd";
  return web && (folder.starts_with("sites-") || folder == "conf.d" || folder.ends_with("-enabled"));
}

PathClass in_etc(const std::vector<std::string_view>& parts) {
  if (parts.size() == 1) return PathClass::system;
  if (among(kSecurity, parts[1])) return PathClass::security;
  if (among(kMachineConfig, parts[1]) || is_wildcard(parts[1])) return PathClass::system;
  const bool one_file = parts.size() == 2 && parts[1].find('.') != std::string_view::npos;
  return one_file ? PathClass::system : PathClass::system_part;
}

PathClass in_var(const std::vector<std::string_view>& parts) {
  if (parts.size() == 1 || among(kMachineState, parts[1]) || is_wildcard(parts[1])) return PathClass::system;
  if (!among(kShared, parts[1])) return PathClass::system_part;
  const bool whole = parts.size() == 2 || is_wildcard(parts[2]);
  return whole || among(kMachineData, parts[2]) ? PathClass::system : PathClass::system_part;
}

}  // namespace

bool is_system_top(std::string_view name) { return among(kSystem, name); }

bool is_system_cache(std::string_view path) {
  return path.starts_with("/var/cache/") || path.starts_with("/var/lib/apt/lists/") ||
         path.starts_with("/var/lib/dnf/") || path.starts_with("/var/lib/pacman/sync/");
}

PathClass in_usr_local(const std::vector<std::string_view>& parts) {
  const size_t deep = parts.size() - 2;
  const bool shared = deep > 0 && among(kLocalShared, parts[2]);
  if (deep == 0 || (deep == 1 && (shared || parts[2].find_first_of("*?[") != std::string_view::npos)))
    return PathClass::system;
  if (deep == 2 && shared && is_wildcard(parts.back())) return PathClass::system;
  const bool valuable = std::any_of(parts.begin() + 2, parts.end(), [](std::string_view p) {
    return p == "data" || p == "db" || p == "var" || p == "etc" || p == "lib" || p == "lib64";
  });
  return valuable ? PathClass::other : PathClass::local;
}

PathClass in_var_log(const std::vector<std::string_view>& parts) {
  const std::string_view name = parts.back();
  if (parts.size() == 2 || (parts.size() == 3 && is_wildcard(name))) return PathClass::system;
  if (parts[2] == "journal" || parts[2] == "audit") return PathClass::log;
  if (parts.size() > 3) return is_build_name(name) ? PathClass::build : PathClass::other;
  const bool telling = name.starts_with("auth.log") || name.starts_with("secure") ||
                       name.starts_with("wtmp") || name.starts_with("btmp");
  return is_rotated(name) && !telling ? PathClass::build : PathClass::log;
}

PathClass in_system(const std::vector<std::string_view>& parts) {
  const std::string_view name = parts.back();
  const std::string_view top = parts[0];
  if ((top == "var" || top == "run" || top == "etc") && parts.size() > 2 && is_lock(name))
    return PathClass::build;
  if (parts.size() > 1 && is_set_aside(name)) return PathClass::other;
  const bool run = top == "run" || (top == "var" && parts.size() > 1 && parts[1] == "run");
  if (run) {
    const size_t depth = top == "run" ? 1 : 2;
    return parts.size() > depth && !is_wildcard(parts[depth]) && parts[depth] != "systemd"
               ? PathClass::other
               : PathClass::system;
  }
  if (is_switched(parts)) return PathClass::other;
  if (top == "etc") return in_etc(parts);
  if (top == "var") return in_var(parts);
  if (top == "usr" && parts.size() > 3 && parts[1] == "share" && !is_wildcard(parts[2]))
    return parts[2] == "keyrings" ? PathClass::other : PathClass::system_part;
  return PathClass::system;
}

}  // namespace cmdai::effects
