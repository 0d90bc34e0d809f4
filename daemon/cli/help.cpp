#include "daemon/cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cmdai::cli {
namespace {

constexpr std::string_view kStatuses =
    "exit status:\n"
    "  0  allowed or warned about; done\n"
    "  1  refused (ask counts as refused: there is nobody to ask), or a check that did not pass\n"
    "  2  the command line, or a file it names, is wrong\n"
    "  3  no answer: no daemon, and none could be started\n";

std::string option_label(const OptionSpec& o) {
  std::string out =
      o.letter != 0 ? fmt::format("-{}, --{}", o.letter, o.name) : fmt::format("    --{}", o.name);
  if (!o.value.empty()) out += fmt::format(" {}", o.value);
  return out;
}

std::string usage_line(const CommandSpec& spec) {
  std::string out = fmt::format("cmdai {}", spec.name);
  if (!spec.options.empty()) out += " [OPTION…]";
  if (!spec.operands.empty()) out += fmt::format(" {}", spec.operands);
  return out;
}

std::string table(const std::vector<std::pair<std::string, std::string>>& rows) {
  size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.first.size());
  std::string out;
  for (const auto& [left, right] : rows) out += fmt::format("  {:<{}}  {}\n", left, width, right);
  return out;
}

}  // namespace

std::string overview() {
  std::string out =
      "cmdai: a guard for the command line. Before a command runs it says allow, warn, ask or block, and "
      "why.\n\n"
      "usage: cmdai COMMAND [OPTION…]\n\ncommands:\n";
  std::vector<std::pair<std::string, std::string>> rows;
  for (const CommandSpec& spec : commands())
    if (!spec.hidden) rows.emplace_back(spec.name, spec.summary);
  out += table(rows);
  out += "\nexamples:\n";
  out += table({{"cmdai shell", "try it: a guarded shell that changes no file of yours"},
                {"eval \"$(cmdai init bash)\"", "guard bash: the last line of ~/.bashrc"},
                {"cmdai explain 'rm -rf build ~'", "what a command would do"},
                {"cmdai doctor", "what is guarded, what is not, and how to mend it"}});
  out += fmt::format("\n`cmdai COMMAND --help` says more, with examples. Manual: cmdai(1).\n\n{}", kStatuses);
  return out;
}

std::string help_for(const CommandSpec& spec) {
  std::string out = fmt::format("{}\n\nusage: {}\n", spec.summary, usage_line(spec));
  if (!spec.details.empty()) out += fmt::format("\n{}\n", spec.details);
  std::vector<std::pair<std::string, std::string>> rows;
  for (const OptionSpec& o : spec.options) rows.emplace_back(option_label(o), o.help);
  rows.emplace_back("-h, --help", "say this");
  out += "\noptions:\n" + table(rows);
  rows.clear();
  for (const Example& e : spec.examples) rows.emplace_back(e.command, e.what);
  if (!rows.empty()) out += "\nexamples:\n" + table(rows);
  return out + fmt::format("\n{}", kStatuses);
}

std::string help_for_group(std::string_view group) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const CommandSpec& spec : commands())
    if (spec.name.starts_with(group) && spec.name.substr(group.size()).starts_with(' '))
      rows.emplace_back(spec.name, spec.summary);
  if (rows.empty()) return {};
  return fmt::format(
      "usage: cmdai {} COMMAND [OPTION…]\n\ncommands:\n{}\n`cmdai {} COMMAND --help` says more, with "
      "examples.\n",
      group, table(rows), group);
}

}  // namespace cmdai::cli
