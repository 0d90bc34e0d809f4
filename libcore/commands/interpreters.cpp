// python -c, perl -e, node -e, ruby -e, php -r, awk: inline code in other languages. A small tokenizer finds
// calls and their string arguments; what reads like "run this in a shell" goes back to the shell evaluator.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/inline_code.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

/// What a called function does with its first string argument.
enum class Does : uint8_t { shell, argv, deletes, writes, connects, decodes, opens };

struct Callee {
  std::string_view name;  ///< last component of the dotted name, or all of it when it has a dot
  Does does;
};

constexpr Callee kPython[] = {{"os.system", Does::shell},
                              {"os.popen", Does::shell},
                              {"subprocess.run", Does::argv},
                              {"subprocess.call", Does::argv},
                              {"subprocess.Popen", Does::argv},
                              {"subprocess.check_call", Does::argv},
                              {"subprocess.check_output", Does::argv},
                              {"subprocess.getoutput", Does::shell},
                              {"subprocess.getstatusoutput", Does::shell},
                              {"pty.spawn", Does::argv},
                              {"os.execl", Does::argv},
                              {"os.execlp", Does::argv},
                              {"os.execv", Does::argv},
                              {"os.execvp", Does::argv},
                              {"os.spawnl", Does::argv},
                              {"shutil.rmtree", Does::deletes},
                              {"os.remove", Does::deletes},
                              {"os.unlink", Does::deletes},
                              {"os.rmdir", Does::deletes},
                              {"os.removedirs", Does::deletes},
                              {"rmtree", Does::deletes},
                              {"check_output", Does::argv},
                              {"Popen", Does::argv},
                              {"system", Does::shell},
                              {"popen", Does::shell},
                              {"spawn", Does::argv}};
constexpr Callee kNode[] = {
    {"exec", Does::shell},     {"execSync", Does::shell},       {"spawn", Does::argv},
    {"spawnSync", Does::argv}, {"execFile", Does::argv},        {"execFileSync", Does::argv},
    {"rmSync", Does::deletes}, {"rm", Does::deletes},           {"rmdirSync", Does::deletes},
    {"rmdir", Does::deletes},  {"unlinkSync", Does::deletes},   {"unlink", Does::deletes},
    {"rimraf", Does::deletes}, {"writeFileSync", Does::writes}, {"writeFile", Does::writes}};
constexpr Callee kPerl[] = {
    {"system", Does::shell},   {"exec", Does::shell},          {"unlink", Does::deletes},
    {"rmtree", Does::deletes}, {"remove_tree", Does::deletes}, {"rmdir", Does::deletes},
    {"qx", Does::shell},       {"popen", Does::shell}};
constexpr Callee kRuby[] = {
    {"system", Does::shell},       {"exec", Does::shell},           {"spawn", Does::shell},
    {"rm_rf", Does::deletes},      {"rm_r", Does::deletes},         {"rm", Does::deletes},
    {"remove_dir", Does::deletes}, {"remove_entry", Does::deletes}, {"rmtree", Does::deletes},
    {"unlink", Does::deletes},     {"delete", Does::deletes},       {"popen", Does::shell}};
constexpr Callee kPhp[] = {{"system", Does::shell},
                           {"exec", Does::shell},
                           {"shell_exec", Does::shell},
                           {"passthru", Does::shell},
                           {"popen", Does::shell},
                           {"proc_open", Does::shell},
                           {"file_put_contents", Does::writes},
                           {"unlink", Does::deletes},
                           {"rmdir", Does::deletes}};
constexpr Callee kAwk[] = {{"system", Does::shell}};
constexpr Callee kLua[] = {{"execute", Does::shell}, {"popen", Does::shell}, {"remove", Does::deletes}};

struct Language {
  std::string_view programs;
  std::span<const Callee> callees;
  CodeStyle style;
};

const Callee* find_callee(std::span<const Callee> callees, const CodeCall& call) {
  for (const Callee& c : callees) {
    if (c.name.find('.') != std::string_view::npos
            ? call.name == c.name
            : call.name == c.name || call.name.ends_with("." + std::string(c.name)))
      return &c;
  }
  return nullptr;
}

/// exec @ARGV, os.execvp(sys.argv[1], …): what stands behind the code on the line.
void run_operands(Sink& sink, const resolve::RunAs& how) {
  const auto& argv = sink.invocation().argv;
  size_t first = 1;
  while (first < argv.size() && argv[first].value.prefix().starts_with('-')) {
    const std::string option = argv[first].value.prefix();
    first += option.ends_with('e') || option.ends_with('c') || option.ends_with('E') ? 2 : 1;
  }
  if (first < argv.size()) sink.run({argv.begin() + static_cast<std::ptrdiff_t>(first), argv.end()}, how);
}

/// os.execvp("rm", ["rm", "-rf", "d"]): the first of the words is a name.
bool names_itself(const CodeCall& call) {
  return call.name.find("exec") != std::string::npos && call.strings.size() > 1 &&
         call.name.starts_with("os.") &&
         call.strings[0].substr(call.strings[0].rfind('/') + 1) ==
             call.strings[1].substr(call.strings[1].rfind('/') + 1);
}

/// The home at the head of a path, as people write it inside strings of these languages.
std::string with_home(const std::string& path, const std::string& home) {
  for (const std::string_view spelled :
       {"~", "$ENV{HOME}", "$ENV{'HOME'}", "#{Dir.home}", "#{ENV['HOME']}", "#{ENV[\"HOME\"]}",
        "${process.env.HOME}", "${os.homedir()}", "{$_SERVER['HOME']}"})
    if (path.starts_with(spelled)) return home + path.substr(spelled.size());
  return path;
}

void judge_call(const CodeCall& call, const Callee& callee, Sink& sink, resolve::Place place,
                std::string_view language) {
  resolve::RunAs how = sink.as(language);
  how.child_shell = true;
  const bool known = !call.strings.empty() && call.first_is_string;
  const bool runs = callee.does == Does::shell || callee.does == Does::argv;
  if (runs && call.takes_arguments) return run_operands(sink, how);
  switch (callee.does) {
    case Does::shell:
      if (known && call.strings.size() > 1 && !call.pasted) {  // system("rm", "-rf", "/")
        std::vector<Argument> argv;
        for (const std::string& s : call.strings) argv.push_back({Value::exact(s), place, nullptr});
        sink.run(std::move(argv), how);
      } else if (!call.strings.empty()) {
        Value code;
        for (const std::string& s : call.strings) code.append(Value::exact(s));
        sink.run_shell(code, *dialect_from_name("sh"), how, place);
      } else if (call.has_arguments) {
        sink.run_unknown(Value::unknown(resolve::HoleKind::other), place);
      }
      return;
    case Does::argv:
      if (!known) return;
      if (call.strings.size() == 1 || call.shell_flag) {
        sink.run_shell(Value::exact(call.strings.front()), *dialect_from_name("sh"), how, place);
      } else {
        std::vector<Argument> argv;
        for (const std::string& s : call.strings) argv.push_back({Value::exact(s), place, nullptr});
        if (names_itself(call)) argv.erase(argv.begin());
        sink.run(std::move(argv), how);
      }
      return;
    case Does::deletes: {
      Value target = call.expands_home ? Value::exact(sink.evaluator().session().home) : Value();
      if (!call.strings.empty()) {
        const std::string path = with_home(call.strings.front(), sink.evaluator().session().home);
        target = Value();
        target.append_literal(path, path.find('*') != std::string::npos);
      } else if (!call.expands_home) {
        target = Value::unknown(resolve::HoleKind::other, {}, false);
      }
      Effect& e = sink.on_path(Kind::deletes, "fs.delete", {target, place, nullptr});
      e.recursive = call.name.find("tree") != std::string::npos ||
                    call.name.find("rm") != std::string::npos ||
                    call.name.find("remove_dir") != std::string::npos;
      e.force = true;
      return;
    }
    case Does::writes:
      if (known) write_effect(sink, {Value::exact(call.strings.front()), place, nullptr}, Write::replace);
      return;
    case Does::connects:
    case Does::decodes:
    case Does::opens: return;
  }
}

void judge_code(const std::string& code, const Language& language, Sink& sink, resolve::Place place) {
  const CodeSummary summary = scan_code(code, language.style);
  const std::string_view name = sink.invocation().program;
  bool runs = false, hidden = false;
  const CodeCall* pattern = nullptr;  // unlink glob("*.o"), [os.remove(f) for f in glob.glob("*.o")]
  for (const CodeCall& call : summary.calls)
    if ((call.name == "glob" || call.name.ends_with(".glob")) && !call.strings.empty()) pattern = &call;
  for (const CodeCall& call : summary.calls)
    if (const Callee* callee = find_callee(language.callees, call)) {
      const bool starts = callee->does == Does::shell || callee->does == Does::argv;
      runs |= starts;
      hidden |= starts && !call.first_is_string;
      CodeCall with_pattern = call;
      if (pattern != nullptr && callee->does == Does::deletes && call.strings.empty() && !call.expands_home)
        with_pattern.strings = pattern->strings;
      judge_call(with_pattern, *callee, sink, place, name);
    }
  for (const std::string& shell : summary.backquoted) {
    resolve::RunAs how = sink.as(name);
    how.child_shell = true;
    sink.run_shell(Value::exact(shell), *dialect_from_name("sh"), how, place);
  }
  for (const std::string& path : summary.written)
    write_effect(sink, {Value::exact(path), place, nullptr}, Write::replace);
  for (const std::string& path : summary.read) read_effect(sink, {Value::exact(path), place, nullptr});
  if (summary.connects && (summary.spawns_shell || (summary.dials && runs)))
    sink.add(Kind::runs_remote_code, "net.reverse-shell", place);
  else if (summary.fetches && summary.evaluates)
    sink.add(Kind::runs_remote_code, "exec.remote", place);
  else if (summary.decodes && (summary.evaluates || hidden))
    sink.add(Kind::runs_remote_code, "exec.decoded", place);
}

const Language kLanguages[] = {
    {"python python2 python3 pypy pypy3 ipython", kPython, CodeStyle::python},
    {"node nodejs deno bun tsx", kNode, CodeStyle::javascript},
    {"perl", kPerl, CodeStyle::perl},
    {"ruby irb", kRuby, CodeStyle::ruby},
    {"php", kPhp, CodeStyle::php},
    {"awk gawk mawk nawk", kAwk, CodeStyle::awk},
    {"lua luajit", kLua, CodeStyle::lua},
};

const Language& language_of(std::string_view program) {
  for (const Language& l : kLanguages) {
    std::string_view names = l.programs;
    while (!names.empty()) {
      const size_t blank = std::min(names.find(' '), names.size());
      if (program.starts_with(names.substr(0, blank))) return l;
      names.remove_prefix(std::min(blank + 1, names.size()));
    }
  }
  return kLanguages[0];
}

/// julia -e 'open("/etc/cron.d/x", "w")': paths of keys and of places that start code, in code nobody reads.
void judge_mentioned(const Argument& word, Sink& sink) {
  const std::string code = word.value.with_holes_empty();
  for (char quote : {'"', '\''})
    for (size_t at = code.find(quote); at != std::string::npos;) {
      const size_t end = code.find(quote, at + 1);
      if (end == std::string::npos) break;
      const std::string text = code.substr(at + 1, end - at - 1);
      at = code.find(quote, end + 1);
      if (!text.starts_with('/')) continue;
      const Argument path{Value::exact(text), word.place, nullptr};
      if (text.ends_with("/.ssh/authorized_keys") || text.starts_with("/etc/cron"))
        write_effect(sink, path, Write::replace);
      else
        read_effect(sink, path);
    }
}

void interpreter(const Call& call, Sink& sink) {
  if (call.any("help version syntax-check")) return;
  const Language& language = language_of(call.program());
  const bool in_place = call.has("in-place");
  bool inline_code = false;
  for (std::string_view option : {"code", "Code", "print-code", "run", "eval", "print"}) {
    for (const Argument* code : call.values(option)) {
      inline_code = true;
      if (has(code->value.taint, Taint::remote) || has(code->value.taint, Taint::decoded) ||
          code->value.is_unknown())
        sink.run_unknown(code->value, code->place);
      judge_code(code->value.with_holes_empty(), language, sink, code->place);
    }
  }
  if (inline_code) {
    if (in_place)
      for (const Argument* file : call.operands()) write_effect(sink, *file, Write::edit);
    return;
  }
  if (call.has("module")) {  // python -m pip install x
    std::vector<Argument> argv{*call.value("module")};
    const auto rest = call.rest();
    argv.insert(argv.end(), rest.begin(), rest.end());
    const std::string module = call.text("module");
    if (module == "pip" || module == "pipx" || module == "twine" || module == "poetry" || module == "venv")
      sink.run(std::move(argv), sink.as(call.program()));
    return;
  }
  const resolve::Input& input = call.invocation().input;
  const std::string script = call.operand(0);
  if (script.empty() || script == "-" || script == "/dev/stdin") {
    const bool fed = input.kind == resolve::Input::Kind::pipe || input.kind == resolve::Input::Kind::text;
    if (!fed) return;
    if (const auto text = input.data.text()) {
      judge_code(*text, language, sink, call.invocation().place);
      if (has(input.data.taint, Taint::remote)) sink.run_unknown(input.data, call.invocation().place);
    } else {
      judge_code(input.data.with_holes_empty(), language, sink, call.invocation().place);
      sink.run_unknown(input.data, call.invocation().place);
    }
    return;
  }
  const Argument& file = *call.operands().front();
  if (file.process) {
    sink.run_unknown(file.process->data, file.place);
    return;
  }
  if (script == "eval" || script == "repl") {  // deno eval CODE
    if (call.operands().size() > 1) judge_code(call.operand(1), language, sink, call.operands()[1]->place);
    return;
  }
  if (const Value* content = sink.file_content(file.value); content != nullptr) {
    judge_code(content->with_holes_empty(), language, sink, file.place);
  }
  const std::string base = script.substr(script.rfind('/') + 1);
  if (base == "manage.py" || base == "artisan" || base == "console")  // frameworks with tasks of their own
    sink.run(call.rest(), sink.as(call.program()));
  sink.run_file(file);
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

void awk(const Call& call, Sink& sink) {
  if (call.has("file")) return;
  if (call.operands().empty()) return;
  const Argument& code = *call.operands().front();
  judge_code(code.value.with_holes_empty(), language_of("awk"), sink, code.place);
  for (size_t i = 1; i < call.operands().size(); ++i)
    if (call.operand(i).find('=') == std::string::npos) read_effect(sink, *call.operands()[i]);
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
                                   {'p', "print-code", Arg::value},
                                   {0, "eval", Arg::value},
                                   {'r', "require", Arg::value},
                                   {'c', "syntax-check"},
                                   {'v', "version"},
                                   {'h', "help"},
                                   {'i', "interactive"},
                                   {0, "print", Arg::value},
                                   {0, "input-type", Arg::value}};
constexpr Option kPerlOptions[] = {{'e', "code", Arg::value},
                                   {'E', "Code", Arg::value},
                                   {'i', "in-place", Arg::optional},
                                   {'n', "loop"},
                                   {'p', "loop-print"},
                                   {'l', "line", Arg::optional},
                                   {'0', "separator", Arg::optional},
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
                                  {'e', "source", Arg::value}};
constexpr Option kLuaOptions[] = {
    {'e', "code", Arg::value}, {'l', "library", Arg::value}, {'i', "interactive"}, {'v', "version"}};

constexpr Option kOther[] = {{'e', "code", Arg::value}, {0, "eval", Arg::value}, {'E', "print", Arg::value},
                             {'v', "version"},          {0, "version"},          {0, "help"}};

constexpr CommandSpec kCommands[] = {
    {"python python2 python3 pypy pypy3 ipython", kPythonOptions, Order::leading, interpreter},
    {"node nodejs deno bun tsx", kNodeOptions, Order::leading, interpreter},
    {"perl", kPerlOptions, Order::leading, interpreter},
    {"ruby", kRubyOptions, Order::leading, interpreter},
    {"php", kPhpOptions, Order::leading, interpreter},
    {"lua luajit", kLuaOptions, Order::leading, interpreter},
    {"awk gawk mawk nawk", kAwkOptions, Order::leading, awk},
    {"julia elixir octave octave-cli groovy R Rscript ghc runghc scala tclsh expect guile racket", kOther,
     Order::leading, unread_language},
};

}  // namespace

std::span<const CommandSpec> interpreter_commands() { return kCommands; }

}  // namespace cmdai::commands
