#include "enterprise/collector/base/message.hpp"

#include <sodium.h>

namespace cmdai::collector {

namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%') {
      const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
      const int low = high >= 0 ? digit(text[i + 2]) : -1;
      if (low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

bool split_target(Request& request) {
  const std::size_t mark = std::min(request.target.find('?'), request.target.size());
  request.path = request.target.substr(0, mark);
  std::string_view rest = std::string_view(request.target).substr(mark);
  if (!rest.empty()) rest.remove_prefix(1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equal = std::min(pair.find('='), pair.size());
    auto name = decoded(pair.substr(0, equal));
    auto value = decoded(equal < pair.size() ? pair.substr(equal + 1) : std::string_view());
    if (!name || !value) return false;
    request.query.insert_or_assign(std::move(*name), std::move(*value));
  }
  return true;
}

Response error_response(int status, std::string_view word) {
  Response response;
  response.status = status;
  response.body = std::string("{\"error\":\"").append(word).append("\"}");
  return response;
}

Response try_later(int status) {
  Response response = error_response(status, status == 429 ? "busy" : "unavailable");
  response.headers.emplace_back("Retry-After",
                                std::to_string(1 + randombytes_uniform(status == 429 ? 5 : 30)));
  return response;
}

}  // namespace cmdai::collector
