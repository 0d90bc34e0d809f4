// Package managers and make-like runners.
#include "libcore/commands/package_names.hpp"
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("installing, removing, publishing") {
  check_effects({
      {"apt install -y x", "pkg.install{x}"},
      {"sudo apt-get install x", "pkg.install{x p}"},
      {"apt remove x", "pkg.remove{x}"},
      {"apt-get -y purge x", "pkg.remove{x}"},
      {"apt-get --dry-run purge x", ""},
      {"apt-get -s purge x", ""},
      {"apt purge libc6", "pkg.remove-essential{libc6}"},
      {"apt list", ""},
      {"dnf -y erase x", "pkg.remove{x}"},
      {"pip install x", "pkg.install{x}"},
      {"pip install -r requirements.txt", ""},
      {"pip install https://example.org/x.tgz", "pkg.install-url{https://example.org/x.tgz}"},
      {"pip install -i http://example.org/simple x",
       "pkg.install{x} pkg.plain-index{http://example.org/simple}"},
      {"pip install --index-url=http://example.org/simple x",
       "pkg.install{x} pkg.plain-index{http://example.org/simple}"},
      {"python3 -m pip install x", "pkg.install{x}"},
      {"pip3 uninstall -y x", "pkg.remove{x}"},
      {"npm install x", "pkg.install{x}"},
      {"npm i -D x", "pkg.install{x}"},
      {"npm publish", "pkg.publish"},
      {"npm publish --dry-run", ""},
      {"npm unpublish x --force", "pkg.unpublish{x}"},
      {"cargo publish", "pkg.publish"},
      {"cargo yank x", "pkg.yank{x}"},
      {"npm owner add u x", "pkg.owner"},
      {"npm owner ls x", ""},
      {"yarn prisma migrate reset", "sql.drop-database"},
      {"yarn build", ""},
      {"poetry run rm f", "fs.delete{f}"},
      {"twine upload dist/x", "pkg.publish"},
      {"gem push x.gem", "pkg.publish"},
      {"dpkg -r x", "pkg.remove{x}"},
      {"dpkg --purge x", "pkg.remove{x}"},
      {"dpkg -l", ""},
      {"rpm -e x", "pkg.remove{x}"},
      {"rpm -qa", ""},
      {"pacman -Rns x", "pkg.remove{x}"},
      {"pacman -Syu", ""},
  });
}

TEST_CASE("runners hand on what they are given") {
  check_effects({
      {"make -j2", ""},
      {"make --eval='$(shell rm f)'", "fs.delete{f}"},
      {"npx -c 'rm f'", "fs.delete{f}"},
      {"npx rimraf dist", "fs.delete{dist rf}"},
  });
}

TEST_CASE("names a slip away from well-known ones") {
  using cmdai::commands::likely_package;
  using cmdai::commands::Registry;
  struct {
    Registry registry;
    std::string_view name, likely;
  } constexpr kRows[] = {
      {Registry::pypi, "reqeusts", "requests"},   // two letters turned
      {Registry::pypi, "requsts", "requests"},    // one left out
      {Registry::pypi, "reequests", "requests"},  // one twice
      {Registry::pypi, "rwquests", "requests"},   // the next key
      {Registry::pypi, "nump1", ""},              // no neighbour, nothing like it
      {Registry::pypi, "c0lorama", "colorama"},   // of like shape
      {Registry::pypi, "scikitlearn", "scikit-learn"},
      {Registry::pypi, "scikit_learn", ""},
      {Registry::pypi, "Scikit.Learn", ""},
      {Registry::pypi, "python-requests", "requests"},
      {Registry::pypi, "python-dateutil", ""},
      {Registry::pypi, "requests", ""},
      {Registry::pypi, "scapy", ""},
      {Registry::npm, "loadsh", "lodash"},
      {Registry::npm, "crossenv", "cross-env"},
      {Registry::npm, "lodash-js", "lodash"},
      {Registry::npm, "preact", ""},
      {Registry::npm, "color", ""},
      {Registry::npm, "vuex", ""},
      {Registry::npm, "request", ""},
      {Registry::npm, "socket.io", ""},
      {Registry::npm, "socket_io", "socket.io"},
      {Registry::crates, "serde_json", ""},
      {Registry::crates, "rustdecimal", "rust-decimal"},
      {Registry::crates, "notify-rust", ""},
      {Registry::gems, "rspec_rails", "rspec-rails"},
      {Registry::gems, "mysql", ""},
      {Registry::npm, "vue", ""},
      {Registry::npm, "vu", ""},
      {Registry::npm, "", ""},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    CHECK(likely_package(row.registry, row.name) == row.likely);
  }
  for (const Registry registry : {Registry::pypi, Registry::npm, Registry::crates, Registry::gems}) {
    const auto list = cmdai::commands::package_list(registry);
    CHECK(list.top.size() > 150);
    CHECK(std::is_sorted(list.top.begin(), list.top.end()));
    CHECK(std::is_sorted(list.near.begin(), list.near.end()));
  }
  check_effects({
      {"pip install reqeusts==2", "pkg.lookalike{reqeusts==2} pkg.install{reqeusts==2}"},
      {"npx expres", "pkg.lookalike{expres}"},
      {"yarn dlx loadsh", "pkg.lookalike{loadsh}"},
      {"npm exec expres", "pkg.lookalike{expres}"},
      {"poetry run pytes7", ""},
      {"pip3.11 install reqeusts", "pkg.lookalike{reqeusts} pkg.install{reqeusts}"},
      {"cargo add serde --features tokoi", "pkg.install{serde}"},
      {"poetry add --group tests7 black", "pkg.install{black}"},
      {"uv tool install pytes7", "pkg.lookalike{pytes7}"},
      {"yarn global add loadsh", "pkg.lookalike{loadsh}"},
      {"pip install ./reqeusts", "pkg.install{./reqeusts}"},
      {"pip install -r reqeusts.txt", ""},
      {"pip install --index-url http://192.168.1.4/s reqeusts", "pkg.install{reqeusts}"},
      {"npm install @own/loadsh", "pkg.install{@own/loadsh}"},
      {"pip uninstall reqeusts", "pkg.remove{reqeusts}"},
      {"npm run loadsh", ""},
  });
}

TEST_CASE("indexes anybody on the way may change") {
  check_effects({
      {"npm config set registry http://example.org/", "pkg.plain-index{http://example.org/}"},
      {"npm config set registry=http://example.org/", "pkg.plain-index{http://example.org/}"},
      {"npm config set proxy http://example.org:3128", ""},
      {"npm config set registry http://localhost:4873/", ""},
      {"pip config set global.index-url https://203.0.113.7/s", "pkg.plain-index{https://203.0.113.7/s}"},
      {"gem sources --add http://example.org/", "pkg.plain-index{http://example.org/}"},
      {"go env -w GOPROXY=http://example.org", "pkg.plain-index{http://example.org}"},
      {"uv pip install --index-url http://example.org/s x",
       "pkg.install{x} pkg.plain-index{http://example.org/s}"},
      {"echo 'deb [trusted=yes] http://example.org/ x' > /etc/apt/sources.list.d/x.list",
       "fs.overwrite{/etc/apt/sources.list.d/x.list} pkg.plain-index{/etc/apt/sources.list.d/x.list}"},
      {"echo 'deb [trusted=yes] file:/srv/apt x' > /etc/apt/sources.list.d/x.list",
       "fs.overwrite{/etc/apt/sources.list.d/x.list}"},
      {"echo 'deb http://deb.debian.org/debian bookworm main' > /etc/apt/sources.list.d/x.list",
       "fs.overwrite{/etc/apt/sources.list.d/x.list}"},
  });
}
