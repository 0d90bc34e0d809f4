// cmdai agents install, cmdai agents remove.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "daemon/cli/agent_settings.hpp"
#include "daemon/cli/agent_survey.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/text_diff.hpp"
#include "daemon/host/files.hpp"

namespace cmdai::cli {
namespace {

using agents::HookFile;
using agents::Level;

/// The agents an operand list or `--all` names; the status of the complaint otherwise.
Result<std::vector<const host::Agent*>> chosen(const Arguments& a, const HookSite& site, bool removes) {
  std::vector<const host::Agent*> out;
  std::vector<std::string_view> names;
  for (const host::Agent& agent : host::known_agents()) {
    names.push_back(agent.name);
    if (a.has("all") && (removes || site.system || agent_is_here(agent, site.places))) out.push_back(&agent);
  }
  for (const std::string& name : a.operands) {
    if (const host::Agent* agent = host::find_agent(name)) {
      if (!a.has("all")) out.push_back(agent);
      continue;
    }
    Diagnostic d;
    d.message = fmt::format("no agent is called `{}`", explain::printable(name));
    const auto near = nearest(name, names.data(), names.data() + names.size());
    d.hint = near.empty() ? fmt::format("there are {}", fmt::join(names, ", "))
                          : fmt::format("did you mean `{}`?", near);
    return fail(std::move(d));
  }
  if (!out.empty()) return out;
  Diagnostic d;
  d.message = a.has("all") ? "no agent was found on this machine" : "name the agents, or say `--all`";
  d.hint = fmt::format("there are {}", fmt::join(names, ", "));
  return fail(std::move(d));
}

void show_change(const std::string& path, const HookChange& change) {
  print(
      fmt::format("--- {}\n+++ {}\n", change.before ? path : "/dev/null", change.after ? path : "/dev/null"));
  std::string_view diff;
  const std::string hunks = unified_diff(change.before.value_or(""), change.after.value_or(""));
  for (diff = hunks; !diff.empty(); diff.remove_prefix(std::min(diff.find('\n') + 1, diff.size())))
    print(explain::printable(diff.substr(0, diff.find('\n'))) + '\n');
}

/// Settings in the same file that leave hooks out: told, because a person decided them.
void tell_if_off(const HookFile& file, const HookChange& change, const HookSite& site) {
  for (const agents::Switch& off : agents::off_switches(file.agent, site.places)) {
    const auto text = off.path == file.path && change.after ? Result<std::string>(*change.after)
                                                            : host::read_file(off.path);
    if (file.level != Level::system && text && agents::switched_off(off, *text))
      talk(fmt::format("cmdai: {} switches hooks off: `{}`\nhint: nothing is asked until that is taken out\n",
                       off.path, fmt::join(off.member, ".")));
  }
}

int install(const HookFile& file, const HookSite& site) {
  const Result<HookChange> done = put_hook(file, site);
  if (!done) return complain(done.error(), kUsage);
  if (site.dry_run) {
    if (done->changed()) show_change(file.path, *done);
    return kDone;
  }
  const bool side = file.form == agents::Form::copilot_sandbox;
  if (!done->changed()) {
    if (!side) print(fmt::format("{}: {} is as it should be\n", file.agent, file.path));
  } else {
    print(fmt::format("{}: {} {}\n", file.agent, file.path,
                      side ? "lets its sandbox reach cmdai" : "has the hook now"));
    if (!done->backup.empty()) print(fmt::format("  what it was: {}\n", done->backup));
  }
  if (!side) tell_if_off(file, *done, site);
  return kDone;
}

int remove(const HookFile& file, const HookSite& site) {
  const Result<HookChange> done = take_hook(file, site);
  if (!done) return complain(done.error(), kUsage);
  if (!done->changed()) return kDone;
  if (site.dry_run) return show_change(file.path, *done), kDone;
  if (!done->after)
    print(fmt::format("{}: {} is gone\n", file.agent, file.path));
  else if (done->restored)
    print(fmt::format("{}: {} is what it was before\n", file.agent, file.path));
  else
    print(fmt::format("{}: {} was changed since; the hook was taken out of it\n", file.agent, file.path));
  if (!done->restored && !done->backup.empty())
    print(fmt::format("  what it was before cmdai: {}\n", done->backup));
  return kDone;
}

void say_what_holds(std::string_view agent) {
  print(
      fmt::format("  enforced: {}\n  not:      {}\n", agents::enforced(agent), agents::not_enforced(agent)));
}

Result<HookSite> site_of(const Arguments& a) {
  const bool system = a.has("system");
  Diagnostic d;
  if (a.has("root") && !system) {
    d.message = "`--root` goes with `--system`";
    d.hint = "cmdai agents install --system --root DIR --all";
    return fail(std::move(d));
  }
  if (system && !a.has("root") && geteuid() != 0) {
    d.message = "the machine's files can be written by root only";
    d.hint = "sudo cmdai agents install --system --all";
    return fail(std::move(d));
  }
  auto site = hook_site(system, a.get("root"), a.get("program"));
  if (site) site->dry_run = a.has("dry-run");
  return site;
}

int for_each_agent(const Arguments& a, bool removes) {
  const Result<HookSite> site = site_of(a);
  if (!site) return complain(site.error(), kUsage);
  const auto agents = chosen(a, *site, removes);
  if (!agents) return complain(agents.error(), kUsage);
  int status = kDone;
  for (const host::Agent* agent : *agents) {
    int worst = kDone;
    std::vector<HookFile> files =
        agents::hook_files(agent->name, site->system ? Level::system : Level::user, site->places);
    if (removes) std::reverse(files.begin(), files.end());
    for (const HookFile& file : files)
      worst = std::max(worst, removes ? remove(file, *site) : install(file, *site));
    if (!removes && site->system && worst == kDone && !site->dry_run) say_what_holds(agent->name);
    status = std::max(status, worst);
  }
  if (!removes && status == kDone && !site->dry_run && !site->system)
    print("agents that run read it when they start again; `cmdai agents list` shows what counts\n");
  return status;
}

}  // namespace

int run_agents_install(const Arguments& a) { return for_each_agent(a, false); }
int run_agents_remove(const Arguments& a) { return for_each_agent(a, true); }

}  // namespace cmdai::cli
