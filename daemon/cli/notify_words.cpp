#include "daemon/cli/notify_words.hpp"

#include <fmt/format.h>

#include "libcore/explain/explain.hpp"

namespace cmdai::cli {

NotifyWords notify_words(const ipc::Frame& status) {
  const std::string mode = status.get("notify");
  const std::string problem = explain::printable(status.get("notify_problem"));
  const std::string no_buttons = explain::printable(status.get("notify_without_buttons"));
  if (mode.empty()) return {};
  if (mode == "off") return {"off ([approval] in config.toml)", true};
  if (!problem.empty()) return {fmt::format("{}, but nothing is shown: {}", mode, problem), false};
  if (!no_buttons.empty())
    return {fmt::format("{}, but the last had no buttons: {}", mode, no_buttons), false};
  return {mode == "ask" ? "ask: a command of an agent that waits can be allowed there"
                        : "tell: a command of an agent that waits is shown",
          true};
}

}  // namespace cmdai::cli
