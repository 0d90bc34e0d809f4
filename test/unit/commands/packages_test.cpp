// Package managers and make-like runners.
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
       "pkg.install{x} pkg.install-url{http://example.org/simple}"},
      {"pip install --index-url=http://example.org/simple x",
       "pkg.install{x} pkg.install-url{http://example.org/simple}"},
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
