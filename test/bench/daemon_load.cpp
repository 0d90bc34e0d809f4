// Many clients at one daemon: checks at a given rate, each answer held against its question. usage:
// daemon_load SOCKET CLIENTS RATE SECONDS
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "daemon/ipc/frame.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using cmdai::ipc::Frame;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "error: {}\n", why);
  std::exit(1);
}

struct Client {
  int fd = -1;
  cmdai::ipc::FrameReader reader;
  size_t number = 0;  ///< of the question that is open
  bool busy = false;
  Clock::time_point due;  ///< when it was to be asked, whatever kept it waiting
};

Client connect_to(const std::string& path) {
  Client out;
  out.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  if (connect(out.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    give_up("nobody listens at " + path);
  return out;
}

void send_all(int fd, const std::string& bytes) {
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = write(fd, bytes.data() + sent, bytes.size() - sent);
    if (n <= 0) give_up("the daemon closed a connection");
    sent += static_cast<size_t>(n);
  }
}

/// Every tenth line is stopped, and its answer names the line: an answer that went to another one is seen.
bool is_stopped(size_t number) { return number % 10 == 0; }

std::string branch_of(size_t number) { return fmt::format("branch-{}-end", number); }

void ask(Client& client, size_t session, size_t number, Clock::time_point due) {
  client.number = number;
  client.busy = true;
  client.due = due;
  Frame check("check");
  check.add("cmd", is_stopped(number) ? "git push --force origin " + branch_of(number)
                                      : fmt::format("grep -rn word{} src | sort | head -20", number));
  check.add("shell", "bash")
      .add("cwd", "/tmp")
      .add("session", fmt::format("load-{}", session))
      .add("source", "enter");
  send_all(client.fd, encode(check));
}

struct Tally {
  std::vector<double> microseconds;
  std::set<std::string> ids;
  size_t crossed = 0;
};

void take(Client& client, const Frame& answer, Tally& tally) {
  client.busy = false;
  tally.microseconds.push_back(std::chrono::duration<double, std::micro>(Clock::now() - client.due).count());
  const bool fits = is_stopped(client.number)
                        ? answer.get("action") == "ask" &&
                              answer.get("text").find(branch_of(client.number)) != std::string::npos
                        : answer.get("action") == "allow";
  if (answer.type != "verdict" || !fits || !tally.ids.insert(answer.get("id")).second) ++tally.crossed;
}

void read_answer(Client& client, Tally& tally) {
  char buffer[65536];
  const ssize_t n = read(client.fd, buffer, sizeof buffer);
  if (n <= 0) give_up("the daemon closed a connection");
  client.reader.feed({buffer, static_cast<size_t>(n)});
  while (const auto answer = client.reader.next()) take(client, *answer, tally);
}

void wait_for_answers(std::vector<Client>& clients, Tally& tally, std::chrono::microseconds at_most) {
  std::vector<pollfd> watched;
  std::vector<size_t> whose;
  for (size_t i = 0; i < clients.size(); ++i) {
    if (!clients[i].busy) continue;
    watched.push_back({clients[i].fd, POLLIN, 0});
    whose.push_back(i);
  }
  const timespec limit{0, static_cast<long>(std::max<int64_t>(at_most.count(), 0)) * 1000};
  if (ppoll(watched.data(), watched.size(), &limit, nullptr) <= 0) return;
  for (size_t i = 0; i < watched.size(); ++i)
    if (watched[i].revents != 0) read_answer(clients[whose[i]], tally);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) give_up("usage: daemon_load SOCKET CLIENTS RATE SECONDS");
  const auto number_of = [](const char* text) {
    return static_cast<size_t>(std::strtoul(text, nullptr, 10));
  };
  std::vector<Client> clients;
  for (size_t i = 0; i < number_of(argv[2]); ++i) clients.push_back(connect_to(argv[1]));
  const size_t rate = number_of(argv[3]);
  const size_t total = rate * number_of(argv[4]);
  const auto start = Clock::now();
  const auto due = [&](size_t number) {
    return start + std::chrono::nanoseconds(number * 1'000'000'000 / rate);
  };
  Tally tally;
  size_t asked = 0;
  size_t turn = 0;
  while (tally.microseconds.size() < total) {
    for (size_t tries = 0; asked < total && due(asked) <= Clock::now() && tries < clients.size(); ++tries) {
      const size_t who = turn++ % clients.size();
      if (clients[who].busy) continue;
      ask(clients[who], who, asked, due(asked));
      ++asked;
      tries = 0;
    }
    const auto next = asked < total
                          ? std::chrono::duration_cast<std::chrono::microseconds>(due(asked) - Clock::now())
                          : std::chrono::microseconds(100'000);
    wait_for_answers(clients, tally, std::min(next, std::chrono::microseconds(100'000)));
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::sort(tally.microseconds.begin(), tally.microseconds.end());
  const auto percentile = [&](double p) {
    return tally.microseconds[static_cast<size_t>(p * static_cast<double>(total - 1))];
  };
  fmt::print("{:.0f} {:.0f} {:.0f} {:.0f} {}\n", static_cast<double>(total) / seconds, percentile(0.5),
             percentile(0.99), percentile(1), tally.crossed);
}
