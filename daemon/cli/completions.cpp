// Completion scripts for three shells, from the table.
#include <fmt/format.h>

#include <map>
#include <set>

#include "daemon/cli/help.hpp"

namespace cmdai::cli {
namespace {

/// First words in order, each with the second words it takes.
std::vector<std::pair<std::string, std::vector<const CommandSpec*>>> groups() {
  std::vector<std::pair<std::string, std::vector<const CommandSpec*>>> out;
  for (const CommandSpec& spec : commands()) {
    if (spec.hidden) continue;
    const std::string first(spec.name.substr(0, spec.name.find(' ')));
    if (out.empty() || out.back().first != first) out.push_back({first, {}});
    out.back().second.push_back(&spec);
  }
  return out;
}

bool is_group(const std::vector<const CommandSpec*>& specs) {
  return specs.front()->name.find(' ') != std::string_view::npos;
}

std::string_view second_word(const CommandSpec& spec) { return spec.name.substr(spec.name.find(' ') + 1); }

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

std::vector<std::string> first_words() {
  std::vector<std::string> out;
  for (const auto& [first, specs] : groups()) out.push_back(first);
  return out;
}

std::vector<std::string> second_words(const std::vector<const CommandSpec*>& specs) {
  std::vector<std::string> out;
  for (const CommandSpec* spec : specs) out.emplace_back(second_word(*spec));
  return out;
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

std::string bash() {
  std::string cases;
  std::string values;
  std::vector<std::string> group_names;
  for (const auto& [first, specs] : groups()) {
    for (const CommandSpec* spec : specs) {
      cases += fmt::format("      '{}') words='{}' files={} ;;\n", spec->name, bash_words(*spec),
                           names_files(spec->operands) ? 1 : 0);
      values += bash_values(*spec);
    }
    if (!is_group(specs)) continue;
    group_names.push_back(first);
    cases += fmt::format("      '{}'|'{} '*) words='{}' ;;\n", first, first, join(second_words(specs), " "));
  }
  return fmt::format(R"(# bash completion for cmdai
_cmdai() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} words='' files=0
  local command=${{COMP_WORDS[1]-}}
  if (( COMP_CWORD == 1 )); then
    words='{} --help --version'
  else
    if (( COMP_CWORD > 2 )); then
      case $command in {}) command="$command ${{COMP_WORDS[2]}}" ;; esac
    fi
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
                     join(first_words(), " "), join(group_names, "|"), cases, values);
}

std::string zsh_words(const CommandSpec& spec) {
  std::string out = " '(-h --help)'{-h,--help}'[say more]'";
  for (const OptionSpec& o : spec.options) {
    if (o.hidden) continue;
    const std::string help = escaped(in_single_quotes(o.help), "[]:\\", "\\");
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

std::string zsh() {
  std::string firsts;
  std::string cases;
  for (const auto& [first, specs] : groups()) {
    const std::string summary = is_group(specs) ? "more commands" : std::string(specs.front()->summary);
    firsts += fmt::format("    '{}:{}'\n", first, escaped(in_single_quotes(summary), ":\\", "\\"));
    if (!is_group(specs)) {
      cases += fmt::format("    {}) _arguments{} ;;\n", first, zsh_words(*specs.front()));
      continue;
    }
    std::string inner;
    for (const CommandSpec* spec : specs)
      inner += fmt::format("        {}) shift words; (( CURRENT-- )); _arguments{} ;;\n", second_word(*spec),
                           zsh_words(*spec));
    cases += fmt::format(
        "    {}) if (( CURRENT == 2 )); then compadd -- {}; else case $words[2] in\n{}      esac; fi ;;\n",
        first, join(second_words(specs), " "), inner);
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
  for (const auto& [first, specs] : groups()) {
    const std::string summary = is_group(specs) ? "more commands" : std::string(specs.front()->summary);
    out += fmt::format("complete -c cmdai -n __cmdai_after -a {} -d {}\n", first, fish_quoted(summary));
    for (const CommandSpec* spec : specs) {
      if (is_group(specs))
        out += fmt::format("complete -c cmdai -n '__cmdai_after {}' -a {} -d {}\n", first, second_word(*spec),
                           fish_quoted(spec->summary));
      out += fish_command(*spec);
    }
  }
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
