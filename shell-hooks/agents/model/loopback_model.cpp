#include "shell-hooks/agents/model/loopback_model.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <set>
#include <thread>

#include "shell-hooks/agents/model/answers.hpp"

namespace cmdai::agents {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

/// A conversation with everything an agent adds to it has some hundred kilobytes.
constexpr size_t kMostBody = size_t{64} << 20U;

/// The agent is started while we listen: it must not hold our sockets open.
void close_on_exec(int fd) { fcntl(fd, F_SETFD, FD_CLOEXEC); }

/// One connection of an agent: a request, its answer, the next.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Answers& answers) : socket_(std::move(socket)), answers_(answers) {}

  void read() {
    parser_.emplace();
    parser_->body_limit(kMostBody);
    http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](error_code error, size_t) {
      if (!error) self->answer();
    });
  }
  void close() {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  void answer() {
    if (!parser_) return;
    const auto& request = parser_->get();
    const auto text = [](beast::string_view v) { return std::string_view(v.data(), v.size()); };
    const Answer answer =
        answers_.answer(text(request.method_string()), text(request.target()), request.body());
    response_ = {static_cast<http::status>(answer.status), request.version()};
    response_.set(http::field::content_type, answer.reply.media_type);
    response_.set(http::field::cache_control, "no-cache");
    response_.keep_alive(request.keep_alive());
    if (request.method() == http::verb::head)
      response_.content_length(answer.reply.body.size());
    else
      response_.body() = answer.reply.body;
    if (request.method() != http::verb::head) response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](error_code error, size_t) {
      if (!error && self->response_.keep_alive()) return self->read();
      self->close();
    });
  }

  tcp::socket socket_;
  Answers& answers_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
};

}  // namespace

/// Everything but the constructor and the destructor runs on the one thread.
class LoopbackModel::Server {
 public:
  Server(Script script, Observer observer) : answers(std::move(script), std::move(observer)) {}
  ~Server() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  error_code listen() {
    error_code error;
    const tcp::endpoint loopback(asio::ip::address_v4::loopback(), 0);
    acceptor_.open(loopback.protocol(), error);
    if (!error) close_on_exec(acceptor_.native_handle());
    if (!error) acceptor_.bind(loopback, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port = acceptor_.local_endpoint(error).port();
    if (error) return error;
    accept();
    thread_ = std::thread([this] { context_.run(); });
    return error;
  }

  Answers answers;
  uint16_t port = 0;

 private:
  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (!error) {
        close_on_exec(socket.native_handle());
        std::make_shared<Connection>(std::move(socket), answers)->read();
      }
      accept();
    });
  }

  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_};
  std::thread thread_;
};

LoopbackModel::LoopbackModel(std::shared_ptr<Server> server) : server_(std::move(server)) {}
LoopbackModel::~LoopbackModel() = default;

Result<std::unique_ptr<LoopbackModel>> LoopbackModel::start(Script script, Observer observer) {
  auto server = std::make_shared<Server>(std::move(script), std::move(observer));
  if (const error_code error = server->listen()) {
    Diagnostic problem;
    problem.message = fmt::format("nothing can listen on 127.0.0.1: {}", error.message());
    problem.hint = "the model that agents are driven with needs the loopback interface";
    return fail(std::move(problem));
  }
  return std::unique_ptr<LoopbackModel>(new LoopbackModel(std::move(server)));
}

uint16_t LoopbackModel::port() const { return server_->port; }
std::string LoopbackModel::url() const { return fmt::format("http://127.0.0.1:{}", port()); }
LoopbackModel::Progress LoopbackModel::progress() const { return server_->answers.progress(); }

}  // namespace cmdai::agents
