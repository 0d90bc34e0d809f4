// Asio's TLS, compiled once (BOOST_ASIO_SEPARATE_COMPILATION; the rest of Asio is in daemon/cmdaid).
#include <boost/asio/ssl/impl/src.hpp>
