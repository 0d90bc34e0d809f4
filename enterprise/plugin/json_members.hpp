#pragma once
// JSON as the plugin's own files and events have it: inside this room only.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace cmdai::device {

/// A string member; empty where there is none.
template <typename Json>
std::string text_member(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->template get<std::string>() : std::string();
}

/// One line; bytes that are no UTF-8 become U+FFFD.
template <typename Json>
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The text as a JSON string, with its quotes.
inline std::string json_string(std::string_view text) { return dumped(nlohmann::json(text)); }

}  // namespace cmdai::device
