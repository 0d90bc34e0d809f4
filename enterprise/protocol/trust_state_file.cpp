// The state of policy_trust as a file's bytes: a line of JSON and H of it, so that damage is seen.
#include <fmt/core.h>

#include "enterprise/protocol/hashing.hpp"
#include "enterprise/protocol/json_text.hpp"
#include "enterprise/protocol/policy_trust.hpp"

namespace cmdai::wire {
namespace {

constexpr size_t kMaxState = size_t{4} << 20;

/// The first line, if the second is its hash and nothing else is there.
Result<std::string_view> checked_line(std::string_view bytes) {
  if (bytes.size() > kMaxState) return refuse(Reason::too_long, "the state is over the limit");
  const size_t end = bytes.find('\n');
  if (end == std::string_view::npos) return refuse(Reason::malformed, "the state has no check line");
  const std::string_view line = bytes.substr(0, end);
  if (bytes.substr(end + 1) != hash(line).hex() + "\n")
    return refuse(Reason::bad_hash, "the state's check line does not fit it");
  return line;
}

std::optional<PolicyPointer> read_policy_pointer(Members& outer) {
  if (outer.is_null("policy")) return std::nullopt;
  Members members(outer.object("policy"));
  PolicyPointer out{members.number("version", 1), members.number("length", 1),
                    members.fixed<Sha512>("sha512")};
  outer.take_over(members);
  return out;
}

}  // namespace

std::string write(const TrustState& state) {
  OrderedJson out;
  out["v"] = 1;
  out["root"] = write(state.root);
  out["timestamp"] = state.timestamp_version;
  out["timestamp_expires"] = state.timestamp_expires;
  out["policy"] = nullptr;
  if (state.policy) {
    out["policy"] = OrderedJson::object();
    out["policy"]["version"] = state.policy->version;
    out["policy"]["length"] = state.policy->length;
    out["policy"]["sha512"] = state.policy->sha512.hex();
  }
  out["newest_time"] = state.newest_time;
  out["revoked"] = OrderedJson::array();
  for (const DeviceId& device : state.revoked) out["revoked"].push_back(device.hex());
  const std::string line = dump(out);
  return fmt::format("{}\n{}\n", line, hash(line).hex());
}

Result<TrustState> read_trust_state(std::string_view bytes) {
  const auto line = checked_line(bytes);
  if (!line) return tl::unexpected<Refusal>(line.error());
  const auto json = parse_object(*line, kMaxState);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  TrustState out;
  auto root = read_root(members.text("root", kMaxEnvelope));
  if (!root) members.fail(root.error().reason, root.error().text);
  if (root) out.root = std::move(*root);
  out.timestamp_version = members.number("timestamp");
  out.timestamp_expires = members.millis("timestamp_expires");
  out.policy = read_policy_pointer(members);
  out.newest_time = members.millis("newest_time");
  for (const Json& element : members.array("revoked", 20'000)) {
    const auto id =
        element.is_string() ? DeviceId::from_hex(element.get_ref<const std::string&>()) : std::nullopt;
    if (!id) members.fail(Reason::malformed, "a revoked device is no device id");
    out.revoked.push_back(id.value_or(DeviceId{}));
  }
  return finish(members, std::move(out));
}

}  // namespace cmdai::wire
