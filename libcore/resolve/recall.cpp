#include "libcore/resolve/recall.hpp"

#include <algorithm>
#include <unordered_set>

namespace cmdai::resolve {
namespace {

using Names = std::unordered_set<std::string_view>;

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Functions and aliases may be called nearly anything.
bool in_word(char c) {
  static constexpr std::string_view kEnds = " \t\n\r;|&()<>{}'\"`$\\=,/";
  return kEnds.find(c) == std::string_view::npos;
}

void add_runs(std::string_view text, bool (*belongs)(char), Names& out) {
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    while (at < text.size() && belongs(text[at])) ++at;
    if (at > begin) out.insert(text.substr(begin, at - begin));
    at += at == begin ? 1 : 0;
  }
}

void add_names(std::string_view text, Names& out) {
  add_runs(text, in_name, out);
  add_runs(text, in_word, out);
}

/// Takes those that are named, and what their texts name. True: some were.
bool take(const std::map<std::string, Memory::Text, std::less<>>& from, Names& names,
          std::map<std::string, std::string, std::less<>>& into) {
  bool more = false;
  for (const auto& [name, entry] : from) {
    if (names.find(name) == names.end() || !into.try_emplace(name, entry.text).second) continue;
    add_names(entry.text, names);
    more = true;
  }
  return more;
}

/// Whether the line may speak of the file: it names it, or what it names is worked out when it runs.
bool may_mean(std::string_view text, std::string_view path) {
  constexpr size_t kLong = 16 * 1024;
  return text.size() > kLong || text.find_first_of("*?[$`~{(") != std::string_view::npos ||
         text.find(path.substr(path.rfind('/') + 1)) != std::string_view::npos;
}

}  // namespace

bool recall(const Memory& memory, const std::vector<std::string_view>& texts, Session& session) {
  bool matters = false;
  session.line = memory.line;
  const bool has_names = !memory.variables.empty() || !memory.functions.empty() || !memory.aliases.empty();
  if (has_names && memory.shell == session.dialect.shell) {
    Names names;
    for (const std::string_view text : texts) add_names(text, names);
    bool aliases = false;
    for (bool more = true; more; matters |= more) {
      more = take(memory.variables, names, session.variables);
      more |= take(memory.functions, names, session.functions);
      const bool some = take(memory.aliases, names, session.aliases);
      aliases |= some;
      more |= some;
    }
    if (aliases) session.dialect.alias_expansion = true;
  }
  if (session.cwd.empty() && !memory.cwd.empty()) {
    session.cwd = memory.cwd;
    matters = true;
  }
  for (const auto& [path, file] : memory.files) {
    const bool meant = std::any_of(texts.begin(), texts.end(),
                                   [&path](std::string_view text) { return may_mean(text, path); });
    if (meant) session.files.emplace(path, file);
    matters |= meant;
  }
  return matters;
}

}  // namespace cmdai::resolve
