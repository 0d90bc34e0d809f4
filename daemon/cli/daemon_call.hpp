#pragma once
// One question to the daemon.
#include "daemon/ipc/client.hpp"

namespace cmdai::cli {

/// Connects and asks; with `start`, starts the daemon when none runs.
Result<ipc::Frame> call_daemon(const ipc::Frame& frame, bool start = true);

/// What a person should know of a daemon that is not of this program's build, by its `status`; "" when it is.
std::string other_build(const ipc::Frame& status);
constexpr const char* kReplaceDaemon = "cmdai stop; the next command starts the new one";

}  // namespace cmdai::cli
