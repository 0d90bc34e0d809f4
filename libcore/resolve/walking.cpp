// Walking: statements, pipelines, simple and compound commands — in the order the shell would, all branches
// taken.
#include <algorithm>
#include <optional>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/resolve/evaluator_impl.hpp"

namespace cmdai::resolve {
namespace {

using syntax::Command;
using syntax::CommandKind;

constexpr size_t kMostProducers = 128;
constexpr size_t kMostOutput = 256 * 1024;  // of a list of commands; what writes more is not followed

Value unknown_output(Taint taint) {
  Value out = Value::unknown(HoleKind::output);
  out.taint = taint;
  return out;
}

bool only_assigns(const syntax::Pipeline& pipeline) {
  if (pipeline.stages.size() != 1 || pipeline.negations > 0) return false;
  const Command& c = *pipeline.stages.front().command;
  return c.kind == CommandKind::simple && c.words.empty() && c.redirects.empty();
}

/// x=$(…), x="$(…)"
bool is_one_substitution(const syntax::Word& word) {
  return word.parts.size() == 1 && word.parts[0].kind == syntax::PartKind::command;
}

/// zsh and fish keep a NUL in a word (`$'a\0b'`, `a\x00b`) until a program gets it; zsh's own commands do get
/// it.
void end_at_nul(Invocation& call) {
  static constexpr std::string_view kWhole[] = {"eval", "echo",    "print", "printf", "set",     ".",
                                                "read", "typeset", "local", "export", "declare", "source"};
  const bool zsh = call.dialect.shell == Shell::zsh;
  if ((!zsh && call.dialect.shell != Shell::fish) || call.argv.empty()) return;
  if (zsh && among(kWhole, call.argv.front().value.with_holes_empty())) return;
  for (Argument& word : call.argv) {
    const auto& pieces = word.value.pieces();
    if (std::any_of(pieces.begin(), pieces.end(),
                    [](const Piece& p) { return !p.hole && p.text.find('\0') != std::string::npos; }))
      word.value = word.value.up_to_nul();
  }
}

/// Whether what follows may not run, or not in this round.
bool may_leave_loop(const Invocation& call) {
  static constexpr std::string_view kNames[] = {"break",   "continue", "return", "exit",   "exec", "builtin",
                                                "command", "trap",     "kill",   "source", "."};
  if (among(kNames, call.program)) return true;
  const auto unknown = [](const Argument& word) { return !word.value.is_exact(); };
  return unknown(call.argv.front()) ||
         (call.program == "eval" && std::any_of(call.argv.begin(), call.argv.end(), unknown));
}

}  // namespace

std::string base_name(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

void add_producer(std::vector<std::string>& producers, std::string name) {
  if (std::find(producers.begin(), producers.end(), name) == producers.end())
    producers.push_back(std::move(name));
}

Evaluator::Impl::Impl(Evaluator& o, const Session& s, CommandVisitor& v, Probe* p, EvaluatorLimits l)
    : owner(o), session(s), visitor(v), probe(p), limits(l) {
  state.cwd = s.cwd.empty() ? Value::unknown(HoleKind::variable, "PWD", false) : Value::exact(s.cwd);
  for (const auto& [name, text] : s.variables) state.variables[name] = {{Value::exact(text)}, false};
  state.aliases = s.aliases;
}

void Evaluator::Impl::too_complex(const Frame& frame) {
  if (!std::exchange(complained, true) && scripts == 0)
    visitor.on_opaque({frame.source, {0, 0}}, "too complex to follow");
}

bool Evaluator::Impl::spend(uint64_t amount, const Frame& frame) {
  work += amount;
  if (work > limits.work) too_complex(frame);
  return !complained;
}

uint64_t Evaluator::Impl::weight() const {
  constexpr uint64_t kNode = 64;
  uint64_t sum = kNode * (1 + state.functions.size() + state.aliases.size() + state.positional.size());
  for (const auto& [name, variable] : state.variables) {
    sum += kNode + name.size();
    for (const Value& v : variable.items) sum += kNode + v.size();
  }
  return sum;
}

const syntax::Tree& Evaluator::Impl::parse_source(std::string text, const Dialect& dialect, std::string name,
                                                  Place parent, uint32_t& index) {
  constexpr uint64_t kTree = 4096;  // parsed, walked and kept, at the least
  spend(kTree + text.size(), {});
  index = static_cast<uint32_t>(sources.size());
  trees.push_back(syntax::parse(text, dialect));
  sources.push_back({std::move(text), std::move(name), parent.source, parent.range});
  return trees.back();
}

// --- lists

Value Evaluator::Impl::walk(const syntax::Script& script, const Frame& frame) {
  if (nesting >= limits.nesting) return too_complex(frame), Value{};
  const Deeper deeper(nesting);
  Frame inner = frame;
  if (!script.own_source.empty()) inner.shift += script.own_source_begin;
  Value output;
  size_t size = 0;
  for (const syntax::Statement& s : script.statements) {
    if (complained) break;
    const Value more = walk_statement(s, inner);
    size += more.size();
    if (size <= kMostOutput)
      output.append(more);
    else
      output = unknown_output(output.taint | more.taint);
  }
  return output;
}

Value Evaluator::Impl::isolated(const syntax::Script& script, const Frame& frame) {
  if (depth >= limits.depth) return too_complex(frame), Value::unknown(HoleKind::output);
  if (!spend(weight(), frame)) return Value::unknown(HoleKind::output);
  const Deeper deeper(depth);
  const InSubshell fork(*this);
  State saved = state;
  std::vector<Scope> outer = std::exchange(scopes, {});  // what is local in there is gone with it anyway
  Value output = walk(script, frame);
  state = std::move(saved);
  scopes = std::move(outer);
  return output;
}

Value Evaluator::Impl::walk_statement(const syntax::Statement& statement, const Frame& frame) {
  Frame inner = frame;
  if (statement.terminator.starts_with('&')) {
    inner.background = true;
    inner.context.emplace_back("&");
    if (statement.terminator.view().size() > 1) inner.context.emplace_back("disowned");  // zsh: &! &|
  }
  Value output;
  bool certain = true;  // so far every link has run
  std::optional<State> skipped;
  std::vector<Value> ways;
  std::optional<bool> status;  // how the list has come out so far
  for (const syntax::Link& link : statement.links) {
    const bool unreached = !link.op.empty() && status && *status == (link.op == "||");
    inner.conditional |= !link.op.empty() && (!status || unreached);
    inner.after_failure |= link.op == "||";
    if (unreached) {
      walk_unreached([&] { walk_pipeline(link.pipeline, inner); }, inner);
      continue;
    }
    if (link.op == "||" && !output.pieces().empty()) ways.push_back(std::exchange(output, {}));
    if (!link.op.empty() && status) {  // whatever stood before, this one runs
      if (skipped) state = merge_skipped(*std::exchange(skipped, std::nullopt));
      certain = true;
    }
    certain = certain && (link.op != "||" || status);
    if (skipped && link.op == "||") state = merge_skipped(*skipped);
    if (!certain && (!skipped || link.op == "||") && spend(4 * weight(), frame)) skipped = state;
    vanished = false;
    output.append(walk_pipeline(link.pipeline, inner));
    if (statement.links.size() == 1) break;
    const bool assigned = only_assigns(link.pipeline) || (vanished && link.pipeline.stages.size() == 1);
    status = joined_answer(status, link.op.view(), outcome(link.pipeline, inner));
    certain = certain && (assigned || status.has_value());
  }
  if (skipped) state = merge_skipped(*skipped);
  statement_prints.clear();
  if (ways.empty()) return output;
  if (!output.pieces().empty()) ways.push_back(std::exchange(output, {}));
  for (const Value& way : ways) output.append(way);
  if (ways.size() > 1) statement_prints = std::move(ways);
  return output;
}

/// What a condition rules out is looked at all the same, but leaves nothing behind.
void Evaluator::Impl::walk_unreached(const std::function<void()>& walk, const Frame& frame) {
  if (!spend(weight(), frame)) return;
  State saved = state;
  visitor.on_unreached(walk, owner);
  state = std::move(saved);
}

/// A `cd` is taken to succeed, as before `;`.
State Evaluator::Impl::merge_skipped(const State& skipped) {
  State out = merged(skipped, state);
  out.cwd = state.cwd;
  return out;
}

Value Evaluator::Impl::walk_pipeline(const syntax::Pipeline& pipeline, const Frame& frame) {
  if (pipeline.stages.size() == 1) return walk_command(*pipeline.stages.front().command, frame);
  Value output;
  Frame stage_frame = frame;
  for (size_t i = 0; i < pipeline.stages.size(); ++i) {
    const bool last = i + 1 == pipeline.stages.size();
    stage_frame.output_piped = frame.output_piped || !last;
    if (!spend(weight() + output.size(), frame)) break;
    State saved = state;
    std::vector<std::string> programs;
    const bool keeps_state =
        last && (frame.dialect.shell == Shell::zsh || frame.dialect.shell == Shell::fish);
    std::swap(programs, current_programs);
    {
      const InSubshell fork(*this, !keeps_state);
      output = walk_command(*pipeline.stages[i].command, stage_frame);
    }
    std::swap(programs, current_programs);
    if (!keeps_state) state = std::move(saved);
    // Who wrote it: the next stage wants to know what it reads.
    std::vector<std::string> producers = stage_frame.input.kind == Input::Kind::pipe && i > 0
                                             ? stage_frame.input.producers
                                             : std::vector<std::string>{};
    for (const std::string& program : programs) {
      add_producer(producers, program);
      add_producer(current_programs, program);
    }
    if (producers.size() > kMostProducers) too_complex(frame);
    stage_frame.input = Input{};
    stage_frame.input.kind = Input::Kind::pipe;
    stage_frame.input.data = output;
    stage_frame.input.producers = std::move(producers);
  }
  return output;
}

// --- commands

Invocation Evaluator::Impl::new_call(const Command& command, const Frame& frame) const {
  Invocation call;
  call.place = place(command.range, frame);
  call.background = frame.background;
  call.conditional = frame.conditional;
  call.after_failure = frame.after_failure;
  call.output_piped = frame.output_piped;
  call.dialect = frame.dialect;
  call.wrappers = frame.wrappers;
  call.context = frame.context;
  call.cwd = state.cwd;
  call.input = frame.input;
  return call;
}

Value Evaluator::Impl::walk_command(const Command& command, const Frame& frame) {
  constexpr uint64_t kCommand = 64;
  if (complained || !spend(kCommand, frame)) return {};
  if (command.kind == CommandKind::simple) {
    Value output;
    return expand_alias(command, frame, output) ? output : walk_simple(command, frame);
  }
  if (command.kind == CommandKind::unread) return {};
  Frame inner = frame;
  if (command.redirects.empty()) return walk_compound(command, inner);
  const Redirects redirects = redirects_of(command, frame);
  Descriptors outer = state.open;
  inner.input = report_redirects(redirects, command, frame);
  inner.output_piped |= !redirects.readers.empty();
  Value output = walk_compound(command, inner);
  state.open = std::move(outer);
  return redirects.readers.empty() ? output : walk_readers(redirects, output, frame);
}

Value Evaluator::Impl::walk_simple(const Command& command, const Frame& frame) {
  if (++invocations > limits.invocations) return too_complex(frame), Value{};
  Invocation call = new_call(command, frame);
  for (const syntax::Assignment& a : command.assigns) {
    ResolvedAssignment resolved;
    resolved.name = a.name;
    resolved.append = a.append;
    resolved.place = place(a.range, frame);
    const Value index = a.index != nullptr ? single(*a.index, frame) : Value();
    const bool is_array = !a.value->parts.empty() && a.value->parts[0].kind == syntax::PartKind::array;
    if (is_array) {
      resolved.elements = array_items(*a.value, frame);
      resolved.value = Value::exact("(…)");
    } else {
      substitution_prints.clear();
      resolved.value = command.declaration ? declared_value(*a.value, frame) : single(*a.value, frame);
    }
    const bool persists = command.words.empty() || command.declaration;
    if (a.index != nullptr) evaluate_arithmetic(index, frame);
    if (persists && a.index != nullptr)
      assign_element(resolved.name, index, resolved.value, a.append, frame);
    else if (is_array && command.words.empty())  // those of a declaration wait for what its options say
      assign_array(resolved.name, *resolved.elements, a.append, frame);
    else if (persists && !is_array && !command.declaration)
      assign(resolved.name, resolved.value, a.append, frame);
    if (branched && persists && !is_array && !a.append && a.index == nullptr)
      assign_either(resolved.name, each_of(resolved.value));
    if (persists && !is_array && !a.append && is_one_substitution(*a.value))
      assign_either(resolved.name, std::exchange(substitution_prints, {}));
    call.assigns.push_back(std::move(resolved));
  }
  call.argv.reserve(command.words.size());
  for (const syntax::Word* w : command.words) add_word(*w, frame, call.argv);
  end_at_nul(call);
  if (std::optional<Value> output = walk_alternatives(command, call, frame)) return *output;
  vanished = !command.words.empty() && !command.declaration && call.argv.empty();
  if (vanished)  // `x=1 $nothing` is `x=1`
    for (const ResolvedAssignment& a : call.assigns)
      if (!a.elements) assign(a.name, a.value, a.append, frame);
  Redirects redirects = redirects_of(command, frame);
  call.redirects = std::move(redirects.list);
  call.output_piped |= !redirects.readers.empty();
  call.input = input_from(call, frame.input);
  open_descriptors(call);
  if (command.declaration) {
    for (const ResolvedAssignment& a : call.assigns) {
      Value word = Value::exact(a.name + (a.append ? "+=" : "="));
      word.append(a.value);
      call.argv.push_back({std::move(word), a.place, nullptr});
    }
  }
  // `$(<file)` is what `$(cat <file)` is; zsh shows a bare `<file`.
  const bool captured = std::find(call.context.begin(), call.context.end(), "$(") != call.context.end();
  if (call.argv.empty() && call.assigns.empty() && call.redirects.size() == 1 &&
      call.redirects[0].op == "<" && (captured || frame.dialect.shell == Shell::zsh))
    call.argv.push_back({Value::exact(captured ? "cat" : reader_of_bare_redirects()), call.place, nullptr});
  if (call.argv.empty()) {
    if (!call.assigns.empty() || !call.redirects.empty()) visitor.on_bare(call, owner);
    return walk_readers(redirects, {}, frame);
  }
  Value output = dispatch(call, frame);
  keep_descriptors(call, redirects);
  return redirects.readers.empty() ? output : walk_readers(redirects, output, frame);
}

/// zsh runs $READNULLCMD where a line is nothing but `< file`; it is `more` when nobody sets it.
std::string Evaluator::Impl::reader_of_bare_redirects() const {
  const auto set = state.variables.find("READNULLCMD");
  if (set == state.variables.end() || set->second.items.empty()) return "cat";
  const auto name = set->second.items.front().text();
  return name && !name->empty() ? *name : "cat";
}

Value Evaluator::Impl::dispatch(Invocation& call, const Frame& frame) {
  call.program = base_name(call.argv.front().value.with_holes_empty());
  departed |= loop != Loop::none && may_leave_loop(call);
  const auto function = state.functions.find(call.program);
  if (function != state.functions.end() && call.argv.front().value.is_exact()) {
    Value output;
    for (auto f = std::make_shared<const Function>(function->second); f != nullptr && !complained;
         f = f->otherwise)
      output = call_function(call.program, *f, call, frame);
    return output;
  }
  current_wrappers = frame.wrappers;
  add_producer(current_programs, call.program);
  Value output = visitor.on_invocation(call, owner);
  evaluate_operands(call, frame);
  apply_builtin(call, output, frame);
  return output;
}

// --- compound commands

Value Evaluator::Impl::walk_compound(const Command& command, const Frame& frame) {
  const bool bodiless = command.body() == nullptr;  // `coproc` where the line ends: not yet a command
  switch (command.kind) {
    case CommandKind::group: return bodiless ? Value() : walk(*command.body(), frame);
    case CommandKind::always: {
      Value output = bodiless ? Value() : walk(*command.body(), frame);
      for (const syntax::Clause& clause : command.clauses())
        if (clause.body != nullptr) output.append(walk(*clause.body, frame));
      return output;
    }
    case CommandKind::subshell: return bodiless ? Value() : isolated(*command.body(), frame);
    case CommandKind::coproc: {
      if (bodiless) return {};
      Frame inner = frame;
      inner.background = inner.output_piped = true;
      open_coprocess(command, isolated(*command.body(), inner), frame);
      return {};
    }
    case CommandKind::if_:
    case CommandKind::while_:
    case CommandKind::until:
    case CommandKind::case_: return walk_clauses(command, frame);
    case CommandKind::for_:
    case CommandKind::c_for:
    case CommandKind::select:
    case CommandKind::repeat: return walk_for(command, frame);
    case CommandKind::function: define(command, frame); return {};
    case CommandKind::arithmetic:
      for (const syntax::Word* w : command.words) arithmetic(*w, frame);
      return {};
    case CommandKind::test: walk_test(command, frame); return {};
    case CommandKind::simple:
    case CommandKind::unread: return {};
  }
  return {};
}

}  // namespace cmdai::resolve
