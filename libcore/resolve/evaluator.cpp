// The evaluator's public face: a line, and the codes that are run out of it.
#include "libcore/resolve/evaluator.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/resolve/evaluator_impl.hpp"

namespace cmdai::resolve {

Evaluator::Evaluator(const Session& session, CommandVisitor& visitor, Probe* probe, EvaluatorLimits limits)
    : impl_(std::make_unique<Impl>(*this, session, visitor, probe, limits)) {}
Evaluator::~Evaluator() = default;

void Evaluator::run(std::string_view command) {
  Impl& self = *impl_;
  Frame frame;
  frame.dialect = self.session.dialect;
  for (const auto& [name, body] : self.session.functions) {
    uint32_t index = 0;
    if (self.sources.empty()) self.parse_source(std::string(command), frame.dialect, {}, {}, index);
    const syntax::Tree& tree = self.parse_source(body, frame.dialect, "function " + name, {}, index);
    self.state.functions[name] = {tree.script, index, 0, frame.dialect, nullptr};
    self.called_functions.push_back(name);  // judged when called, not because they exist
  }
  uint32_t index = 0;
  if (self.sources.empty()) self.parse_source(std::string(command), frame.dialect, {}, {}, index);
  self.state.script_name = Value::exact(std::string(to_string(frame.dialect.shell)));
  self.walk(*self.trees.front().script, frame);
  self.walk_uncalled_functions();
  if (self.trees.front().status == syntax::Status::too_complex) self.too_complex(frame);
}

Value Evaluator::run_code(const Value& code, const Dialect& dialect, const Invocation& caller,
                          const RunAs& how, Place where, std::string name, std::vector<Value> positional) {
  Impl& self = *impl_;
  Frame frame;
  if (self.complained) return {};
  if (self.depth >= self.limits.depth) return self.too_complex(frame), Value{};
  if (code.is_unknown()) {
    if (self.scripts == 0) self.visitor.on_opaque(where, "the code is not known before it runs");
    return Value::unknown(HoleKind::output);
  }
  const Deeper deeper(self.depth);
  std::string text;
  for (const Piece& p : code.pieces()) {  // a hole in code is read as a variable nobody knows
    if (!p.hole)
      text += p.text;
    else
      text += "${" +
              (p.text.empty() || !std::all_of(p.text.begin(), p.text.end(),
                                              [](char c) {
                                                return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                                                       c == '_';
                                              })
                   ? std::string("__unknown")
                   : p.text) +
              '}';
    if (text.size() > self.limits.text) return self.too_complex(frame), Value{};
  }
  self.parse_source(std::move(text), dialect, std::move(name), where, frame.source);
  return self.walk_source(frame.source, dialect, caller, how, std::move(positional));
}

Value Evaluator::Impl::walk_source(uint32_t source, const Dialect& dialect, const Invocation& caller,
                                   const RunAs& how, std::vector<Value> words) {
  Frame frame;
  frame.source = source;
  frame.dialect = dialect;
  frame.background = caller.background;
  frame.conditional = caller.conditional;
  frame.after_failure = caller.after_failure;
  frame.output_piped = caller.output_piped;
  frame.context = caller.context;
  frame.wrappers = caller.wrappers;
  if (!how.wrapper.program.empty()) frame.wrappers.push_back(how.wrapper);
  frame.input = how.input.kind == Input::Kind::inherited ? caller.input : how.input;
  const bool child = how.child_shell;
  const InSubshell fork(*this, child);
  State saved;
  if (child) saved = state;
  std::vector<std::string> functions =
      child ? std::exchange(active_functions, {}) : std::vector<std::string>();
  std::vector<Scope> outer = child ? std::exchange(scopes, {}) : std::vector<Scope>();
  for (const ResolvedAssignment& a : how.assigns) assign(a.name, a.value, a.append, frame);
  if (how.sets_cwd) state.cwd = how.cwd;
  set_words(std::move(words), child);
  Value output = walk(*trees[source].script, frame);
  if (!child) return output;
  state = std::move(saved);
  active_functions = std::move(functions);
  scopes = std::move(outer);
  return output;
}

/// $0, $1 … of code that is run; code in the same shell keeps the old ones where it gets none.
void Evaluator::Impl::set_words(std::vector<Value> words, bool child) {
  if (!child) {
    if (!words.empty()) state.positional = std::move(words);
    return;
  }
  if (!words.empty()) state.script_name = std::move(words.front());
  state.positional.assign(words.empty() ? words.begin() : words.begin() + 1, words.end());
  state.positional_known = true;
}

Value Evaluator::run_script(std::string text, const Dialect& dialect, const Invocation& caller,
                            const RunAs& how, Place where, std::string path, std::vector<Value> positional) {
  Value output = Value::unknown(HoleKind::output);
  within_file(text.size(), [&] {
    uint32_t source = 0;
    impl_->parse_source(std::move(text), dialect, std::move(path), where, source);
    impl_->sources[source].file = true;
    output = impl_->walk_source(source, dialect, caller, how, std::move(positional));
  });
  return output;
}

void Evaluator::within_file(size_t size, const std::function<void()>& walk) {
  constexpr uint64_t kWork = 6U << 20;
  constexpr uint32_t kInvocations = 8'000;
  constexpr uint32_t kMostScripts = 3;  // scripts that call scripts
  Impl& self = *impl_;
  if (self.complained || self.depth >= self.limits.depth || self.scripts >= kMostScripts) return;
  const Deeper deeper(self.depth), file(self.scripts);
  const EvaluatorLimits limits = self.limits;
  self.limits.work = std::min(limits.work, self.work + size + kWork);
  self.limits.invocations = std::min(limits.invocations, self.invocations + kInvocations);
  const size_t asked = self.unknown_variables.size();
  walk();
  self.complained = false;
  self.limits = limits;
  self.unknown_variables.resize(std::min(asked, self.unknown_variables.size()));
}

bool Evaluator::in_script() const { return impl_->scripts > 0; }

uint32_t Evaluator::add_source(std::string text, std::string path, Place parent) {
  uint32_t index = 0;
  impl_->parse_source({}, impl_->session.dialect, std::move(path), parent, index);
  impl_->sources[index].text = std::move(text);
  impl_->sources[index].file = true;
  return index;
}

Value Evaluator::run_argv(std::vector<Argument> argv, const Invocation& caller, const RunAs& how) {
  Impl& self = *impl_;
  Frame frame;
  if (argv.empty() || self.complained) return {};
  if (self.depth >= self.limits.depth || ++self.invocations > self.limits.invocations)
    return self.too_complex(frame), Value{};
  uint64_t size = 0;
  for (const Argument& a : argv) size += sizeof(Argument) + a.value.size();
  if (!self.spend(size, frame)) return {};
  const Deeper deeper(self.depth);
  Invocation call;  // the caller's words may be thousands, its redirects are reported with it
  const Circumstances& around = caller;
  static_cast<Circumstances&>(call) = around;
  call.argv = std::move(argv);
  call.assigns = how.assigns;
  if (!how.wrapper.program.empty()) call.wrappers.push_back(how.wrapper);
  if (how.input.kind != Input::Kind::inherited) call.input = how.input;
  if (how.sets_cwd) call.cwd = how.cwd;
  call.program = base_name(call.argv.front().value.with_holes_empty());
  add_producer(self.current_programs, call.program);
  return self.visitor.on_invocation(call, *this);
}

bool Evaluator::spend(uint64_t bytes) { return impl_->spend(bytes, Frame{}); }

const Session& Evaluator::session() const { return impl_->session; }

Value Evaluator::variable(std::string_view name) const {
  const std::vector<Value> items = impl_->lookup(name);
  return items.empty() ? Value() : items.front();
}

bool Evaluator::is_set(std::string_view name) const { return impl_->is_set(name); }
uint32_t Evaluator::subshell() const { return impl_->subshell; }
const Value& Evaluator::cwd() const { return impl_->state.cwd; }
Probe* Evaluator::probe() const { return impl_->probe; }
const std::vector<SourceText>& Evaluator::sources() const { return impl_->sources; }
const std::vector<std::string>& Evaluator::unknown_variables() const { return impl_->unknown_variables; }
syntax::Status Evaluator::status() const {
  return impl_->trees.empty() ? syntax::Status::complete : impl_->trees.front().status;
}
const syntax::Tree& Evaluator::tree() const { return impl_->trees.front(); }

}  // namespace cmdai::resolve
