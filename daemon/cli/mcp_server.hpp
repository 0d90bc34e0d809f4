#pragma once
// The Model Context Protocol for `cmdai mcp`: a message in, the reply out. Revisions 2024-11-05, 2025-03-26
// and 2025-06-18 (modelcontextprotocol.io/specification), over JSON-RPC 2.0 (jsonrpc.org/specification).
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/cli/judge.hpp"

namespace cmdai::cli {

/// Not thread-safe. Nothing it does is recorded as a run, and no code is issued: an agent asks before it
/// acts.
class McpServer {
 public:
  using Json = nlohmann::ordered_json;
  using Ask = std::function<Result<Answer>(const Question&)>;

  /// `defaults`: directory and home of a question that names none.
  McpServer(Ask ask, Question defaults) : ask_(std::move(ask)), defaults_(std::move(defaults)) {}

  /// One message, or a batch of them, without its newline. The reply as one line without newline, or nothing:
  /// a notification wants none.
  std::optional<std::string> handle(std::string_view message);
  /// The reply to a message that is longer than anybody reads.
  static std::string too_long(size_t most);

 private:
  Json reply(const Json& message);
  std::optional<std::string> batch(const Json& messages);
  Json initialize(const Json& id, const Json& params);
  Json list_tools(const Json& id, const Json& params) const;
  Json call_tool(const Json& id, const Json& params) const;

  Ask ask_;
  Question defaults_;
  std::string revision_;  ///< as agreed; empty: not yet
};

}  // namespace cmdai::cli
