// Redirects, and the here-documents they announce.
#include "libcore/syntax/posix_parser.hpp"

namespace cmdai::syntax {

bool PosixParser::redirect_from_here() {
  static constexpr std::string_view kBash[] = {"<<<", "<<-", "<<", "<&", "<>", "<",
                                               "&>>", "&>",  ">>", ">&", ">|", ">"};
  static constexpr std::string_view kSh[] = {"<<-", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">"};
  static constexpr std::string_view kZsh[] = {"<<<", "<<-", "<<",  "<&",  "<>",   "<",    "&>>|", "&>>!",
                                              "&>>", "&>|", "&>!", "&>",  ">>&|", ">>&!", ">>&",  ">>|",
                                              ">>!", ">>",  ">&|", ">&!", ">&",   ">|",   ">!",   ">"};
  const uint32_t begin = pos_;
  uint32_t at = pos_;
  while (at < end_ && is_digit(src_[at])) ++at;
  if (is_zsh() && at > pos_ + 1) return false;  // there a descriptor is one digit: `345>f` has the word 345
  if (at == pos_ && src_[at] == '{' && !is_sh()) {  // {name}>
    uint32_t close = at + 1;
    while (close < end_ && is_name_char(src_[close])) ++close;
    if (close > at + 1 && close + 1 < end_ && src_[close] == '}' &&
        (src_[close + 1] == '<' || src_[close + 1] == '>'))
      at = close + 1;
  }
  const bool with_fd = at > pos_;
  if (at >= end_ || (src_[at] != '<' && src_[at] != '>' && (with_fd || src_[at] != '&'))) return false;
  if (src_[at] != '&' && at + 1 < end_ && src_[at + 1] == '(' && !is_sh()) return false;  // <( is a word
  if (is_zsh() && !with_fd && src_[at] == '<' && word_starts()) return false;             // <1-9>
  const std::string_view rest = src_.substr(0, end_).substr(at);
  std::string_view op;
  const auto find = [&](std::span<const std::string_view> ops) {
    for (std::string_view candidate : ops)
      if (op.empty() && rest.starts_with(candidate)) op = candidate;
  };
  if (is_zsh())
    find(kZsh);
  else if (is_sh())
    find(kSh);
  else
    find(kBash);
  if (op.empty()) return false;
  Redirect r;
  r.fd = slice(pos_, at);
  r.op = op;
  pos_ = at + static_cast<uint32_t>(op.size());
  note(TokenKind::op, begin);
  skip_blanks();
  const uint32_t target = pos_;
  if (!word_starts() && !(peek() == '-' && !at_end())) {
    expected("a file name after `" + std::string(op) + "`");
    r.target = empty_word(pos_);
  } else {
    r.target = word();
    note(TokenKind::word, target);
  }
  if ((op == "<<" || op == "<<-") && !failed()) {
    HereDocument doc;
    doc.body = arena_.make<Word>();
    doc.strip_tabs = op == "<<-";
    std::string delimiter;
    doc.quoted = false;
    for (const Part& p : r.target->parts) {
      delimiter += p.text;
      doc.quoted |= p.kind == PartKind::quoted;
    }
    doc.delimiter = arena_.copy(std::string_view(delimiter));
    r.body = doc.body;
    here_documents_.push_back(doc);
  }
  r.range = {begin, pos_};
  redirects_.push(r);
  spend();
  return true;
}

}  // namespace cmdai::syntax
