#include "libcore/explain/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libcore/base/unicode.hpp"
#include "libcore/explain/effect_words.hpp"
#include "libcore/explain/layout.hpp"
#include "libcore/explain/lesson.hpp"
#include "libcore/explain/snippet.hpp"

namespace cmdai::explain {
namespace {

using policy::Action;
using policy::Match;
using policy::Verdict;

std::string_view headline(Action action) {
  switch (action) {
    case Action::allow: return "allowed";
    case Action::warn: return "warning";
    case Action::ask: return "please confirm";
    case Action::block: return "blocked";
  }
  return "blocked";
}

/// What a nested text is to its parent, for people. A file with the line, as compilers write it.
std::string describe_source(const resolve::SourceText& source, Range range) {
  if (source.file)
    return fmt::format("in {}:{}", printable(source.name), snippet(source.text, range, 0).line_number);
  return source.name.empty() ? "inside" : fmt::format("in {}", printable(source.name));
}

size_t characters(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) at += decode_utf8(text, at).size;
  return count;
}

/// At most `width` columns, with a mark where something was taken away.
std::string cut(std::string_view text, uint32_t width) {
  if (columns_of(text) <= width) return std::string(text);
  std::string out;
  uint32_t columns = 1;
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    columns += static_cast<uint32_t>(column_width(c.value));
    if (columns > width) break;
    out += text.substr(at, c.size);
    at += c.size;
  }
  return out + "…";
}

class Renderer {
 public:
  Renderer(const commands::Analysis& analysis, const Style& style)
      : analysis_(analysis), style_(style), paint_(style.color) {}

  uint32_t width() const { return std::clamp(style_.width, 40U, 110U); }

  /// `cmdai: warning: TITLE (RULE)`, cut to the width: the command runs, and its own output comes next.
  std::string warning(const Match& match) const {
    const std::string label = fmt::format("cmdai: {}:", headline(Action::warn));
    const std::string rule = fmt::format("({})", match.rule);
    const uint32_t taken = columns_of(label) + columns_of(rule) + 2;
    return fmt::format("{} {} {}\n", paint_.action(Action::warn, label),
                       cut(match.title, taken < width() ? width() - taken : 0), paint_.dim(rule));
  }

  std::string verdict(const Verdict& verdict) const {
    const Match* match = verdict.decisive();
    if (match == nullptr) return {};
    std::string out = head(verdict.action, match->title);
    out += place(match->place);
    out += wrapped(match->why, room(), "  ");
    out += others(verdict);
    if (!match->hint.empty()) out += wrapped("hint: " + match->hint, room(), "  ");
    out += paint_.dim(fmt::format("  rule {}", match->rule)) + '\n';
    return out;
  }

  /// The chain of texts from the command line down to the culprit, each with its caret.
  std::string place(resolve::Place at) const {
    const auto& sources = analysis_.sources;
    if (at.source >= sources.size() || at.range.empty()) return {};
    std::vector<resolve::Place> chain{at};
    while (chain.back().source != 0 && chain.size() < 8) {
      const resolve::SourceText& here = sources[chain.back().source];
      chain.push_back({here.parent, here.parent_range});
    }
    std::reverse(chain.begin(), chain.end());
    point_into_files(chain);
    std::string out;
    std::string shown;
    for (size_t i = 0; i < chain.size(); ++i) {
      const resolve::SourceText& source = sources[chain[i].source];
      const std::string block = marked(source, chain[i].range);
      if (i > 0 && !source.file && source.text == shown)
        continue;  // sh -c 'x' in $(sh -c 'x'): the same text again says nothing new
      if (i > 0) out += paint_.dim(fmt::format("  {}:", describe_source(source, chain[i].range))) + '\n';
      out += block;
      shown = source.text;
    }
    return out;
  }

 private:
  /// A line of a file that is run as it is written there: the caret goes into the file.
  void point_into_files(std::vector<resolve::Place>& chain) const {
    for (size_t i = 1; i + 1 < chain.size();) {
      const resolve::SourceText& file = analysis_.sources[chain[i].source];
      const std::string& code = analysis_.sources[chain[i + 1].source].text;
      const Range at = chain[i].range;
      const bool same = file.file && at.end <= file.text.size() && at.end - at.begin == code.size() &&
                        file.text.compare(at.begin, code.size(), code) == 0;
      if (!same) {
        ++i;
        continue;
      }
      chain[i].range = {at.begin + chain[i + 1].range.begin, at.begin + chain[i + 1].range.end};
      chain.erase(chain.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }

  /// The action, and what is stopped, in lines that fit.
  std::string head(Action action, std::string_view title) const {
    const std::string label = fmt::format("cmdai: {}:", headline(action));
    std::string_view rest = title;
    std::string out = paint_.action(action, label);
    uint32_t room = width() - columns_of(label) - 1;
    for (std::string_view before = " "; !rest.empty(); before = "  ", room = width() - 2) {
      const std::string_view line = first_line(rest, room);
      out += fmt::format("{}{}\n", before, paint_.bold(line));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    return out;
  }

  uint32_t room() const { return width() - 4; }

  std::string marked(const resolve::SourceText& source, Range range) const {
    if (range.begin > source.text.size()) return {};
    const Snippet s = snippet(source.text, range, std::max(style_.width, 24U) - 6);
    if (style_.plain) return fmt::format("    {}\n    {}\n", s.line, place_in_words(source, range, s));
    std::string out = fmt::format(
        "    {}{}\n", s.line,
        s.more_lines && !source.file ? paint_.dim(fmt::format("  (line {})", s.line_number)) : "");
    out += fmt::format("    {}{}\n", std::string(s.column, ' '),
                       paint_.mark(std::string(std::min(s.length, 60U), '^')));
    return out;
  }

  /// Counted in characters, from 1, in the line the place is in.
  static std::string place_in_words(const resolve::SourceText& source, Range range, const Snippet& s) {
    const size_t begin = source.text.rfind('\n', range.begin == 0 ? 0 : range.begin - 1);
    const size_t start = begin == std::string::npos || begin >= range.begin ? 0 : begin + 1;
    const std::string_view line = std::string_view(source.text).substr(start);
    const std::string at =
        fmt::format("at character {}", characters(line.substr(0, range.begin - start)) + 1);
    const std::string text = printable(cut_at_newline(source.text, range));
    return s.more_lines && !source.file ? fmt::format("{} of line {}: {}", at, s.line_number, text)
                                        : fmt::format("{}: {}", at, text);
  }

  static std::string_view cut_at_newline(std::string_view text, Range range) {
    const std::string_view part = text.substr(range.begin, std::min<size_t>(range.end - range.begin, 200));
    return part.substr(0, part.find('\n'));
  }

  std::string others(const Verdict& verdict) const {
    std::string out;
    for (size_t i = 1; i < verdict.matches.size() && i < 4; ++i)
      out += wrapped(fmt::format("also: {} ({})", verdict.matches[i].title, verdict.matches[i].rule), room(),
                     "  ");
    return out;
  }

  const commands::Analysis& analysis_;
  const Style& style_;
  Paint paint_;
};

std::string_view status_text(syntax::Status status) {
  switch (status) {
    case syntax::Status::complete: return "complete";
    case syntax::Status::incomplete: return "incomplete: the shell would wait for more";
    case syntax::Status::invalid: return "not valid: the shell would report a syntax error";
    case syntax::Status::too_complex: return "too complex to be read whole";
  }
  return "not read";
}

/// An effect and its tag, which stays whole.
std::string effect_entry(const effects::Effect& e, const Paint& paint, uint32_t width) {
  std::string out = wrapped(effect_words(e), width - 4, "    ");
  out = out.substr(2, out.size() - 3);
  const size_t last = out.rfind('\n') + 1;  // npos + 1 is 0
  const std::string tag = fmt::format("({})", e.tag);
  const bool fits = columns_of(out.substr(last)) + 2 + columns_of(tag) <= width;
  return out + (fits ? "  " : "\n    ") + paint.dim(tag);
}

/// A line for each of the first, and how many there are besides.
template <class Items, class Line>
void list_some(std::string& out, const Items& items, Line line) {
  constexpr size_t kMost = 50;
  for (size_t i = 0; i < items.size() && i < kMost; ++i) out += fmt::format("{}\n", line(items[i]));
  if (items.size() > kMost) out += fmt::format("  … and {} more\n", items.size() - kMost);
}

std::string lifted_by(const Verdict& verdict) {
  return fmt::format(
      "by {} {}",
      verdict.allowed_layer == policy::Layer::organization ? "your organization's exception" : "your entry",
      printable(verdict.allowed_by));
}

}  // namespace

std::string render(const Verdict& verdict, const commands::Analysis& analysis, const Style& style) {
  const Renderer renderer(analysis, style);
  return verdict.action == Action::warn && verdict.decisive() != nullptr
             ? renderer.warning(*verdict.decisive())
             : renderer.verdict(verdict);
}

std::string effect_line(const effects::Effect& e) {
  return fmt::format("{}{}{} ({})", effects::to_string(e.kind), e.target.text.empty() ? "" : " ",
                     printable(e.target.text), e.tag);
}

std::string one_line(const Verdict& verdict) {
  const Match* match = verdict.decisive();
  if (match == nullptr)
    return verdict.allowed_by.empty() ? "allow" : fmt::format("allow: {}", lifted_by(verdict));
  return fmt::format("{}: {} ({})", policy::to_string(verdict.action), match->title, match->rule);
}

std::string describe_parts(const commands::Analysis& analysis, const Lesson& lesson, const Style& style) {
  const Renderer renderer(analysis, style);
  const Paint paint(style.color);
  std::string out = render(lesson, style);
  if (lesson.steps.empty() && lesson.complete && analysis.status == syntax::Status::complete)
    out += "nothing in this line would be run\n";
  if (analysis.status != syntax::Status::complete)
    out += fmt::format("\n{} {}\n", paint.bold("syntax:"), status_text(analysis.status));
  if (!analysis.syntax_message.empty()) {
    out += renderer.place({0,
                           {analysis.syntax_error.begin,
                            std::max(analysis.syntax_error.end, analysis.syntax_error.begin + 1)}});
    out += fmt::format("    {}\n", printable(analysis.syntax_message));
  }
  out += fmt::format("\n{}\n", paint.bold("effects:"));
  if (analysis.effects.empty()) out += "  none that matter\n";
  list_some(out, analysis.effects,
            [&](const effects::Effect& e) { return effect_entry(e, paint, renderer.width()); });
  return out;
}

std::string describe(const Verdict& verdict, const commands::Analysis& analysis, const Lesson& lesson,
                     const Style& style) {
  const Renderer renderer(analysis, style);
  const Paint paint(style.color);
  std::string out = describe_parts(analysis, lesson, style);
  if (!verdict.need.empty())
    out += fmt::format("{} {}\n", paint.bold("depends on:"),
                       printable(fmt::format("{}", fmt::join(verdict.need, ", "))));
  out += '\n';
  if (verdict.decisive() != nullptr)
    out += renderer.verdict(verdict);
  else
    out += fmt::format("{} {}\n", paint.action(Action::allow, "cmdai: allowed:"),
                       verdict.allowed_by.empty() ? "no rule objects" : lifted_by(verdict));
  return out;
}

}  // namespace cmdai::explain
