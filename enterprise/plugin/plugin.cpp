// The plugin as cmdaid's runner loads it: what the host says goes to the Device, and two threads of its own
// make things durable and talk to the collector. Nothing the host calls waits for the network.
#include "libcore/plugin/plugin.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "enterprise/plugin/device.hpp"
#include "enterprise/plugin/machine.hpp"
#include "enterprise/plugin/sent_journal.hpp"
#include "enterprise/plugin/status_file.hpp"
#include "enterprise/plugin/tls_transport.hpp"

namespace {

using namespace cmdai::device;
namespace host_api = cmdai::plugin;

class Listener : public DeviceListener {
 public:
  explicit Listener(const host_api::Host& host) : host_(host) {}
  void policy_changed() override { host_.changed(host_api::Changed::policy); }
  void gate_changed() override { host_.changed(host_api::Changed::gate); }
  void recorded_changed() override { host_.changed(host_api::Changed::recorded); }
  void tell(bool serious, std::string_view text) override {
    host_.log(serious ? host_api::Level::warning : host_api::Level::info, text);
    host_.changed(host_api::Changed::health);
  }

 private:
  host_api::Host host_;
};

host_api::Action action_of(WhenFull action) {
  switch (action) {
    case WhenFull::allow: return host_api::Action::allow;
    case WhenFull::warn: return host_api::Action::warn;
    case WhenFull::block: return host_api::Action::block;
  }
  return host_api::Action::block;
}

/// One Device with its threads, from settings to settings.
class Running {
 public:
  Running(const host_api::Host& host, const std::string& settings)
      : settings_(read(settings)), listener_(host), disk_(opened(std::string(host.state_dir()))) {
    journal_ = std::make_unique<SentJournal>(*disk_, clock_, settings_.journal_cap);
    auto transport = TlsTransport::make(settings_.collector, settings_.ca_file, settings_.proxy);
    if (!transport) throw std::runtime_error(transport.error().text);
    transport_ = std::move(*transport);
    const DeviceParts parts{*disk_,    clock_,    *transport_,
                            *journal_, listener_, [](int64_t most) { return random_below(most); }};
    device_ = std::make_unique<Device>(parts, settings_, machine_of(host));
    if (auto done = device_->start(); !done) throw std::runtime_error(done.error().text);
    syncing_ = std::thread([this] {
      run([this] {
        stirred_ = false;
        const int64_t next = clock_.mono_ms() + device_->sync();
        wake_.notify_all();  // what is durable now may be sent
        return next;
      });
    });
    sending_ = std::thread([this] {
      run([this] {
        const int64_t next = device_->step();
        (void)store_status(*disk_, device_->status(), clock_.now_ms());
        return next;
      });
    });
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    {
      const std::lock_guard hold(lock_);
      ending_ = true;
    }
    transport_->cancel();
    wake_.notify_all();
    syncing_.join();
    sending_.join();
    device_->stop();
  }

  Device& device() { return *device_; }
  /// Something came in: both threads look, once for all that comes until they do.
  void stir() {
    if (!stirred_.exchange(true)) wake_.notify_all();
  }
  const Settings& settings() const { return settings_; }

 private:
  static Settings read(const std::string& json) {
    auto settings = read_settings(json, &read_small_file);
    if (!settings) throw std::runtime_error(settings.error().text);
    return std::move(*settings);
  }
  static std::unique_ptr<Disk> opened(const std::string& directory) {
    auto disk = open_disk(directory);
    if (!disk) throw std::runtime_error(disk.error().text);
    return std::move(*disk);
  }
  static int64_t random_below(int64_t most) {
    return most <= 0 ? 0
                     : static_cast<int64_t>(randombytes_uniform(
                           static_cast<uint32_t>(std::min<int64_t>(most, 0xFFFFFFFE)) + 1));
  }

  /// Calls it until the end, each time at the moment (monotonic) it asked for, or earlier.
  template <class Work>
  void run(const Work& work) {
    std::unique_lock hold(lock_);
    while (!ending_) {
      hold.unlock();
      const int64_t next = work();
      hold.lock();
      const int64_t wait = std::clamp<int64_t>(next - clock_.mono_ms(), 0, 1000);
      if (!ending_ && wait > 0) wake_.wait_for(hold, std::chrono::milliseconds(wait));
    }
  }

  Settings settings_;
  Listener listener_;
  SystemClock clock_;
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<SentJournal> journal_;
  std::unique_ptr<TlsTransport> transport_;
  std::unique_ptr<Device> device_;
  std::mutex lock_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::atomic<bool> stirred_{false};
  std::thread syncing_, sending_;
};

class Enterprise : public host_api::Plugin {
 public:
  explicit Enterprise(const host_api::Host& host) : Plugin(host) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
    settings_ = host.settings();
    running_ = std::make_unique<Running>(host, settings_);
  }

  void reload(std::string_view settings) override {
    if (settings == settings_) return;
    if (auto good = read_settings(settings, &read_small_file); !good)
      throw std::runtime_error(good.error().text);
    const std::string before = std::exchange(settings_, std::string(settings));
    running_.reset();
    try {
      running_ = std::make_unique<Running>(host(), settings_);
    } catch (...) {
      settings_ = before;
      running_ = std::make_unique<Running>(host(), settings_);
      throw;
    }
  }

  void record(uint64_t seq, std::string_view line) override {
    if (auto done = running_->device().record(seq, line); !done) throw std::runtime_error(done.error().text);
    running_->stir();
  }
  uint64_t recorded() override { return running_->device().recorded(); }

  std::vector<Document> policy() override {
    std::vector<Document> out;
    for (const auto& text : running_->device().documents())
      out.push_back({text.kind == cmdai::wire::PolicyText::Kind::organization ? Document::Kind::settings
                                                                              : Document::Kind::rules,
                     text.name, text.text});
    if (!out.empty())
      out.push_back({Document::Kind::groups, "groups",
                     fmt::format("{}", fmt::join(running_->device().groups(), "\n"))});
    return out;
  }
  void policy_result(bool ok, std::string_view text) override { running_->device().compiled(ok, text); }

  std::optional<Decision> gate() override {
    const GateState gate = running_->device().gate();
    if (gate.rule.empty()) return std::nullopt;
    return Decision{action_of(gate.action), gate.rule, gate.reason, gate.hint};
  }

  void posture(std::string_view json) override { running_->device().posture(json); }

  host_api::Health health() override {
    const DeviceStatus status = running_->device().status();
    host_api::Health health;
    health.state = status.troubles.empty() && status.enrolled ? host_api::HealthState::ok
                   : status.mode == Recorder::Mode::full || status.mode == Recorder::Mode::broken
                       ? host_api::HealthState::failed
                       : host_api::HealthState::degraded;
    health.lines = status_lines(status);
    return health;
  }

 private:
  std::string settings_;
  std::unique_ptr<Running> running_;
};

}  // namespace

CMDAI_PLUGIN(Enterprise, "enterprise", CMDAI_VERSION)
