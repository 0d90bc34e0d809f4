#include "libcore/effects/path_class.hpp"

#include <algorithm>
#include <cctype>
#include <span>
#include <vector>

#include "libcore/base/text.hpp"
#include "libcore/effects/build_names.hpp"
#include "libcore/effects/path_text.hpp"
#include "libcore/effects/secret_places.hpp"
#include "libcore/effects/system_places.hpp"

namespace cmdai::effects {
namespace {

/// Directories a normal user keeps work in although they are below a system one.
constexpr std::string_view kWork[] = {"/usr/local/src", "/srv/",      "/opt/",       "/var/www/", "/usr/src/",
                                      "/var/tmp/",      "/run/user/", "/var/cache/", "/var/log/"};
/// Below a home: what tools fetch or make again.
constexpr std::string_view kHomeCaches[] = {".cargo/registry",
                                            ".cargo/git",
                                            ".gradle/caches",
                                            ".gradle/daemon",
                                            ".gradle/wrapper",
                                            ".m2/repository",
                                            ".ivy2/cache",
                                            ".sbt/boot",
                                            ".vim/plugged",
                                            ".vim/bundle",
                                            ".npm",
                                            ".yarn/cache",
                                            ".yarn/berry/cache",
                                            ".pnpm-store",
                                            ".local/share/pnpm/store",
                                            ".bun/install/cache",
                                            ".nuget/packages",
                                            ".pub-cache",
                                            ".conda/pkgs",
                                            ".composer/cache",
                                            ".cocoapods/repos",
                                            ".node-gyp",
                                            ".terraform.d/plugin-cache",
                                            "go/pkg/mod",
                                            ".local/share/Trash",
                                            ".Trash",
                                            "Library/Caches"};
constexpr std::string_view kNullDevices[] = {"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/stdin",
                                             "/dev/tty",  "/dev/zero",   "/dev/random", "/dev/urandom",
                                             "/dev/full", "/dev/ptmx",   "/dev/console"};
constexpr std::string_view kStartup[] = {
    ".bashrc",   ".bash_profile", ".bash_login", ".bash_logout", ".bash_aliases", ".profile", ".zshrc",
    ".zshenv",   ".zprofile",     ".zlogin",     ".zlogout",     ".inputrc",      ".xinitrc", ".xprofile",
    ".xsession", ".login",        ".cshrc",      ".tcshrc",      ".kshrc"};
constexpr std::string_view kAgent[] = {".claude",  ".codex",    ".gemini",   ".cursor",
                                       ".copilot", ".opencode", ".windsurf", ".codeium"};
/// Below /etc: what an administrator holds the agents to.
constexpr std::string_view kAgentEtc[] = {"claude-code",    "codex",  "gemini-cli", "opencode",
                                          "github-copilot", "cursor", "windsurf"};
constexpr std::string_view kAgentFiles[] = {".claude.json", "opencode.json", "opencode.jsonc"};
/// Folders of agents that have no name of their own: .config/opencode, .github/hooks, /etc/codex.
bool is_agent_place(std::string_view path, const std::vector<std::string_view>& parts) {
  if (among(kAgentFiles, parts.back())) return true;
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i] == ".config" && (parts[i + 1] == "opencode" || parts[i + 1] == "github-copilot"))
      return true;
    if (parts[i] == ".github" && parts[i + 1] == "hooks") return true;
  }
  return parts.size() > 1 && path.starts_with("/etc/") && among(kAgentEtc, parts[1]);
}
bool is_startup(std::string_view path, std::string_view name) {
  if (among(kStartup, name)) return true;
  return below(path, "/etc/profile.d") || path == "/etc/profile" || path == "/etc/bash.bashrc" ||
         path == "/etc/bashrc" || path == "/etc/zshrc" || path == "/etc/zprofile" ||
         path == "/etc/environment" || below(path, "/etc/zsh") || path == "/etc/zshenv" ||
         path.ends_with("/fish/config.fish") || path.find("/fish/conf.d/") != std::string_view::npos ||
         path.find("/.config/autostart/") != std::string_view::npos;
}

/// Where an installation puts programs: bin/cmdai, libexec/cmdai/cmdai-hook, lib/cmdai/cmdai-bash.so; its
/// units.
bool is_cmdai_program(std::string_view path, std::string_view name) {
  const std::string_view folder = path.substr(0, path.size() - std::min(path.size(), name.size() + 1));
  if (name == "cmdai" && (folder.ends_with("/libexec") || folder.ends_with("/lib"))) return true;
  if (name.starts_with("org.cmdai."))
    return folder.ends_with("/LaunchAgents") || folder.ends_with("/LaunchDaemons");
  if (!name.starts_with("cmdai")) return false;
  for (const std::string_view place :
       {"/bin", "/sbin", "/libexec/cmdai", "/lib/cmdai", "/systemd/user", "/systemd/system"})
    if (folder.ends_with(place)) return true;
  return false;
}

bool is_cmdai(std::string_view path, std::string_view name) {
  if (is_cmdai_program(path, name)) return true;
  return path.find("/.config/cmdai") != std::string_view::npos ||
                 path.find("/.local/state/cmdai") != std::string_view::npos ||
                 path.find("/cmdai/rules") != std::string_view::npos ||
                 path.find("/run/user/") != std::string_view::npos
             ? path.find("cmdai") != std::string_view::npos
             : name == "cmdaid" || name == "cmdaid.sock" || path.starts_with("/etc/cmdai") ||
                   path.find("/share/cmdai/") != std::string_view::npos;
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

/// NAME.git/objects: a bare repository has no folder of its own for what git needs.
bool is_bare_repository_part(const std::vector<std::string_view>& parts) {
  static constexpr std::string_view kParts[] = {"objects", "refs", "HEAD", "packed-refs"};
  for (size_t i = 0; i + 1 < parts.size(); ++i)
    if (parts[i].size() > 4 && parts[i].ends_with(".git") && among(kParts, parts[i + 1])) return true;
  return false;
}

/// A class that every name of its list has, and that a pattern which fits one of them has too.
struct Guarded {
  std::span<const std::string_view> names;
  PathClass path_class;
  std::ptrdiff_t says;  ///< letters a pattern must say of the name
  bool last_only;       ///< the names are files
};
constexpr std::string_view kRepositories[] = {".git", ".hg", ".svn"};
constexpr std::string_view kKeyFolders[] = {".ssh", ".gnupg", ".aws"};
constexpr Guarded kGuarded[] = {{kRepositories, PathClass::vcs_metadata, 1, false},
                                {kKeyFolders, PathClass::secret, 2, true},
                                {kAgent, PathClass::agent_config, 2, false},
                                {kStartup, PathClass::shell_startup, 2, true}};

/// .g*t, ~/.bash*: patterns that fit a name which is kept apart. All such names begin with a dot, and so must
/// what fits them.
PathClass guarded_by_pattern(const std::vector<std::string_view>& parts) {
  for (size_t i = 0; i < parts.size(); ++i) {
    const std::string_view part = parts[i];
    if (!part.starts_with('.') || part.find_first_of("*?[") == std::string_view::npos) continue;
    const auto says =
        std::count_if(part.begin(), part.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
    for (const Guarded& g : kGuarded) {
      if (says < g.says || (g.last_only && i + 1 < parts.size())) continue;
      if (std::any_of(g.names.begin(), g.names.end(), [part](std::string_view n) { return fits(part, n); }))
        return g.path_class;
    }
  }
  return PathClass::none;
}

/// Classes that follow from the path alone, wherever it is.
PathClass by_name(std::string_view path, const std::vector<std::string_view>& parts,
                  const Surroundings& around) {
  const std::string_view name = parts.back();
  for (std::string_view null : kNullDevices)
    if (path == null) return PathClass::null_device;
  if (path.starts_with("/dev/shm/")) return PathClass::temp;
  // Terminals, sockets, sound: what is written there is gone at once, and nothing that stood there is lost.
  for (const std::string_view device : {"/dev/fd/", "/dev/pts/", "/dev/pty", "/dev/tty", "/dev/tcp/",
                                        "/dev/udp/", "/dev/dsp", "/dev/audio", "/dev/snd/"})
    if (path.starts_with(device)) return PathClass::null_device;
  if (is_block_device(path)) return PathClass::device;
  if (is_cmdai(path, name)) return PathClass::cmdai_own;
  // A lock that git left behind; no branch may be called so.
  if (contains(parts, ".git") && name.ends_with(".lock") && name != ".lock") return PathClass::build;
  if (contains(parts, ".git") || name == ".hg" || name == ".svn" || is_bare_repository_part(parts))
    return PathClass::vcs_metadata;
  for (std::string_view agent : kAgent)
    if (contains(parts, agent) && !logs_in(path)) return PathClass::agent_config;
  if (is_agent_place(path, parts) && !logs_in(path)) return PathClass::agent_config;
  if (is_etc_secret(path, parts, around)) return PathClass::secret;
  if (is_secret(path, name, around) && !is_fixture(parts)) return PathClass::secret;
  if (path.find_first_of("*?[") != std::string_view::npos)
    if (const PathClass guarded = guarded_by_pattern(parts); guarded != PathClass::none) return guarded;
  if (is_startup(path, name)) return PathClass::shell_startup;
  return PathClass::none;
}

/// The parts are those of one normalized path: from one of them on they are its text.
bool is_home_cache(const std::vector<std::string_view>& parts, size_t home_depth) {
  const char* begin = parts[home_depth].data();
  const char* end = parts.back().data() + parts.back().size();
  const std::string_view rest(begin, static_cast<size_t>(end - begin));
  return std::any_of(std::begin(kHomeCaches), std::end(kHomeCaches),
                     [rest](std::string_view cache) { return below(rest, cache); });
}

PathClass in_home(const std::vector<std::string_view>& parts, size_t home_depth) {
  const size_t deep = parts.size() - home_depth;
  if (deep == 0) return PathClass::home;
  if (deep == 1 && is_wildcard(parts.back())) return PathClass::home;
  if (is_home_cache(parts, home_depth)) return PathClass::build;
  if (parts[home_depth] == ".cache" || parts[home_depth] == ".local"
          ? parts[home_depth] == ".cache" && deep > 1
          : false)
    return PathClass::build;
  if (is_build_name(parts.back()))
    return deep == 1 && (parts.back() == ".cache" || parts.back() == "tmp") ? PathClass::build
           : deep == 1                                                      ? PathClass::home_child
                                                                            : PathClass::build;
  for (size_t i = home_depth; i < parts.size(); ++i)
    if (i > home_depth && is_build_folder(parts[i])) return PathClass::build;
  if (deep == 1) return PathClass::home_child;
  if (deep == 2 && is_wildcard(parts.back())) return PathClass::home_child;
  return PathClass::other;
}

bool is_temp(std::string_view path, const std::vector<std::string_view>& parts) {
  return parts[0] == "tmp" || below(path, "/var/tmp") || below(path, "/private/tmp") ||
         below(path, "/var/folders") || below(path, "/dev/shm");
}

/// A class for an absolute path that has none by its name, whoever asks from wherever.
PathClass by_place(std::string_view path, const std::vector<std::string_view>& parts,
                   const Surroundings& around) {
  if (!around.home.empty() && below(path, around.home)) return in_home(parts, components(around.home).size());
  if (parts[0] == "home" || parts[0] == "Users")
    return parts.size() <= 2 ? PathClass::home : in_home(parts, 2);
  if (parts[0] == "root") return in_home(parts, 1);
  if (parts[0] == "mnt" || parts[0] == "media")
    return parts.size() <= 2                           ? PathClass::mount_point
           : parts.size() == 3 && parts[1].size() == 1 ? PathClass::root
                                                       : PathClass::other;
  if (is_system_cache(path)) return PathClass::build;
  if (below(path, "/var/log")) return in_var_log(parts);
  if (below(path, "/usr/local") && !path.starts_with("/usr/local/src/")) return in_usr_local(parts);
  for (std::string_view work : kWork)
    if (path.starts_with(work) && parts.size() > 1 && !is_wildcard(parts.back()))
      return is_build_name(parts.back()) ? PathClass::build : PathClass::other;
  if (parts[0] == "private" && parts.size() > 1) return in_system({parts.begin() + 1, parts.end()});  // macOS
  if (is_system_top(parts[0])) return in_system(parts);
  for (std::string_view p : parts)
    if (is_build_name(p)) return PathClass::build;
  return PathClass::other;  // a directory somebody made at the top: /data, /workspace, /app
}

/// A class for a path in the directory one works in; none where that is not what makes it matter.
PathClass in_work(std::string_view path, const std::vector<std::string_view>& parts,
                  const Surroundings& around, bool under_home) {
  const std::string& cwd = around.cwd;
  const std::vector<std::string_view> here = components(cwd);
  if (here.size() < 2 || cwd == around.home || !below(path, cwd)) return PathClass::none;
  // Standing in a directory of the system does not make it a project.
  if (is_system(by_place(cwd, here, around))) return PathClass::none;
  if (path.size() == cwd.size()) return PathClass::project_root;
  const std::string_view rest = path.substr(cwd.size() + 1);
  if (is_wildcard(rest)) return PathClass::project_root;
  for (std::string_view p : components(rest))
    if (is_project_build_name(p)) return PathClass::build;
  return is_system_top(parts[0]) && !under_home ? PathClass::none : PathClass::project;
}

PathClass absolute_class(std::string_view path, const Surroundings& around) {
  const std::vector<std::string_view> parts = components(path);
  if (parts.empty() || (parts.size() == 1 && is_wildcard(parts[0]))) return PathClass::root;
  if (const PathClass special = by_name(path, parts, around); special != PathClass::none) return special;
  const std::vector<std::string_view> home = components(around.home);
  const bool under_home = !home.empty() && below(path, around.home);
  // A home may lie in a temporary place (containers, tests): it is a home all the same.
  if (!(under_home && home.size() > 1) && is_temp(path, parts)) return PathClass::temp;
  if (const PathClass work = in_work(path, parts, around, under_home); work != PathClass::none) return work;
  if (under_home && parts.size() > home.size() && around.cwd != "/" && below(around.cwd, path))
    return PathClass::project_root;
  return by_place(path, parts, around);
}

PathClass relative_class(std::string_view path, const Surroundings& around) {
  const std::vector<std::string_view> parts = components(path);
  if (parts.empty() || parts[0] == ".." || is_wildcard(path)) return PathClass::project_root;
  if (const PathClass special = by_name(path, parts, around); special != PathClass::none) return special;
  for (std::string_view p : parts)
    if (is_project_build_name(p)) return PathClass::build;
  return PathClass::project;
}

PathClass class_of(const std::string& path, const Surroundings& around) {
  return path.starts_with('/') ? absolute_class(path, around) : relative_class(path, around);
}

}  // namespace

bool is_rebuilt(std::string_view name) { return is_build_name(name); }

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

/// TMPDIR, WORK_TMP, tmp_dir: a name that says it is a temporary place.
bool names_temporary(std::string_view name) {
  while (!name.empty()) {
    const size_t end = std::min(name.find('_'), name.size());
    std::string word(name.substr(0, end));
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(c | 0x20); });
    if (word == "tmp" || word == "temp" || word == "tmpdir" || word == "tempdir") return true;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

/// "$TMPDIR/x": the variable is unknown, what it is for is not.
bool is_temp_variable(const resolve::Value& value) {
  const auto& pieces = value.pieces();
  if (pieces.size() < 2 || !pieces[0].hole || pieces[1].hole) return false;
  const std::string& rest = pieces[1].text;
  return names_temporary(pieces[0].text) && rest.size() > 1 && rest[0] == '/' &&
         rest.find("..") == std::string::npos &&
         std::string_view("*?[./").find(rest[1]) == std::string_view::npos;
}

/// Where the file system says a path leads. A home behind a link (/home -> /var/home) is the home all the
/// same.
std::optional<std::string> behind_links(const std::string& path, const Surroundings& around) {
  auto real = around.probe->real_path(path);
  if (!real || *real == path || around.home.size() < 2 || below(*real, around.home)) return real;
  const auto home = around.probe->real_path(around.home);
  if (home && below(*real, *home)) real = around.home + real->substr(home->size());
  return real;
}

/// `link/`, `link/*`: what is meant is what the link leads to, not the link.
std::string where_meant(const std::string& text, const std::string& path, bool glob,
                        const Surroundings& around) {
  const size_t slash = path.rfind('/');
  const bool inside = glob || text.ends_with('/') || text.ends_with("/.");
  const std::string folder = glob ? path.substr(0, slash) : path;
  if (!inside || folder.size() < 2 || folder.find_first_of("*?[") != std::string::npos) return path;
  const auto info = around.probe->lstat(folder);
  if (!info || info->kind != FileKind::symlink) return path;
  const auto real = behind_links(folder, around);
  if (!real) return path;
  return glob ? (*real == "/" ? "" : *real) + path.substr(slash) : *real;
}

}  // namespace

Target classify(const resolve::Value& value, const Surroundings& around) {
  Target target;
  target.glob = value.has_glob();
  target.exact = value.is_exact();
  const std::string text = without_qualifiers(value);
  if (target.exact) {
    std::string path = normalize(text, around.cwd);
    if (around.probe != nullptr && path.starts_with('/')) path = where_meant(text, path, target.glob, around);
    if (path == "." && around.cwd.empty())
      target.path_class = PathClass::project_root;
    else
      target.path_class = class_of(path, around);
    if (around.probe != nullptr && path.starts_with('/') && !target.glob) {
      if (const auto real = behind_links(path, around); real && *real != path) {
        const PathClass behind = class_of(*real, around);
        if (behind == PathClass::root || is_system(behind) || behind == PathClass::home ||
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
  target.worst = text.empty() ? PathClass::none : class_of(normalize(text, around.cwd), around);
  if (is_temp_variable(value)) {  // meant so; unset, "$TMPDIR/etc" is /etc all the same
    target.path_class = PathClass::temp;
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
  return target;
}

}  // namespace cmdai::effects
