// cmdai mcp: a server of the Model Context Protocol on standard input and output, one message a line.
#include <unistd.h>

#include <cerrno>

#include "daemon/cli/handlers.hpp"
#include "daemon/cli/mcp_server.hpp"
#include "daemon/cli/terminal.hpp"

namespace cmdai::cli {
namespace {

constexpr size_t kMostMessage = size_t{16} << 20U;  // bytes

/// The lines of standard input; of one that is too long only that it was.
class Lines {
 public:
  struct Line {
    std::string text;
    bool too_long = false;
  };
  /// nullopt: that was the last.
  std::optional<Line> next() {
    for (;;) {
      const size_t end = buffer_.find('\n', looked_at_);
      if (end != std::string::npos) return cut(end);
      looked_at_ = buffer_.size();
      if (buffer_.size() > kMostMessage) {
        skipping_ = true;
        buffer_.clear();
        looked_at_ = 0;
      }
      char bytes[65536];
      const ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return buffer_.empty() && !skipping_ ? std::nullopt : std::optional(cut(buffer_.size()));
      buffer_.append(bytes, static_cast<size_t>(n));
    }
  }

 private:
  Line cut(size_t end) {
    Line out{buffer_.substr(0, end), skipping_};
    buffer_.erase(0, end + 1);
    looked_at_ = 0;
    skipping_ = false;
    return out;
  }
  std::string buffer_;
  size_t looked_at_ = 0;
  bool skipping_ = false;
};

std::optional<std::string> reply_to(const Lines::Line& line, McpServer& server) {
  if (line.too_long) return McpServer::too_long(kMostMessage);
  if (line.text.find_first_not_of(" \t\r") == std::string::npos) return std::nullopt;
  return server.handle(line.text);
}

}  // namespace

int run_mcp(const Arguments& a) {
  if (!a.operands.empty())
    return complain("`mcp` takes no operand", "it reads messages from standard input", kUsage);
  Judge judge(a.has("local"));
  Question defaults;
  defaults.cwd = working_directory();
  defaults.home = home_directory();
  defaults.actor = "agent:mcp";
  defaults.plain = true;
  McpServer server([&judge](const Question& question) { return judge.ask(question); }, defaults);
  Lines lines;
  for (;;) {
    const std::optional<Lines::Line> line = lines.next();
    if (!line.has_value()) return kDone;
    const std::optional<std::string> reply = reply_to(line.value(), server);
    if (reply.has_value()) print(reply.value() + '\n');
  }
}

}  // namespace cmdai::cli
