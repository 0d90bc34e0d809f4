// Backup tools, brokers, secret stores, cluster managers.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("backups that are given up") {
  check_effects({
      {"restic forget --keep-last 1 --prune", "sys.backup{forget}"},
      {"restic -r /srv/r forget --tag x", "sys.backup{forget}"},
      {"restic forget --dry-run --keep-last 1", ""},
      {"restic -n forget --keep-last 1", ""},
      {"restic snapshots", ""},
      {"borg delete ::a", "sys.backup{::a}"},
      {"borg prune --keep-weekly=4 r", "sys.backup{r}"},
      {"borg create ::a .", ""},
      {"velero backup delete b --confirm", "sys.backup{b}"},
      {"velero schedule delete --all", "sys.backup{delete}"},
      {"velero backup get", ""},
  });
}

TEST_CASE("brokers, stores, managers") {
  check_effects({
      {"kafka-topics --bootstrap-server h:1 --delete --topic t", "cloud.delete{kafka-topics t}"},
      {"kafka-topics.sh --bootstrap-server=h:1 --topic=t --delete", "cloud.delete{kafka-topics.sh t}"},
      {"kafka-topics --bootstrap-server h:1 --list", ""},
      {"rabbitmqctl -q delete_vhost shop", "cloud.delete{rabbitmqctl delete_vhost}"},
      {"rabbitmqctl -n node list_queues", ""},
      {"rabbitmqadmin delete queue name=q", "cloud.delete{rabbitmqadmin delete}"},
      {"nats stream purge S", "cloud.delete{nats purge}"},
      {"nats stream info S", ""},
      {"doppler secrets delete X -y", "cloud.delete{doppler delete}"},
      {"op item delete x", "cloud.delete{op delete}"},
      {"argocd app delete a", "cloud.delete{argocd delete}"},
      {"kubeadm reset", "cloud.delete{kubeadm reset}"},
      {"kubeadm reset --dry-run", ""},
      {"java -jar jenkins-cli.jar -s http://h/ delete-job x", "cloud.delete{delete-job}"},
      {"java -jar app.jar", "exec.file{app.jar}"},
  });
}

TEST_CASE("one word takes everything with it") {
  check_effects({
      {"etcdctl del '' --prefix", "cloud.delete"},
      {"etcdctl get /a", ""},
      {"nomad job stop -purge web", "cloud.delete{web}"},
      {"nomad job stop web", ""},
      {"tarsnap --nuke", "sys.backup"},
      {"tarsnap -c -f a .", ""},
      {"postsuper -d ALL", "cloud.delete{mail queue}"},
      {"rdiff-backup --remove-older-than 1D /b", "sys.backup"},
      {"ceph osd pool delete p p --yes-i-really-really-mean-it", "cloud.delete-recursive{p}"},
      {"vagrant destroy -f", "container.volume{destroy}"},
      {"vagrant up", ""},
      {"virsh undefine vm --remove-all-storage", "container.volume{vm}"},
      {"virsh destroy vm", ""},
      {"duplicity remove-older-than 1M --force file:///b", "sys.backup{file:///b}"},
      {"duplicity remove-older-than 1M file:///b", ""},
      {"certbot delete --cert-name x", "cloud.delete{delete}"},
      {"certbot renew", ""},
  });
}

TEST_CASE("a letter means what the program's own manual says") {
  check_effects({
      {"influx bucket delete -n b", "sql.drop-database{delete}"},
      {"influx bucket list -n b", ""},
      {"influx delete --bucket b --start 1970-01-01T00:00:00Z --stop 2030-01-01T00:00:00Z",
       "sql.delete-all{delete}"},
      {"certbot delete -n --cert-name x", "cloud.delete{delete}"},
      {"flux uninstall -n flux-system", "cloud.delete{uninstall}"},
      {"flux uninstall --dry-run", ""},
      {"istioctl uninstall --purge -n x", "cloud.delete{uninstall}"},
      {"velero backup delete b -n velero", "sys.backup{b}"},
      {"borg delete -n ::a", ""},
      {"borg delete -p ::a", "sys.backup{::a}"},
      {"kopia snapshot delete k1", ""},
      {"kopia snapshot delete k1 --delete", "sys.backup{k1}"},
      {"rados -p pool rm obj", "cloud.delete-object{obj}"},
      {"rados -p pool ls", ""},
      {"swift delete box", "cloud.delete{box}"},
      {"b2 rm -r --dryRun bucket", ""},
      {"b2 rm -r bucket", "cloud.delete-recursive{bucket}"},
      {"kind delete cluster", "container.volume{cluster}"},
      {"kind get clusters", ""},
      {"minikube delete --all", "container.volume{delete}"},
      {"k3d cluster delete dev", "container.volume{dev}"},
  });
}

TEST_CASE("nomad, consul, vault") {
  check_effects({
      {"nomad namespace delete x", "cloud.delete{x}"},
      {"nomad job stop -purge x", "cloud.delete{x}"},
      {"nomad stop -address=http://h:4646 -purge x", "cloud.delete{x}"},
      {"nomad system gc", "cloud.delete{gc}"},
      {"nomad job status x", ""},
      {"nomad var purge a/b", "cloud.delete{a/b}"},
      {"nomad alloc exec -task web 1f2e rm -rf /data", "fs.delete{/data rfe}"},
      {"consul kv delete -recurse app/", "cloud.delete-recursive{app/}"},
      {"consul kv delete app/x", "cloud.delete{app/x}"},
      {"consul kv get app/x", ""},
      {"consul acl token delete -id 1", "cloud.delete{delete}"},
      {"consul members", ""},
      {"vault kv delete -mount=secret x", "cloud.delete{x}"},
      {"vault kv metadata delete secret/x", "cloud.delete{secret/x}"},
      {"vault kv delete -output-curl-string secret/x", ""},
      {"vault secrets disable secret/", "cloud.delete-recursive{secret/}"},
      {"vault audit disable file/", "sys.security-off{file/}"},
      {"vault lease revoke -prefix aws/", "cloud.delete{aws/}"},
      {"vault token revoke -self", ""},
      {"vault kv put secret/x a=1", ""},
      {"vault status", ""},
      {"vault operator seal", "cloud.seal{seal}"},
      {"vault write -f sys/seal", "cloud.seal{sys/seal}"},
      {"vault read sys/seal-status", ""},
      {"rbd rm p/x", "cloud.delete{p/x}"},
      {"rbd snap purge p/x", "cloud.delete{p/x}"},
      {"rbd ls", ""},
      {"qm destroy 100 --purge", "container.volume{100}"},
      {"pct destroy 100", "container.volume{100}"},
      {"qm stop 100", ""},
      {"VBoxManage unregistervm x --delete", "container.volume{x}"},
      {"VBoxManage unregistervm x", ""},
      {"prlctl list", ""},
      {"lxc exec c -- rm -rf /data", "fs.delete{/data rfe}"},
      {"lxc exec --cwd /srv c -- rm -rf /data", "fs.delete{/data rfe}"},
      {"lxc list", ""},
      {"vagrant ssh -c 'rm -rf /data'", "fs.delete{/data rfe}"},
  });
}
