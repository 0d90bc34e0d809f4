// Cutting into somebody else's JSON: what is put in, and that taking it out gives the text back.
#include "shell-hooks/agents/settings/json_text.hpp"

#include <doctest/doctest.h>

using cmdai::agents::Json;
using cmdai::agents::JsonPath;
using cmdai::agents::JsonText;

namespace {

const JsonPath kList = {"hooks", "PreToolUse"};

JsonText read(const std::string& text) {
  auto json = JsonText::parse(text, "f.json");
  REQUIRE_MESSAGE(json.has_value(), (json ? "" : json.error().render()));
  return *json;
}

struct Case {
  const char* what;
  std::string before, after;
  bool exact;  ///< taken out again, the text is what it was
};

}  // namespace

TEST_CASE("an element is appended, and the rest of the text stays") {
  const Case cases[] = {
      {"empty object", "{}\n",
       "{\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n        \"a\": 1\n      }\n    ]\n  }\n}\n", true},
      {"other members, two blanks", "{\n  \"model\": \"x\"\n}\n",
       "{\n  \"model\": \"x\",\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n        \"a\": 1\n      }\n  "
       "  ]\n  }\n}\n",
       true},
      {"four blanks", "{\n    \"model\": \"x\"\n}",
       "{\n    \"model\": \"x\",\n    \"hooks\": {\n        \"PreToolUse\": [\n            {\n               "
       " \"a\": 1\n            }\n        ]\n    }\n}",
       true},
      {"tabs", "{\n\t\"model\": \"x\"\n}\n",
       "{\n\t\"model\": \"x\",\n\t\"hooks\": {\n\t\t\"PreToolUse\": [\n\t\t\t{\n\t\t\t\t\"a\": "
       "1\n\t\t\t}\n\t\t]\n\t}\n}\n",
       true},
      {"CRLF", "{\r\n  \"m\": 1\r\n}\r\n",
       "{\r\n  \"m\": 1,\r\n  \"hooks\": {\r\n    \"PreToolUse\": [\r\n      {\r\n        \"a\": 1\r\n      "
       "}\r\n    ]\r\n  }\r\n}\r\n",
       true},
      {"one line", "{\"m\":1}", "{\"m\":1,\"hooks\":{\"PreToolUse\":[{\"a\":1}]}}", true},
      {"one line with blanks", "{\"m\": 1, \"n\": 2}",
       "{\"m\": 1, \"n\": 2, \"hooks\": {\"PreToolUse\":[{\"a\":1}]}}", true},
      {"another hook is there", "{\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\"b\": 2}\n    ]\n  }\n}\n",
       "{\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\"b\": 2},\n      {\n        \"a\": 1\n      }\n    "
       "]\n  }\n}\n",
       true},
      {"comments stay", "{\n  // mine\n  \"m\": 1 // why\n  /* end */\n}\n",
       "{\n  // mine\n  \"m\": 1, // why\n  /* end */\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n      "
       "  \"a\": 1\n      }\n    ]\n  }\n}\n",
       true},
      {"braces and commas in texts and comments", "{\n  \"m\": \"},]\\\"{\" /* }, */\n}\n",
       "{\n  \"m\": \"},]\\\"{\", /* }, */\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n        \"a\": "
       "1\n      }\n    ]\n  }\n}\n",
       true},
      {"of two members of one name the last counts",
       "{\n  \"hooks\": {},\n  \"hooks\": {\n    \"X\": []\n  }\n}\n",
       "{\n  \"hooks\": {},\n  \"hooks\": {\n    \"X\": [],\n    \"PreToolUse\": [\n      {\n        \"a\": "
       "1\n      }\n    ]\n  }\n}\n",
       true},
      {"an empty list is filled", "{\n  \"hooks\": {\n    \"PreToolUse\": []\n  }\n}\n",
       "{\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n        \"a\": 1\n      }\n    ]\n  }\n}\n",
       false},
      {"byte order mark", "\xEF\xBB\xBF{\n  \"m\": 1\n}\n",
       "\xEF\xBB\xBF{\n  \"m\": 1,\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n        \"a\": 1\n      "
       "}\n    ]\n  }\n}\n",
       true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    JsonText json = read(c.before);
    REQUIRE(json.append(kList, Json{{"a", 1}}).has_value());
    CHECK(json.text() == c.after);
    const JsonText again = read(json.text());
    const Json* list = again.find(kList);
    REQUIRE(list != nullptr);
    CHECK(list->back() == Json{{"a", 1}});
    json.remove(kList, list->size() - 1);
    const size_t left = json.find(kList) == nullptr ? 0 : json.find(kList)->size();
    CHECK(left + 1 == list->size());
    if (c.exact) CHECK(json.text() == c.before);
    CHECK_NOTHROW(read(json.text()));
  }
}

TEST_CASE("an element is taken out, and comments around it stay") {
  const struct {
    const char* before;
    size_t index;
    const char* after;
  } cases[] = {
      {R"({"hooks":{"PreToolUse":[1,2,3]}})", 0, R"({"hooks":{"PreToolUse":[2,3]}})"},
      {R"({"hooks":{"PreToolUse":[1,2,3]}})", 1, R"({"hooks":{"PreToolUse":[1,3]}})"},
      {R"({"hooks":{"PreToolUse":[1,2,3]}})", 2, R"({"hooks":{"PreToolUse":[1,2]}})"},
      {"{\"hooks\":{\"PreToolUse\":[\n1, // one\n2, // two\n3\n]}}", 1,
       "{\"hooks\":{\"PreToolUse\":[\n1, // one\n// two\n3\n]}}"},
      {"{\"hooks\":{\"PreToolUse\":[\n1, // one\n2 // two\n]}}", 1,
       "{\"hooks\":{\"PreToolUse\":[\n1 // one\n // two\n]}}"},
      {"{\"hooks\":{\"PreToolUse\":[\n1, // one\n2]}}", 1, "{\"hooks\":{\"PreToolUse\":[\n1 // one\n]}}"},
      {"{\"hooks\":{\"PreToolUse\":[\n1, // one\n2\n]}}", 1, "{\"hooks\":{\"PreToolUse\":[\n1 // one\n]}}"},
      {"{\"hooks\":{\"PreToolUse\":[\n1 // one\n, 2\n]}}", 1,
       "{\"hooks\":{\"PreToolUse\":[\n1 // one\n\n]}}"},
      {"{\"m\":1,\"hooks\":{\"PreToolUse\":[1]}}", 0, "{\"m\":1}"},
      {"{\"hooks\":{\"PreToolUse\":[1]},\"m\":1}", 0, "{\"m\":1}"},
      {"{\"hooks\":{\"PreToolUse\":[1]}}", 0, "{}"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.before);
    CAPTURE(c.index);
    JsonText json = read(c.before);
    const Json before = *json.find(kList);
    json.remove(kList, c.index);
    Json wanted = before;
    wanted.erase(c.index);
    const Json* left = json.find(kList);
    if (wanted.empty())
      CHECK(left == nullptr);
    else
      CHECK(*left == wanted);
    CHECK(read(json.text()).value() == json.value());
    CHECK(json.text() == c.after);
  }
}

TEST_CASE("what is no JSON is said with its place") {
  const auto broken = JsonText::parse("{\n  \"a\": 1,\n  \"b\": }\n", "s.json");
  REQUIRE(!broken.has_value());
  CHECK(broken.error().file == "s.json");
  CHECK(broken.error().line == 3);
  CHECK(broken.error().column == 8);
  CHECK(broken.error().render().find("s.json:3:8: not valid JSON") != std::string::npos);
  CHECK(!JsonText::parse("[1]", "s.json").has_value());
  CHECK(!JsonText::parse("{\"a\": 1,}", "s.json").has_value());
  CHECK(!JsonText::parse("{\"a\":" + std::string(1000, '[') + std::string(1000, ']') + "}", "s.json")
             .has_value());
  JsonText json = read("{\n  \"hooks\": [1]\n}\n");
  const auto refused = json.append(kList, 1);
  REQUIRE(!refused.has_value());
  CHECK(refused.error().message == "`hooks` is not an object");
  CHECK(refused.error().line == 2);
  JsonText list = read("{\"hooks\": {\"PreToolUse\": 3}}");
  CHECK(list.append(kList, 1).error().message == "`hooks.PreToolUse` is not an array");
}
