// An organization's document: what it locks and proposes, modes, groups, time, exceptions.
#include <algorithm>
#include <random>

#include "libcore/policy/examples.hpp"
#include "test/unit/policy/judge.hpp"

using namespace cmdai;
using namespace cmdai::policy;
using test::action;
using test::compile;
using test::judge;

namespace {

constexpr int64_t kDay = 86'400;
constexpr int64_t k2027 = 1'798'761'600;  ///< 2027-01-01T00:00:00Z

/// A pack of the organization's: `acme-tool wipe` is refused.
constexpr const char* kPack = R"(family = "acme"
[[rule]]
id = "acme.wipe"
severity = "critical"
title = "this wipes it"
why = "w"
hint = "h"
when = { call = { program = "acme-tool", words = "wipe" } }
stop = ["acme-tool wipe"]
pass = ["acme-tool list"]
)";

PolicySources with(std::string organization, std::string settings = {},
                   std::vector<std::string> groups = {}) {
  PolicySources sources;
  sources.organization = SourceFile{"organization.toml", std::move(organization)};
  if (!settings.empty()) sources.settings = SourceFile{"config.toml", std::move(settings)};
  sources.organization_groups = std::move(groups);
  return sources;
}

PolicySources with_pack(std::string organization, std::string settings = {}) {
  PolicySources sources = with(std::move(organization), std::move(settings));
  sources.organization_packs.push_back({"acme.toml", kPack});
  return sources;
}

std::string observed(const Verdict& verdict) {
  std::string out;
  for (const Observed& o : verdict.observed)
    out += (out.empty() ? "" : " ") + o.rule + '=' + std::string(to_string(o.action)) + '/' +
           std::string(to_string(o.mode));
  return out;
}

const EffectiveRule* find(const std::vector<EffectiveRule>& rules, std::string_view id) {
  const auto it = std::find_if(rules.begin(), rules.end(), [id](const auto& r) { return r.info.id == id; });
  return it == rules.end() ? nullptr : &*it;
}

}  // namespace

TEST_CASE("locked parts are lower bounds, whatever the user says; proposals give way to the user") {
  struct Row {
    const char *organization, *settings, *command, *action;
  };
  const Row rows[] = {
      {"[rules]\n\"git.push-force\" = \"block\"\n", "", "git push --force", "block"},
      {"[rules]\n\"git.push-force\" = \"block\"\n", "[rules]\n\"git.*\" = \"allow\"\n", "git push --force",
       "block"},
      {"[rules]\n\"git.push-force\" = \"block\"\n", "[[allow]]\ncommand = \"git push --force\"\n",
       "git push --force", "block"},
      {"[rules]\n\"git.push-force\" = \"warn\"\n", "[[allow]]\ncommand = \"git push --force\"\n",
       "git push --force", "warn"},
      {"[rules]\n\"git.push-force\" = \"warn\"\n", "", "git push --force", "ask"},
      {"[profile]\nhuman = \"strict\"\n", "[profile]\nhuman = \"relaxed\"\n", "git push --force", "block"},
      {"[profile]\nhuman = \"strict\"\n", "[rules]\n\"*\" = \"allow\"\n", "git push --force", "block"},
      {"[opaque]\nhuman = \"block\"\n", "[opaque]\nhuman = \"allow\"\n", "eval \"$x\"", "block"},
      {"[defaults.rules]\n\"git.push-force\" = \"block\"\n", "", "git push --force", "block"},
      {"[defaults.rules]\n\"git.push-force\" = \"block\"\n", "[rules]\n\"git.*\" = \"warn\"\n",
       "git push --force", "warn"},
      {"[defaults.rules]\n\"git.push-force\" = \"block\"\n", "[[allow]]\ncommand = \"git push --force\"\n",
       "git push --force", "allow"},
      {"[defaults.rules]\n\"git.push-force\" = \"allow\"\n", "", "git push --force", "allow"},
      {"[defaults.profile]\nhuman = \"strict\"\n", "", "git push --force", "block"},
      {"[defaults.profile]\nhuman = \"strict\"\n", "[profile]\nhuman = \"standard\"\n", "git push --force",
       "ask"},
      {"[defaults.opaque]\nhuman = \"block\"\n", "", "eval \"$x\"", "block"},
      {"[defaults.opaque]\nhuman = \"block\"\n", "[opaque]\nhuman = \"allow\"\n", "eval \"$x\"", "allow"},
      {"[defaults.rules]\n\"git.push-force\" = \"allow\"\n[rules]\n\"git.push-force\" = \"warn\"\n", "",
       "git push --force", "warn"},
      {"[defaults.rules]\n\"fs.delete-home\" = \"allow\"\n", "", "rm -rf ~", "block"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.organization);
    CAPTURE(row.settings);
    CHECK(action(*compile(with(row.organization, row.settings)), {row.command}) == row.action);
  }
}

TEST_CASE("an organization's own rule: the user may make it stricter only") {
  CHECK(action(*compile(with_pack("")), {"acme-tool wipe"}) == "block");
  CHECK(action(*compile(with_pack("", "[rules]\n\"acme.wipe\" = \"allow\"\n")), {"acme-tool wipe"}) ==
        "block");
  CHECK(action(*compile(with_pack("", "[[allow]]\ncommand = \"acme-tool wipe\"\n")), {"acme-tool wipe"}) ==
        "block");
  CHECK(judge(*compile(with_pack("")), {"acme-tool wipe"}).decisive()->locked);
}

TEST_CASE("a mode holds the organization's own part back, and only that") {
  struct Row {
    const char *organization, *settings, *command, *action, *observed;
  };
  const Row rows[] = {
      {"[organization]\nmode = \"observe\"\n", "", "acme-tool wipe", "allow", "acme.wipe=block/observe"},
      {"[organization]\nmode = \"warn\"\n", "", "acme-tool wipe", "warn", "acme.wipe=block/warn"},
      {"[organization]\nmode = \"enforce\"\n", "", "acme-tool wipe", "block", ""},
      {"[modes]\n\"acme.*\" = \"observe\"\n", "", "acme-tool wipe", "allow", "acme.wipe=block/observe"},
      {"[organization]\nmode = \"observe\"\n[modes]\n\"acme.wipe\" = \"enforce\"\n", "", "acme-tool wipe",
       "block", ""},
      {"[modes]\n\"acme.*\" = \"observe\"\n\"acme.wipe\" = \"warn\"\n", "", "acme-tool wipe", "warn",
       "acme.wipe=block/warn"},
      // what the user or the program says stays
      {"[modes]\n\"*\" = \"observe\"\n", "[rules]\n\"acme.wipe\" = \"ask\"\n", "acme-tool wipe", "ask",
       "acme.wipe=block/observe"},
      {"[modes]\n\"*\" = \"observe\"\n", "[rules]\n\"*\" = \"block\"\n", "acme-tool wipe", "allow",
       "acme.wipe=block/observe"},
      {"[modes]\n\"*\" = \"observe\"\n", "", "rm -rf ~", "block", ""},
      {"[modes]\n\"git.*\" = \"observe\"\n[rules]\n\"git.push-force\" = \"block\"\n", "", "git push --force",
       "ask", "git.push-force=block/observe"},
      {"[modes]\n\"git.*\" = \"warn\"\n[rules]\n\"git.push-force\" = \"block\"\n",
       "[rules]\n\"git.*\" = \"allow\"\n", "git push --force", "warn", "git.push-force=block/warn"},
      {"[rules]\n\"git.push-force\" = { action = \"block\", mode = \"observe\" }\n", "", "git push --force",
       "ask", "git.push-force=block/observe"},
      {"[organization]\nmode = \"observe\"\n[profile]\nhuman = \"strict\"\n", "", "git push --force", "ask",
       "git.push-force=block/observe"},
      {"[organization]\nmode = \"observe\"\n[defaults.rules]\n\"git.push-force\" = \"block\"\n", "",
       "git push --force", "ask", "git.push-force=block/observe"},
      {"[organization]\nmode = \"observe\"\n[defaults.rules]\n\"git.push-force\" = \"allow\"\n", "",
       "git push --force", "ask", ""},
      // an entry of the user's lifts what is theirs, and the record still says what would have been
      {"[organization]\nmode = \"observe\"\n[rules]\n\"git.push-force\" = \"block\"\n",
       "[[allow]]\ncommand = \"git push --force\"\n", "git push --force", "allow",
       "git.push-force=block/observe"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.organization);
    CAPTURE(row.settings);
    const Verdict verdict = judge(*compile(with_pack(row.organization, row.settings)), {row.command});
    CHECK(to_string(verdict.action) == std::string(row.action));
    CHECK(observed(verdict) == row.observed);
  }
}

TEST_CASE("a pack says how far its rule counts, and the document goes before it") {
  std::string pack = kPack;
  pack.insert(pack.find("severity"), "mode = \"observe\"\n");
  PolicySources sources = with("");
  sources.organization_packs.push_back({"acme.toml", pack});
  CHECK(observed(judge(*compile(sources), {"acme-tool wipe"})) == "acme.wipe=block/observe");
  sources.organization->text = "[organization]\nmode = \"enforce\"\n";
  CHECK(action(*compile(sources), {"acme-tool wipe"}) == "allow");
  sources.organization->text = "[modes]\n\"acme.*\" = \"enforce\"\n";
  CHECK(action(*compile(sources), {"acme-tool wipe"}) == "block");
  sources.organization.reset();
  CHECK(observed(judge(*compile(sources), {"acme-tool wipe"})) == "acme.wipe=block/observe");
  sources.organization_packs.clear();
  sources.user_packs.push_back({"mine.toml", pack});
  CHECK(observed(judge(*compile(sources), {"acme-tool wipe"})) == "acme.wipe=block/observe");
}

TEST_CASE("parts of groups count for those in them") {
  const char* document = R"([modes]
"acme.*" = "observe"
[[group]]
name = "finance"
[group.rules]
"git.push-force" = "block"
[group.defaults.profile]
agent = "strict"
[[group]]
name = "pilot"
[group.modes]
"acme.*" = "enforce"
)";
  const auto in = [&](std::vector<std::string> groups) {
    PolicySources sources = with_pack(document);
    sources.organization_groups = std::move(groups);
    return compile(sources);
  };
  CHECK(action(*in({}), {"git push --force"}) == "ask");
  CHECK(action(*in({"finance"}), {"git push --force"}) == "block");
  CHECK(action(*in({"finance"}), {"git push --force-with-lease", "/home/u/p", ActorKind::agent}) !=
        action(*in({}), {"git push --force-with-lease", "/home/u/p", ActorKind::agent}));
  CHECK(action(*in({}), {"acme-tool wipe"}) == "allow");
  CHECK(action(*in({"pilot"}), {"acme-tool wipe"}) == "block");
  CHECK(action(*in({"pilot", "finance"}), {"git push --force"}) == "block");
  CHECK(in({"finance"})->warnings().empty());
  const auto unknown = in({"finanse"})->warnings();
  REQUIRE(unknown.size() == 1);
  CHECK(
      unknown[0].render() ==
      "organization.toml: this device is in group `finanse`, which the document does not know\nhint: it has "
      "`finance`");
  CHECK(in({"finance"})->fingerprint() != in({})->fingerprint());
  const auto info = in({"pilot"})->organization();
  REQUIRE(info.has_value());
  CHECK(info->groups == std::vector<std::string>{"finance", "pilot"});
  CHECK(info->member_of == std::vector<std::string>{"pilot"});
}

TEST_CASE("a document, a group, a bound and a rule count within their time") {
  struct Row {
    const char *document, *command, *before, *within, *after;
  };
  const Row rows[] = {
      {"[organization]\nnot_before = 2027-01-01\nexpires = 2027-02-01\n[rules]\n\"git.push-force\" = "
       "\"block\"\n",
       "git push --force", "ask", "block", "ask"},
      {"[organization]\nnot_before = 2027-01-01\nexpires = 2027-02-01\n", "acme-tool wipe", "allow", "block",
       "allow"},
      {"[rules]\n\"git.push-force\" = { action = \"block\", not_before = 2027-01-01, expires = 2027-02-01 "
       "}\n",
       "git push --force", "ask", "block", "ask"},
      {"[rules]\n\"git.*\" = \"block\"\n\"git.push-force\" = { action = \"warn\", expires = 2027-02-01 }\n",
       "git push --force", "ask", "ask", "block"},
      {"[[group]]\nname = \"g\"\nnot_before = 2027-01-01T00:00:00Z\nexpires = "
       "2027-02-01T00:00:00Z\n[group.rules]\n"
       "\"git.push-force\" = \"block\"\n",
       "git push --force", "ask", "block", "ask"},
      {"[organization]\nexpires = 2027-02-01\n[defaults.rules]\n\"git.push-force\" = \"block\"\n",
       "git push --force", "block", "block", "ask"},
      {"", "acme-tool wipe", "block", "block", "block"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.document);
    PolicySources sources = with_pack(row.document);
    sources.organization_groups = {"g"};
    const auto policy = compile(sources);
    const auto at = [&](int64_t now) {
      return action(*policy, {row.command, "/home/u/p", ActorKind::human, now});
    };
    CHECK(at(k2027 - 1) == row.before);
    CHECK(at(k2027) == row.within);
    CHECK(at(k2027 + 31 * kDay - 1) == row.within);
    CHECK(at(k2027 + 31 * kDay) == row.after);
  }
  std::string pack = kPack;
  pack.insert(pack.find("severity"), "not_before = 2027-01-01\nexpires = 2027-02-01\n");
  PolicySources sources;
  sources.organization_packs.push_back({"acme.toml", pack});
  const auto policy = compile(sources);
  CHECK(action(*policy, {"acme-tool wipe", "/", ActorKind::human, k2027 - 1}) == "allow");
  CHECK(action(*policy, {"acme-tool wipe", "/", ActorKind::human, k2027}) == "block");
  CHECK(action(*policy, {"acme-tool wipe", "/", ActorKind::human, k2027 + 31 * kDay}) == "allow");
  CHECK(policy->expired(k2027).empty());
  const auto ended = policy->expired(k2027 + 31 * kDay);
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].message == "rule `acme.wipe` ended on 2027-02-01T00:00:00Z");
}

namespace {

const std::string kGrant = R"([[exception]]
id = "pages"
rule = "RULE"
SCOPE
reason = "generated"
granted_by = "security@acme.example"
expires = 2027-02-01
)";

std::string grant(const std::string& rule, const std::string& scope) {
  std::string out = kGrant;
  out.replace(out.find("RULE"), 4, rule);
  return out.replace(out.find("SCOPE"), 5, scope);
}

}  // namespace

TEST_CASE("an exception lifts the organization's part of a rule") {
  const std::string block = "[rules]\n\"git.push-force\" = \"block\"\n";
  struct Row {
    std::string document, settings, command, cwd, actor, action;
  };
  const Row rows[] = {
      {grant("acme.wipe", "command = \"acme-tool wipe\""), "", "acme-tool wipe", "/home/u/p", "", "allow"},
      {grant("acme.wipe", "command = \"acme-tool wipe x\""), "", "acme-tool wipe", "/home/u/p", "", "block"},
      {grant("acme.wipe", "path = \"/srv\""), "", "acme-tool wipe", "/srv/x", "", "allow"},
      {grant("acme.wipe", "path = \"/srv\""), "", "acme-tool wipe", "/srvx", "", "block"},
      {grant("acme.wipe", "command = \"acme-tool wipe\"\npath = \"/srv\"\nbelow = false"), "",
       "acme-tool wipe", "/srv/x", "", "block"},
      {grant("acme.wipe", "actor = \"agent:codex\""), "", "acme-tool wipe", "/", "codex", "allow"},
      {grant("acme.wipe", "actor = \"agent:codex\""), "", "acme-tool wipe", "/", "gemini", "block"},
      {grant("acme.wipe", "actor = \"agent:codex\""), "", "acme-tool wipe", "/", "", "block"},
      {grant("acme.wipe", "actor = [\"agent\", \"human\"]"), "", "acme-tool wipe", "/", "", "allow"},
      {grant("acme.wipe", "actor = \"agent\""), "", "acme-tool wipe", "/", "gemini", "allow"},
      {grant("acme.wipe", "groups = \"g\"") + "[[group]]\nname = \"g\"\n", "", "acme-tool wipe", "/", "",
       "allow"},
      {grant("acme.wipe", "groups = [\"h\"]") + "[[group]]\nname = \"h\"\n", "", "acme-tool wipe", "/", "",
       "block"},
      {"[[group]]\nname = \"g\"\n[[group.exception]]" + grant("acme.wipe", "").substr(13), "",
       "acme-tool wipe", "/", "", "allow"},
      {"[[group]]\nname = \"h\"\n[[group.exception]]" + grant("acme.wipe", "").substr(13), "",
       "acme-tool wipe", "/", "", "block"},
      // what the user has without the organization stays, and then gives way to the user
      {block + grant("git.push-force", "command = \"git push --force\""), "", "git push --force", "/", "",
       "ask"},
      {block + grant("git.push-force", "command = \"git push --force\""),
       "[[allow]]\ncommand = \"git push --force\"\n", "git push --force", "/", "", "allow"},
      {grant("acme.wipe", "command = \"acme-tool wipe\""), "[rules]\n\"acme.wipe\" = \"ask\"\n",
       "acme-tool wipe", "/", "", "ask"},
      {"[rules]\n\"fs.delete-home\" = \"block\"\n" + grant("fs.delete-home", "command = \"rm -rf ~\""), "",
       "rm -rf ~", "/", "", "block"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.document);
    PolicySources sources = with_pack(row.document, row.settings);
    sources.organization_groups = {"g"};
    const auto policy = compile(sources);
    const ActorKind kind = row.actor.empty() ? ActorKind::human : ActorKind::agent;
    CHECK(action(*policy, {row.command, row.cwd, kind, k2027, row.actor}) == row.action);
  }
  const auto policy = compile(with_pack(grant("acme.wipe", "command = \"acme-tool wipe\"")));
  const Verdict lifted = judge(*policy, {"acme-tool wipe", "/", ActorKind::human, k2027});
  CHECK(lifted.allowed_by == "pages");
  CHECK(lifted.allowed_layer == Layer::organization);
  CHECK(lifted.observed.empty());
  CHECK(action(*policy, {"acme-tool wipe", "/", ActorKind::human, k2027 + 31 * kDay}) == "block");
  REQUIRE(policy->expired(k2027 + 31 * kDay).size() == 1);
  CHECK(policy->expired(k2027 + 31 * kDay)[0].message == "exception `pages` ended on 2027-02-01T00:00:00Z");
}

TEST_CASE("a broken document says where and what") {
  struct Row {
    std::string text;
    uint32_t line;
    const char* message;
  };
  const std::string good = grant("acme.wipe", "path = \"/srv\"");
  const auto without = [&](const std::string& key) {
    std::string out = good;
    const size_t at = out.find("\n" + key + " =") + 1;
    return out.erase(at, out.find('\n', at) + 1 - at);
  };
  const Row rows[] = {
      {"[profil]\n", 1, "unknown field `profil` in an organization's document"},
      {"[organization]\nnmae = \"x\"\n", 2, "unknown field `nmae` in `[organization]`"},
      {"[organization]\nmode = \"watch\"\n", 2, "unknown mode `watch`"},
      {"[organization]\nexpires = \"2027-01-01\"\n", 2, "`expires` must be a date, not a string"},
      {"[organization]\nexpires = 2027-13-01\n", 2, "not valid TOML"},
      {"[organization]\nnot_before = 12:00:00\n", 2, "`not_before` must be a date, not a time of day"},
      {"[organization]\nnot_before = 2027-01-02\nexpires = 2027-01-02\n", 3,
       "`expires` is not after `not_before`"},
      {"[modes]\ngit = { x = 1 }\n", 2, "a rule id needs quotes: `git` without them is a table"},
      {"[modes]\n\"git.*\" = \"of\"\n", 2, "unknown mode `of`"},
      {"[modes]\n\"git*\" = \"observe\"\n", 2, "`git*`: a star stands for the rest of an id, after a dot"},
      {"[rules]\n\"git.x\" = { mode = \"observe\" }\n", 2, "`git.x` has no `action`"},
      {"[rules]\n\"git.x\" = { action = \"block\", until = 1 }\n", 2, "unknown field `until` in `git.x`"},
      {"[defaults]\nagents = {}\n", 2, "unknown field `agents` in `[defaults]`"},
      {"[defaults.rules]\n\"git.x\" = { action = \"ask\" }\n", 2, "a proposal is an action alone"},
      {"[[group]]\nmode = \"observe\"\n", 1, "the group has no `name`"},
      {"[[group]]\nname = \"a\"\n[[group]]\nname = \"a\"\n", 4, "the group `a` is there twice"},
      {"[[allow]]\ncommand = \"x\"\n", 1, "unknown field `allow` in an organization's document"},
      {without("id"), 1, "the exception has no `id`"},
      {without("rule"), 1, "the exception has no `rule`"},
      {without("reason"), 1, "the exception has no `reason`"},
      {without("granted_by"), 1, "the exception has no `granted_by`"},
      {without("expires"), 1, "an exception must end: it has no `expires`"},
      {without("path"), 1, "an exception needs a `command`, a `path`, `groups` or an `actor`"},
      {good + good, 8, "the exception id `pages` is used twice"},
      {grant("acme.*", "path = \"/\""), 3, "an exception lifts one rule"},
      {grant("acme.wipe", "path = \"srv\""), 4, "`path` must be absolute"},
      {grant("acme.wipe", "actor = \"robot\""), 4, "unknown actor `robot`"},
      {grant("acme.wipe", "groups = \"x\""), 4, "no group is called `x`"},
      {grant("acme.wipe", "path = \"/srv\"\nbelow = false"), 5, "`below` needs a `command` and a `path`"},
      {"[[group]]\nname = \"g\"\n[[group.exception]]" + grant("acme.wipe", "groups = \"g\"").substr(13), 6,
       "this exception is group `g`'s alone"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto made = Policy::compile(with_pack(row.text));
    REQUIRE(!made);
    CHECK(made.error().file == "organization.toml");
    CHECK(made.error().line == row.line);
    CHECK(made.error().column >= 1);
    CHECK(made.error().message.find(row.message) != std::string::npos);
    const auto all = Policy::problems_of_organization(with_pack(row.text));
    REQUIRE(!all.empty());
    CHECK(all.front().render() == made.error().render());
  }
  std::string core = kPack;
  core.insert(core.find("severity"), "mode = \"observe\"\ncore = true\n");
  PolicySources sources;
  sources.organization_packs.push_back({"acme.toml", core});
  REQUIRE(!Policy::compile(sources));
}

TEST_CASE("an author is told all that is wrong, also what a device only warns of") {
  const std::string text = R"([rules]
"git.push-forc" = "block"
[modes]
"fs.delete-home" = "observe"
"gti.*" = "warn"
)" + grant("fs.delete-home", "path = \"/srv\"") +
                           grant("git.reset-hard", "path = \"/srv\"").replace(20, 5, "other");
  const auto problems = Policy::problems_of_organization(with_pack(text));
  std::vector<std::string> messages;
  for (const Diagnostic& d : problems) messages.push_back(std::to_string(d.line) + ": " + d.message);
  CHECK(messages ==
        std::vector<std::string>{
            "2: no rule is called `git.push-forc`", "4: `fs.delete-home` is a core rule: it always counts",
            "5: no rule is called `gti.*`", "8: `fs.delete-home` is a core rule: nothing lifts it",
            "15: the organization says nothing of `git.reset-hard`: the exception lifts nothing"});
  CHECK(compile(with_pack(text))->warnings().size() == problems.size());
  const auto many = Policy::problems_of_organization(
      with("[organization]\nmode = \"x\"\n[modes]\n\"git.*\" = \"y\"\n[profile]\nhuman = \"z\"\n"));
  CHECK(many.size() == 3);
}

TEST_CASE("each rule is told with the layers that had a say") {
  const char* document = R"([organization]
name = "Acme"
version = "7"
[profile]
human = "strict"
[rules]
"git.push-force" = { action = "block", expires = 2027-02-01 }
[modes]
"git.reset-hard" = "observe"
[defaults.rules]
"net.*" = "ask"
)";
  const auto policy = compile(with_pack(std::string(document) + grant("acme.wipe", "path = \"/srv\""),
                                        "[rules]\n\"git.push-force\" = \"warn\"\n"));
  const auto rules = policy->effective({}, k2027);
  const EffectiveRule* push = find(rules, "git.push-force");
  REQUIRE(push != nullptr);
  CHECK(push->action == Action::block);
  CHECK(push->layer == Layer::organization);
  CHECK(push->locked);
  std::string says;
  for (const Say& s : push->says)
    says += std::string(to_string(s.layer)) + ' ' + s.what + ' ' + std::string(to_string(s.action)) +
            (s.file == "organization.toml" || s.file == "config.toml"
                 ? ' ' + s.file + ':' + std::to_string(s.line)
                 : "") +
            (s.decides ? " *" : "") + '\n';
  CHECK(says ==
        "core rule ask\norganization profile block organization.toml:4 *\norganization rules block "
        "organization.toml:7\n"
        "user rules warn config.toml:2\n");
  const EffectiveRule* wipe = find(rules, "acme.wipe");
  REQUIRE(wipe != nullptr);
  CHECK(wipe->exceptions == std::vector<std::string>{"pages"});
  CHECK(find(policy->effective({}, k2027 + 31 * kDay), "acme.wipe")->exceptions.empty());
  const EffectiveRule* reset = find(rules, "git.reset-hard");
  REQUIRE(reset != nullptr);
  CHECK(reset->mode == Mode::observe);
  CHECK(strictness(reset->would_be) > strictness(reset->action));
  const EffectiveRule* home = find(rules, "fs.delete-home");
  REQUIRE(home != nullptr);
  CHECK(home->locked);
  // Every rule has one that decided, and what is told is what happens.
  for (const EffectiveRule& rule : rules) {
    CAPTURE(rule.info.id);
    CHECK(std::count_if(rule.says.begin(), rule.says.end(), [](const Say& s) { return s.decides; }) == 1);
  }
  CHECK(policy->organization()->name == "Acme");
  CHECK(!compile({})->organization());
}

TEST_CASE("without an organization every rule is told as it is listed") {
  const auto policy = compile({});
  const auto listed = policy->rules();
  const auto effective = policy->effective({}, k2027);
  REQUIRE(listed.size() == effective.size());
  for (size_t i = 0; i < listed.size(); ++i) {
    CAPTURE(listed[i].id);
    CHECK(effective[i].action == listed[i].human_now);
    CHECK(effective[i].mode == Mode::enforce);
    CHECK(effective[i].locked == listed[i].core);
  }
}

namespace {

/// Documents and configurations at random; the seed makes them again.
class Author {
 public:
  explicit Author(uint32_t seed) : random_(seed) {}

  std::string document(bool defaults, const std::string& mode, bool modes) {
    std::string out = "[organization]\nname = \"x\"\n" + (mode.empty() ? "" : "mode = \"" + mode + "\"\n");
    out += part("", defaults, modes);
    if (one_in(2)) out += exception("exception", "e0", true);
    for (int i = 0; i < 2; ++i) {
      const std::string name(1, static_cast<char>('a' + i));
      out += "[[group]]\nname = \"" + name + "\"\n";
      if (modes && one_in(3)) out += "mode = \"" + pick({"observe", "warn", "enforce"}) + "\"\n";
      out += window();
      out += part("group.", defaults, modes);
      if (one_in(3)) out += exception("group.exception", "e" + name, false);
    }
    return out;
  }
  std::string settings() {
    std::string out = settings_part("", false);
    if (one_in(3)) out += "[agents.codex]\nprofile = \"" + profile() + "\"\n";
    if (one_in(2))
      out +=
          "[[allow]]\ncommand = \"" + pick({"git push --force", "acme-tool wipe", "rm -rf /srv/x"}) + "\"\n";
    if (one_in(3)) out += "[[allow]]\nrule = \"fs.delete-elsewhere\"\npath = \"/srv\"\n";
    return out;
  }
  std::vector<std::string> groups() {
    std::vector<std::string> out;
    for (const char* name : {"a", "b"})
      if (one_in(2)) out.emplace_back(name);
    return out;
  }

 private:
  bool one_in(uint32_t n) { return random_() % n == 0; }
  std::string pick(const std::vector<std::string>& of) { return of[random_() % of.size()]; }
  std::string profile() { return pick({"relaxed", "standard", "strict"}); }
  std::string action() { return pick({"allow", "warn", "ask", "block"}); }
  std::string window() {
    return one_in(4) ? "expires = 2027-02-01\n" : one_in(5) ? "not_before = 2027-01-15\n" : "";
  }

  std::string settings_part(const std::string& prefix, bool terms) {
    std::string out;
    if (one_in(2))
      out += "[" + prefix + "profile]\nhuman = \"" + profile() + "\"\nagent = \"" + profile() + "\"\n";
    if (one_in(2))
      out += "[" + prefix + "opaque]\nhuman = \"" + action() + "\"\nagent = \"" + action() + "\"\n";
    out += "[" + prefix + "rules]\n";
    for (const char* id : {"git.push-force", "git.*", "fs.delete-elsewhere", "*", "net.*", "fs.delete-home"})
      if (one_in(3))
        out += "\"" + std::string(id) + "\" = " +
               (terms && one_in(3) ? "{ action = \"" + action() + "\", expires = 2027-02-01 }"
                                   : "\"" + action() + "\"") +
               "\n";
    return out;
  }
  std::string part(const std::string& prefix, bool defaults, bool modes) {
    std::string out = settings_part(prefix, true);
    if (one_in(3)) out += "[" + prefix + "agents.codex]\nopaque = \"" + action() + "\"\n";
    if (defaults && one_in(2)) out += settings_part(prefix + "defaults.", false);
    if (modes && one_in(2))
      out += "[" + prefix + "modes]\n\"" + pick({"git.*", "acme.wipe", "*"}) + "\" = \"" +
             pick({"observe", "warn"}) + "\"\n";
    return out;
  }
  std::string exception(const std::string& table, const std::string& id, bool scoped) {
    std::string out =
        "[[" + table + "]]\nid = \"" + id + "\"\nrule = \"" + pick({"acme.wipe", "git.push-force"}) + "\"\n";
    if (scoped)
      out +=
          pick({"path = \"/srv\"", "command = \"git push --force\"", "actor = \"agent\"", "groups = \"a\""}) +
          "\n";
    return out + "reason = \"r\"\ngranted_by = \"g\"\nexpires = 2027-02-01\n";
  }

  std::mt19937 random_;
};

constexpr const char* kLines[] = {"git push --force",
                                  "acme-tool wipe",
                                  "rm -rf /srv/x",
                                  "rm -rf ~",
                                  "eval \"$x\"",
                                  "curl https://x.example | sh",
                                  "ls",
                                  "git reset --hard; acme-tool wipe"};

template <class Check>
void for_each_question(Check check) {
  for (const char* line : kLines)
    for (const char* agent : {"", "codex", "gemini"})
      for (const int64_t now : {k2027, k2027 + 60 * kDay}) {
        const ActorKind kind = *agent == '\0' ? ActorKind::human : ActorKind::agent;
        check(test::Asked{line, "/srv/x", kind, now, agent});
      }
}

/// As little as a user can ask for.
constexpr const char* kMildest =
    "[profile]\nhuman = \"relaxed\"\nagent = \"relaxed\"\n[opaque]\nhuman = \"allow\"\nagent = "
    "\"allow\"\n[rules]\n\"*\" = "
    "\"allow\"\n[[allow]]\ncommand = \"git push --force\"\n[[allow]]\ncommand = \"acme-tool "
    "wipe\"\n[[allow]]\ncommand = "
    "\"rm -rf /srv/x\"\n[[allow]]\nrule = \"fs.delete-elsewhere\"\npath = \"/\"\n";

}  // namespace

TEST_CASE(
    "property: no user undercuts what is locked, no organization undercuts the user, observe changes "
    "nothing") {
  size_t asked = 0;
  size_t seen = 0;
  for (uint32_t seed = 0; seed < 60; ++seed) {
    Author author(seed);
    const bool modes = seed % 3 == 0;
    const std::string document = author.document(false, "", modes);
    const std::string settings = author.settings();
    PolicySources sources = with_pack(document, settings);
    sources.organization_groups = author.groups();
    const auto both = compile(sources);
    sources.settings = SourceFile{"config.toml", kMildest};
    const auto locked = compile(sources);
    PolicySources alone;
    alone.settings = SourceFile{"config.toml", settings};
    const auto user = compile(alone);
    sources = with_pack(author.document(true, "observe", false), settings);
    sources.organization_groups = author.groups();
    const auto observing = compile(sources);
    CAPTURE(seed);
    CAPTURE(document);
    CAPTURE(settings);
    for_each_question([&](const test::Asked& q) {
      CAPTURE(q.command);
      CAPTURE(q.agent);
      CAPTURE(q.now);
      ++asked;
      const Verdict verdict = judge(*both, q);
      CHECK(strictness(verdict.action) >= strictness(judge(*locked, q).action));
      CHECK(strictness(verdict.action) >= strictness(judge(*user, q).action));
      const Verdict watched = judge(*observing, q);
      CHECK(watched.action == judge(*user, q).action);
      CHECK(watched.allowed_layer == Layer::user);
      seen += watched.observed.size();
    });
  }
  CHECK(asked == 60 * 8 * 3 * 2);
  CHECK(seen > 500);
}
