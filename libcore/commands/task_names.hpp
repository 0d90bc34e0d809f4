#pragma once
// Tasks that are called after what they do to a database: `make db-reset`, `npm run db:drop`, `tool init-db
// --force`.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// One that is read on (a makefile, package.json) is better judged by what it runs. Looks at the first words
/// of a call that are no options.
void judge_task_names(Sink& sink, const std::vector<Argument>& words);

}  // namespace cmdai::commands
