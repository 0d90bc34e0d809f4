#include "libcore/commands/guard_removal.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

/// As bash(1) READLINE, zshzle(1) and fish's bind(1) write it.
bool means_enter(std::string_view key) {
  static constexpr std::string_view kKeys[] = {"\\C-m", "\\C-j", "\\r", "\\n",    "\r",
                                               "enter", "^M",    "^J",  "ctrl-j", "ctrl-m"};
  static constexpr std::string_view kBegins[] = {"\"\\C-m\"", "\"\\C-j\"", "\\C-m:", "\"\\r\"", "RETURN:"};
  return among(kKeys, key) || std::any_of(std::begin(kBegins), std::end(kBegins),
                                          [key](std::string_view begin) { return key.starts_with(begin); });
}

/// zshoptions(1): case and underscores do not count.
bool is_no_rcs(std::string_view option) {
  std::string plain;
  for (const char c : option)
    if (c != '_' && c != '-') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return plain == "norcs";
}

/// bash(1) INVOCATION, zsh(1), fish(1).
bool reads_no_rc(const Call& call, Shell shell) {
  if (shell == Shell::fish) return call.has("no-config");
  if (shell == Shell::bash) return call.any("norc posix rcfile init-file");
  const auto options = call.values("option");
  return shell == Shell::zsh &&
         (call.any("f no-rcs norcs") || std::any_of(options.begin(), options.end(), [](const Argument* o) {
            return is_no_rcs(o->value.with_holes_empty());
          }));
}

/// Not in a script or another shell, whose traps are its own.
bool in_this_shell(const Call& call) {
  static constexpr std::string_view kStays[] = {"eval",    "source", ".",        "builtin",
                                                "command", "noglob", "nocorrect"};
  const auto& wrappers = call.invocation().wrappers;
  return std::all_of(wrappers.begin(), wrappers.end(),
                     [](const resolve::Wrapper& w) { return among(kStays, w.program); });
}

}  // namespace

bool is_ours(std::string_view name) {
  return name.starts_with("__cmdai") || name.starts_with("_cmdai") || name == "cmdai" ||
         name == "cmdai_native";
}

void judge_hook_name(std::string_view name, resolve::Place place, Sink& sink) {
  if (!name.starts_with("__cmdai")) return;
  const resolve::SourceText& source = sink.evaluator().sources()[place.source];
  const bool itself =
      source.file && sink.classify(Value::exact(source.name)).path_class == effects::PathClass::cmdai_own;
  if (!itself) sink.add(Kind::changes_config, "self.disable", place).detail = name;
}

void judge_function_table(const resolve::ResolvedAssignment& a, Sink& sink) {
  const std::string& text = sink.evaluator().sources()[a.place.source].text;
  const size_t begin = std::min<size_t>(a.place.range.begin, text.size());
  const std::string_view written = std::string_view(text).substr(begin, a.place.range.size());
  const size_t name = written.find("__cmdai");
  // All of them anew: ours are gone.
  if (name != std::string_view::npos)
    judge_hook_name(written.substr(name), a.place, sink);
  else if (a.elements && !a.append)
    sink.add(Kind::changes_config, "self.disable", a.place).detail = a.name;
}

bool judge_enter_key(const Call& call, Sink& sink) {
  const bool fish = call.invocation().dialect.shell == Shell::fish;
  const bool removes = call.any("remove erase");
  if (fish && removes && call.has("all")) {
    sink.add(Kind::changes_config, "self.disable").detail = "all keys";
    return true;
  }
  // bash, bind -u: no key has our function any more
  if (const Argument* function = call.value("unbind");
      function != nullptr && function->value.with_holes_empty().starts_with("cmdai-")) {
    sink.on(Kind::changes_config, "self.disable", *function).detail = "the Enter key";
    return true;
  }
  for (const Argument& word : call.argv()) {
    const std::string text = word.value.with_holes_empty();
    const bool taken = removes || text.find(':') != std::string::npos ||
                       (call.program() == "bindkey" && text.starts_with('\\'));
    if (!taken || !means_enter(text)) continue;
    sink.on(Kind::changes_config, "self.disable", word).detail = "the Enter key";
    return true;
  }
  return false;
}

void judge_debug_trap(const Call& call, Sink& sink) {
  const auto& words = call.operands();
  const bool resets = call.given().empty() && !words.empty() &&
                      (words.size() == 1 || call.operand(0) == "-" || call.operand(0).empty());
  if (!resets || !in_this_shell(call)) return;
  for (const Argument* word : words)
    if (word->value.with_holes_empty() == "DEBUG")
      sink.on(Kind::changes_config, "self.disable", *word).detail = "the DEBUG trap";
}

bool judge_bare_shell(const Call& call, Shell shell, Sink& sink) {
  const bool typed =
      call.invocation().input.kind == resolve::Input::Kind::inherited || call.has("interactive");
  const bool bare = typed && reads_no_rc(call, shell);
  if (bare) sink.add(Kind::runs_code, "self.bare-shell").detail = call.program();
  return bare;
}

void remove_zsh_hook(const Call& call, Sink& sink) {
  for (const Argument* word : call.operands())
    if (is_ours(word->value.with_holes_empty()) && call.any("delete pattern"))
      sink.on(Kind::changes_config, "self.disable", *word);
}

}  // namespace cmdai::commands
