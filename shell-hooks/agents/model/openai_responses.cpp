// POST /v1/responses (platform.openai.com: Responses, Streaming events).
#include "libcore/base/text.hpp"
#include "shell-hooks/agents/model/parts.hpp"

namespace cmdai::agents {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kResults[] = {"function_call_output", "custom_tool_call_output",
                                         "local_shell_call_output"};

Conversation read_responses(const Json& body, std::string_view /*target*/) {
  Conversation out;
  out.model = string_of(member(body, "model"));
  out.instructions = text_of(member(body, "instructions"));
  out.streamed = is_true(member(body, "stream"));
  for (const Json& tool : elements(member(body, "tools"))) {
    const std::string type = string_of(member(tool, "type"));
    if (type == "namespace") continue;
    const std::string name = string_of(member(tool, "name"));
    out.tools[name.empty() ? type : name] = member(tool, "parameters");
  }
  for (const Json& item : elements(member(body, "input")))
    if (among(kResults, string_of(member(item, "type")))) out.told.push_back(text_of(member(item, "output")));
  return out;
}

Json item_of(const Conversation& conversation, const Turn& turn) {
  if (turn.call)
    return {{"type", "function_call"},
            {"id", id_of("fc", conversation)},
            {"call_id", id_of("call", conversation)},
            {"name", turn.call->tool},
            {"arguments", line_of(turn.call->arguments)},
            {"status", "completed"}};
  const Json text = {{"type", "output_text"}, {"text", turn.text}, {"annotations", Json::array()}};
  return {{"type", "message"},
          {"id", id_of("msg", conversation)},
          {"role", "assistant"},
          {"status", "completed"},
          {"content", Json::array({text})}};
}

Json usage() {
  return {{"input_tokens", 10},
          {"input_tokens_details", {{"cached_tokens", 0}}},
          {"output_tokens", 5},
          {"output_tokens_details", {{"reasoning_tokens", 0}}},
          {"total_tokens", 15}};
}

/// The events between the item's beginning and its end.
std::vector<Json> pieces(const Json& item, const Turn& turn) {
  const Json place = {{"item_id", item["id"]}, {"output_index", 0}};
  Json piece = place;
  if (!turn.call) {
    piece.update({{"type", "response.output_text.delta"}, {"content_index", 0}, {"delta", turn.text}});
    return {piece};
  }
  Json done = place;
  piece.update({{"type", "response.function_call_arguments.delta"}, {"delta", item["arguments"]}});
  done.update({{"type", "response.function_call_arguments.done"}, {"arguments", item["arguments"]}});
  return {piece, done};
}

Reply response_events(const Json& response, const Json& item, const Turn& turn) {
  Json begun = response;
  begun.update({{"status", "in_progress"}, {"output", Json::array()}, {"usage", nullptr}});
  Json added = item;
  added["status"] = "in_progress";
  std::vector<Json> events = {{{"type", "response.created"}, {"response", begun}},
                              {{"type", "response.output_item.added"}, {"output_index", 0}, {"item", added}}};
  for (Json& piece : pieces(item, turn)) events.push_back(std::move(piece));
  events.push_back({{"type", "response.output_item.done"}, {"output_index", 0}, {"item", item}});
  events.push_back({{"type", "response.completed"}, {"response", response}});
  for (size_t i = 0; i < events.size(); ++i) events[i]["sequence_number"] = i;
  return event_reply(events, true);
}

Reply answer_responses(const Conversation& conversation, const Turn& turn) {
  const Json item = item_of(conversation, turn);
  const Json response = {{"id", id_of("resp", conversation)},
                         {"object", "response"},
                         {"created_at", 0},
                         {"status", "completed"},
                         {"model", conversation.model},
                         {"output", Json::array({item})},
                         {"usage", usage()}};
  return conversation.streamed ? response_events(response, item, turn) : json_reply(response);
}

}  // namespace

const Protocol kOpenaiResponses = {"openai-responses", read_responses, answer_responses};

}  // namespace cmdai::agents
