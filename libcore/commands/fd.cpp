// fd: the paths it finds, and the command it runs on them.
#include <algorithm>
#include <optional>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/filling.hpp"

namespace cmdai::commands {
namespace {

// fd 8.6: fd [OPTION…] [PATTERN [PATH…]] [-x COMMAND…]
constexpr Option kFd[] = {{'x', "exec"},
                          {'X', "exec-batch"},
                          {'e', "extension", Arg::value},
                          {'t', "type", Arg::value},
                          {'H', "hidden"},
                          {'I', "no-ignore"},
                          {'u', "unrestricted"},
                          {'d', "max-depth", Arg::value},
                          {0, "min-depth", Arg::value},
                          {0, "exact-depth", Arg::value},
                          {'E', "exclude", Arg::value},
                          {'S', "size", Arg::value},
                          {'o', "owner", Arg::value},
                          {'c', "color", Arg::value},
                          {'j', "threads", Arg::value},
                          {0, "changed-within", Arg::value},
                          {0, "changed-before", Arg::value},
                          {0, "search-path", Arg::value},
                          {'C', "base-directory", Arg::value},
                          {'0', "print0"},
                          {'a', "absolute-path"},
                          {'l', "list-details"},
                          {'L', "follow"},
                          {'i', "ignore-case"},
                          {'s', "case-sensitive"},
                          {'g', "glob"},
                          {'F', "fixed-strings"},
                          {'p', "full-path"},
                          {0, "and", Arg::value},
                          {0, "format", Arg::value},
                          {0, "max-results", Arg::value},
                          {0, "batch-size", Arg::value},
                          {0, "path-separator", Arg::value},
                          {0, "ignore-file", Arg::value},
                          {0, "threads", Arg::value}};

bool takes_value(char letter, std::string_view name) {
  return std::any_of(std::begin(kFd), std::end(kFd), [&](const Option& o) {
    return o.arg == Arg::value && (letter != 0 ? o.letter == letter : o.name == name);
  });
}

/// Where the command of -x begins: its first word may be attached (`-xrm`, `--exec=rm`), and letters may
/// stand before it (`-Hx`).
struct Exec {
  size_t option = 0;  ///< index of the word that holds it
  std::optional<Argument> attached;
  bool batch = false;
};

std::optional<Exec> exec_of(const std::vector<Argument>& argv) {
  for (size_t i = 1; i < argv.size(); ++i) {
    const std::string word = argv[i].value.with_holes_empty();
    if (word == "--") return std::nullopt;
    if (word.size() < 2 || word[0] != '-') continue;
    const auto at = [&](size_t value_at, bool batch) {
      Exec found{i, std::nullopt, batch};
      if (value_at < word.size()) {
        found.attached = argv[i];
        found.attached->value = Value::exact(word.substr(value_at + (word[value_at] == '=' ? 1 : 0)));
      }
      return found;
    };
    if (word.starts_with("--")) {
      const std::string_view name = std::string_view(word).substr(2, word.find('=') - 2);
      if (name == "exec" || name == "exec-batch") return at(2 + name.size(), name != "exec");
      if (word.find('=') == std::string::npos && takes_value(0, name)) ++i;
      continue;
    }
    for (size_t k = 1; k < word.size(); ++k) {
      if (word[k] == 'x' || word[k] == 'X') return at(k + 1, word[k] == 'X');
      if (!takes_value(word[k], {})) continue;
      if (k + 1 == word.size()) ++i;
      break;
    }
  }
  return std::nullopt;
}

/// The paths fd would find: all below each place it looks in, or some of it.
struct Found {
  std::vector<Value> places;
  bool all = false;
};

Found found_by(const Call& call) {
  Found found;
  const auto& operands = call.operands();
  std::vector<const Argument*> places = call.values("search-path");
  for (size_t i = 1; i < operands.size(); ++i) places.push_back(operands[i]);
  const Argument* base = call.value("base-directory");
  for (const Argument* word : places) {
    Value place;
    if (base != nullptr && !word->value.prefix().starts_with('/')) {
      place = base->value;
      place.append_literal("/", false);
    }
    place.append(word->value);
    found.places.push_back(std::move(place));
  }
  if (found.places.empty()) found.places.push_back(base != nullptr ? base->value : Value::exact("."));
  const std::string pattern = call.operand(0);
  found.all = pattern.find_first_not_of(".*^$") == std::string::npos &&
              !call.any("extension max-depth exact-depth size owner changed-within changed-before and");
  return found;
}

Value below(Value place, bool all) {
  place.append_literal(all ? "/*" : "/…", all);
  return place;
}

/// {} the path, {//} the folder it is in, {/} {.} {/.} parts of its name.
std::vector<Argument> filled_by_fd(Sink& sink, std::vector<Argument> words, const Value& place,
                                   const Value& path) {
  words = filled(sink, std::move(words), "{}", path);
  words = filled(sink, std::move(words), "{//}", place);
  for (std::string_view mark : {"{/.}", "{/}", "{.}"})
    words = filled(sink, std::move(words), mark, Value::unknown(resolve::HoleKind::output, {}, false));
  return words;
}

void run(const std::vector<Argument>& command, const Found& found, Sink& sink, resolve::Place where) {
  const bool placed = std::any_of(command.begin(), command.end(), [](const Argument& a) {
    for (std::string_view mark : {"{}", "{/}", "{//}", "{.}", "{/.}"})
      if (mentions(a, mark)) return true;
    return false;
  });
  resolve::RunAs how = sink.as("fd");
  how.wrapper.repeats = true;
  for (const Value& place : found.places) {
    if (!sink.spend(sizeof(Argument) * (1 + command.size()))) return;
    const Value path = below(place, found.all);
    std::vector<Argument> inner = filled_by_fd(sink, command, place, path);
    if (!placed) inner.push_back({path, where, nullptr});
    sink.run(std::move(inner), how);
  }
}

/// The call without the command it runs: `fd [OPTION…] [PATTERN [PATH…]] [-x COMMAND… [\;]] …`
void fd(const Call& call, Sink& sink) {
  const auto& argv = call.argv();
  const std::optional<Exec> exec = exec_of(argv);
  if (!exec) return;
  std::vector<Argument> command;
  if (exec->attached) command.push_back(*exec->attached);
  size_t end = exec->option + 1;
  for (; end < argv.size() && argv[end].value.with_holes_empty() != ";"; ++end) command.push_back(argv[end]);
  Invocation search = call.invocation();
  search.argv.erase(search.argv.begin() + static_cast<std::ptrdiff_t>(exec->option),
                    search.argv.begin() + static_cast<std::ptrdiff_t>(std::min(end + 1, argv.size())));
  if (!command.empty())
    run(command, found_by(Call(search, kFd, Order::permuted)), sink, argv[exec->option].place);
}

Value fd_output(const Call& call) {
  const Found found = found_by(call);
  Value out;
  for (const Value& place : found.places) {
    out.append(below(place, found.all));
    out.append_literal(call.has("print0") ? std::string_view("\0", 1) : std::string_view("\n"), false);
  }
  out = bounded(std::move(out));
  out.append(Value::unknown(resolve::HoleKind::output));
  return out;
}

constexpr CommandSpec kFdCommands[] = {{"fd fdfind", kFd, Order::permuted, fd, fd_output}};

}  // namespace

std::span<const CommandSpec> fd_commands() { return kFdCommands; }

}  // namespace cmdai::commands
