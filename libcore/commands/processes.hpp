#pragma once
// Numbers of processes as pidof and pgrep print them: nobody knows them before, but whose they are.
#include <optional>
#include <string>
#include <string_view>

#include "libcore/resolve/value.hpp"

namespace cmdai::commands {

inline constexpr std::string_view kProcessMark = "(pidof ";

/// Shown as $(pidof NAME).
inline resolve::Value process_ids(const std::string& name) {
  return resolve::Value::unknown(resolve::HoleKind::output, std::string(kProcessMark) + name + ')');
}

/// The process whose number this is.
inline std::optional<std::string> process_of(const resolve::Value& number) {
  for (const resolve::Piece& p : number.pieces())
    if (p.hole && p.text.starts_with(kProcessMark))
      return p.text.substr(kProcessMark.size(), p.text.size() - kProcessMark.size() - 1);
  return std::nullopt;
}

}  // namespace cmdai::commands
