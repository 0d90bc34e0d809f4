#include "enterprise/collector/service/ingest.hpp"

#include <fmt/format.h>

#include <chrono>
#include <unordered_map>

#include "enterprise/collector/base/log.hpp"
#include "enterprise/protocol/compression.hpp"
#include "enterprise/protocol/receipt.hpp"

namespace cmdai::collector {

namespace {

constexpr std::size_t kMostCovering = 2048;
constexpr double kBurstSeconds = 60;

/// Hashes of what is stored of a chain, fetched when the first is asked for.
class StoredHashes {
 public:
  StoredHashes(Ledger& ledger, const wire::BatchHeader& header) : ledger_(ledger), header_(header) {}

  std::optional<wire::Digest> find(std::uint64_t seq) {
    if (!fetched_) fetch();
    const auto known = hashes_.find(seq);
    if (known == hashes_.end()) return std::nullopt;
    return known->second;
  }
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  void fetch() {
    fetched_ = true;
    const std::uint64_t from = header_.first > 1 ? header_.first - 1 : 1;
    const auto batches =
        ledger_.covering(header_.device.hex(), header_.chain.hex(), from, header_.last, kMostCovering);
    if (!batches) {
      broken_ = true;
      return;
    }
    for (const LedgerBatch& batch : *batches) {
      const auto view = wire::read_batch(batch.bytes);
      if (!view) {
        broken_ = true;
        return;
      }
      for (const wire::MacLine& event : view->events)
        if (const auto head = wire::read_event_head(event.line))
          hashes_.emplace(head->seq, wire::hash(event.line));
    }
  }

  Ledger& ledger_;
  const wire::BatchHeader& header_;
  bool fetched_ = false;
  bool broken_ = false;
  std::unordered_map<std::uint64_t, wire::Digest> hashes_;
};

Response conflict(const wire::Resume& resume) {
  Response response;
  response.status = 409;
  response.body = wire::write(wire::ErrorAnswer{"resume", resume.next, resume.head});
  return response;
}

}  // namespace

/// A batch on its way. What the views of it borrow from is kept with it.
struct Ingest::Arrival {
  Caller caller;
  Reply reply;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  Time received = 0;
  std::string packed;
  std::string bytes;
  wire::BatchView view;
  std::shared_ptr<ChainLease> chain;

  /// The chain is given back before the answer: the next batch may come at once.
  void answer(Response response) {
    chain.reset();
    reply(std::move(response));
  }
};

void Ingest::take(const Caller& caller, const Request& request, Reply reply) {
  auto batch = std::make_shared<Arrival>();
  batch->caller = caller;
  batch->reply = std::move(reply);
  batch->received = p_.clock();
  if (auto refused = unpack(request, *batch)) return batch->reply(std::move(*refused));
  auto view = wire::read_batch(batch->bytes);
  if (!view) {
    p_.metrics.count_refusal(Refused::malformed);
    const bool large = view.error().reason == wire::Reason::too_long;
    log(Level::warning, "batch.malformed", {{"device", caller.device->row.id}, {"why", view.error().text}});
    return batch->reply(error_response(large ? 413 : 400, large ? "too-large" : "malformed"));
  }
  batch->view = std::move(*view);
  auto taken = p_.chains.take(caller.device->id, batch->view.header.chain);
  switch (taken.why) {
    case ChainWhy::taken: break;
    case ChainWhy::busy: p_.metrics.count_refusal(Refused::busy); return batch->reply(try_later(429));
    case ChainWhy::unavailable:
      p_.metrics.count_refusal(Refused::unavailable);
      return batch->reply(try_later(503));
    case ChainWhy::unknown:
      return keep_apart(batch, "tamper", "chain", "a batch of a chain this device has not",
                        error_response(422, "chain"));
  }
  batch->chain = std::move(taken.lease);
  if (!within_quota(**batch->chain, batch->view.header.count)) {
    p_.metrics.count_refusal(Refused::busy);
    return batch->answer(try_later(429));
  }
  judge(batch);
}

/// Only now: who sent it is known, so what it unpacks to is somebody's doing.
std::optional<Response> Ingest::unpack(const Request& request, Arrival& arrival) {
  p_.metrics.bytes_received += request.body.size();
  const std::string_view encoding = request.header("content-encoding");
  if (encoding.empty() || encoding == "identity") {
    arrival.bytes = request.body;
  } else if (encoding == "zstd") {
    thread_local wire::Unpacker unpacker;
    auto bytes = unpacker.unpack(request.body, wire::kMaxBatch);
    if (!bytes) {
      const bool large = bytes.error().reason == wire::Reason::too_long;
      p_.metrics.count_refusal(large ? Refused::too_large : Refused::malformed);
      log(Level::warning, "batch.malformed",
          {{"device", arrival.caller.device->row.id}, {"why", bytes.error().text}});
      return error_response(large ? 413 : 400, large ? "too-large" : "malformed");
    }
    arrival.bytes = std::move(*bytes);
    arrival.packed = request.body;
  } else {
    return error_response(415, "encoding");
  }
  p_.metrics.bytes_unpacked += arrival.bytes.size();
  return std::nullopt;
}

/// A bucket that holds a minute of what a device may send, so that a backlog passes and a flood does not.
bool Ingest::within_quota(LiveChain& chain, std::uint64_t events) {
  const double rate = static_cast<double>(p_.settings.events_per_second);
  const Time now = p_.clock();
  if (chain.filled == 0)
    chain.allowance = rate * kBurstSeconds;
  else
    chain.allowance = std::min(rate * kBurstSeconds,
                               chain.allowance + rate * static_cast<double>(now - chain.filled) / 1000);
  chain.filled = now;
  if (chain.allowance < static_cast<double>(events)) return false;
  chain.allowance -= static_cast<double>(events);
  return true;
}

void Ingest::judge(const Batch& batch) {
  const wire::BatchHeader& header = batch->view.header;
  StoredHashes hashes(p_.store.ledger(), header);
  const wire::BatchOwner owner{batch->caller.device->id, header.chain, batch->caller.key};
  auto finding = wire::check_batch(batch->view, owner, (*batch->chain)->state,
                                   [&](std::uint64_t seq) { return hashes.find(seq); });
  if (hashes.broken()) {
    p_.metrics.count_refusal(Refused::unavailable);
    return batch->answer(try_later(503));
  }
  if (auto* stored = std::get_if<wire::Stored>(&finding)) return store(batch, std::move(*stored));
  if (std::holds_alternative<wire::Duplicate>(finding)) {
    ++p_.metrics.duplicates;
    const wire::ChainState& state = (*batch->chain)->state;
    return batch->answer(receipt(*batch, state.next, state.head));
  }
  if (const auto* resume = std::get_if<wire::Resume>(&finding)) {
    p_.metrics.count_refusal(Refused::resume);
    return batch->answer(conflict(*resume));
  }
  if (const auto* fork = std::get_if<wire::Fork>(&finding)) {
    p_.metrics.count_refusal(Refused::fork);
    return keep_apart(
        batch, "fork", std::to_string(fork->seq),
        fmt::format("event {} came a second time with another content: a restored or cloned device",
                    fork->seq),
        error_response(409, "fork"));
  }
  const auto& broken = std::get<wire::Broken>(finding);
  p_.metrics.count_refusal(Refused::chain);
  keep_apart(batch, "tamper", std::to_string(broken.seq),
             fmt::format("a batch does not hold together at event {}: {}", broken.seq, broken.refusal.text),
             error_response(422, "chain"));
}

void Ingest::add_alarms(LedgerWrite& write, const Arrival& arrival, const wire::Stored& stored) {
  const std::string& device = arrival.caller.device->row.id;
  const auto add = [&](std::optional<Alarm> alarm) {
    if (alarm) write.alarms.push_back(std::move(*alarm));
  };
  for (const wire::DeclaredGap& gap : stored.declared)
    add(p_.alarms.raise(
        "gap-declared", device, std::to_string(gap.gap.from),
        fmt::format("events {} to {} are missing, as the device says: {}{}", gap.gap.from, gap.gap.to,
                    gap.gap.cause, gap.same_boot ? ", without a restart of the machine" : ""),
        gap.same_boot));
  if (stored.lost)
    add(p_.alarms.raise("gap", device, std::to_string(stored.lost->first),
                        fmt::format("events {} to {} are missing; the device has nothing older",
                                    stored.lost->first, stored.lost->second)));
  const Time offset = arrival.received - arrival.view.header.time;
  if (offset > kClockOff || offset < -kClockOff)
    add(p_.alarms.raise(
        "clock", device, "",
        fmt::format("its clock is {} s {}", std::abs(offset) / 1000, offset > 0 ? "slow" : "fast")));
  if (arrival.caller.device->row.revoked != 0)
    add(p_.alarms.raise("revoked-key", device, "revoked", "a revoked device goes on sending"));
}

void Ingest::store(const Batch& batch, wire::Stored stored) {
  const wire::BatchHeader& header = batch->view.header;
  const Device& device = batch->caller.device->row;
  PendingWrite pending;
  LedgerBatch row;
  row.device = device.id;
  row.chain = header.chain.hex();
  row.first = header.first;
  row.count = header.count;
  row.last = header.last;
  row.fresh = stored.events.empty() ? header.first : stored.events.front().seq;
  row.head = header.head.hex();
  row.boot = header.boot.hex();
  row.received = batch->received;
  row.trusted = device.revoked == 0;
  row.group = device.groups.empty() ? "" : device.groups.front();
  row.bytes = batch->bytes;
  row.packed = std::move(batch->packed);
  const std::uint64_t gaps = (*batch->chain)->gaps + stored.declared.size() + (stored.lost ? 1 : 0);
  pending.write.chain = ChainState{device.id,
                                   row.chain,
                                   stored.state.next,
                                   stored.state.head.hex(),
                                   std::string(stored.state.ratchet.key().view()),
                                   row.boot,
                                   batch->received,
                                   batch->received - header.time,
                                   gaps};
  pending.leaf = wire::leaf_hash(wire::batch_leaf(header.device, header.chain, header.first, header.count,
                                                  header.head, wire::hash(batch->bytes)));
  pending.write.batch = std::move(row);
  add_alarms(pending.write, *batch, stored);
  const std::size_t events = stored.events.size();
  auto state = std::make_shared<wire::ChainState>(std::move(stored.state));
  pending.done = [this, batch, state, gaps, events](bool good) {
    if (!good) {
      p_.alarms.withdraw(batch->caller.device->row.id);
      p_.metrics.count_refusal(Refused::unavailable);
      return batch->answer(try_later(503));
    }
    (*batch->chain)->gaps = gaps;
    Response response = receipt(*batch, state->next, state->head);
    (*batch->chain)->state = std::move(*state);
    ++p_.metrics.batches;
    p_.metrics.events += events;
    p_.metrics.ack.observe(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - batch->begun).count());
    batch->answer(std::move(response));
  };
  if (p_.queue.offer(std::move(pending))) return;
  p_.alarms.withdraw(batch->caller.device->row.id);
  p_.metrics.count_refusal(Refused::busy);
  batch->answer(try_later(429));
}

void Ingest::keep_apart(const Batch& batch, const std::string& reason, const std::string& detail,
                        const std::string& text, Response response) {
  const wire::BatchHeader& header = batch->view.header;
  const std::string& device = batch->caller.device->row.id;
  PendingWrite pending;
  auto alarm = p_.alarms.raise(reason, device, detail, text);
  log(Level::warning, "batch.refused", {{"device", device}, {"reason", reason}, {"text", text}});
  if (!alarm) return batch->answer(std::move(response));  // the same within the hour: the evidence is there
  pending.write.alarms.push_back(std::move(*alarm));
  pending.write.apart =
      ApartBatch{device, header.chain.hex(), header.first, batch->received, reason, batch->bytes};
  auto answer = std::make_shared<Response>(std::move(response));
  pending.done = [this, batch, answer](bool good) {
    if (!good) p_.alarms.withdraw(batch->caller.device->row.id);
    batch->answer(good ? std::move(*answer) : try_later(503));
  };
  if (p_.queue.offer_evidence(std::move(pending))) return;
  p_.alarms.withdraw(device);
  batch->answer(try_later(429));
}

Response Ingest::receipt(const Arrival& arrival, std::uint64_t next, const wire::Digest& head) {
  const auto& device = *arrival.caller.device;
  const auto signed_receipt =
      wire::sign_receipt(p_.keyring.collector, device.id, arrival.view.header.chain, next, head, p_.clock());
  wire::BatchAnswer answer;
  answer.next = next;
  answer.head = head;
  answer.time = signed_receipt.time;
  answer.receipt = signed_receipt.signature;
  answer.timestamp = p_.policies.timestamp_version();
  answer.throttle_ms = static_cast<std::uint64_t>(p_.metrics.queue.load()) > p_.settings.queue / 2 ? 1000 : 0;
  answer.commands = p_.commands.take(device.id);
  Response response;
  response.body = wire::write(answer);
  return response;
}

}  // namespace cmdai::collector
