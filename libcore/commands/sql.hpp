#pragma once
// SQL statements, as far as what they delete goes.
#include <string_view>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// An effect for each statement that drops, empties or changes all of something.
void judge_sql(std::string_view sql, Sink& sink, resolve::Place place);

/// A dump: what it drops are tables that it makes again.
bool makes_tables_anew(std::string_view sql);

}  // namespace cmdai::commands
