#include "enterprise/protocol/heartbeat.hpp"

#include "enterprise/protocol/checkpoint.hpp"
#include "enterprise/protocol/command.hpp"
#include "enterprise/protocol/json_text.hpp"
#include "enterprise/protocol/receipt.hpp"

namespace cmdai::wire {
namespace {

constexpr size_t kMaxText = 128;

SpoolState read_spool(Members& members) {
  const std::string text = members.text("spool", 16);
  for (SpoolState state : {SpoolState::ok, SpoolState::digest, SpoolState::full}) {
    if (name(state) == text) return state;
  }
  members.fail(Reason::malformed, "member `spool`: expected ok, digest or full");
  return SpoolState::ok;
}

OrderedJson posture_json(const std::string& posture) {
  OrderedJson out = OrderedJson::parse(posture, nullptr, false);
  return out.is_object() ? out : OrderedJson::object();
}

}  // namespace

std::string_view name(SpoolState state) {
  switch (state) {
    case SpoolState::ok: return "ok";
    case SpoolState::digest: return "digest";
    case SpoolState::full: return "full";
  }
  return "";
}

std::string write(const Heartbeat& heartbeat) {
  OrderedJson out;
  out["v"] = 1;
  out["chain"] = heartbeat.chain.hex();
  out["boot"] = heartbeat.boot.hex();
  out["time"] = heartbeat.time;
  out["mono_ms"] = heartbeat.mono_ms;
  out["next"] = heartbeat.next;
  out["head"] = heartbeat.head.hex();
  out["oldest"] = heartbeat.oldest;
  out["spool_bytes"] = heartbeat.spool_bytes;
  out["spool"] = name(heartbeat.spool);
  out["root"] = heartbeat.root;
  out["timestamp"] = heartbeat.timestamp;
  out["policy"] = heartbeat.policy;
  out["stale"] = heartbeat.stale;
  out["version"] = heartbeat.version;
  out["binary"] = heartbeat.binary;
  out["assurance"] = heartbeat.assurance;
  out["checkpoint"] = heartbeat.checkpoint;
  out["posture"] = posture_json(heartbeat.posture);
  return dump(out);
}

Result<Heartbeat> read_heartbeat(std::string_view body) {
  const auto json = parse_object(body, kMaxHeartbeat);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  Heartbeat out;
  out.chain = members.fixed<ChainId>("chain");
  out.boot = members.fixed<BootId>("boot");
  out.time = members.millis("time");
  out.mono_ms = members.number("mono_ms");
  out.next = members.number("next", 1);
  out.head = members.fixed<Digest>("head");
  out.oldest = members.number("oldest", 1, out.next);
  out.spool_bytes = members.number("spool_bytes");
  out.spool = read_spool(members);
  out.root = members.number("root");
  out.timestamp = members.number("timestamp");
  out.policy = members.number("policy");
  out.stale = members.flag("stale");
  out.version = members.text("version", kMaxText);
  out.binary = members.text("binary", kMaxText);
  out.assurance = members.text("assurance", kMaxText);
  out.checkpoint = members.number("checkpoint");
  out.posture = dump(members.object("posture"));
  return finish(members, std::move(out));
}

std::string write(const HeartbeatAnswer& answer) {
  OrderedJson out;
  out["v"] = 1;
  out["time"] = answer.time;
  out["timestamp"] = answer.timestamp;
  out["checkpoint"] = answer.checkpoint;
  out["commands"] = envelopes_json(answer.commands);
  return dump(out);
}

Result<HeartbeatAnswer> read_heartbeat_answer(std::string_view body) {
  const auto json = parse_object(body, kMaxAnswer);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  HeartbeatAnswer out;
  out.time = members.millis("time");
  out.timestamp = members.number("timestamp");
  out.checkpoint = members.text("checkpoint", kMaxCheckpoint);
  out.commands = members.envelopes("commands", kMaxCommands);
  return finish(members, std::move(out));
}

}  // namespace cmdai::wire
