#include "shell-hooks/agents/settings/codex_config.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <toml++/toml.h>

#include <algorithm>
#include <vector>

#include "shell-hooks/agents/settings/hook_entry.hpp"

namespace cmdai::agents {
namespace {

constexpr std::string_view kAgent = "codex";
constexpr const char* kMend = "mend the file first; nothing was changed";

size_t line_begin(std::string_view text, size_t line) {
  size_t at = 0;
  for (size_t i = 1; i < line && at < text.size(); ++i)
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  return at;
}

Diagnostic at_line(std::string_view text, const std::string& path, const toml::source_region& where,
                   std::string message, std::string hint = kMend) {
  const size_t offset =
      line_begin(text, where.begin.line) + (where.begin.column == 0 ? 0 : where.begin.column - 1);
  return diagnostic_at(text, path, static_cast<uint32_t>(std::min(offset, text.size())), 1,
                       std::move(message), std::move(hint));
}

Result<toml::table> parsed(std::string_view text, const std::string& path) {
  try {
    return toml::parse(text, std::string_view{});
  } catch (const toml::parse_error& error) {
    return fail(at_line(text, path, error.source(), "not valid TOML: " + std::string(error.description())));
  }
}

std::string basic_string(std::string_view text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string state_key(const std::string& path, size_t group) {
  return fmt::format("{}:pre_tool_use:{}:0", path, group);
}

int timeout_of(const Json& entry) { return entry["hooks"][0]["timeout"].get<int>(); }

const toml::array* groups_of(const toml::table& root) { return root["hooks"]["PreToolUse"].as_array(); }

/// The number of our group and the program it calls.
CodexHook find_group(const toml::table& root) {
  CodexHook out;
  const toml::array* groups = groups_of(root);
  for (size_t g = 0; groups != nullptr && g < groups->size(); ++g) {
    const toml::array* hooks =
        (*groups)[g].as_table() == nullptr ? nullptr : (*(*groups)[g].as_table())["hooks"].as_array();
    for (size_t h = 0; hooks != nullptr && h < hooks->size(); ++h) {
      const toml::table* hook = (*hooks)[h].as_table();
      if (hook == nullptr) continue;
      out.program = program_in_line((*hook)["command"].value_or(std::string_view()), kAgent);
      out.group = g;
      if (!out.program.empty()) return out;
    }
  }
  return out;
}

/// Whether group and hook are as we write them for this program.
bool is_exact(const toml::table& group, std::string_view program) {
  const Json wanted = hook_entry(kAgent, "PreToolUse", program);
  const toml::array* hooks = group["hooks"].as_array();
  const toml::table* hook = hooks == nullptr || hooks->size() != 1 ? nullptr : (*hooks)[0].as_table();
  return hook != nullptr &&
         group["matcher"].value_or(std::string()) == wanted["matcher"].get<std::string>() &&
         (*hook)["type"].value_or(std::string()) == "command" &&
         (*hook)["command"].value_or(std::string()) == wanted["hooks"][0]["command"].get<std::string>() &&
         (*hook)["timeout"].value_or(0) == timeout_of(wanted);
}

std::string trust_of(const toml::table& group) {
  const toml::array* hooks = group["hooks"].as_array();
  const toml::table* hook = hooks == nullptr || hooks->empty() ? nullptr : (*hooks)[0].as_table();
  if (hook == nullptr) return {};
  return codex_trust(group["matcher"].value_or(std::string()), (*hook)["command"].value_or(std::string()),
                     (*hook)["timeout"].value_or(600));
}

/// Our tables as text, to stand at the end of a file.
std::string tables(std::string_view program) {
  const Json entry = hook_entry(kAgent, "PreToolUse", program);
  return fmt::format(
      "[[hooks.PreToolUse]]\nmatcher = {}\n\n[[hooks.PreToolUse.hooks]]\ntype = \"command\"\ncommand = {}\n"
      "timeout = {}\n",
      basic_string(entry["matcher"].get<std::string>()),
      basic_string(entry["hooks"][0]["command"].get<std::string>()), timeout_of(entry));
}

std::string trust_table(const std::string& path, size_t group, std::string_view program) {
  const Json entry = hook_entry(kAgent, "PreToolUse", program);
  return fmt::format("[hooks.state.{}]\ntrusted_hash = \"{}\"\n", basic_string(state_key(path, group)),
                     codex_trust(entry["matcher"].get<std::string>(),
                                 entry["hooks"][0]["command"].get<std::string>(), timeout_of(entry)));
}

void append_block(std::string& text, std::string_view block) {
  if (!text.empty() && text.back() != '\n') text += '\n';
  if (!text.empty()) text += '\n';
  text += block;
}

/// Whether a table can be added at the end of the file by its header: not when it was written inline.
Result<void> can_extend(const toml::table& root, std::string_view text, const std::string& path) {
  const toml::table* hooks = root["hooks"].as_table();
  const toml::node* events = hooks == nullptr ? nullptr : hooks->get("PreToolUse");
  const toml::node* wrong = nullptr;
  if (root.contains("hooks") && (hooks == nullptr || hooks->is_inline())) wrong = root.get("hooks");
  if (events != nullptr && wrong == nullptr) {
    const toml::array* groups = events->as_array();
    if (groups == nullptr ||
        (!groups->empty() && (!(*groups)[0].is_table() || (*groups)[0].as_table()->is_inline())) ||
        groups->empty())
      wrong = events;
  }
  if (wrong == nullptr) return {};
  return fail(at_line(text, path, wrong->source(),
                      "these hooks are written inline, and nothing can be added to them",
                      "write them as `[[hooks.PreToolUse]]`; nothing was changed"));
}

struct Lines {
  size_t begin, end;  ///< 0-based, end excluded
};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

bool is_blank_line(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// A table from its header (1-based line) to the last of the one-line `key = value` that follow it, and the
/// blank line before it, which we wrote with it.
Lines table_lines(const std::vector<std::string_view>& lines, size_t header) {
  Lines out{header - 1, header};
  const auto is_setting = [](std::string_view line) {
    const size_t begin = line.find_first_not_of(" \t");
    return !is_blank_line(line) && line[begin] != '[' && line[begin] != '#';
  };
  while (out.end < lines.size() && is_setting(lines[out.end])) ++out.end;
  if (out.begin > 0 && is_blank_line(lines[out.begin - 1])) --out.begin;
  return out;
}

std::string without_lines(std::string_view text, const std::vector<size_t>& headers) {
  const std::vector<std::string_view> lines = lines_of(text);
  std::vector<bool> gone(lines.size(), false);
  for (const size_t header : headers) {
    if (header == 0 || header > lines.size()) continue;
    const Lines part = table_lines(lines, header);
    std::fill(gone.begin() + static_cast<std::ptrdiff_t>(part.begin),
              gone.begin() + static_cast<std::ptrdiff_t>(part.end), true);
  }
  std::string out;
  for (size_t i = 0; i < lines.size(); ++i)
    if (!gone[i]) out += lines[i];
  return out;
}

/// The tables of our group: its own, those of its hooks, and where its trust is kept.
std::vector<size_t> headers_of(const toml::table& root, const std::string& path, size_t group) {
  std::vector<size_t> out;
  const toml::array* groups = groups_of(root);
  const toml::table& ours = *(*groups)[group].as_table();
  out.push_back(ours.source().begin.line);
  if (const toml::array* hooks = ours["hooks"].as_array())
    for (const toml::node& hook : *hooks) out.push_back(hook.source().begin.line);
  if (const toml::table* state = root["hooks"]["state"][state_key(path, group)].as_table())
    out.push_back(state->source().begin.line);
  return out;
}

/// Codex keeps trust by the number of a group: those behind the one that went have another number now.
std::string renumbered(std::string text, const std::string& path, size_t gone, size_t count) {
  for (size_t g = gone + 1; g < count; ++g) {
    const std::string before = basic_string(fmt::format("{}:pre_tool_use:{}:", path, g));
    const std::string after = basic_string(fmt::format("{}:pre_tool_use:{}:", path, g - 1));
    const std::string old_key = "[hooks.state." + before.substr(0, before.size() - 1);
    const std::string new_key = "[hooks.state." + after.substr(0, after.size() - 1);
    for (size_t at = 0; (at = text.find(old_key, at)) != std::string::npos; at += new_key.size())
      text.replace(at, old_key.size(), new_key);
  }
  return text;
}

/// What is left must be what was there without our group; else we have cut wrongly, and say so instead.
Result<void> only_ours_went(const toml::table& before, const std::string& after, const std::string& path,
                            size_t group, bool requirement) {
  auto now = parsed(after, path);
  if (!now) return fail(now.error());
  const auto count = [](const toml::table& t) {
    return groups_of(t) == nullptr ? size_t{0} : groups_of(t)->size();
  };
  bool fine = count(*now) + 1 == count(before) && find_group(*now).program.empty();
  for (size_t g = 0; fine && g + 1 < count(before); ++g)
    fine = *(*groups_of(before))[g < group ? g : g + 1].as_table() == *(*groups_of(*now))[g].as_table();
  for (const auto& [key, value] : before)
    if (fine && key != "hooks" && !(requirement && key == "features"))
      fine = now->contains(key.str()) && value.type() == now->get(key.str())->type();
  if (fine) return {};
  Diagnostic d;
  d.file = path;
  d.message = "our hook cannot be taken out without disturbing what is around it";
  d.hint = "take out `[[hooks.PreToolUse]]` with `hook codex` in an editor; nothing was changed";
  return fail(std::move(d));
}

}  // namespace

std::string codex_trust(std::string_view matcher, std::string_view command, int timeout) {
  const nlohmann::json hook = {
      {"event_name", "pre_tool_use"},
      {"matcher", matcher},
      {"hooks", nlohmann::json::array(
                    {{{"type", "command"}, {"command", command}, {"timeout", timeout}, {"async", false}}})}};
  const std::string text = hook.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  unsigned char hash[crypto_hash_sha256_BYTES];
  // sodium takes bytes as unsigned char; ours are the same bytes.
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  std::string out = "sha256:";
  for (const unsigned char byte : hash) out += fmt::format("{:02x}", byte);
  return out;
}

Result<CodexHook> find_codex_hook(std::string_view text, const std::string& path, std::string_view program) {
  const auto root = parsed(text, path);
  if (!root) return fail(root.error());
  CodexHook out = find_group(*root);
  out.enabled = (*root)["features"]["hooks"].value_or(true);
  if (out.program.empty()) return out;
  const toml::table& group = *(*groups_of(*root))[out.group].as_table();
  out.exact = is_exact(group, program);
  const auto state = (*root)["hooks"]["state"][state_key(path, out.group)];
  out.trusted = state["trusted_hash"].value_or(std::string()) == trust_of(group);
  out.enabled = out.enabled && state["enabled"].value_or(true);
  return out;
}

Result<std::string> with_codex_hook(std::string text, const std::string& path, std::string_view program) {
  auto found = find_codex_hook(text, path, program);
  if (!found) return fail(found.error());
  if (!found->program.empty()) {
    if (found->exact && found->trusted && found->enabled) return text;
    auto cleaned = without_codex_hook(text, path);
    if (!cleaned) return fail(cleaned.error());
    text = std::move(*cleaned);
  }
  const auto root = parsed(text, path);
  if (!root) return fail(root.error());
  if (auto fine = can_extend(*root, text, path); !fine) return fail(fine.error());
  if (!(*root)["features"]["hooks"].value_or(true))
    return fail(at_line(text, path, (*root)["features"]["hooks"].node()->source(),
                        "hooks are switched off here", "set `hooks = true`; nothing was changed"));
  const size_t group = groups_of(*root) == nullptr ? 0 : groups_of(*root)->size();
  append_block(text, tables(program));
  append_block(text, trust_table(path, group, program));
  const auto check = find_codex_hook(text, path, program);
  if (!check) return fail(check.error());
  return text;
}

Result<std::string> without_codex_hook(std::string text, const std::string& path) {
  const auto root = parsed(text, path);
  if (!root) return fail(root.error());
  const CodexHook found = find_group(*root);
  if (found.program.empty()) return text;
  const size_t count = groups_of(*root)->size();
  std::string out = without_lines(text, headers_of(*root, path, found.group));
  out = renumbered(std::move(out), path, found.group, count);
  if (auto fine = only_ours_went(*root, out, path, found.group, false); !fine) return fail(fine.error());
  return out;
}

Result<std::string> with_codex_requirement(std::string text, const std::string& path,
                                           std::string_view program) {
  auto found = find_codex_hook(text, path, program);
  if (!found) return fail(found.error());
  auto root = parsed(text, path);
  if (!root) return fail(root.error());
  const auto pinned = (*root)["features"]["hooks"].value<bool>();
  if (found->exact && pinned.value_or(false)) return text;
  if (pinned && !*pinned)
    return fail(at_line(text, path, (*root)["features"]["hooks"].node()->source(),
                        "hooks are forced off here", "set `hooks = true`; nothing was changed"));
  if (!found->program.empty()) {
    auto cleaned = without_codex_hook(text, path);
    if (!cleaned) return fail(cleaned.error());
    text = std::move(*cleaned);
    root = parsed(text, path);
    if (!root) return fail(root.error());
  }
  if (auto fine = can_extend(*root, text, path); !fine) return fail(fine.error());
  const toml::table* features = (*root)["features"].as_table();
  if (features != nullptr && features->is_inline())
    return fail(at_line(text, path, features->source(),
                        "`features` is written inline, and nothing can be added to it",
                        "write it as `[features]`; nothing was changed"));
  if (!pinned && features != nullptr)
    text.insert(line_begin(text, features->source().begin.line + 1), "hooks = true\n");
  if (!pinned && features == nullptr) append_block(text, "[features]\nhooks = true\n");
  append_block(text, tables(program));
  const auto check = find_codex_hook(text, path, program);
  if (!check) return fail(check.error());
  return text;
}

Result<std::string> without_codex_requirement(std::string text, const std::string& path) {
  const auto before = find_codex_hook(text, path, "");
  if (!before) return fail(before.error());
  if (before->program.empty()) return text;
  auto out = without_codex_hook(text, path);
  if (!out) return fail(out.error());
  const auto root = parsed(*out, path);
  if (!root) return fail(root.error());
  const toml::table* features = (*root)["features"].as_table();
  if (groups_of(*root) != nullptr && !groups_of(*root)->empty()) return out;
  if (features == nullptr || features->is_inline() || !(*features)["hooks"].value_or(false)) return out;
  if (features->size() == 1) return without_lines(*out, {features->source().begin.line});
  const size_t line = features->get("hooks")->source().begin.line;
  out->erase(line_begin(*out, line), line_begin(*out, line + 1) - line_begin(*out, line));
  return out;
}

}  // namespace cmdai::agents
