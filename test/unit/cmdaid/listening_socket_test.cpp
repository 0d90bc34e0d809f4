// What systemd may hand over, what is bound, and who holds the lock.
#include "daemon/cmdaid/listening_socket.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "daemon/cmdaid/lock.hpp"
#include "test/unit/ipc/box.hpp"

using namespace cmdai::daemon;
using cmdai::test::Box;
using cmdai::test::Environment;

TEST_CASE("variables meant for another process, or broken ones, hand nothing over") {
  const std::string us = std::to_string(getpid());
  for (const auto& [pid, count] : {std::pair<std::string, std::string>{"1", "1"},
                                   {us, "0"},
                                   {us, ""},
                                   {us, "x"},
                                   {us, "-3"},
                                   {"", "1"}}) {
    const Environment a("LISTEN_PID", pid.c_str());
    const Environment b("LISTEN_FDS", count.c_str());
    const auto socket = inherited_socket();
    REQUIRE(socket);
    CHECK(socket->fd == -1);
    CHECK(getenv("LISTEN_FDS") == nullptr);  // our children must not believe it
  }
}

TEST_CASE("what was handed over must be one listening Unix socket") {
  const std::string us = std::to_string(getpid());
  const Environment a("LISTEN_PID", us.c_str());
  const Environment b("LISTEN_FDS", "2");
  CHECK(inherited_socket().error().message == "2 sockets were handed over, one was expected");
}

TEST_CASE("a socket is bound over a stale one, private from its first moment, and over nothing else") {
  const Box box;
  for (int i = 0; i < 2; ++i) {
    const auto socket = bind_socket(box / "s");
    REQUIRE(socket);
    struct stat info {};
    REQUIRE(stat((box / "s").c_str(), &info) == 0);
    CHECK((info.st_mode & 07777U) == 0600);
    close(socket->fd);
  }
  std::ofstream(box / "f") << "precious";
  CHECK_FALSE(bind_socket(box / "f"));
  CHECK(access((box / "f").c_str(), F_OK) == 0);
  CHECK_FALSE(bind_socket(box / std::string(120, 'x')));
}

TEST_CASE("the lock has one holder, is named, and ends with it") {
  const Box box;
  {
    const auto first = Lock::take(box / "l");
    REQUIRE(first);
    const auto second = Lock::take(box / "l");
    REQUIRE_FALSE(second);
    CHECK(second.error().message == "another cmdaid runs already (pid " + std::to_string(getpid()) + ")");
  }
  CHECK(Lock::take(box / "l"));
  REQUIRE(symlink("l", (box / "link").c_str()) == 0);
  CHECK_FALSE(Lock::take(box / "link"));
}
