// The C++ header: what a class does not override is not in its table, and nothing is thrown across.
#include "libcore/plugin/plugin.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace {

namespace plugin = cmdai::plugin;

class Quiet : public plugin::Plugin {
 public:
  using Plugin::Plugin;
};

class Busy : public plugin::Plugin {
 public:
  explicit Busy(const plugin::Host& host) : Plugin(host) {
    if (host.settings() == "throw") throw std::runtime_error("not today");
    if (host.settings() == "odd") throw 5;  // NOLINT: what a plugin might do
  }
  std::optional<Decision> decide(const Request& request, const Verdict& verdict) override {
    if (request.command() == "throw") throw std::runtime_error("not now");
    if (request.command() == "none") return std::nullopt;
    return Decision{plugin::Action::block, "rule", std::string(request.command()),
                    std::string(verdict.rule())};
  }
  std::optional<std::string> approve(const Request&, const plugin::ApprovalAsked& asked) override {
    if (asked.kind() == plugin::Approval::always) return "never always";
    return std::nullopt;
  }
  std::vector<Document> policy() override {
    return {{Document::Kind::settings, "a", "1"}, {Document::Kind::rules, "b", "22"}};
  }
  plugin::Health health() override { return {plugin::HealthState::degraded, {{"k", "v"}, {"l", "w"}}}; }
};

constexpr cmdai_plugin_table kQuiet = plugin::detail::table<Quiet>("quiet", "1");
constexpr cmdai_plugin_table kBusy = plugin::detail::table<Busy>("busy", "1");

struct Host {
  std::string error;
  cmdai_host raw{};
  explicit Host(const char* settings = "") {
    raw.size = sizeof raw;
    raw.context = this;
    raw.error = [](void* me, cmdai_bytes text) { static_cast<Host*>(me)->error = plugin::view(text); };
    raw.settings = {settings, std::string_view(settings).size()};
  }
};

struct Open {
  Host host;
  void* state = nullptr;
  Open() { REQUIRE(kBusy.open(&host.raw, &state) == CMDAI_OK); }
  ~Open() { kBusy.close(state); }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
};

cmdai_request request(const char* command) {
  cmdai_request out{};
  out.size = sizeof out;
  out.command = plugin::bytes(command);
  return out;
}

}  // namespace

TEST_CASE("a table has what the class overrides") {
  CHECK((kQuiet.open != nullptr));
  CHECK((kQuiet.close != nullptr));
  CHECK((kQuiet.decide == nullptr));
  CHECK((kQuiet.record == nullptr));
  CHECK((kQuiet.recorded == nullptr));
  CHECK((kQuiet.policy == nullptr));
  CHECK((kBusy.decide != nullptr));
  CHECK((kBusy.approve != nullptr));
  CHECK((kBusy.gate == nullptr));
  CHECK(kBusy.size == sizeof(cmdai_plugin_table));
}

TEST_CASE("exceptions become failures with a text") {
  void* state = nullptr;
  Host throwing("throw");
  CHECK(kBusy.open(&throwing.raw, &state) != CMDAI_OK);
  CHECK(throwing.error == "not today");
  Host odd("odd");
  CHECK(kBusy.open(&odd.raw, &state) != CMDAI_OK);
  CHECK(odd.error == "an exception of an unknown kind");
  Open open;
  const cmdai_request asked = request("throw");
  const cmdai_verdict verdict{};
  cmdai_decision out{};
  CHECK(kBusy.decide(open.state, &asked, &verdict, &out) != CMDAI_OK);
  CHECK(open.host.error == "not now");
}

TEST_CASE("what is handed out") {
  Open open;
  cmdai_request asked = request("echo");
  const cmdai_verdict verdict{};  // its size is 0: nothing of it is there
  cmdai_decision out{};
  out.action = CMDAI_NO_OPINION;
  REQUIRE(kBusy.decide(open.state, &asked, &verdict, &out) == CMDAI_OK);
  CHECK(out.action == CMDAI_BLOCK);
  CHECK(plugin::view(out.reason) == "echo");
  CHECK(plugin::view(out.hint).empty());
  asked = request("none");
  out.action = CMDAI_NO_OPINION;
  REQUIRE(kBusy.decide(open.state, &asked, &verdict, &out) == CMDAI_OK);
  CHECK(out.action == CMDAI_NO_OPINION);

  cmdai_approval approval{};
  approval.size = sizeof approval;
  approval.kind = CMDAI_APPROVAL_ALWAYS;
  REQUIRE(kBusy.approve(open.state, &asked, &approval, &out) == CMDAI_OK);
  CHECK(plugin::view(out.reason) == "never always");

  cmdai_policy policy{};
  REQUIRE(kBusy.policy(open.state, &policy) == CMDAI_OK);
  REQUIRE(policy.count == 2);
  CHECK(policy.documents[0].kind == CMDAI_DOCUMENT_SETTINGS);
  CHECK(plugin::view(policy.documents[1].text) == "22");

  cmdai_health health{};
  REQUIRE(kBusy.health(open.state, &health) == CMDAI_OK);
  CHECK(health.state == CMDAI_HEALTH_DEGRADED);
  CHECK(plugin::view(health.lines) == "k=v\nl=w\n");
}

TEST_CASE("an older host's shorter struct is read to its end") {
  cmdai_host old{};
  old.size = offsetof(cmdai_host, user);
  old.name = plugin::bytes("n");
  old.user = plugin::bytes("beyond");
  old.last_event = 7;
  const plugin::Host host(&old);
  CHECK(host.name() == "n");
  CHECK(host.user().empty());
  CHECK(host.last_event() == 0);
  host.log(plugin::Level::info, "no such function there");
}
