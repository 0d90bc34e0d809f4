#include "libcore/resolve/words.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "libcore/syntax/parse.hpp"

namespace cmdai::resolve {
namespace {

/// The arguments of `x WORD` as one line: literals as they are, [glob], [~user], [part source], separated by
/// |.
std::string words(const std::string& source, std::string_view shell, size_t limit = 4096,
                  BraceCut* cut = nullptr) {
  const Dialect dialect = dialect_from_name(shell).value();
  const syntax::Tree tree = syntax::parse("x " + source, dialect);
  REQUIRE(!tree.script->statements.empty());
  const syntax::Command& command = *tree.script->statements[0].links[0].pipeline.stages[0].command;
  Arena storage;
  std::string out;
  bool first = true;
  for (const syntax::Word* word : std::span<const syntax::Word* const>(command.words).subspan(1)) {
    for (const ExpandedWord& one : expand_braces(*word, dialect, storage, limit, cut)) {
      if (!first) out += '|';
      first = false;
      for (const WordAtom& atom : word_atoms(one, dialect)) {
        if (atom.kind == AtomKind::literal)
          out += atom.text;
        else if (atom.kind == AtomKind::tilde)
          out += "[~" + atom.text + "]";
        else if (atom.kind == AtomKind::command)
          out += "[=" + atom.text + "]";
        else if (atom.kind == AtomKind::glob)
          out += "[" + atom.text + "]";
        else
          out += "[" + std::string(atom.part->text) + "]";
      }
    }
  }
  return out;
}

struct WordRow {
  std::string source;
  std::string expected;
};

void check_words(std::string_view shell, const std::vector<WordRow>& rows) {
  for (const WordRow& row : rows) {
    CAPTURE(row.source);
    CAPTURE(shell);
    CHECK(words(row.source, shell) == row.expected);
  }
}

}  // namespace

TEST_CASE("bash braces") {
  check_words("bash", {
                          {"{a,b}c", "ac|bc"},
                          {"a{b,{c,d}}e", "abe|ace|ade"},
                          {"{a,b}{1,2}", "a1|a2|b1|b2"},
                          {"{a}", "{a}"},
                          {"{}", "{}"},
                          {"{a,b", "{a,b"},
                          {"a{},b}", "a}|ab"},
                          {"{a}b,c}", "a}b|c"},
                          {"{}{a,b}", "{}a|{}b"},
                          {"{a,b}{}", "a{}|b{}"},
                          {"{,}", ""},
                          {"{,''}", ""},
                          {"{\"\",a}{,}", "||a|a"},
                          {"{'a,b',c}", "a,b|c"},
                          {"\\{a,b}", "{a,b}"},
                          {"{a\\,b}", "{a,b}"},
                          {"{x..{a,b}}", "x..a|x..b"},
                          {"{b..}", "{b..}"},
                          {"$a{x,y}", "[$ax]|[$ay]"},
                          {"\"$a\"{x,y}", "[$a]x|[$a]y"},
                          {"${a}{x,y}", "[${a}]x|[${a}]y"},
                          {"$1{2,3}", "[$1]2|[$1]3"},
                          {"{$a,b}c", "[$ac]|bc"},
                          {"{$,b}HOME", "[$HOME]|bHOME"},
                          {"{\\$,b}HOME", "$HOME|bHOME"},
                          {"{$(p),b}c", "[$(p)]c|bc"},
                      });
}

TEST_CASE("sequences") {
  check_words("bash",
              {
                  {"{1..5}", "1|2|3|4|5"},
                  {"{5..1..2}", "5|3|1"},
                  {"{1..5..-2}", "1|3|5"},
                  {"{1..3..0}", "1|2|3"},
                  {"{01..10..4}", "01|05|09"},
                  {"{-01..1}", "-01|000|001"},
                  {"{01..-2}", "01|00|-1|-2"},
                  {"{+1..2}", "1|2"},
                  {"{a..e..2}", "a|c|e"},
                  {"{e..a..2}", "e|c|a"},
                  {"{1..a}", "{1..a}"},
                  {"{a..3}", "{a..3}"},
                  {"{1..2..x}", "{1..2..x}"},
                  {"{9223372036854775806..9223372036854775807}", "9223372036854775806|9223372036854775807"},
                  {"{9223372036854775808..1}", "{9223372036854775808..1}"},
                  {"x{1..2}{a..b}", "x1a|x1b|x2a|x2b"},
              });
  check_words(
      "bash32",
      {{"{01..03}", "1|2|3"}, {"{10..1..3}", "{10..1..3}"}, {"{e..a..2}", "{e..a..2}"}, {"{1..3}", "1|2|3"}});
  check_words("zsh", {{"{1..8..-3}", "7|4|1"},
                      {"{10..1..3}", "10|7|4|1"},
                      {"{01..3}", "01|02|03"},
                      {"{1..5..0}", "1..5..0"},
                      {"{e..a..2}", "{e..a..2}"},
                      {"{c..a}", "c|b|a"}});
}

TEST_CASE("the other shells' braces") {
  check_words("sh", {{"{a,b}", "{a,b}"}, {"{1..3}", "{1..3}"}});
  check_words("zsh", {{"x{a,b}{c}", "xa{c}|xb{c}"},
                      {"{a}{b,c}", "{a}b|{a}c"},
                      {"{a{b,c}}", "{ab}|{ac}"},
                      {"{,}", "|"},
                      {"$a{x,y}", "[$a]x|[$a]y"},
                      {"{{a,b},c}", "a|b|c"}});
}

TEST_CASE("fish braces") {
  check_words("fish", {{"{a,b}{c}", "a{c}|b{c}"},
                       {"{a}", "{a}"},
                       {"{}", "{}"},
                       {"x{a,{b,c}}y", "xay|xby|xcy"},
                       {"{{a,b}}", "{a}|{b}"},
                       {"{\"a,b\"}", "{a,b}"},
                       {"{a,}", "a|"},
                       {"{,}", "|"},
                       {"$x{a,b}", "[$x]a|[$x]b"},
                       {"{$x}y", "[$x]y"},
                       {"{\\ a,b}", " a|b"},
                       {"{a,b}{1,2}", "a1|b1|a2|b2"},
                       {"x{a, b }", "xa|xb"},
                       {"x{a,{b, c}}", "xa|xb|x c"},
                       {"{1..3}", "{1..3}"}});
}

TEST_CASE("bounded whatever the word says") {
  BraceCut cut = BraceCut::none;
  CHECK(words("{1..1000000000}", "bash", 3, &cut) == "1|2|3");
  CHECK(cut == BraceCut::numbers);
  cut = BraceCut::none;
  CHECK(words("{1..3}", "bash", 3, &cut) == "1|2|3");
  CHECK(cut == BraceCut::none);
  words("{1..2}{1..2}", "bash", 3, &cut);
  CHECK(cut == BraceCut::words);

  std::string product, nested, open;
  for (int i = 0; i < 40; ++i) product += "{a,b}";
  for (int i = 0; i < 5000; ++i) nested += "{a,";
  nested.append(5000, '}');
  open.assign(200'000, '{');
  open += "},";
  for (const std::string& hostile :
       {product, nested, open, std::string("{-9223372036854775808..9223372036854775807}")}) {
    for (const char* shell : {"bash", "zsh"}) {
      cut = BraceCut::none;
      words(hostile, shell, 4096, &cut);
      CAPTURE(hostile.substr(0, 20));
      CHECK(cut != BraceCut::none);
    }
  }
}

TEST_CASE("what needs no state and what does") {
  check_words("bash", {
                          {"r''m", "rm"},
                          {"r\\m", "rm"},
                          {"'*'", "*"},
                          {"*", "[*]"},
                          {"a?b", "a[?]b"},
                          {"[", "["},
                          {"[a", "[a"},
                          {"[a]", "[[]a]"},
                          {"[]", "[]"},
                          {"~", "[~]"},
                          {"~/x", "[~]/x"},
                          {"~root/x", "[~root]/x"},
                          {"\\~", "~"},
                          {"~\"/x\"", "~/x"},
                          {"~'root'", "~root"},
                          {"a~", "a~"},
                          {"--x=~", "--x=~"},
                          {"a=~", "a=[~]"},
                          {"of=/x:~/y", "of=/x:[~]/y"},
                          {"$'\\x72\\x6d'", "rm"},
                          {"\"a b\"'c'", "a bc"},
                      });
  check_words("zsh", {{"~\"/x\"", "[~]/x"},
                      {"~'root'", "[~root]"},
                      {"a=~", "a=~"},
                      {"=rm", "[=rm]"},
                      {"=", "="},
                      {"'='rm", "=rm"},
                      {"a=b", "a=b"}});
  check_words("sh", {{"a=~", "a=~"}});
  check_words("fish", {{"~/x", "[~]/x"},
                       {"[a]", "[a]"},
                       {"*.txt", "[*].txt"},
                       {"a?", "a[?]"},
                       {"a=~", "a=~"},
                       {"{~,b}", "~|b"},
                       {"~{a,b}", "[~a]|[~b]"}});
}

TEST_CASE("static_text is all or nothing") {
  const Dialect bash = dialect_from_name("bash").value();
  const auto text = [&](std::string_view source) {
    const syntax::Tree tree = syntax::parse(source, bash);
    const syntax::Word& word = *tree.script->statements[0].links[0].pipeline.stages[0].command->words[0];
    return static_text(ExpandedWord{{word.parts.begin(), word.parts.end()}}, bash);
  };
  CHECK(text("r''m") == "rm");
  CHECK(text("''") == "");
  CHECK_FALSE(text("r$x").has_value());
  CHECK_FALSE(text("*").has_value());
  CHECK_FALSE(text("~").has_value());
}

}  // namespace cmdai::resolve
