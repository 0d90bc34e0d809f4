// POST /v1beta/models/MODEL:generateContent and :streamGenerateContent (ai.google.dev: generateContent).
#include "shell-hooks/agents/model/parts.hpp"

namespace cmdai::agents {
namespace {

using Json = nlohmann::json;

/// MODEL of `…/models/MODEL:method`.
std::string model_in(std::string_view target) {
  const size_t colon = target.rfind(':');
  const size_t slash = target.rfind('/', colon);
  if (colon == std::string_view::npos || slash == std::string_view::npos) return {};
  return std::string(target.substr(slash + 1, colon - slash - 1));
}

Conversation read_content(const Json& body, std::string_view target) {
  Conversation out;
  out.model = model_in(target.substr(0, target.find('?')));
  out.instructions = text_of(member(member(body, "systemInstruction"), "parts"));
  out.streamed = target.find(":streamGenerateContent") != std::string_view::npos;
  for (const Json& group : elements(member(body, "tools")))
    for (const Json& tool : elements(member(group, "functionDeclarations"))) {
      const Json& schema = member(tool, "parametersJsonSchema");
      out.tools[string_of(member(tool, "name"))] = schema.is_null() ? member(tool, "parameters") : schema;
    }
  for (const Json& content : elements(member(body, "contents")))
    for (const Json& part : elements(member(content, "parts")))
      if (const Json& result = member(part, "functionResponse"); !result.is_null())
        out.told.push_back(text_of(member(result, "response")));
  return out;
}

Json part_of(const Conversation& conversation, const Turn& turn) {
  if (turn.call) return {{"functionCall", {{"name", turn.call->tool}, {"args", turn.call->arguments}}}};
  // The agent's own side questions (which model, is it stuck) want an object.
  const bool wants_json =
      conversation.tools.empty() && conversation.instructions.find("JSON") != std::string::npos;
  return {{"text", wants_json ? "{}" : turn.text}};
}

Reply answer_content(const Conversation& conversation, const Turn& turn) {
  const Json content = {{"role", "model"}, {"parts", Json::array({part_of(conversation, turn)})}};
  const Json candidate = {{"index", 0}, {"content", content}, {"finishReason", "STOP"}};
  const Json whole = {
      {"candidates", Json::array({candidate})},
      {"usageMetadata", {{"promptTokenCount", 10}, {"candidatesTokenCount", 5}, {"totalTokenCount", 15}}},
      {"modelVersion", conversation.model}};
  return conversation.streamed ? event_reply({whole}, false) : json_reply(whole);
}

}  // namespace

const Protocol kGeminiContent = {"gemini-content", read_content, answer_content};

}  // namespace cmdai::agents
