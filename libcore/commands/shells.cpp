// Shells and the builtins that run text: sh -c, eval, source, trap. What they read as code is read on here.
#include <algorithm>
#include <optional>

#include "libcore/base/text.hpp"
#include "libcore/commands/agent_programs.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/fish_builtins.hpp"
#include "libcore/commands/guard_removal.hpp"
#include "libcore/commands/powershell.hpp"
#include "libcore/commands/script_files.hpp"
#include "libcore/commands/typed_input.hpp"
#include "libcore/commands/windows_cmd.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kShell[] = {{'c', "command"},
                             {'s', "stdin"},
                             {'i', "interactive"},
                             {'l', "login"},
                             {'n', "noexec"},
                             {'x', "xtrace"},
                             {'e', "errexit"},
                             {'u', "nounset"},
                             {'v', "verbose"},
                             {'r', "restricted"},
                             {'p', "privileged"},
                             {'f', "f"},
                             {'o', "option", Arg::value},
                             {'O', "shopt", Arg::value},
                             {'d', "d"},
                             {'N', "no-config"},
                             {'C', "noclobber"},
                             {0, "norc"},
                             {0, "noprofile"},
                             {0, "rcfile", Arg::value},
                             {0, "init-file", Arg::value},
                             {0, "emulate", Arg::value},  // zsh
                             {0, "posix"},
                             {0, "no-rcs"},
                             {0, "norcs"},
                             {0, "login"},
                             {0, "version"},
                             {0, "help"},
                             {0, "no-execute"},
                             {0, "command-string", Arg::value},
                             {0, "dump-po-strings"},
                             {0, "restricted"}};

/// Of the long ones those whose value is the next word.
constexpr std::string_view kWithValue[] = {"rcfile", "init-file", "emulate", "command-string"};

constexpr Option kFish[] = {{'c', "command-string", Arg::value},
                            {0, "command", Arg::value},
                            {'C', "init-command", Arg::value},
                            {'i', "interactive"},
                            {'l', "login"},
                            {'n', "no-execute"},
                            {'N', "no-config"},
                            {'P', "private"},
                            {'d', "debug", Arg::value},
                            {'o', "debug-output", Arg::value},
                            {'p', "profile", Arg::value},
                            {'v', "version"},
                            {'h', "help"}};

/// `cat x.sh | sh`: what could not be read does not bear the name of what runs, either. A shell on another
/// machine has no other way to get it.
void note_unread(Sink& sink, const Invocation& shell) {
  const Value& code = shell.input.data;
  const bool away = std::any_of(shell.wrappers.begin(), shell.wrappers.end(),
                                [](const resolve::Wrapper& w) { return w.elsewhere || w.other_disk; });
  if (!code.is_unknown() || away || !dialect_from_name(shell.program)) return;
  for (Effect& e : sink.added()) {
    if (e.tag != "exec.file" || e.place.source != shell.place.source || e.place.range != shell.place.range)
      continue;
    e.tag = "exec.piped-file";
    e.target.text = code.pieces().front().text;
  }
}

/// Input that a shell without a script reads as commands.
void run_input(const Call& call, Sink& sink, const Dialect& dialect) {
  const resolve::Input& input = call.invocation().input;
  resolve::RunAs how = sink.as(call.program());
  how.child_shell = true;
  switch (input.kind) {
    case resolve::Input::Kind::inherited: return;
    case resolve::Input::Kind::file:
      if (has(input.data.taint, Taint::remote)) return sink.run_unknown(input.data, call.invocation().place);
      for (const resolve::ResolvedRedirect& r : call.invocation().redirects)
        if (r.op == "<" && (r.fd.empty() || r.fd == "0") &&
            run_script_file(sink, {r.target, r.place, nullptr}, dialect, true, {}))
          return;
      sink.add(Kind::runs_code, "exec.file").target.text = input.data.display();
      return;
    case resolve::Input::Kind::pipe:
    case resolve::Input::Kind::text:
    case resolve::Input::Kind::process:
      how.input.kind = resolve::Input::Kind::text;  // the shell reads it, and what it starts reads on
      if (input.data.is_exact())
        sink.run_code({input.data, call.invocation().place, nullptr}, dialect, how, {},
                      std::string(kReadAlong));
      else
        sink.run_shell(input.data, dialect, how, call.invocation().place);
      if (input.kind == resolve::Input::Kind::pipe) note_unread(sink, call.invocation());
      return;
  }
}

bool names_standard_input(const std::string& path) {
  return path == "/dev/stdin" || path == "/dev/fd/0" || path == "/proc/self/fd/0" || path == "-";
}

/// A script operand: what is known of its content, by how it came to be.
void run_file(const Call& call, Sink& sink, const Argument& file, const Dialect& dialect, bool child) {
  std::vector<Value> words;  // $0, $1 …
  for (const Argument* word : call.operands()) words.push_back(word->value);
  if (!child && !words.empty()) words.erase(words.begin());
  const std::string path = file.value.with_holes_empty();
  if (names_standard_input(path)) return run_input(call, sink, dialect);
  if (const Value* content = sink.file_content(file.value); content != nullptr) {
    resolve::RunAs how = sink.as(call.program());
    how.child_shell = child;
    if (content->is_exact() || !content->with_holes_empty().empty()) {
      sink.run_shell(*content, dialect, how, file.place, std::move(words));
      return;
    }
  }
  if (file.process) {
    resolve::RunAs how = sink.as(call.program());
    how.child_shell = child;
    sink.run_shell(file.process->data, dialect, how, file.place);
    return;
  }
  const bool fetched = sink.file_content(file.value) != nullptr;
  if (!fetched && run_script_file(sink, file, dialect, child, std::move(words))) return;
  Effect& e = sink.run_file(file);
  if (path.starts_with("/dev/tcp/") || path.starts_with("http:") || path.starts_with("https:"))
    e.kind = Kind::runs_remote_code, e.tag = "exec.remote";
}

bool reverse_shell(const Call& call) {
  return std::any_of(call.invocation().redirects.begin(), call.invocation().redirects.end(),
                     [](const resolve::ResolvedRedirect& r) {
                       const std::string target = r.target.prefix();
                       return target.starts_with("/dev/tcp/") || target.starts_with("/dev/udp/");
                     });
}

/// A text whose `$(…)` run when it is used.
void judge_expanded(Sink& sink, const Argument& text) {
  const auto known = text.value.text();
  if (!known || (known->find("$(") == std::string::npos && known->find('`') == std::string::npos)) return;
  resolve::RunAs how = sink.as(sink.invocation().program);
  how.child_shell = true;
  sink.run_code({Value::exact(resolve::text_to_expand(*known)), text.place, nullptr},
                sink.invocation().dialect, how);
}

/// The variable that names a file the shell reads before anything else, and what stands behind its value.
struct Startup {
  std::string_view variable;
  std::string_view file;
};
/// bash(1): BASH_ENV when not interactive, neither in posix mode nor privileged; dash(1), and bash in posix
/// mode: ENV when interactive; zsh(1): .zshenv in ZDOTDIR, unless -f.
std::optional<Startup> startup_of(const Call& call, const Dialect& dialect) {
  if (dialect.shell == Shell::zsh)
    return call.has("f") ? std::nullopt : std::optional<Startup>({"ZDOTDIR", "/.zshenv"});
  if (dialect.shell == Shell::fish || call.has("privileged")) return std::nullopt;
  const bool posix = dialect.shell == Shell::sh || call.has("posix");
  if (posix != call.has("interactive")) return std::nullopt;
  return Startup{posix ? "ENV" : "BASH_ENV", ""};
}

void run_startup(const Call& call, Sink& sink, const Dialect& dialect) {
  const auto startup = startup_of(call, dialect);
  if (!startup) return;
  std::optional<Value> value;
  for (const resolve::ResolvedAssignment& a : call.invocation().assigns)
    if (a.name == startup->variable) value = a.value;
  if (!value && sink.evaluator().is_set(startup->variable))
    value = sink.evaluator().variable(startup->variable);
  if (!value) return;
  Argument file{*value, call.invocation().place, nullptr};
  judge_expanded(sink, file);
  file.value.append_literal(startup->file, false);
  const Value* content = sink.file_content(file.value);
  resolve::RunAs how = sink.as(call.program());
  how.child_shell = true;
  if (content != nullptr)
    sink.run_shell(*content, dialect, how, file.place);
  else if (run_script_file(sink, file, dialect, true, {}))
    return;
  else if (has(value->taint, Taint::remote) || has(value->taint, Taint::decoded))
    sink.run_unknown(*value, file.place);  // BASH_ENV=<(…)
}

/// -n is taken back by +n.
void take_back_noexec(std::vector<Argument>& words) {
  std::erase_if(words, [](Argument& word) {
    std::string text = word.value.with_holes_empty();
    if (!text.starts_with('-') || text.starts_with("--") || std::erase(text, 'n') == 0) return false;
    word.value = Value::exact(text);
    return text == "-";
  });
}

/// The letters of a cluster of options, those with values apart. bash and dash take the value of o from the
/// next word, wherever in the cluster it stands (-oe errexit); zsh what is glued on behind it.
struct Cluster {
  std::string letters;      ///< without a value
  std::string with_values;  ///< o and O, each with the next word
  bool off = false, glued = false;
};
Cluster cluster_of(std::string_view text, bool zsh) {
  Cluster out;
  out.off = text[0] == '+';
  for (size_t i = 1; i < text.size() && !out.glued; ++i) {
    const bool value = text[i] == 'o' || text[i] == 'O';
    out.glued = value && zsh && i + 1 < text.size();
    if (!out.glued) (value ? out.with_values : out.letters) += text[i];
  }
  return out;
}

/// The call with its options as the table reads them: without those it switches off (+x, +o NAME: bash(1) and
/// zsh(1), OPTIONS; +c is -c all the same), each that has a value beside it. Empty: it is that already.
std::vector<Argument> with_plain_options(const Call& call, bool zsh) {
  const std::vector<Argument>& argv = call.argv();
  std::vector<Argument> out{argv.front()};
  bool changed = false;
  size_t i = 1;
  const auto option = [&](std::string text) {
    out.push_back({Value::exact(std::move(text)), argv[std::min(i, argv.size() - 1)].place, nullptr});
  };
  for (; i < argv.size(); ++i) {
    const std::string text = argv[i].value.with_holes_empty();
    if (text.size() < 2 || text == "--" || (text[0] != '-' && text[0] != '+')) break;
    if (text.starts_with("--")) {
      out.push_back(argv[i]);
      if (among(kWithValue, std::string_view(text).substr(2)) && i + 1 < argv.size())
        out.push_back(argv[++i]);
      continue;
    }
    const Cluster cluster = cluster_of(text, zsh);
    changed |= cluster.off || (!cluster.with_values.empty() && text.size() > 2);
    if (cluster.off && cluster.letters.find('n') != std::string::npos) take_back_noexec(out);
    if (!cluster.off && cluster.with_values.empty())
      out.push_back(argv[i]);
    else if (!cluster.off && !cluster.letters.empty())
      option('-' + cluster.letters);
    else if (cluster.letters.find('c') != std::string::npos)
      option("-c");
    for (const char letter : cluster.with_values) {
      if (!cluster.off) option(std::string("-") + letter);
      if (++i < argv.size() && !cluster.off) out.push_back(argv[i]);
    }
  }
  if (i < argv.size()) out.insert(out.end(), argv.begin() + static_cast<std::ptrdiff_t>(i), argv.end());
  return changed ? out : std::vector<Argument>();
}

void shell(const Call& call, Sink& sink) {
  if (call.any("version help")) return;
  if (call.program() != "fish")
    if (std::vector<Argument> argv = with_plain_options(call, call.program() == "zsh"); !argv.empty()) {
      sink.run(std::move(argv), sink.as(call.program()));
      return;
    }
  const auto named = dialect_from_name(call.program());
  // Elvish has a grammar of its own; the nearest of those we read is fish's: `(…)` is what a command prints.
  Dialect dialect = named ? *named : *dialect_from_name(call.program() == "elvish" ? "fish" : "sh");
  for (const Argument* option : call.values("shopt")) dialect.extglob |= option->value.text() == "extglob";
  if (reverse_shell(call)) sink.add(Kind::runs_remote_code, "net.reverse-shell");
  const bool noexec = (call.has("noexec") && call.program() != "fish") || call.has("no-execute");
  if (noexec) return;
  for (const Argument* code : call.values("init-command")) {  // fish
    resolve::RunAs how = sink.as(call.program());
    how.child_shell = true;
    sink.run_code(*code, dialect, how);
  }
  run_startup(call, sink, dialect);
  const bool fish = call.program() == "fish";
  if ((!fish && call.has("command")) || call.value("command-string") != nullptr ||
      call.value("command") != nullptr) {
    const Argument* code = call.value("command-string");
    if (code == nullptr) code = call.value("command");
    std::vector<Value> positional;
    if (code == nullptr) {
      if (call.operands().empty()) return;
      code = call.operands().front();
      for (size_t i = 1; i < call.operands().size(); ++i) positional.push_back(call.operands()[i]->value);
    }
    resolve::RunAs how = sink.as(call.program());
    how.child_shell = true;
    how.assigns = call.invocation().assigns;
    sink.run_shell(code->value, dialect, how, code->place, std::move(positional));
    return;
  }
  for (std::string_view option : {"rcfile", "init-file"})
    if (const Argument* file = call.value(option)) run_file(call, sink, *file, dialect, true);
  if (call.operands().empty() || call.has("stdin")) {
    if (!judge_bare_shell(call, dialect.shell, sink)) judge_live_shell(call, sink);
    return run_input(call, sink, dialect);
  }
  const Argument& file = *call.operands().front();
  if (call.any("verbose xtrace")) read_effect(sink, file);  // its lines are shown
  run_file(call, sink, file, dialect, true);
}

/// What PowerShell is fed from the network or hidden in base64 is spoken of.
constexpr Option kPowershell[] = {
    {0, "Command"}, {'c', "Command"},        {0, "EncodedCommand"},     {'e', "EncodedCommand"},
    {0, "enc"},     {0, "File", Arg::value}, {'f', "File", Arg::value}, {0, "NoProfile"},
    {0, "NoLogo"},  {0, "NoExit"},           {0, "NonInteractive"},     {0, "ExecutionPolicy", Arg::value},
    {0, "Version"}};
void powershell(const Call& call, Sink& sink) {
  if (call.any("EncodedCommand enc encodedcommand"))
    sink.add(Kind::runs_remote_code, "exec.decoded");
  else if (const Argument* file = call.value("File"))
    sink.run_file(*file);
  const resolve::Input& input = call.invocation().input;
  const bool tainted = has(input.data.taint, Taint::remote) || has(input.data.taint, Taint::decoded);
  if (tainted && input.kind == resolve::Input::Kind::pipe)
    sink.run_unknown(input.data, call.invocation().place);
  const bool inline_code = call.has("Command") || (!call.operands().empty() && !call.has("File"));
  if (!inline_code || call.operands().empty()) return;
  std::string code;
  for (const Argument* word : call.operands()) code += word->value.display() + ' ';
  judge_powershell(code, sink, call.operands().front()->place);
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.with_holes_empty();
    if (text.find("iex") == std::string::npos && text.find("Invoke-Expression") == std::string::npos)
      continue;
    sink.on(Kind::runs_remote_code, "exec.remote", *word);
    return;
  }
}

void eval(const Call& call, Sink& sink) {
  Value code;
  for (const Argument* word : call.operands()) {
    if (word == call.operands().front() && word->value.with_holes_empty() == "--") continue;
    if (!code.pieces().empty()) code.append_literal(" ", false);
    code.append(word->value);
  }
  if (call.operands().empty()) return;
  const std::string first = call.operand(0);
  // `eval "$(ssh-agent -s)"`, `eval "$(brew shellenv)"`: tools whose output is meant for eval.
  resolve::RunAs how = sink.as("eval");
  resolve::Place place = call.operands().front()->place;
  place.range.end = std::max(place.range.end, call.operands().back()->place.range.end);
  sink.run_shell(code, call.invocation().dialect, how, place);
}

void source(const Call& call, Sink& sink) {
  if (call.operands().empty()) {
    if (call.invocation().dialect.shell == Shell::fish) run_input(call, sink, call.invocation().dialect);
    return;
  }
  run_file(call, sink, *call.operands().front(), call.invocation().dialect, false);
}

void trap(const Call& call, Sink& sink) {
  judge_debug_trap(call, sink);
  if (call.operands().size() < 2) return;
  const std::string code = call.operand(0);
  if (code == "-" || code.empty()) return;
  resolve::RunAs how = sink.as("trap");
  how.child_shell = true;
  sink.run_code(*call.operands().front(), call.invocation().dialect, how);
}

constexpr Option kMapfile[] = {
    {'C', "callback", Arg::value}, {'c', "quantum", Arg::value},   {'t', "trim"},
    {'n', "count", Arg::value},    {'d', "delimiter", Arg::value}, {'u', "fd", Arg::value},
    {'O', "origin", Arg::value},   {'s', "skip", Arg::value}};
void mapfile(const Call& call, Sink& sink) {
  if (const Argument* code = call.value("callback")) {
    resolve::RunAs how = sink.as(call.program());
    how.child_shell = true;
    sink.run_code(*code, call.invocation().dialect, how);
  }
}
constexpr Option kCompgen[] = {
    {'C', "command", Arg::value}, {'W', "words", Arg::value},  {'F', "function", Arg::value},
    {'A', "action", Arg::value},  {'P', "prefix", Arg::value}, {'S', "suffix", Arg::value},
    {'X', "filter", Arg::value},  {'G', "glob", Arg::value},   {'o', "option", Arg::value}};
void compgen(const Call& call, Sink& sink) {
  if (call.invocation().dialect.shell == Shell::fish) return judge_fish_completion(call.invocation(), sink);
  if (const Argument* code = call.value("command"); code != nullptr) {
    resolve::RunAs how = sink.as(call.program());
    how.child_shell = true;
    sink.run_code(*code, call.invocation().dialect, how);
  }
  if (const Argument* words = call.value("words"); words != nullptr) judge_expanded(sink, *words);
}

/// zpty NAME COMMAND…: its words become one line of a zsh of its own.
constexpr Option kZpty[] = {{'b', "no-block"},   {'e', "echo"},  {'d', "delete"},
                            {'w', "write"},      {'r', "read"},  {'t', "test"},
                            {'n', "no-newline"}, {'m', "match"}, {'L', "list"}};
void zpty(const Call& call, Sink& sink) {
  if (call.any("delete write read test list") || call.operands().size() < 2) return;
  Value line;
  for (const Argument& word : call.rest(1)) {
    line.append(word.value);
    line.append_literal(" ", false);
  }
  resolve::RunAs how = sink.as("zpty");
  how.child_shell = true;
  sink.run_code({line, call.operands()[1]->place, nullptr}, *dialect_from_name("zsh"), how);
}

constexpr Option kHash[] = {
    {'p', "path", Arg::value}, {'d', "delete"}, {'r', "reset"}, {'t', "table"}, {'l', "list"}};
void hash(const Call& call, Sink& sink) {
  for (const Argument* operand : call.operands())  // zsh: hash ls=/somewhere/else
    if (const std::string text = operand->value.with_holes_empty(); text.find("=/") != std::string::npos)
      sink.on(Kind::changes_config, "exec.hijack", *operand).detail = "hash";
  if (call.has("path") && !call.operands().empty())
    sink.on(Kind::changes_config, "exec.hijack", *call.operands().front()).detail = "hash -p";
}

/// enable -f FILE NAME: a builtin out of a shared object, whose code runs when it is loaded.
constexpr Option kEnable[] = {{'f', "file", Arg::value}, {'a', "all"},   {'d', "delete"},
                              {'n', "disable"},          {'p', "print"}, {'s', "special"}};
void enable(const Call& call, Sink& sink) {
  if (const Argument* file = call.value("file")) sink.run_file(*file);
  if (!call.any("file delete disable")) return;
  for (const Argument* name : call.operands())
    if (is_ours(name->value.with_holes_empty())) sink.on(Kind::changes_config, "self.disable", *name);
}

constexpr Option kHistory[] = {{'c', "clear"},  {'d', "delete", Arg::value},
                               {'a', "append"}, {'w', "write"},
                               {'r', "read"},   {'n', "new"}};
void history(const Call& call, Sink& sink) {
  if (call.has("clear") || call.operand(0) == "clear") sink.add(Kind::changes_config, "sys.history");
}

/// What was typed holds passwords and tokens now and then; on the screen it is an everyday list.
Value history_output(const Call& call) {
  Value out = Value::unknown(resolve::HoleKind::output);
  if (!call.any("clear delete append write read new")) out.taint = Taint::secret;
  return out;
}

constexpr Option kUnset[] = {{'f', "function"}, {'v', "variable"}, {'n', "nameref"},
                             {'e', "erase"},    {'m', "pattern"},  {'c', "copy"}};
void unset(const Call& call, Sink& sink) {
  const bool fish = call.invocation().dialect.shell == Shell::fish;
  if (call.program() == "set" && !fish) return;  // its options and parameters
  const bool lists = call.program() == "functions" || call.program() == "set";
  const bool erases = !lists || call.any("erase copy");
  for (const Argument* name : call.operands()) {
    const std::string text = name->value.with_holes_empty();
    if (erases &&
        (is_ours(text) || text == "preexec_functions" || text == "PROMPT_COMMAND" || text == "TRAPDEBUG"))
      sink.on(Kind::changes_config, "self.disable", *name);
  }
}
constexpr Option kZshHook[] = {{'d', "delete"},   {'D', "pattern"}, {'L', "list"},
                               {'U', "no-alias"}, {'z', "zsh"},     {'k', "ksh"}};
constexpr Option kBind[] = {{'r', "remove", Arg::value},
                            {'e', "erase"},
                            {'a', "all"},
                            {'m', "keymap", Arg::value},
                            {'x', "execute", Arg::value},
                            {'f', "file", Arg::value},
                            {'q', "query", Arg::value},
                            {'u', "unbind", Arg::value},
                            {'M', "mode", Arg::value},
                            {'s', "string"}};
/// What a key runs: bash bind -x '"KEYS": code', fish bind KEYS code, zsh bindkey -s KEYS 'what is typed'.
void bound_code(const Call& call, Sink& sink) {
  const Dialect& dialect = call.invocation().dialect;
  resolve::RunAs how = sink.as("bind");
  how.child_shell = true;
  if (dialect.shell == Shell::fish) {
    for (size_t i = 1; i < call.operands().size(); ++i) sink.run_code(*call.operands()[i], dialect, how);
    return;
  }
  if (call.program() == "bindkey") {
    if (!call.has("string") || call.operands().size() < 2) return;
    std::string typed = call.operand(1);
    const size_t enter =
        std::min({typed.find("^M"), typed.find("\\n"), typed.find('\n'), typed.find("\\C-m")});
    if (enter == std::string::npos) return;  // left for the person to send
    sink.run_code({Value::exact(typed.substr(0, enter)), call.operands()[1]->place, nullptr}, dialect, how);
    return;
  }
  const Argument* given = call.value("execute");
  const auto text = given == nullptr ? std::nullopt : given->value.text();
  const size_t colon =
      !text ? std::string::npos : text->find(':', std::min(text->rfind('"'), text->size() - 1));
  if (colon == std::string::npos) return;
  sink.run_code({Value::exact(text->substr(colon + 1)), given->place, nullptr}, dialect, how);
}
void bind(const Call& call, Sink& sink) {
  if (!judge_enter_key(call, sink)) bound_code(call, sink);
}

/// sched +1:00 command…
void sched(const Call& call, Sink& sink) {
  if (call.operands().size() < 2 || call.operand(0).starts_with('-')) return;
  sink.run(call.rest(1), sink.as("sched"));
}

/// zsh alias -g X='; code', -s txt='code': they take effect in the midst of a command, or by a file's name.
constexpr Option kAlias[] = {{'g', "global"}, {'s', "suffix"}, {'r', "regular"}, {'p', "print"}};
void judge_word_aliases(const Call& call, Sink& sink) {
  resolve::RunAs how = sink.as("alias");
  how.child_shell = true;
  for (const Argument* word : call.operands()) {
    const auto text = word->value.text();
    const size_t equals = text ? text->find('=') : std::string::npos;
    if (equals == std::string::npos) continue;
    const std::string before = call.has("global") ? ": " : "";
    sink.run_code({Value::exact(before + text->substr(equals + 1)), word->place, nullptr},
                  call.invocation().dialect, how);
  }
}

/// alias sudo=/tmp/x: another program under a name that is trusted with a password.
void alias(const Call& call, Sink& sink) {
  const Shell shell = call.invocation().dialect.shell;
  const bool zsh = shell == Shell::zsh;
  for (const Argument* word :
       call.operands()) {  // a key's function is called by its name, where an alias comes first
    const std::string text = word->value.with_holes_empty();
    if (text.find('=') != std::string::npos || (shell == Shell::fish && call.operands().size() > 1))
      judge_hook_name(text.substr(0, text.find('=')), word->place, sink);
  }
  if (zsh && call.any("global suffix")) return judge_word_aliases(call, sink);
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.with_holes_empty();
    const size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (equals == std::string::npos || (name != "sudo" && name != "su" && name != "ssh" && name != "doas"))
      continue;
    const std::string program = text.substr(equals + 1, text.find(' ', equals) - equals - 1);
    if (program.find('/') != std::string::npos && !program.ends_with('/' + name))
      sink.on(Kind::changes_config, "exec.hijack", *word).detail = "alias " + name;
  }
}

constexpr CommandSpec kShellCommands[] = {
    {"alias", kAlias, Order::permuted, alias},
    {"enable", kEnable, Order::permuted, enable},
    {"sh bash dash ash ksh mksh zsh rbash busybox-sh yash oksh lksh ksh93 csh tcsh elvish nu xonsh", kShell,
     Order::leading, shell},
    {"fish", kFish, Order::leading, shell},
    {"cmd", {}, Order::raw, windows_cmd},
    {"pwsh powershell", kPowershell, Order::single_dash, powershell},
    {"eval", {}, Order::raw, eval},
    {"source .", {}, Order::leading, source},
    {"trap", {}, Order::leading, trap},
    {"mapfile readarray", kMapfile, Order::permuted, mapfile},
    {"compgen complete", kCompgen, Order::permuted, compgen},
    {"hash", kHash, Order::permuted, hash},
    {"zpty", kZpty, Order::leading, zpty},
    {"sched", {}, Order::leading, sched},
    {"history", kHistory, Order::permuted, history, history_output},
    {"unset unfunction disable functions set", kUnset, Order::permuted, unset},
    {"bind bindkey", kBind, Order::permuted, bind},
    {"add-zsh-hook", kZshHook, Order::leading, remove_zsh_hook},
};

}  // namespace

std::span<const CommandSpec> shell_commands() { return kShellCommands; }

}  // namespace cmdai::commands
