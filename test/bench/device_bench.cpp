// What an event costs the enterprise plugin: from the local line to the chain and the spool, and a batch to
// sign and pack. Processor time, the least of many rounds; beside it the bare hash of the same lines in the
// same run.
#include <fmt/core.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "enterprise/plugin/batch_sender.hpp"
#include "enterprise/plugin/recorder.hpp"

using namespace cmdai;
using namespace cmdai::device;

namespace {

constexpr size_t kLines = 2048;

class ProcessClock : public Clock {
 public:
  int64_t now_ms() override { return 1'790'000'000'000; }
  int64_t mono_ms() override { return mono_ += 5; }  // never a flood

 private:
  int64_t mono_ = 0;
};

double spent(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// Microseconds an event takes, at least.
double least(clockid_t clock, const std::function<void()>& work) {
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < 7; ++round) {
    const double before = spent(clock);
    work();
    best = std::min(best, (spent(clock) - before) / kLines);
  }
  return best;
}

std::string line(size_t seq) {
  return fmt::format(
      R"({{"v":1,"seq":{},"time":"2026-09-21T12:00:00.000Z","type":"command.decision","id":"9b1deb4d-{}","action":"warn","rule":"git.push-force","reason":"this overwrites the remote's history","command":"git push --force origin main","shell":"bash","cwd":"/home/u/site","session":"b1","actor":"agent","actor_name":"claude-code","confidence":"likely","evidence":"process:claude:4242","source":"hook","us":180,"policy":"0f3a5c7e9b1d2f40","prev":"{}"}})",
      seq, seq, std::string(64, 'a'));
}

void print(const char* what, double us, double hash) {
  fmt::print("{:<44} {:>9.0f} events/s  {:>6.2f} us  {:>6.1f} x the hash of the line\n", what, 1e6 / us, us,
             us / hash);
}

}  // namespace

int main() {
  if (sodium_init() < 0) return 1;
  char folder[] = "/tmp/cmdai-device-bench-XXXXXX";
  if (mkdtemp(folder) == nullptr) return 1;
  auto disk = open_disk(folder);
  if (!disk) return 1;
  ProcessClock clock;
  ChainState state;
  state.chain = wire::random_fixed<wire::ChainId>();
  state.key = wire::Key32::random();
  state.clean = true;
  if (!store_chain(**disk, state)) return 1;
  RecorderOptions options;
  options.spool.cap = uint64_t{4} << 30U;
  Recorder recorder(**disk, clock, EventContext{}, options);
  if (!recorder.start({})) return 1;

  std::vector<std::string> lines;
  for (size_t i = 0; i < kLines; ++i) lines.push_back(line(i + 1));
  const double hash = least(CLOCK_PROCESS_CPUTIME_ID, [&] {
    for (const std::string& text : lines) (void)wire::hash(text);
  });
  print("hash of the local line", hash, hash);
  const EventContext context{};
  print("local line to event",
        least(CLOCK_PROCESS_CPUTIME_ID,
              [&] {
                for (const std::string& text : lines) (void)map_event(1, text, context, Detail::full);
              }),
        hash);
  uint64_t seq = 0;
  const auto append = [&] {
    for (const std::string& text : lines) (void)recorder.record(++seq, text);
    (void)recorder.sync();
  };
  print("event, chain, MAC, spool, reservation", least(CLOCK_PROCESS_CPUTIME_ID, append), hash);
  print("the same by the clock on the wall (fsync)", least(CLOCK_MONOTONIC, append), hash);

  const auto key = wire::SigningKey::generate();
  for (const size_t size : {1U, 16U, 64U, 256U}) {
    auto events = recorder.read(1, size, size_t{16} << 20U);
    if (!events) return 1;
    BatchSender::Batch batch;
    batch.events = std::move(*events);
    batch.header.after = wire::read_event_head(batch.events.front().record.line)->prev;
    size_t bytes = 0;
    const double us = least(CLOCK_PROCESS_CPUTIME_ID, [&] {
      for (size_t i = 0; i < kLines / size; ++i) bytes = BatchSender::request(batch, key).body.size();
    });
    print(fmt::format("batch of {}: sign, pack ({} bytes an event)", size, bytes / size).c_str(), us, hash);
  }
  std::filesystem::remove_all(folder);
  return 0;
}
