#include "libcore/commands/setting_names.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "libcore/base/text.hpp"
#include "libcore/commands/call.hpp"

namespace cmdai::commands {
namespace {

bool holds_settings(std::string_view path) {
  static constexpr std::string_view kNames[] = {"credentials", ".npmrc", ".my.cnf",
                                                ".pypirc",     ".s3cfg", ".boto"};
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.starts_with(".env") || name.ends_with(".env") || among(kNames, name);
}

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\t') out += c;
  return out;
}

/// `{print $1}`, with a pattern before it that prints nothing itself.
bool prints_first_field(std::string_view code) {
  const size_t open = std::min(code.find('{'), code.size());
  const std::string_view before = code.substr(0, open);
  return before.find_first_of(";\n|>(") == std::string_view::npos &&
         without_blanks(code.substr(open)) == "{print$1}";
}

/// s/=.*/TEXT/ where TEXT brings nothing back.
bool strips_values(std::string_view script) {
  if (script.size() < 6 || script[0] != 's') return false;
  const char delimiter = script[1];
  const size_t middle = script.find(delimiter, 2);
  const size_t end = middle == std::string_view::npos ? middle : script.find(delimiter, middle + 1);
  if (end == std::string_view::npos) return false;
  const std::string_view pattern = script.substr(2, middle - 2);
  const std::string_view text = script.substr(middle + 1, end - middle - 1);
  const std::string_view flags = script.substr(end + 1);
  return (pattern == "=.*" || pattern == "=.*$") && text.find_first_of("&\\") == std::string_view::npos &&
         flags.find_first_not_of("gp") == std::string_view::npos;
}

/// ^[A-Z_]*, ^[A-Z_]+=, ^\w+: what stands before the first `=`. With -o only.
bool matches_names(std::string_view pattern) {
  if (!pattern.starts_with('^')) return false;
  pattern.remove_prefix(1);
  if (pattern.starts_with("\\w")) {
    pattern.remove_prefix(2);
  } else {
    const size_t close = pattern.find(']');
    if (!pattern.starts_with('[') || close == std::string_view::npos) return false;
    const std::string_view set = pattern.substr(1, close - 1);
    const bool others = set == "^=";
    if (!others && !std::all_of(set.begin(), set.end(),
                                [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; }))
      return false;
    pattern.remove_prefix(close + 1);
  }
  for (std::string_view repeat : {"\\+", "+", "*"})
    if (pattern.starts_with(repeat)) {
      pattern.remove_prefix(repeat.size());
      break;
    }
  return pattern.empty() || pattern == "=";
}

constexpr Option kCut[] = {
    {'d', "delimiter", Arg::value}, {'f', "fields", Arg::value}, {'s', "only-delimited"}};
constexpr Option kAwk[] = {{'F', "field-separator", Arg::value}};
constexpr Option kSed[] = {
    {'n', "quiet"}, {'E', "extended"}, {'r', "extended"}, {'e', "expression", Arg::value}};
constexpr Option kGrep[] = {{'o', "only-matching"}, {'E', "extended"},    {'P', "perl"},
                            {'h', "no-filename"},   {'c', "count"},       {'q', "quiet"},
                            {'n', "lines"},         {'i', "ignore-case"}, {'e', "regexp", Arg::value}};
constexpr Option kWc[] = {{'l', "lines"}, {'c', "bytes"}, {'w', "words"}, {'m', "chars"}};

/// No option but these: one that is not in the table may change what is shown.
bool only_known(const Call& call, std::span<const Option> options) {
  return std::all_of(call.given().begin(), call.given().end(), [&](const std::string& given) {
    return std::any_of(options.begin(), options.end(), [&](const Option& o) { return o.name == given; });
  });
}

struct Filter {
  std::string_view names;
  std::span<const Option> options;
  bool (*shows_names)(const Call&);
};
constexpr Filter kFilters[] = {
    {" cut ", kCut, [](const Call& c) { return c.text("delimiter") == "=" && c.text("fields") == "1"; }},
    {" awk gawk mawk ", kAwk,
     [](const Call& c) { return c.text("field-separator") == "=" && prints_first_field(c.operand(0)); }},
    {" sed gsed ", kSed,
     [](const Call& c) {
       return c.values("expression").size() < 2 &&
              strips_values(c.has("expression") ? c.text("expression") : c.operand(0));
     }},
    {" grep egrep ", kGrep,
     [](const Call& c) {
       const std::string pattern = c.has("regexp") ? c.text("regexp") : c.operand(0);
       return c.any("count quiet") || pattern.starts_with("^\\[") ||
              (c.has("only-matching") && matches_names(pattern));
     }},
    {" wc ", kWc, [](const Call&) { return true; }},
};

}  // namespace

bool shows_names_only(const resolve::Invocation& invocation, std::string_view path) {
  constexpr size_t kMostWords = 12;  // asked for each file: a look at a few settings is short
  if (invocation.argv.size() > kMostWords || !holds_settings(path)) return false;
  const std::string padded = ' ' + invocation.program + ' ';
  for (const Filter& filter : kFilters) {
    if (filter.names.find(padded) == std::string_view::npos) continue;
    const Call call(invocation, filter.options, Order::permuted);
    return only_known(call, filter.options) && filter.shows_names(call);
  }
  return false;
}

}  // namespace cmdai::commands
