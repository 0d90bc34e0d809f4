// cmdai-enroll, run as `cmdai enroll`: provisioning by hand. Checks the settings and the connection, says
// what will be sent and to whom, and enrolls.
#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sodium.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "enterprise/plugin/device.hpp"
#include "enterprise/plugin/machine.hpp"
#include "enterprise/plugin/managed_settings.hpp"
#include "enterprise/plugin/sent_journal.hpp"
#include "enterprise/plugin/status_file.hpp"
#include "enterprise/plugin/tls_transport.hpp"

namespace {

namespace wire = cmdai::wire;
using namespace cmdai::device;

constexpr int kUsage = 2;
constexpr const char* kHelp = R"(usage: cmdai enroll [--managed FILE] [--plugin NAME] [--check]

Enrolls this account at the collector that the managed configuration names. The plugin does the same by itself
when the daemon runs; this is for whoever wants to see it happen.

  --managed FILE  instead of /etc/cmdai/managed.json
  --plugin NAME   name of the plugin in it, where its file is not cmdai-enterprise.so
  --check         settings and connection only, nothing is sent but a request for the policy's root
)";

struct Options {
  std::string managed = "/etc/cmdai/managed.json", plugin;
  bool check = false;
};

int complain(const std::string& text, const char* hint, int status) {
  fmt::print(stderr, "error: {}\n", text);
  if (hint != nullptr) fmt::print(stderr, "hint: {}\n", hint);
  return status;
}

class Quiet : public DeviceListener {
 public:
  void policy_changed() override {}
  void gate_changed() override {}
  void recorded_changed() override {}
  void tell(bool /*serious*/, std::string_view text) override { fmt::print("  {}\n", text); }
};

/// Number of the newest line of the local event log: what was before the enrollment stays here.
uint64_t last_event() {
  const auto head = read_small_file(state_home() + "/events.head");
  return head ? std::strtoull(head->c_str(), nullptr, 10) : 0;
}

Machine this_machine() {
  Machine machine;
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  machine.host = name;
  machine.os = os_text();
  machine.uid = ::getuid();
  if (const passwd* user = ::getpwuid(::getuid())) machine.user = user->pw_name;
  if (auto boot = read_small_file("/proc/sys/kernel/random/boot_id")) {
    machine.boot_id = *boot;
    std::erase(machine.boot_id, '\n');
  }
  machine.daemon_version = CMDAI_VERSION;
  machine.last_event = last_event();
  return machine;
}

void say_what_is_sent(const Settings& settings, const wire::Root& root) {
  fmt::print("collector   https://{}{}, of `{}`\n", settings.collector.authority(), settings.collector.prefix,
             root.tenant);
  fmt::print("trust       root {}, {} of its keys sign a new one\n", root.version,
             root.role(wire::Role::root).threshold);
  static constexpr const char* kLevels[] = {"0: program, rule and decision of each command, no command lines",
                                            "1: command lines, secrets taken out, with rule and decision",
                                            "2: command lines, sealed to the organization's break-glass key"};
  fmt::print("sent        privacy level {}\n", kLevels[settings.privacy]);
  fmt::print("            each {} s a heartbeat: versions, hooks and agents that were seen\n",
             settings.heartbeat_ms / 1000);
  fmt::print("            `cmdai audit sent` shows every byte\n");
}

int enroll(const Options& options) {
  const auto managed = read_managed_settings(options.managed, options.plugin);
  if (!managed) return complain(managed.error().text, nullptr, 1);
  auto settings = read_settings(managed->settings, &read_small_file);
  if (!settings) return complain(fmt::format("{}: {}", options.managed, settings.error().text), nullptr, 1);
  auto transport = TlsTransport::make(settings->collector, settings->ca_file, settings->proxy);
  if (!transport) return complain(transport.error().text, nullptr, 1);
  const auto root = wire::trust_first_root(settings->root, SystemClock().now_ms());
  if (!root) return complain("the root of trust is not good: " + root.error().text, nullptr, 1);
  say_what_is_sent(*settings, root->root);
  if (options.check) {
    const auto answer = (*transport)->exchange({"GET", "/v1/policy/timestamp", {}, {}});
    if (!answer)
      return complain(answer.error().text, "`CollectorURL`, `CAFile` and `Proxy` say how it is reached", 1);
    fmt::print("connection  works (TLS 1.3, certificate good)\n");
    return 0;
  }

  const std::string directory = state_directory(managed->plugin);
  std::error_code none;
  std::filesystem::create_directories(directory, none);
  auto disk = open_disk(directory);
  if (!disk) return complain(disk.error().text, nullptr, 1);
  const int lock = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) != 0)
    return complain("the plugin runs, and enrolls by itself", "`cmdai audit status` says how it stands", 1);
  SystemClock clock;
  SentJournal journal(**disk, clock, settings->journal_cap);
  Quiet listener;
  Device device({**disk, clock, **transport, journal, listener, [](int64_t) { return 0; }}, *settings,
                this_machine());
  if (auto done = device.start(); !done) return complain(done.error().text, nullptr, 1);
  if (!device.status().enrolled) (void)device.step();
  const DeviceStatus status = device.status();
  device.stop();
  (void)store_status(**disk, status, clock.now_ms());
  for (const std::string& trouble : status.troubles) fmt::print(stderr, "error: {}\n", trouble);
  if (!status.enrolled) return 1;
  fmt::print("enrolled    device {}, until {} (renewed by itself)\n", status.device,
             time_text(status.certificate_until_ms));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) return 1;
  const std::vector<std::string> words(argv + 1, argv + argc);
  Options options;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--help" || words[i] == "-h") {
      fmt::print("{}", kHelp);
      return 0;
    }
    if (words[i] == "--check")
      options.check = true;
    else if ((words[i] == "--managed" || words[i] == "--plugin") && i + 1 < words.size())
      (words[i] == "--managed" ? options.managed : options.plugin) = words[i + 1], ++i;
    else
      return complain("`" + words[i] + "` is not known here, or takes a value", "`cmdai enroll --help`",
                      kUsage);
  }
  return enroll(options);
}
