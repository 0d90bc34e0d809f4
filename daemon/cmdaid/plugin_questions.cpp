// What is asked of a plugin while somebody waits.
#include <fmt/format.h>

#include <utility>

#include "daemon/cmdaid/log.hpp"
#include "daemon/cmdaid/plugin.hpp"

namespace cmdai::daemon {

using ipc::Frame;

namespace {

bool answers(const Frame& frame, const std::string& number) {
  return frame.type == "decision" && frame.get("number") == number;
}

}  // namespace

/// Its words, made fit for a verdict.
PluginWord Plugin::word(const Frame& frame) const {
  PluginWord out;
  out.action = policy::action_from_string(frame.get("action")).value_or(policy::Action::allow);
  const std::string rule = frame.get("rule");
  out.rule = rule.empty() ? "plugin." + entry_.name : fmt::format("plugin.{}.{}", entry_.name, rule);
  out.reason = frame.get("reason", fmt::format("the plugin {} says so", entry_.name));
  out.hint = frame.get("hint");
  return out;
}

/// What counts where it cannot be asked.
std::optional<PluginWord> Plugin::failure() const {
  if (!entry_.block_on_failure || !settled_ || stopping_) return std::nullopt;
  return PluginWord{
      policy::Action::block, fmt::format("plugin.{}.unavailable", entry_.name),
      fmt::format("the plugin {} does not answer, and nothing may run without it", entry_.name),
      "`cmdai status` says what is wrong with it; the managed configuration asks for this (OnFailure)"};
}

void Plugin::missed(const char* function) {
  const auto ms = entry_.deadline.count();
  if (++misses_ < kMostMisses) {
    complain(fmt::format("{}() gave no answer within {} ms", function, ms));
    return;
  }
  deaf_ = true;
  deaf_told_ =
      complain(fmt::format("{}() gave no answer within {} ms, {} times in a row: not asked until it answers",
                           function, ms, misses_));
}

/// The answer; nullopt: none in time, or none that means something, which is told.
std::optional<Frame> Plugin::ask(const Frame& question, const char* function) {
  Frame frame = question;
  const std::string number = std::to_string(++asked_);
  frame.add("number", number);
  const auto link = link_;
  auto answer =
      link->ask(frame, entry_.deadline, [&number](const Frame& said) { return answers(said, number); });
  if (!answer) {
    if (link->alive()) missed(function);
    return std::nullopt;
  }
  misses_ = 0;
  if (const std::string* error = answer->find("error")) {
    complain(*error);
    return std::nullopt;
  }
  return answer;
}

/// Later than it was waited for; the newest of them says that it answers again.
void Plugin::on_late_decision(const Frame& frame) {
  if (!deaf_ || !answers(frame, std::to_string(asked_))) return;
  deaf_ = false;
  misses_ = 0;
  log_info(fmt::format("plugin {} answers again", entry_.name));
  if (deaf_told_)
    context_.record("plugin.recovered", "plugin." + entry_.name, entry_.name + " answers again");
}

std::optional<PluginWord> Plugin::decide(const Frame& question) {
  if (!up_ || deaf_) return failure();
  if (!has("decide")) return std::nullopt;
  const auto answer = ask(question, "decide");
  if (!answer) return failure();
  PluginWord said = word(*answer);
  return said.action == policy::Action::allow ? std::nullopt : std::optional(std::move(said));
}

std::optional<PluginWord> Plugin::refuse(const Frame& question) {
  if (!up_ || deaf_) return failure();
  if (!has("approve")) return std::nullopt;
  const auto answer = ask(question, "approve");
  if (!answer) return failure();
  PluginWord said = word(*answer);
  return said.action == policy::Action::block ? std::optional(std::move(said)) : std::nullopt;
}

}  // namespace cmdai::daemon
