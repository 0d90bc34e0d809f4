// What a word stands for: the path it leads to, the host it names, the value it has.
#include <fmt/format.h>

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/effects/path_class.hpp"
#include "libcore/explain/call_parts.hpp"
#include "libcore/explain/mode_words.hpp"

namespace cmdai::explain {
namespace {

using effects::PathClass;

/// Places worth a word.
std::string_view class_words(PathClass place) {
  switch (place) {
    case PathClass::root: return "the whole file system";
    case PathClass::system:
    case PathClass::system_part: return "part of the system";
    case PathClass::security: return "decides who may log in";
    case PathClass::log: return "a log";
    case PathClass::home: return "a whole home folder";
    case PathClass::project_root: return "the whole project";
    case PathClass::vcs_metadata: return "git's own data";
    case PathClass::temp: return "temporary";
    case PathClass::device: return "a disk or other device";
    case PathClass::secret: return "holds keys or passwords";
    case PathClass::shell_startup: return "runs whenever a shell starts";
    case PathClass::agent_config: return "settings of an AI agent";
    case PathClass::cmdai_own: return "cmdai's own";
    case PathClass::mount_point: return "a mounted file system";
    default: return {};
  }
}

/// Without quotes and backslashes, as far as that makes no difference to a reader.
std::string unquoted(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '\'' && c != '"' && c != '\\') out += c;
  return out;
}

std::string unknown_names(const resolve::Value& value) {
  std::vector<std::string> names;
  for (const resolve::Piece& p : value.pieces()) {
    if (!p.hole) continue;
    std::string name;
    if (*p.hole == resolve::HoleKind::variable && !p.text.empty())
      name = "$" + p.text;
    else if (*p.hole == resolve::HoleKind::positional)
      name = "an argument of the script";
    else if (*p.hole == resolve::HoleKind::input)
      name = "what is read when it runs";
    else
      continue;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names.empty() ? std::string() : fmt::format("{} is not known yet", fmt::join(names, ", "));
}

std::string shortened(std::string text) {
  constexpr size_t kMost = 160;
  if (text.size() > kMost) text = text.substr(0, kMost) + "…";
  return text;
}

std::string path_words(const resolve::Argument& word, const resolve::Invocation& call,
                       const resolve::Session& session, const std::string& written) {
  effects::Surroundings around;
  around.cwd = call.cwd.text().value_or("");
  around.home = session.home;
  around.user = session.user;
  const effects::Target target = effects::classify(word.value, around);
  std::string out;
  if (target.exact && target.text != unquoted(written)) out = target.text;
  if (target.exact && target.glob) out += (out.empty() ? "" : ", ") + std::string("every name that fits");
  const std::string_view place = class_words(target.path_class);
  if (target.exact && !place.empty() && target.path_class != PathClass::null_device)
    out += fmt::format("{}{}", out.empty() ? "" : ", ", place);
  return out;
}

std::string remote_words(const std::string& text) {
  const size_t colon = text.find(':');
  const size_t scheme = text.find("://");
  const std::string host = commands::host_of(text);
  if (scheme != std::string::npos || colon == std::string::npos || host.empty()) return {};
  const std::string path = text.substr(text.find(':') + 1);
  const size_t at = text.rfind('@', colon);
  std::string out = path.empty() ? "the home folder" : path;
  out += " on host " + host;
  if (at != std::string::npos) out += ", as user " + text.substr(0, at);
  return out;
}

/// A verdict takes the paths of another host for as good as ours; what they lead to here says nothing there.
bool is_elsewhere(const resolve::Invocation& call) {
  static constexpr std::string_view kRemote[] = {"ssh",   "autossh",      "mosh", "pdsh",
                                                 "clush", "parallel-ssh", "pssh"};
  return std::any_of(call.wrappers.begin(), call.wrappers.end(),
                     [](const resolve::Wrapper& w) { return w.elsewhere || among(kRemote, w.program); });
}

}  // namespace

std::string resolve_value(const resolve::Argument& word, ValueKind kind, const resolve::Invocation& call,
                          const resolve::Session& session, const std::string& written) {
  if (written.starts_with(">(")) return "what is written into it goes to the command inside";
  if (word.process != nullptr) return "what the command inside writes, as if it were a file";
  if (kind == ValueKind::command) return {};
  if (const std::string unknown = unknown_names(word.value); !unknown.empty()) {
    const bool partly = std::any_of(word.value.pieces().begin(), word.value.pieces().end(),
                                    [](const resolve::Piece& p) { return !p.hole && !p.text.empty(); });
    return shortened(partly && word.value.display() != unquoted(written)
                         ? word.value.display() + "; " + unknown
                         : unknown);
  }
  // What a command inside would print is said where that command is explained.
  if (!word.value.is_exact()) return {};
  const std::string text = word.value.with_holes_empty();
  if (kind == ValueKind::path && text == "-") return "the pipe, not a file";
  if (text.empty()) return written.find('$') != std::string::npos ? "empty" : "";
  if (kind == ValueKind::mode) return mode_words(text);
  if (kind == ValueKind::url || kind == ValueKind::host) {
    const std::string host = commands::host_of(text);
    if (!host.empty() && host != text) return shortened("host " + host);
  }
  if (kind == ValueKind::remote) {
    if (commands::is_remote(text)) return shortened(remote_words(text));
    if (text.find('/') == std::string::npos && text[0] != '.' && text[0] != '~') return {};
    kind = ValueKind::path;
  }
  if (kind == ValueKind::path && text.find("://") != std::string::npos) return {};
  if (kind == ValueKind::path && !is_elsewhere(call))
    return shortened(path_words(word, call, session, written));
  std::string without_quotes = written;
  std::erase_if(without_quotes, [](char c) { return c == '\'' || c == '"'; });
  return text == unquoted(written) || text == without_quotes ? std::string() : shortened(text);
}

}  // namespace cmdai::explain
