// A collector whose answers are signed and are whatever the fuzzer wants: the device keeps its events until a
// receipt covers them, its policy until a signed one comes, and goes on.
#include <sodium.h>

#include <cstdlib>

#include "test/enterprise/plugin/world.hpp"

using namespace cmdai;
using namespace cmdai::device;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// Status and body of each answer from the input, signed as they should be.
class Liar : public Transport {
 public:
  Liar(Transport& honest, std::string_view bytes) : honest_(honest), bytes_(bytes) {}
  Result<Incoming> exchange(const Outgoing& request) override {
    if (request.target == "/v1/enroll") return honest_.exchange(request);
    static constexpr int kStatuses[] = {200, 200, 200, 409, 413, 422, 401, 403, 404, 429, 503, 500};
    Incoming out;
    out.status = kStatuses[take(1).empty() ? 0 : static_cast<unsigned char>(last_) % std::size(kStatuses)];
    out.body = take(take(1).empty() ? 0 : static_cast<unsigned char>(last_) * 2);
    for (const auto& [name, value] : request.headers)
      if (name == wire::kHeaderNonce)
        if (const auto nonce = wire::Nonce::from_hex(value))
          out.answer = wire::sign_answer(organization().collector, *nonce, out.status, out.body);
    return out;
  }
  bool done() const { return bytes_.empty(); }

 private:
  std::string take(size_t size) {
    const std::string out(bytes_.substr(0, size));
    bytes_.remove_prefix(out.size());
    if (!out.empty()) last_ = out.back();
    return out;
  }
  Transport& honest_;
  std::string_view bytes_;
  char last_ = 0;
};

class Silent : public DeviceListener, public SentLog {
 public:
  void policy_changed() override {}
  void gate_changed() override {}
  void recorded_changed() override {}
  void tell(bool, std::string_view) override {}
  void sending(const Outgoing&) override {}
  void answered(int) override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool ready = sodium_init() >= 0;
  require(ready);
  World world(1);
  Liar liar(world.collector, {reinterpret_cast<const char*>(data), size});
  Silent silent;
  Device device({world.disk, world.clock, liar, silent, silent, [](int64_t) { return int64_t{0}; }},
                world.settings, world.machine);
  require(device.start().has_value());
  (void)device.step();
  require(device.status().enrolled);
  for (uint64_t seq = 1; seq <= 5; ++seq)
    require(device.record(seq, R"({"type":"tamper","time":"2026-01-31T12:00:00.123Z"})").has_value());
  (void)device.sync();
  for (int i = 0; i < 64 && !liar.done(); ++i) {
    (void)device.step();
    (void)device.sync();
    world.clock.pass(3'700'000);
  }
  const DeviceStatus status = device.status();
  require(device.recorded() == 5 && status.policy == 0 && device.documents().empty());
  require(status.next > 5 && status.spool_bytes > 0);
  device.stop();
  return 0;
}
