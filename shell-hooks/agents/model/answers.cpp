#include "shell-hooks/agents/model/answers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shell-hooks/agents/model/parts.hpp"

namespace cmdai::agents {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kHere[] = {"http://127.0.0.1", "http://localhost"};

/// `http://127.0.0.1:1/v1/x` -> `/v1/x`: some agents take their proxy for the model's own address, too.
std::string_view own_path(std::string_view target) {
  for (const std::string_view here : kHere)
    if (target.starts_with(here)) {
      const size_t slash = target.find('/', here.size());
      return slash == std::string_view::npos ? "/" : target.substr(slash);
    }
  return target;
}

Answer refusal(unsigned status, std::string_view message) {
  return {status, json_reply({{"error", {{"type", "not_found_error"}, {"message", message}}}})};
}

/// Which models there are: any agent's own list.
Answer models() {
  const Json one = {{"id", "verify"},           {"object", "model"}, {"type", "model"},
                    {"display_name", "verify"}, {"created", 0},      {"created_at", "2025-01-01T00:00:00Z"},
                    {"owned_by", "cmdai"}};
  return {200, json_reply({{"object", "list"},
                           {"data", Json::array({one})},
                           {"models", Json::array()},
                           {"has_more", false}})};
}

}  // namespace

Answer Answers::answer(std::string_view method, std::string_view target, std::string_view body) {
  const std::string_view path = own_path(target);
  if (method == "CONNECT" || !path.starts_with('/')) {
    note(&LoopbackModel::Progress::outbound, std::string(target));
    return refusal(403, "there is no network here");
  }
  if (method != "POST") {
    if (path.find("/models") != std::string_view::npos) return models();
    if (path != "/") note(&LoopbackModel::Progress::unknown, fmt::format("{} {}", method, path));
    return refusal(404, "the loopback model does not know this");
  }
  if (path.find("count_tokens") != std::string_view::npos ||
      path.find(":countTokens") != std::string_view::npos)
    return {200, json_reply({{"input_tokens", 10}, {"totalTokens", 10}})};
  const Protocol* protocol = protocol_of(path);
  const Json request = Json::parse(body, nullptr, false);
  if (protocol == nullptr || !request.is_object()) {
    note(&LoopbackModel::Progress::unknown, fmt::format("{} {}", method, path));
    return refusal(404, "the loopback model does not know this");
  }
  return converse(*protocol, protocol->read(request, path));
}

Answer Answers::converse(const Protocol& protocol, const Conversation& conversation) {
  take_results(conversation);
  return {200, protocol.answer(conversation, next(conversation))};
}

/// The results that are new. A side conversation (a title, a summary) has none.
void Answers::take_results(const Conversation& conversation) {
  for (;;) {
    size_t step = 0;
    {
      const std::lock_guard lock(mutex_);
      step = progress_.told.size();
      if (step >= script_.size() || conversation.told.size() <= step) return;
      progress_.told.push_back(conversation.told[step]);
    }
    if (observer_) observer_(step, conversation.told[step]);
  }
}

Turn Answers::next(const Conversation& conversation) {
  Turn turn;
  turn.text = LoopbackModel::kFinal;
  const size_t step = conversation.told.size();
  if (step < script_.size()) turn.call = call_of(script_[step], conversation);
  const std::lock_guard lock(mutex_);
  if (turn.call) {
    progress_.asked = std::max(progress_.asked, step + 1);
    progress_.tool = turn.call->tool;
  } else if (step >= script_.size()) {
    progress_.finished = true;
  }
  return turn;
}

void Answers::note(std::vector<std::string> LoopbackModel::Progress::*list, std::string what) {
  const std::lock_guard lock(mutex_);
  auto& all = progress_.*list;
  if (std::find(all.begin(), all.end(), what) == all.end()) all.push_back(std::move(what));
}

LoopbackModel::Progress Answers::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_;
}

}  // namespace cmdai::agents
