#pragma once
// A machine with its local event log, a disk, a clock that somebody may set, and a collector behind a bad
// network; and the device of the plugin, which is killed and started again. Everything comes from one seed.
#include <memory>
#include <string>
#include <vector>

#include "enterprise/plugin/device.hpp"
#include "test/enterprise/plugin/collector_model.hpp"
#include "test/enterprise/plugin/simulated_disk.hpp"

namespace cmdai::device {

class SimulatedClock : public Clock {
 public:
  int64_t now_ms() override { return now; }
  int64_t mono_ms() override { return mono; }
  void pass(int64_t ms) {
    now += ms;
    mono += ms;
  }
  int64_t now = 1'790'000'000'000, mono = 1'000'000;
};

class World : private DeviceListener {
 public:
  explicit World(uint64_t seed);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World() override;

  /// Random honest life: events, faults, restarts; `steps` of it.
  void live(unsigned steps);
  /// All faults end; what is left is sent.
  void heal();
  void pass(int64_t ms);

  void start_device();
  void stop_device(bool in_order);
  void power_cut();
  void add_lines(unsigned count);
  size_t lines() const { return lines_.size(); }
  /// The local log is set back, too.
  void forget_lines(size_t kept) { lines_.resize(kept); }
  /// Hands lines over until one is not taken; kills the device where the disk says so.
  void feed();
  void sync();
  void step();
  bool running() const { return device_ != nullptr; }
  Device& device() { return *device_; }

  /// Every local line is in the collector exactly or folded, in order, or its loss is declared. Empty: so it
  /// is.
  std::string lost() const;
  bool has_event(std::string_view type) const;
  /// Anything at all that tells somebody: alarms, events of damage, declared gaps beyond an honest end's.
  bool noticed() const;

  SimulatedClock clock, true_clock;
  SimulatedDisk disk;
  CollectorModel collector;
  std::vector<std::string> told;
  std::vector<std::string> compiled;  ///< policy texts that came into force
  Settings settings;
  Machine machine;
  unsigned crashes = 0;
  bool promise_broken = false;  ///< recorded() once said more than was there after a restart

 private:
  void policy_changed() override;
  void gate_changed() override {}
  void recorded_changed() override {}
  void tell(bool serious, std::string_view text) override;
  void take_policy();
  void one_step();
  void break_something();
  template <class Work>
  void alive(Work&& work);

  struct NoLog : SentLog {
    void sending(const Outgoing&) override {}
    void answered(int) override {}
  } no_log_;
  std::mt19937_64 random_;
  std::string token_file_;
  std::vector<std::string> lines_;  ///< the local event log; number 1 is the first
  uint64_t given_ = 0, promised_ = 0;
  std::unique_ptr<Device> device_;
  bool policy_waits_ = false;
};

}  // namespace cmdai::device
