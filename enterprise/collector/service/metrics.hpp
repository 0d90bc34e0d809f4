#pragma once
// What is counted, and as what Prometheus reads it.
#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace cmdai::collector {

/// Times as a histogram. Thread-safe.
class Histogram {
 public:
  void observe(double seconds);
  void write(std::string& out, const std::string& name, const std::string& help) const;

 private:
  static constexpr std::array<double, 11> kBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                     0.1,   0.25,   0.5,   1,    5};
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> buckets_{};
  std::atomic<std::uint64_t> microseconds_{0};
};

using Count = std::atomic<std::uint64_t>;

enum class Refused { unauthorized, too_large, malformed, busy, unavailable, resume, fork, chain };

/// Written from every thread.
struct Metrics {
  Count batches{0}, events{0}, duplicates{0}, bytes_received{0}, bytes_unpacked{0};
  std::array<Count, 8> refused{};
  Count commits{0}, commit_failures{0};
  Count heartbeats{0}, enrollments{0};
  Count connections_total{0}, handshake_failures{0};
  std::atomic<std::int64_t> connections{0}, queue{0}, inflight_bytes{0};
  Count indexed_events{0}, indexed_position{0}, ledger_position{0}, checkpoint_size{0};
  std::array<Count, 9> alarms{};
  Count exported_events{0}, export_failures{0};
  Count api_requests{0};
  Histogram ack, commit;

  void count_refusal(Refused why) { ++refused[static_cast<std::size_t>(why)]; }
  void count_alarm(std::string_view kind);
};

struct Gauges {
  std::uint64_t store_bytes = 0, devices = 0, silent = 0;
  double index_lag_seconds = 0;
};

/// Text format 0.0.4.
std::string render(const Metrics& metrics, const Gauges& gauges);

}  // namespace cmdai::collector
