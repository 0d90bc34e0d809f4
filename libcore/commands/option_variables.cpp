#include "libcore/commands/option_variables.hpp"

#include <algorithm>

namespace cmdai::commands {
namespace {

struct OptionReader {
  std::string_view program, variable;
};

/// Those whose handlers look at the variable.
constexpr OptionReader kOptionReaders[] = {
    {"tar", "TAR_OPTIONS"},
    {"gtar", "TAR_OPTIONS"},
    {"docker", "DOCKER_HOST"},
    {"docker", "DOCKER_CONTEXT"},
    {"podman", "DOCKER_HOST"},
    {"kubectl", "KUBECONFIG"},
    {"helm", "KUBECONFIG"},
    {"oc", "KUBECONFIG"},
    {"terraform", "TF_WORKSPACE"},
    {"tofu", "TF_WORKSPACE"},
    {"bash", "BASH_ENV"},
    {"sh", "ENV"},
    {"dash", "ENV"},
    {"zsh", "ZDOTDIR"},
};

}  // namespace

bool takes_options_from(std::string_view program, std::string_view variable) {
  if (program == "git") return variable.empty() || variable.starts_with("GIT_");
  return std::any_of(std::begin(kOptionReaders), std::end(kOptionReaders), [&](const OptionReader& reader) {
    return reader.program == program && (variable.empty() || reader.variable == variable);
  });
}

}  // namespace cmdai::commands
