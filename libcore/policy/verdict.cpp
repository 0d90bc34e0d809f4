#include "libcore/policy/verdict.hpp"

namespace cmdai::policy {

std::string_view to_string(Action action) {
  switch (action) {
    case Action::allow: return "allow";
    case Action::warn: return "warn";
    case Action::ask: return "ask";
    case Action::block: return "block";
  }
  return "block";  // a damaged value is never an allow
}

std::optional<Action> action_from_string(std::string_view name) {
  for (Action a : {Action::allow, Action::warn, Action::ask, Action::block})
    if (to_string(a) == name) return a;
  return std::nullopt;
}

std::string_view to_string(Mode mode) {
  switch (mode) {
    case Mode::observe: return "observe";
    case Mode::warn: return "warn";
    case Mode::enforce: return "enforce";
  }
  return "enforce";
}

std::optional<Mode> mode_from_string(std::string_view name) {
  for (Mode m : {Mode::observe, Mode::warn, Mode::enforce})
    if (to_string(m) == name) return m;
  return std::nullopt;
}

int strictness(Action action) {
  switch (action) {
    case Action::allow: return 0;
    case Action::warn: return 1;
    case Action::ask: return 2;
    case Action::block: return 3;
  }
  return 3;
}

Action strictest(Action a, Action b) { return strictness(b) > strictness(a) ? b : a; }

std::string_view to_string(Layer layer) {
  switch (layer) {
    case Layer::core: return "core";
    case Layer::organization: return "organization";
    case Layer::user: return "user";
    case Layer::project: return "project";
  }
  return "core";
}

}  // namespace cmdai::policy
