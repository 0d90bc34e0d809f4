#pragma once
// What `cmdai agents install` wrote and where: for taking it away again as it was, and for the daemon, which
// watches these files. One JSON file, ~/.local/state/cmdai/agent-hooks.json; for a machine's own files
// /var/lib/cmdai/agent-hooks.json.
#include <optional>
#include <string>
#include <vector>

#include "libcore/base/result.hpp"

namespace cmdai::host {

struct HookRecord {
  std::string agent, level, form;  ///< words of shell-hooks/agents/settings/hook_file.hpp
  std::string path;                ///< as the agent reads it; may be a link
  std::string written;             ///< hash of the text we wrote
  std::string before;              ///< hash of what stood there; empty: there was no file
  std::string backup;              ///< a copy of what stood there; empty: none
  std::string made;                ///< the topmost folder that was made for it; empty: all were there
};

constexpr const char* kSystemHookRecord = "/var/lib/cmdai/agent-hooks.json";
std::string hook_record_path(const std::string& state_folder);

/// A missing file is an empty list. Error: it cannot be read, or is not ours.
Result<std::vector<HookRecord>> read_hook_record(const std::string& file);
/// Whole or not at all; an empty list removes the file.
Result<void> write_hook_record(const std::string& file, const std::vector<HookRecord>& records, mode_t mode);

/// For comparing texts: BLAKE2b-256 in hex.
std::string text_hash(std::string_view text);

}  // namespace cmdai::host
