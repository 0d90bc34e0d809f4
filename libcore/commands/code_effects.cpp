#include "libcore/commands/code_effects.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"
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

}  // namespace

void judge_code(const std::string& code, const Language& language, Sink& sink, resolve::Place place,
                int depth) {
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

}  // namespace cmdai::commands
