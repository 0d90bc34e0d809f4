// Verbs of git 2.39 that lose commits, files or the work of others.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/git_files.hpp"
#include "libcore/commands/git_verbs.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/commands/secret_words.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kPush[] = {{'f', "force"},
                            {'d', "delete"},
                            {'n', "dry-run"},
                            {'u', "set-upstream"},
                            {'v', "verbose"},
                            {'q', "quiet"},
                            {'o', "push-option", Arg::value},
                            {'4', "ipv4"},
                            {'6', "ipv6"},
                            {0, "force-with-lease", Arg::optional},
                            {0, "force-if-includes"},
                            {0, "mirror"},
                            {0, "all"},
                            {0, "tags"},
                            {0, "prune"},
                            {0, "no-verify"},
                            {0, "follow-tags"},
                            {0, "atomic"},
                            {0, "repo", Arg::value},
                            {0, "receive-pack", Arg::value},
                            {0, "exec", Arg::value},
                            {0, "recurse-submodules", Arg::optional},
                            {0, "signed", Arg::optional},
                            {0, "thin"},
                            {0, "progress"},
                            {0, "stdin"},
                            {0, "porcelain"}};
void push(GitContext& c) {
  if (c.call.has("dry-run")) return;
  const auto& operands = c.call.operands();
  const std::string remote = c.call.operand(0);
  const auto target = [&](Effect& e, const std::string& ref) {
    e.target.text = remote + (ref.empty() ? "" : " " + ref);
    const bool known = std::all_of(operands.begin(), operands.end(),
                                   [](const Argument* word) { return word->value.is_exact(); });
    if (e.tag.starts_with("git.push-force") && known && !c.call.any("all tags mirror"))
      weigh_push(e, c.place, remote, ref);
  };
  run_other_end(c);
  const std::vector<std::string> mirror = settings(c, "remote.", ".mirror");
  if (c.call.any("mirror prune") || (!mirror.empty() && lower(mirror.back()) != "false"))
    target(c.sink.add(Kind::changes_remote, "git.push-mirror"), "");
  if (operands.size() < 2 && !c.call.has("force"))
    for (const std::string& ref : settings(c, "remote.", ".push"))
      if (ref.starts_with('+')) target(c.sink.add(Kind::changes_remote, "git.push-force"), ref.substr(1));
  for (size_t i = 1; i < std::max<size_t>(2, operands.size()); ++i) {
    const std::string ref = c.call.operand(i);
    const resolve::Place place = i < operands.size() ? operands[i]->place : c.call.invocation().place;
    std::string branch = ref.substr(ref.find(':') == std::string::npos ? 0 : ref.find(':') + 1);
    // `"$SHA":branch` is no deletion only because nobody knows the hash.
    const bool deletes = i < operands.size() && operands[i]->value.prefix().starts_with(':');
    const bool plus = ref.starts_with('+') || branch.starts_with('+');
    if (branch.starts_with('+')) branch.erase(0, 1);
    if (branch.starts_with("refs/heads/")) branch.erase(0, 11);
    if ((c.call.has("delete") && i < operands.size()) || (deletes && ref.size() > 1)) {
      target(c.sink.add(Kind::changes_remote, "git.push-delete", place), branch);
    } else if (c.call.has("force") || plus) {
      target(c.sink.add(Kind::changes_remote, "git.push-force", place), branch);
    } else if (c.call.has("force-with-lease")) {
      target(c.sink.add(Kind::changes_remote, "git.push-force-with-lease", place), branch);
    }
  }
}

constexpr Option kReset[] = {{0, "hard"},  {0, "soft"},    {0, "mixed"},   {0, "keep"},
                             {0, "merge"}, {'q', "quiet"}, {'p', "patch"}, {'N', "intent-to-add"}};
constexpr Option kClean[] = {
    {'f', "force"},   {'d', "directories"}, {'x', "ignored-too"},         {'X', "ignored-only"},
    {'n', "dry-run"}, {'i', "interactive"}, {'e', "exclude", Arg::value}, {'q', "quiet"}};
constexpr Option kCheckout[] = {{'f', "force"},
                                {'b', "new", Arg::value},
                                {'B', "New", Arg::value},
                                {'p', "patch"},
                                {'q', "quiet"},
                                {'t', "track"},
                                {0, "track", Arg::optional},
                                {'d', "detach"},
                                {'m', "merge"},
                                {0, "ours"},
                                {0, "theirs"},
                                {0, "orphan", Arg::value},
                                {'l', "l"},
                                {0, "guess"},
                                {0, "recurse-submodules", Arg::optional},
                                {0, "no-recurse-submodules"},
                                {'U', "unified", Arg::value},
                                {0, "conflict", Arg::value},
                                {0, "pathspec-from-file", Arg::value}};
constexpr Option kSwitch[] = {{'f', "force"},
                              {'c', "create", Arg::value},
                              {'C', "force-create", Arg::value},
                              {'q', "quiet"},
                              {'t', "track", Arg::optional},
                              {'d', "detach"},
                              {'m', "merge"},
                              {0, "discard-changes"},
                              {0, "orphan", Arg::value},
                              {0, "guess"},
                              {0, "conflict", Arg::value},
                              {0, "recurse-submodules", Arg::optional},
                              {0, "no-recurse-submodules"}};
constexpr Option kRestore[] = {{'s', "source", Arg::value},
                               {'S', "staged"},
                               {'W', "worktree"},
                               {'p', "patch"},
                               {'q', "quiet"},
                               {0, "pathspec-from-file", Arg::value},
                               {0, "conflict", Arg::value},
                               {0, "ours"},
                               {0, "theirs"},
                               {'U', "unified", Arg::value},
                               {0, "inter-hunk-context", Arg::value}};
constexpr Option kBranch[] = {{'d', "delete"},
                              {'D', "Delete"},
                              {'f', "force"},
                              {'m', "move"},
                              {'M', "Move"},
                              {'c', "copy"},
                              {'C', "Copy"},
                              {'l', "list"},
                              {'t', "track", Arg::optional},
                              {0, "no-track"},
                              {0, "show-current"},
                              {0, "edit-description"},
                              {0, "unset-upstream"},
                              {0, "points-at", Arg::value},
                              {'a', "all"},
                              {'r', "remotes"},
                              {'v', "verbose"},
                              {'u', "set-upstream-to", Arg::value},
                              {0, "contains", Arg::optional},
                              {0, "merged", Arg::optional},
                              {0, "format", Arg::value},
                              {0, "sort", Arg::value}};

void reset(GitContext& c) {
  if (!c.call.any("hard merge")) return;
  Effect& e = history(c, "git.reset-hard");
  if (c.call.operands().size() < 2) weigh_reset(e, c.place, c.call.operand(0));
}
void clean(GitContext& c) {
  if (c.call.any("dry-run interactive") || !(c.call.has("force") || c.unforced)) return;
  Effect& e = history(c, "git.clean");
  e.recursive = c.call.has("directories");
  if (c.call.has("ignored-only")) e.tag = "git.clean-ignored";
  const auto& given = c.call.given();
  weigh_clean(e, c.place, c.call.operands(),
              {c.call.has("directories"), c.call.has("ignored-too"), c.call.has("ignored-only"),
               std::count(given.begin(), given.end(), "force") > 1});
}
/// [TREE] [--] PATH…: what stands before the dashes is a commit; without dashes the first of several may be
/// one.
void weigh_checkout(Effect& e, GitContext& c, bool separator) {
  const auto& words = c.call.operands();
  bool tree_given = false;
  if (separator) {
    for (const Argument& a : c.call.argv()) {
      if (a.value.with_holes_empty() == "--") break;
      tree_given |= !words.empty() && words.front()->place.range.begin == a.place.range.begin;
    }
  } else if (words.size() > 1) {
    const auto path = begins_with_path(c.place, *words.front());
    if (!path) return;
    tree_given = !*path;
  }
  weigh_discard(e, c.place, {words.begin() + (tree_given ? 1 : 0), words.end()}, !tree_given);
}
void checkout(GitContext& c) {
  for (std::string_view option : {"New", "force-create"})
    if (const Argument* name = c.call.value(option)) branch_reset(c, name, "switch");
  if (c.call.any("force discard-changes")) {
    Effect& e = history(c, "git.discard");
    if (c.call.operands().empty())
      weigh_reset(e, c.place, "");
    else
      weigh_discard(e, c.place, {}, false);
    return;
  }
  if (c.call.any("patch new New create force-create orphan ours theirs track detach")) return;
  if (c.call.has("pathspec-from-file")) {
    history(c, "git.discard");
    return;
  }
  // `checkout -- path`, `checkout .`: files are replaced. `checkout branch` is not.
  bool separator = false;
  for (const Argument& a : c.call.argv()) separator |= a.value.with_holes_empty() == "--";
  for (const Argument* operand : c.call.operands()) {
    const std::string text = operand->value.with_holes_empty();
    // `checkout TREE PATH`: two operands are never two branches.
    const bool path_after_tree = c.verb == "checkout" && c.call.operands().size() > 1;
    if (separator || path_after_tree || text == "." || text == "*" || text == ":/" ||
        text.starts_with("./")) {
      Effect& e = history(c, "git.discard", operand);
      e.detail = text;
      weigh_checkout(e, c, separator);
      return;
    }
  }
}
void restore(GitContext& c) {
  if (c.call.has("patch") || (c.call.has("staged") && !c.call.has("worktree"))) return;
  if (!c.call.operands().empty())
    weigh_discard(history(c, "git.discard", c.call.operands().front()), c.place, c.call.operands(),
                  !c.call.any("staged source"));
  else if (c.call.has("pathspec-from-file"))
    history(c, "git.discard");
}
void branch(GitContext& c) {
  if (c.call.has("force") && !c.call.any("delete Delete move Move copy Copy list") &&
      !c.call.operands().empty())
    return branch_reset(c, c.call.operands().front(), "force");
  const bool forced = c.call.has("Delete") || (c.call.has("delete") && c.call.has("force"));
  if (!forced || c.call.operands().empty()) return;
  Effect& e = history(c, "git.branch-delete", c.call.operands().front());
  if (!c.call.has("remotes")) weigh_refs(e, c.place, c.call.operands(), "refs/heads/");
}
void stash(GitContext& c) {
  const std::string verb = c.call.operand(0);
  if (verb == "drop" || verb == "clear")
    weigh_stashes(history(c, verb == "clear" ? "git.stash-clear" : "git.stash-drop"), c.place);
}
constexpr Option kGc[] = {{0, "prune", Arg::optional},
                          {0, "aggressive"},
                          {0, "auto"},
                          {'q', "quiet"},
                          {0, "force"},
                          {0, "expire", Arg::value},
                          {0, "expire-unreachable", Arg::value},
                          {0, "all"},
                          {'n', "dry-run"},
                          {0, "stale-fix"}};
void reflog(GitContext& c) {
  const std::string verb = c.call.operand(0);
  if ((verb == "expire" || verb == "delete") && !c.call.has("dry-run")) history(c, "git.reflog-expire");
}
void gc(GitContext& c) {
  const std::string when = c.call.text("prune");
  if (when == "now" || when == "all" || when == "0") history(c, "git.gc-prune");
}
void prune(GitContext& c) {
  if (!c.call.has("dry-run")) history(c, "git.gc-prune");
}
/// filter-branch(1); git-filter-repo 2.38: what takes a value may take any word for one.
constexpr Option kFilter[] = {{'f', "force"},
                              {'d', "directory", Arg::value},
                              {0, "analyze"},
                              {0, "dry-run"},
                              {'h', "help"},
                              {0, "path", Arg::value},
                              {0, "path-glob", Arg::value},
                              {0, "path-regex", Arg::value},
                              {0, "path-rename", Arg::value},
                              {0, "paths-from-file", Arg::value},
                              {0, "replace-text", Arg::value},
                              {0, "replace-message", Arg::value},
                              {0, "mailmap", Arg::value},
                              {0, "refs", Arg::value},
                              {0, "source", Arg::value},
                              {0, "target", Arg::value},
                              {0, "subdirectory-filter", Arg::value},
                              {0, "to-subdirectory-filter", Arg::value},
                              {0, "strip-blobs-bigger-than", Arg::value},
                              {0, "strip-blobs-with-ids", Arg::value},
                              {0, "tag-rename", Arg::value},
                              {0, "filename-callback", Arg::value},
                              {0, "message-callback", Arg::value},
                              {0, "name-callback", Arg::value},
                              {0, "email-callback", Arg::value},
                              {0, "commit-callback", Arg::value},
                              {0, "blob-callback", Arg::value},
                              {0, "env-filter", Arg::value},
                              {0, "tree-filter", Arg::value},
                              {0, "index-filter", Arg::value},
                              {0, "msg-filter", Arg::value},
                              {0, "commit-filter", Arg::value},
                              {0, "tag-name-filter", Arg::value},
                              {0, "parent-filter", Arg::value},
                              {0, "invert-paths"}};
void rewrite(GitContext& c) {
  if (!c.call.any("help analyze dry-run")) history(c, "git.rewrite");
}
/// -F FILE: what it holds stays in the history; hash-object -w FILE: in the objects.
void read_message(GitContext& c) {
  for (const Argument* file : c.call.values("file")) read_effect(c.sink, *file);
}
constexpr Option kMessage[] = {{'F', "file", Arg::value},
                               {'n', "no-verify"},
                               {'a', "all"},
                               {'m', "message", Arg::value},
                               {'t', "template", Arg::value},
                               {'C', "reuse-message", Arg::value},
                               {'c', "reedit-message", Arg::value}};
void hash_object(GitContext& c) {
  if (c.call.has("write"))
    for (const Argument* file : c.call.operands()) read_effect(c.sink, *file);
}
constexpr Option kHashObject[] = {{'w', "write"}, {'t', "type", Arg::value}, {0, "path", Arg::value}};

constexpr Option kTag[] = {
    {'d', "delete"}, {'f', "force"},           {'l', "list"}, {'m', "message", Arg::value}, {'a', "annotate"},
    {'s', "sign"},   {'F', "file", Arg::value}};
void tag(GitContext& c) {
  read_message(c);
  if (c.call.has("delete"))
    weigh_refs(history(c, "git.tag-delete"), c.place, c.call.operands(), "refs/tags/");
}
void worktree(GitContext& c) {
  if (c.call.operand(0) != "remove" || !c.call.has("force")) return;
  Effect& e = history(c, "git.worktree-remove");
  if (c.call.operands().size() == 2) weigh_worktree(e, c.place, *c.call.operands()[1]);
}
void update_ref(GitContext& c) {
  const std::string orders = c.call.has("stdin") ? c.call.invocation().input.data.with_holes_empty() : "";
  if (c.call.has("delete") || orders.starts_with("delete ") || orders.find("\ndelete ") != std::string::npos)
    history(c, "git.ref-delete");
}

constexpr Option kIndex[] = {{'f', "force"},
                             {'a', "all"},
                             {'u', "index"},
                             {'q', "quiet"},
                             {'n', "no-create"},
                             {0, "prefix", Arg::value},
                             {0, "stage", Arg::value},
                             {0, "temp"},
                             {0, "stdin"},
                             {'z', "null"}};
void checkout_index(GitContext& c) {
  const bool files = c.call.any("all stdin") || !c.call.operands().empty();
  if (c.call.has("force") && files && !c.call.any("prefix temp")) history(c, "git.discard");
}
constexpr Option kReadTree[] = {
    {'m', "merge"},   {'u', "update"},   {'i', "index-only"}, {'n', "dry-run"},
    {'v', "verbose"}, {'q', "quiet"},    {0, "reset"},        {0, "prefix", Arg::value},
    {0, "trivial"},   {0, "aggressive"}, {0, "empty"},        {0, "index-output", Arg::value}};
void read_tree(GitContext& c) {
  if (c.call.has("reset") && c.call.has("update") && !c.call.has("dry-run")) history(c, "git.reset-hard");
}
constexpr Option kRepack[] = {{'a', "all"},
                              {'A', "All"},
                              {'d', "delete"},
                              {0, "unpack-unreachable", Arg::value},
                              {0, "cruft-expiration", Arg::value},
                              {0, "expire-to", Arg::value}};
void repack(GitContext& c) {
  for (std::string_view option : {"unpack-unreachable", "cruft-expiration"})
    if (c.call.text(option) == "now" || c.call.text(option) == "all") history(c, "git.gc-prune");
}
void remove(GitContext& c) {
  if (c.call.any("cached dry-run")) return;
  for (const Argument* file : c.call.operands()) {
    Effect& e = c.sink.on_path(Kind::deletes, "git.rm", *file);
    e.recursive = c.call.has("recursive");
    e.force = c.call.has("force");
    weigh_removal(e, c.place, *file);
  }
}

constexpr GitVerb kHistoryVerbs[] = {
    {"push", kPush, push},
    {"reset", kReset, reset},
    {"clean", kClean, clean},
    {"checkout", kCheckout, checkout},
    {"switch", kSwitch, checkout},
    {"restore", kRestore, restore},
    {"branch", kBranch, branch},
    {"stash", kGitForce, stash},
    {"reflog", kGc, reflog},
    {"gc", kGc, gc},
    {"prune", kGc, prune},
    {"filter-branch", kFilter, rewrite},
    {"filter-repo", kFilter, rewrite},
    {"tag", kTag, tag},
    {"commit", kMessage, read_message},
    {"notes", kMessage, read_message},
    {"hash-object", kHashObject, hash_object},
    {"worktree", kGitForce, worktree},
    {"update-ref", kGitForce, update_ref},
    {"rm", kGitForce, remove},
    {"send-pack", kPush, push},
    {"checkout-index", kIndex, checkout_index},
    {"read-tree", kReadTree, read_tree},
    {"symbolic-ref", kGitForce, update_ref},
    {"repack", kRepack, repack},
};

}  // namespace

std::span<const GitVerb> git_history_verbs() { return kHistoryVerbs; }

std::vector<std::string> settings(const GitContext& c, std::string_view begin, std::string_view end) {
  std::vector<std::string> out;
  for (const GitSetting& s : c.settings)
    if (s.key.starts_with(begin) && s.key.ends_with(end)) out.push_back(s.value);
  return out;
}

Effect& history(GitContext& c, std::string_view tag, const Argument* at) {
  return at != nullptr ? c.sink.on(Kind::changes_history, tag, *at) : c.sink.add(Kind::changes_history, tag);
}

void branch_reset(GitContext& c, const Argument* name, std::string_view how) {
  history(c, "git.branch-reset", name).detail = how;
}

}  // namespace cmdai::commands
