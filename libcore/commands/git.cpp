// git 2.39: every form that loses commits, files or the work of others; and the configuration that runs code.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/git_files.hpp"
#include "libcore/commands/git_losses.hpp"
#include "libcore/commands/git_settings.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/commands/secret_words.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kGlobal[] = {{'C', "directory", Arg::value},
                              {'c', "config", Arg::value},
                              {0, "git-dir", Arg::value},
                              {0, "work-tree", Arg::value},
                              {0, "namespace", Arg::value},
                              {0, "exec-path", Arg::optional},
                              {'p', "paginate"},
                              {'P', "no-pager"},
                              {0, "bare"},
                              {0, "no-replace-objects"},
                              {0, "version"},
                              {0, "help"},
                              {0, "config-env", Arg::value},
                              {0, "super-prefix", Arg::value}};

struct Context {
  const Call& call;
  Sink& sink;
  std::string verb;
  const std::vector<GitSetting>& settings;  ///< of this call
  GitPlace& place;
  bool unforced = false;  ///< -c clean.requireForce=false
};

/// Values of this call, for keys that begin and end so.
std::vector<std::string> settings(const Context& c, std::string_view begin, std::string_view end) {
  std::vector<std::string> out;
  for (const GitSetting& s : c.settings)
    if (s.key.starts_with(begin) && s.key.ends_with(end)) out.push_back(s.value);
  return out;
}

void run_line(Context& c, const Argument& code) {
  resolve::RunAs how = c.sink.as("git " + c.verb);
  how.child_shell = true;
  c.sink.run_code(code, *dialect_from_name("sh"), how);
}
/// Programs of the other end; with a repository on this machine they run here.
void run_other_end(Context& c) {
  for (std::string_view option : {"upload-pack", "receive-pack", "exec"})
    for (const Argument* code : c.call.values(option)) run_line(c, *code);
}

Effect& history(Context& c, std::string_view tag, const Argument* at = nullptr) {
  return at != nullptr ? c.sink.on(Kind::changes_history, tag, *at) : c.sink.add(Kind::changes_history, tag);
}

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
void push(Context& c) {
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

void reset(Context& c) {
  if (!c.call.any("hard merge")) return;
  Effect& e = history(c, "git.reset-hard");
  if (c.call.operands().size() < 2) weigh_reset(e, c.place, c.call.operand(0));
}
void clean(Context& c) {
  if (c.call.any("dry-run interactive") || !(c.call.has("force") || c.unforced)) return;
  Effect& e = history(c, "git.clean");
  e.recursive = c.call.has("directories");
  if (c.call.has("ignored-only")) e.tag = "git.clean-ignored";
  const auto& given = c.call.given();
  weigh_clean(e, c.place, c.call.operands(),
              {c.call.has("directories"), c.call.has("ignored-too"), c.call.has("ignored-only"),
               std::count(given.begin(), given.end(), "force") > 1});
}
/// A branch that is set to another commit, whatever it held.
void branch_reset(Context& c, const Argument* name, std::string_view how) {
  history(c, "git.branch-reset", name).detail = how;
}
/// [TREE] [--] PATH…: what stands before the dashes is a commit; without dashes the first of several may be
/// one.
void weigh_checkout(Effect& e, Context& c, bool separator) {
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
void checkout(Context& c) {
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
void restore(Context& c) {
  if (c.call.has("patch") || (c.call.has("staged") && !c.call.has("worktree"))) return;
  if (!c.call.operands().empty())
    weigh_discard(history(c, "git.discard", c.call.operands().front()), c.place, c.call.operands(),
                  !c.call.any("staged source"));
  else if (c.call.has("pathspec-from-file"))
    history(c, "git.discard");
}
void branch(Context& c) {
  if (c.call.has("force") && !c.call.any("delete Delete move Move copy Copy list") &&
      !c.call.operands().empty())
    return branch_reset(c, c.call.operands().front(), "force");
  const bool forced = c.call.has("Delete") || (c.call.has("delete") && c.call.has("force"));
  if (!forced || c.call.operands().empty()) return;
  Effect& e = history(c, "git.branch-delete", c.call.operands().front());
  if (!c.call.has("remotes")) weigh_refs(e, c.place, c.call.operands(), "refs/heads/");
}
void stash(Context& c) {
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
void reflog(Context& c) {
  const std::string verb = c.call.operand(0);
  if ((verb == "expire" || verb == "delete") && !c.call.has("dry-run")) history(c, "git.reflog-expire");
}
void gc(Context& c) {
  const std::string when = c.call.text("prune");
  if (when == "now" || when == "all" || when == "0") history(c, "git.gc-prune");
}
void prune(Context& c) {
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
void rewrite(Context& c) {
  if (!c.call.any("help analyze dry-run")) history(c, "git.rewrite");
}
/// -F FILE: what it holds stays in the history; hash-object -w FILE: in the objects.
void read_message(Context& c) {
  for (const Argument* file : c.call.values("file")) read_effect(c.sink, *file);
}
constexpr Option kMessage[] = {{'F', "file", Arg::value},
                               {'n', "no-verify"},
                               {'a', "all"},
                               {'m', "message", Arg::value},
                               {'t', "template", Arg::value},
                               {'C', "reuse-message", Arg::value},
                               {'c', "reedit-message", Arg::value}};
void hash_object(Context& c) {
  if (c.call.has("write"))
    for (const Argument* file : c.call.operands()) read_effect(c.sink, *file);
}
constexpr Option kHashObject[] = {{'w', "write"}, {'t', "type", Arg::value}, {0, "path", Arg::value}};

constexpr Option kTag[] = {
    {'d', "delete"}, {'f', "force"},           {'l', "list"}, {'m', "message", Arg::value}, {'a', "annotate"},
    {'s', "sign"},   {'F', "file", Arg::value}};
void tag(Context& c) {
  read_message(c);
  if (c.call.has("delete"))
    weigh_refs(history(c, "git.tag-delete"), c.place, c.call.operands(), "refs/tags/");
}
constexpr Option kForce[] = {{'f', "force"}, {'d', "delete"}, {'r', "recursive"}, {'n', "dry-run"},
                             {0, "cached"},  {'q', "quiet"},  {'a', "all"},       {0, "stdin"}};
void worktree(Context& c) {
  if (c.call.operand(0) != "remove" || !c.call.has("force")) return;
  Effect& e = history(c, "git.worktree-remove");
  if (c.call.operands().size() == 2) weigh_worktree(e, c.place, *c.call.operands()[1]);
}
void update_ref(Context& c) {
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
void checkout_index(Context& c) {
  const bool files = c.call.any("all stdin") || !c.call.operands().empty();
  if (c.call.has("force") && files && !c.call.any("prefix temp")) history(c, "git.discard");
}
constexpr Option kReadTree[] = {
    {'m', "merge"},   {'u', "update"},   {'i', "index-only"}, {'n', "dry-run"},
    {'v', "verbose"}, {'q', "quiet"},    {0, "reset"},        {0, "prefix", Arg::value},
    {0, "trivial"},   {0, "aggressive"}, {0, "empty"},        {0, "index-output", Arg::value}};
void read_tree(Context& c) {
  if (c.call.has("reset") && c.call.has("update") && !c.call.has("dry-run")) history(c, "git.reset-hard");
}
constexpr Option kRepack[] = {{'a', "all"},
                              {'A', "All"},
                              {'d', "delete"},
                              {0, "unpack-unreachable", Arg::value},
                              {0, "cruft-expiration", Arg::value},
                              {0, "expire-to", Arg::value}};
void repack(Context& c) {
  for (std::string_view option : {"unpack-unreachable", "cruft-expiration"})
    if (c.call.text(option) == "now" || c.call.text(option) == "all") history(c, "git.gc-prune");
}
void remove(Context& c) {
  if (c.call.any("cached dry-run")) return;
  for (const Argument* file : c.call.operands()) {
    Effect& e = c.sink.on_path(Kind::deletes, "git.rm", *file);
    e.recursive = c.call.has("recursive");
    e.force = c.call.has("force");
    weigh_removal(e, c.place, *file);
  }
}
/// git submodule foreach [--recursive] [-q] WORD…: the words are one line for a shell.
Argument foreach_line(const Context& c) {
  const auto& argv = c.call.argv();
  Argument line{{}, c.call.operands()[1]->place, nullptr};
  bool behind = false;
  for (const Argument& word : argv) {
    const std::string text = word.value.with_holes_empty();
    if (behind && (!line.value.pieces().empty() || !text.starts_with('-'))) {
      if (!line.value.pieces().empty()) line.value.append_literal(" ", false);
      line.value.append(word.value);
    }
    behind = behind || text == "foreach";
  }
  return line;
}
void submodule(Context& c) {
  if (c.call.operand(0) == "deinit" && c.call.has("force")) history(c, "git.discard");
  if (c.call.operand(0) == "foreach" && c.call.operands().size() > 1) {
    resolve::RunAs how = c.sink.as("git submodule foreach");
    how.child_shell = how.wrapper.repeats = true;
    c.sink.run_code(foreach_line(c), *dialect_from_name("sh"), how);
  }
}

/// What nobody sets by hand, whatever it is.
bool starts_unseen(const std::string& key) {
  return key == "core.gitproxy" || key == "uploadpack.packobjectshook";
}
constexpr Option kConfig[] = {{0, "global"},      {0, "system"},
                              {0, "local"},       {'f', "file", Arg::value},
                              {0, "unset"},       {0, "unset-all"},
                              {0, "get"},         {0, "get-all"},
                              {'l', "list"},      {0, "add"},
                              {0, "replace-all"}, {'e', "edit"},
                              {0, "get-regexp"},  {0, "type", Arg::value},
                              {0, "bool"},        {0, "int"},
                              {0, "show-origin"}};
void config(Context& c) {
  const std::string verb = c.call.operand(0);
  if (c.call.any("get get-all list get-regexp edit unset unset-all") || verb == "get" || verb == "unset")
    return;
  const size_t first = verb == "set" ? 1 : 0;  // git 2.46: git config set KEY VALUE
  if (c.call.operands().size() < first + 2) return;
  const std::string key = lower(c.call.operand(first));
  const std::string value = c.call.operand(first + 1);
  const Argument& word = *c.call.operands()[first + 1];
  const bool include = key == "include.path" || (key.starts_with("includeif.") && key.ends_with(".path"));
  if (key == "core.hookspath") {
    c.sink.on(Kind::changes_config, "git.hooks", word).detail = key;
  } else if ((include || runs_code(key)) && starts_foreign_program(key, value, c.sink)) {
    c.sink.on(Kind::changes_config, "git.config", word).detail = key;
  } else if (starts_unseen(key)) {
    c.sink.on(Kind::changes_config, "git.config", word).detail = key;
  } else if (key.starts_with("alias.") && value.starts_with('!')) {
    resolve::RunAs how = c.sink.as("git alias");
    how.child_shell = true;
    c.sink.run_shell(Value::exact(value.substr(1)), *dialect_from_name("sh"), how, word.place);
  } else if (key == "http.sslverify" && lower(value) == "false") {
    c.sink.on(Kind::changes_config, "sys.security-off", word).detail = key;
  } else if (runs_code(key) && !key.starts_with("alias.") &&
             value.find_first_of(";|&$`") != std::string::npos) {
    c.sink.on(Kind::changes_config, "git.config", word).detail = key;
  }
}
constexpr Option kBisect[] = {
    {'x', "exec", Arg::value}, {'i', "interactive"}, {0, "onto", Arg::value}, {0, "root"}};
void run_operands(Context& c) {
  if (c.call.operand(0) == "run") c.sink.run(c.call.rest(1), c.sink.as("git bisect"));
}
void rebase(Context& c) {
  for (const Argument* code : c.call.values("exec")) {
    resolve::RunAs how = c.sink.as("git rebase");
    how.child_shell = true;
    c.sink.run_code(*code, *dialect_from_name("sh"), how);
  }
}
constexpr Option kClone[] = {{'u', "upload-pack", Arg::value},
                             {'c', "config", Arg::value},
                             {'b', "branch", Arg::value},
                             {0, "depth", Arg::value},
                             {'o', "origin", Arg::value},
                             {0, "template", Arg::value},
                             {0, "reference", Arg::value},
                             {0, "separate-git-dir", Arg::value},
                             {'j', "jobs", Arg::value},
                             {0, "filter", Arg::value},
                             {0, "mirror"},
                             {0, "bare"},
                             {0, "exec", Arg::value}};
constexpr Option kFetch[] = {{'f', "force"},
                             {'a', "append"},
                             {'p', "prune"},
                             {'t', "tags"},
                             {'n', "no-tags"},
                             {'u', "update-head-ok"},
                             {'q', "quiet"},
                             {'v', "verbose"},
                             {'k', "keep"},
                             {'j', "jobs", Arg::value},
                             {'o', "server-option", Arg::value},
                             {0, "upload-pack", Arg::value},
                             {0, "refmap", Arg::value},
                             {0, "depth", Arg::value},
                             {0, "deepen", Arg::value},
                             {0, "shallow-since", Arg::value},
                             {0, "shallow-exclude", Arg::value},
                             {0, "filter", Arg::value},
                             {0, "negotiation-tip", Arg::value},
                             {0, "all"},
                             {0, "multiple"},
                             {0, "unshallow"},
                             {0, "dry-run"},
                             {'r', "rebase", Arg::optional},
                             {'s', "strategy", Arg::value},
                             {'X', "strategy-option", Arg::value}};
/// ext::CODE for a URL.
void helper_urls(Context& c) {
  for (const Argument* operand : c.call.operands())
    if (operand->value.prefix().starts_with("ext::")) {
      resolve::RunAs how = c.sink.as("git clone");
      how.child_shell = true;
      c.sink.run_code({Value::exact(operand->value.with_holes_empty().substr(5)), operand->place, nullptr},
                      *dialect_from_name("sh"), how);
    }
}
/// +main:main, and with --force main:main: the local branch is set to what is there.
void fetch(Context& c) {
  run_other_end(c);
  helper_urls(c);
  if (c.call.has("dry-run")) return;
  for (size_t i = 1; i < c.call.operands().size(); ++i) {
    const std::string ref = c.call.operand(i);
    const size_t colon = ref.find(':');
    if (colon == std::string::npos || (!ref.starts_with('+') && !c.call.has("force"))) continue;
    const std::string local = ref.substr(colon + 1);
    if (local.empty() || (local.starts_with("refs/") && !local.starts_with("refs/heads/"))) continue;
    branch_reset(c, c.call.operands()[i], "fetch");
  }
}
/// REV:PATH, :0:PATH: the file as a commit or the index holds it; in the text of a pathspec there is none.
const Argument* path_in_revision(const Argument& word, Argument& out) {
  const std::string text = word.value.with_holes_empty();
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon + 1 == text.size()) return nullptr;
  out = {Value::exact(text.substr(colon + 1)), word.place, nullptr};
  return &out;
}
/// git show HEAD:.env, git cat-file -p HEAD:.env
constexpr Option kShow[] = {{'p', "patch"},
                            {'s', "no-patch"},
                            {'t', "type"},
                            {'e', "exists"},
                            {'q', "quiet"},
                            {0, "name-only"},
                            {0, "name-status"},
                            {0, "format", Arg::value},
                            {0, "stat"},
                            {0, "textconv"},
                            {0, "batch-check", Arg::optional}};
void show(Context& c) {
  if (c.call.any("type exists no-patch name-only name-status stat")) return;
  Argument path;
  for (const Argument* operand : c.call.operands())
    if (path_in_revision(*operand, path) != nullptr) read_effect(c.sink, path);
}

constexpr Option kTools[] = {{'x', "extcmd", Arg::value},
                             {'t', "tool", Arg::value},
                             {'O', "open-files-in-pager", Arg::optional},
                             {0, "exec", Arg::value},
                             {0, "remote", Arg::value},
                             {'e', "regexp", Arg::value},
                             {'f', "file", Arg::value},
                             {'l', "files-with-matches"},
                             {'c', "count"},
                             {'q', "quiet"},
                             {0, "cached"},
                             {0, "name-only"},
                             {0, "list"},
                             {0, "prefix", Arg::value},
                             {0, "format", Arg::value},
                             {'o', "output", Arg::value}};
/// git difftool -x CODE, git grep -OCODE, git archive --exec=CODE
void other_tools(Context& c) {
  for (std::string_view option : {"extcmd", "open-files-in-pager"})
    for (const Argument* code : c.call.values(option)) run_line(c, *code);
  if (c.call.has("remote")) run_other_end(c);
}
/// git grep PATTERN [REV…] [--] [PATH…], REV:PATH: what of them is a key.
void search(Context& c) {
  other_tools(c);
  if (c.call.any("files-with-matches count quiet name-only") || picks_plain_settings(c.call)) return;
  Argument path;
  for (size_t i = c.call.any("regexp file") ? 0 : 1; i < c.call.operands().size(); ++i) {
    const Argument& word = *c.call.operands()[i];
    read_effect(c.sink, path_in_revision(word, path) != nullptr ? path : word);
  }
}
/// git archive REV [PATH…], REV:PATH: what goes into a pipe is what somebody unpacks there.
void archive(Context& c) {
  other_tools(c);
  if (c.call.any("list output")) return;
  Argument path;
  for (size_t i = 0; i < c.call.operands().size(); ++i) {
    const Argument& word = *c.call.operands()[i];
    if (path_in_revision(word, path) != nullptr)
      read_effect(c.sink, path);
    else if (i > 0)
      read_effect(c.sink, word);
  }
}
/// `git clone URL [FOLDER]`: without a name, the folder is called like the repository.
void note_clone(Context& c) {
  const auto& operands = c.call.operands();
  if (operands.empty() || c.verb != "clone") return;
  if (operands.size() > 1) return c.sink.note_made(operands[1]->value);
  std::string name = operands[0]->value.text().value_or("");
  while (name.ends_with('/')) name.pop_back();
  if (name.ends_with(".git")) name.resize(name.size() - 4);
  name.erase(0, name.find_last_of("/:") + 1);
  if (!name.empty()) c.sink.note_made(Value::exact(name));
}
void clone(Context& c) {
  note_clone(c);
  judge_settings(given_settings(c.call.values("config")), c.verb, c.sink);
  run_other_end(c);
  helper_urls(c);
}
struct Verb {
  std::string_view name;
  std::span<const Option> options;
  void (*judge)(Context&);
};
constexpr Verb kVerbs[] = {
    {"push", kPush, push},
    {"reset", kReset, reset},
    {"clean", kClean, clean},
    {"checkout", kCheckout, checkout},
    {"switch", kSwitch, checkout},
    {"restore", kRestore, restore},
    {"branch", kBranch, branch},
    {"stash", kForce, stash},
    {"reflog", kGc, reflog},
    {"gc", kGc, gc},
    {"prune", kGc, prune},
    {"filter-branch", kFilter, rewrite},
    {"filter-repo", kFilter, rewrite},
    {"tag", kTag, tag},
    {"commit", kMessage, read_message},
    {"notes", kMessage, read_message},
    {"hash-object", kHashObject, hash_object},
    {"worktree", kForce, worktree},
    {"update-ref", kForce, update_ref},
    {"rm", kForce, remove},
    {"submodule", kForce, submodule},
    {"config", kConfig, config},
    {"bisect", kBisect, run_operands},
    {"rebase", kBisect, rebase},
    {"clone", kClone, clone},
    {"ls-remote", kClone, clone},
    {"fetch", kFetch, fetch},
    {"pull", kFetch, fetch},
    {"send-pack", kPush, push},
    {"checkout-index", kIndex, checkout_index},
    {"read-tree", kReadTree, read_tree},
    {"symbolic-ref", kForce, update_ref},
    {"repack", kRepack, repack},
    {"difftool", kTools, other_tools},
    {"grep", kTools, search},
    {"archive", kTools, archive},
    {"show", kShow, show},
    {"cat-file", kShow, show},
};

const Verb* find_verb(std::string_view name) {
  const auto* verb =
      std::find_if(std::begin(kVerbs), std::end(kVerbs), [name](const Verb& v) { return v.name == name; });
  return verb == std::end(kVerbs) ? nullptr : verb;
}
std::span<const Option> verb_options(std::string_view name) {
  const Verb* verb = find_verb(name);
  return verb == nullptr ? std::span<const Option>() : verb->options;
}

/// `-c alias.undo='reset --hard' undo`: the verb behind a verb.
std::vector<Argument> without_alias(const std::vector<GitSetting>& settings, std::vector<Argument> words) {
  const std::string wanted = lower("alias." + words.front().value.with_holes_empty());
  for (const GitSetting& setting : settings) {
    const std::string& text = setting.value;
    if (setting.key != wanted || text.empty() || text[0] == '!') continue;
    std::vector<Argument> out;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find(' ', at), text.size());
      if (end > at) out.push_back({Value::exact(text.substr(at, end - at)), setting.word.place, nullptr});
      at = end + 1;
    }
    out.insert(out.end(), words.begin() + 1, words.end());
    return out;
  }
  return words;
}

/// Settings of one call that change what its verb does.
bool sets(const std::vector<GitSetting>& settings, std::string_view key, std::string_view values) {
  const std::string padded = ' ' + std::string(values) + ' ';
  return std::any_of(settings.begin(), settings.end(), [&](const GitSetting& s) {
    return s.key == key && padded.find(' ' + lower(s.value) + ' ') != std::string::npos;
  });
}

/// Where the work tree and its metadata are.
Value git_output(const Call& global) {
  const std::vector<Argument> rest = global.rest();
  Value out = Value::unknown(resolve::HoleKind::output);
  if (rest.size() != 2 || rest[0].value.with_holes_empty() != "rev-parse") return out;
  const std::string what = rest[1].value.with_holes_empty();
  if (what == "--show-toplevel" && global.invocation().cwd.is_exact()) return global.invocation().cwd;
  return what == "--git-dir" || what == "--git-common-dir" ? Value::exact(".git") : out;
}

void git(const Call& global, Sink& sink) {
  std::vector<GitSetting> settings = settings_of_call(global, sink);
  if (global.operands().empty()) return judge_settings(settings, {}, sink);
  if (const auto rest = global.rest(); !rest.empty())
    if (auto alias = alias_in_files(global, rest.front().value.with_holes_empty(), sink))
      settings.push_back(std::move(*alias));
  Invocation plain = global.invocation();  // the verb and its words alone
  plain.argv = without_alias(settings, global.rest());
  const std::vector<Argument>& rest = plain.argv;
  const std::string name = rest.front().value.with_holes_empty();
  judge_settings(settings, name, sink);
  const Verb* verb = find_verb(name);
  // As an option; `--replace-text --help` and `-- --help` are a file of that name.
  const Call call(plain, verb_options(name), Order::permuted, 1);
  if (call.any("help h")) return;
  static constexpr std::string_view kContacts[] = {"clone",  "fetch",     "pull",     "push",
                                                   "remote", "submodule", "ls-remote"};
  if (among(kContacts, name)) judge_hosts(Call(plain, kGlobal, Order::permuted, 1), sink);
  if (name == "diff") judge_secret_words(plain, sink);  // --no-index, of any two files
  run_git_hooks(global, name, call.any("no-verify"), sink);
  if (verb == nullptr) return;
  GitPlace place(global, sink);
  Context c{call, sink, name, settings, place, sets(settings, "clean.requireforce", "false no 0 off")};
  if (name == "gc" &&
      (sets(settings, "gc.pruneexpire", "now all 0") || sets(settings, "gc.reflogexpire", "now all 0")))
    history(c, "git.gc-prune");
  verb->judge(c);
}

constexpr CommandSpec kCommands[] = {
    {"git", kGlobal, Order::leading, git, git_output, verb_options},
    {"git-filter-repo bfg",
     {},
     Order::permuted,
     [](const Call&, Sink& sink) { sink.add(Kind::changes_history, "git.rewrite"); }},
};

}  // namespace

std::span<const CommandSpec> git_commands() { return kCommands; }

}  // namespace cmdai::commands
