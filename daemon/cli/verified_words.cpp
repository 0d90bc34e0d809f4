#include "daemon/cli/verified_words.hpp"

#include <fmt/format.h>

#include "daemon/cli/agent_survey.hpp"
#include "daemon/cli/when.hpp"
#include "libcore/explain/explain.hpp"

namespace cmdai::cli {
namespace {

/// Which of the versions it was seen with is not the one that is here.
std::string change_since(const host::Verification& last, std::string_view installed) {
  if (last.cmdai_version != CMDAI_VERSION) return fmt::format("; that was cmdai {}", last.cmdai_version);
  if (!installed.empty() && !last.agent_version.empty() && installed != last.agent_version)
    return fmt::format("; it is {} now", installed);
  return {};
}

}  // namespace

std::string verified_words(const host::Verification& last, std::string_view installed, int64_t now) {
  const auto then = parse_when(last.time, 0, 1);
  return explain::printable(fmt::format("verified {}: {} ({}{})", then ? ago(*then, now) : "some time ago",
                                        last.holds() ? "guarded" : "NOT guarded", last.agent_version,
                                        change_since(last, installed)));
}

}  // namespace cmdai::cli
