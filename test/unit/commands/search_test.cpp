// find, fd, xargs, parallel.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("find deletes what it finds") {
  check_effects({
      {"find d -delete", "fs.delete{d rf}"},
      {"find -delete", "fs.delete{. rf}"},
      {"find a b -delete", "fs.delete{a rf} fs.delete{b rf}"},
      {"find -L d -delete", "fs.delete{d rf}"},
      {"find . -name '*.o' -delete", "fs.delete-matching{. rf}"},
      {"find . -type f -name '*.o' -exec rm {} \\;", "fs.delete-matching{. r}"},
      {"find . -name '*.o' -exec rm -f {} +", "fs.delete-matching{. rf}"},
      {"find d -exec rm -rf {} \\;", "fs.delete{d rf}"},
      {"find d -execdir rm {} \\;", "fs.delete{d r}"},
      {"find d -ok rm {} \\;", ""},
      {"find d -exec sh -c 'rm f' \\;", "fs.delete{f}"},
      {"find . -name '*.c'", ""},
      {"find . -name '-delete'", ""},
      {"find . -delete -name '*.o'", "fs.delete{. rf}"},
      {"find d -exec rm -rf {} \\; -name '*.o'", "fs.delete{d rf}"},
      {"find /var/log -name '*.gz' -mtime +30 -delete", "fs.delete-matching{/var/log/*.gz rf}"},
      {"find /var/log -delete -name '*.gz'", "fs.delete{/var/log rf}"},
      {"find /var/log ! -name '*.gz' -delete", "fs.delete-matching{/var/log rf}"},
      {"find /var/log -name '*.log' -delete", "fs.delete-matching{/var/log rf}"},
      {"find .git -name '*.lock' -delete", "fs.delete-matching{.git/*.lock rf}"},
      {"find . -fprint f", "fs.overwrite{f}"},
      {"find . -exec grep -l 'rm -rf /' {} \\;", ""},
  });
}

TEST_CASE("fd, xargs, parallel") {
  check_effects({
      {"fd -e o -x rm", "fs.delete-matching{. r}"},
      {"fd . d -x rm -rf", "fs.delete{d/* rf}"},
      {"fd . ~ -X rm -rf", "fs.delete{~/* rf}"},
      {"fd --search-path ~ -x rm -rf {}", "fs.delete{~/* rf}"},
      {"fd '^tmp' -x rm -rf", "fs.delete-matching{. rf}"},
      {"ls -d ~/* | xargs rm -rf", "fs.delete{~/* rf} fs.delete{… rf?}"},
      {"cd ~; ls | xargs rm -rf", "fs.delete{~/* rf} fs.delete{… rf?}"},
      {"rm -rf $(realpath ~)", "fs.delete{~ rf}"},
      {"rm -rf \"$(readlink -f /)\"", "fs.delete{/ rf}"},
      {"rm \"$(readlink link)\"", "fs.delete{… ?}"},
      {"echo f | xargs rm", "fs.delete{f}"},
      {"echo f g | xargs rm -rf", "fs.delete{f rf} fs.delete{g rf}"},
      {"echo f | xargs -n1 rm", "fs.delete{f}"},
      {"echo f | xargs -n 1 -P 4 rm", "fs.delete{f}"},
      {"echo f | xargs -I{} rm {}", "fs.delete{f}"},
      {"echo f | xargs -I % rm %", "fs.delete{f}"},
      {"echo f | xargs --replace=% rm %", "fs.delete{f}"},
      {"echo f | xargs --max-args=1 rm", "fs.delete{f}"},
      {"printf 'f\\0g' | xargs -0r rm", "fs.delete{f} fs.delete{g}"},
      {"find d -print0 | xargs -0 rm -rf", "fs.delete{d rf} fs.delete{… rf?}"},
      {"find d -name x | xargs rm -rf", "fs.delete{… rf?}"},
      {"find . -name .git -prune -o -type f -exec rm {} +", "fs.delete-matching{. r}"},
      {"find / -group 20 -exec chgrp x {} +", "fs.chown{/…}"},
      {"find ~ -exec chown bob {} +", "fs.chown{~ r}"},
      {"find . -name .git -exec rm -rf {} +", "fs.delete{.git rf}"},
      {"find d -type f -exec sh -c 'rm \"$1\"' _ {} \\;", "fs.delete{d/*}"},
      {"echo f | xargs -d '\\n' rm", "fs.delete{f}"},
      {"echo f | xargs sh -c 'rm \"$0\"'", "fs.delete{f}"},
      {"echo f | xargs -p rm", ""},
      {"find . | xargs grep 'rm -rf /'", ""},
      {"parallel rm ::: f g", "fs.delete{f} fs.delete{g}"},
      {"parallel -j4 rm {} ::: f", "fs.delete{f}"},
      {"parallel -j 4 --bar 'rm {}' ::: f", "fs.delete{f}"},
      {"parallel --dry-run rm ::: f", ""},
      {"echo 'rm f' | parallel", "fs.delete{f}"},
  });
}
