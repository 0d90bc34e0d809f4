#pragma once
// Whether somebody sits before the agent that started us.
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::agents {

/// Counts for agents that ask although nobody is there, and then wait for ever: Gemini CLI with `-p` or
/// `--yolo`. True only where a process above us is that agent, its standard input and output are a terminal,
/// and it was not told to work by itself. Reads /proc; false where there is none.
bool is_interactive(std::string_view agent);

/// The last of it: by the words it was started with.
bool works_by_itself(const std::vector<std::string>& words);

}  // namespace cmdai::agents
