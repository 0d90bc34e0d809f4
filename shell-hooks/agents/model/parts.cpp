#include "shell-hooks/agents/model/parts.hpp"

#include <fmt/format.h>

namespace cmdai::agents {
namespace {

using Json = nlohmann::json;

}  // namespace

const Json& member(const Json& value, const char* key) {
  static const Json nothing;
  const auto found = value.find(key);  // end() for what is no object
  return found == value.end() ? nothing : *found;
}

const Json::array_t& elements(const Json& value) {
  static const Json::array_t none;
  return value.is_array() ? value.get_ref<const Json::array_t&>() : none;
}

std::string string_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

bool is_true(const Json& value) { return value.is_boolean() && value.get<bool>(); }

std::string text_of(const Json& content) {
  if (content.is_null()) return {};
  if (content.is_string()) return content.get<std::string>();
  if (content.is_array()) {
    std::string all;
    for (const Json& piece : elements(content)) all += (all.empty() ? "" : "\n") + text_of(piece);
    return all;
  }
  for (const char* key : {"text", "content", "output", "error"})
    if (!member(content, key).is_null()) return text_of(member(content, key));
  return line_of(content);
}

std::string id_of(std::string_view kind, const Conversation& conversation) {
  return fmt::format("{}_cmdai{:04}", kind, conversation.told.size());
}

std::string line_of(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

Reply json_reply(const Json& value) { return {"application/json", line_of(value)}; }

Reply event_reply(const std::vector<Json>& events, bool named, std::string_view end) {
  Reply reply{"text/event-stream", {}};
  for (const Json& event : events) {
    if (named) reply.body += fmt::format("event: {}\n", string_of(member(event, "type")));
    reply.body += fmt::format("data: {}\n\n", line_of(event));
  }
  if (!end.empty()) reply.body += fmt::format("data: {}\n\n", end);
  return reply;
}

}  // namespace cmdai::agents
