#pragma once
// What the disk says of an effect, where somebody may look: what would be lost, and where it would happen.
// Nothing is known until it is looked at, and a rule that asks for a fact does not hold while it is not
// known.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cmdai::effects {

enum class Loss : uint8_t {
  unknown,     ///< not looked at, or not to its end
  nothing,     ///< nothing is there, or nothing would change
  restorable,  ///< git has all of it, or tools make it again
  work,        ///< files git does not have, or changes that are in no commit and no index
  commits,     ///< commits or stashes that are nowhere else
  content,     ///< what stands in a file that no git has
  much,        ///< many files, or large ones, that no git has
  mounted,     ///< another file system is mounted there or below
};
std::string_view to_string(Loss loss);

/// Where something goes that is not about files: which cluster, engine, workspace.
enum class Reach : uint8_t {
  unknown,
  local,       ///< on this machine
  remote,      ///< on another one
  production,  ///< by its name, what others live on
};
std::string_view to_string(Reach reach);

enum class BranchRole : uint8_t {
  unknown,
  own,     ///< none of the others
  shared,  ///< what a remote calls its own, or what by its name many work on: main, release/1
};
std::string_view to_string(BranchRole role);

/// A set of losses. The empty one is `unknown`.
class Losses {
 public:
  void add(Loss loss) { bits_ |= bit(loss); }
  void add(Losses others) { bits_ |= others.bits_; }
  bool has(Loss loss) const { return loss == Loss::unknown ? bits_ == 0 : (bits_ & bit(loss)) != 0; }
  bool any() const { return bits_ != 0; }
  /// Whether one of `wanted`, a bit set over Loss, is in it.
  bool meets(uint32_t wanted) const { return ((bits_ == 0 ? bit(Loss::unknown) : bits_) & wanted) != 0; }

 private:
  static constexpr uint32_t bit(Loss loss) { return 1U << static_cast<unsigned>(loss); }
  uint32_t bits_ = 0;
};

/// "work, commits"; empty when nothing is known.
std::string to_string(const Losses& losses);

struct Facts {
  Losses losses;
  std::string lost;     ///< one clause for people: "3 files git does not have: a, b, c …"
  std::string context;  ///< the cluster's, engine's or workspace's name
  Reach reach = Reach::unknown;
  BranchRole branch = BranchRole::unknown;
  bool open = false;  ///< a variable whose value is not known could say more
};

}  // namespace cmdai::effects
