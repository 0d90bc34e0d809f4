#include "daemon/runner/plugin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "daemon/runner/library.hpp"
#include "daemon/runner/requests.hpp"
#include "daemon/runner/words.hpp"

namespace cmdai::runner {
namespace {

constexpr size_t kMostName = 128;
constexpr size_t kMostLine = 1024;  ///< of a reason or hint
constexpr size_t kMostHealth = 4096;
constexpr size_t kMostDocuments = 1000;
constexpr size_t kMostPolicy = size_t{8} << 20U;  ///< bytes of all documents

bool is_rule(const std::string& rule) {
  const auto fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return std::all_of(rule.begin(), rule.end(), fine) && !rule.starts_with('.') && !rule.ends_with('.') &&
         rule.find("..") == std::string::npos;
}

bool is_document_name(const std::string& name) {
  const auto fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), fine);
}

/// A decision or a gate into a frame; an answer that means nothing is an error.
template <typename Said>
void add_said(ipc::Frame& out, const Said& said, const char* function) {
  const std::string_view action = action_word(said.action);
  const std::string rule = copied(said.rule, kMostName);
  if (action.empty()) {
    out.add("error",
            fmt::format("{}() answered with the action {:#x}, which is none", function, said.action));
    return;
  }
  if (!is_rule(rule)) {
    out.add("error", fmt::format("{}() answered with a rule that is no name", function));
    return;
  }
  out.add("action", action).add_if("rule", rule);
  out.add_if("reason", one_line(said.reason, kMostLine)).add_if("hint", one_line(said.hint, kMostLine));
}

/// Empty: it is added.
std::string add_document(ipc::Frame& out, const cmdai_document& d, size_t number, size_t& bytes) {
  const std::string name = copied(d.name, kMostName);
  const std::string_view kind = document_word(d.kind);
  if (kind.empty()) return fmt::format("document {} is of no known kind", number);
  if (!is_document_name(name)) return fmt::format("document {} has no name that could be shown", number);
  bytes += d.text.size;
  if (bytes > kMostPolicy) return fmt::format("the documents are larger than {} bytes", kMostPolicy);
  out.add(fmt::format("kind.{}", number), kind).add(fmt::format("name.{}", number), name);
  out.add(fmt::format("text.{}", number), copied(d.text, kMostPolicy));
  return {};
}

/// The array's elements may be those of an older minor, shorter than ours.
std::string add_documents(ipc::Frame& out, const cmdai_policy& policy) {
  constexpr size_t kShortestDocument = offsetof(cmdai_document, text) + sizeof(cmdai_document::text);
  if (policy.count > kMostDocuments) return fmt::format("there are {} documents", policy.count);
  const char* at = reinterpret_cast<const char*>(policy.documents);
  size_t bytes = 0;
  for (size_t i = 0; i < policy.count; ++i) {
    size_t size = 0;
    std::memcpy(&size, at, sizeof size);
    if (size < kShortestDocument || size > 4096)
      return fmt::format("document {} says a size of {}", i + 1, size);
    cmdai_document d{};
    std::memcpy(&d, at, std::min(size, sizeof d));
    if (std::string wrong = add_document(out, d, i + 1, bytes); !wrong.empty()) return wrong;
    at += size;
  }
  return {};
}

template <typename Struct>
Struct blank() {
  Struct out{};
  out.size = sizeof out;
  return out;
}

ipc::Frame decision_for(const ipc::Frame& asked) {
  ipc::Frame out("decision");
  out.add("number", asked.get("number"));
  return out;
}

}  // namespace

std::string Plugin::outcome(const char* function, int returned) {
  std::string said = host_.take_error();
  if (returned == CMDAI_OK) return {};
  return said.empty() ? fmt::format("{}() failed and did not say why", function)
                      : fmt::format("{}() failed: {}", function, said);
}

Result<std::unique_ptr<Plugin>> Plugin::open(const cmdai_plugin_table& table, const ipc::Frame& open,
                                             Outbox& outbox) {
  std::unique_ptr<Plugin> out(new Plugin(table, open, outbox));
  const int returned = table.open(out->host_.raw(), &out->state_);
  if (std::string wrong = out->outcome("open", returned); !wrong.empty()) {
    out->table_.close = nullptr;  // it never was open
    Diagnostic d;
    d.message = std::move(wrong);
    return fail(std::move(d));
  }
  return out;
}

Plugin::~Plugin() {
  if (table_.close != nullptr) table_.close(state_);
}

ipc::Frame Plugin::opened() const {
  const auto text = [](const char* s) { return cmdai_bytes{s, s == nullptr ? 0 : strnlen(s, kMostName)}; };
  ipc::Frame out("opened");
  out.add("name", one_line(text(table_.name), kMostName));
  out.add("version", one_line(text(table_.version), kMostName));
  out.add("api", fmt::format("{}.{}", table_.api_major, table_.api_minor));
  out.add("functions", fmt::format("{}", fmt::join(functions_of(table_), " ")));
  return out;
}

ipc::Frame Plugin::reload(const ipc::Frame& frame) {
  ipc::Frame out("reloaded");
  if (table_.reload == nullptr) return out;
  std::string settings = frame.get("settings");
  const int returned = table_.reload(state_, {settings.data(), settings.size()});
  out.add_if("error", outcome("reload", returned));
  return out;
}

ipc::Frame Plugin::decide(const ipc::Frame& frame) {
  ipc::Frame out = decision_for(frame);
  if (table_.decide == nullptr) return std::move(out.add("action", "none"));
  const cmdai_request request = request_of(frame);
  const cmdai_verdict verdict = verdict_of(frame);
  auto said = blank<cmdai_decision>();
  said.action = CMDAI_NO_OPINION;
  const int returned = table_.decide(state_, &request, &verdict, &said);
  if (const std::string wrong = outcome("decide", returned); !wrong.empty())
    return std::move(out.add("error", wrong));
  add_said(out, said, "decide");
  return out;
}

ipc::Frame Plugin::approve(const ipc::Frame& frame) {
  ipc::Frame out = decision_for(frame);
  if (table_.approve == nullptr) return std::move(out.add("action", "none"));
  const cmdai_request request = request_of(frame);
  const cmdai_approval approval = approval_of(frame);
  auto said = blank<cmdai_decision>();
  said.action = CMDAI_NO_OPINION;
  const int returned = table_.approve(state_, &request, &approval, &said);
  if (const std::string wrong = outcome("approve", returned); !wrong.empty())
    return std::move(out.add("error", wrong));
  add_said(out, said, "approve");
  return out;
}

ipc::Frame Plugin::health() {
  ipc::Frame out("health");
  if (table_.health == nullptr) return std::move(out.add("state", "ok"));
  auto said = blank<cmdai_health>();
  said.state = CMDAI_HEALTH_OK;
  const int returned = table_.health(state_, &said);
  if (const std::string wrong = outcome("health", returned); !wrong.empty())
    return std::move(out.add("error", wrong));
  const std::string_view state = health_word(said.state);
  if (state.empty())
    return std::move(
        out.add("error", fmt::format("health() says the state {:#x}, which is none", said.state)));
  return std::move(out.add("state", state).add_if("lines", copied(said.lines, kMostHealth)));
}

std::optional<ipc::Frame> Plugin::policy() {
  if (table_.policy == nullptr) return std::nullopt;
  auto said = blank<cmdai_policy>();
  std::string wrong = outcome("policy", table_.policy(state_, &said));
  ipc::Frame out("policy");
  if (wrong.empty()) wrong = add_documents(out, said);
  if (wrong.empty()) return out;
  ipc::Frame failed("policy");
  failed.add("error", wrong);
  return failed;
}

std::optional<ipc::Frame> Plugin::gate() {
  if (table_.gate == nullptr) return std::nullopt;
  auto said = blank<cmdai_gate>();
  said.action = CMDAI_NO_OPINION;
  const std::string wrong = outcome("gate", table_.gate(state_, &said));
  ipc::Frame out("gate");
  if (wrong.empty())
    add_said(out, said, "gate");
  else
    out.add("error", wrong);
  return out;
}

std::optional<uint64_t> Plugin::recorded() {
  if (table_.recorded == nullptr) return std::nullopt;
  uint64_t seq = 0;
  const std::string wrong = outcome("recorded", table_.recorded(state_, &seq));
  return wrong.empty() ? std::optional(seq) : std::nullopt;
}

std::string Plugin::record(uint64_t seq, const std::string& line) {
  if (table_.record == nullptr) return {};
  return outcome("record", table_.record(state_, seq, {line.data(), line.size()}));
}

void Plugin::policy_result(const ipc::Frame& frame) {
  if (table_.policy_result == nullptr) return;
  const std::string text = frame.get("text");
  table_.policy_result(state_, frame.get("ok") == "1" ? 1 : 0, {text.data(), text.size()});
  host_.take_error();
}

void Plugin::posture(const ipc::Frame& frame) {
  if (table_.posture == nullptr) return;
  const std::string json = frame.get("json");
  table_.posture(state_, {json.data(), json.size()});
  host_.take_error();
}

}  // namespace cmdai::runner
