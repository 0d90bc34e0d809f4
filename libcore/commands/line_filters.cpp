// sort, uniq, grep, head …: they hand lines on, in another order or some of them. coreutils 9.1, grep 3.8.
#include <algorithm>
#include <charconv>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/secret_words.hpp"
#include "libcore/commands/text.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kSort[] = {{'k', "key", Arg::value},
                            {'t', "separator", Arg::value},
                            {'o', "output", Arg::value},
                            {'d', "delimiter", Arg::value},
                            {'f', "fields", Arg::value},
                            {'c', "characters", Arg::value},
                            {'r', "reverse"},
                            {'u', "unique"},
                            {'n', "numeric"}};

void sort(const Call& call, Sink& sink) {
  // cut -d= -f1: the names, not what they are set to.
  const std::string delimiter = call.text("delimiter");
  if (call.program() == "cut" && call.text("fields") == "1" && (delimiter == "=" || delimiter == ":")) return;
  for (const Argument* operand : call.operands()) read_effect(sink, *operand);
  if (const Argument* out = call.value("output");
      (call.program() == "sort" || call.program() == "shuf") && out != nullptr)
    write_effect(sink, *out, Write::replace);
}

/// All lines, in whatever order: what is named by them is named still.
Value same_lines(const Call& call) { return file_output(call); }

/// cut, paste, fold …: of one line that is known, that line.
Value one_line_filter(const Call& call) {
  Value input = file_output(call);
  const auto text = input.text();
  if (text && std::count(text->begin(), text->end(), '\n') <= 1 && call.given().empty()) return input;
  return unknown_like(input);
}

constexpr Option kHead[] = {{'n', "lines", Arg::value},
                            {'c', "bytes", Arg::value},
                            {'q', "quiet"},
                            {'v', "verbose"},
                            {'z', "zero-terminated"},
                            {'f', "follow"},
                            {'F', "retry"},
                            {'s', "sleep", Arg::value},
                            {0, "pid", Arg::value},
                            {0, "help"},
                            {0, "version"}};

/// The count given by -n 3, -n3, -3; 10 when none is.
std::string count_of(const Call& call) {
  if (call.has("lines")) return call.text("lines");
  for (const Argument& word : call.argv()) {
    const std::string text = word.value.with_holes_empty();
    if (text.size() > 1 && text[0] == '-' && text.find_first_not_of("0123456789", 1) == std::string::npos)
      return text.substr(1);
  }
  return "10";
}

/// Of a text that is known, the lines; a count in another form (-n -3, bytes) leaves it whole.
Value ends_of_lines(const Call& call) {
  Value input = file_output(call);
  const auto text = input.text();
  if (!text) return unknown_like(input);
  std::string count = count_of(call);
  const bool from = call.program() == "tail" && count.starts_with('+');
  if (from) count.erase(0, 1);
  size_t n = 0;
  const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), n);
  if (error != std::errc() || end != count.data() + count.size() || call.has("bytes")) return input;
  const size_t lines =
      static_cast<size_t>(std::count(text->begin(), text->end(), '\n')) + (text->ends_with('\n') ? 0 : 1);
  size_t skip = 0;
  if (from) skip = n == 0 ? 0 : n - 1;
  if (!from && call.program() == "tail") skip = lines > n ? lines - n : 0;
  size_t begin = 0;
  for (size_t i = 0; i < skip && begin < text->size(); ++i)
    begin = std::min(text->find('\n', begin), text->size() - 1) + 1;
  size_t stop = text->size();
  if (call.program() == "head") {
    stop = 0;
    for (size_t i = 0; i < n && stop < text->size(); ++i)
      stop = std::min(text->find('\n', stop), text->size() - 1) + 1;
  }
  return tainted(Value::exact(text->substr(begin, stop - std::min(begin, stop))), input.taint);
}

constexpr Option kGrep[] = {{'e', "regexp", Arg::value},
                            {'f', "file", Arg::value},
                            {'r', "recursive"},
                            {'R', "recursive"},
                            {'i', "ignore-case"},
                            {'n', "line-number"},
                            {'v', "invert"},
                            {'l', "files"},
                            {'L', "files-without"},
                            {'c', "count"},
                            {'o', "only"},
                            {'q', "quiet"},
                            {'w', "word"},
                            {'E', "extended"},
                            {'F', "fixed"},
                            {'P', "perl"},
                            {'A', "after", Arg::value},
                            {'B', "before", Arg::value},
                            {'C', "context", Arg::value},
                            {'m', "max", Arg::value},
                            {'h', "no-filename"},
                            {'H', "with-filename"},
                            {'s', "no-messages"},
                            {'a', "text"},
                            {'x', "line-regexp"},
                            {'z', "null"},
                            {0, "include", Arg::value},
                            {0, "exclude", Arg::value},
                            {0, "exclude-dir", Arg::value},
                            {0, "color", Arg::optional}};

/// Where the files begin: the first operand is the pattern, unless -e or -f gives it.
size_t first_file(const Call& call) { return call.any("regexp file") ? 0 : 1; }

/// grep PATTERN FILE…: the first operand is no file. Nothing is shown of a file whose name or count of lines
/// is all that is asked for, or one plain setting.
void grep(const Call& call, Sink& sink) {
  const std::string pattern = call.any("regexp") ? call.text("regexp") : call.operand(0);
  const bool plain =
      !call.any("file invert after before context ignore-case") && picks_plain_setting(pattern);
  if (call.any("count quiet files files-without") || plain) return;
  for (size_t i = first_file(call); i < call.operands().size(); ++i) read_effect(sink, *call.operands()[i]);
}

/// Lines that are picked out of what is known stay known, all of them: which ones a pattern fits is not
/// worked out. `grep -v` leaves most of them.
Value picked_lines(const Call& call) {
  Value input = file_output(call, first_file(call));
  if (call.any("count quiet files files-without only line-number")) return unknown_like(input);
  return input.is_exact() || call.has("invert") ? input : unknown_like(input);
}

constexpr CommandSpec kCommands[] = {
    {"sort uniq tac shuf", kSort, Order::permuted, sort, same_lines},
    {"cut paste fold fmt column", kSort, Order::permuted, sort, one_line_filter},
    {"head tail", kHead, Order::permuted, reads_operands, ends_of_lines},
    {"grep egrep fgrep rg ag ack zgrep", kGrep, Order::permuted, grep, picked_lines},
};

}  // namespace

std::span<const CommandSpec> line_filter_commands() { return kCommands; }

}  // namespace cmdai::commands
