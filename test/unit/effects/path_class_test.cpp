// Which kind of place a path is: with and without a known directory, through links, with unknown parts.
#include "libcore/effects/path_class.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace cmdai;
using namespace cmdai::effects;
using resolve::HoleKind;
using resolve::Value;

namespace {

struct Case {
  std::string_view path;
  std::string_view path_class;
};

Surroundings at(std::string cwd, std::string home = "/home/u") {
  Surroundings around;
  around.cwd = std::move(cwd);
  around.home = std::move(home);
  around.user = "u";
  return around;
}

/// A word as the shell would hand it on: `*` active.
Value word(std::string_view text) {
  Value v;
  v.append_literal(text, true);
  return v;
}

void check_classes(const Surroundings& around, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    CAPTURE(c.path);
    CHECK(to_string(classify(word(c.path), around).path_class) == c.path_class);
  }
}

class Links : public Probe {
 public:
  explicit Links(std::map<std::string, std::string> links) : links_(std::move(links)) {}
  std::optional<FileInfo> lstat(const std::string&) override { return std::nullopt; }
  std::optional<std::string> real_path(const std::string& path) override {
    const auto it = links_.find(path);
    return it == links_.end() ? std::nullopt : std::optional(it->second);
  }
  std::optional<std::string> read_file(const std::string&, size_t) override { return std::nullopt; }
  std::optional<std::vector<std::string>> list(const std::string&, size_t) override { return std::nullopt; }

 private:
  std::map<std::string, std::string> links_;
};

}  // namespace

TEST_CASE("normalize") {
  CHECK(normalize("a/./b//c/", "/x") == "/x/a/b/c");
  CHECK(normalize("../y", "/x/z") == "/x/y");
  CHECK(normalize("/../../a", "") == "/a");
  CHECK(normalize("/..", "") == "/");
  CHECK(normalize("../../a", "") == "../../a");
  CHECK(normalize("a/..", "") == ".");
  CHECK(normalize(".", "/x") == "/x");
  CHECK(normalize("/a/../..", "/x") == "/");
}

TEST_CASE("root and system") {
  check_classes(at("/home/u/project"), {
                                           {"/", "root"},
                                           {"//", "root"},
                                           {"/.", "root"},
                                           {"/*", "root"},
                                           {"/../..", "root"},
                                           {"/.*", "root"},
                                           {"/usr/..", "root"},
                                           {"../../../..", "root"},
                                           {"/mnt/c/*", "root"},
                                           {"/etc", "system"},
                                           {"/etc/passwd", "system"},
                                           {"/usr/lib", "system"},
                                           {"/usr/*", "system"},
                                           {"/boot", "system"},
                                           {"/var", "system"},
                                           {"/var/lib/dpkg", "system"},
                                           {"/opt", "system"},
                                           {"/srv", "system"},
                                           {"/data", "other"},
                                           {"/opt/app", "other"},
                                           {"/srv/data", "other"},
                                           {"/var/www/html", "other"},
                                           {"/data/shop", "other"},
                                           {"/mnt", "mount-point"},
                                           {"/mnt/x", "mount-point"},
                                           {"/mnt/x/y/z", "other"},
                                           {"/media/stick", "mount-point"},
                                           {"/tmp", "temp"},
                                           {"/tmp/x", "temp"},
                                           {"/var/tmp/x", "temp"},
                                           {"/dev/shm/x", "temp"},
                                       });
}

TEST_CASE("homes") {
  check_classes(at("/home/u/project"), {
                                           {"/home/u", "home"},
                                           {"/home/u/", "home"},
                                           {"/home/u/*", "home"},
                                           {"/home/u/.*", "home"},
                                           {"/home/u/project/..", "home"},
                                           {"..", "home"},
                                           {"../*", "home"},
                                           {"/home", "home"},
                                           {"/home/*", "home"},
                                           {"/home/other", "home"},
                                           {"/root", "home"},
                                           {"/Users/x", "home"},
                                           {"/home/u/Documents", "home-child"},
                                           {"/home/u/Documents/*", "home-child"},
                                           {"/home/u/.config", "home-child"},
                                           {"/home/u/Documents/x", "other"},
                                           {"/home/u/.cache", "build"},
                                           {"/home/u/.npm/_cacache", "build"},
                                           {"/var/cache/apt/archives", "build"},
                                           {"/var/lib/apt/lists/x", "build"},
                                           {"/home/u/.cache/x", "build"},
                                           {"/home/u/x/node_modules", "build"},
                                       });
}

TEST_CASE("the project one works in") {
  check_classes(at("/home/u/project"), {
                                           {".", "project-root"},
                                           {"./", "project-root"},
                                           {"*", "project-root"},
                                           {"./*", "project-root"},
                                           {"../project", "project-root"},
                                           {"/home/u/project", "project-root"},
                                           {"src", "project"},
                                           {"src/a.c", "project"},
                                           {"./src", "project"},
                                           {"a..b", "project"},
                                           {"build", "build"},
                                           {"node_modules/x", "build"},
                                           {"target/debug", "build"},
                                           {"a.o", "build"},
                                           {"__pycache__", "build"},
                                           {".git", "vcs-metadata"},
                                           {".git/hooks/pre-commit", "vcs-metadata"},
                                           {"sub/.git", "vcs-metadata"},
                                           {".gitignore", "project"},
                                       });
  check_classes(at("/home/u/project/src"), {{"..", "project-root"}, {"../..", "home"}});
}

TEST_CASE("without a known directory a relative path stays relative") {
  check_classes(at(""), {
                            {".", "project-root"},
                            {"..", "project-root"},
                            {"*", "project-root"},
                            {"src", "project"},
                            {"build", "build"},
                            {".git", "vcs-metadata"},
                            {".env", "secret"},
                            {"/etc", "system"},
                        });
}

TEST_CASE("directories one must not clear by a star") {
  check_classes(at("/"), {{"*", "root"}, {".", "root"}, {"etc", "system"}, {"home/u", "home"}});
  check_classes(at("/etc"), {{"*", "system"}, {".", "system"}, {"x.conf", "system"}});
  check_classes(at("/home/u"), {{"*", "home"}, {".", "home"}, {"Documents", "home-child"}});
  check_classes(at("/tmp/w"), {{"*", "temp"}, {".", "temp"}, {"x", "temp"}});
}

TEST_CASE("devices, secrets, start-up files, settings of agents and of cmdai") {
  check_classes(at("/home/u/project"), {
                                           {"/dev/sda", "device"},
                                           {"/dev/nvme0n1p1", "device"},
                                           {"/dev/mapper/x", "device"},
                                           {"/dev/disk/by-id/x", "device"},
                                           {"/dev/null", "null-device"},
                                           {"/dev/stdout", "null-device"},
                                           {"/home/u/.ssh/id_rsa", "secret"},
                                           {"/home/u/.ssh/id_rsa.pub", "other"},
                                           {"/home/u/.ssh/known_hosts", "other"},
                                           {"/home/u/.aws/credentials", "secret"},
                                           {"/home/u/.kube/config", "secret"},
                                           {"/home/u/.gnupg", "secret"},
                                           {"/etc/shadow", "secret"},
                                           {".env", "secret"},
                                           {".env.production", "secret"},
                                           {".env.example", "project"},
                                           {"server.key", "secret"},
                                           {"/home/u/.bashrc", "shell-startup"},
                                           {"/etc/profile.d/x.sh", "shell-startup"},
                                           {"/home/u/.config/fish/config.fish", "shell-startup"},
                                           {"/home/u/.claude/settings.json", "agent-config"},
                                           {"/home/u/.codex", "agent-config"},
                                           {"/home/u/.config/cmdai/config.toml", "cmdai-own"},
                                           {"/etc/cmdai", "cmdai-own"},
                                       });
}

TEST_CASE("an unknown part keeps the class of what is known around it") {
  const Surroundings around = at("/home/u/project");
  const auto judged = [&](std::string_view before, std::string_view after) {
    Value v = word(before);
    v.append(Value::unknown(HoleKind::variable, "x", false));
    v.append_literal(after, true);
    const Target t = classify(v, around);
    CHECK_FALSE(t.exact);
    return std::string(to_string(t.path_class)) + " worst=" + std::string(to_string(t.worst));
  };
  CHECK(judged("", "") == "unknown worst=none");
  CHECK(judged("", "/*") == "unknown worst=root");
  CHECK(judged("/", "") == "unknown worst=root");
  CHECK(judged("/home/", "") == "home-child worst=home");
  CHECK(judged("/tmp/", "") == "temp worst=temp");
  CHECK(judged("build/", "") == "build worst=build");
  CHECK(judged("src/", "/*") == "project worst=project");
}

TEST_CASE("a link is judged by what it leads to, where that is worse") {
  Links links(
      {{"/home/u/project/l", "/etc"}, {"/home/u/project/h", "/home/u"}, {"/home/u/project/t", "/tmp/x"}});
  Surroundings around = at("/home/u/project");
  around.probe = &links;
  check_classes(around, {{"l", "system"}, {"h", "home"}, {"t", "project"}, {"none", "project"}});
}

TEST_CASE("a home in a temporary place is a home") {
  check_classes(at("/tmp/h/p", "/tmp/h"),
                {{"/tmp/h", "home"}, {"/tmp/h/x", "home-child"}, {"/tmp/y", "temp"}});
}

TEST_CASE("names of kinds and classes read back") {
  for (int i = 0; i <= static_cast<int>(Kind::opaque); ++i) {
    const auto kind = static_cast<Kind>(i);
    CHECK(kind_from_string(to_string(kind)) == kind);
  }
  for (int i = 0; i <= static_cast<int>(PathClass::unknown); ++i) {
    const auto path_class = static_cast<PathClass>(i);
    CHECK(path_class_from_string(to_string(path_class)) == path_class);
  }
  CHECK_FALSE(kind_from_string("Deletes"));
  CHECK_FALSE(path_class_from_string(""));
}
