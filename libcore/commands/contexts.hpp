#pragma once
// Where a client's orders go: which cluster, container engine or workspace is the current one. Their own
// files say it, where the caller's probe lets us look; an option or a variable that says otherwise counts
// first. kubectl 1.30, helm 3.14, docker 25 (cli), terraform 1.7.
#include <string>
#include <string_view>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// Puts the cluster into the effects of this call. `option`: context or kube-context.
void say_cluster(const Call& call, Sink& sink, std::string_view option);
/// kubectl config use-context X, kubectx X: from here on it is that one.
void choose_cluster(const Call& call, Sink& sink, size_t operand);

/// Puts the engine into the effects of this call.
void say_engine(const Call& docker, Sink& sink);
/// docker context use X
void choose_engine(const Call& call, Sink& sink, size_t operand);

/// Puts the workspace into the effects of this call.
void say_workspace(const Call& call, Sink& sink);
/// terraform workspace select X
void choose_workspace(const Call& call, Sink& sink, size_t operand);

/// By its name: what others live on; a test of it (preprod, non-prod) is not.
bool names_production(std::string_view name);

}  // namespace cmdai::commands
