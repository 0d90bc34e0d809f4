// cmdaid: the per-user daemon.
#include <fmt/format.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>

#include "daemon/cmdaid/hook_watch.hpp"
#include "daemon/cmdaid/lock.hpp"
#include "daemon/cmdaid/log.hpp"
#include "daemon/cmdaid/notifier.hpp"
#include "daemon/cmdaid/plugins.hpp"
#include "daemon/cmdaid/server.hpp"
#include "daemon/host/files.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "libcore/audit/event.hpp"
#include "libcore/engine.hpp"

namespace {

using namespace cmdai;
using namespace cmdai::daemon;

constexpr const char* kUsage =
    R"(usage: cmdaid [--foreground] [--socket PATH] [--idle-exit SECONDS] [--managed FILE]

The cmdai daemon: answers hooks and commands on a Unix socket. Usually nobody needs to start it by hand: hooks and
`cmdai start` do, or systemd (cmdaid.socket) and launchd.

  --foreground          log to the terminal, too
  --socket PATH         listen there (default: $CMDAI_SOCKET, else the user's runtime directory)
  --idle-exit SECONDS   end after so long without a connection
  --managed FILE        a managed configuration of one's own (docs/plugins.md); not on a machine that is managed
  --version             say the version
  --help                say this

examples:
  cmdaid --foreground                         watch it work
  systemctl --user enable --now cmdaid.socket let systemd start it when it is needed

Signals: SIGHUP reads the policy and the managed configuration again, SIGTERM and SIGINT answer what was asked and end it.
Exit status: 0 ended in order, 1 could not start, 2 usage.
)";

struct Options {
  bool foreground = false;
  std::string socket;
  int idle_exit = 0;
  std::string managed;
};

[[noreturn]] void usage_error(const std::string& message) {
  fmt::print(stderr, "cmdaid: {}\nhint: `cmdaid --help` shows what it takes\n", message);
  std::exit(2);
}

Options read_options(int argc, char** argv) {
  Options out;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value = [&]() -> std::string {
      if (i + 1 >= argc) usage_error(fmt::format("`{}` needs a value", word));
      return argv[++i];
    };
    if (word == "--foreground") {
      out.foreground = true;
    } else if (word == "--socket") {
      out.socket = value();
      if (!out.socket.starts_with('/')) usage_error("`--socket` needs an absolute path");
    } else if (word == "--managed") {
      out.managed = value();
      if (!out.managed.starts_with('/')) usage_error("`--managed` needs an absolute path");
      if (!host::missing(host::system_place().file))
        usage_error(fmt::format("`--managed` is not for this machine: it is managed by {}",
                                host::system_place().file));
      if (host::missing(out.managed)) usage_error(fmt::format("{} is not there", out.managed));
    } else if (word == "--idle-exit") {
      const std::string text = value();
      const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out.idle_exit);
      if (error != std::errc() || stop != text.data() + text.size() || out.idle_exit <= 0)
        usage_error("`--idle-exit` needs a number of seconds above 0");
    } else if (word == "--version") {
      fmt::print("cmdaid {}\n", CMDAI_VERSION);
      std::exit(0);
    } else if (word == "--help" || word == "-h") {
      std::fputs(kUsage, stdout);
      std::exit(0);
    } else {
      usage_error(fmt::format("unknown option `{}`", word));
    }
  }
  return out;
}

/// Tells the log and whoever started it.
int refuse(const Diagnostic& problem, bool logs_to_terminal) {
  log_error(problem.render());
  if (!logs_to_terminal) fmt::print(stderr, "cmdaid: {}\n", problem.render());
  return 1;
}

/// One that is just ending holds the lock but has taken its socket away: it is waited for, a little.
Result<Lock> take_lock(const std::string& path, const std::string& socket) {
  for (int i = 0; i < 150; ++i) {
    Result<Lock> taken = Lock::take(path);
    if (taken || host::exists(socket)) return taken;
    usleep(20'000);
  }
  return Lock::take(path);
}

Result<ListeningSocket> take_socket(const Options& options, std::optional<Lock>& lock) {
  Result<ListeningSocket> inherited = inherited_socket();
  if (!inherited) return inherited;
  std::string path = inherited->path;
  if (path.empty()) {
    path = options.socket;
    if (path.empty()) {
      Result<std::string> usual = ipc::socket_path();
      if (!usual) return fail(std::move(usual.error()));
      path = std::move(*usual);
    }
  }
  const std::string directory = ipc::directory_of(path);
  if (auto made = ipc::make_directory(directory); !made) return fail(std::move(made.error()));
  Result<Lock> taken = take_lock(directory + "/cmdaid.lock", path);
  if (!taken) return fail(std::move(taken.error()));
  lock.emplace(std::move(*taken));
  return inherited->fd >= 0 ? inherited : bind_socket(path);
}

int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Room for kMostConnections and our own files.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= 1024) return;
  limit.rlim_cur = std::min<rlim_t>(1024, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Tables that are built at first use are built now, not while somebody waits.
void warm_up(const host::PolicyStore& store) {
  Request request;
  request.command = "sudo rm -rf \"$HOME\" | tee x";
  Engine(store.policy()).check(request, nullptr);
  if (!audit::redaction_ready()) log_error("the redaction patterns are broken");
}

Notifier::Hooks notifier_hooks(const host::PolicyStore& store, Service& service) {
  Notifier::Hooks out;
  out.mode = [&store] { return store.policy()->settings().notify; };
  out.now = [] { return now_ms() / 1000; };
  out.on_choice = [&service](const DesktopChoice& choice) { return service.choose(choice); };
  return out;
}

host::ManagedPlace managed_place(const Options& options) {
  return options.managed.empty() ? host::system_place() : host::ManagedPlace{options.managed, true};
}

int run(const Options& options) {
  const host::Paths paths = host::paths_from_environment();
  const auto state = host::make_directories(paths.state);
  const std::string log_problem = open_log(state ? paths.log() : "", options.foreground);
  if (!state) log_warning(state.error().render());
  if (!log_problem.empty()) log_warning(log_problem);
  std::optional<Lock> lock;
  Result<ListeningSocket> listening = take_socket(options, lock);
  if (!listening) return refuse(listening.error(), options.foreground || !state || !log_problem.empty());

  host::PolicyStore store(paths);
  if (const auto& broken = store.error()) log_error(broken->render());
  host::EventLog events(paths.events());
  Service service(store, events, {listening->path, now_ms});
  boost::asio::io_context io(1);
  ServerOptions server_options;
  server_options.idle_exit = std::chrono::seconds(options.idle_exit);
  const std::string where = listening->path;
  Server server(io, std::move(*listening), service, store, events, server_options);
  Plugins::Hooks plugin_hooks;
  plugin_hooks.record = [&service](const char* type, const std::string& rule, const std::string& text) {
    service.record_plain(type, text, rule);
  };
  plugin_hooks.posture = [&service] { return service.posture(); };
  Plugins plugins(io, managed_place(options), store, events, std::move(plugin_hooks));
  HookWatch hooks(
      io, {host::hook_record_path(paths.state), host::kSystemHookRecord},
      [&service](const HookSeen& lost) {
        log_warning(lost.sentence());
        service.record_plain("tamper", lost.sentence());
      },
      [&service, &plugins](const std::vector<HookSeen>& seen) {
        plugins.look_again();
        service.hook_files.clear();
        for (const HookSeen& hook : seen)
          service.hook_files.push_back(fmt::format("{} {} {}", hook.record.agent,
                                                   agents::to_string(hook.look.state), hook.record.path));
      });
  Notifier notifier(io, notifier_hooks(store, service));
  service.notifier = &notifier;
  server.on_stop = [&hooks, &notifier] {
    hooks.stop();
    notifier.stop();
  };
  server.on_gone = [&plugins] { plugins.stop(); };
  service.record_plain("daemon.start", fmt::format("cmdaid {}", CMDAI_VERSION));
  if (!events.error().empty()) log_error(events.error());
  log_info(fmt::format("cmdaid {} listens on {}", CMDAI_VERSION, where));
  warm_up(store);
  service.plugins = &plugins;
  plugins.start();
  server.start();
  hooks.start();
  io.run();
  log_info("ended");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = read_options(argc, argv);
  signal(SIGPIPE, SIG_IGN);
  umask(0077);
  raise_descriptor_limit();
  if (sodium_init() < 0) return 1;
  try {
    return run(options);
  } catch (const std::exception& error) {
    log_error(fmt::format("ended by an error: {}", error.what()));
    return 1;
  }
}
