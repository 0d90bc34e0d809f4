#include "libcore/commands/agent_scaffold.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

constexpr std::string_view kBareBytes =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-+:@%,=";

/// Takes a text apart from its beginning. Each step says whether it fitted; one that did not has taken
/// nothing.
class Text {
 public:
  explicit Text(std::string_view rest) : rest_(rest) {}

  bool take(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }

  /// One word that a shell would not expand: bare, in single quotes, `'\''` and `"'"` between them.
  std::optional<std::string> take_word() {
    const std::string_view before = rest_;
    std::string out;
    while (take_piece(out)) {
    }
    if (rest_.size() == before.size()) return std::nullopt;
    return out;
  }

  /// What stands before the last `end`, which must be the end of it all.
  std::optional<std::string> take_up_to_end(std::string_view end) {
    if (!rest_.ends_with(end)) return std::nullopt;
    std::string out(rest_.substr(0, rest_.size() - end.size()));
    rest_ = {};
    return out;
  }

  bool done() const { return rest_.empty(); }

 private:
  bool take_piece(std::string& out) {
    if (take("\"'\"") || take("\\'")) {
      out += '\'';
      return true;
    }
    if (rest_.starts_with('\'')) {
      const size_t end = rest_.find('\'', 1);
      if (end == std::string_view::npos) return false;
      out += rest_.substr(1, end - 1);
      rest_.remove_prefix(end + 1);
      return true;
    }
    const size_t bare = std::min(rest_.find_first_not_of(kBareBytes), rest_.size());
    out += rest_.substr(0, bare);
    rest_.remove_prefix(bare);
    return bare != 0;
  }

  std::string_view rest_;
};

bool take_claude_options(Text& text) {
  static constexpr std::string_view kBuiltins[] = {"\\builtin ", ""};
  static constexpr std::string_view kZshOptions[] = {
      "NO_EXTENDED_GLOB NO_BARE_GLOB_QUAL NO_BRACE_CCL NO_MAGIC_EQUAL_SUBST NO_EQUALS",
      "NO_EXTENDED_GLOB NO_BARE_GLOB_QUAL", "NO_EXTENDED_GLOB"};
  for (const std::string_view builtin : kBuiltins) {
    if (text.take(std::string(builtin) + "shopt -u extglob 2>/dev/null || true && ")) return true;
    for (const std::string_view options : kZshOptions) {
      const std::string setopt = std::string(builtin) + "setopt " + std::string(options);
      if (text.take(setopt + " 2>/dev/null || true && ")) return true;
      if (text.take("{ " + std::string(builtin) + "shopt -u extglob || " + setopt +
                    "; } >/dev/null 2>&1 || true && "))
        return true;
    }
  }
  return false;
}

bool take_claude_snapshot(Text& text) {
  Text ahead = text;
  if (!ahead.take("source ") || !ahead.take_word()) return false;
  if (!ahead.take(" 2>/dev/null || true && ") && !ahead.take(" || true && ")) return false;
  text = ahead;
  return true;
}

/// `source SNAPSHOT || true && shopt … || true && eval 'COMMAND' < /dev/null && pwd -P >| FILE`
std::optional<Scaffold> unwrap_claude(Text text) {
  while (take_claude_snapshot(text) || take_claude_options(text)) {
  }
  if (!text.take("eval ")) return std::nullopt;
  std::optional<std::string> command = text.take_word();
  if (!command) return std::nullopt;
  text.take(" < /dev/null");
  if (!text.take(" && pwd -P >| ") || !text.take_word() || !text.done()) return std::nullopt;
  return Scaffold{std::move(*command), false};
}

/// `shopt -u …; _bgpids_file=FILE⏎(⏎  trap 'jobs -p > "$_bgpids_file"' EXIT⏎COMMAND⏎)⏎__code=$?⏎exit $__code`
std::optional<Scaffold> unwrap_gemini(Text text) {
  text.take("shopt -u promptvars nullglob extglob nocaseglob dotglob; ");
  if (!text.take("_bgpids_file=") || !text.take_word()) return std::nullopt;
  if (!text.take("\n(\n  trap 'jobs -p > \"$_bgpids_file\"' EXIT\n")) return std::nullopt;
  std::optional<std::string> command = text.take_up_to_end("\n)\n__code=$?\nexit $__code");
  if (!command) return std::nullopt;
  return Scaffold{std::move(*command), false};
}

/// What restores the person's shell, then `exec SHELL -c 'COMMAND'`. What comes before is longer than it is
/// regular.
std::optional<Scaffold> unwrap_codex(std::string_view whole) {
  constexpr std::string_view kExec = "\nexec '";
  const size_t at = whole.find(kExec);
  if (at == std::string_view::npos || whole.substr(0, at).find("/shell_snapshots/") == std::string_view::npos)
    return std::nullopt;
  Text text(whole.substr(at + kExec.size() - 1));
  if (!text.take_word() || !text.take(" -c ")) return std::nullopt;
  std::optional<std::string> command = text.take_word();
  if (!command || !text.done()) return std::nullopt;
  return Scaffold{std::move(*command), true};
}

}  // namespace

std::optional<Scaffold> unwrap_scaffold(std::string_view text) {
  if (auto found = unwrap_claude(Text(text))) return found;
  if (auto found = unwrap_gemini(Text(text))) return found;
  return unwrap_codex(text);
}

}  // namespace cmdai::commands
