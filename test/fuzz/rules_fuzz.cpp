// Rule packs, configuration and allow lists from any bytes: a policy comes out, or an error that says where.
// The first byte says what the rest is read as.
#include <algorithm>
#include <cstdlib>

#include "libcore/policy/policy.hpp"

using namespace cmdai;
using namespace cmdai::policy;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void require_place(const Diagnostic& d, std::string_view text) {
  const auto lines = static_cast<uint32_t>(std::count(text.begin(), text.end(), '\n') + 1);
  require(!d.message.empty() && d.file == "f.toml");
  require(d.line >= 1 && d.line <= lines && d.column >= 1);
  require(!d.render().empty());
}

/// One small pack instead of the shipped ones: reading those each time would be all the fuzzer does.
constexpr std::string_view kShipped = R"(family = "fs"
[[rule]]
id = "fs.delete-home"
severity = "critical"
title = "this deletes a whole home directory"
why = "w"
hint = "h"
when = { effect = "deletes", path = "home" }
stop = ["rm -rf ~"]
pass = ["ls"]
)";

PolicySources sources_from(uint8_t selector, const SourceFile& file) {
  PolicySources sources;
  sources.built_in_core = false;
  sources.packs.push_back({"fs.toml", std::string(kShipped)});
  switch (selector % 6) {
    case 0: sources.user_packs.push_back(file); break;
    case 1: sources.organization_packs.push_back(file); break;
    case 2: sources.settings = file; break;
    case 3: sources.allow_list = file; break;
    case 4: sources.project = file; break;
    default:
      sources.organization = file;
      sources.organization_groups = {"finance", "pilot"};
      break;
  }
  return sources;
}

/// What is written back must be read as the same.
void require_round_trip(const SourceFile& file) {
  const auto entries = parse_allow_list(file);
  if (!entries) return;
  for (const AllowEntry& entry : *entries) {
    const auto text = to_toml(entry);
    if (!text) continue;
    const auto again = parse_allow_list({"again.toml", *text});
    require(again.has_value() && again->size() == 1);
    require(again->front().command == entry.command && again->front().rule == entry.rule);
    require(again->front().path == entry.path && again->front().expires == entry.expires);
  }
}

}  // namespace

/// What an organization holds back, lifts or ends is told whatever the document says.
void require_told(const Policy& policy, int64_t now) {
  const std::vector<EffectiveRule> rules = policy.effective({}, now);
  require(rules.size() == policy.rules().size());
  for (const EffectiveRule& rule : rules) {
    require(strictness(rule.would_be) >= strictness(rule.action));
    require(std::count_if(rule.says.begin(), rule.says.end(), [](const Say& s) { return s.decides; }) == 1);
  }
  for (const Diagnostic& d : policy.expired(now)) require(!d.render().empty());
  (void)policy.organization();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const SourceFile file{"f.toml", std::string(reinterpret_cast<const char*>(data) + 1, size - 1)};
  const PolicySources sources = sources_from(data[0], file);
  const auto policy = Policy::compile(sources);
  const std::vector<Diagnostic> problems = Policy::problems_of_organization(sources);
  if (!policy) {
    require_place(policy.error(), file.text);
    require(!sources.organization || (!problems.empty() && problems[0].render() == policy.error().render()));
    return 0;
  }
  require(!(*policy)->rules().empty() && (*policy)->fingerprint().size() == 16);
  for (const Diagnostic& d : (*policy)->warnings()) require(!d.render().empty());
  commands::Analysis analysis = commands::analyze("rm -rf ~", {}, nullptr);
  const Actor actor;
  EvaluateInput input;
  input.command = "rm -rf ~";
  input.analysis = &analysis;
  input.actor = &actor;
  for (const int64_t now : {int64_t{0}, int64_t{1'800'000'000}, int64_t{1} << 40U}) {
    input.now = now;
    const Verdict verdict = (*policy)->evaluate(input);
    for (const Observed& o : verdict.observed) require(o.action != Action::allow && o.mode != Mode::enforce);
    require_told(**policy, now);
  }
  if (data[0] % 6 == 3) require_round_trip(file);
  return 0;
}
