// POST /v1/chat/completions (platform.openai.com: Chat Completions, Streaming).
#include "shell-hooks/agents/model/parts.hpp"

namespace cmdai::agents {
namespace {

using Json = nlohmann::json;

Conversation read_chat(const Json& body, std::string_view /*target*/) {
  Conversation out;
  out.model = string_of(member(body, "model"));
  out.streamed = is_true(member(body, "stream"));
  for (const Json& tool : elements(member(body, "tools"))) {
    const Json& function = member(tool, "function");
    if (function.is_object()) out.tools[string_of(member(function, "name"))] = member(function, "parameters");
  }
  for (const Json& message : elements(member(body, "messages"))) {
    const std::string role = string_of(member(message, "role"));
    if (role == "tool") out.told.push_back(text_of(member(message, "content")));
    if (role == "system" || role == "developer") out.instructions += text_of(member(message, "content"));
  }
  return out;
}

Json message_of(const Conversation& conversation, const Turn& turn) {
  Json message = {{"role", "assistant"}, {"content", turn.text}};
  if (!turn.call) return message;
  message["content"] = nullptr;
  message["tool_calls"] = Json::array(
      {{{"index", 0},
        {"id", id_of("call", conversation)},
        {"type", "function"},
        {"function", {{"name", turn.call->tool}, {"arguments", line_of(turn.call->arguments)}}}}});
  return message;
}

Json choices(const char* part, const Json& message, const Json& finish) {
  return Json::array({{{"index", 0}, {part, message}, {"finish_reason", finish}}});
}

Reply answer_chat(const Conversation& conversation, const Turn& turn) {
  const Json message = message_of(conversation, turn);
  const Json finish = turn.call ? "tool_calls" : "stop";
  const Json usage = {{"prompt_tokens", 10}, {"completion_tokens", 5}, {"total_tokens", 15}};
  Json whole = {{"id", id_of("chatcmpl", conversation)}, {"created", 0}, {"model", conversation.model}};
  if (!conversation.streamed) {
    whole.update(
        {{"object", "chat.completion"}, {"usage", usage}, {"choices", choices("message", message, finish)}});
    return json_reply(whole);
  }
  Json first = whole;
  first.update({{"object", "chat.completion.chunk"}, {"choices", choices("delta", message, nullptr)}});
  Json last = whole;
  last.update({{"object", "chat.completion.chunk"},
               {"usage", usage},
               {"choices", choices("delta", Json::object(), finish)}});
  return event_reply({first, last}, false, "[DONE]");
}

}  // namespace

const Protocol kOpenaiChat = {"openai-chat", read_chat, answer_chat};

}  // namespace cmdai::agents
