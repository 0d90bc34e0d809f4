// Who may do what with a file: mode, owner, access lists, attributes. coreutils 9.1, acl 2.3, e2fsprogs 1.47.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

bool informational(const Call& call) { return call.any("help version"); }

constexpr Option kChmod[] = {{'R', "recursive"},
                             {'f', "silent"},
                             {'v', "verbose"},
                             {'c', "changes"},
                             {'h', "no-dereference"},
                             {'H', "follow"},
                             {'L', "follow-all"},
                             {'P', "follow-none"},
                             {0, "reference", Arg::value},
                             {0, "no-preserve-root"},
                             {0, "preserve-root"},
                             {0, "from", Arg::value},
                             {0, "help"},
                             {0, "version"}};

bool is_mode(const std::string& word) {
  return !word.empty() && word.find_first_not_of("ugoarwxXst+-=,01234567") == std::string::npos;
}

/// What a mode hands out, or takes away. The set-group bit is common on shared directories and counts only
/// with the right to run and no other: g+xs says a program.
struct Granted {
  bool setuid = false;  ///< whoever runs it becomes its owner, or of its group
  bool world = false;   ///< everyone may write
  bool none = false;    ///< nothing is left, even to the owner
};
Granted granted_by_digits(const std::string& mode) {
  Granted out;
  out.world = mode.back() == '7' || mode.back() == '6' || mode.back() == '2' || mode.back() == '3';
  out.setuid = mode.size() == 4 && (mode[0] == '4' || mode[0] == '6' || mode[0] == '5' || mode[0] == '7');
  if (mode.size() == 4 && (mode[0] == '1' || mode[0] == '3')) out.world = false;  // sticky, as /tmp is
  out.none = mode.find_first_not_of('0') == std::string::npos;
  return out;
}

/// The owner's rights after one clause: `a-rwx`, `u=`, `=`.
unsigned owner_after(unsigned rights, const std::string& who, char sign, const std::string& what) {
  if (!who.empty() && who.find_first_of("ua") == std::string::npos) return rights;
  unsigned named = 0;
  for (const char right : what)
    named |= right == 'r'                   ? 4U
             : right == 'w'                 ? 2U
             : right == 'x' || right == 'X' ? 1U
             : right == 's' || right == 't' ? 0U
                                            : 7U;  // u=g: as another class has it
  return sign == '+' ? rights | named : sign == '-' ? rights & ~named : named;
}

/// u+s,o=rw: each clause on its own; o-r+w: one clause may do several things.
Granted granted_by_letters(const std::string& mode) {
  constexpr std::string_view kSigns = "+-=";
  Granted out;
  unsigned owner = 7;
  for (size_t at = 0; at < mode.size();) {
    const size_t end = std::min(mode.find(',', at), mode.size());
    const std::string clause = mode.substr(at, end - at);
    at = end + 1;
    size_t sign = clause.find_first_of(kSigns);
    const std::string who = clause.substr(0, sign);
    while (sign != std::string::npos) {
      const size_t next = clause.find_first_of(kSigns, sign + 1);
      const std::string what = clause.substr(sign + 1, next - std::min(next, sign + 1));
      owner = owner_after(owner, who, clause[sign], what);
      const bool gives = clause[sign] != '-';
      out.world |=
          gives && what.find('w') != std::string::npos && who.find_first_of("ao") != std::string::npos;
      const bool program =
          what.find('x') != std::string::npos && what.find_first_of("rwX") == std::string::npos;
      out.setuid |= gives && what.find('s') != std::string::npos &&
                    (who.empty() || program || who.find_first_of("ua") != std::string::npos);
      sign = next;
    }
  }
  out.none = owner == 0;
  return out;
}

Granted granted_by(const std::string& mode) {
  if (mode.empty()) return {};
  return mode.find_first_not_of("01234567") == std::string::npos ? granted_by_digits(mode)
                                                                 : granted_by_letters(mode);
}

/// A mode that takes rights away starts with a dash and is read as options: chmod -rwx file.
std::string mode_among_options(const Call& call) {
  std::string letters;
  for (const std::string& given : call.given())
    if (given.size() == 1 && is_mode(given) && given != "R") letters += given;
  return letters.empty() ? letters : '-' + letters;
}

void chmod(const Call& call, Sink& sink) {
  if (informational(call)) return;
  std::string mode = mode_among_options(call);
  std::vector<const Argument*> files;
  for (const Argument* operand : call.operands()) {
    const std::string word = operand->value.with_holes_empty();
    if (mode.empty() && is_mode(word) && !call.has("reference"))
      mode = word;
    else
      files.push_back(operand);
  }
  const Granted granted = granted_by(mode);
  for (const Argument* file : files) {
    if (granted.setuid) sink.on_path(Kind::gains_privilege, "priv.setuid", *file).detail = mode;
    Effect& e = sink.on_path(Kind::changes_config,
                             granted.world  ? "fs.chmod-world"
                             : granted.none ? "fs.chmod-none"
                                            : "fs.chmod",
                             *file);
    e.recursive = call.has("recursive");
    e.detail = mode;
  }
}

void chown(const Call& call, Sink& sink) {
  if (informational(call)) return;
  const size_t first = call.has("reference") ? 0 : 1;
  for (size_t i = first; i < call.operands().size(); ++i) {
    Effect& e = sink.on_path(Kind::changes_config, "fs.chown", *call.operands()[i]);
    const auto& wrappers = call.invocation().wrappers;
    e.recursive = call.has("recursive") || (!wrappers.empty() && wrappers.back().program == "find" &&
                                            !call.operand(i).ends_with("/…"));
    e.detail = call.operand(0);
  }
}

constexpr Option kAcl[] = {{'R', "recursive"},  {'m', "modify", Arg::value}, {'x', "remove", Arg::value},
                           {'b', "remove-all"}, {'k', "remove-default"},     {'d', "default"}};
void setfacl(const Call& call, Sink& sink) {
  for (const Argument* file : call.operands())
    sink.on_path(Kind::changes_config, "fs.acl", *file).recursive = call.has("recursive");
}

void chattr(const Call& call, Sink& sink) {
  bool recursive = false;
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.prefix();
    recursive |= text == "-R";
    if (text.starts_with('+') || text.starts_with('-') || text.starts_with('=')) continue;
    sink.on_path(Kind::changes_config, "fs.attr", *word).recursive = recursive;
  }
}

constexpr CommandSpec kPermissionCommands[] = {
    {"chmod", kChmod, Order::permuted, chmod},
    {"chown chgrp", kChmod, Order::permuted, chown},
    {"setfacl", kAcl, Order::permuted, setfacl},
    {"chattr chflags", {}, Order::raw, chattr},
};

}  // namespace

std::span<const CommandSpec> permission_commands() { return kPermissionCommands; }

}  // namespace cmdai::commands
