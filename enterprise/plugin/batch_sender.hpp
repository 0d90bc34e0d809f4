#pragma once
// Which events go next, and what an answer to them means: the device's half of the table in
// docs/collector-protocol.md (Batch). Knows no socket and no clock.
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "enterprise/plugin/disk.hpp"
#include "enterprise/plugin/recorder.hpp"
#include "enterprise/plugin/transport.hpp"
#include "enterprise/protocol/batch.hpp"
#include "enterprise/protocol/keys.hpp"
#include "enterprise/protocol/receipt.hpp"

namespace cmdai::device {

class BatchSender {
 public:
  BatchSender(Disk& disk, Recorder& recorder, std::mutex& recorder_lock)
      : disk_(disk), recorder_(recorder), lock_(recorder_lock) {}

  /// Reads the last receipt. Kind::damaged: told, and counted as none; what it covered is sent once more
  /// where it is still there.
  Result<void> start(const wire::DeviceId& device, const wire::ChainId& chain);
  /// What the last receipt covers.
  ChainPlace below() const { return below_; }
  const std::optional<wire::Receipt>& receipt() const { return receipt_; }

  struct Batch {
    wire::BatchHeader header;
    std::vector<ReadRecord> events;
  };
  /// nullopt: nothing to send. `boot` and `time` go into the header.
  std::optional<Batch> next(const wire::BootId& boot, int64_t time_ms);
  /// Events that wait, at least (up to the size of a backlog batch).
  uint64_t waiting() const;
  bool urgent() const;
  static Outgoing request(const Batch& batch, const wire::SigningKey& key);

  enum class Outcome : uint8_t {
    stored,     ///< go on
    resume,     ///< go on elsewhere
    smaller,    ///< go on with less
    later,      ///< back off; Retry-After counts
    forbidden,  ///< 401, 403: back off, tell
    refused     ///< fork, or a chain that is not believed: back off long, tell
  };
  Outcome answered(const Batch& batch, const Incoming& answer, std::span<const wire::PublicKey> collector,
                   std::optional<wire::BatchAnswer>& told);
  const std::string& trouble() const { return trouble_; }

 private:
  Outcome receipted(const Batch& batch, const wire::BatchAnswer& answer,
                    std::span<const wire::PublicKey> collector);
  Outcome conflict(const Batch& batch, const wire::ErrorAnswer& answer);
  Outcome halve(const Batch& batch, std::string_view why);
  Outcome tell(Outcome outcome, std::string text);
  std::optional<wire::Digest> hash_at(uint64_t seq);
  void confirm_skips();

  struct Skip {
    uint64_t seq = 0;
    std::string why;
  };
  Disk& disk_;
  Recorder& recorder_;
  std::mutex& lock_;
  wire::DeviceId device_;
  wire::ChainId chain_;
  std::optional<wire::Receipt> receipt_;
  ChainPlace below_;
  uint64_t cursor_ = 1;            ///< number the next batch begins with
  bool insist_ = false;            ///< the collector asked for what is not here
  std::optional<uint64_t> asked_;  ///< what it asked for last
  size_t most_events_ = wire::kMaxBatchEvents;
  std::vector<Skip> skipped_;  ///< passed over, not told yet: the next one may be refused as well
  uint64_t told_ahead_ = 0;
  std::string trouble_;
};

}  // namespace cmdai::device
