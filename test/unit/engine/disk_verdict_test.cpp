// The whole way with a disk to look at: what a verdict is without one, and with what is found there.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "test/unit/commands/disk.hpp"
#include "test/unit/engine/shipped.hpp"
#include "test/unit/repository/made_repository.hpp"

using namespace cmdai;
using namespace cmdai::test;
using policy::ActorKind;

namespace {

using Files = std::map<std::string, std::string>;

std::string disk_verdict(std::string_view command, Probe* probe, ActorKind actor) {
  Request request = request_for(command);
  request.actor.kind = actor;
  return brief(shipped_engine().check(request, probe));
}

struct DiskCase {
  std::string_view command;
  std::string_view without, with;
};

void check_disk_verdicts(const Files& files, const std::vector<DiskCase>& cases,
                         ActorKind actor = ActorKind::human) {
  for (const DiskCase& c : cases) {
    CAPTURE(c.command);
    Disk disk(files);
    CHECK(disk_verdict(c.command, nullptr, actor) == c.without);
    CHECK(disk_verdict(c.command, &disk, actor) == c.with);
  }
}

const std::string kTop(kCwd);

Files clean() {
  return made_repository(kTop, {{".gitignore", "*.o\n"}, {"doc/x.md", "x"}, {"src/a.c", "a"}});
}

Files with(Files files, const Files& more) {
  for (const auto& [path, text] : more) files[path.starts_with('/') ? path : kTop + '/' + path] = text;
  return files;
}

}  // namespace

TEST_CASE("in a clean tree nothing is lost, and nobody is asked") {
  check_disk_verdicts(
      clean(), {
                   {"rm -rf src", "ask fs.delete-folder", "allow"},
                   {"rm -rf *", "ask fs.delete-project", "allow"},
                   {"git reset --hard", "ask git.reset-hard", "allow"},
                   {"git checkout -- .", "ask git.discard", "allow"},
                   {"git restore src", "ask git.discard", "allow"},
                   {"git clean -fd", "ask git.clean", "allow"},
                   {"git stash clear", "ask git.stash-drop", "allow"},
                   {"git branch -D main", "ask git.branch-delete", "allow"},
                   {"git rm -rf src", "ask fs.delete-folder", "allow"},
                   {"rm -rf ~/nothing-there", "ask fs.delete-home-folder", "allow"},
                   {"git reset --hard && git clean -fdx", "ask git.reset-hard", "allow"},
                   // What is core stays, and so does what the disk says nothing of.
                   {"rm -rf ~", "block fs.delete-home", "block fs.delete-home"},
                   {"git push --force origin main", "ask git.push-force", "ask git.push-force"},
                   {"git push --force origin fix", "ask git.push-force", "warn git.push-force-own"},
                   {"git reflog expire --expire=now --all", "ask git.erase-history", "ask git.erase-history"},
                   {"make; git clean -fd", "ask git.clean", "ask git.clean"},
               });
}

TEST_CASE("work that is nowhere else is asked about") {
  check_disk_verdicts(
      with(clean(), {{"src/new.c", "n"}, {"doc/x.md", "changed"}, {"notes.txt", "n"}, {"src/a.o", "o"}}),
      {
          {"rm -rf src", "ask fs.delete-folder", "ask fs.delete-work"},
          {"rm -rf doc", "ask fs.delete-folder", "ask fs.delete-work"},
          {"find src -delete", "ask fs.delete-folder", "ask fs.delete-work"},
          {"rm -f *", "allow", "ask fs.delete-work"},
          {"rm -rf *", "ask fs.delete-project", "ask fs.delete-work"},
          {"git reset --hard", "ask git.reset-hard", "ask git.reset-hard"},
          {"git clean -fd", "ask git.clean", "ask git.clean"},
          {"> notes.txt", "allow", "ask fs.empty-work"},
          {": > doc/x.md", "allow", "ask fs.empty-work"},
          {"mv a notes.txt", "allow", "warn fs.move-over-work"},
          {"sort notes.txt > notes.txt", "allow", "allow"},
          // Ordinary neighbours.
          {"rm notes.txt", "allow", "allow"},
          {"rm -f src/a.o", "allow", "allow"},
          {"rm -rf build node_modules", "allow", "allow"},
          {"echo x >> notes.txt", "allow", "allow"},
          {"ls > list.txt", "allow", "allow"},
          {"git stash", "allow", "allow"},
          {"git checkout main", "allow", "allow"},
          {"rm -rf /tmp/x", "allow", "allow"},
      });
}

TEST_CASE("keys in use, clones with commits of their own, large folders") {
  Files files =
      with(made_repository("/home/u/clone", {{"a", "a"}}), {{"/home/u/clone/.git/refs/heads/mine", kOlder},
                                                            {"/home/u/.ssh/id_ed25519", "key"},
                                                            {"/home/u/.netrc", ""},
                                                            {"/home/u/.aws/credentials", "x"}});
  for (int i = 0; i < 600; ++i) files[kTop + "/data/" + std::to_string(i)] = "x";
  check_disk_verdicts(files, {
                                 {"rm -rf ~/clone && git clone https://example.org/clone",
                                  "ask fs.delete-home-folder", "ask fs.delete-work"},
                                 {"cp k ~/.ssh/id_ed25519", "allow", "ask secret.overwrite"},
                                 {"cp k ~/.ssh/id_rsa", "allow", "allow"},
                                 {"echo \"$X\" > ~/.netrc", "allow", "allow"},
                                 {"echo \"$X\" > ~/.aws/credentials", "allow", "ask secret.overwrite"},
                                 {"echo \"$X\" | tee ~/.aws/credentials", "allow", "ask secret.overwrite"},
                                 {"rm -rf data", "ask fs.delete-folder", "ask fs.delete-much"},
                                 {"rm -f ~/.ssh/id_rsa", "ask secret.delete", "allow"},
                             });
}

TEST_CASE("a cluster of this machine is less, one in production more") {
  const std::string config = "/home/u/.kube/config";
  check_disk_verdicts({{config, "current-context: prod\n"}},
                      {{"kubectl delete pod x", "warn k8s.delete-pod", "ask k8s.production"},
                       {"kubectl delete ns x --context kind-dev", "block k8s.delete-namespace", "allow"},
                       {"kubectl get pods", "allow", "allow"}});
  // A variable nobody told us may name another file: not milder.
  check_disk_verdicts({{config, "current-context: kind-dev\n"}},
                      {{"kubectl delete ns x", "block k8s.delete-namespace", "block k8s.delete-namespace"}});
  check_disk_verdicts({{config, "current-context: prod\n"}},
                      {{"kubectl delete pod x", "ask k8s.delete-pod", "block k8s.production"}},
                      ActorKind::agent);
}
