// fish 3.6: string(1), path(1), psub(1), complete(1).
#include "libcore/commands/fish_builtins.hpp"

#include <algorithm>
#include <charconv>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"

namespace cmdai::commands {
namespace {

using Texts = std::vector<std::string>;
constexpr size_t kLongest = 64 * 1024;  // of a text that is still told

/// What a subcommand works on: its words behind `skip`, or the lines of its input. nullopt: not known.
std::optional<Texts> subjects(const Call& call, size_t skip) {
  Texts out;
  for (size_t i = skip; i < call.operands().size(); ++i) {
    auto text = call.operands()[i]->value.text();
    if (!text || call.operands()[i]->value.has_glob()) return std::nullopt;
    out.push_back(std::move(*text));
  }
  const resolve::Input& input = call.invocation().input;
  if (!out.empty() || input.kind != resolve::Input::Kind::pipe) return out;
  const auto text = input.data.text();
  if (!text) return std::nullopt;
  for (size_t at = 0; at < text->size();) {
    const size_t end = std::min(text->find('\n', at), text->size());
    out.push_back(text->substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::optional<int> number(std::string_view text) {
  int out = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
  return end.ec == std::errc() && end.ptr == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

std::string joined(const Texts& texts, std::string_view separator) {
  std::string out;
  for (size_t i = 0; i < texts.size(); ++i)
    out += (i > 0 ? std::string(separator) : std::string()) + texts[i];
  return out;
}

std::string replaced(const std::string& text, const std::string& from, const std::string& to, bool all) {
  std::string out;
  size_t at = 0;
  while (!from.empty() && out.size() < kLongest) {
    const size_t found = text.find(from, at);
    if (found == std::string::npos) break;
    out.append(text, at, found - at).append(to);
    at = found + from.size();
    if (!all) break;
  }
  return out.append(text, at);
}

std::string trimmed(const std::string& text, const std::string& chars, bool left, bool right) {
  size_t begin = 0, end = text.size();
  while (left && begin < end && chars.find(text[begin]) != std::string::npos) ++begin;
  while (right && end > begin && chars.find(text[end - 1]) != std::string::npos) --end;
  return text.substr(begin, end - begin);
}

/// string sub: from `start` (1 is the first; below 0 from the end), `length` bytes or up to `end`.
std::optional<std::string> part(const Call& call, const std::string& text) {
  const auto size = static_cast<int>(text.size());
  int from = 0, to = size;
  if (call.has("start")) {
    const auto start = number(call.text("start"));
    if (!start) return std::nullopt;
    from = *start < 0 ? std::max(0, size + *start) : std::min(size, std::max(0, *start - 1));
  }
  if (call.has("length")) {
    const auto length = number(call.text("length"));
    if (!length) return std::nullopt;
    to = std::min(size, from + std::max(0, *length));
  } else if (call.has("end")) {
    const auto end = number(call.text("end"));
    if (!end) return std::nullopt;
    to = *end < 0 ? size + *end : std::min(size, *end);
  }
  return from < to ? text.substr(static_cast<size_t>(from), static_cast<size_t>(to - from)) : std::string();
}

std::string unescaped(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size())
      out += text[++i];
    else if (text[i] != '\'' && text[i] != '"')
      out += text[i];
  }
  return out;
}

std::string url_decoded(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* from = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(from, from + 2, byte, 16).ptr == from + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

constexpr Option kString[] = {{'a', "all"},
                              {'r', "regex"},
                              {'f', "filter"},
                              {'i', "ignore-case"},
                              {'q', "quiet"},
                              {'n', "no-empty"},
                              {'N', "no-trim-newlines"},
                              {'v', "invert"},
                              {'g', "groups-only"},
                              {'V', "visible"},
                              {0, "allow-empty"},
                              {'s', "start", Arg::value},
                              {'l', "length", Arg::value},
                              {'e', "end", Arg::value},
                              {'c', "chars", Arg::value},
                              {'m', "max", Arg::value},
                              {'w', "width", Arg::value},
                              {0, "style", Arg::value}};
/// -l, -r and -n are other options there.
constexpr Option kTrim[] = {{'l', "left"}, {'r', "right"}, {'c', "chars", Arg::value}, {'q', "quiet"}};
constexpr Option kRepeat[] = {
    {'n', "count", Arg::value}, {'m', "max", Arg::value}, {'N', "no-newline"}, {'q', "quiet"}};
constexpr Option kSplit[] = {
    {'n', "no-empty"},           {'r', "right"},      {'q', "quiet"}, {'m', "max", Arg::value},
    {'f', "fields", Arg::value}, {'a', "allow-empty"}};

/// The result as lines; nullopt: not told.
std::optional<Texts> string_lines(const Call& plain) {
  const std::string verb = plain.argv().size() > 1 ? plain.argv()[1].value.with_holes_empty() : "";
  const bool trims = verb == "trim", repeats = verb == "repeat", splits = verb.starts_with("split");
  const std::span<const Option> options = trims     ? std::span<const Option>(kTrim)
                                          : repeats ? std::span<const Option>(kRepeat)
                                          : splits  ? std::span<const Option>(kSplit)
                                                    : std::span<const Option>(kString);
  const Call call(plain.invocation(), options, Order::permuted, 2);
  if (call.has("quiet")) return Texts{};
  if (call.any("regex max fields invert")) return std::nullopt;
  const size_t patterns = verb == "replace" ? 2 : verb == "join" || verb == "split" ? 1 : 0;
  auto texts = subjects(call, patterns);
  if (!texts || call.operands().size() < patterns) return std::nullopt;
  const std::string first = call.operand(0), second = call.operand(1);
  if (verb == "join") return Texts{joined(*texts, first)};
  if (verb == "collect") return Texts{joined(*texts, "\n")};
  Texts out;
  for (const std::string& text : *texts) {
    if (verb == "replace") {
      out.push_back(replaced(text, first, second, call.has("all")));
    } else if (verb == "lower") {
      out.push_back(lower(text));
    } else if (verb == "upper") {
      out.push_back(upper(text));
    } else if (trims) {
      const bool one_side = call.any("left right");
      out.push_back(trimmed(text, call.has("chars") ? call.text("chars") : " \t\n\r\f\v",
                            !one_side || call.has("left"), !one_side || call.has("right")));
    } else if (verb == "sub") {
      auto piece = part(call, text);
      if (!piece) return std::nullopt;
      out.push_back(std::move(*piece));
    } else if (verb == "unescape") {
      out.push_back(call.text("style") == "url" ? url_decoded(text) : unescaped(text));
    } else if (verb == "split") {
      for (size_t at = 0; at <= text.size();) {
        const size_t end = first.empty() ? at + 1 : std::min(text.find(first, at), text.size());
        out.push_back(text.substr(at, end - at));
        at = end + first.size() + (first.empty() && end >= text.size() ? 1 : 0);
      }
    } else if (repeats) {
      const auto count = number(call.text("count"));
      constexpr int kMost = 64;
      if (!count || *count < 1 || *count > kMost || text.size() * kMost > kLongest) return std::nullopt;
      std::string all;
      for (int i = 0; i < *count; ++i) all += text;
      out.push_back(std::move(all));
    } else if (verb == "escape" || verb == "pad" || verb == "shorten") {
      out.push_back(text);  // as good as the same
    } else {
      return std::nullopt;
    }
  }
  return out;
}

/// With the taint of what it worked on.
Value told(const Call& call, const std::optional<Texts>& lines) {
  Value out = lines ? Value::exact(joined(*lines, "\n")) : Value::unknown(resolve::HoleKind::output);
  if (lines && !lines->empty()) out.append_literal("\n", false);
  out.taint = call.invocation().input.data.taint;
  for (const Argument& word : call.argv()) out.taint = out.taint | word.value.taint;
  return bounded(std::move(out));
}
Value string_output(const Call& call) { return told(call, string_lines(call)); }

/// resolve, normalize, filter, sort and dirname name files of those they are given, or the place they are in.
Value path_output(const Call& call) {
  static constexpr std::string_view kSame[] = {"resolve", "normalize", "filter", "sort"};
  const std::string verb = call.operand(0);
  auto texts = subjects(call, 1);
  if (!texts || (!among(kSame, verb) && verb != "dirname")) return told(call, std::nullopt);
  for (std::string& text : *texts) {
    if (verb != "dirname") continue;
    const size_t slash = text.find_last_not_of('/') == std::string::npos
                             ? std::string::npos
                             : text.rfind('/', text.find_last_not_of('/'));
    text = slash == std::string::npos ? text.starts_with('/') ? "/" : "."
                                      : text.substr(0, std::max<size_t>(slash, 1));
  }
  return told(call, texts);
}
constexpr Option kPath[] = {{'d', "dirs"},
                            {'f', "files"},
                            {'l', "links"},
                            {'r', "readable"},
                            {'w', "write"},
                            {'x', "exec"},
                            {'t', "type", Arg::value},
                            {'p', "perm", Arg::value},
                            {'v', "invert"},
                            {'q', "quiet"},
                            {'z', "null-in"},
                            {'Z', "null-out"},
                            {'u', "unique"},
                            {0, "key", Arg::value}};

/// A file of its own for what it reads; named by the place where it stands.
Value substituted_file(const Call& call) {
  return Value::exact("/tmp/.psub." + std::to_string(call.invocation().place.source) + '.' +
                      std::to_string(call.invocation().place.range.begin));
}
void psub(const Call& call, Sink& sink) {
  sink.note_file(substituted_file(call), call.invocation().input.data, false);
}

constexpr Option kComplete[] = {{'c', "command", Arg::value},
                                {'p', "path", Arg::value},
                                {'e', "erase"},
                                {'s', "short-option", Arg::value},
                                {'l', "long-option", Arg::value},
                                {'o', "old-option", Arg::value},
                                {'a', "arguments", Arg::value},
                                {'k', "keep-order"},
                                {'f', "no-files"},
                                {'F', "force-files"},
                                {'r', "require-parameter"},
                                {'x', "exclusive"},
                                {'d', "description", Arg::value},
                                {'w', "wraps", Arg::value},
                                {'n', "condition", Arg::value},
                                {'C', "do-complete", Arg::optional}};

constexpr CommandSpec kFishCommands[] = {
    {"string", kString, Order::permuted, nullptr, string_output},
    {"path", kPath, Order::permuted, nullptr, path_output},
    {"psub", {}, Order::permuted, psub, substituted_file},
};

}  // namespace

void judge_fish_completion(const Invocation& invocation, Sink& sink) {
  const Call call(invocation, kComplete, Order::permuted);
  resolve::RunAs how = sink.as("complete");
  how.child_shell = true;
  for (const Argument* code : call.values("condition")) sink.run_code(*code, invocation.dialect, how);
  for (std::string_view option : {"arguments", "description"}) {
    for (const Argument* words : call.values(option)) {
      auto text = words->value.text();
      if (!text || text->find('(') == std::string::npos) continue;
      std::replace(text->begin(), text->end(), '\n', ' ');
      sink.run_code({Value::exact("echo " + *text), words->place, nullptr}, invocation.dialect, how);
    }
  }
}

std::span<const CommandSpec> fish_commands() { return kFishCommands; }

}  // namespace cmdai::commands
