#include "enterprise/protocol/verify_export.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "enterprise/protocol/batch.hpp"
#include "enterprise/protocol/checkpoint.hpp"
#include "enterprise/protocol/export_chains.hpp"
#include "enterprise/protocol/merkle.hpp"
#include "enterprise/protocol/policy_trust.hpp"

namespace cmdai::wire {
namespace {

constexpr size_t kMaxUnconfirmed = 100;
constexpr uint64_t kNoLeaf = ~uint64_t{0};

/// Why a record is not right, and the event it is about.
struct Fault {
  std::string device;
  uint64_t seq = 0;
  std::string why;
};
using Judged = std::optional<Fault>;

Fault fault(std::string why) { return {{}, 0, std::move(why)}; }
Fault fault(const Refusal& refusal) {
  return fault(fmt::format("{}: {}", word(refusal.reason), refusal.text));
}

/// Roots of the export, each signed by the one before.
class Roots {
 public:
  Judged take(std::string_view envelope) {
    auto state = roots_.empty() ? trust_first_root(envelope, 0) : accept_root(state_, envelope);
    if (!state) return fault(state.error());
    state_ = std::move(*state);
    roots_.push_back(state_.root);
    return std::nullopt;
  }
  const std::vector<Root>& all() const { return roots_; }

  /// Of any root in the file, as what they signed may be older than the last.
  std::vector<PublicKey> collector_keys() const {
    std::vector<PublicKey> out;
    for (const Root& root : roots_) {
      for (const PublicKey& key : root.public_keys(Role::collector)) {
        if (std::ranges::find(out, key) == out.end()) out.push_back(key);
      }
    }
    return out;
  }

 private:
  std::vector<Root> roots_;
  TrustState state_;
};

class Verifier {
 public:
  explicit Verifier(std::string_view trusted_root) : trusted_(trusted_root) {}

  Verification run(ByteSource source) {
    ExportReader reader(std::move(source));
    for (;;) {
      auto next = reader.next();
      if (!next) return unreadable(next.error());
      const std::optional<ExportRecord>& record = *next;
      if (!record) break;
      out_.records = record->number;
      if (auto wrong = take(*record)) return failed(record->number, std::move(*wrong));
    }
    if (auto wrong = judge_end()) return failed(0, std::move(*wrong));
    out_.verdict = out_.unconfirmed.empty() ? Verdict::pass : Verdict::unconfirmed;
    return std::move(out_);
  }

 private:
  struct Kind {
    std::string_view type;
    Judged (Verifier::*take)(std::string_view bytes);
  };

  Judged take(const ExportRecord& record) {
    static constexpr std::array<Kind, 6> kKinds = {{{"root", &Verifier::take_root},
                                                    {"receipt-key", &Verifier::take_receipt_key},
                                                    {"certificate", &Verifier::take_certificate},
                                                    {"batch", &Verifier::take_batch},
                                                    {"checkpoint", &Verifier::take_checkpoint},
                                                    {"leaf-range", &Verifier::take_leaf_range}}};
    if (record.type != "root" && roots_.all().empty()) return fault("no root before it");
    const auto kind = std::ranges::find(kKinds, record.type, &Kind::type);
    if (kind != kKinds.end()) return (this->*kind->take)(record.bytes);
    doubt({}, 0, fmt::format("a record of the unknown type `{}` was passed over", record.type));
    return std::nullopt;
  }

  Judged take_root(std::string_view bytes) {
    ++out_.roots;
    return roots_.take(bytes);
  }

  Judged take_receipt_key(std::string_view bytes) {
    const auto key = PublicKey::from_hex(bytes);
    const auto keys = roots_.collector_keys();
    if (key && std::ranges::find(keys, *key) != keys.end()) return std::nullopt;
    return fault("a key that no root gives the role `collector`");
  }

  Judged take_certificate(std::string_view bytes) {
    const auto envelope = read_envelope(bytes);
    if (!envelope) return fault(envelope.error());
    const auto certificate = read_device(envelope->payload);
    if (!certificate) return fault(certificate.error());
    const bool good = std::ranges::any_of(roots_.all(), [&](const Root& root) {
      return root.tenant == certificate->tenant &&
             check_signatures(*envelope, Document::device, root.signers(Role::enrollment));
    });
    if (!good)
      return Fault{certificate->device.hex(), 0, "a certificate that no root's role `enrollment` signed"};
    chains_.add(*certificate);
    out_.devices = chains_.devices();
    return std::nullopt;
  }

  Judged take_batch(std::string_view bytes) {
    const auto batch = read_batch(bytes);
    if (!batch) return fault(batch.error());
    const BatchHeader& header = batch->header;
    const std::string device = header.device.hex();
    auto result = chains_.take(*batch);
    if (!result) {
      const auto& wrong = result.error();
      return Fault{device, wrong.seq, fmt::format("{}: {}", word(wrong.refusal.reason), wrong.refusal.text)};
    }
    for (Doubt& d : result->doubts) doubt(device, d.seq, std::move(d.why));
    ++out_.batches;
    out_.events += result->events;
    leaves_.push_back(leaf_hash(
        batch_leaf(header.device, header.chain, header.first, header.count, header.head, hash(bytes))));
    return std::nullopt;
  }

  Judged take_checkpoint(std::string_view bytes) {
    const auto checkpoint = read_checkpoint(bytes, roots_.all().front().origin(), roots_.collector_keys());
    if (!checkpoint) return fault(checkpoint.error());
    const auto [at, fresh] = checkpoints_.emplace(checkpoint->size, checkpoint->root);
    if (!fresh && at->second != checkpoint->root)
      return fault("another root for a size that stands in the export already");
    ++out_.checkpoints;
    return std::nullopt;
  }

  Judged take_leaf_range(std::string_view bytes) {
    const auto range = read_leaf_range(bytes);
    if (!range) return fault(range.error());
    const uint64_t count = range->to - range->from;
    const auto checkpoint = checkpoints_.find(range->size);
    if (checkpoint == checkpoints_.end()) return fault("no checkpoint of this size before it");
    if (count > leaves_.size()) return fault("covers more batches than stand before it");
    if (last_leaf_ != kNoLeaf && range->from < last_leaf_) return fault("leaves that were covered already");
    const auto covered = std::span(leaves_).last(static_cast<size_t>(count));
    if (!verify_range(covered, range->from, range->size, range->proof, checkpoint->second)) {
      return fault("the batches before it are not these leaves of the collector's log");
    }
    loose_ += leaves_.size() - count;
    leaves_.clear();
    last_leaf_ = range->to;
    return std::nullopt;
  }

  Judged judge_end() {
    if (roots_.all().empty()) return fault("no root in it");
    out_.tenant = roots_.all().back().tenant;
    loose_ += leaves_.size();
    if (loose_ > 0)
      doubt({}, 0, fmt::format("{} batches are not under a checkpoint of the collector's log", loose_));
    if (trusted_.empty()) doubt({}, 0, "no root was given to hold the export's roots against");
    return trusted_.empty() ? std::nullopt : judge_trusted_root();
  }

  /// The root the reader has binds itself and what follows it. One before it could name the reader's holders
  /// beside a stranger's and be signed by the stranger alone.
  Judged judge_trusted_root() {
    const auto trusted = trust_first_root(trusted_, 0);
    if (!trusted) return fault("the root given: " + trusted.error().text);
    const Root& ours = trusted->root;
    const auto same = std::ranges::find(roots_.all(), ours.version, &Root::version);
    if (ours.tenant != out_.tenant) return fault("the root given is of another tenant");
    if (same != roots_.all().end() && *same != ours)
      return fault(fmt::format("its root {} is not the one that was given", ours.version));
    if (same == roots_.all().end())
      doubt({}, 0, fmt::format("root {}, which was given, is not among the export's", ours.version));
    if (same != roots_.all().end() && same != roots_.all().begin()) {
      doubt({}, 0, fmt::format("roots before {}, which was given, are not bound by it", ours.version));
    }
    return std::nullopt;
  }

  void doubt(std::string device, uint64_t seq, std::string why) {
    if (out_.unconfirmed.size() < kMaxUnconfirmed)
      out_.unconfirmed.push_back({out_.records, std::move(device), seq, std::move(why)});
  }

  Verification failed(uint64_t record, Fault wrong) {
    out_.verdict = Verdict::fail;
    out_.bad = Finding{record, std::move(wrong.device), wrong.seq, std::move(wrong.why)};
    return std::move(out_);
  }

  /// What began as an export and then breaks is a failure; what never was one, an error.
  Verification unreadable(const Refusal& refusal) {
    const uint64_t record = out_.records + 1;
    out_.verdict = record == 1 ? Verdict::error : Verdict::fail;
    out_.bad = Finding{record, {}, 0, fmt::format("{}: {}", word(refusal.reason), refusal.text)};
    return std::move(out_);
  }

  std::string_view trusted_;
  Verification out_;
  Roots roots_;
  ExportChains chains_;
  std::map<uint64_t, TreeHash> checkpoints_;
  std::vector<TreeHash> leaves_;  ///< of the batches since the last range
  uint64_t last_leaf_ = kNoLeaf;
  uint64_t loose_ = 0;  ///< batches that no range covers
};

std::string place(const Finding& finding) {
  std::string out = finding.record == 0 ? "the file" : fmt::format("record {}", finding.record);
  if (!finding.device.empty()) out += fmt::format(", device {}", finding.device);
  if (finding.seq != 0) out += fmt::format(", event {}", finding.seq);
  return out;
}

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "PASS";
    case Verdict::fail: return "FAIL";
    case Verdict::error: return "ERROR";
    case Verdict::unconfirmed: return "UNCONFIRMED";
  }
  return "";
}

Verification verify_export(ByteSource source, std::string_view trusted_root) {
  return Verifier(trusted_root).run(std::move(source));
}

std::string render(const Verification& verification) {
  std::string out = fmt::format("{}: {} events in {} batches of {} devices, {} roots, {} checkpoints\n",
                                name(verification.verdict), verification.events, verification.batches,
                                verification.devices, verification.roots, verification.checkpoints);
  if (verification.bad) out += fmt::format("  {}: {}\n", place(*verification.bad), verification.bad->why);
  if (verification.verdict != Verdict::unconfirmed) return out;
  for (const Finding& finding : verification.unconfirmed)
    out += fmt::format("  {}: {}\n", place(finding), finding.why);
  return out;
}

}  // namespace cmdai::wire
