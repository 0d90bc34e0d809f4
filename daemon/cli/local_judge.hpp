#pragma once
// The daemon's part of a check, done in this process: for hooks that cannot reach it.
#include <string>

#include "daemon/ipc/frame.hpp"
#include "libcore/base/result.hpp"

namespace cmdai::cli {

/// Judges a `check` frame with the user's policy, writes the event into the same record and returns the
/// `verdict` frame, with `note`: that and why it was judged without the daemon. No code is issued: there is
/// nobody to redeem it. Error: an unknown shell.
Result<ipc::Frame> judge_in_place(const ipc::Frame& check, const std::string& why);

}  // namespace cmdai::cli
