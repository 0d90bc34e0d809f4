// fish words: quotes, escapes, variables with slices, substitutions.
#include <algorithm>

#include "libcore/base/unicode.hpp"
#include "libcore/syntax/escapes.hpp"
#include "libcore/syntax/fish_parser.hpp"

namespace cmdai::syntax {
namespace {

struct Numeric {
  uint32_t digits, base, largest;
  bool is_byte;
};

/// \ooo \xhh \uhhhh \Uhhhhhhhh. Digits start at text[from].
uint32_t numeric(std::string_view text, uint32_t from, const Numeric& form, std::string& out) {
  uint64_t value = 0;
  uint32_t n = 0;
  for (; n < form.digits && from + n < text.size(); ++n) {
    const int digit = digit_value(text[from + n]);
    if (digit >= static_cast<int>(form.base)) break;
    value = value * form.base + static_cast<uint32_t>(digit);
  }
  if (n == 0 || value > form.largest) return 0;
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;  // no character: fish writes nothing
  if (form.is_byte)
    out += static_cast<char>(value);
  else if (!surrogate)
    append_utf8(out, static_cast<uint32_t>(value));
  return from + n;
}

uint32_t control(std::string_view text, std::string& out) {
  if (text.size() < 3) return 0;
  const int upper = text[2] >= 'a' && text[2] <= 'z' ? text[2] - 'a' : text[2] - 'A';
  if (upper < 0 || upper >= 32) return 0;
  out += static_cast<char>(upper + 1);
  return 3;
}

/// Bytes of a variable name at `at`. fish takes letters of any script; the blocks of punctuation and symbols
/// are not letters, and bytes that are no text end a name.
uint32_t name_byte_count(std::string_view text, uint32_t at) {
  if (at >= text.size()) return 0;
  const CodePoint c = decode_utf8(text, at);
  if (!c.valid) return 0;
  if (c.value < 0x80) return is_name_char(text[at]) ? 1 : 0;
  const auto within = [&c](char32_t first, char32_t last) { return first <= c.value && c.value <= last; };
  // Of Latin-1 these are letters below U+00C0, and two signs stand among the letters above.
  const bool latin = c.value < 0xC0 ? c.value == 0xAA || c.value == 0xB5 || c.value == 0xBA
                                    : c.value != 0xD7 && c.value != 0xF7;
  const bool sign = !latin || within(0x2000, 0x2BFF) || within(0x2E00, 0x2FFF) || within(0x3000, 0x3004) ||
                    within(0x3008, 0x3020) || within(0xFF00, 0xFF0F) || within(0xFF1A, 0xFF20) ||
                    within(0xFF5B, 0xFF65) || within(0xFFE0, 0xFFFF) || within(0x1F000, 0x1FFFF);
  return sign ? 0 : c.size;
}

bool escapes_in_double_quotes(char c) { return c == '$' || c == '"' || c == '\\' || c == '\n'; }

}  // namespace

uint32_t read_fish_escape(std::string_view text, std::string& out) {
  if (text.size() < 2) return 0;
  switch (const char c = text[1]) {
    case 'a': out += '\a'; return 2;
    case 'b': out += '\b'; return 2;
    case 'e': out += '\x1b'; return 2;
    case 'f': out += '\f'; return 2;
    case 'n': out += '\n'; return 2;
    case 'r': out += '\r'; return 2;
    case 't': out += '\t'; return 2;
    case 'v': out += '\v'; return 2;
    case 'c': return control(text, out);
    case 'x':
    case 'X': return numeric(text, 2, {2, 16, 0xFF, true}, out);
    case 'u': return numeric(text, 2, {4, 16, 0xFFFF, false}, out);
    case 'U': return numeric(text, 2, {8, 16, 0x10FFFF, false}, out);
    case '\n': return 2;
    default:
      if (c >= '0' && c <= '7') return numeric(text, 1, {3, 8, 0x7F, true}, out);
      out += c;
      return 2;
  }
}

bool unescape_fish(std::string_view text, std::string& out) {
  char quote = '\0';
  for (uint32_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == '\0' && (c == '\'' || c == '"'))
      quote = c;
    else if (c == quote)
      quote = '\0';
    else if (c != '\\')
      out += c;
    else if (quote == '\0') {
      const uint32_t n = read_fish_escape(text.substr(i), out);
      if (n == 0) return false;
      i += n - 1;
    } else {
      const char next = i + 1 < text.size() ? text[i + 1] : '\0';
      const bool escapes = quote == '"' ? escapes_in_double_quotes(next) : next == '\'' || next == '\\';
      if (!escapes)
        out += c;
      else if (++i; next != '\n')
        out += next;
    }
  }
  return true;
}

void FishParser::wrong(Range range, std::string message) {
  if (check_ == Check::strict) context_.fail(Status::invalid, range, std::move(message));
}

const Word* FishParser::word(Range range, Check check) {
  auto* w = arena_.make<Word>();
  w->range = range;
  const size_t mark = parts_.mark();
  const Check outer = std::exchange(check_, check);
  parts(range, false);
  check_ = outer;
  w->parts = parts_.take(mark, arena_);
  return w;
}

void FishParser::text(Range range, bool quoted, bool in_quotes) {
  if (range.empty() && !quoted) return;
  Part p;
  p.kind = quoted ? PartKind::quoted : PartKind::text;
  p.in_quotes = in_quotes;
  p.range = range;
  p.text = source_.substr(range.begin, range.size());
  parts_.push(p);
}

void FishParser::decoded(Range range, std::string_view bytes, bool in_quotes) {
  Part p;
  p.kind = PartKind::quoted;
  p.in_quotes = in_quotes;
  p.range = range;
  p.text = arena_.copy(bytes);
  parts_.push(p);
}

/// The bytes of a word, or (in_quotes) of a slice inside double quotes, where only $ and backslash mean
/// something.
void FishParser::parts(Range range, bool in_quotes) {
  uint32_t at = range.begin, run = range.begin;
  const auto flush = [&] { text({run, at}, in_quotes, in_quotes); };
  while (at < range.end) {
    const char c = source_[at];
    const bool special = c == '\\' || c == '$' || (!in_quotes && (c == '\'' || c == '"' || c == '('));
    if (!special) {
      ++at;
      continue;
    }
    if (at > run) flush();
    if (c == '\\')
      at = escape(at, range.end);
    else if (c == '\'')
      at = single_quoted(at, range.end);
    else if (c == '"')
      at = double_quoted(at, range.end);
    else if (c == '(')
      at = substitution(at, at, range.end, false);
    else
      at = variable(at, range.end, in_quotes);
    run = at = std::min(std::max(at, run + 1), range.end);
  }
  if (at > run) flush();
}

uint32_t FishParser::escape(uint32_t at, uint32_t end) {
  std::string bytes;
  const uint32_t length = read_fish_escape(source_.substr(at, end - at), bytes);
  if (length == 0) {
    wrong({at, std::min(at + 2, end)},
          "`" + std::string(source_.substr(at, std::min(2U, end - at))) + "` is not a complete escape");
    text({at, std::min(at + 2, end)}, true, false);
    return at + 2;
  }
  if (!bytes.empty()) decoded({at, at + length}, bytes, false);
  return at + length;
}

uint32_t FishParser::single_quoted(uint32_t at, uint32_t end) {
  std::string bytes;
  uint32_t i = at + 1;
  for (; i < end && source_[i] != '\''; ++i) {
    const bool escapes =
        source_[i] == '\\' && i + 1 < end && (source_[i + 1] == '\'' || source_[i + 1] == '\\');
    if (escapes) ++i;
    bytes += source_[i];
  }
  decoded({at, std::min(i + 1, end)}, bytes, false);
  return i + 1;
}

uint32_t FishParser::double_quoted(uint32_t at, uint32_t end) {
  const size_t mark = parts_.mark();
  const uint32_t open = at++;
  std::string bytes;
  uint32_t run = open;
  const auto flush = [&](uint32_t until) {
    if (!bytes.empty()) decoded({run, until}, bytes, true);
    bytes.clear();
  };
  while (at < end && source_[at] != '"') {
    const char c = source_[at];
    if (c == '\\' && at + 1 < end && escapes_in_double_quotes(source_[at + 1])) {
      if (source_[at + 1] != '\n') bytes += source_[at + 1];
      at += 2;
    } else if (c == '$') {
      flush(at);
      run = at = variable(at, end, true);
    } else {
      bytes += c;
      ++at;
    }
  }
  const uint32_t after = std::min(at + 1, end);
  flush(after);
  if (parts_.empty_since(mark)) decoded({open, after}, {}, true);  // "" is a word
  return at + 1;
}

void FishParser::wrong_variable(uint32_t at, uint32_t end, bool in_quotes) {
  const char next = at + 1 < end ? source_[at + 1] : '\0';
  const Range range{at, std::min(at + 2, end)};
  switch (next) {
    case '?': return wrong(range, "`$?` is `$status` in fish");
    case '$': return wrong(range, "`$$` is `$fish_pid` in fish");
    case '#': return wrong(range, "`$#` is `(count $argv)` in fish");
    case '@':
    case '*': return wrong(range, "`$@` and `$*` are `$argv` in fish");
    case '{':
      return wrong(range, in_quotes ? "`${NAME}` is `\"$NAME\"` in fish" : "`${NAME}` is `{$NAME}` in fish");
    default: return wrong(range, "expected a variable name behind `$`");
  }
}

/// $name, $$name, $name[…], $(…). Returns where it ends.
uint32_t FishParser::variable(uint32_t at, uint32_t end, bool in_quotes) {
  if (at + 1 < end && source_[at + 1] == '(') return substitution(at, at + 1, end, in_quotes);
  uint32_t name = at;
  while (name < end && source_[name] == '$') ++name;
  uint32_t name_end = name;
  for (uint32_t n = 1; name_end < end && n > 0; name_end += n)
    n = name_byte_count(source_.substr(0, end), name_end);
  if (name_end == name) {
    wrong_variable(at, end, in_quotes);
    text({at, name}, true, in_quotes);
    return name;
  }
  auto* p = arena_.make<Parameter>();
  p->name = source_.substr(name, name_end - name);
  p->indirect = name - at > 1;
  Part part;
  part.kind = PartKind::parameter;
  part.in_quotes = in_quotes;
  part.hold(p);
  const uint32_t after = slices(name_end, end, in_quotes, *p);
  part.range = {at, after};
  part.text = source_.substr(at, after - at);
  parts_.push(part);
  return after;
}

/// [index] behind a variable or substitution. A second one (of $$name) is kept as the argument.
uint32_t FishParser::slices(uint32_t at, uint32_t end, bool in_quotes, Parameter& p) {
  // `$x[$x[$x[` must not be looked through to its end again and again; what is cut off is read as text.
  constexpr uint32_t kLongest = 256;
  const uint32_t whole = end;
  while (at < whole && source_[at] == '[' && (p.index == nullptr || p.argument == nullptr)) {
    end = std::min(whole, at + kLongest);
    uint32_t close = at + 1;
    for (uint32_t level = 1; close < end; ++close) {
      const char c = source_[close];
      if (c == '[')
        ++level;
      else if (c == ']' && --level == 0)
        break;
      else if (c == '"' && in_quotes)
        return at;  // "$x[1": text
      else if (c == '\\')
        ++close;
      else if (c == '(' && !in_quotes) {
        const FishScan scan = scan_fish_word(source_.substr(0, end), close, true);
        if (scan.status != Status::complete) return at;
        close = scan.end - 1;
      }
    }
    if (close >= end) return at;
    auto* w = arena_.make<Word>();
    w->range = {at + 1, close};
    const Nesting nesting(context_.budget, context_.options.limits);
    if (!nesting.ok) {
      context_.fail(Status::too_complex, w->range, "nested too deeply");
      return end;
    }
    const size_t mark = parts_.mark();
    parts(w->range, in_quotes);
    w->parts = parts_.take(mark, arena_);
    (p.index == nullptr ? p.index : p.argument) = w;
    at = close + 1;
  }
  return at;
}

/// (…) or $(…) with text[open] the parenthesis.
uint32_t FishParser::substitution(uint32_t begin, uint32_t open, uint32_t end, bool in_quotes) {
  const FishScan scan = scan_fish_word(source_.substr(0, end), open, true);
  if (scan.status != Status::complete) {
    context_.fail(scan.status, {open, end}, scan.message);
    return end;
  }
  Part part;
  part.kind = PartKind::command;
  part.in_quotes = in_quotes;
  const Nesting nesting(context_.budget, context_.options.limits);
  if (!nesting.ok) {
    context_.fail(Status::too_complex, {open, end}, "nested too deeply");
    return end;
  }
  FishParser nested(context_, {open + 1, scan.end - 1});
  Script* script = nested.run();
  part.hold(script);
  uint32_t after = scan.end;
  if (after < end && source_[after] == '[') {
    Parameter read;
    after = slices(after, end, in_quotes, read);
    const size_t mark = words_.mark();
    for (const Word* slice : {read.index, read.argument})
      if (slice != nullptr) words_.push(slice);
    script->slices = words_.take(mark, arena_);
  }
  part.range = {begin, after};
  part.text = source_.substr(begin, after - begin);
  parts_.push(part);
  return after;
}

}  // namespace cmdai::syntax
