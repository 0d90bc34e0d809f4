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
                                           {"/etc/passwd", "security"},
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

TEST_CASE("whose a place in the system is") {
  check_classes(at("/home/u/project"), {
                                           {"/etc/pam.d", "security"},
                                           {"/etc/pam.d/login", "security"},
                                           {"/etc/ssh/sshd_config.d/x.conf", "security"},
                                           {"/etc/polkit-1/rules.d/x", "security"},
                                           {"/etc/systemd/system/x.service", "security"},
                                           {"/etc/ld.so.preload", "security"},
                                           {"/etc/group", "security"},
                                           {"/etc/hostname", "system"},
                                           {"/etc/app.conf", "system"},
                                           {"/etc/*", "system"},
                                           {"/etc/nginx", "system-part"},
                                           {"/etc/nginx/nginx.conf", "system-part"},
                                           {"/etc/logrotate.d/app", "system-part"},
                                           {"/etc/nginx/sites-enabled/default", "other"},
                                           {"/etc/nginx/sites-enabled", "system-part"},
                                           {"/etc/apt/sources.list.d/x.list", "other"},
                                           {"/etc/motd.old", "other"},
                                           {"/etc/nginx/nginx.conf.dpkg-dist", "other"},
                                           {"/var/lib", "system"},
                                           {"/var/lib/*", "system"},
                                           {"/var/lib/mysql", "system-part"},
                                           {"/var/lib/mysql/*", "system-part"},
                                           {"/var/lib/dpkg/status", "system"},
                                           {"/var/lib/dpkg/lock-frontend", "build"},
                                           {"/var/lib/apt/lists/lock", "build"},
                                           {"/var/spool/cron", "system"},
                                           {"/usr/share/fonts", "system"},
                                           {"/usr/share/fonts/mine", "system-part"},
                                           {"/usr/bin/x", "system"},
                                           {"/run", "system"},
                                           {"/run/app.pid", "other"},
                                           {"/run/app/x", "other"},
                                           {"/run/systemd/x", "system"},
                                           {"/private/etc/pam.d/sudo", "security"},
                                       });
}

TEST_CASE("what was put into /usr/local by hand") {
  check_classes(at("/home/u/project"), {
                                           {"/usr/local", "system"},
                                           {"/usr/local/*", "system"},
                                           {"/usr/local/g*", "system"},
                                           {"/usr/local/bin", "system"},
                                           {"/usr/local/bin/*", "system"},
                                           {"/usr/local/lib", "system"},
                                           {"/usr/local/go", "local"},
                                           {"/usr/local/go/bin/go", "local"},
                                           {"/usr/local/bin/tool", "local"},
                                           {"/usr/local/lib/python3.11", "other"},
                                           {"/usr/local/etc/app.conf", "other"},
                                           {"/usr/local/pgsql/data", "other"},
                                           {"/usr/local/src/x", "other"},
                                       });
}

TEST_CASE("logs that are written, and old ones") {
  check_classes(at("/home/u/project"), {
                                           {"/var/log", "system"},
                                           {"/var/log/*", "system"},
                                           {"/var/log/app.log", "log"},
                                           {"/var/log/*.log", "log"},
                                           {"/var/log/syslog", "log"},
                                           {"/var/log/journal/x/y", "log"},
                                           {"/var/log/audit/audit.log", "log"},
                                           {"/var/log/syslog.1", "build"},
                                           {"/var/log/syslog.[0-9]", "build"},
                                           {"/var/log/app.log.2.gz", "build"},
                                           {"/var/log/app-20260101", "build"},
                                           {"/var/log/*.gz", "build"},
                                           {"/var/log/auth.log.1", "log"},
                                           {"/var/log/nginx/access.log", "build"},
                                       });
}

TEST_CASE("a directory of the system is no project because one stands in it") {
  check_classes(at("/etc/ssh"), {{".", "security"}, {"*", "security"}, {"sshd_config", "security"}});
  check_classes(at("/var/lib/mysql"), {{".", "system-part"}, {"*", "system-part"}});
  check_classes(at("/srv/app"), {{".", "project-root"}, {"*", "project-root"}});
}

TEST_CASE("what tools keep below a home and fetch again") {
  check_classes(at("/home/u/project"), {
                                           {"/home/u/.cargo/registry", "build"},
                                           {"/home/u/.cargo/registry/cache/x", "build"},
                                           {"/home/u/.cargo", "home-child"},
                                           {"/home/u/.m2/repository", "build"},
                                           {"/home/u/.m2/settings.xml", "other"},
                                           {"/home/u/.vim/plugged", "build"},
                                           {"/home/u/.vim", "home-child"},
                                           {"/home/u/go/pkg/mod", "build"},
                                           {"/home/u/go/src/x", "other"},
                                       });
}

TEST_CASE("names that are secrets in one place only") {
  check_classes(at("/home/u/project"), {
                                           {"/etc/shadow", "secret"},
                                           {"/etc/shadow-", "secret"},
                                           {"/etc/sudoers.d/x", "secret"},
                                           {"/mnt/disk/etc/shadow", "secret"},
                                           {"src/shadow", "project"},
                                           {"docs/sudoers", "project"},
                                           {"etc/shadow", "project"},
                                           {"/opt/app/etc/shadow-rules.yml", "other"},
                                           {"tests/fixtures/id_rsa", "project"},
                                           {"testdata/server-key.pem", "project"},
                                           {"spec/server.key", "project"},
                                           {"server.key", "secret"},
                                           {"tests/.env", "secret"},
                                           {"/home/test/id_rsa", "secret"},
                                           {"/home/u/test/.ssh/id_rsa", "secret"},
                                           {"/home/u/.ssh/test/id_rsa", "secret"},
                                       });
}

TEST_CASE("what tools log in with") {
  check_classes(at("/home/u/project"), {
                                           {"/home/u/.cargo/credentials.toml", "secret"},
                                           {"/home/u/.kaggle/kaggle.json", "secret"},
                                           {"/home/u/.cache/huggingface/token", "secret"},
                                           {"/home/u/.cache/huggingface/tokenizers", "build"},
                                           {"/home/u/.claude/.credentials.json", "secret"},
                                           {"/home/u/.oci/config", "secret"},
                                           {"/home/u/.aws/config", "other"},
                                           {".env.test", "project"},
                                           {".env.ci", "project"},
                                           {".env.local", "secret"},
                                       });
}

TEST_CASE("a pattern that says a part of a key's name") {
  check_classes(at("/home/u/project"), {
                                           {"/home/u/.s*/id*", "secret"},
                                           {"/home/u/.ss?/id_rsa", "secret"},
                                           {"/etc/shado?", "secret"},
                                           {"/etc/sh[a]dow", "secret"},
                                           {"/e*/shadow", "secret"},
                                           {".en?", "secret"},
                                           {"*.env", "project"},
                                           {"*.c", "project"},
                                           {"/home/u/.ssh/*.pub", "other"},
                                           {"/etc/*.conf", "system"},
                                       });
}

TEST_CASE("a mounted system keeps its secrets, also when one stands in it") {
  check_classes(at("/mnt/disk"), {{"etc/shadow", "secret"}, {"etc/hosts", "project"}});
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
                                           {".git/index.lock", "build"},
                                           {".git/refs/heads/main.lock", "build"},
                                           {".git/refs/heads/main", "vcs-metadata"},
                                           {".g*t", "vcs-metadata"},
                                           {".gi?", "vcs-metadata"},
                                           {".git*", "vcs-metadata"},
                                           {".gitk*", "project"},
                                           {".cl*", "agent-config"},
                                           {".gitignore", "project"},
                                           {"backup.git/objects", "vcs-metadata"},
                                           {"backup.git/packed-refs", "vcs-metadata"},
                                           {"backup.git", "project"},
                                           {"backup.git/hooks/x", "project"},
                                       });
  check_classes(at("/home/u/project/src"), {{"..", "project-root"}, {"../..", "home"}});
}

TEST_CASE("a name that means other things, too, counts in the project only") {
  check_classes(at("/home/u/project"), {
                                           {"/srv/vendor", "other"},
                                           {"/srv/app/vendor", "other"},
                                           {"/srv/app/dist-old", "other"},
                                           {"/srv/build-archive", "other"},
                                           {"/srv/node_modules", "build"},
                                           {"/srv/cache", "other"},
                                           {"/data/env/prod", "other"},
                                           {"/data/artifacts/releases", "other"},
                                           {"/data/shop/env", "other"},
                                           {"/backup-cache/all", "other"},
                                           {"/vendor", "other"},
                                           {"/build", "build"},
                                           {"/data/build", "build"},
                                           {"/home/u/Documents/artifacts", "other"},
                                           {"/home/u/Documents/thesis-build", "other"},
                                           {"/home/u/Documents/shop/vendor", "other"},
                                           {"/home/u/shop/vendor", "other"},
                                           {"vendor", "build"},
                                           {"env", "build"},
                                           {"release-build", "build"},
                                       });
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
  check_classes(at("/home/u/project"),
                {
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
                    {"/home/u/.config/opencode/plugins/x.js", "agent-config"},
                    {".github/hooks/x.json", "agent-config"},
                    {".github/workflows/x.yml", "project"},
                    {"/etc/codex/requirements.toml", "agent-config"},
                    {"/etc/claude-code/managed-settings.d/50-cmdai.json", "agent-config"},
                    {"/home/u/.claude.json", "agent-config"},
                    {"/home/u/.local/bin/cmdai-hook", "cmdai-own"},
                    {"/usr/bin/cmdai", "cmdai-own"},
                    {"/usr/libexec/cmdai", "cmdai-own"},
                    {"/usr/libexec/cmdai/cmdai-hook", "cmdai-own"},
                    {"/home/u/.config/systemd/user/cmdaid.service", "cmdai-own"},
                    {"build/cmdai", "build"},
                    {"config/systemd/cmdaid.socket", "project"},
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

TEST_CASE("a variable for a temporary place may still be unset") {
  const auto judged = [](std::string_view name, std::string_view after) {
    Value v = Value::unknown(HoleKind::variable, std::string(name), false);
    v.append_literal(after, true);
    const Target t = classify(v, at("/home/u/project"));
    return std::string(to_string(t.path_class)) + " worst=" + std::string(to_string(t.worst));
  };
  CHECK(judged("TMPDIR", "/x") == "temp worst=other");
  CHECK(judged("WORK_TMP", "/x") == "temp worst=other");
  CHECK(judged("tmp_dir", "/etc") == "temp worst=system");
  CHECK(judged("TMPDIR", "/home") == "temp worst=home");
  CHECK(judged("TMPDIR", "/../etc") == "unknown worst=system");
  CHECK(judged("TMPDIR", "/*") == "unknown worst=root");
  CHECK(judged("TEMPLATE", "/x") == "unknown worst=other");
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
