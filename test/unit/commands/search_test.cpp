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
      {"find /var/log ! -name '*.gz' -delete", "fs.delete{/var/log rf}"},
      {"find /var/log -name '*.log' -delete", "fs.delete-matching{/var/log rf}"},
      {"find .git -name '*.lock' -delete", "fs.delete-matching{.git/*.lock rf}"},
      {"find . -fprint f", "fs.overwrite{f}"},
      {"find . -exec grep -l 'rm -rf /' {} \\;", ""},
  });
}

TEST_CASE("what the tests of find leave") {
  check_effects({
      {"find . -name '*' -delete", "fs.delete{. rf}"},
      {"find . ! -name f -delete", "fs.delete{. rf}"},
      {"find . -name f -o -delete", "fs.delete{. rf}"},
      {"find . \\( -name f -o -name g \\) -delete", "fs.delete-matching{. rf}"},
      {"find . \\( -name f -o -size +1 \\) -delete", "fs.delete-matching{. rf}"},
      {"find . \\( -name f -o -type f \\) -delete", "fs.delete{. rf}"},
      {"find . ! \\( -name f \\) -delete", "fs.delete{. rf}"},
      {"find . -newermt 2020-01-01 -delete", "fs.delete-matching{. rf}"},
      {"find . -name -delete -print", ""},
      {"find d -mindepth 1 -exec rm -rf {} +", "fs.delete{d/* rf}"},
      {"find d ! -type d -exec rm {} +", "fs.delete{d/* r}"},
      {"find d -exec shred {} +", "fs.shred{d} fs.shred{d/*}"},
      {"find d -type f -exec cp /dev/null {} \\;", "fs.truncate{d/*}"},
      {"find d | sort | grep -v x | xargs rm", "fs.delete{d} fs.delete{… ?}"},
      {"find d | tr '\\n' '\\0' | xargs -0 rm", "fs.delete{d} fs.delete{… ?}"},
      {"find d -print0 | while read -rd '' f; do rm $f; done", "fs.delete{d} fs.delete{$f ?}"},
  });
}

TEST_CASE("descriptors, and who reads what is written") {
  check_effects({
      {"exec 3<<<'rm f'; sh <&3", "fs.delete{f}"},
      {"exec {n}<<<'rm f'; sh <&$n", "fs.delete{f}"},
      {"bash /dev/fd/3 3<<<'rm f'", "fs.delete{f}"},
      {"echo 'rm f' > >(sh)", "fs.delete{f}"},
      {"{ echo 'rm f'; } > >(sh)", "fs.delete{f}"},
      {"echo 'rm f' > l; sh < l", "fs.overwrite{l} fs.delete{f}"},
      {"echo f > l; rm $(<l)", "fs.overwrite{l} fs.delete{f}"},
      {"printf 'f\\ng\\n' | while read x; do rm $x; done", "fs.delete{f} fs.delete{g}"},
      {"exec 3< <(echo f); read -u3 x; rm $x", "fs.delete{f}"},
      {"printf 'f\\ng\\n' > l; mapfile -t x < l; rm ${x[1]}", "fs.overwrite{l} fs.delete{g}"},
      {"make > >(tee log) 2>&1", "fs.overwrite{log}"},
  });
}

TEST_CASE("fd, xargs, parallel") {
  check_effects({
      {"printf 'f\\ng\\n' | xargs -I{} rm {}", "fs.delete{f} fs.delete{g}"},
      {"echo \"'f g' h\" | xargs rm", "fs.delete{f g} fs.delete{h}"},
      {"echo f > l; xargs rm < l", "fs.overwrite{l} fs.delete{f}"},
      {"echo f > l; xargs -a l rm", "fs.overwrite{l} fs.delete{f}"},
      {"echo f > l; parallel rm :::: l", "fs.overwrite{l} fs.delete{f}"},
      {"parallel rm {1}/{2} ::: a b ::: f", "fs.delete{a/f} fs.delete{b/f}"},
      {"fd . d -Hx rm", "fs.delete{d/*}"},
      {"fd . d -HIxrm", "fs.delete{d/*}"},
      {"fd . d --exec=rm", "fs.delete{d/*}"},
      {"fd -C d -x rm {//}", "fs.delete{d}"},
      {"fd . d | xargs rm -rf", "fs.delete{d/* rf} fs.delete{… rf?}"},
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
      {"find . -name .git -prune -o -type f -exec rm {} +", "fs.delete{* r}"},
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
