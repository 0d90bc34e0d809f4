// Trust in a project's file is bound to its content.
#include "daemon/host/trust.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "test/unit/ipc/box.hpp"

using namespace cmdai::host;
using cmdai::test::Box;
namespace fs = std::filesystem;

TEST_CASE("trust holds for one path and one content, and over a restart") {
  const Box box;
  const std::string file = box / "config/trusted";
  TrustList list(file);
  REQUIRE(list.load());
  CHECK_FALSE(list.trusts("/p/.cmdai.toml", "a"));
  REQUIRE(list.add("/p/.cmdai.toml", "a"));
  REQUIRE(list.add("/with blank/.cmdai.toml", "b"));
  TrustList again(file);
  REQUIRE(again.load());
  CHECK(again.trusts("/p/.cmdai.toml", "a"));
  CHECK(again.trusts("/with blank/.cmdai.toml", "b"));
  CHECK_FALSE(again.trusts("/p/.cmdai.toml", "a "));
  CHECK_FALSE(again.trusts("/q/.cmdai.toml", "a"));
  REQUIRE(again.add("/p/.cmdai.toml", "new"));
  CHECK_FALSE(again.trusts("/p/.cmdai.toml", "a"));
  REQUIRE(again.remove("/p/.cmdai.toml"));
  REQUIRE(list.load());
  CHECK_FALSE(list.trusts("/p/.cmdai.toml", "new"));
  CHECK_FALSE(list.add("/a\nb/.cmdai.toml", "x"));
}

TEST_CASE("a damaged list is told with its place") {
  const Box box;
  const std::string good(64, 'a');
  for (const std::string& text :
       {std::string("rubbish\n"), good + "\n", good + " relative\n", good + " /x\n\n"}) {
    CAPTURE(text);
    std::ofstream(box / "trusted", std::ios::trunc) << text;
    TrustList list(box / "trusted");
    const auto loaded = list.load();
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().line >= 1);
    CHECK(loaded.error().hint.find("cmdai policy trust") != std::string::npos);
  }
}

TEST_CASE("the nearest project file counts, up to home, if it is ours") {
  const Box box;
  const std::string home = box / "home";
  fs::create_directories(home + "/p/q/r");
  std::ofstream(box / ".cmdai.toml") << "";
  CHECK(find_project_file(home + "/p/q/r", home).empty());  // above home
  std::ofstream(home + "/p/.cmdai.toml") << "";
  CHECK(find_project_file(home + "/p/q/r", home) == home + "/p/.cmdai.toml");
  CHECK(find_project_file(home + "/p", home) == home + "/p/.cmdai.toml");
  CHECK(find_project_file(home, home).empty());
  fs::create_directories(home + "/p/q/.cmdai.toml");  // a directory is no such file
  CHECK(find_project_file(home + "/p/q/r", home) == home + "/p/.cmdai.toml");
  CHECK(find_project_file(box / "elsewhere", home) == box / ".cmdai.toml");
  CHECK(find_project_file("relative", home).empty());
  CHECK(find_project_file("", home).empty());
  if (getuid() != 0) {
    MESSAGE("skipped: only root can give a file to somebody else");
    return;
  }
  REQUIRE(chown((home + "/p/.cmdai.toml").c_str(), 12345, 12345) == 0);
  CHECK(find_project_file(home + "/p/q/r", home).empty());
}
