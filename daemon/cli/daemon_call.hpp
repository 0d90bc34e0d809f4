#pragma once
// One question to the daemon.
#include "daemon/ipc/client.hpp"

namespace cmdai::cli {

/// Connects and asks; with `start`, starts the daemon when none runs.
Result<ipc::Frame> call_daemon(const ipc::Frame& frame, bool start = true);

}  // namespace cmdai::cli
