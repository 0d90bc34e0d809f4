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

}  // namespace

const AllowEntry* find_exception(const std::vector<AllowEntry>& entries, const EvaluateInput& input,
                                 const Match& match, const RuleInfo& rule) {
  if (rule.core || rule.layer == Layer::organization) return nullptr;
  const auto it = std::find_if(entries.begin(), entries.end(),
                               [&](const AllowEntry& e) { return lifts(e, input, match); });
  return it == entries.end() ? nullptr : &*it;
}

}  // namespace cmdai::policy
