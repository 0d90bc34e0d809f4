// What a plugin's process says, and what comes of it.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "daemon/cmdaid/frame_fields.hpp"
#include "daemon/cmdaid/log.hpp"
#include "daemon/cmdaid/plugin.hpp"
#include "libcore/base/text.hpp"

namespace cmdai::daemon {

using ipc::Frame;

namespace {

constexpr size_t kMostInFlight = 128;                    ///< lines
constexpr size_t kMostUnsentLines = size_t{256} << 10U;  ///< bytes, before more lines are read

uint64_t seq_in(const Frame& frame, std::string_view key) {
  const auto number = integer(frame.find(key));
  return number && *number > 0 ? static_cast<uint64_t>(*number) : 0;
}

}  // namespace

void Plugin::on_frame(const Frame& frame) {
  if (frame.type == "opened") return on_opened(frame);
  if (frame.type == "failed") {
    last_words_ = frame.get("text");
    return;
  }
  if (frame.type == "recorded") return on_recorded(frame);
  if (frame.type == "policy") return on_policy(frame);
  if (frame.type == "gate") return on_gate(frame);
  if (frame.type == "health") return on_health(frame);
  if (frame.type == "log") return on_log(frame);
  if (frame.type == "decision") return on_late_decision(frame);
  if (frame.type == "report")
    return context_.record("plugin.report", "plugin." + entry_.name,
                           fmt::format("{}: {}", entry_.name, frame.get("text")));
  if (frame.type == "reloaded")
    if (const std::string* error = frame.find("error")) complain(*error + "; its old settings count");
}

void Plugin::on_opened(const Frame& frame) {
  up_ = true;
  settled_ = true;
  problem_.clear();
  library_name_ = frame.get("name");
  version_ = frame.get("version");
  api_ = frame.get("api");
  functions_.clear();
  for (const std::string& name : words_in(frame.get("functions"), " ")) functions_.insert(name);
  const std::string text = fmt::format("{} is open: {} {}, interface {}, {}", entry_.name, library_name_,
                                       version_, api_, entry_.path);
  log_info("plugin " + text);
  durable_ = seq_in(frame, "recorded");
  if (durable_ > context_.log.head().seq) {
    log_warning(fmt::format("plugin {} has recorded up to {}, the event log ends at {}: it was begun anew",
                            entry_.name, durable_, context_.log.head().seq));
    durable_ = 0;
  }
  if (has("record")) reader_.emplace(context_.log.path(), durable_);
  context_.record("plugin.loaded", "plugin." + entry_.name, text);
  tell_posture(context_.posture());
  feed();
}

void Plugin::feed() {
  if (!reader_ || link_ == nullptr) return;
  while (in_flight_.size() < kMostInFlight && link_->unsent() < kMostUnsentLines) {
    const auto lines = reader_->next(kMostInFlight - in_flight_.size(), kMostUnsentLines);
    if (lines.empty()) return;
    for (const host::LogReader::Line& line : lines) {
      Frame frame("record");
      frame.add("seq", std::to_string(line.seq)).add("line", line.text);
      in_flight_.push_back(line.seq);
      link_->send(frame);
    }
  }
}

void Plugin::on_recorded(const Frame& frame) {
  const uint64_t taken = seq_in(frame, "taken");
  while (!in_flight_.empty() && in_flight_.front() <= taken) in_flight_.pop_front();
  durable_ = seq_in(frame, "durable");
  record_problem_ = frame.get("error");
  if (!record_problem_.empty()) complain(record_problem_);
  feed();
}

void Plugin::on_policy(const Frame& frame) {
  if (const std::string* error = frame.find("error")) {
    complain(*error + "; the last good policy stays in force");
    return;
  }
  std::vector<PluginDocument> said;
  for (size_t number = 1;; ++number) {
    const std::string* name = frame.find(fmt::format("name.{}", number));
    if (name == nullptr) break;
    said.push_back(
        {frame.get(fmt::format("kind.{}", number)), *name, frame.get(fmt::format("text.{}", number))});
  }
  context_.on_policy(*this, std::move(said));
}

void Plugin::policy_result(bool ok, const std::string& text) {
  Frame frame("policy-result");
  frame.add("ok", ok ? "1" : "0").add("text", text);
  if (link_ != nullptr) link_->send(frame);
}

void Plugin::on_gate(const Frame& frame) {
  if (const std::string* error = frame.find("error")) {
    complain(*error + "; its gate stays as it was");
    return;
  }
  const std::string before = gate_ ? gate_->reason : "";
  PluginWord said = word(frame);
  gate_ = said.action == policy::Action::allow ? std::nullopt : std::optional(std::move(said));
  if (gate_ && gate_->reason != before)
    log_warning(fmt::format("plugin {}: every command is now {}: {}", entry_.name,
                            policy::to_string(gate_->action), gate_->reason));
}

void Plugin::on_health(const Frame& frame) {
  const std::string before = health_;
  const std::string* error = frame.find("error");
  health_ = error != nullptr ? "failed" : frame.get("state", "failed");
  health_lines_ = error != nullptr ? *error : frame.get("lines");
  if (health_ == before || !up_) return;
  if (health_ != "failed") return log_info(fmt::format("plugin {} is {}", entry_.name, health_));
  complain("it says that it has failed: " + health_lines_.substr(0, health_lines_.find('\n')));
}

void Plugin::on_log(const Frame& frame) const {
  const std::string text = fmt::format("plugin {}: {}", entry_.name, frame.get("text"));
  const std::string level = frame.get("level");
  if (level == "error") return log_error(text);
  if (level == "warning") return log_warning(text);
  if (level == "info") log_info(text);
}

void Plugin::tell_posture(const std::string& json) {
  if (!has("posture") || link_ == nullptr || json == told_posture_) return;
  told_posture_ = json;
  link_->send(Frame("posture").add("json", json));
}

std::string Plugin::state() const {
  if (!up_) return link_ != nullptr && problem_.empty() ? "starting" : "failed";
  if (deaf_) return "unresponsive";
  return !record_problem_.empty() && health_ == "ok" ? "degraded" : health_;
}

void Plugin::status(Frame& out, const std::string& key) const {
  out.add(key + "name", entry_.name).add(key + "path", entry_.path).add(key + "state", state());
  out.add_if(key + "version", version_.empty() ? "" : library_name_ + ' ' + version_)
      .add_if(key + "api", api_);
  out.add(key + "on_failure", entry_.block_on_failure ? "block" : "ignore");
  out.add(key + "restarts", std::to_string(starts_ > 0 ? starts_ - 1 : 0));
  if (link_ != nullptr) out.add(key + "pid", std::to_string(link_->process()));
  if (has("record")) out.add(key + "recorded", std::to_string(durable_));
  out.add_if(key + "error", !problem_.empty() ? problem_ : record_problem_);
  if (gate_) out.add(key + "gate", fmt::format("{} {}", policy::to_string(gate_->action), gate_->reason));
  out.add_if(key + "health", up_ ? health_lines_ : "");
}

}  // namespace cmdai::daemon
