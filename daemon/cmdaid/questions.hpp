#pragma once
// The questions that are open at terminals: what was asked about, for who wants to know more or says
// "always".
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "daemon/ipc/frame.hpp"
#include "libcore/policy/policy.hpp"

namespace cmdai::daemon {

struct Question {
  std::string id;                  ///< of the verdict
  ipc::Frame request;              ///< the check, without what variables and functions hold
  std::vector<std::string> rules;  ///< those that stop it
  std::string fixed;               ///< why "always" cannot be said; empty: it can
  bool first = false;              ///< no question was asked in this session before
  int64_t expires = 0;             ///< Unix seconds
};

class Questions {
 public:
  static constexpr int64_t kLifetime = 600;               ///< seconds; a client waits for half of that
  static constexpr size_t kMost = 64;                     ///< the oldest goes
  static constexpr size_t kMostBytes = size_t{1} << 20U;  ///< of all requests together; the oldest go

  void add(Question question, int64_t now);
  /// nullptr: no such question, answered, or too old.
  const Question* find(const std::string& id, int64_t now);
  void close(const std::string& id);
  size_t size() const { return open_.size(); }

 private:
  void forget_old(int64_t now);
  std::deque<Question> open_;  ///< oldest first
};

/// The question a verdict `ask` leads to.
Question question_of(const std::string& id, const ipc::Frame& request, const policy::Verdict& verdict);

/// What "always" writes down: for each rule that stopped it, this text in this folder and in no other.
std::vector<policy::AllowEntry> entries_of(const Question& question);

}  // namespace cmdai::daemon
