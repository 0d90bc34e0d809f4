// Devices that send to a collector as fast as it answers, or as fast as they are told to.
// usage: collector_load ADDRESS CA ROOT TOKEN DEVICES BATCH SECONDS READY [EVENTS_PER_SECOND]
// Prints: events/s, batches/s, p50 and p99 of an acknowledgement in ms, refusals, its own processor seconds.
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>
#include <vector>

#include "enterprise/protocol/batch.hpp"
#include "enterprise/protocol/compression.hpp"
#include "enterprise/protocol/enrollment.hpp"
#include "enterprise/protocol/ratchet.hpp"
#include "enterprise/protocol/receipt.hpp"
#include "enterprise/protocol/request_auth.hpp"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace wire = cmdai::wire;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr const char* kCommands[] = {"git status --short",
                                     "ls -la /home/user/projects",
                                     "cargo build --release --workspace",
                                     "kubectl get pods -n production -o wide",
                                     "rm -rf node_modules && npm ci",
                                     "docker run --rm -it -v $PWD:/src debian:12 bash",
                                     "python3 -m pytest tests/unit -q -x",
                                     "terraform plan -out plan.tfplan -var-file prod.tfvars"};

wire::Millis now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

struct Target {
  std::string host, port, authority;
  wire::Root root;
  std::string token;
};

class Device {
 public:
  Device(const Target& target, asio::ssl::context& tls)
      : target_(target),
        stream_(io_, tls),
        key_(wire::SigningKey::generate()),
        box_(wire::BoxKey::generate()),
        chain_(wire::random_fixed<wire::ChainId>()),
        boot_(wire::random_fixed<wire::BootId>()),
        ratchet_(wire::Key32::random(), 1) {
    beast::get_lowest_layer(stream_).connect(asio::ip::tcp::endpoint(
        asio::ip::make_address(target.host), static_cast<std::uint16_t>(std::stoul(target.port))));
    beast::get_lowest_layer(stream_).socket().set_option(asio::ip::tcp::no_delay(true));
    stream_.handshake(asio::ssl::stream_base::client);
    enroll();
  }

  /// Batches are signed beforehand: what is measured is the collector, and in life each device has a
  /// processor of its own.
  void prepare(std::size_t batches, std::size_t count) {
    for (std::size_t i = 0; i < batches; ++i) ready_.push_back(made(count));
  }

  /// Status of the answer.
  int send(std::size_t count) {
    if (pending_.empty() && !ready_.empty()) {
      pending_ = std::move(ready_.front());
      ready_.pop_front();
    }
    if (pending_.empty()) pending_ = made(count);
    const auto nonce = wire::random_fixed<wire::Nonce>();
    const auto headers = wire::sign_request(key_, id_, "POST", "/v1/events", pending_, now_ms(), nonce);
    http::request<http::string_body> request(http::verb::post, "/v1/events", 11);
    request.set(wire::kHeaderDevice, headers.device.hex());
    request.set(wire::kHeaderKey, headers.key.hex());
    request.set(wire::kHeaderTime, std::to_string(headers.time));
    request.set(wire::kHeaderNonce, headers.nonce.hex());
    request.set(wire::kHeaderSignature, headers.signature.hex());
    request.set(http::field::content_encoding, "zstd");
    const int status = exchange(request, pending_);
    if (status == 200) pending_.clear();
    return status;
  }

 private:
  void enroll() {
    auto token = wire::Key32::from_hex(target_.token);
    const wire::EnrollSecrets secrets{std::move(*token), ratchet_.key().clone()};
    const auto asked =
        wire::make_enroll(key_, box_.public_key(), target_.root, secrets, chain_,
                          wire::random_fixed<wire::Nonce>(), now_ms(), {"bench", "linux", "", "0.1.0", "L1"});
    http::request<http::string_body> request(http::verb::post, "/v1/enroll", 11);
    if (exchange(request, wire::write(*asked)) != 200) throw std::runtime_error("not enrolled: " + answer_);
    id_ = wire::read_enroll_answer(answer_)->device;
  }

  int exchange(http::request<http::string_body>& request, const std::string& body) {
    request.set(http::field::host, target_.host);
    request.body() = body;
    request.prepare_payload();
    http::write(stream_, request);
    http::response<http::string_body> response;
    http::read(stream_, buffer_, response);
    answer_ = response.body();
    return static_cast<int>(response.result_int());
  }

  std::string made(std::size_t count) {
    std::vector<std::string> lines;
    std::vector<wire::MacLine> events;
    lines.reserve(count);
    wire::BatchHeader header{id_, chain_, boot_, head_, ratchet_.seq(), 0, 0, {}, now_ms(), false};
    for (std::size_t i = 0; i < count; ++i) {
      lines.push_back(line());
      head_ = wire::hash(lines.back());
      events.push_back({ratchet_.mac(head_), lines.back()});
      ratchet_.step();
    }
    return wire::pack(*wire::build_batch(header, events, key_));
  }

  std::string line() {
    std::string out;
    wire::write_event_head(out, {ratchet_.seq(), head_, chain_, "command.decision"});
    const std::uint64_t n = ratchet_.seq();
    return out +
           fmt::format(
               R"("event_uid":"{}","time_ms":{},"boot_id":"{}","tenant":"default","device":{{"id":"{}","host":"bench","os":"Linux"}},)"
               R"("daemon":{{"version":"0.1.0","assurance":"L1"}},"hook_id":"{:08x}-1","cmd":{{"argv0":"x","line":"{} # {}","cwd":"/home/u/work","shell":"bash","shell_pid":{}}},)"
               R"("actor":{{"uid":1000,"user":"u","kind":"{}"}},"decision":{{"action":"{}","rules":[],"latency_us":180}}}})",
               wire::random_fixed<wire::Nonce>().hex(), now_ms(), boot_.hex(), id_.hex(), n,
               kCommands[n % std::size(kCommands)], n % 997, n % 30000, n % 3 == 0 ? "agent" : "human",
               n % 20 == 0 ? "block" : "allow");
  }

  const Target& target_;
  asio::io_context io_;
  beast::ssl_stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  wire::SigningKey key_;
  wire::BoxKey box_;
  wire::ChainId chain_;
  wire::BootId boot_;
  wire::Ratchet ratchet_;
  wire::DeviceId id_;
  wire::Digest head_;
  std::string pending_, answer_;
  std::deque<std::string> ready_;
};

struct Tally {
  std::vector<double> ms;
  std::uint64_t refused = 0;
};

/// One thread for each device: it waits for its answer, as a device does. With a rate each device has its own
/// times, and what comes late is late from when it should have begun.
void drive(Device& device, std::size_t batch, SteadyTime end, double interval, double offset, Tally& tally) {
  const SteadyTime begun = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; std::chrono::steady_clock::now() < end; ++i) {
    SteadyTime start = std::chrono::steady_clock::now();
    if (interval > 0) {
      start = begun + std::chrono::duration_cast<std::chrono::nanoseconds>(
                          std::chrono::duration<double>(interval * (static_cast<double>(i) + offset)));
      if (start >= end) return;
      std::this_thread::sleep_until(start);
    }
    const int status = device.send(batch);
    if (status != 200) {
      ++tally.refused;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      continue;
    }
    tally.ms.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
}

/// `work(i)` for each device, all at once.
template <class Work>
void in_threads(const std::vector<std::unique_ptr<Device>>& devices, const Work& work) {
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < devices.size(); ++i) threads.emplace_back(work, i);
  for (auto& thread : threads) thread.join();
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

std::string read(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int run(char** words, int count) {
  const std::string address = words[1];
  const std::size_t colon = address.rfind(':');
  const auto root = wire::read_root(wire::read_envelope(read(words[3]))->payload);
  const Target target{address.substr(0, colon), address.substr(colon + 1), words[2], *root, words[4]};
  const std::size_t devices = std::stoul(words[5]);
  const std::size_t batch = std::stoul(words[6]);
  const double seconds = std::stod(words[7]);
  const std::size_t ready = std::stoul(words[8]);
  const double rate = count > 9 ? std::stod(words[9]) : 0;
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.load_verify_file(target.authority);
  tls.set_verify_mode(asio::ssl::verify_peer);
  std::vector<std::unique_ptr<Device>> all;
  for (std::size_t i = 0; i < devices; ++i) all.push_back(std::make_unique<Device>(target, tls));
  in_threads(all, [&](std::size_t i) { all[i]->prepare(ready, batch); });
  const double prepared = processor_seconds();
  std::vector<Tally> tallies(devices);
  const SteadyTime begun = std::chrono::steady_clock::now();
  const SteadyTime end =
      begun + std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
  const double interval = rate > 0 ? static_cast<double>(batch * devices) / rate : 0;
  in_threads(all, [&](std::size_t i) {
    drive(*all[i], batch, end, interval, static_cast<double>(i) / static_cast<double>(devices), tallies[i]);
  });
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  std::vector<double> ms;
  std::uint64_t refused = 0;
  for (const Tally& tally : tallies) {
    ms.insert(ms.end(), tally.ms.begin(), tally.ms.end());
    refused += tally.refused;
  }
  std::sort(ms.begin(), ms.end());
  if (ms.empty()) ms.push_back(0);
  fmt::print("{:.0f} {:.0f} {:.2f} {:.2f} {} {:.2f}\n", static_cast<double>(ms.size() * batch) / took,
             static_cast<double>(ms.size()) / took, ms[ms.size() / 2],
             ms[std::min(ms.size() - 1, ms.size() * 99 / 100)], refused, processor_seconds() - prepared);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 9) {
    fmt::print(stderr,
               "usage: collector_load ADDRESS CA ROOT TOKEN DEVICES BATCH SECONDS [EVENTS_PER_SECOND]\n");
    return 2;
  }
  try {
    return run(argv, argc);
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
