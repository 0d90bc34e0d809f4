#include "libcore/commands/critical_services.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "libcore/base/text.hpp"
#include "libcore/base/wildcard.hpp"

namespace cmdai::commands {
namespace {

/// Network, logins, logging, schedules, firewall, mandatory access control.
constexpr std::string_view kUnits[] = {
    "ssh",        "sshd",     "auditd",   "firewalld",           "ufw",
    "iptables",   "nftables", "apparmor", "selinux-autorelabel", "systemd-journald",
    "rsyslog",    "syslog",   "syslogd",  "NetworkManager",      "systemd-networkd",
    "networking", "network",  "dbus",     "systemd-logind",      "cron",
    "crond"};

/// Words that stand in the names of these agents' units and labels: makers, products, daemons. Words with a
/// meaning of their own need their neighbour.
constexpr std::string_view kAgents[] = {"crowdstrike", "falcond",     "falcon-sensor", "sentinelone",
                                        "sentineld",   "sentinelctl", "sentinelagent", "carbonblack",
                                        "cbdaemon",    "cbagentd",    "cbsensor",      "littlesnitch",
                                        "lulu",        "blockblock",  "opendns",       "jamf",
                                        "osquery",     "osqueryd",    "santa",         "santad",
                                        "mdatp",       "wdav",        "wazuh",         "ossec",
                                        "clamav",      "clamd",       "sophos",        "savd",
                                        "eset",        "esets",       "kesl",          "kaspersky",
                                        "klnagent",    "mcafee",      "trellix",       "xagt",
                                        "fireeye",     "cylance",     "cylancesvc",    "paloaltonetworks",
                                        "traps-pmd",   "qualys",      "tanium",        "taniumclient",
                                        "rapid7",      "ir-agent",    "elastic-agent", "elastic-endpoint",
                                        "auditbeat",   "falco",       "crowdsec",      "fail2ban",
                                        "ds-agent",    "trendmicro",  "symantec",      "symdaemon",
                                        "bitdefender", "bdsec",       "malwarebytes",  "kandji",
                                        "mosyle",      "huntress",    "huntressagent", "limacharlie",
                                        "lacework",    "uptycs",      "threatlocker",  "nessusagent",
                                        "snort",       "suricata",    "aide",          "samhain",
                                        "rkhunter",    "xprotect",    "apple-alf",     "managedclient",
                                        "mdmclient"};

/// What such a unit is called beside its maker or product. Other neighbours make it a helper of somebody's:
/// suricata-update.timer fetches lists, aide-report.timer sends mail.
constexpr std::string_view kRoles[] = {
    "agent",      "daemon",    "sensor",   "service", "server",     "manager",  "client", "monitor",
    "supervisor", "endpoint",  "hids",     "protect", "protection", "security", "cloud",  "edr",
    "av",         "antivirus", "platform", "scanner", "bpf",        "kmod",     "modern", "management"};

/// Processes that end with the service they are.
constexpr std::string_view kDaemons[] = {
    "sshd",        "auditd",      "firewalld",      "rsyslogd",         "syslogd",
    "syslog-ng",   "journald",    "NetworkManager", "systemd-journald", "systemd-networkd",
    "dbus-daemon", "dbus-broker", "systemd-logind", "systemd-udevd",    "cron",
    "crond"};

/// com.example.Agent-x.plist: com, example, agent, x.
std::vector<std::string> words_of(std::string_view unit) {
  std::vector<std::string> out(1);
  for (const char c : unit) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!out.back().empty())
      out.emplace_back();
  }
  return out;
}

std::string_view plain_name(std::string_view unit) {
  unit.remove_prefix(unit.rfind('/') + 1);
  for (std::string_view ending : {".plist", ".service", ".socket", ".timer", ".target", ".path"})
    if (unit.ends_with(ending)) unit.remove_suffix(ending.size());
  return unit.substr(0, unit.find('@'));  // sshd@.service
}

bool is_pattern(std::string_view name) { return name.find_first_of("*?") != std::string_view::npos; }

/// Whether a name is one of these; a pattern stands for all the units it fits, as systemctl takes it.
template <size_t N>
bool names_one(const std::string_view (&known)[N], std::string_view name) {
  if (!is_pattern(name)) return among(known, name);
  return std::any_of(known, known + N, [name](std::string_view k) {
    return wildcard_match(name, k) || wildcard_match(name, std::string(k) + ".service");
  });
}

bool is_role(const std::string& word) {
  return among(kRoles, word) || word.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

bool is_security_agent(std::string_view unit) {
  const std::string_view name = plain_name(unit);
  if (is_pattern(name)) return names_one(kAgents, name);
  const bool label = name.find('.') != std::string_view::npos;  // the maker's domain stands in front
  const std::vector<std::string> words = words_of(name);
  return std::any_of(std::begin(kAgents), std::end(kAgents), [&](std::string_view agent) {
    const std::vector<std::string> known = words_of(agent);
    const auto same = [](const std::string& word, const std::string& its) {
      return word == its || word == its + 'd';  // its daemon
    };
    const auto at = std::search(words.begin(), words.end(), known.begin(), known.end(), same);
    if (at == words.end()) return false;
    return label || (std::all_of(words.begin(), at, is_role) &&
                     std::all_of(at + static_cast<std::ptrdiff_t>(known.size()), words.end(), is_role));
  });
}

bool is_critical_service(std::string_view unit) {
  const std::string_view name = plain_name(unit);
  std::string_view last = name;
  for (std::string_view maker : {"com.apple.", "com.openssh."})
    if (name.starts_with(maker)) last.remove_prefix(maker.size());
  return names_one(kUnits, name) || names_one(kUnits, last) || is_security_agent(unit);
}

bool is_critical_process(std::string_view name) {
  name.remove_prefix(name.rfind('/') + 1);
  if (name.starts_with('^')) name.remove_prefix(1);  // pgrep's pattern
  if (name.ends_with('$')) name.remove_suffix(1);
  return among(kDaemons, name) || is_security_agent(name);
}

}  // namespace cmdai::commands
