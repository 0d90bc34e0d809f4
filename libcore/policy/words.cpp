#include "libcore/policy/words.hpp"

#include "libcore/effects/effect.hpp"

namespace cmdai::policy::words {
namespace {

template <class Enum, size_t N>
Words names_of() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> out;
    for (size_t i = 0; i < N; ++i) out.push_back(effects::to_string(static_cast<Enum>(i)));
    return out;
  }();
  return names;
}

}  // namespace

Words kinds() { return names_of<effects::Kind, static_cast<size_t>(effects::Kind::opaque) + 1>(); }
Words path_classes() {
  return names_of<effects::PathClass, static_cast<size_t>(effects::PathClass::unknown) + 1>();
}

Words losses() { return names_of<effects::Loss, static_cast<size_t>(effects::Loss::mounted) + 1>(); }
Words contexts() { return names_of<effects::Reach, static_cast<size_t>(effects::Reach::production) + 1>(); }
Words branches() {
  return names_of<effects::BranchRole, static_cast<size_t>(effects::BranchRole::shared) + 1>();
}

std::vector<Group> all() {
  return {{"pack", kPackFields},
          {"rule", kRuleFields},
          {"condition", kConditionFields},
          {"call", kCallFields},
          {"rule-example", kExampleFields},
          {"config", kUserFields},
          {"project", kTighteningFields},
          {"allow-list", kAllowListFields},
          {"allow", kAllowFields},
          {"actors", kActorFields},
          {"agent", kAgentFields},
          {"approval", kApprovalFields},
          {"organization-document", kOrganizationFields},
          {"organization", kOrganizationTableFields},
          {"group", kGroupFields},
          {"defaults", kDefaultsFields},
          {"bound", kBoundFields},
          {"exception", kExceptionFields},
          {"mode", kModes},
          {"profile", kProfiles},
          {"severity", kSeverities},
          {"action", kActions},
          {"unavailable", kUnavailable},
          {"notify", kNotify},
          {"certainty", kCertainties},
          {"status", kStatuses},
          {"shell", kShells},
          {"effect", kinds()},
          {"path", path_classes()},
          {"loss", losses()},
          {"context", contexts()},
          {"branch", branches()}};
}

}  // namespace cmdai::policy::words
