#pragma once
// Recursive descent for fish. Internal to libcore/syntax. After the first error the token stream is at its
// end: every loop sees that, every open construct is closed with what it has, and the partial tree stays
// usable. fish parses everything before it runs anything, so one error anywhere means that no statement runs.
#include <string_view>

#include "libcore/syntax/fish_lexer.hpp"

namespace cmdai::syntax {

/// Shared by a parser and those of its substitutions.
struct FishContext {
  Tree& tree;
  const ParseOptions& options;
  Budget& budget;
  bool failed() const { return tree.status != Status::complete; }
  /// Keeps the first error.
  void fail(Status status, Range at, std::string message);
};

class FishParser {
 public:
  FishParser(FishContext& context, Range range);
  /// Everything in the range.
  Script* run();
  void set_notes(std::vector<Token>* notes);

 private:
  // --- tokens (fish_parser.cpp)
  const FishToken& peek(uint32_t ahead = 0);
  FishToken take();
  uint32_t here();
  bool is(FishTokenKind kind) { return peek().kind == kind; }
  std::string_view raw(const FishToken& token) const {
    return source_.substr(token.range.begin, token.range.size());
  }
  std::string_view written(const Word& word) const {
    return source_.substr(word.range.begin, word.range.size());
  }
  std::string_view keyword(
      uint32_t ahead = 0);  ///< the keyword a word token spells, quoted or not; else empty
  bool help_follows();
  void fail(Status status, std::string message) { context_.fail(status, peek().range, std::move(message)); }
  void expected(std::string_view what);
  void skip_newlines();
  bool spend();

  // --- lists (fish_parser.cpp)
  const Script* list(uint32_t begin);
  bool list_ends();
  void statement(bool condition);
  void conjunction(std::string_view op, bool condition);
  std::string_view link_keyword();
  void pipeline(std::string_view op);
  const Command* stage(Pipeline& pipeline, bool subsequent);
  bool assignment_ahead();
  void assignment();
  void check_pipeline(std::span<const Stage> stages);

  // --- statements (fish_blocks.cpp)
  const Command* command(Command& c);
  bool is_plain_command();
  void simple(Command& c);
  Compound& more(Command& c) { return more_of(c, arena_); }
  void check_command(const Command& c);
  bool argument_or_redirect();
  void redirect();
  void arguments();
  void need_line_end();
  void need_end(Command& c, std::string_view of);
  const Script* condition();
  void begin_block(Command& c);
  void brace_block(Command& c);
  void if_block(Command& c);
  void while_block(Command& c);
  void for_block(Command& c);
  void switch_block(Command& c);
  void function_block(Command& c);

  // --- words (fish_words.cpp)
  enum class Check : uint8_t { strict, lax };  ///< fish looks at variables and escapes of arguments only
  const Word* word(Range range, Check check = Check::strict);
  void parts(Range range, bool in_quotes);
  void text(Range range, bool quoted, bool in_quotes);
  void decoded(Range range, std::string_view bytes, bool in_quotes);
  uint32_t escape(uint32_t at, uint32_t end);
  uint32_t single_quoted(uint32_t at, uint32_t end);
  uint32_t double_quoted(uint32_t at, uint32_t end);
  uint32_t variable(uint32_t at, uint32_t end, bool in_quotes);
  uint32_t slices(uint32_t at, uint32_t end, bool in_quotes, Parameter& p);
  uint32_t substitution(uint32_t begin, uint32_t open, uint32_t end, bool in_quotes);
  void wrong_variable(uint32_t at, uint32_t end, bool in_quotes);
  void wrong(Range range, std::string message);

  FishContext& context_;
  Arena& arena_;
  std::string_view source_;
  Range range_;
  FishLexer lexer_;
  FishToken ahead_[2];
  uint32_t buffered_ = 0;
  uint32_t last_end_ = 0;    ///< end of the last token taken
  uint32_t loops_ = 0;       ///< open for and while of this function
  bool background_ = false;  ///< the pipeline just read ended in &
  Check check_ = Check::strict;

  Scratch<Part> parts_;
  Scratch<const Word*> words_;
  Scratch<Assignment> assigns_;
  Scratch<Redirect> redirects_;
  Scratch<Clause> clauses_;
  Scratch<Stage> stages_;
  Scratch<Link> links_;
  Scratch<Statement> statements_;
};

/// The bytes a word means when it is made of literals, quotes and escapes only (no expansion is done). False:
/// a bad escape.
bool unescape_fish(std::string_view text, std::string& out);
/// One escape outside quotes at text[0] == '\\'. Appends what it means; returns its length, 0 when it is not
/// valid.
uint32_t read_fish_escape(std::string_view text, std::string& out);

bool is_fish_builtin(std::string_view name, uint16_t version);

}  // namespace cmdai::syntax
