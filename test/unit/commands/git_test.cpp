// git: what loses commits, files or the work of others, and the configuration that runs code.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("push: force in every spelling, deletion in every spelling") {
  check_effects({
      {"git push", ""},
      {"git push origin main", ""},
      {"git push --force", "git.push-force"},
      {"git push -f origin main", "git.push-force{origin main}"},
      {"git push origin main -f", "git.push-force{origin main}"},
      {"git push -uf origin main", "git.push-force{origin main}"},
      {"git push origin +main", "git.push-force{origin main}"},
      {"git push origin +HEAD:refs/heads/main", "git.push-force{origin main}"},
      {"git push --force-with-lease origin x", "git.push-force-with-lease{origin x}"},
      {"git push --force-with-lease=x:abc origin x", "git.push-force-with-lease{origin x}"},
      {"git push --force-with-lease --force origin x", "git.push-force{origin x}"},
      {"git push origin :x", "git.push-delete{origin x}"},
      {"git push --delete origin x", "git.push-delete{origin x}"},
      {"git push -d origin x", "git.push-delete{origin x}"},
      {"git push --del origin x", "git.push-delete{origin x}"},
      {"git push --mirror", "git.push-mirror"},
      {"git push --dry-run --force", ""},
      {"git push -nf", ""},
      {"git push -o ci.skip origin main", ""},
      {"git push --force --help", ""},
  });
}

TEST_CASE("global options stand before the verb") {
  check_effects({
      {"git -C ../x push -f", "git.push-force"},
      {"git -c user.name=x push -f", "git.push-force"},
      {"git --git-dir=.git --work-tree . reset --hard", "git.reset-hard"},
      {"git --no-pager reset --hard HEAD~1", "git.reset-hard"},
      {"git -P log", ""},
      {"git -c alias.x='!rm -rf ~' x", "fs.delete{~ rf}"},
      {"git -c core.pager='rm f' log", "fs.delete{f}"},
      {"git -c core.hooksPath=/tmp/h commit", "git.hooks-once{core.hooksPath=/tmp/h}"},
  });
}

TEST_CASE("what loses work that is only here") {
  check_effects({
      {"git reset --hard", "git.reset-hard"},
      {"git reset --har", "git.reset-hard"},
      {"git reset --soft HEAD~1", ""},
      {"git reset f", ""},
      {"git clean -fd", "git.clean{r}"},
      {"git clean -f", "git.clean"},
      {"git clean -xdf", "git.clean{r}"},
      {"git clean --force -d", "git.clean{r}"},
      {"git clean -fdX", "git.clean-ignored{r}"},
      {"git clean -nfd", ""},
      {"git clean -d", ""},
      {"git -c clean.requireForce=false clean -d", "git.clean{r}"},
      {"git -c alias.undo='reset --hard' undo", "git.reset-hard"},
      {"git -c gc.pruneExpire=now gc --quiet", "git.gc-prune"},
      {"git checkout HEAD f", "git.discard{HEAD}"},
      {"git reset --h", "git.reset-hard"},
      {"GIT_SSH_COMMAND='rm f' git fetch", "fs.delete{f}"},
      {"git clean -fe '*.c'", "git.clean"},
      {"git checkout -- f", "git.discard{f}"},
      {"git checkout .", "git.discard{.}"},
      {"git checkout HEAD -- f", "git.discard{HEAD}"},
      {"git checkout main", ""},
      {"git checkout -b x", ""},
      {"git checkout -f", "git.discard"},
      {"git switch -c x", ""},
      {"git switch --discard-changes x", "git.discard"},
      {"git restore f", "git.discard{f}"},
      {"git restore --staged f", ""},
      {"git restore -SW f", "git.discard{f}"},
      {"git restore --source=HEAD~1 f", "git.discard{f}"},
      {"git branch -D x", "git.branch-delete{x}"},
      {"git branch -d x", ""},
      {"git branch -df x", "git.branch-delete{x}"},
      {"git branch --delete --force x", "git.branch-delete{x}"},
      {"git stash", ""},
      {"git stash drop", "git.stash-drop"},
      {"git stash clear", "git.stash-clear"},
      {"git stash pop", ""},
      {"git reflog expire --expire=now --all", "git.reflog-expire"},
      {"git reflog", ""},
      {"git gc --prune=now", "git.gc-prune"},
      {"git gc", ""},
      {"git filter-branch --all", "git.rewrite"},
      {"git filter-repo --path x", "git.rewrite"},
      {"git tag -d v1", "git.tag-delete"},
      {"git tag v1", ""},
      {"git worktree remove -f ../x", "git.worktree-remove"},
      {"git worktree remove ../x", ""},
      {"git update-ref -d refs/heads/x", "git.ref-delete"},
      {"git rm -rf d", "git.rm{d rf}"},
      {"git rm --cached f", ""},
      {"git commit -m 'git push --force'", ""},
      {"git commit -am 'rm -rf /'", ""},
      {"git log --grep='reset --hard'", ""},
      {"git log -S 'rm -rf /'", ""},
  });
}

TEST_CASE("git runs what it is told to") {
  check_effects({
      {"git submodule foreach 'rm -rf d'", "fs.delete{d rf}"},
      {"git rebase -x 'rm f' main", "fs.delete{f}"},
      {"git rebase --exec='rm f' main", "fs.delete{f}"},
      {"git bisect run rm f", "fs.delete{f}"},
      {"git clone ext::'rm f'", "fs.delete{f}"},
      {"git config core.hooksPath /tmp/h", "git.hooks{/tmp/h}"},
      {"git config --global alias.x '!rm -rf ~'", "fs.delete{~ rf}"},
      {"git config --global http.sslVerify false", "sys.security-off{false}"},
      {"git config user.name x", ""},
      {"git config --get core.hooksPath", ""},
      {"gh repo delete o/r --yes", "git.forge-delete{repo o/r}"},
      {"gh api -X DELETE repos/o/r", "git.forge-delete{repos/o/r}"},
      {"gh api -X DELETE repos/o/r/issues/1/labels/x", "net.delete{repos/o/r/issues/1/labels/x}"},
      {"gh auth token", "secret.print"},
      {"gh pr list", ""},
  });
}
