#include "enterprise/collector/http/client.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>

namespace cmdai::collector {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t kMostAnswer = std::size_t{64} << 20U;

ClientResponse exchange(const ClientRequest& request) {
  const std::size_t colon = request.address.rfind(':');
  std::string host = request.address.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  // What listens everywhere is asked here.
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  asio::io_context io;
  asio::ssl::context tls(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_3_VERSION);
  tls.load_verify_file(request.authority);
  tls.set_verify_mode(asio::ssl::verify_peer);
  tls.set_verify_callback(asio::ssl::host_name_verification(host));
  beast::ssl_stream<beast::tcp_stream> stream(io, tls);
  beast::get_lowest_layer(stream).connect(
      asio::ip::tcp::endpoint(asio::ip::make_address(host),
                              static_cast<std::uint16_t>(std::stoul(request.address.substr(colon + 1)))));
  stream.handshake(asio::ssl::stream_base::client);
  http::request<http::string_body> sent(http::string_to_verb(request.method), request.target, 11);
  sent.set(http::field::host, request.address);
  sent.set(http::field::authorization, "Bearer " + request.token);
  sent.set(http::field::connection, "close");
  if (!request.body.empty()) sent.set(http::field::content_type, "application/json");
  sent.body() = request.body;
  sent.prepare_payload();
  http::write(stream, sent);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> got;
  got.body_limit(kMostAnswer);
  http::read(stream, buffer, got);
  return {got.get().result_int() > 0 ? static_cast<int>(got.get().result_int()) : 0,
          std::move(got.get().body())};
}

}  // namespace

Result<ClientResponse> ask(const ClientRequest& request) {
  try {
    return exchange(request);
  } catch (const std::exception& error) {
    return failed(Problem::unavailable, request.address + ": " + error.what());
  }
}

}  // namespace cmdai::collector
