// What a line means, part by part: goldens (test/corpus/explain/lessons.txt), and what holds for every line.
// CMDAI_UPDATE=1 writes the goldens anew; the difference is read before it counts.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "daemon/cli/debug_parse.hpp"
#include "libcore/engine.hpp"
#include "libcore/explain/lesson.hpp"

using namespace cmdai;
using explain::Lesson;
using explain::LessonPart;
using explain::LessonStep;

namespace {

resolve::Session session_of(std::string_view shell) {
  resolve::Session session;
  session.dialect = *dialect_from_name(shell);
  session.cwd = "/home/u/project";
  session.home = "/home/u";
  session.user = "u";
  return session;
}

Lesson lesson_of(std::string_view command, std::string_view shell = "bash") {
  return explain::teach(command, session_of(shell), nullptr);
}

std::string json_of(std::string_view command, std::string_view shell = "bash") {
  return explain::to_json(lesson_of(command, shell), {}, {});
}

std::string shown_lesson(std::string_view command, std::string_view shell = "bash",
                         explain::Style style = {}) {
  static const auto policy = policy::Policy::compile({});
  REQUIRE(policy);
  Request request;
  request.command = command;
  request.session = session_of(shell);
  const Decision d = Engine(*policy).check(request, nullptr);
  return explain::describe(d.verdict, d.analysis, lesson_of(command, shell), style);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path);
  REQUIRE(in.good());
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// `=== shell` , the line, `---`, what is said.
struct Golden {
  std::string shell, line, text;
};
std::vector<Golden> goldens(const std::string& file) {
  std::vector<Golden> out;
  const std::string all = read_file(file);
  for (size_t at = all.find("=== "); at != std::string::npos;) {
    const size_t next = all.find("\n=== ", at);
    const std::string one = all.substr(at, next == std::string::npos ? next : next + 1 - at);
    const size_t head = one.find('\n'), middle = one.find("\n---\n");
    REQUIRE(middle != std::string::npos);
    out.push_back({one.substr(4, head - 4), one.substr(head + 1, middle - head - 1), one.substr(middle + 5)});
    at = next == std::string::npos ? next : next + 1;
  }
  return out;
}

/// What the parser alone finds: the programs of simple commands whose first word is plain text.
std::vector<std::string> programs_of(const std::string& line, std::string_view shell) {
  std::istringstream in(nlohmann::json{{"id", "1"}, {"src", line}, {"shell", shell}}.dump() + '\n');
  std::ostringstream out, talk;
  REQUIRE(cli::debug_parse(in, out, talk) == 0);
  std::vector<std::string> programs;
  const auto answer = nlohmann::json::parse(out.str());
  for (const auto& command : answer["cmds"]) {
    const auto& argv = command["argv"];
    if (command["kind"] == "simple" && !argv.empty() && argv[0].is_string())
      programs.push_back(argv[0].get<std::string>());
  }
  return programs;
}

size_t count_named(const Lesson& lesson, const std::string& program) {
  const std::string name = program.substr(program.rfind('/') + 1);
  return static_cast<size_t>(
      std::count_if(lesson.steps.begin(), lesson.steps.end(), [&](const LessonStep& s) {
        return s.kind == LessonStep::Kind::command && (s.program == name || s.program == program);
      }));
}

const LessonPart* part(const Lesson& lesson, std::string_view text) {
  for (const LessonStep& step : lesson.steps)
    for (const LessonPart& p : step.parts)
      if (p.text == text) return &p;
  return nullptr;
}

}  // namespace

TEST_CASE("goldens") {
  const std::string file = environment("CMDAI_GOLDENS");
  if (file.empty()) return;  // run by hand, without the folder of the sources
  std::string anew;
  for (const Golden& golden : goldens(file)) {
    CAPTURE(golden.line);
    const std::string now = shown_lesson(golden.line, golden.shell);
    anew += "=== " + golden.shell + "\n" + golden.line + "\n---\n" + now + "\n";
    if (environment("CMDAI_UPDATE").empty()) CHECK(golden.text == now + "\n");
  }
  if (!environment("CMDAI_UPDATE").empty()) std::ofstream(file) << anew;
}

TEST_CASE("every simple command of every line is named") {
  const std::string folder = environment("CMDAI_CORPUS");
  if (folder.empty()) return;
  size_t named = 0;
  for (const std::string shell : {"bash", "sh", "zsh", "fish"}) {
    std::istringstream lines(read_file(folder + "/" + shell + ".txt"));
    for (std::string line; std::getline(lines, line);) {
      line = replaced(line, "⏎", "\n");
      const Lesson lesson = lesson_of(line, shell);
      std::map<std::string, size_t> wanted;
      for (const std::string& program : programs_of(line, shell)) ++wanted[program];
      for (const auto& [program, count] : wanted) {
        INFO(shell << ": " << line << "\n" << program << "\n" << explain::render(lesson, {}));
        CHECK(count_named(lesson, program) >= count);
        named += count;
      }
      const std::string shown = shown_lesson(line, shell);
      CHECK(shown.find('\x1b') == std::string::npos);
      CHECK(nlohmann::json::accept(json_of(line, shell)));
    }
  }
  CHECK(named > 500);
}

TEST_CASE("options are read as the catalogue reads them") {
  struct Row {
    std::string_view line, text, says;
  };
  for (const Row& row : {
           Row{"tar -xzf a.tgz", "-f a.tgz", "the archive"},
           Row{"tar -xzfa.tgz", "-fa.tgz", "the archive"},
           Row{"tar xzf a.tgz", "f a.tgz", "the archive"},
           Row{"tar --file=a.tgz -x", "--file=a.tgz", "the archive"},
           Row{"tar --extr -f a.tgz", "--extr", "takes the archive apart"},
           Row{"ls --colo=auto", "--colo=auto", "in colours"},
           Row{"head -20 a", "-20", "the first 20 lines"},
           Row{"head -n 5 a", "-n 5", "the first 5 lines"},
           Row{"rm -- -f", "-f", "what is deleted"},
           Row{"git -C sub log -3", "-3", "3 of them"},
           Row{"git commit -am msg", "-m msg", "with this message"},
           Row{"wget -nc http://example.org/a", "-nc", "replaces no file that is there"},
           Row{"gcc -O2 a.c", "-O2", "makes it faster"},
           Row{"grep -e a -- b", "b", "where it looks"},
           Row{"grep a b", "a", "what it looks for"},
           Row{"cp a b c", "c", "where it goes"},
           Row{"cp -t d a b", "b", "what is copied"},
           Row{"dd if=/dev/zero of=x bs=1M", "bs=1M", "1M bytes at a time"},
           Row{"kubectl logs -f web", "-f", "goes on with what is added"},
           Row{"kubectl -n x get pods", "-n x", "in the namespace x"},
           Row{"docker run -it alpine ls -l", "ls -l", "what runs inside"},
           Row{"strings -n 8 a.out", "a.out", "a file"},
           Row{"diff -w a b", "a", "the first"},
           Row{"join -1 2 a b", "-1 2", "by field 2 of the first file"},
           Row{"rg -r new old src", "-r new", "prints this in place of what fits; no file changes"},
           Row{"git log main -- a", "a", "of this file"},
           Row{"git checkout -- a", "a", "goes back to how it was: changes in it are lost"},
           Row{"gcc -Iinc -Wall a.c", "-Iinc", "looks for headers there"},
           Row{"go test -count=1 ./...", "-count=1", "1 times"},
           Row{"git frobnicate x", "frobnicate", "not described here"},
           Row{"ls --wobble", "--wobble", "not described here"},
           Row{"ls --help", "--help", "shows its help and does nothing else"},
       }) {
    CAPTURE(row.line);
    const Lesson lesson = lesson_of(row.line);
    const LessonPart* found = part(lesson, row.text);
    REQUIRE_MESSAGE(found != nullptr, explain::render(lesson, {}));
    CHECK(found->says == row.says);
  }
}

TEST_CASE("what a word stands for is said where it is not plain to see") {
  struct Row {
    std::string_view line, text, resolved;
  };
  for (const Row& row : {
           Row{"cp a ~/src", "~/src", "/home/u/src"},
           Row{"x=b; cp a \"$x\"", "\"$x\"", "/home/u/project/b"},
           Row{"cp a \"$WHERE\"", "\"$WHERE\"", "$WHERE is not known yet"},
           Row{"cd / && cp a b", "b", "/b"},
           Row{"rm -rf ~", "~", "/home/u, a whole home folder"},
           Row{"rm /tmp/x", "/tmp/x", "temporary"},
           Row{"cat ~/.ssh/id_rsa", "~/.ssh/id_rsa", "/home/u/.ssh/id_rsa, holds keys or passwords"},
           Row{"curl https://u@example.org:8443/a", "https://u@example.org:8443/a", "host example.org"},
           Row{"scp a bob@h:/srv/x", "bob@h:/srv/x", "/srv/x on host h, as user bob"},
           Row{"ssh h 'rm -r /srv/x'", "/srv/x", ""},
           Row{"chmod 755 a", "755", "owner may read, write and run; group and others may read and run"},
           Row{"chmod 4710 a", "4710",
               "owner may read, write and run; group may run; others may do nothing; it runs as its owner"},
           Row{"chmod u+x,go-w a", "u+x,go-w", "owner may also run; group and others may no longer write"},
           Row{"chmod a=r a", "a=r", "everybody may only read"},
           Row{"chmod 9 a", "9", ""},
           Row{"aws s3 cp a s3://b/c", "s3://b/c", ""},
           Row{"tr -d '\\n'", "'\\n'", ""},
           Row{"echo hello", "hello", ""},
           Row{"git push origin main", "origin", ""},
           Row{"diff <(ls a) b", "<(ls a)", "what the command inside writes, as if it were a file"},
       }) {
    CAPTURE(row.line);
    const Lesson lesson = lesson_of(row.line);
    const LessonPart* found = part(lesson, row.text);
    REQUIRE_MESSAGE(found != nullptr, explain::render(lesson, {}));
    CHECK(found->resolved == row.resolved);
  }
}

TEST_CASE("redirections are said in words") {
  struct Row {
    std::string_view line, text, says;
  };
  for (const Row& row : {
           Row{"ls 2>/dev/null", "2>/dev/null", "its error messages go nowhere: thrown away"},
           Row{"ls > a", "> a", "its output goes into this file, in place of what was in it"},
           Row{"ls >>a", ">>a", "its output goes into this file, after what is in it"},
           Row{"ls 2>&1", "2>&1", "its error messages go where its output goes"},
           Row{"ls &>a", "&>a",
               "its output and its error messages go into this file, in place of what was in it"},
           Row{"ls >&2", ">&2", "its output goes where its error messages go"},
           Row{"cat <a", "<a", "reads its input from this file"},
           Row{"cat <<<a", "<<<a", "its input is this text"},
           Row{"cat <<E\na\nE", "<<E", "its input is the lines that follow, up to this word"},
           Row{"ls 3>&-", "3>&-", "descriptor 3 is closed"},
       }) {
    CAPTURE(row.line);
    const Lesson lesson = lesson_of(row.line);
    const LessonPart* found = part(lesson, row.text);
    REQUIRE_MESSAGE(found != nullptr, explain::render(lesson, {}));
    CHECK(found->says == row.says);
  }
}

TEST_CASE("a program nobody wrote about is called that, and nothing is made up") {
  const Lesson lesson = lesson_of("frobnicate -x ~/a");
  REQUIRE(lesson.steps.size() == 1);
  CHECK_FALSE(lesson.steps[0].described);
  CHECK(lesson.steps[0].says == "not a program that cmdai can describe");
  REQUIRE(lesson.steps[0].parts.size() == 1);
  CHECK(lesson.steps[0].parts[0].says.empty());
  CHECK(lesson.steps[0].parts[0].resolved == "/home/u/a");
}

TEST_CASE("an alias and a function are what they stand for") {
  resolve::Session session = session_of("bash");
  session.aliases["ll"] = "ls -l";
  session.dialect.alias_expansion = true;
  const Lesson lesson = explain::teach("ll /tmp", session, nullptr);
  REQUIRE(lesson.steps.size() == 2);
  CHECK(lesson.steps[0].says == "an alias, for what follows");
  CHECK(lesson.steps[1].program == "ls");
  CHECK(lesson_of("f() { ls; }; f").steps.back().says == "a function");
}

TEST_CASE("a lesson is no longer than somebody reads, and says so") {
  std::string line = "ls";
  for (int i = 0; i < 1000; ++i) line += "; ls";
  const Lesson many = lesson_of(line);
  CHECK_FALSE(many.complete);
  CHECK(many.steps.size() <= 200);
  CHECK(explain::render(many, {}).find("too long to be taken apart") != std::string::npos);
  std::string words = "rm";
  for (int i = 1; i <= 300; ++i) words += " f" + std::to_string(i);
  const std::string shown = shown_lesson(words);
  CHECK(std::count(shown.begin(), shown.end(), '\n') < 130);
  CHECK(shown.find("and more words") != std::string::npos);
  CHECK(shown.find("\n  … and 250 more\n") != std::string::npos);
  CHECK_FALSE(lesson_of("echo " + std::string(300'000, 'x')).complete);
  std::string hostile = "echo";
  for (int i = 0; i < 3000; ++i)
    hostile += " \"\x1b\x02\x03\x04\x05\x06\x07" + std::to_string(i) + "\"; ls a";
  CHECK(shown_lesson(hostile).size() + json_of(hostile).size() < 256 * 1024);
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "$(";
  CHECK(lesson_of(deep).steps.size() < 300);
}

TEST_CASE("a lesson fits the terminal, and nothing in it moves the cursor") {
  for (const uint32_t width : {40U, 80U, 200U}) {
    const std::string text = explain::render(lesson_of("find . -name '*.log' -mtime +30 -exec rm -f {} \\; | "
                                                       "xargs -r tar -czf ~/backup-of-all-the-logs.tgz"),
                                             {false, width, false});
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= std::max(width, 82U));
  }
  const std::string text = shown_lesson("ls \x1b[2J \xE2\x80\xAE \x9b '\n'");
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\\x1b[2J") != std::string::npos);
  policy::Verdict depends;
  depends.need = {"a\x1b[2J", std::string("b\0", 2)};
  const std::string names = explain::describe(depends, {}, {}, {});
  CHECK(names.find("depends on: a\\x1b[2J, b\\x00\n") != std::string::npos);
  CHECK(shown_lesson("ls", "bash", {true, 80, false}).find("\x1b[1mls\x1b[0m") != std::string::npos);
}

TEST_CASE("JSON has the same content") {
  const Lesson lesson = lesson_of("tar -xzf a.tgz -C ~/src && sudo ls > out");
  const auto whole = nlohmann::json::parse(json_of("tar -xzf a.tgz -C ~/src && sudo ls > out"));
  CHECK(whole["syntax"] == "complete");
  CHECK(whole["complete"] == true);
  const auto& json = whole["commands"];
  REQUIRE(json.size() == lesson.steps.size());
  for (size_t i = 0; i < json.size(); ++i) {
    const LessonStep& step = lesson.steps[i];
    CHECK(json[i]["text"] == step.text);
    CHECK(json[i]["program"] == step.program);
    CHECK(json[i]["says"] == step.says);
    CHECK(json[i]["joint"]["text"] == step.joint);
    CHECK(json[i]["depth"] == step.depth);
    REQUIRE(json[i]["parts"].size() == step.parts.size());
    for (size_t k = 0; k < step.parts.size(); ++k) {
      CHECK(json[i]["parts"][k]["text"] == step.parts[k].text);
      CHECK(json[i]["parts"][k]["says"] == step.parts[k].says);
      CHECK(json[i]["parts"][k]["resolved"] == step.parts[k].resolved);
    }
  }
}
