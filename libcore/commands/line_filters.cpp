// sort, uniq, grep, head, cut …: they hand lines on, in another order, some of them or parts of them.
// coreutils 9.1, grep 3.8.
#include <algorithm>
#include <charconv>
#include <vector>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/digests.hpp"
#include "libcore/commands/secret_words.hpp"
#include "libcore/commands/text.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kSort[] = {{'k', "key", Arg::value},
                            {'t', "separator", Arg::value},
                            {'o', "output", Arg::value},
                            {'r', "reverse"},
                            {'u', "unique"},
                            {'n', "numeric"}};

constexpr Option kShuf[] = {{'n', "head-count", Arg::value},
                            {'i', "input-range", Arg::value},
                            {'o', "output", Arg::value},
                            {0, "random-source", Arg::value},
                            {'e', "echo"},
                            {'r', "repeat"},
                            {'z', "zero-terminated"}};

void sort(const Call& call, Sink& sink) {
  for (const Argument* operand : call.operands()) read_effect(sink, *operand);
  if (const Argument* out = call.value("output");
      (call.program() == "sort" || call.program() == "shuf") && out != nullptr)
    write_effect(sink, *out, Write::replace);
}

/// All lines, in whatever order: what is named by them is named still.
Value same_lines(const Call& call) { return file_output(call); }

constexpr Option kPaste[] = {{'d', "delimiters", Arg::value},
                             {'s', "serial"},
                             {'w', "width", Arg::value},
                             {'t', "table"},
                             {'z', "zero-terminated"}};

/// column(1) of util-linux 2.38.
constexpr Option kColumn[] = {{'t', "table"},
                              {'s', "separator", Arg::value},
                              {'o', "output-separator", Arg::value},
                              {'c', "output-width", Arg::value},
                              {'N', "table-columns", Arg::value},
                              {'R', "table-right", Arg::value},
                              {'H', "table-hide", Arg::value},
                              {'O', "table-order", Arg::value},
                              {'n', "table-name", Arg::value},
                              {'J', "json"},
                              {'x', "fillrows"}};

/// paste, fold …: of one line that is known, that line.
Value one_line_filter(const Call& call) {
  Value input = file_output(call);
  const auto text = input.text();
  if (text && std::count(text->begin(), text->end(), '\n') <= 1 && call.given().empty()) return input;
  return unknown_like(input);
}

constexpr Option kCut[] = {{'b', "bytes", Arg::value},
                           {'c', "characters", Arg::value},
                           {'d', "delimiter", Arg::value},
                           {'f', "fields", Arg::value},
                           {'s', "only-delimited"},
                           {'n', "n"},
                           {'z', "zero-terminated"},
                           {0, "complement"},
                           {0, "output-delimiter", Arg::value}};

void cut(const Call& call, Sink& sink) {
  // cut -d= -f1: the names, not what they are set to.
  const std::string delimiter = call.text("delimiter");
  if (call.text("fields") == "1" && (delimiter == "=" || delimiter == ":")) return;
  reads_operands(call, sink);
}

/// From and to, counted from 1; `to` 0: the end.
struct Span {
  size_t from = 1, to = 0;
};

/// 1,3-5,-2,7-: nullopt where that is no such list.
std::optional<std::vector<Span>> spans_in(std::string_view list) {
  std::vector<Span> out;
  while (!list.empty()) {
    const size_t end = std::min(list.find_first_of(", "), list.size());
    const std::string_view item = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    const size_t dash = item.find('-');
    const auto number = [](std::string_view digits, size_t otherwise) -> std::optional<size_t> {
      size_t value = 0;
      if (digits.empty()) return otherwise;
      const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (error != std::errc() || stop != digits.data() + digits.size() || value == 0) return std::nullopt;
      return value;
    };
    const auto from = number(item.substr(0, dash), 1);
    const auto to = dash == std::string_view::npos ? from : number(item.substr(dash + 1), 0);
    if (item.empty() || item == "-" || !from || !to) return std::nullopt;
    out.push_back({*from, *to});
  }
  return out;
}

bool picks(const std::vector<Span>& spans, size_t place) {
  return std::any_of(spans.begin(), spans.end(), [place](const Span& span) {
    return place >= span.from && (span.to == 0 || place <= span.to);
  });
}

std::string cut_bytes(std::string_view line, const std::vector<Span>& spans) {
  std::string out;
  for (size_t i = 0; i < line.size(); ++i)
    if (picks(spans, i + 1)) out += line[i];
  return out;
}

/// A line without the delimiter stays whole.
std::string cut_fields(std::string_view line, const std::vector<Span>& spans, char delimiter) {
  if (line.find(delimiter) == std::string_view::npos) return std::string(line);
  std::string out;
  bool first = true;
  for (size_t place = 1, at = 0; at <= line.size(); ++place) {
    const size_t end = std::min(line.find(delimiter, at), line.size());
    if (picks(spans, place)) {
      if (!first) out += delimiter;
      out += line.substr(at, end - at);
      first = false;
    }
    at = end + 1;
  }
  return out;
}

Value cut_output(const Call& call) {
  constexpr size_t kLongest = 65536;
  constexpr size_t kMostSpans = 64;
  const Value input = file_output(call);
  const auto text = input.text();
  const bool fields = call.has("fields");
  const std::string delimiter = call.has("delimiter") ? call.text("delimiter") : "\t";
  const Argument* list = call.value(fields ? "fields" : call.has("bytes") ? "bytes" : "characters");
  const auto spans = list != nullptr && list->value.is_exact() ? spans_in(*list->value.text()) : std::nullopt;
  const bool plain = !call.any("complement only-delimited zero-terminated output-delimiter");
  if (!text || text->size() > kLongest || !spans || spans->size() > kMostSpans || !plain ||
      delimiter.size() != 1)
    return unknown_like(input);
  std::string out;
  for (size_t at = 0; at < text->size();) {
    const size_t end = std::min(text->find('\n', at), text->size());
    const std::string_view line = std::string_view(*text).substr(at, end - at);
    out += (fields ? cut_fields(line, *spans, delimiter[0]) : cut_bytes(line, *spans)) + '\n';
    at = end + 1;
  }
  return tainted(Value::exact(std::move(out)), input.taint);
}

constexpr Option kSum[] = {{'b', "binary"}, {'t', "text"},        {'c', "check"}, {'z', "zero"},
                           {0, "tag"},      {'w', "warn"},        {0, "quiet"},   {0, "status"},
                           {0, "strict"},   {0, "ignore-missing"}};

/// Of standard input: `DIGEST  -`.
Value digest_output(const Call& call) {
  if (!call.operands().empty() || call.any("check tag zero")) return unknown_like({});
  const Value input = file_output(call);
  const auto text = input.text();
  const auto digest = text ? hex_digest(call.program(), *text) : std::nullopt;
  return digest ? tainted(Value::exact(*digest + "  -\n"), input.taint) : unknown_like({});
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

/// ripgrep 13: -r is what is printed in place of what fits.
constexpr Option kRipgrep[] = {{'e', "regexp", Arg::value},
                               {'f', "file", Arg::value},
                               {'r', "replace", Arg::value},
                               {'i', "ignore-case"},
                               {'v', "invert"},
                               {'l', "files"},
                               {'c', "count"},
                               {'o', "only"},
                               {'q', "quiet"},
                               {'A', "after", Arg::value},
                               {'B', "before", Arg::value},
                               {'C', "context", Arg::value},
                               {'m', "max", Arg::value},
                               {'g', "glob", Arg::value},
                               {0, "iglob", Arg::value},
                               {'t', "type", Arg::value},
                               {'T', "type-not", Arg::value},
                               {'j', "threads", Arg::value},
                               {'M', "max-columns", Arg::value},
                               {'E', "encoding", Arg::value},
                               {'d', "max-depth", Arg::value},
                               {0, "sort", Arg::value},
                               {0, "pre", Arg::value},
                               {0, "color", Arg::value}};

/// Where the files begin: the first operand is the pattern, unless -e or -f gives it.
size_t first_file(const Call& call) { return call.any("regexp file") ? 0 : 1; }

/// ~/.bash_history, .zsh_history, fish_history, .python_history.
bool is_shell_history(const std::string& path) {
  const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
  return name.ends_with("_history") || name == ".history" || name == ".histfile";
}

/// Whether the lines go into a file, and not to who asks.
bool is_kept(const Invocation& invocation) {
  return std::any_of(invocation.redirects.begin(), invocation.redirects.end(), [](const auto& r) {
    return r.op[0] != '<' && r.op != ">&" && (r.fd.empty() || r.fd == "1") &&
           r.target.with_holes_empty() != "/dev/null";
  });
}

/// Whether one of the patterns is a name for what nobody else should know.
bool searches(const Call& call, bool (*is_meant)(std::string_view)) {
  const std::vector<const Argument*> patterns = call.values("regexp");
  if (patterns.empty()) return is_meant(call.operand(0));
  return std::any_of(patterns.begin(), patterns.end(),
                     [=](const Argument* p) { return is_meant(p->value.with_holes_empty()); });
}

bool searches_credentials(const Call& call) { return searches(call, names_credentials); }

void collect(const Call& call, Sink& sink) {
  if (is_kept(call.invocation()) && searches_credentials(call))
    sink.add(Kind::reads_secret, "secret.dump").detail = "passwords in a history";
}

/// grep PATTERN FILE…: the first operand is no file. Nothing is shown of a file whose name or count of lines
/// is all that is asked for, or one plain setting.
void grep(const Call& call, Sink& sink) {
  const bool plain = !call.any("file invert after before context ignore-case") && picks_plain_settings(call);
  if (call.any("count quiet files files-without") || plain) return;
  for (size_t i = first_file(call); i < call.operands().size(); ++i) {
    const Argument& file = *call.operands()[i];
    read_effect(sink, file);
    if (is_shell_history(file.value.with_holes_empty())) collect(call, sink);
  }
  for (const resolve::Piece& p : call.invocation().input.data.pieces())  // cat ~/.bash_history | grep …
    if (p.hole && is_shell_history(p.text)) return collect(call, sink);
}

/// Lines that are picked out of what is known stay known, all of them: which ones a pattern fits is not
/// worked out. `grep -v` leaves most of them.
Value picked_lines(const Call& call) {
  Value input = file_output(call, first_file(call));
  for (size_t i = first_file(call); i < call.operands().size(); ++i)
    if (is_shell_history(call.operand(i)) && searches_credentials(call))
      input.taint = input.taint | Taint::secret;
  if (call.has("recursive") && searches(call, names_key)) input.taint = input.taint | Taint::secret;
  if (call.any("count quiet files files-without only line-number")) return unknown_like(input);
  return input.is_exact() || call.has("invert") ? input : unknown_like(input);
}

constexpr CommandSpec kLineFilterCommands[] = {
    {"shuf", kShuf, Order::permuted, sort, same_lines},
    {"sort uniq tac", kSort, Order::permuted, sort, same_lines},
    {"column", kColumn, Order::permuted, reads_operands, one_line_filter},
    {"paste fold fmt", kPaste, Order::permuted, reads_operands, one_line_filter},
    {"cut", kCut, Order::permuted, cut, cut_output},
    {"md5sum sha1sum sha256sum sha512sum", kSum, Order::permuted, nullptr, digest_output},
    {"head tail", kHead, Order::permuted, reads_operands, ends_of_lines},
    {"rg", kRipgrep, Order::permuted, grep, picked_lines},
    {"grep egrep fgrep ag ack zgrep", kGrep, Order::permuted, grep, picked_lines},
};

}  // namespace

std::span<const CommandSpec> line_filter_commands() { return kLineFilterCommands; }

}  // namespace cmdai::commands
