#include "libcore/engine.hpp"

#include <algorithm>
#include <utility>

#include "libcore/resolve/recall.hpp"

namespace cmdai {
namespace {

bool stricter(const Decision& a, const Decision& b) {
  return policy::strictness(a.verdict.action) > policy::strictness(b.verdict.action);
}

/// Of what functions of the session's start-up files do only what is plain: a body that runs what a tool
/// prints
/// (`eval "$(conda …)"`), or does something in one case of many, is what its author wanted.
void keep_plain(Decision& decision) {
  auto& verdict = decision.verdict;
  std::erase_if(verdict.matches, [&decision](const policy::Match& match) {
    if (!match.effect) return false;
    const effects::Effect& effect = decision.analysis.effects[*match.effect];
    return effect.kind == effects::Kind::opaque || effect.certainty == effects::Certainty::possible;
  });
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
  return prefer_typed ? typed : run;
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
    return out;
  }
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
      out = std::move(with);
    }
  }
  ++after.line;
  after.bound();
  out.memory = std::move(after);
  return out;
}

}  // namespace cmdai
