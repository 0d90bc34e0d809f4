#pragma once
// What the four protocols have in common: members that may be missing, texts in pieces, server-sent events.
#include <string>
#include <string_view>
#include <vector>

#include "shell-hooks/agents/model/protocol.hpp"

namespace cmdai::agents {

/// A member of an object; null for anything else.
const nlohmann::json& member(const nlohmann::json& value, const char* key);
/// The elements of an array; none for anything else.
const nlohmann::json::array_t& elements(const nlohmann::json& value);
/// A string, or empty.
std::string string_of(const nlohmann::json& value);
bool is_true(const nlohmann::json& value);
/// The text of a message or tool result: a string, a list of pieces, or an object that holds one of them.
std::string text_of(const nlohmann::json& content);
/// A name for a thing of this answer: unlike those of the answers before in the conversation.
std::string id_of(std::string_view kind, const Conversation& conversation);
/// JSON in one line; bytes that are no UTF-8 are replaced.
std::string line_of(const nlohmann::json& value);

Reply json_reply(const nlohmann::json& value);
/// As a stream of events (WHATWG HTML, server-sent events). `named`: each says its member `type` as the
/// event's name.
Reply event_reply(const std::vector<nlohmann::json>& events, bool named, std::string_view end = {});

}  // namespace cmdai::agents
