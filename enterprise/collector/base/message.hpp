#pragma once
// A request and its answer, as everything behind the socket sees them.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cmdai::collector {

struct Request {
  std::string method;
  std::string target;                                     // path and query as they stand in the request line
  std::string path;                                       // without the query; not decoded
  std::map<std::string, std::string, std::less<>> query;  // decoded
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
  std::string body;
  std::string from;  // address
  int refused = 0;   // a status: it was too large or too much, and its body was not read

  [[nodiscard]] std::string_view header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  }
  [[nodiscard]] std::string parameter(std::string_view name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
  }
};

struct Response {
  int status = 200;
  std::string body;
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Called once, from any thread.
using Reply = std::function<void(Response)>;

/// Fills path and query from the target. False: what is escaped in it is no escape.
bool split_target(Request& request);

/// `{"error":"WORD"}`
Response error_response(int status, std::string_view word);
/// 429 or 503: come again, not all at once.
Response try_later(int status);

}  // namespace cmdai::collector
