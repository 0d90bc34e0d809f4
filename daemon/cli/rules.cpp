// cmdai rules list|show|test, cmdai policy check|trust|untrust.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

#include "daemon/cli/find_rule.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/judge.hpp"
#include "daemon/cli/policy_files.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/when.hpp"
#include "daemon/host/files.hpp"
#include "daemon/host/policy_store.hpp"
#include "libcore/policy/examples.hpp"

namespace cmdai::cli {
namespace {

using Json = nlohmann::ordered_json;
using policy::RuleInfo;

Json json_of(const RuleInfo& rule) {
  Json json;
  json["id"] = rule.id;
  json["severity"] = rule.severity;
  json["core"] = rule.core;
  json["layer"] = std::string(to_string(rule.layer));
  json["human"] = std::string(to_string(rule.human_now));
  json["agent"] = std::string(to_string(rule.agent_now));
  for (const auto& [name, action] : rule.agents_now) json["agents"][name] = std::string(to_string(action));
  json["title"] = rule.title;
  json["why"] = rule.why;
  json["hint"] = rule.hint;
  json["file"] = rule.file;
  json["line"] = rule.line;
  return json;
}

/// What an example takes for granted besides the line.
std::string circumstances(const policy::Example& e) {
  std::string out;
  const auto add = [&out](std::string_view what, std::string_view text) {
    if (!text.empty()) out += fmt::format("{}{}{}", out.empty() ? "" : "; ", what, explain::printable(text));
  };
  add("after: ", fmt::format("{}", fmt::join(e.before, "; ")).substr(0, 200));
  add("in ", e.cwd == "/home/u/project" ? "" : e.cwd);
  add("shell: ", e.shell == "bash" ? "" : e.shell);
  add("loss: ", effects::to_string(e.found.losses));
  using effects::BranchRole;
  using effects::Reach;
  add("context: ", e.found.reach == Reach::unknown ? "" : effects::to_string(e.found.reach));
  add("branch: ", e.found.branch == BranchRole::unknown ? "" : effects::to_string(e.found.branch));
  return out.empty() ? out : fmt::format("  [{}]", out);
}

/// What agents get, and who of them gets something else.
std::string for_agents(const RuleInfo& rule) {
  std::string out(to_string(rule.agent_now));
  for (const auto& [name, action] : rule.agents_now)
    if (action != rule.agent_now) out += fmt::format(", {}: {}", explain::printable(name), to_string(action));
  return out;
}

std::string for_people(const RuleInfo& rule) {
  std::string out = fmt::format("{}: {}\n\n  {}\n", rule.id, rule.title, rule.why);
  out +=
      fmt::format("  hint: {}{}\n\n", rule.hint, rule.safer.empty() ? "" : fmt::format(": `{}`", rule.safer));
  out += fmt::format("  severity  {}{}\n  person    {}\n  agent     {}\n  from      {}:{}\n\nexamples:\n",
                     rule.severity, rule.core ? ", core: can only be made stricter" : "",
                     to_string(rule.human_now), for_agents(rule), rule.file, rule.line);
  for (const policy::Example& e : rule.examples)
    out += fmt::format("  {}  {}{}\n", e.must_stop ? "stops " : "passes",
                       explain::printable(e.command.substr(0, 200)), circumstances(e));
  return out;
}

void warn(const policy::Policy& policy) {
  for (const Diagnostic& d : policy.warnings()) talk("warning: " + d.render() + '\n');
}

/// Examples of the rules in `files`, the safer way counted as one, and of the settings; of all when there are
/// no files.
size_t count_examples(const policy::Policy& policy, const std::vector<std::string>& files) {
  size_t count = 0;
  for (const RuleInfo& rule : policy.rules())
    if (files.empty() || std::find(files.begin(), files.end(), rule.file) != files.end())
      count += rule.examples.size() + (rule.safer.empty() ? 0 : 1);
  for (const policy::ExpectedAnswer& e : policy.settings().examples)
    if (files.empty() || std::find(files.begin(), files.end(), e.file) != files.end())
      count += (e.human ? 1 : 0) + (e.agent ? 1 : 0);
  return count;
}

int test_rules(const policy::Policy& policy, const std::vector<std::string>& files) {
  policy::ExampleReport report = policy::run_examples(policy);
  if (!files.empty())
    std::erase_if(report.failures, [&](const policy::ExampleFailure& f) {
      return std::find(files.begin(), files.end(), f.file) == files.end();
    });
  report.passed = count_examples(policy, files) - report.failures.size();
  for (const policy::ExampleFailure& f : report.failures)
    print(fmt::format("{}:{}: {}: `{}` {}\n", f.file, f.example.line, f.rule,
                      explain::printable(f.example.command.substr(0, 200)), f.message));
  print(fmt::format("{} examples hold, {} do not\n", report.passed, report.failures.size()));
  return report.failures.empty() ? kDone : kRefused;
}

int check_file(const std::string& path) {
  policy::PolicySources sources;
  const Result<FileKind> kind = add_file(path, sources);
  if (!kind) return complain(kind.error(), kUsage);
  const auto compiled = policy::Policy::compile(sources);
  if (!compiled) return complain(compiled.error(), kUsage);
  warn(**compiled);
  print(fmt::format("{}: fine: {} with {} rules in force\n", path, describe(*kind),
                    (*compiled)->rules().size()));
  return count_examples(**compiled, {path}) != 0 ? test_rules(**compiled, {path}) : kDone;
}

bool is_organization_document(const std::string& path) {
  const Result<std::string> text = host::read_file(path);
  return text && kind_of(path, *text) == FileKind::organization;
}

/// `paths`: a document and the packs that go with it, as its author has them: nothing that could never count
/// is let pass.
int check_organization(const std::string& document, const std::vector<std::string>& paths) {
  policy::PolicySources sources;
  for (const std::string& path : paths)
    if (const auto added = add_organization_file(path, sources); !added)
      return complain(added.error(), kUsage);
  const std::vector<Diagnostic> problems = policy::Policy::problems_of_organization(sources);
  for (const Diagnostic& problem : problems) complain(problem, kUsage);
  if (!problems.empty()) return kUsage;
  const auto compiled = policy::Policy::compile(sources);
  if (!compiled) return complain(compiled.error(), kUsage);
  warn(**compiled);
  for (const Diagnostic& ended : (*compiled)->expired(now_seconds()))
    talk("warning: " + ended.render() + '\n');
  print(fmt::format("{}: fine: {} with {} rules in force\n", document, describe(FileKind::organization),
                    (*compiled)->rules().size()));
  return count_examples(**compiled, paths) != 0 ? test_rules(**compiled, paths) : kDone;
}

/// The project file that counts in the directory that is meant.
Result<std::string> project_file_of(const Arguments& a) {
  const std::string directory = a.operands.empty() ? "." : a.operands[0];
  char* real = realpath(directory.c_str(), nullptr);
  if (real == nullptr) return fail(host::file_problem(directory, std::strerror(errno)));
  std::string file = host::find_project_file(real, home_directory());
  std::free(real);
  if (!file.empty()) return file;
  Diagnostic d;
  d.message = "no .cmdai.toml of yours here or above";
  d.hint = "a project's own rules stand in .cmdai.toml at its top";
  return fail(std::move(d));
}

}  // namespace

int run_rules_list(const Arguments& a) {
  const host::PolicyStore store(host::paths_from_environment());
  if (const auto& broken = store.error())
    talk(fmt::format("cmdai: a policy file is broken, the built-in rules are shown\n{}\n", broken->render()));
  warn(*store.policy());
  const std::vector<RuleInfo> rules = store.policy()->rules();
  if (a.has("json")) {
    for (const RuleInfo& rule : rules) print(json_of(rule).dump() + '\n');
    return kDone;
  }
  size_t width = 0;
  for (const RuleInfo& rule : rules) width = std::max(width, rule.id.size());
  print(fmt::format("{:<{}}  {:<8}  {:<6}  {:<6}  {}\n", "rule", width, "severity", "person", "agent",
                    "what it stops"));
  for (const RuleInfo& rule : rules)
    print(fmt::format("{:<{}}  {:<8}  {:<6}  {:<6}  {}{}\n", rule.id, width, rule.severity,
                      to_string(rule.human_now), to_string(rule.agent_now), rule.title,
                      rule.core ? " (core)" : ""));
  return kDone;
}

Result<RuleInfo> find_rule(const policy::Policy& policy, const std::string& id) {
  const std::vector<RuleInfo> rules = policy.rules();
  std::vector<std::string_view> ids;
  for (const RuleInfo& rule : rules) {
    if (rule.id == id) return rule;
    ids.push_back(rule.id);
  }
  const auto near = nearest(id, ids.data(), ids.data() + ids.size());
  Diagnostic d;
  d.message = fmt::format("no rule is called `{}`", explain::printable(id));
  d.hint = near.empty() ? "`cmdai rules list` shows all of them" : fmt::format("did you mean `{}`?", near);
  return fail(std::move(d));
}

int run_rules_show(const Arguments& a) {
  if (a.operands.size() != 1)
    return complain("name one rule", "`cmdai rules list` shows all of them", kUsage);
  const host::PolicyStore store(host::paths_from_environment());
  const Result<RuleInfo> rule = find_rule(*store.policy(), a.operands[0]);
  if (!rule) return complain(rule.error(), kUsage);
  print(a.has("json") ? json_of(*rule).dump() + '\n' : for_people(*rule));
  return kDone;
}

int run_rules_test(const Arguments& a) {
  if (a.operands.empty()) {
    const host::PolicyStore store(host::paths_from_environment());
    if (const auto& broken = store.error()) return complain(*broken, kUsage);
    warn(*store.policy());
    return test_rules(*store.policy(), {});
  }
  policy::PolicySources sources;
  for (const std::string& path : a.operands)
    if (const Result<FileKind> added = add_file(path, sources); !added)
      return complain(added.error(), kUsage);
  const auto compiled = policy::Policy::compile(sources);
  if (!compiled) return complain(compiled.error(), kUsage);
  warn(**compiled);
  return test_rules(**compiled, a.operands);
}

int run_policy_check(const Arguments& a) {
  if (a.operands.empty())
    return complain("name a file to check", "cmdai policy check ~/.config/cmdai/config.toml", kUsage);
  const auto document = std::find_if(a.operands.begin(), a.operands.end(), is_organization_document);
  if (document != a.operands.end()) return check_organization(*document, a.operands);
  int status = kDone;
  for (const std::string& path : a.operands) status = std::max(status, check_file(path));
  return status;
}

int run_policy_trust(const Arguments& a) {
  const Result<std::string> found = project_file_of(a);
  if (!found) return complain(found.error(), kUsage);
  const std::string& file = *found;
  const Result<std::string> text = host::read_file(file);
  if (!text) return complain(text.error(), kUsage);
  policy::PolicySources sources;
  sources.project = policy::SourceFile{file, *text};
  if (const auto compiled = policy::Policy::compile(sources); !compiled)
    return complain(compiled.error(), kUsage);
  host::TrustList trust(host::paths_from_environment().trusted());
  if (auto loaded = trust.load(); !loaded) return complain(loaded.error(), kUsage);
  if (auto added = trust.add(file, *text); !added) return complain(added.error(), kUsage);
  print(fmt::format("{}: trusted as it is now\n", file));
  return kDone;
}

int run_policy_untrust(const Arguments& a) {
  const Result<std::string> found = project_file_of(a);
  if (!found) return complain(found.error(), kUsage);
  const std::string& file = *found;
  host::TrustList trust(host::paths_from_environment().trusted());
  if (auto loaded = trust.load(); !loaded) return complain(loaded.error(), kUsage);
  if (auto removed = trust.remove(file); !removed) return complain(removed.error(), kUsage);
  print(fmt::format("{}: no longer trusted\n", file));
  return kDone;
}

}  // namespace cmdai::cli
