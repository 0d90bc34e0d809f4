#pragma once
// Recursive descent for bash, sh and zsh, straight on the bytes. Internal to libcore/syntax.
//
// After the first error the cursor stands at the end of the text: every loop sees the end, every open
// construct is closed with what it has, and the partial tree stays usable. Nesting is counted; nothing
// recurses without Nesting.
#include <iterator>
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

/// What the reader of words asks of a byte, by the mode it reads in. All others stand for themselves.
struct WordBytes {
  ByteSet ends;     ///< ends the word (as } may in zsh)
  ByteSet special;  ///< ends it, or starts something else than a byte
  constexpr WordBytes(std::string_view ending, std::string_view starting)
      : ends(ending), special(ends | ByteSet(starting)) {}
};
/// In the order of Mode. NUL is special in a word because dash drops it.
inline constexpr WordBytes kWordBytes[] = {
    /* word          */ {" \t\n;&|<>()", std::string_view("\\'\"$`?*+@!{}\0", 13)},
    /* regex         */ {" \t\n", "\\'\"$`"},
    /* dquote        */ {"\"", "\\$`"},
    /* brace         */ {"}", "\\'\"$`{"},
    /* brace_quoted  */ {"}", "\\\"$`"},
    /* slash         */ {"}/", "\\'\"$`"},
    /* slash_quoted  */ {"}/", "\\\"$`"},
    /* arithmetic    */ {"", "\\$`"},
    /* here_document */ {"", "\\$`"},
};
static_assert(std::size(kWordBytes) == static_cast<size_t>(Mode::here_document) + 1);
inline constexpr const WordBytes& bytes_of(Mode mode) { return kWordBytes[static_cast<size_t>(mode)]; }

inline bool is_meta(char c) { return bytes_of(Mode::word).ends[c]; }
inline constexpr ByteSet kBlankStarts(" \t\\#");
inline constexpr ByteSet kRedirectStarts("<>&{0123456789");

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
  bool looking_at(std::string_view text) const { return slice(pos_, end_).starts_with(text); }
  std::string_view slice(uint32_t begin, uint32_t end) const { return {src_.data() + begin, end - begin}; }
  [[gnu::cold]] void fail(Status status, uint32_t at, std::string_view message);
  [[gnu::cold]] void expected(std::string_view what);
  [[gnu::cold]] void unexpected(std::string_view where = {});  ///< the byte at the cursor
  bool failed() const { return status_ != Status::complete; }
  void unread();
  void spend() {  ///< one node; failed when the budget is gone
    if (++budget_.nodes > options_.limits.nodes) fail(Status::too_complex, pos_, "too many parts");
  }
  bool is_zsh() const { return dialect_.shell == Shell::zsh; }
  /// zsh takes the end of a text for what is missing after &&, ||, a loop's condition, `function`, `coproc`.
  /// At a prompt it asks for more.
  bool zsh_ends_here() const { return is_zsh() && !dialect_.interactive && at_end(); }
  bool ends_with_keyword(const Statement& s) const;
  bool is_bash() const { return dialect_.shell == Shell::bash; }
  bool is_sh() const { return dialect_.shell == Shell::sh; }

  // --- blanks, newlines, reserved words (posix_blanks.cpp)
  void skip_continuations();
  void skip_blanks() {
    if (pos_ < end_ && src_[pos_] == ' ') ++pos_;  // most are one space
    if (pos_ < end_ && kBlankStarts[src_[pos_]]) skip_blanks_from_here();
  }
  void skip_blanks_from_here();
  bool comment_starts() const;
  void skip_newlines() {
    do skip_blanks();
    while (take_newline());
  }
  bool take_newline() {
    if (pos_ >= end_ || src_[pos_] != '\n') return false;
    ++pos_;
    read_here_documents();
    return true;
  }
  void note(TokenKind kind, uint32_t begin) {
    if (options_.keep_tokens) keep_token(kind, begin);
  }
  void keep_token(TokenKind kind, uint32_t begin);

  // --- words (posix_words.cpp, posix_expansion.cpp)
  const Word* word(Mode mode = Mode::word);
  const Word* plain_word() {
    return pos_ < end_ && !bytes_of(Mode::word).special[src_[pos_]] ? plain_word_from_here() : nullptr;
  }
  const Word* plain_word_from_here();
  const Word* finish_word(uint32_t begin, size_t mark);
  const Word* empty_word(uint32_t at);
  /// Whether something that belongs to a word stands here although its first byte may be an operator
  /// character.
  bool word_starts() const {
    if (pos_ >= end_) return false;
    const char c = src_[pos_];
    return (!is_meta(c) && c != '}') || operator_starts_word();
  }
  bool operator_starts_word() const;
  uint32_t numeric_range() const;
  bool zsh_parentheses() const;
  bool zsh_brace_closes() const;
  bool ends_word(Mode mode) const {
    const char c = src_[pos_];
    if (c == '}' && mode == Mode::word) return brace_ends_word_ && zsh_brace_closes();
    return bytes_of(mode).ends[c];
  }
  void parts(Mode mode);
  /// On to the next byte that means something in this mode.
  void skip_ordinary(Mode mode) {
    const ByteSet& special = bytes_of(mode).special;
    uint32_t at = pos_;
    while (at < end_ && !special[src_[at]]) ++at;
    pos_ = at;
  }
  void add_text(uint32_t begin, uint32_t end, bool quoted, bool in_quotes);
  /// What stands from `begin` to the cursor.
  Part& add_part(PartKind kind, uint32_t begin, bool in_quotes) {
    Part& p = parts_.add();
    p.kind = kind;
    p.in_quotes = in_quotes;
    p.range = {begin, pos_};
    p.text = slice(begin, pos_);
    return p;
  }
  const List<const Word*>* take_words(size_t mark) {
    return arena_.make<List<const Word*>>(words_.take(mark, arena_));
  }
  void backslash(Mode mode);
  void single_quoted();
  void ansi_c();
  void double_quoted();
  void dollar(bool in_quotes, Mode mode);
  std::string_view joined_name(uint32_t& at);
  std::string_view continued_name(uint32_t begin, uint32_t& at);
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
  std::string_view take_terminator();
  List<Link> and_or();
  List<Link> and_or_behind(const Link& first, std::string_view op);
  std::string_view take_and_or();
  bool nothing_ahead();
  void pipeline(Pipeline& p);
  List<Stage> stages();
  List<Stage> stages_behind(const Stage& first);
  bool stage(Stage& s);
  const Command* command();
  const Command* simple(Command* c, uint32_t begin, std::string_view literal);
  void plain_arguments();
  bool assignment();
  uint32_t assigned_value();
  uint32_t subscript_end(uint32_t open);
  bool redirect() { return pos_ < end_ && kRedirectStarts[src_[pos_]] && redirect_from_here(); }
  bool redirect_from_here();
  const Word* array_value();
  void trailing_redirects();
  Compound& more(Command& c) { return more_of(c, arena_); }
  bool compound_ahead(Command& c);
  bool reserved_ahead() const;
  std::string_view literal_ahead() const;
  std::string_view joined_literal_ahead() const;
  bool keyword_ahead(std::string_view text) const {
    if (pos_ >= end_) return false;
    const char c = src_[pos_];
    return (c == text[0] || c == '\\' || c == '\0') && literal_ahead() == text;
  }
  bool take_keyword(std::string_view text) { return keyword_ahead(text) && (skip_keyword(text), true); }
  void skip_keyword(std::string_view text);
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
  void read_here_documents() {
    if (!here_documents_.empty()) read_waiting_here_documents();
  }
  void read_waiting_here_documents();
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
