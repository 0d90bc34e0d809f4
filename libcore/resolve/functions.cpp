// Functions and aliases: what runs under a name that the text itself gave.
#include <algorithm>
#include <map>
#include <utility>

#include "libcore/resolve/evaluator_impl.hpp"

namespace cmdai::resolve {

using syntax::Command;

// --- aliases

bool Evaluator::Impl::is_session_alias(const std::pair<const std::string, std::string>& alias) const {
  const auto known = session.aliases.find(alias.first);
  return known != session.aliases.end() && known->second == alias.second;
}

/// A line is read as a whole before it runs: an alias counts from the next one on. What is nested may have
/// been read with it or not (`{ … }`, eval).
bool Evaluator::Impl::alias_counts(const std::pair<const std::string, std::string>& alias,
                                   const Command& command, const Frame& frame) {
  if (frame.dialect.shell == Shell::fish || frame.source != 0 || is_session_alias(alias)) return true;
  const std::string_view before = std::string_view(sources.front().text).substr(0, command.range.begin);
  return spend(1 + before.size() / 16, frame) && before.find('\n') != std::string_view::npos;
}

/// An alias is text: it is put before the rest of the command and read again.
bool Evaluator::Impl::expand_alias(const Command& command, const Frame& frame, Value& output) {
  const bool always = frame.dialect.shell == Shell::zsh || frame.dialect.shell == Shell::sh;  // scripts too
  if (!(always || frame.dialect.alias_expansion || state.expands_aliases) || command.words.empty() ||
      state.aliases.empty())
    return false;
  const syntax::Word& first = *command.words.front();
  if (first.parts.size() != 1 || first.parts[0].kind != syntax::PartKind::text) return false;
  const std::string name(first.parts[0].text);
  const auto it = state.aliases.find(name);
  if (it == state.aliases.end() ||
      std::find(active_aliases.begin(), active_aliases.end(), name) != active_aliases.end())
    return false;
  if (depth >= limits.depth) return too_complex(frame), true;
  if (!alias_counts(*it, command, frame)) return false;
  const std::string text = it->second;  // the walk below may take the table away
  const bool in_doubt = nesting > 1 && !is_session_alias(*it);
  if (in_doubt && spend(weight(), frame)) {
    State saved = state;
    walk_simple(command, frame);
    state = std::move(saved);
  }
  const Deeper deeper(depth);
  const std::string_view source =
      frame.shift == 0 ? std::string_view(sources[frame.source].text) : std::string_view();
  std::string rest;
  if (command.range.end <= source.size() && first.range.end <= command.range.end)
    rest = source.substr(first.range.end, command.range.end - first.range.end);
  uint32_t index = 0;
  const syntax::Tree& tree =
      parse_source(text + rest, frame.dialect, "alias " + name, place(first.range, frame), index);
  active_aliases.push_back(name);
  Frame inner = frame;
  inner.source = index;
  inner.shift = 0;
  output = walk(*tree.script, inner);
  active_aliases.pop_back();
  return true;
}

// --- functions

void Evaluator::Impl::define(const Command& command, const Frame& frame) {
  if (command.body() == nullptr) return;
  const Function f{command.body(), frame.source, frame.shift, frame.dialect, nullptr};
  if (command.words.empty()) {  // zsh anonymous: called at once
    Invocation call = new_call(command, frame);
    call.argv.push_back({Value::exact("(anon)"), call.place, nullptr});
    for (const syntax::Word* w : command.arguments())
      for (Argument& a : fields(*w, frame)) call.argv.push_back(std::move(a));
    call_function("(anon)", f, call, frame);
    return;
  }
  for (const syntax::Word* w : command.words) {
    const Value name = single(*w, frame);
    if (!name.is_exact()) continue;
    state.functions[name.with_holes_empty()] = f;
    visitor.on_defined(name.with_holes_empty(), new_call(command, frame), owner);
    if (sources[frame.source].file) called_functions.push_back(name.with_holes_empty());
  }
}

Value Evaluator::Impl::call_function(const std::string& name, const Function& f, const Invocation& call,
                                     const Frame& frame) {
  if (std::find(called_functions.begin(), called_functions.end(), name) == called_functions.end())
    called_functions.push_back(name);
  if (std::find(active_functions.begin(), active_functions.end(), name) != active_functions.end()) {
    Invocation again = call;
    again.self_recursive = true;
    return visitor.on_invocation(again, owner);
  }
  if (depth >= limits.depth) return too_complex(frame), Value{};
  const Deeper deeper(depth);
  Frame inner = frame;
  inner.source = f.source;
  inner.shift = f.shift;
  inner.dialect = f.dialect;
  inner.input = call.input;
  inner.context.push_back("function " + name);
  Descriptors outer = state.open;
  if (!call.redirects.empty()) {
    Invocation bare = call;
    bare.argv.clear();
    visitor.on_bare(bare, owner);
    add_descriptors(call, {});
  }
  std::vector<Value> positional;
  for (size_t i = 1; i < call.argv.size(); ++i) positional.push_back(call.argv[i].value);
  std::swap(positional, state.positional);
  const bool known = std::exchange(state.positional_known, call.argv.size() < limits.words);
  scopes.emplace_back();
  for (const ResolvedAssignment& a : call.assigns) {
    make_local(a.name);
    assign(a.name, a.value, a.append, frame);
  }
  active_functions.push_back(name);
  Value output = walk(*f.body, inner);
  active_functions.pop_back();
  leave_function();
  state.open = std::move(outer);
  state.positional = std::move(positional);
  state.positional_known = known;
  return output;
}

/// What is only defined here may be called later, with arguments nobody knows yet.
void Evaluator::Impl::walk_uncalled_functions() {
  for (const auto& [name, f] : std::map(state.functions)) {
    if (std::find(called_functions.begin(), called_functions.end(), name) != called_functions.end()) continue;
    Frame frame;
    frame.source = f.source;
    frame.shift = f.shift;
    frame.dialect = f.dialect;
    frame.conditional = true;
    frame.context.push_back("function " + name);
    if (!spend(weight(), frame)) break;
    State saved = state;
    state.positional_known = false;
    active_functions.push_back(name);
    if (depth < limits.depth) walk(*f.body, frame);
    active_functions.pop_back();
    state = std::move(saved);
  }
}

}  // namespace cmdai::resolve
