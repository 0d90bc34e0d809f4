#include "libcore/resolve/zsh_flags.hpp"

#include <cctype>

namespace cmdai::resolve {
namespace {

bool is_word_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

char closing(char opening) {
  switch (opening) {
    case '(': return ')';
    case '[': return ']';
    case '{': return '}';
    case '<': return '>';
    default: return opening;
  }
}

/// The quotes are gone before zsh looks for qualifiers.
std::string unquoted(std::string_view text) {
  std::string out;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0 && c == quote)
      quote = 0;
    else if (quote == 0 && (c == '\'' || c == '"'))
      quote = c;
    else if (quote != '\'' && c == '\\' && i + 1 < text.size())
      out += text[++i];
    else
      out += c;
  }
  return out;
}

}  // namespace

std::optional<std::string_view> delimited(std::string_view text, size_t& at) {
  if (at >= text.size()) return std::nullopt;
  const size_t close = text.find(closing(text[at]), at + 1);
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view inside = text.substr(at + 1, close - at - 1);
  at = close + 1;
  return inside;
}

ExpansionFlags expansion_flags(std::string_view flags) {
  ExpansionFlags out;
  for (size_t at = 0; at < flags.size();) {
    const char flag = flags[at++];
    switch (flag) {
      case 'e':
      case '%': out.evaluates = true; break;
      case 'P': out.indirect = true; break;
      case 'L': out.lower = true; break;
      case 'U': out.upper = true; break;
      case 'z': out.words = true; break;
      case 'Q': out.unquotes = true; break;
      case 'f': out.split = "\n"; break;
      case '0': out.split = std::string(1, '\0'); break;
      case 'F': out.join = "\n"; break;
      case 's':
      case 'j':
        if (const auto argument = delimited(flags, at)) (flag == 's' ? out.split : out.join) = *argument;
        break;
      case 'l':
      case 'r':
      case 'g':
      case 'Z':
      case 'I': delimited(flags, at); break;
      default: break;
    }
  }
  return out;
}

std::vector<std::string> qualifier_codes(std::string_view group) {
  std::vector<std::string> codes;
  const size_t open = group.find('(');
  const std::string text = unquoted(group.substr(open == std::string_view::npos ? 0 : open + 1));
  for (size_t at = 0; at < text.size();) {
    const char qualifier = text[at++];
    // Modifiers (`:h`) come last. `|`, `(` and `~` make the group a pattern.
    if (qualifier == ')' || qualifier == ':' || qualifier == '|' || qualifier == '(' || qualifier == '~')
      break;
    const bool more = at < text.size();
    if (qualifier == '+') {
      const size_t from = at;
      while (at < text.size() && is_word_byte(text[at])) ++at;
      if (at > from) codes.push_back(text.substr(from, at - from));
    } else if (qualifier == 'e') {
      if (!more || text[at] == ')' || text[at] == '|' || is_word_byte(text[at])) continue;
      const auto code = delimited(text, at);
      if (!code) break;
      if (!code->empty()) codes.emplace_back(*code);
    } else if (qualifier == 'u' || qualifier == 'g' || qualifier == 'f' || qualifier == 'P') {
      const bool has_argument = more && !is_word_byte(text[at]) &&
                                std::string_view("+-=?,^)").find(text[at]) == std::string_view::npos;
      if (has_argument && !delimited(text, at)) break;
    }
  }
  return codes;
}

}  // namespace cmdai::resolve
