// Tcl 8.6 and expect 5.45: commands, words, braces and brackets; exec, open |…, file delete, spawn, system.
#include "libcore/commands/tcl.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

constexpr int kDepth = 16;

class Reader {
 public:
  Reader(Sink& sink, resolve::Place place) : sink_(sink), place_(place) {}

  /// Every command of the code, those in braces and brackets too: bodies of if, while, proc, catch.
  void read(std::string_view code, int depth) {
    if (depth > kDepth || !sink_.spend(1 + code.size())) return;
    std::vector<Argument> words;
    const auto finish = [&] {
      if (!words.empty()) judge(std::exchange(words, {}));
    };
    for (size_t i = 0; i < code.size();) {
      const char c = code[i];
      if (c == '\n' || c == ';') {
        finish();
        ++i;
      } else if (std::string_view(" \t\r").find(c) != std::string_view::npos) {
        ++i;
      } else if (c == '#' && words.empty()) {
        i = std::min(code.find('\n', i), code.size());
      } else if (c == '{') {
        const size_t end = closing(code, i, '{', '}');
        const std::string_view inside = code.substr(i + 1, end - i - 1);
        words.push_back({Value::exact(std::string(inside)), place_, nullptr});
        read(inside, depth + 1);
        i = end + 1;
      } else if (c == '"') {
        size_t end = i + 1;
        while (end < code.size() && code[end] != '"') end += code[end] == '\\' ? 2 : 1;
        end = std::min(end, code.size());
        words.push_back(word(code.substr(i + 1, end - i - 1)));
        i = end + 1;
      } else if (c == '[') {
        const size_t end = closing(code, i, '[', ']');
        read(code.substr(i + 1, end - i - 1), depth + 1);
        words.push_back({Value::unknown(resolve::HoleKind::output, {}, false), place_, nullptr});
        i = end + 1;
      } else {
        const size_t end = std::min(code.find_first_of(" \t\r\n;[", i + 1), code.size());
        words.push_back(word(code.substr(i, end - i)));
        i = end;
      }
    }
    finish();
  }

  /// What comes over a socket is run, or what runs is tied to one.
  bool obeys_a_host() const { return dials_ && starts_unknown_; }

 private:
  static size_t closing(std::string_view code, size_t at, char open, char close) {
    for (int level = 0; at < code.size(); ++at) {
      if (code[at] == '\\')
        ++at;
      else if (code[at] == open)
        ++level;
      else if (code[at] == close && --level == 0)
        return at;
    }
    return code.size();
  }

  /// $env(HOME) is known, other variables are not. `~` is the home, as in a shell.
  Argument word(std::string_view text) const {
    static constexpr std::string_view kHome = "$env(HOME)";
    Value value;
    if (text.starts_with(kHome) || text == "~" || text.starts_with("~/")) {
      value.append_literal(sink_.home(), false);
      text.remove_prefix(text[0] == '~' ? 1 : kHome.size());
    }
    const size_t variable = std::min(text.find('$'), text.size());
    value.append_literal(text.substr(0, variable), false);
    if (variable < text.size()) value.append(Value::unknown(resolve::HoleKind::variable, {}, false));
    return {std::move(value), place_, nullptr};
  }

  void run(std::vector<Argument> argv) {
    while (!argv.empty() && argv.front().value.prefix().starts_with('-')) argv.erase(argv.begin());
    if (!argv.empty()) sink_.run(std::move(argv), sink_.as(sink_.invocation().program));
  }

  void run_line(const std::vector<Argument>& words) {
    Value line;
    for (const Argument& w : words) {
      line.append(w.value);
      line.append_literal(" ", false);
    }
    resolve::RunAs how = sink_.as(sink_.invocation().program);
    how.child_shell = true;
    sink_.run_shell(line, *dialect_from_name("sh"), std::move(how), place_);
  }

  void judge(std::vector<Argument> words) {
    const std::string name = words.front().value.with_holes_empty();
    const std::string second = words.size() > 1 ? words[1].value.with_holes_empty() : std::string();
    note(name, words);
    words.erase(words.begin());
    if (name == "exec" || name == "spawn") return run(std::move(words));
    if (name == "system") return run_line(words);
    if (name == "open" && second.starts_with('|'))
      return run_line({{Value::exact(second.substr(1)), place_, nullptr}});
    if (name != "file" || second != "delete") return;
    for (size_t i = 1; i < words.size(); ++i) {
      if (words[i].value.prefix().starts_with('-')) continue;
      Effect& e = sink_.on_path(Kind::deletes, "fs.delete", words[i]);
      e.recursive = e.force = second == "delete" && words[1].value.prefix() == "-force";
    }
  }

  /// socket HOST PORT; exec, open |… and eval of what is not known before it runs, or of a shell.
  void note(const std::string& name, const std::vector<Argument>& words) {
    dials_ |= name == "socket" && words.size() > 2;
    const bool opens_pipe = name == "open" && words.size() > 1 && words[1].value.prefix().starts_with('|');
    // set e "exec $c"; eval $e
    const bool composes = std::any_of(words.begin() + 1, words.end(), [](const Argument& w) {
      return w.value.prefix().starts_with("exec ") && !w.value.is_exact();
    });
    if (name != "exec" && name != "eval" && name != "spawn" && name != "uplevel" && !opens_pipe && !composes)
      return;
    starts_unknown_ |= std::any_of(words.begin() + 1, words.end(), [](const Argument& w) {
      const std::string whole = w.value.with_holes_empty();
      const std::string_view text = std::string_view(whole).substr(whole.starts_with('|') ? 1 : 0);
      return !w.value.is_exact() || dialect_from_name(text.substr(0, text.find(' '))).has_value();
    });
  }

  Sink& sink_;
  resolve::Place place_;
  bool dials_ = false, starts_unknown_ = false;
};

}  // namespace

void judge_tcl(std::string_view code, Sink& sink, resolve::Place place) {
  Reader reader(sink, place);
  reader.read(code, 0);
  if (reader.obeys_a_host()) sink.add(Kind::runs_remote_code, "net.reverse-shell", place);
}

}  // namespace cmdai::commands
