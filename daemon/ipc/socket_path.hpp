#pragma once
// Where the socket is, and whether the place can be trusted. Both ends ask; both refuse what is not ours.
#include <sys/types.h>

#include <optional>
#include <string>

#include "libcore/base/result.hpp"

namespace cmdai::ipc {

/// $CMDAI_SOCKET, else $XDG_RUNTIME_DIR/cmdai/cmdaid.sock, else /tmp/cmdai-<uid>/cmdaid.sock ($TMPDIR when
/// set). Errors: a relative path; one too long for a socket address (unix(7): 107 bytes). Reads the
/// environment.
Result<std::string> socket_path();

/// The directory of the socket exists, is no symlink, is ours and closed to others (0700). Errors say what to
/// do.
Result<void> check_directory(const std::string& directory);
/// Makes it (0700) if it is not there, then checks it.
Result<void> make_directory(const std::string& directory);
/// The socket, if it exists, is a socket and ours. A missing one is fine.
Result<void> check_socket(const std::string& path);

std::string directory_of(const std::string& path);

/// Whether the process at the other end of a connected Unix socket runs as us (SO_PEERCRED, getpeereid).
bool peer_is_us(int fd);
/// The process that connected, where it runs as us; 0: nobody can tell which (elsewhere than on Linux and
/// macOS).
std::optional<pid_t> our_peer(int fd);

}  // namespace cmdai::ipc
