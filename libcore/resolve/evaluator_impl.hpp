#pragma once
// The evaluator's insides, shared by walking.cpp (statements), functions.cpp (what names run), expansion.cpp
// (words) and builtins.cpp (state).
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libcore/resolve/arithmetic.hpp"
#include "libcore/resolve/evaluator.hpp"

namespace cmdai::resolve {

/// A scalar is a list of one. Empty list: set to nothing (an empty array).
struct Variable {
  std::vector<Value> items;
  bool array = false;
  bool reference = false;           ///< declare -n: holds the name of another variable
  bool integer = false;             ///< declare -i: what it is given is arithmetic
  std::vector<Value> alternatives;  ///< of a scalar that is not known: what branches gave it
  bool crowded = false;             ///< too many of them
};

struct Function {
  const syntax::Script* body = nullptr;
  uint32_t source = 0;
  uint32_t shift = 0;
  Dialect dialect;
  std::shared_ptr<const Function> otherwise;  ///< what it is when a branch that defines it anew does not run
};

/// What variables were before a function made them its own; nullopt: not set here.
using Scope = std::map<std::string, std::optional<Variable>, std::less<>>;

/// What is open besides 0, 1 and 2, by number (zsh: `p` for the coprocess).
struct Descriptors {
  std::map<std::string, Input, std::less<>> inputs;                 ///< `exec 3<…`
  std::map<std::string, ResolvedRedirect, std::less<>> outputs;     ///< `exec 3>file`
  std::map<std::string, const syntax::Part*, std::less<>> readers;  ///< `exec 3> >(…)`
};

/// What a line can change. Copied where the shell forks.
struct State {
  std::map<std::string, Variable, std::less<>> variables;
  std::map<std::string, Function, std::less<>> functions;
  std::map<std::string, std::string, std::less<>> aliases;
  std::vector<Value> positional;  ///< $1 …
  bool positional_known = true;
  Value script_name;             ///< $0
  bool expands_aliases = false;  ///< shopt -s expand_aliases
  Descriptors open;
  Value cwd;
};

/// What is walked of the loops a command stands in.
enum class Loop : uint8_t {
  none,
  counted,   ///< each round is walked as it runs, unless something leaves it
  repeated,  ///< not every round is walked
};

/// Where a command stands: handed down, copied where it changes.
struct Frame {
  uint32_t source = 0;
  uint32_t shift = 0;  ///< added to ranges (backquoted texts)
  bool background = false, conditional = false, after_failure = false, output_piped = false;
  Dialect dialect;
  Input input;
  std::vector<Wrapper> wrappers;
  std::vector<std::string> context;
};

/// offset[:length] of ${name:…}
struct Slice {
  int64_t offset = 0;
  Integer length;
};

/// A field while it is being put together.
struct Field {
  Value value;
  bool present = false;  ///< an empty but quoted field stays
  std::shared_ptr<const Input> process;
};

/// What stands behind the last slash; of a path that ends with one, all of it.
std::string base_name(const std::string& path);
/// Each name once: every stage hands on what stood before it, and `a|a|a…` can be long.
void add_producer(std::vector<std::string>& producers, std::string name);

/// Nesting of codes, functions and aliases, held for a scope.
class Deeper {
 public:
  explicit Deeper(uint32_t& depth) : depth_(++depth) {}
  ~Deeper() { --depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  uint32_t& depth_;
};

/// The loop that is walked, held for a scope.
class Within {
 public:
  Within(Loop& loop, Loop inner) : loop_(loop), outer_(std::exchange(loop, inner)) {}
  ~Within() { loop_ = outer_; }
  Within(const Within&) = delete;
  Within& operator=(const Within&) = delete;

 private:
  Loop& loop_;
  Loop outer_;
};

struct Evaluator::Impl {
  class Names;

  /// Held while a subshell is walked, where it is one.
  class InSubshell {
   public:
    explicit InSubshell(Impl& impl, bool is_one = true) : impl_(impl), outer_(impl.subshell) {
      if (is_one) impl.subshell = ++impl.subshells;
    }
    ~InSubshell() { impl_.subshell = outer_; }
    InSubshell(const InSubshell&) = delete;
    InSubshell& operator=(const InSubshell&) = delete;

   private:
    Impl& impl_;
    uint32_t outer_;
  };

  bool vanished = false;  ///< the words of the last simple command came to nothing
  /// What the last statement, and the last substitution, printed, where || lets it be one thing or another.
  std::vector<Value> statement_prints, substitution_prints;

  Impl(Evaluator& owner, const Session& s, CommandVisitor& v, Probe* p, EvaluatorLimits l);

  // --- walking (walking.cpp, functions.cpp)
  Value walk(const syntax::Script& script, const Frame& frame);
  Value walk_source(uint32_t source, const Dialect& dialect, const Invocation& caller, const RunAs& how,
                    std::vector<Value> words);
  void set_words(std::vector<Value> words, bool child);
  Value walk_statement(const syntax::Statement& statement, const Frame& frame);
  void walk_unreached(const std::function<void()>& walk, const Frame& frame);
  Value walk_pipeline(const syntax::Pipeline& pipeline, const Frame& frame);
  Value walk_command(const syntax::Command& command, const Frame& frame);
  Value walk_simple(const syntax::Command& command, const Frame& frame);
  Value walk_compound(const syntax::Command& command, const Frame& frame);

  // --- branches (branches.cpp)
  State merged(const State& a, const State& b);
  State merge_skipped(const State& skipped);
  void assign_either(const std::string& name, std::vector<Value> values);
  const Variable* undecided_in(const Value& value, std::string* name) const;
  std::vector<Value> each_of(const Value& value) const;
  std::optional<std::string> undecided(const syntax::Command& command, const Invocation& call);
  std::optional<std::string> undecided_redirect(const syntax::Command& command) const;
  std::optional<std::string> undecided_environment(const Invocation& call);
  bool is_crowded(const Invocation& call) const;
  std::optional<Value> walk_alternatives(const syntax::Command& command, const Invocation& call,
                                         const Frame& frame);

  // --- what conditions answer (statuses.cpp)
  std::optional<bool> answer(const syntax::Script& list, const Frame& frame, bool names = true,
                             int inner = 0);
  static std::optional<bool> joined_answer(std::optional<bool> before, std::string_view op,
                                           std::optional<bool> said);
  std::optional<bool> outcome(const syntax::Pipeline& pipeline, const Frame& frame, bool names = true,
                              int inner = 0);
  std::optional<bool> simple_outcome(const syntax::Command& command) const;
  std::optional<bool> test_outcome(const syntax::Command& test, const Frame& frame);

  // --- conditions and loops (loops.cpp)
  bool is_endless(const syntax::Command& command, const Frame& frame);
  Value walk_if(const syntax::Command& command, const Frame& frame);
  Value walk_for(const syntax::Command& command, const Frame& frame);
  Value walk_counting(const syntax::Command& command, const Frame& frame);
  Value walk_clauses(const syntax::Command& command, const Frame& frame);
  std::optional<Value> walk_lines(const syntax::Command& command, const Frame& frame);

  // --- redirects (redirects.cpp)
  struct Redirects {
    struct Reader {
      const syntax::Part* process;  ///< of `> >(…)`
      std::string fd;               ///< what is written to it
    };
    std::vector<ResolvedRedirect> list;
    std::vector<Reader> readers;
  };
  Redirects redirects_of(const syntax::Command& command, const Frame& frame);
  void open_socket(const Invocation& call, const Frame& frame);
  std::string new_descriptor(std::string_view braced, const Frame& frame);
  Input report_redirects(const Redirects& redirects, const syntax::Command& command, const Frame& frame);
  void add_descriptors(const Invocation& call, const Redirects& redirects);
  Input input_from(const Invocation& call, const Input& outer) const;
  Input input_of(const Invocation& call, const std::string& fd, const Input& outer) const;
  Input file_input(const Value& path, const Invocation& call) const;
  void open_descriptors(Invocation& call) const;
  void keep_descriptors(const Invocation& call, const Redirects& redirects);
  bool join_output(const ResolvedRedirect& duplicate, Redirects& out) const;
  void open_coprocess(const syntax::Command& command, Value written, const Frame& frame);
  Value walk_readers(const Redirects& redirects, const Value& written, const Frame& frame);

  Value call_function(const std::string& name, const Function& f, const Invocation& call, const Frame& frame);
  Value isolated(const syntax::Script& script, const Frame& frame);
  bool is_session_alias(const std::pair<const std::string, std::string>& alias) const;
  bool alias_counts(const std::pair<const std::string, std::string>& alias, const syntax::Command& command,
                    const Frame& frame);
  bool expand_alias(const syntax::Command& command, const Frame& frame, Value& output);
  void define(const syntax::Command& command, const Frame& frame);
  void walk_uncalled_functions();
  Value dispatch(Invocation& call, const Frame& frame);
  std::string reader_of_bare_redirects() const;
  Invocation new_call(const syntax::Command& command, const Frame& frame) const;
  const syntax::Tree& parse_source(std::string text, const Dialect& dialect, std::string name, Place parent,
                                   uint32_t& index);
  Place place(const Range& range, const Frame& frame) const {
    return {frame.source, {range.begin + frame.shift, range.end + frame.shift}};
  }
  void too_complex(const Frame& frame);
  bool spend(uint64_t amount,
             const Frame& frame);  ///< false: the work limit is reached, nothing more is walked
  uint64_t weight() const;         ///< what a copy of the state costs

  // --- words (expansion.cpp)
  std::vector<Argument> fields(const syntax::Word& word, const Frame& frame);
  void add_word(const syntax::Word& word, const Frame& frame, std::vector<Argument>& out);
  bool add_fields(std::span<const syntax::Part> parts, Place place, const Frame& frame,
                  std::vector<Argument>& out);
  bool add_choices(std::span<const syntax::Part> parts, Place place, const Frame& frame,
                   std::vector<Argument>& out);
  Value single(const syntax::Word& word, const Frame& frame);
  Value joined(std::span<const syntax::Part> parts, const Frame& frame);
  Value declared_value(const syntax::Word& word, const Frame& frame);
  bool place_element(const Value& word, std::vector<Value>& items, const Frame& frame);
  std::vector<Value> array_items(const syntax::Word& word, const Frame& frame);
  void expand_parts(std::span<const syntax::Part> parts, const Frame& frame, bool split,
                    std::vector<Field>& out);
  void expand_part(std::span<const syntax::Part> parts, size_t index, const Frame& frame, bool split,
                   std::vector<Field>& out);
  void multiply(std::vector<Field>& left, const std::vector<Field>& right, const Frame& frame);
  void first_text(std::string_view text, bool more_follows, const Frame& frame, Field& field);
  void add_split(const Value& value, std::vector<Field>& out, const Frame& frame);
  void add_list(const std::vector<Value>& items, bool quoted, bool joined, std::vector<Field>& out,
                const Frame& frame, bool split);
  std::vector<Value> list_slice(const syntax::Parameter& p, std::vector<Value> items, const Frame& frame);
  Value tilde(std::string_view& text) const;
  void walk_words(std::span<const syntax::Word* const> words, const Frame& frame);
  void walk_word(const syntax::Word* word, const Frame& frame) { walk_words({&word, 1}, frame); }

  // --- parameters (parameters.cpp)
  std::vector<Value> parameter(const syntax::Part& part, const Frame& frame, bool& list, bool& joined);
  std::vector<Value> plain_parameter(const syntax::Part& part, const Frame& frame, bool& list, bool& joined);
  std::vector<Value> apply_flags(std::string_view flags, std::vector<Value> items, const Frame& frame,
                                 bool& list);
  std::vector<Value> lookup(std::string_view name);
  std::vector<Value> apply(const syntax::Parameter& p, std::vector<Value> items, bool was_set,
                           const Frame& frame);
  Value transform(const syntax::Parameter& p, const std::string& text, const Frame& frame);
  bool is_set(std::string_view name) const;
  void note_unknown(std::string_view name);

  // --- state (builtins.cpp)
  /// `output`: what the program said it writes; what is kept of it (printf -v) is taken out.
  void apply_builtin(const Invocation& call, Value& output, const Frame& frame);

  // --- data that is expanded once more (evaluated_data.cpp)
  void expand_again(const Value& value, const Frame& frame);
  void evaluate_arithmetic(const Value& value, const Frame& frame);
  /// $((…)) and ((…)): what it comes to, and what it sets.
  Value arithmetic(const syntax::Word& word, const Frame& frame);
  Integer count(const Value& expression, const Frame& frame, bool may_not_run = false);
  Integer index_number(const Value& index, const Frame& frame);
  std::optional<Slice> slice_in(const Value& text, const Frame& frame);
  void evaluate_compound(const Value& word, const Frame& frame);
  bool is_subscripted(const Invocation& call, size_t at) const;
  void walk_test(const syntax::Command& command, const Frame& frame);
  void evaluate_operands(const Invocation& call, const Frame& frame);
  void print_prompts(const Invocation& call, const Frame& frame);
  void run_text(std::string code, std::string name, const Frame& frame);
  void run_glob_qualifiers(std::string_view group, const Frame& frame);

  // --- state again (builtins.cpp)
  Input input_read_by(const Invocation& call) const;
  void read_variables(const Invocation& call, const Frame& frame);
  void read_lines(const Invocation& call, const Frame& frame);
  void declare(const Invocation& call, const Frame& frame);
  void unset(const Invocation& call);
  /// What the variable is now holds again when the function that runs ends. False: it is that already, or
  /// none runs.
  bool make_local(const std::string& name);
  void leave_function();
  void set_fish_variable(const Invocation& call, const Frame& frame);
  void assign(const std::string& name, Value value, bool append, const Frame& frame);
  void assign_integer(const std::string& name, const Value& value, bool append, const Frame& frame);
  void assign_element(const std::string& name, const Value& index, Value value, bool append,
                      const Frame& frame);
  /// zsh: aliases[name]=text, functions[name]=text …
  bool assign_special(const std::string& name, const Value& key, const Value& value, const Frame& frame);
  void assign_array(const std::string& name, std::vector<Value> items, bool append, const Frame& frame);
  /// For the visitor: what a builtin or a loop sets is an assignment like any other.
  void report_assignment(const std::string& name, Place place, const Frame& frame);
  void change_directory(const Invocation& call);
  void set_positional(const Invocation& call);

  Evaluator& owner;
  const Session& session;  ///< outlives the evaluator
  CommandVisitor& visitor;
  Probe* probe;
  EvaluatorLimits limits;
  State state;
  std::vector<SourceText> sources;
  std::deque<syntax::Tree> trees;  ///< trees[i] belongs to sources[i]; addresses stay
  std::vector<std::string> unknown_variables;
  std::vector<std::string> active_functions;
  std::vector<Scope> scopes;  ///< of the functions that run: what their local variables were outside
  std::vector<std::string> active_aliases;
  std::vector<std::string> called_functions;
  std::vector<std::string> current_programs;  ///< called since the pipeline stage or <( began, each once
  std::vector<Wrapper> current_wrappers;
  Arena storage;
  uint32_t depth = 0;
  uint32_t nesting = 0;
  uint32_t deciding = 0;  ///< variables one value of which is being tried
  uint32_t invocations = 0;
  uint64_t work = 0;
  bool branched = false;                 ///< some variable may be one thing or another
  uint32_t subshell = 0, subshells = 0;  ///< the one that is walked; how many there were
  bool complained = false;
  Loop loop = Loop::none;
  bool departed = false;  ///< `break`, `exit` … stood in a loop that is counted: what follows may not run
  uint32_t scripts = 0;   ///< files that are being walked, one in another
};

/// Shell pattern match (* ? [set]); used by the ${x#…} family. Takes its steps from `steps`; at 0 nothing
/// matches.
bool glob_match(std::string_view pattern, std::string_view text, uint64_t& steps);

}  // namespace cmdai::resolve
