// Inline code of other languages: calls are found, mentions are not.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("python") {
  check_effects({
      {"python3 -c 'import os; os.system(\"rm f\")'", "fs.delete{f}"},
      {"python3 -Bc 'import os; os.system(\"rm f\")'", "fs.delete{f}"},
      {"python3.11 -W ignore -c 'import shutil; shutil.rmtree(\"d\")'", "fs.delete{d rf}"},
      {"python -c 'import subprocess; subprocess.run([\"rm\", \"-rf\", \"d\"])'", "fs.delete{d rf}"},
      {"python -c 'import subprocess; subprocess.run(\"rm f\", shell=True)'", "fs.delete{f}"},
      {"python -c 'import os; os.remove(\"f\")'", "fs.delete{f f}"},
      {"python -c 'print(\"os.system(1)\")'", ""},
      {"python -c 'x = 1 # os.system(\"rm f\")'", ""},
      {"python -c 'print(1)'", ""},
      {"python -c 'open(\"f\", \"w\")'", "fs.overwrite{f}"},
      {"python -c 'print(open(\"f\").read())'", ""},
      {"python x.py -c y", "exec.file{x.py}"},
      {"python -m http.server", ""},
      {"python --version", ""},
      {"echo 'import os; os.system(\"rm f\")' | python3", "fs.delete{f}"},
      {"python3 <<E\nimport os\nos.system('rm f')\nE", "fs.delete{f}"},
  });
}

TEST_CASE("perl, ruby, node, php, lua, awk") {
  check_effects({
      {"perl -e 'system(\"rm f\")'", "fs.delete{f}"},
      {"perl -e 'system \"rm\", \"-rf\", \"d\"'", "fs.delete{d rf}"},
      {"perl -e 'unlink \"f\"'", "fs.delete{f f}"},
      {"perl -e 'unlink(glob(\"~/*\"))'", "fs.delete{~/* f}"},
      {"perl -MFile::Path -e 'remove_tree(\"$ENV{HOME}\")'", "fs.delete{~ rf}"},
      {"ruby -e 'FileUtils.rm_rf(\"#{Dir.home}/x\")'", "fs.delete{~/x rf}"},
      {"perl -e '`rm f`'", "fs.delete{f}"},
      {"perl -pi -e 's/a/b/' f", "fs.edit{f}"},
      {"perl -i.bak -pe 's/a/b/' f", "fs.edit{f}"},
      {"perl -ne 'print if /rm -rf/' f", ""},
      {"perl -MFile::Path -e 'rmtree(\"d\")'", "fs.delete{d rf}"},
      {"ruby -e 'system(\"rm f\")'", "fs.delete{f}"},
      {"ruby -rfileutils -e 'FileUtils.rm_rf(\"d\")'", "fs.delete{d rf}"},
      {"ruby -e '%x(rm f)'", "fs.delete{f}"},
      {"node -e 'require(\"child_process\").execSync(\"rm f\")'", "fs.delete{f}"},
      {"node --eval='require(\"child_process\").execSync(\"rm f\")'", "fs.delete{f}"},
      {"node -e 'require(\"fs\").rmSync(\"d\", {recursive: true})'", "fs.delete{d rf}"},
      {"node -e 'console.log(\"rm -rf /\")'", ""},
      {"php -r 'system(\"rm f\");'", "fs.delete{f}"},
      {"lua -e 'os.execute(\"rm f\")'", "fs.delete{f}"},
      {"awk 'BEGIN{system(\"rm f\")}'", "fs.delete{f}"},
      {"awk -F: '{print $1}' f", ""},
      {"awk '/rm -rf/{print}' f", ""},
      {"awk '{print \"x\" | \"rm f\"}' g", "fs.delete{f}"},
      {"gawk 'BEGIN{print \"x\" > \"f\"}'", "fs.overwrite{f}"},
      {"php -r 'system(base64_decode(\"cm0gZg==\"));'", "fs.delete{f}"},
      {"ruby -e 'system(%q{rm f})'", "fs.delete{f}"},
      {"perl -e 'exec @ARGV' rm f", "fs.delete{f}"},
  });
}
