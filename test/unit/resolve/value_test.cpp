// Values: literal pieces and holes, and what can be said of them.
#include "libcore/resolve/value.hpp"

#include <doctest/doctest.h>

namespace cmdai::resolve {
namespace {

/// pre + hole + post, as `"pre$NAME"post` gives it.
Value with_hole(std::string_view before, std::string name, std::string_view after) {
  Value v = Value::exact(std::string(before));
  v.append(Value::unknown(HoleKind::variable, std::move(name)));
  v.append_literal(after, true);
  return v;
}

}  // namespace

TEST_CASE("an exact value is its text, and only that") {
  CHECK(Value().text() == "");
  CHECK(Value().pieces().empty());
  CHECK(Value::exact("a b").text() == "a b");
  CHECK(Value::exact("a").is_exact());
  CHECK_FALSE(Value::exact("a").is_unknown());
  CHECK_FALSE(Value::exact("*").has_glob());
}

TEST_CASE("a hole hides what it holds and nothing else") {
  const Value v = with_hole("/a/", "X", "/b");
  CHECK_FALSE(v.text().has_value());
  CHECK(v.prefix() == "/a/");
  CHECK(v.suffix() == "/b");
  CHECK(v.with_holes_empty() == "/a//b");
  CHECK(v.display() == "/a/$X/b");
  CHECK_FALSE(v.is_unknown());
  CHECK(Value::unknown(HoleKind::output).display() == "…");
  CHECK(Value::unknown(HoleKind::output).is_unknown());
}

TEST_CASE("the kernel reads a word up to its first NUL") {
  using namespace std::string_literals;
  Value v = Value::exact("/a\0b"s);
  v.append(Value::unknown(HoleKind::variable, "X"));
  CHECK(v.up_to_nul().text() == "/a");
  CHECK(Value::exact("ab").up_to_nul().text() == "ab");
}

TEST_CASE("only an unquoted hole on its own may vanish from the line") {
  CHECK(Value::unknown(HoleKind::variable, "X", true).may_vanish());
  CHECK_FALSE(Value::unknown(HoleKind::variable, "X", false).may_vanish());
  CHECK_FALSE(with_hole("a", "X", "").may_vanish());
  CHECK_FALSE(Value().may_vanish());
}

TEST_CASE("glob characters count where they were not quoted") {
  Value v = Value::exact("a");
  v.append_literal("*", false);
  CHECK_FALSE(v.has_glob());
  v.append_literal("?", true);
  CHECK(v.has_glob());
  CHECK(v.text() == "a*?");
}

TEST_CASE("appending joins neighbours of one kind and keeps the taint") {
  Value v;
  v.append_literal("a", true);
  v.append_literal("b", true);
  CHECK(v.pieces().size() == 1);
  v.append_literal("", false);
  CHECK(v.pieces().size() == 1);
  Value remote = Value::exact("c");
  remote.taint = Taint::remote;
  v.append(remote);
  CHECK(v.text() == "abc");
  CHECK(has(v.taint, Taint::remote));
  CHECK_FALSE(has(v.taint, Taint::secret));
  CHECK(v.size() > 3);
}

}  // namespace cmdai::resolve
