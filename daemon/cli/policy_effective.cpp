// cmdai policy effective.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "daemon/cli/daemon_call.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/judge.hpp"
#include "daemon/cli/policy_files.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/when.hpp"
#include "daemon/host/effective_policy.hpp"
#include "daemon/host/policy_store.hpp"
#include "daemon/ipc/socket_path.hpp"

namespace cmdai::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What the daemon answers, or the same from here.
struct Told {
  std::string fingerprint;
  Json organization;  ///< null: there is none
  std::vector<Json> rules;
};

std::vector<std::string> all_of(const Arguments& a, std::string_view option) {
  std::vector<std::string> out;
  for (const auto& [name, value] : a.options)
    if (name == option) out.push_back(value);
  return out;
}

Result<size_t> take(const ipc::Frame& frame, Told& told) {
  Diagnostic d;
  if (frame.type != "policy") {
    d.message = frame.get("text", "the daemon did not understand the question");
    if (frame.get("code") == "unknown-type") d.hint = kReplaceDaemon;
    return fail(std::move(d));
  }
  told.fingerprint = frame.get("policy");
  for (const auto& [key, value] : frame.fields) {
    if (key != "rule" && key != "organization") continue;
    Json json = Json::parse(value, nullptr, false);
    if (!json.is_object()) continue;
    if (key == "rule")
      told.rules.push_back(std::move(json));
    else
      told.organization = std::move(json);
  }
  return std::strtoull(frame.get("next", "0").c_str(), nullptr, 10);
}

/// nullopt: no daemon runs.
std::optional<Result<Told>> ask_daemon(const Arguments& a) {
  const Result<std::string> path = ipc::socket_path();
  if (!path) return std::nullopt;
  auto client = ipc::Client::connect(*path);
  if (!client && client.error().kind == ipc::ClientError::Kind::nobody) return std::nullopt;
  if (!client) return Result<Told>(fail(std::move(client.error().diagnostic)));
  Told told;
  for (size_t from = 0;;) {
    ipc::Frame frame("policy");
    frame.add("for", a.get("for", "human")).add("from", std::to_string(from)).add_if("rule", a.get("rule"));
    frame.add("cwd", working_directory());
    const auto reply = client->request(frame);
    if (!reply) return Result<Told>(fail(reply.error().diagnostic));
    const Result<size_t> next = take(*reply, told);
    if (!next) return Result<Told>(fail(next.error()));
    if (*next <= from) return Result<Told>(std::move(told));
    from = *next;
  }
}

Result<std::shared_ptr<const policy::Policy>> compile_here(const Arguments& a) {
  const host::Paths paths = host::paths_from_environment();
  if (!a.has("organization")) {
    host::PolicyStore store(paths);
    if (const auto& broken = store.error()) return fail(*broken);
    return store.policy_for(working_directory());
  }
  Result<policy::PolicySources> sources = host::read_sources(paths);
  if (!sources) return fail(std::move(sources.error()));
  sources->organization_groups = all_of(a, "group");
  for (const std::string& file : all_of(a, "organization"))
    if (auto added = add_organization_file(file, *sources); !added) return fail(std::move(added.error()));
  return policy::Policy::compile(*sources);
}

Result<Told> look_here(const Arguments& a, const policy::Actor& actor) {
  const auto policy = compile_here(a);
  if (!policy) return fail(policy.error());
  for (const Diagnostic& d : (*policy)->warnings()) talk("warning: " + d.render() + '\n');
  for (const Diagnostic& d : (*policy)->expired(now_seconds())) talk("warning: " + d.render() + '\n');
  Told told;
  told.fingerprint = (*policy)->fingerprint();
  if (const auto info = (*policy)->organization()) told.organization = Json::parse(host::to_json(*info));
  for (const policy::EffectiveRule& rule : (*policy)->effective(actor, now_seconds()))
    if (!a.has("rule") || rule.info.id == a.get("rule"))
      told.rules.push_back(Json::parse(host::to_json(rule)));
  return told;
}

std::string member_text(const Json& json, const char* key) {
  const auto it = json.find(key);
  return it != json.end() && it->is_string() ? explain::printable(it->get<std::string>()) : std::string();
}
bool is(const Json& json, const char* key) {
  const auto it = json.find(key);
  return it != json.end() && it->is_boolean() && it->get<bool>();
}

class Listing {
 public:
  Listing(uint32_t width, bool color) : width_(width), color_(color) {}

  std::string of(const Told& told) {
    if (told.organization.is_object()) organization(told.organization);
    for (const Json& rule : told.rules) id_width_ = std::max(id_width_, member_text(rule, "id").size());
    if (told.rules.size() > 1)
      out_ += fmt::format("{:<{}}  {:<6}  {:<7}  {}\n", "rule", id_width_, "action", "mode", "decided by");
    for (const Json& json : told.rules) rule(json);
    return std::move(out_);
  }

 private:
  std::string painted(const std::string& action, size_t pad) const {
    const char* code = action == "block" ? "31" : action == "ask" || action == "warn" ? "33" : "2";
    return color_ ? fmt::format("\x1b[{}m{:<{}}\x1b[0m", code, action, pad)
                  : fmt::format("{:<{}}", action, pad);
  }

  void organization(const Json& json) {
    std::string line = "organization: " + member_text(json, "name");
    if (const std::string version = member_text(json, "version"); !version.empty())
      line += ", version " + version;
    if (json.contains("member_of") && !json["member_of"].empty())
      line += ", groups " + explain::printable(fmt::format(
                                "{}", fmt::join(json["member_of"].get<std::vector<std::string>>(), " ")));
    line += times(json);
    out_ += line + '\n';
    if (const std::string contact = member_text(json, "contact"); !contact.empty())
      out_ += "contact: " + contact + '\n';
    out_ += '\n';
  }

  static std::string times(const Json& json) {
    std::string out;
    if (const std::string from = member_text(json, "not_before"); !from.empty()) out += ", from " + from;
    if (const std::string end = member_text(json, "expires"); !end.empty()) out += ", until " + end;
    return out;
  }

  /// What comes with the program is not all core.
  static std::string layer_of(const Json& json) {
    const std::string layer = member_text(json, "layer");
    return layer == "core" ? "built in" : layer;
  }

  void rule(const Json& json) {
    std::string by = layer_of(json);
    if (is(json, "core"))
      by += ", core";
    else if (is(json, "locked"))
      by += ", locked";
    if (member_text(json, "would_be") != member_text(json, "action"))
      by += ", would be " + member_text(json, "would_be");
    if (!is(json, "in_time")) by += ", outside its time";
    by += times(json);
    if (!json["exceptions"].empty())
      by += ", exceptions " + explain::printable(fmt::format(
                                  "{}", fmt::join(json["exceptions"].get<std::vector<std::string>>(), " ")));
    // Colours take no columns: the words are laid out first.
    const std::string head = fmt::format("{:<{}}  {}  {:<7}", member_text(json, "id"), id_width_,
                                         painted(member_text(json, "action"), 6), member_text(json, "mode"));
    add(head, id_width_ + 2 + 6 + 2 + 7, by);
    if (json["says"].size() < 2) return;
    for (const Json& say : json["says"]) this->say(say);
  }

  void say(const Json& json) {
    std::string what = member_text(json, "what");
    if (const std::string group = member_text(json, "group"); !group.empty()) what += " of " + group;
    const std::string head = fmt::format("  {} {:<12}  {}", is(json, "decides") ? '*' : ' ', layer_of(json),
                                         painted(member_text(json, "action"), 6));
    std::string more =
        fmt::format("{}, {}:{}", what, member_text(json, "file"), json["line"].get<uint32_t>());
    if (member_text(json, "mode") != "enforce") more += ", " + member_text(json, "mode");
    more += times(json);
    if (!is(json, "counts")) more += ", does not count";
    add(head, 4 + 12 + 2 + 6, more);
  }

  /// `text` behind `head`, in the columns that are left; it breaks behind commas, never within a part.
  void add(const std::string& head, size_t columns, std::string_view text) {
    const bool beside = width_ > columns + 2 + 20;
    const std::string indent(beside ? columns + 2 : 6, ' ');
    out_ += head + (beside ? "  " : '\n' + indent);
    size_t at = indent.size();
    for (size_t from = 0; from < text.size();) {
      const size_t comma = text.find(", ", from);
      const std::string_view part =
          text.substr(from, comma == std::string_view::npos ? comma : comma + 1 - from);
      if (at != indent.size() && at + 1 + part.size() > width_) {
        out_ += '\n' + indent;
        at = indent.size();
      } else if (at != indent.size()) {
        out_ += ' ';
        ++at;
      }
      out_ += part;
      at += part.size();
      from += part.size() + 1;
    }
    out_ += '\n';
  }

  uint32_t width_;
  bool color_;
  size_t id_width_ = 4;
  std::string out_;
};

int say_no_such_rule(const Arguments& a, const policy::Actor& actor) {
  Arguments all = a;
  std::erase_if(all.options, [](const auto& option) { return option.first == "rule"; });
  std::vector<std::string> ids;
  if (const auto told = look_here(all, actor))
    for (const Json& rule : told->rules) ids.push_back(member_text(rule, "id"));
  const std::vector<std::string_view> names(ids.begin(), ids.end());
  const std::string_view near = nearest(a.get("rule"), names.data(), names.data() + names.size());
  return complain(
      fmt::format("no rule is called `{}`", explain::printable(a.get("rule"))),
      near.empty() ? "`cmdai policy effective` shows all of them" : fmt::format("did you mean `{}`?", near),
      kUsage);
}

}  // namespace

int run_policy_effective(const Arguments& a) {
  if (!a.operands.empty())
    return complain("`policy effective` takes no operand", "to see one rule: --rule ID", kUsage);
  const std::optional<policy::Actor> actor = host::actor_from(a.get("for", "human"));
  if (!actor)
    return complain(fmt::format("`{}` is no actor", explain::printable(a.get("for"))),
                    "`human`, `agent`, or `agent:NAME`", kUsage);
  if (a.has("group") && !a.has("organization"))
    return complain("`--group` needs `--organization`", "the groups of a running daemon are its own", kUsage);
  std::optional<Result<Told>> told;
  if (!a.has("local") && !a.has("organization")) told = ask_daemon(a);
  if (!told) told = look_here(a, *actor);
  if (!*told) return complain(told->error(), a.has("local") || a.has("organization") ? kUsage : kNoAnswer);
  const Told& known = **told;
  if (a.has("rule") && known.rules.empty()) return say_no_such_rule(a, *actor);
  if (a.has("json")) {
    const Json json{{"policy", known.fingerprint},
                    {"for", a.get("for", "human")},
                    {"organization", known.organization},
                    {"rules", known.rules}};
    print(json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
    return kDone;
  }
  print(Listing(columns(STDOUT_FILENO), colors(STDOUT_FILENO)).of(known));
  return kDone;
}

}  // namespace cmdai::cli
