#pragma once
// Static word resolution: brace expansion (textual, first, bounded), tilde, quote removal — what needs no
// state. Used by `cmdai debug parse` and by the evaluator.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/arena.hpp"
#include "libcore/base/dialect.hpp"
#include "libcore/syntax/ast.hpp"

namespace cmdai::resolve {

/// The parts borrow from the tree and from the storage given to expand_braces. An empty word that the shell
/// would keep (zsh and fish `{,}`) has one empty quoted part; the ones bash drops are not in the result.
struct ExpandedWord {
  std::vector<syntax::Part> parts;
};

/// What is missing of an expansion: nothing, more numbers like those that are there (`{1..100000}`), or words
/// of which nothing is known.
enum class BraceCut : uint8_t { none, numbers, words };

/// The word, where it is one text without a character that any expansion of any shell looks at; most are.
std::optional<std::string_view> literal_text(const syntax::Word& word);

/// Whether brace expansion may change the word; most words have none, and are their parts.
bool has_braces(const syntax::Word& word, const Dialect& dialect);

/// One source word may give several: `{a,b}c`. At most `limit` words; `*cut` is raised (never lowered) when
/// the product, the nesting or the work was larger than that. Time and memory are bounded whatever the word
/// says. As in bash the expansion is textual where the dialect is bash: `$a{x,y}` is `$ax $ay`.
std::vector<ExpandedWord> expand_braces(const syntax::Word& word, const Dialect& dialect, Arena& storage,
                                        size_t limit, BraceCut* cut);

/// What a stretch of an expanded word is once quotes are gone.
enum class AtomKind : uint8_t {
  literal,  ///< bytes
  glob,     ///< one active glob character in `text`
  tilde,    ///< an active tilde prefix; `text` is the user name, empty for the own home
  command,  ///< zsh `=name`: the path of that program; `text` is the name
  part,     ///< an expansion that needs state: see `part`
};
struct WordAtom {
  AtomKind kind = AtomKind::literal;
  std::string text;
  const syntax::Part* part = nullptr;  ///< borrowed from the ExpandedWord
};

/// Neighbouring literals are joined; an empty word gives no atoms. `is_assignment_value`: the word stands
/// behind `x=`, where a tilde counts after each colon too.
std::vector<WordAtom> word_atoms(const ExpandedWord& word, const Dialect& dialect,
                                 bool is_assignment_value = false);

/// The exact text when the word is static (text and quoted parts only, no active glob or tilde), else
/// nullopt.
std::optional<std::string> static_text(const ExpandedWord& word, const Dialect& dialect);

}  // namespace cmdai::resolve
