#pragma once
// One question, two ways to have it answered: by the daemon, or by the same engine in this process.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ipc/client.hpp"
#include "libcore/base/result.hpp"

namespace cmdai::host {
class PolicyStore;
}

namespace cmdai::cli {

struct Question {
  std::string command;
  std::string shell = "bash";
  std::string cwd, home;
  std::string actor = "human";
  std::string session;  ///< empty: stands alone
  bool probe = false;
  bool explain = false;  ///< describe, record nothing
  bool color = false;
  bool plain = false;
  uint32_t width = 80;
};

struct Answer {
  std::string action;  ///< allow, warn, ask, block
  std::string rule, severity, reason, hint, text, code;
  std::vector<std::string> effects;
  std::string lesson;  ///< JSON object, when it was asked to explain
};

class Judge {
 public:
  /// `local`: never asks the daemon.
  explicit Judge(bool local);
  ~Judge();
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  /// Error: an unknown shell, or a policy that cannot be used.
  Result<Answer> ask(const Question& question);
  /// Why the daemon was not asked although it should have been; empty otherwise.
  const std::string& fallback() const { return fallback_; }
  /// A policy file that could not be used here: the built-in rules were in force instead. The daemon tells of
  /// its own in `cmdai status`.
  std::optional<Diagnostic> broken_policy() const;

 private:
  void connect();
  std::optional<Result<Answer>> ask_daemon(const Question& question);
  Result<Answer> ask_here(const Question& question);

  bool local_;
  bool tried_ = false;
  std::optional<ipc::Client> client_;
  std::unique_ptr<host::PolicyStore> store_;
  std::string fallback_;
};

std::string working_directory();
std::string home_directory();

}  // namespace cmdai::cli
