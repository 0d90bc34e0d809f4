// What the disk says would be lost: a repository and what lies around it, made by hand.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "libcore/commands/losses.hpp"
#include "test/unit/commands/disk.hpp"
#include "test/unit/repository/made_repository.hpp"

using namespace cmdai;
using namespace cmdai::test;

namespace {

using Files = std::map<std::string, std::string>;

/// "loss,loss: clause" of the first effect that has any; "" when nothing is known of any.
std::string losses_of(std::string_view command, Disk& disk) {
  for (const effects::Effect& e : analyzed(command, "bash", &disk).effects) {
    std::string out;
    for (unsigned i = 1; i <= static_cast<unsigned>(effects::Loss::mounted); ++i)
      if (e.facts.losses.has(static_cast<effects::Loss>(i)))
        out += (out.empty() ? "" : ",") + std::string(to_string(static_cast<effects::Loss>(i)));
    if (!e.facts.lost.empty()) out += ": " + e.facts.lost;
    if (!out.empty()) return out;
  }
  return {};
}

struct LossCase {
  std::string_view command;
  std::string_view losses;
};

void check_losses(const Files& files, const std::vector<LossCase>& cases, const Files& links = {},
                  const std::vector<std::string>& mounts = {}) {
  for (const LossCase& c : cases) {
    CAPTURE(c.command);
    Disk disk(files, links, mounts);
    CHECK(losses_of(c.command, disk) == c.losses);
  }
}

const std::string kTop(kCwd);

/// The project with src/a.c and src/b.c, doc/x.md and .gitignore committed.
Files clean() {
  return made_repository(kTop, {{".gitignore", "/ignored/\n*.o\n/conf.local\n"},
                                {"doc/x.md", "x"},
                                {"src/a.c", "a"},
                                {"src/b.c", "b"}});
}

Files with(Files files, const Files& more) {
  for (const auto& [path, text] : more) files[path.starts_with('/') ? path : kTop + '/' + path] = text;
  return files;
}

Files without(Files files, const std::string& path) {
  files.erase(kTop + '/' + path);
  return files;
}

}  // namespace

TEST_CASE("what git has is no loss") {
  check_losses(clean(), {
                            {"rm -rf src", "restorable"},
                            {"rm -rf src doc", "restorable"},
                            {"rm -rf src/", "restorable"},
                            {"rm -rf ./src/../src", "restorable"},
                            {"find src -delete", "restorable"},
                            {"rm -rf *", "restorable"},
                            {"rm -rf src/*", "restorable"},
                            {"rm src/a.c", "restorable"},
                            {"cd src && rm -rf *", "restorable"},
                            {"git rm -rf src", "restorable"},
                            {"> src/a.c", "restorable"},
                            {"cp x src/a.c", "restorable"},
                            {"rm -rf nowhere", "nothing"},
                            {"rm -f nowhere.txt", "nothing"},
                            {"echo x > new.txt", "nothing"},
                            {"ls; echo x; git status; rm -rf src", "restorable"},
                            {"sudo rm -rf src", "restorable"},
                        });
}

TEST_CASE("our disk says nothing of another host") {
  check_losses(clean(), {
                            {"ssh h rm -rf src", ""},
                            {"ssh h 'cd /srv/shop && rm -rf uploads'", ""},
                            {"ssh h <<< 'rm -rf nowhere'", ""},
                            {"ssh h git reset --hard", ""},
                            {"sshpass -p x ssh h rm -rf nowhere", ""},
                            {"mosh h -- rm -rf nowhere", ""},
                            {"pdsh -w h rm -rf nowhere", ""},
                            {"pssh -h hosts rm -rf nowhere", ""},
                            {"salt '*' cmd.run 'rm -rf nowhere'", ""},
                            {"salt-call cmd.run 'rm -rf nowhere'", "nothing"},
                            {"ansible all -a 'rm -rf nowhere'", ""},
                            {"gcloud compute ssh x --command 'rm -rf nowhere'", ""},
                            {"ssh h ls; rm -rf nowhere", "nothing"},
                            {"sftp h <<< 'rm nowhere'", ""},
                        });
}

TEST_CASE("what git has not, or not like this, is one") {
  const Files dirty = with(
      clean(), {{"src/a.c", "A changed"}, {"src/new.c", "n"}, {"src/sub/two.c", "n"}, {"notes.txt", "n"}});
  check_losses(
      dirty,
      {
          {"rm -rf src", "work: 2 files git does not have: src/new.c, src/sub/two.c; 1 changed: src/a.c"},
          {"rm -rf src/sub", "work: 1 file git does not have: src/sub/two.c"},
          {"rm -rf doc", "restorable"},
          {"rm -rf *",
           "work: 3 files git does not have: notes.txt, src/new.c, src/sub/two.c; 1 changed: src/a.c"},
          {"find src -delete",
           "work: 2 files git does not have: src/new.c, src/sub/two.c; 1 changed: src/a.c"},
          {"rm -rf src/s*", "work: 1 file git does not have: src/sub/two.c"},
          {"> src/a.c", "work: it has changes that are in no commit"},
          {"mv x src/a.c", "work: it has changes that are in no commit"},
          {"> notes.txt", "work: git does not have this file"},
          // A file that is named is meant.
          {"rm notes.txt", ""},
          {"rm -rf notes.txt", ""},
          {"rm *.txt", ""},
          {"git rm -rf src", "work: 1 changed: src/a.c"},
      });
}

TEST_CASE("what tools make again is no loss; what is ignored besides may be one") {
  check_losses(with(clean(), {{"src/a.o", "o"},
                              {"src/node_modules/x/y.js", "o"},
                              {"doc/build/x.html", "o"},
                              {"ignored/x", "?"},
                              {"conf.local", "?"}}),
               {
                   {"rm -rf src", "restorable"},
                   {"rm -rf doc", "restorable"},
                   {"rm -rf ignored", ""},
                   {"rm -rf *", ""},
                   {"cp x conf.local", "content: 1 KB stand in it now"},
               });
}

TEST_CASE("a line that changes files before makes the disk's word doubtful") {
  const Files dirty = with(clean(), {{"src/new.c", "n"}});
  check_losses(dirty, {
                          {"git stash -u; rm -rf src", ""},
                          {"git add -A && git commit -m x && rm -rf src", ""},
                          {"touch src/x && rm -rf src", ""},
                          {"echo x > doc/x.md; git checkout -- .", "restorable"},  // of the first effect
                          {"make; git clean -fd", ""},
                          {"./build.sh && rm -rf src", ""},
                          {"rm -rf src .git", ""},
                          {"find .git -delete; rm -rf src", "restorable"},  // of the first
                      });
  check_losses(clean(), {{"git stash pop && git reset --hard", ""},
                         {"git reset --soft HEAD~1; git checkout -- .", ""}});
}

TEST_CASE("without a probe, elsewhere, and where nothing is known, no loss is") {
  for (const effects::Effect& e : analyzed("rm -rf src; git reset --hard; > ~/.netrc").effects) {
    CHECK_FALSE(e.facts.losses.any());
    CHECK(e.facts.lost.empty());
  }
  check_losses(clean(), {
                            {"docker exec web rm -rf src", ""},
                            {"rm -rf \"$DIR\"", ""},
                            {"rm -rf build", ""},
                            {"rm -rf /tmp/x", ""},
                        });
  Files broken = clean();
  broken[kTop + "/.git/index"] = "DIRC broken";
  check_losses(
      broken,
      {{"rm -rf src", ": more than could be looked at"}, {"git reset --hard", ""}, {"git clean -fd", ""}});
}

TEST_CASE("a repository goes with what is only in it") {
  const std::string clone = "/home/u/clone";
  Files pushed = made_repository(clone, {{"a", "a"}});
  check_losses(pushed, {{"rm -rf ~/clone", "restorable"},
                        {"rm -rf ~/clone/.git", "restorable"},
                        {"rm -rf ~/clone && git clone x ~/clone", "restorable"}});
  check_losses(with(pushed, {{clone + "/new", "n"}}),
               {{"rm -rf ~/clone", "work: 1 file git does not have: new"}});
  check_losses(with(pushed, {{clone + "/.git/refs/heads/mine", kOlder}}),
               {{"rm -rf ~/clone", "commits: no remote is known to have what is on mine of clone"},
                {"rm -rf ~/clone/.git", "commits: no remote is known to have what is on mine of clone"}});
  check_losses(
      with(pushed, {{clone + "/.git/refs/stash", kOlder}, {clone + "/.git/logs/refs/stash", "1\n2\n"}}),
      {{"rm -rf ~/clone", "commits: 2 stashes"}});
  check_losses(with(pushed, {{clone + "/.git/config", "[core]\nfilemode = no\n"}}),
               {{"rm -rf ~/clone", "commits: the repository clone has no remote"}});
  check_losses(
      with(clean(), {{"parts/lib/.git/HEAD", "ref: refs/heads/main"},
                     {"parts/lib/.git/refs/heads/main", kOlder},
                     {"parts/lib/x", "x"}}),
      {{"rm -rf parts",
        "work,commits: 1 file git does not have: x; the repository lib has no remote; there may be more"}});
}

TEST_CASE("a folder no git has is measured") {
  Files many;
  for (int i = 0; i < 600; ++i) many["/home/u/photos/" + std::to_string(i)] = "x";
  many["/home/u/few/a"] = "x";
  many["/home/u/empty/"] = "";
  many["/srv/data/app/x"] = "x";
  check_losses(many, {
                         {"rm -rf ~/photos", "much: 600 files, 1 KB"},
                         {"rm -rf ~/photos/*", "much: 600 files, 1 KB"},
                         {"rm -rf ~/few", ": 1 file, 1 KB"},
                         {"rm -rf ~/empty", "nothing"},
                         {"rm -rf ~/none", "nothing"},
                         {"sudo rm -rf ~/none", ""},
                         {"rm -rf /srv/data/app", ": 1 file, 1 KB"},
                     });
  for (int i = 0; i < 3000; ++i) many["/home/u/photos/y" + std::to_string(i)] = "x";
  check_losses(many, {{"rm -rf ~/photos", "much: at least 2000 files, 2 KB"}});
}

TEST_CASE("another file system below is said") {
  const Files files{{"/home/u/root/mnt/disk/x", "x"}, {"/home/u/root/a", "a"}};
  check_losses(
      files,
      {{"rm -rf ~/root", "mounted: another file system is mounted at /home/u/root/mnt/disk; 1 file, 1 KB"},
       {"rm -rf ~/root/mnt/disk",
        "mounted: another file system is mounted at /home/u/root/mnt/disk; 1 file, 1 KB"}},
      {}, {"/home/u/root/mnt/disk"});
}

TEST_CASE("a link is judged by where it leads, where what is behind it is meant") {
  const Files files = with(clean(), {{"/home/u/photos/a", "x"}});
  const Files links{{kTop + "/link", "/home/u/photos"}};
  check_losses(files, {{"rm -rf link", "restorable"}, {"rm -rf link/", ": 1 file, 1 KB"}}, links);
  const auto target = [&](std::string_view command) {
    Disk disk(files, links);
    const auto effects = analyzed(command, "bash", &disk).effects;
    return effects.empty() ? ""
                           : std::string(to_string(effects.front().target.path_class)) + ' ' +
                                 effects.front().target.text;
  };
  CHECK(target("rm -rf link/") == "home-child /home/u/photos");
  CHECK(target("rm -rf link/*") == "home-child /home/u/photos/*");
  CHECK(target("rm -rf link") == "project /home/u/project/link");
}

TEST_CASE("git says what its own commands would lose") {
  const Files dirty = with(
      clean(),
      {{"src/a.c", "A changed"}, {"new.c", "n"}, {"deep/new.c", "n"}, {"x.o", "o"}, {"conf.local", "?"}});
  check_losses(clean(), {
                            {"git reset --hard", "nothing"},
                            {"git reset --hard HEAD", "nothing"},
                            {"git reset --hard origin/main", "nothing"},
                            {"git checkout -f", "nothing"},
                            {"git checkout -- .", "nothing"},
                            {"git restore .", "nothing"},
                            {"git restore src/a.c", "nothing"},
                            {"git clean -fd", "nothing"},
                            {"git stash clear", "nothing"},
                            {"git reset --hard && git clean -fd", "nothing"},
                            {"git -C src reset --hard", "nothing"},
                            {"git --git-dir=/x/.git reset --hard", ""},
                            {"GIT_DIR=/x/.git git reset --hard", ""},
                            {"git restore --source=HEAD~3 src", "nothing"},
                            {"git branch -D main", "restorable"},
                            {"git branch -D none", "nothing"},
                        });
  check_losses(dirty, {
                          {"git reset --hard", "work: 1 changed: src/a.c"},
                          {"git checkout -- .", "work: 1 changed: src/a.c"},
                          {"git checkout src/a.c doc/x.md", "work: 1 changed: src/a.c"},
                          {"git checkout doc/x.md src/b.c", "nothing"},
                          {"git checkout HEAD~3 doc/x.md", "nothing"},
                          {"git checkout main src", "work: 1 changed: src/a.c"},
                          {"git checkout main -- src", "work: 1 changed: src/a.c"},
                          {"git checkout -- src", "work: 1 changed: src/a.c"},
                          {"git restore src", "work: 1 changed: src/a.c"},
                          {"git restore doc", "nothing"},
                          {"git restore doc new.c", "nothing"},  // git refuses
                          {"git clean -f", "work: 1 file git does not have: new.c"},
                          {"git clean -fd", "work: 2 files git does not have: deep/new.c, new.c"},
                          {"git clean -fd src", "nothing"},
                          {"git clean -fdX", "work: 1 file or folder ignored: conf.local"},
                          {"git -C src clean -fd", "nothing"},
                      });
  check_losses(without(clean(), "src/a.c"),
               {{"git checkout -- .", "nothing"}, {"git reset --hard", "nothing"}});
  check_losses(with(clean(), {{".git/refs/stash", kOlder}}),
               {{"git stash drop", "commits: 1 stash is there"}});
  check_losses(
      with(clean(),
           {{".git/refs/heads/mine", kOlder}, {".git/refs/tags/v1", kCommit}, {".git/refs/tags/v2", kOlder}}),
      {{"git branch -D mine", "restorable"},  // the tag has it
       {"git tag -d v1", "restorable"},
       {"git branch -D main mine", "restorable"}});
  check_losses(
      with(clean(), {{".git/refs/heads/mine", kOlder}}),
      {{"git branch -D mine", "commits: no other branch and no remote is known to have what is on mine"}});
  check_losses(with(clean(), {{".git/refs/heads/main", kOlder}}),
               {{"git reset --hard origin/main", "commits: what is on main now is on no other branch"},
                {"git reset --hard", ""}});  // whether something is staged cannot be told
  const std::string index = made_index({{".gitignore", ""}, {"src/a.c", "staged"}}, std::string(20, 'o'));
  check_losses(with(clean(), {{".git/index", index}, {"src/a.c", "staged"}, {".gitignore", ""}}),
               {{"git reset --hard", "work: something is staged and not committed"},
                {"git checkout -- src", "nothing"}});
}

TEST_CASE("a push says whose branch it would rewrite") {
  const auto role = [](std::string_view command, const Files& files) {
    Disk disk(files);
    const auto effects = analyzed(command, "bash", &disk).effects;
    return effects.empty() ? "" : std::string(to_string(effects.back().facts.branch));
  };
  const Files feature = with(clean(), {{".git/HEAD", "ref: refs/heads/feature\n"}});
  CHECK(role("git push --force", clean()) == "shared");
  CHECK(role("git push --force", feature) == "own");
  CHECK(role("git push --force origin main", feature) == "shared");
  CHECK(role("git push --force origin HEAD:main", feature) == "shared");
  CHECK(role("git push --force origin HEAD", feature) == "own");
  CHECK(role("git push --force origin release/2", feature) == "shared");
  CHECK(role("git push --force --all", feature) == "unknown");
  CHECK(role("git push --force origin \"$B\"", feature) == "unknown");
  CHECK(role("git push --force origin own-default",
             with(feature, {{".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/own-default"}})) ==
        "shared");
  CHECK(role("git push --force",
             with(feature, {{".git/config", "[branch \"feature\"]\nmerge = refs/heads/main\n"}})) ==
        "shared");
}
