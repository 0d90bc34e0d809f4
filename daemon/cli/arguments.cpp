#include "daemon/cli/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "libcore/explain/explain.hpp"

namespace cmdai::cli {
namespace {

constexpr OptionSpec kHelp{"help", 'h', {}, "say this"};
const std::string kQuote = "put the command in quotes: it has to be one word";

/// Words of the command line stand in messages: nothing in them may reach the terminal as it is.
Diagnostic usage(const std::string& message, std::string hint) {
  Diagnostic d;
  d.message = explain::printable(message);
  d.hint = std::move(hint);
  return d;
}

/// How many of the words are those of the name; all of them when the command is meant.
size_t shared_words(std::string_view name, std::span<const std::string> words) {
  const std::vector<std::string_view> parts = name_words(name);
  size_t shared = 0;
  while (shared < parts.size() && shared < words.size() && parts[shared] == words[shared]) ++shared;
  return shared;
}

/// The longest command name that the words begin with.
const CommandSpec* find_command(std::span<const std::string> words) {
  const CommandSpec* best = nullptr;
  for (const CommandSpec& spec : commands())
    if (shared_words(spec.name, words) == name_words(spec.name).size() &&
        (best == nullptr || spec.name.size() > best->name.size()))
      best = &spec;
  return best;
}

/// The words that may follow the first `depth` ones, each once.
std::vector<std::string_view> next_words(std::span<const std::string> words, size_t depth) {
  std::vector<std::string_view> out;
  for (const CommandSpec& spec : commands()) {
    const std::vector<std::string_view> parts = name_words(spec.name);
    if (parts.size() <= depth || shared_words(spec.name, words) < depth || (depth == 0 && spec.hidden))
      continue;
    if (std::find(out.begin(), out.end(), parts[depth]) == out.end()) out.push_back(parts[depth]);
  }
  return out;
}

Diagnostic unknown_command(std::span<const std::string> words) {
  size_t depth = 0;
  for (const CommandSpec& spec : commands()) depth = std::max(depth, shared_words(spec.name, words));
  const std::vector<std::string_view> names = next_words(words, depth);
  const std::string group = fmt::format("{}", fmt::join(words.first(depth), " "));
  if (words.size() == depth)
    return usage(fmt::format("`{}` needs one of: {}", group, fmt::join(names, ", ")),
                 fmt::format("cmdai {} --help", group));
  const auto near = nearest(words[depth], names.data(), names.data() + names.size());
  if (depth > 0)
    return usage(fmt::format("unknown command `{} {}`", group, words[depth]),
                 near.empty() ? fmt::format("known are: {}", fmt::join(names, ", "))
                              : fmt::format("did you mean `{} {}`?", group, near));
  const std::string_view kind = words[0].starts_with('-') ? "option" : "command";
  return usage(
      fmt::format("unknown {} `{}`", kind, words[0]),
      near.empty() ? "`cmdai --help` shows what there is" : fmt::format("did you mean `cmdai {}`?", near));
}

class Parser {
 public:
  Parser(const CommandSpec& spec, std::span<const std::string> words) : spec_(spec), words_(words) {
    out_.spec = &spec;
  }

  Result<Arguments> run() {
    for (; at_ < words_.size(); ++at_) {
      const std::string& word = words_[at_];
      Result<void> taken;
      if (operands_only_ || word == "-" || !word.starts_with('-'))
        out_.operands.push_back(word);
      else if (word == "--")
        operands_only_ = true;
      else
        taken = word.starts_with("--") ? take_long(word) : take_letters(word);
      if (!taken) return fail(std::move(taken.error()));
    }
    if (auto fits = check_operands(); !fits) return fail(std::move(fits.error()));
    return std::move(out_);
  }

 private:
  /// What takes a COMMAND says itself what is wrong with two words: they want quoting.
  Result<void> check_operands() const {
    const std::string_view takes = spec_.operands;
    if (out_.has("help") || takes.find("COMMAND") != takes.npos || takes.find("…") != takes.npos) return {};
    const size_t most = takes.empty() ? 0 : 1;
    if (out_.operands.size() <= most) return {};
    const std::string& extra = out_.operands[most];
    return fail(usage(most == 0
                          ? fmt::format("`cmdai {}` takes no operand, but got `{}`", spec_.name, extra)
                          : fmt::format("`cmdai {}` takes one operand, but also got `{}`", spec_.name, extra),
                      fmt::format("`cmdai {} --help` shows what it takes", spec_.name)));
  }

  /// An option behind the first word of a COMMAND is most likely the command's own.
  bool unquoted() const {
    return spec_.operands.find("COMMAND") != std::string_view::npos && !out_.operands.empty();
  }

  std::vector<const OptionSpec*> known() const {
    std::vector<const OptionSpec*> out;
    for (const OptionSpec& o : spec_.options) out.push_back(&o);
    out.push_back(&kHelp);
    return out;
  }

  Diagnostic unknown(std::string_view shown, std::string_view name) const {
    std::vector<std::string_view> names;
    for (const OptionSpec* o : known()) names.push_back(o->name);
    const auto near =
        name.empty() ? std::string_view() : nearest(name, names.data(), names.data() + names.size());
    return usage(fmt::format("unknown option `{}`", shown),
                 unquoted()     ? kQuote
                 : near.empty() ? fmt::format("`cmdai {} --help` shows what it takes", spec_.name)
                                : fmt::format("did you mean `--{}`?", near));
  }

  Result<void> take_long(const std::string& word) {
    const size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? std::string::npos : equals - 2);
    for (const OptionSpec* o : known()) {
      if (o->name != name) continue;
      if (o->value.empty() && equals != std::string::npos)
        return fail(usage(fmt::format("`--{}` takes no value", name), fmt::format("write `--{}`", name)));
      return add(*o, equals == std::string::npos ? std::optional<std::string>() : word.substr(equals + 1),
                 "--" + name);
    }
    return fail(unknown("--" + name, name));
  }

  Result<void> take_letters(const std::string& word) {
    for (size_t i = 1; i < word.size(); ++i) {
      const OptionSpec* found = nullptr;
      for (const OptionSpec* o : known())
        if (o->letter == word[i]) found = o;
      if (found == nullptr) return fail(unknown(fmt::format("-{}", word[i]), {}));
      const bool glued = !found->value.empty() && i + 1 < word.size();
      auto added =
          add(*found, glued ? std::optional(word.substr(i + 1)) : std::nullopt, fmt::format("-{}", word[i]));
      if (!added || !found->value.empty()) return added;
    }
    return {};
  }

  Result<void> add(const OptionSpec& option, std::optional<std::string> value, const std::string& shown) {
    if (!option.value.empty() && !value) {
      if (at_ + 1 >= words_.size())
        return fail(usage(fmt::format("`{}` needs a value: {}", shown, option.value),
                          unquoted() ? kQuote : fmt::format("`cmdai {} --help` shows examples", spec_.name)));
      value = words_[++at_];
    }
    out_.options.emplace_back(option.name, value.value_or(""));
    return {};
  }

  const CommandSpec& spec_;
  std::span<const std::string> words_;
  Arguments out_;
  size_t at_ = 0;
  bool operands_only_ = false;
};

}  // namespace

bool Arguments::has(std::string_view name) const {
  return std::any_of(options.begin(), options.end(), [name](const auto& o) { return o.first == name; });
}

std::string Arguments::get(std::string_view name, std::string_view otherwise) const {
  const auto it =
      std::find_if(options.rbegin(), options.rend(), [name](const auto& o) { return o.first == name; });
  return it == options.rend() ? std::string(otherwise) : it->second;
}

std::vector<std::string_view> name_words(std::string_view name) {
  std::vector<std::string_view> out;
  for (size_t blank = 0; blank != std::string_view::npos;) {
    blank = name.find(' ');
    out.push_back(name.substr(0, blank));
    if (blank != std::string_view::npos) name.remove_prefix(blank + 1);
  }
  return out;
}

Result<Arguments> parse_arguments(std::span<const std::string> words) {
  const CommandSpec* spec = find_command(words);
  if (spec == nullptr) return fail(unknown_command(words));
  return Parser(*spec, words.subspan(name_words(spec->name).size())).run();
}

}  // namespace cmdai::cli
