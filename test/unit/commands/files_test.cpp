// Coreutils and friends: rm, mv, cp, dd, chmod, tar …
#include <map>

#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("an archive has nothing below it") {
  check_effects({
      {"rm -rf ~/Downloads/old.zip", "fs.delete{~/Downloads/old.zip f}"},
      {"rm -rf old.tar.gz", "fs.delete{old.tar.gz f}"},
      {"rm -rf ~/Downloads/*.zip", "fs.delete{~/Downloads/*.zip f}"},
      {"rm -rf ~/Downloads/old", "fs.delete{~/Downloads/old rf}"},
  });
}

TEST_CASE("rm deletes every operand, however its options are written") {
  check_effects({
      {"rm f", "fs.delete{f}"},
      {"rm -rf d", "fs.delete{d rf}"},
      {"rm -fr d e", "fs.delete{d rf} fs.delete{e rf}"},
      {"rm -r -f d", "fs.delete{d rf}"},
      {"rm d -rf", "fs.delete{d rf}"},
      {"rm --recursive --force d", "fs.delete{d rf}"},
      {"rm --rec --fo d", "fs.delete{d rf}"},
      {"rm -vRd d", "fs.delete{d r}"},
      {"rm -- -rf", "fs.delete{-rf}"},
      {"rm -rf -- -d", "fs.delete{-d rf}"},
      {"rm --interactive=never -r d", "fs.delete{d r}"},
      {"rm --no-preserve-root -rf /", "fs.delete{/ rf}"},
      {"rm -rf ~", "fs.delete{~ rf}"},
      {"rm -rf ~/../u", "fs.delete{~ rf}"},
      {"rm --help", ""},
      {"rm --version", ""},
      {"/bin/rm f", "fs.delete{f}"},
      {"\\rm f", "fs.delete{f}"},
      {"'r'm f", "fs.delete{f}"},
      {"unlink f", "fs.delete{f}"},
      {"rmdir d", "fs.rmdir{d}"},
      {"trash f", ""},
  });
}

TEST_CASE("shred, truncate and dd lose content") {
  check_effects({
      {"shred f", "fs.shred{f}"},
      {"shred -un3 f", "fs.shred{f}"},
      {"shred --iterations=3 f", "fs.shred{f}"},
      {"shred --iter 3 f", "fs.shred{f}"},
      {"shred -- -u", "fs.shred{-u}"},
      {"shred /dev/sdb", "disk.wipe{/dev/sdb}"},
      {"truncate -s 0 f", "fs.truncate{f}"},
      {"truncate -s0 f g", "fs.truncate{f} fs.truncate{g}"},
      {"truncate --size=0 f", "fs.truncate{f}"},
      {"truncate -s +1M f", ""},
      {"truncate -cs 0 -- -f", "fs.truncate{-f}"},
      {"dd if=/dev/zero of=disk.img bs=1M count=8", "fs.overwrite{disk.img}"},
      {"dd of=/dev/sda if=x.img", "disk.write{/dev/sda}"},
      {"dd if=/dev/sda of=backup.img", "fs.overwrite{backup.img}"},
      {"dd if=x of=/dev/null", ""},
      {"dcfldd if=x.img of=/dev/sda", "disk.write{/dev/sda}"},
      {"dc3dd if=x.img hof=/dev/sda", "disk.write{/dev/sda}"},
  });
}

TEST_CASE("mv and cp replace their target; mv takes the source away") {
  check_effects({
      {"mv a b", "fs.move{a} fs.overwrite{b}"},
      {"mv -t d a b", "fs.move{a} fs.move{b} fs.create{d/a} fs.create{d/b}"},
      {"mv --target-directory=d a", "fs.move{a} fs.create{d/a}"},
      {"mv -n a b", "fs.move{a}"},
      {"mv -- -a b", "fs.move{-a} fs.overwrite{b}"},
      {"mv a /dev/null", "fs.delete{a r} fs.delete{/dev/null}"},
      {"mv a b /dev/null", "fs.delete{a r} fs.delete{b r} fs.delete{/dev/null}"},
      {"mv -t /tmp a", "fs.move{a} fs.create{/tmp/a}"},
      {"cp a /dev/null", ""},
      {"ln -sf a /dev/null", "fs.delete{/dev/null}"},
      {"cp a b", "fs.overwrite{b}"},
      {"cp -a a b", "fs.overwrite{b}"},
      {"cp -rt d a b", "fs.create{d/a} fs.create{d/b}"},
      {"cp a /", "fs.create{/a}"},
      {"cp a b/", "fs.create{b/a}"},
      {"sudo cp a /usr/bin", "fs.add-to-system{/usr/bin/a p}"},
      {"cp --no-clobber a b", ""},
      {"cp ~/.ssh/id_rsa /tmp/k", "secret.read{~/.ssh/id_rsa} fs.overwrite{/tmp/k}"},
      {"install -m 755 a /usr/local/bin/a", "fs.overwrite{/usr/local/bin/a}"},
      {"install -m4755 a b", "priv.setuid{b} fs.overwrite{b}"},
      {"install --mode=4755 a b", "priv.setuid{b} fs.overwrite{b}"},
      {"install -d d", ""},
      {"ln -s a b", "fs.create{b}"},
      {"ln -sfn a b", "fs.overwrite{b}"},
      {"ln -sf /dev/null f", "fs.delete{f}"},
      {"touch f", ""},
  });
}

TEST_CASE("tee and redirects write") {
  check_effects({
      {"echo x > f", "fs.overwrite{f}"},
      {"echo x >> f", "fs.append{f}"},
      {"echo x >| f", "fs.overwrite{f}"},
      {"echo x &> f", "fs.overwrite{f}"},
      {"echo x &>> f", "fs.append{f}"},
      {"echo x 2>&1", ""},
      {"echo x > /dev/null 2>&1", ""},
      {"echo x | tee f", "fs.overwrite{f}"},
      {"echo x | tee -a f", "fs.append{f}"},
      {"echo x | tee --append f g", "fs.append{f} fs.append{g}"},
      {"> f", "fs.overwrite{f}"},
      {"cat x > /dev/sda", "disk.write{/dev/sda}"},
      {"echo x >> ~/.bashrc", "persist.startup{~/.bashrc}"},
      {"echo x >> ~/.ssh/authorized_keys", "persist.ssh-key{~/.ssh/authorized_keys}"},
      {"echo x > .git/hooks/pre-commit", "persist.hook{.git/hooks/pre-commit}"},
      {"echo x | sudo tee /etc/sudoers.d/u", "sys.sudoers{/etc/sudoers.d/u p}"},
      {"echo '{}' > ~/.claude/settings.json", "persist.agent-config{~/.claude/settings.json}"},
      {"echo b > /proc/sysrq-trigger", "sys.power{/proc/sysrq-trigger}"},
  });
}

TEST_CASE("chmod: modes in digits and letters, modes that look like options") {
  check_effects({
      {"chmod 777 f", "fs.chmod-world{f}"},
      {"chmod 0777 f", "fs.chmod-world{f}"},
      {"chmod -R 777 d", "fs.chmod-world{d r}"},
      {"chmod --recursive 777 d", "fs.chmod-world{d r}"},
      {"chmod 777 -R d", "fs.chmod-world{d r}"},
      {"chmod a+w f", "fs.chmod-world{f}"},
      {"chmod o=rwx f", "fs.chmod-world{f}"},
      {"chmod ugo+rwx f", "fs.chmod-world{f}"},
      {"chmod u+w f", "fs.chmod{f}"},
      {"chmod +x f", "fs.chmod{f}"},
      {"chmod -x f", "fs.chmod{f}"},
      {"chmod 000 f", "fs.chmod-none{f}"},
      {"chmod 0 f", "fs.chmod-none{f}"},
      {"chmod -R a-rwx d", "fs.chmod-none{d r}"},
      {"chmod -R a= d", "fs.chmod-none{d r}"},
      {"chmod -R = d", "fs.chmod-none{d r}"},
      {"chmod ugo-rwx f", "fs.chmod-none{f}"},
      {"chmod u= f", "fs.chmod-none{f}"},
      {"chmod u=,g=,o= f", "fs.chmod-none{f}"},
      {"chmod -R -rwx d", "fs.chmod-none{d r}"},
      {"chmod a-rwx,u+r f", "fs.chmod{f}"},
      {"chmod go-rwx f", "fs.chmod{f}"},
      {"chmod go= f", "fs.chmod{f}"},
      {"chmod a-w f", "fs.chmod{f}"},
      {"chmod u-x+w f", "fs.chmod{f}"},
      {"chmod o-r+w f", "fs.chmod-world{f}"},
      {"chmod 4755 f", "priv.setuid{f} fs.chmod{f}"},
      {"chmod u+s f", "priv.setuid{f} fs.chmod{f}"},
      {"chmod 2770 d", "fs.chmod{d}"},
      {"chmod g+s d", "fs.chmod{d}"},
      {"chmod g+rwxs d", "fs.chmod{d}"},
      {"chmod g+xs f", "priv.setuid{f} fs.chmod{f}"},
      {"chmod u+xs f", "priv.setuid{f} fs.chmod{f}"},
      {"chmod +sx f", "priv.setuid{f} fs.chmod{f}"},
      {"chmod u=rwxs,go=rx f", "priv.setuid{f} fs.chmod{f}"},
      {"chmod a-x,u+w f", "fs.chmod{f}"},
      {"chmod u+x,o+w f", "fs.chmod-world{f}"},
      {"chmod 1777 d", "fs.chmod{d}"},
      {"chmod --reference=a b", "fs.chmod{b}"},
      {"chown u f", "fs.chown{f}"},
      {"chown -R u:g d", "fs.chown{d r}"},
      {"chown --reference=a b", "fs.chown{b}"},
      {"chgrp g f", "fs.chown{f}"},
      {"setfacl -Rm u:x:rwx d", "fs.acl{d r}"},
      {"chattr -R +i d", "fs.attr{d r}"},
  });
}

TEST_CASE("archives and in-place editors") {
  check_effects({
      {"tar czf x.tgz src", ""},
      {"tar -czf x.tgz --remove-files src", "fs.delete{src rf}"},
      {"tar -xf x.tar -C /", "fs.unpack{/}"},
      {"tar --extract --file=x.tar --directory=/usr", "fs.unpack{/usr}"},
      {"tar xf x.tar -C /", "fs.unpack{/}"},
      {"tar -xf x.tar -C build", ""},
      {"tar cf x.tar d --checkpoint=1 --checkpoint-action=exec='rm -rf ~'", "fs.delete{~ rf}"},
      {"tar -cf x.tar --to-command='rm f' d", "fs.delete{f}"},
      {"zip -rm x.zip d", "fs.delete{d r}"},
      {"zip -r x.zip d", ""},
      {"zip -T -TT 'rm f' x.zip d", "fs.delete{f}"},
      {"zip x.zip d -T --unzip-command='rm f'", "fs.delete{f}"},
      {"split --filter='rm f' x", "fs.delete{f}"},
      {"split -l 100 --filter='gzip > $FILE.gz' x", "fs.overwrite{$FILE.gz ?}"},
      {"split -b 1M x part-", ""},
      {"sed -i s/a/b/ f", "fs.edit{f}"},
      {"sed -i.bak s/a/b/ f", "fs.edit{f}"},
      {"sed --in-place -e s/a/b/ f g", "fs.edit{f} fs.edit{g}"},
      {"sed -ni s/a/b/ f", "fs.edit{f}"},
      {"sed s/a/b/ f", ""},
      {"sed '1e rm -rf ~' f", "fs.delete{~ rf}"},
  });
}

TEST_CASE("a program put into a system folder may replace one; in /usr/local it is one's own") {
  check_effects({
      {"sudo cp x /usr/sbin/sshd", "fs.overwrite{/usr/sbin/sshd p}"},
      {"sudo cp tool /usr/bin/tool", "fs.add-to-system{/usr/bin/tool p}"},
      {"sudo mv tool /bin/", "fs.move{tool p} fs.add-to-system{/bin/tool p}"},
      {"sudo mv ls /bin/", "fs.move{ls p} fs.overwrite{/bin/ls p}"},
      {"sudo cp x /usr/bin/python3.11", "fs.overwrite{/usr/bin/python3.11 p}"},
      {"mv bin/vault /usr/bin/vault", "fs.move{bin/vault} fs.add-to-system{/usr/bin/vault}"},
      {"ln -fs /opt/x/bin/y /usr/bin/y", "fs.add-to-system{/usr/bin/y}"},
      {"ln -fs /opt/x/bin/y /opt/x/bin/z /usr/bin",
       "fs.add-to-system{/usr/bin/y} fs.add-to-system{/usr/bin/z}"},
      {"ln -fs -t /usr/bin /opt/x/bin/sudo", "fs.overwrite{/usr/bin/sudo}"},
      {"sudo cp \"$NAME\" /usr/bin/", "fs.create{/usr/bin p}"},
      {"sudo cp tool /usr/local/bin/", "fs.create{/usr/local/bin/tool p}"},
      {"sudo cp x.conf /etc/app/", "fs.create{/etc/app/x.conf p}"},
      {"sudo mv x /etc/new", "fs.move{x p} fs.add-to-system{/etc/new p}"},
      {"sudo mv x /etc/fstab", "fs.move{x p} fs.overwrite{/etc/fstab p}"},
      {"sudo mv x /etc/anacrontab", "fs.move{x p} sys.cron{/etc/anacrontab p}"},
      {"cp /etc/skel/.bashrc /root", "persist.startup{/root/.bashrc}"},
      {"echo x > /", ""},
      {"echo x > /dev/ttyUSB0", ""},
  });
}

TEST_CASE("a folder the line makes holds nothing that was there before") {
  for (const auto& [line, place] :
       std::map<std::string, std::string>{{"mkdir x; rm -rf x", "temp"},
                                          {"mkdir x; rm -rf x/y", "temp"},
                                          {"mkdir -p x; rm -rf x", "project"},  // it may have been there
                                          {"rm -rf x; mkdir x", "project"},
                                          {"mkdir y; rm -rf x", "project"},
                                          {"mkdir ~; rm -rf ~", "home"},
                                          {"mkdir x || rm -rf x", "project"},  // another one is there
                                          {"mkdir x && make -C x || rm -rf x", "project"},
                                          {"mkdir . ; rm -rf x", "project"},
                                          {"mkdir ..; rm -rf ../x", "home-child"},
                                          {"mkdir /data; rm -rf /data/x", "other"},
                                          {"mkdir /srv/www; rm -rf /srv/www/x", "temp"},
                                          {"mkdir x; mv src x; rm -rf x", "project"},
                                          {"mkdir x; mv src/* x/y; rm -rf x", "project"},
                                          {"mkdir x; mv -t x src; rm -rf x", "project"},
                                          {"mkdir x; mv x/a x/b; rm -rf x", "temp"},
                                          {"mkdir x; mv x/a b; rm -rf x", "temp"},
                                          {"mkdir x; cp -r src x; rm -rf x", "temp"},
                                          {"mkdir x; sudo mount /dev/sdb1 x; rm -rf x", "project"},
                                          {"ssh h mkdir x; rm -rf x", "project"},
                                          {"mkdir x; ssh h rm -rf x", "project"},
                                          {"git clone https://git.example/a/tool.git; rm -rf tool", "temp"},
                                          {"git clone git@git.example:tool; rm -rf ./tool/", "temp"},
                                          {"git clone https://git.example/tool t; rm -rf tool", "project"},
                                          {"git clone https://git.example/tool t; rm -rf t", "temp"}}) {
    CAPTURE(line);
    std::string places;
    for (const cmdai::effects::Effect& e : cmdai::test::analyzed(line).effects)
      if (e.recursive) places += to_string(e.target.path_class);
    CHECK(places == place);
  }
}

TEST_CASE("mktemp's answer lies where it was asked to") {
  check_effects({
      {"d=$(mktemp -d) && rm -rf \"$d/etc\"", "fs.delete{/tmp/tmp.…/etc rf?}"},
      {"d=$(mktemp -d /tmp/x.XXXXXX); rm -rf \"$d\"", "fs.delete{/tmp/x.… rf?}"},
      {"d=$(mktemp -d -p build); rm -rf \"$d\"", "fs.delete{build/tmp.… rf?}"},
      {"d=$(mktemp -t x.XXXX); rm \"$d\"", "fs.delete{/tmp/x.… ?}"},
  });
}

TEST_CASE("names with holes keep what is known of them") {
  check_effects({
      {"rm -rf \"$d\"", "fs.delete{$d rf?}"},
      {"rm -rf \"$d\"/*", "fs.delete{$d/* rf?}"},
      {"rm -rf build/$x", "fs.delete{build/$x rf?}"},
      {"d=build; rm -rf \"$d\"", "fs.delete{build rf}"},
      {"d=; rm -rf \"$d\"/", "fs.delete{/ rf}"},
      {"rm -rf {a,b}", "fs.delete{a rf} fs.delete{b rf}"},
  });
}
