// Users, groups, passwords. shadow 4.13, adduser 3.134; macOS dscl.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/subcommands.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kUser[] = {{'r', "remove"},
                            {'f', "force"},
                            {'G', "groups", Arg::value},
                            {'a', "append"},
                            {'g', "gid", Arg::value},
                            {'s', "shell", Arg::value},
                            {'u', "uid", Arg::value},
                            {'o', "non-unique"},
                            {'p', "password", Arg::value},
                            {'d', "home", Arg::value},
                            {'m', "create-home"},
                            {'c', "comment", Arg::value},
                            {'e', "expiredate", Arg::value},
                            {'l', "lock"},
                            {'L', "lock"},
                            {'U', "unlock"},
                            {'S', "status"},
                            {'D', "defaults"},
                            {'M', "no-create-home"},
                            {'R', "root", Arg::value},
                            {0, "remove-home"},
                            {0, "disabled-password"},
                            {0, "gecos", Arg::value},
                            {0, "system"},
                            {0, "ingroup", Arg::value},
                            {0, "stdin"},
                            {'x', "max", Arg::value},
                            {'n', "min", Arg::value},
                            {'E', "expire", Arg::value},
                            {0, "help"}};
void remove_user(const Call& call, Sink& sink) {
  if (!call.operands().empty() && !call.has("help"))
    sink.on(Kind::changes_config, call.any("remove remove-home") ? "sys.user-delete" : "sys.user-remove",
            *call.operands().back());
}
/// usermod(8): -l is the new name, -L locks.
constexpr Option kUsermod[] = {{'a', "append"},
                               {'G', "groups", Arg::value},
                               {'g', "gid", Arg::value},
                               {'s', "shell", Arg::value},
                               {'u', "uid", Arg::value},
                               {'o', "non-unique"},
                               {'p', "password", Arg::value},
                               {'d', "home", Arg::value},
                               {'m', "move-home"},
                               {'c', "comment", Arg::value},
                               {'e', "expiredate", Arg::value},
                               {'f', "inactive", Arg::value},
                               {'l', "login", Arg::value},
                               {'L', "lock"},
                               {'U', "unlock"},
                               {'r', "remove"},
                               {'R', "root", Arg::value},
                               {'P', "prefix", Arg::value},
                               {'v', "add-subuids", Arg::value},
                               {'V', "del-subuids", Arg::value},
                               {'w', "add-subgids", Arg::value},
                               {'W', "del-subgids", Arg::value},
                               {'Z', "selinux-user", Arg::value},
                               {0, "help"}};
void change_user(const Call& call, Sink& sink) {
  if (call.operands().empty() || call.any("help status")) return;
  const std::string groups = call.text("groups");
  const bool root = call.text("uid") == "0";
  bool admin = false;
  for (std::string_view group : {"sudo", "wheel", "root", "docker", "admin", "shadow", "disk"}) {
    size_t at = 0;
    while ((at = groups.find(group, at)) != std::string::npos) {
      const size_t end = at + group.size();
      admin |= (at == 0 || groups[at - 1] == ',') && (end == groups.size() || groups[end] == ',');
      at = end;
    }
  }
  if (root || admin)
    sink.on(Kind::gains_privilege, "priv.group", *call.operands().back()).detail = root ? "uid 0" : groups;
  else if (call.program() == "usermod" && call.has("password"))
    sink.on(Kind::changes_config, "sys.password", *call.operands().back());
  else if (call.program() == "usermod" && call.has("lock"))
    sink.on(Kind::changes_config, "sys.user", *call.operands().back());
}
void add_to_group(const Call& call, Sink& sink) {
  const std::string group = call.program() == "gpasswd" ? call.operand(1) : call.operand(1);
  for (std::string_view g : {"sudo", "wheel", "root", "docker", "admin"})
    if (group == g && call.operands().size() > 1)
      sink.on(Kind::gains_privilege, "priv.group", *call.operands().back()).detail = group;
}
constexpr Option kPasswd[] = {{'d', "delete"},
                              {'l', "lock"},
                              {'u', "unlock"},
                              {'e', "expire"},
                              {'S', "status"},
                              {'q', "quiet"},
                              {'a', "all"},
                              {'n', "mindays", Arg::value},
                              {'x', "maxdays", Arg::value},
                              {'w', "warndays", Arg::value},
                              {'i', "inactive", Arg::value},
                              {'R', "root", Arg::value},
                              {'k', "keep-tokens"},
                              {'c', "crypt-method", Arg::value},
                              {0, "stdin"},
                              {0, "help"}};
void password(const Call& call, Sink& sink) {
  if (call.any("status help")) return;
  const resolve::Input& input = call.invocation().input;
  const bool fed = input.kind == resolve::Input::Kind::pipe || input.kind == resolve::Input::Kind::text;
  if (call.program() == "chpasswd" || fed || call.any("delete lock") || call.operand(0) == "root")
    sink.add(Kind::changes_config, "sys.password").target.text = call.operand(0);
}

/// macOS directory service: accounts and groups.
void dscl(const Call& call, Sink& sink) {
  bool admin = false, account = false, changes = false;
  for (const Argument& word : call.argv()) {
    const std::string text = word.value.with_holes_empty();
    changes |= text == "-append" || text == "-create" || text == "-passwd" || text == "-delete" ||
               text == "append" || text == "create" || text == "passwd" || text == "delete";
    admin |= text.starts_with("/Groups/admin");
    account |= text.starts_with("/Users/");
  }
  if (changes && admin)
    sink.add(Kind::gains_privilege, "priv.group").detail = "admin";
  else if (changes && account)
    sink.add(Kind::changes_config, "sys.password");
}

/// chsh -s /bin/false root, groupdel sudo: nobody gets in any more.
void lock_out(const Call& call, Sink& sink) {
  const std::string who = call.operands().empty() ? "" : call.operands().back()->value.with_holes_empty();
  const std::string shell_path = call.text("shell");
  const bool usable = dialect_from_name(shell_path.substr(shell_path.rfind('/') + 1)).has_value();
  const bool shell = call.program() == "chsh" && !usable &&
                     (who == "root" || shell_path.find("false") != std::string::npos ||
                      shell_path.find("nologin") != std::string::npos);
  const bool group =
      call.program() != "chsh" && (who == "sudo" || who == "wheel" || who == "root" || who == "admin");
  if ((shell || group) && !who.empty())
    sink.on(Kind::changes_config, "sys.password", *call.operands().back());
}

constexpr CommandSpec kAccountCommands[] = {
    {"chsh groupdel delgroup", kUser, Order::permuted, lock_out},
    {"dscl", {}, Order::raw, dscl},
    {"userdel deluser", kUser, Order::permuted, remove_user},
    {"usermod", kUsermod, Order::permuted, change_user},
    {"useradd adduser", kUser, Order::permuted, change_user},
    {"gpasswd", kUser, Order::permuted, add_to_group},
    {"passwd chpasswd", kPasswd, Order::permuted, password},
};

}  // namespace

std::span<const CommandSpec> account_commands() { return kAccountCommands; }

}  // namespace cmdai::commands
