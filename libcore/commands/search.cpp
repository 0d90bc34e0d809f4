// find, fd, xargs, parallel: one command many times. findutils 4.9, GNU parallel.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/deletes.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

bool is_expression(const std::string& word) {
  return word.size() > 1 && (word[0] == '-' || word == "(" || word == "!" || word == "\\(");
}

/// find's start points; none: the current directory.
std::vector<const Argument*> start_points(const Call& call) {
  std::vector<const Argument*> out;
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.with_holes_empty();
    if (out.empty() && (text == "-H" || text == "-L" || text == "-P")) continue;
    if (text == "(" || text == "!" || is_expression(text)) break;
    out.push_back(word);
  }
  return out;
}

/// find goes through its words in order: what stands behind an action is no condition of it.
bool is_action(const std::string& word) {
  return word == "-delete" || word == "-exec" || word == "-execdir" || word == "-ok" || word == "-okdir";
}

/// Whether a name or type test narrows what find acts on, so that the start point is not wholly meant.
bool is_narrowed(const Call& call) {
  bool pattern = false;  // of -name: no word of find's own
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.with_holes_empty();
    if (!pattern && is_action(text)) return false;
    pattern = text == "-name" || text == "-iname" || text == "-path" || text == "-regex";
    for (std::string_view test :
         {"-name",  "-iname", "-path",  "-wholename", "-regex", "-iregex",   "-ipath",
          "-mtime", "-mmin",  "-atime", "-amin",      "-ctime", "-cmin",     "-size",
          "-empty", "-newer", "-older", "-user",      "-perm",  "-samefile", "-inum",
          "-lname", "-xtype", "-group", "-gid",       "-uid",   "-nouser",   "-nogroup"})
      if (text == test) return true;
  }
  return false;
}

bool given(const Call& call, std::string_view word) {
  return std::any_of(call.operands().begin(), call.operands().end(),
                     [word](const Argument* a) { return a->value.with_holes_empty() == word; });
}

/// -type f: the start point itself is none of what is found.
bool files_only(const Call& call) {
  const auto& words = call.operands();
  for (size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i]->value.with_holes_empty() == "-type")
      return words[i + 1]->value.with_holes_empty().find('d') == std::string::npos;
  return false;
}

/// What `{}` stands for: some of what is below, all the files in it, or the start point and all.
Value all_below(const Argument& start, const Call& call) {
  Value out = start.value;
  if (const auto& words = call.operands(); given(call, "-name") && !given(call, "-o"))
    for (size_t i = 0; i + 1 < words.size(); ++i)  // every repository below: one stands for all
      if (words[i]->value.with_holes_empty() == "-name" && words[i + 1]->value.with_holes_empty() == ".git") {
        out.append_literal("/.git", false);
        return out;
      }
  if (is_narrowed(call))
    out.append_literal("/…", false);
  else if (files_only(call))
    out.append_literal("/*", true);
  return out;
}

/// Every `{}` in a word, also inside code for a shell.
Value filled(const Value& word, std::string_view mark, const Value& with) {
  Value out;
  for (const resolve::Piece& p : word.pieces()) {
    if (p.hole) {
      out.append(Value::unknown(*p.hole, p.text, p.active));
      continue;
    }
    size_t from = 0;
    for (size_t at = p.text.find(mark); at != std::string::npos; at = p.text.find(mark, from)) {
      out.append_literal(std::string_view(p.text).substr(from, at - from), p.active);
      out.append(with);
      from = at + mark.size();
    }
    out.append_literal(std::string_view(p.text).substr(from), p.active);
  }
  out.taint = out.taint | word.taint;
  return out;
}

/// `find /var/log -name '*.gz' -delete`, `find .git -name '*.lock' -delete`: where a place holds both what is
/// needed and what is left over, the pattern tells which is meant.
Argument place_meant(const Argument& start, const Call& call, const Sink& sink) {
  const effects::Target place = sink.classify(start.value);
  const bool mixed = place.text == "/var/log" || place.path_class == PathClass::vcs_metadata;
  const bool several = given(call, "-o") || given(call, "-or") || given(call, ",");
  if (!mixed || !place.exact || several || given(call, "!") || given(call, "-not")) return start;
  const auto& words = call.operands();
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (is_action(words[i]->value.with_holes_empty())) return start;
    if (words[i]->value.with_holes_empty() != "-name" || !words[i + 1]->value.is_exact()) continue;
    Argument meant = start;
    meant.value.append_literal("/", false);
    meant.value.append_literal(words[i + 1]->value.with_holes_empty(), true);
    return sink.classify(meant.value).path_class == PathClass::build ? meant : start;
  }
  return start;
}

void find(const Call& call, Sink& sink) {
  const auto& words = call.operands();
  std::vector<const Argument*> starts = start_points(call);
  Argument here;
  here.value = Value::exact(".");
  here.place = call.invocation().place;
  if (starts.empty()) starts.push_back(&here);
  const bool narrowed = is_narrowed(call) || given(call, "-maxdepth");
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string word = words[i]->value.with_holes_empty();
    if (word == "-name" || word == "-iname" || word == "-path" || word == "-regex") {
      ++i;
    } else if (word == "-delete") {
      for (const Argument* start : starts) {
        Effect& e = delete_effect(sink, narrowed ? "fs.delete-matching" : "fs.delete",
                                  place_meant(*start, call, sink));
        e.recursive = e.force = true;
        e.place = words[i]->place;
      }
    } else if (word == "-fprint" || word == "-fls" || word == "-fprintf" || word == "-fprint0") {
      if (i + 1 < words.size()) write_effect(sink, *words[i + 1], Write::replace);
    } else if (word == "-exec" || word == "-execdir" || word == "-ok" || word == "-okdir") {
      std::vector<Argument> inner;
      for (++i; i < words.size(); ++i) {
        const std::string part = words[i]->value.with_holes_empty();
        if (part == ";" || (part == "+" && !inner.empty() && inner.back().value.with_holes_empty() == "{}"))
          break;
        inner.push_back(*words[i]);
      }
      if (word.starts_with("-ok")) continue;  // find asks by itself
      for (const Argument* start : starts) {
        std::vector<Argument> argv = inner;
        const Argument meant = place_meant(*start, call, sink);
        for (Argument& a : argv) a.value = filled(a.value, "{}", all_below(meant, call));
        resolve::RunAs how = sink.as("find");
        how.wrapper.repeats = true;
        sink.run(std::move(argv), how);
      }
    }
  }
}

/// What find prints: its start points and what is below; of what tests pick, nothing is known.
Value find_output(const Call& call) {
  Value out;
  if (!is_narrowed(call))
    for (const Argument* start : start_points(call)) {
      out.append(all_below(*start, call));
      out.append_literal(given(call, "-print0") ? std::string_view("\0", 1) : std::string_view("\n"), false);
    }
  out.append(Value::unknown(resolve::HoleKind::output));
  return out;
}

// fd 8.6: fd [OPTION…] [PATTERN [PATH…]] [-x COMMAND…]
constexpr Option kFd[] = {{'x', "exec"},
                          {'X', "exec-batch"},
                          {'e', "extension", Arg::value},
                          {'t', "type", Arg::value},
                          {'H', "hidden"},
                          {'I', "no-ignore"},
                          {'u', "unrestricted"},
                          {'d', "max-depth", Arg::value},
                          {0, "min-depth", Arg::value},
                          {0, "exact-depth", Arg::value},
                          {'E', "exclude", Arg::value},
                          {'S', "size", Arg::value},
                          {'o', "owner", Arg::value},
                          {'c', "color", Arg::value},
                          {'j', "threads", Arg::value},
                          {0, "changed-within", Arg::value},
                          {0, "changed-before", Arg::value},
                          {0, "search-path", Arg::value},
                          {0, "base-directory", Arg::value}};

/// The paths fd would put in: all below each place it looks in, or some of it.
std::vector<Value> found_by_fd(const Call& call, const Argument* end) {
  std::vector<const Argument*> words = call.values("search-path");
  for (const Argument* word : call.values("base-directory")) words.push_back(word);
  std::string pattern;
  size_t operands = 0;
  for (const Argument* word : call.operands()) {
    if (word >= end) break;
    if (operands++ == 0)
      pattern = word->value.with_holes_empty();
    else
      words.push_back(word);
  }
  const bool all = (pattern.empty() || pattern == "." || pattern == ".*") &&
                   !call.any("extension max-depth exact-depth size owner changed-within changed-before");
  std::vector<Value> out;
  for (const Argument* word : words) out.push_back(word->value);
  if (out.empty()) out.push_back(Value::exact("."));
  for (Value& place : out) place.append_literal(all ? "/*" : "/…", all);
  return out;
}

void fd(const Call& call, Sink& sink) {
  const auto& argv = call.argv();
  for (size_t i = 1; i + 1 < argv.size(); ++i) {
    const std::string word = argv[i].value.with_holes_empty();
    if (word != "-x" && word != "-X" && word != "--exec" && word != "--exec-batch") continue;
    resolve::RunAs how = sink.as("fd");
    how.wrapper.repeats = true;
    for (const Value& found : found_by_fd(call, &argv[i])) {
      std::vector<Argument> inner(argv.begin() + static_cast<std::ptrdiff_t>(i) + 1, argv.end());
      bool placed = false;
      for (Argument& a : inner) {
        placed |= a.value.with_holes_empty().find("{}") != std::string::npos;
        a.value = filled(a.value, "{}", found);
      }
      if (!placed) inner.push_back({found, argv[i].place, nullptr});
      sink.run(std::move(inner), how);
    }
    return;
  }
}

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

/// The words xargs would add: those before the first thing that is not known, and a hole for the rest.
std::vector<Value> input_words(const Value& input, std::string_view separators) {
  std::vector<Value> out;
  bool open = true;  // the next piece begins a word
  for (const resolve::Piece& p : input.pieces()) {
    if (p.hole) {
      Value hole = Value::unknown(resolve::HoleKind::input, {}, false);
      hole.taint = input.taint;
      if (!open && !out.empty()) out.pop_back();
      out.push_back(std::move(hole));
      return out;
    }
    for (size_t at = 0; at < p.text.size() && out.size() < 64;) {
      if (separators.find(p.text[at]) != std::string_view::npos) {
        open = true;
        ++at;
        continue;
      }
      const size_t end = std::min(p.text.find_first_of(separators, at), p.text.size());
      if (open) out.emplace_back();
      out.back().append_literal(std::string_view(p.text).substr(at, end - at), p.active);
      out.back().taint = input.taint;
      open = false;
      at = end;
    }
  }
  return out;
}

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

void xargs(const Call& call, Sink& sink) {
  if (const Argument* file = call.value("arg-file")) read_effect(sink, *file);
  if (call.any("help version show-limits interactive")) return;
  std::vector<Argument> argv = call.rest();
  if (argv.empty()) return;
  std::vector<Value> words = input_words(call.invocation().input.data, separators_of(call));
  if (words.empty() && call.invocation().input.kind != resolve::Input::Kind::text &&
      call.invocation().input.kind != resolve::Input::Kind::pipe)
    words.push_back(Value::unknown(resolve::HoleKind::input, {}, false));
  const bool replaces = call.has("replace");
  const std::string mark = call.text("replace").empty() ? "{}" : call.text("replace");
  if (replaces) {
    if (!words.empty())
      for (Argument& a : argv) a.value = filled(a.value, mark, words.front());
  } else {
    for (const Value& w : words) argv.push_back({w, call.invocation().place, nullptr});
  }
  resolve::RunAs how = sink.as("xargs");
  how.wrapper.repeats = true;
  how.input.kind = resolve::Input::Kind::text;  // the callee reads /dev/null
  sink.run(std::move(argv), how);
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

void parallel(const Call& call, Sink& sink) {
  if (call.has("dry-run")) return;
  std::vector<Argument> command;
  std::vector<Value> inputs;
  bool sources = false;
  for (const Argument& a : call.rest()) {
    const std::string text = a.value.with_holes_empty();
    if (text.starts_with(":::")) {
      sources = true;
      continue;
    }
    if (!sources)
      command.push_back(a);
    else if (inputs.size() < 64)
      inputs.push_back(a.value);
  }
  if (!sources) inputs = input_words(call.invocation().input.data, "\n");
  // With a command, words are pasted into a shell line; without one, each input is a line of its own.
  for (Value input : inputs) {
    Value line;
    if (!command.empty()) input = quoted(input);
    bool placed = false;
    for (const Argument& a : command) {
      if (!line.pieces().empty()) line.append_literal(" ", false);
      const std::string text = a.value.with_holes_empty();
      const std::string_view mark = text.find("{1}") != std::string::npos ? "{1}" : "{}";
      placed |= text.find(mark) != std::string::npos;
      line.append(filled(a.value, mark, input));
    }
    if (!placed) {
      if (!line.pieces().empty()) line.append_literal(" ", false);
      line.append(input);
    }
    resolve::RunAs how = sink.as("parallel");
    how.wrapper.repeats = how.child_shell = true;
    sink.run_shell(line, call.invocation().dialect, how, call.invocation().place);
    if (!command.empty() && dialect_from_name(command.front().value.with_holes_empty())) {
      std::vector<Argument> argv = command;  // `parallel sh -c '…{}…'`: meant so, if not read so
      for (Argument& a : argv) a.value = filled(a.value, "{}", input);
      how.child_shell = false;
      sink.run(std::move(argv), how);
    }
  }
}

constexpr CommandSpec kCommands[] = {
    {"find gfind", {}, Order::raw, find, find_output},
    {"fd fdfind", kFd, Order::permuted, fd},
    {"xargs gxargs", kXargs, Order::leading, xargs},
    {"parallel", kParallel, Order::leading, parallel},
};

}  // namespace

std::span<const CommandSpec> search_commands() { return kCommands; }

}  // namespace cmdai::commands
