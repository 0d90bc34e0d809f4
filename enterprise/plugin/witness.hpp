#pragma once
// This device as a witness of the collector's log: keeps the last checkpoint it saw, and demands that each
// one follows from the one before.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "enterprise/plugin/policy_keeper.hpp"
#include "enterprise/protocol/checkpoint.hpp"

namespace cmdai::device {

class Witness {
 public:
  explicit Witness(Disk& disk) : disk_(disk) {}

  /// A remark: the file was damaged.
  std::optional<Remark> start(std::string_view origin, std::span<const wire::PublicKey> collector);
  uint64_t size() const { return last_ ? last_->size : 0; }

  /// A note that came with a signed answer. A remark: it contradicts what was seen before.
  std::optional<Remark> saw(std::string_view note, std::string_view origin,
                            std::span<const wire::PublicKey> collector);
  /// What to ask the collector for now, if anything: a path and query.
  std::optional<std::string> question() const;
  /// The answer to that. A remark: it does not follow.
  std::optional<Remark> answered(int status, std::string_view body);

 private:
  Remark inconsistent(std::string_view why);
  std::optional<Remark> keep(const wire::Checkpoint& checkpoint, std::string note);

  Disk& disk_;
  std::optional<wire::Checkpoint> last_, next_;
  std::string last_note_, next_note_;
  std::string told_;  ///< the note that was found inconsistent last: once is enough
};

}  // namespace cmdai::device
