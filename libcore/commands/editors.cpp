// Editors that run what their commands say: vim 9 and neovim 0.9 by -c, +COMMAND and on standard input, ex
// and ed on standard input.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/inline_code.hpp"
#include "libcore/commands/running.hpp"

namespace cmdai::commands {
namespace {

/// :python3 CODE, :lua CODE
struct Embedded {
  std::string_view command, program, option;
};
constexpr Embedded kEmbedded[] = {{"python3", "python3", "-c"}, {"py3", "python3", "-c"},
                                  {"python", "python3", "-c"},  {"py", "python3", "-c"},
                                  {"lua", "lua", "-e"},         {"perl", "perl", "-e"},
                                  {"ruby", "ruby", "-e"}};

/// Without colon, range and what only changes how a command shows itself.
std::string_view bare_command(std::string_view text) {
  static constexpr std::string_view kModifiers[] = {"silent", "sil", "noautocmd", "keepalt"};
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(": \t0123456789%,$.'<>+-"), text.size()));
    const size_t end = std::min(text.find_first_of(" !"), text.size());
    if (!among(kModifiers, text.substr(0, end))) return text;
    text.remove_prefix(end);
    if (text.starts_with("! ")) text.remove_prefix(1);  // silent! COMMAND, and not silent !CODE
    if (text.starts_with('!')) return text;
  }
}

/// :call system("CODE"), :let x = systemlist("CODE")
void judge_functions(std::string_view text, Sink& sink, resolve::Place place) {
  static constexpr std::string_view kRun[] = {"system",    "systemlist", "jobstart",
                                              "job_start", "termopen",   "term_start"};
  if (text.find('(') == std::string_view::npos) return;
  for (const CodeCall& call : scan_code(text, CodeStyle::python).calls)
    if (among(kRun, call.name) && call.first_is_string)
      run_line(sink, Value::exact(call.strings.front()), place);
}

void judge_ex(std::string_view whole, Sink& sink, resolve::Place place) {
  static constexpr std::string_view kFilters[] = {"r", "read", "w", "write"};
  static constexpr std::string_view kExecutes[] = {"exe", "exec", "execute"};
  static constexpr std::string_view kTerminals[] = {"term", "terminal"};
  const std::string_view text = bare_command(whole);
  if (text.starts_with('!')) return run_line(sink, Value::exact(std::string(text.substr(1))), place);
  const size_t end = std::min(text.find_first_of(" \t!"), text.size());
  const std::string_view verb = text.substr(0, end);
  const std::string_view rest = text.substr(std::min(text.find_first_not_of(" \t", end), text.size()));
  if (among(kFilters, verb) && rest.starts_with('!') && end < text.size() && text[end] != '!')
    return run_line(sink, Value::exact(std::string(rest.substr(1))), place);
  const size_t quote = rest.find_first_of("\"'");
  if (among(kExecutes, verb) && quote != std::string_view::npos)  // :execute "COMMAND"
    return judge_ex(rest.substr(quote + 1, rest.find(rest[quote], quote + 1) - quote - 1), sink, place);
  if (among(kTerminals, verb)) return run_line(sink, Value::exact(std::string(rest)), place);
  for (const Embedded& e : kEmbedded)
    if (verb == e.command) {
      sink.run({{Value::exact(std::string(e.program)), place, nullptr},
                {Value::exact(std::string(e.option)), place, nullptr},
                {Value::exact(std::string(rest)), place, nullptr}},
               sink.as(sink.invocation().program));
      return;
    }
  judge_functions(text, sink, place);
}

/// One command a line.
void judge_input(const Call& call, Sink& sink) {
  const std::string text = call.invocation().input.data.with_holes_empty();
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    judge_ex(std::string_view(text).substr(at, end - at), sink, call.invocation().place);
    at = end + 1;
  }
}

constexpr Option kVim[] = {{'c', "command", Arg::value},
                           {0, "cmd", Arg::value},
                           {'S', "source", Arg::value},
                           {'u', "rc", Arg::value},
                           {'i', "info", Arg::value},
                           {'T', "terminal", Arg::value},
                           {'n', "n"},
                           {'R', "readonly"},
                           {'e', "ex"},
                           {'E', "ex"},
                           {'s', "silent"},
                           {0, "headless"}};
void vim(const Call& call, Sink& sink) {
  for (std::string_view option : {"command", "cmd"})
    for (const Argument* command : call.values(option))
      judge_ex(command->value.with_holes_empty(), sink, command->place);
  for (const Argument* operand : call.operands())
    if (const std::string text = operand->value.with_holes_empty(); text.starts_with('+'))
      judge_ex(std::string_view(text).substr(1), sink, operand->place);
  if (call.has("ex") || call.program() == "ex") judge_input(call, sink);
}

constexpr Option kEd[] = {{'p', "prompt", Arg::value}, {'s', "quiet"}, {'v', "verbose"}, {'E', "extended"}};
void ed(const Call& call, Sink& sink) { judge_input(call, sink); }

constexpr CommandSpec kEditorCommands[] = {
    {"vim vi nvim ex view gvim vimdiff", kVim, Order::permuted, vim},
    {"ed", kEd, Order::permuted, ed},
};

}  // namespace

std::span<const CommandSpec> editor_commands() { return kEditorCommands; }

}  // namespace cmdai::commands
