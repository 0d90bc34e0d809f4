#pragma once
// The outcome of a check, and who asked for it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/effects/effect.hpp"

namespace cmdai::policy {

/// Codes far apart, as in sudo: a flipped bit or an uninitialised byte is never an allow. Test with ==, never
/// with !.
enum class Action : uint32_t { allow = 0x0a2b51c3, warn = 0x35c41ad6, ask = 0x5d18e32b, block = 0x62f7a41c };
std::string_view to_string(Action action);  // allow warn ask block
std::optional<Action> action_from_string(std::string_view name);
/// 0 allow … 3 block.
int strictness(Action action);
Action strictest(Action a, Action b);

enum class ActorKind : uint8_t { human, agent };
struct Actor {
  ActorKind kind = ActorKind::human;
  std::string name;     ///< "claude-code"; empty for a person
  std::string session;  ///< shell or conversation id
};

enum class Layer : uint8_t { core, organization, user, project };
std::string_view to_string(Layer layer);

/// How far an organization's part of a rule counts: it is recorded alone, warns at most, or is in force.
enum class Mode : uint8_t { observe, warn, enforce };
std::string_view to_string(Mode mode);  // observe warn enforce
std::optional<Mode> mode_from_string(std::string_view name);

/// One rule that matched.
struct Match {
  std::string rule;      ///< id, "fs.delete-home"
  std::string family;    ///< "fs"
  std::string severity;  ///< low medium high critical
  Layer layer = Layer::core;
  Action action = Action::block;
  std::string title;             ///< what was stopped: "this removes your whole home directory"
  std::string why;               ///< one or two sentences
  std::string hint;              ///< the safer way
  bool about_loss = false;       ///< it asks for what was found on the disk
  bool locked = false;           ///< no entry of the user's makes it milder: core, or an organization's part
  std::optional<size_t> effect;  ///< index into Analysis::effects
  resolve::Place place;
};

/// What a rule would have done, had its organization not held its own part back.
struct Observed {
  std::string rule;
  Action action = Action::block;  ///< stricter than what came of the rule
  Mode mode = Mode::observe;      ///< that held it back: observe or warn
  std::optional<size_t> effect;   ///< index into Analysis::effects
};

struct Verdict {
  Action action = Action::allow;
  std::vector<Match> matches;  ///< strictest first, what was found before what may be; empty on a plain allow
  std::string allowed_by;      ///< id of the entry or exception that lowered the action, if any
  Layer allowed_layer = Layer::user;  ///< whose it is: the user's, or an exception the organization granted
  std::vector<Observed> observed;     ///< nobody is shown these: they are for the record
  std::vector<std::string> need;      ///< variables whose value would decide it
  const Match* decisive() const { return matches.empty() ? nullptr : &matches.front(); }
};

}  // namespace cmdai::policy
