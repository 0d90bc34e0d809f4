#pragma once
// One request to a running collector, for its own command line. Waits; TLS 1.3; the server is held against
// one authority.
#include <string>
#include <utility>
#include <vector>

#include "enterprise/collector/base/result.hpp"

namespace cmdai::collector {

struct ClientRequest {
  std::string address;    // HOST:PORT
  std::string authority;  // file with the certificate it must lead to
  std::string method, target, body, token;
};

struct ClientResponse {
  int status = 0;
  std::string body;
};

/// unavailable: nobody answers there.
Result<ClientResponse> ask(const ClientRequest& request);

}  // namespace cmdai::collector
