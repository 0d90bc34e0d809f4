// Verbs and settings of git 2.39 that start programs, and what reads out what is stored.
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

/// git submodule foreach [--recursive] [-q] WORD…: the words are one line for a shell.
Argument foreach_line(const GitContext& c) {
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
void submodule(GitContext& c) {
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
void config(GitContext& c) {
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
void run_operands(GitContext& c) {
  if (c.call.operand(0) == "run") c.sink.run(c.call.rest(1), c.sink.as("git bisect"));
}
void rebase(GitContext& c) {
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
void helper_urls(GitContext& c) {
  for (const Argument* operand : c.call.operands())
    if (operand->value.prefix().starts_with("ext::")) {
      resolve::RunAs how = c.sink.as("git clone");
      how.child_shell = true;
      c.sink.run_code({Value::exact(operand->value.with_holes_empty().substr(5)), operand->place, nullptr},
                      *dialect_from_name("sh"), how);
    }
}
/// +main:main, and with --force main:main: the local branch is set to what is there.
void fetch(GitContext& c) {
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
void show(GitContext& c) {
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
void other_tools(GitContext& c) {
  for (std::string_view option : {"extcmd", "open-files-in-pager"})
    for (const Argument* code : c.call.values(option)) run_line(c, *code);
  if (c.call.has("remote")) run_other_end(c);
}
/// git grep PATTERN [REV…] [--] [PATH…], REV:PATH: what of them is a key.
void search(GitContext& c) {
  other_tools(c);
  if (c.call.any("files-with-matches count quiet name-only") || picks_plain_settings(c.call)) return;
  Argument path;
  for (size_t i = c.call.any("regexp file") ? 0 : 1; i < c.call.operands().size(); ++i) {
    const Argument& word = *c.call.operands()[i];
    read_effect(c.sink, path_in_revision(word, path) != nullptr ? path : word);
  }
}
/// git archive REV [PATH…], REV:PATH: what goes into a pipe is what somebody unpacks there.
void archive(GitContext& c) {
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
void note_clone(GitContext& c) {
  const auto& operands = c.call.operands();
  if (operands.empty() || c.verb != "clone") return;
  if (operands.size() > 1) return c.sink.note_made(operands[1]->value);
  std::string name = operands[0]->value.text().value_or("");
  while (name.ends_with('/')) name.pop_back();
  if (name.ends_with(".git")) name.resize(name.size() - 4);
  name.erase(0, name.find_last_of("/:") + 1);
  if (!name.empty()) c.sink.note_made(Value::exact(name));
}
void clone(GitContext& c) {
  note_clone(c);
  judge_settings(given_settings(c.call.values("config")), c.verb, c.sink);
  run_other_end(c);
  helper_urls(c);
}
constexpr GitVerb kProgramVerbs[] = {
    {"submodule", kGitForce, submodule},
    {"config", kConfig, config},
    {"bisect", kBisect, run_operands},
    {"rebase", kBisect, rebase},
    {"clone", kClone, clone},
    {"ls-remote", kClone, clone},
    {"fetch", kFetch, fetch},
    {"pull", kFetch, fetch},
    {"difftool", kTools, other_tools},
    {"grep", kTools, search},
    {"archive", kTools, archive},
    {"show", kShow, show},
    {"cat-file", kShow, show},
};

}  // namespace

std::span<const GitVerb> git_program_verbs() { return kProgramVerbs; }

void run_line(GitContext& c, const Argument& code) {
  resolve::RunAs how = c.sink.as("git " + c.verb);
  how.child_shell = true;
  c.sink.run_code(code, *dialect_from_name("sh"), how);
}

void run_other_end(GitContext& c) {
  for (std::string_view option : {"upload-pack", "receive-pack", "exec"})
    for (const Argument* code : c.call.values(option)) run_line(c, *code);
}

}  // namespace cmdai::commands
