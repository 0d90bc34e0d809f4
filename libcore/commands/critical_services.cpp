#include "libcore/commands/critical_services.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

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
  for (std::string_view ending : {".plist", ".service", ".socket"})
    if (unit.ends_with(ending)) unit.remove_suffix(ending.size());
  return unit;
}

}  // namespace

bool is_security_agent(std::string_view unit) {
  const std::vector<std::string> words = words_of(plain_name(unit));
  return std::any_of(std::begin(kAgents), std::end(kAgents), [&](std::string_view agent) {
    const std::vector<std::string> known = words_of(agent);
    const auto same = [](const std::string& word, const std::string& name) {
      return word == name || word == name + 'd';  // its daemon
    };
    return std::search(words.begin(), words.end(), known.begin(), known.end(), same) != words.end();
  });
}

bool is_critical_service(std::string_view unit) {
  const std::string_view name = plain_name(unit);
  std::string_view last = name;
  for (std::string_view maker : {"com.apple.", "com.openssh."})
    if (name.starts_with(maker)) last.remove_prefix(maker.size());
  return std::any_of(std::begin(kUnits), std::end(kUnits),
                     [&](std::string_view known) { return known == name || known == last; }) ||
         is_security_agent(unit);
}

}  // namespace cmdai::commands
