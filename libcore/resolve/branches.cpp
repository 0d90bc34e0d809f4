// What holds after a branch that may not have run: a variable has one value or another, and what is done with
// it is done with each.
#include <algorithm>
#include <utility>

#include "libcore/resolve/evaluator_impl.hpp"

namespace cmdai::resolve {
namespace {

constexpr size_t kMostAlternatives = 16;

bool alike(const std::vector<Value>& x, const std::vector<Value>& y) {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [](const Value& a, const Value& b) { return a.display() == b.display(); });
}

bool same(const Variable& x, const Variable& y) {
  return alike(x.items, y.items) && alike(x.alternatives, y.alternatives);
}

/// The values a variable may have. One that was never set here comes from outside, or is not there: nothing
/// is known of it.
void gather(const Variable* variable, std::vector<Value>& out) {
  if (variable == nullptr || variable->array) return;
  if (variable->items.empty()) out.emplace_back();  // unset on this very line
  const std::vector<Value>& from = variable->alternatives.empty() ? variable->items : variable->alternatives;
  for (const Value& value : from) {
    const auto equals = [&value](const Value& other) { return other.display() == value.display(); };
    if (value.is_exact() && std::none_of(out.begin(), out.end(), equals)) out.push_back(value);
  }
}

Variable either(const std::string& name, const Variable* before, const Variable& after) {
  Variable out;
  out.items = {Value::unknown(HoleKind::variable, name)};
  if (!after.items.empty()) out.items.front().taint = after.items.front().taint;
  gather(before, out.alternatives);
  gather(&after, out.alternatives);
  out.crowded =
      (before != nullptr && before->crowded) || after.crowded || out.alternatives.size() > kMostAlternatives;
  if (out.crowded) out.alternatives.clear();
  return out;
}

}  // namespace

/// Two ways a line may have gone: what differs is unknown from here on.
State Evaluator::Impl::merged(const State& a, const State& b) {
  State out = a;
  for (const auto& [name, variable] : b.variables) {
    const auto it = a.variables.find(name);
    if (it != a.variables.end() && same(it->second, variable)) continue;
    branched = true;
    out.variables[name] = either(name, it != a.variables.end() ? &it->second : nullptr, variable);
  }
  for (const auto& [name, variable] : a.variables) {
    if (b.variables.find(name) != b.variables.end()) continue;
    branched = true;
    out.variables[name] = either(name, nullptr, variable);
  }
  for (const auto& [name, function] : b.functions) {
    const auto [at, is_new] = out.functions.emplace(name, function);
    if (is_new || at->second.body == function.body) continue;
    const auto before = std::make_shared<const Function>(std::move(at->second));
    at->second = function;
    at->second.otherwise = before;
  }
  for (const auto& [name, text] : b.aliases) out.aliases.emplace(name, text);
  const auto same_value = [](const Value& x, const Value& y) { return x.display() == y.display(); };
  if (!std::equal(a.positional.begin(), a.positional.end(), b.positional.begin(), b.positional.end(),
                  same_value))
    out.positional_known = false;
  if (a.cwd.display() != b.cwd.display()) out.cwd = Value::unknown(HoleKind::variable, "PWD");
  return out;
}

/// `py=$(which python || which python3)`: the name is one or the other.
void Evaluator::Impl::assign_either(const std::string& name, std::vector<Value> values) {
  const auto it = state.variables.find(name);
  if (it == state.variables.end() || values.empty() || values.size() > kMostAlternatives) return;
  if (std::any_of(values.begin(), values.end(), [](const Value& v) { return !v.is_exact(); })) return;
  Value open = Value::unknown(HoleKind::variable, name);
  for (const Value& value : values) open.taint = open.taint | value.taint;
  it->second.items = {std::move(open)};
  it->second.alternatives = std::move(values);
  branched = true;
}

/// A program by a variable that may be any of too many.
bool Evaluator::Impl::is_crowded(const Invocation& call) const {
  if (call.argv.empty()) return false;
  for (const Piece& p : call.argv.front().value.pieces()) {
    if (!p.hole || *p.hole != HoleKind::variable) continue;
    const auto it = state.variables.find(p.text);
    if (it != state.variables.end() && it->second.crowded) return true;
  }
  return false;
}

/// The variable in a value that has one value or another; nullptr: none.
const Variable* Evaluator::Impl::undecided_in(const Value& value, std::string* name) const {
  for (const Piece& p : value.pieces()) {
    if (!p.hole || *p.hole != HoleKind::variable) continue;
    const auto it = state.variables.find(p.text);
    if (it == state.variables.end() || it->second.alternatives.empty()) continue;
    if (name != nullptr) *name = p.text;
    return &it->second;
  }
  return nullptr;
}

/// The texts a value may be: with each value of the first variable in it that is undecided. Nothing, where
/// none is, or where more is open.
std::vector<Value> Evaluator::Impl::each_of(const Value& value) const {
  std::string name;
  const Variable* variable = branched ? undecided_in(value, &name) : nullptr;
  if (variable == nullptr) return {};
  std::vector<Value> out;
  for (const Value& alternative : variable->alternatives) {
    Value one;
    for (const Piece& p : value.pieces()) {
      if (p.hole && *p.hole == HoleKind::variable && p.text == name)
        one.append(alternative);
      else if (p.hole)
        one.append(Value::unknown(*p.hole, p.text, p.active));
      else
        one.append_literal(p.text, p.active);
    }
    one.taint = value.taint | alternative.taint;
    out.push_back(std::move(one));
  }
  return out;
}

/// The variable of a command that has one value or another: in its words, its redirects, or in its
/// environment where the program looks at it.
std::optional<std::string> Evaluator::Impl::undecided(const syntax::Command& command,
                                                      const Invocation& call) {
  std::string name;
  for (const Argument& word : call.argv)
    if (undecided_in(word.value, &name) != nullptr) return name;
  for (const ResolvedAssignment& a : call.assigns)
    if (!call.argv.empty() && undecided_in(a.value, &name) != nullptr) return name;
  if (auto target = undecided_redirect(command)) return target;
  return undecided_environment(call);
}

std::optional<std::string> Evaluator::Impl::undecided_redirect(const syntax::Command& command) const {
  for (const syntax::Redirect& r : command.redirects) {
    const syntax::Word* word = r.body != nullptr ? r.body : r.target;
    if (word == nullptr) continue;
    for (const syntax::Part& part : word->parts) {
      if (part.kind != syntax::PartKind::parameter) continue;
      const auto it = state.variables.find(part.parameter()->name.view());
      if (it != state.variables.end() && !it->second.alternatives.empty()) return it->first;
    }
  }
  return std::nullopt;
}

std::optional<std::string> Evaluator::Impl::undecided_environment(const Invocation& call) {
  constexpr size_t kMostPrograms = 4;  // sudo -E tar
  for (size_t i = 0; i < std::min(kMostPrograms, call.argv.size()); ++i) {
    const std::string program = base_name(call.argv[i].value.prefix());
    if (!visitor.reads_variable(program, {}) || !spend(state.variables.size(), {})) continue;
    for (const auto& [name, variable] : state.variables)
      if (!variable.alternatives.empty() && visitor.reads_variable(program, name)) return name;
  }
  return std::nullopt;
}

/// `if x; then D=/; else D=build; fi; rm -rf $D`: the command is walked with each value, and with none of
/// them. What it leaves behind is what it leaves with none.
std::optional<Value> Evaluator::Impl::walk_alternatives(const syntax::Command& command,
                                                        const Invocation& call, const Frame& frame) {
  constexpr uint32_t kMostAtOnce = 2;
  if (!branched || deciding >= kMostAtOnce) return std::nullopt;
  if (is_crowded(call)) return too_complex(frame), Value{};
  const std::optional<std::string> name = undecided(command, call);
  if (!name || !spend(kMostAlternatives * weight(), frame)) return std::nullopt;
  ++deciding;
  const State before = state;
  const Variable open = before.variables.at(*name);
  Value output;
  for (const Value& value : open.alternatives) {
    if (complained) break;
    state = before;
    state.variables[*name].items = {value};
    state.variables[*name].alternatives.clear();
    output.append(walk_simple(command, frame));
  }
  state = before;
  state.variables[*name].alternatives.clear();
  output.append(walk_simple(command, frame));
  Variable& after = state.variables[*name];
  if (alike(after.items, open.items)) after.alternatives = open.alternatives;  // it was not set anew
  if (command.declaration)                                                     // export W=$V
    for (const ResolvedAssignment& a : call.assigns)
      if (!a.elements && !a.append) assign_either(a.name, each_of(a.value));
  --deciding;
  return output;
}

}  // namespace cmdai::resolve
