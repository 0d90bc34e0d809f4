// When notifications come and go, with a program in notify-send's place that writes down what it was told.
#include "daemon/cmdaid/notifier.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "test/unit/ipc/box.hpp"

using namespace cmdai;
using namespace cmdai::daemon;
using cmdai::test::Box;
using cmdai::test::Environment;

namespace {

constexpr auto kLongest = std::chrono::seconds(60);  // a machine under load is slow, not broken

struct Desk {
  Box box;
  Environment bus{"DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"};
  boost::asio::io_context io{1};
  policy::Notify mode = policy::Notify::tell;
  std::vector<DesktopChoice> choices;
  Notifier notifier{io, hooks(), programs()};

  Notifier::Hooks hooks() {
    return {[this] { return mode; }, [] { return int64_t{std::time(nullptr)}; },
            [this](const DesktopChoice& choice) {
              choices.push_back(choice);
              return std::string();
            }};
  }
  std::string program(const std::string& name, const std::string& text) const {
    std::string path = box / name;
    std::ofstream(path) << "#!/bin/sh\n" << text;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  DesktopPrograms programs() {
    const std::string path = box / "notify-send";
    std::ofstream(path) << "#!/bin/sh\ntrap 'echo closed >>" << box / "log"
                        << "; exit 0' INT\n"
                        << "for last; do :; done\nprintf 'shown %s\\n' \"$last\" | tr '\\n' ' ' >>"
                        << box / "log"
                        << "\necho >>" << box / "log"
                        << "\necho 7\nwhile :; do sleep 0.02; done\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return {path, box / "nothing"};
  }
  std::string log() const {
    std::ostringstream out;
    out << std::ifstream(box / "log").rdbuf();
    return out.str();
  }
  size_t count(const std::string& part) const {
    size_t out = 0;
    const std::string text = log();
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++out;
    return out;
  }
  void wait(const std::string& code, int64_t seconds = 600, const std::string& command = "x") {
    notifier.waits({code, "agent:codex", command + code, "/p", "why", 0, std::time(nullptr) + seconds});
  }
  template <typename Done>
  bool until(const Done& done) {
    const auto end = std::chrono::steady_clock::now() + kLongest;
    while (!done() && std::chrono::steady_clock::now() < end) io.run_for(std::chrono::milliseconds(10));
    return done();
  }
  void some_time() { io.run_for(std::chrono::milliseconds(1500)); }
};

}  // namespace

TEST_CASE("nothing is done while somebody waits for an answer; then it is shown, and goes with its code") {
  Desk desk;
  desk.wait("aaaaaaa");
  CHECK(desk.log().empty());
  CHECK(desk.until([&] { return desk.count("shown") == 1; }));
  desk.notifier.gone("aaaaaaa");
  CHECK(desk.until([&] { return desk.count("closed") == 1; }));
  desk.notifier.stop();
}

TEST_CASE("a code that was used before it was shown is not shown") {
  Desk desk;
  desk.wait("aaaaaaa");
  desk.notifier.gone("aaaaaaa");
  desk.some_time();
  CHECK(desk.count("closed") == desk.count("shown"));
  desk.notifier.stop();
}

TEST_CASE("one that is ended before it listens is closed by its number") {
  Desk desk;
  const std::string log = desk.box / "log";
  const std::string deaf =
      desk.program("deaf", "echo shown >>" + log + "\necho 7\nwhile :; do sleep 0.02; done\n");
  const std::string bus =
      desk.program("dbus-send", "for last; do :; done\nprintf 'bus %s\\n' \"$last\" >>" + log + "\n");
  Notifier notifier{desk.io, desk.hooks(), {deaf, bus}};
  notifier.waits({"aaaaaaa", "agent:codex", "x", "/p", "why", 0, std::time(nullptr) + 600});
  CHECK(desk.until([&] { return desk.count("shown") == 1; }));
  notifier.gone("aaaaaaa");
  CHECK(desk.until([&] { return desk.count("bus uint32:7") == 1; }));
  notifier.stop();
}

TEST_CASE("a notification goes when its code is too old") {
  Desk desk;
  desk.wait("aaaaaaa", 3);
  desk.wait("bbbbbbb");
  CHECK(desk.until([&] { return desk.count("shown") == 2; }));
  CHECK(desk.until([&] { return desk.count("closed") == 1; }));
  desk.some_time();
  CHECK(desk.count("closed") == 1);
  desk.notifier.stop();
}

TEST_CASE("one for each code, a few at once, then one that counts the others") {
  Desk desk;
  for (int i = 0; i < 9; ++i) {
    desk.wait("code" + std::to_string(i));
    desk.wait("code" + std::to_string(i));
  }
  CHECK(desk.until([&] { return desk.count("shown") == Notifier::kMostOpen + 1; }));
  desk.some_time();
  CHECK(desk.count("shown") == Notifier::kMostOpen + 1);
  CHECK(desk.count("cmdai allow code") == Notifier::kMostOpen);
  desk.notifier.gone("code8");
  CHECK(desk.until([&] { return desk.count("shown") == Notifier::kMostOpen + 2; }));
  for (int i = 3; i < 8; ++i) desk.notifier.gone("code" + std::to_string(i));
  CHECK(desk.until([&] { return desk.count("closed") == 2; }));
  desk.notifier.stop();
}

TEST_CASE("of a command that is very long only its length is shown") {
  Desk desk;
  desk.wait("aaaaaaa", 600, std::string(Notifier::kLongest, 'y'));
  CHECK(desk.until([&] { return desk.count("a command of 16391 bytes") == 1; }));
  CHECK(desk.count("y") < 20);
  desk.notifier.stop();
}

TEST_CASE("nobody is shown more than a few a minute, however often the one before has gone") {
  Desk desk;
  for (size_t i = 0; i < Notifier::kMostAMinute + 4; ++i) {
    const std::string code = "code" + std::to_string(i);
    desk.wait(code);
    desk.until([&] { return desk.count("cmdai allow " + code) == 1 || i >= Notifier::kMostAMinute; });
    desk.notifier.gone(code);
  }
  desk.some_time();
  CHECK(desk.count("cmdai allow code") == Notifier::kMostAMinute);
  desk.notifier.stop();
}

TEST_CASE("what is off, and a desktop that is not there, cost nothing") {
  Desk desk;
  desk.mode = policy::Notify::off;
  desk.wait("aaaaaaa");
  desk.mode = policy::Notify::tell;
  {
    const Environment none("DBUS_SESSION_BUS_ADDRESS", nullptr);
    const Environment nowhere("XDG_RUNTIME_DIR", nullptr);
    desk.wait("bbbbbbb");
    desk.some_time();
    ipc::Frame status("status");
    desk.notifier.status(status);
    CHECK(status.get("notify_problem") == "there is no session bus");
  }
  CHECK(desk.log().empty());
  CHECK(desk.until([&] { return desk.io.stopped(); }) == true);
  desk.notifier.stop();
}

TEST_CASE("with a program in notify-send's place that is not root's there are no buttons") {
  Desk desk;
  desk.mode = policy::Notify::ask;
  std::filesystem::permissions(desk.box / "notify-send", std::filesystem::perms::all);
  desk.wait("aaaaaaa");
  CHECK(desk.until([&] { return desk.count("shown") == 1; }));
  CHECK(desk.log().find("in a terminal: cmdai allow aaaaaaa") != std::string::npos);
  ipc::Frame status("status");
  desk.notifier.status(status);
  CHECK(status.get("notify_without_buttons").find("can be written by others") != std::string::npos);
  desk.notifier.stop();
}

TEST_CASE("when the daemon ends, what is shown goes and nothing keeps the reactor running") {
  Desk desk;
  desk.wait("aaaaaaa");
  CHECK(desk.until([&] { return desk.count("shown") == 1; }));
  desk.notifier.stop();
  desk.io.restart();
  desk.io.run();
  CHECK(desk.until([&] { return desk.count("closed") == 1; }));
}
