#pragma once
// Starts cmdaid when nothing listens.
#include <string>

#include "daemon/ipc/client.hpp"

namespace cmdai::ipc {

/// The variable that names the process which started the daemon: nobody's child, it cannot see that itself.
inline constexpr const char* kStartedBy = "CMDAI_STARTED_BY";

/// Where cmdaid is: $CMDAI_DAEMON, beside this program, in the build tree, ../libexec/cmdai, else $PATH.
/// Empty: nowhere.
std::string find_daemon();

/// Connects; when nobody listens starts cmdaid (in a session of its own, detached) and waits until it
/// answers, at most `timeout_ms`. Safe when several do it at once: the daemon's lock lets one live.
/// `answer_ms`: the client's own timeout.
tl::expected<Client, ClientError> connect_or_start(const std::string& path, int timeout_ms = 5000,
                                                   int answer_ms = 2000);

}  // namespace cmdai::ipc
