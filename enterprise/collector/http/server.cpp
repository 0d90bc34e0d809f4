#include "enterprise/collector/http/server.hpp"

#include <openssl/ssl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>

#include "enterprise/collector/base/log.hpp"
#include "enterprise/collector/http/session.hpp"

namespace cmdai::collector {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto kResult = asio::as_tuple(asio::use_awaitable);
constexpr auto kStopTime = std::chrono::seconds(30);

class BeastServer final : public HttpServer {
 public:
  BeastServer(const Settings& settings, Metrics& metrics, std::function<void(Request, Reply)> handle)
      : settings_(settings),
        tls_(asio::ssl::context::tls_server),
        acceptor_(io_),
        signals_(io_),
        last_(io_),
        shared_(std::make_shared<http_detail::Shared>(
            http_detail::Shared{settings, metrics, std::move(handle), io_, tls_, false, 0, {}, {}})) {
    shared_->session_ended = [this] { end_if_empty(); };
  }
  ~BeastServer() override { shared_->session_ended = {}; }
  BeastServer(const BeastServer&) = delete;
  BeastServer& operator=(const BeastServer&) = delete;

  /// Throws boost::system::system_error.
  void open() {
    SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_3_VERSION);
    SSL_CTX_set_mode(tls_.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    read_certificate();
    const tcp::endpoint where(asio::ip::make_address(settings_.address), settings_.port);
    acceptor_.open(where.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(where);
    acceptor_.listen();
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    signals_.add(SIGHUP);
  }

  std::string address() const override {
    const auto where = acceptor_.local_endpoint();
    const std::string host = where.address().to_string();
    return (where.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(where.port());
  }

  void run() override {
    asio::co_spawn(io_, accept(), asio::detached);
    wait_for_signal();
    io_.run();
  }

  void stop() override {
    asio::post(io_, [this] { begin_to_stop(); });
  }

 private:
  void read_certificate() {
    tls_.use_certificate_chain_file(settings_.path(settings_.certificate));
    tls_.use_private_key_file(settings_.path(settings_.private_key), asio::ssl::context::pem);
  }

  void wait_for_signal() {
    signals_.async_wait([this](error_code error, int signal) {
      if (error) return;
      if (signal != SIGHUP) return begin_to_stop();
      try {
        read_certificate();
        log(Level::info, "tls.reloaded");
      } catch (const std::exception& problem) {
        log(Level::error, "tls.not-reloaded", {{"why", problem.what()}});
      }
      wait_for_signal();
    });
  }

  asio::awaitable<void> accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(kResult);
      if (shared_->stopping) co_return;
      if (error) {
        // No descriptor left: those that are open will end.
        asio::steady_timer pause(io_, std::chrono::milliseconds(100));
        co_await pause.async_wait(kResult);
        continue;
      }
      if (shared_->sessions >= settings_.connections) continue;  // closed with the socket
      asio::co_spawn(io_, http_detail::serve_connection(shared_, std::move(socket)), asio::detached);
    }
  }

  void begin_to_stop() {
    if (shared_->stopping) return;
    shared_->stopping = true;
    log(Level::info, "server.stopping", {{"connections", std::to_string(shared_->sessions)}});
    error_code ignored;
    acceptor_.close(ignored);
    signals_.cancel(ignored);
    for (auto* stream : std::set<boost::beast::tcp_stream*>(shared_->waiting)) stream->cancel();
    last_.expires_after(kStopTime);
    last_.async_wait([this](error_code error) {
      if (!error) io_.stop();
    });
    end_if_empty();
  }

  void end_if_empty() {
    if (shared_->stopping && shared_->sessions == 0) last_.cancel();
  }

  const Settings& settings_;
  asio::io_context io_{1};
  asio::ssl::context tls_;
  tcp::acceptor acceptor_;
  asio::signal_set signals_;
  asio::steady_timer last_;
  std::shared_ptr<http_detail::Shared> shared_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> listen(const Settings& settings, Metrics& metrics,
                                           std::function<void(Request, Reply)> handle) {
  try {
    auto server = std::make_unique<BeastServer>(settings, metrics, std::move(handle));
    server->open();
    return server;
  } catch (const std::exception& error) {
    return failed(Problem::unavailable, "cannot serve on " + settings.address + ":" +
                                            std::to_string(settings.port) + ": " + error.what());
  }
}

}  // namespace cmdai::collector
