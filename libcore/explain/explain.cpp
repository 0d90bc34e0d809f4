#include "libcore/explain/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libcore/explain/snippet.hpp"

namespace cmdai::explain {
namespace {

using policy::Action;
using policy::Match;
using policy::Verdict;

class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}
  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string dim(std::string_view text) const { return wrap("2", text); }
  std::string action(Action action, std::string_view text) const {
    return wrap(action == Action::block  ? "1;31"
                : action == Action::ask  ? "1;33"
                : action == Action::warn ? "33"
                                         : "32",
                text);
  }
  std::string mark(std::string_view text) const { return wrap("1;31", text); }

 private:
  std::string wrap(std::string_view code, std::string_view text) const {
    return on_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
  bool on_;
};

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

/// The words of `text` in lines of at most `width` columns. Text without spaces is not broken.
std::string wrapped(std::string_view text, uint32_t width, std::string_view indent) {
  std::string out;
  std::string line;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    at = end + 1;
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      out += fmt::format("{}{}\n", indent, line);
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) out += fmt::format("{}{}\n", indent, line);
  return out;
}

class Renderer {
 public:
  Renderer(const commands::Analysis& analysis, const Style& style)
      : analysis_(analysis), style_(style), paint_(style.color) {}

  std::string verdict(const Verdict& verdict) const {
    const Match* match = verdict.decisive();
    if (match == nullptr) return {};
    std::string out = fmt::format(
        "{} {}\n", paint_.action(verdict.action, fmt::format("cmdai: {}:", headline(verdict.action))),
        paint_.bold(match->title));
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

  uint32_t room() const { return std::clamp(style_.width, 40U, 110U) - 4; }

  std::string marked(const resolve::SourceText& source, Range range) const {
    if (range.begin > source.text.size()) return {};
    const Snippet s = snippet(source.text, range, std::max(style_.width, 24U) - 6);
    std::string out = fmt::format(
        "    {}{}\n", s.line,
        s.more_lines && !source.file ? paint_.dim(fmt::format("  (line {})", s.line_number)) : "");
    out += fmt::format("    {}{}\n", std::string(s.column, ' '),
                       paint_.mark(std::string(std::min(s.length, 60U), '^')));
    return out;
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

/// What was found on the disk, in the words rules ask for it.
std::string fact_details(const effects::Facts& facts) {
  std::string out;
  for (unsigned i = 1; i <= static_cast<unsigned>(effects::Loss::mounted); ++i)
    if (facts.losses.has(static_cast<effects::Loss>(i)))
      out += fmt::format(", loss {}", effects::to_string(static_cast<effects::Loss>(i)));
  if (!facts.lost.empty()) out += fmt::format(" ({})", printable(facts.lost));
  if (!facts.context.empty()) out += fmt::format(", on {}", printable(facts.context));
  if (facts.reach != effects::Reach::unknown) out += fmt::format(" ({})", effects::to_string(facts.reach));
  if (facts.branch != effects::BranchRole::unknown)
    out += fmt::format(", branch {}", effects::to_string(facts.branch));
  return out;
}

std::string effect_details(const effects::Effect& e) {
  std::string out = fmt::format("{} ({})", effects::to_string(e.kind), e.tag);
  if (!e.target.text.empty()) out += " " + printable(e.target.text);
  if (e.target.path_class != effects::PathClass::none)
    out += fmt::format(" [{}]", effects::to_string(e.target.path_class));
  if (e.recursive) out += ", with everything in it";
  if (e.privileged) out += ", as root";
  if (e.target.elsewhere) out += ", in a container or on another host";
  if (!e.target.exact) out += ", as far as it is known";
  if (!e.detail.empty()) out += ": " + printable(e.detail);
  return out + fact_details(e.facts);
}

std::string_view status_text(syntax::Status status) {
  switch (status) {
    case syntax::Status::complete: return "complete";
    case syntax::Status::incomplete: return "incomplete: the shell would wait for more";
    case syntax::Status::invalid: return "not valid: the shell would report a syntax error";
    case syntax::Status::too_complex: return "too complex to be read whole";
  }
  return "not read";
}

/// For people: `rm` may have thousands of words.
std::string command_line(const std::vector<std::string>& argv) {
  constexpr size_t kMostBytes = 200;
  std::string out;
  for (size_t i = 0; i < argv.size(); ++i) {
    if (i > 0 && out.size() + argv[i].size() > kMostBytes)
      return fmt::format("{} … and {} more words", printable(out), argv.size() - i);
    out += (i > 0 ? " " : "") + argv[i];
  }
  return printable(out);
}

/// A line for each of the first, and how many there are besides.
template <class Items, class Line>
void list_some(std::string& out, const Items& items, Line line) {
  constexpr size_t kMost = 50;
  for (size_t i = 0; i < items.size() && i < kMost; ++i) out += fmt::format("  {}\n", line(items[i]));
  if (items.size() > kMost) out += fmt::format("  … and {} more\n", items.size() - kMost);
}

}  // namespace

std::string render(const Verdict& verdict, const commands::Analysis& analysis, const Style& style) {
  return Renderer(analysis, style).verdict(verdict);
}

std::string effect_line(const effects::Effect& e) {
  return fmt::format("{}{}{} ({})", effects::to_string(e.kind), e.target.text.empty() ? "" : " ",
                     printable(e.target.text), e.tag);
}

std::string one_line(const Verdict& verdict) {
  const Match* match = verdict.decisive();
  if (match == nullptr)
    return verdict.allowed_by.empty() ? "allow" : fmt::format("allow: by your entry {}", verdict.allowed_by);
  return fmt::format("{}: {} ({})", policy::to_string(verdict.action), match->title, match->rule);
}

std::string describe(const Verdict& verdict, const commands::Analysis& analysis, const Style& style) {
  const Renderer renderer(analysis, style);
  const Paint paint(style.color);
  std::string out;
  if (verdict.decisive() != nullptr)
    out += renderer.verdict(verdict);
  else
    out += fmt::format(
        "{} {}\n", paint.action(Action::allow, "cmdai: allowed:"),
        verdict.allowed_by.empty() ? "no rule speaks against it" : "by your entry " + verdict.allowed_by);
  out += fmt::format("\n{} {}\n", paint.bold("syntax:"), status_text(analysis.status));
  if (!analysis.syntax_message.empty()) {
    out += renderer.place({0,
                           {analysis.syntax_error.begin,
                            std::max(analysis.syntax_error.end, analysis.syntax_error.begin + 1)}});
    out += fmt::format("    {}\n", printable(analysis.syntax_message));
  }
  out += paint.bold("programs:") + '\n';
  if (analysis.calls.empty()) out += "  none\n";
  list_some(out, analysis.calls, [&paint](const commands::CallSummary& call) {
    return command_line(call.argv) + (call.known ? "" : paint.dim("  (not known to cmdai)"));
  });
  out += paint.bold("effects:") + '\n';
  if (analysis.effects.empty()) out += "  none that matter\n";
  list_some(out, analysis.effects, effect_details);
  if (!verdict.need.empty())
    out += fmt::format("{} {}\n", paint.bold("depends on:"), fmt::join(verdict.need, ", "));
  return out;
}

}  // namespace cmdai::explain
