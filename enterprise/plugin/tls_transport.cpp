#include "enterprise/plugin/tls_transport.hpp"

#include <fmt/format.h>

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <charconv>
#include <chrono>
#include <ctime>
#include <exception>
#include <memory>
#include <optional>

#include "enterprise/protocol/receipt.hpp"

namespace cmdai::device {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::use_awaitable;
using Stream = beast::ssl_stream<beast::tcp_stream>;
using std::chrono::seconds;

constexpr seconds kConnect{15};
constexpr seconds kAnswer{30};

tl::unexpected<Problem> no_answer(std::string text) {
  return fail(Problem::Kind::no_answer, std::move(text));
}

/// RFC 9110: an IMF-fixdate; the other two forms are of no use to us.
std::optional<int64_t> date_of(const std::string& text) {
  std::tm parts{};
  const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return static_cast<int64_t>(::timegm(&parts)) * 1000;
}

std::optional<int64_t> seconds_of(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::string text_of(beast::string_view view) { return {view.data(), view.size()}; }

struct Place {
  std::string host, port;
};

class Connection : public TlsTransport {
 public:
  Connection(CollectorAddress collector, std::optional<Place> proxy)
      : collector_(std::move(collector)), proxy_(std::move(proxy)), context_(ssl::context::tls_client) {}

  Result<void> prepare(const std::string& ca_file) {
    beast::error_code problem;
    if (::SSL_CTX_set_min_proto_version(context_.native_handle(), TLS1_3_VERSION) != 1)
      return fail(Problem::Kind::other, "this OpenSSL has no TLS 1.3");
    if (ca_file.empty())
      context_.set_default_verify_paths(problem);
    else
      context_.load_verify_file(ca_file, problem);
    if (problem)
      return fail(Problem::Kind::other, fmt::format("`CAFile` cannot be used: {}", problem.message()));
    context_.set_verify_mode(ssl::verify_peer);
    return {};
  }

  Result<Incoming> exchange(const Outgoing& request) override {
    if (cancelled_) return no_answer("the plugin ends");
    const bool kept = stream_ != nullptr;
    auto came = attempt(request);
    // A kept connection may have been closed by the other side while nobody looked: once more on a new one.
    // The same request twice does no harm, by the protocol.
    if (!came && kept && !cancelled_) came = attempt(request);
    return came;
  }

  void cancel() override {
    cancelled_ = true;
    io_.stop();
  }

 private:
  Result<Incoming> attempt(const Outgoing& request) {
    std::optional<Incoming> came;
    std::string why = "cancelled";
    io_.restart();
    asio::co_spawn(io_, talk(&request, &came), [&why](const std::exception_ptr& thrown) {
      if (!thrown) return;
      try {
        std::rethrow_exception(thrown);
      } catch (const boost::system::system_error& error) {
        why = error.code() == beast::error::timeout ? "no answer in time" : error.code().message();
      } catch (const std::exception& error) {
        why = error.what();
      }
    });
    if (!cancelled_) io_.run();
    if (came) return std::move(*came);
    stream_.reset();
    return no_answer(fmt::format("{}: {}", collector_.authority(), why));
  }

  asio::awaitable<void> connect() {
    const Place to = proxy_ ? *proxy_ : Place{collector_.host, collector_.port};
    asio::ip::tcp::resolver resolver(io_);
    const auto found = co_await resolver.async_resolve(to.host, to.port, use_awaitable);
    stream_ = std::make_unique<Stream>(io_, context_);
    beast::tcp_stream& tcp = beast::get_lowest_layer(*stream_);
    tcp.expires_after(kConnect);
    co_await tcp.async_connect(found, use_awaitable);
    if (proxy_) co_await pass_proxy();
    stream_->set_verify_callback(ssl::host_name_verification(collector_.host));
    // What SSL_set_tlsext_host_name() does, without the cast in its macro.
    if (::SSL_ctrl(stream_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                   collector_.host.data()) != 1)
      throw std::runtime_error("the collector's name cannot be sent");
    tcp.expires_after(kConnect);
    co_await stream_->async_handshake(ssl::stream_base::client, use_awaitable);
  }

  asio::awaitable<void> pass_proxy() {
    beast::tcp_stream& tcp = beast::get_lowest_layer(*stream_);
    http::request<http::empty_body> ask(http::verb::connect, collector_.authority(), 11);
    ask.set(http::field::host, collector_.authority());
    co_await http::async_write(tcp, ask, use_awaitable);
    http::response_parser<http::empty_body> parser;
    parser.skip(true);
    beast::flat_buffer buffer;
    co_await http::async_read(tcp, buffer, parser, use_awaitable);
    if (parser.get().result_int() != 200)
      throw std::runtime_error(fmt::format("the proxy answers {}", parser.get().result_int()));
  }

  asio::awaitable<void> talk(const Outgoing* request, std::optional<Incoming>* came) {
    if (!stream_) co_await connect();
    const http::verb verb = request->method == "GET" ? http::verb::get : http::verb::post;
    http::request<http::string_body> message(verb, collector_.prefix + request->target, 11);
    message.set(http::field::host, collector_.authority());
    message.set(http::field::user_agent, "cmdai/" CMDAI_VERSION);
    for (const auto& [name, value] : request->headers) message.set(name, value);
    message.body() = request->body;
    message.prepare_payload();
    beast::get_lowest_layer(*stream_).expires_after(kAnswer);
    co_await http::async_write(*stream_, message, use_awaitable);
    http::response_parser<http::string_body> parser;
    parser.body_limit(wire::kMaxAnswer);
    beast::flat_buffer buffer;
    co_await http::async_read(*stream_, buffer, parser, use_awaitable);
    beast::get_lowest_layer(*stream_).expires_never();
    auto answer = parser.release();
    Incoming in;
    in.status = static_cast<int>(answer.result_int());
    in.answer = text_of(answer["Cmdai-Answer"]);
    in.retry_after_s = seconds_of(text_of(answer[http::field::retry_after]));
    in.date_ms = date_of(text_of(answer[http::field::date]));
    const bool keep = answer.keep_alive();
    in.body = std::move(answer.body());
    *came = std::move(in);
    if (!keep) stream_.reset();
  }

  CollectorAddress collector_;
  std::optional<Place> proxy_;
  ssl::context context_;
  asio::io_context io_{1};
  std::unique_ptr<Stream> stream_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace

Result<std::unique_ptr<TlsTransport>> TlsTransport::make(const CollectorAddress& collector,
                                                         const std::string& ca_file,
                                                         const std::string& proxy) {
  std::optional<Place> through;
  if (const size_t colon = proxy.rfind(':'); colon != std::string::npos)
    through = Place{proxy.substr(0, colon), proxy.substr(colon + 1)};
  auto connection = std::make_unique<Connection>(collector, std::move(through));
  if (auto done = connection->prepare(ca_file); !done) return fail(done.error());
  return connection;
}

}  // namespace cmdai::device
