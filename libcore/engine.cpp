#include "libcore/engine.hpp"

#include <algorithm>
#include <utility>

#include "libcore/resolve/recall.hpp"

namespace cmdai {
namespace {

bool stricter(const Decision& a, const Decision& b) {
  return policy::strictness(a.verdict.action) > policy::strictness(b.verdict.action);
}

/// What an organization would have said of either reading is for the record; the other one's effects are not
/// this one's.
void take_observed(policy::Verdict& into, policy::Verdict& from) {
  for (policy::Observed& seen : from.observed) {
    const auto same = std::find_if(into.observed.begin(), into.observed.end(),
                                   [&](const policy::Observed& o) { return o.rule == seen.rule; });
    const bool matched = std::any_of(into.matches.begin(), into.matches.end(), [&](const policy::Match& m) {
      return m.rule == seen.rule && policy::strictness(m.action) >= policy::strictness(seen.action);
    });
    if (same != into.observed.end() || matched) continue;
    seen.effect.reset();
    into.observed.push_back(std::move(seen));
  }
}

/// Of what functions of the session's start-up files do only what is plain: a body that runs what a tool
/// prints
/// (`eval "$(conda …)"`), or does something in one case of many, is what its author wanted.
void keep_plain(Decision& decision) {
  auto& verdict = decision.verdict;
  const auto not_plain = [&decision](const auto& found) {
    if (!found.effect) return false;
    const effects::Effect& effect = decision.analysis.effects[*found.effect];
    return effect.kind == effects::Kind::opaque || effect.certainty == effects::Certainty::possible;
  };
  std::erase_if(verdict.matches, not_plain);
  std::erase_if(verdict.observed, not_plain);
  verdict.action = verdict.matches.empty() ? policy::Action::allow : verdict.matches.front().action;
}

}  // namespace

Decision Engine::judge(std::string_view text, const Request& request, Probe* probe,
                       resolve::Memory* memory) const {
  Decision decision;
  if (text.size() <= kMaxCommandBytes) {
    decision.analysis = commands::analyze(text, request.session, probe, memory);
  } else {  // rule core.too-long speaks of it; the text is kept for the explanation
    decision.analysis.status = syntax::Status::too_complex;
    decision.analysis.sources.push_back({std::string(text.substr(0, kMaxCommandBytes)), {}, 0, {}});
  }
  decision.verdict = evaluate(text, request, decision.analysis);
  return decision;
}

policy::Verdict Engine::evaluate(std::string_view text, const Request& request,
                                 const commands::Analysis& analysis) const {
  policy::EvaluateInput input;
  input.command = text;
  input.runs = request.command;
  input.analysis = &analysis;
  input.actor = &request.actor;
  input.cwd = request.session.cwd;
  input.now = request.now;
  return policy_->evaluate(input);
}

Decision Engine::check_writes(const Request& request, Probe* probe) const {
  Decision decision;
  decision.analysis = commands::analyze_writes(request.writes, request.session, probe);
  decision.verdict = evaluate({}, request, decision.analysis);
  return decision;
}

/// The line as it runs and as it was typed.
Decision Engine::judge_both(const Request& request, Probe* probe, resolve::Memory* memory) const {
  Decision run = judge(request.command, request, probe, memory);
  if (request.typed.empty() || request.typed == request.command) return run;
  Decision typed = judge(request.typed, request, probe, nullptr);
  // Where both say the same, the explanation points into what the person sees.
  const bool prefer_typed = typed.verdict.decisive() != nullptr && !stricter(run, typed);
  if (prefer_typed) std::swap(run, typed);
  take_observed(run.verdict, typed.verdict);
  return run;
}

/// The line as if its functions were programs nobody knows, and as they are defined: the stricter counts.
Decision Engine::check(const Request& request, Probe* probe) const {
  if (!request.writes.empty()) return check_writes(request, probe);
  if (request.session.functions.empty()) return check_session(request, probe);
  Request bare = request;
  bare.session.functions.clear();
  Decision out = check_session(bare, probe);
  Decision with = check_session(request, probe);
  keep_plain(with);
  if (!stricter(with, out)) {
    out.verdict.need = std::move(with.verdict.need);
    out.memory = std::move(with.memory);  // what they set
    take_observed(out.verdict, with.verdict);
    return out;
  }
  take_observed(with.verdict, out.verdict);
  return with;
}

Decision Engine::check_session(const Request& request, Probe* probe) const {
  if (request.memory == nullptr) return judge_both(request, probe, nullptr);
  resolve::Memory after = *request.memory;
  Request recalling = request;
  const bool matters = resolve::recall(after, {request.command, request.typed}, recalling.session);
  Decision out = judge_both(request, probe, matters ? nullptr : &after);
  if (matters) {
    // What is remembered may be old: it can make a line more suspect, never less. Who can ask the shell for
    // a value still does.
    Decision with = judge_both(recalling, probe, &after);
    if (stricter(with, out)) {
      with.verdict.need = std::move(out.verdict.need);
      with.recalled = true;
      std::swap(out, with);
    }
    take_observed(out.verdict, with.verdict);
  }
  ++after.line;
  after.bound();
  out.memory = std::move(after);
  return out;
}

}  // namespace cmdai
