#pragma once
// `cmdai debug parse --jsonl`: the tree as a list of simple commands, for oracles and for people who doubt
// the parser.
#include <iosfwd>

namespace cmdai::cli {

/// Reads JSON Lines {"id","src","shell"}, writes
/// {"id","status","cmds":[{pos,kind,ctx,argv,assigns,redirs,…}]} in order. A word is a string (static, after
/// brace expansion and quote removal) or {"p":[part…]}. Returns an exit code: 0, or 2 when a line was not
/// understood (it is named on `talk`, the others are answered).
int debug_parse(std::istream& in, std::ostream& out, std::ostream& talk);

}  // namespace cmdai::cli
