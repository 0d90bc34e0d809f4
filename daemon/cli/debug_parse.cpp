#include "daemon/cli/debug_parse.hpp"

#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <unordered_map>

#include "libcore/base/dialect.hpp"
#include "libcore/resolve/words.hpp"
#include "libcore/syntax/parse.hpp"

namespace cmdai::cli {
namespace {

using nlohmann::json;
using syntax::Command;
using syntax::CommandKind;
using syntax::Part;
using syntax::PartKind;
using syntax::Script;
using syntax::Word;

constexpr size_t kMostWords = 4096;

std::string_view kind_name(CommandKind kind) {
  switch (kind) {
    case CommandKind::simple: return "simple";
    case CommandKind::group: return "{";
    case CommandKind::subshell: return "(";
    case CommandKind::if_: return "if";
    case CommandKind::while_: return "while";
    case CommandKind::until: return "until";
    case CommandKind::for_:
    case CommandKind::c_for: return "for";
    case CommandKind::select: return "select";
    case CommandKind::case_: return "case";
    case CommandKind::function: return "func";
    case CommandKind::arithmetic: return "((";
    case CommandKind::test: return "[[";
    case CommandKind::coproc: return "coproc";
    case CommandKind::repeat: return "repeat";
    case CommandKind::always: return "always";
    case CommandKind::unread: return "unread";
  }
  return "unread";
}

/// Programs that run what they are given: those of the shell itself (names, arithmetic, callbacks), and the
/// wrappers every system has. The engine takes wrappers off; this face shows the parser alone.
bool evaluates_arguments(const std::string& program) {
  static constexpr std::string_view kNames[] = {
      "eval",   "source",   ".",         "trap",      "let",       "printf",  "read",     "unset",
      "wait",   "test",     "[",         "mapfile",   "readarray", "compgen", "complete", "hash",
      "sched",  "zpty",     "functions", "declare",   "typeset",   "local",   "export",   "readonly",
      "print",  "bind",     "alias",     "zle",       "autoload",  "emulate", "fc",       "r",
      "enable", "exec",     "command",   "env",       "sh",        "bash",    "zsh",      "dash",
      "fish",   "nameref",  "builtin",   "nocorrect", "noglob",    "-",       "xargs",    "find",
      "nice",   "nohup",    "timeout",   "stdbuf",    "setsid",    "sudo",    "doas",     "time",
      "watch",  "parallel", "ssh",       "su",        "chroot",    "busybox"};
  for (std::string_view name : kNames)
    if (name == program) return true;
  return false;
}

/// Variables whose value the shell expands, or runs, later on.
bool is_prompt(std::string_view name) {
  for (std::string_view prompt : {"PS0", "PS1", "PS2", "PS3", "PS4", "PROMPT", "RPROMPT", "PROMPT_COMMAND"})
    if (name == prompt) return true;
  return false;
}

class Lister {
 public:
  Lister(const syntax::Tree& tree, Arena& storage)
      : tree_(tree), storage_(storage), digests_(&own_digests_) {}

  json commands() {
    script(*tree_.script, "", 0);
    return std::move(out_);
  }

 private:
  static std::string join(const std::string& context, std::string_view more) {
    return context.empty() ? std::string(more) : context + ' ' + std::string(more);
  }

  void script(const Script& s, const std::string& context, uint32_t shift) {
    if (!s.own_source.empty()) shift += s.own_source_begin;
    for (const syntax::Statement& statement : s.statements) {
      if (!statement.runs) continue;
      const std::string outer = statement.terminator.starts_with('&') ? join(context, "&") : context;
      for (const syntax::Link& link : statement.links) {
        std::string inner =
            link.op.empty() && statement.links.size() > 1 ? join(outer, statement.links[1].op) : outer;
        if (!link.op.empty()) inner = join(outer, link.op);
        if (link.pipeline.negations > 0) inner = join(inner, "!");
        if (link.pipeline.timed) inner = join(inner, "time");
        if (link.pipeline.stages.size() > 1) inner = join(inner, "|");
        for (const syntax::Stage& stage : link.pipeline.stages) command(*stage.command, inner, shift);
      }
    }
  }

  json words(std::span<const Word* const> list) {
    json result = json::array();
    for (const Word* w : list) {
      resolve::BraceCut cut = resolve::BraceCut::none;
      for (const resolve::ExpandedWord& e :
           resolve::expand_braces(*w, tree_.dialect, storage_, kMostWords, &cut)) {
        result.push_back(word(e));
        --words_left_;
      }
      opaque_ |= cut != resolve::BraceCut::none;
      if (words_left_ <= kMostWords) {
        opaque_ = true;
        break;
      }
    }
    return result;
  }

  json word(const resolve::ExpandedWord& e) {
    if (const auto text = resolve::static_text(e, tree_.dialect))
      return tree_.dialect.shell == Shell::fish ? text->substr(0, text->find('\0'))
                                                : *text;  // as a program gets it
    json parts = json::array();
    for (size_t i = 0; i < e.parts.size(); ++i) part(e.parts[i], i == 0, parts);
    return {{"p", parts}};
  }

  void text_part(std::string_view text, bool first, json& parts) {
    if (first && text.starts_with('~')) {
      const size_t slash = std::min(text.find('/'), text.size());
      parts.push_back({"~", text.substr(1, slash - 1)});
      text.remove_prefix(slash);
    }
    if (first && text.size() > 1 && text[0] == '=' && tree_.dialect.shell == Shell::zsh) {
      parts.push_back({"=", text.substr(1)});
      return;
    }
    while (!text.empty()) {
      const size_t glob = std::min(text.find_first_of("*?["), text.size());
      if (glob > 0) literal(text.substr(0, glob), parts);
      if (glob < text.size()) parts.push_back({"g", text.substr(glob, 1)});
      text.remove_prefix(std::min(glob + 1, text.size()));
    }
  }

  static void literal(std::string_view text, json& parts) {
    if (!parts.empty() && parts.back()[0] == "s")
      parts.back()[1] = parts.back()[1].get<std::string>() + std::string(text);
    else
      parts.push_back({"s", text});
  }

  void part(const Part& p, bool first, json& parts) {
    switch (p.kind) {
      case PartKind::text: return text_part(p.text, first, parts);
      case PartKind::quoted: return literal(p.text, parts);
      case PartKind::parameter: {
        const syntax::Parameter& x = *p.parameter();
        const bool plain = x.op.empty() && x.flags.empty() && !x.length && !x.indirect && x.index == nullptr;
        if (plain)
          parts.push_back({"v", x.name, p.in_quotes});
        else
          parts.push_back({"x", p.text, p.in_quotes});
        evaluates_ |= x.indirect || x.op == "@" || x.op == ":" || x.index != nullptr ||
                      x.flags.find('e') != std::string_view::npos;
        return;
      }
      case PartKind::command: parts.push_back({"c", substitution(p), p.in_quotes}); return;
      case PartKind::arithmetic:
        parts.push_back({"a", p.text, p.in_quotes});
        evaluates_ = true;
        return;
      case PartKind::process: parts.push_back({"ps", std::string(p.text) + substitution(p)}); return;
      case PartKind::extglob:
        parts.push_back({"eg", p.text});
        evaluates_ |= tree_.dialect.shell == Shell::zsh;
        return;
      case PartKind::array: parts.push_back({"arr", p.text}); return;
    }
  }

  /// What a substitution runs, however it is laid out: the same for the source and for the shell's own print.
  /// Of the substitutions inside it only a number each: they are listed for themselves.
  std::string substitution(const Part& p) {
    if (p.script() == nullptr) return std::string(p.text);
    if (const auto known = digests_->find(p.script()); inner_ && known != digests_->end())
      return known->second;
    Lister list(tree_, storage_);
    list.inner_ = true;
    list.digests_ = digests_;
    json commands = list.commands_of(*p.script());
    for (json& entry : commands) entry.erase("pos");
    std::string text = commands.dump(-1, ' ', true, json::error_handler_t::replace);
    if (!inner_) return text;
    return digests_->emplace(p.script(), std::to_string(std::hash<std::string>()(text))).first->second;
  }

  json commands_of(const Script& s) {
    script(s, "", 0);
    return std::move(out_);
  }

  void command(const Command& c, const std::string& context, uint32_t shift) {
    const std::string inner = c.kind == CommandKind::simple ? context : join(context, kind_name(c.kind));
    const bool shown = c.kind == CommandKind::simple || !c.redirects.empty() || c.kind == CommandKind::test ||
                       c.kind == CommandKind::arithmetic || c.kind == CommandKind::unread;
    if (shown) entry(c, context, shift);
    nested(c, inner, shift);
  }

  void entry(const Command& c, const std::string& context, uint32_t shift) {
    evaluates_ = opaque_ = false;
    json o = {{"pos", shift + c.range.begin}, {"ctx", context}};
    const bool simple = c.kind == CommandKind::simple;
    o["kind"] = simple ? (c.declaration ? "decl" : "simple") : "compound:" + std::string(kind_name(c.kind));
    json argv = simple ? words(c.words) : json::array();
    json assigns = json::array();
    for (const syntax::Assignment& a : c.assigns) {
      const resolve::ExpandedWord value{{a.value->parts.begin(), a.value->parts.end()}};
      json entry = {{"name", a.name}, {"value", word(value)}};
      if (a.append) entry["append"] = true;
      evaluates_ |= is_prompt(a.name);
      if (a.index != nullptr) {
        entry["index"] = true;
        evaluates_ = true;
      }
      if (c.declaration) {
        const auto text = resolve::static_text(value, tree_.dialect);
        const std::string head = std::string(a.name) + (a.append ? "+=" : "=");
        if (text && a.index == nullptr)
          argv.push_back(head + *text);
        else
          argv.push_back({{"p", json::array({json::array({"s", head}), json::array({"x", "", false})})}});
      } else {
        assigns.push_back(entry);
      }
    }
    if (!argv.empty() && argv[0].is_string()) evaluates_ |= evaluates_arguments(argv[0].get<std::string>());
    if (is_decorated(argv)) {
      o["decoration"] = argv[0];
      argv.erase(0);
    }
    if (c.kind == CommandKind::test || c.kind == CommandKind::arithmetic) evaluates_ = true;
    if (simple && argv.empty() && !c.redirects.empty() && tree_.dialect.shell == Shell::zsh)
      evaluates_ = true;  // NULLCMD
    o["argv"] = std::move(argv);
    if (!assigns.empty()) o["assigns"] = std::move(assigns);
    json redirs = json::array();
    for (const syntax::Redirect& r : c.redirects) {
      json entry = {{"op", r.op}};
      if (!r.fd.empty() && r.fd != (r.op.starts_with('<') ? "0" : "1")) entry["fd"] = r.fd;
      if (r.target != nullptr) entry["target"] = word({{r.target->parts.begin(), r.target->parts.end()}});
      redirs.push_back(std::move(entry));
    }
    if (!redirs.empty()) o["redirs"] = std::move(redirs);
    if (evaluates_) o["evaluates"] = true;
    if (opaque_ || c.kind == CommandKind::unread) o["opaque"] = true;
    out_.push_back(std::move(o));
  }

  /// fish reads `command x`, `builtin x`, `exec x` as a decoration of the command x.
  bool is_decorated(const json& argv) const {
    if (tree_.dialect.shell != Shell::fish || argv.size() < 2) return false;
    if (argv[0] != "command" && argv[0] != "builtin" && argv[0] != "exec") return false;
    return !argv[1].is_string() || !argv[1].get<std::string>().starts_with('-');
  }

  void nested(const Command& c, const std::string& context, uint32_t shift) {
    for (const syntax::Assignment& a : c.assigns) {
      if (a.index != nullptr) inside(*a.index, join(context, "assign"), shift);
      inside(*a.value, join(context, "assign"), shift);
    }
    for (const Word* w : c.words) inside(*w, join(context, "arg"), shift);
    for (const Word* w : c.arguments()) inside(*w, join(context, "arg"), shift);
    for (const syntax::Clause& clause : c.clauses()) {
      for (const Word* w : clause.patterns) inside(*w, context, shift);
      if (clause.condition != nullptr) script(*clause.condition, context, shift);
      if (clause.body != nullptr)
        script(*clause.body, join(context, c.kind == CommandKind::if_ ? "then" : "do"), shift);
    }
    if (c.body() != nullptr) script(*c.body(), context, shift);
    for (const syntax::Redirect& r : c.redirects) {
      if (r.target != nullptr && r.body == nullptr) inside(*r.target, join(context, "redir"), shift);
      if (r.body != nullptr) inside(*r.body, join(context, "heredoc"), shift);
    }
  }

  void inside(const Word& w, const std::string& context, uint32_t shift) {
    if (inner_) return;
    for (const Part& p : w.parts) {
      if (p.runs()) {
        const std::string_view raw = p.text;
        script(*p.script(),
               join(context, p.kind == PartKind::process ? std::string(raw) + "("
                             : raw.starts_with('`')      ? "`"
                                                         : "$("),
               shift);
        for (const Word* slice : p.script()->slices) inside(*slice, context, shift);
      }
      for (const Word* inner : p.words()) inside(*inner, context, shift);
      if (p.kind == PartKind::parameter)
        for (const Word* inner : {p.parameter()->index, p.parameter()->argument, p.parameter()->argument2})
          if (inner != nullptr) inside(*inner, context, shift);
    }
  }

  const syntax::Tree& tree_;
  Arena& storage_;
  using Digests = std::unordered_map<const Script*, std::string>;
  Digests own_digests_;
  Digests* digests_;    ///< of substitutions, by their script; shared with the listers inside
  bool inner_ = false;  ///< lists a substitution for its text
  json out_ = json::array();
  bool evaluates_ = false, opaque_ = false;
  size_t words_left_ = 1U << 20;  ///< `{1..4096} {1..4096} …` would fill the memory
};

}  // namespace

int debug_parse(std::istream& in, std::ostream& out, std::ostream& talk) {
  int code = 0;
  size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty()) continue;
    const json request = json::parse(line, nullptr, false);
    const bool usable = request.is_object() && request.contains("src") && request["src"].is_string();
    const auto dialect = dialect_from_name(usable && request.contains("shell") && request["shell"].is_string()
                                               ? request["shell"].get<std::string>()
                                               : "bash");
    if (!usable || !dialect) {
      talk << "<stdin>:" << number << ": "
           << (usable ? "unknown shell" : "expected a JSON object with a string `src`") << '\n';
      code = 2;
      continue;
    }
    const std::string source = request["src"].get<std::string>();
    const syntax::Tree tree = syntax::parse(source, *dialect);
    Arena storage;
    json answer = {{"id", request.contains("id") ? request["id"] : json()},
                   {"status", syntax::to_string(tree.status)}};
    answer["cmds"] = Lister(tree, storage).commands();
    if (tree.status != syntax::Status::complete) answer["message"] = tree.message;
    out << answer.dump(-1, ' ', true, json::error_handler_t::replace) << '\n';
  }
  out.flush();
  return code;
}

}  // namespace cmdai::cli
