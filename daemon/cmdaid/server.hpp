#pragma once
// The reactor's part: accepts, hands frames to the service, watches files, ends in order. One thread, and one
// that waits for the disk.
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "daemon/cmdaid/connection.hpp"
#include "daemon/cmdaid/listening_socket.hpp"
#include "daemon/cmdaid/service.hpp"

namespace cmdai::daemon {

struct ServerOptions {
  std::chrono::seconds idle_exit{0};  ///< end after so long without a connection; 0: never
};

class Server {
 public:
  static constexpr size_t kMostConnections = 512;

  Server(boost::asio::io_context& io, ListeningSocket listening, Service& service, host::PolicyStore& store,
         host::EventLog& log, ServerOptions options);
  /// Begins to accept and to watch; returns at once. The io_context runs out of work when the server has
  /// stopped.
  void start();
  /// Takes no more connections, answers what was received, closes. Idempotent.
  void stop(std::string_view why);
  /// Called once when it begins to stop, for others on the same reactor.
  std::function<void()> on_stop;
  /// Called once when the last line of the record is written.
  std::function<void()> on_gone;

 private:
  using Peer = std::shared_ptr<Connection>;
  void accept();
  void admit(Connection::Socket socket);
  void all_gone();
  void on_frame(const Peer& peer, const ipc::Frame& frame);
  void on_closed(const Peer& peer);
  void subscribe(const Peer& peer, const ipc::Frame& frame);
  void delegate(const Peer& peer);
  void recall();
  void publish(const std::string& line);
  void wait_for_signals();
  void sync_each_second();
  void sync_elsewhere();
  void restart_idle_timer();
  void watch_files();
  void read_watch();
  void reload_soon();
  void reload_changed();
  void accept_waiting();

  boost::asio::io_context& io_;
  ListeningSocket listening_;
  Service& service_;
  host::PolicyStore& store_;
  host::EventLog& log_;
  ServerOptions options_;
  boost::asio::local::stream_protocol::acceptor acceptor_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer sync_timer_, idle_timer_, reload_timer_, accept_timer_;
  std::unique_ptr<boost::asio::posix::stream_descriptor> watch_;
  std::array<char, 4096> watch_buffer_{};
  std::vector<std::string> watched_;
  bool reload_pending_ = false;
  std::chrono::steady_clock::time_point reload_latest_;
  std::set<Peer> peers_;
  bool stopping_ = false;
  std::string stop_reason_;  ///< until it is recorded
  std::atomic<bool> syncing_ = false;
  boost::asio::thread_pool disk_{1};  ///< the last member: its thread ends before what it looks at
};

}  // namespace cmdai::daemon
