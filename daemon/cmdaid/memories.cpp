#include "daemon/cmdaid/memories.hpp"

#include <algorithm>
#include <utility>

namespace cmdai::daemon {

Memories::Kept* Memories::find_or_add(const std::string& id) {
  if (id.empty() || id.size() > kLongestId) return nullptr;
  const auto it =
      std::find_if(sessions_.begin(), sessions_.end(), [&id](const Kept& k) { return k.id == id; });
  if (it != sessions_.end()) {
    sessions_.splice(sessions_.end(), sessions_, it);
    return &sessions_.back();
  }
  if (sessions_.size() == kMost) sessions_.pop_front();
  sessions_.push_back({id, {}, std::nullopt});
  return &sessions_.back();
}

const resolve::Memory* Memories::of(const std::string& id) {
  Kept* kept = find_or_add(id);
  if (kept == nullptr) return nullptr;
  if (const auto open = std::exchange(kept->open, std::nullopt); open && !open->answer_follows) {
    // Not known to have run: it takes away no doubt about a file.
    resolve::Memory after = open->after;
    for (auto& [path, file] : kept->memory.files) after.files.try_emplace(path, std::move(file));
    after.bound();
    kept->memory = std::move(after);
  }
  return &kept->memory;
}

const resolve::Memory* Memories::peek(const std::string& id) const {
  const auto it =
      std::find_if(sessions_.begin(), sessions_.end(), [&id](const Kept& k) { return k.id == id; });
  return it == sessions_.end() ? nullptr : &it->memory;
}

void Memories::ran(const std::string& id, resolve::Memory after) {
  Kept* kept = find_or_add(id);
  if (kept == nullptr) return;
  kept->memory = std::move(after);
  kept->open.reset();
}

void Memories::asked(const std::string& id, const std::string& verdict, resolve::Memory after,
                     bool answer_follows) {
  if (Kept* kept = find_or_add(id); kept != nullptr) kept->open = {verdict, std::move(after), answer_follows};
}

void Memories::answered(const std::string& verdict, bool yes) {
  for (Kept& kept : sessions_) {
    if (!kept.open || kept.open->verdict != verdict) continue;
    if (yes) kept.memory = std::move(kept.open->after);
    kept.open.reset();
  }
}

void Memories::forget(const std::string& id) {
  std::erase_if(sessions_, [&id](const Kept& k) { return k.id == id; });
}

void Memories::keep(const std::function<bool(const std::string& id)>& lives) {
  std::erase_if(sessions_, [&lives](const Kept& k) { return !lives(k.id); });
}

}  // namespace cmdai::daemon
