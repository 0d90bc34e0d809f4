#pragma once
// What an agent is about to do, whichever agent it is.
#include <string>

namespace cmdai::agents {

struct AgentCall {
  enum class Kind { command, file_write, other };
  Kind kind = Kind::other;
  std::string command;    ///< of `command`: the text its shell will run
  std::string path;       ///< of `file_write`: as the agent gave it
  std::string content;    ///< of `file_write`: what is written, as far as the payload tells
  std::string cwd;        ///< empty: not said
  std::string session;    ///< of the conversation; empty: not said
  std::string sub_agent;  ///< who inside the agent asks; empty: the agent itself
  std::string tool;       ///< as the agent calls it
  std::string version;    ///< of the agent; empty: not said
};

}  // namespace cmdai::agents
