#include "libcore/explain/redirect_words.hpp"

#include <fmt/format.h>

namespace cmdai::explain {
namespace {

std::string stream(std::string_view fd) {
  if (fd == "0") return "its input";
  if (fd.empty() || fd == "1") return "its output";
  if (fd == "2") return "its error messages";
  if (fd == "&") return "its output and its error messages";
  return fmt::format("descriptor {}", fd);
}

bool is_descriptor(std::string_view target) {
  return !target.empty() && target.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string verb_of(std::string_view fd) { return fd == "2" || fd == "&" ? "go" : "goes"; }

std::string written(std::string_view fd, std::string_view target, bool append) {
  if (target == "/dev/null") return fmt::format("{} {} nowhere: thrown away", stream(fd), verb_of(fd));
  if (target.starts_with("/dev/tcp/") || target.starts_with("/dev/udp/"))
    return fmt::format("{} {} over the network", stream(fd), verb_of(fd));
  return fmt::format("{} {} into this file{}", stream(fd), verb_of(fd),
                     append ? ", after what is in it" : ", in place of what was in it");
}

}  // namespace

std::string redirect_words(std::string_view op, std::string_view fd, std::string_view target) {
  if (op.starts_with("<<<")) return "its input is this text";
  if (op.starts_with("<<")) return "its input is the lines that follow, up to this word";
  if (op == "<>") return fmt::format("descriptor {} reads and writes this file", fd.empty() ? "0" : fd);
  if (op == "<&" || op == ">&") {
    const std::string from = stream(op == "<&" && fd.empty() ? "0" : fd);
    if (target == "-") return from + (fd == "2" ? " are closed" : " is closed");
    if (!is_descriptor(target)) return written("&", target, false);
    if (op == "<&") return fmt::format("{} comes from descriptor {}", from, target);
    const std::string_view to = target == "1"   ? "where its output goes"
                                : target == "2" ? "where its error messages go"
                                                : "";
    return to.empty() ? fmt::format("{} {} to descriptor {}", from, verb_of(fd), target)
                      : fmt::format("{} {} {}", from, verb_of(fd), to);
  }
  if (op.starts_with("&>") || op.starts_with(">&"))
    return written("&", target, op.find(">>") != std::string_view::npos);
  if (op.starts_with('<'))
    return target == "/dev/null"
               ? std::string("its input is empty")
               : fmt::format("{} from this file", fd.empty() || fd == "0"
                                                      ? std::string("reads its input")
                                                      : fmt::format("descriptor {} reads", fd));
  return written(fd.empty() && op.starts_with('^') ? "2" : fd, target,
                 op.find(">>") != std::string_view::npos);
}

std::string_view operator_words(std::string_view op) {
  if (op == "&&") return "and then, if that worked";
  if (op == "||") return "or else, if that failed";
  if (op == "|") return "its output is the input of";
  if (op == "|&" || op == "&|") return "its output and error messages are the input of";
  if (op == "2>|") return "its error messages are the input of";
  if (op == "&") return "meanwhile, without waiting for that";
  return "then, whether that worked or not";
}

}  // namespace cmdai::explain
