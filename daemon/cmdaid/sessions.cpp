#include "daemon/cmdaid/sessions.hpp"

#include <algorithm>
#include <utility>

namespace cmdai::daemon {

namespace {

void take_fact(const ipc::Frame& frame, const char* key, std::string& into) {
  if (const std::string* value = frame.find(key)) into = Sessions::word(*value);
}

}  // namespace

std::string Sessions::word(std::string_view said) {
  std::string out(said.substr(0, 64));
  for (char& c : out)
    if (c <= ' ' || c > '~') c = '_';
  return out;
}

SessionInfo& Sessions::find_or_add(const std::string& id) {
  const auto it =
      std::find_if(sessions_.begin(), sessions_.end(), [&](const SessionInfo& s) { return s.id == id; });
  if (it != sessions_.end()) {
    sessions_.splice(sessions_.end(), sessions_, it);
    return sessions_.back();
  }
  if (sessions_.size() == kMost) sessions_.pop_front();
  sessions_.push_back({});
  sessions_.back().id = id;
  return sessions_.back();
}

void Sessions::take_pid(const ipc::Frame& frame, SessionInfo& s) const {
  take_fact(frame, "pid", s.pid);
  if (!s.pid.empty() && birth_of) s.birth = birth_of(s.pid);
}

void Sessions::finished(std::string_view id) {
  const std::string said = word(id);
  for (SessionInfo& s : sessions_)
    if (s.id == said) ++s.finished;
}

bool Sessions::note(const ipc::Frame& frame, int64_t now) {
  const std::string event = frame.get("event");
  const std::string id = word(frame.get("session"));
  if (event == "close") {
    std::erase_if(sessions_, [&](const SessionInfo& s) { return s.id == id; });
    return true;
  }
  if (event != "open" && event != "cwd") return false;
  SessionInfo& s = find_or_add(id);
  if (event == "open") s.opened = now;
  take_fact(frame, "shell", s.shell);
  take_fact(frame, "version", s.version);
  take_pid(frame, s);
  take_fact(frame, "level", s.level);
  take_fact(frame, "transport", s.transport);
  return true;
}

void Sessions::checked(const ipc::Frame& frame, int64_t now) {
  const std::string id = word(frame.get("session"));
  if (id.empty()) return;
  SessionInfo& s = find_or_add(id);
  s.last_check = now;
  // Which shell it is was said when it opened; only how it asks may change.
  if (s.shell.empty()) take_fact(frame, "shell", s.shell);
  if (s.pid.empty()) take_pid(frame, s);
  take_fact(frame, "level", s.level);
  take_fact(frame, "transport", s.transport);
}

bool Sessions::knows(std::string_view id) const {
  const std::string said = word(id);
  return std::any_of(sessions_.begin(), sessions_.end(), [&](const SessionInfo& s) { return s.id == said; });
}

bool Sessions::first_question(std::string_view id) {
  const std::string said = word(id);
  if (said.empty()) return true;
  return !std::exchange(find_or_add(said).asked, true);
}

void Sessions::forget_ended(const std::function<bool(const SessionInfo&)>& runs) {
  std::erase_if(sessions_, [&](const SessionInfo& s) { return !s.pid.empty() && !runs(s); });
}

}  // namespace cmdai::daemon
