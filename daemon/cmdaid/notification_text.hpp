#pragma once
// The words of a notification. Pure: no process, no bus.
#include <cstdint>
#include <string>

#include "daemon/cmdaid/notifier_port.hpp"

namespace cmdai::daemon {

struct NotificationText {
  std::string title;
  std::string body;  ///< as markup, which servers may take it for; lines end with a newline
  /// The command is shown to its last character: it may be allowed by who has read this.
  bool whole = true;
};

/// `here`: it can be allowed by a button of the notification.
NotificationText text_of(const WaitingStop& stop, bool here);
/// For those that have no notification of their own.
NotificationText text_of_many(size_t count);
/// A choice that came to nothing, and why.
NotificationText text_of_refusal(const std::string& code, const std::string& why);

/// A body as notify-send(1) wants to read it: it takes backslashes for escapes.
std::string as_argument(const std::string& body);

}  // namespace cmdai::daemon
