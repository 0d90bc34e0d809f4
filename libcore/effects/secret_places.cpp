#include "libcore/effects/secret_places.hpp"

#include <algorithm>
#include <cctype>

#include "libcore/base/text.hpp"
#include "libcore/effects/path_text.hpp"

namespace cmdai::effects {
namespace {

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

bool is_key_name(std::string_view name) {
  return name.starts_with("id_") || name.ends_with(".pem") || name.ends_with(".key") ||
         name.ends_with(".p12") || name.ends_with(".pfx") || name.ends_with(".keystore") ||
         name.ends_with(".kdbx");
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

}  // namespace

bool logs_in(std::string_view path) {
  return is_hidden(path) && std::any_of(std::begin(kSecretFiles), std::end(kSecretFiles),
                                        [path](std::string_view file) { return path.ends_with(file); });
}

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

/// The name of a home is no folder of tests, and what is hidden (.ssh) was not made for any.
bool is_fixture(const std::vector<std::string_view>& parts) {
  if (!is_key_name(parts.back())) return false;
  const bool homes = parts[0] == "home" || parts[0] == "Users";
  bool among_tests = false;
  for (size_t i = homes ? 2 : 0; i + 1 < parts.size(); ++i) {
    if (parts[i].starts_with('.') && parts[i] != "..") return false;
    among_tests |= among(kFixtures, parts[i]);
  }
  return among_tests;
}

bool is_secret(std::string_view path, std::string_view name, const Surroundings& around) {
  const bool public_part = name.ends_with(".pub") || name == "known_hosts" || name == "config" ||
                           name == "authorized_keys" || name.ends_with(".example") ||
                           name.ends_with(".sample") || name.ends_with(".template") ||
                           among(kPlainSettings, name);
  if (public_part && path.find("/.kube/") == std::string_view::npos && !path.ends_with("/.oci/config"))
    return false;
  if (path.find_first_of("*?[") != std::string_view::npos && matches_key(path, around)) return true;
  if (among(kSecretNames, name) || (name.starts_with(".env.")) ||
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

}  // namespace cmdai::effects
