#pragma once
// Variables that by custom hold a credential of one service: $GITHUB_TOKEN, $OPENAI_API_KEY.
#include <string>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// An effect where one of them goes to a host that is neither that service nor near.
void judge_named_credentials(const Call& call, Sink& sink, const std::string& host);

}  // namespace cmdai::commands
