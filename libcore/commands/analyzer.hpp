#pragma once
// Command line to effects: evaluator plus catalogue. The only door into this layer from above.
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/probe.hpp"
#include "libcore/effects/effect.hpp"
#include "libcore/resolve/evaluator.hpp"

namespace cmdai::commands {

/// A program call reduced to what rules may ask about.
struct CallSummary {
  std::string program;
  std::vector<std::string> argv;  ///< display forms, wrappers taken off
  std::vector<std::string>
      options;         ///< long names of the options given, as the catalogue knows them ("recursive")
  bool known = false;  ///< the catalogue knows this program
  resolve::Place place;
};

struct Analysis {
  std::vector<effects::Effect> effects;
  std::vector<CallSummary> calls;
  std::vector<resolve::SourceText> sources;    ///< [0] is the command line
  std::vector<std::string> unknown_variables;  ///< candidates for need=
  syntax::Status status = syntax::Status::complete;
  Range syntax_error;
  std::string syntax_message;
};

/// Sees every call as it is come to, for who wants to show how a line is read.
class CallWatcher {
 public:
  virtual ~CallWatcher() = default;
  virtual void enter(const resolve::Invocation& call) = 0;
  virtual void leave() = 0;  ///< calls entered in between are those that it runs
  virtual void bare(const resolve::Invocation& call) = 0;  ///< assignments and redirects without a program
};

/// Pure but for `probe` (may be null: nothing is looked up on disk). Thread-safe for distinct probes.
/// `memory` (may be null): gets what the line leaves to the next one, should it run. `watcher` (may be null).
Analysis analyze(std::string_view command, const resolve::Session& session, Probe* probe,
                 resolve::Memory* memory = nullptr, CallWatcher* watcher = nullptr);

/// Whether the catalogue knows a program, for `cmdai explain` and the tests.
bool knows(std::string_view program);

}  // namespace cmdai::commands
