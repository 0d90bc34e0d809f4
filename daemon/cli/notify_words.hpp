#pragma once
// What `status` and `doctor` say of the daemon's desktop notifications.
#include <string>

#include "daemon/ipc/frame.hpp"

namespace cmdai::cli {

struct NotifyWords {
  std::string line;  ///< empty: the daemon does not say
  bool well = true;  ///< they do what they are set to
};

NotifyWords notify_words(const ipc::Frame& status);

}  // namespace cmdai::cli
