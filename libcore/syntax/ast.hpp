#pragma once
// The syntax tree of all four shells, to be read like a grammar. Nodes live in the Tree's arena, never move,
// hold no owning members, and carry byte ranges into Tree::source. Text that had to be unescaped (backquotes)
// is parsed as a source of its own: see Part::script and Script::origin_shift.
//
//   Script     = Statement*
//   Statement  = AndOr (";" | "&" | newline)
//   AndOr      = Pipeline (("&&" | "||") Pipeline)*        fish `and`/`or` map to && and ||
//   Pipeline   = "!"* "time"? Command ("|" Command)*       fish `not` maps to !
//   Command    = simple | compound, each with redirects
//   Word       = Part*
#include <cstdint>

#include "libcore/base/range.hpp"
#include "libcore/syntax/packed.hpp"

namespace cmdai::syntax {

struct Script;
struct Word;
struct Command;

enum class PartKind : uint8_t {
  text,  ///< unquoted literal bytes; glob, brace and tilde characters in it are active
  quoted,  ///< literal bytes from '…', "…", $'…' or a backslash, already unescaped: nothing in it is active
  parameter,   ///< $name, ${…}, fish $name[…]
  command,     ///< $(…), `…`, ${ …; }, fish (…)
  arithmetic,  ///< $((…)), $[…]: `words` holds the one word of the expression
  process,     ///< <(…), >(…), zsh =(…): `text` holds the operator "<", ">" or "="
  extglob,  ///< ?(…) *(…) +(…) @(…) !(…), zsh (a|b) groups and glob qualifiers: `text` raw, `words`
            ///< alternatives
  array,    ///< (…) as an assignment value: `words` the elements
};

/// ${name op argument}. Which members are set depends on `op`.
struct Parameter {
  Text name;  ///< variable name, digits, or one of @ * # ? - $ ! 0
  Text op;    ///< "" or one of :- - := = :? ? :+ + # ## % %% / // /# /% : ^ ^^ , ,, @ (op letter in argument)
  Text flags;                       ///< zsh ${(flags)…}
  bool length = false;              ///< ${#name}
  bool indirect = false;            ///< ${!name}, fish $$name
  bool split = false;               ///< zsh ${=name}
  bool braced = false;              ///< written with braces
  const Word* index = nullptr;      ///< ${name[index]}
  const Word* argument = nullptr;   ///< operand of op: default value, pattern, offset
  const Word* argument2 = nullptr;  ///< replacement of /, length of :
};

class Part {
 public:
  PartKind kind = PartKind::text;
  bool in_quotes = false;  ///< inside "…": no splitting, no globbing of the result
  Range range;
  Text text;  ///< text/quoted: the bytes. Others: the raw source slice, or as PartKind says

  /// Holds a script that is run: command and process.
  bool runs() const { return kind == PartKind::command || kind == PartKind::process; }
  const Script* script() const { return static_cast<const Script*>(inner_); }           ///< when it runs()
  const Parameter* parameter() const { return static_cast<const Parameter*>(inner_); }  ///< of a parameter
  /// Of arithmetic, extglob, array; empty for all others.
  const List<const Word*>& words() const {
    const bool has = kind == PartKind::arithmetic || kind == PartKind::extglob || kind == PartKind::array;
    return has && inner_ != nullptr ? *static_cast<const List<const Word*>*>(inner_) : kNoWords;
  }
  void hold(const Parameter* parameter) { inner_ = parameter; }
  void hold(const Script* script) { inner_ = script; }
  void hold(const List<const Word*>* words) { inner_ = words; }

 private:
  static const List<const Word*> kNoWords;
  const void* inner_ = nullptr;  ///< what stands inside, by kind
};

struct Word {
  Range range;
  List<Part> parts;  ///< empty for '' written as nothing (e.g. `x=`)
};

struct Assignment {
  Range range;
  Text name;
  const Word* index = nullptr;  ///< a[index]=
  const Word* value = nullptr;  ///< never null; no parts for `x=`
  bool append = false;          ///< +=
};

struct Redirect {
  Range range;
  Text op;                       ///< < > >> >| <> >& <& &> &>> << <<- <<< and zsh/fish forms as written
  Text fd;                       ///< digits, "{name}", or empty for the default
  const Word* target = nullptr;  ///< file, fd, here-string or here-document delimiter
  const Word* body = nullptr;    ///< here-document text; its parts are all `quoted` when the delimiter was
};

enum class CommandKind : uint8_t {
  simple,    ///< assigns, words
  group,     ///< { body } — fish begin…end
  subshell,  ///< ( body )
  if_,       ///< clauses: (condition, body)*, the `else` clause has no condition
  while_,    ///< clauses[0]
  until,     ///< clauses[0]
  for_,      ///< name in words; body. `words` empty and has_in false: over "$@"
  c_for,     ///< words: the three expressions; body
  select,    ///< as for_
  case_,     ///< words[0] the subject; clauses: (patterns, body) — fish switch
  function,  ///< words: the names (zsh allows several; none = anonymous, then `arguments` are its args); body
  arithmetic,  ///< (( … )): words[0]
  test,        ///< [[ … ]]: words: operators and operands in order
  coproc,      ///< name; body
  repeat,      ///< zsh repeat words[0]; body
  always,      ///< zsh { body } always { clauses[0].body }
  unread,      ///< could not be read: range only
};

struct Clause {
  Range range;
  const Script* condition = nullptr;
  List<const Word*> patterns;
  const Script* body = nullptr;
  Text terminator;  ///< ;; ;& ;;& ;|
};

/// What compound commands have besides.
struct Compound {
  Text name;                    ///< for_/select: variable; coproc: its name
  List<const Word*> arguments;  ///< zsh anonymous function arguments
  List<Clause> clauses;
  const Script* body = nullptr;
};

struct Command {
  CommandKind kind = CommandKind::simple;
  bool has_in = false;
  bool declaration = false;  ///< declare/export/local/readonly/typeset: assignments among the words are
                             ///< `words` with array parts
  Range range;
  List<Assignment> assigns;
  List<const Word*> words;
  List<Redirect> redirects;
  Compound* compound = nullptr;  ///< null when there is nothing in it: most commands are simple

  std::string_view name() const { return more().name; }
  const List<const Word*>& arguments() const { return more().arguments; }
  const List<Clause>& clauses() const { return more().clauses; }
  const Script* body() const { return more().body; }

 private:
  static const Compound kNone;
  const Compound& more() const { return compound != nullptr ? *compound : kNone; }
};

struct Stage {
  const Command* command = nullptr;
  Text pipe;  ///< operator after this stage: "", "|", "|&", fish "&|" "2>|"
};

struct Pipeline {
  Range range;
  uint32_t negations = 0;
  bool timed = false;
  List<Stage> stages;
};

struct Link {
  Pipeline pipeline;
  Text op;  ///< operator before this pipeline: "" for the first, "&&", "||"
};

struct Statement {
  Range range;
  List<Link> links;
  Text terminator;  ///< ";", "&", "\n", "&!", "&|" or "" at the end
  /// False for what stands behind a syntax error, or on the same not yet complete line as one: the shell
  /// would not run it.
  bool runs = true;
};

struct Script {
  Range range;
  List<Statement> statements;
  List<const Word*> slices;  ///< fish (…)[index]: which lines of its output count
  /// Bytes of the text this script was parsed from when it is not a plain slice of Tree::source (backquotes);
  /// else empty.
  Text own_source;
  uint32_t own_source_begin =
      0;  ///< where own_source begins in Tree::source (positions inside are approximate)
};

}  // namespace cmdai::syntax
