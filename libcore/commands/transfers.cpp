// Copies between machines. openssh 9.2, rsync 3.2.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/commands/outbound.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kScp[] = {{'i', "identity", Arg::value},
                           {'P', "port", Arg::value},
                           {'F', "config", Arg::value},
                           {'o', "option", Arg::value},
                           {'c', "cipher", Arg::value},
                           {'l', "limit", Arg::value},
                           {'S', "program", Arg::value},
                           {'J', "jump", Arg::value},
                           {'r', "recursive"},
                           {'p', "preserve"},
                           {'q', "quiet"},
                           {'C', "compress"},
                           {'v', "verbose"}};
void scp(const Call& call, Sink& sink) {
  const auto& operands = call.operands();
  if (call.program() == "scp") judge_ssh_options(call, sink);
  for (const Argument* operand : operands)
    if (is_remote(operand->value.with_holes_empty())) judge_host(sink, *operand);
  if (operands.size() < 2) return;
  const bool out = is_remote(operands.back()->value.with_holes_empty());
  for (size_t i = 0; i + 1 < operands.size(); ++i) {
    if (!out || is_remote(operands[i]->value.with_holes_empty())) continue;
    const bool secret = sink.is_secret(operands[i]->value);
    const std::string_view tag = secret                              ? "secret.send"
                                 : is_key_folder(operands[i]->value) ? "net.key-folder"
                                                                     : "net.copy";
    sink.on(Kind::sends_data, tag, *operands[i]).detail = operands.back()->value.display();
  }
  if (out) return;
  write_effect(sink, *operands.back(), Write::create);
  if (operands.size() == 2 && !is_remote(operands.front()->value.with_holes_empty()))
    copy_content(sink, operands.front()->value, operands.back()->value);
  for (size_t i = 0; i + 1 < operands.size(); ++i) {
    const std::string from = operands[i]->value.with_holes_empty();
    if (!is_remote(from)) continue;
    sink.note_file(operands.back()->value, remote_data(), false);
    sink.note_file(Value::exact(from.substr(from.find_last_of("/:") + 1)), remote_data(), false);
  }
}

constexpr Option kRsync[] = {{'e', "rsh", Arg::value},
                             {'a', "archive"},
                             {'v', "verbose"},
                             {'z', "compress"},
                             {'n', "dry-run"},
                             {'r', "recursive"},
                             {'u', "update"},
                             {'P', "partial-progress"},
                             {'h', "human-readable"},
                             {'f', "filter", Arg::value},
                             {'T', "temp-dir", Arg::value},
                             {'B', "block-size", Arg::value},
                             {'M', "remote-option", Arg::value},
                             {'l', "links"},
                             {'p', "perms"},
                             {'t', "times"},
                             {'g', "group"},
                             {'o', "owner"},
                             {'D', "devices"},
                             {'H', "hard-links"},
                             {'A', "acls"},
                             {'X', "xattrs"},
                             {'S', "sparse"},
                             {'c', "checksum"},
                             {'q', "quiet"},
                             {'R', "relative"},
                             {'W', "whole-file"},
                             {'x', "one-file-system"},
                             {'i', "itemize-changes"},
                             {'m', "prune-empty-dirs"},
                             {'C', "cvs-exclude"},
                             {'L', "copy-links"},
                             {0, "delete"},
                             {0, "delete-before"},
                             {0, "delete-after"},
                             {0, "delete-during"},
                             {0, "delete-delay"},
                             {0, "delete-excluded"},
                             {0, "del"},
                             {0, "remove-source-files"},
                             {0, "exclude", Arg::value},
                             {0, "include", Arg::value},
                             {0, "exclude-from", Arg::value},
                             {0, "files-from", Arg::value},
                             {0, "rsync-path", Arg::value},
                             {0, "bwlimit", Arg::value},
                             {0, "progress"},
                             {0, "stats"},
                             {0, "info", Arg::value},
                             {0, "link-dest", Arg::value},
                             {0, "chown", Arg::value},
                             {0, "chmod", Arg::value},
                             {0, "password-file", Arg::value},
                             {0, "port", Arg::value},
                             {0, "timeout", Arg::value},
                             {0, "max-size", Arg::value},
                             {0, "min-size", Arg::value},
                             {0, "backup-dir", Arg::value},
                             {'b', "backup"},
                             {0, "log-file", Arg::value},
                             {0, "no-perms"}};
void rsync(const Call& call, Sink& sink) {
  if (call.has("dry-run")) return;
  if (const Argument* shell = call.value("rsh")) {
    const std::string text = shell->value.with_holes_empty();
    if (!text.starts_with("ssh") && !text.starts_with("rsh")) {
      resolve::RunAs how = sink.as("rsync");
      how.child_shell = true;
      sink.run_code(*shell, *dialect_from_name("sh"), how);
    }
  }
  if (const Argument* there = call.value("rsync-path")) run_line(sink, there->value, there->place);
  const auto& operands = call.operands();
  if (operands.size() < 2) return;
  const std::string target = operands.back()->value.with_holes_empty();
  if (call.any("delete delete-before delete-after delete-during delete-delay delete-excluded del")) {
    Effect& e = is_remote(target) ? sink.on(Kind::deletes, "fs.sync-delete", *operands.back())
                                  : sink.on_path(Kind::deletes, "fs.sync-delete", *operands.back());
    e.recursive = true;
    e.detail = operands.front()->value.with_holes_empty();
  }
  if (!is_remote(target))
    for (size_t i = 0; i + 1 < operands.size(); ++i) judge_key_copy(sink, *operands[i], *operands.back());
  scp(call, sink);
}

constexpr CommandSpec kTransferCommands[] = {
    {"scp", kScp, Order::permuted, scp},
    {"rsync", kRsync, Order::permuted, rsync},
};

}  // namespace

std::span<const CommandSpec> transfer_commands() { return kTransferCommands; }

}  // namespace cmdai::commands
