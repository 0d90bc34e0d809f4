#pragma once
// What would be lost where files are deleted or replaced: git's own files and the directory say it, where the
// caller's probe lets us look. What was not looked at to its end, or may have been changed by the line before
// it comes to this, stays unknown.
#include <string>

#include "libcore/commands/sink.hpp"
#include "libcore/repository/work_tree.hpp"

namespace cmdai::commands {

/// Puts the losses of a deletion or an overwriting into its facts.
void weigh_loss(Effect& effect, const Sink& sink);

/// Whether a call may change files, so that what the disk says now is no longer true after it.
bool changes_files(const Invocation& call);

/// "3 files git does not have: a, b, c" and what else a survey found to be lost.
void add_survey(effects::Facts& facts, const repository::Survey& survey);
/// Where nothing was found to be lost, but not everything was looked at, that is said.
void say_unfinished(effects::Facts& facts);
/// A clause more.
void add_clause(effects::Facts& facts, std::string_view clause);
/// The names, at most three, and whether there are more: "a, b, c …".
std::string some_names(const std::vector<std::string>& names, size_t all);
/// `1 file`, `2 files`
std::string counted(size_t count, std::string_view what, std::string_view plural = {});

/// How work trees are looked at: what tools make again is known by its name.
repository::SurveyOptions survey_options();

}  // namespace cmdai::commands
