// docker 20.10/28, podman 4, compose v2; kubectl 1.3x, helm 3, oc. Inside a container local path classes do
// not apply, except below what is mounted from the host.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/cloud_doors.hpp"
#include "libcore/commands/contexts.hpp"
#include "libcore/commands/mounts.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/subcommands.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kRun[] = {{'v', "volume", Arg::value},
                           {'e', "env", Arg::value},
                           {'p', "publish", Arg::value},
                           {'w', "workdir", Arg::value},
                           {'u', "user", Arg::value},
                           {'h', "hostname", Arg::value},
                           {'l', "label", Arg::value},
                           {'m', "memory", Arg::value},
                           {'c', "cpu-shares", Arg::value},
                           {'a', "attach", Arg::value},
                           {'i', "interactive"},
                           {'t', "tty"},
                           {'d', "detach"},
                           {'P', "publish-all"},
                           {0, "name", Arg::value},
                           {0, "network", Arg::value},
                           {0, "net", Arg::value},
                           {0, "mount", Arg::value},
                           {0, "entrypoint", Arg::value},
                           {0, "restart", Arg::value},
                           {0, "platform", Arg::value},
                           {0, "env-file", Arg::value},
                           {0, "pid", Arg::value},
                           {0, "ipc", Arg::value},
                           {0, "cap-add", Arg::value},
                           {0, "cap-drop", Arg::value},
                           {0, "device", Arg::value},
                           {0, "security-opt", Arg::value},
                           {0, "gpus", Arg::value},
                           {0, "shm-size", Arg::value},
                           {0, "cpus", Arg::value},
                           {0, "ulimit", Arg::value},
                           {0, "add-host", Arg::value},
                           {0, "dns", Arg::value},
                           {0, "volumes-from", Arg::value},
                           {0, "tmpfs", Arg::value},
                           {0, "log-driver", Arg::value},
                           {0, "log-opt", Arg::value},
                           {0, "link", Arg::value},
                           {0, "expose", Arg::value},
                           {0, "ip", Arg::value},
                           {0, "runtime", Arg::value},
                           {0, "uts", Arg::value},
                           {0, "userns", Arg::value},
                           {0, "cgroupns", Arg::value},
                           {0, "pull", Arg::value},
                           {0, "stop-signal", Arg::value},
                           {0, "sysctl", Arg::value},
                           {0, "health-cmd", Arg::value},
                           {0, "cidfile", Arg::value},
                           {0, "network-alias", Arg::value},
                           {0, "mac-address", Arg::value},
                           {0, "group-add", Arg::value},
                           {0, "annotation", Arg::value},
                           {0, "domainname", Arg::value},
                           {0, "label-file", Arg::value},
                           {0, "rm"},
                           {0, "privileged"},
                           {0, "init"},
                           {0, "read-only"},
                           {0, "detach-keys", Arg::value},
                           {'q', "quiet"}};

/// Folders, and devices under the name they have in there.
std::vector<resolve::Mount> mounts_of(const Call& call, const Sink& sink) {
  std::vector<resolve::Mount> out;
  for (std::string_view option : {"volume", "mount", "device"})
    for (const resolve::Mount& m : bind_mounts(call.values(option), sink)) out.push_back(m);
  return out;
}

bool is_container_service(const std::string& path) {
  return path.ends_with("/docker.sock") || path.ends_with("/containerd.sock") ||
         path.ends_with("/podman.sock");
}

/// Reports what hands over the machine. Returns whether the container sees all of it.
bool judge_isolation(const Call& call, Sink& sink) {
  bool host = false;
  if (call.has("privileged")) sink.add(Kind::gains_privilege, "container.privileged");
  if (call.text("pid") == "host" && call.has("privileged")) host = true;
  for (const Argument* cap : call.values("cap-add"))
    if (cap->value.with_holes_empty() == "ALL" || cap->value.with_holes_empty() == "SYS_ADMIN")
      sink.on(Kind::gains_privilege, "container.privileged", *cap);
  for (std::string_view option : {"volume", "mount"}) {
    for (const Argument* mount : call.values(option)) {
      const auto m = bind_mount(mount->value.with_holes_empty());
      if (!m) continue;
      const bool root = sink.classify(Value::exact(m->host)).path_class == PathClass::root;
      static constexpr std::string_view kSystem[] = {"/etc", "/root", "/boot", "/usr", "/var", "/lib"};
      const bool system = m->writable && among(kSystem, m->host);
      if (root || system || is_container_service(m->host))
        sink.on(Kind::gains_privilege, "container.escape", *mount).detail = m->host;
      host |= root;
    }
  }
  return host;
}

/// What runs inside: in there; and, what lies below a mount, out here. `exec`: in a container that lives on.
void run_inside(const Call& call, Sink& sink, bool exec) {
  resolve::RunAs how = sink.as(call.program() + (exec ? " exec" : ""));
  if (!call.operands().empty()) judge_host(sink, *call.operands().front());
  how.wrapper.elsewhere = !judge_isolation(call, sink);
  std::vector<Argument> argv = call.rest(1);
  if (const Argument* entry = call.value("entrypoint")) argv.insert(argv.begin(), *entry);
  if (argv.empty()) return;
  how.wrapper.mounts = mounts_of(call, sink);
  how.sets_cwd = call.text("workdir").starts_with('/');
  if (how.sets_cwd) how.cwd = Value::exact(call.text("workdir"));
  sink.run(std::move(argv), how);
}

constexpr Option kGlobal[] = {{'H', "host", Arg::value},
                              {'c', "context", Arg::value},
                              {0, "config", Arg::value},
                              {'l', "log-level", Arg::value},
                              {'D', "debug"},
                              {'f', "file", Arg::value},
                              {'p', "project-name", Arg::value},
                              {0, "env-file", Arg::value},
                              {0, "profile", Arg::value},
                              {0, "project-directory", Arg::value},
                              {'v', "version"},
                              {0, "help"}};
constexpr Option kPlain[] = {{'f', "force"},
                             {'a', "all"},
                             {'v', "volumes"},
                             {0, "volumes"},
                             {0, "rmi", Arg::value},
                             {'q', "quiet"},
                             {'t', "time", Arg::value},
                             {0, "filter", Arg::value},
                             {'s', "signal", Arg::value},
                             {0, "remove-orphans"},
                             {0, "help"},
                             {'l', "link"}};

constexpr Verb kDockerVerbs[] = {
    {"system prune", Kind::deletes, "container.prune-volumes", "volumes"},
    {"system prune", Kind::deletes, "container.prune-all", "all"},
    {"system prune", Kind::deletes, "container.prune"},
    {"system reset", Kind::deletes, "container.prune-volumes"},
    {"volume rm", Kind::deletes, "container.volume"},
    {"volume remove", Kind::deletes, "container.volume"},
    {"volume prune", Kind::deletes, "container.volume"},
    {"image prune", Kind::deletes, "container.prune"},
    {"container prune", Kind::deletes, "container.prune"},
    {"network prune", Kind::deletes, "container.prune"},
    {"builder prune", Kind::deletes, "container.cache"},
    {"compose down", Kind::deletes, "container.volume", "volumes"},
    {"compose rm", Kind::deletes, "container.volume", "volumes"},
    {"down", Kind::deletes, "container.volume", "volumes"},
    {"rm", Kind::deletes, "container.remove-volumes", "volumes"},
    {"rm", Kind::deletes, "container.remove", "force"},
    {"container rm", Kind::deletes, "container.remove", "force"},
    {"rmi", Kind::deletes, "container.remove", "force"},
    {"swarm leave", Kind::stops_service, "container.swarm-leave", "force"},
    {"stack rm", Kind::changes_remote, "container.stack-remove"},
    {"service rm", Kind::changes_remote, "container.stack-remove"},
    {"secret rm", Kind::changes_remote, "container.stack-remove"},
};

/// A key copied into a container of this machine: it has not left it, but images are made of containers.
void copy_in(const Call& call, Sink& sink) {
  const auto& operands = call.operands();
  if (operands.size() < 3) return;
  const Argument& source = *operands[operands.size() - 2];
  const std::string where = operands.back()->value.with_holes_empty();
  if (where.find(':') != std::string::npos && sink.is_secret(source.value))
    sink.on(Kind::sends_data, "net.copy", source).detail = where;
}

bool runs_inside(std::string_view verb) { return verb == "run" || verb == "create" || verb == "exec"; }
/// Of the other verbs only what their effects rest on is known.
std::span<const Option> docker_options(std::string_view verb) {
  return runs_inside(verb) ? std::span<const Option>(kRun) : std::span<const Option>();
}

void docker(const Call& global, Sink& sink) {
  const std::vector<Argument> rest = global.rest();
  if (rest.empty()) return;
  const size_t first = global.argv().size() - rest.size();
  if (rest[0].value.with_holes_empty() == "pull" || rest[0].value.with_holes_empty() == "push")
    judge_hosts(Call(global.invocation(), kPlain, Order::permuted, first + 1), sink);
  std::string verb = rest[0].value.with_holes_empty();
  size_t skip = first + 1;
  if ((verb == "container" || verb == "compose") && rest.size() > 1) {
    const std::string second = rest[1].value.with_holes_empty();
    if (runs_inside(second)) verb = second, ++skip;
  }
  if (runs_inside(verb)) {
    const Call inner(global.invocation(), docker_options(verb), Order::leading, skip);
    run_inside(inner, sink, verb == "exec");
    return;
  }
  const Call call(global.invocation(), kPlain, Order::permuted, first);
  if (verb == "cp" || (verb == "container" && call.operand(1) == "cp")) copy_in(call, sink);
  if (verb == "context" && call.operand(1) == "use") choose_engine(call, sink, 2);
  judge_verbs(call, sink, kDockerVerbs);
  if (global.program().starts_with("docker")) say_engine(global, sink);
}

constexpr Option kKube[] = {{'n', "namespace", Arg::value},
                            {'f', "filename", Arg::value},
                            {'l', "selector", Arg::value},
                            {'c', "container", Arg::value},
                            {'o', "output", Arg::value},
                            {'k', "kustomize", Arg::value},
                            {'A', "all-namespaces"},
                            {'i', "stdin"},
                            {'t', "tty"},
                            {'p', "patch", Arg::value},
                            {0, "context", Arg::value},
                            {0, "kubeconfig", Arg::value},
                            {0, "cluster", Arg::value},
                            {0, "user", Arg::value},
                            {0, "as", Arg::value},
                            {0, "all"},
                            {0, "force"},
                            {0, "grace-period", Arg::value},
                            {0, "replicas", Arg::value},
                            {0, "dry-run", Arg::optional},
                            {0, "timeout", Arg::value},
                            {0, "field-selector", Arg::value},
                            {0, "cascade", Arg::optional},
                            {0, "ignore-daemonsets"},
                            {0, "delete-emptydir-data"},
                            {0, "wait", Arg::optional},
                            {0, "now"},
                            {0, "image", Arg::value},
                            {0, "prune"},
                            {0, "help"}};
constexpr Verb kKubeVerbs[] = {
    {"delete namespace", Kind::changes_remote, "k8s.delete-namespace"},
    {"delete namespaces", Kind::changes_remote, "k8s.delete-namespace"},
    {"delete ns", Kind::changes_remote, "k8s.delete-namespace"},
    {"delete project", Kind::changes_remote, "k8s.delete-namespace"},  // oc
    {"delete", Kind::changes_remote, "k8s.delete-all", "all all-namespaces"},
    {"delete pod*", Kind::changes_remote, "k8s.delete-pod"},
    {"delete po", Kind::changes_remote, "k8s.delete-pod"},
    {"delete", Kind::changes_remote, "k8s.delete"},
    {"drain", Kind::changes_remote, "k8s.drain"},
    {"cordon", Kind::changes_remote, "k8s.cordon"},
    {"replace", Kind::changes_remote, "k8s.replace-force", "force"},
    {"apply", Kind::changes_remote, "k8s.prune", "prune"},
    {"rollout undo", Kind::changes_remote, "k8s.change"},
    {"taint", Kind::changes_remote, "k8s.change"},
    {"delete-instance", Kind::changes_remote, "k8s.delete"},
};
void kubectl(const Call& call, Sink& sink) {
  if (call.text("dry-run") == "client" || call.text("dry-run") == "server") return;
  const std::string verb = call.operand(0);
  judge_cloud_doors(call, sink);
  if (verb == "exec" || verb == "debug") {
    for (size_t i = 0; i < call.argv().size(); ++i) {
      if (call.argv()[i].value.with_holes_empty() != "--") continue;
      resolve::RunAs how = sink.as(call.program() + " exec");
      how.wrapper.elsewhere = true;
      std::vector<Argument> argv(call.argv().begin() + static_cast<std::ptrdiff_t>(i) + 1, call.argv().end());
      if (!argv.empty()) sink.run(std::move(argv), how);
      return;
    }
  }
  if (verb == "cp" && call.operands().size() > 2 &&
      call.operands().back()->value.with_holes_empty().find(':') != std::string::npos)
    judge_secret_files({call.operands()[1]}, sink, call.operands().back()->value.with_holes_empty());
  if (verb == "scale" && call.text("replicas") == "0")
    sink.add(Kind::changes_remote, "k8s.scale-zero").target.text = call.operand(1) + " " + call.operand(2);
  if (verb == "get" &&
      (call.operand(1) == "secret" || call.operand(1) == "secrets" ||
       call.operand(1).starts_with("secret/")) &&
      !call.text("output").empty() && call.text("output") != "name" && call.text("output") != "wide")
    sink.add(Kind::reads_secret, "secret.read");
  if (verb == "config" && call.operand(1) == "use-context") choose_cluster(call, sink, 2);
  judge_verbs(call, sink, kKubeVerbs);
  say_cluster(call, sink, "context");
}

constexpr Option kHelm[] = {{'n', "namespace", Arg::value},  {0, "dry-run"},
                            {0, "kube-context", Arg::value}, {0, "keep-history"},
                            {0, "kubeconfig", Arg::value},   {'f', "values", Arg::value},
                            {0, "set", Arg::value}};
constexpr Verb kHelmVerbs[] = {{"uninstall", Kind::changes_remote, "helm.uninstall"},
                               {"delete", Kind::changes_remote, "helm.uninstall"},
                               {"del", Kind::changes_remote, "helm.uninstall"},
                               {"un", Kind::changes_remote, "helm.uninstall"},
                               {"rollback", Kind::changes_remote, "k8s.change"}};
constexpr Option kHelmfile[] = {{'e', "environment", Arg::value},
                                {'f', "file", Arg::value},
                                {'l', "selector", Arg::value},
                                {'n', "namespace", Arg::value},
                                {'b', "helm-binary", Arg::value},
                                {'c', "chart", Arg::value},
                                {0, "kube-context", Arg::value},
                                {0, "args", Arg::value},
                                {0, "state-values-set", Arg::value},
                                {0, "state-values-file", Arg::value},
                                {0, "log-level", Arg::value},
                                {0, "concurrency", Arg::value},
                                {'i', "interactive"},
                                {'q', "quiet"},
                                {0, "purge"},
                                {'h', "help"}};
constexpr Verb kHelmfileVerbs[] = {{"destroy", Kind::changes_remote, "helm.uninstall"},
                                   {"delete", Kind::changes_remote, "helm.uninstall"}};
void helm(const Call& call, Sink& sink) {
  judge_verbs(call, sink, kHelmVerbs);
  say_cluster(call, sink, "kube-context");
}
void helmfile(const Call& call, Sink& sink) {
  judge_verbs(call, sink, kHelmfileVerbs);
  say_cluster(call, sink, "kube-context");
}
/// kubectx 0.9: the current context is changed, or shown.
void kubectx(const Call& call, Sink& sink) { choose_cluster(call, sink, 0); }

constexpr CommandSpec kContainerCommands[] = {
    {"docker podman nerdctl finch crictl docker-compose podman-compose", kGlobal, Order::leading, docker,
     nullptr, docker_options},
    {"kubectl oc k kubecolor microk8s.kubectl", kKube, Order::permuted, kubectl},
    {"helm microk8s.helm microk8s.helm3", kHelm, Order::permuted, helm},
    {"helmfile", kHelmfile, Order::permuted, helmfile},
    {"kubectx", {}, Order::permuted, kubectx},
};

}  // namespace

std::span<const CommandSpec> container_commands() { return kContainerCommands; }

}  // namespace cmdai::commands
