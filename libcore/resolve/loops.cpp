// Conditions and loops: all branches are taken; a loop is walked once, or once for each item it is known to
// go through.
#include <algorithm>

#include "libcore/resolve/evaluator_impl.hpp"
#include "libcore/resolve/items.hpp"

namespace cmdai::resolve {
namespace {

using syntax::Command;
using syntax::CommandKind;

/// The words of a command of plain text, a blank between them; "" when one is not plain.
std::string plain_words(const Command& command) {
  std::string out;
  for (const syntax::Word* word : command.words) {
    if (word->parts.size() != 1 || word->parts.front().kind != syntax::PartKind::text) return {};
    out += (out.empty() ? "" : " ") + std::string(word->parts.front().text);
  }
  return out;
}

bool blank(const syntax::Word& word) {
  return std::all_of(word.parts.begin(), word.parts.end(), [](const syntax::Part& part) {
    return part.kind == syntax::PartKind::text &&
           part.text.view().find_first_not_of(" \t\n") == std::string_view::npos;
  });
}

/// `[ 1 ]`, `test true`: one word that is not empty.
bool is_plain_test(std::string_view text) {
  if (text.starts_with("[ ") && text.ends_with(" ]") && text.size() > 4)
    text = text.substr(2, text.size() - 4);
  else if (text.starts_with("test "))
    text.remove_prefix(5);
  else
    return false;
  return !text.empty() && text.find(' ') == std::string_view::npos;
}

/// while true, while :, until false
bool is_endless(const Command& command) {
  if (command.kind == CommandKind::c_for) return command.words.size() > 1 && blank(*command.words[1]);
  const bool loops = command.kind == CommandKind::while_ || command.kind == CommandKind::until;
  if (!loops || command.clauses().empty() || command.clauses().front().condition == nullptr) return false;
  const syntax::Script& condition = *command.clauses().front().condition;
  if (condition.statements.size() != 1 || condition.statements.front().links.size() != 1) return false;
  const syntax::Pipeline& pipeline = condition.statements.front().links.front().pipeline;
  if (pipeline.stages.size() != 1) return false;
  const Command& test = *pipeline.stages.front().command;
  const std::string text = plain_words(test);
  const std::string program = text.substr(text.rfind('/') + 1);
  if (command.kind == CommandKind::until)
    return program == "false" || (test.kind == CommandKind::arithmetic && text == "0");
  return program == "true" || text == ":" || is_plain_test(text) ||
         (test.kind == CommandKind::arithmetic && text == "1");
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

/// `read -d ''` reads up to a NUL.
std::string_view read_delimiter(const Command& command) {
  const auto& words = command.clauses()
                          .front()
                          .condition->statements.front()
                          .links.front()
                          .pipeline.stages.front()
                          .command->words;
  for (const syntax::Word* word : words) {
    const bool text = word->parts.size() == 1 && word->parts.front().kind == syntax::PartKind::text;
    const std::string_view option = text ? word->parts.front().text : std::string_view();
    if (option.starts_with('-') && option.ends_with('d')) return {"\0\n", 2};
  }
  return "\n";
}

}  // namespace

Value Evaluator::Impl::walk_clauses(const Command& command, const Frame& frame) {
  walk_words(command.words, frame);
  if (reads_lines(command))
    if (const std::vector<Value> lines = split_items(frame.input.data, read_delimiter(command));
        lines.size() > 1)
      return walk_lines(command, representatives(lines), frame);
  Frame inner = frame;
  if (is_endless(command)) inner.context.emplace_back("endless loop");
  Value output;
  std::vector<State> after;
  bool has_else = false;
  for (const syntax::Clause& clause : command.clauses()) {
    walk_words(clause.patterns, frame);
    if (clause.condition != nullptr) walk(*clause.condition, inner);
    has_else |= clause.condition == nullptr && command.kind == CommandKind::if_;
    inner.conditional = true;
    if (!spend(4 * weight(), frame)) break;  // one copy for here, one for later, and the merge
    const State here = state;
    if (clause.body != nullptr) output.append(walk(*clause.body, inner));
    after.push_back(std::exchange(state, here));
  }
  State result = has_else && !after.empty() ? after.front() : state;
  for (const State& s : after) result = merged(result, s);
  state = std::move(result);
  return output;
}

/// `while read line; do …; done` with an input that is known: once for each line.
Value Evaluator::Impl::walk_lines(const Command& command, const std::vector<Value>& lines,
                                  const Frame& frame) {
  Frame inner = frame;
  inner.conditional = true;
  if (!spend(2 * weight(), frame)) return {};
  const State before = state;
  Value output;
  for (const Value& line : lines) {
    if (complained) break;
    inner.input = frame.input;
    inner.input.kind = Input::Kind::text;
    inner.input.data = line;
    inner.input.data.append_literal("\n", false);
    walk(*command.clauses().front().condition, inner);
    output.append(walk(*command.clauses().front().body, inner));
  }
  state = merged(before, state);
  return output;
}

Value Evaluator::Impl::walk_for(const Command& command, const Frame& frame) {
  Frame inner = frame;
  inner.conditional = true;
  inner.context.emplace_back("for");
  if (is_endless(command)) inner.context.emplace_back("endless loop");
  Value output;
  if (command.kind == CommandKind::c_for || command.kind == CommandKind::repeat) {
    for (const syntax::Word* w : command.words) arithmetic(*w, frame);
    if (command.body() != nullptr) output = walk(*command.body(), inner);
    return output;
  }
  std::vector<Value> words;
  if (!command.has_in && command.words.empty()) words = lookup("@");
  for (const syntax::Word* w : command.words)
    for (Argument& a : fields(*w, frame)) words.push_back(std::move(a.value));
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
