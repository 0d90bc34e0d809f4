// Here-document bodies: read when the line that announced them ends.
#include "libcore/syntax/posix_parser.hpp"

namespace cmdai::syntax {

void PosixParser::read_waiting_here_documents() {
  std::vector<HereDocument> waiting;
  waiting.swap(here_documents_);
  for (const HereDocument& doc : waiting) read_here_document(doc);
}

/// Whether the (joined) line starting at `line` is the delimiter; `after` is where reading goes on.
bool PosixParser::delimiter_line(const HereDocument& doc, uint32_t line, uint32_t& after) const {
  uint32_t at = line;
  if (doc.strip_tabs)
    while (at < end_ && src_[at] == '\t') ++at;
  size_t matched = 0;
  while (at < end_ && matched < doc.delimiter.size()) {
    // A joined line can be the delimiter in bash and zsh, not in dash.
    if (!doc.quoted && !is_sh() && src_[at] == '\\' && at + 1 < end_ && src_[at + 1] == '\n') {
      at += 2;
      continue;
    }
    if (src_[at] != doc.delimiter[matched]) return false;
    ++matched;
    ++at;
  }
  if (matched < doc.delimiter.size()) return false;
  if (at >= end_ || src_[at] == '\n') {
    after = at >= end_ ? at : at + 1;
    return true;
  }
  if (substitutions_ > 0 && src_[at] == ')' && is_bash()) {  // `E)` ends it inside $( … )
    after = at;
    return true;
  }
  return false;
}

void PosixParser::read_here_document(const HereDocument& doc) {
  const uint32_t begin = pos_;
  uint32_t line = pos_, after = end_;
  bool found = false;
  while (line < end_) {
    if (delimiter_line(doc, line, after)) {
      found = true;
      break;
    }
    // To the next line; a backslash-newline in an unquoted body joins, so the next one is no line of its own.
    while (line < end_ && src_[line] != '\n')
      line += !doc.quoted && src_[line] == '\\' && line + 1 < end_ ? 2 : 1;
    ++line;
  }
  const uint32_t body_end = std::min(found ? line : end_, end_);
  doc.body->range = {begin, body_end};
  if (failed()) return;
  if (doc.quoted) {
    const size_t mark = parts_.mark();
    add_text(begin, body_end, true, true);
    doc.body->parts = parts_.take(mark, arena_);
  } else {
    const uint32_t substitutions = substitutions_;
    doc.body->parts = sub_word(begin, body_end, Mode::here_document)->parts;
    substitutions_ = substitutions;
    // bash expands the body when it runs the command: an error in it stops nothing else.
    if (failed() && status_ != Status::too_complex && is_bash()) {
      status_ = Status::complete;
      error_ = {};
      message_.clear();
    }
  }
  pos_ = failed() ? end_ : (found ? after : end_);
  note(TokenKind::here_document, begin);
}

}  // namespace cmdai::syntax
