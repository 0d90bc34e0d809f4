// Completion scripts for three shells, from the table.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "daemon/cli/arguments.hpp"
#include "daemon/cli/help.hpp"

namespace cmdai::cli {
namespace {

/// A word of the commands' names, with those that may follow it.
struct TypedWord {
  std::string word;                   ///< "list"
  std::string path;                   ///< "policy template list"
  const CommandSpec* spec = nullptr;  ///< the command, where the name ends
  std::vector<TypedWord> next;
};

/// All names as one tree, in the order of the table.
TypedWord tree() {
  TypedWord root;
  for (const CommandSpec& spec : commands()) {
    if (spec.hidden) continue;
    TypedWord* at = &root;
    for (const std::string_view word : name_words(spec.name)) {
      const auto same =
          std::find_if(at->next.begin(), at->next.end(), [&](const TypedWord& w) { return w.word == word; });
      if (same != at->next.end()) {
        at = &*same;
        continue;
      }
      at->next.push_back(
          {std::string(word), at->path + (at->path.empty() ? "" : " ") + std::string(word), nullptr, {}});
      at = &at->next.back();
    }
    at->spec = &spec;
  }
  return root;
}

std::string summary(const TypedWord& word) {
  return word.spec == nullptr ? "more commands" : std::string(word.spec->summary);
}

std::string escaped(std::string_view text, std::string_view characters, std::string_view with) {
  std::string out;
  for (const char c : text) {
    if (characters.find(c) != std::string_view::npos) out += with;
    out += c;
  }
  return out;
}

std::string in_single_quotes(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out;
}

std::string join(const std::vector<std::string>& words, std::string_view between) {
  return fmt::format("{}", fmt::join(words, between));
}

std::string following(const TypedWord& word) {
  std::vector<std::string> out;
  for (const TypedWord& next : word.next) out.push_back(next.word);
  return join(out, " ");
}

/// Whether an operand or a value is a file or folder.
bool names_files(std::string_view what) {
  return what.find("FILE") != std::string_view::npos || what.find("DIRECTORY") != std::string_view::npos ||
         what == "PATH";
}

std::string bash_words(const CommandSpec& spec) {
  std::string out;
  for (const OptionSpec& o : spec.options)
    if (!o.hidden) out += fmt::format("--{} ", o.name);
  return out + "--help" + (spec.choices.empty() ? "" : " " + std::string(spec.choices));
}

/// Rows of a `case "$command $previous"`: what follows an option.
std::string bash_values(const CommandSpec& spec) {
  std::string out;
  for (const OptionSpec& o : spec.options) {
    if (o.value.empty() || o.hidden) continue;
    const std::string short_form = o.letter != 0 ? fmt::format("|'{} -{}'", spec.name, o.letter) : "";
    out += fmt::format("      '{} --{}'{}) words='{}' files={} ;;\n", spec.name, o.name, short_form,
                       o.choices, names_files(o.value) ? 1 : 0);
  }
  return out;
}

struct BashCases {
  std::string commands;             ///< rows of a `case` over the command's name
  std::string values;               ///< what follows an option
  std::vector<std::string> groups;  ///< patterns: after these words another one belongs to the name
};

/// The rows of longer names come first: a group's row takes whatever begins with its name.
void bash_cases(const TypedWord& word, BashCases& out) {
  for (const TypedWord& next : word.next) bash_cases(next, out);
  if (word.spec != nullptr) {
    out.commands += fmt::format("      '{}') words='{}' files={} ;;\n", word.path, bash_words(*word.spec),
                                names_files(word.spec->operands) ? 1 : 0);
    out.values += bash_values(*word.spec);
  } else if (!word.path.empty()) {
    out.groups.push_back(fmt::format("'{}'", word.path));
    out.commands += fmt::format("      '{}'|'{} '*) words='{}' ;;\n", word.path, word.path, following(word));
  }
}

std::string bash() {
  const TypedWord root = tree();
  BashCases cases;
  bash_cases(root, cases);
  return fmt::format(R"(# bash completion for cmdai
_cmdai() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} words='' files=0
  local command=${{COMP_WORDS[1]-}} depth=1
  if (( COMP_CWORD == 1 )); then
    words='{} --help --version'
  else
    while (( COMP_CWORD > depth + 1 )); do
      case $command in {}) (( ++depth )); command="$command ${{COMP_WORDS[depth]}}" ;; *) break ;; esac
    done
    case $command in
{}    esac
    case "$command $previous" in
{}    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if (( files )) && [[ $current != -* ]]; then
    mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -f -- "$current")
  fi
  return 0
}}
complete -o filenames -F _cmdai cmdai
)",
                     following(root), join(cases.groups, "|"), cases.commands, cases.values);
}

std::string zsh_words(const CommandSpec& spec) {
  std::string out = " '(-h --help)'{-h,--help}'[say more]'";
  for (const OptionSpec& o : spec.options) {
    if (o.hidden) continue;
    const std::string help = in_single_quotes(escaped(o.help, "[]:\\", "\\"));
    const std::string action = !o.choices.empty()     ? fmt::format("({})", o.choices)
                               : names_files(o.value) ? "_files"
                                                      : "";
    const std::string value = o.value.empty() ? "" : fmt::format(":{}:{}", o.value, action);
    out += o.letter == 0
               ? fmt::format(" '--{}[{}]{}'", o.name, help, value)
               : fmt::format(" '(-{0} --{1})'{{-{0},--{1}}}'[{2}]{3}'", o.letter, o.name, help, value);
  }
  if (!spec.choices.empty()) return out + fmt::format(" '1:choice:({})'", spec.choices);
  return names_files(spec.operands) ? out + " '*:file:_files'" : out;
}

/// What to offer when `words[1]` is this word.
std::string zsh_offers(const TypedWord& word) {
  if (word.spec != nullptr) return "_arguments" + zsh_words(*word.spec);
  std::string cases;
  for (const TypedWord& next : word.next)
    cases += fmt::format("        {}) shift words; (( CURRENT-- )); {} ;;\n", next.word, zsh_offers(next));
  return fmt::format("if (( CURRENT == 2 )); then compadd -- {}; else case $words[2] in\n{}      esac; fi",
                     following(word), cases);
}

std::string zsh() {
  std::string firsts;
  std::string cases;
  for (const TypedWord& first : tree().next) {
    firsts +=
        fmt::format("    '{}:{}'\n", first.word, in_single_quotes(escaped(summary(first), ":\\", "\\")));
    cases += fmt::format("    {}) {} ;;\n", first.word, zsh_offers(first));
  }
  // Read twice in two ways: from fpath at the first Tab, or sourced by a person.
  return fmt::format(R"(#compdef cmdai
# zsh completion for cmdai
_cmdai() {{
  local -a cmdai_commands
  cmdai_commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command cmdai_commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
{}  esac
}}
if [[ $funcstack[1] == _cmdai ]]; then
  _cmdai "$@"
elif (( ${{+functions[compdef]}} )); then
  compdef _cmdai cmdai
fi
)",
                     firsts, cases);
}

std::string fish_quoted(std::string_view text) { return fmt::format("'{}'", escaped(text, "'\\", "\\")); }

std::string fish_command(const CommandSpec& spec) {
  const std::string condition = fmt::format("-n '__cmdai_is {}'", spec.name);
  std::string out;
  for (const OptionSpec& o : spec.options) {
    if (o.hidden) continue;
    out += fmt::format("complete -c cmdai {} -l {}", condition, o.name);
    if (o.letter != 0) out += fmt::format(" -s {}", o.letter);
    if (!o.value.empty()) out += names_files(o.value) ? " -r -F" : " -x";
    if (!o.choices.empty()) out += fmt::format(" -a '{}'", o.choices);
    out += fmt::format(" -d {}\n", fish_quoted(o.help));
  }
  if (!spec.choices.empty()) out += fmt::format("complete -c cmdai {} -a '{}'\n", condition, spec.choices);
  if (names_files(spec.operands)) out += fmt::format("complete -c cmdai {} -F\n", condition);
  return out;
}

/// What may follow each word.
void fish_words(const TypedWord& word, std::string& out) {
  for (const TypedWord& next : word.next) {
    const std::string condition =
        word.path.empty() ? "__cmdai_after" : fmt::format("'__cmdai_after {}'", word.path);
    out += fmt::format("complete -c cmdai -n {} -a {} -d {}\n", condition, next.word,
                       fish_quoted(summary(next)));
    if (next.spec != nullptr) out += fish_command(*next.spec);
    fish_words(next, out);
  }
}

std::string fish() {
  std::string out = R"(# fish completion for cmdai
function __cmdai_is -d 'the words before the cursor begin with this command'
    set -l words (commandline -opc)
    set -e words[1]
    set -l count (count $argv)
    test (count $words) -ge $count; and test "$words[1..$count]" = "$argv"
end
function __cmdai_after -d 'the words before the cursor are exactly these'
    set -l words (commandline -opc)
    set -e words[1]
    test "$words" = "$argv"
end
complete -c cmdai -f
complete -c cmdai -s h -l help -d 'say more'
)";
  fish_words(tree(), out);
  return out;
}

}  // namespace

std::string completions(std::string_view shell) {
  if (shell == "bash") return bash();
  if (shell == "zsh") return zsh();
  if (shell == "fish") return fish();
  return {};
}

}  // namespace cmdai::cli
