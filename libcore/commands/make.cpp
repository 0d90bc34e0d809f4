// make: what the goals of a makefile run. GNU make 4.3.
#include <algorithm>
#include <set>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/makefile.hpp"
#include "libcore/commands/script_files.hpp"
#include "libcore/commands/task_names.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kMake[] = {{'f', "file", Arg::value},
                            {'C', "directory", Arg::value},
                            {'j', "jobs", Arg::optional},
                            {'k', "keep-going"},
                            {'n', "just-print"},
                            {0, "dry-run"},
                            {0, "recon"},
                            {0, "makefile", Arg::value},
                            {'s', "silent"},
                            {'p', "print-data-base"},
                            {'q', "question"},
                            {'t', "touch"},
                            {'v', "version"},
                            {'h', "help"},
                            {'B', "always-make"},
                            {'i', "ignore-errors"},
                            {'o', "old", Arg::value},
                            {'W', "what-if", Arg::value},
                            {'I', "include", Arg::value},
                            {'l', "load", Arg::optional},
                            {'E', "eval", Arg::value},
                            {0, "eval", Arg::value}};

/// One makefile and what of it has been run.
class Build {
 public:
  Build(Sink& sink, std::string_view text, uint32_t source, resolve::RunAs how)
      : sink_(sink), file_(parse_makefile(text)), source_(source), how_(std::move(how)) {
    variables_ = file_.variables;
    variables_.try_emplace("MAKE", MakeVariable{"make"});
    variables_.try_emplace("RM", MakeVariable{"rm -f"});
    const auto shell = variables_.find("SHELL");
    const std::string program = shell == variables_.end() ? "sh" : shell->second.text;
    shell_ = dialect_from_name(program.substr(0, program.find(' '))).value_or(*dialect_from_name("sh"));
  }

  void set(const std::string& name, std::string value) { variables_[name] = {std::move(value)}; }

  /// What runs while the file is read, whatever the goal.
  void run_immediate() {
    std::vector<std::string> commands;
    for (const auto& [name, variable] : file_.variables)
      if (variable.immediate) expand_make(variable.text, variables_, commands);
    for (const std::string& line : file_.bare) expand_make(line, variables_, commands);
    run_commands(commands);
  }

  void run_default() {
    if (const auto named = variables_.find(".DEFAULT_GOAL"); named != variables_.end())
      return run_goal(named->second.text);
    for (const MakeRule& rule : file_.rules)
      for (const std::string& target : rule.targets)
        if (!target.starts_with('.') && target.find('%') == std::string::npos)
          return run_goal(expanded(target));
  }

  void run_goal(const std::string& goal) {  // NOLINT(misc-no-recursion): as deep as prerequisites go, bounded
    constexpr size_t kMostGoals = 256;
    if (made_.size() > kMostGoals || !made_.insert(goal).second) return;
    bool found = false;
    for (const MakeRule& rule : file_.rules)
      if (!sink_.spend(64))
        return;
      else if (names(rule, goal))
        found |= run_rule(rule, goal, {});
    if (found) return;
    for (const MakeRule& rule : file_.rules)
      if (const auto stem = stem_of(rule, goal); stem && run_rule(rule, goal, *stem)) return;
  }

 private:
  using Variables = std::map<std::string, MakeVariable, std::less<>>;

  std::string expanded(const std::string& text) {
    if (text.find('$') == std::string::npos) return text;
    std::vector<std::string> commands;
    return expand_make(text, variables_, commands);
  }

  bool names(const MakeRule& rule, const std::string& goal) {
    return std::any_of(rule.targets.begin(), rule.targets.end(),
                       [&](const std::string& target) { return expanded(target) == goal; });
  }

  /// clean-%: fits clean-all with the stem `all`.
  static std::optional<std::string> stem_of(const MakeRule& rule, const std::string& goal) {
    for (const std::string& target : rule.targets) {
      const size_t percent = target.find('%');
      if (percent == std::string::npos || rule.recipes.empty()) continue;
      const std::string before = target.substr(0, percent), behind = target.substr(percent + 1);
      if (goal.size() > before.size() + behind.size() && goal.starts_with(before) && goal.ends_with(behind))
        return goal.substr(before.size(), goal.size() - before.size() - behind.size());
    }
    return std::nullopt;
  }

  /// True: the rule has recipes.
  bool run_rule(const MakeRule& rule, const std::string& goal,
                const std::string& stem) {  // NOLINT(misc-no-recursion)
    std::string all = expanded(rule.prerequisites);
    const std::vector<std::string> prerequisites = words_in(all, " \t|");
    for (const std::string& name : prerequisites) run_goal(name);
    if (rule.recipes.empty() || !sink_.spend(variables_.size() * 32)) return !rule.recipes.empty();
    Variables here = variables_;
    const auto set = [&here](const char* name, std::string value) { here[name] = {std::move(value)}; };
    set("@", goal);
    set("<", prerequisites.empty() ? "" : prerequisites.front());
    set("^", all);
    set("+", all);
    set("?", std::move(all));
    set("*", stem);
    for (const Recipe& recipe : rule.recipes) run_recipe(recipe, here);
    return true;
  }

  void run_recipe(const Recipe& recipe, const Variables& variables) {
    std::vector<std::string> commands;
    std::string line = expand_make(recipe.text, variables, commands);
    run_commands(commands);
    run_line(std::move(line), recipe.range);
  }

  /// Of $(shell …).
  void run_commands(const std::vector<std::string>& commands) {
    for (const std::string& command : commands) run_line(command, {0, 0});
  }

  void run_line(std::string line, Range range) {
    sink_.run_code({Value::exact(std::move(line)), {source_, range}, nullptr}, shell_, how_);
  }

  Sink& sink_;
  Makefile file_;
  Variables variables_;
  uint32_t source_;
  resolve::RunAs how_;
  Dialect shell_;
  std::set<std::string> made_;
};

struct Found {
  std::string path;  ///< as people call it
  std::string text;
};

/// What this line wrote, else what stands on the disk.
std::optional<Found> text_of(Sink& sink, const Value& path) {
  if (const Value* written = sink.file_content(path); written != nullptr)
    return Found{path.display(), written->with_holes_empty()};
  if (auto file = read_text(sink, path)) return Found{path.display(), std::move(file->text)};
  return std::nullopt;
}

Value below(const Value& folder, std::string_view name) {
  if (folder.pieces().empty()) return Value::exact(std::string(name));
  Value path = folder;
  path.append_literal("/", false);
  path.append_literal(name, false);
  return path;
}

std::optional<Found> makefile_of(const Call& call, Sink& sink, const Value& folder) {
  const Argument* given = call.value("file");
  if (given == nullptr) given = call.value("makefile");
  if (given == nullptr) {
    for (std::string_view name : {"GNUmakefile", "makefile", "Makefile"})
      if (auto found = text_of(sink, below(folder, name))) return found;
    return std::nullopt;
  }
  const std::string name = given->value.with_holes_empty();
  if (name == "-" || name == "/dev/stdin")
    return Found{"standard input", call.invocation().input.data.with_holes_empty()};
  if (given->process) return Found{"a pipe", given->process->data.with_holes_empty()};
  const bool absolute = name.starts_with('/') || folder.pieces().empty();
  return text_of(sink, absolute ? given->value : below(folder, name));
}

void build(const Call& call, Sink& sink) {
  const Argument* directory = call.value("directory");
  const Value folder = directory != nullptr ? directory->value : Value();
  const std::optional<Found> found = makefile_of(call, sink, folder);
  if (!found) return judge_task_names(sink, call.invocation().argv);
  if (!sink.spend(found->text.size())) return;
  resolve::RunAs how = sink.as("make");
  how.child_shell = true;
  if (directory != nullptr) {
    const bool absolute = folder.prefix().starts_with('/');
    how.sets_cwd = true;
    how.cwd = absolute ? folder : below(call.invocation().cwd, folder.with_holes_empty());
  }
  const uint32_t source = sink.evaluator().add_source(found->text, found->path, call.invocation().place);
  Build build(sink, found->text, source, std::move(how));
  std::vector<std::string> goals;
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.with_holes_empty();
    const size_t equals = text.find('=');
    if (equals == std::string::npos)
      goals.push_back(text);
    else
      build.set(text.substr(0, equals), text.substr(equals + 1));
  }
  build.run_immediate();
  if (goals.empty()) build.run_default();
  for (const std::string& goal : goals) build.run_goal(goal);
}

/// make --eval TEXT: a piece of a makefile.
void judge_eval(const Argument& code, Sink& sink) {
  const std::string text = code.value.with_holes_empty();
  for (std::string_view mark : {"$(shell ", "${shell "}) {
    const size_t at = text.find(mark);
    if (at == std::string::npos) continue;
    resolve::RunAs how = sink.as("make");
    how.child_shell = true;
    const size_t from = at + mark.size();
    sink.run_shell(Value::exact(text.substr(from, text.find_last_of(")}") - from)), *dialect_from_name("sh"),
                   how, code.place);
  }
  for (std::string_view mark : {"$(file >", "$(file <"}) {
    const size_t at = text.find(mark);
    if (at == std::string::npos) continue;
    const size_t from = text.find_first_not_of("> ", at + mark.size());
    if (from == std::string::npos) continue;
    const Argument file{Value::exact(text.substr(from, text.find_first_of(",)", from) - from)), code.place,
                        nullptr};
    if (mark.ends_with('>'))
      write_effect(sink, file, Write::replace);
    else
      read_effect(sink, file);
  }
  const size_t recipe = text.find_first_of(";\n\t");
  if (recipe != std::string::npos && text.find(':') < recipe) {
    resolve::RunAs how = sink.as("make");
    how.child_shell = true;
    size_t from = text.find_first_not_of("; \n\t@-", recipe);
    if (from != std::string::npos)
      sink.run_shell(Value::exact(text.substr(from)), *dialect_from_name("sh"), how, code.place);
  }
}

void make(const Call& call, Sink& sink) {
  if (call.any("just-print dry-run recon question touch version help")) return;
  sink.evaluator().within_file(0, [&] { build(call, sink); });
  if (const Argument* code = call.value("eval")) judge_eval(*code, sink);
}

constexpr CommandSpec kMakeCommands[] = {{"make gmake", kMake, Order::permuted, make}};

}  // namespace

std::span<const CommandSpec> make_commands() { return kMakeCommands; }

}  // namespace cmdai::commands
