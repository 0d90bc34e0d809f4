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

TEST_CASE("options in one word, and their spellings") {
  check_effects({
      {"perl -le 'system(\"rm f\")'", "fs.delete{f}"},
      {"perl -lne 'system(\"rm f\")' g", "fs.delete{f}"},
      {"perl -lane 'system(\"rm f\")' g", "fs.delete{f}"},
      {"perl -0777ne 'system(\"rm f\")' g", "fs.delete{f}"},
      {"perl -0x1Fwe 'system(\"rm f\")'", "fs.delete{f}"},
      {"perl -F: -lane 'system(\"rm f\")' g", "fs.delete{f}"},
      {"perl -l012 -e 'system(\"rm f\")'", "fs.delete{f}"},
      {"perl -lpi -e 's/a/b/' f", "fs.edit{f}"},
      {"perl -lne 'print if /x/' f", ""},
      {"ruby -lane 'system(\"rm f\")' g", "fs.delete{f}"},
      {"node -pe 'require(\"child_process\").execSync(\"rm f\")'", "fs.delete{f}"},
      {"node -p 'require(\"child_process\").execSync(\"rm f\")'", "fs.delete{f}"},
      {"node --print 'require(\"child_process\").execSync(\"rm f\")'", "fs.delete{f}"},
      {"node -p 1+1", ""},
      {"$PYTHON -c 'import os; os.system(\"rm f\")'", "fs.delete{f}"},
      {"\"$PY\" -m http.server", ""},
      {"ruby -rsocket -e 'c=TCPServer.new(4).accept; exec \"/bin/sh\"'", "net.reverse-shell"},
      {"ruby -rsocket -e 'puts TCPServer.new(4).accept.gets'", ""},
      {"awk -e 'BEGIN{system(\"rm f\")}'", "fs.delete{f}"},
      {"gawk --source='BEGIN{system(\"rm f\")}' g", "fs.delete{f}"},
      {"echo 'BEGIN{system(\"rm f\")}' > p; awk -f p", "fs.overwrite{p} fs.delete{f}"},
      {"awk 'BEGIN{print \"rm f\" | \"sh\"}'", "fs.delete{f}"},
      {"awk '{print \"x\" | \"sort\"}' g", ""},
      {"python3.12 -Ic 'import os; os.system(\"rm f\")'", "fs.delete{f}"},
      {"py -3 -c 'import os; os.system(\"rm f\")'", "fs.delete{f}"},
      {"pypy3 -c 'import os; os.system(\"rm f\")'", "fs.delete{f}"},
      {"deno eval 'Deno.removeSync(\"d\", {recursive: true})'", "fs.delete{d rf}"},
      {"deno eval -q 'new Deno.Command(\"rm\", {args: [\"-rf\", \"d\"]}).outputSync()'", "fs.delete{d rf}"},
      {"bun -e 'await Bun.$`rm -rf d`'", "fs.delete{d rf}"},
      {"node -e 'console.log(`rm -rf d`)'", ""},
      {"node -e 'require(\"fs\").rmSync(\"d\", {recursive: false})'", "fs.delete{d f}"},
  });
}

TEST_CASE("R, julia, octave, elixir, erlang, lisps") {
  check_effects({
      {"Rscript -e 'system(\"rm f\")'", "fs.delete{f}"},
      {"R -q -e 'unlink(\"d\", recursive=TRUE)'", "fs.delete{d rf}"},
      {"Rscript -e 'file.remove(\"f\")'", "fs.delete{f f}"},
      {"Rscript -e 'system2(\"rm\", c(\"-rf\", \"d\"))'", "fs.delete{d rf}"},
      {"Rscript -e 'install.packages(\"x\")'", ""},
      {"Rscript -e 'x <- 1 # system(\"rm f\")'", ""},
      {"julia -e 'run(`rm -rf $(homedir())`)'", "fs.delete{~ rf}"},
      {"julia -e 'rm(homedir(), recursive=true)'", "fs.delete{~ rf}"},
      {"julia -E 'rm(\"f\")'", "fs.delete{f f}"},
      {"julia -e 'using Pkg; Pkg.add(\"X\")'", ""},
      {"octave --eval 'system(\"rm f\")'", "fs.delete{f}"},
      {"elixir -e 'System.cmd(\"rm\", [\"-rf\", \"d\"])'", "fs.delete{d rf}"},
      {"elixir -e 'System.shell(\"rm f\")'", "fs.delete{f}"},
      {"elixir -e 'File.rm_rf!(\"d\")'", "fs.delete{d rf}"},
      {"elixir -e 'IO.puts(\"rm -rf d\")'", ""},
      {"erl -noshell -eval 'os:cmd(\"rm f\").' -s init stop", "fs.delete{f}"},
      {"erl -noshell -eval 'io:format(\"rm f\").' -s init stop", ""},
      {"guile -c '(system \"rm f\")'", "fs.delete{f}"},
      {"guile -c '(system* \"rm\" \"-rf\" \"d\")'", "fs.delete{d rf}"},
      {"guile -c '(display \"rm f\") ; (system \"rm f\")'", ""},
      {"racket -e '(system \"rm f\")'", "fs.delete{f}"},
      {"racket -e \"(displayln 'system)\"", ""},
      {"sbcl --non-interactive --eval '(uiop:run-program \"rm f\")'", "fs.delete{f}"},
      {"bb -e '(clojure.java.shell/sh \"rm\" \"-rf\" \"d\")'", "fs.delete{d rf}"},
      {"emacs --batch --eval '(shell-command \"rm f\")'", "fs.delete{f}"},
      {"emacs -batch -eval '(call-process \"rm\" nil nil nil \"-rf\" \"d\")'", "fs.delete{d rf}"},
      {"emacs --batch --eval='(delete-directory \"~\" t)'", "fs.delete{~ rf}"},
      {"emacsclient -e '(shell-command \"rm f\")'", "fs.delete{f}"},
      {"emacs -nw notes.txt", ""},
      {"emacs --batch --eval '(message \"(shell-command)\")'", ""},
  });
}

TEST_CASE("tcl and expect") {
  check_effects({
      {"tclsh <<< 'exec rm -rf d'", "fs.delete{d rf}"},
      {"echo 'file delete -force -- d e' | tclsh", "fs.delete{d rf} fs.delete{e rf}"},
      {"echo 'if {1} { exec rm f }' | tclsh", "fs.delete{f}"},
      {"echo 'puts [exec rm f]' | tclsh", "fs.delete{f}"},
      {"echo 'set f [open \"|rm f\" r]' | tclsh", "fs.delete{f}"},
      {"tclsh <<< 'file delete -force $env(HOME)'", "fs.delete{~ rf}"},
      {"expect -c 'spawn rm -rf d; expect eof'", "fs.delete{d rf}"},
      {"expect -c 'system rm f'", "fs.delete{f}"},
      {"expect -c 'send \"rm -rf d\\n\"'", ""},
      {"echo 'puts {exec rm f}' | tclsh", "fs.delete{f}"},
      {"echo '# exec rm f' | tclsh", ""},
      {"tclsh x.tcl", "exec.file{x.tcl}"},
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
