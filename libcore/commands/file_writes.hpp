#pragma once
// Files that are written without a shell: an agent's Write and Edit tools. The place decides: what is run or
// believed later, what lets somebody in, what belongs to the system or to cmdai. That a project's file
// changes is what such tools are for, and no effect worth a word.
#include <span>
#include <string>

#include "libcore/commands/analyzer.hpp"

namespace cmdai::commands {

struct FileWrite {
  std::string path;    ///< as given: absolute, from the session's cwd on, or from the home with `~/`
  bool whole = false;  ///< it gets a new content, or goes away; else parts of it change
};

/// Effects as of redirects into those files, `file.write-secret` where the class of the place is `secret`.
/// Source 0 is the paths, one a line. Pure but for `probe` (may be null: then a file that is written as a
/// whole is taken to be there).
Analysis analyze_writes(std::span<const FileWrite> writes, const resolve::Session& session, Probe* probe);

}  // namespace cmdai::commands
