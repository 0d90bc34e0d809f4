#pragma once
// The daemon's own log, for people who look what went wrong: cmdaid.log, 1 MiB, three files. spdlog stays in
// log.cpp.
#include <string>

namespace cmdai::daemon {

/// Where log lines go. `file` empty, or not writable: to standard error. Returns what is wrong with the file,
/// or "".
std::string open_log(const std::string& file, bool to_terminal);
void log_debug(const std::string& text);  ///< only where the level was lowered
void log_info(const std::string& text);
void log_warning(const std::string& text);
void log_error(const std::string& text);

}  // namespace cmdai::daemon
