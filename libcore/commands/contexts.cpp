#include "libcore/commands/contexts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "libcore/base/text.hpp"
#include "libcore/commands/script_files.hpp"

namespace cmdai::commands {
namespace {

using effects::Reach;

constexpr size_t kLargest = 1U << 20;

/// A context as far as it is known.
struct Context {
  std::string name;
  Reach reach = Reach::unknown;
  bool sure = true;  ///< false: a variable nobody told us may point elsewhere
};

/// A variable of the call, of the line or of the session. nullopt: not known.
std::optional<std::string> variable(const Call& call, Sink& sink, std::string_view name) {
  for (const auto& assign : call.invocation().assigns)
    if (assign.name == name) return assign.value.text();
  return sink.evaluator().variable(name).text();
}

/// What only the disk may say; a nearer cluster counts as less only where it is sure to be the one.
void put(const Context& context, Sink& sink, std::initializer_list<std::string_view> families) {
  for (Effect& e : sink.added()) {
    const bool ours = std::any_of(families.begin(), families.end(),
                                  [&](std::string_view family) { return e.tag.starts_with(family); });
    if (!ours || !e.facts.context.empty()) continue;
    e.facts.context = context.name;
    e.facts.open = !context.sure;
    if (context.sure || context.reach != Reach::local) e.facts.reach = context.reach;
  }
}

bool has_ours(Sink& sink, std::initializer_list<std::string_view> families) {
  const auto added = sink.added();
  return std::any_of(added.begin(), added.end(), [&](const Effect& e) {
    return std::any_of(families.begin(), families.end(),
                       [&](std::string_view family) { return e.tag.starts_with(family); });
  });
}

/// Clusters that tools make on this machine, by the names they give them.
bool is_local_cluster(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "minikube", "docker-desktop", "docker-for-desktop", "orbstack",
      "colima",   "microk8s",       "rancher-desktop",    "kind"};
  static constexpr std::string_view kBeginnings[] = {"kind-", "k3d-", "colima-", "lima-"};
  return among(kNames, name) || std::any_of(std::begin(kBeginnings), std::end(kBeginnings),
                                            [name](std::string_view b) { return name.starts_with(b); });
}

Reach reach_of_cluster(std::string_view name) {
  if (names_production(name)) return Reach::production;
  if (name.empty()) return Reach::unknown;
  return is_local_cluster(name) ? Reach::local : Reach::remote;
}

/// `current-context: NAME` at the beginning of a line: kubectl writes it so.
std::string current_context(std::string_view yaml) {
  constexpr std::string_view kKey = "current-context:";
  for (size_t at = 0; at < yaml.size();) {
    const size_t end = std::min(yaml.find('\n', at), yaml.size());
    const std::string_view line = yaml.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(kKey)) continue;
    std::string_view value = trimmed(line.substr(kKey.size()));
    if (const size_t comment = value.find(" #"); comment != std::string_view::npos)
      value = trimmed(value.substr(0, comment));
    if (value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
      value = value.substr(1, value.size() - 2);
    return std::string(value);
  }
  return {};
}

Context cluster_in_files(const Call& call, Sink& sink) {
  Context out;
  std::string files;
  if (const Argument* given = call.value("kubeconfig"); given != nullptr) {
    files = disk_path(sink, given->value).value_or("");
  } else if (const auto told = variable(call, sink, "KUBECONFIG")) {
    files = *told;
  } else {
    out.sure = false;
  }
  if (files.empty() && call.value("kubeconfig") == nullptr && !sink.home().empty())
    files = sink.home() + "/.kube/config";
  while (!files.empty() && out.name.empty()) {  // of a list the first that says it
    const size_t colon = std::min(files.find(':'), files.size());
    const std::string file = files.substr(0, colon);
    files.erase(0, colon + 1);
    if (file.starts_with('/'))
      out.name = current_context(sink.disk()->read_file(file, kLargest).value_or(""));
  }
  return out;
}

/// The address of a named docker context: contexts/meta/HASH/meta.json, of which each says its name.
std::string engine_address(Probe& disk, const std::string& folder, std::string_view name) {
  constexpr size_t kMost = 16;
  for (const std::string& hash : disk.list(folder, kMost).value_or(std::vector<std::string>{})) {
    const auto text = disk.read_file(folder + '/' + hash + "/meta.json", kLargest);
    const auto meta = nlohmann::json::parse(text.value_or(""), nullptr, false);
    if (!meta.is_object() || !meta.contains("Name") || meta["Name"] != name) continue;
    const auto host = meta.find("Endpoints");
    if (host == meta.end() || !host->is_object()) continue;
    const auto docker = host->find("docker");
    if (docker != host->end() && docker->is_object() && docker->contains("Host") &&
        (*docker)["Host"].is_string())
      return (*docker)["Host"].get<std::string>();
  }
  return {};
}

Reach reach_of_address(std::string_view address) {
  static constexpr std::string_view kLocal[] = {"unix://", "npipe://", "fd://", "tcp://127.0.0.1",
                                                "tcp://localhost"};
  if (names_production(address)) return Reach::production;
  const bool here = std::any_of(std::begin(kLocal), std::end(kLocal),
                                [address](std::string_view local) { return address.starts_with(local); });
  return here || address.starts_with('/') ? Reach::local : Reach::remote;
}

/// The names Docker Desktop, rootless docker and the virtual machines of a desktop give their engines.
bool is_local_engine(std::string_view name) {
  static constexpr std::string_view kNames[] = {"",         "default",  "desktop-linux",   "desktop-windows",
                                                "rootless", "orbstack", "rancher-desktop", "colima"};
  return among(kNames, name) || name.starts_with("colima-");
}

Context named_engine(std::string name, Sink& sink) {
  Context out{std::move(name)};
  if (is_local_engine(out.name)) return out.reach = Reach::local, out;
  const std::string address = engine_address(*sink.disk(), sink.home() + "/.docker/contexts/meta", out.name);
  if (!address.empty()) out.reach = reach_of_address(address);
  if (names_production(out.name)) out.reach = Reach::production;
  if (!address.empty()) out.name += " (" + address + ')';
  return out;
}

Context engine(const Call& docker, Sink& sink) {
  if (const Argument* host = docker.value("host")) {
    const std::string address = host->value.with_holes_empty();
    return {address, reach_of_address(address)};
  }
  const auto host = variable(docker, sink, "DOCKER_HOST");
  if (const Argument* named = docker.value("context"))
    return named_engine(named->value.with_holes_empty(), sink);
  if (host && !host->empty()) return {*host, reach_of_address(*host)};
  const auto named = variable(docker, sink, "DOCKER_CONTEXT");
  if (named && !named->empty()) return named_engine(*named, sink);
  if (const std::string* chosen = sink.chosen("engine")) return named_engine(*chosen, sink);
  const auto text = sink.disk()->read_file(sink.home() + "/.docker/config.json", kLargest);
  const auto config = nlohmann::json::parse(text.value_or(""), nullptr, false);
  const bool says =
      config.is_object() && config.contains("currentContext") && config["currentContext"].is_string();
  Context out = named_engine(says ? config["currentContext"].get<std::string>() : "", sink);
  out.sure = host && named;
  return out;
}

}  // namespace

bool names_production(std::string_view name) {
  static constexpr std::string_view kProduction[] = {"prod", "production", "prd", "live"};
  static constexpr std::string_view kNot[] = {"non", "not", "pre", "no"};
  const std::string text = lower(name);
  std::string before;
  for (size_t at = 0; at < text.size();) {
    const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0; };
    const auto begin = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_letter);
    const auto end = std::find_if_not(begin, text.end(), is_letter);
    const std::string word(begin, end);
    if (among(kProduction, word) && !among(kNot, before)) return true;
    before = word;
    at = static_cast<size_t>(end - text.begin());
  }
  return false;
}

void say_cluster(const Call& call, Sink& sink, std::string_view option) {
  if (sink.probe() == nullptr || !has_ours(sink, {"k8s.", "helm."})) return;
  Context out;
  if (const Argument* given = call.value(option)) {
    out.name = given->value.display();
    if (!given->value.is_exact()) return;
  } else if (const std::string* chosen = sink.chosen("cluster")) {
    out.name = *chosen;
  } else if (sink.disk() != nullptr) {
    out = cluster_in_files(call, sink);
  }
  out.reach = reach_of_cluster(out.name);
  put(out, sink, {"k8s.", "helm."});
}

void choose_cluster(const Call& call, Sink& sink, size_t operand) {
  if (call.operands().size() > operand)
    sink.choose("cluster", call.operands()[operand]->value.text().value_or(""));
}

void say_engine(const Call& docker, Sink& sink) {
  if (sink.disk() == nullptr || sink.home().empty() || !has_ours(sink, {"container."})) return;
  const Context out = engine(docker, sink);
  // The engine of this machine is what everybody expects.
  if (out.reach != Reach::local) put(out, sink, {"container."});
}

void choose_engine(const Call& call, Sink& sink, size_t operand) {
  if (call.operands().size() > operand)
    sink.choose("engine", call.operands()[operand]->value.text().value_or(""));
}

void say_workspace(const Call& call, Sink& sink) {
  if (sink.probe() == nullptr || !has_ours(sink, {"infra."})) return;
  Context out;
  const auto told = variable(call, sink, "TF_WORKSPACE");
  const auto folder = call.invocation().cwd.text();
  if (told && !told->empty()) {
    out.name = *told;
  } else if (const std::string* chosen = sink.chosen("workspace")) {
    out.name = *chosen;
  } else if (sink.disk() != nullptr && folder && !call.has("chdir")) {
    const auto text = sink.disk()->read_file(*folder + "/.terraform/environment", kLargest);
    out.name = trimmed(text ? std::string_view(*text) : std::string_view(), " \t\r\n");
  }
  if (out.name == "default") out.name.clear();
  if (names_production(out.name)) out.reach = Reach::production;
  put(out, sink, {"infra."});
}

void choose_workspace(const Call& call, Sink& sink, size_t operand) {
  if (call.operands().size() > operand)
    sink.choose("workspace", call.operands()[operand]->value.text().value_or(""));
}

}  // namespace cmdai::commands
