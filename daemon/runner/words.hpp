#pragma once
// The codes of cmdai_plugin.h as the words of frames. Empty: no such code.
#include <cstdint>
#include <string_view>

#include "libcore/plugin/cmdai_plugin.h"

namespace cmdai::runner {

constexpr std::string_view action_word(uint32_t code) {
  switch (code) {
    case CMDAI_NO_OPINION: return "none";
    case CMDAI_ALLOW: return "allow";
    case CMDAI_WARN: return "warn";
    case CMDAI_ASK: return "ask";
    case CMDAI_BLOCK: return "block";
    default: return {};
  }
}

/// CMDAI_NO_OPINION for what is no action.
constexpr uint32_t action_code(std::string_view word) {
  for (const uint32_t code : {CMDAI_ALLOW, CMDAI_WARN, CMDAI_ASK, CMDAI_BLOCK})
    if (action_word(code) == word) return code;
  return CMDAI_NO_OPINION;
}

constexpr std::string_view level_word(uint32_t code) {
  switch (code) {
    case CMDAI_LOG_DEBUG: return "debug";
    case CMDAI_LOG_WARNING: return "warning";
    case CMDAI_LOG_ERROR: return "error";
    default: return "info";
  }
}

constexpr std::string_view health_word(uint32_t code) {
  switch (code) {
    case CMDAI_HEALTH_OK: return "ok";
    case CMDAI_HEALTH_DEGRADED: return "degraded";
    case CMDAI_HEALTH_FAILED: return "failed";
    default: return {};
  }
}

constexpr std::string_view document_word(uint32_t code) {
  switch (code) {
    case CMDAI_DOCUMENT_SETTINGS: return "settings";
    case CMDAI_DOCUMENT_RULES: return "rules";
    case CMDAI_DOCUMENT_GROUPS: return "groups";
    default: return {};
  }
}

constexpr uint32_t approval_code(std::string_view word) {
  return word == "yes" ? CMDAI_APPROVAL_YES : word == "always" ? CMDAI_APPROVAL_ALWAYS : CMDAI_APPROVAL_CODE;
}

}  // namespace cmdai::runner
