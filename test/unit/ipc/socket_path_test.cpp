// Where the socket is, and what is not trusted.
#include "daemon/ipc/socket_path.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "test/unit/ipc/box.hpp"

using namespace cmdai;
using namespace cmdai::ipc;
using cmdai::test::Box;
using cmdai::test::Environment;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

int bound_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  return fd;
}

}  // namespace

TEST_CASE("the socket's place comes from the environment, in this order") {
  const Box box;
  const std::string fallback = box / ("cmdai-" + std::to_string(getuid()) + "/cmdaid.sock");
  struct Row {
    const char* named;
    const char* runtime;
    std::string want;
  };
  const std::string gone = box / "gone";
  for (const Row& row : {
           Row{"/x/y.sock", box.root().c_str(), "/x/y.sock"},
           Row{nullptr, box.root().c_str(), box / "cmdai/cmdaid.sock"},
           Row{"", box.root().c_str(), box / "cmdai/cmdaid.sock"},
           Row{nullptr, gone.c_str(), fallback},  // named, but not there (su, cron, ssh without PAM)
           Row{nullptr, "relative", fallback},
           Row{nullptr, nullptr, fallback},
       }) {
    const Environment a("CMDAI_SOCKET", row.named);
    const Environment b("XDG_RUNTIME_DIR", row.runtime);
    const Environment c("TMPDIR", box.root().c_str());
    const auto path = socket_path();
    REQUIRE(path);
    CHECK(*path == row.want);
  }
}

TEST_CASE("a path that cannot be a socket's is told with its remedy") {
  for (const std::string& path : {std::string("relative/x.sock"), "/tmp/" + std::string(110, 'x')}) {
    const Environment a("CMDAI_SOCKET", path.c_str());
    const auto found = socket_path();
    REQUIRE_FALSE(found);
    CHECK(!found.error().hint.empty());
    CHECK(found.error().file == path);
  }
}

TEST_CASE("a directory is trusted only when it is ours, real and closed") {
  const Box box;
  CHECK(make_directory(box / "good"));
  CHECK(make_directory(box / "good"));
  struct stat info {};
  REQUIRE(stat((box / "good").c_str(), &info) == 0);
  CHECK((info.st_mode & 07777U) == 0700);

  const auto refused = [](const std::string& path, const std::string& why) {
    CAPTURE(path);
    for (const auto& result : {check_directory(path), make_directory(path)}) {
      REQUIRE_FALSE(result);
      CHECK_MESSAGE(holds(result.error().message, why), result.error().message);
      CHECK(!result.error().hint.empty());
    }
  };
  REQUIRE(symlink((box / "good").c_str(), (box / "link").c_str()) == 0);
  refused(box / "link", "symbolic link");
  std::ofstream(box / "file") << "x";
  refused(box / "file", "no directory");
  for (const mode_t mode : {0701U, 0710U, 0770U, 0777U, 01777U}) {
    REQUIRE(chmod((box / "good").c_str(), mode) == 0);
    refused(box / "good", "others may enter");
  }
  REQUIRE(chmod((box / "good").c_str(), 0700) == 0);
  CHECK(check_directory(box / "good"));
  CHECK_FALSE(check_directory(box / "absent"));
  CHECK(holds(make_directory(box / "absent/deeper").error().hint, "XDG_RUNTIME_DIR"));
  if (getuid() != 0) {
    MESSAGE("skipped: only root can give a directory to somebody else");
    return;
  }
  REQUIRE(chown((box / "good").c_str(), 12345, 12345) == 0);
  refused(box / "good", "belongs to another user (uid 12345)");
}

TEST_CASE("a socket is trusted only when it is one, ours and closed") {
  const Box box;
  CHECK(check_socket(box / "absent"));
  std::ofstream(box / "file") << "x";
  CHECK(holds(check_socket(box / "file").error().message, "no socket"));
  const int fd = bound_socket(box / "s");
  REQUIRE(chmod((box / "s").c_str(), 0600) == 0);
  CHECK(check_socket(box / "s"));
  REQUIRE(symlink((box / "s").c_str(), (box / "link").c_str()) == 0);
  CHECK(holds(check_socket(box / "link").error().message, "no socket"));
  REQUIRE(chmod((box / "s").c_str(), 0666) == 0);
  CHECK(holds(check_socket(box / "s").error().message, "others may use the socket"));
  if (getuid() == 0) {
    REQUIRE(chown((box / "s").c_str(), 12345, 12345) == 0);
    CHECK(holds(check_socket(box / "s").error().message, "another user (uid 12345)"));
  }
  close(fd);
}

TEST_CASE("the peer's uid is asked of the kernel") {
  int pair[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  CHECK(peer_is_us(pair[0]));
  CHECK_FALSE(peer_is_us(0));  // no socket at all
  CHECK(our_peer(pair[0]) == getpid());
  CHECK_FALSE(our_peer(0));
  close(pair[0]);
  close(pair[1]);
}
