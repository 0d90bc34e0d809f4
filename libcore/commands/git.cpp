// git 2.39: its own options, settings of one call, aliases; the verbs are judged by git_history.cpp and
// git_programs.cpp.
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

const GitVerb* find_verb(std::string_view name) {
  for (const std::span<const GitVerb> verbs : {git_history_verbs(), git_program_verbs()})
    for (const GitVerb& verb : verbs)
      if (verb.name == name) return &verb;
  return nullptr;
}
std::span<const Option> verb_options(std::string_view name) {
  const GitVerb* verb = find_verb(name);
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
  const GitVerb* verb = find_verb(name);
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
  GitContext c{call, sink, name, settings, place, sets(settings, "clean.requireforce", "false no 0 off")};
  if (name == "gc" &&
      (sets(settings, "gc.pruneexpire", "now all 0") || sets(settings, "gc.reflogexpire", "now all 0")))
    history(c, "git.gc-prune");
  verb->judge(c);
}

constexpr CommandSpec kGitCommands[] = {
    {"git", kGlobal, Order::leading, git, git_output, verb_options},
    {"git-filter-repo bfg",
     {},
     Order::permuted,
     [](const Call&, Sink& sink) { sink.add(Kind::changes_history, "git.rewrite"); }},
};

}  // namespace

std::span<const CommandSpec> git_commands() { return kGitCommands; }

}  // namespace cmdai::commands
