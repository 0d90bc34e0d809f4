#include "libcore/commands/secret_flow.hpp"

#include <algorithm>
#include <string>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

/// What they are given stays in the shell or goes to a child's environment; echo and printf are judged by
/// where their output goes.
constexpr std::string_view kKeepers[] = {
    "export",  "declare", "typeset", "local",  "readonly", "set",    "env",    "test",      "[",
    "[[",      ":",       "true",    "false",  "read",     "echo",   "printf", "print",     "eval",
    "ssh-add", "unset",   "exec",    "return", "sshpass",  "source", ".",      "ssh-keygen"};

/// Their words go to people or to other hosts.
constexpr std::string_view kSenders[] = {
    "gh",       "glab", "mail",     "mailx", "mutt",  "sendmail", "swaks",         "ping",  "ping6",
    "dig",      "host", "nslookup", "drill", "ntfy",  "wall",     "write",         "slack", "telegram-send",
    "slackcat", "nc",   "ncat",     "http",  "https", "xh",       "mosquitto_pub", "whois", "finger"};

/// Options and subcommands whose value is meant to be a credential.
bool takes_credentials(std::string_view word) {
  static constexpr std::string_view kParts[] = {"pass", "token",      "secret",  "auth",
                                                "cred", "key",        "login",   "hmac",
                                                "env",  "config:set", "literal", "identity"};
  return holds_any(lower(word), kParts);
}

/// `--password "$(cat f)"`, `-p"$(cat f)"`, `TOKEN=$(cat f)`, `vault login "$(cat f)"`.
bool is_used(const Invocation& invocation, size_t at) {
  const std::string own = invocation.argv[at].value.prefix();
  if (takes_credentials(own) || own == "-p") return true;
  for (size_t i = 1; i < at; ++i) {
    const std::string word = invocation.argv[i].value.with_holes_empty();
    const bool option = word.starts_with('-');
    if (option && i + 1 != at) continue;
    if (takes_credentials(word) || (i + 1 == at && (word == "-e" || word == "-p" || word == "-u")))
      return true;
  }
  return false;
}

bool reaches_screen(const Invocation& invocation) {
  if (invocation.output_piped || is_captured(invocation)) return false;
  return std::none_of(invocation.redirects.begin(), invocation.redirects.end(),
                      [](const auto& r) { return r.op[0] != '<' && (r.fd.empty() || r.fd == "1"); });
}

void judge_words(const Invocation& invocation, Sink& sink) {
  if (among(kKeepers, invocation.program)) return;
  const bool sends = among(kSenders, invocation.program);
  for (size_t i = 1; i < invocation.argv.size(); ++i) {
    const Argument& word = invocation.argv[i];
    const Taint taint = word.process != nullptr ? word.process->data.taint : word.value.taint;
    // `env`, `history` on the screen are everyday; sent away they are not.
    const bool secret = has(taint, Taint::secret) && (sends || has(taint, Taint::file));
    if (!secret || is_used(invocation, i)) continue;
    sink.on(sends ? Kind::sends_data : Kind::reads_secret, sends ? "secret.send" : "secret.print", word);
    return;
  }
}

}  // namespace

bool is_captured(const Invocation& invocation) {
  return std::any_of(invocation.context.begin(), invocation.context.end(), [](const std::string& where) {
    return where == "$(" || where == "<(" || where == "=(" || where == ">(";
  });
}

bool takes_secret_input(const Invocation& invocation) {
  static constexpr std::string_view kTakers[] = {"ssh-add", "ssh-keygen", "pbcopy", "xclip",
                                                 "xsel",    "wl-copy",    "gpg",    "keychain"};
  if (among(kTakers, invocation.program)) return true;
  if (prints_what_it_reads(invocation.program) || among(kSenders, invocation.program)) return false;
  return std::any_of(invocation.argv.begin() + 1, invocation.argv.end(), [](const Argument& a) {
    const std::string word = a.value.with_holes_empty();
    return word.size() < 32 && word.find_first_of(" \n/") == std::string::npos && takes_credentials(word);
  });
}

bool prints_what_it_reads(std::string_view program) {
  static constexpr std::string_view kFilters[] = {
      "cat",     "head",    "tail", "base64",  "xxd", "tar",  "gzip", "zip",    "sed", "awk",  "grep", "tac",
      "openssl", "strings", "less", "more",    "nl",  "cut",  "sort", "bzip2",  "xz",  "rev",  "dd",   "pax",
      "cpio",    "jq",      "od",   "hexdump", "tee", "fold", "fmt",  "column", "tr",  "uniq", "pr",   "bat"};
  return among(kFilters, program);
}

void judge_secret_flow(const Invocation& invocation, Sink& sink) {
  judge_words(invocation, sink);
  // From a file, a here-string, or the words of echo: another producer that read a secret has been judged.
  const auto& producers = invocation.input.producers;
  // `env` on the screen is everyday, so what only came from there is not meant.
  const Taint taint = invocation.input.data.taint;
  const bool fed = has(taint, Taint::secret) && has(taint, Taint::file) &&
                   std::all_of(producers.begin(), producers.end(), [](const std::string& p) {
                     return p == "echo" || p == "printf" || p == "print";
                   });
  if (fed && prints_what_it_reads(invocation.program) && reaches_screen(invocation))
    sink.add(Kind::reads_secret, "secret.print");
}

}  // namespace cmdai::commands
