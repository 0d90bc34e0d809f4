#pragma once
// A place where a dangerous command may run: a home that holds nothing but copies and decoys.
#include <string>

#include "daemon/host/paths.hpp"
#include "libcore/base/result.hpp"

namespace cmdai::agents {

/// Folders in the temporary directory that go away with it. Its path has no word of ours in it: what an agent
/// repeats of a command cannot be taken for what cmdai said.
class VerifyBox {
 public:
  static Result<VerifyBox> make();
  ~VerifyBox();
  VerifyBox(VerifyBox&& other) noexcept : root_(std::move(other.root_)) { other.root_.clear(); }
  VerifyBox(const VerifyBox&) = delete;
  VerifyBox& operator=(const VerifyBox&) = delete;

  const std::string& root() const { return root_; }
  std::string home() const { return root_ + "/home"; }
  std::string project() const { return root_ + "/project"; }
  std::string temporary() const { return root_ + "/tmp"; }
  /// Of a daemon of its own, which the first question starts.
  std::string socket() const { return root_ + "/run/d.sock"; }
  /// A file in the home whose loss shows that a dangerous command ran.
  std::string decoy() const { return home() + "/precious"; }
  void put_decoy() const;

  /// The user's configuration, allow list and rules, for the daemon in the box.
  void copy_policy(const host::Paths& paths) const;

 private:
  explicit VerifyBox(std::string root) : root_(std::move(root)) {}
  std::string root_;
};

}  // namespace cmdai::agents
