#pragma once
// The collector's own log: one JSON object a line on stderr, for journald or whoever collects it. No secret
// and no command line goes into it.
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cmdai::collector {

enum class Level { debug, info, warning, error };

/// `debug`, `info`, `warning`, `error`. Called once, before threads.
void open_log(std::string_view level);

/// `what` is a word to search for (`batch.refused`); values are texts. Thread-safe.
void log(Level level, std::string_view what,
         std::initializer_list<std::pair<std::string_view, std::string>> values = {});

}  // namespace cmdai::collector
