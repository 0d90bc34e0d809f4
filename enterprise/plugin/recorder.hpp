#pragma once
// Writes the chain: local lines become events with a number, a MAC and the hash of the one before, and go to
// the spool. Here are the rules of what survives what (docs/enterprise-plugin.md). One caller at a time.
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enterprise/plugin/chain_state.hpp"
#include "enterprise/plugin/clock.hpp"
#include "enterprise/plugin/event_map.hpp"
#include "enterprise/plugin/locked.hpp"
#include "enterprise/plugin/spool.hpp"
#include "enterprise/protocol/hashing.hpp"
#include "enterprise/protocol/ratchet.hpp"

namespace cmdai::device {

struct RecorderOptions {
  Spool::Limits spool;
  wire::BootId boot;
  unsigned flood = 200;       ///< plain events in a second from which on they are folded
  uint64_t fold_most = 1024;  ///< lines in one folded event
  int64_t fold_ms = 1000;     ///< the longest one waits for more
};

class Recorder {
 public:
  enum class Mode : uint8_t { ok, digest, full, broken };

  Recorder(Disk& disk, Clock& clock, EventContext context, RecorderOptions options)
      : disk_(disk), clock_(clock), context_(std::move(context)), options_(options) {}

  /// Opens the chain. `below`: what the last receipt covers. After an unclean end the first event is the
  /// declared gap, and it is on the disk when this returns.
  Result<void> start(ChainPlace below);
  /// A line of the local event log. An error: it is not taken, and is to come again.
  Result<void> record(uint64_t local_seq, std::string_view line);
  /// An event of the plugin's own; `about`: JSON members. What finds no room waits in memory.
  void note(std::string type, std::string about);
  /// All that was taken is on the disk; recorded() moves.
  Result<void> sync();
  /// Ends in order.
  Result<void> stop();

  uint64_t recorded() const { return recorded_; }  ///< local number up to which all is durable
  ChainPlace place() const { return place_; }
  const wire::ChainId& chain() const { return chain_; }
  bool unsynced() const { return spool_ && (spool_->durable() < spool_->last() || fold_.count > 0); }
  uint64_t urgent() const { return urgent_; }  ///< number of the newest event that is to be sent at once
  Mode mode() const;
  uint64_t spool_bytes() const { return spool_ ? spool_->bytes() : 0; }
  uint64_t durable() const { return spool_ ? spool_->durable() : 0; }
  const std::string& trouble() const { return trouble_; }  ///< why it is broken

  Result<std::vector<ReadRecord>> read(uint64_t from, size_t events, size_t bytes);
  /// A receipt covers all up to here.
  Result<void> forget(ChainPlace below);
  /// Events `from` … `to` turned out to be unreadable: declared, once.
  void declare_damage(const SpoolDamage& damage);

  const EventContext& context() const { return context_; }
  void change(EventContext context, uint64_t spool_cap);
  static constexpr uint64_t kDigestPercent = 90;

 private:
  struct Fold {
    uint64_t first = 0, last = 0, count = 0;
    int64_t from_ms = 0, to_ms = 0, since = 0;
    wire::Hasher hash;
  };
  struct Note {
    std::string type, about;
    int64_t time_ms = 0;
    uint64_t local = 0;
  };
  struct Taken {
    uint64_t local = 0;
    std::string line;
  };
  Result<void> open_chain(ChainPlace below);
  Result<void> begin(const ChainState& state, const Spool::Found& found);
  Result<void> declare(uint64_t from, uint64_t to, std::string_view cause);
  Result<void> reserve(uint64_t upto);
  Result<void> store(bool clean);
  Result<void> append(std::string_view type, std::string_view members, uint64_t local, bool urgent);
  Result<void> append_own(const Note& note);
  Result<void> take(uint64_t local_seq, std::string_view line);
  Result<void> take_again();
  void set_recorded();
  Result<void> fold(uint64_t local_seq, std::string_view line, int64_t time_ms);
  Result<void> unfold();
  Result<void> write_notes();
  Result<void> work_again();
  bool flooded(bool foldable);
  Result<void> broke(const Problem& problem);

  Disk& disk_;
  Clock& clock_;
  EventContext context_;
  RecorderOptions options_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<Locked<wire::Ratchet>> ratchet_;  ///< at the number the next event gets
  wire::ChainId chain_;
  ChainPlace place_, below_;
  uint64_t reserved_ = 0, local_ = 0, recorded_ = 0, urgent_ = 0;
  std::vector<std::pair<uint64_t, uint64_t>> declared_;
  std::deque<Note> notes_;
  /// Lines that were taken and are not durable yet: the host gives them again only to a new process.
  std::deque<Taken> taken_;
  Fold fold_;
  bool broken_ = true, full_ = false, stopped_ = false, again_ = false;
  int64_t second_ = 0, try_again_ = 0;
  unsigned in_second_ = 0, in_second_before_ = 0;
  std::string trouble_, cause_ = "unclean-stop";
};

}  // namespace cmdai::device
