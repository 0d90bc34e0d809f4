#pragma once
// HTTP/1.1 over TLS 1.3, and nothing else: limits on everything a peer may hold on to, requests handed on,
// answers sent.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "enterprise/collector/base/message.hpp"
#include "enterprise/collector/base/result.hpp"
#include "enterprise/collector/config/settings.hpp"
#include "enterprise/collector/service/metrics.hpp"

namespace cmdai::collector {

class HttpServer {
 public:
  virtual ~HttpServer() = default;
  /// ADDRESS:PORT it listens on, the port as the kernel gave it.
  virtual std::string address() const = 0;
  /// Serves until stop(), or SIGTERM, or SIGINT. Then: no new connection, requests under way are answered,
  /// and it returns. SIGHUP reads the TLS certificate again.
  virtual void run() = 0;
  /// From any thread.
  virtual void stop() = 0;
};

/// `handle` is called by the network's thread and must not wait; the reply may be called from any thread.
Result<std::unique_ptr<HttpServer>> listen(const Settings& settings, Metrics& metrics,
                                           std::function<void(Request, Reply)> handle);

}  // namespace cmdai::collector
