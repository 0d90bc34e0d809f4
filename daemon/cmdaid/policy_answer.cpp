// Which rules are in force, and who decided: the answer to a `policy` frame.
#include "daemon/cmdaid/frame_fields.hpp"
#include "daemon/cmdaid/service.hpp"
#include "daemon/host/effective_policy.hpp"

namespace cmdai::daemon {

using ipc::Frame;

/// As many rules as fit, from number `from` on, and where to go on.
Frame Service::policy(const Frame& request) {
  constexpr size_t kMostBytes = 200'000;  // of lines in one frame
  const std::optional<policy::Actor> actor = host::actor_from(request.get("for", "human"));
  if (!actor) return error("bad-value", "`for` must be `human`, `agent` or `agent:NAME`");
  const int64_t from = integer(request.find("from")).value_or(0);
  if (from < 0) return error("bad-value", "`from` must be a number");
  const auto policy = store_.policy_for(request.get("cwd"));
  Frame out("policy");
  out.add("policy", policy->fingerprint());
  if (const auto organization = policy->organization()) out.add("organization", host::to_json(*organization));
  const std::string wanted = request.get("rule");
  const std::vector<policy::EffectiveRule> rules = policy->effective(*actor, now());
  size_t bytes = 0;
  for (auto i = static_cast<size_t>(from); i < rules.size(); ++i) {
    if (!wanted.empty() && rules[i].info.id != wanted) continue;
    const std::string line = host::to_json(rules[i]);
    if (bytes != 0 && bytes + line.size() > kMostBytes) {
      out.add("next", std::to_string(i));
      break;
    }
    bytes += line.size();
    out.add("rule", line);
  }
  return out;
}

}  // namespace cmdai::daemon
