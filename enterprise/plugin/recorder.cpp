#include "enterprise/plugin/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "enterprise/plugin/json_members.hpp"

namespace cmdai::device {
namespace {

/// An honest end leaves out what was reserved, and what was appended since the reservation before: both times
/// sixteen at most, as the spool is synced before each reservation.
constexpr uint64_t kHonestGap = 2 * kReserved;
constexpr size_t kMostNotes = 256;
constexpr int64_t kTryAgainMs = 1000;

std::string damage_members(const SpoolDamage& damage) {
  return fmt::format(R"("damage":{{"from":{},"to":{},"what":{}}})", damage.from, damage.to,
                     json_string(damage.what));
}

}  // namespace

Result<void> Recorder::start(ChainPlace below) {
  below_ = below;
  auto done = open_chain(below);
  if (!done) return broke(done.error());
  broken_ = false;
  trouble_.clear();
  return {};
}

Result<void> Recorder::open_chain(ChainPlace below) {
  auto state = load_chain(disk_);
  if (!state) return fail(state.error());
  auto spool = Spool::open(disk_, state->chain, options_.spool, below);
  if (!spool) return fail(spool.error());
  spool_ = std::move(*spool);
  chain_ = state->chain;
  fold_ = {};
  declared_.clear();
  for (const auto& [from, to] : state->declared)
    if (to > below.seq) declared_.emplace_back(from, to);
  return begin(*state, spool_->found());
}

Result<void> Recorder::begin(const ChainState& state, const Spool::Found& found) {
  place_ = found.end;
  uint64_t next = state.reserved;
  std::vector<SpoolDamage> damage = found.damage;
  if (place_.seq >= next) {  // the state is older than the events: somebody put an old one back
    damage.push_back({0, 0, "the chain's state is older than its events"});
    next = place_.seq + 1;
  }
  if (state.clean && place_.seq + 1 == next && place_.hash != state.head && next == state.reserved)
    damage.push_back({place_.seq, place_.seq, "the last event was changed"});
  if (state.clean && found.torn && place_.seq + 1 == next)
    damage.push_back({0, 0, "bytes were added behind the last event"});
  local_ = recorded_ = std::max(state.local, found.local);
  ratchet_ = std::make_unique<Locked<wire::Ratchet>>(wire::Ratchet(state.key.clone(), state.reserved));
  if (!(*ratchet_)->skip_to(next))
    return fail(Problem::Kind::damaged, "the chain's state is far from its events");
  reserved_ = next;
  if (!state.clean)
    if (auto done = spool_->cut_torn(); !done) return done;
  if (place_.seq + 1 < next) {
    const bool honest = !state.clean && next - place_.seq - 1 <= kHonestGap;
    if (auto done = declare(place_.seq + 1, next - 1, honest ? cause_ : "spool-damaged"); !done) return done;
  }
  for (SpoolDamage& one : damage) declare_damage(one);
  cause_ = "unclean-stop";
  if (auto done = write_notes(); !done) return done;
  if (damage.empty() && !found.torn) return spool_->sync();
  if (auto done = spool_->sync(); !done) return done;
  if (auto done = store(false); !done) return done;
  return spool_->mend();
}

Result<void> Recorder::declare(uint64_t from, uint64_t to, std::string_view cause) {
  const wire::Gap gap{from, to, std::string(cause), options_.boot};
  const std::string about = wire::write_gap(gap);
  const int64_t now = clock_.now_ms();
  if (auto done =
          append(wire::kGapType, own_members(context_, now, fmt::format("{} {}", chain_.hex(), to), about),
                 local_, true);
      !done)
    return done;
  return spool_->sync();
}

void Recorder::declare_damage(const SpoolDamage& damage) {
  if (damage.from != 0) {
    const std::pair<uint64_t, uint64_t> numbers{damage.from, damage.to};
    if (std::find(declared_.begin(), declared_.end(), numbers) != declared_.end()) return;
    declared_.push_back(numbers);
  }
  note("spool.damaged", damage_members(damage));
}

Result<void> Recorder::store(bool clean) {
  ChainState state;
  state.chain = chain_;
  state.clean = clean;
  state.local = recorded_;
  state.declared = declared_;
  state.reserved = clean ? place_.seq + 1 : reserved_;
  state.head = clean ? place_.hash : wire::Digest{};
  wire::Ratchet ahead = (*ratchet_)->clone();
  if (!ahead.skip_to(state.reserved)) return fail(Problem::Kind::damaged, "the ratchet cannot go back");
  state.key = ahead.key().clone();
  return store_chain(disk_, state);
}

Result<void> Recorder::reserve(uint64_t upto) {
  // What was appended so far is durable before the next numbers may be used: see kHonestGap.
  if (auto done = spool_->sync(); !done) return done;
  set_recorded();
  const uint64_t before = reserved_;
  reserved_ = upto;
  auto done = store(false);
  if (!done) reserved_ = before;
  return done;
}

Result<void> Recorder::append(std::string_view type, std::string_view members, uint64_t local, bool urgent) {
  // After a gap the number is what was reserved, not the one behind the last event.
  const uint64_t seq = (*ratchet_)->seq();
  if (seq >= reserved_)
    if (auto done = reserve(seq + kReserved); !done) return broke(done.error());
  SpoolRecord record;
  record.seq = seq;
  record.local = local;
  wire::EventHead head;
  head.seq = seq;
  head.prev = place_.hash;
  head.chain = chain_;
  head.type = type;
  wire::write_event_head(record.line, head);
  record.line.append(members).append("}");
  if (record.line.size() > wire::kMaxEvent)
    return append("event.oversize", stub_members(type, members, context_, clock_.now_ms()), local, urgent);
  const wire::Digest hash = wire::hash(record.line);
  record.mac = (*ratchet_)->mac(hash);
  full_ = !spool_->has_room(record_size(record), urgent);
  if (full_) return fail(Problem::Kind::full, "the spool is full");
  if (auto done = spool_->append(record); !done) return broke(done.error());
  (*ratchet_)->step();
  place_ = {seq, hash};
  if (urgent) urgent_ = seq;
  return {};
}

Result<void> Recorder::append_own(const Note& note) {
  const std::string salt = fmt::format("{} {} {}", chain_.hex(), (*ratchet_)->seq(), note.type);
  return append(note.type, own_members(context_, note.time_ms, salt, note.about), note.local, true);
}

void Recorder::note(std::string type, std::string about) {
  if (notes_.size() >= kMostNotes) return;
  notes_.push_back(
      {std::move(type), std::move(about), clock_.now_ms(), fold_.count == 0 ? local_ : fold_.first - 1});
}

Result<void> Recorder::write_notes() {
  while (!notes_.empty()) {
    if (auto done = append_own(notes_.front()); !done) return done;
    notes_.pop_front();
  }
  return {};
}

bool Recorder::flooded(bool foldable) {
  const int64_t second = clock_.mono_ms() / 1000;
  if (second != second_) {
    in_second_before_ = second == second_ + 1 ? in_second_ : 0;
    in_second_ = 0;
    second_ = second;
  }
  if (foldable) ++in_second_;
  return in_second_ > options_.flood || in_second_before_ > options_.flood;
}

Result<void> Recorder::fold(uint64_t local_seq, std::string_view line, int64_t time_ms) {
  if (fold_.count >= options_.fold_most)
    if (auto done = unfold(); !done) return done;
  if (fold_.count == 0) {
    fold_.first = local_seq;
    fold_.from_ms = time_ms;
    fold_.since = clock_.mono_ms();
    fold_.hash = wire::Hasher();
  }
  fold_.last = local_seq;
  fold_.to_ms = time_ms;
  ++fold_.count;
  fold_.hash.add(wire::hash(line).view());
  return {};
}

Result<void> Recorder::unfold() {
  if (fold_.count == 0) return {};
  const std::string about = fmt::format(
      R"("folded":{{"count":{},"from_local":{},"to_local":{},"from_ms":{},"to_ms":{},"hash":"{}"}})",
      fold_.count, fold_.first, fold_.last, fold_.from_ms, fold_.to_ms, fold_.hash.digest().hex());
  const std::string salt = fmt::format("{} folded {} {}", chain_.hex(), fold_.first, fold_.last);
  if (auto done =
          append("command.folded", own_members(context_, fold_.from_ms, salt, about), fold_.last, false);
      !done)
    return done;
  fold_ = {};
  return {};
}

Result<void> Recorder::record(uint64_t local_seq, std::string_view line) {
  if (auto done = work_again(); !done) return done;
  if (local_seq <= local_) return {};  // told already, before a restart
  if (auto done = take(local_seq, line); !done) return done;
  taken_.push_back({local_seq, std::string(line)});
  return {};
}

Result<void> Recorder::take(uint64_t local_seq, std::string_view line) {
  if (local_seq > local_ + 1 && local_ != 0) {  // no longer in the local log
    const std::string about = fmt::format(R"("local_gap":{{"from":{},"to":{}}})", local_ + 1, local_seq - 1);
    local_ = local_seq - 1;
    note("local.gap", about);
  }
  const bool tight = spool_->bytes() * 100 >= spool_->limits().cap * kDigestPercent;
  const MappedEvent event = map_event(local_seq, line, context_, tight ? Detail::digest : Detail::full);
  const bool flood = flooded(event.foldable);
  if (notes_.empty() && event.foldable && (flood || tight)) {
    if (auto done = fold(local_seq, line, event.time_ms); !done) return done;
    local_ = local_seq;
    return {};
  }
  if (auto done = unfold(); !done) return done;
  if (auto done = write_notes(); !done) return done;
  if (auto done = append(event.type, event.members, local_seq, event.urgent); !done) return done;
  local_ = local_seq;
  return {};
}

Result<void> Recorder::take_again() {
  for (const Taken& taken : taken_) {
    if (taken.local <= local_) continue;
    if (auto done = take(taken.local, taken.line); !done) return done;
  }
  again_ = false;
  return {};
}

void Recorder::set_recorded() {
  if (!notes_.empty()) return;
  recorded_ = fold_.count == 0 ? local_ : fold_.first - 1;
  while (!taken_.empty() && taken_.front().local <= recorded_) taken_.pop_front();
}

Result<void> Recorder::sync() {
  if (auto done = work_again(); !done) return done;
  if (fold_.count > 0 && clock_.mono_ms() - fold_.since >= options_.fold_ms)
    if (auto done = unfold(); !done) return done;
  if (auto done = write_notes(); !done) return done;
  if (auto done = spool_->sync(); !done) return broke(done.error());
  set_recorded();
  return {};
}

Result<void> Recorder::stop() {
  if (broken_ || !spool_) return fail(Problem::Kind::other, trouble_.empty() ? "not started" : trouble_);
  if (auto done = unfold(); !done) return done;
  if (auto done = write_notes(); !done) return done;
  if (auto done = sync(); !done) return done;
  stopped_ = true;
  return store(true);
}

Result<void> Recorder::broke(const Problem& problem) {
  broken_ = again_ = true;
  trouble_ = problem.text;
  try_again_ = clock_.mono_ms() + kTryAgainMs;
  cause_ = problem.kind == Problem::Kind::full ? "disk-full" : "unclean-stop";
  return fail(problem);
}

Result<void> Recorder::work_again() {
  if (stopped_) return fail(Problem::Kind::other, "the plugin ends");
  if (!broken_) return again_ ? take_again() : Result<void>{};
  if (clock_.mono_ms() < try_again_) return fail(Problem::Kind::full, trouble_);
  if (auto done = start(below_); !done) return done;
  return take_again();
}

Recorder::Mode Recorder::mode() const {
  if (broken_) return Mode::broken;
  if (full_) return Mode::full;
  return spool_->bytes() * 100 >= spool_->limits().cap * kDigestPercent ? Mode::digest : Mode::ok;
}

Result<std::vector<ReadRecord>> Recorder::read(uint64_t from, size_t events, size_t bytes) {
  if (!spool_) return fail(Problem::Kind::other, trouble_);
  return spool_->read(from, events, bytes);
}

Result<void> Recorder::forget(ChainPlace below) {
  below_ = below;
  std::erase_if(declared_, [&](const auto& numbers) { return numbers.second <= below.seq; });
  if (!spool_) return {};
  auto done = spool_->forget(below.seq + 1);
  full_ = full_ && spool_->bytes() >= spool_->limits().cap;
  return done;
}

void Recorder::change(EventContext context, uint64_t spool_cap) {
  context_ = std::move(context);
  options_.spool.cap = spool_cap;
  if (spool_) spool_->set_cap(spool_cap);
}

}  // namespace cmdai::device
