// Effects in words, for people.
#include <fmt/format.h>

#include "libcore/explain/effect_words.hpp"
#include "libcore/explain/explain.hpp"

namespace cmdai::explain {
namespace {

using effects::Effect;
using effects::Kind;

std::string_view verb(Kind kind) {
  switch (kind) {
    case Kind::deletes: return "deletes";
    case Kind::overwrites: return "overwrites or replaces";
    case Kind::writes_device: return "writes straight to a device";
    case Kind::runs_remote_code: return "runs code that comes from elsewhere";
    case Kind::sends_data: return "sends data out";
    case Kind::reads_secret: return "reads a secret";
    case Kind::changes_history: return "changes the history or the uncommitted work of a repository";
    case Kind::changes_config: return "changes settings";
    case Kind::changes_remote: return "changes something outside this machine";
    case Kind::gains_privilege: return "runs with more rights";
    case Kind::stops_service: return "stops processes or services";
    case Kind::runs_code: return "runs code";
    case Kind::installs: return "installs software";
    case Kind::opaque: return "cannot be told before it runs";
  }
  return "does something";
}

/// Where the tag says more than the kind.
std::string_view verb(std::string_view tag) {
  static constexpr std::string_view kWords[][2] = {
      {"fs.append", "adds to the end of"},
      {"fs.create", "makes, or writes into,"},
      {"fs.edit", "changes"},
      {"fs.move", "moves away"},
      {"fs.truncate", "empties"},
      {"fs.unpack", "unpacks files into"},
      {"fs.overwrite", "overwrites, if it is there,"},
      {"fs.chmod", "changes what may be done with"},
      {"fs.chown", "changes the owner of"},
      {"fs.sync-delete", "deletes what the source does not have in"},
      {"fs.delete-matching", "deletes what fits in"},
      {"git.push-force", "replaces a branch on the remote, whatever is in it:"},
      {"git.push-force-with-lease", "replaces a branch on the remote, if nobody else changed it:"},
      {"git.push-delete", "deletes on the remote"},
      {"git.reset-hard", "throws uncommitted changes away"},
      {"git.discard", "throws uncommitted changes away"},
      {"git.clean", "deletes files git does not know"},
      {"git.stash-drop", "throws away what was put aside"},
      {"git.stash-clear", "throws away all that was put aside"},
      {"git.branch-delete", "deletes the branch"},
      {"disk.mkfs", "makes a new, empty file system on"},
      {"disk.write", "writes straight to the device"},
      {"disk.wipe", "wipes the device"},
      {"disk.partition", "changes how a disk is divided:"},
      {"net.copy", "copies to another machine:"},
      {"net.upload", "sends a file out:"},
      {"net.upload-settings", "sends a file of the system or the account out:"},
      {"secret.send", "sends a secret out"},
      {"secret.read", "reads a secret:"},
      {"exec.remote", "runs code straight from the network"},
      {"exec.file", "runs the file"},
      {"exec.piped-file", "feeds a shell with the file"},
      {"exec.decoded", "runs code that was written so that nobody can read it"},
      {"pkg.install", "installs"},
      {"pkg.remove", "removes the package"},
      {"k8s.delete", "deletes in the cluster:"},
      {"k8s.delete-pod", "deletes pods:"},
      {"sql.drop-database", "deletes the database"},
      {"sql.drop-table", "deletes the table"},
      {"sys.power", "switches the machine off, or restarts it"},
      {"sys.kill", "ends processes:"},
      {"sys.service", "stops the service"},
      {"container.remove", "deletes containers:"},
      {"container.volume", "deletes what volumes hold:"},
      {"persist.startup", "changes what runs whenever a shell starts:"},
      {"priv.group", "gives more rights to"},
  };
  for (const auto& [name, words] : kWords)
    if (name == tag) return words;
  return {};
}

/// What was found on the disk, in the words rules ask for it.
std::string fact_words(const effects::Facts& facts) {
  std::string out;
  if (facts.losses.any()) out += "; loss: " + effects::to_string(facts.losses);
  if (!facts.lost.empty()) out += fmt::format(" ({})", printable(facts.lost));
  if (!facts.context.empty()) out += fmt::format(", on {}", printable(facts.context));
  if (facts.reach != effects::Reach::unknown) out += fmt::format(" ({})", effects::to_string(facts.reach));
  if (facts.branch != effects::BranchRole::unknown)
    out += fmt::format("; branch: {}", effects::to_string(facts.branch));
  return out;
}

}  // namespace

std::string effect_words(const Effect& e) {
  const bool own = !verb(e.tag).empty();
  std::string out(own ? verb(e.tag) : verb(e.kind));
  const bool colon = !e.target.text.empty() && (!own || verb(e.tag).ends_with(':'));
  const bool direct = own || e.kind == Kind::deletes || e.kind == Kind::overwrites;
  if (!e.target.text.empty()) out += (direct ? " " : ": ") + printable(e.target.text);
  if (out.ends_with(':')) out.pop_back();
  if (e.target.path_class != effects::PathClass::none)
    out += fmt::format(" [{}]", effects::to_string(e.target.path_class));
  if (e.recursive) out += ", with everything in it";
  if (e.privileged) out += ", as root";
  if (e.target.elsewhere) out += ", in a container or on another host";
  if (!e.target.exact) out += ", as far as it is known";
  if (!e.detail.empty()) out += colon ? " (" + printable(e.detail) + ")" : ": " + printable(e.detail);
  return out + fact_words(e.facts);
}

}  // namespace cmdai::explain
