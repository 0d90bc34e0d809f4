#pragma once
// What left this machine, byte for byte, for the person it is about (`cmdai audit sent`): two files, `sent`
// and the one before it, `sent.old`. When they hold more than the cap the older one goes, and the newer says
// so.
//
//   cmdai-sent-v1 LENGTH\n  JSON of LENGTH bytes\n  the body as sent, `body` bytes of it\n
//
// A record without a body is the answer to the one before.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/plugin/clock.hpp"
#include "enterprise/plugin/disk.hpp"
#include "enterprise/plugin/transport.hpp"

namespace cmdai::device {

class SentJournal : public SentLog {
 public:
  SentJournal(Disk& disk, Clock& clock, uint64_t cap) : disk_(disk), clock_(clock), cap_(cap) {}
  void sending(const Outgoing& request) override;
  void answered(int status) override;

 private:
  void write(std::string_view head, std::string_view body);
  void rotate();

  Disk& disk_;
  Clock& clock_;
  uint64_t cap_;
  uint64_t size_ = 0;
  std::unique_ptr<DiskFile> file_;
  bool dropped_ = false;
  uint64_t missed_ = 0;  ///< could not be written; the next record says so
};

struct SentRecord {
  int64_t time_ms = 0;
  std::string method, target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int status = 0;        ///< 0: no answer
  uint64_t missed = 0;   ///< requests before this one that could not be written down
  bool dropped = false;  ///< older ones were dropped here for the cap
};
/// All whole records, oldest first. What is no record is passed over and counted.
std::vector<SentRecord> read_sent(std::string_view bytes, uint64_t* unreadable = nullptr);

inline constexpr const char* kSentFile = "sent";
inline constexpr const char* kSentBeforeFile = "sent.old";

}  // namespace cmdai::device
