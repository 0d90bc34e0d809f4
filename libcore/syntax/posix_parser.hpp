#pragma once
// Recursive descent for bash, sh and zsh, straight on the bytes. Internal to libcore/syntax.
//
// After the first error the cursor stands at the end of the text: every loop sees the end, every open
// construct is closed with what it has, and the partial tree stays usable. Nesting is counted; nothing
// recurses without Nesting.
#include <initializer_list>
#include <string_view>
#include <vector>

#include "libcore/syntax/builder.hpp"

namespace cmdai::syntax {

/// How bytes are read inside a word, by what encloses them.
enum class Mode : uint8_t {
  word,          ///< plain shell word
  regex,         ///< right side of =~ : ( ) | are ordinary
  dquote,        ///< "…"
  brace,         ///< operand in ${…} outside quotes: blanks are ordinary, } ends
  brace_quoted,  ///< operand in "${…}"
  slash,         ///< as brace, / ends too (pattern of ${x/pattern/…})
  slash_quoted,
  arithmetic,  ///< $((…)), ((…)), $[…], a[…]: ends where the caller's range ends
  here_document,
};

/// Ends an unquoted word.
/// What the inner loops ask of a byte, by table.
struct ByteClasses {
  bool meta[256] = {};   ///< ends a word
  bool plain[256] = {};  ///< stands for itself in every kind of word
  constexpr ByteClasses() {
    for (const char c : std::string_view(" \t\n;&|<>()")) meta[static_cast<unsigned char>(c)] = true;
    for (unsigned c = 0; c < 256; ++c)
      plain[c] = c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    for (const char c : std::string_view("_-.,:%")) plain[static_cast<unsigned char>(c)] = true;
  }
};
inline constexpr ByteClasses kBytes;
inline bool is_meta(char c) { return kBytes.meta[static_cast<unsigned char>(c)]; }
inline bool is_plain(char c) { return kBytes.plain[static_cast<unsigned char>(c)]; }

struct HereDocument {
  Word* body;  ///< in the arena, filled when its lines have been read
  std::string_view delimiter;
  bool quoted;
  bool strip_tabs;
};

class PosixParser {
 public:
  PosixParser(Tree& tree, const ParseOptions& options, Budget& budget)
      : tree_(tree),
        arena_(tree.arena),
        options_(options),
        budget_(budget),
        dialect_(tree.dialect),
        brace_ends_word_(is_zsh()) {}

  /// The whole source of the tree.
  void run();
  /// A nested text (unescaped backquotes); errors stay local, as in the shells, which parse it when they run
  /// it.
  const Script* run_nested(std::string_view text, uint32_t begin_in_source);

 private:
  // --- cursor (posix_words.cpp)
  bool at_end() const { return pos_ >= end_; }
  char peek(uint32_t ahead = 0) const { return pos_ + ahead < end_ ? src_[pos_ + ahead] : '\0'; }
  bool looking_at(std::string_view text) const { return src_.substr(0, end_).substr(pos_).starts_with(text); }
  void fail(Status status, uint32_t at, std::string message);
  void expected(std::string_view what);
  bool failed() const { return status_ != Status::complete; }
  void unread();
  bool spend();  ///< one node; false and failed when the budget is gone
  bool is_zsh() const { return dialect_.shell == Shell::zsh; }
  /// zsh takes the end of a text for what is missing after &&, ||, a loop's condition, `function`, `coproc`.
  /// At a prompt it asks for more.
  bool zsh_ends_here() const { return is_zsh() && !dialect_.interactive && at_end(); }
  bool ends_with_keyword(const Statement& s) const;
  bool is_bash() const { return dialect_.shell == Shell::bash; }
  bool is_sh() const { return dialect_.shell == Shell::sh; }

  // --- blanks, newlines, reserved words (posix_blanks.cpp)
  void skip_continuations();
  void skip_blanks();
  void skip_newlines();
  bool take_newline();
  void note(TokenKind kind, uint32_t begin);

  // --- words (posix_words.cpp, posix_expansion.cpp)
  const Word* word(Mode mode = Mode::word);
  const Word* finish_word(uint32_t begin, size_t mark);
  const Word* empty_word(uint32_t at);
  bool word_starts() const;
  uint32_t numeric_range() const;
  bool zsh_parentheses() const;
  bool zsh_brace_closes() const;
  bool ends_word(Mode mode) const;
  void parts(Mode mode);
  void add_text(uint32_t begin, uint32_t end, bool quoted, bool in_quotes);
  void backslash(Mode mode);
  void single_quoted();
  void ansi_c();
  void double_quoted();
  void dollar(bool in_quotes, Mode mode);
  std::string_view joined_name(uint32_t& at);
  void plain_parameter(bool in_quotes, uint32_t begin);
  void braced_parameter(bool in_quotes, uint32_t begin, Mode mode);
  bool parameter_name(Parameter& p, bool in_quotes);
  void parameter_operator(Parameter& p, bool in_quotes);
  const Word* index_word();
  const Word* zsh_subscript();
  const Script* substituted_list();
  void command_substitution(bool in_quotes, uint32_t begin);
  void brace_substitution(bool in_quotes, uint32_t begin);
  void backquote(bool in_quotes, Mode mode);
  void arithmetic_part(bool in_quotes, uint32_t begin, uint32_t body, uint32_t close, uint32_t after);
  void process_substitution();
  void pattern_group(uint32_t begin);
  const Word* sub_word(uint32_t begin, uint32_t end,
                       Mode mode);  ///< parses [begin, end) as one word, cursor to end
  uint32_t arithmetic_close(
      uint32_t from) const;  ///< offset of the `))` that closes, or end_ when open, or 0: not arithmetic
  uint32_t skip_quoted(uint32_t at) const;

  // --- lists, pipelines (posix_lists.cpp), commands (posix_commands.cpp, posix_assignments.cpp,
  // posix_redirects.cpp)
  const Script* list(uint32_t begin);
  bool list_ends() const;
  bool closing_brace() const;
  void statement();
  void and_or();
  Pipeline pipeline();
  const Command* command();
  const Command* simple(Command* c, uint32_t begin);
  bool assignment();
  bool assignment_ahead(uint32_t& value_at);
  uint32_t subscript_end(uint32_t open);
  bool redirect();
  const Word* array_value();
  void trailing_redirects();
  bool compound_ahead(Command& c);
  bool reserved_ahead() const;
  std::string_view literal_ahead(
      std::string& storage) const;  ///< unquoted word at the cursor, continuations joined
  bool keyword_ahead(std::string_view text) const;
  bool take_keyword(std::string_view text);
  void need_keyword(std::string_view text);
  bool separator_ahead() const;

  // --- compound commands (posix_compound.cpp)
  bool compound(std::string_view keyword, Command& c);
  void subshell(Command& c);
  bool double_paren(Command& c);
  void brace_group(Command& c);
  void if_clause(Command& c);
  void loop(Command& c, CommandKind kind);
  void for_keyword(Command& c);
  void for_loop(Command& c, CommandKind kind);
  bool c_style_header(Command& c);
  void for_words(Command& c);
  void loop_body(Command& c, bool zsh_short);
  void case_clause(Command& c);
  void case_items(Command& c, std::string_view end);
  const Word* case_pattern(bool parenthesised);
  void function_keyword(Command& c);
  void function_body(Command& c);
  void coprocess(Command& c);
  void repeat(Command& c);
  const Script* short_body();
  bool case_parenthesis_is_pattern() const;
  const Script* condition();
  const Script* one_statement(uint32_t begin);

  // --- [[ … ]] (posix_conditional.cpp)
  void test_expression(Command& c);
  void test_or();
  void test_and();
  void test_primary();
  void test_word(Mode mode = Mode::word);
  void test_operator(std::string_view op);
  void test_blanks();
  void test_blanks_behind_word();

  // --- here-documents (here_document.cpp)
  void read_here_documents();
  void read_here_document(const HereDocument& doc);
  bool delimiter_line(const HereDocument& doc, uint32_t line, uint32_t& after) const;

  Tree& tree_;
  Arena& arena_;
  const ParseOptions& options_;
  Budget& budget_;
  Dialect dialect_;

  std::string_view src_;
  uint32_t pos_ = 0;
  uint32_t end_ = 0;
  Status status_ = Status::complete;
  Range error_;
  std::string message_;
  uint32_t substitutions_ = 0;  ///< open $( … ): a here-document line may end with the closing parenthesis
  bool brace_ends_word_;        ///< zsh: an unmatched } is no part of a word (but of a pattern group)
  bool brace_closes_anywhere_ = false;  ///< in ${ …; }: what follows the } belongs to the word
  bool cond_open_ = false;  ///< zsh: reading the condition of an if/while that may have a short body
  bool nested_text_ = false;

  Scratch<Part> parts_;
  Scratch<const Word*> words_;
  Scratch<Assignment> assigns_;
  Scratch<Redirect> redirects_;
  Scratch<Clause> clauses_;
  Scratch<Stage> stages_;
  Scratch<Link> links_;
  Scratch<Statement> statements_;
  std::vector<HereDocument> here_documents_;
};

}  // namespace cmdai::syntax
