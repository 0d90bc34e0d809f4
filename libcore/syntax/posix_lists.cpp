// The whole text, lists, && and ||, pipelines.
#include <cctype>
#include <utility>

#include "libcore/syntax/posix_parser.hpp"

namespace cmdai::syntax {

void parse_posix(Tree& tree, const ParseOptions& options) {
  Budget budget;
  PosixParser(tree, options, budget).run();
}

void PosixParser::run() {
  src_ = tree_.source;
  end_ = static_cast<uint32_t>(src_.size());
  const size_t mark = statements_.mark();
  size_t line = mark;  // statements since the last complete line
  while (true) {
    skip_blanks();
    if (at_end()) break;
    if (take_newline()) {
      line = statements_.mark();
      continue;
    }
    if (is_zsh() && peek() == ';' && peek(1) != ';') {  // an empty statement
      ++pos_;
      continue;
    }
    const uint32_t before = pos_;
    statement();
    if (!failed() && !at_end() && (pos_ == before || statements_.back().terminator.empty())) unexpected();
    if (failed()) break;
    if (statements_.back().terminator == "\n") line = statements_.mark();
  }
  read_here_documents();
  if (failed()) {
    for (size_t i = line; i < statements_.mark(); ++i) statements_.at(i).runs = false;
    if (error_.begin < src_.size() || status_ == Status::invalid) unread();
  }
  Script* script = arena_.make<Script>();
  script->range = {0, static_cast<uint32_t>(src_.size())};
  script->statements = statements_.take(mark, arena_);
  tree_.script = script;
  tree_.status = status_;
  tree_.error = error_;
  tree_.message = std::move(message_);
}

/// What stands from the first error on: one statement that does not run.
void PosixParser::unread() {
  Command* c = arena_.make<Command>();
  c->kind = CommandKind::unread;
  c->range = {error_.begin, static_cast<uint32_t>(src_.size())};
  Stage stage;
  stage.command = c;
  Link link;
  link.pipeline.range = c->range;
  link.pipeline.stages = list_of(stage, arena_);
  Statement s;
  s.range = c->range;
  s.runs = false;
  s.links = list_of(link, arena_);
  statements_.push(s);
}

const Script* PosixParser::run_nested(std::string_view text, uint32_t begin_in_source) {
  src_ = text;
  end_ = static_cast<uint32_t>(text.size());
  nested_text_ = true;
  const size_t mark = statements_.mark();
  while (!at_end()) {
    skip_newlines();
    if (at_end()) break;
    const uint32_t before = pos_;
    statement();
    if (!failed() && !at_end() && (pos_ == before || statements_.back().terminator.empty())) unexpected();
  }
  read_here_documents();
  Script* script = arena_.make<Script>();
  script->range = {0, end_};
  if (text.empty()) script->range = {begin_in_source, begin_in_source};  // nothing to be a source of its own
  script->statements = statements_.take(mark, arena_);
  script->own_source = text;
  script->own_source_begin = begin_in_source;
  return script;
}

/// At command position: does an enclosing construct take over here?
bool PosixParser::list_ends() const {
  if (at_end()) return true;
  const char c = peek();
  if (c == ')' || closing_brace()) return true;
  if (c == ';' && (peek(1) == ';' || peek(1) == '&' || (is_zsh() && peek(1) == '|'))) return true;
  if (c != 't' && c != 'e' && c != 'f' && c != 'd' && c != '\\') return false;
  const std::string_view w = literal_ahead();
  return w == "then" || w == "elif" || w == "else" || w == "fi" || w == "do" || w == "done" || w == "esac" ||
         (is_zsh() && w == "end");
}

bool PosixParser::closing_brace() const {
  if (at_end() || peek() != '}') return false;
  return brace_closes_anywhere_ || (is_zsh() ? zsh_brace_closes() : keyword_ahead("}"));
}

/// fi, done, esac: zsh knows no reserved word right behind them.
bool PosixParser::ends_with_keyword(const Statement& s) const {
  if (s.links.empty() || s.links.back().pipeline.stages.empty()) return false;
  const Command& last = *s.links.back().pipeline.stages.back().command;
  if (last.kind == CommandKind::simple || !last.redirects.empty()) return false;
  std::string_view text = src_.substr(0, s.range.end);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text.ends_with("fi") || text.ends_with("done") || text.ends_with("esac");
}

const Script* PosixParser::list(uint32_t begin) {
  Nesting nesting(budget_, options_.limits);
  if (!nesting.ok) fail(Status::too_complex, pos_, "nested too deeply");
  const size_t mark = statements_.mark();
  while (true) {
    skip_newlines();
    if (list_ends()) break;
    if (is_zsh() && peek() == ';') {  // an empty statement
      ++pos_;
      continue;
    }
    const uint32_t before = pos_;
    statement();
    if (failed() || pos_ == before) break;
    const std::string_view terminator = statements_.back().terminator;
    if (!terminator.empty()) continue;  // else something that ends the list, or an error the caller reports
    if (is_zsh() && list_ends() && !at_end() && ends_with_keyword(statements_.back()) &&
        std::isalpha(peek()) != 0)
      fail(Status::invalid, pos_, "zsh wants a `;` before a reserved word here");
    break;
  }
  Script* script = arena_.make<Script>();
  script->range = {begin, pos_};
  script->statements = statements_.take(mark, arena_);
  spend();
  return script;
}

const Script* PosixParser::one_statement(uint32_t begin) {
  skip_blanks();
  Statement s;
  s.links = and_or();
  s.range = {begin, pos_};
  Script* script = arena_.make<Script>();
  script->range = s.range;
  script->statements = list_of(s, arena_);
  return script;
}

void PosixParser::statement() {
  const uint32_t begin = pos_;
  const List<Link> links = and_or();
  const uint32_t end = pos_;
  const std::string_view terminator = take_terminator();
  Statement& s = statements_.add();
  s.range = {begin, end};
  s.links = links;
  if (!failed()) s.terminator = terminator;
}

/// The newline, ; or & behind a list.
std::string_view PosixParser::take_terminator() {
  const uint32_t at = pos_;
  if (take_newline()) return slice(at, at + 1);
  if (peek() == ';' && peek(1) != ';' && peek(1) != '&' && !(is_zsh() && peek(1) == '|')) {
    ++pos_;
  } else if (peek() == '&' && peek(1) != '&') {
    ++pos_;
    if (is_zsh() && (peek() == '!' || peek() == '|')) ++pos_;
  }
  note(TokenKind::op, at);
  return slice(at, pos_);
}

/// Most statements are one pipeline, so the first lies in the arena from the start.
List<Link> PosixParser::and_or() {
  Link* first = arena_.make<Link>();
  pipeline(first->pipeline);
  spend();
  const std::string_view op = take_and_or();
  if (op.empty()) return std::span<const Link>(first, 1);
  return and_or_behind(*first, op);
}

List<Link> PosixParser::and_or_behind(const Link& first, std::string_view op) {
  const size_t mark = links_.mark();
  for (links_.push(first); !op.empty(); op = take_and_or()) {
    Link link;
    link.op = op;
    pipeline(link.pipeline);
    links_.push(link);
    spend();
  }
  return links_.take(mark, arena_);
}

/// && or || when a pipeline follows it, else empty.
std::string_view PosixParser::take_and_or() {
  skip_blanks();
  const char c = peek();
  if (failed() || (c != '&' && c != '|')) return {};
  const uint32_t at = pos_;
  uint32_t second = pos_ + 1;
  while (second + 1 < end_ && src_[second] == '\\' && src_[second + 1] == '\n' && !is_zsh()) second += 2;
  if (second >= end_ || src_[second] != c) return {};
  const std::string_view op = c == '&' ? "&&" : "||";
  pos_ = second + 1;
  note(TokenKind::op, at);
  skip_newlines();
  if (!at_end()) return op;
  if (!zsh_ends_here())
    fail(Status::incomplete, pos_,
         op == "&&" ? "a command should follow `&&`" : "a command should follow `||`");
  return {};
}

/// Whether no command follows, nor an operator that wants one before it.
bool PosixParser::nothing_ahead() {
  skip_blanks();
  const char c = peek();
  return at_end() || c == '\n' || c == ';' || c == ')' || (c == '&' && peek(1) != '&');
}

void PosixParser::pipeline(Pipeline& p) {
  p.range.begin = pos_;
  bool prefix = false;  // `!` and `time` alone are commands in bash
  while (!failed()) {
    skip_blanks();
    if (p.negations > 0 && !is_bash()) break;  // only bash takes a second one
    if (peek() == '!' && keyword_ahead("!")) {
      take_keyword("!");
      ++p.negations;
      prefix = true;
    } else if (peek() == '!' && peek(1) == '(' && !dialect_.extglob && !at_end()) {
      ++pos_;  // !(command) with extglob off
      ++p.negations;
    } else if (peek() == 't' && !is_sh() && keyword_ahead("time")) {
      take_keyword("time");
      p.timed = prefix = true;
      skip_blanks();
      if (keyword_ahead("-p") && is_bash()) take_keyword("-p"), skip_blanks();
      if (keyword_ahead("--") && is_bash()) take_keyword("--");
    } else {
      break;
    }
  }
  if (prefix && !is_sh() && nothing_ahead()) {
    p.range.end = pos_;
    return;
  }
  if (!failed()) p.stages = stages();
  p.range.end = pos_;
}

/// As in and_or(): most pipelines are one command.
List<Stage> PosixParser::stages() {
  Stage* first = arena_.make<Stage>();
  if (!stage(*first)) return std::span<const Stage>(first, 1);
  return stages_behind(*first);
}

List<Stage> PosixParser::stages_behind(const Stage& first) {
  const size_t mark = stages_.mark();
  stages_.push(first);
  bool more = true;
  while (more) {
    Stage next;
    more = stage(next);
    stages_.push(next);
  }
  return stages_.take(mark, arena_);
}

/// A command and the operator behind it; whether another one follows.
bool PosixParser::stage(Stage& s) {
  s.command = command();
  skip_blanks();
  const uint32_t at = pos_;
  if (failed() || at_end() || peek() != '|' || peek(1) == '|' ||
      (peek(1) == '\\' && peek(2) == '\n' && peek(3) == '|'))
    return false;
  ++pos_;
  if (!is_sh() && peek() == '&' && !at_end()) ++pos_;
  s.pipe = slice(at, pos_);
  note(TokenKind::op, at);
  skip_newlines();
  if (at_end()) fail(Status::incomplete, pos_, "a command should follow `|`");
  spend();
  if (is_bash() && peek() == 't' && keyword_ahead("time")) take_keyword("time"), skip_blanks();
  return !failed();
}

}  // namespace cmdai::syntax
