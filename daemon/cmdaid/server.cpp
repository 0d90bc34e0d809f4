#include "daemon/cmdaid/server.hpp"

#include <sys/stat.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#ifdef __linux__
#include <sys/inotify.h>
#endif
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <utility>
#include <vector>

#include "daemon/cmdaid/log.hpp"
#include "daemon/ipc/socket_path.hpp"

namespace cmdai::daemon {

using boost::system::error_code;
namespace asio = boost::asio;

namespace {

/// A line that does not fit into a frame is told without its text: who follows sees that there is one.
ipc::Frame event_frame(const std::string& line) {
  ipc::Frame out("event");
  out.add("line", line);
  if (!fits(out)) out = ipc::Frame("event").add("omitted", std::to_string(line.size()));
  return out;
}

/// The newest lines, oldest first; fewer when they would be too much for a peer that does not read at once.
std::deque<std::string> last_lines(const std::string& file, size_t count) {
  std::deque<std::string> last;
  if (count == 0) return last;
  size_t bytes = 0;
  host::for_each_line(file, [&](std::string_view line) {
    last.emplace_back(line);
    bytes += line.size() + 64;
    while (last.size() > count || bytes > Connection::kMostUnread / 2) {
      bytes -= last.front().size() + 64;
      last.pop_front();
    }
  });
  return last;
}

/// The directory, or the nearest one above it that is there.
std::string nearest_directory(std::string path) {
  struct stat info {};
  while (path.size() > 1 && stat(path.c_str(), &info) != 0) path = ipc::directory_of(path);
  return path;
}

}  // namespace

Server::Server(asio::io_context& io, ListeningSocket listening, Service& service, host::PolicyStore& store,
               host::EventLog& log, ServerOptions options)
    : io_(io),
      listening_(std::move(listening)),
      service_(service),
      store_(store),
      log_(log),
      options_(options),
      acceptor_(io, asio::local::stream_protocol(), listening_.fd),
      signals_(io, SIGTERM, SIGINT, SIGHUP),
      sync_timer_(io),
      idle_timer_(io),
      reload_timer_(io),
      accept_timer_(io) {}

void Server::start() {
  service_.on_event = [this](const std::string& line) { publish(line); };
  service_.on_judging_changed = [this] { recall(); };
  accept();
  wait_for_signals();
  sync_each_second();
  restart_idle_timer();
  watch_files();
}

void Server::accept() {
  acceptor_.async_accept([this](error_code error, Connection::Socket socket) {
    if (!error) admit(std::move(socket));
    if (stopping_ || error == asio::error::operation_aborted) return;
    if (!error) return accept();
    // Out of descriptors and the like: wait a little instead of spinning.
    log_warning("accept: " + error.message());
    accept_timer_.expires_after(std::chrono::milliseconds(100));
    accept_timer_.async_wait([this](error_code cancelled) {
      if (!cancelled && !stopping_) accept();
    });
  });
}

void Server::admit(Connection::Socket socket) {
  const std::optional<pid_t> process = ipc::our_peer(socket.native_handle());
  if (!process) {
    log_warning("a connection of another user was refused");
    return;
  }
  Connection::Hooks hooks;
  hooks.on_frame = [this](const Peer& peer, const ipc::Frame& frame) { on_frame(peer, frame); };
  hooks.on_closed = [this](const Peer& peer) { on_closed(peer); };
  const auto peer = std::make_shared<Connection>(std::move(socket), std::move(hooks));
  peer->process = *process;
  const bool full = peers_.size() >= kMostConnections;
  peers_.insert(peer);
  service_.connections = peers_.size();
  restart_idle_timer();
  if (full) {
    peer->send(Service::error("busy", "too many connections"));
    return peer->finish();
  }
  // Accepted before the end began, its turn came after: what it asked is answered all the same.
  if (stopping_) return peer->drain();
  peer->start();
}

void Server::on_frame(const Peer& peer, const ipc::Frame& frame) {
  if (frame.type == "subscribe") return subscribe(peer, frame);
  if (frame.type == "delegate") return delegate(peer);
  if (frame.type == "stop") {
    ipc::Frame reply("ok");
    reply.add("pid", std::to_string(::getpid()));
    peer->send(reply);
    peer->outlive();
    return stop("asked to");
  }
  service_.handle(frame, peer->process, [&peer](const ipc::Frame& reply) { peer->send(reply); });
}

void Server::on_closed(const Peer& peer) {
  peers_.erase(peer);
  service_.connections = peers_.size();
  restart_idle_timer();
  if (stopping_ && peers_.empty()) all_gone();
}

void Server::subscribe(const Peer& peer, const ipc::Frame& frame) {
  size_t replay = 0;
  const std::string text = frame.get("replay", "0");
  std::from_chars(text.data(), text.data() + text.size(), replay);
  replay = std::min<size_t>(replay, 1000);
  peer->send(ipc::Frame("ok"));
  for (const std::string& line : last_lines(log_.path(), replay)) peer->send(event_frame(line));
  peer->subscribed = true;
}

void Server::delegate(const Peer& peer) {
  const ipc::Frame granted = service_.delegation();
  peer->delegated = granted.type == "delegation";
  peer->send(granted);
}

/// Each of them has it in its socket when this returns, as far as the kernel takes it.
void Server::recall() {
  std::vector<Peer> guards;
  for (const Peer& peer : peers_)
    if (std::exchange(peer->delegated, false)) guards.push_back(peer);
  for (const Peer& peer : guards) peer->send(ipc::Frame("recall"));
}

void Server::publish(const std::string& line) {
  std::vector<Peer> listeners;
  for (const Peer& peer : peers_)
    if (peer->subscribed) listeners.push_back(peer);
  for (const Peer& peer : listeners) peer->send(event_frame(line));
}

void Server::wait_for_signals() {
  signals_.async_wait([this](error_code error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      service_.reload();
      return wait_for_signals();
    }
    stop(signal == SIGTERM ? "SIGTERM" : "SIGINT");
  });
}

void Server::sync_each_second() {
  sync_timer_.expires_after(std::chrono::seconds(1));
  sync_timer_.async_wait([this](error_code error) {
    if (error || stopping_) return;
    sync_elsewhere();
    sync_each_second();
  });
}

/// No verdict waits for the disk. While it has not done with the second before, that of this one waits for
/// the next.
void Server::sync_elsewhere() {
  if (syncing_.load()) return;
  auto files = log_.take_unsynced();
  if (files.empty()) return;
  syncing_ = true;
  boost::asio::post(disk_, [this, files = std::move(files)]() mutable {
    for (const auto& one : files) one->put_on_disk();
    files.clear();
    syncing_ = false;
  });
}

void Server::restart_idle_timer() {
  idle_timer_.cancel();
  if (options_.idle_exit.count() == 0 || !peers_.empty() || stopping_) return;
  idle_timer_.expires_after(options_.idle_exit);
  idle_timer_.async_wait([this](error_code error) {
    if (!error && peers_.empty()) stop("idle");
  });
}

void Server::watch_files() {
#ifdef __linux__
  if (watch_ != nullptr) {
    error_code ignored;
    watch_->close(ignored);
  }
  const int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) return log_warning("no file watch: changes count after `cmdai reload`");
  watched_ = store_.watched();
  for (const std::string& directory : watched_) {
    // A directory that is not there yet is noticed in the nearest one above it, where nothing else matters.
    const std::string place = nearest_directory(directory);
    const uint32_t appears = IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_ONLYDIR;
    const uint32_t changes = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB;
    // Added to what another directory asked of the same place (a missing rules/ of the directory above it).
    inotify_add_watch(fd, place.c_str(), IN_MASK_ADD | (place == directory ? appears | changes : appears));
  }
  watch_ = std::make_unique<asio::posix::stream_descriptor>(io_, fd);
  read_watch();
#endif
}

void Server::read_watch() {
  watch_->async_read_some(asio::buffer(watch_buffer_), [this](error_code error, size_t) {
    if (error || stopping_) return;
    reload_soon();
    read_watch();
  });
}

/// Editors write in several steps: one reload a tenth of a second after the last of them, a second after the
/// first at the latest.
void Server::reload_soon() {
  const auto now = std::chrono::steady_clock::now();
  if (!reload_pending_) reload_latest_ = now + std::chrono::seconds(1);
  reload_pending_ = true;
  reload_timer_.expires_at(std::min(now + std::chrono::milliseconds(100), reload_latest_));
  reload_timer_.async_wait([this](error_code error) {
    if (!error && !stopping_) reload_changed();
  });
}

void Server::reload_changed() {
  reload_pending_ = false;
  watch_files();  // before reading: what changes from here on is seen by the new watch
  const std::string before = store_.policy()->fingerprint();
  const auto& error = store_.error();
  const std::string broken = error ? error->render() : "";
  const auto done = store_.reload();
  recall();
  if (!done) {
    const std::string text = done.error().render();
    if (text == broken) return;  // told already
    log_error(text);
    service_.record_plain("policy.failed", text);
  } else if (!broken.empty() || store_.policy()->fingerprint() != before) {
    log_info("policy loaded: " + store_.policy()->fingerprint());
    service_.record_plain("policy.loaded");
  }
  if (store_.watched() != watched_) reload_soon();  // `rule_files` names other places now
}

/// Who has connected and is not accepted yet has perhaps sent its request already. A socket that was handed
/// over stays open at systemd or launchd, and with it those who wait in it.
void Server::accept_waiting() {
  if (listening_.inherited) return;
  error_code error;
  acceptor_.non_blocking(true, error);
  for (size_t i = 0; i < kMostConnections && !error; ++i) {
    Connection::Socket socket(io_);
    acceptor_.accept(socket, error);
    if (!error) admit(std::move(socket));
  }
}

void Server::stop(std::string_view why) {
  if (stopping_) return;
  stopping_ = true;
  log_info("stopping: " + std::string(why));
  accept_waiting();
  error_code ignored;
  acceptor_.close(ignored);
  signals_.cancel(ignored);
  sync_timer_.cancel();
  idle_timer_.cancel();
  reload_timer_.cancel();
  accept_timer_.cancel();
  if (watch_ != nullptr) watch_->close(ignored);
  if (on_stop) on_stop();
  if (!listening_.inherited) unlink(listening_.path.c_str());
  const std::vector<Peer> peers(peers_.begin(), peers_.end());
  stop_reason_ = why;
  for (const Peer& peer : peers) peer->drain();
  if (peers.empty()) all_gone();
}

/// The last line of the record: everybody has their answer.
void Server::all_gone() {
  if (stop_reason_.empty()) return;
  service_.record_plain("daemon.stop", std::exchange(stop_reason_, {}));
  disk_.join();
  log_.sync();
  if (on_gone) on_gone();
}

}  // namespace cmdai::daemon
