// Cluster managers, secret and key-value stores, virtual machines, storage: the danger is in the verb. Each
// has a table of its own, since one program's --name is another's dry run. From the manuals of nomad 1.7,
// consul 1.17, vault 1.15, etcd 3.5, influx 2.7, certbot 2.1, flux 2, istioctl 1.20, cilium 0.15, drone 1.7,
// b2 3 and 4, ceph 16, gluster 10, vagrant 2.3, multipass 1.12, lxc 5, libvirt 9.
#include <algorithm>
#include <utility>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/subcommands.hpp"

namespace cmdai::commands {
namespace {

constexpr Kind kRemote = Kind::changes_remote;
constexpr std::string_view kGone = "cloud.delete";

constexpr Option kNomad[] = {{0, "address", Arg::value},
                             {0, "region", Arg::value},
                             {0, "namespace", Arg::value},
                             {0, "token", Arg::value},
                             {0, "ca-cert", Arg::value},
                             {0, "ca-path", Arg::value},
                             {0, "client-cert", Arg::value},
                             {0, "client-key", Arg::value},
                             {0, "tls-server-name", Arg::value},
                             {0, "tls-skip-verify"},
                             {0, "job", Arg::value},
                             {0, "group", Arg::value},
                             {0, "task", Arg::value},
                             {0, "type", Arg::value},
                             {0, "peer-id", Arg::value},
                             {0, "peer-address", Arg::value},
                             {0, "purge"},
                             {0, "detach"},
                             {0, "yes"},
                             {0, "global"},
                             {0, "verbose"},
                             {0, "help"}};
constexpr Verb kNomadVerbs[] = {
    {"job stop", kRemote, kGone, "purge"},
    {"stop", kRemote, kGone, "purge"},
    {"namespace delete", kRemote, kGone},
    {"system gc", kRemote, kGone},
    {"node purge", kRemote, kGone},
    {"node pool delete", kRemote, kGone},
    {"var purge", kRemote, kGone},
    {"volume delete", kRemote, kGone},
    {"volume deregister", kRemote, kGone},
    {"volume snapshot delete", kRemote, kGone},
    {"quota delete", kRemote, kGone},
    {"acl policy delete", kRemote, kGone},
    {"acl token delete", kRemote, kGone},
    {"acl role delete", kRemote, kGone},
    {"acl auth-method delete", kRemote, kGone},
    {"acl binding-rule delete", kRemote, kGone},
    {"sentinel delete", kRemote, kGone},
    {"operator raft remove-peer", kRemote, kGone},
    {"operator snapshot restore", kRemote, kGone},
};

constexpr Option kConsul[] = {{0, "http-addr", Arg::value},
                              {0, "datacenter", Arg::value},
                              {0, "namespace", Arg::value},
                              {0, "partition", Arg::value},
                              {0, "token", Arg::value},
                              {0, "token-file", Arg::value},
                              {0, "ca-file", Arg::value},
                              {0, "ca-path", Arg::value},
                              {0, "client-cert", Arg::value},
                              {0, "client-key", Arg::value},
                              {0, "tls-server-name", Arg::value},
                              {0, "id", Arg::value},
                              {0, "name", Arg::value},
                              {0, "kind", Arg::value},
                              {0, "address", Arg::value},
                              {0, "modify-index", Arg::value},
                              {0, "filename", Arg::value},
                              {0, "recurse"},
                              {0, "cas"},
                              {0, "stale"},
                              {0, "help"}};
constexpr Verb kConsulVerbs[] = {
    {"kv delete", kRemote, "cloud.delete-recursive", "recurse"},
    {"kv delete", kRemote, kGone},
    {"acl token delete", kRemote, kGone},
    {"acl policy delete", kRemote, kGone},
    {"acl role delete", kRemote, kGone},
    {"acl auth-method delete", kRemote, kGone},
    {"acl binding-rule delete", kRemote, kGone},
    {"namespace delete", kRemote, kGone},
    {"partition delete", kRemote, kGone},
    {"peering delete", kRemote, kGone},
    {"config delete", kRemote, kGone},
    {"intention delete", kRemote, kGone},
    {"resource delete", kRemote, kGone},
    {"snapshot restore", kRemote, kGone},
    {"operator raft remove-peer", kRemote, kGone},
    {"services deregister", Kind::stops_service, "cloud.stop"},
    {"force-leave", Kind::stops_service, "cloud.stop"},
    {"leave", Kind::stops_service, "cloud.stop"},
};

constexpr Option kVault[] = {{0, "address", Arg::value},
                             {0, "agent-address", Arg::value},
                             {0, "namespace", Arg::value},
                             {0, "ns", Arg::value},
                             {0, "ca-cert", Arg::value},
                             {0, "ca-path", Arg::value},
                             {0, "client-cert", Arg::value},
                             {0, "client-key", Arg::value},
                             {0, "tls-server-name", Arg::value},
                             {0, "tls-skip-verify"},
                             {0, "header", Arg::value},
                             {0, "mfa", Arg::value},
                             {0, "wrap-ttl", Arg::value},
                             {0, "format", Arg::value},
                             {0, "field", Arg::value},
                             {0, "mount", Arg::value},
                             {0, "versions", Arg::value},
                             {0, "mode", Arg::value},
                             {0, "version", Arg::value},
                             {0, "output-curl-string"},
                             {0, "output-policy"},
                             {0, "prefix"},
                             {0, "force"},
                             {0, "self"},
                             {0, "sync"},
                             {0, "help"}};
constexpr std::string_view kOnlyPrints = "output-curl-string output-policy";
constexpr Verb kVaultVerbs[] = {
    {"kv delete", kRemote, kGone, {}, kOnlyPrints},
    {"kv destroy", kRemote, kGone, {}, kOnlyPrints},
    {"kv metadata delete", kRemote, kGone, {}, kOnlyPrints},
    {"delete", kRemote, kGone, {}, kOnlyPrints},
    {"secrets disable", kRemote, "cloud.delete-recursive", {}, kOnlyPrints},
    {"auth disable", kRemote, kGone, {}, kOnlyPrints},
    {"audit disable", Kind::changes_config, "sys.security-off", {}, kOnlyPrints},
    {"policy delete", kRemote, kGone, {}, kOnlyPrints},
    {"namespace delete", kRemote, kGone, {}, kOnlyPrints},
    {"plugin deregister", kRemote, kGone, {}, kOnlyPrints},
    {"lease revoke", kRemote, kGone, {}, kOnlyPrints},
    {"token revoke", kRemote, kGone, {}, "self output-curl-string output-policy"},
    {"operator raft remove-peer", kRemote, kGone, {}, kOnlyPrints},
    {"operator raft snapshot restore", kRemote, kGone, {}, kOnlyPrints},
    {"operator seal", Kind::stops_service, "cloud.seal", {}, kOnlyPrints},
    {"write sys/seal", Kind::stops_service, "cloud.seal", {}, kOnlyPrints},
    {"operator step-down", Kind::stops_service, "cloud.stop", {}, kOnlyPrints},
    {"print token", Kind::reads_secret, "secret.print"},
};

constexpr Option kEtcd[] = {{0, "endpoints", Arg::value},
                            {0, "cacert", Arg::value},
                            {0, "cert", Arg::value},
                            {0, "key", Arg::value},
                            {0, "user", Arg::value},
                            {0, "password", Arg::value},
                            {0, "command-timeout", Arg::value},
                            {0, "dial-timeout", Arg::value},
                            {'w', "write-out", Arg::value},
                            {0, "prefix"},
                            {0, "from-key"},
                            {0, "range"},
                            {0, "prev-kv"},
                            {0, "recursive"},
                            {0, "help"}};
constexpr Verb kEtcdVerbs[] = {
    {"del", kRemote, kGone},           {"rm", kRemote, kGone},          {"rmdir", kRemote, kGone},
    {"user delete", kRemote, kGone},   {"role delete", kRemote, kGone}, {"lease revoke", kRemote, kGone},
    {"member remove", kRemote, kGone},
};

constexpr Option kInflux[] = {{'n', "name", Arg::value},
                              {'i', "id", Arg::value},
                              {'o', "org", Arg::value},
                              {'b', "bucket", Arg::value},
                              {'t', "token", Arg::value},
                              {'c', "active-config", Arg::value},
                              {'p', "predicate", Arg::value},
                              {0, "host", Arg::value},
                              {0, "org-id", Arg::value},
                              {0, "bucket-id", Arg::value},
                              {0, "configs-path", Arg::value},
                              {0, "start", Arg::value},
                              {0, "stop", Arg::value},
                              {0, "stack-id", Arg::value},
                              {0, "skip-verify"},
                              {0, "force"},
                              {0, "full"},
                              {0, "help"}};
constexpr Verb kInfluxVerbs[] = {
    {"bucket delete", kRemote, "sql.drop-database"},
    {"org delete", kRemote, "sql.drop-database"},
    {"restore", kRemote, "sql.drop-database", "full"},
    {"delete", kRemote, "sql.delete-all", {}, "predicate"},
    {"delete", kRemote, kGone},
    {"user delete", kRemote, kGone},
    {"auth delete", kRemote, kGone},
    {"task delete", kRemote, kGone},
    {"secret delete", kRemote, kGone},
    {"telegrafs rm", kRemote, kGone},
    {"stacks remove", kRemote, kGone},
    {"remote delete", kRemote, kGone},
    {"replication delete", kRemote, kGone},
    {"scripts delete", kRemote, kGone},
    {"v1 dbrp delete", kRemote, kGone},
    {"v1 auth delete", kRemote, kGone},
};

constexpr Option kCertbot[] = {{'n', "non-interactive"},
                               {'q', "quiet"},
                               {'v', "verbose"},
                               {'d', "domains", Arg::value},
                               {'a', "authenticator", Arg::value},
                               {'i', "installer", Arg::value},
                               {'m', "email", Arg::value},
                               {'w', "webroot-path", Arg::value},
                               {'c', "config", Arg::value},
                               {0, "cert-name", Arg::value},
                               {0, "cert-path", Arg::value},
                               {0, "key-path", Arg::value},
                               {0, "reason", Arg::value},
                               {0, "config-dir", Arg::value},
                               {0, "work-dir", Arg::value},
                               {0, "logs-dir", Arg::value},
                               {0, "server", Arg::value},
                               {0, "dry-run"},
                               {0, "help"}};
constexpr Verb kCertbotVerbs[] = {
    {"delete", kRemote, kGone}, {"revoke", kRemote, kGone}, {"unregister", kRemote, kGone}};

/// flux, istioctl and cilium: -n is the namespace.
constexpr Option kMesh[] = {{'n', "namespace", Arg::value},
                            {'i', "istioNamespace", Arg::value},
                            {'f', "filename", Arg::value},
                            {'r', "revision", Arg::value},
                            {'c', "kubeconfig", Arg::value},
                            {0, "context", Arg::value},
                            {0, "timeout", Arg::value},
                            {0, "manifests", Arg::value},
                            {0, "set", Arg::value},
                            {'y', "skip-confirmation"},
                            {'s', "silent"},
                            {0, "keep-namespace"},
                            {0, "purge"},
                            {0, "dry-run"},
                            {0, "help"}};
constexpr Verb kMeshVerbs[] = {{"uninstall", kRemote, kGone}, {"delete", kRemote, kGone}};

constexpr Option kAlgolia[] = {{'p', "profile", Arg::value},
                               {'y', "confirm"},
                               {0, "application-id", Arg::value},
                               {0, "api-key", Arg::value},
                               {0, "object-ids", Arg::value},
                               {0, "include-replicas"},
                               {0, "dry-run"},
                               {0, "help"}};
constexpr Verb kAlgoliaVerbs[] = {{"* delete", kRemote, kGone}, {"* clear", kRemote, kGone}};

constexpr Option kDarkly[] = {
    {0, "flag", Arg::value},     {0, "project", Arg::value},  {0, "environment", Arg::value},
    {0, "segment", Arg::value},  {0, "member", Arg::value},   {0, "access-token", Arg::value},
    {0, "base-uri", Arg::value}, {'o', "output", Arg::value}, {0, "help"}};
constexpr Verb kDarklyVerbs[] = {{"* delete", kRemote, kGone}};

constexpr Option kDrone[] = {{'t', "token", Arg::value},
                             {'s', "server", Arg::value},
                             {0, "repository", Arg::value},
                             {0, "name", Arg::value},
                             {0, "help"}};
constexpr Verb kDroneVerbs[] = {{"* rm", kRemote, kGone}};

constexpr Option kBackblaze[] = {{'r', "recursive"},
                                 {'q', "quiet"},
                                 {0, "versions"},
                                 {0, "dryRun"},
                                 {0, "dry-run"},
                                 {0, "bypassGovernance"},
                                 {0, "threads", Arg::value},
                                 {0, "include", Arg::value},
                                 {0, "exclude", Arg::value},
                                 {0, "delete"},
                                 {0, "help"}};
constexpr Verb kBackblazeVerbs[] = {
    {"delete-bucket", kRemote, kGone},
    {"bucket delete", kRemote, kGone},
    {"delete-file-version", kRemote, "cloud.delete-object"},
    {"rm", kRemote, "cloud.delete-recursive", "recursive", "dryRun"},
    {"rm", kRemote, "cloud.delete-object", {}, "dryRun"},
    {"sync", kRemote, "cloud.sync-delete", "delete", "dryRun"},
    {"delete-key", kRemote, kGone},
    {"key delete", kRemote, kGone},
};

constexpr Option kSwift[] = {{'a', "all"},
                             {'p', "prefix", Arg::value},
                             {'A', "auth", Arg::value},
                             {'U', "user", Arg::value},
                             {'K', "key", Arg::value},
                             {'V', "auth-version", Arg::value},
                             {0, "object-threads", Arg::value},
                             {0, "container-threads", Arg::value},
                             {0, "header", Arg::value},
                             {0, "leave-segments"},
                             {0, "yes-all"},
                             {'q', "quiet"},
                             {'v', "verbose"},
                             {0, "help"}};
constexpr Verb kSwiftVerbs[] = {{"delete", kRemote, "cloud.delete-recursive", "all"},
                                {"delete", kRemote, kGone}};

constexpr Option kRados[] = {
    {'p', "pool", Arg::value},   {'n', "name", Arg::value},    {'N', "namespace", Arg::value},
    {'c', "conf", Arg::value},   {'k', "keyring", Arg::value}, {'m', "monmap", Arg::value},
    {'f', "format", Arg::value}, {'i', "id", Arg::value},      {'t', "threads", Arg::value},
    {0, "cluster", Arg::value},  {0, "pgid", Arg::value},      {0, "help"}};
constexpr Verb kRadosVerbs[] = {{"purge", kRemote, "cloud.delete-recursive"},
                                {"rmpool", kRemote, "cloud.delete-recursive"},
                                {"rm", kRemote, "cloud.delete-object"}};
constexpr Verb kRbdVerbs[] = {{"rm", kRemote, kGone},          {"remove", kRemote, kGone},
                              {"snap purge", kRemote, kGone},  {"snap rm", kRemote, kGone},
                              {"snap remove", kRemote, kGone}, {"trash purge", kRemote, kGone},
                              {"trash rm", kRemote, kGone},    {"trash remove", kRemote, kGone}};
constexpr Verb kCephVerbs[] = {
    {"osd pool delete", kRemote, "cloud.delete-recursive"},
    {"osd pool rm", kRemote, "cloud.delete-recursive"},
    {"fs volume rm", kRemote, "cloud.delete-recursive"},
    {"fs subvolume rm", kRemote, kGone},
    {"fs rm", kRemote, "cloud.delete-recursive"},
    {"osd purge", kRemote, kGone},
    {"osd destroy", kRemote, kGone},
    {"osd rm", kRemote, kGone},
    {"osd lost", kRemote, kGone},
    {"mon rm", kRemote, kGone},
    {"mon remove", kRemote, kGone},
    {"auth del", kRemote, kGone},
    {"auth rm", kRemote, kGone},
    {"orch rm", kRemote, kGone},
};

constexpr Option kGluster[] = {{0, "mode", Arg::value}, {0, "remote-host", Arg::value}, {0, "help"}};
constexpr Verb kGlusterVerbs[] = {
    {"volume delete", kRemote, "cloud.delete-recursive"},
    {"volume remove-brick * force", kRemote, kGone},
    {"volume stop", Kind::stops_service, "cloud.stop"},
    {"snapshot delete", kRemote, kGone},
    {"peer detach", kRemote, kGone},
};

constexpr std::string_view kDisk = "container.volume";  // of a machine on this machine
constexpr Option kVagrant[] = {{'f', "force"},
                               {'g', "graceful"},
                               {0, "all"},
                               {0, "provider", Arg::value},
                               {0, "box-version", Arg::value},
                               {'c', "command", Arg::value},
                               {'p', "plain"},
                               {'t', "tty"},
                               {'h', "help"}};
constexpr Verb kVagrantVerbs[] = {{"destroy", Kind::deletes, kDisk, "force"},
                                  {"box remove", Kind::deletes, kDisk, "force all"},
                                  {"snapshot delete", Kind::deletes, kDisk}};
/// vagrant ssh [MACHINE] -c CODE
void vagrant(const Call& call, Sink& sink) {
  if (const Argument* code = call.value("command"); code != nullptr && call.operand(0) == "ssh") {
    resolve::RunAs how = sink.as("vagrant");
    how.child_shell = how.wrapper.elsewhere = true;
    sink.run_code(*code, *dialect_from_name("bash"), how);
    return;
  }
  judge_verbs(call, sink, kVagrantVerbs);
}

constexpr Option kMultipass[] = {{'p', "purge"},
                                 {0, "all"},
                                 {'v', "verbose"},
                                 {'h', "help"},
                                 {'d', "working-directory", Arg::value},
                                 {'n', "no-map-working-directory"}};
constexpr Verb kMultipassVerbs[] = {{"delete", Kind::deletes, kDisk, "purge"},
                                    {"purge", Kind::deletes, kDisk}};

constexpr Option kLxc[] = {
    {'f', "force"},          {'i', "interactive"},   {0, "project", Arg::value}, {0, "target", Arg::value},
    {0, "force-local"},      {'q', "quiet"},         {'v', "verbose"},           {0, "all"},
    {0, "cwd", Arg::value},  {0, "env", Arg::value}, {0, "user", Arg::value},    {0, "group", Arg::value},
    {0, "mode", Arg::value}, {'h', "help"}};
constexpr Verb kLxcVerbs[] = {
    {"delete", Kind::deletes, kDisk, {}, "interactive"}, {"rm", Kind::deletes, kDisk, {}, "interactive"},
    {"storage volume delete", Kind::deletes, kDisk},     {"storage delete", Kind::deletes, kDisk},
    {"snapshot delete", Kind::deletes, kDisk},           {"project delete", Kind::deletes, kDisk},
    {"image delete", Kind::deletes, "container.remove"},
};

constexpr Option kVirsh[] = {{'c', "connect", Arg::value},
                             {'q', "quiet"},
                             {'d', "debug", Arg::value},
                             {'l', "log", Arg::value},
                             {'r', "readonly"},
                             {0, "pool", Arg::value},
                             {0, "domain", Arg::value},
                             {0, "vol", Arg::value},
                             {0, "storage", Arg::value},
                             {0, "remove-all-storage"},
                             {0, "wipe-storage"},
                             {0, "snapshots-metadata"},
                             {0, "metadata"},
                             {0, "nvram"},
                             {0, "help"}};
constexpr Verb kVirshVerbs[] = {
    {"undefine", Kind::deletes, kDisk, "remove-all-storage wipe-storage"},
    {"vol-delete", Kind::deletes, kDisk},
    {"vol-wipe", Kind::deletes, kDisk},
    {"snapshot-delete", Kind::deletes, kDisk, {}, "metadata"},
};

/// Proxmox VE 8, VirtualBox 7, Parallels 19.
constexpr Option kProxmox[] = {{0, "purge", Arg::optional},
                               {0, "destroy-unreferenced-disks", Arg::optional},
                               {0, "force", Arg::optional},
                               {0, "skiplock", Arg::optional}};
constexpr Verb kProxmoxVerbs[] = {
    {"destroy", Kind::deletes, kDisk}, {"delsnapshot", Kind::deletes, kDisk}, {"free", Kind::deletes, kDisk}};
constexpr Option kVirtualBox[] = {{0, "delete"}, {0, "delete-all"}, {0, "help"}};
constexpr Verb kVirtualBoxVerbs[] = {{"unregistervm", Kind::deletes, kDisk, "delete delete-all"},
                                     {"closemedium", Kind::deletes, kDisk, "delete"},
                                     {"snapshot * delete", Kind::deletes, kDisk}};
constexpr Verb kParallelsVerbs[] = {{"delete", Kind::deletes, kDisk},
                                    {"snapshot-delete", Kind::deletes, kDisk}};

/// kind, minikube, k3d: clusters that live in containers of this machine.
constexpr Option kLocalCluster[] = {{0, "name", Arg::value},
                                    {'n', "name", Arg::value},
                                    {'p', "profile", Arg::value},
                                    {'a', "all"},
                                    {0, "purge", Arg::optional},
                                    {0, "kubeconfig", Arg::value},
                                    {'c', "config", Arg::value},
                                    {'q', "quiet"},
                                    {'h', "help"}};
constexpr Verb kLocalClusterVerbs[] = {
    {"delete cluster", Kind::deletes, kDisk}, {"delete clusters", Kind::deletes, kDisk},
    {"cluster delete", Kind::deletes, kDisk}, {"cluster rm", Kind::deletes, kDisk},
    {"delete", Kind::deletes, kDisk},         {"reset", Kind::deletes, kDisk},
};
/// k3s kubectl …, minikube kubectl -- …, microk8s helm3 …: clients that come with a distribution.
void local_cluster(const Call& call, Sink& sink) {
  static constexpr std::string_view kClients[][2] = {
      {"kubectl", "kubectl"}, {"kc", "kubectl"}, {"helm", "helm"}, {"helm3", "helm"}};
  for (const auto& [word, program] : kClients) {
    if (call.operand(0) != word) continue;
    std::vector<Argument> argv = call.rest();
    argv.front().value = Value::exact(std::string(program));
    if (argv.size() > 1 && argv[1].value.with_holes_empty() == "--") argv.erase(argv.begin() + 1);
    sink.run(std::move(argv), sink.as(call.program()));
    return;
  }
  judge_verbs(call, sink, kLocalClusterVerbs);
}

/// lxc exec NAME -- CMD, nomad alloc exec ALLOC CMD, multipass exec NAME -- CMD: run in there.
bool runs_inside(const Call& call, Sink& sink, std::string_view words, std::span<const Option> options) {
  const size_t count = static_cast<size_t>(std::count(words.begin(), words.end(), ' ')) + 1;
  if (!matches(words, call)) return false;
  const size_t skip = call.argv().size() - call.rest(count).size();
  const Call place(call.invocation(), options, Order::leading, skip);
  const size_t command = call.argv().size() - place.rest(1).size();
  std::vector<Argument> argv =
      Call(call.invocation(), options, Order::leading, command).rest();  // without --
  resolve::RunAs how = sink.as(call.program() + " exec");
  how.wrapper.elsewhere = true;
  if (!argv.empty()) sink.run(std::move(argv), how);
  return true;
}
void lxc(const Call& call, Sink& sink) {
  if (!runs_inside(call, sink, "exec", kLxc)) judge_verbs(call, sink, kLxcVerbs);
}
void multipass(const Call& call, Sink& sink) {
  if (!runs_inside(call, sink, "exec", kMultipass)) judge_verbs(call, sink, kMultipassVerbs);
}
void nomad(const Call& call, Sink& sink) {
  if (!runs_inside(call, sink, "alloc exec", kNomad)) judge_verbs(call, sink, kNomadVerbs);
}

constexpr CommandSpec kClusterCommands[] = {
    {"nomad", kNomad, Order::single_dash, nomad},
    {"consul", kConsul, Order::single_dash, verbs<kConsulVerbs>},
    {"vault bao", kVault, Order::single_dash, verbs<kVaultVerbs>},
    {"etcdctl", kEtcd, Order::permuted, verbs<kEtcdVerbs>},
    {"influx", kInflux, Order::permuted, verbs<kInfluxVerbs>},
    {"certbot", kCertbot, Order::permuted, verbs<kCertbotVerbs>},
    {"flux istioctl cilium", kMesh, Order::permuted, verbs<kMeshVerbs>},
    {"algolia", kAlgolia, Order::permuted, verbs<kAlgoliaVerbs>},
    {"ldcli", kDarkly, Order::permuted, verbs<kDarklyVerbs>},
    {"drone", kDrone, Order::permuted, verbs<kDroneVerbs>},
    {"b2", kBackblaze, Order::permuted, verbs<kBackblazeVerbs>},
    {"swift", kSwift, Order::permuted, verbs<kSwiftVerbs>},
    {"rados", kRados, Order::permuted, verbs<kRadosVerbs>},
    {"ceph", kRados, Order::permuted, verbs<kCephVerbs>},
    {"gluster", kGluster, Order::permuted, verbs<kGlusterVerbs>},
    {"vagrant", kVagrant, Order::permuted, vagrant},
    {"multipass", kMultipass, Order::permuted, multipass},
    {"lxc incus", kLxc, Order::permuted, lxc},
    {"virsh", kVirsh, Order::permuted, verbs<kVirshVerbs>},
    {"kind minikube k3d k3s k0s rke2 microk8s", kLocalCluster, Order::permuted, local_cluster},
    {"rbd", kRados, Order::permuted, verbs<kRbdVerbs>},
    {"qm pct pvesm", kProxmox, Order::permuted, verbs<kProxmoxVerbs>},
    {"VBoxManage vboxmanage", kVirtualBox, Order::permuted, verbs<kVirtualBoxVerbs>},
    {"prlctl", {}, Order::permuted, verbs<kParallelsVerbs>},
};

}  // namespace

std::span<const CommandSpec> cluster_commands() { return kClusterCommands; }

}  // namespace cmdai::commands
