#include "libcore/commands/find_expression.hpp"

#include <algorithm>
#include <utility>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

using resolve::Argument;

enum class Test : uint8_t {
  none,    ///< says nothing of what is meant
  name,    ///< -name: narrows, unless it fits everything or is negated
  path,    ///< -path, -regex …: the same for the whole path
  narrow,  ///< narrows
  type,    ///< -type
  depth,   ///< -mindepth
};

/// The predicates that take a value, and those that narrow.
struct Predicate {
  std::string_view names;
  Test test;
  uint8_t values = 1;
};
constexpr Predicate kPredicates[] = {
    {"-name -iname", Test::name},
    {"-path -ipath -wholename -iwholename -regex -iregex", Test::path},
    {"-type -xtype", Test::type},
    {"-mindepth", Test::depth},
    {"-amin -anewer -atime -cmin -cnewer -ctime -gid -group -ilname -inum -links -lname -mmin -mtime -newer "
     "-perm "
     "-samefile -size -uid -used -user -fstype -context",
     Test::narrow},
    {"-empty -nouser -nogroup -executable", Test::narrow, 0},
    {"-maxdepth -regextype -printf -files0-from", Test::none},
};

bool holds(std::string_view names, std::string_view word) {
  while (!names.empty()) {
    const size_t blank = std::min(names.find(' '), names.size());
    if (names.substr(0, blank) == word) return true;
    names.remove_prefix(std::min(blank + 1, names.size()));
  }
  return false;
}

const Predicate& predicate(std::string_view word) {
  static constexpr Predicate kOther{{}, Test::none, 0};
  static constexpr Predicate kNewer{{}, Test::narrow, 1};
  if (word.starts_with("-newer") && word.size() == 8) return kNewer;  // -newermt
  for (const Predicate& p : kPredicates)
    if (holds(p.names, word)) return p;
  return kOther;
}

/// `*`, `?*`, `*.*`, `.*`, a regex of `.+`: a pattern of nothing but wildcards says nothing. `*.` does.
bool fits_everything(const resolve::Value& pattern, Test test) {
  const std::string text = pattern.with_holes_empty();
  const std::string_view wild = test == Test::name ? "*?." : "*?./+()^$";
  const size_t last = text.find_last_not_of(test == Test::name ? "" : ")$");
  return pattern.is_exact() && !text.empty() && text.find_first_not_of(wild) == std::string::npos &&
         last != std::string::npos && (text[last] == '*' || text[last] == '+');
}

class Reader {
 public:
  explicit Reader(const Call& call) : words_(call.operands()) {}

  FindExpression read() {
    read_starts();
    while (at_ < words_.size()) read_word(*words_[at_++]);
    if (!acts_) {
      FindAction print;
      print.scope = joined();
      out_.actions.push_back(print);
    }
    return std::move(out_);
  }

 private:
  /// One level of parentheses.
  struct Level {
    FindScope outside, joined;
    bool has_joined = false, negated = false, single = true;
  };

  static std::string text(const Argument& word) { return word.value.with_holes_empty(); }

  void read_starts() {
    for (; at_ < words_.size(); ++at_) {
      const std::string word = text(*words_[at_]);
      if (out_.starts.empty() && (word == "-H" || word == "-L" || word == "-P" || word.starts_with("-O")))
        continue;
      if (out_.starts.empty() && word == "-D") {
        ++at_;
        continue;
      }
      if (word == "(" || word == "!" || (word.size() > 1 && word[0] == '-')) return;
      out_.starts.push_back(words_[at_]);
    }
  }

  void read_word(const Argument& argument) {
    const std::string word = text(argument);
    if (word == "!" || word == "-not") {
      negated_ = !negated_;
    } else if (word == "(" || word == "\\(") {
      enter();
    } else if (word == ")" || word == "\\)") {
      leave();
    } else if (word == "-o" || word == "-or") {
      join();
      scope_ = level_.outside;
    } else if (word == ",") {
      level_.has_joined = false;
      scope_ = level_.outside;
    } else if (!read_action(argument, word)) {
      read_test(predicate(word));
      negated_ = false;
    }
  }

  void enter() {
    constexpr size_t kDeepest = 64;
    if (levels_.size() < kDeepest) levels_.push_back(level_);
    level_ = {};
    level_.outside = scope_;
    level_.negated = std::exchange(negated_, false);
  }

  void leave() {
    FindScope inside = joined();
    if (level_.negated) inside = level_.outside;
    if (!levels_.empty()) {
      level_ = levels_.back();
      levels_.pop_back();
    }
    scope_ = inside;
  }

  /// What holds for all branches of `-o`.
  FindScope joined() const {
    if (!level_.has_joined) return scope_;
    FindScope both;
    both.narrowed = level_.joined.narrowed && scope_.narrowed;
    both.files_only = level_.joined.files_only && scope_.files_only;
    both.below = level_.joined.below && scope_.below;
    return both;
  }
  void join() {
    level_.joined = joined();
    level_.has_joined = true;
  }

  void read_test(const Predicate& p) {
    const resolve::Value* value = p.values > 0 && at_ < words_.size() ? &words_[at_]->value : nullptr;
    at_ = std::min(at_ + p.values, words_.size());
    switch (p.test) {
      case Test::none: return;
      case Test::narrow: scope_.narrowed = true; return;
      case Test::depth: scope_.below |= value != nullptr && value->with_holes_empty() != "0"; return;
      case Test::type:
        scope_.files_only |=
            value != nullptr && (value->with_holes_empty().find('d') != std::string::npos) == negated_;
        return;
      case Test::name:
      case Test::path:
        if (value == nullptr || negated_ || fits_everything(*value, p.test)) return;
        scope_.name = p.test == Test::name && !scope_.narrowed ? value : nullptr;
        scope_.narrowed = true;
        return;
    }
  }

  bool read_action(const Argument& argument, const std::string& word) {
    FindAction action;
    action.scope = scope_;
    action.word = &argument;
    if (word == "-delete") {
      action.kind = FindAction::Kind::remove;
    } else if (word == "-exec" || word == "-execdir" || word == "-ok" || word == "-okdir") {
      action.kind = FindAction::Kind::run;
      read_command(action);
      acts_ = true;
      if (word.starts_with("-ok")) return true;  // find asks by itself
    } else if (word == "-fprint" || word == "-fls" || word == "-fprint0" || word == "-fprintf") {
      action.kind = FindAction::Kind::write;
      if (at_ < words_.size()) action.command.push_back(words_[at_]);
      at_ = std::min(at_ + (word == "-fprintf" ? 2 : 1), words_.size());
    } else if (word == "-print" || word == "-print0") {
      action.nul = word == "-print0";
    } else {
      return false;
    }
    acts_ = true;
    out_.actions.push_back(std::move(action));
    return true;
  }

  /// Up to `;`, or `+` behind `{}`.
  void read_command(FindAction& action) {
    for (; at_ < words_.size(); ++at_) {
      const std::string part = text(*words_[at_]);
      const bool batch = part == "+" && !action.command.empty() && text(*action.command.back()) == "{}";
      if (part == ";" || batch) {
        ++at_;
        return;
      }
      action.command.push_back(words_[at_]);
    }
  }

  const std::vector<const Argument*>& words_;
  size_t at_ = 0;
  FindScope scope_;
  Level level_;
  std::vector<Level> levels_;
  bool negated_ = false, acts_ = false;
  FindExpression out_;
};

}  // namespace

FindExpression read_find(const Call& call) { return Reader(call).read(); }

}  // namespace cmdai::commands
