#include "libcore/resolve/braces.hpp"

namespace cmdai::resolve {
namespace {

constexpr uint32_t kMaxDepth = 64;     ///< {a,{a,{a,…
constexpr size_t kMaxWork = 1U << 21;  ///< cells looked at or copied; keeps `{{{{…` linear enough

using Cells = std::vector<BraceCell>;
using Words = std::vector<Cells>;

bool is(const BraceCell& cell, char c) { return cell.active && cell.byte == c; }

class Expander {
 public:
  Expander(const Dialect& dialect, size_t limit) : dialect_(dialect), limit_(limit) {}

  Words expand(BraceCells cells, uint32_t depth) {
    if (depth > kMaxDepth) return give_up(cells);
    // Word = preamble {inside} rest; the rest is handled by going round again, so long chains need no stack.
    Words out{Cells{}};
    while (!truncated_) {
      size_t open = 0, close = 0;
      if (!find_pair(cells, open, close)) break;
      append_to_all(out, cells.first(open));
      const BraceCells inside = cells.subspan(open + 1, close - open - 1);
      cross(out, members(inside, cells.subspan(open, close - open + 1), depth));
      cells = cells.subspan(close + 1);
    }
    append_to_all(out, cells);
    return out;
  }

  BraceCut cut() const {
    if (truncated_) return BraceCut::words;
    return truncated_sequence_ ? BraceCut::numbers : BraceCut::none;
  }

 private:
  Words give_up(BraceCells cells) {
    truncated_ = true;
    return {Cells(cells.begin(), cells.end())};
  }

  bool work(size_t amount) {
    work_ += amount;
    if (work_ > kMaxWork) truncated_ = true;
    return !truncated_;
  }

  void append_to_all(Words& words, BraceCells cells) {
    if (cells.empty() || !work(words.size() * cells.size())) {
      if (words.size() == 1) words[0].insert(words[0].end(), cells.begin(), cells.end());
      return;
    }
    for (Cells& word : words) word.insert(word.end(), cells.begin(), cells.end());
  }

  void cross(Words& left, const Words& right) {
    if (right.size() == 1) return append_to_all(left, right[0]);
    Words out;
    const auto add = [&](const Cells& l, const Cells& r) {
      if (out.size() >= limit_) truncated_ = true;
      if (truncated_ || !work(l.size() + r.size() + 1)) return;
      Cells both = l;
      both.insert(both.end(), r.begin(), r.end());
      out.push_back(std::move(both));
    };
    if (dialect_.shell == Shell::fish) {  // {a,b}{1,2} is a1 b1 a2 b2
      for (const Cells& r : right)
        for (const Cells& l : left) add(l, r);
    } else {
      for (const Cells& l : left)
        for (const Cells& r : right) add(l, r);
    }
    if (!out.empty()) left = std::move(out);
  }

  /// The first pair that counts. False: nothing more to expand.
  bool find_pair(BraceCells cells, size_t& open, size_t& close) {
    for (open = 0; open < cells.size(); ++open) {
      if (!is(cells[open], '{')) continue;
      const std::optional<size_t> end =
          dialect_.shell == Shell::bash ? bash_close(cells, open) : balanced_close(cells, open);
      if (end) return close = *end, true;
      if (truncated_) return false;
    }
    return false;
  }

  /// bash: the first } behind a comma or `..` of this level; a } before them is text. `{}` at the word's
  /// start is text.
  std::optional<size_t> bash_close(BraceCells cells, size_t open) {
    if (open == 0 && open + 1 < cells.size() && is(cells[open + 1], '}')) return std::nullopt;
    size_t level = 0;
    bool separated = false;
    for (size_t i = open + 1; i < cells.size(); ++i) {
      if (is(cells[i], '}') && level == 0 && separated) return work(i - open), i;
      if (is(cells[i], '{'))
        ++level;
      else if (is(cells[i], '}') && level > 0)
        --level;
      else if (level == 0 && separator_at(cells, i))
        separated = true;
    }
    work(cells.size() - open);
    return std::nullopt;
  }

  static bool separator_at(BraceCells cells, size_t i) {
    if (is(cells[i], ',')) return true;
    return i + 2 < cells.size() && is(cells[i], '.') && is(cells[i + 1], '.') && !is(cells[i + 2], '}');
  }

  /// zsh and fish: the matching }, when what it encloses has a comma (zsh: or is a sequence; fish: or a
  /// variable).
  std::optional<size_t> balanced_close(BraceCells cells, size_t open) {
    size_t level = 0;
    bool counts = false;
    for (size_t i = open; i < cells.size(); ++i) {
      if (is(cells[i], '{'))
        ++level;
      else if (is(cells[i], '}') && --level == 0) {
        work(i - open);
        return counts || zsh_sequence(cells.subspan(open + 1, i - open - 1)) ? std::optional(i)
                                                                             : std::nullopt;
      } else if (level == 1 && is(cells[i], ','))
        counts = true;
      else if (level == 1 && fish_variable(cells[i]))
        counts = true;
    }
    work(cells.size() - open);
    return std::nullopt;
  }

  bool fish_variable(const BraceCell& cell) const {
    return dialect_.shell == Shell::fish && cell.part != nullptr &&
           cell.part->kind == syntax::PartKind::parameter && !cell.part->in_quotes;
  }

  bool zsh_sequence(BraceCells inside) const {
    bool ignored = false;
    const std::optional<std::string> text = dialect_.shell == Shell::zsh ? plain(inside) : std::nullopt;
    return text && brace_sequence(*text, dialect_, 1, &ignored).has_value();
  }

  static std::optional<std::string> plain(BraceCells cells) {
    std::string text;
    for (const BraceCell& c : cells) {
      if (!c.active) return std::nullopt;
      text += c.byte;
    }
    return text;
  }

  Words members(BraceCells inside, BraceCells with_braces, uint32_t depth) {
    bool has_comma = false;
    for (const BraceCell& c : inside) has_comma = has_comma || is(c, ',');
    if (has_comma || dialect_.shell == Shell::fish) return alternatives(inside, depth);
    const std::optional<std::string> text = plain(inside);
    const auto values = text ? brace_sequence(*text, dialect_, limit_, &truncated_sequence_) : std::nullopt;
    if (!values) return {Cells(with_braces.begin(), with_braces.end())};  // bash: stays as written
    Words out;
    for (const std::string& value : *values) out.push_back(made(value));
    return out;
  }

  /// A backslash made by {A..z} is removed with the quotes: what is left is an empty word.
  static Cells made(const std::string& value) {
    Cells cells;
    if (value == "\\") return cells;
    for (const char c : value) cells.push_back({c, true, nullptr, 0});
    return cells;
  }

  Words alternatives(BraceCells inside, uint32_t depth) {
    Words out;
    size_t level = 0, begin = 0;
    for (size_t i = 0; i <= inside.size() && !truncated_; ++i) {
      if (i < inside.size()) {
        if (is(inside[i], '{'))
          ++level;
        else if (is(inside[i], '}') && level > 0)
          --level;
        if (level > 0 || !is(inside[i], ',')) continue;
      }
      BraceCells item = inside.subspan(begin, i - begin);
      if (dialect_.shell == Shell::fish && depth == 0) item = trimmed(item);
      for (Cells& word : expand(item, depth + 1)) {
        if (out.size() >= limit_)
          truncated_ = true;
        else
          out.push_back(std::move(word));
      }
      begin = i + 1;
    }
    if (out.empty()) out.emplace_back();
    return out;
  }

  static bool fish_blank(const BraceCell& c) { return is(c, ' ') || is(c, '\t') || is(c, '\n'); }

  static BraceCells trimmed(BraceCells cells) {
    while (!cells.empty() && fish_blank(cells.front())) cells = cells.subspan(1);
    while (!cells.empty() && fish_blank(cells.back())) cells = cells.first(cells.size() - 1);
    return cells;
  }

  const Dialect& dialect_;
  const size_t limit_;
  size_t work_ = 0;
  bool truncated_ = false;
  bool truncated_sequence_ = false;  ///< a long sequence is cut, but what it multiplies with goes on
};

}  // namespace

BraceResult expand_cells(BraceCells cells, const Dialect& dialect, size_t limit) {
  Expander expander(dialect, limit);
  BraceResult result;
  result.words = expander.expand(cells, 0);
  result.cut = expander.cut();
  if (result.words.size() > limit) {
    result.words.resize(limit);
    result.cut = BraceCut::words;
  }
  return result;
}

}  // namespace cmdai::resolve
