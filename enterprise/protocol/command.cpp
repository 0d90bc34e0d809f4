#include "enterprise/protocol/command.hpp"

#include <fmt/core.h>

#include "enterprise/protocol/json_text.hpp"

namespace cmdai::wire {

std::string write(const Command& command) {
  OrderedJson out;
  out["role"] = "command";
  out["device"] = command.device.hex();
  out["counter"] = command.counter;
  out["expires"] = command.expires;
  out["type"] = command.type;
  return dump(out);
}

Result<Command> read_command(std::string_view payload) {
  const auto json = parse_object(payload, 4096);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.exactly("role", "command");
  Command out{members.fixed<DeviceId>("device"), members.number("counter", 1), members.millis("expires"),
              members.text("type", 64)};
  return finish(members, std::move(out));
}

Result<Command> accept_command(std::string_view envelope, const Root& root, const DeviceId& device,
                               uint64_t last_counter, const std::set<std::string, std::less<>>& allowed,
                               Millis now) {
  const auto read = read_envelope(envelope);
  if (!read) return tl::unexpected<Refusal>(read.error());
  if (auto good = check_signatures(*read, Document::command, root.signers(Role::collector)); !good) {
    return tl::unexpected<Refusal>(good.error());
  }
  auto command = read_command(read->payload);
  if (!command) return command;
  if (command->device != device) return refuse(Reason::content_mismatch, "a command for another device");
  if (command->counter <= last_counter) return refuse(Reason::replay, "a command that was there before");
  if (command->expires <= now) return refuse(Reason::expired, "the command ran out");
  if (!allowed.contains(command->type))
    return refuse(Reason::not_allowed, fmt::format("the settings do not allow `{}`", command->type));
  return command;
}

}  // namespace cmdai::wire
