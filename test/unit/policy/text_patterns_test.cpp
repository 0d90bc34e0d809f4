#include <doctest/doctest.h>
#include <fmt/format.h>
#include <re2/re2.h>

#include <random>

#include "libcore/policy/atoms.hpp"
#include "libcore/policy/text_patterns.hpp"
#include "test/unit/policy/judge.hpp"

using cmdai::policy::Atoms;
using cmdai::policy::TextPatterns;

namespace {

std::vector<int> one_by_one(const std::vector<std::string>& patterns, const std::string& text) {
  std::vector<int> out;
  for (size_t i = 0; i < patterns.size(); ++i)
    if (RE2::PartialMatch(text, RE2(patterns[i]))) out.push_back(static_cast<int>(i));
  return out;
}

}  // namespace

TEST_CASE("atoms are found wherever they are, one in another, too") {
  const Atoms atoms({"he", "she", "hers", "his", "rsh", "\xc3\xa9t"});
  const auto find = [&atoms](std::string_view text) {
    std::vector<int> out = atoms.find(text);
    std::sort(out.begin(), out.end());
    return out;
  };
  CHECK(find("ushers") == std::vector<int>{0, 1, 2});
  CHECK(find("USHERSHis") == std::vector<int>{0, 1, 2, 3, 4});
  CHECK(find("hhis hi h") == std::vector<int>{3});
  CHECK(find("\xc3\xa9t\xc3") == std::vector<int>{5});
  CHECK(find("").empty());
  CHECK(Atoms({}).find("anything").empty());
}

TEST_CASE("patterns are found together as they are found one by one") {
  std::vector<std::string> patterns{
      "",        "^$",        "rm",          "^rm -",         "(?i)drop table", "(?i)k",     "k",
      "(?i)ss$", "[^a]b",     "a.{0,20}b",   "x|yz",          "(foo|bar)+baz",  "\\bcat\\b", "\\x{212A}",
      "\\x6b",   "K",         "\xc3\x89tat", "(?i)\xc3\xa9t", "a(?i:b)c",       "(?s)a.b",   "[A-Z]{3}",
      "\\pL\\d", "\\Qa.b\\E", "(?-i)Foo",    "(?P<name>n)o",  "\\141\\142",     "ab?c*d",    "(a|b)(c|d)ef",
  };
  for (int i = 0; i < 60; ++i) {
    patterns.push_back(fmt::format("host-{}\\b", i));
    patterns.push_back(fmt::format("(?i)a.*Z{}", i));
  }
  std::vector<std::string> texts{"",
                                 "rm -rf x",
                                 "DROP  TABLE x",
                                 "drop table",
                                 "\xe2\x84\xaa",
                                 "k",
                                 "\xc5\xbf\xc5\xbf",
                                 "ss",
                                 "S\xc5\xbf",
                                 "\xc3\x89tat",
                                 "\xc3\xa9tat",
                                 "\xc3\x89T",
                                 "a\nb",
                                 "aBc",
                                 "abc",
                                 "host-12 host-3",
                                 "a b z12",
                                 "AZ5 \xe2\x84\xaa",
                                 "foobarbaz",
                                 "\xff\xfe",
                                 "Foo FOO",
                                 "acef",
                                 "a.b",
                                 "L1"};
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same texts each time
  const std::vector<std::string> pieces{"a",  "b",          "Z",  "host-",        "1",   "7",
                                        " ",  "ef",         "k",  "\xe2\x84\xaa", "foo", "baz",
                                        "rm", "drop table", "\n", "\xc3\x89t"};
  for (int i = 0; i < 400; ++i) {
    std::string text;
    for (size_t n = random() % 9; n > 0; --n) text += pieces[random() % pieces.size()];
    texts.push_back(std::move(text));
  }
  const TextPatterns together(patterns);
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(together.search(text) == one_by_one(patterns, text));
  }
  CHECK(TextPatterns({}).search("x").empty());
  CHECK(TextPatterns({"(a|b).{200,400}c.*d", "x.{0,300}y"}).search(std::string(5000, 'a')).empty());
}

namespace {

std::string rule(int number, const std::string& when) {
  return fmt::format(
      "[[rule]]\nid = \"my.rule-{}\"\nseverity = \"high\"\ntitle = \"this t\"\nwhy = \"w\"\nhint = \"h\"\n"
      "when = {}\nstop = [\"a\"]\npass = [\"b\"]\n",
      number, when);
}
constexpr uint32_t kLinesOfRule = 9;

}  // namespace

TEST_CASE("a mistake among a thousand rules is told with its line and column") {
  struct Row {
    const char* when;
    uint32_t line, column;  ///< in the rule
    const char* message;
  };
  for (const Row& row : {Row{"{ text = 'a(b' }", 7, 17, "bad regular expression"},
                         Row{"{ text = ['fine', 'a(?=b)'] }", 7, 26, "bad regular expression"},
                         Row{"{ txt = 'a' }", 7, 10, "unknown field `txt`"}}) {
    std::string text = "family = \"my\"\n";
    for (int i = 0; i < 1000; ++i)
      text += rule(i, i == 899 ? row.when : fmt::format("{{ text = 'number {}' }}", i));
    cmdai::policy::PolicySources sources;
    sources.user_packs.push_back({"mine.toml", text});
    const auto made = cmdai::policy::Policy::compile(sources);
    REQUIRE(!made);
    CAPTURE(made.error().render());
    CHECK(made.error().line == 1 + 899 * kLinesOfRule + row.line);
    CHECK(made.error().column == row.column);
    CHECK(made.error().message.find(row.message) != std::string::npos);
  }
}

TEST_CASE("rules with a text are tried where it is, whatever else they ask for") {
  struct Row {
    const char* when;
    const char* command;
    bool matches;
  };
  for (const Row& row : {
           Row{"{ text = 'abc' }", "echo abc", true},
           Row{"{ text = 'abc' }", "echo ab", false},
           Row{"{ text = ['xyz', 'abc'] }", "echo abc", true},
           Row{"{ text = 'abc', effect = \"deletes\" }", "rm abc", true},
           Row{"{ text = 'abc', effect = \"deletes\" }", "ls abc", false},
           Row{"{ text = 'abc', effect = \"deletes\" }", "rm ab", false},
           Row{"{ effect = \"deletes\", all = [{ text = 'abc' }] }", "rm abc", true},
           Row{"{ effect = \"deletes\", any = [{ text = 'abc' }, { text = 'xyz' }] }", "rm xyz", true},
           Row{"{ effect = \"deletes\", any = [{ text = 'abc' }, { recursive = true }] }", "rm -r x", true},
           Row{"{ effect = \"deletes\", any = [{ text = 'abc' }, { recursive = true }] }", "rm x", false},
           Row{"{ effect = \"deletes\", not = { text = 'abc' } }", "rm x", true},
           Row{"{ effect = \"deletes\", not = { text = 'abc' } }", "rm abc", false},
           Row{"[{ text = 'abc' }, { effect = \"deletes\" }]", "rm x", true},
           Row{"[{ text = 'abc' }, { effect = \"deletes\" }]", "echo abc", true},
           Row{"{ text = 'abc', call = { program = \"echo\" } }", "echo abc", true},
           Row{"{ text = 'abc', call = { program = \"echo\" } }", "printf abc", false},
           Row{"{ text = '(?i)ABC$' }", "sh -c 'echo abc'", true},
       }) {
    CAPTURE(std::string(row.when));
    CAPTURE(std::string(row.command));
    cmdai::policy::PolicySources sources;
    sources.user_packs.push_back({"mine.toml", "family = \"my\"\n" + rule(0, row.when)});
    const auto policy = cmdai::test::compile(sources);
    const auto verdict = cmdai::test::judge(*policy, {row.command});
    CHECK(std::any_of(verdict.matches.begin(), verdict.matches.end(),
                      [](const auto& m) { return m.rule == "my.rule-0"; }) == row.matches);
  }
}
