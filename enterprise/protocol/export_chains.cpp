#include "enterprise/protocol/export_chains.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "enterprise/protocol/batch_walk.hpp"

namespace cmdai::wire {
namespace {

constexpr size_t kTail = 2 * kMaxBatchEvents;

BatchFault batch_fault(uint64_t seq, Reason reason, std::string text) {
  return {seq, Refusal{reason, std::move(text)}};
}

std::string gap_text(const Gap& gap) {
  return fmt::format("the device declared {} to {} as left out ({})", gap.from, gap.to, gap.cause);
}

}  // namespace

/// How one batch goes on with its chain.
class ExportChains::Join {
 public:
  Join(Chain& chain, const BatchView& batch, const Walked& walked)
      : chain_(chain), batch_(batch), walked_(walked) {}

  tl::expected<BatchResult, BatchFault> run() {
    if (auto wrong = known_part()) return tl::unexpected<BatchFault>(std::move(*wrong));
    if (begin_ == walked_.events.size()) return std::move(out_);
    if (auto wrong = join()) return tl::unexpected<BatchFault>(std::move(*wrong));
    for (const FoundGap& found : walked_.gaps) {
      if (found.index >= begin_)
        out_.doubts.push_back({walked_.events[found.index].seq, gap_text(found.gap)});
    }
    keep();
    return std::move(out_);
  }

 private:
  std::optional<BatchFault> known_part() {
    for (; begin_ < walked_.events.size() && walked_.events[begin_].seq < chain_.next; ++begin_) {
      const CheckedEvent& event = walked_.events[begin_];
      const auto known = std::ranges::find(chain_.tail, event.seq, &Known::seq);
      if (known == chain_.tail.end())
        return batch_fault(event.seq, Reason::bad_sequence,
                           "stands again, too far behind or left out before");
      if (known->hash != event.hash)
        return batch_fault(event.seq, Reason::bad_hash, "stands twice, with two hashes");
    }
    return std::nullopt;
  }

  std::optional<BatchFault> join() {
    const uint64_t first = walked_.events[begin_].seq;
    const auto gap = std::ranges::find(walked_.gaps, begin_, &FoundGap::index);
    const uint64_t from = gap == walked_.gaps.end() ? first : gap->gap.from;
    if (chain_.next == 0) {
      if (from > 1) out_.doubts.push_back({first, "the chain's beginning is not in the export"});
      if (from == 1 && batch_.header.after != Digest{})
        return batch_fault(first, Reason::bad_hash, "the first event names one before it");
      return std::nullopt;
    }
    if (from < chain_.next)
      return batch_fault(first, Reason::bad_sequence, "declares as left out what is there");
    if (from > chain_.next) return missing(from - 1);
    if (begin_ == 0 && batch_.header.after != chain_.tail.back().hash) {
      return batch_fault(first, Reason::bad_hash, "does not follow the event before it");
    }
    return std::nullopt;
  }

  std::optional<BatchFault> missing(uint64_t to) {
    if (!batch_.header.insist)
      return batch_fault(chain_.next, Reason::bad_sequence,
                         fmt::format("{} to {} are missing", chain_.next, to));
    out_.doubts.push_back(
        {chain_.next, fmt::format("{} to {} are lost, the device had nothing older", chain_.next, to)});
    return std::nullopt;
  }

  void keep() {
    out_.events = walked_.events.size() - begin_;
    for (size_t i = begin_; i < walked_.events.size(); ++i)
      chain_.tail.push_back({walked_.events[i].seq, walked_.events[i].hash});
    while (chain_.tail.size() > kTail) chain_.tail.pop_front();
    chain_.next = walked_.events.back().seq + 1;
  }

  Chain& chain_;
  const BatchView& batch_;
  const Walked& walked_;
  size_t begin_ = 0;  ///< of what is new
  BatchResult out_;
};

bool ExportChains::signed_by_device(const BatchView& batch) const {
  const auto it = certificates_.find(batch.header.device);
  if (it == certificates_.end()) return false;
  return std::ranges::any_of(it->second, [&](const DeviceCertificate& certificate) {
    return certificate.chain == batch.header.chain && verify_header(batch, certificate.pub);
  });
}

tl::expected<BatchResult, BatchFault> ExportChains::take(const BatchView& batch) {
  if (!certificates_.contains(batch.header.device)) {
    return tl::unexpected<BatchFault>(
        batch_fault(0, Reason::wrong_role, "no certificate of this device before it"));
  }
  if (!signed_by_device(batch)) {
    return tl::unexpected<BatchFault>(
        batch_fault(0, Reason::bad_signature, "not signed by a certified key of the device"));
  }
  const auto walked = walk_batch(batch);
  if (!walked) return tl::unexpected<BatchFault>(BatchFault{walked.error().seq, walked.error().refusal});
  return Join(chains_[{batch.header.device, batch.header.chain}], batch, *walked).run();
}

}  // namespace cmdai::wire
