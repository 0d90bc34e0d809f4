#pragma once
// Codes that let exactly one stopped command run once.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cmdai::daemon {

/// What a code is bound to: the very text, the place and who asked.
struct StoppedRequest {
  std::string command, cwd, session, actor;
  friend bool operator==(const StoppedRequest&, const StoppedRequest&) = default;
};

class Approvals {
 public:
  static constexpr int64_t kLifetime = 600;               ///< seconds a code, and then its approval, lives
  static constexpr int64_t kHandOver = 5;                 ///< seconds
  static constexpr size_t kMost = 256;                    ///< the oldest goes
  static constexpr size_t kMostBytes = size_t{4} << 20U;  ///< of all requests together; the oldest go

  /// A code for a stopped request; the same request gets the same code while it lives. Seven letters and
  /// digits.
  /// `reason`: why it was stopped, for whoever is to approve it.
  std::string issue(const StoppedRequest& request, const std::string& reason, int64_t now);
  struct Approved {
    std::string command;
    int64_t expires = 0;  ///< Unix seconds
  };
  struct Waiting {
    std::string code, reason;
    StoppedRequest request;
  };
  /// What was stopped and may still be approved, oldest first.
  std::vector<Waiting> waiting(int64_t now);
  /// What a code stands for; nullopt: no such code, or too old.
  std::optional<Waiting> find(const std::string& code, int64_t now);
  /// The person says yes. nullopt: no such code, or too old.
  std::optional<Approved> approve(const std::string& code, int64_t now);
  /// The person says no: the code is worth nothing any more. False: no such code, or too old.
  bool refuse(const std::string& code, int64_t now);
  /// Whether this very request was approved; uses the approval up.
  bool redeem(const StoppedRequest& request, int64_t now);
  /// The same request comes once more, from the shell that takes its process's place at once: it may pass,
  /// too.
  void hand_over(const StoppedRequest& request, int64_t now);

 private:
  struct Entry {
    std::string code, reason;
    StoppedRequest request;
    bool approved = false;
    int64_t expires = 0;
  };
  void forget_old(int64_t now);
  std::vector<Entry> entries_;
};

}  // namespace cmdai::daemon
