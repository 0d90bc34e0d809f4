// cmdai(1), from the table. Macros: man(7).
#include <fmt/format.h>

#include "daemon/cli/help.hpp"

namespace cmdai::cli {
namespace {

/// Text as roff takes it: backslashes, leading dots and quotes escaped, hyphens kept as minus signs.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    line_start = c == '\n';
  }
  return out;
}

std::string option_item(const OptionSpec& o) {
  std::string label = o.letter != 0 ? fmt::format("\\fB\\-{}\\fR, \\fB\\-\\-{}\\fR", o.letter, roff(o.name))
                                    : fmt::format("\\fB\\-\\-{}\\fR", roff(o.name));
  if (!o.value.empty()) label += fmt::format(" \\fI{}\\fR", roff(o.value));
  return fmt::format(".TP\n{}\n{}\n", label, roff(o.help));
}

std::string section(const CommandSpec& spec) {
  std::string out = fmt::format(".SS cmdai {}{}{}\n{}.\n", roff(spec.name), spec.operands.empty() ? "" : " ",
                                roff(spec.operands), roff(spec.summary));
  if (!spec.details.empty()) out += fmt::format(".PP\n{}\n", roff(spec.details));
  for (const OptionSpec& o : spec.options) out += option_item(o);
  if (!spec.examples.empty()) out += ".PP\nExamples:\n";
  for (const Example& e : spec.examples)
    out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(e.command), roff(e.what));
  return out;
}

}  // namespace

std::string man_page() {
  std::string out = fmt::format(".TH CMDAI 1 \"\" \"cmdai {}\" \"User Commands\"\n", CMDAI_VERSION);
  out +=
      ".SH NAME\ncmdai \\- a guard for the command line\n.SH SYNOPSIS\n.B cmdai\n.I "
      "COMMAND\n[\\fIOPTION\\fR...]\n";
  out +=
      ".SH DESCRIPTION\nBefore a command runs, typed by a person or made by an AI agent, cmdai says allow, "
      "warn, ask or block, and why.\n"
      "Hooks in bash, zsh and fish ask a daemon, \\fBcmdaid\\fR(8), which is started on demand.\n";
  out += ".SH COMMANDS\n";
  for (const CommandSpec& spec : commands())
    if (!spec.hidden) out += section(spec);
  out +=
      ".SH EXIT STATUS\n.TP\n0\nallowed or warned about; done\n.TP\n1\nrefused (ask counts as refused), or a "
      "check that did not pass\n"
      ".TP\n2\nthe command line, or a file it names, is wrong\n.TP\n3\nno answer: no daemon, and none could "
      "be started\n";
  out +=
      ".SH ENVIRONMENT\n.TP\nCMDAI_SOCKET\nwhere the daemon listens, instead of "
      "$XDG_RUNTIME_DIR/cmdai/cmdaid.sock\n"
      ".TP\nCMDAI_DAEMON\nthe cmdaid program to start\n.TP\nCMDAI_ASK_SECONDS\nhow long a question waits for "
      "a key, 300 at most\n.TP\nCMDAI_PLAIN\nplaces in words instead of marks below a line, for a screen "
      "reader, when it is set to anything; so with TERM=dumb\n.TP\nNO_COLOR\nno colours, when it is set to "
      "anything\n";
  out +=
      ".SH FILES\n.TP\n~/.config/cmdai/config.toml\nyour "
      "configuration\n.TP\n~/.config/cmdai/config.toml.bak\\-N\nwhat \\fBcmdai policy template use\\fR "
      "replaced\n.TP\n~/.config/cmdai/allow.toml\nwhat \\fBcmdai allow \\-\\-always\\fR wrote\n"
      ".TP\n~/.config/cmdai/rules/*.toml\nyour own rule packs\n.TP\n~/.local/state/cmdai/events.jsonl\nthe "
      "record of decisions\n"
      ".TP\n\\&.cmdai.toml\na project's own rules, which may only tighten\n.SH SEE ALSO\n\\fBcmdaid\\fR(8)\n";
  return out;
}

}  // namespace cmdai::cli
