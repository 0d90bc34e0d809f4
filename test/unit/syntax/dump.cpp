#include "test/unit/syntax/dump.hpp"

#include "libcore/base/dialect.hpp"

namespace cmdai::syntax {
namespace {

class Dumper {
 public:
  explicit Dumper(const Tree& tree) : tree_(tree) {}

  std::string script(const Script& s) const {
    std::string out;
    for (size_t i = 0; i < s.statements.size(); ++i) {
      const Statement& statement = s.statements[i];
      if (!statement.runs) out += '~';
      out += links(statement);
      const std::string_view end = statement.terminator;
      const bool last = i + 1 == s.statements.size();
      if (end.starts_with('&'))
        out += ' ' + std::string(end) + (last ? "" : " ");
      else if (!last)
        out += "; ";
    }
    return out;
  }

 private:
  std::string links(const Statement& statement) const {
    std::string out;
    for (const Link& link : statement.links) {
      if (!link.op.empty()) out += ' ' + std::string(link.op) + ' ';
      const Pipeline& p = link.pipeline;
      if (p.timed) out += "time ";
      for (uint32_t i = 0; i < p.negations; ++i) out += "! ";
      for (const Stage& stage : p.stages) {
        out += command(*stage.command);
        if (!stage.pipe.empty()) out += ' ' + std::string(stage.pipe) + ' ';
      }
    }
    return out;
  }

  std::string words(std::span<const Word* const> list) const {
    std::string out;
    for (const Word* w : list) out += (out.empty() ? "" : " ") + word(*w);
    return out;
  }

  std::string body(const Script* s) const { return s == nullptr ? "-" : script(*s); }

  std::string clauses(const Command& c) const {
    std::string out;
    for (const Clause& clause : c.clauses()) {
      if (!out.empty()) out += " | ";
      if (clause.condition != nullptr) out += script(*clause.condition) + ": ";
      if (c.kind == CommandKind::case_) out += words(clause.patterns) + ": ";
      out += body(clause.body);
      if (!clause.terminator.empty()) out += ' ' + std::string(clause.terminator);
    }
    return '[' + out + ']';
  }

  std::string simple(const Command& c) const {
    std::string out;
    for (const Assignment& a : c.assigns) {
      if (!out.empty()) out += ' ';
      out += a.name;
      if (a.index != nullptr) out += '[' + word(*a.index) + ']';
      out += (a.append ? "+=" : "=") + word(*a.value);
    }
    if (!c.words.empty()) out += (out.empty() ? "" : " ") + words(c.words);
    return out;
  }

  std::string shape(const Command& c) const {
    switch (c.kind) {
      case CommandKind::simple: return simple(c);
      case CommandKind::group: return "{ " + body(c.body()) + " }";
      case CommandKind::subshell: return "( " + body(c.body()) + " )";
      case CommandKind::if_: return "if" + clauses(c);
      case CommandKind::while_: return "while" + clauses(c);
      case CommandKind::until: return "until" + clauses(c);
      case CommandKind::for_:
      case CommandKind::select: {
        const std::string in = c.has_in ? " in " + words(c.words) : "";
        return (c.kind == CommandKind::for_ ? "for " : "select ") + std::string(c.name()) + in + '[' +
               body(c.body()) + ']';
      }
      case CommandKind::c_for: return "for ((" + words(c.words) + "))[" + body(c.body()) + ']';
      case CommandKind::case_: return "case " + words(c.words) + clauses(c);
      case CommandKind::function: return function(c);
      case CommandKind::arithmetic: return "(( " + words(c.words) + " ))";
      case CommandKind::test: return "[[ " + words(c.words) + " ]]";
      case CommandKind::coproc:
        return "coproc " + (c.name().empty() ? "" : std::string(c.name()) + ": ") + body(c.body());
      case CommandKind::repeat: return "repeat " + words(c.words) + '[' + body(c.body()) + ']';
      case CommandKind::always: return "{ " + body(c.body()) + " } always " + clauses(c);
      case CommandKind::unread:
        return "?\"" + std::string(tree_.source.substr(c.range.begin, c.range.size())) + '"';
    }
    return "!";
  }

  std::string function(const Command& c) const {
    std::string out = words(c.words) + "(){ " + body(c.body()) + " }";
    if (!c.arguments().empty()) out += ' ' + words(c.arguments());
    return out;
  }

  std::string command(const Command& c) const {
    std::string out = shape(c);
    for (const Redirect& r : c.redirects) {
      out += (out.empty() ? "" : " ") + std::string(r.fd) + std::string(r.op);
      if (r.target != nullptr) out += word(*r.target);
      if (r.body != nullptr) out += '{' + word(*r.body) + '}';
    }
    return out;
  }

  static std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
      if (c == '\n')
        out += "\\n";
      else
        out += c;
    }
    return out + '\'';
  }

  std::string parameter(const Part& p) const {
    const Parameter& x = *p.parameter();
    const bool plain =
        !x.braced && x.op.empty() && x.index == nullptr && !x.length && !x.indirect && !x.split;
    if (plain) return '$' + std::string(x.name);
    std::string out = "${";
    if (!x.flags.empty()) out += '(' + std::string(x.flags) + ')';
    if (x.split) out += '=';
    if (x.length) out += '#';
    if (x.indirect) out += '!';
    out += x.name;
    if (x.index != nullptr) out += '[' + word(*x.index) + ']';
    out += x.op;
    if (x.argument != nullptr) out += ' ' + word(*x.argument);
    if (x.argument2 != nullptr) out += ", " + word(*x.argument2);
    return out + '}';
  }

  std::string part(const Part& p) const {
    switch (p.kind) {
      case PartKind::text: return std::string(p.text);
      case PartKind::quoted: return quoted(p.text);
      case PartKind::parameter: return parameter(p);
      case PartKind::command: {
        const auto& slices = p.script()->slices;
        const std::string slice = slices.empty() ? "" : '[' + word(*slices.front()) + ']';
        return "$(" + body(p.script()) + ')' + slice;
      }
      case PartKind::arithmetic: return "$((" + words(p.words()) + "))";
      case PartKind::process: return std::string(p.text) + '(' + body(p.script()) + ')';
      case PartKind::extglob: {
        const char first = p.text.empty() ? '(' : p.text[0];
        std::string out = first == '(' ? "(" : std::string(1, first) + '(';
        for (size_t i = 0; i < p.words().size(); ++i) out += (i > 0 ? "|" : "") + word(*p.words()[i]);
        return out + ')';
      }
      case PartKind::array: return '(' + words(p.words()) + ')';
    }
    return "!";
  }

  std::string word(const Word& w) const {
    std::string out;
    for (const Part& p : w.parts) out += part(p);
    return out;
  }

  const Tree& tree_;
};

}  // namespace

std::string dump(const Tree& tree) {
  std::string body = Dumper(tree).script(*tree.script);
  if (tree.status == Status::complete) return body;
  return std::string(to_string(tree.status)) + ": " + body;
}

std::string dump(std::string_view source, std::string_view dialect) {
  return dump(parse(source, dialect_from_name(dialect).value()));
}

}  // namespace cmdai::syntax
