#pragma once
// Every key and every word a policy file may hold, by the table it stands in. The readers know no other;
// `cmdai debug words` prints them, and config/schema/ is held against that.
#include <span>
#include <string_view>
#include <vector>

namespace cmdai::policy::words {

using Words = std::span<const std::string_view>;

inline constexpr std::string_view kPackFields[] = {"family", "rule"};
inline constexpr std::string_view kRuleFields[] = {
    "id",   "severity", "title",  "why",  "hint", "safer", "action",     "agent",
    "core", "when",     "unless", "stop", "pass", "mode",  "not_before", "expires"};
inline constexpr std::string_view kConditionFields[] = {
    "effect",    "tag",    "path", "worst",     "target",  "detail", "recursive", "force",   "privileged",
    "elsewhere", "exact",  "glob", "certainty", "program", "via",    "call",      "text",    "longer_than",
    "hidden",    "status", "all",  "any",       "not",     "beside", "loss",      "context", "branch"};
inline constexpr std::string_view kCallFields[] = {"program", "words",    "option",
                                                   "without", "argument", "known"};
inline constexpr std::string_view kExampleFields[] = {"command", "write", "cwd",     "shell", "repeat",
                                                      "before",  "loss",  "context", "branch"};
inline constexpr std::string_view kActorFields[] = {"human", "agent"};
inline constexpr std::string_view kUserFields[] = {"on_unavailable", "rule_files", "profile", "opaque",
                                                   "rules",          "agents",     "allow",   "family",
                                                   "rule",           "example",    "approval"};
inline constexpr std::string_view kTighteningFields[] = {"profile", "opaque", "rules", "agents"};
inline constexpr std::string_view kAgentFields[] = {"profile", "opaque", "rules"};
inline constexpr std::string_view kApprovalFields[] = {"notify"};
inline constexpr std::string_view kAllowListFields[] = {"allow"};
inline constexpr std::string_view kAllowFields[] = {"id",    "command", "rule",  "path",
                                                    "below", "expires", "reason"};

inline constexpr std::string_view kOrganizationFields[] = {
    "organization", "profile", "opaque", "rules", "agents", "modes", "defaults", "group", "exception"};
inline constexpr std::string_view kOrganizationTableFields[] = {"name", "version",    "contact",
                                                                "mode", "not_before", "expires"};
inline constexpr std::string_view kGroupFields[] = {"name",    "mode",     "not_before", "expires",
                                                    "profile", "opaque",   "rules",      "agents",
                                                    "modes",   "defaults", "exception"};
inline constexpr std::string_view kDefaultsFields[] = {"profile", "opaque", "rules"};
inline constexpr std::string_view kBoundFields[] = {"action", "mode", "not_before", "expires", "reason"};
inline constexpr std::string_view kExceptionFields[] = {"id",         "rule",       "command", "path",
                                                        "below",      "groups",     "actor",   "reason",
                                                        "granted_by", "not_before", "expires"};

inline constexpr std::string_view kModes[] = {"observe", "warn", "enforce"};
inline constexpr std::string_view kProfiles[] = {"relaxed", "standard", "strict"};
inline constexpr std::string_view kSeverities[] = {"low", "medium", "high", "critical"};
inline constexpr std::string_view kActions[] = {"allow", "warn", "ask", "block"};
inline constexpr std::string_view kUnavailable[] = {"warn", "block"};
inline constexpr std::string_view kNotify[] = {"off", "tell", "ask"};
inline constexpr std::string_view kCertainties[] = {"certain", "likely", "possible"};
inline constexpr std::string_view kStatuses[] = {"complete", "incomplete", "invalid", "too-complex"};
inline constexpr std::string_view kShells[] = {"bash", "sh", "zsh", "fish"};
Words kinds();
Words path_classes();
Words losses();
Words contexts();
Words branches();

struct Group {
  std::string_view name;
  Words words;
};
/// All of the above, under names that stay: tables ("rule", "condition" …), then words ("action" …).
std::vector<Group> all();

}  // namespace cmdai::policy::words
