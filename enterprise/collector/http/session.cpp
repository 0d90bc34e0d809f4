#include "enterprise/collector/http/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <ctime>
#include <optional>

#include "enterprise/collector/base/log.hpp"
#include "enterprise/protocol/request_auth.hpp"

namespace cmdai::collector::http_detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Stream = beast::ssl_stream<beast::tcp_stream>;
using Parser = http::request_parser<http::string_body>;

namespace {

constexpr auto kDone = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t kMostHeader = 16U << 10U;
constexpr auto kHandshakeTime = std::chrono::seconds(10);
constexpr auto kWriteTime = std::chrono::seconds(30);
constexpr auto kDrainTime = std::chrono::seconds(3);
constexpr std::size_t kMostDrained = std::size_t{16} << 20U;

/// Bytes of a body that is on its way, counted as long as it is.
class Weight {
 public:
  Weight(Metrics& metrics, std::int64_t bytes) : metrics_(metrics), bytes_(bytes) {
    metrics_.inflight_bytes += bytes_;
  }
  ~Weight() { metrics_.inflight_bytes -= bytes_; }
  Weight(const Weight&) = delete;
  Weight& operator=(const Weight&) = delete;

 private:
  Metrics& metrics_;
  std::int64_t bytes_;
};

/// Listed among those that wait, as long as it does.
class Waiting {
 public:
  Waiting(Shared& shared, beast::tcp_stream& stream) : shared_(shared), stream_(stream) {
    shared_.waiting.insert(&stream_);
  }
  ~Waiting() { shared_.waiting.erase(&stream_); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  Shared& shared_;
  beast::tcp_stream& stream_;
};

std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

Request request_of(Parser& parser, const std::string& from) {
  Request request;
  auto& message = parser.get();
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  // A header that comes twice counts as it came first: what is signed over is one value.
  for (const auto& field : message)
    request.headers.emplace(lower({field.name_string().data(), field.name_string().size()}),
                            std::string(field.value()));
  request.body = std::move(message.body());
  request.from = from;
  return request;
}

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Shared> shared, asio::ip::tcp::socket socket)
      : shared_(std::move(shared)), stream_(std::move(socket), shared_->tls) {
    beast::error_code ignored;
    const auto peer = lowest().socket().remote_endpoint(ignored);
    if (!ignored) from_ = peer.address().to_string();
    lowest().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    ++shared_->sessions;
    ++shared_->metrics.connections;
    ++shared_->metrics.connections_total;
  }
  ~Session() {
    --shared_->metrics.connections;
    --shared_->sessions;
    if (shared_->session_ended) shared_->session_ended();
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  asio::awaitable<void> run() {
    bool more = co_await handshake();
    if (!more) co_return;
    while (more && !shared_->stopping) more = co_await one_request();
    lowest().expires_after(std::chrono::seconds(2));
    const auto [ignored] = co_await stream_.async_shutdown(kDone);
    if (ignored) co_return;  // gone without a word
  }

 private:
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  asio::awaitable<bool> handshake() {
    const Waiting waiting(*shared_, lowest());
    lowest().expires_after(kHandshakeTime);
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kDone);
    if (error) ++shared_->metrics.handshake_failures;
    co_return !error;
  }

  /// The first byte may take its time, the rest of the header not: one byte a minute holds nobody up.
  asio::awaitable<bool> header() {
    const Waiting waiting(*shared_, lowest());
    if (buffer_.size() == 0) {
      lowest().expires_after(std::chrono::seconds(shared_->settings.idle_seconds));
      const auto [failed, bytes] = co_await stream_.async_read_some(buffer_.prepare(4096), kDone);
      if (failed) co_return false;
      buffer_.commit(bytes);
    }
    lowest().expires_after(std::chrono::seconds(shared_->settings.header_seconds));
    parser_->header_limit(kMostHeader);
    parser_->body_limit(wire::kMaxBody);
    const auto [failed, bytes] = co_await http::async_read_header(stream_, buffer_, *parser_, kDone);
    problem_ = failed;
    co_return !failed || failed == http::error::body_limit || failed == http::error::header_limit ||
        is_malformed(failed);
  }

  static bool is_malformed(const beast::error_code& error) {
    return error.category() == http::make_error_code(http::error::bad_method).category() &&
           error != http::error::end_of_stream && error != http::error::partial_message;
  }

  /// False: the connection ends.
  asio::awaitable<bool> one_request() {
    parser_ = std::make_unique<Parser>();
    problem_ = {};
    const bool there = co_await header();
    if (!there) co_return false;
    if (problem_) {
      const bool large = problem_ == http::error::body_limit;
      Request request = request_of(*parser_, from_);
      request.refused = large ? 413 : problem_ == http::error::header_limit ? 431 : 400;
      co_return co_await refuse(std::move(request));
    }
    const auto length = parser_->content_length();
    const auto bytes = static_cast<std::int64_t>(length ? *length : wire::kMaxBody);
    const Weight weight(shared_->metrics, parser_->is_done() ? 0 : bytes);
    if (shared_->metrics.inflight_bytes.load() >
        static_cast<std::int64_t>(shared_->settings.memory_mb << 20U)) {
      Request request = request_of(*parser_, from_);
      request.refused = 429;
      co_return co_await refuse(std::move(request));
    }
    const bool whole = co_await body();
    if (!whole) co_return false;
    Request request = request_of(*parser_, from_);
    const bool kept = co_await answer(std::move(request), parser_->keep_alive());
    co_return kept;
  }

  asio::awaitable<bool> body() {
    lowest().expires_after(std::chrono::seconds(shared_->settings.body_seconds));
    if (!parser_->is_done() && beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      http::response<http::empty_body> go_on(http::status::continue_, 11);
      const auto [error, bytes] = co_await http::async_write(stream_, go_on, kDone);
      if (error) co_return false;
    }
    if (parser_->is_done()) co_return true;
    const auto [error, bytes] = co_await http::async_read(stream_, buffer_, *parser_, kDone);
    if (error != http::error::body_limit) co_return !error;
    Request request = request_of(*parser_, from_);
    request.refused = 413;
    co_return co_await refuse(std::move(request));
  }

  /// Answers, and reads on for a while without looking: who is still sending would lose the answer when the
  /// connection breaks under it. Always false: the connection ends.
  asio::awaitable<bool> refuse(Request request) {
    static_cast<void>(co_await answer(std::move(request), false));
    const Waiting waiting(*shared_, lowest());
    lowest().expires_after(kDrainTime);
    for (std::size_t drained = 0; drained < kMostDrained;) {
      buffer_.clear();
      const auto [error, bytes] = co_await stream_.async_read_some(buffer_.prepare(16384), kDone);
      if (error) break;
      drained += bytes;
    }
    buffer_.clear();
    co_return false;
  }

  auto initiation(std::shared_ptr<Request> request) {
    return [this, request = std::move(request)](auto handler) {
      auto kept = std::make_shared<decltype(handler)>(std::move(handler));
      auto executor = shared_->io.get_executor();
      shared_->handle(std::move(*request), [kept, executor](Response response) {
        auto answer = std::make_shared<Response>(std::move(response));
        asio::post(executor, [kept, answer] { (*kept)(answer); });
      });
    };
  }

  /// Hands the request on and waits for its answer. The reply comes from another thread; it is brought over
  /// to ours.
  asio::awaitable<std::shared_ptr<Response>> handled(Request request) {
    // Named: g++ 12 destroys a lambda twice that is written into the co_await (docs/common-errors.md).
    auto initiate = initiation(std::make_shared<Request>(std::move(request)));
    auto answer =
        co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::shared_ptr<Response>)>(
            std::move(initiate), asio::use_awaitable);
    co_return answer;
  }

  asio::awaitable<bool> answer(Request request, bool keep) {
    lowest().expires_never();  // how long a commit takes is not the peer's fault
    const bool head = request.method == "HEAD";
    const std::shared_ptr<Response> made = co_await handled(std::move(request));
    keep = keep && !shared_->stopping;
    http::response<http::string_body> response(static_cast<http::status>(made->status), 11);
    response.set(http::field::date, date_now());
    response.set(http::field::content_type, made->type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : made->headers) response.set(name, value);
    response.keep_alive(keep);
    if (!head) response.body() = std::move(made->body);
    response.prepare_payload();
    lowest().expires_after(kWriteTime);
    const auto [error, bytes] = co_await http::async_write(stream_, response, kDone);
    co_return !error && keep;
  }

  std::shared_ptr<Shared> shared_;
  Stream stream_;
  beast::flat_buffer buffer_{kMostHeader + wire::kMaxBody};
  std::unique_ptr<Parser> parser_;  // of the request that is being read
  beast::error_code problem_;       // of its header
  std::string from_;
};

}  // namespace

asio::awaitable<void> serve_connection(std::shared_ptr<Shared> shared, asio::ip::tcp::socket socket) {
  const auto session = std::make_shared<Session>(std::move(shared), std::move(socket));
  try {
    co_await session->run();
  } catch (const std::exception& error) {
    log(Level::error, "session.failed", {{"why", error.what()}});
  }
}

}  // namespace cmdai::collector::http_detail
