// The lesson for a terminal: a head line for each command, below it one line for each of its parts.
#include <fmt/format.h>

#include <algorithm>

#include "libcore/explain/layout.hpp"
#include "libcore/explain/lesson.hpp"

namespace cmdai::explain {
namespace {

constexpr uint32_t kWidestText = 28;  ///< columns of what is written; longer ones have a line of their own

std::string safe(std::string_view text, uint32_t most) {
  std::string out;
  uint32_t used = 0;
  std::string all = printable(text);
  if (columns_of(all) <= most) return all;
  for (const char c : all) {  // cut between characters
    const bool inside = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    if (!inside && ++used >= most) break;
    out += c;
  }
  return out + "…";
}

class LessonPage {
 public:
  explicit LessonPage(const Style& style) : paint_(style.color), width_(std::clamp(style.width, 40U, 110U)) {}

  void step(const LessonStep& step) {
    const uint32_t indent = std::min(step.depth, 8U) * 2;
    if (!step.joint_says.empty()) out_ += std::string(indent, ' ') + paint_.dim(joint(step)) + '\n';
    const uint32_t room = width_ - std::min(indent, width_ / 2);
    const std::string text = safe(step.text, room);
    if (step.kind == LessonStep::Kind::construct) {
      out_ += fmt::format("{}{}  {}\n", std::string(indent, ' '), paint_.bold(text), printable(step.says));
    } else {
      out_ += std::string(indent, ' ') + paint_.bold(text) + '\n';
    }
    lines(step, indent + 2);
  }

  std::string take() { return std::move(out_); }

 private:
  static std::string joint(const LessonStep& step) {
    return step.joint.empty() || step.joint == "code"
               ? step.joint_says + ":"
               : fmt::format("{}  {}:", printable(step.joint), step.joint_says);
  }

  void lines(const LessonStep& step, uint32_t indent) {
    struct Line {
      std::string text, says;
    };
    std::vector<Line> all;
    if (step.kind == LessonStep::Kind::command && !(step.program.empty() && !step.parts.empty()))
      all.push_back({safe(step.program.empty() ? "" : step.program, kWidestText), printable(step.says)});
    for (const LessonPart& p : step.parts) {
      std::string says = printable(p.says);
      if (!p.resolved.empty()) says += (says.empty() ? "= " : ": ") + printable(p.resolved);
      all.push_back({safe(p.text, width_ - std::min(indent, width_ / 2)), std::move(says)});
    }
    uint32_t column = 0;
    for (const Line& line : all)
      if (columns_of(line.text) <= kWidestText) column = std::max(column, columns_of(line.text));
    for (const Line& line : all) entry(line.text, line.says, indent, column);
  }

  void entry(const std::string& text, const std::string& says, uint32_t indent, uint32_t column) {
    const uint32_t at = indent + column + (column > 0 ? 2 : 0);
    const std::string margin(at, ' ');
    const std::string body = wrapped(says, std::max(width_ - std::min(width_, at), 20U), margin);
    out_ += std::string(indent, ' ') + text;
    if (body.empty()) {
      out_ += '\n';
    } else if (columns_of(text) > column) {
      out_ += '\n' + body;
    } else {
      out_ += std::string(at - indent - columns_of(text), ' ') + body.substr(at);
    }
  }

  Paint paint_;
  uint32_t width_;
  std::string out_;
};

}  // namespace

std::string render(const Lesson& lesson, const Style& style) {
  LessonPage page(style);
  for (const LessonStep& step : lesson.steps) page.step(step);
  std::string out = page.take();
  if (!lesson.complete)
    out += lesson.steps.empty() ? "the line is too long to be taken apart here\n"
                                : "… the rest of the line is too long to be taken apart here\n";
  return out;
}

}  // namespace cmdai::explain
