// Programs that only show things: known, and without effects worth a rule. coreutils 9.1, util-linux 2.38,
// procps 4.0.
#include "libcore/commands/call.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/processes.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kLs[] = {{'d', "directory"},           {'I', "ignore", Arg::value},
                          {'w', "width", Arg::value},   {'T', "tabsize", Arg::value},
                          {0, "color", Arg::optional},  {0, "sort", Arg::value},
                          {0, "time-style", Arg::value}};
/// What can be told of a list of names: `ls -d WORD…` prints its words, `ls` the names here. What else it
/// prints is not known.
resolve::Value list_output(const Call& call) {
  resolve::Value out;
  if (call.has("directory")) {
    for (const resolve::Argument* word : call.operands()) {
      out.append(word->value);
      out.append_literal("\n", false);
    }
  } else if (call.operands().empty()) {
    out.append_literal("*", true);
    out.append_literal("\n", false);
  }
  out.append(resolve::Value::unknown(resolve::HoleKind::output));
  return out;
}

constexpr Option kRealpath[] = {{0, "relative-to", Arg::value},
                                {0, "relative-base", Arg::value},
                                {'f', "canonicalize"},
                                {'e', "existing"},
                                {'m', "missing"},
                                {'s', "strip"}};
/// A path by another name is still that path; where a symbolic link leads is not known.
resolve::Value path_output(const Call& call) {
  const bool follows = call.program() == "realpath" || call.any("canonicalize existing missing");
  if (!follows || call.operands().size() != 1 || call.any("relative-to relative-base"))
    return resolve::Value::unknown(resolve::HoleKind::output);
  return call.operands().front()->value;
}

constexpr Option kMan[] = {{'P', "pager", Arg::value},
                           {'k', "apropos"},
                           {'f', "whatis"},
                           {'H', "html", Arg::optional},
                           {'M', "manpath", Arg::value},
                           {'S', "sections", Arg::value},
                           {'L', "locale", Arg::value},
                           {'l', "local-file"}};
void man(const Call& call, Sink& sink) {
  for (const resolve::Argument* page : call.operands())  // man /etc/shadow shows it
    if (page->value.with_holes_empty().find('/') != std::string::npos) read_effect(sink, *page);
  if (const resolve::Argument* pager = call.value("pager")) {
    resolve::RunAs how = sink.as("man");
    how.child_shell = true;
    sink.run_code(*pager, *dialect_from_name("sh"), how);
  }
}

constexpr Option kPgrep[] = {
    {'u', "euid", Arg::value},    {'U', "uid", Arg::value},       {'g', "pgroup", Arg::value},
    {'G', "group", Arg::value},   {'P', "parent", Arg::value},    {'t', "terminal", Arg::value},
    {'s', "session", Arg::value}, {'d', "delimiter", Arg::value}, {'F', "pidfile", Arg::value}};
constexpr Option kPidof[] = {
    {'o', "omit-pid", Arg::value}, {'d', "separator", Arg::value}, {'S', "sep", Arg::value}};
Value process_output(const Call& call) {
  return call.operands().empty() ? Value::unknown(resolve::HoleKind::output) : process_ids(call.operand(0));
}

/// date -f FILE: a line that is no date is shown as an error.
constexpr Option kDate[] = {{'f', "file", Arg::value},        {'d', "date", Arg::value},
                            {'r', "reference", Arg::value},   {'s', "set", Arg::value},
                            {'I', "iso-8601", Arg::optional}, {'u', "utc"}};
void date(const Call& call, Sink& sink) {
  for (const resolve::Argument* file : call.values("file")) read_effect(sink, *file);
}

constexpr CommandSpec kReaderCommands[] = {
    {"date", kDate, Order::permuted, date},
    {"pgrep", kPgrep, Order::permuted, nullptr, process_output},
    {"pidof", kPidof, Order::permuted, nullptr, process_output},
    {"ls dir vdir exa eza lsd", kLs, Order::permuted, nullptr, list_output},
    {"realpath readlink grealpath greadlink", kRealpath, Order::permuted, nullptr, path_output},
    {"man", kMan, Order::permuted, man},
    {"tree stat file du df whereis whatis apropos info help"},
    {"ps top htop btop pstree free uptime vmstat iostat lsof lscpu lsblk lsusb lspci lsmod lsns "
     "findmnt dmesg"},
    {"cal uname hostname hostnamectl nproc whoami id groups users who w last tty locale getconf "
     "env-info"},
    {"sleep true false test [ expr seq yes factor basename wait jobs fg bg"},
    {"wc sum cksum md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum"},
    {"ss netstat"},
    {"jq yq most"},
    {"clear reset tput stty mkdir touch"},
};

}  // namespace

std::span<const CommandSpec> reader_commands() { return kReaderCommands; }

}  // namespace cmdai::commands
