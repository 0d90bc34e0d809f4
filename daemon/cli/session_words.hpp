#pragma once
// A session of the daemon's `status`, for people and programs.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace cmdai::cli {

/// The value of a `session.N` (docs/protocol.md).
nlohmann::ordered_json session_of(std::string_view text);

/// "zsh 5.9 (pid 7): level line, transport socket; last check 5 s ago, 12 commands ended".
std::string session_line(const nlohmann::ordered_json& session, int64_t now);

/// "5 s", "3 min", "2 h", "4 days".
std::string duration_words(int64_t seconds);

}  // namespace cmdai::cli
