// cmdai allow.
#include <fmt/format.h>

#include "daemon/cli/allow_once.hpp"
#include "daemon/cli/find_rule.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/judge.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/when.hpp"
#include "daemon/host/files.hpp"
#include "daemon/host/policy_store.hpp"
#include "libcore/effects/path_class.hpp"

namespace cmdai::cli {
namespace {

int list_entries() {
  const host::PolicyStore store(host::paths_from_environment());
  if (const auto& broken = store.error()) return complain(*broken, kUsage);
  const auto& entries = store.policy()->settings().allow;
  for (const policy::AllowEntry& e : entries) {
    std::string line = e.id + "  ";
    line += e.command.empty() ? fmt::format("rule {}", e.rule) : explain::printable(e.command);
    if (!e.path.empty()) line += fmt::format("  in {}{}", e.path, e.below ? "" : " alone");
    if (e.expires != 0)
      line += fmt::format("  {} {}", e.expires <= now_seconds() ? "ended" : "until", local_time(e.expires));
    if (!e.reason.empty()) line += fmt::format("  ({})", e.reason);
    print(line + '\n');
  }
  if (entries.empty()) talk("cmdai: nothing is allowed for good\n");
  return kDone;
}

int remove_entry(const std::string& id) {
  const auto removed = host::remove_allow_entry(host::paths_from_environment(), id);
  if (!removed) return complain(removed.error(), kUsage);
  if (*removed == 0)
    return complain(fmt::format("no entry `{}` in allow.toml", explain::printable(id)),
                    "`cmdai allow --list` shows them; what stands in config.toml is removed there", kUsage);
  print("removed\n");
  return kDone;
}

tl::unexpected<Diagnostic> wrong(std::string message, std::string hint) {
  Diagnostic d;
  d.message = std::move(message);
  d.hint = std::move(hint);
  return fail(std::move(d));
}

/// The path that `--here` or `--path` means; empty: none was given. A place that cannot be told is an error:
/// it must not come to mean everywhere.
Result<std::string> place_of(const Arguments& a) {
  if (!a.has("here") && !a.has("path")) return std::string();
  const std::string path = a.has("path") ? a.get("path") : ".";
  if (path.empty()) return wrong("`--path` is empty", "leave it out for everywhere");
  const std::string here = working_directory();
  if (here.empty() && !path.starts_with('/'))
    return wrong("the working directory cannot be told", "name it: --path /DIRECTORY");
  return effects::normalize(path, here);
}

Result<policy::AllowEntry> entry_of(const Arguments& a) {
  policy::AllowEntry entry;
  entry.rule = a.get("rule");
  entry.reason = a.get("reason");
  Result<std::string> place = place_of(a);
  if (!place) return fail(std::move(place.error()));
  entry.path = std::move(*place);
  if (a.operands.size() > 1)
    return wrong("the command must be one word", "quote it: cmdai allow --always -- 'COMMAND'");
  if (!a.operands.empty()) entry.command = a.operands[0];
  if (entry.command.empty() && (entry.rule.empty() || entry.path.empty()))
    return wrong("`--always` needs a command, or `--rule` and a path",
                 "cmdai allow --always --here -- 'COMMAND'");
  if (!a.has("expires")) return entry;
  const auto when = parse_when(a.get("expires"), now_seconds(), 1);
  if (!when || *when <= now_seconds())
    return wrong(fmt::format("`{}` is no time to come", explain::printable(a.get("expires"))),
                 "write 8h, 7d or 2027-01-31");
  entry.expires = *when;
  return entry;
}

Result<void> check_rule(const host::Paths& paths, const std::string& id) {
  if (id.empty()) return {};
  const host::PolicyStore store(paths);
  const Result<policy::RuleInfo> rule = find_rule(*store.policy(), id);
  if (!rule) return fail(rule.error());
  if (rule->core)
    return wrong(fmt::format("`{}` is a core rule: it gives way to a code only, for one run", id),
                 "run the command, and `cmdai allow` the code that is shown");
  return {};
}

int allow_always(const Arguments& a) {
  const host::Paths paths = host::paths_from_environment();
  const Result<policy::AllowEntry> read = entry_of(a);
  if (!read) return complain(read.error(), kUsage);
  const policy::AllowEntry& entry = *read;
  if (auto fine = check_rule(paths, entry.rule); !fine) return complain(fine.error(), kUsage);
  if (auto done = host::put_allow_entry(paths, entry); !done) return complain(done.error(), kUsage);
  print("allowed for good\n");
  if (entry.command.empty()) return kDone;
  // A core rule does not give way to an entry: say so now, not when it is needed.
  Judge judge(true);
  Question q;
  q.command = entry.command;
  q.cwd = entry.path.empty() ? working_directory() : entry.path;
  q.home = home_directory();
  const auto answer = judge.ask(q);
  if (answer && (answer->action == "ask" || answer->action == "block"))
    talk(fmt::format("warning: `{}` still stops it: a core rule gives way to a code only, for one run\n",
                     answer->rule));
  return kDone;
}

}  // namespace

int run_allow(const Arguments& a) {
  if (a.has("list")) return list_entries();
  if (a.has("remove")) return remove_entry(a.get("remove"));
  if (a.has("always")) return allow_always(a);
  for (const char* option : {"here", "path", "rule", "expires", "reason"})
    if (a.has(option))
      return complain(fmt::format("`--{}` goes with `--always`", option),
                      "cmdai allow --always --here -- 'COMMAND'", kUsage);
  if (a.operands.empty()) return allow_what_waits();
  if (a.operands.size() > 1)
    return complain("one code at a time: the one that was shown when the command was stopped",
                    "to allow a command for good: cmdai allow --always -- 'COMMAND'", kUsage);
  return allow_once(a.operands[0]);
}

}  // namespace cmdai::cli
