// What one core of a collector takes in: unpack, read and check batches as they come off the wire (signature,
// chain, hashes, MACs). usage: ingest_bench [EVENTS_PER_BATCH [EVENTS]]
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <vector>

#include "enterprise/protocol/compression.hpp"
#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;

namespace {

std::vector<std::string> packed_batches(Device& device, size_t each, size_t events, size_t& bytes) {
  for (size_t i = 0; i < events; ++i) {
    device.event(
        "command.decision",
        fmt::format(
            R"("time_ms":{},"event_uid":"0194b2c3-0000-7000-8000-{:012}","tenant":"acme","device":{{"id":"14141414141414141414141414141414","host":"build-7"}},"cmd":{{"line":"git commit -m 'change {}' && make -j4 test","cwd":"/home/u/project-{}","shell":"bash","line_hmac":"{}"}},"actor":{{"uid":1000,"user":"u","kind":"human"}},"decision":{{"action":"allow","policy":{{"id":"0f3a5c7e9b1d2f40"}},"latency_us":{}}}}})",
            kNow + static_cast<Millis>(i), i, i * 7919, i % 13, hash(std::to_string(i)).hex().substr(0, 32),
            100 + i % 97));
    bytes += device.lines.back().size();
  }
  std::vector<std::string> out;
  for (size_t i = 0; i < events; i += each) out.push_back(pack(device.batch(i, std::min(i + each, events))));
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  const size_t each = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 64;
  const size_t events = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 64'000;
  Device device;
  size_t bytes = 0;
  const auto batches = packed_batches(device, each, events, bytes);
  ChainState state = device.fresh_state();
  Unpacker unpacker;
  const std::clock_t begin = std::clock();  // processor time: others on the machine do not count
  for (const std::string& packed : batches) {
    const auto text = unpacker.unpack(packed, kMaxBatch).value();
    auto finding =
        check_batch(read_batch(text).value(), device.owner(), state, [](uint64_t) { return std::nullopt; });
    state = std::move(std::get<Stored>(finding).state);
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  fmt::print("{} events of {} bytes in batches of {}: {:.0f} events/s of one core, {:.2f} us an event\n",
             events, bytes / events, each, static_cast<double>(events) / seconds,
             seconds * 1e6 / static_cast<double>(events));
  return state.next == events + 1 ? 0 : 1;
}
