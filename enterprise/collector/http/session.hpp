#pragma once
// One connection, from handshake to close. Only http/*.cpp see this: it brings Beast with it.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <functional>
#include <memory>
#include <set>

#include "enterprise/collector/base/message.hpp"
#include "enterprise/collector/config/settings.hpp"
#include "enterprise/collector/service/metrics.hpp"

namespace cmdai::collector::http_detail {

/// What all sessions share. Touched by the network's thread alone.
struct Shared {
  const Settings& settings;
  Metrics& metrics;
  std::function<void(Request, Reply)> handle;
  boost::asio::io_context& io;
  boost::asio::ssl::context& tls;
  bool stopping = false;
  std::size_t sessions = 0;
  std::set<boost::beast::tcp_stream*> waiting;  // those that have no request under way: stopping ends them
  std::function<void()> session_ended;
};

boost::asio::awaitable<void> serve_connection(std::shared_ptr<Shared> shared,
                                              boost::asio::ip::tcp::socket socket);

}  // namespace cmdai::collector::http_detail
