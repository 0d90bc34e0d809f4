#pragma once
// A model that lives on this machine and says what a script tells it to say: real agents are driven with it
// without a network, an account or a key.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libcore/base/result.hpp"
#include "shell-hooks/agents/model/script.hpp"

namespace cmdai::agents {

/// It listens on 127.0.0.1 alone, at a free port, and keeps nothing between requests but what it was told:
/// which step is due it sees from the number of tool results in the conversation it is sent. An agent that
/// asks again after an error gets the same answer. It is a proxy that lets nothing through, too: whoever
/// honours HTTPS_PROXY and asks for another machine is refused, and remembered.
class LoopbackModel {
 public:
  /// The text that ends the conversation.
  static constexpr std::string_view kFinal = "That was all.";

  /// What of the script has happened.
  struct Progress {
    std::vector<std::string> told;      ///< the result of each step that has one, as the agent told it
    size_t asked = 0;                   ///< steps the model has asked for
    std::string tool;                   ///< the tool it asked with
    bool finished = false;              ///< every step has its result, and the final text was given
    std::vector<std::string> outbound;  ///< other machines that were asked for, HOST:PORT or a URL
    std::vector<std::string> unknown;   ///< requests that are of no protocol known: METHOD PATH
  };
  /// A step has its result. Called on the model's own thread, before the next step is answered.
  using Observer = std::function<void(size_t step, const std::string& told)>;

  static Result<std::unique_ptr<LoopbackModel>> start(Script script, Observer observer = {});
  ~LoopbackModel();
  LoopbackModel(const LoopbackModel&) = delete;
  LoopbackModel& operator=(const LoopbackModel&) = delete;

  uint16_t port() const;
  std::string url() const;  ///< `http://127.0.0.1:PORT`
  Progress progress() const;

 private:
  class Server;
  explicit LoopbackModel(std::shared_ptr<Server> server);
  std::shared_ptr<Server> server_;
};

}  // namespace cmdai::agents
