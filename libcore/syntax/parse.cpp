#include "libcore/syntax/parse.hpp"

#include <algorithm>

#include "libcore/syntax/builder.hpp"

namespace cmdai::syntax {

const List<const Word*> Part::kNoWords;
const Compound Command::kNone;

namespace {

/// What the tree of a script takes at most for each byte of its text, the text included; much less where
/// there are comments. What is not used is never handed out by the kernel, but it is asked for.
constexpr size_t kTreeBytes = 20;
constexpr size_t kMostRoom = 32U << 20;

/// Tokens were noted where they are cheap to note; what lies between them is blank. So nothing can be lost.
void fill_gaps(Tree& tree) {
  std::vector<Token> all;
  uint32_t at = 0;
  for (const Token& t : tree.tokens) {
    if (t.range.begin < at) continue;  // inside one that is noted already
    if (t.range.begin > at) all.push_back({TokenKind::blank, {at, t.range.begin}});
    all.push_back(t);
    at = t.range.end;
  }
  const auto size = static_cast<uint32_t>(tree.source.size());
  if (at < size)
    all.push_back({tree.status == Status::complete ? TokenKind::blank : TokenKind::unread, {at, size}});
  tree.tokens.swap(all);
}

}  // namespace

Tree parse(std::string_view source, const Dialect& dialect, const ParseOptions& options) {
  Tree tree;
  tree.dialect = dialect;
  if (source.size() > options.limits.bytes) {
    tree.status = Status::too_complex;
    tree.message = "the text is too long";
    tree.script = tree.arena.make<Script>();
    return tree;
  }
  tree.arena.reserve(std::min(source.size() * kTreeBytes, kMostRoom));
  tree.source = tree.arena.copy(source);
  if (dialect.shell == Shell::fish)
    parse_fish(tree, options);
  else
    parse_posix(tree, options);
  if (options.keep_tokens) fill_gaps(tree);
  return tree;
}

std::string_view to_string(Status status) {
  switch (status) {
    case Status::complete: return "complete";
    case Status::incomplete: return "incomplete";
    case Status::invalid: return "invalid";
    case Status::too_complex: return "too-complex";
  }
  return "invalid";
}

}  // namespace cmdai::syntax
