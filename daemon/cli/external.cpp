#include "daemon/cli/external.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "daemon/cli/command.hpp"
#include "daemon/cli/hook_scripts.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/ipc/socket_path.hpp"

namespace cmdai::cli {
namespace {

/// Programs of our own in that directory, which are not for people.
constexpr std::string_view kOurs[] = {"agent", "hook", "sh"};

bool is_name(std::string_view name) {
  const auto fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(), fine);
}

bool is_command(std::string_view name) {
  const auto begins = [name](const CommandSpec& spec) {
    return spec.name.substr(0, spec.name.find(' ')) == name;
  };
  return std::any_of(commands().begin(), commands().end(), begins);
}

}  // namespace

std::string external_program(std::string_view name) {
  if (!is_name(name) || is_command(name) ||
      std::find(std::begin(kOurs), std::end(kOurs), name) != std::end(kOurs))
    return {};
  std::string path = fmt::format("{}/../libexec/cmdai/cmdai-{}", ipc::directory_of(own_path()), name);
  return access(path.c_str(), X_OK) == 0 ? path : std::string();
}

int become(const std::string& program, const std::vector<std::string>& words) {
  std::string first = program;
  std::vector<std::string> rest(words.begin() + 1, words.end());
  std::vector<char*> argv{first.data()};
  for (std::string& word : rest) argv.push_back(word.data());
  argv.push_back(nullptr);
  signal(SIGPIPE, SIG_DFL);
  execv(program.c_str(), argv.data());
  return complain(fmt::format("`{}` cannot be run: {}", program, std::strerror(errno)), {}, kNoAnswer);
}

}  // namespace cmdai::cli
