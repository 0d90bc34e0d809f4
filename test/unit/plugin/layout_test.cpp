// The layout of major 1 as it was released: on 64-bit systems no member may ever move. A new member gets a
// line at its struct's end, and the struct's size a new number; nothing else of this table changes.
#include <doctest/doctest.h>

#include <cstddef>
#include <string>

#include "libcore/plugin/cmdai_plugin.h"

namespace {

struct Row {
  const char* type;
  const char* member;  ///< empty: the size of the whole
  size_t is, frozen;
};

// clang-format off
const Row kLayout[] = {
    {"cmdai_bytes", "", sizeof(cmdai_bytes), 16},
    {"cmdai_bytes", "data", offsetof(cmdai_bytes, data), 0},
    {"cmdai_bytes", "size", offsetof(cmdai_bytes, size), 8},
    {"cmdai_host", "", sizeof(cmdai_host), 248},
    {"cmdai_host", "size", offsetof(cmdai_host, size), 0},
    {"cmdai_host", "api_major", offsetof(cmdai_host, api_major), 8},
    {"cmdai_host", "api_minor", offsetof(cmdai_host, api_minor), 12},
    {"cmdai_host", "context", offsetof(cmdai_host, context), 16},
    {"cmdai_host", "log", offsetof(cmdai_host, log), 24},
    {"cmdai_host", "changed", offsetof(cmdai_host, changed), 32},
    {"cmdai_host", "error", offsetof(cmdai_host, error), 40},
    {"cmdai_host", "report", offsetof(cmdai_host, report), 48},
    {"cmdai_host", "name", offsetof(cmdai_host, name), 56},
    {"cmdai_host", "state_dir", offsetof(cmdai_host, state_dir), 72},
    {"cmdai_host", "settings", offsetof(cmdai_host, settings), 88},
    {"cmdai_host", "daemon", offsetof(cmdai_host, daemon), 104},
    {"cmdai_host", "daemon_path", offsetof(cmdai_host, daemon_path), 120},
    {"cmdai_host", "daemon_sha256", offsetof(cmdai_host, daemon_sha256), 136},
    {"cmdai_host", "boot_id", offsetof(cmdai_host, boot_id), 152},
    {"cmdai_host", "user", offsetof(cmdai_host, user), 168},
    {"cmdai_host", "home", offsetof(cmdai_host, home), 184},
    {"cmdai_host", "host_name", offsetof(cmdai_host, host_name), 200},
    {"cmdai_host", "event_log", offsetof(cmdai_host, event_log), 216},
    {"cmdai_host", "last_event", offsetof(cmdai_host, last_event), 232},
    {"cmdai_host", "uid", offsetof(cmdai_host, uid), 240},
    {"cmdai_host", "own_file", offsetof(cmdai_host, own_file), 244},
    {"cmdai_request", "", sizeof(cmdai_request), 312},
    {"cmdai_request", "size", offsetof(cmdai_request, size), 0},
    {"cmdai_request", "id", offsetof(cmdai_request, id), 8},
    {"cmdai_request", "command", offsetof(cmdai_request, command), 24},
    {"cmdai_request", "typed", offsetof(cmdai_request, typed), 40},
    {"cmdai_request", "writes", offsetof(cmdai_request, writes), 56},
    {"cmdai_request", "shell", offsetof(cmdai_request, shell), 72},
    {"cmdai_request", "cwd", offsetof(cmdai_request, cwd), 88},
    {"cmdai_request", "session", offsetof(cmdai_request, session), 104},
    {"cmdai_request", "actor", offsetof(cmdai_request, actor), 120},
    {"cmdai_request", "actor_name", offsetof(cmdai_request, actor_name), 136},
    {"cmdai_request", "confidence", offsetof(cmdai_request, confidence), 152},
    {"cmdai_request", "evidence", offsetof(cmdai_request, evidence), 168},
    {"cmdai_request", "source", offsetof(cmdai_request, source), 184},
    {"cmdai_request", "effects", offsetof(cmdai_request, effects), 200},
    {"cmdai_request", "parent", offsetof(cmdai_request, parent), 216},
    {"cmdai_request", "agent_version", offsetof(cmdai_request, agent_version), 232},
    {"cmdai_request", "agent_sub", offsetof(cmdai_request, agent_sub), 248},
    {"cmdai_request", "tool", offsetof(cmdai_request, tool), 264},
    {"cmdai_request", "time_ms", offsetof(cmdai_request, time_ms), 280},
    {"cmdai_request", "pid", offsetof(cmdai_request, pid), 288},
    {"cmdai_request", "parent_pid", offsetof(cmdai_request, parent_pid), 296},
    {"cmdai_request", "tty", offsetof(cmdai_request, tty), 304},
    {"cmdai_request", "recorded", offsetof(cmdai_request, recorded), 308},
    {"cmdai_verdict", "", sizeof(cmdai_verdict), 128},
    {"cmdai_verdict", "size", offsetof(cmdai_verdict, size), 0},
    {"cmdai_verdict", "action", offsetof(cmdai_verdict, action), 8},
    {"cmdai_verdict", "reserved", offsetof(cmdai_verdict, reserved), 12},
    {"cmdai_verdict", "rule", offsetof(cmdai_verdict, rule), 16},
    {"cmdai_verdict", "severity", offsetof(cmdai_verdict, severity), 32},
    {"cmdai_verdict", "reason", offsetof(cmdai_verdict, reason), 48},
    {"cmdai_verdict", "hint", offsetof(cmdai_verdict, hint), 64},
    {"cmdai_verdict", "rules", offsetof(cmdai_verdict, rules), 80},
    {"cmdai_verdict", "allowed_by", offsetof(cmdai_verdict, allowed_by), 96},
    {"cmdai_verdict", "policy", offsetof(cmdai_verdict, policy), 112},
    {"cmdai_decision", "", sizeof(cmdai_decision), 64},
    {"cmdai_decision", "size", offsetof(cmdai_decision, size), 0},
    {"cmdai_decision", "action", offsetof(cmdai_decision, action), 8},
    {"cmdai_decision", "reserved", offsetof(cmdai_decision, reserved), 12},
    {"cmdai_decision", "rule", offsetof(cmdai_decision, rule), 16},
    {"cmdai_decision", "reason", offsetof(cmdai_decision, reason), 32},
    {"cmdai_decision", "hint", offsetof(cmdai_decision, hint), 48},
    {"cmdai_approval", "", sizeof(cmdai_approval), 56},
    {"cmdai_approval", "size", offsetof(cmdai_approval, size), 0},
    {"cmdai_approval", "kind", offsetof(cmdai_approval, kind), 8},
    {"cmdai_approval", "reserved", offsetof(cmdai_approval, reserved), 12},
    {"cmdai_approval", "rule", offsetof(cmdai_approval, rule), 16},
    {"cmdai_approval", "reason", offsetof(cmdai_approval, reason), 32},
    {"cmdai_approval", "pid", offsetof(cmdai_approval, pid), 48},
    {"cmdai_health", "", sizeof(cmdai_health), 32},
    {"cmdai_health", "size", offsetof(cmdai_health, size), 0},
    {"cmdai_health", "state", offsetof(cmdai_health, state), 8},
    {"cmdai_health", "reserved", offsetof(cmdai_health, reserved), 12},
    {"cmdai_health", "lines", offsetof(cmdai_health, lines), 16},
    {"cmdai_gate", "", sizeof(cmdai_gate), 64},
    {"cmdai_gate", "size", offsetof(cmdai_gate, size), 0},
    {"cmdai_gate", "action", offsetof(cmdai_gate, action), 8},
    {"cmdai_gate", "reserved", offsetof(cmdai_gate, reserved), 12},
    {"cmdai_gate", "rule", offsetof(cmdai_gate, rule), 16},
    {"cmdai_gate", "reason", offsetof(cmdai_gate, reason), 32},
    {"cmdai_gate", "hint", offsetof(cmdai_gate, hint), 48},
    {"cmdai_document", "", sizeof(cmdai_document), 48},
    {"cmdai_document", "size", offsetof(cmdai_document, size), 0},
    {"cmdai_document", "kind", offsetof(cmdai_document, kind), 8},
    {"cmdai_document", "reserved", offsetof(cmdai_document, reserved), 12},
    {"cmdai_document", "name", offsetof(cmdai_document, name), 16},
    {"cmdai_document", "text", offsetof(cmdai_document, text), 32},
    {"cmdai_policy", "", sizeof(cmdai_policy), 24},
    {"cmdai_policy", "size", offsetof(cmdai_policy, size), 0},
    {"cmdai_policy", "documents", offsetof(cmdai_policy, documents), 8},
    {"cmdai_policy", "count", offsetof(cmdai_policy, count), 16},
    {"cmdai_plugin_table", "", sizeof(cmdai_plugin_table), 128},
    {"cmdai_plugin_table", "size", offsetof(cmdai_plugin_table, size), 0},
    {"cmdai_plugin_table", "api_major", offsetof(cmdai_plugin_table, api_major), 8},
    {"cmdai_plugin_table", "api_minor", offsetof(cmdai_plugin_table, api_minor), 12},
    {"cmdai_plugin_table", "name", offsetof(cmdai_plugin_table, name), 16},
    {"cmdai_plugin_table", "version", offsetof(cmdai_plugin_table, version), 24},
    {"cmdai_plugin_table", "open", offsetof(cmdai_plugin_table, open), 32},
    {"cmdai_plugin_table", "close", offsetof(cmdai_plugin_table, close), 40},
    {"cmdai_plugin_table", "reload", offsetof(cmdai_plugin_table, reload), 48},
    {"cmdai_plugin_table", "health", offsetof(cmdai_plugin_table, health), 56},
    {"cmdai_plugin_table", "decide", offsetof(cmdai_plugin_table, decide), 64},
    {"cmdai_plugin_table", "policy", offsetof(cmdai_plugin_table, policy), 72},
    {"cmdai_plugin_table", "policy_result", offsetof(cmdai_plugin_table, policy_result), 80},
    {"cmdai_plugin_table", "gate", offsetof(cmdai_plugin_table, gate), 88},
    {"cmdai_plugin_table", "approve", offsetof(cmdai_plugin_table, approve), 96},
    {"cmdai_plugin_table", "record", offsetof(cmdai_plugin_table, record), 104},
    {"cmdai_plugin_table", "recorded", offsetof(cmdai_plugin_table, recorded), 112},
    {"cmdai_plugin_table", "posture", offsetof(cmdai_plugin_table, posture), 120},
};
// clang-format on

}  // namespace

TEST_CASE("no member of the interface has moved") {
  static_assert(sizeof(void*) == 8, "the table is of 64-bit systems");
  for (const Row& row : kLayout) {
    CAPTURE(std::string(row.type) + '.' + row.member);
    CHECK(row.is == row.frozen);
  }
}

TEST_CASE("every struct that crosses begins with its size") {
  for (const Row& row : kLayout) {
    CAPTURE(std::string(row.type) + '.' + row.member);
    if (std::string(row.member) == "size" && std::string(row.type) != "cmdai_bytes") CHECK(row.is == 0);
  }
  CHECK(CMDAI_PLUGIN_API_MAJOR == 1);
}

TEST_CASE("codes are far apart") {
  const uint32_t codes[] = {CMDAI_NO_OPINION,
                            CMDAI_ALLOW,
                            CMDAI_WARN,
                            CMDAI_ASK,
                            CMDAI_BLOCK,
                            CMDAI_LOG_DEBUG,
                            CMDAI_LOG_INFO,
                            CMDAI_LOG_WARNING,
                            CMDAI_LOG_ERROR,
                            CMDAI_CHANGED_POLICY,
                            CMDAI_CHANGED_GATE,
                            CMDAI_CHANGED_HEALTH,
                            CMDAI_CHANGED_RECORDED,
                            CMDAI_HEALTH_OK,
                            CMDAI_HEALTH_DEGRADED,
                            CMDAI_HEALTH_FAILED,
                            CMDAI_APPROVAL_CODE,
                            CMDAI_APPROVAL_YES,
                            CMDAI_APPROVAL_ALWAYS,
                            CMDAI_DOCUMENT_SETTINGS,
                            CMDAI_DOCUMENT_RULES,
                            CMDAI_DOCUMENT_GROUPS};
  for (const uint32_t& a : codes)
    for (const uint32_t& b : codes)
      if (&a != &b) {
        CAPTURE(a);
        CAPTURE(b);
        CHECK(__builtin_popcount(a ^ b) >= 6);
      }
}
