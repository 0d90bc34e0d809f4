// Processes, services, power, users, schedules, firewall, kernel, keys; and what is said against cmdai
// itself.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("processes") {
  check_effects({
      {"kill 123", ""},
      {"kill -9 123", ""},
      {"kill -9 -1", "sys.kill-all{-1}"},
      {"kill -s KILL -- -1", "sys.kill-all{-1}"},
      {"kill -l", ""},
      {"kill 1", "sys.kill-all{1}"},
      {"killall firefox", "sys.kill{firefox}"},
      {"pkill -9 -f node", "sys.kill{node}"},
      {"pkill -u bob", "sys.kill-all{bob}"},
      {"pkill cmdaid", "self.kill{cmdaid}"},
      {"while true; do spawn_one & done", "sys.endless-spawn"},
      {"until false; do spawn_one & done", "sys.endless-spawn"},
      {"for ((;;)); do spawn_one & done", "sys.endless-spawn"},
      {"while [ 1 ]; do echo x; spawn_one & done", "sys.endless-spawn"},
      {"while ((1)); do spawn_one & done", "sys.endless-spawn"},
      {"while :; do poll; done &", ""},
      {"while true; do ssh -N -R 1:localhost:2 host; done &", ""},
      {"while true; do inotifywait -e modify src; make & done", ""},
      {"for ((i=0;i<3;i++)); do spawn_one & done", ""},
      {"while true; do spawn_one & wait; done", ""},
      {"while true; do spawn_one & sleep 1; done", ""},
      {"while true; do work; done", ""},
      {"fib() { if [ $1 = 0 ]; then echo 0; else echo $(fib $(($1 - 1))); fi; }; fib 3", ""},
      {":(){ :|:& };:", "sys.fork-bomb sys.fork-bomb"},
  });
}

TEST_CASE("power and services") {
  check_effects({
      {"shutdown -h now", "sys.power"},
      {"shutdown -c", ""},
      {"sudo reboot", "sys.power{p}"},
      {"systemctl poweroff -i", "sys.power"},
      {"init 0", "sys.power"},
      {"systemctl stop nginx", "service.stop{nginx}"},
      {"systemctl --user stop x", "service.stop{x}"},
      {"systemctl stop sshd.service", "service.stop-critical{sshd.service}"},
      {"systemctl disable --now firewalld", "service.stop-critical{firewalld}"},
      {"systemctl --user stop cmdaid", "self.kill{cmdaid}"},
      {"systemctl status sshd", ""},
      {"systemctl restart sshd", ""},
      {"service ssh stop", "service.stop-critical{ssh}"},
      {"service nginx restart", ""},
  });
}

TEST_CASE("agents that guard a machine, by whole words of their names") {
  check_effects({
      {"systemctl stop falcon-sensor", "service.stop-critical{falcon-sensor}"},
      {"systemctl stop ds_agent.service", "service.stop-critical{ds_agent.service}"},
      {"systemctl stop redis-sentinel", "service.stop{redis-sentinel}"},
      {"systemctl stop santaclaus", "service.stop{santaclaus}"},
      {"systemctl stop falcon", "service.stop{falcon}"},
      {"launchctl unload /Library/LaunchDaemons/com.example.falcond.plist",
       "service.stop-critical{/Library/LaunchDaemons/com.example.falcond.plist}"},
      {"launchctl bootout system/com.google.santad", "service.stop-critical{system/com.google.santad}"},
      {"launchctl unload com.openssh.sshd", "service.stop-critical{com.openssh.sshd}"},
      {"launchctl unload /Library/LaunchDaemons/com.example.santaclaus.plist",
       "service.stop{/Library/LaunchDaemons/com.example.santaclaus.plist}"},
      {"launchctl unload com.example.network", "service.stop{com.example.network}"},
  });
}

TEST_CASE("users, schedules, firewall, kernel") {
  check_effects({
      {"userdel -r bob", "sys.user-delete{bob}"},
      {"deluser --remove-home bob", "sys.user-delete{bob}"},
      {"userdel bob", "sys.user-remove{bob}"},
      {"usermod -aG docker bob", "priv.group{bob}"},
      {"usermod --append --groups=sudo bob", "priv.group{bob}"},
      {"usermod -aG audio bob", ""},
      {"useradd -ou0 -g0 bob", "priv.group{bob}"},
      {"passwd -d root", "sys.password{root}"},
      {"passwd", ""},
      {"chsh -s /bin/false root", "sys.password{root}"},
      {"chsh -s /bin/zsh", ""},
      {"groupdel sudo", "sys.password{sudo}"},
      {"update-rc.d ssh disable", "service.stop-critical{ssh}"},
      {"dscl . -append /Groups/admin GroupMembership u", "priv.group"},
      {"launchctl load -w /tmp/x.plist", "persist.service{/tmp/x.plist}"},
      {"log erase --all", "sys.history"},
      {"pass rm -r x", "secret.delete{x}"},
      {"rmmod -f ext4", "sys.kernel{ext4}"},
      {"echo 'root:x' | chpasswd", "sys.password"},
      {"crontab -r", "sys.cron-remove"},
      {"crontab -ru bob", "sys.cron-remove"},
      {"crontab -l", ""},
      {"crontab jobs.txt", "sys.cron"},
      {"echo '* * * * * x' | crontab -", "sys.cron"},
      {"iptables -F", "sys.firewall"},
      {"iptables -t nat --flush", "sys.firewall"},
      {"iptables -L", ""},
      {"ufw disable", "sys.firewall"},
      {"nft flush ruleset", "sys.firewall"},
      {"setenforce 0", "sys.security-off"},
      {"sysctl -w kernel.randomize_va_space=0", "sys.kernel{kernel.randomize_va_space=0}"},
      {"sysctl -a", ""},
      {"insmod x.ko", "sys.kernel{x.ko}"},
      {"modprobe -r x", "sys.kernel-setting{x}"},
      {"setcap cap_setuid+ep /tmp/x", "priv.capability{/tmp/x}"},
      {"history -c", "sys.history"},
      {"journalctl --vacuum-time=1s", "sys.history"},
      {"journalctl -u x -f", ""},
      {"ip link set eth0 down", "sys.network{down}"},
      {"ip addr", ""},
  });
}

TEST_CASE("keys") {
  check_effects({
      {"gpg --export-secret-keys", "secret.print"},
      {"gpg --delete-secret-keys u", "secret.delete"},
      {"gpg -d x.gpg", ""},
      {"security find-generic-password -ws x", "secret.print{find-generic-password}"},
      {"tmutil delete /x", "sys.backup{/x}"},
      {"osascript -e 'do shell script \"rm f\" with administrator privileges'", "fs.delete{f p}"},
      {"vim -c ':!rm f'", "fs.delete{f}"},
      {"vim -c 'q!' f", ""},
  });
}

TEST_CASE("against cmdai") {
  check_effects({
      {"cmdai stop", "self.kill"},
      {"cmdai allow ab12", "self.approve"},
      {"cmdai allow --list", ""},
      {"cmdai policy trust", "self.approve"},
      {"cmdai status", ""},
      {"unset -f __cmdai_hook", "self.disable{__cmdai_hook}"},
      {"PROMPT_COMMAND=", "self.disable"},
      {"preexec_functions=()", "self.disable"},
      {"rm -rf ~/.config/cmdai", "fs.delete{~/.config/cmdai rf}"},
      {"echo x > ~/.config/cmdai/config.toml", "self.policy{~/.config/cmdai/config.toml}"},
  });
}

TEST_CASE("what will run by itself") {
  check_effects({
      {"systemctl link /tmp/x.service", "persist.service{/tmp/x.service}"},
      {"systemctl enable --now /tmp/x.service", "persist.service{/tmp/x.service}"},
      {"systemctl --user enable ./x.service", "persist.service{x.service}"},
      {"systemctl enable nginx", ""},
      {"systemctl set-environment LD_PRELOAD=/tmp/x.so", "exec.hijack{LD_PRELOAD=/tmp/x.so}"},
      {"systemctl set-environment A=1", ""},
      {"crontab - <<< '* * * * * rm -rf ~'", "sys.cron fs.delete{~ rf}"},
      {"crontab <<< '@daily rm -rf ~'", "sys.cron fs.delete{~ rf}"},
      {"(crontab -l; echo '0 5 * * 1 rm -rf ~') | crontab -", "sys.cron fs.delete{~ rf}"},
      {"echo 'PATH=/bin' | crontab", "sys.cron"},
      {"echo '# rm -rf ~' | crontab -", "sys.cron"},
      {"echo '0 5 * * 1 rm -rf ~' > t; crontab t", "fs.overwrite{t} sys.cron fs.delete{~ rf}"},
      {"crontab -l | grep x", ""},
      {"crontab -e", ""},
      {"crontab", ""},
      {"at -f /home/u/job now", "exec.file{~/job}"},
      {"echo 'rm -rf ~' > j; at -f j now", "fs.overwrite{j} fs.delete{~ rf}"},
  });
}
