// POST /v1/messages (docs.anthropic.com: Messages, Streaming Messages).
#include "shell-hooks/agents/model/parts.hpp"

namespace cmdai::agents {
namespace {

using Json = nlohmann::json;

Conversation read_messages(const Json& body, std::string_view /*target*/) {
  Conversation out;
  out.model = string_of(member(body, "model"));
  out.instructions = text_of(member(body, "system"));
  out.streamed = is_true(member(body, "stream"));
  for (const Json& tool : elements(member(body, "tools")))
    out.tools[string_of(member(tool, "name"))] = member(tool, "input_schema");
  for (const Json& message : elements(member(body, "messages")))
    for (const Json& piece : elements(member(message, "content")))
      if (member(piece, "type") == "tool_result") out.told.push_back(text_of(member(piece, "content")));
  return out;
}

Reply message_events(const Json& message, const Json& start, const Json& delta) {
  Json begun = message;
  begun["content"] = Json::array();
  begun["stop_reason"] = nullptr;
  const Json stop = {{"stop_reason", message["stop_reason"]}, {"stop_sequence", nullptr}};
  return event_reply({{{"type", "message_start"}, {"message", begun}},
                      {{"type", "content_block_start"}, {"index", 0}, {"content_block", start}},
                      {{"type", "content_block_delta"}, {"index", 0}, {"delta", delta}},
                      {{"type", "content_block_stop"}, {"index", 0}},
                      {{"type", "message_delta"}, {"delta", stop}, {"usage", {{"output_tokens", 5}}}},
                      {{"type", "message_stop"}}},
                     true);
}

Reply answer_messages(const Conversation& conversation, const Turn& turn) {
  Json block = {{"type", "text"}, {"text", turn.text}};
  Json start = {{"type", "text"}, {"text", ""}};
  Json delta = {{"type", "text_delta"}, {"text", turn.text}};
  if (turn.call) {
    block = {{"type", "tool_use"},
             {"id", id_of("toolu", conversation)},
             {"name", turn.call->tool},
             {"input", turn.call->arguments}};
    start = block;
    start["input"] = Json::object();
    delta = {{"type", "input_json_delta"}, {"partial_json", line_of(turn.call->arguments)}};
  }
  const Json message = {{"id", id_of("msg", conversation)},
                        {"type", "message"},
                        {"role", "assistant"},
                        {"model", conversation.model},
                        {"content", Json::array({block})},
                        {"stop_reason", turn.call ? "tool_use" : "end_turn"},
                        {"stop_sequence", nullptr},
                        {"usage", {{"input_tokens", 10}, {"output_tokens", 5}}}};
  return conversation.streamed ? message_events(message, start, delta) : json_reply(message);
}

}  // namespace

const Protocol kAnthropicMessages = {"anthropic-messages", read_messages, answer_messages};

}  // namespace cmdai::agents
