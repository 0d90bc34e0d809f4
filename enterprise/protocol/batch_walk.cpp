#include "enterprise/protocol/batch_walk.hpp"

#include <fmt/core.h>

namespace cmdai::wire {

Broken broken(uint64_t seq, Reason reason, std::string text) {
  return {seq, Refusal{reason, std::move(text)}};
}

namespace {

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

}  // namespace

tl::expected<Walked, Broken> walk_batch(const BatchView& batch) { return Walk(batch).run(); }

}  // namespace cmdai::wire
