// The client against what may stand at the other end of the socket. The other end is a thread with a script.
#include "daemon/ipc/client.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <thread>

#include "test/unit/ipc/box.hpp"

using namespace cmdai::ipc;
using cmdai::test::Box;
using Kind = ClientError::Kind;

namespace {

/// Accepts one connection, reads what there is, and does what the script says.
class Other {
 public:
  Other(const std::string& path, std::function<void(int)> script) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(chmod(path.c_str(), 0600) == 0);
    REQUIRE(listen(fd_, 4) == 0);
    thread_ = std::thread([this, script = std::move(script)] {
      const int peer = accept(fd_, nullptr, nullptr);
      char buffer[4096];
      if (recv(peer, buffer, sizeof buffer, 0) > 0) script(peer);
      close(peer);
    });
  }
  ~Other() {
    thread_.join();
    close(fd_);
  }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;

 private:
  int fd_ = -1;
  std::thread thread_;
};

void say(int fd, std::string_view text) { CHECK(send(fd, text.data(), text.size(), MSG_NOSIGNAL) >= 0); }

}  // namespace

TEST_CASE("nobody there is told apart from somebody we do not trust") {
  const Box box;
  CHECK(Client::connect(box / "s").error().kind == Kind::nobody);
  CHECK(Client::connect(box / "no/such/s").error().kind == Kind::nobody);
  {
    const Other gone(box / "s", [](int) {});
    (void)Client::connect(box / "s")->send(Frame("status"));
  }
  CHECK(Client::connect(box / "s").error().kind == Kind::nobody);  // a stale socket
  REQUIRE(chmod(box.root().c_str(), 0755) == 0);
  const auto client = Client::connect(box / "s");
  CHECK(client.error().kind == Kind::untrusted);
  CHECK(client.error().diagnostic.hint.find("chmod 700") == 0);
  REQUIRE(chmod(box.root().c_str(), 0700) == 0);
}

TEST_CASE("an answer in pieces is an answer") {
  const Box box;
  const Other other(box / "s", [](int fd) {
    for (const char c : std::string("cmdai/1 ok 5\nkey=v")) say(fd, {&c, 1});
  });
  auto client = Client::connect(box / "s");
  REQUIRE(client);
  const auto answer = client->request(Frame("status"));
  REQUIRE(answer);
  CHECK(answer->type == "ok");
  CHECK(answer->get("key") == "v");
}

TEST_CASE("whatever else comes is an error, not an answer") {
  struct Row {
    const char* name;
    std::function<void(int)> script;
    Kind kind;
  };
  for (const Row& row : {
           Row{"closed at once", [](int) {}, Kind::gone},
           Row{"closed in the middle", [](int fd) { say(fd, "cmdai/1 verdict 90\naction=allow"); },
               Kind::broken},
           Row{"another protocol", [](int fd) { say(fd, "HTTP/1.1 200 OK\r\n"); }, Kind::broken},
           Row{"too large", [](int fd) { say(fd, "cmdai/1 verdict 262145\n"); }, Kind::broken},
           Row{"silent",
               [](int fd) {
                 char c;
                 (void)!recv(fd, &c, 1, 0);
               },
               Kind::timeout},
           Row{"silent in the middle",
               [](int fd) {
                 say(fd, "cmdai/1 ver");
                 char c;
                 (void)!recv(fd, &c, 1, 0);
               },
               Kind::timeout},
       }) {
    CAPTURE(std::string(row.name));
    const Box box;
    const Other other(box / "s", row.script);
    auto client = Client::connect(box / "s", 50);
    REQUIRE(client);
    const auto answer = client->request(Frame("status"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == row.kind);
    CHECK(!answer.error().diagnostic.message.empty());
    client = Client::connect(box / "gone");  // closes the connection, lets the script end
  }
}

TEST_CASE("a request that is too large is not sent") {
  const Box box;
  const Other other(box / "s", [](int) {});
  auto client = Client::connect(box / "s");
  REQUIRE(client);
  Frame large("check");
  large.add("cmd", std::string(kMaxBody, 'x'));
  CHECK(client->request(large).error().diagnostic.message.find("larger than a frame") != std::string::npos);
  CHECK_FALSE(client->request(Frame("status")));
}
