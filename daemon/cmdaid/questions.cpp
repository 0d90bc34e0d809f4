#include "daemon/cmdaid/questions.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cmdai::daemon {
namespace {

size_t size_of(const ipc::Frame& frame) {
  size_t sum = 0;
  for (const auto& [key, value] : frame.fields) sum += key.size() + value.size();
  return sum;
}

bool stops(const policy::Match& match) {
  return match.action == policy::Action::ask || match.action == policy::Action::block;
}

/// The first of the stopping rules that gives way to no entry.
std::string locked_rule(const policy::Verdict& verdict) {
  const auto locked = std::find_if(verdict.matches.begin(), verdict.matches.end(),
                                   [](const policy::Match& match) { return stops(match) && match.locked; });
  return locked == verdict.matches.end() ? std::string() : locked->rule;
}

/// Whether an entry for it can be written and read back.
bool can_be_written(const ipc::Frame& request) {
  policy::AllowEntry entry;
  entry.command = request.get("cmd");
  entry.path = request.get("cwd");
  return entry.path.starts_with('/') && policy::to_toml(entry).has_value();
}

std::string why_fixed(const ipc::Frame& request, const policy::Verdict& verdict) {
  if (request.get("tty") != "1" || request.get("actor", "human") != "human")
    return "only a person at a terminal can allow a command for good";
  if (const std::string rule = locked_rule(verdict); !rule.empty())
    return fmt::format("rule {} cannot be lifted for good, only for one run: y", rule);
  return can_be_written(request) ? "" : "this text, or this folder, cannot be written into allow.toml";
}

}  // namespace

void Questions::forget_old(int64_t now) {
  std::erase_if(open_, [now](const Question& q) { return q.expires <= now; });
  size_t bytes = 0;
  size_t kept = 0;
  for (auto it = open_.rbegin(); it != open_.rend() && kept < kMost; ++it, ++kept)
    if ((bytes += size_of(it->request)) > kMostBytes) break;
  open_.erase(open_.begin(), open_.end() - static_cast<std::ptrdiff_t>(kept));
}

void Questions::add(Question question, int64_t now) {
  question.expires = now + kLifetime;
  open_.push_back(std::move(question));
  forget_old(now);
}

const Question* Questions::find(const std::string& id, int64_t now) {
  forget_old(now);
  const auto it = std::find_if(open_.begin(), open_.end(), [&id](const Question& q) { return q.id == id; });
  return it == open_.end() ? nullptr : &*it;
}

void Questions::close(const std::string& id) {
  std::erase_if(open_, [&id](const Question& q) { return q.id == id; });
}

Question question_of(const std::string& id, const ipc::Frame& request, const policy::Verdict& verdict) {
  Question out;
  out.id = id;
  out.request.type = request.type;
  for (const auto& [key, value] : request.fields)
    if (!key.starts_with("var.") && !key.starts_with("function.")) out.request.add(key, value);
  for (const policy::Match& match : verdict.matches)
    if (stops(match)) out.rules.push_back(match.rule);
  out.fixed = why_fixed(request, verdict);
  return out;
}

std::vector<policy::AllowEntry> entries_of(const Question& question) {
  std::vector<policy::AllowEntry> out;
  for (const std::string& rule : question.rules) {
    policy::AllowEntry entry;
    entry.command = question.request.get("cmd");
    entry.rule = rule;
    entry.path = question.request.get("cwd");
    entry.below = false;
    entry.reason = "always, said at the question";
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace cmdai::daemon
