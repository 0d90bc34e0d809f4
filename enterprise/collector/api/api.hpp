#pragma once
// The REST API for people and programs: bearer tokens, roles, and a record of every call.
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/collector/base/message.hpp"
#include "enterprise/collector/store/access.hpp"

namespace cmdai::collector {

class Collector;

/// A call that may be made.
struct Call {
  Collector& collector;
  const Request& request;
  std::vector<std::string> parts;  // what stood for each {…} of the path
  ApiToken who;
};

struct ApiRoute {
  std::string_view method;
  std::string_view path;                // with {…} for one segment
  std::vector<std::string_view> roles;  // any of them; the owner may all. Empty: whoever has a token
  Response (*run)(const Call& call) = nullptr;
  bool open = false;   // without a token
  bool quiet = false;  // asked for by machines all the time: not recorded
};

/// All of them; openapi.json describes the same.
std::span<const ApiRoute> api_routes();

/// The description, as it is served.
std::string_view openapi_text();

class Api {
 public:
  explicit Api(Collector& collector) : collector_(collector) {}
  /// True if the path is one of ours; then the reply has been called.
  bool handle(const Request& request, const Reply& reply);

 private:
  Response answer(const Request& request, ApiToken& who, bool& quiet);
  std::optional<ApiToken> who_asks(const Request& request);
  void record(const Request& request, const ApiToken& who, int status);

  Collector& collector_;
};

/// A 200 with this body. Bytes that are no UTF-8 are shown as U+FFFD.
Response json_response(const nlohmann::json& body);
/// `{"error":WORD,"message":SENTENCE}`
Response api_error(int status, std::string_view word, std::string_view message);
Response api_error(const Failure& failure);
/// A whole number of the query; nothing where it is absent, false where it is none.
bool read_number(const Request& request, std::string_view name, std::uint64_t& to);

}  // namespace cmdai::collector
