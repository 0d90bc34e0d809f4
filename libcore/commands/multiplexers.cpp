// Terminals within a terminal: their commands start programs and type into those that run. tmux 3.3, screen
// 4.9.
#include <algorithm>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/running.hpp"

namespace cmdai::commands {
namespace {

/// One word is a line for the shell; several are a program with its arguments.
void run_words(Sink& sink, std::vector<Argument> words) {
  if (words.size() == 1) return run_line(sink, words.front().value, words.front().place);
  if (!words.empty()) sink.run(std::move(words), sink.as(sink.invocation().program));
}

// tmux

enum class Does : uint8_t {
  runs,    ///< the operands are a program
  shell,   ///< the first operand is a line
  either,  ///< a line that decides which of two tmux commands follows
  types,   ///< keys
  nothing,
};
struct TmuxCommand {
  std::string_view name, alias;
  std::string_view values;  ///< letters of the options that take a value
  Does does;
};
constexpr TmuxCommand kTmuxCommands[] = {
    {"new-session", "new", "ceFfnstxy", Does::runs},
    {"new-window", "neww", "ceFnt", Does::runs},
    {"split-window", "splitw", "ceFlpt", Does::runs},
    {"respawn-pane", "respawnp", "cet", Does::runs},
    {"respawn-window", "respawnw", "cet", Does::runs},
    {"display-popup", "popup", "bcdehsStTwxy", Does::runs},
    {"run-shell", "run", "cdt", Does::shell},
    {"pipe-pane", "pipep", "t", Does::shell},
    {"if-shell", "if", "t", Does::either},
    {"send-keys", "send", "cNt", Does::types},
    {"display-message", "display", "cdFt", Does::nothing},
};

/// Names may be shortened as far as they stay clear.
const TmuxCommand* find_tmux(const std::string& word) {
  const TmuxCommand* found = nullptr;
  for (const TmuxCommand& c : kTmuxCommands) {
    if (word == c.alias || word == c.name) return &c;
    if (word.size() > 2 && c.name.starts_with(word)) found = &c;
  }
  return found;
}

std::vector<Option> with_values(std::string_view letters) {
  std::vector<Option> out;
  for (const char& letter : letters) out.push_back({letter, {&letter, 1}, Arg::value});
  return out;
}

/// Names of keys stand for what they type; -l: every word is typed as it is.
void type_keys(const Call& call, Sink& sink) {
  if (call.any("X K M")) return;  // in copy mode, or the mouse
  static constexpr std::string_view kReturns[] = {"Enter", "C-m", "C-j", "KPEnter"};
  const bool literal = call.has("l");
  Value typed;
  for (const Argument* key : call.operands()) {
    const std::string name = key->value.with_holes_empty();
    if (!literal && among(kReturns, name))
      typed.append_literal("\n", false);
    else if (!literal && name == "Space")
      typed.append_literal(" ", false);
    else
      typed.append(key->value);
  }
  if (!call.operands().empty()) run_line(sink, typed, call.operands().front()->place);
}

/// The tmux command in a word of its own, as if-shell and bind-key take it: words between blanks and quotes.
void run_tmux_text(const Argument& text, Sink& sink) {
  Value line = Value::exact("tmux ");
  line.append(text.value);
  run_line(sink, line, text.place);
}

void run_tmux(std::vector<Argument> words, Sink& sink) {
  if (words.empty()) return;
  const TmuxCommand* command = find_tmux(words.front().value.with_holes_empty());
  if (command == nullptr) return;
  const std::vector<Option> options = with_values(command->values);
  Invocation part;
  part.argv = std::move(words);
  const Call call(part, options, Order::leading);
  switch (command->does) {
    case Does::runs: return run_words(sink, call.rest());
    case Does::shell:
      if (call.has("C") && !call.operands().empty()) return run_tmux_text(*call.operands().front(), sink);
      if (!call.operands().empty())
        run_line(sink, call.operands().front()->value, call.operands().front()->place);
      return;
    case Does::either:
      for (size_t i = 0; i < call.operands().size(); ++i) {
        const Argument& word = *call.operands()[i];
        if (i > 0)
          run_tmux_text(word, sink);
        else if (!call.has("F"))
          run_line(sink, word.value, word.place);
      }
      return;
    case Does::types: return type_keys(call, sink);
    case Does::nothing: return;
  }
}

constexpr Option kTmux[] = {{'c', "shell-command", Arg::value},
                            {'f', "file", Arg::value},
                            {'L', "socket-name", Arg::value},
                            {'S', "socket-path", Arg::value},
                            {'T', "features", Arg::value}};
/// tmux COMMAND [; COMMAND]…
void tmux(const Call& call, Sink& sink) {
  if (const Argument* code = call.value("shell-command")) run_line(sink, code->value, code->place);
  std::vector<Argument> words;
  for (Argument& word : call.rest()) {
    if (word.value.with_holes_empty() == ";")
      run_tmux(std::exchange(words, {}), sink);
    else
      words.push_back(std::move(word));
  }
  run_tmux(std::move(words), sink);
}

// screen

constexpr Option kScreen[] = {{'d', "d"},
                              {'m', "m"},
                              {'S', "session", Arg::value},
                              {'X', "X"},
                              {'r', "r", Arg::optional},
                              {'p', "p", Arg::value},
                              {'L', "L"},
                              {'c', "config", Arg::value},
                              {'t', "title", Arg::value},
                              {'T', "term", Arg::value},
                              {'s', "shell", Arg::value},
                              {'h', "scrollback", Arg::value},
                              {'D', "D"},
                              {'x', "x"},
                              {'l', "l"}};

/// What `stuff` types: \n, \r, \015 and ^M are the return key.
Value stuffed(const Value& text) {
  const std::string typed = text.with_holes_empty();
  std::string out;
  for (size_t at = 0; at < typed.size();) {
    size_t key = 0;
    for (std::string_view name : {"\r", "\\n", "\\r", "\\015", "\\012", "^M", "^J"})
      if (std::string_view(typed).substr(at).starts_with(name)) key = name.size();
    out += key != 0 ? '\n' : typed[at];
    at += std::max<size_t>(key, 1);
  }
  return Value::exact(std::move(out));
}

/// screen PROGRAM; screen -X COMMAND: to one that runs.
void screen(const Call& call, Sink& sink) {
  if (!call.has("X")) return run_rest(call, sink, 0);
  const std::string command = call.operand(0);
  if (command == "stuff" && call.operands().size() > 1)
    run_line(sink, stuffed(call.operands()[1]->value), call.operands()[1]->place);
  else if (command == "exec" || command == "screen")
    sink.run(call.rest(1), sink.as("screen"));
}

constexpr CommandSpec kMultiplexerCommands[] = {
    {"tmux", kTmux, Order::leading, tmux},
    {"screen", kScreen, Order::leading, screen},
};

}  // namespace

std::span<const CommandSpec> multiplexer_commands() { return kMultiplexerCommands; }

}  // namespace cmdai::commands
