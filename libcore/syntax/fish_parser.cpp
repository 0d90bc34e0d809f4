#include "libcore/syntax/fish_parser.hpp"

#include <algorithm>

namespace cmdai::syntax {
namespace {

bool takes_braces(const Dialect& dialect) { return dialect.version == 0 || dialect.version >= 400; }

constexpr std::string_view kKeywords[] = {"and", "begin",  "builtin", "case",     "command", "else",
                                          "end", "exec",   "for",     "function", "if",      "not",
                                          "or",  "switch", "time",    "while",    "!"};

bool may_spell_keyword(std::string_view text) {
  if (text.size() > 64) return false;
  for (const char c : text)
    if (!is_name_char(c) && c != '\'' && c != '"' && c != '\\' && c != '!' && c != '\n') return false;
  return true;
}

/// Commands that must not stand in a pipeline.
bool is_pipe_forbidden(std::string_view name) {
  for (const std::string_view n : {"exec", "case", "break", "return", "continue"})
    if (n == name) return true;
  return false;
}

std::string_view only_text(const Word& word) {
  if (word.parts.size() != 1) return {};
  const Part& p = word.parts[0];
  return p.kind == PartKind::text || p.kind == PartKind::quoted ? p.text : std::string_view();
}

}  // namespace

void FishContext::fail(Status status, Range at, std::string message) {
  if (failed()) return;
  tree.status = status;
  tree.error = at;
  tree.message = std::move(message);
}

FishParser::FishParser(FishContext& context, Range range)
    : context_(context),
      arena_(context.tree.arena),
      source_(context.tree.source),
      range_(range),
      lexer_(context.tree.source, range, takes_braces(context.tree.dialect)),
      last_end_(range.begin) {}

void FishParser::set_notes(std::vector<Token>* notes) { lexer_.set_notes(notes); }

const FishToken& FishParser::peek(uint32_t ahead) {
  while (buffered_ <= ahead) {
    FishToken token = lexer_.next();
    if (token.kind == FishTokenKind::error) context_.fail(token.status, token.range, token.message);
    ahead_[buffered_++] = token;
  }
  if (context_.failed() || ahead_[ahead].kind == FishTokenKind::error) {
    ahead_[ahead].kind = FishTokenKind::finish;
    ahead_[ahead].range = {range_.end, range_.end};
  }
  return ahead_[ahead];
}

FishToken FishParser::take() {
  const FishToken token = peek();
  if (token.kind == FishTokenKind::finish) return token;
  last_end_ = token.range.end;
  ahead_[0] = ahead_[1];
  --buffered_;
  return token;
}

/// Where something new begins: at the next token; at the end, and so after an error, where the last one
/// ended. What is begun lies in the ranges around it even if an error is all that follows.
uint32_t FishParser::here() {
  if (!is(FishTokenKind::finish)) last_end_ = std::max(last_end_, peek().range.begin);
  return last_end_;
}

std::string_view FishParser::keyword(uint32_t ahead) {
  const FishToken& token = peek(ahead);
  if (token.kind != FishTokenKind::word || !may_spell_keyword(raw(token))) return {};
  std::string plain;
  if (!unescape_fish(raw(token), plain)) return {};
  for (const std::string_view k : kKeywords)
    if (k == plain) return k;
  return {};
}

bool FishParser::help_follows() {
  const FishToken& next = peek(1);
  return next.kind == FishTokenKind::word && (raw(next) == "-h" || raw(next) == "--help");
}

void FishParser::expected(std::string_view what) {
  const bool at_finish = is(FishTokenKind::finish);
  const std::string found = at_finish ? "the end" : "`" + std::string(raw(peek())) + "`";
  fail(at_finish ? Status::incomplete : Status::invalid,
       "expected " + std::string(what) + ", found " + found);
}

void FishParser::skip_newlines() {
  while (is(FishTokenKind::end) && peek().newline) take();
}

bool FishParser::spend() {
  if (context_.failed()) return false;
  if (++context_.budget.nodes <= context_.options.limits.nodes) return true;
  fail(Status::too_complex, "too many words");
  return false;
}

Script* FishParser::run() {
  const Script* script = list(range_.begin);
  if (is(FishTokenKind::right_brace))
    fail(Status::invalid, "`}` without `{`");
  else if (!is(FishTokenKind::finish))
    fail(Status::invalid, "`" + std::string(keyword()) + "` outside of a block");
  auto* whole = arena_.make<Script>(*script);
  whole->range = range_;
  return whole;
}

bool FishParser::list_ends() {
  if (is(FishTokenKind::finish) || is(FishTokenKind::right_brace)) return true;
  const std::string_view k = keyword();
  return k == "end" || k == "else" || k == "case";
}

const Script* FishParser::list(uint32_t begin) {
  auto* script = arena_.make<Script>();
  const size_t mark = statements_.mark();
  const Nesting nesting(context_.budget, context_.options.limits);
  if (!nesting.ok) fail(Status::too_complex, "nested too deeply");
  for (;;) {
    while (is(FishTokenKind::end)) take();
    if (list_ends()) break;
    statement(false);
  }
  script->statements = statements_.take(mark, arena_);
  script->range = {begin, std::max(begin, last_end_)};
  return script;
}

/// A job with its && and ||, and the `and`/`or` statements behind it: they look at its status.
void FishParser::statement(bool condition) {
  Statement s;
  s.range.begin = here();
  const size_t mark = links_.mark();
  std::string_view op = link_keyword();
  bool first = true;
  do {
    conjunction(first ? std::string_view() : op, condition);
    first = false;
    s.range.end = std::max(s.range.begin, last_end_);
    s.terminator = "";
    if (background_)
      s.terminator = "&";
    else if (is(FishTokenKind::end))
      s.terminator = peek().newline ? "\n" : ";";
    if (is(FishTokenKind::end)) {
      take();
      s.range.end = last_end_;
    }
    while (is(FishTokenKind::end)) take();
    op = link_keyword();
    if (!op.empty() && background_) fail(Status::invalid, "`and` and `or` cannot follow a backgrounded job");
  } while (!op.empty());
  s.links = links_.take(mark, arena_);
  statements_.push(s);
}

/// Takes `and`, `or` in front of a job: "&&", "||" or empty.
std::string_view FishParser::link_keyword() {
  std::string_view op;
  for (std::string_view k = keyword(); (k == "and" || k == "or") && !help_follows(); k = keyword()) {
    op = k == "and" ? "&&" : "||";
    take();
  }
  return op;
}

void FishParser::conjunction(std::string_view op, bool condition) {
  for (;;) {
    pipeline(op);
    if (background_ && condition) fail(Status::invalid, "a backgrounded job cannot be a condition");
    if (is(FishTokenKind::and_and))
      op = "&&";
    else if (is(FishTokenKind::or_or))
      op = "||";
    else
      return;
    take();
    skip_newlines();
  }
}

void FishParser::pipeline(std::string_view op) {
  Link link;
  link.op = op;
  Pipeline& p = link.pipeline;
  p.range.begin = here();
  const size_t mark = stages_.mark();
  for (bool subsequent = false;; subsequent = true) {
    stages_.push({stage(p, subsequent), {}});
    if (!is(FishTokenKind::pipe)) break;
    stages_.back().pipe = raw(take());
    skip_newlines();
  }
  p.range.end = std::max(p.range.begin, last_end_);
  background_ = is(FishTokenKind::background);
  if (background_) take();
  p.stages = stages_.take(mark, arena_);
  check_pipeline(p.stages);
  links_.push(link);
}

void FishParser::check_pipeline(std::span<const Stage> stages) {
  if (stages.size() < 2) return;
  for (size_t i = 0; i < stages.size(); ++i) {
    const Command& c = *stages[i].command;
    if (c.kind != CommandKind::simple || c.words.empty()) continue;
    std::string_view name = only_text(*c.words[0]);
    if (c.words.size() > 1 && (name == "command" || name == "builtin") &&
        !only_text(*c.words[1]).starts_with('-'))
      name = only_text(*c.words[1]);
    if (is_pipe_forbidden(name) || (i > 0 && (name == "and" || name == "or")))
      context_.fail(Status::invalid, c.range, "`" + std::string(name) + "` cannot be used in a pipeline");
  }
}

const Command* FishParser::stage(Pipeline& pipeline, bool subsequent) {
  Command c;
  c.range.begin = here();
  const size_t mark = assigns_.mark();
  for (;;) {
    const std::string_view k = keyword();
    const bool followed = peek(1).kind == FishTokenKind::word && !raw(peek(1)).starts_with('-');
    if ((k == "not" || k == "!") && followed) {
      ++pipeline.negations;
      take();
    } else if (k == "time" && (assigns_.empty_since(mark) || pipeline.negations > 0) && !help_follows()) {
      if (subsequent) fail(Status::invalid, "`time` may only stand at the beginning of a pipeline");
      pipeline.timed = true;
      take();
    } else if (assignment_ahead() && peek(1).kind == FishTokenKind::word) {
      assignment();
    } else {
      break;
    }
    if (!spend()) break;
  }
  c.assigns = assigns_.take(mark, arena_);
  return command(c);
}

/// name=… before a command. Without one behind it that is an error: fish has `set`.
bool FishParser::assignment_ahead() {
  if (!is(FishTokenKind::word)) return false;
  const std::string_view text = raw(peek());
  const size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos) return false;
  for (const char c : text.substr(0, equals))
    if (!is_name_char(c) && static_cast<unsigned char>(c) < 0x80) return false;
  return true;
}

void FishParser::assignment() {
  const FishToken token = take();
  const auto length = static_cast<uint32_t>(raw(token).find('='));
  Assignment a;
  a.range = token.range;
  a.name = source_.substr(token.range.begin, length);
  a.value = word({token.range.begin + length + 1, token.range.end}, Check::lax);
  assigns_.push(a);
}

void parse_fish(Tree& tree, const ParseOptions& options) {
  Budget budget;
  FishContext context{tree, options, budget};
  FishParser parser(context, {0, static_cast<uint32_t>(tree.source.size())});
  if (options.keep_tokens) parser.set_notes(&tree.tokens);
  const Script* script = parser.run();
  if (context.failed()) {
    std::vector<Statement> kept(script->statements.begin(), script->statements.end());
    for (Statement& s : kept) s.runs = false;
    auto* halted = tree.arena.make<Script>(*script);
    halted->statements = std::span<const Statement>(tree.arena.copy(std::span<const Statement>(kept)));
    script = halted;
  }
  tree.script = script;
}

}  // namespace cmdai::syntax
