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
      {"while ! false; do spawn_one & done", "sys.endless-spawn"},
      {"while true; do spawn_one & if false; then break; fi; done", "sys.endless-spawn"},
      {"while true; do spawn_one & false && break; done", "sys.endless-spawn"},
      {"while true; do spawn_one & if ready; then break; fi; done", ""},
      {"while false; do spawn_one & done", ""},
      {"while true; do spawn_one & (wait); done", "sys.endless-spawn"},
      {"while true; do spawn_one & $(wait); done", "sys.endless-spawn"},
      {"while true; do spawn_one & wait | cat; done", ""},
      {"while true; do (spawn_one &); wait; done", "sys.endless-spawn"},
      {"while true; do (spawn_one & wait); done", ""},
      {"while true; do wait; spawn_one & done", ""},
      {"while true; do wait; spawn_one & disown; done", "sys.endless-spawn"},
      {"while true; do spawn_one & disown; wait; done", "sys.endless-spawn"},
      {"while true; do spawn_one & disown -h; wait; done", ""},
      {"while true; do spawn_one & wait; disown; done", ""},
      {"while true; do spawn_one & if false; then wait; fi; done", "sys.endless-spawn"},
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

TEST_CASE("units by their name, helpers of agents are none") {
  check_effects({
      {"systemctl stop suricata-update.timer", "service.stop{suricata-update.timer}"},
      {"systemctl stop aide-report.timer", "service.stop{aide-report.timer}"},
      {"systemctl stop santa-tracker", "service.stop{santa-tracker}"},
      {"systemctl stop ssh-agent.service", "service.stop{ssh-agent.service}"},
      {"systemctl stop clamav-daemon wazuh-agent",
       "service.stop-critical{clamav-daemon} service.stop-critical{wazuh-agent}"},
      {"systemctl stop falco-modern-bpf.service", "service.stop-critical{falco-modern-bpf.service}"},
      {"systemctl stop ssh.socket sshd@x.service",
       "service.stop-critical{ssh.socket} service.stop-critical{sshd@x.service}"},
      {"systemctl stop 'ssh*'", "service.stop-critical{ssh*}"},
      {"systemctl stop 'my-*'", "service.stop{my-*}"},
      {"/etc/init.d/ssh stop", "service.stop-critical{ssh}"},
      {"sudo /etc/init.d/nginx stop", "service.stop{nginx p}"},
      {"/etc/init.d/ssh restart", ""},
      {"sv stop sshd", "service.stop-critical{sshd}"},
      {"sv d nginx", "service.stop{nginx}"},
      {"sv status sshd", ""},
      {"s6-svc -d /run/service/sshd", "service.stop-critical{/run/service/sshd}"},
      {"s6-svc -r /run/service/sshd", ""},
      {"rc-service sshd stop", "service.stop-critical{sshd}"},
      {"loginctl poweroff", "sys.power{poweroff}"},
      {"loginctl list-sessions", ""},
      {"kexec -e", "sys.power"},
      {"kexec -l vmlinuz", ""},
  });
}

TEST_CASE("processes of such services") {
  check_effects({
      {"kill -0 1", ""},
      {"kill -s 0 1", ""},
      {"kill -n 9 1", "sys.kill-all{1}"},
      {"kill $(pidof sshd)", "service.stop-critical{$(pidof sshd) ?}"},
      {"pidof sshd | xargs kill", "service.stop-critical{$(pidof sshd) ?}"},
      {"kill -9 `pgrep -x auditd`", "service.stop-critical{$(pidof auditd) ?}"},
      {"p=$(pgrep -f cmdaid); kill $p", "self.kill{$(pidof cmdaid) ?}"},
      {"kill -HUP $(pidof sshd)", ""},
      {"kill $(pgrep node)", ""},
      {"pkill auditd", "service.stop-critical{auditd}"},
      {"killall -9 falcon-sensor", "service.stop-critical{falcon-sensor}"},
      {"pkill -f /usr/sbin/osqueryd", "service.stop-critical{/usr/sbin/osqueryd}"},
      {"pkill -HUP sshd", "sys.kill{sshd}"},
      {"killall -s USR1 auditd", "sys.kill{auditd}"},
      {"pkill -0 sshd", ""},
      {"pkill ssh-agent", "sys.kill{ssh-agent}"},
      {"killall node", "sys.kill{node}"},
  });
}

TEST_CASE("switches of guards, firewall and network") {
  check_effects({
      {"falconctl -d --cid", "sys.security-off"},
      {"/opt/CrowdStrike/falconctl -g --cid", ""},
      {"sentinelctl unload", "sys.security-off{unload}"},
      {"fail2ban-client stop", "sys.security-off{stop}"},
      {"fail2ban-client status", ""},
      {"nft 'flush ruleset'", "sys.firewall"},
      {"nft -c -f x", ""},
      {"nft -f rules.nft", ""},
      {"echo 'flush ruleset' > x; nft -f x", "fs.overwrite{x} sys.firewall"},
      {"echo 'flush ruleset' | nft -f -", "sys.firewall"},
      {"nft list ruleset", ""},
      {"iptables-legacy -F", "sys.firewall"},
      {"iptables-restore < /dev/null", "sys.firewall"},
      {"iptables-restore < rules.v4", ""},
      {"iptables-restore -n < /dev/null", ""},
      {"ip r d default", "sys.network{default}"},
      {"ip -4 route delete default via 192.0.2.1", "sys.network{192.0.2.1}"},
      {"ip ro flush table main", "sys.network{main}"},
      {"ip l s eth0 down", "sys.network{down}"},
      {"ip a f dev eth0", "sys.network{eth0}"},
      {"ip -n ns link set x down", ""},
      {"ip r add default via 192.0.2.1", ""},
      {"ip link set eth0 up", ""},
      {"ip a", ""},
  });
}

TEST_CASE("history of a shell, not of other programs") {
  check_effects({
      {"HISTFILE=/dev/null bash", "sys.history self.live-shell"},
      {"export HISTFILE=", "sys.history"},
      {"HISTFILE=/dev/null", "sys.history"},
      {"HISTFILE=/dev/null python3 x.py", "exec.file{x.py}"},
      {"HISTFILE= psql", ""},
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
      {"usermod -p x bob", "sys.password{bob}"},
      {"usermod --password x bob", "sys.password{bob}"},
      {"usermod -s /bin/zsh bob", ""},
      {"usermod -l robert bob", ""},
      {"usermod -L bob", "sys.user{bob}"},
      {"passwd -d bob", "sys.password{bob}"},
      {"chpasswd < list", "sys.password"},
      {"chsh -s /usr/bin/zsh root", ""},
      {"chsh -s /bin/false root", "sys.password{root}"},
      {"echo x >> /etc/rc.local", "persist.boot{/etc/rc.local}"},
      {"cp x.plist /Library/LaunchDaemons/", "persist.boot{/Library/LaunchDaemons/x.plist}"},
      {"cp x.plist ~/Library/LaunchAgents/", "persist.service{~/Library/LaunchAgents/x.plist}"},
      {"defaults write com.apple.loginwindow LoginHook /tmp/x", "persist.boot{LoginHook}"},
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

TEST_CASE("editors that run their commands") {
  check_effects({
      {"vim +'!rm f'", "fs.delete{f}"},
      {"nvim --headless '+!rm f' +q", "fs.delete{f}"},
      {"vim -es -c '%!rm f' x", "fs.delete{f}"},
      {"vim -c 'silent !rm f'", "fs.delete{f}"},
      {"vim -c 'r !rm f'", "fs.delete{f}"},
      {"vim -c 'call system(\"rm f\")' -c q", "fs.delete{f}"},
      {"nvim --headless -c 'lua os.execute(\"rm f\")' -c q", "fs.delete{f}"},
      {"vim -c 'py3 import os; os.system(\"rm f\")'", "fs.delete{f}"},
      {"vim -c 'term rm f'", "fs.delete{f}"},
      {"vim -c 'exe \"!rm f\"'", "fs.delete{f}"},
      {"echo '!rm f' | ex x", "fs.delete{f}"},
      {"printf '!rm f\\nq\\n' | ed x", "fs.delete{f}"},
      {"vim -c 'w!' -c 'q!' x", ""},
      {"vim +10 x", ""},
      {"vim +/rm x", ""},
      {"nvim --headless +PlugInstall +qa", ""},
      {"ed x <<< ',s/a/b/'", ""},
  });
}

TEST_CASE("against cmdai") {
  check_effects({
      {"cmdai stop", "self.kill"},
      {"cmdai allow ab12", "self.approve"},
      {"cmdai allow --list", ""},
      {"cmdai policy trust", "self.approve"},
      {"cmdai policy template use sre --yes", "self.approve"},
      {"cmdai policy template --yes use sre", "self.approve"},
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
