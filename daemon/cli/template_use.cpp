// cmdai policy template use: a template becomes the user's config.toml, seen and agreed to before.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "daemon/cli/handlers.hpp"
#include "daemon/cli/policy_template.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/text_diff.hpp"
#include "daemon/host/policy_store.hpp"

namespace cmdai::cli {
namespace {

/// The old lines may hold anything; the screen gets none of it as it is.
std::string shown(std::string_view diff, bool color) {
  std::string out;
  while (!diff.empty()) {
    const size_t end = diff.find('\n');
    const std::string_view line = diff.substr(0, end);
    const char* code = line.starts_with('+')   ? "32"
                       : line.starts_with('-') ? "31"
                       : line.starts_with('@') ? "36"
                                               : "";
    const std::string text = explain::printable(line);
    out += color && *code != '\0' ? fmt::format("\x1b[{}m{}\x1b[0m\n", code, text) : text + '\n';
    diff.remove_prefix(end + 1);
  }
  return out;
}

std::string difference(const host::Paths& paths, const std::optional<std::string>& before,
                       std::string_view after, std::string_view name) {
  const std::string hunks = unified_diff(before.value_or(""), after);
  if (hunks.empty()) return {};
  return fmt::format("--- {}\n+++ template {}\n{}", before ? paths.settings() : "/dev/null", name,
                     shown(hunks, colors(STDOUT_FILENO)));
}

/// The exceptions in the old file end with it. Those in allow.toml go on.
void tell_of_exceptions(const host::Paths& paths, const std::optional<std::string>& before) {
  const auto old = policy::parse_settings({paths.settings(), before.value_or("")});
  if (!old || old->allow.empty()) return;
  talk(fmt::format("note: {} of your own in this file {}; allow.toml is not touched\n",
                   old->allow.size() == 1 ? "1 exception" : fmt::format("{} exceptions", old->allow.size()),
                   old->allow.size() == 1 ? "ends" : "end"));
}

/// Whether the whole policy would be taken with this configuration.
Result<void> check(const host::Paths& paths, std::string_view text) {
  const auto sources =
      host::read_sources_with(paths, policy::SourceFile{paths.settings(), std::string(text)});
  if (!sources) return fail(sources.error());
  const auto compiled = policy::Policy::compile(*sources);
  if (!compiled) return fail(compiled.error());
  return {};
}

bool agreed(const host::Paths& paths) {
  talk(fmt::format("Change {}? [y/N] ", paths.settings()));
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

int put_in_force(const host::Paths& paths, const std::optional<std::string>& before, std::string_view text,
                 const std::string& name) {
  const Result<std::string> backup = host::replace_settings(paths, before, std::string(text));
  if (!backup) return complain(backup.error(), kUsage);
  print(fmt::format("{} is the template {} now\n", paths.settings(), name));
  if (!backup->empty()) print(fmt::format("what it was: {}\n", *backup));
  print("a running daemon takes it up by itself; `cmdai rules list` shows what counts\n");
  return kDone;
}

}  // namespace

int run_template_use(const Arguments& a) {
  if (a.operands.size() != 1)
    return complain("name one template", "`cmdai policy template list` shows all of them", kUsage);
  const std::string& name = a.operands[0];
  const Result<std::string_view> text = find_template(name);
  if (!text) return complain(text.error(), kUsage);
  const host::Paths paths = host::paths_from_environment();
  const auto before = host::read_settings_text(paths);
  if (!before) return complain(before.error(), kUsage);
  if (auto fine = check(paths, *text); !fine) {
    complain(fine.error(), kUsage);
    return complain("nothing was changed: the policy would not be taken", "mend this file first", kUsage);
  }
  const bool asks = !a.has("dry-run") && !a.has("yes");
  const std::string diff = difference(paths, *before, *text, name);
  if (diff.empty()) return print(fmt::format("{} is this template already\n", paths.settings())), kDone;
  if (asks && (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1))
    return complain("nothing was changed: there is no terminal to ask at",
                    "look with `--dry-run`, then say `--yes`", kRefused);
  print(diff);
  tell_of_exceptions(paths, *before);
  if (a.has("dry-run")) return kDone;
  if (asks && !agreed(paths)) {
    talk("cmdai: nothing was changed\n");
    return kRefused;
  }
  return put_in_force(paths, *before, *text, name);
}

}  // namespace cmdai::cli
