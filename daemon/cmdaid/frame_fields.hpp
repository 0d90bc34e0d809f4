#pragma once
// Reading what requests say.
#include <charconv>
#include <initializer_list>
#include <optional>
#include <string>

#include "daemon/ipc/frame.hpp"

namespace cmdai::daemon {

inline std::optional<int64_t> integer(const std::string* text) {
  if (text == nullptr) return std::nullopt;
  int64_t value = 0;
  const auto [stop, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || stop != text->data() + text->size()) return std::nullopt;
  return value;
}

/// The first required key that is missing, or null.
inline const char* missing(const ipc::Frame& frame, std::initializer_list<const char*> keys) {
  for (const char* key : keys)
    if (frame.find(key) == nullptr) return key;
  return nullptr;
}

}  // namespace cmdai::daemon
