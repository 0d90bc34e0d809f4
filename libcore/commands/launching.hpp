#pragma once
// Handlers of programs that do nothing but run another one.
#include <string_view>

#include "libcore/commands/running.hpp"
#include "libcore/commands/secret_words.hpp"

namespace cmdai::commands {

inline constexpr std::string_view kInforms = "help version list";
inline constexpr Option kInforming[] = {{0, "help"}, {0, "version"}};

/// The program after `kSkip` operands of the launcher's own.
template <size_t kSkip>
void after(const Call& call, Sink& sink) {
  if (!call.any(kInforms)) run_rest(call, sink, kSkip);
}

/// Where nothing is run, the words may still be key files.
template <void (*kHandler)(const Call&, Sink&)>
void launch(const Call& call, Sink& sink) {
  kHandler(call, sink);
  if (sink.ran() == nullptr && !takes_files_too(call.program())) judge_secret_words(call.invocation(), sink);
}

}  // namespace cmdai::commands
