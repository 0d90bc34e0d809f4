#include "libcore/explain/manual.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "libcore/base/text.hpp"

namespace cmdai::explain {
namespace {

using commands::Arg;
using commands::Order;

/// FILE, DIR… in an option, `path` among the operands.
bool is_kind(std::string_view name) {
  static constexpr std::string_view kKinds[] = {"plain", "path", "host", "url", "remote", "mode", "command"};
  return among(kKinds, name);
}

ValueKind kind_of(std::string_view name) {
  static constexpr std::string_view kPaths[] = {"path", "FILE", "DIR", "PATH", "FOLDER", "SOCKET"};
  static constexpr std::string_view kCommands[] = {"command", "COMMAND", "COMMAND;", "CODE"};
  if (among(kPaths, name)) return ValueKind::path;
  if (among(kCommands, name)) return ValueKind::command;
  if (name == "mode" || name == "MODE") return ValueKind::mode;
  if (name == "host" || name == "HOST") return ValueKind::host;
  if (name == "url" || name == "URL") return ValueKind::url;
  if (name == "remote" || name == "REMOTE") return ValueKind::remote;
  return ValueKind::plain;
}

/// What stands before the first run of two blanks, and what behind it.
std::pair<std::string_view, std::string_view> columns_of(std::string_view line) {
  const size_t gap = line.find("  ");
  if (gap == std::string_view::npos) return {line, {}};
  return {line.substr(0, gap), trimmed(line.substr(gap))};
}

template <class Take>
void split(std::string_view text, char at, Take take) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(at), text.size());
    if (const std::string_view part = trimmed(text.substr(0, end)); !part.empty()) take(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// -x  --extract  -C=DIR  --color[=WHEN]  -i[SUFFIX]  if=FILE
void add_spelling(Entry& entry, std::string_view spelling) {
  const size_t bracket = spelling.find('[', 1);
  const size_t equals = spelling.find('=');
  const size_t end = std::min({bracket, equals, spelling.size()});
  std::string_view value = end < spelling.size() ? spelling.substr(end + 1) : std::string_view();
  if (value.starts_with('=')) value.remove_prefix(1);
  if (bracket < equals && value.ends_with(']')) value.remove_suffix(1);
  if (spelling[0] != '-') {  // a word: what stands before its = is its key
    entry.spellings.push_back(
        spelling.substr(0, equals == std::string_view::npos ? spelling.size() : end + 1));
  } else {
    entry.spellings.push_back(spelling.substr(0, end));
    if (end < spelling.size()) entry.arg = bracket < equals ? Arg::optional : Arg::value;
  }
  if (value.empty()) return;
  entry.kind = kind_of(value);
  entry.to_semicolon = value.ends_with(';');
}

Operands operands_of(std::string_view line, bool& known) {
  Operands out;
  if (line.starts_with('(')) {
    const size_t close = std::min(line.find(')'), line.size());
    split(line.substr(1, close - 1), ' ', [&](std::string_view option) { out.when.push_back(option); });
    line.remove_prefix(std::min(close + 1, line.size()));
  }
  split(line, ';', [&](std::string_view part) {
    const size_t blank = std::min(part.find(' '), part.size());
    std::string_view kind = part.substr(0, blank);
    Role role;
    role.many = kind.ends_with('*');
    if (role.many) kind.remove_suffix(1);
    known &= is_kind(kind);
    role.kind = kind_of(kind);
    role.says = trimmed(part.substr(blank));
    out.roles.push_back(role);
  });
  return out;
}

bool set_order(Page& page, std::string_view word) {
  if (word == "leading")
    page.order = Order::leading;
  else if (word == "permuted")
    page.order = Order::permuted;
  else if (word == "single")
    page.order = Order::single_dash;
  else if (word == "raw")
    page.order = Order::raw;
  else if (word == "letters")
    page.letters = true;
  else
    return false;
  return true;
}

/// The long name of a spelling without its dashes, or its one letter.
std::string_view bare(std::string_view spelling) {
  return spelling.substr(std::min(spelling.find_first_not_of('-'), spelling.size()));
}

bool is_letter(std::string_view spelling) {
  return spelling.size() == 2 && spelling[0] == '-' && spelling[1] != '-';
}

}  // namespace

const Manual& Manual::builtin() {
  static const Manual manual = [] {
    Manual out;
    std::string problem;  // a test says so before anybody gets it
    for (const ManualText& file : manual_texts()) out.read(file.text, problem);
    return out;
  }();
  return manual;
}

void Manual::read(std::string_view text, std::string& problem) {
  Page* page = nullptr;
  size_t number = 0;
  const auto complain = [&](std::string_view what) {
    if (problem.empty()) problem = fmt::format("line {}: {}", number, what);
  };
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      const size_t close = line.find("] ");
      if (close == std::string_view::npos) {
        complain("a page begins with [names] and a phrase");
        continue;
      }
      std::vector<std::string> names;
      split(line.substr(1, close - 1), ',', [&](std::string_view name) { names.emplace_back(name); });
      if (names.empty() || find(names[0]) != nullptr) {
        complain("a second page of that name");
        continue;
      }
      page = &pages_[names[0]];
      page->name = names[0];
      page->says = trimmed(line.substr(close + 2));
      for (size_t i = 1; i < names.size(); ++i)
        if (find(names[i]) != nullptr || !aliases_.emplace(names[i], names[0]).second)
          complain("a second page of that name");
      continue;
    }
    if (page == nullptr) {
      complain("it belongs to no page");
    } else if (line[0] == '@') {
      if (!set_order(*page, line.substr(1))) complain("there is no such way to read options");
    } else if (line[0] == '+' && line.size() > 1 && line[1] != ' ' &&
               line.find("  ") == std::string_view::npos) {
      page->includes.emplace_back(line.substr(1));
    } else if (line.starts_with(": ") || line.starts_with(":(")) {
      bool known = true;
      page->operands.push_back(operands_of(trimmed(line.substr(1)), known));
      if (!known) complain("an operand is plain, path, host, url, remote, mode or command");
    } else {
      Entry entry;
      entry.differs = line.starts_with("! -");
      const auto [spellings, says] = columns_of(entry.differs ? line.substr(2) : line);
      if (says.empty()) complain("two blanks stand between the spellings and the phrase");
      entry.says = says;
      split(spellings, ' ', [&](std::string_view spelling) { add_spelling(entry, spelling); });
      page->entries.push_back(std::move(entry));
    }
  }
}

const Page* Manual::find(std::string_view name) const {
  if (const auto it = pages_.find(name); it != pages_.end()) return &it->second;
  const auto alias = aliases_.find(name);
  if (alias == aliases_.end()) return nullptr;
  const auto it = pages_.find(alias->second);
  return it == pages_.end() ? nullptr : &it->second;
}

const Page* Manual::program(std::string_view name, std::string_view shell) const {
  if (name.find_first_of(" /") != std::string_view::npos) return nullptr;
  if (!shell.empty())
    if (const Page* page = find(fmt::format("{}/{}", shell, name))) return page;
  if (const Page* page = find(name)) return page;
  const size_t stem = name.find_first_of("0123456789.-");
  if (stem == 0 || stem == std::string_view::npos) return nullptr;
  const bool versioned = name.find_first_not_of("0123456789.-", stem) == std::string_view::npos;
  return versioned ? find(name.substr(0, stem)) : nullptr;
}

const Page* Manual::subcommand(const Page& of, std::string_view name) const {
  if (name.empty() || name.find(' ') != std::string_view::npos) return nullptr;
  return find(fmt::format("{} {}", of.name, name));
}

bool Manual::has_subcommands(const Page& page) const {
  const auto next = pages_.lower_bound(page.name + " ");
  return next != pages_.end() && next->first.starts_with(page.name + " ");
}

template <class Visit>
void Manual::each_entry(const Page& page, Visit visit) const {
  for (const Entry& e : page.entries) visit(e);
  for (const std::string& name : page.includes)
    if (const Page* other = find(name); other != nullptr && other != &page)
      for (const Entry& e : other->entries) visit(e);
}

const Entry* Manual::entry(const Page& page, std::string_view spelled) const {
  const Entry* found = nullptr;
  each_entry(page, [&](const Entry& e) {
    if (found != nullptr) return;
    for (const std::string_view s : e.spellings)
      if (s == spelled || (s.ends_with('=') && spelled.starts_with(s))) found = &e;
  });
  return found;
}

std::vector<commands::Option> Manual::options(const Page& page,
                                              std::span<const commands::Option> known) const {
  std::vector<commands::Option> out;
  const auto add = [&](const Entry& e) {
    for (const std::string_view s : e.spellings) {
      const std::string_view name = bare(s);
      if (s[0] != '-' || name.empty()) continue;
      const char letter = is_letter(s) ? name[0] : '\0';
      const bool taken = std::any_of(out.begin(), out.end(), [&](const commands::Option& o) {
        return letter != 0 ? o.letter == letter : o.name == name;
      });
      if (!taken) out.push_back({letter, name, e.to_semicolon ? Arg::value : e.arg});
    }
  };
  each_entry(page, [&](const Entry& e) {
    if (e.differs) add(e);
  });
  out.insert(out.end(), known.begin(), known.end());
  each_entry(page, [&](const Entry& e) {
    if (!e.differs) add(e);
  });
  return out;
}

}  // namespace cmdai::explain
