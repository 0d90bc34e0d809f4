#include "libcore/resolve/words.hpp"

#include <algorithm>

#include "libcore/resolve/braces.hpp"
#include "libcore/syntax/builder.hpp"

namespace cmdai::resolve {
namespace {

using syntax::Part;
using syntax::PartKind;

bool has_active(const syntax::Word& word, char c) {
  return std::any_of(word.parts.begin(), word.parts.end(), [c](const Part& p) {
    return p.kind == PartKind::text && p.text.find(c) != std::string_view::npos;
  });
}

std::vector<BraceCell> flatten(const syntax::Word& word) {
  std::vector<BraceCell> cells;
  for (const Part& part : word.parts) {
    if (part.kind != PartKind::text) {
      cells.push_back({'\0', false, &part, 0});
      continue;
    }
    for (uint32_t i = 0; i < part.text.size(); ++i) cells.push_back({part.text[i], true, &part, i});
  }
  return cells;
}

/// Where a stretch of cells stands in the source; bytes made by a sequence stand nowhere.
Range range_of(const BraceCell& cell) {
  if (cell.part == nullptr) return {};
  const Range whole = cell.part->range;
  if (!cell.active || whole.size() != cell.part->text.size()) return whole;
  return {whole.begin + cell.offset, whole.begin + cell.offset + 1};
}

Range joined(Range a, Range b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

Part text_part(std::string_view text, Range range, Arena& storage) {
  Part p;
  p.kind = PartKind::text;
  p.text = storage.copy(text);
  p.range = range;
  return p;
}

std::vector<Part> rebuild(BraceCells cells, Arena& storage) {
  std::vector<Part> parts;
  std::string text;
  Range range;
  const auto flush = [&] {
    if (!text.empty()) parts.push_back(text_part(text, range, storage));
    text.clear();
    range = {};
  };
  for (const BraceCell& cell : cells) {
    if (!cell.active) {
      flush();
      parts.push_back(*cell.part);
      continue;
    }
    text += cell.byte;
    range = joined(range, range_of(cell));
  }
  flush();
  return parts;
}

bool is_plain_name(const Part& part) {
  return part.kind == PartKind::parameter && !part.in_quotes && !part.parameter()->braced &&
         part.parameter()->index == nullptr && !part.parameter()->name.empty() &&
         syntax::is_name_start(part.parameter()->name[0]);
}

Part named(const Part& like, std::string_view name, Arena& storage) {
  auto* parameter = storage.make<syntax::Parameter>();
  parameter->name = storage.copy(name);
  Part p = like;
  p.kind = PartKind::parameter;
  p.hold(parameter);
  p.text = storage.copy("$" + std::string(name));
  return p;
}

size_t name_length(std::string_view text) {
  size_t n = 0;
  while (n < text.size() && syntax::is_name_char(text[n])) ++n;
  return n;
}

/// bash expands braces in the text, before it looks for names: what a brace put behind `$a` lengthens the
/// name.
void lengthen_names(std::vector<Part>& parts, Arena& storage) {
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    Part& next = parts[i + 1];
    if (next.kind != PartKind::text || !is_plain_name(parts[i])) continue;
    const size_t more = name_length(next.text);
    if (more == 0) continue;
    parts[i] = named(
        parts[i], std::string(parts[i].parameter()->name) + std::string(next.text.substr(0, more)), storage);
    next.text = next.text.substr(more);
  }
  std::erase_if(parts, [](const Part& p) { return p.kind == PartKind::text && p.text.empty(); });
}

/// `{$,b}HOME`: the dollar sign meets its name only now.
void find_dollars(std::vector<Part>& parts, Arena& storage) {
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].kind != PartKind::text) continue;
    const std::string_view text = parts[i].text;
    for (size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
      const std::string_view rest = text.substr(at + 1);
      if (rest.empty() || !syntax::is_name_start(rest[0])) continue;
      const size_t length = name_length(rest);
      Part before = parts[i], after = parts[i];
      before.text = text.substr(0, at);
      after.text = rest.substr(length);
      parts[i] = named(parts[i], rest.substr(0, length), storage);
      if (!after.text.empty()) parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(i) + 1, after);
      if (!before.text.empty()) parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(i++), before);
      break;
    }
  }
}

/// fish looks for a tilde at the start of what is written, not of what braces make: `{~,x}` is no home.
void quote_tilde(std::vector<Part>& parts) {
  if (parts.front().kind != PartKind::text || !parts.front().text.starts_with('~')) return;
  std::vector<Part> split = {parts.front()};
  split[0].kind = PartKind::quoted;
  split[0].text = split[0].text.substr(0, 1);
  split.insert(split.end(), parts.begin(), parts.end());
  split[1].text = split[1].text.substr(1);
  parts.swap(split);
}

Part empty_quoted(Range range) {
  Part p;
  p.kind = PartKind::quoted;
  p.range = {range.begin, range.begin};
  return p;
}

}  // namespace

std::optional<std::string_view> literal_text(const syntax::Word& word) {
  if (word.parts.size() != 1 || word.parts.front().kind != syntax::PartKind::text) return std::nullopt;
  const std::string_view text = word.parts.front().text;
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '-' && c <= ':') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  return plain && !text.empty() ? std::optional(text) : std::nullopt;
}

bool has_braces(const syntax::Word& word, const Dialect& dialect) {
  return dialect.shell != Shell::sh && dialect.brace_expansion && has_active(word, '{') &&
         has_active(word, '}');
}

std::vector<ExpandedWord> expand_braces(const syntax::Word& word, const Dialect& dialect, Arena& storage,
                                        size_t limit, BraceCut* cut) {
  if (!has_braces(word, dialect)) return {ExpandedWord{{word.parts.begin(), word.parts.end()}}};
  const std::vector<BraceCell> cells = flatten(word);
  const BraceResult result = expand_cells(cells, dialect, limit);
  if (cut != nullptr) *cut = std::max(*cut, result.cut);
  std::vector<ExpandedWord> out;
  out.reserve(result.words.size());
  for (const std::vector<BraceCell>& one : result.words) {
    std::vector<Part> parts = rebuild(one, storage);
    if (dialect.shell == Shell::bash) {
      find_dollars(parts, storage);
      lengthen_names(parts, storage);
      if (parts.empty()) continue;  // an empty unquoted word vanishes
    } else if (parts.empty()) {
      parts.push_back(empty_quoted(word.range));
    } else if (dialect.shell == Shell::fish && word.parts.front().text.starts_with('{')) {
      quote_tilde(parts);
    }
    out.push_back({std::move(parts)});
  }
  return out;
}

namespace {

class AtomBuilder {
 public:
  AtomBuilder(const ExpandedWord& word, const Dialect& dialect, bool assignment_value)
      : parts_(word.parts), dialect_(dialect), assignment_value_(assignment_value) {}

  std::vector<WordAtom> build() {
    if (!assignment_value_) assignment_value_ = looks_like_assignment();
    for (part_ = 0; part_ < parts_.size(); ++part_) {
      const Part& p = parts_[part_];
      if (p.kind == PartKind::text)
        text(p.text);
      else if (p.kind == PartKind::quoted)
        literal(p.text);
      else
        out_.push_back({AtomKind::part, {}, &p});
    }
    return std::move(out_);
  }

 private:
  void literal(std::string_view bytes) {
    if (bytes.empty()) return;
    if (out_.empty() || out_.back().kind != AtomKind::literal) out_.push_back({});
    out_.back().text += bytes;
  }

  void text(std::string_view bytes) {
    if (part_ == 0 && dialect_.shell == Shell::zsh && bytes.size() > 1 && bytes[0] == '=') {
      out_.push_back({AtomKind::command, std::string(bytes.substr(1)), nullptr});
      return;
    }
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '~' && tilde_may_stand(bytes, i)) {
        i = tilde(bytes, i);
        continue;
      }
      if (glob(bytes, i))
        out_.push_back({AtomKind::glob, std::string(1, bytes[i]), nullptr});
      else
        literal(bytes.substr(i, 1));
    }
  }

  /// bash, outside posix mode: `of=~/x` and `a=b:~` among the arguments too.
  bool looks_like_assignment() {
    if (dialect_.shell != Shell::bash || dialect_.posix || parts_.empty() || parts_[0].kind != PartKind::text)
      return false;
    const std::string_view head = parts_[0].text;
    const size_t equals = head.find('=');
    if (equals == std::string_view::npos || equals == 0 || !syntax::is_name_start(head[0])) return false;
    for (size_t i = 0; i < equals; ++i)
      if (!syntax::is_name_char(head[i])) return false;
    first_value_byte_ = equals + 1;
    return true;
  }

  bool tilde_may_stand(std::string_view bytes, size_t i) const {
    if (i == 0 && part_ == 0) return true;
    if (!assignment_value_ || i == 0 || dialect_.shell == Shell::fish) return false;
    return bytes[i - 1] == ':' || (part_ == 0 && i == first_value_byte_ && bytes[i - 1] == '=');
  }

  /// Returns the index of the last byte that belongs to the prefix.
  size_t tilde(std::string_view bytes, size_t i) {
    size_t end = i + 1;
    while (end < bytes.size() && bytes[end] != '/' && !(assignment_value_ && bytes[end] == ':')) ++end;
    std::string user(bytes.substr(i + 1, end - i - 1));
    const bool more_follows = end == bytes.size() && part_ + 1 < parts_.size();
    if (more_follows && dialect_.shell == Shell::zsh && parts_[part_ + 1].kind == PartKind::quoted) {
      // zsh takes a quoted user name, and ~"/x" as home plus /x.
      const std::string_view next = parts_[part_ + 1].text;
      const size_t slash = std::min(next.find('/'), next.size());
      user += next.substr(0, slash);
      out_.push_back({AtomKind::tilde, std::move(user), nullptr});
      literal(next.substr(slash));
      ++part_;
      return end;
    }
    if (more_follows &&
        dialect_.shell != Shell::fish) {  // the rest of the name is quoted or unknown: not a prefix
      literal(bytes.substr(i, end - i));
      return end - 1;
    }
    out_.push_back({AtomKind::tilde, std::move(user), nullptr});
    return end - 1;
  }

  bool glob(std::string_view bytes, size_t i) const {
    switch (bytes[i]) {
      case '*': return true;
      case '?': return dialect_.shell != Shell::fish || (dialect_.version != 0 && dialect_.version < 400);
      case '[': return dialect_.shell != Shell::fish && closes_later(bytes, i + 1);
      default: return false;
    }
  }

  /// A bracket expression needs its `]`, and at least one byte before that.
  bool closes_later(std::string_view bytes, size_t from) const {
    if (from < bytes.size() && (bytes[from] == '!' || bytes[from] == '^')) ++from;
    if (bytes.find(']', from + 1) != std::string_view::npos) return true;
    const bool something_between = from < bytes.size();
    for (size_t p = part_ + 1; p < parts_.size(); ++p) {
      if (parts_[p].kind != PartKind::text) continue;
      const size_t at = parts_[p].text.find(']');
      if (at != std::string_view::npos && (at > 0 || p > part_ + 1 || something_between)) return true;
    }
    return false;
  }

  const std::vector<Part>& parts_;
  const Dialect& dialect_;
  bool assignment_value_;
  size_t first_value_byte_ = 0;
  size_t part_ = 0;
  std::vector<WordAtom> out_;
};

}  // namespace

std::vector<WordAtom> word_atoms(const ExpandedWord& word, const Dialect& dialect, bool is_assignment_value) {
  return AtomBuilder(word, dialect, is_assignment_value).build();
}

std::optional<std::string> static_text(const ExpandedWord& word, const Dialect& dialect) {
  const std::vector<WordAtom> atoms = word_atoms(word, dialect);
  if (atoms.empty()) return std::string();
  if (atoms.size() > 1 || atoms[0].kind != AtomKind::literal) return std::nullopt;
  return atoms[0].text;
}

}  // namespace cmdai::resolve
