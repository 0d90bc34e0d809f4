#include <doctest/doctest.h>

#include <iterator>

#include "libcore/base/arena.hpp"
#include "libcore/base/diagnostic.hpp"
#include "libcore/base/dialect.hpp"
#include "libcore/base/punycode.hpp"

using namespace cmdai;

TEST_CASE("a diagnostic shows file, line, column, the line, a caret and a hint") {
  const std::string text = "id = 'x'\nacton = 'block'\n";
  CHECK(diagnostic_at(text, "git.toml", 9, 5, "unknown field `acton`", "did you mean `action`?").render() ==
        "git.toml:2:1: unknown field `acton`\n"
        "  acton = 'block'\n"
        "  ^^^^^\n"
        "hint: did you mean `action`?");
}

TEST_CASE("a diagnostic at or behind the end of the text keeps its caret in the line") {
  CHECK(diagnostic_at("ab", "f", 2, 9, "cut short").render() == "f:1:3: cut short\n  ab\n    ^");
  CHECK(diagnostic_at("", "f", 7, 1, "empty").render() == "f:1:1: empty");
}

TEST_CASE("control characters in the shown line become one cell each") {
  CHECK(diagnostic_at("a\x1b[2Jb", "f", 1, 1, "m").render() == "f:1:2: m\n  a?[2Jb\n   ^");
}

TEST_CASE("nearest suggests a close word and nothing far") {
  constexpr std::string_view words[] = {"action", "severity", "title"};
  CHECK(nearest("acton", std::begin(words), std::end(words)) == "action");
  CHECK(nearest("zzz", std::begin(words), std::end(words)).empty());
}

TEST_CASE("dialects are found by name and by path") {
  CHECK(dialect_from_name("/usr/bin/zsh")->shell == Shell::zsh);
  CHECK(dialect_from_name("-bash")->shell == Shell::bash);
  CHECK(dialect_from_name("bash32")->version == 302);
  CHECK_FALSE(dialect_from_name("pwsh").has_value());
}

TEST_CASE("arena hands out aligned memory and survives large and many allocations") {
  Arena arena;
  for (size_t i = 1; i < 3000; ++i) {
    auto* p = arena.make<uint64_t>(i);
    CHECK(reinterpret_cast<uintptr_t>(p) % alignof(uint64_t) == 0);
    arena.allocate(i % 7, 1);
  }
  CHECK(arena.copy(std::string(1 << 21, 'x')).size() == 1U << 21);
  arena.reset();
  CHECK(arena.bytes_used() == 0);
  CHECK(arena.copy("abc") == "abc");
  arena.reserve(5 << 20);
  CHECK(arena.bytes_used() == 3);
  const std::string_view first = arena.copy(std::string(1 << 20, 'x'));
  const std::string_view second = arena.copy(std::string(3 << 20, 'y'));
  CHECK(first.data() + first.size() == second.data());  // one piece, as was asked
  CHECK(arena.bytes_used() == 3 + (4U << 20));
}

TEST_CASE("punycode: what RFC 3492 and registries write, and what nobody writes") {
  struct {
    std::string_view encoded;
    std::u32string_view text;
  } constexpr kRows[] = {
      {"mller-kva", U"m\u00fcller"},
      {"r8jz45g", U"\u4f8b\u3048"},
      {"e1afmkfd", U"\u043f\u0440\u0438\u043c\u0435\u0440"},
      {"80ak6aa92e", U"\u0430\u0440\u0440\u04cf\u0435"},
      {"egbpdaj6bu4bxfgehfvwxn",
       U"\u0644\u064a\u0647\u0645\u0627\u0628\u062a\u0643\u0644\u0645\u0648\u0634\u0639\u0631\u0628"
       U"\u064a\u061f"},
      {"ls8h", U"\U0001f4a9"},
      {"abc-", U"abc"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.encoded);
    CHECK(decode_punycode(row.encoded) == std::u32string(row.text));
  }
  for (std::string_view bad : {"", "a!", "99999999", "\xc3\xbc-a", "mller-kv_"}) {
    CAPTURE(bad);
    CHECK_FALSE(decode_punycode(bad).has_value());
  }
  CHECK_FALSE(decode_punycode(std::string(64, 'a')).has_value());
}
