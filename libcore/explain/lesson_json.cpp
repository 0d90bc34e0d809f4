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

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string to_json(const Lesson& lesson, const policy::Verdict& verdict,
                    const commands::Analysis& analysis) {
  constexpr size_t kMostJson = 100 * 1024;  // what fits into a frame beside the text
  Json out{{"syntax", syntax::to_string(analysis.status)},
           {"depends", verdict.need},
           {"complete", lesson.complete},
           {"observed", Json::array()},
           {"allowed_by", verdict.allowed_by},
           {"commands", Json::array()}};
  for (const policy::Observed& o : verdict.observed)
    out["observed"].push_back(
        {{"rule", o.rule}, {"action", to_string(o.action)}, {"mode", to_string(o.mode)}});
  size_t size = 0;
  for (const LessonStep& step : lesson.steps) {
    Json one = json_of(step);
    size += dump(one).size();
    if (size > kMostJson) {
      out["complete"] = false;
      break;
    }
    out["commands"].push_back(std::move(one));
  }
  return dump(out);
}

}  // namespace cmdai::explain
