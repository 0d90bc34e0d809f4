#include "enterprise/plugin/batch_sender.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "enterprise/plugin/checked_file.hpp"
#include "enterprise/protocol/batch.hpp"
#include "enterprise/protocol/compression.hpp"

namespace cmdai::device {
namespace {

constexpr const char* kReceiptFile = "receipt";
/// So many events in a row are passed over because the collector refuses each of them; more speak of a reason
/// that lies not in them.
constexpr size_t kMostSkips = 4;

}  // namespace

Result<void> BatchSender::start(const wire::DeviceId& device, const wire::ChainId& chain) {
  device_ = device;
  chain_ = chain;
  auto text = read_checked(disk_, kReceiptFile, "receipt");
  if (!text && text.error().kind == Problem::Kind::missing) return {};
  if (!text) return fail(text.error());
  auto receipt = wire::read_receipt(*text);
  if (!receipt) return fail(Problem::Kind::damaged, receipt.error().text);
  if (receipt->device != device || receipt->chain != chain || receipt->next == 0)
    return {};  // before it enrolled again
  below_ = {receipt->next - 1, receipt->head};
  cursor_ = receipt->next;
  receipt_ = *receipt;
  return {};
}

uint64_t BatchSender::waiting() const {
  const std::lock_guard hold(lock_);
  const uint64_t durable = recorder_.durable();
  return durable >= cursor_ ? durable + 1 - cursor_ : 0;
}

bool BatchSender::urgent() const {
  const std::lock_guard hold(lock_);
  return recorder_.urgent() >= cursor_ && recorder_.durable() >= recorder_.urgent();
}

std::optional<BatchSender::Batch> BatchSender::next(const wire::BootId& boot, int64_t time_ms) {
  const uint64_t waits = waiting();
  if (waits == 0) return std::nullopt;
  const bool backlog = waits > wire::kUsualBatchEvents;
  const size_t usual = backlog ? wire::kMaxBatchEvents : wire::kUsualBatchEvents;
  const std::lock_guard hold(lock_);
  auto events = recorder_.read(cursor_, std::min(usual, most_events_),
                               backlog ? wire::kBacklogBatch : wire::kUsualBatch);
  if (!events || events->empty()) return std::nullopt;
  const ReadRecord& first = events->front();
  const auto head = wire::read_event_head(first.record.line);
  if (!head) return std::nullopt;
  Batch batch;
  batch.header.device = device_;
  batch.header.chain = chain_;
  batch.header.boot = boot;
  batch.header.after = head->prev;
  batch.header.time = time_ms;
  batch.header.insist = insist_;
  batch.events = std::move(*events);
  return batch;
}

Outgoing BatchSender::request(const Batch& batch, const wire::SigningKey& key) {
  std::vector<wire::MacLine> lines;
  lines.reserve(batch.events.size());
  for (const ReadRecord& r : batch.events) lines.push_back({r.record.mac, r.record.line});
  Outgoing out;
  out.method = "POST";
  out.target = "/v1/events";
  out.headers = {{"Content-Type", std::string(wire::kBatchContentType)}, {"Content-Encoding", "zstd"}};
  if (const auto text = wire::build_batch(batch.header, lines, key)) out.body = wire::pack(*text);
  return out;
}

std::optional<wire::Digest> BatchSender::hash_at(uint64_t seq) {
  if (seq == below_.seq) return below_.hash;
  const std::lock_guard hold(lock_);
  const auto found = recorder_.read(seq, 1, 1);
  if (!found || found->empty()) return std::nullopt;
  if (found->front().record.seq == seq) return found->front().hash;
  // The number before a gap's event is the one it stands behind: left out, no event.
  return std::nullopt;
}

BatchSender::Outcome BatchSender::tell(Outcome outcome, std::string text) {
  trouble_ = std::move(text);
  return outcome;
}

BatchSender::Outcome BatchSender::answered(const Batch& batch, const Incoming& answer,
                                           std::span<const wire::PublicKey> collector,
                                           std::optional<wire::BatchAnswer>& told) {
  switch (answer.status) {
    case 200: {
      auto said = wire::read_batch_answer(answer.body);
      if (!said) return tell(Outcome::later, "the collector's answer cannot be read");
      const Outcome outcome = receipted(batch, *said, collector);
      if (outcome == Outcome::stored) told = std::move(*said);
      return outcome;
    }
    case 409: {
      const auto said = wire::read_error_answer(answer.body);
      if (!said) return tell(Outcome::later, "the collector's answer cannot be read");
      return conflict(batch, *said);
    }
    case 413: return halve(batch, "the collector says it is too large");
    case 422: return halve(batch, "the collector does not believe it");
    case 401:
    case 403:
      return tell(Outcome::forbidden, fmt::format("the collector refuses this device ({})", answer.status));
    default: return tell(Outcome::later, fmt::format("the collector answers {}", answer.status));
  }
}

BatchSender::Outcome BatchSender::receipted(const Batch& batch, const wire::BatchAnswer& answer,
                                            std::span<const wire::PublicKey> collector) {
  const wire::Receipt receipt = wire::receipt_of(answer, device_, chain_);
  if (auto good = wire::verify_receipt(receipt, collector); !good)
    return tell(Outcome::later, "a receipt without a good signature");
  const ReadRecord& last = batch.events.back();
  if (receipt.next <= last.record.seq) return tell(Outcome::later, "a receipt for less than was sent");
  const bool ours = receipt.next == last.record.seq + 1 ? receipt.head == last.hash
                                                        : hash_at(receipt.next - 1) == receipt.head;
  if (!ours) {
    // It has events of this chain that we never wrote, or wrote otherwise.
    if (told_ahead_ != receipt.next) {
      told_ahead_ = receipt.next;
      const std::lock_guard hold(lock_);
      recorder_.note("chain.ahead", fmt::format(R"("collector":{{"next":{},"head":"{}"}})", receipt.next,
                                                receipt.head.hex()));
    }
    return tell(Outcome::refused, "the collector has other events of this chain: restored or cloned device");
  }
  confirm_skips();
  if (auto done = write_checked(disk_, kReceiptFile, "receipt", wire::write(receipt)); !done)
    return tell(Outcome::later, done.error().text);
  receipt_ = receipt;
  below_ = {receipt.next - 1, receipt.head};
  cursor_ = receipt.next;
  insist_ = false;
  asked_.reset();
  most_events_ = std::min(most_events_ * 2, wire::kMaxBatchEvents);
  trouble_.clear();
  const std::lock_guard hold(lock_);
  // A segment that cannot be removed now is removed after the next receipt.
  if (auto done = recorder_.forget(below_); !done) trouble_ = done.error().text;
  return Outcome::stored;
}

void BatchSender::confirm_skips() {
  const std::lock_guard hold(lock_);
  for (const Skip& skip : skipped_) recorder_.declare_damage({skip.seq, skip.seq, skip.why});
  skipped_.clear();
}

BatchSender::Outcome BatchSender::conflict(const Batch& batch, const wire::ErrorAnswer& answer) {
  if (answer.error != "resume" || !answer.next || !answer.head)
    return tell(Outcome::refused,
                fmt::format("the collector says `{}`: this chain goes on elsewhere", answer.error));
  const uint64_t next = *answer.next;
  const bool again = asked_ == next;
  asked_ = next;
  if (next > batch.events.back().record.seq + 1 || next == 0) {
    const auto ours = next == 0 ? std::nullopt : hash_at(next - 1);
    if (!ours || *ours != *answer.head)
      return tell(Outcome::refused, "the collector has events of this chain that are not ours");
  }
  uint64_t from = 0;
  {
    const std::lock_guard hold(lock_);
    const auto found = recorder_.read(next, 1, 1);
    if (found && !found->empty()) from = found->front().record.seq;
    const bool fits = from != 0 && follows(found->front().record.line, {next - 1, *answer.head});
    // What it asks for is not here (any more): it has to take what there is.
    insist_ = from != 0 && !fits;
  }
  if (from == 0) {
    cursor_ = next;
    return Outcome::resume;
  }
  cursor_ = from;
  if (again && !insist_) return tell(Outcome::later, "the collector asks for the same events again");
  return Outcome::resume;
}

BatchSender::Outcome BatchSender::halve(const Batch& batch, std::string_view why) {
  if (batch.events.size() > 1) {
    most_events_ = batch.events.size() / 2;
    return Outcome::smaller;
  }
  const uint64_t seq = batch.events.front().record.seq;
  if (skipped_.size() >= kMostSkips) {
    cursor_ = skipped_.front().seq;
    skipped_.clear();
    return tell(Outcome::refused, fmt::format("event {}: {}", cursor_, why));
  }
  {
    const std::lock_guard hold(lock_);
    if (recorder_.durable() <= seq) return tell(Outcome::refused, fmt::format("event {}: {}", seq, why));
  }
  skipped_.push_back({seq, fmt::format("{}: {} bytes, hash {}", why, batch.events.front().record.line.size(),
                                       batch.events.front().hash.hex())});
  cursor_ = seq + 1;
  insist_ = true;
  return Outcome::smaller;
}

}  // namespace cmdai::device
