#include "daemon/cmdaid/approvals.hpp"

#include <sodium.h>

#include <algorithm>

namespace cmdai::daemon {
namespace {

/// Letters and digits that are not mistaken for each other. 31^7 codes: guessing one in ten minutes is
/// hopeless.
std::string random_code() {
  static constexpr char kAlphabet[] = "23456789abcdefghjkmnpqrstuvwxyz";
  std::string out;
  for (int i = 0; i < 7; ++i) out += kAlphabet[randombytes_uniform(sizeof kAlphabet - 1)];
  return out;
}

size_t size_of(const StoppedRequest& r) {
  return r.command.size() + r.cwd.size() + r.session.size() + r.actor.size();
}

}  // namespace

void Approvals::forget_old(int64_t now) {
  std::erase_if(entries_, [now](const Entry& e) { return e.expires <= now; });
  size_t bytes = 0;
  size_t kept = 0;
  for (auto it = entries_.rbegin(); it != entries_.rend() && kept < kMost; ++it, ++kept)
    if ((bytes += size_of(it->request)) > kMostBytes) break;
  entries_.erase(entries_.begin(), entries_.end() - static_cast<std::ptrdiff_t>(kept));
}

std::string Approvals::issue(const StoppedRequest& request, const std::string& reason, int64_t now) {
  forget_old(now);
  for (Entry& e : entries_) {
    if (!(e.request == request) || e.approved) continue;
    e.expires = now + kLifetime;
    return e.code;
  }
  entries_.push_back({random_code(), reason, request, false, now + kLifetime});
  forget_old(now);
  return entries_.back().code;
}

std::vector<Approvals::Waiting> Approvals::waiting(int64_t now) {
  forget_old(now);
  std::vector<Waiting> out;
  for (const Entry& e : entries_)
    if (!e.approved) out.push_back({e.code, e.reason, e.request});
  return out;
}

std::optional<Approvals::Waiting> Approvals::find(const std::string& code, int64_t now) {
  forget_old(now);
  for (const Entry& e : entries_)
    if (e.code == code && !e.approved) return Waiting{e.code, e.reason, e.request};
  return std::nullopt;
}

std::optional<Approvals::Approved> Approvals::approve(const std::string& code, int64_t now) {
  forget_old(now);
  const auto it = std::find_if(entries_.begin(), entries_.end(),
                               [&](const Entry& e) { return e.code == code && !e.approved; });
  if (it == entries_.end()) return std::nullopt;
  it->approved = true;
  it->expires = now + kLifetime;
  return Approved{it->request.command, it->expires};
}

bool Approvals::refuse(const std::string& code, int64_t now) {
  forget_old(now);
  return std::erase_if(entries_, [&](const Entry& e) { return e.code == code && !e.approved; }) != 0;
}

bool Approvals::redeem(const StoppedRequest& request, int64_t now) {
  forget_old(now);
  const auto it = std::find_if(entries_.begin(), entries_.end(),
                               [&](const Entry& e) { return e.approved && e.request == request; });
  if (it == entries_.end()) return false;
  entries_.erase(it);
  return true;
}

void Approvals::hand_over(const StoppedRequest& request, int64_t now) {
  entries_.push_back({random_code(), {}, request, true, now + kHandOver});
  forget_old(now);
}

}  // namespace cmdai::daemon
