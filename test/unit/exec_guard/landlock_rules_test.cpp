#include "shell-hooks/exec-guard/landlock_rules.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

using namespace cmdai::exec_guard;

namespace {

const std::map<std::string, std::vector<std::string>> kTree = {
    {"/", {"bin", "etc", "home", "tmp"}},
    {"/home", {"u", "v"}},
    {"/home/u", {".ssh", ".sshrc", "notes", "src"}},
    {"/home/u/notes", {"a", "b"}},
};

std::vector<std::string> granted(const std::vector<std::string>& withheld) {
  auto out = granted_paths(withheld, [](const std::string& directory) {
    const auto it = kTree.find(directory);
    return it == kTree.end() ? std::vector<std::string>() : it->second;
  });
  std::sort(out.begin(), out.end());
  return out;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("a path is withheld by granting its neighbours, on each level above it") {
  CHECK(granted({"/home/u/.ssh"}) ==
        Paths{"/bin", "/etc", "/home/u/.sshrc", "/home/u/notes", "/home/u/src", "/home/v", "/tmp"});
}

TEST_CASE("several paths, one in the other, one a file, one in the root") {
  CHECK(granted({"/home/u", "/home/u/notes"}) == Paths{"/bin", "/etc", "/home/v", "/tmp"});
  CHECK(granted({"/home/u/notes/a", "/tmp"}) ==
        Paths{"/bin", "/etc", "/home/u/.ssh", "/home/u/.sshrc", "/home/u/notes/b", "/home/u/src", "/home/v"});
  CHECK(granted({}) == Paths{"/"});
  CHECK(granted({"/"}).empty());
}

TEST_CASE("no granted path holds a withheld one, nor lies in it") {
  const Paths withheld{"/home/u/.ssh", "/home/u/notes/b", "/etc"};
  const Paths paths = granted(withheld);
  CHECK(!paths.empty());
  for (const std::string& path : paths)
    for (const std::string& one : withheld) {
      CAPTURE(path);
      CHECK(!lies_in(one, path));
      CHECK(!lies_in(path, one));
    }
}

TEST_CASE("a name that begins like a folder's does not lie in it") {
  CHECK(lies_in("/a/b", "/a"));
  CHECK(lies_in("/a", "/a"));
  CHECK(lies_in("/a", "/"));
  CHECK(!lies_in("/ab", "/a"));
}
