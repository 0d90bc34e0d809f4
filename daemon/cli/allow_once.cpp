#include "daemon/cli/allow_once.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <iostream>

#include "daemon/cli/command.hpp"
#include "daemon/cli/daemon_call.hpp"
#include "daemon/cli/terminal.hpp"

namespace cmdai::cli {
namespace {

bool at_terminal() { return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1; }

std::string who(const std::string& actor) {
  return actor.starts_with("agent:") ? explain::printable(actor.substr(6)) : "a person's shell";
}

/// Oldest first. Returns how many there are.
size_t show(const ipc::Frame& waiting) {
  size_t count = 0;
  while (true) {
    const std::string key = fmt::format("pending.{}.", count + 1);
    if (waiting.find(key + "code") == nullptr) return count;
    talk(fmt::format("{:3}  {}\n     {} in {}: {}\n", ++count, explain::printable(waiting.get(key + "cmd")),
                     who(waiting.get(key + "actor")),
                     explain::printable(waiting.get(key + "cwd", "an unknown folder")),
                     explain::printable(waiting.get(key + "reason"))));
  }
}

}  // namespace

int allow_once(const std::string& code) {
  ipc::Frame frame("allow");
  frame.add("code", code).add("tty", at_terminal() ? "1" : "0");
  const auto reply = call_daemon(frame);
  if (!reply) return complain(reply.error(), kNoAnswer);
  if (reply->type != "ok") return complain(reply->get("text", "refused"), "", kRefused);
  print(fmt::format("allowed once, within 10 minutes: {}\n", explain::printable(reply->get("cmd"))));
  return kDone;
}

int allow_what_waits() {
  if (!at_terminal())
    return complain("only a person at a terminal can allow a command",
                    "name the code that was shown, in a terminal of your own: cmdai allow CODE", kUsage);
  const auto waiting = call_daemon(ipc::Frame("pending"));
  if (!waiting) return complain(waiting.error(), kNoAnswer);
  const size_t count = show(*waiting);
  if (count == 0) {
    talk("cmdai: nothing was stopped in the last ten minutes\n");
    return kDone;
  }
  talk(count == 1 ? "let it run once? [1 for yes, Enter for no] "
                  : fmt::format("which may run once? [1-{}, Enter for none] ", count));
  std::string line;
  std::getline(std::cin, line);
  if (line.empty()) return kDone;
  size_t chosen = 0;
  const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), chosen);
  if (error != std::errc() || stop != line.data() + line.size() || chosen == 0 || chosen > count)
    return complain(fmt::format("`{}` is none of them", explain::printable(line)), "nothing was allowed",
                    kUsage);
  return allow_once(waiting->get(fmt::format("pending.{}.code", chosen)));
}

}  // namespace cmdai::cli
