#pragma once
// What an agent is about to do, whichever agent it is.
#include <string>
#include <vector>

namespace cmdai::agents {

struct AgentCall {
  enum class Kind {
    command,     ///< a text for a shell
    file_write,  ///< files are written, changed, moved or removed without a shell
    other,       ///< reads, searches, asks: nothing that is judged
  };
  struct File {
    std::string path;    ///< as the agent gave it
    bool whole = false;  ///< it gets a new content; else parts of it change
  };

  Kind kind = Kind::other;
  std::string command;      ///< of `command`: the text its shell will run
  std::string shell;        ///< of `command`: the dialect's name, as in docs/protocol.md
  std::vector<File> files;  ///< of `file_write`
  std::string cwd;          ///< where the command runs, the paths start; empty: not said
  std::string session;      ///< of the conversation; empty: not said
  std::string sub_agent;    ///< who inside the agent asks; empty: the agent itself
  std::string tool;         ///< as the agent calls it
  std::string event;        ///< as the agent calls it: the answer's form depends on it
  std::string version;      ///< of the agent; empty: not said
};

}  // namespace cmdai::agents
