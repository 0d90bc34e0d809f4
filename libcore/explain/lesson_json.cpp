#include <nlohmann/json.hpp>

#include "libcore/explain/lesson.hpp"

namespace cmdai::explain {
namespace {

using Json = nlohmann::ordered_json;

std::string_view name(LessonPart::Kind kind) {
  switch (kind) {
    case LessonPart::Kind::subcommand: return "subcommand";
    case LessonPart::Kind::option: return "option";
    case LessonPart::Kind::operand: return "operand";
    case LessonPart::Kind::redirect: return "redirect";
    case LessonPart::Kind::assignment: return "assignment";
  }
  return "operand";
}

Json json_of(const LessonPart& part) {
  return {{"kind", name(part.kind)}, {"text", part.text}, {"says", part.says}, {"resolved", part.resolved}};
}

Json json_of(const LessonStep& step) {
  Json out{{"kind", step.kind == LessonStep::Kind::command ? "command" : "construct"},
           {"depth", step.depth},
           {"joint", {{"text", step.joint}, {"says", step.joint_says}}},
           {"text", step.text},
           {"program", step.program},
           {"says", step.says},
           {"described", step.described},
           {"parts", Json::array()}};
  for (const LessonPart& part : step.parts) out["parts"].push_back(json_of(part));
  return out;
}

}  // namespace

std::string to_json(const Lesson& lesson) {
  constexpr size_t kMostBytes = 150 * 1024;  // what fits into a frame beside the text
  std::string out = "[";
  for (const LessonStep& step : lesson.steps) {
    const std::string one = json_of(step).dump(-1, ' ', false, Json::error_handler_t::replace);
    if (out.size() + one.size() > kMostBytes) break;
    out += (out.size() > 1 ? "," : "") + one;
  }
  return out + "]";
}

}  // namespace cmdai::explain
