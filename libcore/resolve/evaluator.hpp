#pragma once
// Walks a tree the way the shell would, keeping the state a line can change (variables, functions, aliases,
// cwd, positional parameters), and reports every program call to a visitor. Nothing is ever run. Branches are
// all taken, but what stands behind a condition that is known to fail leaves no state; a variable assigned in
// a branch that may not run becomes unknown-or-both, loops are walked once with the loop variable taking each
// known word (bounded).
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/probe.hpp"
#include "libcore/resolve/invocation.hpp"
#include "libcore/resolve/session.hpp"
#include "libcore/syntax/parse.hpp"

namespace cmdai::resolve {

class Evaluator;

/// Implemented by the layer that knows programs (commands/analyzer).
class CommandVisitor {
 public:
  virtual ~CommandVisitor() = default;
  /// One program call. Returns what it writes to standard output, as far as known (feeds pipes and $(…)).
  /// The visitor may call back run_code / run_argv for what the program would run in turn.
  virtual Value on_invocation(const Invocation& call, Evaluator& evaluator) = 0;
  /// A redirect or assignment without a command (`> file`, `PATH=…`): argv is empty.
  virtual void on_bare(const Invocation& call, Evaluator& evaluator) = 0;
  /// A variable that is set by a builtin, a loop or an expansion (read, printf -v, for, ${x:=y}): as on_bare.
  virtual void on_set(const Invocation& /*call*/, Evaluator& /*evaluator*/) {}
  /// A function is defined, or defined anew; `call` is where.
  virtual void on_defined(std::string_view /*name*/, const Invocation& /*call*/, Evaluator& /*evaluator*/) {}
  /// Something the evaluator could not follow: unread syntax, a limit reached, data evaluated as code.
  virtual void on_opaque(Place place, std::string_view why) = 0;
  /// Does `walk`, for what a condition rules out that is known: it is judged, but nothing is remembered of
  /// it.
  virtual void on_unreached(const std::function<void()>& walk, Evaluator& /*evaluator*/) { walk(); }
  /// Whether the program takes its options, or what it works on, from that variable too, or, without a name,
  /// from any. Asked where variables may be one thing or another.
  virtual bool reads_variable(std::string_view /*program*/, std::string_view /*name*/) { return false; }
  /// What a command of `call` reads by `< path`: the text where it is known, else one hole, both with their
  /// taint.
  virtual Value content_of_file(const Value& path, const Invocation& /*call*/, Evaluator& /*evaluator*/) {
    Value unknown = Value::unknown(HoleKind::input, path.display(), false);
    unknown.taint = Taint::file;
    return unknown;
  }
};

struct EvaluatorLimits {
  uint32_t depth = 24;        ///< nested codes, functions, aliases
  uint32_t nesting = 300;     ///< nested lists over all of these: what the walk takes of the stack
  uint64_t work = 24U << 20;  ///< bytes resolved and copied, commands walked: time and memory
  uint32_t invocations = 20'000;
  uint32_t words = 4'096;    ///< brace product and glob expansion
  uint32_t text = 1U << 20;  ///< bytes of code resolved from a value
};

/// What a wrapper adds when it runs something.
struct RunAs {
  Wrapper wrapper;
  std::vector<ResolvedAssignment> assigns;  ///< env A=1 cmd
  bool child_shell = false;                 ///< state changes do not come back
  Input input;                              ///< what the callee reads; Kind::inherited keeps the caller's
  Value cwd;                                ///< new working directory when `sets_cwd`
  bool sets_cwd = false;
};

/// Code whose run expands a text as a shell does with prompts, arithmetic and subscripts: nothing but `$(…)`
/// and backquotes in it run.
std::string text_to_expand(std::string_view text);

/// Session, visitor and probe must outlive it.
class Evaluator {
 public:
  Evaluator(const Session& session, CommandVisitor& visitor, Probe* probe = nullptr,
            EvaluatorLimits limits = {});
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  /// The request's command line (source 0).
  void run(std::string_view command);

  /// Code inside code. `name` as in SourceText. A value with holes is parsed with the holes as opaque words;
  /// a value that is wholly unknown is reported through on_opaque. `positional` become $0 $1 … when given.
  /// Returns the standard output as far as known.
  Value run_code(const Value& code, const Dialect& dialect, const Invocation& caller, const RunAs& how,
                 Place place, std::string name = {}, std::vector<Value> positional = {});

  /// A script on the disk, as run_code, within_file.
  Value run_script(std::string text, const Dialect& dialect, const Invocation& caller, const RunAs& how,
                   Place place, std::string path, std::vector<Value> positional);

  /// Does `walk`, for what a file of `size` bytes holds. What is too long or too complex in there to be
  /// followed to its end is left there: that is no reason to doubt the line. Variables that it leaves open
  /// are not asked for, functions that it only defines are not walked. Nothing is done where files lead to
  /// files without end.
  void within_file(size_t size, const std::function<void()>& walk);
  bool in_script() const;

  /// A text on the disk that is no shell's: its parts can be places. Returns its index among the sources.
  uint32_t add_source(std::string text, std::string path, Place parent);

  /// argv inside argv (sudo rm -rf x). Functions and aliases do not apply: a program is executed.
  Value run_argv(std::vector<Argument> argv, const Invocation& caller, const RunAs& how);

  /// After run(): what the line leaves to the next one. Nothing, where it was not followed to its end.
  void leave(Memory& memory) const;

  /// Charges work that the visitor does itself, in bytes copied or looked at. False when the limit is
  /// reached: the line has been reported as too complex, and nothing more of it needs to be looked at.
  bool spend(uint64_t bytes);

  /// State questions for the visitor.
  const Session& session() const;
  Value variable(std::string_view name) const;  ///< unknown hole when not known
  bool is_set(std::string_view name) const;     ///< on this line, or by the session
  /// Which subshell is being walked: each `( … )`, `$(…)` and stage of a pipe has a number of its own, the
  /// shell itself 0. Jobs of one are no jobs of another.
  uint32_t subshell() const;
  const Value& cwd() const;
  Probe* probe() const;
  const std::vector<SourceText>& sources() const;
  /// Names of variables whose value was needed and not known, in order of first use.
  const std::vector<std::string>& unknown_variables() const;
  syntax::Status status() const;     ///< of source 0
  const syntax::Tree& tree() const;  ///< of source 0

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cmdai::resolve
