#include "libcore/commands/package_scripts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "libcore/base/text.hpp"
#include "libcore/commands/script_files.hpp"

namespace cmdai::commands {
namespace {

using nlohmann::json;

/// The names of scripts a call runs, in order. npm-run-script(1), npm-install(1): what stands before and
/// behind a script by its name runs with it.
std::vector<std::string> scripts_of(const Call& call) {
  const std::string verb = call.operand(0), name = call.operand(1);
  const bool npm = call.program() == "npm";
  const auto around = [](const std::string& script) {
    return std::vector<std::string>{"pre" + script, script, "post" + script};
  };
  if (call.has("ignore-scripts")) return {};
  if (verb == "run" || verb == "run-script" || verb == "rum" || verb == "urn")
    return name.empty() ? std::vector<std::string>{} : around(name);
  if (verb == "t" || verb == "tst") return around("test");
  if (verb == "test" || verb == "start" || verb == "stop") return around(verb);
  if (verb == "restart")
    return {"prestop", "stop", "poststop", "prerestart", "restart", "postrestart", "start"};
  if (verb == "publish" || verb == "pack")
    return {"prepublishOnly", "prepack", "prepare", "postpack", verb, "postpublish"};
  const bool installs =
      verb == "install" || verb == "i" || verb == "ci" || (verb.empty() && call.program() == "yarn");
  if (installs && name.empty())
    return {"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"};
  if (!npm && !verb.empty()) return around(verb);  // yarn build, pnpm lint
  return {};
}

/// package.json here or in a folder above.
std::optional<FileText> package_file(const Call& call, Sink& sink) {
  constexpr int kHighest = 12;
  Value folder = call.invocation().cwd;
  for (std::string_view option : {"prefix", "directory", "cwd", "dir"})
    if (const Argument* given = call.value(option); given != nullptr) {
      const bool absolute = given->value.prefix().starts_with('/');
      if (!absolute) folder.append_literal("/", false);
      if (absolute) folder = Value();
      folder.append(given->value);
    }
  auto path = disk_path(sink, folder);
  for (int i = 0; path && i < kHighest; ++i) {
    if (auto found = read_text(sink, Value::exact(*path + "/package.json"))) return found;
    const size_t slash = path->rfind('/');
    if (slash == std::string::npos || slash == 0) break;
    path->resize(slash);
  }
  return std::nullopt;
}

/// Where the value of `"name": "…"` stands behind `"scripts"`, for the caret. Good enough: names are seldom
/// written with escapes.
Range place_of(std::string_view text, const std::string& name) {
  const size_t scripts = text.find("\"scripts\"");
  const size_t key = scripts == std::string_view::npos ? scripts : text.find('"' + name + '"', scripts + 9);
  const size_t colon = key == std::string_view::npos ? key : text.find(':', key + name.size() + 2);
  const size_t open = colon == std::string_view::npos ? colon : text.find('"', colon);
  if (open == std::string_view::npos) return {};
  size_t close = open + 1;
  while (close < text.size() && text[close] != '"') close += text[close] == '\\' ? 2 : 1;
  return {static_cast<uint32_t>(open + 1), static_cast<uint32_t>(std::min(close, text.size()))};
}

/// In single quotes for a shell.
std::string single_quoted(std::string_view word) {
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + '\'';
}

/// The words behind the script's name go to it: npm run x -- a b.
std::string further_words(const Call& call, const std::string& script) {
  std::string out;
  bool behind = false;
  for (const Argument& word : call.argv()) {
    const std::string text = word.value.with_holes_empty();
    if (behind && text != "--") out += ' ' + single_quoted(text);
    behind |= text == script;
  }
  return out;
}

}  // namespace

bool run_package_scripts(const Call& call, Sink& sink) {
  const std::vector<std::string> names = scripts_of(call);
  if (names.empty()) return false;
  const std::optional<FileText> file = package_file(call, sink);
  if (!file) return false;
  const json package = json::parse(file->text, nullptr, false);
  if (!package.is_object()) return false;
  const auto scripts = package.find("scripts");
  if (scripts == package.end() || !scripts->is_object()) return false;
  bool ran = false;
  sink.evaluator().within_file(file->text.size(), [&] {
    const uint32_t source = sink.evaluator().add_source(file->text, "package.json", call.invocation().place);
    resolve::RunAs how = sink.as(call.program());
    how.sets_cwd = true;
    how.cwd = Value::exact(file->path.substr(0, file->path.rfind('/')));
    for (const std::string& name : names) {
      const auto script = scripts->find(name);
      if (script == scripts->end() || !script->is_string()) continue;
      const bool named = name == call.operand(1) || name == call.operand(0);
      run_line_of_file(sink, script->get<std::string>() + (named ? further_words(call, name) : ""), source,
                       place_of(file->text, name), how);
      ran = true;
    }
  });
  return ran;
}

}  // namespace cmdai::commands
