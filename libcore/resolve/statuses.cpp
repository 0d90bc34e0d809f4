// How conditions come out, where that is known before anything runs: `true`, `false`, `! true`, `[[ a == b
// ]]`, and lists of them.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "libcore/resolve/evaluator_impl.hpp"

namespace cmdai::resolve {
namespace {

using syntax::Command;
using syntax::CommandKind;

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

bool has_plain_text(const syntax::Word& word) {
  return std::all_of(word.parts.begin(), word.parts.end(), [](const syntax::Part& part) {
    return part.kind == syntax::PartKind::text || part.kind == syntax::PartKind::quoted;
  });
}

/// The text of a word without expansions. Backslashes of what is not quoted stand in their own parts.
std::string plain_text(const syntax::Word& word) {
  std::string out;
  if (has_plain_text(word))
    for (const syntax::Part& part : word.parts) out += part.text.view();
  return out;
}

/// `true`, `/bin/false`, `command :`: what it always answers.
std::optional<bool> constant_answer(std::string_view program) {
  for (const std::string_view folder : {"/bin/", "/usr/bin/"})
    if (program.starts_with(folder)) {
      program.remove_prefix(folder.size());
      if (program == ":") return std::nullopt;
      break;
    }
  if (program == "true" || program == ":") return true;
  return program == "false" ? std::optional(false) : std::nullopt;
}

/// `[ 1 ]`, `test -n x`, `[ a = b ]`, of words without expansions.
std::optional<bool> constant_test(std::vector<std::string_view> words) {
  if (words.size() == 1) return !words[0].empty();
  if (words.size() == 2 && words[0] == "-n") return !words[1].empty();
  if (words.size() == 2 && words[0] == "-z") return words[1].empty();
  if (words.size() == 2 && words[0] == "!") return words[1].empty();
  if (words.size() != 3) return std::nullopt;
  if (words[1] == "=" || words[1] == "==") return words[0] == words[2];
  return words[1] == "!=" ? std::optional(words[0] != words[2]) : std::nullopt;
}

std::optional<bool> test_answer(const Command& command) {
  constexpr size_t kMostWords = 5;
  if (command.words.size() > kMostWords) return std::nullopt;
  std::vector<std::string> texts;
  for (const syntax::Word* word : command.words) {
    if (!has_plain_text(*word)) return std::nullopt;
    texts.push_back(plain_text(*word));
    if (!is_quoted(*word) && texts.back().find_first_of("*?[~{\\=") != std::string::npos &&
        texts.back() != "[" && texts.back() != "=" && texts.back() != "==" && texts.back() != "!=")
      return std::nullopt;
  }
  std::vector<std::string_view> words(texts.begin() + 1, texts.end());
  if (texts.front() == "[") {
    if (words.empty() || words.back() != "]") return std::nullopt;
    words.pop_back();
  }
  return constant_test(std::move(words));
}

/// ((0)), ((1))
std::optional<bool> number_answer(const Command& command) {
  if (command.words.size() != 1) return std::nullopt;
  const std::string text = plain_text(*command.words.front());
  const size_t begin = text.find_first_not_of(" \t\n"), last = text.find_last_not_of(" \t\n");
  if (begin == std::string::npos || last - begin > 8) return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data() + begin, text.data() + last + 1, number);
  if (error != std::errc() || end != text.data() + last + 1) return std::nullopt;
  return number != 0;
}

bool has_any_names(const Command& command) {
  return std::any_of(command.words.begin(), command.words.end(),
                     [](const syntax::Word* word) { return has_names(*word); });
}

bool runs_something(const syntax::Assignment& assignment) {
  return assignment.index != nullptr || !has_plain_text(*assignment.value);
}

}  // namespace

/// `if [[ $x == a ]]`: what a condition says, its list having been walked. Names are only looked up where
/// nothing stands in it that may change them.
std::optional<bool> Evaluator::Impl::answer(const syntax::Script& list, const Frame& frame, bool names,
                                            int inner) {
  constexpr int kDeepest = 8;  // groups in groups: each is asked about for all that are around it
  if (list.statements.empty() || inner > kDeepest) return std::nullopt;
  const syntax::Statement& last = list.statements.back();
  if (last.terminator.starts_with('&')) return true;
  const bool alone = list.statements.size() == 1 && last.links.size() == 1;
  std::optional<bool> so_far;
  for (const syntax::Link& link : last.links) {
    if (!link.op.empty() && so_far && *so_far == (link.op == "||")) continue;  // does not run
    const std::optional<bool> said = outcome(link.pipeline, frame, names && alone, inner);
    so_far = joined_answer(so_far, link.op.view(), said);
  }
  return so_far;
}

/// Of `a || b` where a's answer is not known, true is known where b says so.
std::optional<bool> Evaluator::Impl::joined_answer(std::optional<bool> before, std::string_view op,
                                                   std::optional<bool> said) {
  if (op.empty() || before) return said;
  return said && *said == (op == "||") ? said : std::nullopt;
}

std::optional<bool> Evaluator::Impl::outcome(const syntax::Pipeline& pipeline, const Frame& frame, bool names,
                                             int inner) {
  if (pipeline.stages.size() != 1) return std::nullopt;
  const Command& command = *pipeline.stages.front().command;
  if (!command.redirects.empty()) return std::nullopt;
  std::optional<bool> out;
  switch (command.kind) {
    case CommandKind::simple: out = simple_outcome(command); break;
    case CommandKind::test:
      out = names || !has_any_names(command) ? test_outcome(command, frame) : out;
      break;
    case CommandKind::arithmetic: out = number_answer(command); break;
    case CommandKind::group:
    case CommandKind::subshell:
      if (command.body() != nullptr) out = answer(*command.body(), frame, false, inner + 1);
      break;
    default: break;
  }
  if (out && pipeline.negations % 2 != 0) out = !*out;
  return out;
}

/// A function or an alias may have taken the name.
std::optional<bool> Evaluator::Impl::simple_outcome(const Command& command) const {
  if (command.words.empty()) {
    const bool plain = std::none_of(command.assigns.begin(), command.assigns.end(), runs_something);
    return plain && !command.assigns.empty() ? std::optional(true) : std::nullopt;
  }
  const std::string_view head =
      command.words[0]->parts.empty() ? std::string_view() : command.words[0]->parts[0].text.view();
  if (head.empty() || std::string_view("tf:/[cb").find(head[0]) == std::string_view::npos)
    return std::nullopt;
  std::string name = plain_text(*command.words[0]);
  const bool direct = name == "command" || name == "builtin";
  if (direct && command.words.size() > 1) name = plain_text(*command.words[1]);
  const bool taken = !direct && (state.functions.contains(name) || state.aliases.contains(name));
  if (taken) return std::nullopt;
  return name == "[" || name == "test" ? (direct ? std::nullopt : test_answer(command))
                                       : constant_answer(name);
}

/// `[[ "$x" == "y" ]]` with both sides known. What differs by its case alone is not decided: `nocasematch`,
/// `declare -u`. Nor what stands in a loop and may be another one the next time.
std::optional<bool> Evaluator::Impl::test_outcome(const Command& test, const Frame& frame) {
  if (test.words.size() != 3) return std::nullopt;
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

}  // namespace cmdai::resolve
