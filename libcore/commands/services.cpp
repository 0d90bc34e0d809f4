// Backup tools, brokers and services: what they delete is not on this machine's disk. restic 0.15, borg 1.2,
// velero 1.12, kopia 0.15, bupstash 0.12, duplicity 1.2, kafka 3, rabbitmq 3.10, nats, doppler, 1Password op,
// argocd, kops, kubeadm.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/keys.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/subcommands.hpp"

namespace cmdai::commands {
namespace {

constexpr std::string_view kTag = "sys.backup";
constexpr Option kRestic[] = {{'r', "repo", Arg::value},
                              {'p', "password-file", Arg::value},
                              {'n', "dry-run"},
                              {0, "repository-file", Arg::value},
                              {0, "password-command", Arg::value},
                              {'l', "keep-last", Arg::value},
                              {'H', "keep-hourly", Arg::value},
                              {'d', "keep-daily", Arg::value},
                              {'w', "keep-weekly", Arg::value},
                              {'m', "keep-monthly", Arg::value},
                              {'y', "keep-yearly", Arg::value},
                              {0, "keep-within", Arg::value},
                              {0, "keep-tag", Arg::value},
                              {'g', "group-by", Arg::value},
                              {'o', "option", Arg::value},
                              {0, "tag", Arg::value},
                              {0, "path", Arg::value},
                              {0, "host", Arg::value},
                              {0, "max-unused", Arg::value},
                              {0, "cache-dir", Arg::value},
                              {0, "prune"},
                              {0, "forget"},
                              {0, "help"}};
constexpr Verb kResticVerbs[] = {{"forget", Kind::deletes, kTag},
                                 {"prune", Kind::deletes, kTag},
                                 {"rewrite", Kind::deletes, kTag, "forget"},
                                 {"key remove", Kind::deletes, kTag}};

constexpr Option kBorg[] = {{'n', "dry-run"},
                            {'a', "glob-archives", Arg::value},
                            {'P', "prefix", Arg::value},
                            {'p', "progress"},
                            {'s', "stats"},
                            {'v', "verbose"},
                            {'H', "keep-hourly", Arg::value},
                            {'d', "keep-daily", Arg::value},
                            {'w', "keep-weekly", Arg::value},
                            {'m', "keep-monthly", Arg::value},
                            {'y', "keep-yearly", Arg::value},
                            {0, "keep-last", Arg::value},
                            {0, "keep-within", Arg::value},
                            {0, "first", Arg::value},
                            {0, "last", Arg::value},
                            {0, "rsh", Arg::value},
                            {0, "remote-path", Arg::value},
                            {0, "list"},
                            {0, "force"},
                            {'h', "help"}};
constexpr Verb kBorgVerbs[] = {{"delete", Kind::deletes, kTag}, {"prune", Kind::deletes, kTag}};

constexpr Option kVelero[] = {{'n', "namespace", Arg::value},
                              {0, "kubeconfig", Arg::value},
                              {0, "kubecontext", Arg::value},
                              {'l', "selector", Arg::value},
                              {0, "all"},
                              {0, "confirm"},
                              {'h', "help"}};
constexpr Verb kVeleroVerbs[] = {
    {"backup delete", Kind::deletes, kTag},   {"schedule delete", Kind::deletes, kTag},
    {"restore delete", Kind::deletes, kTag},  {"backup-location delete", Kind::deletes, kTag},
    {"snapshot delete", Kind::deletes, kTag}, {"delete", Kind::deletes, kTag},
    {"uninstall", Kind::deletes, kTag},
};

constexpr Option kBupstash[] = {{'r', "repository", Arg::value},
                                {'k', "key", Arg::value},
                                {0, "ids-from-stdin"},
                                {0, "allow-many"},
                                {'h', "help"}};
constexpr Verb kBupstashVerbs[] = {{"rm", Kind::deletes, kTag}, {"remove", Kind::deletes, kTag}};

/// kopia only shows what it would do until it is told --delete.
constexpr Option kKopia[] = {{0, "delete"}, {0, "unsafe-ignore-source"},    {0, "all-snapshots-for-source"},
                             {0, "all"},    {0, "config-file", Arg::value}, {'p', "password", Arg::value},
                             {0, "help"}};
constexpr Verb kKopiaVerbs[] = {{"snapshot delete", Kind::deletes, kTag, "delete"},
                                {"snapshot expire", Kind::deletes, kTag, "delete"},
                                {"snap delete", Kind::deletes, kTag, "delete"},
                                {"manifest delete", Kind::deletes, kTag},
                                {"manifest rm", Kind::deletes, kTag},
                                {"blob delete", Kind::deletes, kTag},
                                {"blob rm", Kind::deletes, kTag},
                                {"policy delete", Kind::deletes, kTag}};

/// duplicity lists what it would remove until it is told --force.
constexpr Option kDuplicity[] = {{0, "force"},
                                 {0, "dry-run"},
                                 {'v', "verbosity", Arg::value},
                                 {0, "archive-dir", Arg::value},
                                 {0, "encrypt-key", Arg::value},
                                 {0, "name", Arg::value},
                                 {0, "tempdir", Arg::value},
                                 {'h', "help"}};
constexpr Verb kDuplicityVerbs[] = {{"remove-*", Kind::deletes, kTag, "force"},
                                    {"cleanup", Kind::deletes, kTag, "force"}};

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
                               {0, "command", Arg::value},
                               {0, "env-file", Arg::value},
                               {0, "env", Arg::value},
                               {0, "path", Arg::value},
                               {0, "help"}};
/// doppler run, op run, infisical run: a program with secrets in its environment.
void run_with_secrets(const Call& call, Sink& sink) {
  if (const Argument* code = call.value("command")) {
    resolve::RunAs how = sink.as(call.program());
    how.child_shell = true;
    sink.run_code(*code, *dialect_from_name("sh"), how);
    return;
  }
  const size_t verb = call.argv().size() - call.rest().size();
  run_rest(Call(call.invocation(), kService, Order::leading, verb + 1), sink, 0);
}

/// Whatever the noun, these verbs of brokers, secret stores and cluster managers take it away.
void service(const Call& call, Sink& sink) {
  if (call.any("help dry-run")) return;
  if (call.operand(0) == "run") return run_with_secrets(call, sink);
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

void one_password(const Call& call, Sink& sink) {
  service(call, sink);
  judge_manager(call, sink);
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

constexpr Option kGivenAway[] = {
    {'d', "delete"}, {0, "nuke"}, {0, "remove-older-than", Arg::value}, {0, "dry-run"}, {0, "help"}};
/// Options alone say it: tarsnap --nuke, postsuper -d ALL, rdiff-backup --remove-older-than.
void given_away(const Call& call, Sink& sink) {
  const std::string& p = call.program();
  if ((p == "tarsnap" && call.any("delete nuke")) || (p == "rdiff-backup" && call.has("remove-older-than")))
    sink.add(Kind::deletes, "sys.backup");
  else if (p == "postsuper" && call.has("delete"))
    sink.add(Kind::changes_remote, "cloud.delete").target.text = "mail queue";
}

constexpr CommandSpec kServiceCommands[] = {
    {"tarsnap rdiff-backup postsuper", kGivenAway, Order::permuted, given_away},
    {"restic", kRestic, Order::permuted, verbs<kResticVerbs>},
    {"borg", kBorg, Order::permuted, verbs<kBorgVerbs>},
    {"velero", kVelero, Order::permuted, verbs<kVeleroVerbs>},
    {"bupstash", kBupstash, Order::permuted, verbs<kBupstashVerbs>},
    {"kopia", kKopia, Order::permuted, verbs<kKopiaVerbs>},
    {"duplicity", kDuplicity, Order::permuted, verbs<kDuplicityVerbs>},
    {"kafka-topics kafka-consumer-groups kafka-acls kafka-configs kafka-topics.sh kafka-consumer-groups.sh "
     "kafka-acls.sh kafka-configs.sh",
     kKafka, Order::permuted, kafka},
    {"rabbitmqadmin rabbitmqctl nats doppler circleci argocd kops kubeadm gitlab-runner infisical", kService,
     Order::permuted, service},
    {"op", kService, Order::permuted, one_password, secret_output},
    {"java", kJava, Order::single_dash, java},
};

}  // namespace

std::span<const CommandSpec> service_commands() { return kServiceCommands; }

}  // namespace cmdai::commands
