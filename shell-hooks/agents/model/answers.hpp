#pragma once
// One request to the model and what it answers, without the network.
#include <mutex>
#include <string>
#include <string_view>

#include "shell-hooks/agents/model/loopback_model.hpp"

namespace cmdai::agents {

struct Answer {
  unsigned status = 200;
  Reply reply;
};

/// The script and what came of it. progress() may be called from another thread.
class Answers {
 public:
  Answers(Script script, LoopbackModel::Observer observer)
      : script_(std::move(script)), observer_(std::move(observer)) {}

  /// `target`: as in the request line, so that a proxy's absolute form is seen.
  Answer answer(std::string_view method, std::string_view target, std::string_view body);
  LoopbackModel::Progress progress() const;

 private:
  Answer converse(const Protocol& protocol, const Conversation& conversation);
  void take_results(const Conversation& conversation);
  Turn next(const Conversation& conversation);
  void note(std::vector<std::string> LoopbackModel::Progress::*list, std::string what);

  Script script_;
  LoopbackModel::Observer observer_;
  mutable std::mutex mutex_;  ///< of progress_
  LoopbackModel::Progress progress_;
};

}  // namespace cmdai::agents
