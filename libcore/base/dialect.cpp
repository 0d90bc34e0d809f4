#include "libcore/base/dialect.hpp"

namespace cmdai {
namespace {

struct Named {
  std::string_view name;
  Dialect dialect;
};

constexpr Dialect of(Shell shell, uint16_t version = 0, bool interactive = false) {
  Dialect d;
  d.shell = shell;
  d.version = version;
  d.interactive = interactive;
  d.alias_expansion = interactive;
  d.brace_expansion = shell != Shell::sh;
  return d;
}

/// It reads comments (interactive_comments is on).
constexpr Dialect interactive_bash() {
  Dialect d = of(Shell::bash, 502);
  d.alias_expansion = true;
  return d;
}

constexpr Named kNames[] = {
    {"bash", of(Shell::bash, 502)},
    {"bash53", of(Shell::bash, 503)},
    {"bash32", of(Shell::bash, 302)},
    {"bash-interactive", interactive_bash()},
    {"rbash", of(Shell::bash, 502)},
    {"sh", of(Shell::sh)},
    {"dash", of(Shell::sh)},
    {"ash", of(Shell::sh)},
    {"ksh", of(Shell::sh)},
    {"mksh", of(Shell::sh)},
    {"busybox", of(Shell::sh)},
    {"zsh", of(Shell::zsh)},
    {"zsh-interactive", of(Shell::zsh, 0, true)},
    {"fish", of(Shell::fish, 306)},
    {"fish4", of(Shell::fish, 400)},
};

}  // namespace

std::optional<Dialect> dialect_from_name(std::string_view name) {
  if (const size_t slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  if (name.starts_with('-')) name.remove_prefix(1);  // login shells are called "-bash"
  for (const Named& n : kNames)
    if (n.name == name) return n.dialect;
  return std::nullopt;
}

std::string_view to_string(Shell shell) {
  switch (shell) {
    case Shell::bash: return "bash";
    case Shell::sh: return "sh";
    case Shell::zsh: return "zsh";
    case Shell::fish: return "fish";
  }
  return "sh";
}

}  // namespace cmdai
