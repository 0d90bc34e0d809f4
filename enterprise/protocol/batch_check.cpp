#include "enterprise/protocol/batch_check.hpp"

#include "enterprise/protocol/batch_walk.hpp"

namespace cmdai::wire {
namespace {

/// What is known of the batch against the state: how many of its events are there already, and what is
/// missing before the rest.
class Match {
 public:
  Match(const BatchView& batch, const Walked& walked, const ChainState& state)
      : batch_(batch), walked_(walked), state_(state) {}

  BatchFinding run(const StoredHash& stored) {
    if (auto found = known_part(stored)) return std::move(*found);
    if (auto found = join()) return std::move(*found);
    return new_part();
  }

 private:
  /// Events below `next`: all must be the ones that are stored.
  std::optional<BatchFinding> known_part(const StoredHash& stored) {
    const auto& events = walked_.events;
    while (begin_ < events.size() && events[begin_].seq < state_.next) {
      const auto known = stored(events[begin_].seq);
      if (!known) return resume();
      if (*known != events[begin_].hash) return Fork{events[begin_].seq};
      ++begin_;
    }
    if (begin_ == events.size()) return Duplicate{};
    return std::nullopt;
  }

  /// Where the new part meets what is stored.
  std::optional<BatchFinding> join() {
    const CheckedEvent& first = walked_.events[begin_];
    const Gap* gap = gap_at(begin_);
    if (gap && gap->from < state_.next) return Fork{gap->from};  // what it says it has not, is here
    const bool declared = gap && gap->from == state_.next;
    if (first.seq == state_.next || declared) return joins_head();
    if (!batch_.header.insist) return resume();
    lost_ = {state_.next, (gap ? gap->from : first.seq) - 1};
    return std::nullopt;
  }

  std::optional<BatchFinding> joins_head() {
    if (begin_ > 0 || batch_.header.after == state_.head) return std::nullopt;
    if (state_.next > 1) return Fork{state_.next - 1};
    return broken(batch_.header.first, Reason::bad_hash, "the first event of a chain names one before it");
  }

  BatchFinding new_part() {
    const auto& events = walked_.events;
    if (events.back().seq - state_.next > kMaxSkip)
      return broken(0, Reason::too_long, "more numbers left out than a chain may");
    Stored out{{state_.next, state_.head, state_.ratchet.clone(), batch_.header.boot}, {}, {}, lost_};
    for (size_t i = begin_; i < events.size(); ++i) {
      if (!out.state.ratchet.skip_to(events[i].seq))
        return broken(events[i].seq, Reason::bad_sequence, "the ratchet cannot get there");
      if (!equal_in_constant_time(out.state.ratchet.mac(events[i].hash), batch_.events[i].mac)) {
        return broken(events[i].seq, Reason::bad_mac, "the MAC does not fit");
      }
      out.state.ratchet.step();
    }
    out.state.next = events.back().seq + 1;
    out.state.head = events.back().hash;
    out.events.assign(events.begin() + static_cast<std::ptrdiff_t>(begin_), events.end());
    out.declared = declared_gaps();
    return out;
  }

  std::vector<DeclaredGap> declared_gaps() const {
    std::vector<DeclaredGap> out;
    const bool same_boot = state_.boot && *state_.boot == batch_.header.boot;
    for (const FoundGap& found : walked_.gaps) {
      if (found.index >= begin_) out.push_back({found.gap, same_boot});
    }
    return out;
  }

  const Gap* gap_at(size_t index) const {
    for (const FoundGap& found : walked_.gaps) {
      if (found.index == index) return &found.gap;
    }
    return nullptr;
  }
  BatchFinding resume() const { return Resume{state_.next, state_.head}; }

  const BatchView& batch_;
  const Walked& walked_;
  const ChainState& state_;
  size_t begin_ = 0;  ///< of the new part
  std::optional<std::pair<uint64_t, uint64_t>> lost_;
};

}  // namespace

BatchFinding check_batch(const BatchView& batch, const BatchOwner& owner, const ChainState& state,
                         const StoredHash& stored) {
  if (batch.header.device != owner.device || batch.header.chain != owner.chain) {
    return broken(0, Reason::content_mismatch, "a batch of another device or chain");
  }
  if (!verify_header(batch, owner.key))
    return broken(0, Reason::bad_signature, "the signature does not fit the batch's header");
  auto walked = walk_batch(batch);
  if (!walked) return std::move(walked.error());
  return Match(batch, *walked, state).run(stored);
}

}  // namespace cmdai::wire
