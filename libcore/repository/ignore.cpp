#include "libcore/repository/ignore.hpp"

#include <algorithm>
#include <cctype>

#include "libcore/base/text.hpp"

namespace cmdai::repository {
namespace {

/// `[:alpha:]` as C has it.
bool in_class(std::string_view name, unsigned char c) {
  struct Class {
    std::string_view name;
    int (*holds)(int);
  };
  static constexpr Class kClasses[] = {
      {"alnum", std::isalnum}, {"alpha", std::isalpha}, {"blank", std::isblank}, {"cntrl", std::iscntrl},
      {"digit", std::isdigit}, {"graph", std::isgraph}, {"lower", std::islower}, {"print", std::isprint},
      {"punct", std::ispunct}, {"space", std::isspace}, {"upper", std::isupper}, {"xdigit", std::isxdigit}};
  const auto* found = std::find_if(std::begin(kClasses), std::end(kClasses),
                                   [name](const Class& k) { return k.name == name; });
  return found != std::end(kClasses) && found->holds(c) != 0;
}

/// One match, with so many steps and no more: stars within stars would otherwise take time without end.
class Wildmatch {
 public:
  bool match(std::string_view p, std::string_view t) {
    while (!p.empty()) {
      if (left_-- <= 0) return false;
      const char c = p.front();
      if (c == '*') return star(p, t);
      if (t.empty()) return false;
      if (c == '[') {
        const std::optional<bool> inside = bracket(p, static_cast<unsigned char>(t.front()));
        if (!inside || !*inside || t.front() == '/') return false;
        t.remove_prefix(1);
        continue;
      }
      if (c == '\\' && p.size() > 1) p.remove_prefix(1);
      const bool any = c == '?';
      if (any ? t.front() == '/' : t.front() != p.front()) return false;
      p.remove_prefix(1);
      t.remove_prefix(1);
      begun_ = false;
      last_ = any || c == '\\' ? '\0' : c;
    }
    return t.empty();
  }

  uint64_t steps() const { return static_cast<uint64_t>(kMostSteps - left_) + 1; }

 private:
  /// Behind the stars at the front of `p`. `**` crosses slashes only where it stands alone between them.
  bool star(std::string_view p, std::string_view t) {
    const bool alone_before = begun_ || last_ == '/';
    const size_t stars = std::min(p.find_first_not_of('*'), p.size());
    p.remove_prefix(stars);
    const bool crosses = stars > 1 && alone_before && (p.empty() || p.front() == '/');
    begun_ = false;
    last_ = '*';
    if (crosses && !p.empty() && again(p.substr(1), t, '/')) return true;  // a/**/b is a/b, too
    if (p.empty()) return crosses || t.find('/') == std::string_view::npos;
    for (;; t.remove_prefix(1)) {
      if (again(p, t, '*')) return true;
      if (t.empty() || left_ <= 0 || (!crosses && t.front() == '/')) return false;
    }
  }

  bool again(std::string_view p, std::string_view t, char before) {
    if (depth_ == kDeepest) return false;
    ++depth_;
    last_ = before;
    const bool fits = match(p, t);
    --depth_;
    return fits;
  }

  /// The set at the front of `p`, which is taken off. nullopt: it does not end.
  static std::optional<bool> bracket(std::string_view& p, unsigned char c) {
    size_t i = 1;
    const bool negated = i < p.size() && (p[i] == '!' || p[i] == '^');
    if (negated) ++i;
    bool found = false;
    for (bool first = true;; first = false) {
      if (i >= p.size()) return std::nullopt;
      if (p[i] == ']' && !first) break;
      if (p[i] == '[' && i + 1 < p.size() && p[i + 1] == ':') {
        const size_t end = p.find(":]", i + 2);
        if (end == std::string_view::npos) return std::nullopt;
        found |= in_class(p.substr(i + 2, end - i - 2), c);
        i = end + 2;
        continue;
      }
      if (p[i] == '\\' && ++i >= p.size()) return std::nullopt;
      const auto low = static_cast<unsigned char>(p[i++]);
      auto high = low;
      if (i + 1 < p.size() && p[i] == '-' && p[i + 1] != ']') {
        if (p[++i] == '\\' && ++i >= p.size()) return std::nullopt;
        high = static_cast<unsigned char>(p[i++]);
      }
      found |= low <= c && c <= high;
    }
    p.remove_prefix(i + 1);
    return found != negated;
  }

  static constexpr int kDeepest = 64;
  static constexpr int kMostSteps = 20'000;
  int left_ = kMostSteps;
  int depth_ = 0;
  bool begun_ = true;  ///< nothing of the pattern has been passed
  char last_ = '\0';
};

/// Blanks at the end do not count, but one behind a backslash.
std::string_view without_trailing_blanks(std::string_view line) {
  while (line.ends_with(' ')) {
    size_t backslashes = 0;
    while (backslashes + 1 < line.size() && line[line.size() - 2 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 1) break;
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

bool path_matches(std::string_view pattern, std::string_view path, uint64_t& steps) {
  Wildmatch match;
  const bool fits = match.match(pattern, path);
  steps += match.steps();
  return fits;
}

IgnoreFile::IgnoreFile(std::string_view text, bool any_case) : any_case_(any_case) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('#')) continue;
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = without_trailing_blanks(line);
    Pattern pattern;
    if (line.starts_with('!')) {
      pattern.negated = true;
      line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
      pattern.directories_only = true;
      line.remove_suffix(1);
    }
    pattern.name_only = line.find('/') == std::string_view::npos;
    if (line.starts_with('/')) line.remove_prefix(1);
    if (line.empty()) continue;
    pattern.text = any_case ? lower(line) : std::string(line);
    patterns_.push_back(std::move(pattern));
  }
}

std::optional<bool> IgnoreFile::ignores(std::string_view path, bool directory, uint64_t& steps) const {
  std::string small;
  if (any_case_) path = small = lower(path);
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (auto p = patterns_.rbegin(); p != patterns_.rend(); ++p) {
    if (p->directories_only && !directory) continue;
    if (path_matches(p->text, p->name_only ? name : path, steps)) return !p->negated;
  }
  return std::nullopt;
}

}  // namespace cmdai::repository
