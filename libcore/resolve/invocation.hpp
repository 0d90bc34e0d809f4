#pragma once
// One program call as it would happen: argv resolved, redirects, pipe neighbours, the wrappers already taken
// off.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/dialect.hpp"
#include "libcore/base/range.hpp"
#include "libcore/resolve/value.hpp"

namespace cmdai::resolve {

/// A text that is read as code or data: the request's command line is source 0, every nested text (sh -c
/// string, eval argument, alias, here-document, script file) is one more, knowing where in its parent it
/// stands.
struct SourceText {
  std::string text;
  std::string name;     ///< "" for nested strings; path for script files; "alias ll"
  uint32_t parent = 0;  ///< index of the source it came from (itself for source 0)
  Range parent_range;   ///< where in the parent
  bool file = false;    ///< `name` is the path of a file on the disk that holds the text
};

struct Place {
  uint32_t source = 0;
  Range range;
};

struct Input;

struct Argument {
  Value value;
  Place place;
  std::shared_ptr<const Input> process;  ///< <(…): what the file would hold
};

struct ResolvedAssignment {
  std::string name;
  Value value;
  bool append = false;
  Place place;
  std::optional<std::vector<Value>> elements = {};  ///< of `name=(…)`
};

struct ResolvedRedirect {
  std::string op;  ///< as in syntax::Redirect
  std::string fd;
  Value target;  ///< file name, fd number; here-document/-string: the text
  Place place;
};

/// A folder of this machine that a container sees under another name.
struct Mount {
  std::string host;      ///< absolute
  std::string inside;    ///< absolute path in the container
  bool writable = true;  ///< else it may only be read
};

/// How the program came to be called by another one.
struct Wrapper {
  std::string program;           ///< sudo, xargs, find, sh, eval, ssh, docker …
  bool gains_privilege = false;  ///< sudo, doas, su, pkexec, run0
  bool elsewhere = false;  ///< runs on another host or in a container/chroot: local path classes do not apply
  bool other_disk =
      false;  ///< on another host, judged as if it were here: but what our disk says does not hold
  std::vector<Mount> mounts;  ///< what lies below them is this machine's all the same
  bool repeats = false;  ///< once per input line (xargs, find -exec, parallel): operands may come from input
};

/// What stands on standard input when it is not the terminal.
struct Input {
  enum class Kind : uint8_t { inherited, pipe, file, text, process };
  Kind kind = Kind::inherited;
  Value data;                          ///< contents as far as known, with taint
  std::vector<std::string> producers;  ///< programs of the stage before ("curl", "base64")
};

/// Where a call stands, and in which shell; what a program runs in turn stands there too.
struct Circumstances {
  Input input;
  bool output_piped = false;  ///< its output goes into another command
  bool background = false;
  bool conditional = false;       ///< behind && || if while case: may not run
  bool after_failure = false;     ///< behind ||: what stands before it may have failed
  std::vector<Wrapper> wrappers;  ///< outermost first
  /// Enclosing constructs, outermost first: "function f", "$(", "for", "endless loop", "&" …
  std::vector<std::string> context;
  Dialect dialect;  ///< the shell that would run it
  Value cwd;        ///< exact when known at that point of the line
  Place place;
};

struct Invocation : Circumstances {
  std::vector<Argument> argv;  ///< never empty: argv[0] is the program; a bare assignment or redirect is not
                               ///< an invocation of this kind
  std::string
      program;  ///< base name of argv[0] when exact, else ""; `\rm`, /bin/rm, command rm all give "rm"
  std::vector<ResolvedAssignment> assigns;
  std::vector<ResolvedRedirect> redirects;
  bool self_recursive = false;  ///< a function that calls itself; walked no further
};

}  // namespace cmdai::resolve
