#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "enterprise/collector/api/api.hpp"
#include "enterprise/collector/config/settings.hpp"
#include "enterprise/collector/service/alarm_desk.hpp"
#include "enterprise/collector/service/event_row.hpp"
#include "enterprise/collector/service/metrics.hpp"
#include "enterprise/collector/store/sqlite/day_query.hpp"

namespace cmdai::collector::test {

namespace {

std::string complaint(const std::string& text) {
  const auto settings = parse_settings(text, "c.toml");
  return settings ? "" : settings.error().text;
}

IndexRow row_of(const std::string& line) {
  LedgerBatch batch;
  batch.position = 3;
  batch.received = 99;
  return row_of_event(batch, 7, line);
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(c));
  return text;
}

}  // namespace

TEST_CASE("settings: what is wrong is said with its place") {
  CHECK(complaint("") == "");
  CHECK(complaint(settings_template("::1", 1)) == "");
  CHECK(complaint("liten = \"x:1\"\n") ==
        "c.toml:1:1: unknown key `liten`\n  liten = \"x:1\"\n  ^\nhint: did you mean `listen`?");
  CHECK(complaint("listen = 5") ==
        "c.toml:1:10: `listen` takes a text\n  listen = 5\n           ^\nhint: write it in quotes: listen = "
        "\"…\"");
  CHECK(complaint("listen = \"x:70000\"").starts_with("c.toml:1:10: `listen` takes ADDRESS:PORT\n"));
  CHECK(complaint("[limits]\n  queue = 0")
            .starts_with(
                "c.toml:2:11: `queue` takes a whole number from 1 to 1000000\n    queue = 0\n            ^"));
  CHECK(complaint("[limits]\nqueue = 1.5").starts_with("c.toml:2:9: `queue`"));
  CHECK(complaint("log_level = \"loud\"").ends_with("hint: one of `debug`, `info`, `warning`, `error`"));
  CHECK(complaint("[[export]]\nname = \"a\"").starts_with("c.toml:1:1: this export has no `path`"));
  CHECK(complaint("[[export]]\npath = \"a\"\n[[export]]\npath = \"a\"")
            .starts_with("c.toml:3:1: two exports are called `a`"));
  CHECK(complaint("[[export]]\npath = \"a\"\nformat = \"xml\"")
            .starts_with("c.toml:3:10: `format` does not know `xml`"));
  CHECK(complaint("a = = 1").starts_with("c.toml:1:5: "));
  const auto settings =
      parse_settings("listen = \"[::1]:9\"\n[retention]\nindex_days = 0\n", "/etc/x/c.toml");
  REQUIRE(settings.has_value());
  CHECK(settings->address == "::1");
  CHECK(settings->port == 9);
  CHECK(settings->index_days == 0);
  CHECK(settings->path("data") == "/etc/x/data");
}

TEST_CASE("API: each handler is described, and each description has a handler") {
  const auto description = nlohmann::json::parse(openapi_text());
  std::size_t described = 0;
  for (const auto& [path, methods] : description["paths"].items()) described += methods.size();
  CHECK(described == api_routes().size());
  for (const ApiRoute& route : api_routes()) {
    CAPTURE(std::string(route.path));
    const auto& paths = description["paths"];
    REQUIRE(paths.contains(std::string(route.path)));
    const auto& methods = paths[std::string(route.path)];
    REQUIRE(methods.contains(lower(std::string(route.method))));
    const auto& operation = methods[lower(std::string(route.method))];
    CHECK((operation.contains("security") && operation["security"].empty()) == route.open);
    const std::string roles = operation.value("description", std::string());
    for (const auto role : route.roles) CHECK(roles.find(role) != std::string::npos);
    for (const char* role : {"policy-author", "analyst", "auditor", "device-admin"})
      CHECK((roles.find(role) != std::string::npos) ==
            (std::find(route.roles.begin(), route.roles.end(), role) != route.roles.end()));
  }
}

TEST_CASE("requests: the target is taken apart, and only if it is whole") {
  Request request;
  request.target = "/a/b?q=rm%20-rf+x&empty=&flag&%C3%BC=1";
  REQUIRE(split_target(request));
  CHECK(request.path == "/a/b");
  CHECK(request.parameter("q") == "rm -rf x");
  CHECK(request.parameter("empty").empty());
  CHECK(request.parameter("\xc3\xbc") == "1");
  for (const char* bad : {"/a?q=%", "/a?q=%2", "/a?q=%zz", "/a?%=1"}) {
    CAPTURE(bad);
    Request broken;
    broken.target = bad;
    CHECK(!split_target(broken));
  }
}

TEST_CASE("event rows: the members that are searched, wherever else the same names stand") {
  const auto row = row_of(
      R"({"v":1,"seq":7,"type":"command.decision","event_uid":"u1","time_ms":5,"device":{"id":"x","host":"h"},)"
      R"("cmd":{"line":"rm -rf x","argv0":"rm"},"actor":{"uid":1000,"user":"ann","kind":"agent","evidence":["kind"]},)"
      R"("agent":{"name":"codex"},"decision":{"action":"block","rules":[{"id":"r1","severity":"high"},{"id":"r2"}]},)"
      R"("nested":{"cmd":{"line":"no"},"type":"no","decision":{"action":"no"}}})");
  CHECK(row.position == 3);
  CHECK(row.seq == 7);
  CHECK(row.type == "command.decision");
  CHECK(row.uid == "u1");
  CHECK(row.time == 5);
  CHECK(row.text == "rm -rf x");
  CHECK(row.actor == "agent");
  CHECK(row.user == "ann");
  CHECK(row.agent == "codex");
  CHECK(row.action == "block");
  CHECK(row.rule == "r1");
  CHECK(row.host == "h");
  const auto broken = row_of(R"({"type":"t","cmd":{"line":"x"},"decision":[[[)");
  CHECK(broken.type == "t");
  CHECK(broken.time == 99);
  CHECK(row_of("").type.empty());
}

TEST_CASE("alarms: the same one is raised once an hour") {
  Time now = 1000;
  AlarmDesk desk([&] { return now; });
  CHECK(desk.raise("fork", "d", "1", "t")->severity == "critical");
  CHECK(!desk.raise("fork", "d", "1", "t"));
  CHECK(desk.raise("fork", "d", "2", "t"));
  CHECK(desk.raise("fork", "e", "1", "t"));
  desk.withdraw("d");
  CHECK(desk.raise("fork", "d", "1", "t"));
  now += kHour;
  CHECK(desk.raise("fork", "d", "1", "t"));
  CHECK(desk.raise("gap-declared", "d", "", "t", true)->severity == "high");
}

TEST_CASE("metrics: a histogram counts each value in every bucket above it") {
  Metrics metrics;
  metrics.ack.observe(0.004);
  metrics.ack.observe(0.3);
  metrics.ack.observe(60);
  metrics.count_alarm("fork");
  metrics.count_alarm("no such kind");
  const std::string text = render(metrics, {});
  for (const char* line :
       {"cmdai_collector_ack_seconds_bucket{le=\"0.0025\"} 0\n",
        "cmdai_collector_ack_seconds_bucket{le=\"0.005\"} 1\n",
        "cmdai_collector_ack_seconds_bucket{le=\"0.5\"} 2\n",
        "cmdai_collector_ack_seconds_bucket{le=\"+Inf\"} 3\n", "cmdai_collector_ack_seconds_count 3\n",
        "cmdai_collector_alarms_total{kind=\"fork\"} 1\n"})
    CHECK(text.find(line) != std::string::npos);
}

TEST_CASE("search: what is typed becomes words, phrases and prefixes, never syntax") {
  using sqlite::match_expression;
  CHECK(match_expression("rm -rf x") == "\"rm\" \"-rf\" \"x\"");
  CHECK(match_expression("\"rm -rf\" kube*") == "\"rm -rf\" \"kube\"*");
  CHECK(match_expression("a\"b") == "\"a\" \"b\"");
  CHECK(match_expression("- * \"\" \"-\"").empty());
  CHECK(match_expression("a OR b") == "\"a\" \"OR\" \"b\"");
}

}  // namespace cmdai::collector::test
