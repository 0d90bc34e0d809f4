#include "libcore/commands/package_names.hpp"

#include <algorithm>
#include <array>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

constexpr size_t kShortest = 5;  // everything is near a name of four letters
constexpr size_t kLongest = 64;

bool is_mark(char c) { return c == '-' || c == '_' || c == '.'; }

/// Neighbours on a QWERTY keyboard, each pair once.
constexpr std::string_view kNeighbours[] = {
    "qw", "we", "er", "rt", "ty", "yu", "ui", "io", "op", "as", "sd", "df", "fg", "gh", "hj", "jk",
    "kl", "zx", "xc", "cv", "vb", "bn", "nm", "qa", "wa", "ws", "es", "ed", "rd", "rf", "tf", "tg",
    "yg", "yh", "uh", "uj", "ij", "ik", "ok", "ol", "pl", "az", "sz", "sx", "dx", "dc", "fc", "fv",
    "gv", "gb", "hb", "hn", "jn", "jm", "km", "12", "23", "34", "45", "56", "67", "78", "89", "90"};
/// Taken for each other by the eye.
constexpr std::string_view kAlike[] = {"0o", "1l", "1i", "3e", "4a", "5s", "7t", "li", "uv"};

bool confused(char a, char b) {
  const std::array<char, 2> pair{a, b}, turned{b, a};
  const auto holds = [](const auto& list, const std::array<char, 2>& p) {
    return std::find(std::begin(list), std::end(list), std::string_view(p.data(), p.size())) !=
           std::end(list);
  };
  return (is_mark(a) && is_mark(b)) || holds(kNeighbours, pair) || holds(kNeighbours, turned) ||
         holds(kAlike, pair) || holds(kAlike, turned);
}

bool one_slip(std::string_view name, std::string_view known) {
  size_t begin = 0, end = 0;
  const size_t shorter = std::min(name.size(), known.size());
  while (begin < shorter && name[begin] == known[begin]) ++begin;
  while (end < shorter - begin && name[name.size() - 1 - end] == known[known.size() - 1 - end]) ++end;
  const std::string_view typed = name.substr(begin, name.size() - begin - end);
  const std::string_view meant = known.substr(begin, known.size() - begin - end);
  if (typed.size() == 1 && meant.size() == 1) return confused(typed[0], meant[0]);
  if (typed.size() == 2 && meant.size() == 2) return typed[0] == meant[1] && typed[1] == meant[0];
  if (typed.empty()) return meant.size() == 1;
  if (typed.size() != 1 || !meant.empty()) return false;
  const bool doubled =
      (begin > 0 && name[begin - 1] == typed[0]) || (begin + 1 < name.size() && name[begin + 1] == typed[0]);
  return doubled || is_mark(typed[0]);
}

constexpr std::string_view kPythonBefore[] = {"python-", "py-"};
constexpr std::string_view kPythonBehind[] = {"-python", "-py"};
constexpr std::string_view kNodeBefore[] = {"node-", "npm-", "js-"};
constexpr std::string_view kNodeBehind[] = {"-js", ".js", "js", "-node", "-npm"};

/// The name without what says which language it is for; "": nothing says so.
std::string_view bare(std::string_view name, std::span<const std::string_view> before,
                      std::span<const std::string_view> behind) {
  for (const std::string_view part : before)
    if (name.starts_with(part)) return name.substr(part.size());
  for (const std::string_view part : behind)
    if (name.ends_with(part)) return name.substr(0, name.size() - part.size());
  return {};
}

std::string_view bare(Registry registry, std::string_view name) {
  if (registry == Registry::pypi) return bare(name, kPythonBefore, kPythonBehind);
  if (registry == Registry::npm) return bare(name, kNodeBefore, kNodeBehind);
  return {};
}

const std::string_view* find_in(std::span<const std::string_view> sorted, std::string_view name) {
  const auto it = std::lower_bound(sorted.begin(), sorted.end(), name);
  return it != sorted.end() && *it == name ? &*it : nullptr;
}

/// As the registry compares names: PEP 503; crates.io takes - and _ for one.
std::string canonical(Registry registry, std::string_view name) {
  std::string out = registry == Registry::gems ? std::string(name) : lower(name);
  if (registry == Registry::pypi || registry == Registry::crates)
    std::replace_if(
        out.begin(), out.end(), [&](char c) { return c == '_' || (c == '.' && registry == Registry::pypi); },
        '-');
  return out;
}

/// What of the word is the package's name; "": it is a path, an address, a scope or no name.
std::string_view name_in(std::string_view word) {
  const std::string_view name = word.substr(0, word.find_first_of("=<>~!@[;:, "));
  if (name.size() < word.size() && word.substr(name.size()).find("://") != std::string_view::npos) return {};
  if (name.find_first_of("/\\") != std::string_view::npos || name.starts_with('-') || name.starts_with('.'))
    return {};
  for (const std::string_view file : {".whl", ".tgz", ".tar.gz", ".gem", ".zip", ".deb", ".txt"})
    if (name.ends_with(file)) return {};
  return name;
}

}  // namespace

std::string_view likely_package(Registry registry, std::string_view written) {
  if (written.size() < kShortest || written.size() > kLongest) return {};
  const std::string name = canonical(registry, written);
  const PackageList list = package_list(registry);
  if (find_in(list.top, name) != nullptr || find_in(list.near, name) != nullptr) return {};
  for (const std::string_view known : list.top)
    if (known.size() + 1 >= name.size() && known.size() <= name.size() + 1 && one_slip(name, known))
      return known;
  const std::string_view without = bare(registry, name);
  const std::string_view* known = without.size() >= kShortest ? find_in(list.top, without) : nullptr;
  return known == nullptr ? std::string_view() : *known;
}

void judge_package_name(Sink& sink, Registry registry, const Argument& package) {
  const auto word = package.value.text();
  if (!word || word->size() > 4 * kLongest || !sink.spend(kLongest)) return;
  const std::string_view likely = likely_package(registry, name_in(*word));
  if (!likely.empty()) sink.on(Kind::installs, "pkg.lookalike", package).detail = likely;
}

}  // namespace cmdai::commands
