// xargs, parallel: a command for the words of their input. findutils 4.9, GNU parallel 20221122.
#include <algorithm>
#include <utility>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/filling.hpp"
#include "libcore/commands/writes.hpp"
#include "libcore/resolve/items.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kXargs[] = {{'0', "null"},
                             {'a', "arg-file", Arg::value},
                             {'d', "delimiter", Arg::value},
                             {'E', "eof", Arg::value},
                             {'i', "replace", Arg::optional},  // first: what --replace means
                             {'I', "replace", Arg::value},
                             {'l', "max-lines", Arg::optional},
                             {'L', "max-lines", Arg::value},
                             {'n', "max-args", Arg::value},
                             {'P', "max-procs", Arg::value},
                             {'p', "interactive"},
                             {'r', "no-run-if-empty"},
                             {'J', "replace", Arg::value},
                             {'R', "replacements", Arg::value},
                             {0, "process-slot-var", Arg::value},
                             {'s', "max-chars", Arg::value},
                             {'t', "verbose"},
                             {'x', "exit"},
                             {'o', "open-tty"},
                             {0, "show-limits"},
                             {0, "help"},
                             {0, "version"}};

/// What stands between two words of the input.
std::string separators_of(const Call& call) {
  using namespace std::string_literals;
  if (call.has("null")) return "\0"s;
  const std::string given = call.text("delimiter");
  if (given == "\\n") return "\n";
  if (given == "\\0") return "\0"s;
  if (given == "\\t") return "\t";
  if (!given.empty()) return given.substr(0, 1);
  return call.has("replace") ? "\n" : " \t\n";
}

/// Words as xargs reads them without -0 and -d: quotes and backslashes hold blanks together, and are taken
/// off.
std::vector<Value> quoted_words(const Value& input, std::string_view separators) {
  std::vector<Value> out;
  bool open = false, escaped = false;
  char quote = 0;
  const auto put = [&](char c, bool active) {
    if (!std::exchange(open, true)) out.emplace_back().taint = input.taint;
    out.back().append_literal({&c, 1}, active);
  };
  for (const resolve::Piece& p : input.pieces()) {
    if (p.hole) {
      if (open) out.pop_back();
      // $(pidof sshd) knows what it is, and what stands in a file which one.
      const bool named = *p.hole == resolve::HoleKind::output || *p.hole == resolve::HoleKind::input;
      out.push_back(Value::unknown(resolve::HoleKind::input, named ? p.text : std::string(), false));
      out.back().taint = input.taint;
      return out;
    }
    for (const char c : p.text) {
      if (std::exchange(escaped, false))
        put(c, false);
      else if (quote != 0)
        c == quote ? static_cast<void>(quote = 0) : put(c, false);
      else if (c == '\\')
        escaped = true;
      else if (c == '\'' || c == '"')
        quote = c;
      else if (separators.find(c) != std::string_view::npos)
        open = false;
      else
        put(c, p.active);
    }
  }
  return out;
}

/// What the file given by -a, or standard input, holds.
resolve::Input input_of(const Call& call, Sink& sink) {
  const Argument* file = call.value("arg-file");
  if (file == nullptr) return call.invocation().input;
  if (file->process) return *file->process;
  resolve::Input input;
  input.kind = resolve::Input::Kind::file;
  input.data = Value::unknown(resolve::HoleKind::input, file->value.display(), false);
  input.data.taint = Taint::file;
  if (const Value* content = sink.file_content(file->value); content != nullptr && sink.copies(*content))
    input.data = *content;
  return input;
}

std::vector<Value> input_words(const Call& call, Sink& sink) {
  const resolve::Input input = input_of(call, sink);
  if (!sink.spend(input.data.size())) return {};
  const std::string separators = separators_of(call);
  std::vector<Value> words = call.any("null delimiter") ? resolve::split_items(input.data, separators)
                                                        : quoted_words(input.data, separators);
  const bool fed = input.kind == resolve::Input::Kind::text || input.kind == resolve::Input::Kind::pipe;
  if (words.empty() && !fed) {
    words.push_back(Value::unknown(resolve::HoleKind::input, {}, false));
    words.back().taint = input.data.taint;
  }
  return words;
}

void xargs(const Call& call, Sink& sink) {
  if (const Argument* file = call.value("arg-file")) read_effect(sink, *file);
  if (call.any("help version show-limits interactive")) return;
  std::vector<Argument> command = call.rest();
  if (command.empty()) return;
  resolve::RunAs how = sink.as("xargs");
  how.wrapper.repeats = true;
  how.input.kind = resolve::Input::Kind::text;  // the callee reads /dev/null
  std::vector<Value> words = input_words(call, sink);
  if (!call.has("replace") || words.empty()) {
    for (Value& w : words) command.push_back({std::move(w), call.invocation().place, nullptr});
    sink.run(std::move(command), how);
    return;
  }
  const std::string mark = call.text("replace").empty() ? "{}" : call.text("replace");
  for (const Value& word : resolve::representatives(std::move(words))) {
    if (!sink.spend(sizeof(Argument) * command.size())) return;
    sink.run(filled(sink, command, mark, word), how);
  }
}

constexpr Option kParallel[] = {{'j', "jobs", Arg::value},
                                {'n', "max-args", Arg::value},
                                {'k', "keep-order"},
                                {'a', "arg-file", Arg::value},
                                {'N', "max-replace-args", Arg::value},
                                {'I', "replace", Arg::value},
                                {0, "colsep", Arg::value},
                                {'C', "colsep", Arg::value},
                                {'0', "null"},
                                {0, "dry-run"},
                                {'X', "xargs"},
                                {'m', "xargs-m"},
                                {0, "bar"},
                                {0, "progress"},
                                {'q', "quote"},
                                {'S', "sshlogin", Arg::value},
                                {0, "pipe"},
                                {0, "results", Arg::value},
                                {0, "joblog", Arg::value},
                                {0, "delay", Arg::value},
                                {0, "timeout", Arg::value},
                                {0, "will-cite"}};
/// parallel quotes what it puts in, so that a shell reads it as one word.
Value quoted(const Value& word) {
  const auto text = word.text();
  if (!text || text->find('\'') != std::string::npos) return word;
  Value out = Value::exact('\'' + *text + '\'');
  out.taint = word.taint;
  return out;
}

/// The command, and the lists its words come from: `::: a b`, `:::: file`, -a file, standard input.
struct Job {
  std::vector<Argument> command;
  std::vector<std::vector<Value>> sources;
};

Job job_of(const Call& call, Sink& sink) {
  Job job;
  bool files = false;
  for (const Argument& a : call.rest()) {
    const std::string text = a.value.with_holes_empty();
    if (text == ":::" || text == ":::+" || text == "::::" || text == "::::+") {
      files = text.starts_with("::::");
      job.sources.emplace_back();
    } else if (job.sources.empty()) {
      job.command.push_back(a);
    } else if (!files) {
      job.sources.back().push_back(a.value);
    } else {
      const Value* content = sink.file_content(a.value);
      const bool known = content != nullptr && sink.copies(*content);
      const std::vector<Value> lines =
          known ? resolve::split_items(*content, "\n")
                : std::vector<Value>{Value::unknown(resolve::HoleKind::input, {}, false)};
      job.sources.back().insert(job.sources.back().end(), lines.begin(), lines.end());
    }
  }
  if (job.sources.empty()) {
    const resolve::Input input = input_of(call, sink);
    if (sink.spend(input.data.size()))
      job.sources.push_back(
          resolve::split_items(input.data, call.has("null") ? std::string_view("\0", 1) : "\n"));
  }
  for (std::vector<Value>& list : job.sources) list = resolve::representatives(std::move(list));
  return job;
}

/// The next combination of one word out of each list; false: that was the last one.
bool advance(std::vector<size_t>& at, const Job& job) {
  for (size_t i = at.size(); i-- > 0;) {
    if (++at[i] < job.sources[i].size()) return true;
    at[i] = 0;
  }
  return false;
}

/// The line parallel gives to a shell: words are pasted, with the marks filled. Without a command the input
/// is the line.
Value line_of(const Job& job, const std::vector<Value>& words, Sink& sink) {
  Value all, line;
  for (const Value& word : words) {
    if (!all.pieces().empty()) all.append_literal(" ", false);
    all.append(word);
  }
  bool placed = false;
  for (const Argument& a : job.command) {
    Value part = a.value;
    placed |= mentions(a, "{}");
    part = filled(sink, part, "{}", all);
    for (size_t i = 0; i < words.size() && mentions(a, "{"); ++i) {
      const std::string mark = '{' + std::to_string(i + 1) + '}';
      placed |= mentions(a, mark);
      part = filled(sink, part, mark, words[i]);
    }
    if (!line.pieces().empty()) line.append_literal(" ", false);
    line.append(part);
  }
  if (placed) return line;
  if (!line.pieces().empty()) line.append_literal(" ", false);
  line.append(all);
  return line;
}

void parallel(const Call& call, Sink& sink) {
  if (call.has("dry-run")) return;
  const Job job = job_of(call, sink);
  resolve::RunAs how = sink.as("parallel");
  how.wrapper.repeats = how.child_shell = true;
  if (job.sources.empty()) return;
  for (const auto& list : job.sources)
    if (list.empty()) return;
  const bool phrases = std::any_of(job.command.begin(), job.command.end(), [](const Argument& a) {
    return a.value.with_holes_empty().find(' ') != std::string::npos;
  });
  std::vector<size_t> at(job.sources.size());
  do {
    if (!sink.spend(sizeof(Argument) * (1 + job.command.size()))) return;
    std::vector<Value> plain, words;
    for (size_t i = 0; i < at.size(); ++i) {
      plain.push_back(job.sources[i][at[i]]);
      words.push_back(job.command.empty() ? plain.back() : quoted(plain.back()));
    }
    sink.run_shell(line_of(job, words, sink), call.invocation().dialect, how, call.invocation().place);
    if (!phrases || job.command.size() < 2) continue;
    resolve::RunAs direct = how;  // `parallel sh -c '… {} …'`: meant so, if not read so
    direct.child_shell = false;
    sink.run(filled(sink, job.command, "{}", plain.front()), direct);
  } while (advance(at, job));
}

constexpr CommandSpec kXargsCommands[] = {
    {"xargs gxargs", kXargs, Order::leading, xargs},
    {"parallel", kParallel, Order::leading, parallel},
};

}  // namespace

std::span<const CommandSpec> xargs_commands() { return kXargsCommands; }

}  // namespace cmdai::commands
