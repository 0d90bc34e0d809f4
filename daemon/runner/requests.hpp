#pragma once
// The structs a plugin is asked with, from the fields of a frame. They point into the frame.
#include "daemon/ipc/frame.hpp"
#include "libcore/plugin/cmdai_plugin.h"

namespace cmdai::runner {

cmdai_request request_of(const ipc::Frame& frame);    ///< request.*
cmdai_verdict verdict_of(const ipc::Frame& frame);    ///< verdict.*
cmdai_approval approval_of(const ipc::Frame& frame);  ///< approval.*

}  // namespace cmdai::runner
