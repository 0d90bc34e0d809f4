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
    if (!failed() && !at_end() && (pos_ == before || statements_.back().terminator.empty()))
      fail(Status::invalid, pos_, "unexpected `" + std::string(1, peek()) + "`");
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
  link.pipeline.stages = arena_.copy(std::span<const Stage>(&stage, 1));
  Statement s;
  s.range = c->range;
  s.runs = false;
  s.links = arena_.copy(std::span<const Link>(&link, 1));
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
    if (!failed() && !at_end() && (pos_ == before || statements_.back().terminator.empty()))
      fail(Status::invalid, pos_, "unexpected `" + std::string(1, peek()) + "`");
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
  std::string storage;
  const std::string_view w = literal_ahead(storage);
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
  const size_t mark = statements_.mark();
  skip_blanks();
  const size_t links = links_.mark();
  and_or();
  Statement s;
  s.range = {begin, pos_};
  s.links = links_.take(links, arena_);
  statements_.push(s);
  Script* script = arena_.make<Script>();
  script->range = s.range;
  script->statements = statements_.take(mark, arena_);
  return script;
}

void PosixParser::statement() {
  const uint32_t begin = pos_;
  const size_t mark = links_.mark();
  and_or();
  Statement s;
  s.range = {begin, pos_};
  s.links = links_.take(mark, arena_);
  skip_blanks();
  skip_continuations();
  const uint32_t at = pos_;
  if (!at_end() && peek() == ';' && peek(1) != ';' && peek(1) != '&' && !(is_zsh() && peek(1) == '|')) {
    ++pos_;
  } else if (!at_end() && peek() == '&' && peek(1) != '&') {
    ++pos_;
    if (is_zsh() && !at_end() && (peek() == '!' || peek() == '|')) ++pos_;
  } else if (!at_end() && peek() == '\n') {
    take_newline();
  }
  if (!failed()) s.terminator = src_.substr(at, pos_ > at ? (src_[at] == '\n' ? 1 : pos_ - at) : 0);
  if (!s.terminator.empty() && s.terminator[0] != '\n') note(TokenKind::op, at);
  statements_.push(s);
}

void PosixParser::and_or() {
  std::string_view op;
  while (true) {
    Link link;
    link.op = op;
    link.pipeline = pipeline();
    links_.push(link);
    spend();
    if (failed()) return;
    skip_blanks();
    const char c = peek();
    if (at_end() || (c != '&' && c != '|')) return;
    const uint32_t at = pos_;
    uint32_t second = pos_ + 1;
    while (second + 1 < end_ && src_[second] == '\\' && src_[second + 1] == '\n' && !is_zsh()) second += 2;
    if (second >= end_ || src_[second] != c) return;
    op = c == '&' ? "&&" : "||";
    pos_ = second + 1;
    note(TokenKind::op, at);
    skip_newlines();
    if (zsh_ends_here()) return;
    if (at_end()) return fail(Status::incomplete, pos_, "a command should follow `" + std::string(op) + "`");
  }
}

Pipeline PosixParser::pipeline() {
  Pipeline p;
  p.range.begin = pos_;
  const size_t mark = stages_.mark();
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
  skip_blanks();
  const bool nothing = at_end() || std::string_view("\n;&|)").find(peek()) != std::string_view::npos;
  if (prefix && nothing && !is_sh() && peek() != '|' && (peek() != '&' || peek(1) != '&')) {
    p.range.end = pos_;
    return p;
  }
  while (!failed()) {
    Stage stage;
    stage.command = command();
    skip_blanks();
    const uint32_t at = pos_;
    if (!failed() && !at_end() && peek() == '|' && peek(1) != '|' &&
        !(peek(1) == '\\' && peek(2) == '\n' && peek(3) == '|')) {
      ++pos_;
      if (!is_sh() && peek() == '&' && !at_end()) ++pos_;
      stage.pipe = src_.substr(at, pos_ - at);
      note(TokenKind::op, at);
    }
    stages_.push(stage);
    if (stage.pipe.empty()) break;
    skip_newlines();
    if (at_end()) fail(Status::incomplete, pos_, "a command should follow `|`");
    spend();
    if (is_bash() && peek() == 't' && keyword_ahead("time")) take_keyword("time"), skip_blanks();
  }
  p.stages = stages_.take(mark, arena_);
  p.range.end = pos_;
  return p;
}

}  // namespace cmdai::syntax
