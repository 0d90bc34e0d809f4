// Network devices, firewall, security switches, kernel, logs. iproute2 6.1, nftables 1.0, procps 4.0,
// kmod 30.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/subcommands.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

/// iproute2 6.1, net-tools 2.10, NetworkManager 1.42, ifupdown.
void network_device(const Call& call, Sink& sink) {
  const auto given = [&call](std::string_view word) {
    return std::any_of(call.operands().begin(), call.operands().end(),
                       [word](const Argument* a) { return a->value.with_holes_empty() == word; });
  };
  const std::string& program = call.program();
  bool off = program == "ifdown";
  if (program == "ip")
    off = (given("link") || given("l"))
              ? given("down") || given("del") || given("delete")
              : (given("flush") || ((given("del") || given("delete")) && given("default")));
  else if (program == "ifconfig")
    off = given("down");
  else if (program == "nmcli")
    off = (given("off") && (given("networking") || given("n") || given("net"))) ||
          (given("down") && (given("connection") || given("con") || given("c")));
  if (off)
    sink.add(Kind::changes_config, "sys.network").target.text =
        call.operands().empty() ? "" : call.operands().back()->value.display();
}

void firewall(const Call& call, Sink& sink) {
  const std::string& program = call.program();
  const auto given = [&call](std::string_view word) {
    return std::any_of(call.argv().begin(), call.argv().end(),
                       [word](const Argument& a) { return a.value.with_holes_empty() == word; });
  };
  bool off = false;
  if (program == "ufw")
    off = given("disable") || given("reset");
  else if (program == "nft")
    off = given("flush") || (given("delete") && given("table"));
  else if (program == "firewall-cmd")
    off = given("--panic-on") || given("--complete-reload");
  else if (program == "pfctl")
    off = given("-d") || given("-F");
  else
    off =
        given("-F") || given("--flush") || given("-X") || (given("-P") && given("ACCEPT") && given("INPUT"));
  if (off) sink.add(Kind::changes_config, "sys.firewall");
}
void security(const Call& call, Sink& sink) {
  const std::string& program = call.program();
  const std::string first = call.operand(0);
  const bool off = (program == "setenforce" && (first == "0" || first == "Permissive")) ||
                   (program == "csrutil" && first == "disable") ||
                   (program == "spctl" && call.any("master-disable global-disable")) ||
                   program == "aa-teardown" || program == "aa-disable" || (program == "aa-complain") ||
                   (program == "auditctl" && (call.any("D") || (call.any("e") && call.operand(0) == "0")));
  if (off) sink.add(Kind::changes_config, "sys.security-off");
}
void sysctl(const Call& call, Sink& sink) {
  for (const Argument* a : call.operands()) {
    const std::string text = a->value.with_holes_empty();
    if (text.find('=') == std::string::npos) continue;
    const bool weakens = text.starts_with("kernel.randomize_va_space=0") ||
                         text.starts_with("kernel.sysrq") || text.starts_with("kernel.panic") ||
                         text.starts_with("kernel.core_pattern=|") ||
                         text.starts_with("kernel.yama.ptrace_scope=0") ||
                         text.starts_with("kernel.kptr_restrict=0") || text.starts_with("kernel.modules");
    sink.on(Kind::changes_config, weakens ? "sys.kernel" : "sys.kernel-setting", *a);
  }
}
constexpr Option kModule[] = {
    {'r', "remove"}, {'f', "force"}, {'n', "dry-run"}, {'v', "verbose"}, {'w', "wait"}};
void module(const Call& call, Sink& sink) {
  if (call.has("dry-run") || call.operands().empty()) return;
  if (call.program() == "rmmod" || call.has("remove"))
    sink.on(Kind::changes_config, call.has("force") ? "sys.kernel" : "sys.kernel-setting",
            *call.operands().front());
  else if (call.program() == "insmod")
    sink.on(Kind::changes_config, "sys.kernel", *call.operands().front());
}
constexpr Option kSetcap[] = {{'r', "remove"}, {'q', "quiet"}, {'v', "verify"}};
void setcap(const Call& call, Sink& sink) {
  if (!call.any("remove verify") && call.operands().size() > 1)
    sink.on_path(Kind::gains_privilege, "priv.capability", *call.operands().back()).detail = call.operand(0);
}
constexpr Option kJournal[] = {{0, "vacuum-size", Arg::value},  {0, "vacuum-time", Arg::value},
                               {0, "vacuum-files", Arg::value}, {0, "rotate"},
                               {'u', "unit", Arg::value},       {'f', "follow"},
                               {'n', "lines", Arg::value},      {'S', "since", Arg::value},
                               {'U', "until", Arg::value},      {'p', "priority", Arg::value},
                               {'b', "boot", Arg::optional},    {'k', "dmesg"}};
void journal(const Call& call, Sink& sink) {
  const std::string when = call.text("vacuum-time"), size = call.text("vacuum-size");
  if (when == "1s" || when == "0" || when == "0s" || size == "0" || size == "1" || size == "1K")
    sink.add(Kind::changes_config, "sys.history");
}

constexpr CommandSpec kCommands[] = {
    {"iptables ip6tables nft ufw firewall-cmd pfctl", {}, Order::raw, firewall},
    {"ip ifconfig ifdown nmcli", {}, Order::permuted, network_device},
    {"setenforce csrutil spctl aa-teardown aa-disable aa-complain auditctl", {}, Order::permuted, security},
    {"sysctl", {}, Order::permuted, sysctl},
    {"rmmod modprobe insmod", kModule, Order::permuted, module},
    {"setcap", kSetcap, Order::permuted, setcap},
    {"journalctl", kJournal, Order::permuted, journal},
};

}  // namespace

std::span<const CommandSpec> machine_commands() { return kCommands; }

}  // namespace cmdai::commands
