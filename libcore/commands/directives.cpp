// Programs that are handed a language of their own on the command line: what its directives read, write and
// run. apache2 2.4, TeX Live 2022, puppet 7.
#include <algorithm>
#include <cctype>
#include <string>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/secret_words.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

/// What stands behind `mark` in a text, between the two brackets or quotes that follow; "" when nothing does.
std::string behind(const std::string& text, size_t mark, char open, char close) {
  const size_t from = text.find(open, mark);
  if (from == std::string::npos) return {};
  size_t level = 1, end = from + 1;
  for (; end < text.size(); ++end) {
    if (open != close && text[end] == open) ++level;
    if (text[end] == close && --level == 0) break;
  }
  return text.substr(from + 1, end - from - 1);
}

/// httpd -C DIRECTIVE, -c DIRECTIVE: core, mod_so, mod_log_config.
constexpr Option kApache[] = {{'c', "after", Arg::value},
                              {'C', "before", Arg::value},
                              {'d', "root", Arg::value},
                              {'f', "file", Arg::value},
                              {'k', "signal", Arg::value},
                              {'D', "define", Arg::value},
                              {'e', "level", Arg::value},
                              {'E', "log", Arg::value},
                              {'t', "test"},
                              {'S', "settings"},
                              {'v', "version"},
                              {'V', "build"},
                              {'X', "debug"},
                              {'l', "modules"},
                              {'L', "directives"},
                              {'M', "loaded"}};
void apache(const Call& call, Sink& sink) {
  for (std::string_view option : {"after", "before", "file"})
    for (const Argument* value : call.values(option)) {
      const std::string text = value->value.with_holes_empty();
      const size_t blank = option == "file" ? 0 : text.find_first_of(" \t");
      if (blank == std::string::npos) continue;
      const std::string directive = lower(text.substr(0, blank));
      std::string rest = text.substr(option == "file" ? 0 : text.find_last_of(" \t") + 1);
      std::erase(rest, '"');
      const Argument file{Value::exact(rest), value->place, nullptr};
      if (option == "file" || directive == "include" || directive == "includeoptional")
        read_effect(sink, file);  // its lines are shown as errors
      else if (directive == "loadmodule")
        sink.run_file(file);
      else if (const size_t pipe = text.find('|'); pipe != std::string::npos && directive.ends_with("log"))
        run_line(sink, Value::exact(text.substr(pipe + 1, text.find('"', pipe) - pipe - 1)), value->place);
    }
}

/// A macro of TeX that names a file: \input{F}, \input F, \openin5=F.
struct Macro {
  std::string_view name;
  bool writes;
};
constexpr Macro kMacros[] = {{"\\input", false},           {"\\include", false}, {"\\verbatiminput", false},
                             {"\\lstinputlisting", false}, {"\\openin", false},  {"\\VerbatimInput", false},
                             {"\\openout", true}};

std::string macro_file(const std::string& code, size_t at) {
  size_t from = at;
  while (from < code.size() && std::isalnum(static_cast<unsigned char>(code[from])) != 0) ++from;  // \openin5
  if (from < code.size() && code[from] == '\\')  // \openin\file=F
    from = std::min(code.find('=', from), code.size());
  from = std::min(code.find_first_not_of(" =", from), code.size());
  if (from < code.size() && code[from] == '[') from = std::min(code.find(']', from) + 1, code.size());
  if (from < code.size() && code[from] == '{') return behind(code, from, '{', '}');
  return code.substr(from, code.find_first_of(" \\}\n", from) - from);
}

void judge_tex(const std::string& code, bool shell, resolve::Place place, Sink& sink) {
  for (const Macro& macro : kMacros)
    for (size_t at = code.find(macro.name); at != std::string::npos; at = code.find(macro.name, at + 1)) {
      if (!sink.spend(macro.name.size())) return;
      const std::string path = macro_file(code, at + macro.name.size());
      if (path.empty()) continue;
      const Argument file{Value::exact(path), place, nullptr};
      if (macro.writes)
        write_effect(sink, file, Write::replace);
      else
        read_effect(sink, file);
    }
  constexpr std::string_view kShell = "\\write18";
  for (size_t at = code.find(kShell); shell && at != std::string::npos; at = code.find(kShell, at + 1)) {
    const std::string line = behind(code, at, '{', '}');
    if (!line.empty() && sink.spend(line.size())) run_line(sink, Value::exact(line), place);
  }
}

constexpr Option kTex[] = {{0, "shell-escape"},
                           {0, "enable-write18"},
                           {0, "no-shell-escape"},
                           {0, "shell-restricted"},
                           {0, "output-directory", Arg::value},
                           {0, "jobname", Arg::value},
                           {0, "interaction", Arg::value},
                           {0, "output-format", Arg::value},
                           {0, "fmt", Arg::value},
                           {0, "halt-on-error"},
                           {0, "draftmode"},
                           {0, "version"},
                           {0, "help"}};
void tex(const Call& call, Sink& sink) {
  if (call.any("version help") || call.operands().empty()) return;
  const bool shell = call.any("shell-escape enable-write18");
  std::string code;  // pdflatex '\code', and words that go on with it
  for (const Argument* word : call.operands()) code += word->value.with_holes_empty() + ' ';
  const Argument& first = *call.operands().front();
  if (code.starts_with('\\'))
    judge_tex(code, shell, first.place, sink);
  else if (const Value* content = sink.file_content(first.value); content != nullptr && sink.copies(*content))
    judge_tex(content->with_holes_empty(), shell, first.place, sink);
}

/// NAME { 'TITLE': attribute => value, … }: a resource of Puppet.
void judge_resource(std::string_view type, const std::string& body, resolve::Place place, Sink& sink) {
  const size_t quote = body.find_first_of("'\"");
  if (quote == std::string::npos) return;
  const std::string title = behind(body, quote, body[quote], body[quote]);
  const auto attribute = [&](std::string_view name) {
    const size_t at = body.find(name);
    const size_t from = at == std::string::npos ? at : body.find_first_of("'\"", at);
    return from == std::string::npos ? std::string() : behind(body, from, body[from], body[from]);
  };
  const Argument file{Value::exact(title), place, nullptr};
  if (type == "exec") {
    const std::string command = attribute("command ");
    run_line(sink, Value::exact(command.empty() ? title : command), place);
  } else if (type == "cron") {
    sink.add(Kind::changes_config, "sys.cron", place);
  } else if (type == "file" && body.find("absent") != std::string::npos) {
    sink.on_path(Kind::deletes, "fs.delete", file).recursive = body.find("force") != std::string::npos;
  } else if (type == "file") {
    write_effect(sink, file, Write::replace);
    if (const std::string source = attribute("source "); source.starts_with('/'))
      copy_content(sink, Value::exact(source), file.value);
  }
}

constexpr Option kPuppet[] = {{'e', "execute", Arg::value},
                              {0, "noop"},
                              {'d', "debug"},
                              {'v', "verbose"},
                              {'h', "help"},
                              {0, "modulepath", Arg::value},
                              {'l', "logdest", Arg::value},
                              {0, "version"},
                              {0, "detailed-exitcodes"}};
void puppet(const Call& call, Sink& sink) {
  if (call.operand(0) != "apply") return judge_secret_words(call.invocation(), sink);
  if (call.any("noop help version")) return;
  for (const Argument* word : call.values("execute")) {
    const std::string code = word->value.with_holes_empty();
    for (size_t at = code.find('{'); at != std::string::npos; at = code.find('{', at + 1)) {
      if (!sink.spend(code.size() - at)) return;
      const size_t end = code.find_last_not_of(" \t\n", at == 0 ? 0 : at - 1) + 1;
      const size_t start = code.find_last_not_of("abcdefghijklmnopqrstuvwxyz", end == 0 ? 0 : end - 1) + 1;
      judge_resource(std::string_view(code).substr(start, end - start), behind(code, at, '{', '}'),
                     word->place, sink);
    }
  }
}

constexpr CommandSpec kDirectiveCommands[] = {
    {"apache2 httpd apache2ctl apachectl", kApache, Order::permuted, apache},
    {"tex latex pdftex pdflatex xetex xelatex luatex lualatex etex platex", kTex, Order::single_dash, tex},
    {"puppet", kPuppet, Order::permuted, puppet},
};

}  // namespace

std::span<const CommandSpec> directive_commands() { return kDirectiveCommands; }

}  // namespace cmdai::commands
