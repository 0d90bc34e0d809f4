#include "libcore/commands/trust.hpp"

#include <algorithm>
#include <string>

#include "libcore/base/text.hpp"
#include "libcore/base/wildcard.hpp"
#include "libcore/commands/host_names.hpp"
#include "libcore/commands/network.hpp"

namespace cmdai::commands {
namespace {

constexpr std::string_view kOff = "false 0 no off null none";

/// `key`, in small letters; * stands for any text. `values`: those that switch the check off, as KEY=VALUE or
/// as the word behind; empty: the key alone does.
struct Switch {
  std::string_view programs;
  std::string_view key;
  std::string_view values = {};
  bool joined = false;  ///< only as KEY=VALUE: `git config KEY VALUE` is judged with git's other settings
};
// git-config(1), npm-config(7), yarn 1 and 4, pip(1), conda, composer 2.5, bundler 2.4, apt.conf(5), aws-cli
// 2, kubectl 1.28, helm 3, openssl-s_client is not one: it shows the certificate.
constexpr Switch kSwitches[] = {
    {"git", "http.*sslverify", kOff, true},
    {"npm pnpm yarn npx", "strict-ssl", kOff},
    {"npm pnpm yarn npx", "--strict-ssl", kOff},
    {"npm pnpm npx", "--no-strict-ssl"},
    {"yarn", "enablestrictssl", kOff},
    {"conda mamba", "ssl_verify", kOff},
    {"conda mamba", "--insecure"},
    {"composer", "secure-http", kOff},
    {"composer", "disable-tls", "true 1"},
    {"bundle", "ssl_verify_mode", "0"},
    {"apt apt-get aptitude", "acquire::*verify-peer", kOff},
    {"apt apt-get aptitude", "acquire::*verify-host", kOff},
    {"apt apt-get aptitude", "acquire::allowinsecurerepositories", "true 1 yes"},
    {"apt apt-get aptitude", "apt::get::allowunauthenticated", "true 1 yes"},
    {"apt apt-get aptitude", "--allow-unauthenticated"},
    {"apt apt-get aptitude", "--allow-insecure-repositories"},
    {"aws", "--no-verify-ssl"},
    {"kubectl helm oc argocd", "--insecure-skip-tls-verify"},
    {"kubectl helm oc argocd", "--insecure-skip-tls-verify", "true 1"},
    {"http https xh xhs httpie", "--verify", "no false"},
    {"wget", "check_certificate", "off no 0", true},
    {"gem", ":ssl_verify_mode:", "0"},
};

/// Those whose value is a host that is believed without a certificate.
constexpr std::string_view kTrustedHosts[] = {"--trusted-host", "global.trusted-host", "install.trusted-host",
                                              "--allow-insecure-host", "--insecure-host"};

struct Variable {
  std::string_view name;
  std::string_view off;  ///< values that switch the check off
};
constexpr Variable kVariables[] = {{"GIT_SSL_NO_VERIFY", "1 true yes on"},
                                   {"NODE_TLS_REJECT_UNAUTHORIZED", "0"},
                                   {"PYTHONHTTPSVERIFY", "0"},
                                   {"NPM_CONFIG_STRICT_SSL", kOff},
                                   {"npm_config_strict_ssl", kOff},
                                   {"YARN_ENABLE_STRICT_SSL", kOff},
                                   {"CONDA_SSL_VERIFY", kOff},
                                   {"COMPOSER_DISABLE_TLS", "1 true"}};

/// Whether a word of a list that is separated by blanks.
bool names(std::string_view list, std::string_view word) {
  while (!list.empty() && !word.empty()) {
    const size_t blank = std::min(list.find(' '), list.size());
    if (list.substr(0, blank) == word) return true;
    list.remove_prefix(std::min(blank + 1, list.size()));
  }
  return false;
}

std::string word_at(const Invocation& invocation, size_t i) {
  return i < invocation.argv.size() ? lower(invocation.argv[i].value.with_holes_empty()) : std::string();
}

bool switches_off(const Switch& s, const std::string& word, const std::string& next) {
  const size_t equals = word.find('=');
  const std::string key = word.substr(0, equals);
  if (!wildcard_match(s.key, key)) return false;
  if (s.values.empty()) return equals == std::string::npos;
  if (equals == std::string::npos && s.joined) return false;
  return names(s.values, equals == std::string::npos ? next : word.substr(equals + 1));
}

/// --trusted-host HOST of a foreign one.
bool trusts_foreign(const std::string& word, const std::string& next) {
  const size_t equals = word.find('=');
  if (!among(kTrustedHosts, word.substr(0, equals))) return false;
  const std::string host = equals == std::string::npos ? next : word.substr(equals + 1);
  return !host.empty() && !is_near(host_of(host));
}

bool installs(const Invocation& invocation) {
  static constexpr std::string_view kManagers[] = {
      "npm",   "pnpm",  "yarn",     "npx", "pip",     "pip3",     "pipx",   "uv", "poetry",
      "conda", "mamba", "composer", "apt", "apt-get", "aptitude", "bundle", "gem"};
  static constexpr std::string_view kVerbs[] = {"install",  "i",      "add",          "ci",
                                                "download", "update", "upgrade",      "require",
                                                "sync",     "create", "dist-upgrade", "full-upgrade"};
  if (!among(kManagers, invocation.program)) return false;
  return std::any_of(invocation.argv.begin() + 1, invocation.argv.end(),
                     [](const Argument& a) { return among(kVerbs, a.value.with_holes_empty()); });
}

/// git clone http://…, helm repo add NAME http://…: what comes that way is built or run sooner or later.
bool takes_code(const Invocation& invocation) {
  static constexpr std::string_view kVerbs[] = {"clone",  "pull", "fetch",  "submodule",
                                                "remote", "repo", "install"};
  return (invocation.program == "git" || invocation.program == "helm") &&
         std::any_of(invocation.argv.begin() + 1, invocation.argv.end(),
                     [](const Argument& a) { return among(kVerbs, a.value.with_holes_empty()); });
}

bool is_switch(const Invocation& invocation, size_t at, const std::string& word) {
  const std::string next = word_at(invocation, at + 1);
  if (names("pip pip3 pipx uv poetry", invocation.program) && trusts_foreign(word, next)) return true;
  return std::any_of(std::begin(kSwitches), std::end(kSwitches), [&](const Switch& s) {
    return names(s.programs, invocation.program) && switches_off(s, word, next);
  });
}

void add(const Invocation& invocation, resolve::Place place, Sink& sink) {
  sink.add(Kind::changes_config, "net.unchecked", place).detail = installs(invocation) ? "installs" : "";
}

}  // namespace

void judge_trust(const Invocation& invocation, Sink& sink) {
  static constexpr std::string_view kAsked[] = {
      "git",   "npm",    "pnpm",     "yarn",   "npx", "pip",     "pip3",     "pipx", "uv",      "poetry",
      "conda", "mamba",  "composer", "bundle", "apt", "apt-get", "aptitude", "aws",  "kubectl", "helm",
      "oc",    "argocd", "http",     "https",  "xh",  "xhs",     "httpie",   "wget", "gem"};
  if (!among(kAsked, invocation.program)) return;
  // What cannot be a switch is left out before the table is gone through.
  static constexpr std::string_view kAbout[] = {
      "ssl", "tls", "verify", "insecure", "trusted", "secure-http", "unauthenticated", "certificate", "://"};
  const bool code = takes_code(invocation);
  for (size_t i = 1; i < invocation.argv.size(); ++i) {
    const Argument& a = invocation.argv[i];
    const std::string word = lower(a.value.with_holes_empty());
    if (!holds_any(word, kAbout)) continue;
    if (!sink.spend(word.size())) return;
    if (is_switch(invocation, i, word) ||
        (code && word.find("://") != std::string::npos && is_open_to_all(a)))
      return add(invocation, a.place, sink);
  }
}

void judge_trust_variable(const Invocation& invocation, const resolve::ResolvedAssignment& a, Sink& sink) {
  for (const Variable& v : kVariables)
    if (v.name == a.name && names(v.off, lower(a.value.with_holes_empty()))) add(invocation, a.place, sink);
}

void judge_source_list(const Value& content, const Argument& file, Sink& sink) {
  if (file.value.with_holes_empty().find("sources.list") == std::string::npos) return;
  const std::string path = sink.classify(file.value).text;
  if (path != "/etc/apt/sources.list" && !path.starts_with("/etc/apt/sources.list.d/")) return;
  const std::string text = lower(content.with_holes_empty());
  static constexpr std::string_view kBlind[] = {"trusted=yes", "trusted: yes", "allow-insecure=yes",
                                                "allow-insecure: yes"};
  if (!sink.spend(text.size()) || !holds_any(text, kBlind)) return;
  const bool near = text.find("file:") != std::string::npos && text.find("http") == std::string::npos;
  if (!near) sink.on(Kind::installs, "pkg.plain-index", file).detail = "no signature";
}

}  // namespace cmdai::commands
