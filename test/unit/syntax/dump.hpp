#pragma once
// A tree on one line, so that a table of cases fits on a screen.
//
//   rm 'a b' $x          words; bytes that were quoted stand in '…', escapes already decoded
//   A=1 rm >f            assignments first, redirects behind the words; <<E{…} has its body
//   a && b | c; d &      as the shell writes it; every statement but the last ends in ; or &
//   $(a) <(a) $((1))     substitutions hold a script or a word; ${x:-w} is operator and argument
//   { a } ( a )          group and subshell; if[c: a | c: a | a] while[c: a] for x in w[a] case w[p p: a ;;]
//   f(){ a }             functions, their body a script; [[ w w ]] (( w )) coproc repeat
//   ~a                   this statement does not run; ?"…" is text that could not be read
//   incomplete: …        before the tree, when the status is not complete
#include <string>
#include <string_view>

#include "libcore/syntax/parse.hpp"

namespace cmdai::syntax {

std::string dump(const Tree& tree);
std::string dump(std::string_view source, std::string_view dialect);

}  // namespace cmdai::syntax
