// fish commands: the plain ones and begin, if, while, for, switch, function.
#include <algorithm>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/syntax/fish_parser.hpp"

namespace cmdai::syntax {
namespace {

constexpr std::string_view kBuiltins[] = {
    ".",       ":",           "[",         "_",        "abbr",       "and",     "argparse", "begin",
    "bg",      "bind",        "block",     "break",    "breakpoint", "builtin", "case",     "cd",
    "command", "commandline", "complete",  "contains", "continue",   "count",   "disown",   "echo",
    "else",    "emit",        "end",       "eval",     "exec",       "exit",    "false",    "fg",
    "for",     "function",    "functions", "history",  "if",         "jobs",    "math",     "not",
    "or",      "path",        "printf",    "pwd",      "random",     "read",    "realpath", "return",
    "set",     "set_color",   "source",    "status",   "string",     "switch",  "test",     "time",
    "true",    "type",        "ulimit",    "wait",     "while"};

}  // namespace

bool is_fish_builtin(std::string_view name, uint16_t version) {
  if (among(kBuiltins, name)) return true;
  return (version == 0 || version >= 400) && (name == "fish_indent" || name == "fish_key_reader");
}

/// fish: a block word is an ordinary command when an option follows, and (all but begin) when nothing does.
bool FishParser::is_plain_command() {
  const FishToken& next = peek(1);
  const std::string_view k = keyword();
  const bool is_word = next.kind == FishTokenKind::word;
  if (k == "function") {
    if (help_follows()) return true;
  } else if (is_word && raw(next).starts_with('-')) {
    return true;
  }
  return k != "begin" && k != "end" &&
         (next.kind == FishTokenKind::end || next.kind == FishTokenKind::finish);
}

const Command* FishParser::command(Command& c) {
  spend();
  const size_t redirects = redirects_.mark();
  if (is(FishTokenKind::left_brace)) {
    brace_block(c);
  } else if (!is(FishTokenKind::word)) {
    expected("a command");
  } else if (assignment_ahead()) {
    fail(Status::invalid, "an assignment without a command: in fish write `set NAME VALUE`");
  } else if (const std::string_view k = keyword(); k.empty() || is_plain_command()) {
    simple(c);
  } else if (k == "begin")
    begin_block(c);
  else if (k == "if")
    if_block(c);
  else if (k == "while")
    while_block(c);
  else if (k == "for")
    for_block(c);
  else if (k == "switch")
    switch_block(c);
  else if (k == "function")
    function_block(c);
  else if (k == "end")
    fail(Status::invalid, "expected a command, found `end`");
  else
    simple(c);
  c.redirects = redirects_.take(redirects, arena_);
  c.range.end = std::max(c.range.begin, last_end_);
  return arena_.make<Command>(c);
}

bool FishParser::argument_or_redirect() {
  if (is(FishTokenKind::redirect)) return redirect(), true;
  if (!is(FishTokenKind::word) || !spend()) return false;
  words_.push(word(take().range));
  return true;
}

void FishParser::redirect() {
  const FishToken token = take();
  Redirect r;
  r.fd = source_.substr(token.range.begin, token.fd_end - token.range.begin);
  r.op = source_.substr(token.fd_end, token.range.end - token.fd_end);
  if (is(FishTokenKind::word))
    r.target = word(take().range, Check::lax);
  else {
    expected("a file name or descriptor behind `" + std::string(r.op) + "`");
    r.target = word({token.range.end, token.range.end}, Check::lax);
  }
  r.range = {token.range.begin, r.target->range.end};
  redirects_.push(r);
}

void FishParser::simple(Command& c) {
  const size_t mark = words_.mark();
  while (argument_or_redirect()) {
  }
  c.words = words_.take(mark, arena_);
  if (!context_.failed() && !c.words.empty()) check_command(c);
}

/// What fish refuses before it runs anything.
void FishParser::check_command(const Command& c) {
  size_t at = 0;
  bool builtin = false;
  std::string name;
  unescape_fish(written(*c.words[0]), name);
  const bool decorates = (name == "builtin" || name == "command" || name == "exec") && c.words.size() > 1 &&
                         source_[c.words[1]->range.begin] != '-';
  if (decorates) {
    builtin = name == "builtin";
    at = 1;
    name.clear();
    unescape_fish(written(*c.words[1]), name);
  }
  const Word& word = *c.words[at];
  bool expands = false;
  for (const Part& p : word.parts) {
    if (p.kind == PartKind::command)
      return context_.fail(Status::invalid, p.range, "a substitution cannot name a command in fish");
    expands = expands || p.kind != PartKind::quoted;
    if (p.kind == PartKind::text)
      expands = expands && p.text.view().find_first_of("*?{") != std::string_view::npos;
  }
  if (written(word) == "$status")
    return context_.fail(Status::invalid, word.range, "`$status` is not a command");
  const std::string_view next = c.words.size() > at + 1 ? written(*c.words[at + 1]) : std::string_view();
  const bool helps = next == "-h" || next == "--help";
  if ((name == "break" || name == "continue") && loops_ == 0 && !helps)
    return context_.fail(Status::invalid, word.range, "`" + name + "` outside of a loop");
  if (builtin && !expands && !is_fish_builtin(name, context_.tree.dialect.version))
    context_.fail(Status::invalid, word.range, "no builtin is called `" + name + "`");
}

/// Arguments up to the end of the line, where redirects have no place.
void FishParser::arguments() {
  while (is(FishTokenKind::word) && spend()) words_.push(word(take().range));
}

void FishParser::need_line_end() {
  if (is(FishTokenKind::end))
    take();
  else
    expected("the end of the statement");
}

/// `end` and the redirects of the block; a word there is an error.
void FishParser::need_end(Command& c, std::string_view of) {
  if (keyword() != "end") return expected("`end` of `" + std::string(of) + "`");
  take();
  const size_t mark = words_.mark();
  while (argument_or_redirect()) {
  }
  if (!words_.take(mark, arena_).empty()) context_.fail(Status::invalid, c.range, "`end` takes no arguments");
}

void FishParser::begin_block(Command& c) {
  c.kind = CommandKind::group;
  more(c).body = list(take().range.end);
  need_end(c, "begin");
}

void FishParser::brace_block(Command& c) {
  c.kind = CommandKind::group;
  more(c).body = list(take().range.end);
  if (!is(FishTokenKind::right_brace)) return expected("`}`");
  take();
  const size_t mark = words_.mark();
  while (argument_or_redirect()) {
  }
  if (!words_.take(mark, arena_).empty()) context_.fail(Status::invalid, c.range, "`}` takes no arguments");
}

/// The condition is the first statement, with the `and` and `or` that follow it.
const Script* FishParser::condition() {
  auto* script = arena_.make<Script>();
  const size_t mark = statements_.mark();
  script->range.begin = here();
  const Nesting nesting(context_.budget, context_.options.limits);
  if (!nesting.ok)
    fail(Status::too_complex, "nested too deeply");
  else
    statement(true);
  script->statements = statements_.take(mark, arena_);
  script->range.end = std::max(script->range.begin, last_end_);
  return script;
}

void FishParser::if_block(Command& c) {
  c.kind = CommandKind::if_;
  const size_t mark = clauses_.mark();
  bool another = true;
  bool conditional = true;
  for (uint32_t begin = take().range.begin; another;) {
    Clause clause;
    if (conditional) clause.condition = condition();
    clause.body = list(last_end_);
    clause.range = {begin, std::max(begin, last_end_)};
    clauses_.push(clause);
    another = conditional && keyword() == "else" && spend();
    if (!another) break;
    begin = take().range.begin;
    conditional = keyword() == "if";
    if (conditional) {
      take();
      if (!is(FishTokenKind::word) && !is(FishTokenKind::left_brace)) expected("a condition");
    } else {
      need_line_end();
    }
  }
  more(c).clauses = clauses_.take(mark, arena_);
  need_end(c, "if");
}

void FishParser::while_block(Command& c) {
  c.kind = CommandKind::while_;
  const uint32_t begin = take().range.begin;
  ++loops_;
  Clause clause;
  clause.condition = condition();
  clause.body = list(last_end_);
  clause.range = {begin, std::max(begin, last_end_)};
  --loops_;
  more(c).clauses = list_of(clause, arena_);
  need_end(c, "while");
}

void FishParser::for_block(Command& c) {
  c.kind = CommandKind::for_;
  take();
  if (!is(FishTokenKind::word)) return expected("a variable name");
  more(c).name = raw(take());
  if (!is(FishTokenKind::word) || raw(peek()) != "in") return expected("`in`");
  take();
  c.has_in = true;
  const size_t mark = words_.mark();
  arguments();
  c.words = words_.take(mark, arena_);
  need_line_end();
  ++loops_;
  more(c).body = list(last_end_);
  --loops_;
  need_end(c, "for");
}

void FishParser::switch_block(Command& c) {
  c.kind = CommandKind::case_;
  take();
  const size_t mark = words_.mark();
  if (is(FishTokenKind::word))
    words_.push(word(take().range));
  else
    expected("a value");
  c.words = words_.take(mark, arena_);
  need_line_end();
  while (is(FishTokenKind::end)) take();
  const size_t clauses = clauses_.mark();
  while (keyword() == "case" && spend()) {
    Clause clause;
    const uint32_t begin = take().range.begin;
    const size_t patterns = words_.mark();
    arguments();
    clause.patterns = words_.take(patterns, arena_);
    need_line_end();
    clause.body = list(last_end_);
    clause.range = {begin, std::max(begin, last_end_)};
    clauses_.push(clause);
  }
  more(c).clauses = clauses_.take(clauses, arena_);
  need_end(c, "switch");
}

void FishParser::function_block(Command& c) {
  c.kind = CommandKind::function;
  take();
  const size_t mark = words_.mark();
  arguments();
  const std::span<const Word* const> all = words_.take(mark, arena_);
  if (all.empty()) return expected("a function name");
  c.words = all.first(1);
  more(c).arguments = all.subspan(1);
  need_line_end();
  const uint32_t outer_loops = std::exchange(loops_, 0U);
  more(c).body = list(last_end_);
  loops_ = outer_loops;
  need_end(c, "function");
}

}  // namespace cmdai::syntax
