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
      {"sort -o f f", "fs.overwrite{f}"},
  });
}
