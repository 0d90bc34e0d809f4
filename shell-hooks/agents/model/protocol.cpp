#include "shell-hooks/agents/model/protocol.hpp"

namespace cmdai::agents {

const Protocol* protocol_of(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  if (path.ends_with("/messages")) return &kAnthropicMessages;
  if (path.ends_with("/responses")) return &kOpenaiResponses;
  if (path.ends_with("/chat/completions")) return &kOpenaiChat;
  if (path.ends_with(":generateContent") || path.ends_with(":streamGenerateContent")) return &kGeminiContent;
  return nullptr;
}

}  // namespace cmdai::agents
