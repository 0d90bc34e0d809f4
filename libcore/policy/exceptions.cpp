#include "libcore/policy/exceptions.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/effects/path_class.hpp"

namespace cmdai::policy {
namespace {

/// `path` is `scope` or something in it. Both absolute; `..` and double slashes are taken out first.
bool at_or_below(std::string_view path, std::string_view scope) {
  if (path.empty() || path.front() != '/') return false;
  const std::string inner = effects::normalize(path, {});
  const std::string outer = effects::normalize(scope, {});
  if (outer == "/") return true;
  return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

bool same_place(std::string_view path, std::string_view scope) {
  return path.starts_with('/') && effects::normalize(path, {}) == effects::normalize(scope, {});
}

/// A rule's scope holds where what would be touched is known and inside; an effect without a local path goes
/// by the cwd.
bool scope_holds(const AllowEntry& entry, const EvaluateInput& input, const Match& match) {
  if (!match.effect) return at_or_below(input.cwd, entry.path);
  const effects::Target& target = input.analysis->effects[*match.effect].target;
  if (target.elsewhere) return false;
  if (target.path_class == effects::PathClass::none) return at_or_below(input.cwd, entry.path);
  return target.exact && at_or_below(target.text, entry.path);
}

bool lifts(const AllowEntry& entry, const EvaluateInput& input, const Match& match) {
  if (entry.expires != 0 && input.now >= entry.expires) return false;
  if (!entry.rule.empty() && entry.rule != match.rule) return false;
  if (entry.command.empty()) return scope_holds(entry, input, match);
  const std::string_view text = trimmed(entry.command, " \t\n");
  if (text != trimmed(input.command, " \t\n") && text != trimmed(input.runs, " \t\n")) return false;
  return (entry.path.empty() ||
          (entry.below ? at_or_below(input.cwd, entry.path) : same_place(input.cwd, entry.path)));
}

bool is_for(const Grant& grant, const Actor* actor) {
  if (grant.actors.empty()) return true;
  const bool human = actor == nullptr || actor->kind == ActorKind::human;
  return std::any_of(grant.actors.begin(), grant.actors.end(), [&](const std::string& who) {
    if (human || who == "human") return human && who == "human";
    return who == "agent" || std::string_view(who).substr(6) == actor->name;
  });
}

}  // namespace

const AllowEntry* find_exception(const std::vector<AllowEntry>& entries, const EvaluateInput& input,
                                 const Match& match) {
  const auto it = std::find_if(entries.begin(), entries.end(),
                               [&](const AllowEntry& e) { return lifts(e, input, match); });
  return it == entries.end() ? nullptr : &*it;
}

bool grant_counts(const OrganizationFile& file, const OrganizationPart& part, const Grant& grant,
                  const Actor* actor, int64_t now) {
  return grant.counts && part.counts && file.document().window.holds(now) && part.window.holds(now) &&
         grant.window.holds(now) && is_for(grant, actor);
}

const Grant* find_grant(const OrganizationFile& file, const EvaluateInput& input, const Match& match) {
  for (const OrganizationPart& part : file.parts)
    for (const Grant& grant : part.grants) {
      if (grant.scope.rule != match.rule || !grant_counts(file, part, grant, input.actor, input.now))
        continue;
      const bool everywhere = grant.scope.command.empty() && grant.scope.path.empty();
      if (everywhere || lifts(grant.scope, input, match)) return &grant;
    }
  return nullptr;
}

}  // namespace cmdai::policy
