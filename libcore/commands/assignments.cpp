#include "libcore/commands/assignments.hpp"

#include "libcore/base/text.hpp"
#include "libcore/commands/agent_programs.hpp"
#include "libcore/commands/git_settings.hpp"
#include "libcore/commands/guard_removal.hpp"

namespace cmdai::commands {
namespace {

/// ld.so(8), dyld(1).
constexpr std::string_view kLoaders[] = {"LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES"};
/// Run by other programs: environ(7), systemctl(1), less(1). Those of git: git_settings.hpp.
constexpr std::string_view kProgramVariables[] = {"PAGER",         "MANPAGER",    "EDITOR",       "VISUAL",
                                                  "SUDO_EDITOR",   "SSH_ASKPASS", "SUDO_ASKPASS", "BROWSER",
                                                  "SYSTEMD_PAGER", "KUBE_EDITOR", "LESSOPEN",     "FCEDIT"};
/// Expanded when they are shown; PS4 with set -x: bash(1), zshparam(1).
constexpr std::string_view kPrompts[] = {"PS0",     "PS1",     "PS2",     "PS3",     "PS4",  "PROMPT",
                                         "PROMPT2", "PROMPT3", "PROMPT4", "RPROMPT", "RPS1", "prompt"};

bool empties(const resolve::ResolvedAssignment& a) {
  return a.value.is_exact() && a.value.with_holes_empty().empty();
}

/// `HISTFILE= python3 x.py` is for that one program, and only shells write down what is typed into them.
bool reaches_shell(const Invocation& invocation) {
  static constexpr std::string_view kKeeps[] = {"export", "declare", "typeset", "local", "readonly", "set"};
  return invocation.argv.empty() || among(kKeeps, invocation.program) ||
         dialect_from_name(invocation.program).has_value();
}

/// The code in the value; "" when it holds none.
std::string code_of(const std::string& name, const std::string& text) {
  if (among(kProgramVariables, name))
    return text.substr(text.starts_with('|') ? 1 : 0);  // LESSOPEN='|program %s'
  if (name == "galiases") return ": " + text;           // zsh: in the midst of a command
  if (name == "saliases") return text;
  if (name.starts_with("BASH_FUNC_")) return "f " + text + "\nf";  // a function in every bash below
  const bool holds = text.find("$(") != std::string::npos || text.find('`') != std::string::npos;
  return among(kPrompts, name) && holds ? resolve::text_to_expand(text) : std::string();
}

void run_later(const Value& code, const Invocation& invocation, const resolve::ResolvedAssignment& a,
               Sink& sink) {
  resolve::RunAs how = sink.as(a.name);
  how.child_shell = true;
  sink.evaluator().run_code(code, invocation.dialect, invocation, how, a.place);
}

/// Not only for the command behind it.
bool outlives_command(const Invocation& invocation) {
  static constexpr std::string_view kDeclares[] = {"export", "declare", "typeset", "readonly", "local"};
  return invocation.argv.empty() || among(kDeclares, invocation.program);
}

/// `PROMPT_COMMAND+='; code'`: what stands before it may be anything.
Value appended_code(const resolve::ResolvedAssignment& a) {
  if (!a.append || a.value.prefix().find_first_of(";&|\n") != a.value.prefix().find_first_not_of(" \t"))
    return a.value;
  Value code = Value::exact(":");
  code.append(a.value);
  return code;
}

/// name=(…): what each element says.
void judge_elements(const Invocation& invocation, const resolve::ResolvedAssignment& a, Sink& sink) {
  resolve::ResolvedAssignment one{a.name, {}, a.append, a.place, std::nullopt};
  if (a.elements->empty()) judge_assignment(invocation, one, sink);
  for (const Value& element : *a.elements) {
    if (!sink.copies(element)) return;
    one.value = element;
    if (!empties(one)) judge_assignment(invocation, one, sink);
  }
}

}  // namespace

void judge_assignment(const Invocation& invocation, const resolve::ResolvedAssignment& a, Sink& sink) {
  if (a.name == "functions" && invocation.dialect.shell == Shell::zsh) return judge_function_table(a, sink);
  if (a.elements && a.name != "preexec_functions") return judge_elements(invocation, a, sink);
  const auto changes = [&](std::string_view tag) {
    sink.add(Kind::changes_config, tag, a.place).detail = a.name;
  };
  judge_agent_variable(invocation, a, sink);
  if (outlives_command(invocation)) judge_hook_name(a.name, a.place, sink);
  if (among(kLoaders, a.name)) {
    if (!empties(a)) changes("exec.hijack");
  } else if (a.name == "PROMPT_COMMAND") {
    if (empties(a))
      changes("self.disable");
    else if (outlives_command(invocation))
      run_later(appended_code(a), invocation, a, sink);
  } else if (const std::string_view key = key_of_variable(a.name); !key.empty()) {
    judge_git_program(key, {a.value, a.place, nullptr}, sink);
  } else if (a.name == "commands" && invocation.dialect.shell == Shell::zsh) {
    changes("exec.hijack");  // commands[ls]=/somewhere/else, as by `hash`
  } else if (a.name == "preexec_functions") {
    if (!a.append) changes("self.disable");
  } else if (const auto text = a.value.text()) {
    if (a.name == "HISTFILE" && (text->empty() || *text == "/dev/null") && reaches_shell(invocation))
      changes("sys.history");
    if (std::string code = code_of(a.name, *text); !code.empty())
      run_later(Value::exact(std::move(code)), invocation, a, sink);
  }
}

}  // namespace cmdai::commands
