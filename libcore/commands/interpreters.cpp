// python -c, perl -e, node -e, ruby -e, php -r, awk: how interpreters of other languages are given their
// code.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/agent_programs.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/code_effects.hpp"
#include "libcore/commands/constant_print.hpp"
#include "libcore/commands/credential_tools.hpp"
#include "libcore/commands/languages.hpp"
#include "libcore/commands/script_files.hpp"
#include "libcore/commands/tcl.hpp"
#include "libcore/commands/text.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

/// node --run NAME, bun run NAME: what package.json says, like npm run NAME.
bool run_as_package_script(const Call& call, Sink& sink) {
  const bool bun = call.program() == "bun" && call.operand(0) == "run";
  const bool node = language_of(call.program()).style == CodeStyle::javascript && call.has("run");
  if (!bun && !node) return false;
  std::vector<Argument> argv;
  for (std::string_view word : {"npm", "run"})
    argv.push_back({Value::exact(std::string(word)), call.invocation().place, nullptr});
  if (const Argument* script = call.value("run"); node && script != nullptr) argv.push_back(*script);
  for (size_t i = bun ? 1 : 0; i < call.operands().size(); ++i) argv.push_back(*call.operands()[i]);
  sink.run(std::move(argv), sink.as(call.program()));
  return true;
}

bool judge_code_file(const Value& path, const Language& language, Sink& sink, resolve::Place place) {
  const auto text = read_text(sink, path);
  if (!text) return false;
  sink.evaluator().within_file(text->text.size(), [&] { judge_code(text->text, language, sink, place); });
  return true;
}

/// python -m a.b: a/b.py or a/b/__main__.py, first of all where one stands.
void judge_module(const Argument& module, const Language& language, Sink& sink) {
  std::string path = module.value.text().value_or("");
  std::replace(path.begin(), path.end(), '.', '/');
  if (path.empty() || judge_code_file(Value::exact(path + ".py"), language, sink, module.place)) return;
  judge_code_file(Value::exact(path + "/__main__.py"), language, sink, module.place);
}

/// -c CODE, -e CODE. False: there is none.
bool run_inline(const Call& call, const Language& language, Sink& sink) {
  bool found = false;
  const auto judge = [&](const Argument& code) {
    found = true;
    if (has(code.value.taint, Taint::remote) || has(code.value.taint, Taint::decoded) ||
        code.value.is_unknown())
      sink.run_unknown(code.value, code.place);
    judge_code(code.value.with_holes_empty(), language, sink, code.place);
  };
  for (std::string_view option : {"code", "Code", "run", "eval", "print", "execute"})
    for (const Argument* code : call.values(option)) judge(*code);
  if (!found && call.has("print") && !call.operands().empty()) judge(*call.operands().front());
  if (found && call.has("in-place"))
    for (const Argument* file : call.operands()) write_effect(sink, *file, Write::edit);
  return found;
}

/// python -m pip install x
void run_module(const Argument& name, const Call& call, const Language& language, Sink& sink) {
  static constexpr std::string_view kPrograms[] = {"pip", "pipx", "twine", "poetry", "venv"};
  const std::string module = call.text("module");
  judge_credential_tool(module, name.place, sink);
  if (!among(kPrograms, module)) return judge_module(name, language, sink);
  std::vector<Argument> argv{name};
  const auto rest = call.rest();
  argv.insert(argv.end(), rest.begin(), rest.end());
  sink.run(std::move(argv), sink.as(call.program()));
}

/// `python < KEY`: the line that is no program is shown.
void judge_secret_code(const resolve::Input& input, Sink& sink) {
  if (input.kind == resolve::Input::Kind::file && has(input.data.taint, Taint::secret))
    sink.add(Kind::reads_secret, "secret.print");
}

/// Code from standard input.
void run_code_input(const Call& call, const Language& language, Sink& sink) {
  const resolve::Input& input = call.invocation().input;
  judge_secret_code(input, sink);
  for (const resolve::ResolvedRedirect& r : call.invocation().redirects)
    if (r.op == "<" && (r.fd.empty() || r.fd == "0")) judge_code_file(r.target, language, sink, r.place);
  if (input.kind != resolve::Input::Kind::pipe && input.kind != resolve::Input::Kind::text) return;
  judge_code(input.data.with_holes_empty(), language, sink, call.invocation().place);
  if (!input.data.is_exact() || has(input.data.taint, Taint::remote))
    sink.run_unknown(input.data, call.invocation().place);
}

/// x.pyc and __pycache__/x.cpython-311.pyc: the source they were made of; "" for other files.
std::string source_of_compiled(std::string path) {
  static constexpr std::string_view kFolder = "__pycache__/";
  if (!path.ends_with(".pyc")) return {};
  const size_t folder = path.rfind(kFolder), tag = path.rfind(".cpython-");
  if (folder == std::string::npos || tag == std::string::npos || tag < folder)
    return path.substr(0, path.size() - 1);
  return path.substr(0, folder) + path.substr(folder + kFolder.size(), tag - folder - kFolder.size()) + ".py";
}

/// What this line put into a file, or into the one it was compiled from.
const Value* code_content(const Argument& file, const Sink& sink) {
  if (const Value* content = sink.file_content(file.value)) return content;
  const std::string source = source_of_compiled(file.value.text().value_or(""));
  return source.empty() ? nullptr : sink.file_content(Value::exact(source));
}

void run_code_file(const Argument& file, const Call& call, const Language& language, Sink& sink) {
  if (file.process) return sink.run_unknown(file.process->data, file.place);
  bool is_read = false;
  if (const Value* content = code_content(file, sink); content != nullptr)
    judge_code(content->with_holes_empty(), language, sink, file.place);
  else
    is_read = judge_code_file(file.value, language, sink, file.place);
  const std::string script = file.value.with_holes_empty();
  const std::string base = script.substr(script.rfind('/') + 1);
  if (base == "manage.py" || base == "artisan" || base == "console")  // frameworks with tasks of their own
    sink.run(call.rest(), sink.as(call.program()));
  sink.run_file(file, is_read);
}

/// deno run [OPTION…] FILE|URL, deno eval [OPTION…] CODE
void run_deno_verb(const Call& call, const Language& language, Sink& sink) {
  const auto& operands = call.operands();
  const auto what = std::find_if(operands.begin() + 1, operands.end(),
                                 [](const Argument* word) { return !word->value.prefix().starts_with('-'); });
  if (what == operands.end()) return;
  const Argument& word = **what;
  if (call.operand(0) != "run") return judge_code(word.value.with_holes_empty(), language, sink, word.place);
  const std::string url = word.value.prefix();
  if (url.starts_with("https://") || url.starts_with("http://"))
    sink.on(Kind::runs_remote_code, "exec.remote", word);
  else
    run_code_file(word, call, language, sink);
}

void interpreter(const Call& call, Sink& sink) {
  if (call.any("help version syntax-check") || run_as_package_script(call, sink)) return;
  const Language& language = language_of(call.program());
  const bool is_inline = run_inline(call, language, sink);
  if (language.speaks_of_paths) {
    for (const Argument& word : call.argv()) judge_mentioned(word, sink);
    judge_mentioned({call.invocation().input.data, call.invocation().place, nullptr}, sink);
  }
  if (call.any("interactive inspect")) judge_live_shell(call, sink);
  if (is_inline) return;
  if (const Argument* module = call.value("module")) return run_module(*module, call, language, sink);
  const std::string script = call.operand(0);
  if (script.empty() || script == "-" || script == "/dev/stdin") {
    if (!call.any("interactive inspect loop loop-print in-place")) judge_live_shell(call, sink);
    return run_code_input(call, language, sink);
  }
  if (script == "eval" || script == "repl" || (script == "run" && call.program() == "deno"))
    return run_deno_verb(call, language, sink);
  run_code_file(*call.operands().front(), call, language, sink);
}

/// v run FILE, v FILE.vsh, v -e CODE; `v FILE.v` only compiles it.
void vlang(const Call& call, Sink& sink) {
  if (call.any("version help")) return;
  const Language& language = language_of(call.program());
  if (run_inline(call, language, sink)) return;
  const auto& operands = call.operands();
  if (operands.empty()) return;
  size_t first = call.operand(0) == "watch" ? 1 : 0;
  const std::string verb = call.operand(first);
  const bool runs = verb == "run" || verb == "crun";
  if (runs) ++first;
  if (first >= operands.size() || !(runs || verb.ends_with(".vsh"))) return;
  if (call.operand(first) == "-") return run_code_input(call, language, sink);
  run_code_file(*operands[first], call, language, sink);
}

/// Languages that are not read: what comes from the network or out of a decoder is spoken of all the same.
void unread_language(const Call& call, Sink& sink) {
  const resolve::Input& input = call.invocation().input;
  const bool tainted = has(input.data.taint, Taint::remote) || has(input.data.taint, Taint::decoded);
  if (tainted && input.kind == resolve::Input::Kind::pipe && call.operands().empty())
    sink.run_unknown(input.data, call.invocation().place);
  else if (!call.operands().empty() && call.given().empty())
    sink.run_file(*call.operands().front());
  for (const Argument& word : call.argv()) judge_mentioned(word, sink);
}

/// gawk -e CODE -f FILE: with either the operands are files; else the first is the program.
void awk(const Call& call, Sink& sink) {
  const Language& language = language_of("awk");
  for (const Argument* code : call.values("source"))
    judge_code(code->value.with_holes_empty(), language, sink, code->place);
  for (const Argument* file : call.values("file"))
    if (const Value* content = sink.file_content(file->value); content != nullptr)
      judge_code(content->with_holes_empty(), language, sink, file->place);
  size_t files = 0;
  if (!call.any("source file") && !call.operands().empty()) {
    const Argument& code = *call.operands()[files++];
    judge_code(code.value.with_holes_empty(), language, sink, code.place);
  }
  for (; files < call.operands().size(); ++files)
    if (call.operand(files).find('=') == std::string::npos) read_effect(sink, *call.operands()[files]);
}

constexpr Option kPythonOptions[] = {{'c', "code", Arg::value},
                                     {'m', "module", Arg::value},
                                     {'V', "version"},
                                     {'h', "help"},
                                     {'u', "unbuffered"},
                                     {'W', "warning", Arg::value},
                                     {'X', "implementation", Arg::value},
                                     {'O', "optimize"},
                                     {'B', "no-bytecode"},
                                     {'E', "no-environment"},
                                     {'I', "isolated"},
                                     {'s', "no-user-site"},
                                     {'S', "no-site"},
                                     {'i', "inspect"},
                                     {'q', "quiet"},
                                     {0, "version"},
                                     {0, "help"}};
constexpr Option kNodeOptions[] = {{'e', "code", Arg::value},
                                   {'p', "print"},  // -p CODE is -pe CODE, and so with --print
                                   {0, "eval", Arg::value},
                                   {'r', "require", Arg::value},
                                   {'c', "syntax-check"},
                                   {'v', "version"},
                                   {'h', "help"},
                                   {'i', "interactive"},
                                   {0, "print"},
                                   {0, "run", Arg::value},
                                   {0, "import", Arg::value},
                                   {'C', "conditions", Arg::value},
                                   {0, "input-type", Arg::value}};
constexpr Option kPerlOptions[] = {{'e', "code", Arg::value},
                                   {'E', "Code", Arg::value},
                                   {'i', "in-place", Arg::optional},
                                   {'n', "loop"},
                                   {'p', "loop-print"},
                                   {'l', "line", Arg::digits},
                                   {'0', "separator", Arg::digits},
                                   {'C', "unicode", Arg::digits},
                                   {'d', "debugger", Arg::optional},
                                   {'D', "debug", Arg::optional},
                                   {'x', "extract", Arg::optional},
                                   {'a', "split"},
                                   {'F', "pattern", Arg::value},
                                   {'M', "use", Arg::value},
                                   {'m', "use", Arg::value},
                                   {'I', "include", Arg::value},
                                   {'w', "warn"},
                                   {'c', "syntax-check"},
                                   {'v', "version"},
                                   {'h', "help"},
                                   {'s', "switch"},
                                   {'t', "taint"},
                                   {'T', "taint"}};
constexpr Option kRubyOptions[] = {{'e', "code", Arg::value},
                                   {'i', "in-place", Arg::optional},
                                   {'n', "loop"},
                                   {'p', "loop-print"},
                                   {'r', "require", Arg::value},
                                   {'I', "include", Arg::value},
                                   {'c', "syntax-check"},
                                   {'v', "version"},
                                   {'h', "help"},
                                   {'w', "warn"},
                                   {'l', "line"},
                                   {'a', "split"},
                                   {'0', "separator", Arg::digits},
                                   {'W', "warning", Arg::digits},
                                   {'F', "pattern", Arg::value},
                                   {'C', "directory", Arg::value},
                                   {'E', "encoding", Arg::value},
                                   {'s', "switch"}};
constexpr Option kPhpOptions[] = {{'r', "code", Arg::value},
                                  {'f', "file", Arg::value},
                                  {'B', "begin", Arg::value},
                                  {'R', "run", Arg::value},
                                  {'E', "end", Arg::value},
                                  {'d', "define", Arg::value},
                                  {'l', "syntax-check"},
                                  {'v', "version"},
                                  {'h', "help"},
                                  {'m', "modules"},
                                  {'i', "info"}};
constexpr Option kAwkOptions[] = {{'F', "field", Arg::value},
                                  {'v', "assign", Arg::value},
                                  {'f', "file", Arg::value},
                                  {'i', "include", Arg::value},
                                  {'e', "source", Arg::value},
                                  {0, "field-separator", Arg::value},
                                  {'o', "pretty-print", Arg::optional},
                                  {'d', "dump-variables", Arg::optional},
                                  {'l', "load", Arg::value},
                                  {'p', "profile", Arg::optional}};
constexpr Option kLuaOptions[] = {
    {'e', "code", Arg::value}, {'l', "library", Arg::value}, {'i', "interactive"}, {'v', "version"}};

constexpr Option kVlang[] = {{'e', "code", Arg::value},
                             {0, "o", Arg::value},
                             {0, "output", Arg::value},
                             {0, "cc", Arg::value},
                             {0, "d", Arg::value},
                             {0, "define", Arg::value},
                             {0, "cflags", Arg::value},
                             {0, "b", Arg::value},
                             {0, "backend", Arg::value},
                             {0, "os", Arg::value},
                             {0, "gc", Arg::value},
                             {0, "path", Arg::value},
                             {0, "version"},
                             {0, "help"},
                             {0, "prod"},
                             {0, "g"},
                             {0, "cg"}};

constexpr Option kOther[] = {{'e', "code", Arg::value}, {0, "eval", Arg::value}, {'E', "print", Arg::value},
                             {'v', "version"},          {0, "version"},          {0, "help"}};

constexpr Option kTclOptions[] = {{0, "encoding", Arg::value}};
constexpr Option kExpectOptions[] = {{'c', "code", Arg::value},
                                     {'f', "file", Arg::value},
                                     {'b', "buffer"},
                                     {'d', "debug"},
                                     {'i', "interactive"},
                                     {'n', "n"},
                                     {'N', "N"},
                                     {'v', "version"}};
/// Tcl in expect -c, in a script this line wrote, or on standard input.
void tcl(const Call& call, Sink& sink) {
  if (call.has("version")) return;
  for (const Argument* code : call.values("code"))
    judge_tcl(code->value.with_holes_empty(), sink, code->place);
  if (call.has("code")) return;
  const Argument* file = call.value("file");
  if (file == nullptr && !call.operands().empty()) file = call.operands().front();
  if (file == nullptr || file->value.with_holes_empty() == "-") {
    const resolve::Input& input = call.invocation().input;
    if (has(input.data.taint, Taint::remote) || has(input.data.taint, Taint::decoded))
      sink.run_unknown(input.data, call.invocation().place);
    judge_tcl(input.data.with_holes_empty(), sink, call.invocation().place);
  } else if (const Value* content = sink.file_content(file->value); content != nullptr) {
    judge_tcl(content->with_holes_empty(), sink, file->place);
  } else {
    sink.run_file(*file);
  }
  for (const Argument& word : call.argv()) judge_mentioned(word, sink);
}

constexpr Option kBeam[] = {{0, "eval", Arg::value},
                            {'e', "code", Arg::value},
                            {0, "noshell"},
                            {0, "noinput"},
                            {0, "sname", Arg::value},
                            {0, "name", Arg::value},
                            {0, "cookie", Arg::value},
                            {0, "setcookie", Arg::value},
                            {0, "rpc-eval", Arg::value},
                            {'r', "require", Arg::value},
                            {'S', "script", Arg::value},
                            {0, "version"},
                            {0, "help"}};
constexpr Option kLispOptions[] = {{'c', "code", Arg::value},
                                   {'e', "eval", Arg::value},
                                   {0, "eval", Arg::value},
                                   {'x', "execute", Arg::value},
                                   {'l', "load", Arg::value},
                                   {0, "load", Arg::value},
                                   {0, "script", Arg::value},
                                   {'L', "directory", Arg::value},
                                   {0, "non-interactive"},
                                   {0, "no-auto-compile"},
                                   {'q', "quiet"},
                                   {'v', "version"},
                                   {0, "version"},
                                   {0, "help"}};
constexpr Option kEmacs[] = {{0, "eval", Arg::value},
                             {0, "execute", Arg::value},
                             {'l', "load", Arg::value},
                             {0, "load", Arg::value},
                             {'f', "funcall", Arg::value},
                             {0, "funcall", Arg::value},
                             {'L', "directory", Arg::value},
                             {'u', "user", Arg::value},
                             {0, "script", Arg::value},
                             {0, "batch"},
                             {0, "version"},
                             {0, "help"}};
constexpr Option kEmacsClient[] = {{'e', "eval"},
                                   {'s', "socket-name", Arg::value},
                                   {'a', "alternate-editor", Arg::value},
                                   {'c', "create-frame"},
                                   {'t', "tty"},
                                   {'n', "no-wait"}};
/// Lisp in its options; its operands are files to edit, and for emacsclient -e code.
void emacs(const Call& call, Sink& sink) {
  if (call.any("version help")) return;
  const Language& language = language_of("emacs");
  for (std::string_view option : {"eval", "execute"})
    for (const Argument* code : call.values(option))
      judge_code(code->value.with_holes_empty(), language, sink, code->place);
  if (call.program() == "emacsclient" && call.has("eval"))
    for (const Argument* code : call.operands())
      judge_code(code->value.with_holes_empty(), language, sink, code->place);
  if (const Argument* script = call.value("script")) sink.run_file(*script);
}

/// What one piece of inline code prints.
Value printed(const Call& call) {
  const Language& language = language_of(call.program());
  std::vector<const Argument*> codes;
  for (std::string_view option : {"code", "Code", "run", "eval", "source"})
    for (const Argument* code : call.values(option)) codes.push_back(code);
  const bool first = language.style == CodeStyle::awk && codes.empty() && !call.has("file");
  if (first && !call.operands().empty()) codes.push_back(call.operands().front());
  if (codes.size() == 1 && codes.front()->value.is_exact() && !call.any("loop loop-print print in-place"))
    if (auto text = constant_print(codes.front()->value.with_holes_empty(), language.style))
      return Value::exact(std::move(*text));
  return unknown_like(call.invocation().input.data);
}

constexpr CommandSpec kInterpreterCommands[] = {
    {"python python2 python3 pypy pypy3 ipython py", kPythonOptions, Order::leading, interpreter, printed},
    {"node nodejs deno bun tsx ts-node", kNodeOptions, Order::leading, interpreter, printed},
    {"perl", kPerlOptions, Order::leading, interpreter, printed},
    {"ruby", kRubyOptions, Order::leading, interpreter, printed},
    {"php", kPhpOptions, Order::leading, interpreter, printed},
    {"lua luajit", kLuaOptions, Order::leading, interpreter, printed},
    {"awk gawk mawk nawk", kAwkOptions, Order::leading, awk, printed},
    {"v vlang", kVlang, Order::single_dash, vlang},
    {"julia octave octave-cli R Rscript jjs", kOther, Order::leading, interpreter},
    {"elixir iex", kBeam, Order::leading, interpreter},
    {"erl", kBeam, Order::single_dash, interpreter},
    {"guile racket sbcl clisp csi clojure clj bb", kLispOptions, Order::leading, interpreter},
    {"emacs emacs-nox emacs-gtk", kEmacs, Order::single_dash, emacs},
    {"emacsclient", kEmacsClient, Order::permuted, emacs},
    {"tclsh wish", kTclOptions, Order::leading, tcl},
    {"expect", kExpectOptions, Order::leading, tcl},
    {"groovy ghc runghc scala", kOther, Order::leading, unread_language},
};

}  // namespace

std::span<const CommandSpec> interpreter_commands() { return kInterpreterCommands; }

}  // namespace cmdai::commands
