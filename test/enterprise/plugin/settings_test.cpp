// Managed settings: what is good, and what is said of what is not.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "enterprise/plugin/settings.hpp"

using namespace cmdai::device;
using nlohmann::json;

namespace {

Result<std::string> root_file(const std::string&) { return std::string("root"); }

Result<Settings> read(json managed, json own = json::object()) {
  if (!managed.contains("CollectorURL")) managed["CollectorURL"] = "https://c.example.org";
  own["Managed"] = managed;
  return read_settings(own.dump(), &root_file);
}

}  // namespace

TEST_CASE("defaults, and the plugin's own settings before the others") {
  const auto plain = read(json::object());
  REQUIRE(plain);
  CHECK(plain->collector.authority() == "c.example.org:443");
  CHECK(plain->privacy == 1);
  CHECK(plain->spool_cap == uint64_t{256} << 20U);
  CHECK(plain->on_full == WhenFull::warn);
  CHECK(plain->root == "root");
  const auto both = read({{"PrivacyLevel", 1}}, {{"PrivacyLevel", 0}});
  REQUIRE(both);
  CHECK(both->privacy == 0);
}

TEST_CASE("addresses") {
  struct Row {
    const char *url, *authority, *prefix;
  };
  for (const Row& row : {Row{"https://a", "a:443", ""}, Row{"https://a:8443/", "a:8443", ""},
                         Row{"https://a/x/y/", "a:443", "/x/y"}, Row{"https://[::1]:9", "[::1]:9", ""},
                         Row{"https://127.0.0.1:1", "127.0.0.1:1", ""}}) {
    CAPTURE(row.url);
    const auto settings = read({{"CollectorURL", row.url}});
    REQUIRE(settings);
    CHECK(settings->collector.authority() == row.authority);
    CHECK(settings->collector.prefix == row.prefix);
  }
  for (const char* url : {"", "http://a", "https://", "https://a:0", "https://a:99999", "https://a:x",
                          "https://::1", "https://a b", "https://a/x?y", "https://u@a"}) {
    CAPTURE(url);
    CHECK_FALSE(read({{"CollectorURL", url}}));
  }
}

TEST_CASE("what is wrong is named") {
  struct Row {
    json settings;
    const char* says;
  };
  for (const Row& row :
       {Row{{{"PrivacyLevel", 3}}, "`PrivacyLevel` is not a number from 0 to 2"},
        Row{{{"PrivacyLevel", 2}}, "`BreakGlassKey` is not there, which `PrivacyLevel` 2 needs"},
        Row{{{"OnSpoolFull", "ask"}}, "`OnSpoolFull` is not `allow`, `warn` or `block`"},
        Row{{{"SpoolMaxMB", 0}}, "`SpoolMaxMB` is not a number from 1 to 65536"},
        Row{{{"AllowedCommands", "x"}}, "`AllowedCommands` is not a list of texts"},
        Row{{{"Proxy", "nowhere"}}, "`Proxy` is not `HOST:PORT`"},
        Row{{{"RootOfTrust", "%"}}, "`RootOfTrust` is not base64 of a signed root"},
        Row{{{"AssuranceLevel", "L2"}}, "`AssuranceLevel` is not `L1`, the level this plugin has"}}) {
    CAPTURE(row.says);
    const auto settings = read(row.settings);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().text == row.says);
  }
}
