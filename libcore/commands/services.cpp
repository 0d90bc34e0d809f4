// Backup tools, brokers, secret stores and cluster managers: what they delete is not on this machine's disk.
// restic 0.15, borg 1.2, velero, kafka 3, rabbitmq 3.10, nats, doppler, 1Password op, argocd, kops, kubeadm.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/subcommands.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kBackup[] = {{'r', "repo", Arg::value},
                              {'p', "password-file", Arg::value},
                              {'n', "dry-run"},
                              {'a', "glob-archives", Arg::value},
                              {0, "keep-last", Arg::value},
                              {0, "keep-daily", Arg::value},
                              {0, "keep-weekly", Arg::value},
                              {0, "keep-monthly", Arg::value},
                              {0, "keep-within", Arg::value},
                              {0, "tag", Arg::value},
                              {0, "path", Arg::value},
                              {0, "host", Arg::value},
                              {0, "prune"},
                              {0, "help"}};
constexpr Verb kBackupVerbs[] = {
    {"forget", Kind::deletes, "sys.backup"},          {"prune", Kind::deletes, "sys.backup"},
    {"delete", Kind::deletes, "sys.backup"},          {"backup delete", Kind::deletes, "sys.backup"},
    {"schedule delete", Kind::deletes, "sys.backup"}, {"restore delete", Kind::deletes, "sys.backup"},
    {"snapshot delete", Kind::deletes, "sys.backup"}, {"backup-location delete", Kind::deletes, "sys.backup"},
};
void backup(const Call& call, Sink& sink) { judge_verbs(call, sink, kBackupVerbs); }

constexpr Option kKafka[] = {{0, "bootstrap-server", Arg::value},
                             {0, "zookeeper", Arg::value},
                             {0, "topic", Arg::value},
                             {0, "group", Arg::value},
                             {0, "delete"},
                             {0, "remove"},
                             {0, "delete-config", Arg::value},
                             {0, "delete-offsets"},
                             {0, "list"},
                             {0, "describe"},
                             {0, "help"}};
void kafka(const Call& call, Sink& sink) {
  if (!call.any("delete remove delete-config delete-offsets") || call.has("help")) return;
  Effect& e = sink.add(Kind::changes_remote, "cloud.delete");
  e.target.text = call.program() + " " + call.text("topic") + call.text("group");
}

constexpr Option kService[] = {{'y', "yes"},
                               {'f', "force"},
                               {'p', "vhost", Arg::value},
                               {'n', "node", Arg::value},
                               {'s', "server", Arg::value},
                               {'c', "config", Arg::value},
                               {'u', "username", Arg::value},
                               {'H', "host", Arg::value},
                               {'P', "port", Arg::value},
                               {0, "project", Arg::value},
                               {0, "context", Arg::value},
                               {0, "vault", Arg::value},
                               {0, "token", Arg::value},
                               {0, "name", Arg::value},
                               {0, "state", Arg::value},
                               {0, "dry-run"},
                               {0, "help"}};
/// Whatever the noun, these verbs of brokers, secret stores and cluster managers take it away.
void service(const Call& call, Sink& sink) {
  if (call.any("help dry-run")) return;
  for (size_t i = 0; i < std::min<size_t>(3, call.operands().size()); ++i) {
    const std::string verb = call.operand(i);
    const bool gone = verb == "delete" || verb == "del" || verb == "purge" || verb == "rm" ||
                      verb == "reset" || verb.starts_with("delete_") || verb.starts_with("delete-") ||
                      verb == "unregister" || verb == "clear_permissions" || verb == "force_reset" ||
                      verb == "purge_queue";
    if (!gone) continue;
    sink.add(Kind::changes_remote, "cloud.delete").target.text = call.program() + " " + verb;
    return;
  }
}

/// java -jar jenkins-cli.jar … delete-job x
constexpr Option kJava[] = {
    {0, "jar", Arg::value}, {0, "cp", Arg::value}, {0, "classpath", Arg::value}, {0, "version"}};
void java(const Call& call, Sink& sink) {
  if (call.text("jar").find("jenkins-cli") == std::string::npos) {
    if (const Argument* jar = call.value("jar")) sink.run_file(*jar);
    return;
  }
  for (const Argument* word : call.operands())
    if (word->value.prefix().starts_with("delete-"))
      sink.on(Kind::changes_remote, "cloud.delete", *word).detail = "jenkins";
}

/// Tools with one or two words that take everything with them.
constexpr Option kDestroyers[] = {{'f', "force"},
                                  {'r', "recursive"},
                                  {'y', "yes"},
                                  {'p', "purge"},
                                  {'n', "dry-run"},
                                  {0, "dry-run"},
                                  {0, "prefix"},
                                  {0, "from-key"},
                                  {0, "purge"},
                                  {0, "all"},
                                  {0, "prune"},
                                  {0, "nuke"},
                                  {'d', "delete"},
                                  {0, "remove-all-storage"},
                                  {0, "cert-name", Arg::value},
                                  {0, "flag", Arg::value},
                                  {0, "endpoints", Arg::value},
                                  {0, "help"}};
struct Destroyer {
  std::string_view program;
  Verb verb;
};
constexpr Destroyer kDestroyerVerbs[] = {
    {"etcdctl", {"del", Kind::changes_remote, "cloud.delete"}},
    {"nomad", {"job stop", Kind::changes_remote, "cloud.delete", "purge"}},
    {"consul", {"kv delete", Kind::changes_remote, "cloud.delete"}},
    {"influx", {"bucket delete", Kind::changes_remote, "sql.drop-database"}},
    {"influx", {"delete", Kind::changes_remote, "sql.delete-all"}},
    {"certbot", {"delete", Kind::changes_remote, "cloud.delete"}},
    {"certbot", {"revoke", Kind::changes_remote, "cloud.delete"}},
    {"duplicity", {"remove-*", Kind::deletes, "sys.backup"}},
    {"flux", {"uninstall", Kind::changes_remote, "cloud.delete"}},
    {"istioctl", {"uninstall", Kind::changes_remote, "cloud.delete"}},
    {"cilium", {"uninstall", Kind::changes_remote, "cloud.delete"}},
    {"algolia", {"index delete", Kind::changes_remote, "cloud.delete"}},
    {"algolia", {"* delete", Kind::changes_remote, "cloud.delete"}},
    {"ldcli", {"* delete", Kind::changes_remote, "cloud.delete"}},
    {"drone", {"repo rm", Kind::changes_remote, "cloud.delete"}},
    {"b2", {"delete-bucket", Kind::changes_remote, "cloud.delete"}},
    {"swift", {"delete", Kind::changes_remote, "cloud.delete", "all"}},
    {"rados", {"purge", Kind::changes_remote, "cloud.delete-recursive"}},
    {"rados", {"rmpool", Kind::changes_remote, "cloud.delete-recursive"}},
    {"ceph", {"osd pool delete", Kind::changes_remote, "cloud.delete-recursive"}},
    {"ceph", {"osd pool rm", Kind::changes_remote, "cloud.delete-recursive"}},
    {"gluster", {"volume delete", Kind::changes_remote, "cloud.delete-recursive"}},
    {"vagrant", {"destroy", Kind::deletes, "container.volume", "force"}},
    {"multipass", {"delete", Kind::deletes, "container.volume", "purge"}},
    {"multipass", {"purge", Kind::deletes, "container.volume"}},
    {"lxc", {"delete", Kind::deletes, "container.volume", "force"}},
    {"incus", {"delete", Kind::deletes, "container.volume", "force"}},
    {"virsh", {"undefine", Kind::deletes, "container.volume", "remove-all-storage"}},
    {"virsh", {"vol-delete", Kind::deletes, "container.volume"}},
};
void destroyer(const Call& call, Sink& sink) {
  for (const Destroyer& d : kDestroyerVerbs)
    if (call.program() == d.program && judge_verbs(call, sink, {&d.verb, 1})) return;
}

/// Options alone say it: tarsnap --nuke, postsuper -d ALL, rdiff-backup --remove-older-than.
void given_away(const Call& call, Sink& sink) {
  const std::string& p = call.program();
  if ((p == "tarsnap" && call.any("delete nuke")) || (p == "rdiff-backup" && call.has("remove-older-than")))
    sink.add(Kind::deletes, "sys.backup");
  else if (p == "postsuper" && call.has("delete"))
    sink.add(Kind::changes_remote, "cloud.delete").target.text = "mail queue";
}

constexpr CommandSpec kCommands[] = {
    {"etcdctl nomad consul influx certbot duplicity flux istioctl cilium algolia ldcli drone b2 swift rados "
     "ceph "
     "gluster vagrant multipass lxc incus virsh",
     kDestroyers, Order::permuted, destroyer},
    {"tarsnap rdiff-backup postsuper", kDestroyers, Order::permuted, given_away},
    {"restic borg velero bupstash kopia", kBackup, Order::permuted, backup},
    {"kafka-topics kafka-consumer-groups kafka-acls kafka-configs kafka-topics.sh kafka-consumer-groups.sh "
     "kafka-acls.sh kafka-configs.sh",
     kKafka, Order::permuted, kafka},
    {"rabbitmqadmin rabbitmqctl nats doppler op circleci argocd kops kubeadm gitlab-runner infisical",
     kService, Order::permuted, service},
    {"java", kJava, Order::single_dash, java},
};

}  // namespace

std::span<const CommandSpec> service_commands() { return kCommands; }

}  // namespace cmdai::commands
