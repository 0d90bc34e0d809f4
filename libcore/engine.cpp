#include "libcore/engine.hpp"

namespace cmdai {

Decision Engine::judge(std::string_view text, const Request& request, Probe* probe) const {
  Decision decision;
  if (text.size() <= kMaxCommandBytes) {
    decision.analysis = commands::analyze(text, request.session, probe);
  } else {  // rule core.too-long speaks of it; the text is kept for the explanation
    decision.analysis.status = syntax::Status::too_complex;
    decision.analysis.sources.push_back({std::string(text.substr(0, kMaxCommandBytes)), {}, 0, {}});
  }
  policy::EvaluateInput input;
  input.command = text;
  input.analysis = &decision.analysis;
  input.actor = &request.actor;
  input.cwd = request.session.cwd;
  input.now = request.now;
  decision.verdict = policy_->evaluate(input);
  return decision;
}

Decision Engine::check(const Request& request, Probe* probe) const {
  Decision run = judge(request.command, request, probe);
  if (request.typed.empty() || request.typed == request.command) return run;
  Decision typed = judge(request.typed, request, probe);
  // Where both say the same, the explanation points into what the person sees.
  const bool prefer_typed = typed.verdict.decisive() != nullptr && policy::strictness(typed.verdict.action) >=
                                                                       policy::strictness(run.verdict.action);
  return prefer_typed ? typed : run;
}

}  // namespace cmdai
