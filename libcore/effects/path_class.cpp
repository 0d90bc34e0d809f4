#include "libcore/effects/path_class.hpp"

#include <algorithm>
#include <cctype>
#include <span>
#include <vector>

#include "libcore/base/wildcard.hpp"

namespace cmdai::effects {
namespace {

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> out;
  out.reserve(8);
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
/// What tools make anew; most of them stand in the .gitignore templates of github.com/github/gitignore.
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
                                       "Caches",
                                       "_site",
                                       ".vercel",
                                       ".netlify",
                                       ".serverless",
                                       ".aws-sam",
                                       "cdk.out",
                                       ".dart_tool",
                                       ".expo",
                                       ".pnpm-store",
                                       "Pods",
                                       ".docusaurus",
                                       ".astro",
                                       ".output",
                                       ".vite",
                                       ".webpack",
                                       ".ipynb_checkpoints",
                                       ".hypothesis",
                                       ".nox",
                                       "test-results",
                                       "playwright-report",
                                       "env",
                                       "virtualenv",
                                       ".virtualenv",
                                       "wheelhouse",
                                       "artifacts",
                                       "temp",
                                       ".tmp",
                                       ".temp",
                                       "cache",
                                       ".ccls-cache",
                                       "vendor",
                                       ".stack-work",
                                       "dist-newstyle",
                                       ".cabal-sandbox",
                                       ".cpcache",
                                       ".metals",
                                       ".bloop",
                                       ".pub-cache",
                                       ".vs",
                                       "xcuserdata",
                                       ".swiftpm",
                                       ".cxx",
                                       ".externalNativeBuild",
                                       "_deps",
                                       "jspm_packages",
                                       ".jekyll-cache",
                                       ".quarto",
                                       ".pdm-build",
                                       "__pypackages__",
                                       ".pants.d"};
/// build-linux, dist-electron, bazel-out; release-build, site_dist.
constexpr std::string_view kBuildBeginnings[] = {"build-", "build_", "cmake-build-",
                                                 "dist-",  "dist_",  "bazel-"};
constexpr std::string_view kBuildEndings[] = {
    ".o",    ".pyc", ".pyo",   ".class", ".log", ".tmp",   ".swp",   ".bak",  "~",     ".egg-info", ".obj",
    ".lock", ".pid", ".cache", ".orig",  ".rej", "-build", "_build", "-dist", "_dist", "-cache"};
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
    ".env",         ".netrc",     ".pgpass",    ".git-credentials", ".npmrc",           ".pypirc",
    "id_rsa",       "id_dsa",     "id_ecdsa",   "id_ed25519",       "credentials.json", ".vault-token",
    ".htpasswd",    "master.key", "kubeconfig", ".my.cnf",          "secrets.yml",      "secrets.yaml",
    "secrets.json", "Login Data", "Cookies",    "logins.json",      "key4.db",          "wallet.dat",
    ".boto",        ".s3cfg",     ".dockercfg", "terraform.tfstate"};
/// Ordinary words that name a secret only in /etc; copies of them there begin alike (shadow-, sudoers.bak).
constexpr std::string_view kEtcSecrets[] = {"shadow", "gshadow", "sudoers", "master.passwd", "krb5.keytab"};
/// Key files among the tests of a project are made for them and open nothing.
constexpr std::string_view kFixtures[] = {"fixtures",  "fixture", "__fixtures__", "testdata",  "test-data",
                                          "test_data", "test",    "tests",        "__tests__", "spec"};
constexpr std::string_view kHiddenSecretFolders[] = {"/.ssh/",
                                                     "/.aws/",
                                                     "/.gnupg/",
                                                     "/.azure/",
                                                     "/.config/gcloud/",
                                                     "/.kube/config",
                                                     "/.docker/config.json",
                                                     "/.config/gh/hosts.yml",
                                                     "/.password-store/",
                                                     "/.local/share/keyrings/",
                                                     "/.terraform.d/credentials",
                                                     "/.config/op/",
                                                     "/.mozilla/firefox/",
                                                     "/.config/google-chrome/"};
constexpr std::string_view kSecretFolders[] = {"/Library/Keychains/", "/var/run/secrets/", "/run/secrets/",
                                               "/etc/ssl/private/"};

/// Where tools keep what they log in with.
constexpr std::string_view kSecretFiles[] = {"/.cargo/credentials",
                                             "/.cargo/credentials.toml",
                                             "/.config/git/credentials",
                                             "/.gem/credentials",
                                             "/.config/rclone/rclone.conf",
                                             "/.composer/auth.json",
                                             "/.config/composer/auth.json",
                                             "/.config/hub",
                                             "/.config/doctl/config.yaml",
                                             "/.fly/config.yml",
                                             "/.oci/config",
                                             "/.huggingface/token",
                                             "/.cache/huggingface/token",
                                             "/.kaggle/kaggle.json",
                                             "/.claude/.credentials.json",
                                             "/.codex/auth.json",
                                             "/.config/Bitwarden/data.json",
                                             "/.m2/settings-security.xml"};
/// Made to be shared, or for tests.
constexpr std::string_view kPlainSettings[] = {".env.test", ".env.ci",      ".env.dist", ".env.defaults",
                                               ".env.tpl",  ".env.default", ".env.tmpl", ".env.schema"};
/// Keys that people and tools put in the same place everywhere: what a pattern may be meant for.
struct Key {
  enum Place : uint8_t { home, here, root } place;
  std::string_view path;
};
constexpr Key kKeys[] = {{Key::home, "/.ssh/id_rsa"},
                         {Key::home, "/.ssh/id_ed25519"},
                         {Key::home, "/.ssh/id_ecdsa"},
                         {Key::home, "/.aws/credentials"},
                         {Key::home, "/.git-credentials"},
                         {Key::home, "/.netrc"},
                         {Key::here, "/.env"},
                         {Key::root, "/etc/shadow"},
                         {Key::root, "/etc/gshadow"},
                         {Key::root, "/root/.ssh/id_rsa"}};

/// A component against a pattern, where a set counts as any character; a dot in front has to be said.
bool fits(std::string_view pattern, std::string_view name) {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  std::string simple;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const size_t close = pattern[i] == '[' ? pattern.find(']', i + 2) : std::string_view::npos;
    simple += close == std::string_view::npos ? pattern[i] : '?';
    if (close != std::string_view::npos) i = close;
  }
  return wildcard_match(simple, name);
}

/// /etc/shadow, of this system or of one mounted somewhere; not a file of that name in somebody's work.
bool is_etc_secret(std::string_view path, const std::vector<std::string_view>& parts,
                   const Surroundings& around) {
  const auto etc = std::find(parts.begin(), parts.end(), "etc");
  if (!path.starts_with('/') || etc == parts.end() || etc + 1 == parts.end()) return false;
  const bool mounted = parts[0] == "etc" || parts[0] == "mnt" || parts[0] == "media" || parts[0] == "host" ||
                       parts[0] == "hostfs" || parts[0] == "rootfs" || parts[0] == "proc";
  const bool work = below(path, around.home) || (around.cwd != "/" && below(path, around.cwd));
  if (work && !mounted) return false;
  return std::any_of(std::begin(kEtcSecrets), std::end(kEtcSecrets), [&](std::string_view known) {
    if (!etc[1].starts_with(known)) return false;
    const std::string_view rest = etc[1].substr(known.size());
    return rest.empty() || rest == "-" || rest[0] == '.' || rest[0] == '~';
  });
}

bool is_key_name(std::string_view name) {
  return name.starts_with("id_") || name.ends_with(".pem") || name.ends_with(".key") ||
         name.ends_with(".p12") || name.ends_with(".pfx") || name.ends_with(".keystore") ||
         name.ends_with(".kdbx");
}

/// The name of a home is no folder of tests, and what is hidden (.ssh) was not made for any.
bool is_fixture(const std::vector<std::string_view>& parts) {
  if (!is_key_name(parts.back())) return false;
  const bool homes = parts[0] == "home" || parts[0] == "Users";
  bool among_tests = false;
  for (size_t i = homes ? 2 : 0; i + 1 < parts.size(); ++i) {
    if (parts[i].starts_with('.') && parts[i] != "..") return false;
    among_tests |= any_of(kFixtures, parts[i]);
  }
  return among_tests;
}

/// ~/.s*/id*, /etc/shado?: a pattern that says a part of the name of a key and matches it. `*` alone says
/// nothing.
bool matches_key(std::string_view path, const Surroundings& around) {
  const std::vector<std::string_view> parts = components(path);
  if (parts.empty()) return false;
  const auto says = std::count_if(parts.back().begin(), parts.back().end(),
                                  [](unsigned char c) { return std::isalnum(c) != 0; });
  constexpr std::ptrdiff_t kLeast = 2;
  if (says < kLeast) return false;
  return std::any_of(std::begin(kKeys), std::end(kKeys), [&](const Key& key) {
    const size_t slash = key.path.rfind('/');  // the last name first: it tells most keys apart
    if (slash + 1 < key.path.size() && !fits(parts.back(), key.path.substr(slash + 1))) return false;
    std::string whole;
    if (key.place == Key::home) whole = around.home;
    if (key.place == Key::here) whole = around.cwd;
    if (key.place != Key::root && whole.empty()) return false;
    whole += key.path;
    const std::vector<std::string_view> known = components(whole);
    return known.size() == parts.size() && std::equal(parts.begin(), parts.end(), known.begin(), fits);
  });
}

/// A path without `/.` lies in no hidden folder: most are done with here.
constexpr bool is_hidden(std::string_view path) { return path.find("/.") != std::string_view::npos; }
static_assert(std::all_of(std::begin(kSecretFiles), std::end(kSecretFiles), is_hidden));

/// What a tool logs in with, by where it keeps it.
bool logs_in(std::string_view path) {
  return is_hidden(path) && std::any_of(std::begin(kSecretFiles), std::end(kSecretFiles),
                                        [path](std::string_view file) { return path.ends_with(file); });
}

bool is_secret(std::string_view path, std::string_view name, const Surroundings& around) {
  const bool public_part = name.ends_with(".pub") || name == "known_hosts" || name == "config" ||
                           name == "authorized_keys" || name.ends_with(".example") ||
                           name.ends_with(".sample") || name.ends_with(".template") ||
                           any_of(kPlainSettings, name);
  if (public_part && path.find("/.kube/") == std::string_view::npos && !path.ends_with("/.oci/config"))
    return false;
  if (path.find_first_of("*?[") != std::string_view::npos && matches_key(path, around)) return true;
  if (any_of(kSecretNames, name) || (name.starts_with(".env.")) ||
      (name.ends_with(".pem") && name.find("key") != std::string_view::npos) || name.ends_with(".key") ||
      name.ends_with(".p12") || name.ends_with(".pfx") || name.ends_with(".keystore") ||
      name.ends_with(".kdbx"))
    return true;
  if (logs_in(path)) return true;
  const auto inside = [path](std::string_view folder) {
    if (path.find(folder) != std::string_view::npos) return true;
    return folder.ends_with('/') && path.ends_with(folder.substr(0, folder.size() - 1));
  };
  if (std::any_of(std::begin(kSecretFolders), std::end(kSecretFolders), inside)) return true;
  if (is_hidden(path) &&
      std::any_of(std::begin(kHiddenSecretFolders), std::end(kHiddenSecretFolders), inside))
    return true;
  return path.starts_with("/proc/") && (name == "environ" || name == "mem");
}

bool is_startup(std::string_view path, std::string_view name) {
  if (any_of(kStartup, name)) return true;
  return below(path, "/etc/profile.d") || path == "/etc/profile" || path == "/etc/bash.bashrc" ||
         path == "/etc/bashrc" || path == "/etc/zshrc" || path == "/etc/zprofile" ||
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
  if (std::any_of(std::begin(kBuildBeginnings), std::end(kBuildBeginnings),
                  [name](std::string_view b) { return name.starts_with(b); }))
    return true;
  return std::any_of(std::begin(kBuildEndings), std::end(kBuildEndings),
                     [name](std::string_view e) { return name.ends_with(e); });
}

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
    if (parts[i].size() > 4 && parts[i].ends_with(".git") && any_of(kParts, parts[i + 1])) return true;
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

/// /usr/local and below: what somebody put there by hand is theirs to take away again, but not the shared
/// directories, and what may be data or settings is not only a program.
PathClass in_usr_local(const std::vector<std::string_view>& parts) {
  const size_t deep = parts.size() - 2;
  const bool shared = deep > 0 && any_of(kLocalShared, parts[2]);
  if (deep == 0 || (deep == 1 && (shared || parts[2].find_first_of("*?[") != std::string_view::npos)))
    return PathClass::system;
  if (deep == 2 && shared && is_wildcard(parts.back())) return PathClass::system;
  const bool valuable = std::any_of(parts.begin() + 2, parts.end(), [](std::string_view p) {
    return p == "data" || p == "db" || p == "var" || p == "etc" || p == "lib" || p == "lib64";
  });
  return valuable ? PathClass::other : PathClass::local;
}

/// Log files directly in /var/log, journals and audit trails; old ones that were rotated are made to be
/// deleted, but those that say who was on the machine.
PathClass in_var_log(const std::vector<std::string_view>& parts) {
  const std::string_view name = parts.back();
  if (parts.size() == 2 || (parts.size() == 3 && is_wildcard(name))) return PathClass::system;
  if (parts[2] == "journal" || parts[2] == "audit") return PathClass::log;
  if (parts.size() > 3) return is_build_name(name) ? PathClass::build : PathClass::other;
  const bool telling = name.starts_with("auth.log") || name.starts_with("secure") ||
                       name.starts_with("wtmp") || name.starts_with("btmp");
  return is_rotated(name) && !telling ? PathClass::build : PathClass::log;
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
  if (any_of(kSecurity, parts[1])) return PathClass::security;
  if (any_of(kMachineConfig, parts[1]) || is_wildcard(parts[1])) return PathClass::system;
  const bool one_file = parts.size() == 2 && parts[1].find('.') != std::string_view::npos;
  return one_file ? PathClass::system : PathClass::system_part;
}

PathClass in_var(const std::vector<std::string_view>& parts) {
  if (parts.size() == 1 || any_of(kMachineState, parts[1]) || is_wildcard(parts[1])) return PathClass::system;
  if (!any_of(kShared, parts[1])) return PathClass::system_part;
  const bool whole = parts.size() == 2 || is_wildcard(parts[2]);
  return whole || any_of(kMachineData, parts[2]) ? PathClass::system : PathClass::system_part;
}

/// Below a directory of the system: whose it is.
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
  if (any_of(kSystem, parts[0])) return in_system(parts);
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
    if (is_build_name(p)) return PathClass::build;
  return any_of(kSystem, parts[0]) && !under_home ? PathClass::none : PathClass::project;
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
    if (is_build_name(p)) return PathClass::build;
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
