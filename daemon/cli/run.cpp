// cmdai run: where the exec guard was not built, that is all there is to say.
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/terminal.hpp"

#ifndef CMDAI_EXEC_GUARD
namespace cmdai::cli {

int run_guarded_program(const Arguments& /*arguments*/) {
  return complain("`cmdai run` is for Linux on x86-64 and arm64 only",
                  "an agent's own hook and the shells' hooks work here; see `cmdai doctor`", kNoAnswer);
}

}  // namespace cmdai::cli
#endif
