#include "libcore/effects/path_class.hpp"

#include <algorithm>
#include <vector>

namespace cmdai::effects {
namespace {

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) out.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return out;
}

bool contains(const std::vector<std::string_view>& parts, std::string_view name) {
  return std::find(parts.begin(), parts.end(), name) != parts.end();
}

template <size_t N>
bool any_of(const std::string_view (&names)[N], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool below(std::string_view path, std::string_view directory) {
  return !directory.empty() && path.starts_with(directory) &&
         (path.size() == directory.size() || path[directory.size()] == '/' || directory == "/");
}

/// Everything in a directory: the directory's own class, when only a glob follows.
bool is_wildcard(std::string_view name) {
  return !name.empty() && name.find_first_not_of("*?.[]!-") == std::string_view::npos &&
         name.find('*') != std::string_view::npos;
}

constexpr std::string_view kSystem[] = {
    "bin",     "boot",       "etc",          "lib",     "lib32",   "lib64", "libx32", "opt",
    "proc",    "root",       "run",          "sbin",    "srv",     "sys",   "usr",    "var",
    "System",  "Library",    "Applications", "private", "Volumes", "cores", "snap",   "nix",
    "vmlinuz", "initrd.img", "lost+found",   "efi",     "dev"};
/// Directories a normal user keeps work in although they are below a system one.
constexpr std::string_view kWork[] = {"/usr/local/src", "/srv/",      "/opt/",       "/var/www/", "/usr/src/",
                                      "/var/tmp/",      "/run/user/", "/var/cache/", "/var/log/"};
constexpr std::string_view kBuild[] = {"node_modules",
                                       "build",
                                       "dist",
                                       "target",
                                       "__pycache__",
                                       ".cache",
                                       ".pytest_cache",
                                       ".mypy_cache",
                                       ".tox",
                                       ".venv",
                                       "venv",
                                       ".next",
                                       ".nuxt",
                                       "coverage",
                                       ".gradle",
                                       "CMakeFiles",
                                       "cmake-build-debug",
                                       "cmake-build-release",
                                       ".parcel-cache",
                                       ".turbo",
                                       ".eggs",
                                       "htmlcov",
                                       ".ruff_cache",
                                       "DerivedData",
                                       ".terraform",
                                       "bower_components",
                                       ".nyc_output",
                                       ".sass-cache",
                                       ".angular",
                                       ".svelte-kit",
                                       "zig-out",
                                       "zig-cache",
                                       "_build",
                                       "obj",
                                       "out",
                                       "tmp",
                                       "logs",
                                       "log",
                                       ".bundle",
                                       "elm-stuff",
                                       "storybook-static",
                                       "_cacache",
                                       "_npx",
                                       "Caches"};
constexpr std::string_view kBuildEndings[] = {".o",   ".pyc",   ".pyo",  ".class",    ".log", ".tmp",
                                              ".swp", ".bak",   "~",     ".egg-info", ".obj", ".lock",
                                              ".pid", ".cache", ".orig", ".rej"};
constexpr std::string_view kNullDevices[] = {"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/stdin",
                                             "/dev/tty",  "/dev/zero",   "/dev/random", "/dev/urandom",
                                             "/dev/full", "/dev/ptmx",   "/dev/console"};
constexpr std::string_view kStartup[] = {
    ".bashrc",   ".bash_profile", ".bash_login", ".bash_logout", ".bash_aliases", ".profile", ".zshrc",
    ".zshenv",   ".zprofile",     ".zlogin",     ".zlogout",     ".inputrc",      ".xinitrc", ".xprofile",
    ".xsession", ".login",        ".cshrc",      ".tcshrc",      ".kshrc"};
constexpr std::string_view kAgent[] = {".claude",  ".codex",    ".gemini",   ".cursor",
                                       ".copilot", ".opencode", ".windsurf", ".codeium"};
constexpr std::string_view kSecretNames[] = {
    ".env",        ".netrc",           ".pgpass",      ".git-credentials", ".npmrc",           ".pypirc",
    "id_rsa",      "id_dsa",           "id_ecdsa",     "id_ed25519",       "credentials.json", ".vault-token",
    ".htpasswd",   "shadow",           "gshadow",      "master.key",       "kubeconfig",       ".my.cnf",
    "secrets.yml", "secrets.yaml",     "secrets.json", "Login Data",       "Cookies",          "logins.json",
    "key4.db",     "wallet.dat",       ".boto",        ".s3cfg",           ".dockercfg",       "sudoers",
    "krb5.keytab", "terraform.tfstate"};
constexpr std::string_view kSecretFolders[] = {"/.ssh/",
                                               "/.aws/",
                                               "/.gnupg/",
                                               "/.azure/",
                                               "/.config/gcloud/",
                                               "/.kube/config",
                                               "/.docker/config.json",
                                               "/.config/gh/hosts.yml",
                                               "/Library/Keychains/",
                                               "/.password-store/",
                                               "/.local/share/keyrings/",
                                               "/.terraform.d/credentials",
                                               "/var/run/secrets/",
                                               "/run/secrets/",
                                               "/etc/ssl/private/",
                                               "/.config/op/",
                                               "/.mozilla/firefox/",
                                               "/.config/google-chrome/"};

bool is_secret(std::string_view path, std::string_view name) {
  const bool public_part = name.ends_with(".pub") || name == "known_hosts" || name == "config" ||
                           name == "authorized_keys" || name.ends_with(".example") ||
                           name.ends_with(".sample") || name.ends_with(".template");
  if (public_part && path.find("/.kube/") == std::string_view::npos &&
      path.find("/.aws/") == std::string_view::npos)
    return false;
  if (any_of(kSecretNames, name) || (name.starts_with(".env.")) ||
      (name.ends_with(".pem") && name.find("key") != std::string_view::npos) || name.ends_with(".key") ||
      name.ends_with(".p12") || name.ends_with(".pfx") || name.ends_with(".keystore") ||
      name.ends_with(".kdbx"))
    return true;
  for (std::string_view folder : kSecretFolders) {
    if (path.find(folder) != std::string_view::npos) return true;
    if (folder.ends_with('/') && path.ends_with(folder.substr(0, folder.size() - 1))) return true;
  }
  return path.starts_with("/proc/") && (name == "environ" || name == "mem");
}

bool is_startup(std::string_view path, std::string_view name) {
  if (any_of(kStartup, name)) return true;
  return below(path, "/etc/profile.d") || path == "/etc/profile" || path == "/etc/bash.bashrc" ||
         path == "/etc/environment" || below(path, "/etc/zsh") || path == "/etc/zshenv" ||
         path.ends_with("/fish/config.fish") || path.find("/fish/conf.d/") != std::string_view::npos ||
         path.find("/.config/autostart/") != std::string_view::npos;
}

bool is_cmdai(std::string_view path, std::string_view name) {
  return path.find("/.config/cmdai") != std::string_view::npos ||
                 path.find("/.local/state/cmdai") != std::string_view::npos ||
                 path.find("/cmdai/rules") != std::string_view::npos ||
                 path.find("/run/user/") != std::string_view::npos
             ? path.find("cmdai") != std::string_view::npos
             : name == "cmdaid" || name == "cmdaid.sock" || path.starts_with("/etc/cmdai") ||
                   path.find("/share/cmdai/") != std::string_view::npos;
}

bool is_build_name(std::string_view name) {
  if (any_of(kBuild, name)) return true;
  return std::any_of(std::begin(kBuildEndings), std::end(kBuildEndings),
                     [name](std::string_view e) { return name.ends_with(e); });
}

bool is_block_device(std::string_view path) {
  if (!path.starts_with("/dev/")) return false;
  const std::string_view name = path.substr(5);
  for (std::string_view prefix :
       {"sd",      "hd", "vd",  "xvd", "nvme", "mmcblk", "disk", "rdisk", "loop", "md", "dm-",
        "mapper/", "sr", "ram", "nbd", "mem",  "kmem",   "port", "sg",    "zd",   "mtd"})
    if (name.starts_with(prefix)) return true;
  return false;
}

/// Classes that follow from the path alone, wherever it is.
PathClass by_name(std::string_view path, const std::vector<std::string_view>& parts) {
  const std::string_view name = parts.back();
  for (std::string_view null : kNullDevices)
    if (path == null) return PathClass::null_device;
  if (path.starts_with("/dev/fd/") || path.starts_with("/dev/pts/") || path.starts_with("/dev/shm/") ||
      path.starts_with("/dev/tcp/") || path.starts_with("/dev/udp/"))
    return path.starts_with("/dev/shm/") ? PathClass::temp : PathClass::null_device;
  if (is_block_device(path)) return PathClass::device;
  if (is_cmdai(path, name)) return PathClass::cmdai_own;
  if (contains(parts, ".git") || name == ".hg" || name == ".svn") return PathClass::vcs_metadata;
  for (std::string_view agent : kAgent)
    if (contains(parts, agent)) return PathClass::agent_config;
  if (is_secret(path, name)) return PathClass::secret;
  if (is_startup(path, name)) return PathClass::shell_startup;
  return PathClass::none;
}

PathClass in_home(const std::vector<std::string_view>& parts, size_t home_depth) {
  const size_t deep = parts.size() - home_depth;
  if (deep == 0) return PathClass::home;
  if (deep == 1 && is_wildcard(parts.back())) return PathClass::home;
  if (parts[home_depth] == ".cache" || parts[home_depth] == ".local"
          ? parts[home_depth] == ".cache" && deep > 1
          : false)
    return PathClass::build;
  if (is_build_name(parts.back()))
    return deep == 1 && (parts.back() == ".cache" || parts.back() == "tmp") ? PathClass::build
           : deep == 1                                                      ? PathClass::home_child
                                                                            : PathClass::build;
  for (size_t i = home_depth; i < parts.size(); ++i)
    if (any_of(kBuild, parts[i]) && i > home_depth) return PathClass::build;
  if (deep == 1) return PathClass::home_child;
  if (deep == 2 && is_wildcard(parts.back())) return PathClass::home_child;
  return PathClass::other;
}

/// What package managers and servers fetch again.
bool is_system_cache(std::string_view path) {
  return path.starts_with("/var/cache/") || path.starts_with("/var/lib/apt/lists/") ||
         path.starts_with("/var/lib/dnf/") || path.starts_with("/var/lib/pacman/sync/");
}

bool is_temp(std::string_view path, const std::vector<std::string_view>& parts) {
  return parts[0] == "tmp" || below(path, "/var/tmp") || below(path, "/private/tmp") ||
         below(path, "/var/folders") || below(path, "/dev/shm");
}

/// A class for an absolute path.
PathClass absolute_class(std::string_view path, const Surroundings& around) {
  const std::vector<std::string_view> parts = components(path);
  if (parts.empty() || (parts.size() == 1 && is_wildcard(parts[0]))) return PathClass::root;
  if (const PathClass special = by_name(path, parts); special != PathClass::none) return special;
  const std::vector<std::string_view> home = components(around.home);
  const bool under_home = !home.empty() && below(path, around.home);
  // A home may lie in a temporary place (containers, tests): it is a home all the same.
  const bool own_home = under_home && home.size() > 1;
  if (!own_home && is_temp(path, parts)) return PathClass::temp;
  const std::string cwd = around.cwd;
  const bool in_cwd =
      !cwd.empty() && cwd != around.home && below(path, cwd) && cwd != "/" && components(cwd).size() > 1;
  if (in_cwd) {
    if (path.size() == cwd.size()) return PathClass::project_root;
    const std::string_view rest = path.substr(cwd.size() + 1);
    if (is_wildcard(rest)) return PathClass::project_root;
    const std::vector<std::string_view> inner = components(rest);
    for (std::string_view p : inner)
      if (is_build_name(p)) return PathClass::build;
    const bool system = any_of(kSystem, parts[0]) && !under_home;
    if (!system) return PathClass::project;
  }
  if (!cwd.empty() && cwd != "/" && below(cwd, path) && (under_home ? parts.size() > home.size() : false))
    return PathClass::project_root;
  if (under_home) return in_home(parts, home.size());
  if (parts[0] == "home" || parts[0] == "Users") {
    if (parts.size() <= 1 || (parts.size() == 2)) return PathClass::home;
    return in_home(parts, 2);
  }
  if (parts[0] == "root") return in_home(parts, 1);
  if (parts[0] == "mnt" || parts[0] == "media")
    return parts.size() <= 2                           ? PathClass::mount_point
           : parts.size() == 3 && parts[1].size() == 1 ? PathClass::root
                                                       : PathClass::other;
  if (is_system_cache(path)) return PathClass::build;
  for (std::string_view work : kWork)
    if (path.starts_with(work) && parts.size() > 1 && !is_wildcard(parts.back())) {
      return is_build_name(parts.back()) ? PathClass::build : PathClass::other;
    }
  if (any_of(kSystem, parts[0])) return PathClass::system;
  for (std::string_view p : parts)
    if (is_build_name(p)) return PathClass::build;
  return PathClass::other;  // a directory somebody made at the top: /data, /workspace, /app
}

PathClass relative_class(std::string_view path) {
  const std::vector<std::string_view> parts = components(path);
  if (parts.empty() || parts[0] == ".." || is_wildcard(path)) return PathClass::project_root;
  if (const PathClass special = by_name(path, parts); special != PathClass::none) return special;
  for (std::string_view p : parts)
    if (is_build_name(p)) return PathClass::build;
  return PathClass::project;
}

PathClass class_of(const std::string& path, const Surroundings& around) {
  return path.starts_with('/') ? absolute_class(path, around) : relative_class(path);
}

}  // namespace

std::string normalize(std::string_view path, std::string_view cwd) {
  std::string whole;
  if (!path.starts_with('/') && !cwd.empty()) whole = std::string(cwd) + '/';
  whole += path;
  const bool absolute = whole.starts_with('/');
  std::vector<std::string_view> kept;
  for (std::string_view part : components(whole)) {
    if (part == ".") continue;
    if (part == "..") {
      if (!kept.empty() && kept.back() != "..")
        kept.pop_back();
      else if (!absolute)
        kept.push_back(part);
      continue;
    }
    kept.push_back(part);
  }
  std::string out = absolute ? "/" : "";
  for (size_t i = 0; i < kept.size(); ++i) {
    if (i > 0) out += '/';
    out += kept[i];
  }
  return out.empty() ? "." : out;
}

namespace {

/// zsh: `/(N)` and `*(.)` are what stands before the parenthesis, with conditions.
std::string without_qualifiers(const resolve::Value& value) {
  std::string text = value.with_holes_empty();
  const size_t open = text.rfind('(');
  const bool qualified = open != std::string::npos && text.ends_with(')') && !value.pieces().empty() &&
                         value.pieces().back().active && !value.pieces().back().hole;
  if (qualified && open > 0) text.erase(open);
  return text;
}

/// "$TMPDIR/x": the variable is unknown, what it is for is not.
bool is_temp_variable(const resolve::Value& value) {
  const auto& pieces = value.pieces();
  if (pieces.size() < 2 || !pieces[0].hole || pieces[1].hole) return false;
  static constexpr std::string_view kNames[] = {
      "TMPDIR",  "TMP",      "TEMP",   "TEMPDIR",          "RUNNER_TEMP", "BATS_TMPDIR",
      "TMP_DIR", "TEMP_DIR", "tmpdir", "BATS_TEST_TMPDIR", "tmp_dir",     "temp_dir"};
  const std::string& rest = pieces[1].text;
  return any_of(kNames, pieces[0].text) && rest.size() > 1 && rest[0] == '/' &&
         rest.find("..") == std::string::npos &&
         std::string_view("*?[./").find(rest[1]) == std::string_view::npos;
}

}  // namespace

Target classify(const resolve::Value& value, const Surroundings& around) {
  Target target;
  target.glob = value.has_glob();
  target.exact = value.is_exact();
  const std::string text = without_qualifiers(value);
  if (target.exact) {
    std::string path = normalize(text, around.cwd);
    if (path == "." && around.cwd.empty())
      target.path_class = PathClass::project_root;
    else
      target.path_class = class_of(path, around);
    if (around.probe != nullptr && path.starts_with('/') && !target.glob) {
      if (const auto real = around.probe->real_path(path); real && *real != path) {
        const PathClass behind = class_of(*real, around);
        if (behind == PathClass::root || behind == PathClass::system || behind == PathClass::home ||
            behind == PathClass::device)
          target.path_class = behind;
      }
    }
    target.worst = target.path_class;
    target.text = text.empty() ? "" : path;
    if (text.empty()) target.path_class = target.worst = PathClass::none;
    return target;
  }
  target.text = value.display();
  if (is_temp_variable(value)) {
    target.path_class = target.worst = PathClass::temp;
    return target;
  }
  // A known directory with unknown names below it keeps the directory's class, one level deeper.
  const std::string prefix = value.prefix();
  const bool rooted = prefix.starts_with('/') && prefix.size() > 1;
  target.path_class = PathClass::unknown;
  if (rooted || (!prefix.empty() && prefix.find('/') != std::string::npos && !prefix.starts_with('/'))) {
    target.path_class =
        class_of(normalize(prefix + (prefix.ends_with('/') ? "x/x" : "x"), around.cwd), around);
  }
  target.worst = text.empty() ? PathClass::none : class_of(normalize(text, around.cwd), around);
  return target;
}

}  // namespace cmdai::effects
