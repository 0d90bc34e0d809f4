#pragma once
// Files on the disk that hold what a command runs: scripts, makefiles, hooks. Read where the caller's probe
// lets us look; without one nothing is known of them.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// A file's text and where it was found.
struct FileText {
  std::string path;  ///< absolute
  std::string text;
};

/// A text file of at most 256 KiB, as read_text() takes it.
bool is_text_file(Probe& probe, const std::string& path);

/// Where a path of this call is on the disk, absolute. nullopt: not known, or in a container or elsewhere.
std::optional<std::string> disk_path(const Sink& sink, const Value& path);

/// A text file of at most 256 KiB. nullopt too for what the system itself is made of (/usr/bin …): that is
/// judged by what the catalogue knows.
std::optional<FileText> read_text(Sink& sink, const Value& path);

/// The words of `#!`, `env` and its options taken off: {"bash", "-e"}. Empty: no such line.
std::vector<std::string> interpreter_of(std::string_view text);

/// Walks a shell script with these words ($0 first). False: it cannot be read.
bool run_script_file(Sink& sink, const Argument& file, const Dialect& dialect, bool child,
                     std::vector<Value> words);

/// ./tool: a script is read by whom its first line names. False: no script, or it cannot be read.
bool run_program_file(Sink& sink, const std::vector<Argument>& argv);

/// Code for `sh -c` that stands in a file: its place is there.
void run_line_of_file(Sink& sink, std::string code, uint32_t source, Range range, resolve::RunAs how);

}  // namespace cmdai::commands
