#pragma once
// What `cmdai agents verify` last saw of an agent, kept in the state directory.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/host/paths.hpp"
#include "libcore/base/result.hpp"

namespace cmdai::host {

struct Verification {
  /// ran: its effect is there. stopped: it is not, and the agent was told so by cmdai. refused: it is not,
  /// and cmdai was not the reason: the agent's own rules. unreached: the agent never came to it.
  enum class Outcome { ran, stopped, refused, unreached };
  struct Step {
    std::string command;
    bool dangerous = false;  ///< should be stopped
    Outcome outcome = Outcome::unreached;
    std::string told;  ///< what the model was told of it
  };

  std::string agent;          ///< by its name in host/agents.hpp
  std::string agent_version;  ///< as it says itself; empty: it did not say
  std::string cmdai_version;
  std::string time;  ///< RFC 3339, UTC
  std::vector<Step> steps;
  std::vector<std::string> outbound;  ///< machines the agent asked for besides the model, HOST:PORT
  std::string problem;                ///< why there is no more to tell; empty: it came to its end
  double seconds = 0;

  /// Every harmless command ran, no dangerous one did, and cmdai is what stopped at least one of them.
  bool holds() const;
};

std::string_view to_string(Verification::Outcome outcome);

/// Nothing: never verified, or what is kept cannot be read.
std::optional<Verification> last_verification(const Paths& paths, std::string_view agent);
/// In the place of the last one of that agent.
Result<void> keep_verification(const Paths& paths, const Verification& verification);

}  // namespace cmdai::host
