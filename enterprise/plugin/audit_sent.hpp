#pragma once
// What `cmdai audit sent` shows of a journal.
#include <string>
#include <vector>

#include "enterprise/plugin/sent_journal.hpp"

namespace cmdai::device {

/// For people: when, what, how much, what was answered; a body unpacked, one line an event.
std::string readable(const SentRecord& record);
/// As it went over the wire, but for the Host header and lengths.
std::string raw(const SentRecord& record);
/// The bodies as they are read: batches unpacked, others as they are.
std::string unpacked(const SentRecord& record);

}  // namespace cmdai::device
