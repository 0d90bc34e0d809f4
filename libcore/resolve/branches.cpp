// What holds after a branch that may not have run: a variable has one value or another, and what is done with
// it is done with each.
#include <algorithm>
#include <cctype>
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

/// Variables bash and zsh change themselves, whatever a line puts into them.
bool changes_itself(std::string_view name) {
  static constexpr std::string_view kNames[] = {"RANDOM",       "SRANDOM",       "SECONDS",
                                                "EPOCHSECONDS", "EPOCHREALTIME", "LINENO",
                                                "BASHPID",      "BASH_COMMAND",  "_"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

/// Nothing in it runs or changes anything: it may be read twice.
bool only_names(const syntax::Word& word) {
  return std::all_of(word.parts.begin(), word.parts.end(), [](const syntax::Part& part) {
    const syntax::Parameter* p = part.kind == syntax::PartKind::parameter ? part.parameter() : nullptr;
    return part.kind == syntax::PartKind::text || part.kind == syntax::PartKind::quoted ||
           (p != nullptr && p->op.empty() && p->flags.empty() && p->index == nullptr && !p->indirect &&
            !p->split && !changes_itself(p->name));
  });
}

bool has_names(const syntax::Word& word) {
  return std::any_of(word.parts.begin(), word.parts.end(),
                     [](const syntax::Part& part) { return part.kind == syntax::PartKind::parameter; });
}

/// Whether every part stands in quotes, so that none of its characters means anything but itself.
bool is_quoted(const syntax::Word& word) {
  return std::all_of(word.parts.begin(), word.parts.end(), [](const syntax::Part& part) {
    return part.kind == syntax::PartKind::quoted || part.in_quotes;
  });
}

/// Characters that are in no pattern of bash and zsh: not `<1-9>`, `a#`, `^a`, `=ls`, `(a|b)`.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("_-./:,@%+").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool differ_by_case(std::string_view a, std::string_view b) {
  return a != b && std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
           return std::tolower(x) == std::tolower(y);
         });
}

}  // namespace

/// `[[ "$x" == "y" ]]` with both sides known. What differs by its case alone is not decided: `nocasematch`,
/// `declare -u`. Nor what stands in a loop and may be another one the next time.
std::optional<bool> Evaluator::Impl::outcome(const syntax::Pipeline& pipeline, const Frame& frame) {
  if (pipeline.stages.size() != 1 || pipeline.negations != 0) return std::nullopt;
  const syntax::Command& test = *pipeline.stages.front().command;
  if (test.kind != syntax::CommandKind::test || test.words.size() != 3) return std::nullopt;
  const auto& words = test.words;
  const std::string_view sign = words[1]->parts.size() == 1 ? words[1]->parts[0].text : std::string_view();
  if ((sign != "==" && sign != "=" && sign != "!=") || !only_names(*words[0]) || !only_names(*words[2]))
    return std::nullopt;
  const bool may_change = loop == Loop::repeated || (loop == Loop::counted && departed);
  if (may_change && (has_names(*words[0]) || has_names(*words[2]))) return std::nullopt;
  const Value left = single(*words[0], frame), right = single(*words[2], frame);
  if (!left.is_exact() || !right.is_exact() || left.has_glob() || right.has_glob()) return std::nullopt;
  const std::string a = left.with_holes_empty(), b = right.with_holes_empty();
  if ((!is_quoted(*words[0]) && !is_plain(a)) || (!is_quoted(*words[2]) && !is_plain(b)) ||
      differ_by_case(a, b))
    return std::nullopt;
  return (a == b) == (sign != "!=");
}

/// Two ways a line may have gone: what differs is unknown from here on.
State Evaluator::Impl::merged(const State& a, const State& b) {
  State out = a;
  for (const auto& [name, variable] : b.variables) {
    const auto it = a.variables.find(name);
    if (it != a.variables.end() && same(it->second, variable)) continue;
    out.variables[name] = either(name, it != a.variables.end() ? &it->second : nullptr, variable);
  }
  for (const auto& [name, variable] : a.variables) {
    if (b.variables.find(name) == b.variables.end()) out.variables[name] = either(name, nullptr, variable);
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
  if (it == state.variables.end() || values.size() < 2 || values.size() > kMostAlternatives) return;
  if (std::any_of(values.begin(), values.end(), [](const Value& v) { return !v.is_exact(); })) return;
  Value open = Value::unknown(HoleKind::variable, name);
  for (const Value& value : values) open.taint = open.taint | value.taint;
  it->second.items = {std::move(open)};
  it->second.alternatives = std::move(values);
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

/// The variable of a word that has one value or another.
std::optional<std::string> Evaluator::Impl::undecided(const Invocation& call) const {
  for (const Argument& word : call.argv)
    for (const Piece& p : word.value.pieces()) {
      if (!p.hole || *p.hole != HoleKind::variable) continue;
      const auto it = state.variables.find(p.text);
      if (it != state.variables.end() && !it->second.alternatives.empty()) return p.text;
    }
  return std::nullopt;
}

/// `if x; then D=/; else D=build; fi; rm -rf $D`: the command is walked with each value, and with none of
/// them. What it leaves behind is what it leaves with none.
std::optional<Value> Evaluator::Impl::walk_alternatives(const syntax::Command& command,
                                                        const Invocation& call, const Frame& frame) {
  constexpr uint32_t kMostAtOnce = 2;
  if (deciding >= kMostAtOnce) return std::nullopt;
  if (is_crowded(call)) return too_complex(frame), Value{};
  const std::optional<std::string> name = undecided(call);
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
  --deciding;
  return output;
}

}  // namespace cmdai::resolve
