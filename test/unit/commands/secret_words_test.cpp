// Key files among the words of programs nobody taught cmdai.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("a key file is read, wherever it stands among the words") {
  check_effects({
      {"mystery ~/.ssh/id_rsa", "secret.read{~/.ssh/id_rsa}"},
      {"mystery -f /etc/shadow", "secret.read{/etc/shadow}"},
      {"mystery --in=/etc/shadow", "secret.read{/etc/shadow}"},
      {"mystery @/etc/shadow", "secret.read{/etc/shadow}"},
      {"mystery file:///etc/shadow", "secret.read{/etc/shadow}"},
      {"date -f /etc/shadow", "secret.read{/etc/shadow}"},
      {"git diff /dev/null /etc/shadow", "secret.read{/etc/shadow}"},
      {"wc --files0-from /etc/shadow", "secret.read{/etc/shadow}"},
      {"vim ~/.ssh/id_rsa", "secret.read{~/.ssh/id_rsa}"},
      {"mystery -o ~/.ssh/authorized_keys", "persist.ssh-key{~/.ssh/authorized_keys}"},
      {"echo \"$(cat ~/.ssh/id_rsa)\"", "secret.read{~/.ssh/id_rsa} secret.print{$/home/u/.ssh/id_rsa ?}"},
      {"echo \"$(<~/.ssh/id_rsa)\"", "secret.read{~/.ssh/id_rsa} secret.print{$/home/u/.ssh/id_rsa ?}"},
  });
}

TEST_CASE("names, rights, checksums and everyday files are nothing to speak of") {
  check_effects({
      {"ls -l ~/.ssh/id_rsa", ""},
      {"stat /etc/shadow", ""},
      {"wc -c ~/.ssh/id_rsa", ""},
      {"sha256sum ~/.ssh/id_rsa", ""},
      {"ssh-add ~/.ssh/id_rsa", ""},
      {"ssh-keygen -y -f ~/.ssh/id_rsa", ""},
      {"ssh -i ~/.ssh/id_rsa host", ""},
      {"export KEY=~/.ssh/id_rsa", ""},
      {"vim .env", ""},
      {"code ~/.aws/config", ""},
      {"mystery .env", ""},
      {"mystery 'see /etc/shadow'", ""},
      {"mystery ~/.ssh/id_rsa.pub", ""},
      {"test -f ~/.ssh/id_rsa", ""},
      {"[ -f /etc/shadow ]", ""},
  });
}
