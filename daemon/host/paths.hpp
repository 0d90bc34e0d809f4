#pragma once
// Where things are kept: XDG Base Directory Specification 0.8.
#include <string>

namespace cmdai::host {

struct Paths {
  std::string home;    ///< $HOME, else the account database; may be empty
  std::string user;    ///< login name
  std::string config;  ///< ~/.config/cmdai
  std::string state;   ///< ~/.local/state/cmdai

  std::string settings() const { return config + "/config.toml"; }
  std::string allow_list() const { return config + "/allow.toml"; }
  std::string rules() const { return config + "/rules"; }
  std::string trusted() const { return config + "/trusted"; }
  std::string events() const { return state + "/events.jsonl"; }
  std::string log() const { return state + "/cmdaid.log"; }
};

/// From the environment of this process.
Paths paths_from_environment();

}  // namespace cmdai::host
