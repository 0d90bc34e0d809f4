// PowerShell 7: statements, words and the cmdlets that matter. Names and parameters are of any case, and
// parameters may be shortened.
#include "libcore/commands/powershell.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/critical_services.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

struct Statement {
  std::string_view text;
  std::vector<std::string> words;  ///< without their quotes
};

/// Ended by ; | a new line or a brace.
std::vector<Statement> read_statements(std::string_view code) {
  std::vector<Statement> out;
  Statement now;
  std::string word;
  size_t start = 0;
  bool in_word = false;
  const auto end_word = [&] {
    if (std::exchange(in_word, false)) now.words.push_back(std::exchange(word, {}));
  };
  for (size_t i = 0; i <= code.size(); ++i) {
    const char c = i < code.size() ? code[i] : ';';
    if (c == '\'' || c == '"') {
      const size_t close = std::min(code.find(c, i + 1), code.size());
      word += code.substr(i + 1, close - i - 1);
      in_word = true;
      i = close;
    } else if (c == ';' || c == '|' || c == '\n' || c == '{' || c == '}') {
      end_word();
      now.text = code.substr(start, i - start);
      if (!now.words.empty()) out.push_back(std::exchange(now, {}));
      start = i + 1;
    } else if (c == ' ' || c == '\t' || c == '&') {
      end_word();
    } else {
      word += c;
      in_word = true;
    }
  }
  return out;
}

/// Beginnings of parameters that are followed by a value which is no path.
bool takes_other_value(const std::string& parameter) {
  for (std::string_view name : {"-include", "-exclude", "-filter", "-erroraction", "-credential", "-stream"})
    if (parameter.size() > 2 && name.starts_with(parameter)) return true;
  return parameter == "-ea";
}

Value path_of(const std::string& word, Sink& sink) {
  for (std::string_view home :
       {"~", "$HOME", "$home", "$env:HOME", "$env:USERPROFILE", "${HOME}", "${env:HOME}"})
    if (word.starts_with(home) &&
        (word.size() == home.size() || word[home.size()] == '/' || word[home.size()] == '\\')) {
      Value out;
      std::string rest = word.substr(home.size());
      std::replace(rest.begin(), rest.end(), '\\', '/');
      out.append_literal(sink.home() + rest, true);
      return out;
    }
  if (word.starts_with('$')) return Value::unknown(resolve::HoleKind::variable, {}, false);
  Value out;
  out.append_literal(word, true);
  return out;
}

void remove_item(const Statement& s, Sink& sink, resolve::Place place) {
  bool recursive = false, force = false;
  std::vector<std::string> paths;
  for (size_t i = 1; i < s.words.size(); ++i) {
    const std::string word = lower(s.words[i]);
    if (word.size() > 1 && word[0] == '-') {
      recursive |= std::string_view("-recurse").starts_with(word) || word == "-rf" || word == "-fr";
      force |= word.size() > 2 && std::string_view("-force").starts_with(word);
      if (std::string_view("-whatif").starts_with(word) && word.size() > 2) return;
      if (takes_other_value(word)) ++i;
      continue;
    }
    for (size_t at = 0; at < s.words[i].size();) {  // a,b
      const size_t comma = std::min(s.words[i].find(',', at), s.words[i].size());
      if (comma > at) paths.push_back(s.words[i].substr(at, comma - at));
      at = comma + 1;
    }
  }
  for (const std::string& path : paths) {
    Effect& e = sink.on_path(Kind::deletes, "fs.delete", {path_of(path, sink), place, nullptr});
    e.recursive = recursive;
    e.force = force || recursive;
  }
}

/// Cmdlets that write to a path: by a parameter, or by the place of a word.
struct Writer {
  std::string_view names;
  std::string_view parameters;  ///< that say where to; the last component of PowerShell's own spelling
  size_t position;              ///< among the words that are no parameters
  Write how;
};
constexpr Writer kWriters[] = {{"out-file", "-filepath -literalpath -path", 0, Write::replace},
                               {"set-content", "-path -literalpath", 0, Write::replace},
                               {"add-content ac", "-path -literalpath", 0, Write::append},
                               {"clear-content clc", "-path -literalpath", 0, Write::replace},
                               {"tee-object", "-filepath -literalpath -path", 0, Write::replace},
                               {"export-csv epcsv export-clixml", "-path -literalpath", 0, Write::replace},
                               {"copy-item cpi copy", "-destination", 1, Write::replace},
                               {"move-item mi move", "-destination", 1, Write::replace}};

bool one_of(std::string_view names, std::string_view name) {
  return (' ' + std::string(names) + ' ').find(' ' + std::string(name) + ' ') != std::string::npos;
}

/// Parameters of these cmdlets that take no value.
bool is_switch(const std::string& parameter) {
  static constexpr std::string_view kSwitches[] = {"-append",    "-force",     "-noclobber",
                                                   "-nonewline", "-passthru",  "-recurse",
                                                   "-confirm",   "-container", "-asbytestream"};
  return parameter.size() > 2 && std::any_of(std::begin(kSwitches), std::end(kSwitches),
                                             [&](std::string_view s) { return s.starts_with(parameter); });
}

void write_item(const Statement& s, const Writer& writer, Sink& sink, resolve::Place place) {
  std::vector<std::string> plain;
  std::string path;
  bool append = false;
  for (size_t i = 1; i < s.words.size(); ++i) {
    const std::string word = lower(s.words[i]);
    if (word.size() < 2 || word[0] != '-') {
      plain.push_back(s.words[i]);
      continue;
    }
    if (word.size() > 2 && std::string_view("-whatif").starts_with(word)) return;
    append |= word.size() > 2 && std::string_view("-append").starts_with(word);
    if (is_switch(word) || i + 1 >= s.words.size()) continue;
    std::string_view names = writer.parameters;
    while (!names.empty()) {
      const size_t blank = std::min(names.find(' '), names.size());
      if (word.size() > 2 && names.substr(0, blank).starts_with(word)) path = s.words[i + 1];
      names.remove_prefix(std::min(blank + 1, names.size()));
    }
    ++i;
  }
  if (path.empty() && plain.size() > writer.position) path = plain[writer.position];
  if (!path.empty())
    write_effect(sink, {path_of(path, sink), place, nullptr}, append ? Write::append : writer.how);
}

/// > file, >> file, of any statement.
void judge_redirects(const Statement& s, Sink& sink, resolve::Place place) {
  for (size_t i = 0; i < s.words.size(); ++i) {
    const std::string& word = s.words[i];
    const size_t start = word.find_first_not_of("12*");
    if (start == std::string::npos || word[start] != '>') continue;
    const size_t name = std::min(word.find_first_not_of('>', start), word.size());
    const std::string path = name < word.size()       ? word.substr(name)
                             : i + 1 < s.words.size() ? s.words[i + 1]
                                                      : "";
    if (path.empty() || path == "$null" || path.starts_with('&')) continue;
    write_effect(sink, {path_of(path, sink), place, nullptr},
                 name - start > 1 ? Write::append : Write::replace);
  }
}

struct Cmdlet {
  std::string_view name;
  Kind kind;
  std::string_view tag;
};
constexpr Cmdlet kCmdlets[] = {{"stop-computer", Kind::stops_service, "sys.power"},
                               {"restart-computer", Kind::stops_service, "sys.power"},
                               {"clear-history", Kind::changes_config, "sys.history"},
                               {"clear-eventlog", Kind::changes_config, "sys.history"},
                               {"clear-disk", Kind::writes_device, "disk.wipe"},
                               {"format-volume", Kind::writes_device, "disk.mkfs"},
                               {"initialize-disk", Kind::writes_device, "disk.partition"}};

void judge_statement(const Statement& s, Sink& sink, resolve::Place place) {
  static constexpr std::string_view kRemoves[] = {"remove-item", "ri", "rm", "rmdir", "del", "erase", "rd"};
  const std::string name = lower(s.words.front());
  if (among(kRemoves, name)) return remove_item(s, sink, place);
  const bool known = find_command(name) != nullptr;
  if (!known) judge_redirects(s, sink, place);  // else the line is read as a shell's below
  for (const Writer& w : kWriters)
    if (one_of(w.names, name)) return write_item(s, w, sink, place);
  if (one_of("get-content gc type", name)) {
    for (size_t i = 1; i < s.words.size(); ++i)
      if (!s.words[i].starts_with('-')) read_effect(sink, {path_of(s.words[i], sink), place, nullptr});
    return;
  }
  for (const Cmdlet& c : kCmdlets)
    if (c.name == name) return sink.add(c.kind, c.tag, place), void();
  if (name == "stop-service" && s.words.size() > 1) {
    const std::string& unit = s.words.back();
    sink.on(Kind::stops_service, is_critical_service(unit) ? "service.stop-critical" : "service.stop",
            {Value::exact(unit), place, nullptr});
    return;
  }
  if (!known) return;
  resolve::RunAs how = sink.as(sink.invocation().program);
  how.child_shell = true;
  sink.run_shell(Value::exact(std::string(s.text)), *dialect_from_name("sh"), std::move(how), place);
}

}  // namespace

void judge_powershell(std::string_view code, Sink& sink, resolve::Place place) {
  for (const Statement& s : read_statements(code)) judge_statement(s, sink, place);
}

}  // namespace cmdai::commands
