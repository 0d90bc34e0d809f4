#pragma once
// Transport over TLS 1.3, one connection that is kept open, through a proxy where one is named.
#include <memory>

#include "enterprise/plugin/settings.hpp"
#include "enterprise/plugin/transport.hpp"

namespace cmdai::device {

class TlsTransport : public Transport {
 public:
  /// Only certificates under `ca_file` count where one is named, else those the system trusts.
  static Result<std::unique_ptr<TlsTransport>> make(const CollectorAddress& collector,
                                                    const std::string& ca_file, const std::string& proxy);
  TlsTransport() = default;
  ~TlsTransport() override = default;
  TlsTransport(const TlsTransport&) = delete;
  TlsTransport& operator=(const TlsTransport&) = delete;
  /// From any thread: what is under way ends with Kind::no_answer, and so does all that follows.
  virtual void cancel() = 0;
};

}  // namespace cmdai::device
