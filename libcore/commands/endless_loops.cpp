#include "libcore/commands/endless_loops.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

constexpr size_t kMostJobs = 32;

/// Builtins that are over at once; whatever else runs in the foreground holds the loop up.
bool is_instant(std::string_view program) {
  static constexpr std::string_view kInstant[] = {"true",  "false",  ":",     "[",      "test",  "echo",
                                                  "let",   "set",    "cd",    "export", "local", "declare",
                                                  "shift", "printf", "unset", "disown", "wait"};
  return among(kInstant, program);
}

bool has_option(const resolve::Invocation& call, char letter) {
  return std::any_of(call.argv.begin() + 1, call.argv.end(), [letter](const resolve::Argument& a) {
    const std::string word = a.value.prefix();
    return word.starts_with('-') && word.find(letter) != std::string::npos;
  });
}

}  // namespace

void EndlessLoops::note(const resolve::Invocation& call, uint32_t subshell) {
  const auto& context = call.context;
  const auto loop = std::find(context.rbegin(), context.rend(), "endless loop");
  if (loop == context.rend()) return;
  const auto within = [&](std::string_view what) { return std::find(context.rbegin(), loop, what) != loop; };
  if (within("&")) {
    if (call.program != "wait" && jobs_.size() < kMostJobs)
      jobs_.push_back({call.place, subshell, within("disowned") ? State::disowned : State::runs});
  } else if (call.program == "wait") {
    waits_first_.emplace(subshell, true);
    change(subshell, State::waited_for, true);
  } else if (call.program == "disown") {
    if (has_option(call, 'h')) return;  // stays a job: only SIGHUP is kept from it
    waits_first_.emplace(subshell, false);
    change(subshell, State::disowned, has_option(call, 'a') || has_option(call, 'r'));
  } else {
    held_up_ |= !is_instant(call.program);
  }
}

/// What happens to the jobs of a subshell that run: to all, or to the last one.
void EndlessLoops::change(uint32_t subshell, State to, bool all) {
  for (auto job = jobs_.rbegin(); job != jobs_.rend(); ++job) {
    if (job->subshell != subshell || job->state != State::runs) continue;
    job->state = to;
    if (!all) return;
  }
}

std::optional<resolve::Place> EndlessLoops::spawner() const {
  if (held_up_) return std::nullopt;
  for (const Job& job : jobs_) {
    // What no `wait` behind it takes is taken by one before it, in the next round.
    const auto first = waits_first_.find(job.subshell);
    const bool later = job.state == State::runs && first != waits_first_.end() && first->second;
    if (job.state != State::waited_for && !later) return job.place;
  }
  return std::nullopt;
}

void EndlessLoops::only_start_since(const EndlessLoops& before) {
  held_up_ = before.held_up_;
  waits_first_ = before.waits_first_;
  std::copy(before.jobs_.begin(), before.jobs_.end(), jobs_.begin());
}

}  // namespace cmdai::commands
