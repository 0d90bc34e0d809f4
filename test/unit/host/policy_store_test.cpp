// Policy from files: the last good one stays, and every broken file is told with its place.
#include "daemon/host/policy_store.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "daemon/host/files.hpp"
#include "libcore/engine.hpp"
#include "test/unit/ipc/box.hpp"

using namespace cmdai;
using namespace cmdai::host;
using cmdai::test::Box;
namespace fs = std::filesystem;

namespace {

Paths paths_in(const Box& box) {
  Paths out;
  out.home = box / "home";
  out.user = "u";
  out.config = box / "home/.config/cmdai";
  out.state = box / "home/.local/state/cmdai";
  fs::create_directories(out.config);
  return out;
}

void write(const std::string& path, const std::string& text) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::trunc) << text;
}

std::string action(const std::shared_ptr<const policy::Policy>& policy, const std::string& command,
                   const std::string& cwd = "/home/u/p") {
  Request request;
  request.command = command;
  request.session.cwd = cwd;
  request.session.home = "/home/u";
  request.now = 1'700'000'000;
  return std::string(policy::to_string(Engine(policy).check(request, nullptr).verdict.action));
}

}  // namespace

TEST_CASE("another configuration: the old one is kept beside it, under the first free name") {
  const Box box;
  const Paths paths = paths_in(box);
  const auto put = [&paths](const std::optional<std::string>& before, const std::string& text) {
    const auto done = replace_settings(paths, before, text);
    return done ? *done : "error: " + done.error().message;
  };
  CHECK(put(std::nullopt, "# 1\n").empty());
  CHECK(read_file(paths.settings()).value_or("") == "# 1\n");
  fs::permissions(paths.settings(), fs::perms(0644));
  CHECK(put("# 1\n", "# 2\n") == paths.settings() + ".bak-1");
  fs::create_symlink("/nowhere", paths.settings() + ".bak-2");
  CHECK(put("# 2\n", "# 3\n") == paths.settings() + ".bak-3");
  CHECK(read_file(paths.settings() + ".bak-1").value_or("") == "# 1\n");
  CHECK(read_file(paths.settings() + ".bak-3").value_or("") == "# 2\n");
  CHECK(read_file(paths.settings()).value_or("") == "# 3\n");
  for (const std::string& file : {paths.settings(), paths.settings() + ".bak-1"})
    CHECK(fs::status(file).permissions() == fs::perms(0600));
  CHECK(put("# 2\n", "# 4\n") == "error: was changed meanwhile: nothing was written");
  CHECK(put(std::nullopt, "# 4\n") == "error: was changed meanwhile: nothing was written");
  CHECK(read_file(paths.settings()).value_or("") == "# 3\n");
  CHECK(!exists(paths.settings() + ".bak-4"));
}

TEST_CASE("a configuration that is a link stays one") {
  const Box box;
  const Paths paths = paths_in(box);
  write(box / "dotfiles/cmdai.toml", "# old\n");
  fs::create_symlink(box / "dotfiles/cmdai.toml", paths.settings());
  const auto done = replace_settings(paths, "# old\n", "# new\n");
  REQUIRE(done);
  CHECK(fs::is_symlink(paths.settings()));
  CHECK(read_file(box / "dotfiles/cmdai.toml").value_or("") == "# new\n");
  CHECK(read_file(*done).value_or("") == "# old\n");
}

TEST_CASE("no files: the built-in policy, and no error") {
  const Box box;
  const PolicyStore store(paths_in(box));
  CHECK_FALSE(store.error());
  CHECK(store.policy()->rules().size() > 50);
  CHECK(action(store.policy(), "rm -rf ~") == "block");
  CHECK(action(store.policy(), "ls") == "allow");
}

TEST_CASE("a broken file keeps the last good policy and names its place") {
  const Box box;
  const Paths paths = paths_in(box);
  write(paths.settings(), "[rules]\n\"git.push-force\" = \"block\"\n");
  PolicyStore store(paths);
  REQUIRE_FALSE(store.error());
  CHECK(action(store.policy(), "git push --force") == "block");
  const std::string good = store.policy()->fingerprint();

  struct Row {
    std::string file, text;
    uint32_t line;
  };
  for (const Row& row : {
           Row{paths.settings(), "[rules]\n\"git.push-force\" = \"blok\"\n", 2},
           Row{paths.settings(), "[rules\n", 1},
           Row{paths.settings(), "# fine\n\n[profile]\nhuman = 3\n", 4},
           Row{paths.allow_list(), "[[allow]]\ncommand = 5\n", 2},
           Row{paths.rules() + "/mine.toml", "# a pack\n[[rule\n", 2},
           Row{paths.trusted(), "rubbish\n", 1},
       }) {
    CAPTURE(row.file);
    CAPTURE(row.text);
    const std::string before = exists(row.file) ? *read_file(row.file) : "";
    write(row.file, row.text);
    const auto done = store.reload();
    REQUIRE_FALSE(done);
    CHECK(done.error().file == row.file);
    CHECK(done.error().line == row.line);
    CHECK(store.error()->render() == done.error().render());
    CHECK(store.policy()->fingerprint() == good);
    before.empty() ? void(fs::remove(row.file)) : write(row.file, before);
    REQUIRE(store.reload());
    CHECK_FALSE(store.error());
  }
}

TEST_CASE("a file that is broken from the start leaves the built-in policy in force") {
  const Box box;
  const Paths paths = paths_in(box);
  write(paths.settings(), "nonsense\n");
  const PolicyStore store(paths);
  REQUIRE(store.error());
  CHECK(store.error()->line == 1);
  CHECK(action(store.policy(), "rm -rf ~") == "block");
}

TEST_CASE("a rule pack that is named but not there is told") {
  const Box box;
  const Paths paths = paths_in(box);
  write(paths.settings(), "rule_files = [\"gone.toml\", \"/elsewhere/x.toml\"]\n");
  const PolicyStore store(paths);
  REQUIRE(store.error());
  CHECK(store.error()->file == paths.config + "/gone.toml");
  CHECK(store.error()->message.find("rule pack cannot be read") == 0);
}

TEST_CASE("what may not be read is an error, not an empty configuration") {
  const Box box;
  const Paths paths = paths_in(box);
  fs::create_directories(paths.settings());  // a directory in its place; root may read everything else
  const PolicyStore store(paths);
  REQUIRE(store.error());
  CHECK(store.error()->message == "is a directory, not a file");
}

TEST_CASE("the watch knows where files may appear") {
  const Box box;
  const Paths paths = paths_in(box);
  write(box / "elsewhere/x.toml", R"(family = "my"
[[rule]]
id = "my.push"
severity = "low"
title = "this pushes"
why = "It is mine."
hint = "do not"
when = { tag = "git.push-force" }
stop = ["git push --force"]
pass = ["git push"]
)");
  write(paths.settings(), "rule_files = [\"" + (box / "elsewhere/x.toml") + "\"]\n");
  const PolicyStore store(paths);
  CHECK_MESSAGE(!store.error(), store.error()->render());
  CHECK(store.watched() == std::vector<std::string>{paths.config, paths.rules(), box / "elsewhere"});
}

TEST_CASE("a project's file counts when it is trusted, as long as it stays as it was, and only tightens") {
  const Box box;
  const Paths paths = paths_in(box);
  const std::string project = paths.home + "/p";
  const std::string file = project + "/.cmdai.toml";
  write(file, "[rules]\n\"git.push-force\" = \"block\"\n");
  PolicyStore store(paths);
  CHECK(action(store.policy_for(project), "git push --force") == "ask");
  REQUIRE(store.project_notice(project));
  CHECK(store.project_notice(project)->hint.find("cmdai policy trust") != std::string::npos);

  TrustList trust(paths.trusted());
  REQUIRE(trust.load());
  REQUIRE(trust.add(file, *read_file(file)));
  REQUIRE(store.reload());
  CHECK_FALSE(store.project_notice(project));
  CHECK(action(store.policy_for(project + "/deep/er"), "git push --force") == "block");
  CHECK(action(store.policy_for(paths.home), "git push --force") == "ask");

  write(file, "[rules]\n\"git.push-force\" = \"block\" \n");  // one blank more
  CHECK(store.project_notice(project));
  CHECK(action(store.policy_for(project), "git push --force") == "ask");

  write(file, "[rules]\n\"git.push-force\" = \"allow\"\n");
  REQUIRE(trust.add(file, *read_file(file)));
  store.reload();
  CHECK(action(store.policy_for(project), "git push --force") != "allow");
}

TEST_CASE("an exception is appended whole, kept with what was there, and taken out again") {
  const Box box;
  const Paths paths = paths_in(box);
  policy::AllowEntry entry;
  entry.id = "a1";
  entry.command = "git push --force";
  REQUIRE(append_allow_entry(paths, entry));
  entry.id = "a2";
  entry.command = "git clean -fdx";
  REQUIRE(append_allow_entry(paths, entry));
  PolicyStore store(paths);
  REQUIRE_FALSE(store.error());
  CHECK(action(store.policy(), "git push --force") == "allow");
  CHECK(action(store.policy(), "git push --force origin") == "ask");
  CHECK(*remove_allow_entry(paths, "a1") == 1);
  CHECK(*remove_allow_entry(paths, "a1") == 0);
  REQUIRE(store.reload());
  CHECK(action(store.policy(), "git push --force") == "ask");
  CHECK(action(store.policy(), "git clean -fdx") == "allow");

  write(paths.allow_list(), "[[allow\n");
  CHECK_FALSE(append_allow_entry(paths, entry));
  CHECK(*read_file(paths.allow_list()) == "[[allow\n");  // a person's mistake is not overwritten
  CHECK_FALSE(remove_allow_entry(paths, "a2"));
  entry.command = "echo \xff";
  fs::remove(paths.allow_list());
  CHECK(append_allow_entry(paths, entry).error().message.find("not valid UTF-8") != std::string::npos);
}

TEST_CASE("exceptions made at once are all kept") {
  const Box box;
  const Paths paths = paths_in(box);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&paths, t] {
      for (int i = 0; i < 5; ++i) {
        policy::AllowEntry entry;
        entry.id = "e" + std::to_string(t) + std::to_string(i);
        entry.command = "git push --force " + entry.id;
        (void)append_allow_entry(paths, entry);
      }
    });
  for (std::thread& t : threads) t.join();
  const auto all = policy::parse_allow_list({paths.allow_list(), *read_file(paths.allow_list())});
  REQUIRE(all);
  CHECK(all->size() == 20);
}
