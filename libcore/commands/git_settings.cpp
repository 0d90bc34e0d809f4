#include "libcore/commands/git_settings.hpp"

#include <algorithm>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"

namespace cmdai::commands {
namespace {

GitSetting setting_of(const Argument& word) {
  const std::string text = word.value.with_holes_empty();
  const size_t equals = text.find('=');
  return {lower(text.substr(0, equals)), equals == std::string::npos ? "true" : text.substr(equals + 1),
          word};
}

GitSetting setting_of(const std::string& key, const std::string& value, resolve::Place place) {
  return setting_of({Value::exact(key + '=' + value), place, nullptr});
}

/// A variable as this call would find it in its environment.
std::string in_environment(const Call& git, Sink& sink, const std::string& name) {
  const auto& assigns = git.invocation().assigns;
  for (auto a = assigns.rbegin(); a != assigns.rend(); ++a)
    if (a->name == name) return a->value.with_holes_empty();
  if (!sink.evaluator().is_set(name)) return {};
  return sink.evaluator().variable(name).with_holes_empty();
}

/// 'key=value' 'key'='value' …, quoted for sh.
std::vector<std::string> quoted_parameters(std::string_view text) {
  std::vector<std::string> out;
  bool open = false, quoted = false;
  for (const char c : text) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      open = false;
      continue;
    } else {
      if (!std::exchange(open, true)) out.emplace_back();
      out.back() += c;
    }
  }
  return out;
}

/// The program in a line for sh: past variables set for it, and past words that only start another.
std::string first_program(std::string_view code) {
  if (code.starts_with('!')) code.remove_prefix(1);
  while (!code.empty()) {
    const size_t end = std::min(code.find_first_of(" \t\n;|&"), code.size());
    const std::string_view word = code.substr(0, end);
    const bool sets = word.find('=') != std::string_view::npos && word.find('/') > word.find('=');
    if (!word.empty() && word != "exec" && word != "env" && !sets) {
      std::string program(word);
      std::erase_if(program, [](char c) { return c == '"' || c == '\''; });
      return program;
    }
    code.remove_prefix(std::min(end + 1, code.size()));
  }
  return {};
}

/// Verbs that never talk to another repository, not even for what a partial clone left out.
bool stays_here(std::string_view verb) {
  static constexpr std::string_view kVerbs[] = {"status", "config", "branch", "tag",     "add",      "reflog",
                                                "init",   "help",   "stash",  "version", "rev-parse"};
  return among(kVerbs, verb);
}

/// Started only to talk to another repository.
bool reaches_out(std::string_view key) {
  return key == "core.sshcommand" || key == "core.gitproxy" || key == "core.askpass" ||
         (key.starts_with("credential.") && key.ends_with(".helper"));
}

bool is_switch(const std::string& value) {
  static constexpr std::string_view kSwitches[] = {"true", "false", "1", "0", "yes", "no", "on", "off", ""};
  return among(kSwitches, value);
}

}  // namespace

std::vector<GitSetting> given_settings(const std::vector<const Argument*>& words) {
  std::vector<GitSetting> out;
  for (const Argument* word : words) out.push_back(setting_of(*word));
  return out;
}

std::vector<GitSetting> settings_of_call(const Call& git, Sink& sink) {
  std::vector<GitSetting> out = given_settings(git.values("config"));
  for (const Argument* word : git.values("config-env")) {  // --config-env=KEY=VARIABLE
    const GitSetting named = setting_of(*word);
    out.push_back(setting_of(named.key, in_environment(git, sink, named.value), word->place));
  }
  const resolve::Place place = git.invocation().place;
  constexpr size_t kMost = 64;
  const bool counted = !in_environment(git, sink, "GIT_CONFIG_COUNT").empty();
  for (size_t i = 0; counted && i < kMost && sink.spend(sizeof(GitSetting)); ++i) {
    const std::string number = std::to_string(i);
    const std::string key = in_environment(git, sink, "GIT_CONFIG_KEY_" + number);
    if (key.empty()) break;
    out.push_back(setting_of(key, in_environment(git, sink, "GIT_CONFIG_VALUE_" + number), place));
  }
  const std::string parameters = in_environment(git, sink, "GIT_CONFIG_PARAMETERS");
  if (!parameters.empty() && sink.spend(parameters.size()))
    for (const std::string& word : quoted_parameters(parameters))
      out.push_back(setting_of({Value::exact(word), place, nullptr}));
  return out;
}

bool runs_code(std::string_view key) {
  static constexpr std::string_view kKeys[] = {"core.hookspath",
                                               "core.pager",
                                               "core.editor",
                                               "core.sshcommand",
                                               "core.fsmonitor",
                                               "sequence.editor",
                                               "diff.external",
                                               "core.askpass",
                                               "core.gitproxy",
                                               "gpg.program",
                                               "gpg.ssh.program",
                                               "gpg.x509.program",
                                               "web.browser",
                                               "uploadpack.packobjectshook",
                                               "interactive.difffilter",
                                               "man.viewer",
                                               "sendemail.smtpserver"};
  static constexpr std::string_view kBegins[] = {"alias.", "filter.", "pager."};
  static constexpr std::string_view kEnds[] = {".textconv", ".cmd",        ".driver",
                                               ".helper",   ".uploadpack", ".receivepack"};
  const auto begins = [&](std::string_view b) { return key.starts_with(b); };
  const auto ends = [&](std::string_view e) { return key.ends_with(e); };
  return among(kKeys, key) || std::any_of(std::begin(kBegins), std::end(kBegins), begins) ||
         std::any_of(std::begin(kEnds), std::end(kEnds), ends) ||
         ((begins("diff.") || begins("tar.") || begins("trailer.")) && ends(".command"));
}

bool starts_foreign_program(std::string_view key, const std::string& value, const Sink& sink) {
  static constexpr std::string_view kUnseen[] = {"core.sshcommand",
                                                 "core.gitproxy",
                                                 "core.askpass",
                                                 "core.fsmonitor",
                                                 "diff.external",
                                                 "credential.helper",
                                                 "uploadpack.packobjectshook"};
  if (is_switch(lower(value))) return false;  // core.fsmonitor
  const std::string program = first_program(value);
  const size_t slash = program.rfind('/');
  if (slash == std::string::npos) return false;
  const PathClass where = sink.classify(Value::exact(program)).path_class;
  if (where == PathClass::temp) return true;
  const bool installed = effects::is_system(where) || where == PathClass::local;  // /usr/bin/ksshaskpass
  const std::string name = program.substr(slash + 1);
  return among(kUnseen, key) && !installed && name != "plink" && name.find("watchman") == std::string::npos &&
         find_command(name) == nullptr;
}

void judge_git_program(std::string_view key, const Argument& value, Sink& sink) {
  const auto text = value.value.text();
  if (text && (is_switch(lower(*text)) ||
               (key.ends_with(".helper") && !text->starts_with('!') && text->find('/') == std::string::npos)))
    return;  // credential.helper=store is git-credential-store
  if (text && starts_foreign_program(key, *text, sink))
    sink.on(Kind::changes_config, "git.config", value).detail = key;
  const bool marked = value.value.prefix().starts_with('!');
  resolve::RunAs how = sink.as("git " + std::string(key));
  how.child_shell = true;
  const Value code = marked && text ? Value::exact(text->substr(1)) : value.value;
  const bool known = code.is_exact() || !code.with_holes_empty().empty();
  // Past the sink: what that code would print is no output of this call.
  if (known) sink.evaluator().run_code(code, *dialect_from_name("sh"), sink.invocation(), how, value.place);
}

void judge_settings(const std::vector<GitSetting>& settings, std::string_view verb, Sink& sink) {
  for (const GitSetting& s : settings) {
    if (!runs_code(s.key) || (stays_here(verb) && reaches_out(s.key))) continue;
    if (s.key == "core.hookspath")
      sink.on(Kind::changes_config, "git.hooks-once", s.word);
    else if (!s.key.starts_with("alias.") || s.value.starts_with('!'))
      judge_git_program(s.key, {Value::exact(s.value), s.word.place, nullptr}, sink);
  }
}

std::string_view key_of_variable(std::string_view name) {
  static constexpr std::string_view kKeys[][2] = {
      {"GIT_SSH_COMMAND", "core.sshcommand"},     {"GIT_SSH", "core.sshcommand"},
      {"GIT_PROXY_COMMAND", "core.gitproxy"},     {"GIT_ASKPASS", "core.askpass"},
      {"GIT_EXTERNAL_DIFF", "diff.external"},     {"GIT_EDITOR", "core.editor"},
      {"GIT_SEQUENCE_EDITOR", "sequence.editor"}, {"GIT_PAGER", "core.pager"}};
  for (const auto& [variable, key] : kKeys)
    if (variable == name) return key;
  return {};
}

}  // namespace cmdai::commands
