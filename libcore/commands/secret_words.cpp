#include "libcore/commands/secret_words.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

/// PATH, @PATH, --option=PATH, name=@PATH, file://PATH, man:PATH: what of it is an absolute path or one in
/// the home.
std::string path_in(const std::string& word) {
  size_t at = 0;
  if (const size_t equals = word.find('='); equals != std::string::npos) at = equals + 1;
  if (word.compare(at, 1, "@") == 0 || word.compare(at, 1, "<") == 0) ++at;
  for (std::string_view scheme : {"file://localhost", "file://", "file:", "man:"})
    if (word.compare(at, 1, "/") != 0 && lower(word.substr(at, scheme.size())) == scheme) {
      at += scheme.size();
      break;
    }
  return word.compare(at, 1, "/") == 0 ? word.substr(at) : std::string();
}

bool has_slash(const Value& value) {
  return std::any_of(value.pieces().begin(), value.pieces().end(),
                     [](const resolve::Piece& piece) { return piece.text.find('/') != std::string::npos; });
}

/// wc --files0-from F, file -f F: the file is read, not looked at.
bool reads_list(const Invocation& invocation) {
  if (invocation.program != "wc" && invocation.program != "file") return false;
  return std::any_of(invocation.argv.begin(), invocation.argv.end(), [](const Argument& a) {
    const std::string word = a.value.prefix();
    return word == "-f" || word == "-m" || word.starts_with("--files");
  });
}

/// ssh-like tools are handed their own key: -i KEY, --identity KEY, --tls-key=KEY.
bool is_handed_over(const Invocation& invocation, size_t at) {
  const std::string own = invocation.argv[at].value.prefix();
  const std::string before = at > 1 ? invocation.argv[at - 1].value.with_holes_empty() : std::string();
  const std::string& option = own.starts_with('-') ? own : before;
  if (option == "-i") {  // elsewhere it is an input file: a host must follow
    const std::string host = at + 1 < invocation.argv.size() ? invocation.argv[at + 1].value.display() : "/";
    return host.find('/') == std::string::npos && !host.starts_with('-');
  }
  if (!option.starts_with("--")) return false;
  static constexpr std::string_view kParts[] = {"identity",   "key",        "cert",
                                                "credential", "kubeconfig", "env-file"};
  return holds_any(option, kParts);
}

bool starts_code(const std::string& path) {
  return path.ends_with("/.ssh/authorized_keys") || path.starts_with("/etc/cron") ||
         path.starts_with("/etc/sudoers");
}

bool setting_of_credential(std::string_view name) {
  static constexpr std::string_view kParts[] = {"pass", "pwd",    "token",   "secret", "key",
                                                "auth", "cred",   "private", "url",    "uri",
                                                "dsn",  "cookie", "salt",    "sign"};
  return holds_any(lower(name), kParts);
}

}  // namespace

bool names_credentials(std::string_view pattern) {
  static constexpr std::string_view kParts[] = {"pass",    "pwd",    "token",     "secret",
                                                "api_key", "apikey", "credential"};
  return holds_any(lower(pattern), kParts) || names_key(pattern);
}

bool names_key(std::string_view pattern) {
  static constexpr std::string_view kBeginnings[] = {"akia",       "private key", "ghp_",
                                                     "github_pat", "xoxb",        "sk_live"};
  return holds_any(lower(pattern), kBeginnings);
}

bool picks_plain_setting(std::string_view pattern) {
  if (pattern.starts_with('^')) pattern.remove_prefix(1);
  for (const std::string_view end : {".*", "="})
    if (pattern.ends_with(end)) pattern.remove_suffix(end.size());
  constexpr size_t kShortest = 3;
  const bool name = pattern.size() >= kShortest &&
                    std::all_of(pattern.begin(), pattern.end(),
                                [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  return name && !setting_of_credential(pattern);
}

bool picks_plain_settings(const Call& call) {
  const std::vector<const Argument*> patterns = call.values("regexp");
  if (patterns.empty()) return picks_plain_setting(call.operand(0));
  return std::all_of(patterns.begin(), patterns.end(),
                     [](const Argument* p) { return picks_plain_setting(p->value.with_holes_empty()); });
}

bool only_names(std::string_view program) {
  static constexpr std::string_view kNames[] = {"ls",
                                                "dir",
                                                "vdir",
                                                "exa",
                                                "eza",
                                                "lsd",
                                                "tree",
                                                "stat",
                                                "file",
                                                "du",
                                                "df",
                                                "which",
                                                "whereis",
                                                "type",
                                                "realpath",
                                                "readlink",
                                                "basename",
                                                "dirname",
                                                "wc",
                                                "sum",
                                                "cksum",
                                                "md5sum",
                                                "sha1sum",
                                                "sha224sum",
                                                "sha256sum",
                                                "sha384sum",
                                                "sha512sum",
                                                "b2sum",
                                                "test",
                                                "[",
                                                "mkdir",
                                                "touch",
                                                "lsof",
                                                "echo",
                                                "printf",
                                                "print",
                                                "true",
                                                "false",
                                                ":",
                                                "seq",
                                                "expr",
                                                "trash",
                                                "trash-put",
                                                "cd",
                                                "pushd",
                                                "chdir",
                                                "set",
                                                "export",
                                                "declare",
                                                "typeset",
                                                "local",
                                                "readonly",
                                                "alias",
                                                "ssh-keygen",
                                                "ssh-add",
                                                "ssh-copy-id",
                                                "puttygen",
                                                "htpasswd",
                                                "ssh-agent",
                                                "keychain",
                                                "age",
                                                "sops",
                                                "git-crypt",
                                                "sshfs",
                                                "mosh",
                                                "getfacl",
                                                "lsattr",
                                                "restorecon",
                                                "chcon",
                                                "ansible-playbook",
                                                "ansible-vault",
                                                "vim",
                                                "vi",
                                                "nvim",
                                                "view",
                                                "nano",
                                                "emacs",
                                                "emacsclient",
                                                "code",
                                                "subl",
                                                "micro",
                                                "hx",
                                                "gedit",
                                                "kate",
                                                "ed",
                                                "pico",
                                                "less",
                                                "xdg-open",
                                                "open",
                                                "rename",
                                                "inotifywait",
                                                "entr",
                                                "stow",
                                                "chezmoi",
                                                "read",
                                                "unset",
                                                "eksctl",
                                                "doctl",
                                                "k9s",
                                                "gcloud",
                                                "openvpn",
                                                "wg-quick",
                                                "wg",
                                                "certbot",
                                                "ps",
                                                "pgrep"};
  return among(kNames, program);
}

bool takes_files_too(std::string_view program) {
  static constexpr std::string_view kNames[] = {"dig",    "nft",    "tmux",   "mutt", "screen", "aws",
                                                "strace", "ltrace", "sysctl", "gdb",  "restic", "perl"};
  return among(kNames, program);
}

void judge_edited_keys(const Invocation& invocation, Sink& sink) {
  static constexpr std::string_view kEditors[] = {"vim", "vi",   "nvim",  "view", "nano", "emacs",
                                                  "ed",  "pico", "micro", "less", "code", "gedit"};
  if (!among(kEditors, invocation.program)) return;
  for (size_t i = 1; i < invocation.argv.size(); ++i) {
    const effects::Target target = sink.classify(invocation.argv[i].value);
    const bool key = target.text.find("/.ssh/id_") != std::string::npos || target.text == "/etc/shadow" ||
                     target.text == "/etc/gshadow";
    if (key && target.path_class == PathClass::secret)
      sink.on_path(Kind::reads_secret, "secret.read", invocation.argv[i]).certainty =
          effects::Certainty::likely;
  }
}

void judge_secret_words(const Invocation& invocation, Sink& sink) {
  if (only_names(invocation.program) && !reads_list(invocation)) return;
  for (size_t i = 1; i < invocation.argv.size(); ++i) {
    const Argument& word = invocation.argv[i];
    if (!has_slash(word.value)) continue;
    const auto text = word.value.text();
    if (!text) continue;
    const std::string path = path_in(*text);
    if (path.empty() || is_handed_over(invocation, i)) continue;
    const Argument named{Value::exact(path), word.place, nullptr};
    if (starts_code(path)) {
      Effect& e = sink.on_path(Kind::changes_config,
                               path.starts_with("/etc/cron") ? "sys.cron"
                               : path.starts_with("/etc/s")  ? "sys.sudoers"
                                                             : "persist.ssh-key",
                               named);
      e.certainty = effects::Certainty::likely;
    } else if (sink.classify(named.value).path_class == PathClass::secret) {
      sink.on_path(Kind::reads_secret, "secret.read", named).certainty = effects::Certainty::likely;
    }
  }
}

}  // namespace cmdai::commands
