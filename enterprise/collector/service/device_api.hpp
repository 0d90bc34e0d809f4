#pragma once
// The endpoints of docs/collector-protocol.md: which request goes where, and that each answer to a signed one
// is signed.
#include "enterprise/collector/base/message.hpp"
#include "enterprise/collector/service/enrollment.hpp"
#include "enterprise/collector/service/heartbeats.hpp"
#include "enterprise/collector/service/ingest.hpp"
#include "enterprise/collector/service/log_desk.hpp"

namespace cmdai::collector {

class DeviceApi {
 public:
  struct Parts {
    DeviceGate& gate;
    EnrollmentDesk& enrollment;
    Ingest& ingest;
    Heartbeats& heartbeats;
    PolicyDesk& policies;
    LogDesk& log;
  };
  explicit DeviceApi(Parts parts) : p_(parts) {}

  /// True if the path is one of ours; then the reply is or will be called.
  bool handle(const Request& request, const Reply& reply);

 private:
  Response answer(const Caller& caller, const Request& request);
  Response document(const Request& request);

  Parts p_;
};

}  // namespace cmdai::collector
