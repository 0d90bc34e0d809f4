#pragma once
// The socket the daemon listens on: handed over by systemd or launchd, or made by itself.
#include <string>

#include "libcore/base/result.hpp"

namespace cmdai::daemon {

struct ListeningSocket {
  int fd = -1;
  bool inherited = false;  ///< then the path is not ours to remove
  std::string path;
};

/// From systemd (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS, descriptors from 3) or launchd
/// (launch_activate_socket(3), name "Listeners"). fd -1: nothing was handed over. Error: what was handed over
/// is no listening Unix socket. Clears the variables.
Result<ListeningSocket> inherited_socket();

/// Binds and listens. The caller holds the lock: what is at `path` is stale and is replaced, if it is a
/// socket of ours.
Result<ListeningSocket> bind_socket(const std::string& path);

}  // namespace cmdai::daemon
