#pragma once
// Every decision is an event: one JSON object a line, secrets redacted before anything is written,
// hash-chained.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/policy/verdict.hpp"

namespace cmdai::audit {

/// What a rule would have done, had its organization not held it back.
struct ObservedRule {
  std::string rule, action, mode;
};

struct Event {
  std::string type = "command.decision";  ///< also: answer, finished, approval, tamper, actor.contradiction,
                                          ///< policy.loaded, policy.failed, daemon.start, daemon.stop,
                                          ///< log.gap, managed.*, plugin.*
  int64_t time_ms = 0;
  std::string id;       ///< of the verdict; answer and finished events name it again
  std::string command;  ///< raw; redacted by to_line()
  std::string shell, cwd, session, action, rule, reason, actor, actor_name, source, policy, text;
  std::vector<std::string> writes;  ///< instead of a command: files that are written without a shell
  std::string agent_version, agent_sub, tool;  ///< of an agent, as it says itself
  std::optional<int> exit_status;
  std::optional<int64_t> duration_ms;
  std::optional<int64_t> latency_us;
  int64_t pid = 0;
  int64_t parent_pid = 0;            ///< of the process that starts this one
  std::string parent;                ///< what that one runs; redacted by to_line()
  std::vector<std::string> effects;  ///< "deletes /home/u"
  std::vector<ObservedRule> observed;
  std::string mode;  ///< that held the strictest of them back; empty: everything was in force
  std::string allowed_by, allowed_layer;  ///< what lowered the action, and whose it is
  /// How sure it is that the actor asked (`said`, `possible`, `likely`, `certain`), and what was seen. Both
  /// empty: a person, and nothing speaks against it.
  std::string confidence, evidence;
};

struct Redaction {
  std::string kind;
  uint32_t count = 0;
};
/// Replaces passwords, tokens, keys and credentials in a command by `[redacted:kind]`.
std::string redact(std::string_view command, std::vector<Redaction>* found = nullptr);

/// Whether all patterns could be compiled (a broken one would hide nothing); the tests ask.
bool redaction_ready();

/// Position in the chain. `hash` is the hex BLAKE2b-256 of the last line's bytes (without newline), 64 zeros
/// at the start.
struct ChainHead {
  uint64_t seq = 0;  ///< of the last line; 0 = none yet
  std::string hash = std::string(64, '0');
};

/// The JSON line (no newline) for `event` as the successor of `head`; advances head. Invalid UTF-8 in the
/// command is replaced for display and kept exactly as base64 in `command_b64`.
std::string to_line(const Event& event, ChainHead& head);

/// What is wrong with the chain, in words: "event 4 was changed …", "events 12-14 are missing".
struct ChainProblem {
  std::string message;
  bool of_line_before = false;  ///< the line at hand shows it, the one before it is the culprit
};

/// Re-checks lines in order.
class ChainVerifier {
 public:
  explicit ChainVerifier(ChainHead start = {}) : head_(std::move(start)) {}
  /// nullopt = fits.
  std::optional<ChainProblem> check(std::string_view line);
  const ChainHead& head() const { return head_; }

 private:
  ChainHead head_;
  bool started_ = false;
};

std::string hash_line(std::string_view line);

}  // namespace cmdai::audit
