// python -c, perl -e, node -e, ruby -e, php -r, awk: inline code in other languages. A small tokenizer finds
// calls and their string arguments; what reads like "run this in a shell" goes back to the shell evaluator.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/agent_programs.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/constant_print.hpp"
#include "libcore/commands/credential_tools.hpp"
#include "libcore/commands/languages.hpp"
#include "libcore/commands/script_files.hpp"
#include "libcore/commands/tcl.hpp"
#include "libcore/commands/text.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

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

/// system("rm", "-rf", $ENV{HOME}): the literals, and the home where something stands for it.
std::vector<Argument> words_of(const CodeCall& call, const Sink& sink, resolve::Place place) {
  std::vector<Argument> argv;
  for (const std::string& s : call.strings)
    if (s != "HOME") argv.push_back({Value::exact(s), place, nullptr});
  const bool written = std::find(call.strings.begin(), call.strings.end(), "~") != call.strings.end();
  if (call.expands_home && !written) argv.push_back({Value::exact(sink.home()), place, nullptr});
  return argv;
}

void judge_call(const CodeCall& call, const Callee& callee, Sink& sink, resolve::Place place,
                std::string_view language) {
  resolve::RunAs how = sink.as(language);
  how.child_shell = true;
  const bool known = !call.strings.empty() && call.first_is_string;
  const auto file = [&](size_t at) {
    const std::string path = callee.method ? call.on : call.strings[at];
    return Argument{Value::exact(with_home(path, sink.home())), place, nullptr};
  };
  const bool runs = callee.does == Does::shell || callee.does == Does::argv;
  if (runs && call.takes_arguments) return run_operands(sink, how);
  switch (callee.does) {
    case Does::shell:
      if (known && call.strings.size() > 1 && !call.pasted) {  // system("rm", "-rf", "/")
        sink.run(words_of(call, sink, place), how);
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
        std::vector<Argument> argv = words_of(call, sink, place);
        if (names_itself(call)) argv.erase(argv.begin());
        sink.run(std::move(argv), how);
      }
      return;
    case Does::deletes:
    case Does::deletes_all: {
      Value target = call.expands_home ? Value::exact(sink.home()) : Value();
      if (callee.method || !call.strings.empty()) {
        const std::string path = file(0).value.with_holes_empty();
        target = Value();
        target.append_literal(path, path.find('*') != std::string::npos);
      } else if (!call.expands_home) {
        target = Value::unknown(resolve::HoleKind::other, {}, false);
      }
      Effect& e = sink.on_path(Kind::deletes, "fs.delete", {target, place, nullptr});
      e.recursive = callee.does == Does::deletes_all || call.recursive;
      e.force = true;
      return;
    }
    case Does::writes:
    case Does::appends:
      if (known || callee.method)
        write_effect(sink, file(0), callee.does == Does::writes ? Write::replace : Write::append);
      return;
    case Does::reads:
      if (known || callee.method) read_effect(sink, file(0));
      return;
    case Does::moves:
      if (known) sink.on_path(Kind::deletes, "fs.move", file(0));
      if (known && call.strings.size() > 1) write_effect(sink, file(1), Write::replace);
      return;
    case Does::copies:
      if (!known || call.strings.size() < 2) return;
      copy_content(sink, file(0).value, file(1).value);
      write_effect(sink, file(1), Write::replace);
      return;
  }
}

/// run(`rm -rf $(homedir())`): Julia's own call between backquotes.
std::string with_home_call(std::string line, const std::string& home) {
  static constexpr std::string_view kCall = "$(homedir())";
  if (const size_t at = line.find(kCall); at != std::string::npos) line.replace(at, kCall.size(), home);
  return line;
}

/// PHP: array_map("unlink", …), call_user_func("system", …).
CodeCall called_by_name(CodeCall call) {
  static constexpr std::string_view kCallers[] = {"array_map", "array_walk", "array_filter", "call_user_func",
                                                  "call_user_func_array"};
  if (!among(kCallers, call.name) || !call.first_is_string) return call;
  call.name = call.strings.front();
  call.strings.erase(call.strings.begin());
  return call;
}

/// Whether what a call starts is one of the files the code wrote, or can not be told.
bool may_start(const CodeCall& call, const std::vector<std::string>& files) {
  const auto is_named = [&files](const std::string& word) {
    return std::any_of(files.begin(), files.end(), [&](const std::string& file) {
      return file.size() > 1 && word.find(file) != std::string::npos;
    });
  };
  return !files.empty() &&
         (!call.first_is_string || std::any_of(call.strings.begin(), call.strings.end(), is_named));
}

/// What the code puts on the disk, urlretrieve(URL, FILE) and createWriteStream(FILE) too.
std::vector<std::string> files_of(const CodeSummary& summary) {
  std::vector<std::string> files = summary.written;
  for (const CodeCall& call : summary.calls) {
    if (call.name.ends_with("urlretrieve") && call.strings.size() > 1) files.push_back(call.strings[1]);
    if (call.name.ends_with("createWriteStream") && call.first_is_string) files.push_back(call.strings[0]);
  }
  return files;
}

/// glob("*.o"), os.walk("/x"): where the names that are deleted come from.
bool lists_files(const CodeCall& call) {
  static constexpr std::string_view kLists[] = {"glob",    "iglob", "walk",       "listdir",
                                                "scandir", "rglob", "readdirSync"};
  const std::string_view last = std::string_view(call.name).substr(call.name.rfind('.') + 1);
  return among(kLists, last) && (!call.strings.empty() || call.expands_home);
}

/// import subprocess as s: the calls by the name they have at home.
void undo_aliases(const std::string& code, CodeSummary& summary) {
  constexpr std::string_view kImport = "import ";
  constexpr size_t kMost = 64, kLongest = 512;  // imports looked at, bytes of each
  size_t seen = 0;
  for (size_t at = code.find(kImport); at != std::string::npos && seen < kMost; ++seen) {
    const size_t begin = at + kImport.size();
    const size_t end = std::min(code.find_first_of(";\n", begin), code.size());
    const std::vector<std::string> words =
        words_in(std::string_view(code).substr(begin, std::min(end - begin, kLongest)), " \t,");
    for (size_t i = 0; i + 2 < words.size(); ++i) {
      if (words[i + 1] != "as") continue;
      for (CodeCall& call : summary.calls)
        if (call.name == words[i + 2] || call.name.starts_with(words[i + 2] + "."))
          call.name.replace(0, words[i + 2].size(), words[i]);
    }
    at = code.find(kImport, end);
  }
}

/// exec('…'), eval("…") of a text that stands there.
std::vector<std::string> evaluated_texts(const CodeSummary& summary) {
  static constexpr std::string_view kEvaluates[] = {"exec", "eval", "instance_eval", "assert", "Function"};
  std::vector<std::string> out;
  for (const CodeCall& call : summary.calls)
    if (among(kEvaluates, call.name) && call.first_is_string) out.push_back(call.strings.front());
  return out;
}

void judge_code(const std::string& code, const Language& language, Sink& sink, resolve::Place place,
                int depth = 0) {
  CodeSummary summary = scan_code(code, language.style);
  if (language.style == CodeStyle::python) undo_aliases(code, summary);
  constexpr int kDeepest = 3;
  if (language.style != CodeStyle::perl && depth < kDeepest)  // Perl's exec starts a program
    for (const std::string& text : evaluated_texts(summary))
      if (text.size() < code.size() && sink.spend(text.size()))
        judge_code(text, language, sink, place, depth + 1);
  const std::vector<std::string> files = summary.fetches ? files_of(summary) : std::vector<std::string>();
  const std::string_view name = sink.invocation().program;
  bool runs = false, hidden = false, starts_fetched = false;
  const CodeCall* pattern = nullptr;  // unlink glob("*.o"), [os.remove(f) for f in glob.glob("*.o")]
  for (const CodeCall& call : summary.calls)
    if (lists_files(call)) pattern = &call;
  runs = !summary.backquoted.empty();
  for (const CodeCall& written : summary.calls) {
    const CodeCall call = called_by_name(written);
    if (const Callee* callee = find_callee(language.callees, call)) {
      const bool starts = callee->does == Does::shell || callee->does == Does::argv;
      runs |= starts;
      hidden |= starts && !call.first_is_string;
      starts_fetched |= starts && may_start(call, files);
      CodeCall with_pattern = call;
      const bool deletes = callee->does == Does::deletes || callee->does == Does::deletes_all;
      if (pattern != nullptr && deletes && call.strings.empty() && !call.expands_home) {
        with_pattern.strings = pattern->strings;
        with_pattern.expands_home = pattern->expands_home;
        with_pattern.recursive |= pattern->name.find("glob") == std::string::npos;  // all that is in there
      }
      judge_call(with_pattern, *callee, sink, place, name);
    }
  }
  for (const std::string& shell : summary.backquoted) {
    resolve::RunAs how = sink.as(name);
    how.child_shell = true;
    sink.run_shell(Value::exact(with_home_call(shell, sink.home())), *dialect_from_name("sh"), how, place);
  }
  for (const PipedText& piped : summary.piped) {
    resolve::RunAs how = sink.as(name);
    how.child_shell = true;
    how.input.kind = resolve::Input::Kind::text;
    how.input.data = Value::exact(piped.text);
    sink.run_shell(Value::exact(piped.command), *dialect_from_name("sh"), how, place);
  }
  for (const std::string& path : summary.written)
    write_effect(sink, {Value::exact(path), place, nullptr}, Write::replace);
  for (const std::string& path : summary.read) read_effect(sink, {Value::exact(path), place, nullptr});
  constexpr size_t kShort = 2048;  // bytes; in a long program these stand far from each other
  if (sink.evaluator().in_script() && code.size() > kShort) return;
  if (summary.connects && (summary.spawns_shell || (summary.dials && runs)))
    sink.add(Kind::runs_remote_code, "net.reverse-shell", place);
  else if (summary.fetches && summary.evaluates)
    sink.add(Kind::runs_remote_code, "exec.remote", place);
  else if (starts_fetched)
    sink.add(Kind::runs_remote_code, "exec.downloaded", place);
  else if (summary.decodes && (summary.evaluates || hidden))
    sink.add(Kind::runs_remote_code, "exec.decoded", place);
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

/// Code from standard input.
void run_code_input(const Call& call, const Language& language, Sink& sink) {
  const resolve::Input& input = call.invocation().input;
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
