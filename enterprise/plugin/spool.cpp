#include "enterprise/plugin/spool.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cmdai::device {
namespace {

constexpr std::string_view kPrefix = "spool-";
constexpr uint64_t kUrgentRoom = uint64_t{1} << 20U;

std::string segment_name(uint64_t first) { return fmt::format("{}{:016x}", kPrefix, first); }

std::optional<uint64_t> first_of(const std::string& name) {
  if (name.size() != kPrefix.size() + 16 || name.compare(0, kPrefix.size(), kPrefix) != 0)
    return std::nullopt;
  uint64_t value = 0;
  for (const char c : name.substr(kPrefix.size())) {
    const size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 4U | digit;
  }
  return value;
}

}  // namespace

Result<std::unique_ptr<Spool>> Spool::open(Disk& disk, const wire::ChainId& chain, Limits limits,
                                           ChainPlace below) {
  std::unique_ptr<Spool> spool(new Spool(disk, chain, limits));
  if (auto done = spool->scan(below); !done) return fail(done.error());
  return spool;
}

Result<void> Spool::scan(ChainPlace below) {
  auto names = disk_.names();
  if (!names) return fail(names.error());
  std::sort(names->begin(), names->end());
  found_.end = below;
  for (const std::string& name : *names)
    if (const auto first = first_of(name)) segments_.push_back({name, *first, 0, 0, false});
  for (size_t i = 0; i < segments_.size(); ++i) {
    Segment& segment = segments_[i];
    auto bytes = disk_.read(segment.name);
    if (!bytes) return fail(bytes.error());
    // What a process that was killed has written is in the kernel: on the disk before anything is told of it.
    auto file = disk_.open(segment.name);
    if (!file) return fail(file.error());
    if (auto done = (*file)->sync(); !done) return done;
    segment.size = bytes->size();
    bytes_ += segment.size;
    const SegmentContent content = read_segment(*bytes, chain_, segment.first);
    if (!content.records.empty()) segment.last = content.records.back().record.seq;
    judge(content, segment, i + 1 == segments_.size(), below);
    segment.to_mend = !content.header || content.damaged || content.tail;
  }
  last_ = durable_ = found_.end.seq;
  return disk_.sync_names();
}

void Spool::judge(const SegmentContent& content, const Segment& segment, bool newest, ChainPlace below) {
  // A segment whose end was never reached is what a power cut leaves; anything else is damage.
  const bool torn = newest && !content.damaged && (content.header ? content.tail : content.records.empty());
  found_.torn = found_.torn || torn;
  const size_t told = found_.damage.size();
  for (const ReadRecord& r : content.records) {
    if (r.record.seq <= below.seq) {
      if (r.record.seq == below.seq && r.hash != below.hash)
        damaged(0, 0, fmt::format("event {} is not the one its receipt is for", below.seq));
      found_.local = std::max(found_.local, r.record.local);
      continue;
    }
    if (r.record.seq <= found_.end.seq) {
      damaged(0, 0, fmt::format("event {} is there a second time", r.record.seq));
      continue;
    }
    if (!follows(r.record.line, found_.end)) {
      if (r.record.seq > found_.end.seq + 1)
        damaged(found_.end.seq + 1, r.record.seq - 1, "events are missing");
      else
        damaged(found_.end.seq, found_.end.seq, "an event was changed");
    }
    found_.end = {r.record.seq, r.hash};
    found_.local = std::max(found_.local, r.record.local);
  }
  const bool whole = content.header && !content.damaged && !content.tail;
  if (!whole && !torn && told == found_.damage.size())
    damaged(0, 0, fmt::format("`{}` holds bytes that are no events", segment.name));
}

void Spool::damaged(uint64_t from, uint64_t to, std::string what) {
  found_.damage.push_back({from, to, std::move(what)});
}

Result<void> Spool::mend_one(Segment& segment) {
  auto bytes = disk_.read(segment.name);
  if (!bytes) return fail(bytes.error());
  const SegmentContent content = read_segment(*bytes, chain_, segment.first);
  std::string clean = segment_header(chain_, segment.first);
  for (const ReadRecord& r : content.records) clean += write_record(r.record, chain_);
  if (auto done = disk_.replace(segment.name, clean); !done) return done;
  bytes_ = bytes_ - segment.size + clean.size();
  segment.size = clean.size();
  segment.to_mend = false;
  cached_name_.clear();
  return {};
}

Result<void> Spool::cut_torn() {
  if (!found_.torn || segments_.empty() || !segments_.back().to_mend) return {};
  return mend_one(segments_.back());
}

Result<void> Spool::mend() {
  for (Segment& segment : segments_)
    if (segment.to_mend)
      if (auto done = mend_one(segment); !done) return done;
  return {};
}

Result<void> Spool::begin_segment(uint64_t first) {
  active_.reset();
  Segment segment{segment_name(first), first, 0, 0, false};
  auto file = disk_.create(segment.name);
  if (!file) return fail(file.error());
  const std::string header = segment_header(chain_, first);
  if (auto done = (*file)->append(header); !done) return done;
  // The name, before anything in it counts as durable; the segment before it was synced by append().
  if (auto done = disk_.sync_names(); !done) return done;
  segment.size = header.size();
  bytes_ += segment.size;
  std::erase_if(segments_, [&](const Segment& s) {  // one of that name without a whole record in it
    if (s.name != segment.name) return false;
    bytes_ -= s.size;
    return true;
  });
  segments_.push_back(std::move(segment));
  active_ = std::move(*file);
  return {};
}

bool Spool::has_room(size_t size, bool urgent) const {
  return bytes_ + size <= limits_.cap + (urgent ? kUrgentRoom : 0);
}

Result<void> Spool::append(const SpoolRecord& record) {
  const std::string bytes = write_record(record, chain_);
  if (!active_ || segments_.back().size >= limits_.segment) {
    if (auto done = sync(); !done) return done;
    if (auto done = begin_segment(record.seq); !done) return done;
  }
  if (auto done = active_->append(bytes); !done) return done;
  Segment& segment = segments_.back();
  segment.size += bytes.size();
  segment.last = record.seq;
  bytes_ += bytes.size();
  last_ = record.seq;
  return {};
}

Result<void> Spool::sync() {
  if (!active_ || durable_ == last_) return {};
  const uint64_t reached = last_;
  if (auto done = active_->sync(); !done) return done;
  durable_ = reached;
  return {};
}

Result<std::vector<ReadRecord>> Spool::read(uint64_t from, size_t events, size_t bytes) {
  std::vector<ReadRecord> out;
  size_t size = 0;
  for (const Segment& segment : segments_) {
    if (segment.last < from || segment.last == 0) continue;
    if (cached_name_ != segment.name) {
      auto text = disk_.read(segment.name);
      if (!text) return fail(text.error());
      cached_ = std::make_shared<SegmentContent>(read_segment(*text, chain_, segment.first));
      cached_name_ = active_ && &segment == &segments_.back() ? std::string() : segment.name;
    }
    for (const ReadRecord& r : cached_->records) {
      if (r.record.seq < from || (!out.empty() && r.record.seq <= out.back().record.seq)) continue;
      if (r.record.seq > durable_ || out.size() == events) return out;
      if (!out.empty() && size + r.record.line.size() > bytes) return out;
      if (!out.empty() && !follows(r.record.line, {out.back().record.seq, out.back().hash})) return out;
      size += r.record.line.size();
      out.push_back(r);
    }
  }
  return out;
}

Result<void> Spool::forget(uint64_t next) {
  bool removed = false;
  while (segments_.size() > 1 && segments_.front().last < next) {
    // A newest segment without a record keeps the one before it: it says how far the local log was told.
    if (segments_.size() == 2 && segments_.back().last == 0) break;
    if (auto done = disk_.remove(segments_.front().name); !done) return done;
    bytes_ -= segments_.front().size;
    segments_.pop_front();
    removed = true;
  }
  return removed ? disk_.sync_names() : Result<void>{};
}

uint64_t Spool::oldest() const {
  for (const Segment& segment : segments_)
    if (segment.last != 0) return segment.first;
  return 0;
}

}  // namespace cmdai::device
