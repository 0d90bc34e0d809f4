#include "enterprise/plugin/witness.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "enterprise/plugin/checked_file.hpp"
#include "enterprise/protocol/merkle.hpp"

namespace cmdai::device {
namespace {

constexpr const char* kCheckpointFile = "checkpoint";

}  // namespace

std::optional<Remark> Witness::start(std::string_view origin, std::span<const wire::PublicKey> collector) {
  auto note = read_checked(disk_, kCheckpointFile, "checkpoint");
  if (!note && note.error().kind == Problem::Kind::missing) return std::nullopt;
  if (!note) return Remark{"state.damaged", R"("file":"checkpoint")"};
  // Signed by keys that are gone since then: the log begins anew for this device.
  auto checkpoint = wire::read_checkpoint(*note, origin, collector);
  if (!checkpoint) return std::nullopt;
  last_ = *checkpoint;
  last_note_ = std::move(*note);
  return std::nullopt;
}

Remark Witness::inconsistent(std::string_view why) {
  const nlohmann::json about{{"why", why}, {"had", last_note_}, {"got", next_note_}};
  told_ = next_note_;
  next_.reset();
  return {"collector.inconsistent", fmt::format(R"("checkpoint":{})", about.dump())};
}

std::optional<Remark> Witness::keep(const wire::Checkpoint& checkpoint, std::string note) {
  if (auto done = write_checked(disk_, kCheckpointFile, "checkpoint", note); !done)
    return std::nullopt;  // next time
  last_ = checkpoint;
  last_note_ = std::move(note);
  next_.reset();
  return std::nullopt;
}

std::optional<Remark> Witness::saw(std::string_view note, std::string_view origin,
                                   std::span<const wire::PublicKey> collector) {
  if (note == last_note_ || note == told_) return std::nullopt;
  auto checkpoint = wire::read_checkpoint(note, origin, collector);
  next_note_ = std::string(note);
  if (!checkpoint)
    return inconsistent(fmt::format("a checkpoint that is not good: {}", checkpoint.error().text));
  if (!last_) return keep(*checkpoint, next_note_);
  if (checkpoint->size == last_->size) {
    if (checkpoint->root == last_->root) return std::nullopt;
    return inconsistent("two logs of one size");
  }
  next_ = *checkpoint;
  return std::nullopt;
}

std::optional<std::string> Witness::question() const {
  if (!next_ || !last_) return std::nullopt;
  const uint64_t from = std::min(last_->size, next_->size);
  const uint64_t to = std::max(last_->size, next_->size);
  return fmt::format("/v1/log/consistency?from={}&to={}", from, to);
}

std::optional<Remark> Witness::answered(int status, std::string_view body) {
  if (!next_ || !last_) return std::nullopt;
  if (status == 429 || status >= 500) return std::nullopt;  // asked again later
  if (status != 200) return inconsistent(fmt::format("no proof: status {}", status));
  const auto answer = wire::read_consistency(body);
  const bool grown = next_->size > last_->size;
  const wire::Checkpoint& older = grown ? *last_ : *next_;
  const wire::Checkpoint& newer = grown ? *next_ : *last_;
  if (!answer || !wire::verify_consistency(older.size, newer.size, older.root, newer.root, answer->proof))
    return inconsistent("the newer log does not contain the older one");
  if (grown) return keep(*next_, next_note_);
  next_.reset();  // an older checkpoint of the same log
  return std::nullopt;
}

}  // namespace cmdai::device
