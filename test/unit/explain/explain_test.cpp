// Goldens: what a person sees.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include "libcore/engine.hpp"
#include "libcore/explain/layout.hpp"
#include "libcore/explain/lesson.hpp"
#include "libcore/explain/snippet.hpp"

using namespace cmdai;

namespace {

Decision decide(std::string_view command, const char* shell = "bash") {
  static const auto policy = policy::Policy::compile({});
  REQUIRE(policy);
  Request request;
  request.command = command;
  request.session.dialect = *dialect_from_name(shell);
  request.session.cwd = "/home/u/project";
  request.session.home = "/home/u";
  return Engine(*policy).check(request, nullptr);
}

std::string rendered(std::string_view command, explain::Style style = {}) {
  const Decision d = decide(command);
  return explain::render(d.verdict, d.analysis, style);
}

}  // namespace

TEST_CASE("an allow says nothing") {
  CHECK(rendered("ls -la").empty());
  CHECK(explain::one_line(decide("ls").verdict) == "allow");
}

TEST_CASE("a block says what, where, why, hint and rule") {
  CHECK(rendered("sudo rm -rf ~") == R"(cmdai: blocked: this deletes a whole home directory
    sudo rm -rf ~
                ^
  Everything you own is in it, and nothing that rm removes comes back.
  hint: name what should go, such as ~/old-project
  rule fs.delete-home
)");
}

TEST_CASE("nested code is shown level by level") {
  CHECK(rendered("bash -c \"cd / && rm -rf *\"") == R"(cmdai: blocked: this deletes the whole file system
    bash -c "cd / && rm -rf *"
            ^^^^^^^^^^^^^^^^^^
  inside:
    cd / && rm -rf *
                   ^
  Everything below / goes: the system, all homes, all mounted disks.
  hint: name the one directory you mean
  rule fs.delete-root
)");
}

namespace {

std::string described(std::string_view command, explain::Style style = {}) {
  const Decision d = decide(command);
  return explain::describe(d.verdict, d.analysis, {}, style);
}

uint32_t widest_line(std::string_view text) {
  uint32_t widest = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    widest = std::max(widest, explain::columns_of(text.substr(at, end - at)));
    at = end + 1;
  }
  return widest;
}

}  // namespace

TEST_CASE("headline and effects keep to the width of the terminal") {
  for (const char* line :
       {"aws s3api put-bucket-acl --bucket b --acl public-read", "rsync -a --delete a/ h:/x/",
        "git push --force-with-lease origin main", "docker run -v /:/host alpine ls"})
    for (const uint32_t width : {40U, 60U, 80U}) {
      CAPTURE(line);
      CAPTURE(width);
      CHECK(widest_line(described(line, {false, width})) <= width);
    }
  CHECK(rendered("aws s3api put-bucket-acl --acl public-read", {false, 50})
            .find(R"(cmdai: please confirm: this opens an account, a
  cluster or its data to others
    )") == 0);
  CHECK(rendered("aws s3api put-bucket-acl --acl public-read", {true, 50})
            .find("\x1b[1mthis opens an account, a\x1b[0m\n  \x1b[1mcluster or") != std::string::npos);
}

TEST_CASE("a line that runs nothing is told as one") {
  for (const char* line : {"", "  ", "# only a comment"})
    CHECK(described(line).find("nothing in this line would be run\n") == 0);
  CHECK(described("if then").find("nothing in this line") == std::string::npos);
}

TEST_CASE("an effect's clause does not run into its target") {
  CHECK(described("docker run -v /:/host alpine ls").find("more rights: /:/host (/)") != std::string::npos);
  CHECK(described("chmod 777 x").find("x [project] (777)") != std::string::npos);
}

TEST_CASE("only the line with the culprit is shown, with its number") {
  const std::string text = rendered("echo one\necho two\nrm -rf ~\necho four");
  CHECK(text.find("    rm -rf ~  (line 3)\n           ^\n") != std::string::npos);
  CHECK(text.find("echo") == std::string::npos);
}

TEST_CASE("a long line is cut around the culprit and the caret stays right") {
  const std::string line = "echo " + std::string(500, 'a') + "; rm -rf ~; echo " + std::string(500, 'b');
  const std::string text = rendered(line, {false, 60, false});
  const size_t shown = text.find("rm -rf ~;");
  REQUIRE(shown != std::string::npos);
  const size_t line_start = text.rfind('\n', shown) + 1;
  const size_t caret_line = text.find('\n', shown) + 1;
  const size_t caret = text.find('^') - caret_line;
  // the cut mark is three bytes and one column
  CHECK(shown + 7 - line_start - 2 == caret);
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    CHECK(end - at <= 64);
    at = end + 1;
  }
}

TEST_CASE("nothing that moves the cursor reaches the terminal") {
  const std::string text = rendered("rm -rf ~ \x1b[2J \xE2\x80\xAE \x9b \xff");
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\\x1b[2J \\u{202e} \\x9b \\xff") != std::string::npos);
}

TEST_CASE("colours only when asked for") {
  CHECK(rendered("rm -rf ~").find('\x1b') == std::string::npos);
  CHECK(rendered("rm -rf ~", {true, 80, false}).find("\x1b[1;31m") != std::string::npos);
}

TEST_CASE("printable") {
  CHECK(explain::printable("a\tb\nc") == "a\\tb\\nc");
  CHECK(explain::printable("é漢") == "é漢");
  CHECK(explain::printable(std::string_view("\0\x7f", 2)) == "\\x00\\x7f");
  CHECK(explain::printable("\xE2\x80\x8B") == "\\u{200b}");
  CHECK(explain::printable("\xC2\x9B") == "\\x9b");
}

TEST_CASE("wide characters before the culprit move the caret by their columns") {
  const explain::Snippet s = explain::snippet("echo 漢字; X", {13, 14}, 60);
  CHECK(s.column == 11);
  CHECK(s.length == 1);
}

TEST_CASE("a snippet never leaves its text") {
  for (const auto& [begin, end] : {std::pair{0U, 0U}, {5U, 5U}, {5U, 99U}, {99U, 120U}}) {
    CAPTURE(begin);
    const explain::Snippet s = explain::snippet("hello", {begin, end}, 10);
    CHECK(s.line == "hello");
    CHECK(s.column <= 5);
    CHECK(s.length >= 1);
  }
  CHECK(explain::snippet("", {0, 0}, 10).line.empty());
}

TEST_CASE("an overlong line is a finding, its text is not lost") {
  const std::string line(300'000, 'x');
  const Decision d = decide(line);
  CHECK(d.verdict.decisive() != nullptr);
  CHECK(d.verdict.decisive()->rule == "core.too-long");
}

TEST_CASE("a warning is one line that fits, with its rule") {
  CHECK(rendered("eval \"$X\"").starts_with("cmdai: warning: "));
  for (const uint32_t width : {20U, 40U, 60U, 80U, 200U}) {
    explain::Style style;
    style.width = width;
    const std::string said = rendered("eval \"$X\"", style);
    CHECK(std::count(said.begin(), said.end(), '\n') == 1);
    CHECK(said.ends_with("(core.opaque)\n"));
    CHECK(explain::columns_of(said.substr(0, said.size() - 1)) <= std::max(width, 40U));
  }
}

TEST_CASE("for a screen reader places are words") {
  explain::Style style;
  style.plain = true;
  const std::string said = rendered("sudo rm -rf ~", style);
  CHECK(said.find("    sudo rm -rf ~\n    at character 13: ~\n") != std::string::npos);
  CHECK(said.find('^') == std::string::npos);
  CHECK(rendered("echo \xC3\xA9\xC3\xA9; rm -rf ~", style).find("at character 17: ~\n") != std::string::npos);
  CHECK(rendered("echo a\necho b; rm -rf ~", style).find("at character 16 of line 2: ~\n") !=
        std::string::npos);
  CHECK(rendered("rm -rf ~/\x1b[31m/..", style).find('\x1b') == std::string::npos);
}
