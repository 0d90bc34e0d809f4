#include "enterprise/collector/api/api.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "enterprise/collector/base/log.hpp"
#include "enterprise/collector/service/collector.hpp"
#include "enterprise/collector/service/tokens.hpp"

namespace cmdai::collector {

namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> all;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    all.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return all;
}

/// What stands for each {…}, or nothing: another path.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  const auto wanted = segments(pattern);
  const auto given = segments(path);
  if (wanted.size() != given.size()) return std::nullopt;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{') && !given[i].empty())
      parts.emplace_back(given[i]);
    else if (wanted[i] != given[i])
      return std::nullopt;
  }
  return parts;
}

bool may(const ApiRoute& route, const ApiToken& who) {
  if (route.roles.empty()) return true;
  for (const std::string& role : who.roles)
    if (role == "owner" || std::find(route.roles.begin(), route.roles.end(), role) != route.roles.end())
      return true;
  return false;
}

}  // namespace

Response json_response(const nlohmann::json& body) {
  Response response;
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  return response;
}

Response api_error(int status, std::string_view word, std::string_view message) {
  Response response = json_response({{"error", word}, {"message", message}});
  response.status = status;
  return response;
}

Response api_error(const Failure& failure) {
  switch (failure.problem) {
    case Problem::invalid: return api_error(400, "invalid", failure.text);
    case Problem::not_found: return api_error(404, "not-found", failure.text);
    case Problem::conflict: return api_error(409, "conflict", failure.text);
    case Problem::damaged: return api_error(500, "damaged", failure.text);
    case Problem::unavailable: break;
  }
  log(Level::error, "api.unavailable", {{"why", failure.text}});
  Response response = api_error(503, "unavailable", "the store cannot be reached now");
  response.headers.emplace_back("Retry-After", "5");
  return response;
}

bool read_number(const Request& request, std::string_view name, std::uint64_t& to) {
  const std::string text = request.parameter(name);
  if (text.empty()) return true;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), to);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() && to <= (std::uint64_t{1} << 53U);
}

bool Api::handle(const Request& request, const Reply& reply) {
  if (!request.path.starts_with("/api/") && request.path != "/metrics") return false;
  ++collector_.metrics().api_requests;
  ApiToken who;
  bool quiet = false;
  Response response = answer(request, who, quiet);
  if (!quiet) record(request, who, response.status);
  reply(std::move(response));
  return true;
}

Response Api::answer(const Request& request, ApiToken& who, bool& quiet) {
  const ApiRoute* route = nullptr;
  std::vector<std::string> parts;
  bool path_known = false;
  for (const ApiRoute& one : api_routes()) {
    auto matched = match(one.path, request.path);
    if (!matched) continue;
    path_known = true;
    if (one.method != request.method && !(one.method == "GET" && request.method == "HEAD")) continue;
    route = &one;
    parts = std::move(*matched);
    break;
  }
  if (route != nullptr && route->open) {
    quiet = true;
    return route->run({collector_, request, std::move(parts), {}});
  }
  // Who has no token learns nothing, not even which paths there are.
  auto known = who_asks(request);
  if (!known) {
    quiet = true;  // a flood of these must not fill the record
    log(Level::info, "api.unauthorized", {{"path", request.path}, {"from", request.from}});
    Response response = api_error(401, "unauthorized", "a bearer token is needed");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  }
  who = std::move(*known);
  if (route == nullptr)
    return path_known ? api_error(405, "method", "this path has other methods")
                      : api_error(404, "not-found", "there is no such path");
  quiet = route->quiet;
  if (!may(*route, who)) return api_error(403, "forbidden", "the token's roles do not allow this");
  return route->run({collector_, request, std::move(parts), who});
}

std::optional<ApiToken> Api::who_asks(const Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view given = request.header("authorization");
  if (!given.starts_with(kBearer) || given.size() > 256) return std::nullopt;
  const std::string hash = api_token_hash(given.substr(kBearer.size()));
  const auto found = collector_.store().access().api_token(hash);
  if (!found) return std::nullopt;
  const std::optional<ApiToken>& stored = *found;
  if (!stored) return std::nullopt;
  const ApiToken& token = *stored;
  // The store found it by the hash of a secret; that it is the very one is compared in constant time all the
  // same.
  if (token.hash.size() != hash.size() || sodium_memcmp(token.hash.data(), hash.data(), hash.size()) != 0)
    return std::nullopt;
  if (token.revoked != 0 || (token.expires != 0 && token.expires <= collector_.clock()()))
    return std::nullopt;
  return token;
}

void Api::record(const Request& request, const ApiToken& who, int status) {
  const AdminAct act{0,        collector_.clock()(), who.id,
                     who.name, request.method,       request.target.substr(0, 2048),
                     status,   request.from};
  if (const auto done = collector_.store().access().record(act); !done)
    log(Level::error, "audit.lost", {{"path", request.path}, {"who", who.id}, {"why", done.error().text}});
}

}  // namespace cmdai::collector
