// The managed configuration: texts, places, merging, and in whose hands a file has to be.
#include "daemon/host/managed.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "daemon/host/json_places.hpp"
#include "daemon/host/owner_check.hpp"
#include "test/unit/ipc/box.hpp"

using namespace cmdai;
using namespace cmdai::host;
using cmdai::test::Box;
namespace fs = std::filesystem;

namespace {

void put(const std::string& file, const std::string& text) {
  fs::create_directories(fs::path(file).parent_path());
  std::ofstream(file) << text;
  chmod(file.c_str(), 0644);
}

Result<Managed> read(const Box& box) { return read_managed({box / "managed.json", true}); }

std::string wrong(const Box& box, const std::string& text) {
  put(box / "managed.json", text);
  const auto got = read(box);
  return got ? "" : got.error().render().substr(box.root().size() + 1);
}

struct Trial {
  const char* text;
  const char* said;
};

}  // namespace

TEST_CASE("nothing there: nothing is managed") {
  const Box box;
  const auto got = read(box);
  REQUIRE(got);
  CHECK(got->files.empty());
  CHECK(got->plugins.empty());
  CHECK(!got->own);
}

TEST_CASE("an entry and its defaults") {
  const Box box;
  put(box / "managed.json", R"({"TenantID": "t", "Plugins": [{"Name": "a-1", "Path": "/x.so"}]})");
  const auto got = read(box);
  REQUIRE(got);
  CHECK(got->own);
  REQUIRE(got->plugins.size() == 1);
  const PluginEntry& p = got->plugins[0];
  CHECK(p.name == "a-1");
  CHECK(p.path == "/x.so");
  CHECK(p.deadline.count() == 25);
  CHECK(p.hang.count() == 10);
  CHECK(!p.block_on_failure);
  CHECK(p.settings == R"({"Managed":{"TenantID":"t"}})");
}

TEST_CASE("files of the folder come after, by name; objects are merged, plugins by name") {
  const Box box;
  put(box / "managed.json",
      R"({"A": {"x": 1, "y": [1, 2]}, "Plugins": [{"Name": "p", "Path": "/p", "Settings": {"k": 1}}]})");
  put(box / "managed.d/20.json",
      R"({"A": {"x": 3}, "Plugins": [{"Name": "q", "Path": "/q", "OnFailure": "block"}]})");
  put(box / "managed.d/10.json",
      R"({"A": {"x": 2, "y": [3]}, "Plugins": [{"Name": "p", "DeadlineMs": 7, "Settings": {"l": 2}}]})");
  put(box / "managed.d/30.txt", "no");
  const auto got = read(box);
  REQUIRE(got);
  REQUIRE(got->files.size() == 3);
  REQUIRE(got->plugins.size() == 2);
  CHECK(got->plugins[0].path == "/p");
  CHECK(got->plugins[0].deadline.count() == 7);
  CHECK(nlohmann::json::parse(got->plugins[0].settings) ==
        nlohmann::json::parse(R"({"k": 1, "l": 2, "Managed": {"A": {"x": 3, "y": [3]}}})"));
  CHECK(got->plugins[1].block_on_failure);
}

TEST_CASE("what is wrong is shown where it stands") {
  const Box box;
  const Trial trials[] = {
      {"", "managed.json:1:1: is no JSON: unexpected end of input; expected '[', '{', or a literal"},
      {"{\n  \"Plugins\": [\n    {\"Name\": \"x\",\n     \"Path\": x}]}",
       "managed.json:4:14: is no JSON: invalid literal; last read: '\"Path\": x'\n       \"Path\": x}]}\n    "
       "           ^"},
      {R"({"a": {"b": 1, "b": 2}})",
       "managed.json:1:16: the key `b` stands here a second time\n  {\"a\": {\"b\": 1, \"b\": 2}}\n          "
       "       ^^^"},
      {R"({"Plugins": [{"Name": "ok", "Path": "/p"}, {"Name": "ok2", "Path": "p"}]})",
       "managed.json:1:68: `Path` must be an absolute path\n"
       "  {\"Plugins\": [{\"Name\": \"ok\", \"Path\": \"/p\"}, {\"Name\": \"ok2\", \"Path\": \"p\"}]}\n"
       "                                                                     ^^^"},
      {R"({"Plugins": [{"Name": "x", "Path": "/p", "DeadlineMs": 5000}]})",
       "managed.json:1:56: `DeadlineMs` must be a number from 1 to 1000\n"
       "  {\"Plugins\": [{\"Name\": \"x\", \"Path\": \"/p\", \"DeadlineMs\": 5000}]}\n"
       "                                                         ^^^^"},
      {R"({"Plugins": [{"Name": "x", "Path": "/p", "Setings": {}}]})",
       "managed.json:1:42: a plugin has no key `Setings`\n"
       "  {\"Plugins\": [{\"Name\": \"x\", \"Path\": \"/p\", \"Setings\": {}}]}\n"
       "                                           ^^^^^^^^^\n"
       "hint: did you mean `Settings`?"},
  };
  for (const Trial& trial : trials) CHECK(wrong(box, trial.text) == trial.said);
}

TEST_CASE("a string with quotes in it keeps its place") {
  nlohmann::ordered_json json;
  JsonPlaces places;
  const std::string text = R"({"a\"b": "c\\\"d", "e": [true, {"f": null}]})";
  REQUIRE(read_json("x", text, json, places));
  const auto shown = [&text](const JsonPlaces::Place& at) { return text.substr(at.offset, at.length); };
  CHECK(shown(places.keys.at("/a\"b")) == R"("a\"b")");
  CHECK(shown(places.values.at("/a\"b")) == R"("c\\\"d")");
  CHECK(shown(places.values.at("/e/0")) == "true");
  CHECK(shown(places.values.at("/e/1")) == "{");
  CHECK(shown(places.values.at("/e/1/f")) == "null");
}

TEST_CASE("who could write to it") {
  const Box box;
  const std::string file = box / "a/b/f";
  put(file, "x");
  const Trusted mine{getuid(), true};
  CHECK(check_owner(file, mine));
  for (const auto& [place, mode] :
       {std::pair{file, 0664}, {file, 0602}, {box / "a", 0775}, {box / "a/b", 0757}}) {
    struct stat was {};
    REQUIRE(stat(place.c_str(), &was) == 0);
    REQUIRE(chmod(place.c_str(), static_cast<mode_t>(mode)) == 0);
    const auto got = check_owner(file, mine);
    REQUIRE(!got);
    CHECK(got.error().hint == "chmod go-w " + place);
    chmod(place.c_str(), was.st_mode & 07777U);
  }
  // A link's target and the way to it count as well.
  fs::create_symlink(file, box / "link");
  CHECK(check_owner(box / "link", mine));
  REQUIRE(chmod((box / "a/b").c_str(), 0777) == 0);
  CHECK(!check_owner(box / "link", mine));
  CHECK(!check_owner("relative", mine));
  CHECK(!check_owner(box / "none", mine));
}

TEST_CASE("root alone: nothing below a directory that all may write to") {
  const Box box;  // in /tmp
  put(box / "f", "x");
  CHECK(!check_owner(box / "f", {}));
  CHECK(check_owner("/etc/passwd", {}));
  if (getuid() == 0) {
    REQUIRE(chown((box / "f").c_str(), 65534, 65534) == 0);
    const auto got = check_owner(box / "f", {0, true});
    REQUIRE(!got);
    CHECK(got.error().message.find("belongs to uid 65534") != std::string::npos);
  }
}
