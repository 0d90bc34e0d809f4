#pragma once
// What opens an account, a bucket, a cluster or a repository to others, and what stops the record of who did
// what.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

void judge_cloud_doors(const Call& call, Sink& sink);

}  // namespace cmdai::commands
