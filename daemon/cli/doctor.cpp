// cmdai doctor: what is guarded, what is not, and how to mend it.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "daemon/cli/agent_survey.hpp"
#include "daemon/cli/daemon_call.hpp"
#include "daemon/cli/doctor_plugins.hpp"
#include "daemon/cli/doctor_start.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/hook_scripts.hpp"
#include "daemon/cli/judge.hpp"
#include "daemon/cli/notify_words.hpp"
#include "daemon/cli/session_words.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/verified_words.hpp"
#include "daemon/cli/when.hpp"
#include "daemon/host/event_log.hpp"
#include "daemon/host/files.hpp"
#include "daemon/host/policy_store.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "daemon/ipc/start_daemon.hpp"

namespace cmdai::cli {
namespace {

class Report {
 public:
  void add(Finding finding, std::string what, std::string mend = {}) {
    entries_.push_back({finding, std::move(what), std::move(mend)});
  }

  void show(bool color) const {
    for (const Entry& e : entries_) {
      const char* word = e.finding == Finding::good ? "ok  " : e.finding == Finding::note ? "note" : "BAD ";
      const char* code = e.finding == Finding::good ? "32" : e.finding == Finding::note ? "33" : "1;31";
      print(fmt::format("{}  {}\n", color ? fmt::format("\x1b[{}m{}\x1b[0m", code, word) : word, e.what));
      if (!e.mend.empty()) print(fmt::format("      mend: {}\n", e.mend));
    }
  }
  void show_json() const {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Entry& e : entries_)
      list.push_back({{"finding", e.finding == Finding::good   ? "ok"
                                  : e.finding == Finding::note ? "note"
                                                               : "bad"},
                      {"what", e.what},
                      {"mend", e.mend}});
    print(list.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n');
  }
  bool sound() const {
    for (const Entry& e : entries_)
      if (e.finding == Finding::bad) return false;
    return true;
  }

 private:
  struct Entry {
    Finding finding;
    std::string what, mend;
  };
  std::vector<Entry> entries_;
};

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string find_in_path(std::string_view program) {
  const char* variable = std::getenv("PATH");
  std::string_view path = variable == nullptr ? "" : variable;
  while (!path.empty()) {
    const size_t colon = std::min(path.find(':'), path.size());
    std::string candidate = fmt::format("{}/{}", path.substr(0, colon), program);
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
    path.remove_prefix(std::min(colon + 1, path.size()));
  }
  return {};
}

void look_at_programs(Report& report) {
  if (hook_client_path().empty())
    report.add(Finding::bad, "`cmdai-hook` is missing: hooks cannot ask",
               "install again: sudo meson install -C build");
  if (ipc::find_daemon().empty())
    report.add(Finding::bad, "`cmdaid` is missing: there is nobody to ask",
               "install again, or set `CMDAI_DAEMON` to its path");
}

void look_at_daemon(Report& report, std::string& sessions) {
  const auto status = call_daemon(ipc::Frame("status"));
  if (!status) {
    report.add(
        Finding::bad, fmt::format("the daemon does not answer: {}", status.error().message),
        status.error().hint.empty() ? "run it by hand and look: cmdaid --foreground" : status.error().hint);
    return;
  }
  report.add(Finding::good,
             fmt::format("the daemon answers (pid {}, {} rules, {} checks, p99 {} us)", status->get("pid"),
                         status->get("rules"), status->get("checks"), status->get("p99_us")));
  if (std::string other = other_build(*status); !other.empty())
    report.add(Finding::bad, std::move(other), kReplaceDaemon);
  if (const std::string* error = status->find("policy_error"))
    report.add(Finding::bad,
               "a policy file is broken, the last good policy stays in force: " + first_line(*error),
               "cmdai policy check FILE shows the place");
  if (const std::string* error = status->find("log_error"))
    report.add(
        Finding::bad,
        fmt::format("decisions are not recorded ({} lost): {}", status->get("lost"), first_line(*error)),
        "make room, or make the place writable");
  if (const NotifyWords notify = notify_words(*status); !notify.line.empty())
    report.add(notify.well ? Finding::good : Finding::note, "desktop notifications: " + notify.line,
               notify.well ? "" : "docs/agents.md says what they need; without them: cmdai allow");
  look_at_plugins(*status, [&report](Finding finding, std::string what, std::string mend) {
    report.add(finding, std::move(what), std::move(mend));
  });
  for (const auto& [key, value] : status->fields) {
    if (key == "policy_warning") report.add(Finding::note, "policy: " + first_line(value));
    if (key.starts_with("session.")) sessions += value + '\n';
  }
}

void look_at_record(Report& report, const host::Paths& paths) {
  for (const std::string& file : host::log_files(paths.events())) {
    struct stat info {};
    if (stat(file.c_str(), &info) == 0 && (info.st_uid != getuid() || (info.st_mode & 077U) != 0))
      report.add(Finding::bad, fmt::format("{} can be read or written by others", file),
                 fmt::format("chown {} {}; chmod 600 {}", paths.user, file, file));
  }
  const host::LogReport log = host::verify_log(paths.events());
  if (log.problems.empty())
    report.add(Finding::good, fmt::format("the record is whole: {} events", log.events));
  else
    report.add(Finding::bad, fmt::format("the record was changed: {}", log.problems.front().message),
               "cmdai log --verify names the lines");
}

/// Where each shell's line belongs, and whether it is there.
void look_at_shell(Report& report, std::string_view shell, const host::Paths& paths) {
  if (find_in_path(shell).empty()) return;
  const char* zdotdir = std::getenv("ZDOTDIR");
  const char* config = std::getenv("XDG_CONFIG_HOME");
  std::string rc = paths.home + "/.bashrc";
  if (shell == "zsh")
    rc = (zdotdir != nullptr && zdotdir[0] == '/' ? std::string(zdotdir) : paths.home) + "/.zshrc";
  if (shell == "fish")
    rc = (config != nullptr && config[0] == '/' ? std::string(config) : paths.home + "/.config") +
         "/fish/config.fish";
  const Result<std::string> text = host::read_file(rc);
  const std::string mark = fmt::format("init {}", shell);
  bool found = false;
  std::string_view rest = text ? std::string_view(*text) : std::string_view();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const size_t begin = line.find_first_not_of(" \t");
    if (begin != std::string_view::npos && line[begin] != '#' &&
        line.find("cmdai") != std::string_view::npos && line.find(mark) != std::string_view::npos)
      found = true;
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  if (found) return report.add(Finding::good, fmt::format("{} is guarded from {}", shell, rc));
  report.add(Finding::note, fmt::format("{} is not guarded: {} has no line for it", shell, rc),
             shell == "fish"
                 ? fmt::format("add to {}: cmdai init fish | source", rc)
                 : fmt::format("add as the last line of {}: eval \"$(cmdai init {})\"", rc, shell));
}

/// What a lower level means; `row` is the session's line of `status`.
void look_at_level(Report& report, std::string_view row) {
  if (row.starts_with("bash-") && row.substr(0, row.find('\n')).find(" command ") != std::string_view::npos)
    report.add(Finding::note,
               "this bash is older than 5.1: lines are judged command by command, with a DEBUG trap",
               "a newer bash is guarded better (docs/shells.md)");
}

void look_at_this_session(Report& report, const std::string& sessions) {
  const char* session = std::getenv("CMDAI_SESSION");
  if (session == nullptr)
    return report.add(Finding::note, "this session is not guarded",
                      "open a new shell after adding the line, or try: cmdai shell");
  const size_t known = sessions.find(std::string(session) + ' ');
  if (known != std::string::npos) {
    report.add(Finding::good, fmt::format("this session is guarded ({})", session));
    look_at_level(report, std::string_view(sessions).substr(known));
  } else
    report.add(Finding::note, "this session has a hook, but the daemon has not heard of it yet",
               "type a command and look again");
}

/// Every shell the daemon knows, with what its hook said of itself. One that is not heard of may have no hook
/// or a quiet person: nobody can tell the two apart, and nothing is claimed.
void look_at_sessions(Report& report, std::string_view sessions) {
  constexpr int kMost = 20;
  int shown = 0;
  int more = 0;
  for (; !sessions.empty(); sessions.remove_prefix(std::min(sessions.find('\n') + 1, sessions.size()))) {
    const std::string_view line = sessions.substr(0, sessions.find('\n'));
    if (++shown > kMost)
      ++more;
    else
      report.add(Finding::good,
                 "session " + explain::printable(session_line(session_of(line), now_seconds())));
  }
  if (more > 0) report.add(Finding::good, fmt::format("and {} more sessions: cmdai status", more));
}

/// Whether each agent of this machine asks. What starts a real one to see is `cmdai agents verify`.
void look_at_agents(Report& report) {
  for (const AgentSeen& seen : survey_agents()) {
    if (!seen.found()) continue;
    const GuardSeen* guard = seen.guard();
    const std::string asked =
        seen.last_check ? "asked " + ago(*seen.last_check, now_seconds()) : "has not asked yet";
    if (seen.guarded())
      report.add(Finding::good,
                 fmt::format("{} is guarded from {}, {}", seen.agent->title, guard->file.path, asked));
    else if (guard == nullptr)
      report.add(Finding::note,
                 fmt::format("{} is here and not guarded: what it runs is not looked at", seen.agent->title),
                 mend_guard(seen.agent->name, guard));
    else
      report.add(Finding::bad,
                 fmt::format("the hook of {} in {} does not count: {}{}{}", seen.agent->title,
                             guard->file.path, agents::to_string(guard->look.state),
                             guard->look.why.empty() ? "" : ", ", first_line(guard->look.why)),
                 mend_guard(seen.agent->name, guard));
    const auto last = host::last_verification(host::paths_from_environment(), seen.agent->name);
    if (last && seen.guarded())
      report.add(
          last->holds() ? Finding::good : Finding::bad,
          fmt::format("{} was {}", seen.agent->title, verified_words(*last, seen.version, now_seconds())),
          last->holds() ? "" : fmt::format("see what happens: cmdai agents verify {}", seen.agent->name));
  }
}

void look_at_project(Report& report, const host::Paths& paths) {
  host::PolicyStore store(paths);
  if (const auto notice = store.project_notice(working_directory()))
    report.add(Finding::note, fmt::format("{}: {}", notice->file, notice->message), notice->hint);
}

}  // namespace

int run_doctor(const Arguments& a) {
  const host::Paths paths = host::paths_from_environment();
  Report report;
  std::string sessions;
  look_at_programs(report);
  look_at_daemon(report, sessions);
  look_at_record(report, paths);
  for (const std::string_view shell : {"bash", "zsh", "fish"}) look_at_shell(report, shell, paths);
  for (const StartFinding& f : look_at_starts(paths.home))
    report.add(f.kind == StartFinding::Kind::guarded ? Finding::good : Finding::note, f.what, f.mend);
  look_at_this_session(report, sessions);
  look_at_sessions(report, sessions);
  look_at_project(report, paths);
  look_at_agents(report);
  report.add(Finding::note,
             "never guarded: scripts that already run, shells without a hook (sh, dash, …), programs that "
             "start others");
  if (a.has("json"))
    report.show_json();
  else
    report.show(colors(STDOUT_FILENO));
  return report.sound() ? kDone : kRefused;
}

}  // namespace cmdai::cli
