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
      {"certbot delete --cert-name x", "cloud.delete{delete}"},
      {"certbot renew", ""},
  });
}
