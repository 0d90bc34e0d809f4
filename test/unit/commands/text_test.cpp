// Programs that show and filter: no effects, secrets apart; and output that is known feeds what reads it.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("reading secrets") {
  check_effects({
      {"cat ~/.ssh/id_rsa", "secret.read{~/.ssh/id_rsa}"},
      {"cat -n .env", "secret.read{.env}"},
      {"head -n 1 .env", "secret.read{.env}"},
      {"head -1 .env", "secret.read{.env}"},
      {"tail --lines=3 .env", "secret.read{.env}"},
      {"grep KEY .env", "secret.read{.env}"},
      {"grep -e KEY .env", "secret.read{.env}"},
      {"base64 ~/.ssh/id_rsa", "secret.read{~/.ssh/id_rsa}"},
      {"strings -n 8 ~/.ssh/id_rsa", "secret.read{~/.ssh/id_rsa}"},
      {"strings -n ~/.ssh/id_rsa a", ""},
      {"nl -b a ~/.ssh/id_rsa", "secret.read{~/.ssh/id_rsa}"},
      {"diff -w ~/.ssh/id_rsa b", "secret.read{~/.ssh/id_rsa}"},
      {"join -t , ~/.ssh/id_rsa b", "secret.read{~/.ssh/id_rsa}"},
      {"shuf -n 1 ~/.ssh/id_rsa", "secret.read{~/.ssh/id_rsa}"},
      {"column -s , -t ~/.ssh/id_rsa", "secret.read{~/.ssh/id_rsa}"},
      {"rg -r new . ~/.ssh/id_rsa", "secret.read{~/.ssh/id_rsa}"},
      {"rg -r ~/.ssh/id_rsa . a", ""},
      {"xxd .env", "secret.read{.env}"},
      {"awk -F= '{print $2}' .env", "secret.read{.env}"},
      {"cat ~/.ssh/id_rsa.pub", ""},
      {"cat .env.example", ""},
      {"grep .env README.md", ""},
      {"ls ~/.ssh", ""},
      {"cat README.md", ""},
  });
}

TEST_CASE("known output is read on") {
  check_effects({
      {"echo rm f | sh", "fs.delete{f}"},
      {"echo -n rm f | sh", "fs.delete{f}"},
      {"echo -e 'rm\\x20f' | sh", "fs.delete{f}"},
      {"printf 'rm %s' f | sh", "fs.delete{f}"},
      {"printf '%s %s' rm f | sh", "fs.delete{f}"},
      {"printf '\\x72\\x6d f' | sh", "fs.delete{f}"},
      {"echo 'f mr' | rev | sh", "fs.delete{f}"},
      {"echo ez s | tr ezs rmf | sh", "fs.delete{f}"},
      {"echo 'rm f' | cat | sh", "fs.delete{f}"},
      {"echo 'rm f' | tee g | sh", "fs.overwrite{g} fs.delete{f}"},
      {"echo 'rm f' | head -1 | sh", "fs.delete{f}"},
      {"echo abrm f | cut -c3- | sh", "fs.delete{f}"},
      {"echo 'x:rm f:y' | cut -d: -f2 | sh", "fs.delete{f}"},
      {"echo 'rm,x,f' | cut -d , -f 1,3 | tr , ' ' | sh", "fs.delete{f}"},
      // The digits of a digest can be made into the letters of a command.
      {"rm $(printf f | md5sum | cut -b 1-4)", "fs.delete{8fa1}"},
      {"rm $(printf f | sha1sum | cut -c -4)", "fs.delete{4a0a}"},
      {"rm $(printf f | sha256sum | cut -c -4)", "fs.delete{252f}"},
      {"rm $(printf f | sha512sum | cut -c -4)", "fs.delete{711c}"},
      {"sort -o f f", "fs.overwrite{f}"},
      {"cut -d= -f2 .env", "secret.read{.env}"},
      {"cut -d= -f1 .env", ""},
      {"paste .env x", "secret.read{.env}"},
  });
}

TEST_CASE("directives, macros, resources, recipes: what stands in a language of the program's own") {
  check_effects({
      {"apache2ctl -c 'Include /etc/shadow' -k stop", "secret.read{/etc/shadow}"},
      {"httpd -C 'ErrorLog \"|rm f\"'", "fs.delete{f}"},
      {"apachectl -t", ""},
      {"pdflatex '\\verbatiminput{/etc/shadow}'", "secret.read{/etc/shadow}"},
      {"pdftex '\\input /etc/shadow \\end'", "secret.read{/etc/shadow}"},
      {"latex '\\newwrite\\f \\immediate\\openout\\f=f'", "fs.overwrite{f}"},
      {"pdflatex --shell-escape '\\immediate\\write18{rm f}'", "fs.delete{f}"},
      {"pdflatex '\\write18{rm f}'", ""},
      {"pdflatex paper.tex", ""},
      {"puppet apply -e 'file { \"/etc/cron.d/x\": content => \"y\" }'", "sys.cron{/etc/cron.d/x}"},
      {"puppet apply -e \"exec { '/bin/rm f': }\"", "fs.delete{f}"},
      {"puppet apply --noop -e \"exec { '/bin/rm f': }\"", ""},
      {"puppet apply site.pp", ""},
      {"gdb -nx -ex 'dump value f \"a\"'", "fs.overwrite{f}"},
      {"gdb -ex 'shell rm f'", "fs.delete{f}"},
      {"gdb -ex run ./a.out", ""},
      {"tar xPf x.tar --xform 's|.*|/etc/cron.d/x|'", "sys.cron{/etc/cron.d/x}"},
      {"tar xf x.tar --xform 's|^a|b|'", ""},
      {"cpio -o --rsh-command 'rm f' -F h:x", "fs.delete{f} fs.overwrite{h:x}"},
      {"printf 'all:\\n\\trm f\\n' > Makefile; make", "fs.overwrite{Makefile} fs.delete{f}"},
      {"printf 'all:\\n\\trm f\\n' | make -f -", "fs.delete{f}"},
      {"printf 'all:\\n\\trm -r $$HOME\\n' | make -f -", "fs.delete{~ r}"},
      {"make", ""},
  });
}
