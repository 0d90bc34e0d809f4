#pragma once
// doctor's part about the managed configuration and its plugins.
#include <functional>
#include <string>

#include "daemon/ipc/frame.hpp"

namespace cmdai::cli {

enum class Finding { good, note, bad };

/// `add` takes what was found, and how to mend it.
void look_at_plugins(const ipc::Frame& status,
                     const std::function<void(Finding, std::string what, std::string mend)>& add);

}  // namespace cmdai::cli
