#pragma once
// One request, one answer. Who implements it knows sockets; the sender's rules know only this.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enterprise/plugin/problem.hpp"

namespace cmdai::device {

struct Outgoing {
  std::string method;
  std::string target;  ///< path and query, without the collector's prefix
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct Incoming {
  int status = 0;
  std::string body;
  std::string answer;                    ///< value of `Cmdai-Answer`
  std::optional<int64_t> retry_after_s;  ///< `Retry-After` in seconds
  std::optional<int64_t> date_ms;        ///< `Date`
};

class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;
  /// Kind::no_answer: none came. Bounded in time.
  virtual Result<Incoming> exchange(const Outgoing& request) = 0;
};

/// Sees everything that leaves the machine, before it does, and what was answered.
class SentLog {
 public:
  SentLog() = default;
  SentLog(const SentLog&) = delete;
  SentLog& operator=(const SentLog&) = delete;
  virtual ~SentLog() = default;
  virtual void sending(const Outgoing& request) = 0;
  virtual void answered(int status) = 0;  ///< 0: no answer came
};

}  // namespace cmdai::device
