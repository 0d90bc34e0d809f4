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

}  // namespace

std::string effect_words(const Effect& e) {
  std::string out(verb(e.kind));
  if (!e.target.text.empty()) out += (e.kind == Kind::deletes || e.kind == Kind::overwrites ? " " : ": ") + printable(e.target.text);
  if (e.target.path_class != effects::PathClass::none)
    out += fmt::format(" [{}]", effects::to_string(e.target.path_class));
  if (e.recursive) out += ", with everything in it";
  if (e.privileged) out += ", as root";
  if (e.target.elsewhere) out += ", in a container or on another host";
  if (!e.target.exact) out += ", as far as it is known";
  if (!e.detail.empty()) out += ": " + printable(e.detail);
  return out;
}

}  // namespace cmdai::explain
