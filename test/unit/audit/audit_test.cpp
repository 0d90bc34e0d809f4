// Redaction and the chain.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "libcore/audit/event.hpp"

using namespace cmdai::audit;

TEST_CASE("secrets do not survive, the rest of the line does") {
  struct Row {
    const char* in;
    const char* out;
  };
  for (const Row& row : {
           Row{"curl -u joe:hunter2 https://example.org",
               "curl -u joe:[redacted:credentials] https://example.org"},
           Row{"curl -H 'Authorization: Bearer abc.def' https://a.example",
               "curl -H 'Authorization: Bearer [redacted:credentials]' https://a.example"},
           Row{"git clone https://joe:s3cr3t@example.org/x.git",
               "git clone https://joe:[redacted:password]@example.org/x.git"},
           Row{"mysql -u root -phunter2 app", "mysql -u root -p[redacted:password] app"},
           Row{"tool --password hunter2 --verbose", "tool --password [redacted:password] --verbose"},
           Row{"tool --api-key='a b' x", "tool --api-key=[redacted:password] x"},
           Row{"export DB_PASSWORD=hunter2; run", "export DB_PASSWORD=[redacted:password]; run"},
           Row{"GITHUB_TOKEN=ghp_abcdefghijklmnopqrstuvwxyz0123456789 gh pr list",
               "GITHUB_TOKEN=[redacted:token] gh pr list"},
           Row{"echo AKIAABCDEFGHIJKLMNOP", "echo [redacted:token]"},
           Row{"echo eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc", "echo [redacted:token]"},
           Row{"sshpass -p hunter2 ssh host", "sshpass -p [redacted:password] ssh host"},
           Row{"curl -d '{\"password\": \"hunter2\"}' x",
               "curl -d '{\"password\": \"[redacted:password]\"}' x"},
           Row{"echo '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----' > k",
               "echo '[redacted:private-key]' > k"},
           Row{"echo '-----BEGIN RSA PRIVATE KEY-----\nabc", "echo '[redacted:private-key]"},
           Row{"sk-ant-api03-abcdefghijklmnop", "[redacted:token]"},
       }) {
    CAPTURE(std::string(row.in));
    CHECK(redact(row.in) == row.out);
  }
}

TEST_CASE("what is no secret stays") {
  for (const char* line : {"git commit -m 'password reset mail'", "curl -u \"$USER:$PASS\" https://a.example",
                           "tool --password \"$PASS\"", "TOKEN=$(pass show x) run", "ssh -p 22 host",
                           "mkdir -p a/b", "https://example.org:8080/x@y", "grep -rn token src",
                           "ls --color=auto", "cat tokens.txt", "author=me make"}) {
    CAPTURE(std::string(line));
    CHECK(redact(line) == line);
  }
}

TEST_CASE("redaction is idempotent and counts") {
  std::vector<Redaction> found;
  const std::string once = redact("A_TOKEN=x B_TOKEN=y curl https://u:p@h.example", &found);
  CHECK(redact(once) == once);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == "password");
  CHECK(found[0].count == 3);
}

namespace {

std::vector<std::string> chain_of(int n) {
  ChainHead head;
  std::vector<std::string> out;
  for (int i = 0; i < n; ++i) {
    Event e;
    e.command = "echo " + std::to_string(i);
    e.time_ms = 1'700'000'000'000 + i;
    e.action = "allow";
    out.push_back(to_line(e, head));
  }
  return out;
}

std::vector<std::string> problems(const std::vector<std::string>& lines) {
  ChainVerifier verifier;
  std::vector<std::string> out;
  for (const std::string& line : lines)
    if (const auto problem = verifier.check(line)) out.push_back(problem->message);
  return out;
}

}  // namespace

TEST_CASE("an untouched chain verifies") { CHECK(problems(chain_of(20)).empty()); }

TEST_CASE("every kind of tampering is named") {
  auto lines = chain_of(8);
  SUBCASE("changed") {
    lines[3].replace(lines[3].find("echo 3"), 6, "echo X");
    CHECK(problems(lines) == std::vector<std::string>{"event 4 was changed after it was written"});
  }
  SUBCASE("one taken out") {
    lines.erase(lines.begin() + 3);
    CHECK(problems(lines) == std::vector<std::string>{"event 4 is missing"});
  }
  SUBCASE("several taken out") {
    lines.erase(lines.begin() + 3, lines.begin() + 6);
    CHECK(problems(lines) == std::vector<std::string>{"events 4-6 are missing"});
  }
  SUBCASE("the first taken out") {
    lines.erase(lines.begin());
    CHECK(problems(lines) == std::vector<std::string>{"event 1 is missing"});
  }
  SUBCASE("swapped") {
    std::swap(lines[2], lines[3]);
    CHECK(problems(lines).size() >= 2);
    CHECK(problems(lines)[0] == "event 3 is missing");
  }
  SUBCASE("garbage put in") {
    lines.insert(lines.begin() + 2, "{\"x\":1}");
    CHECK(problems(lines)[0] == "this is no event line");
  }
  SUBCASE("every single byte") {
    for (size_t at = 0; at < lines[5].size(); ++at) {
      auto changed = lines;
      changed[5][at] = changed[5][at] == '0' ? '1' : '0';
      CAPTURE(at);
      CHECK(!problems(changed).empty());
    }
  }
}

TEST_CASE("a command that is not UTF-8 is kept exactly") {
  ChainHead head;
  Event e;
  e.command = "echo \xff\xfe";
  const auto json = nlohmann::json::parse(to_line(e, head));
  CHECK(json["command_b64"] == "ZWNobyD//g==");
  CHECK(json["command"].get<std::string>().starts_with("echo "));
}

TEST_CASE("a line is JSON as the library writes it") {
  ChainHead head;
  for (const char* text : {"", "ls", "a \"b\" \\ c", "\x01\t\n\x1f \x7f /", "Grüße €",
                           "curl https://u:p@h.example", "DB_PASSWORD=x TOKEN=y"}) {
    CAPTURE(std::string(text));
    Event e;
    e.command = e.cwd = e.reason = e.text = e.type = text;
    e.effects = {text, "deletes /x"};
    e.pid = 42;
    e.exit_status = -1;
    e.duration_ms = 0;
    e.latency_us = 1'234'567'890'123;
    const std::string line = to_line(e, head);
    CHECK(nlohmann::ordered_json::parse(line).dump() == line);
  }
}

TEST_CASE("one line, whatever is in it") {
  ChainHead head;
  Event e;
  e.command = "a\nb\r\x1b[2J\"\\";
  e.effects = {"deletes\n/x"};
  const std::string line = to_line(e, head);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(nlohmann::json::parse(line)["command"] == e.command);
}

TEST_CASE("times are RFC 3339 in UTC") {
  ChainHead head;
  Event e;
  e.time_ms = 1'700'000'000'123;
  CHECK(nlohmann::json::parse(to_line(e, head))["time"] == "2023-11-14T22:13:20.123Z");
  e.time_ms = -1;
  CHECK(nlohmann::json::parse(to_line(e, head))["time"] == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("every pattern compiles") { CHECK(redaction_ready()); }

TEST_CASE("what was held back, and what let a line through, stand in its event") {
  Event event;
  event.command = "acme-tool wipe";
  event.action = "allow";
  event.observed = {{"acme.wipe", "block", "observe"}, {"acme.other", "warn", "warn"}};
  event.mode = "observe";
  event.allowed_by = "pages";
  event.allowed_layer = "organization";
  ChainHead head;
  const auto line = nlohmann::json::parse(to_line(event, head));
  CHECK(
      line["observed"].dump() ==
      R"([{"action":"block","mode":"observe","rule":"acme.wipe"},{"action":"warn","mode":"warn","rule":"acme.other"}])");
  CHECK(line["mode"] == "observe");
  CHECK(line["allowed_by"] == "pages");
  CHECK(line["allowed_layer"] == "organization");
  const auto plain = nlohmann::json::parse(to_line(Event{}, head));
  for (const char* key : {"observed", "mode", "allowed_by", "allowed_layer"}) CHECK(!plain.contains(key));
}
