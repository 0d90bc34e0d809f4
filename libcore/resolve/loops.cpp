// Conditions and loops: all branches are taken; a loop is walked once, or once for each item it is known to
// go through.
#include <algorithm>

#include "libcore/resolve/evaluator_impl.hpp"
#include "libcore/resolve/items.hpp"

namespace cmdai::resolve {
namespace {

using syntax::Command;
using syntax::CommandKind;

bool blank(const syntax::Word& word) {
  return std::all_of(word.parts.begin(), word.parts.end(), [](const syntax::Part& part) {
    return part.kind == syntax::PartKind::text &&
           part.text.view().find_first_not_of(" \t\n") == std::string_view::npos;
  });
}

/// while [IFS=] read …
bool reads_lines(const Command& command) {
  if (command.kind != CommandKind::while_ || command.clauses().size() != 1) return false;
  const syntax::Clause& clause = command.clauses().front();
  if (clause.condition == nullptr || clause.body == nullptr || clause.condition->statements.empty())
    return false;
  const syntax::Pipeline& first = clause.condition->statements.front().links.front().pipeline;
  const Command& test = *first.stages.front().command;
  if (test.kind != CommandKind::simple || test.words.empty()) return false;
  const auto& parts = test.words.front()->parts;
  return parts.size() == 1 && parts.front().kind == syntax::PartKind::text && parts.front().text == "read";
}

struct LineReader {
  std::string descriptor = "0";
  std::string_view delimiter = "\n";
};

/// `read -d ''` reads up to a NUL, `read -u 3` from another descriptor.
LineReader line_reader(const Command& command) {
  LineReader out;
  const auto& words = command.clauses()
                          .front()
                          .condition->statements.front()
                          .links.front()
                          .pipeline.stages.front()
                          .command->words;
  const auto text_of = [&words](size_t i) {
    const bool text = i < words.size() && words[i]->parts.size() == 1 &&
                      words[i]->parts.front().kind == syntax::PartKind::text;
    return text ? words[i]->parts.front().text.view() : std::string_view();
  };
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string_view option = text_of(i);
    const bool is_option = option.starts_with('-');
    const size_t u = is_option ? option.find('u') : std::string_view::npos;
    if (is_option && option.ends_with('d')) out.delimiter = {"\0\n", 2};
    if (u != std::string_view::npos)
      out.descriptor = u + 1 < option.size() ? option.substr(u + 1) : text_of(i + 1);
  }
  return out;
}

}  // namespace

/// while true, while :, until false, for ((;;))
bool Evaluator::Impl::is_endless(const Command& command, const Frame& frame) {
  if (command.kind == CommandKind::c_for) return command.words.size() > 1 && blank(*command.words[1]);
  const bool loops = command.kind == CommandKind::while_ || command.kind == CommandKind::until;
  if (!loops || command.clauses().empty() || command.clauses().front().condition == nullptr) return false;
  return answer(*command.clauses().front().condition, frame, false) == (command.kind == CommandKind::while_);
}

Value Evaluator::Impl::walk_clauses(const Command& command, const Frame& frame) {
  walk_words(command.words, frame);
  if (command.kind == CommandKind::if_) return walk_if(command, frame);
  if (std::optional<Value> output = walk_lines(command, frame)) return *output;
  Frame inner = frame;
  if (is_endless(command, frame)) inner.context.emplace_back("endless loop");
  const bool repeats = command.kind == CommandKind::while_ || command.kind == CommandKind::until;
  const Within within(loop, repeats ? Loop::repeated : loop);
  Value output;
  std::vector<State> after;
  for (const syntax::Clause& clause : command.clauses()) {
    walk_words(clause.patterns, frame);
    if (clause.condition != nullptr) walk(*clause.condition, inner);
    inner.conditional = true;
    if (repeats && clause.condition != nullptr && clause.body != nullptr &&
        answer(*clause.condition, inner) == (command.kind == CommandKind::until)) {
      walk_unreached([&] { walk(*clause.body, inner); }, inner);
      continue;
    }
    if (!spend(4 * weight(), frame)) break;  // one copy for here, one for later, and the merge
    const State here = state;
    if (clause.body != nullptr) output.append(walk(*clause.body, inner));
    after.push_back(std::exchange(state, here));
  }
  State result = state;
  for (const State& s : after) result = merged(result, s);
  state = std::move(result);
  return output;
}

/// What is behind a condition that fails for certain leaves nothing, nor does what is behind the branch that
/// runs for certain.
Value Evaluator::Impl::walk_if(const Command& command, const Frame& frame) {
  Frame inner = frame;
  Value output;
  std::vector<State> after;
  bool decided = false;  // one of the branches so far runs, whatever comes
  for (const syntax::Clause& clause : command.clauses()) {
    const auto whole = [&] {
      if (clause.condition != nullptr) walk(*clause.condition, inner);
      if (clause.body != nullptr) walk(*clause.body, inner);
    };
    if (decided) {
      inner.conditional = true;
      walk_unreached(whole, inner);
      continue;
    }
    std::optional<bool> holds = true;
    if (clause.condition != nullptr) {
      walk(*clause.condition, inner);
      holds = answer(*clause.condition, inner);
    }
    inner.conditional |= holds != true || !after.empty();
    if (holds == false) {
      if (clause.body != nullptr) walk_unreached([&] { walk(*clause.body, inner); }, inner);
      continue;
    }
    decided = holds.has_value();
    if (!spend(4 * weight(), frame)) break;  // one copy for here, one for later, and the merge
    const State here = state;
    if (clause.body != nullptr) output.append(walk(*clause.body, inner));
    after.push_back(std::exchange(state, here));
  }
  State result = decided && !after.empty() ? after.front() : state;
  for (const State& s : after) result = merged(result, s);
  state = std::move(result);
  return output;
}

/// `while read line; do …; done` with an input that is known: once for each line. nullopt: nothing of that
/// kind.
std::optional<Value> Evaluator::Impl::walk_lines(const Command& command, const Frame& frame) {
  if (!reads_lines(command)) return std::nullopt;
  const LineReader reader = line_reader(command);
  const bool standard = reader.descriptor == "0";
  const auto other = state.open.inputs.find(reader.descriptor);
  if (!standard && other == state.open.inputs.end()) return std::nullopt;
  const Value text = standard ? frame.input.data : other->second.data;
  const std::vector<Value> lines = split_items(text, reader.delimiter);
  if (lines.size() < 2 || !spend(2 * weight(), frame)) return std::nullopt;
  Frame inner = frame;
  inner.conditional = true;
  const Within within(loop, Loop::repeated);
  const State before = state;
  Value output;
  for (const Value& line : representatives(lines)) {
    if (complained) break;
    Input input = frame.input;
    input.kind = Input::Kind::text;
    input.data = line;
    input.data.append_literal("\n", false);
    if (standard)
      inner.input = std::move(input);
    else
      state.open.inputs[reader.descriptor] = std::move(input);
    walk(*command.clauses().front().condition, inner);
    output.append(walk(*command.clauses().front().body, inner));
  }
  state = merged(before, state);
  return output;
}

/// for ((start; test; step)): as often as the test says, while that is known; then once more, with what the
/// step counts unknown.
Value Evaluator::Impl::walk_counting(const Command& command, const Frame& frame) {
  constexpr int kMostRounds = 256;
  if (loop == Loop::none) departed = false;
  std::optional<Within> within(std::in_place, loop, std::max(loop, Loop::counted));
  Value output;
  if (!blank(*command.words[0])) arithmetic(*command.words[0], frame);
  for (int round = 0; round < kMostRounds && !complained && command.body() != nullptr; ++round) {
    const auto goes_on = arithmetic(*command.words[1], frame).text();
    if (goes_on == "0") return output;
    if (!goes_on) break;
    output.append(walk(*command.body(), frame));
    if (!blank(*command.words[2])) arithmetic(*command.words[2], frame);
  }
  within.emplace(loop, Loop::repeated);
  count(single(*command.words[2], frame), frame, true);
  if (command.body() != nullptr) output.append(walk(*command.body(), frame));
  return output;
}

Value Evaluator::Impl::walk_for(const Command& command, const Frame& frame) {
  Frame inner = frame;
  inner.conditional = true;
  inner.context.emplace_back("for");
  if (is_endless(command, frame)) inner.context.emplace_back("endless loop");
  Value output;
  if (command.kind == CommandKind::c_for && command.words.size() == 3 && !is_endless(command, frame))
    return walk_counting(command, inner);
  const Within within(loop, Loop::repeated);
  if (command.kind == CommandKind::c_for || command.kind == CommandKind::repeat) {
    for (const syntax::Word* w : command.words) arithmetic(*w, frame);
    if (command.body() != nullptr) output = walk(*command.body(), inner);
    return output;
  }
  std::vector<Value> words;
  if (!command.has_in && command.words.empty()) words = lookup("@");
  for (const syntax::Word* w : command.words)
    for (Argument& a : fields(*w, frame)) {
      for (Value& one : each_of(a.value)) words.push_back(std::move(one));
      words.push_back(std::move(a.value));
    }
  const std::string name(command.name());
  if (words.empty()) words.push_back(Value::unknown(HoleKind::variable, name));
  for (const Value& word : representatives(std::move(words))) {
    if (complained || command.body() == nullptr) break;
    assign(name, word, false, frame);
    report_assignment(name, place(command.range, frame), frame);
    output.append(walk(*command.body(), inner));
  }
  return output;
}

}  // namespace cmdai::resolve
