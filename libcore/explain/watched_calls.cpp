#include "libcore/explain/watched_calls.hpp"

#include <algorithm>

namespace cmdai::explain {
namespace {

constexpr size_t kMostCalls = 2000;  ///< a loop or a recursion has many; more than a lesson shows
constexpr size_t kMostWords = 500;

bool same(resolve::Place a, resolve::Place b) {
  return a.source == b.source && a.range.begin == b.range.begin && a.range.end == b.range.end;
}

std::vector<std::string> words_of(const resolve::Invocation& call) {
  std::vector<std::string> out;
  for (const resolve::Argument& a : call.argv) out.push_back(a.value.display());
  return out;
}

}  // namespace

void WatchedCalls::enter(const resolve::Invocation& call) {
  const bool keep = calls_.size() < kMostCalls && call.argv.size() <= kMostWords;
  const size_t parent = open_.empty() ? SIZE_MAX : open_.back();
  open_.push_back(keep ? calls_.size() : SIZE_MAX);
  if (keep) calls_.push_back({call, parent});
}

void WatchedCalls::leave() { open_.pop_back(); }

void WatchedCalls::bare(const resolve::Invocation& call) {
  if (bare_.size() < kMostCalls) bare_.push_back(call);
}

const WatchedCall* WatchedCalls::at(resolve::Place place) const {
  const auto it = std::find_if(calls_.begin(), calls_.end(),
                               [&](const WatchedCall& w) { return same(w.call.place, place); });
  return it == calls_.end() ? nullptr : &*it;
}

const resolve::Invocation* WatchedCalls::bare_at(resolve::Place place) const {
  const auto it = std::find_if(bare_.begin(), bare_.end(),
                               [&](const resolve::Invocation& call) { return same(call.place, place); });
  return it == bare_.end() ? nullptr : &*it;
}

std::vector<const WatchedCall*> WatchedCalls::run_by(const WatchedCall& call) const {
  constexpr size_t kMost = 8;
  const size_t parent = static_cast<size_t>(&call - calls_.data());
  std::vector<const WatchedCall*> out;
  for (size_t i = parent + 1; i < calls_.size() && out.size() < kMost; ++i) {
    const WatchedCall& w = calls_[i];
    if (w.parent != parent || !same(w.call.place, call.call.place)) continue;
    const bool again = std::any_of(
        out.begin(), out.end(), [&](const WatchedCall* o) { return words_of(o->call) == words_of(w.call); });
    if (!again) out.push_back(&w);
  }
  return out;
}

std::optional<Dialect> WatchedCalls::dialect_of(uint32_t source) const {
  for (const WatchedCall& w : calls_)
    if (w.call.place.source == source) return w.call.dialect;
  return std::nullopt;
}

}  // namespace cmdai::explain
