#include "enterprise/protocol/batch_check.hpp"

#include <fmt/core.h>

namespace cmdai::wire {
namespace {

struct FoundGap {
  size_t index = 0;  ///< of the event that declares it
  Gap gap;
};

/// The batch by itself: every event, its hash, and what it declares as left out.
struct Walked {
  std::vector<CheckedEvent> events;
  std::vector<FoundGap> gaps;
};

Broken broken(uint64_t seq, Reason reason, std::string text) {
  return {seq, Refusal{reason, std::move(text)}};
}

/// Follows the chain through the batch: numbers, `prev`, the chain's id, `last` and `head`.
class Walk {
 public:
  explicit Walk(const BatchView& batch) : batch_(batch), prev_(batch.header.after) {
    out_.events.reserve(batch.events.size());
  }

  tl::expected<Walked, Broken> run() {
    for (size_t i = 0; i < batch_.events.size(); ++i) {
      if (auto wrong = take(i)) return tl::unexpected<Broken>(std::move(*wrong));
    }
    const BatchHeader& header = batch_.header;
    if (out_.events.empty() || out_.events.back().seq != header.last) {
      return tl::unexpected<Broken>(
          broken(0, Reason::bad_sequence, "the last event is not the header's `last`"));
    }
    if (prev_ != header.head)
      return tl::unexpected<Broken>(
          broken(header.last, Reason::bad_hash, "`head` is not the last event's hash"));
    return std::move(out_);
  }

 private:
  std::optional<Broken> take(size_t index) {
    const std::string_view line = batch_.events[index].line;
    const auto head = read_event_head(line);
    if (!head) return Broken{index == 0 ? batch_.header.first : out_.events.back().seq + 1, head.error()};
    if (head->chain != batch_.header.chain)
      return broken(head->seq, Reason::content_mismatch, "an event of another chain");
    if (head->prev != prev_)
      return broken(head->seq, Reason::bad_hash, "`prev` is not the hash of the event before");
    if (auto wrong = judge_number(index, *head, line)) return wrong;
    prev_ = hash(line);
    out_.events.push_back({head->seq, prev_, index});
    return std::nullopt;
  }

  std::optional<Broken> judge_number(size_t index, const EventHead& head, std::string_view line) {
    if (head.type == kGapType) return judge_gap(index, head, line);
    const uint64_t expected = index == 0 ? batch_.header.first : out_.events.back().seq + 1;
    if (head.seq == expected) return std::nullopt;
    return broken(head.seq, Reason::bad_sequence,
                  fmt::format("number {} where {} is due", head.seq, expected));
  }

  std::optional<Broken> judge_gap(size_t index, const EventHead& head, std::string_view line) {
    auto gap = read_gap(line);
    if (!gap) return Broken{head.seq, gap.error()};
    const bool begins =
        index == 0 ? head.seq == batch_.header.first : gap->from == out_.events.back().seq + 1;
    if (!begins || gap->to != head.seq - 1)
      return broken(head.seq, Reason::bad_sequence, "the gap is not the one before it");
    out_.gaps.push_back({index, std::move(*gap)});
    return std::nullopt;
  }

  const BatchView& batch_;
  Digest prev_;
  Walked out_;
};

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
  auto walked = Walk(batch).run();
  if (!walked) return std::move(walked.error());
  return Match(batch, *walked, state).run(stored);
}

}  // namespace cmdai::wire
