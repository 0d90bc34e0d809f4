#include "libcore/commands/deletes.hpp"

#include <algorithm>

namespace cmdai::commands {
namespace {

/// `cd NAME` with a literal name: not `cd`, `cd -`, `cd "$x"`.
bool goes_somewhere(const syntax::Pipeline& pipeline) {
  if (pipeline.stages.size() != 1 || pipeline.negations != 0) return false;
  const syntax::Command& command = *pipeline.stages[0].command;
  if (command.kind != syntax::CommandKind::simple || command.words.size() != 2) return false;
  const auto text = [&](size_t i) {
    const auto& parts = command.words[i]->parts;
    const bool literal = parts.size() == 1 && (parts[0].kind == syntax::PartKind::text ||
                                               parts[0].kind == syntax::PartKind::quoted);
    return literal ? parts[0].text : std::string_view();
  };
  const std::string_view name = text(0), folder = text(1);
  return (name == "cd" || name == "pushd") && !folder.empty() && folder[0] != '-' && folder[0] != '~';
}

/// Whether what stands at `place` runs only if a `cd` before it did: `cd x && … && here`.
bool behind_cd(const syntax::Script& script, Range place);

bool behind_cd(const syntax::Statement& statement, Range place) {
  bool went = false;
  for (const syntax::Link& link : statement.links) {
    went = went && link.op == "&&";
    if (link.pipeline.range.contains(place)) {
      if (went) return true;
      for (const syntax::Stage& stage : link.pipeline.stages)
        if (stage.command->body() != nullptr && stage.command->range.contains(place) &&
            behind_cd(*stage.command->body(), place))
          return true;
      return false;
    }
    went = went || goes_somewhere(link.pipeline);
  }
  return false;
}

bool behind_cd(const syntax::Script& script, Range place) {
  return std::any_of(script.statements.begin(), script.statements.end(), [&](const syntax::Statement& s) {
    return s.range.contains(place) && behind_cd(s, place);
  });
}

/// What is deleted in a folder the line went into, seen from where the line began.
void judge_from_start(Sink& sink, Effect& e) {
  const std::string& start = sink.evaluator().session().cwd;
  const std::string here = sink.invocation().cwd.text().value_or("");
  const syntax::Script* script = sink.evaluator().tree().script;
  if (e.target.path_class != PathClass::project_root || !e.target.exact || start.empty() ||
      here.size() <= start.size() + 1 || !here.starts_with(start + '/') ||
      here.find("/.") != std::string::npos || !e.target.text.starts_with(start + '/'))
    return;
  if (e.place.source != 0 || script == nullptr || !behind_cd(*script, sink.invocation().place.range)) return;
  Probe* probe = sink.probe();
  if (probe != nullptr && probe->real_path(here).value_or(here) != here) return;  // a link may lead anywhere
  effects::Surroundings around;
  around.cwd = start;
  around.home = sink.evaluator().session().home;
  Value path;
  path.append_literal(e.target.text, e.target.glob);
  e.target.path_class = e.target.worst = effects::classify(path, around).path_class;
}

/// `${NAME:?}` here or before: an empty NAME ends the line. What follows it is below something then.
/// Looks through the text before, so it is charged.
bool is_guarded(Sink& sink, const Argument& path) {
  const auto& sources = sink.evaluator().sources();
  if (path.place.source >= sources.size() || path.value.is_exact()) return false;
  const std::string_view text =
      std::string_view(sources[path.place.source].text).substr(0, path.place.range.end);
  if (text.find(":?") == std::string_view::npos || !sink.spend(4 * text.size())) return false;
  const auto& pieces = path.value.pieces();
  const auto hole = std::find_if(pieces.begin(), pieces.end(), [](const auto& p) { return p.hole; });
  return *hole->hole == resolve::HoleKind::variable && !hole->text.empty() &&
         text.find("${" + hole->text + ":?") != std::string::npos;
}

}  // namespace

Effect& delete_effect(Sink& sink, std::string_view tag, const Argument& path) {
  Effect& e = sink.on_path(Kind::deletes, tag, path);
  if (!e.target.exact && sink.invocation().cwd.is_exact() && is_guarded(sink, path))
    e.target.worst = e.target.path_class;
  judge_from_start(sink, e);
  const PathClass place = e.target.path_class;
  if ((place == PathClass::project || place == PathClass::other) && sink.is_made(e.target))
    e.target.path_class = e.target.worst = PathClass::temp;
  return e;
}

}  // namespace cmdai::commands
