// cmdai relay: what a hook calls when the daemon does not answer. It starts the daemon and asks, or judges
// with the same engine here and records that, and writes the verdict frame. The hooks know one more way to an
// answer, not one more engine.
#include <fmt/format.h>

#include <iostream>
#include <sstream>

#include "daemon/cli/handlers.hpp"
#include "daemon/cli/local_judge.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "daemon/ipc/start_daemon.hpp"

namespace cmdai::cli {
namespace {

/// The frame the hook would have sent: its fields are our operands, the command is standard input (it may be
/// longer than an argument, or than a frame).
Result<ipc::Frame> frame_of(const Arguments& a) {
  ipc::Frame frame("check");
  std::ostringstream command;
  command << std::cin.rdbuf();
  frame.add("cmd", std::move(command).str());
  for (const std::string& field : a.operands) {
    const size_t equals = field.find('=');
    if (equals == std::string::npos || equals == 0) {
      Diagnostic d;
      d.message = fmt::format("`{}` is no KEY=VALUE", explain::printable(field));
      return fail(std::move(d));
    }
    frame.add(field.substr(0, equals), std::string_view(field).substr(equals + 1));
  }
  return frame;
}

/// The daemon's answer, or why there is none.
tl::expected<ipc::Frame, std::string> ask_daemon(const ipc::Frame& frame) {
  if (!fits(frame)) return tl::unexpected<std::string>("the command is longer than a frame may be");
  const Result<std::string> path = ipc::socket_path();
  if (!path) return tl::unexpected<std::string>(path.error().message);
  auto client = ipc::connect_or_start(*path);
  if (!client) return tl::unexpected<std::string>(client.error().diagnostic.message);
  auto answer = client->request(frame);
  if (!answer) return tl::unexpected<std::string>(answer.error().diagnostic.message);
  if (answer->type != "verdict")
    return tl::unexpected<std::string>(answer->get("text", "it did not understand"));
  return std::move(*answer);
}

}  // namespace

int run_relay(const Arguments& a) {
  const Result<ipc::Frame> frame = frame_of(a);
  if (!frame) return complain(frame.error(), kUsage);
  std::string why = "the daemon does not answer";
  if (!a.has("local")) {
    const auto answer = ask_daemon(*frame);
    if (answer) return print(encode(*answer)), kDone;
    why = answer.error();
  }
  const Result<ipc::Frame> answer = judge_in_place(*frame, why);
  if (!answer) return complain(answer.error(), kNoAnswer);
  print(encode(*answer));
  return kDone;
}

}  // namespace cmdai::cli
