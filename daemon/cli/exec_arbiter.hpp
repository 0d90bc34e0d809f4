#pragma once
// What the exec guard asks: the daemon over a connection that is kept, or the same engine here; and a person,
// where one can be asked.
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "daemon/cli/delegation.hpp"
#include "daemon/cli/run_question.hpp"
#include "daemon/ipc/client.hpp"
#include "shell-hooks/exec-guard/guard.hpp"

namespace cmdai::cli {

/// What all arbiters of one run share. Outlives them.
struct RunContext {
  RunContext(std::string actor_name, std::string home_directory, bool asks)
      : actor(std::move(actor_name)),
        home(std::move(home_directory)),
        question(asks),
        delegation(actor, home) {}
  std::string actor;  ///< agent:NAME
  std::string home;
  TerminalQuestion question;
  exec_guard::Lineage lineage;
  Delegation delegation;
  class FollowUps* follow_ups = nullptr;      ///< set before the first exec
  std::atomic<int64_t> daemon_down_until{0};  ///< steady milliseconds: it hung, and is left alone until then
};

class ExecArbiter : public exec_guard::Arbiter {
 public:
  explicit ExecArbiter(RunContext& run) : run_(run) {}
  exec_guard::Ruling judge(const exec_guard::ExecCall& call, const std::vector<std::string>& lines) override;
  /// An exec that was let go under a delegation, by policy `policy`: the daemon is told, for the record.
  void tell(exec_guard::ExecCall call, const std::vector<std::string>& lines, const std::string& policy);

 private:
  ipc::Frame check_of(const exec_guard::ExecCall& call, const std::vector<std::string>& lines,
                      size_t other) const;
  ipc::Frame check_with_parent(const exec_guard::ExecCall& call, const std::vector<std::string>& lines) const;
  ipc::Frame verdict_on(const ipc::Frame& check);
  std::optional<ipc::Frame> ask_daemon(const ipc::Frame& frame, std::string& why);
  exec_guard::Ruling stopped(const exec_guard::ExecCall& call, const std::string& line,
                             const ipc::Frame& verdict);
  std::string say_answer(const ipc::Frame& verdict, std::string_view answer);

  RunContext& run_;
  std::optional<ipc::Client> client_;
};

}  // namespace cmdai::cli
