#include "libcore/resolve/arithmetic.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "libcore/syntax/builder.hpp"

namespace cmdai::resolve {
namespace {

constexpr int kDeepest = 64;  // brackets, operators and variables that hold expressions, one in another

enum class Op : uint8_t {
  logical_or,
  logical_xor,  // zsh ^^
  logical_and,
  bit_or,
  bit_xor,
  bit_and,
  equal,
  unequal,
  at_most,
  at_least,
  less,
  greater,
  left,
  right,
  plus,
  minus,
  times,
  divided,
  rest,
  power,
};

/// The longer first where one begins like another. zsh gives bits, shifts and powers another rank than C.
struct Binary {
  std::string_view text;
  Op op;
  int c_rank, zsh_rank;
};
constexpr std::array<Binary, 20> kBinary{{
    {"||", Op::logical_or, 1, 1}, {"&&", Op::logical_and, 2, 2}, {"^^", Op::logical_xor, 1, 1},
    {"**", Op::power, 11, 7},     {"==", Op::equal, 6, 3},       {"!=", Op::unequal, 6, 3},
    {"<<", Op::left, 8, 11},      {">>", Op::right, 8, 11},      {"<=", Op::at_most, 7, 4},
    {">=", Op::at_least, 7, 4},   {"|", Op::bit_or, 3, 8},       {"^", Op::bit_xor, 4, 9},
    {"&", Op::bit_and, 5, 10},    {"<", Op::less, 7, 4},         {">", Op::greater, 7, 4},
    {"+", Op::plus, 9, 5},        {"-", Op::minus, 9, 5},        {"*", Op::times, 10, 6},
    {"/", Op::divided, 10, 6},    {"%", Op::rest, 10, 6},
}};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

int64_t wrapped(uint64_t bits) { return static_cast<int64_t>(bits); }

Integer raised(int64_t base, int64_t exponent) {
  if (exponent < 0) return std::nullopt;
  uint64_t result = 1, factor = static_cast<uint64_t>(base);
  for (auto left = static_cast<uint64_t>(exponent); left > 0; left >>= 1, factor *= factor)
    if ((left & 1) != 0) result *= factor;
  return wrapped(result);
}

Integer applied(Op op, int64_t a, int64_t b) {
  const auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
  switch (op) {
    case Op::logical_or: return a != 0 || b != 0;
    case Op::logical_and: return a != 0 && b != 0;
    case Op::logical_xor: return (a != 0) != (b != 0);
    case Op::bit_or: return wrapped(x | y);
    case Op::bit_xor: return wrapped(x ^ y);
    case Op::bit_and: return wrapped(x & y);
    case Op::equal: return a == b;
    case Op::unequal: return a != b;
    case Op::at_most: return a <= b;
    case Op::at_least: return a >= b;
    case Op::less: return a < b;
    case Op::greater: return a > b;
    case Op::left: return wrapped(x << (y & 63));
    case Op::right: return a >> (y & 63);
    case Op::plus: return wrapped(x + y);
    case Op::minus: return wrapped(x - y);
    case Op::times: return wrapped(x * y);
    case Op::power: return raised(a, b);
    case Op::divided:
    case Op::rest: break;
  }
  if (b == 0) return std::nullopt;
  if (b == -1) return op == Op::divided ? wrapped(0 - x) : 0;  // the least number by -1 does not fit
  return op == Op::divided ? a / b : a % b;
}

/// In base#digits of bash and zsh: 0-9, a-z, A-Z, @, _; up to 36 both cases are the same.
int digit_of(char c, int base) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + (base <= 36 ? 10 : 36);
  if (c == '@') return 62;
  return c == '_' ? 63 : 64;
}

Integer number_in(std::string_view digits, int base) {
  if (digits.empty() || base < 2 || base > 64) return std::nullopt;
  uint64_t value = 0;
  for (const char c : digits) {
    const int digit = digit_of(c, base);
    if (digit >= base) return std::nullopt;
    value = value * static_cast<uint64_t>(base) + static_cast<uint64_t>(digit);
  }
  return wrapped(value);
}

/// Reads and reckons in one go. A part that does not run (`0 && (x = 1)`) is read without effect; one of
/// which it is not known whether it runs makes what it assigns unknown.
class Reader {
 public:
  Reader(std::string_view text, const Dialect& dialect, ArithmeticNames& names, uint64_t& steps, int depth)
      : text_(text), dialect_(dialect), names_(names), steps_(steps), depth_(depth) {}

  Integer whole() {
    skip_blanks();
    if (at_ == text_.size()) return 0;
    const Integer value = comma();
    skip_blanks();
    return failed_ || at_ < text_.size() ? std::nullopt : value;
  }

 private:
  using Place = ArithmeticPlace;
  enum class Runs : uint8_t { yes, maybe, no };

  /// One level further down; `ok` false: too deep, or too long.
  struct Level {
    explicit Level(Reader& r) : reader(r), ok(++r.depth_ < kDeepest && r.steps_ > 1) {
      if (r.steps_ > 0) --r.steps_;
    }
    ~Level() { --reader.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    Level(Level&&) = delete;
    Level& operator=(Level&&) = delete;
    Reader& reader;
    bool ok;
  };

  Integer comma() {
    Integer value = assignment();
    while (!failed_ && take(",")) value = assignment();
    return value;
  }

  /// name = value, name += value …; else a condition, of which the name may be the beginning.
  Integer assignment() {
    const Level level(*this);
    if (!level.ok) return fail();
    const std::optional<Place> place = variable();
    if (!place) return condition();
    static constexpr std::string_view kSigns[] = {"**", "<<", ">>", "*", "/", "%", "+", "-", "&", "^", "|"};
    skip_blanks();
    for (const std::string_view sign : kSigns) {
      if (!text_.substr(at_).starts_with(sign) || peek(sign.size()) != '=') continue;
      at_ += sign.size() + 1;
      const Integer old = read(*place);
      return write(*place, together(sign, old, assignment()));
    }
    if (peek() == '=' && peek(1) != '=') {
      ++at_;
      return write(*place, assignment());
    }
    begun_ = place;
    return condition();
  }

  Integer condition() {
    const Integer test = ranked(1);
    if (failed_ || !take("?")) return test;
    const Runs before = runs_;
    enter(test, true, before);
    const Integer yes = comma();
    if (!take(":")) return fail();
    enter(test, false, before);
    const Integer no = assignment();
    runs_ = before;
    if (!test) return std::nullopt;
    return *test != 0 ? yes : no;
  }

  /// What stands behind `?`, `:`, `&&`, `||` runs where `test` is what it has to be.
  void enter(Integer test, bool wanted, Runs before) {
    Runs now = Runs::maybe;
    if (test) now = (*test != 0) == wanted ? Runs::yes : Runs::no;
    runs_ = std::max(before, now);
  }

  /// The operators of this rank and those that bind closer.
  Integer ranked(int lowest) {
    Integer left = unary();
    while (!failed_) {
      const Binary* sign = binary_ahead();
      if (sign == nullptr || rank(*sign) < lowest) return left;
      at_ += sign->text.size();
      const Level level(*this);
      if (!level.ok) return fail();
      const Runs before = runs_;
      if (sign->op == Op::logical_and) enter(left, true, before);
      if (sign->op == Op::logical_or) enter(left, false, before);
      const Integer right = ranked(rank(*sign) + (sign->op == Op::power ? 0 : 1));
      runs_ = before;
      left = together(sign->op, left, right);
    }
    return left;
  }

  static Integer together(Op op, Integer left, Integer right) {
    if (op == Op::logical_and && ((left && *left == 0) || (right && *right == 0))) return 0;
    if (op == Op::logical_or && ((left && *left != 0) || (right && *right != 0))) return 1;
    return left && right ? applied(op, *left, *right) : std::nullopt;
  }

  static Integer together(std::string_view sign, Integer left, Integer right) {
    for (const Binary& b : kBinary)
      if (b.text == sign) return together(b.op, left, right);
    return std::nullopt;
  }

  int rank(const Binary& b) const { return dialect_.shell == Shell::zsh ? b.zsh_rank : b.c_rank; }

  const Binary* binary_ahead() {
    skip_blanks();
    for (const Binary& b : kBinary)
      if (text_.substr(at_).starts_with(b.text) && (b.op != Op::logical_xor || dialect_.shell == Shell::zsh))
        return &b;
    return nullptr;
  }

  Integer unary() {
    if (begun_) return primary();
    skip_blanks();
    const char c = peek();
    if ((c == '+' || c == '-') && peek(1) == c) {  // ++x; in front of anything else these are two signs
      const size_t begin = std::exchange(at_, at_ + 2);
      if (const std::optional<Place> place = variable()) return write(*place, step(c, read(*place)));
      at_ = begin;
    }
    if (c != '!' && c != '~' && c != '-' && c != '+') return primary();
    const Level level(*this);
    if (!level.ok) return fail();
    ++at_;
    const Integer value = unary();
    if (!value) return value;
    if (c == '!') return *value == 0;
    if (c == '~') return ~*value;
    return c == '-' ? wrapped(0 - static_cast<uint64_t>(*value)) : value;
  }

  static Integer step(char sign, Integer value) {
    return together(sign == '+' ? Op::plus : Op::minus, value, 1);
  }

  Integer primary() {
    skip_blanks();
    const std::optional<Place> place = begun_ ? std::exchange(begun_, std::nullopt) : variable();
    if (place) {
      skip_blanks();
      const Integer value = read(*place);
      const char sign = peek();
      if ((sign != '+' && sign != '-') || peek(1) != sign) return value;
      at_ += 2;
      write(*place, step(sign, value));
      return value;
    }
    if (syntax::is_digit(peek())) return number();
    if (take(std::string_view(&kUnknownOperand, 1))) return std::nullopt;
    if (!take("(")) return fail();
    const Integer value = comma();
    return take(")") ? value : fail();
  }

  /// 10, 010 (eight, but ten in zsh), 0x10, base#digits, in zsh 0b10 and 1_000. A fraction is not known.
  Integer number() {
    const size_t begin = at_;
    const auto belongs = [](char c) { return syntax::is_name_char(c) || c == '#' || c == '@'; };
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    if (peek() == '.') return fail();
    const std::string_view all = text_.substr(begin, at_ - begin);
    const size_t hash = all.find('#');
    if (hash == std::string_view::npos || hash > 2) return known(plain_number(all));
    const Integer base = number_in(all.substr(0, hash), 10);
    return base ? known(number_in(all.substr(hash + 1), static_cast<int>(*base))) : fail();
  }

  Integer plain_number(std::string_view all) const {
    const bool zsh = dialect_.shell == Shell::zsh;
    if (all.starts_with("0x") || all.starts_with("0X")) return number_in(all.substr(2), 16);
    if (zsh && (all.starts_with("0b") || all.starts_with("0B"))) return number_in(all.substr(2), 2);
    if (all.size() > 1 && all[0] == '0' && !zsh) return number_in(all.substr(1), 8);
    std::string digits(all);
    if (zsh) std::erase(digits, '_');
    return number_in(digits, 10);
  }

  Integer known(Integer value) { return value ? value : fail(); }

  /// name or name[index], if one stands here.
  std::optional<Place> variable() {
    skip_blanks();
    if (failed_ || !syntax::is_name_start(peek())) return std::nullopt;
    const size_t begin = at_;
    while (at_ < text_.size() && syntax::is_name_char(text_[at_])) ++at_;
    Place place{text_.substr(begin, at_ - begin)};
    if (peek() != '[') return place;
    ++at_;
    place.indexed = true;
    place.index = comma();
    if (!take("]")) fail();
    return place;
  }

  Integer read(const Place& place) {
    const Level level(*this);
    if (!level.ok || runs_ == Runs::no) return std::nullopt;
    const std::optional<std::string> held = names_.value(place);
    return held ? Reader(*held, dialect_, names_, steps_, depth_).whole() : Integer();
  }

  Integer write(const Place& place, Integer value) {
    if (runs_ != Runs::no && !failed_) names_.assign(place, runs_ == Runs::yes ? value : std::nullopt);
    return value;
  }

  bool take(std::string_view sign) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }

  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  Integer fail() {
    failed_ = true;
    return std::nullopt;
  }

  std::string_view text_;
  const Dialect& dialect_;
  ArithmeticNames& names_;
  uint64_t& steps_;
  int depth_;
  size_t at_ = 0;
  Runs runs_ = Runs::yes;
  bool failed_ = false;
  std::optional<Place> begun_;  ///< read by assignment(), for the expression that begins with it
};

}  // namespace

Integer evaluate(std::string_view expression, const Dialect& dialect, ArithmeticNames& names,
                 uint64_t& steps) {
  return Reader(expression, dialect, names, steps, 0).whole();
}

size_t range_colon(std::string_view range) {
  int brackets = 0, conditions = 0;
  for (size_t i = 0; i < range.size(); ++i) {
    const char c = range[i];
    if (c == '(' || c == '[') ++brackets;
    if (c == ')' || c == ']') --brackets;
    if (brackets > 0) continue;
    if (c == '?') ++conditions;
    if (c == ':' && conditions-- == 0) return i;
  }
  return std::string_view::npos;
}

}  // namespace cmdai::resolve
