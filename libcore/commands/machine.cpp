// Network devices, firewall, security switches, kernel, logs. iproute2 6.1, nftables 1.0, procps 4.0,
// kmod 30.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/subcommands.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

/// iproute2 takes any beginning of its words: `ip r d default`.
bool begins(const std::string& word, std::string_view whole) {
  return !word.empty() && whole.starts_with(word);
}

constexpr Option kIp[] = {{'n', "netns", Arg::value}, {0, "netns", Arg::value},   {'f', "family", Arg::value},
                          {'b', "batch", Arg::value}, {'r', "resolve"},           {'s', "stats"},
                          {'d', "details"},           {0, "color", Arg::optional}};
/// ip OBJECT VERB …; an interface, address or route of another name space is none of this machine's own.
bool cuts_off(const Call& call) {
  const std::string object = call.operand(0), verb = call.operand(1);
  if (call.has("netns")) return false;
  const auto given = [&call](std::string_view word) {
    return std::any_of(call.operands().begin(), call.operands().end(),
                       [word](const Argument* a) { return a->value.with_holes_empty() == word; });
  };
  const bool deletes = begins(verb, "delete"), flushes = begins(verb, "flush");
  if (begins(object, "link")) return deletes || (begins(verb, "set") && given("down"));
  if (begins(object, "address")) return flushes;
  return begins(object, "route") && (flushes || (deletes && given("default")));
}
void ip(const Call& call, Sink& sink) {
  if (begins(call.operand(0), "netns") && begins(call.operand(1), "exec")) {  // ip netns exec NAME PROGRAM
    std::vector<Argument> argv = call.rest(3);
    if (!argv.empty()) sink.run(std::move(argv), sink.as("ip"));
  } else if (cuts_off(call)) {
    sink.add(Kind::changes_config, "sys.network").target.text = call.operands().back()->value.display();
  }
}

/// net-tools 2.10, NetworkManager 1.42, ifupdown.
void network_device(const Call& call, Sink& sink) {
  const auto given = [&call](std::string_view word) {
    return std::any_of(call.operands().begin(), call.operands().end(),
                       [word](const Argument* a) { return a->value.with_holes_empty() == word; });
  };
  const std::string& program = call.program();
  bool off = program == "ifdown";
  if (program == "ifconfig")
    off = given("down");
  else if (program == "nmcli")
    off = (given("off") && (given("networking") || given("n") || given("net"))) ||
          (given("down") && (given("connection") || given("con") || given("c")));
  if (off)
    sink.add(Kind::changes_config, "sys.network").target.text =
        call.operands().empty() ? "" : call.operands().back()->value.display();
}

/// nft's language: as words, or as one word with blanks in it.
bool empties_rules(std::string_view code) {
  return code.find("flush ruleset") != std::string_view::npos ||
         code.find("flush table") != std::string_view::npos ||
         code.find("flush chain") != std::string_view::npos ||
         code.find("delete table") != std::string_view::npos;
}
constexpr Option kNft[] = {
    {'f', "file", Arg::value},   {'c', "check"},  {'j', "json"},    {'I', "includepath", Arg::value},
    {'D', "define", Arg::value}, {'a', "handle"}, {'n', "numeric"}, {'e', "echo"}};
void nft(const Call& call, Sink& sink) {
  if (call.has("check")) return;
  std::string code;
  for (const Argument* word : call.operands()) code += word->value.with_holes_empty() + ' ';
  if (const Argument* file = call.value("file")) {
    const std::string name = file->value.with_holes_empty();
    const Value* content =
        name == "-" || name == "/dev/stdin" ? &call.invocation().input.data : sink.file_content(file->value);
    if (content != nullptr) code = content->with_holes_empty();
  }
  if (empties_rules(code)) sink.add(Kind::changes_config, "sys.firewall");
}

constexpr Option kRestore[] = {
    {'n', "noflush"}, {'t', "test"}, {'c', "counters"},         {'w', "wait", Arg::optional},
    {'v', "verbose"}, {'h', "help"}, {'T', "table", Arg::value}};
/// iptables-restore takes all rules away and loads those it reads: of /dev/null, none.
void restore_rules(const Call& call, Sink& sink) {
  if (call.any("noflush test help")) return;
  const auto& redirects = call.invocation().redirects;
  const bool nothing = std::any_of(redirects.begin(), redirects.end(),
                                   [](const resolve::ResolvedRedirect& r) {
                                     return r.op == "<" && r.target.with_holes_empty() == "/dev/null";
                                   }) ||
                       call.operand(0) == "/dev/null";
  if (nothing) sink.add(Kind::changes_config, "sys.firewall");
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
  else if (program == "firewall-cmd")
    off = given("--panic-on") || given("--complete-reload");
  else if (program == "pfctl")
    off = given("-d") || given("-F");
  else
    off =
        given("-F") || given("--flush") || given("-X") || (given("-P") && given("ACCEPT") && given("INPUT"));
  if (off) sink.add(Kind::changes_config, "sys.firewall");
}

/// Control programs of the agents that guard a machine: CrowdStrike's, SentinelOne's, Wazuh's, fail2ban's,
/// osquery's, Jamf's. From their makers' manuals.
constexpr Option kGuardControl[] = {{'d', "delete"}, {'f', "force"}, {0, "cid"}, {'t', "token", Arg::value}};
constexpr Verb kGuardVerbs[] = {
    {"stop", Kind::changes_config, "sys.security-off"},
    {"unload", Kind::changes_config, "sys.security-off"},
    {"uninstall", Kind::changes_config, "sys.security-off"},
    {"disable", Kind::changes_config, "sys.security-off"},
    {"unprotect", Kind::changes_config, "sys.security-off"},
    {"control stop", Kind::changes_config, "sys.security-off"},
    {"control uninstall", Kind::changes_config, "sys.security-off"},
    {"removeFramework", Kind::changes_config, "sys.security-off"},
};
void guard_control(const Call& call, Sink& sink) {
  if (call.program() == "falconctl" && call.has("delete"))  // falconctl -d --cid: it knows its server no more
    sink.add(Kind::changes_config, "sys.security-off");
  else
    judge_verbs(call, sink, kGuardVerbs);
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

constexpr CommandSpec kMachineCommands[] = {
    {"iptables ip6tables iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft ufw "
     "firewall-cmd pfctl",
     {},
     Order::raw,
     firewall},
    {"nft", kNft, Order::leading, nft},
    {"iptables-restore ip6tables-restore iptables-legacy-restore ip6tables-legacy-restore "
     "iptables-nft-restore ip6tables-nft-restore",
     kRestore, Order::permuted, restore_rules},
    {"ip", kIp, Order::leading, ip},
    {"ifconfig ifdown nmcli", {}, Order::permuted, network_device},
    {"falconctl sentinelctl wazuh-control ossec-control fail2ban-client osqueryctl jamf", kGuardControl,
     Order::permuted, guard_control},
    {"setenforce csrutil spctl aa-teardown aa-disable aa-complain auditctl", {}, Order::permuted, security},
    {"sysctl", {}, Order::permuted, sysctl},
    {"rmmod modprobe insmod", kModule, Order::permuted, module},
    {"setcap", kSetcap, Order::permuted, setcap},
    {"journalctl", kJournal, Order::permuted, journal},
};

}  // namespace

std::span<const CommandSpec> machine_commands() { return kMachineCommands; }

}  // namespace cmdai::commands
