#include "libcore/effects/effect.hpp"

#include <iterator>

namespace cmdai::effects {
namespace {

constexpr std::string_view kKinds[] = {"deletes",          "overwrites",     "writes-device",
                                       "runs-remote-code", "sends-data",     "reads-secret",
                                       "changes-history",  "changes-config", "changes-remote",
                                       "gains-privilege",  "stops-service",  "runs-code",
                                       "installs",         "opaque"};

constexpr std::string_view kClasses[] = {
    "none",         "root",      "system",      "security",     "system-part",  "local",
    "log",          "home",      "home-child",  "project-root", "vcs-metadata", "project",
    "build",        "temp",      "device",      "null-device",  "secret",       "shell-startup",
    "agent-config", "cmdai-own", "mount-point", "other",        "unknown"};

constexpr std::string_view kLosses[] = {"unknown", "nothing", "restorable", "work",
                                        "commits", "content", "much",       "mounted"};
constexpr std::string_view kReaches[] = {"unknown", "local", "remote", "production"};
constexpr std::string_view kRoles[] = {"unknown", "own", "shared"};

constexpr std::string_view kCertainties[] = {"certain", "likely", "possible"};

template <class Enum, size_t N>
std::optional<Enum> find(const std::string_view (&names)[N], std::string_view name) {
  for (size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Kind kind) { return kKinds[static_cast<size_t>(kind)]; }
std::optional<Kind> kind_from_string(std::string_view name) { return find<Kind>(kKinds, name); }
std::string_view to_string(PathClass path_class) { return kClasses[static_cast<size_t>(path_class)]; }
std::optional<PathClass> path_class_from_string(std::string_view name) {
  return find<PathClass>(kClasses, name);
}

std::string_view to_string(Loss loss) { return kLosses[static_cast<size_t>(loss)]; }
std::string_view to_string(Reach reach) { return kReaches[static_cast<size_t>(reach)]; }
std::string_view to_string(BranchRole role) { return kRoles[static_cast<size_t>(role)]; }

std::string to_string(const Losses& losses) {
  std::string out;
  for (size_t i = 1; i < std::size(kLosses); ++i)
    if (losses.has(static_cast<Loss>(i))) out.append(out.empty() ? "" : ", ").append(kLosses[i]);
  return out;
}

std::string dump(const Effect& e) {
  std::string out(to_string(e.kind));
  out += '{' + e.tag;
  if (!e.target.text.empty()) out += ' ' + e.target.text;
  if (e.target.path_class != PathClass::none) out += ' ' + std::string(to_string(e.target.path_class));
  if (e.target.worst != e.target.path_class) out += " worst=" + std::string(to_string(e.target.worst));
  if (e.recursive) out += " recursive";
  if (e.force) out += " force";
  if (e.target.elsewhere) out += " elsewhere";
  out += '}';
  if (e.certainty != Certainty::certain)
    out += ' ' + std::string(kCertainties[static_cast<size_t>(e.certainty)]);
  for (unsigned i = 1; i < std::size(kLosses); ++i)
    if (e.facts.losses.has(static_cast<Loss>(i))) out += " loss=" + std::string(kLosses[i]);
  if (e.facts.reach != Reach::unknown) out += " context=" + std::string(to_string(e.facts.reach));
  if (e.facts.branch != BranchRole::unknown) out += " branch=" + std::string(to_string(e.facts.branch));
  for (size_t i = 0; i < e.via.size(); ++i) out += (i == 0 ? " via " : ",") + e.via[i];
  return out;
}

}  // namespace cmdai::effects
