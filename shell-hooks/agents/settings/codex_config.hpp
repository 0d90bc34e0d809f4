#pragma once
// Codex's config.toml and requirements.toml, changed without disturbing what else is in them.
#include <optional>
#include <string>
#include <string_view>

#include "libcore/base/result.hpp"

namespace cmdai::agents {

/// What Codex wants to see in `trusted_hash` before it runs a user's hook (0.169.0: SHA-256 of the sorted,
/// compact JSON of the hook). Without it the hook is skipped, and nobody is told.
std::string codex_trust(std::string_view matcher, std::string_view command, int timeout);

struct CodexHook {
  std::string program;   ///< it calls; empty: there is no hook of ours
  size_t group = 0;      ///< its number among `[[hooks.PreToolUse]]`
  bool exact = false;    ///< as we write it now
  bool trusted = false;  ///< the hash is there and right
  bool enabled = true;   ///< neither `features.hooks = false` nor `enabled = false` for it
};
/// `path`: of the file, which Codex makes part of the name under which it keeps trust.
Result<CodexHook> find_codex_hook(std::string_view text, const std::string& path, std::string_view program);

/// With our hook, trusted; the same text when it is there already.
Result<std::string> with_codex_hook(std::string text, const std::string& path, std::string_view program);
Result<std::string> without_codex_hook(std::string text, const std::string& path);

/// For /etc/codex/requirements.toml: the hook and `features.hooks = true`, which the user cannot switch off
/// then. `path` is for messages.
Result<std::string> with_codex_requirement(std::string text, const std::string& path,
                                           std::string_view program);
/// The pinned feature stays when other hooks are there.
Result<std::string> without_codex_requirement(std::string text, const std::string& path);

}  // namespace cmdai::agents
