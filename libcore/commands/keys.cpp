// Keychains and key stores. gnupg 2.2, macOS security, pass 1.7.
#include "libcore/commands/keys.hpp"

#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/subcommands.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kGpg[] = {{0, "export-secret-keys"},
                           {0, "export-secret-subkeys"},
                           {0, "delete-secret-keys"},
                           {0, "delete-secret-key"},
                           {0, "delete-secret-and-public-key"},
                           {'o', "output", Arg::value},
                           {'a', "armor"},
                           {'r', "recipient", Arg::value},
                           {'d', "decrypt"},
                           {'e', "encrypt"},
                           {0, "batch"},
                           {0, "yes"},
                           {0, "homedir", Arg::value}};
void gpg(const Call& call, Sink& sink) {
  if (call.any("export-secret-keys export-secret-subkeys")) sink.add(Kind::reads_secret, "secret.print");
  if (call.any("delete-secret-keys delete-secret-key delete-secret-and-public-key"))
    sink.add(Kind::deletes, "secret.delete");
}
Value gpg_output(const Call& call) {
  Value v = Value::unknown(resolve::HoleKind::output);
  v.taint = call.any("export-secret-keys export-secret-subkeys") ? Taint::secret
            : call.has("decrypt")                                ? Taint::decoded
                                                                 : Taint::none;
  return v;
}
void pass(const Call& call, Sink& sink) {
  if (call.operand(0) == "rm" || call.operand(0) == "remove" || call.operand(0) == "delete")
    sink.add(Kind::deletes, "secret.delete").target.text = call.operand(1);
  if (call.operand(0) == "show") sink.add(Kind::reads_secret, "secret.manager").target.text = call.operand(1);
}
constexpr Verb kKeychain[] = {{"find-generic-password", Kind::reads_secret, "secret.print"},
                              {"find-internet-password", Kind::reads_secret, "secret.print"},
                              {"dump-keychain", Kind::reads_secret, "secret.print"},
                              {"export", Kind::reads_secret, "secret.print"},
                              {"delete-keychain", Kind::deletes, "secret.delete"},
                              {"delete-generic-password", Kind::deletes, "secret.delete"},
                              {"add-trusted-cert", Kind::changes_config, "sys.security-off"}};
constexpr Option kKeychainOptions[] = {{'w', "password"},
                                       {'g', "g"},
                                       {'s', "service", Arg::value},
                                       {'a', "account", Arg::value},
                                       {'d', "d"},
                                       {'k', "keychain", Arg::value},
                                       {'r', "r", Arg::value}};
void keychain(const Call& call, Sink& sink) { judge_verbs(call, sink, kKeychain); }

constexpr Verb kManagers[] = {{"read", Kind::reads_secret, "secret.manager"},
                              {"item get", Kind::reads_secret, "secret.manager"},
                              {"get password", Kind::reads_secret, "secret.manager"},
                              {"get item", Kind::reads_secret, "secret.manager"},
                              {"show", Kind::reads_secret, "secret.manager"},
                              {"lookup", Kind::reads_secret, "secret.manager"},
                              {"get", Kind::reads_secret, "secret.manager"},
                              {"export", Kind::reads_secret, "secret.manager"}};

constexpr CommandSpec kKeyCommands[] = {
    {"bw lpass secret-tool keyring rbw gopassbridge dashlane keepassxc-cli",
     {},
     Order::permuted,
     judge_manager,
     secret_output},
    {"gpg gpg2", kGpg, Order::permuted, gpg, gpg_output},
    {"security", kKeychainOptions, Order::permuted, keychain, secret_output},
    {"pass gopass", {}, Order::permuted, pass, secret_output},
};

}  // namespace

void judge_manager(const Call& call, Sink& sink) { judge_verbs(call, sink, kManagers); }

Value secret_output(const Call&) {
  Value v = Value::unknown(resolve::HoleKind::output);
  v.taint = Taint::secret;
  return v;
}

std::span<const CommandSpec> key_commands() { return kKeyCommands; }

}  // namespace cmdai::commands
