#include "libcore/commands/makefile.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

constexpr int kDeepestVariable = 16;      // variables that hold variables
constexpr size_t kMostReferences = 4096;  // in one text and what its variables hold
constexpr size_t kLongest = 64 * 1024;    // bytes of one expanded text
constexpr size_t kMostRules = 4096;

/// Where a comment begins: a `#` that no backslash precedes.
size_t comment_in(std::string_view line) {
  for (size_t i = 0; i < line.size(); ++i)
    if (line[i] == '#' && (i == 0 || line[i - 1] != '\\')) return i;
  return line.size();
}

/// The first of these bytes that stands in no `$(…)`.
size_t find_plain(std::string_view line, std::string_view bytes) {
  int depth = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '$' && i + 1 < line.size() && (line[i + 1] == '(' || line[i + 1] == '{'))
      ++depth, ++i;
    else if (depth > 0 && (line[i] == ')' || line[i] == '}'))
      --depth;
    else if (depth == 0 && bytes.find(line[i]) != std::string_view::npos)
      return i;
  }
  return std::string_view::npos;
}

class MakefileReader {
 public:
  explicit MakefileReader(std::string_view text) : text_(text) {}

  Makefile read() {
    while (at_ < text_.size() && out_.rules.size() < kMostRules) {
      const size_t begin = at_;
      const bool recipe = text_[at_] == prefix_ && open_rule_;
      const std::string line = logical_line(recipe);
      if (recipe)
        add_recipe(line, begin);
      else
        statement(std::string_view(line).substr(0, comment_in(line)), begin);
    }
    return std::move(out_);
  }

 private:
  /// One line with those that a backslash joins to it. A recipe keeps backslash and newline: they are the
  /// shell's; the tab in front of the next line goes.
  std::string logical_line(bool recipe) {
    std::string out;
    for (;;) {
      const size_t end = std::min(text_.find('\n', at_), text_.size());
      std::string_view part = text_.substr(at_, end - at_);
      at_ = std::min(end + 1, text_.size());
      if (recipe && part.starts_with(prefix_)) part.remove_prefix(1);
      const bool more = part.ends_with('\\') && at_ < text_.size();
      if (!more) return out.append(part);
      part.remove_suffix(1);
      out.append(part).append(recipe ? "\\\n" : " ");
    }
  }

  void add_recipe(std::string_view line, size_t begin) {
    const size_t from = std::min(line.find_first_not_of(" \t@-+"), line.size());
    if (from == line.size() || line[from] == '#') return;
    const size_t place = text_.find_first_not_of(" \t@-+", begin);
    const size_t end = at_ > begin && at_ <= text_.size() && text_[at_ - 1] == '\n' ? at_ - 1 : at_;
    out_.rules.back().recipes.push_back(
        {std::string(line.substr(from)), {static_cast<uint32_t>(place), static_cast<uint32_t>(end)}});
  }

  void statement(std::string_view line, size_t begin) {
    line = trimmed(line);
    if (line.empty()) return;
    const std::string_view word = line.substr(0, line.find_first_of(" \t("));
    static constexpr std::string_view kDirectives[] = {"ifeq",  "ifneq",    "ifdef",    "ifndef",   "else",
                                                       "endif", "include",  "-include", "sinclude", "vpath",
                                                       "endef", "undefine", "unexport"};
    if (word == "define") return definition(trimmed(line.substr(word.size())));
    if (among(kDirectives, word)) return;  // the rule goes on: its recipes may stand in both branches
    for (std::string_view prefix : {"export", "override", "private"})
      if (word == prefix && word.size() < line.size()) line = trimmed(line.substr(word.size()));
    if (!assignment(line)) rule(line, begin);
  }

  /// define NAME … endef: a variable of several lines.
  void definition(std::string_view name) {
    name = trimmed(name.substr(0, name.find_first_of(":?+!=")));
    std::string text;
    while (at_ < text_.size()) {
      const std::string line = logical_line(false);
      if (trimmed(line).starts_with("endef")) break;
      text += (text.empty() ? "" : "\n") + line;
    }
    if (!name.empty()) out_.variables[std::string(name)] = {std::move(text)};
  }

  bool assignment(std::string_view line) {
    const size_t equals = find_plain(line, "=");
    if (equals == std::string_view::npos || equals == 0) return false;
    std::string_view name = line.substr(0, equals);
    const char kind = name.back();
    while (!name.empty() &&
           (name.back() == ':' || name.back() == '?' || name.back() == '+' || name.back() == '!'))
      name.remove_suffix(1);
    name = trimmed(name);
    if (name.empty() || find_plain(name, ": \t") != std::string_view::npos) return false;
    MakeVariable& variable = out_.variables[std::string(name)];
    const std::string_view value = trimmed(line.substr(equals + 1));
    if (name == ".RECIPEPREFIX") prefix_ = value.empty() ? '\t' : value[0];
    open_rule_ = false;
    if (kind == '?' && !variable.text.empty()) return true;
    if (kind == '+' && !variable.text.empty())
      variable.text.append(" ").append(value);
    else
      variable = {std::string(value), kind == '!', kind == ':' || kind == '!'};
    return true;
  }

  void rule(std::string_view line, size_t begin) {
    const size_t colon = find_plain(line, ":");
    open_rule_ = false;
    if (colon == std::string_view::npos) {
      if (line.starts_with("$(")) out_.bare.emplace_back(line);
      return;
    }
    size_t rest = line.find_first_not_of(":&", colon);
    if (rest == std::string_view::npos) rest = line.size();
    const std::string_view behind = line.substr(rest);
    const size_t semicolon = find_plain(behind, ";");
    const std::string_view before = behind.substr(0, semicolon);
    if (find_plain(before, "=") != std::string_view::npos) {  // target: NAME = value
      const bool kept = open_rule_;
      assignment(trimmed(behind));
      open_rule_ = kept;
      return;
    }
    open_rule_ = true;
    out_.rules.push_back({words_in(line.substr(0, colon)), std::string(trimmed(before)), {}});
    if (semicolon == std::string_view::npos) return;
    const std::string_view recipe = trimmed(behind.substr(semicolon + 1));
    if (!recipe.empty())
      out_.rules.back().recipes.push_back(
          {std::string(recipe), {static_cast<uint32_t>(begin), static_cast<uint32_t>(at_)}});
  }

  std::string_view text_;
  size_t at_ = 0;
  bool open_rule_ = false;  ///< lines that begin with the prefix are recipes
  char prefix_ = '\t';      ///< .RECIPEPREFIX
  Makefile out_;
};

class Expander {
 public:
  Expander(const std::map<std::string, MakeVariable, std::less<>>& variables,
           std::vector<std::string>& commands)
      : variables_(variables), commands_(commands) {}

  std::string expand(std::string_view text, int depth) {
    std::string out;
    for (size_t at = 0; at < text.size() && out.size() < kLongest; ++at) {
      if (text[at] != '$' || at + 1 == text.size()) {
        out += text[at];
        continue;
      }
      const char next = text[++at];
      if (next == '$') {
        out += '$';
      } else if (next == '(' || next == '{') {
        const size_t close = closing(text, at);
        out += reference(text.substr(at + 1, close - at - 1), depth);
        at = close;
      } else {
        out += reference(text.substr(at, 1), depth);
      }
    }
    return out;
  }

 private:
  /// The bracket that ends the one at `open`, or the end.
  static size_t closing(std::string_view text, size_t open) {
    const char opens = text[open], closes = opens == '(' ? ')' : '}';
    int depth = 0;
    for (size_t i = open; i < text.size(); ++i) {
      if (text[i] == opens) ++depth;
      if (text[i] == closes && --depth == 0) return i;
    }
    return text.size();
  }

  std::string reference(std::string_view name, int depth) {
    if (++references_ > kMostReferences) return "${__unknown}";
    const size_t blank = name.find_first_of(" \t");
    if (blank != std::string_view::npos) {
      if (name.substr(0, blank) == "shell" && depth < kDeepestVariable)
        commands_.push_back(expand(trimmed(name.substr(blank)), depth + 1));
      return "${__unknown}";
    }
    if (name.find_first_of(":$") != std::string_view::npos) return "${__unknown}";  // $(x:.c=.o), $($(x))
    const auto it = variables_.find(name);
    if (it == variables_.end()) {
      const bool plain = std::all_of(name.begin(), name.end(),
                                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
      return plain && !name.empty() ? "${" + std::string(name) + '}' : "${__unknown}";
    }
    if (depth >= kDeepestVariable) return "${__unknown}";
    if (!it->second.is_command) return expand(it->second.text, depth + 1);
    commands_.push_back(expand(it->second.text, depth + 1));
    return "${__unknown}";
  }

  const std::map<std::string, MakeVariable, std::less<>>& variables_;
  std::vector<std::string>& commands_;
  size_t references_ = 0;
};

}  // namespace

Makefile parse_makefile(std::string_view text) { return MakefileReader(text).read(); }

std::string expand_make(std::string_view text,
                        const std::map<std::string, MakeVariable, std::less<>>& variables,
                        std::vector<std::string>& commands) {
  return Expander(variables, commands).expand(text, 0);
}

}  // namespace cmdai::commands
