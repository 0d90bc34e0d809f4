#pragma once
// The four ways in which agents speak with a model, as far as a conversation about one tool needs them. What
// the agents send and take was seen with Claude Code 2.1.330 (Anthropic Messages), Codex 0.169.0 (OpenAI
// Responses), Copilot CLI 1.0.102 and OpenCode 1.18.33 (OpenAI Chat Completions) and Gemini CLI 0.61.0
// (generateContent).
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::agents {

/// What a request says, whichever protocol it came in.
struct Conversation {
  std::string model;
  std::string instructions;                     ///< the system prompt
  std::map<std::string, nlohmann::json> tools;  ///< name -> JSON Schema of its arguments
  std::vector<std::string> told;                ///< what came of each tool call so far, in order
  bool streamed = false;                        ///< the answer is wanted as server-sent events
};

/// What the model answers: one tool call, or a text that ends its turn.
struct Turn {
  struct Call {
    std::string tool;
    nlohmann::json arguments;
  };
  std::optional<Call> call;
  std::string text;
};

struct Reply {
  std::string media_type;
  std::string body;
};

struct Protocol {
  std::string_view name;
  /// Of a body that is JSON, but may be any JSON; `target` is the path with its query.
  Conversation (*read)(const nlohmann::json& body, std::string_view target);
  Reply (*answer)(const Conversation& conversation, const Turn& turn);
};

/// By the path of the request; null: none of the four.
const Protocol* protocol_of(std::string_view target);

extern const Protocol kAnthropicMessages, kOpenaiResponses, kOpenaiChat, kGeminiContent;

}  // namespace cmdai::agents
