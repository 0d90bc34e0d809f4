// Archives: what goes in, what is unpacked where, what a program is told to run meanwhile. tar 1.34, zip 3.0.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/writes.hpp"
#include "libcore/resolve/items.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kTar[] = {{'x', "extract"},
                           {'c', "create"},
                           {'t', "list"},
                           {'f', "file", Arg::value},
                           {'C', "directory", Arg::value},
                           {'z', "gzip"},
                           {'j', "bzip2"},
                           {'J', "xz"},
                           {'v', "verbose"},
                           {'p', "preserve-permissions"},
                           {'P', "absolute-names"},
                           {'r', "append"},
                           {'u', "update"},
                           {'k', "keep-old-files"},
                           {'O', "to-stdout"},
                           {'I', "use-compress-program", Arg::value},
                           {'T', "files-from", Arg::value},
                           {'X', "exclude-from", Arg::value},
                           {0, "exclude", Arg::value},
                           {0, "strip-components", Arg::value},
                           {0, "remove-files"},
                           {0, "to-command", Arg::value},
                           {0, "checkpoint-action", Arg::value},
                           {0, "checkpoint", Arg::optional},
                           {0, "transform", Arg::value},
                           {0, "xform", Arg::value},
                           {0, "owner", Arg::value},
                           {0, "group", Arg::value},
                           {0, "mtime", Arg::value},
                           {0, "overwrite"},
                           {0, "unlink-first"},
                           {0, "recursive-unlink"},
                           {'F', "info-script", Arg::value},
                           {0, "rsh-command", Arg::value},
                           {0, "force-local"},
                           {0, "get"}};
/// `tar xf a.tar -C /`: the first word may be option letters without a dash; their values follow in order.
struct OldStyle {
  bool extract = false, create = false, absolute = false;
  const Argument* directory = nullptr;
  std::vector<const Argument*> members;
};
OldStyle old_style(const Call& call) {
  OldStyle out;
  const std::string letters = call.operand(0);
  if (call.argv().size() < 2 || call.operands().empty() || call.operands()[0] != &call.argv()[1] ||
      letters.find_first_not_of("xctrufCzjJvpPkOITXahW0123456789") != std::string::npos)
    return out;
  out.extract = letters.find('x') != std::string::npos;
  out.create = letters.find('c') != std::string::npos;
  out.absolute = letters.find('P') != std::string::npos;
  size_t next = 1;
  for (const char letter : letters) {
    if (std::string_view("fCITX").find(letter) == std::string_view::npos) continue;
    if (letter == 'C' && next < call.operands().size()) out.directory = call.operands()[next];
    ++next;
  }
  for (; next < call.operands().size(); ++next) out.members.push_back(call.operands()[next]);
  return out;
}

/// Archives to `host:path` go over the network; to /dev/tcp, too.
void tar_target(const Call& call, Sink& sink, const Argument& file) {
  const std::string name = file.value.with_holes_empty();
  const size_t colon = name.find(':');
  const bool remote = colon != std::string::npos && name.find('/') > colon && !call.has("force-local");
  if (remote) sink.on(Kind::sends_data, "net.upload", file);
}

/// --xform s/OLD/NEW/ with -P: what is unpacked, or will be, goes to NEW wherever that is.
void judge_renamed(const Call& call, Sink& sink) {
  for (std::string_view option : {"transform", "xform"})
    for (const Argument* value : call.values(option)) {
      const std::string text = value->value.with_holes_empty();
      if (text.size() < 4 || text[0] != 's') continue;
      const size_t middle = text.find(text[1], 2);
      const size_t end = middle == std::string::npos ? middle : text.find(text[1], middle + 1);
      if (end == std::string::npos || text[middle + 1] != '/') continue;
      write_effect(sink, {Value::exact(text.substr(middle + 1, end - middle - 1)), value->place, nullptr},
                   Write::replace);
    }
}

void pack(const Call& call, Sink& sink) {
  const OldStyle old = old_style(call);
  if (call.has("absolute-names") || old.absolute) judge_renamed(call, sink);
  for (std::string_view option :
       {"to-command", "use-compress-program", "checkpoint-action", "info-script", "rsh-command"}) {
    const Argument* code = call.value(option);
    if (code == nullptr) continue;
    Argument command = *code;
    if (option == "checkpoint-action") {
      const auto text = code->value.text();
      if (!text || !text->starts_with("exec=")) continue;
      command.value = Value::exact(text->substr(5));
    }
    resolve::RunAs how = sink.as("tar");
    how.child_shell = true;
    sink.run_code(command, *dialect_from_name("sh"), how);
  }
  const auto& members = old.create ? old.members : call.operands();
  if (call.has("remove-files"))
    for (const Argument* file : members) {
      Effect& e = sink.on_path(Kind::deletes, "fs.delete", *file);
      e.recursive = e.force = true;
    }
  const Argument* directory = old.directory != nullptr ? old.directory : call.value("directory");
  if ((call.any("extract get") || old.extract) && directory != nullptr) {
    const effects::Target target = sink.classify(directory->value);
    if (target.path_class == PathClass::root || is_system(target.path_class))
      sink.on_path(Kind::overwrites, "fs.unpack", *directory);
  }
  if (const Argument* file = call.value("file"); file != nullptr && call.any("create append update"))
    tar_target(call, sink, *file);
  if (call.has("create") || old.create)
    for (const Argument* file : members) read_effect(sink, *file);
}

/// The words of $TAR_OPTIONS stand before those of the line: tar(1), ENVIRONMENT.
std::vector<Value> environment_options(const Call& call, Sink& sink) {
  Value options;
  if (sink.evaluator().is_set("TAR_OPTIONS")) options = sink.evaluator().variable("TAR_OPTIONS");
  for (const resolve::ResolvedAssignment& a : call.invocation().assigns)
    if (a.name == "TAR_OPTIONS") options = a.value;
  return options.is_exact() ? resolve::split_items(options, " \t\n") : std::vector<Value>{};
}

void tar(const Call& call, Sink& sink) {
  const std::vector<Value> more = environment_options(call, sink);
  if (more.empty()) return pack(call, sink);
  Invocation whole = call.invocation();
  const bool letters =
      whole.argv.size() > 1 && !whole.argv[1].value.prefix().starts_with('-');  // they stay first
  auto at = whole.argv.begin() + (letters ? 2 : 1);
  for (const Value& option : more) at = whole.argv.insert(at, {option, whole.place, nullptr}) + 1;
  pack(Call(whole, kTar, Order::permuted), sink);
}

constexpr Option kZip[] = {{'r', "recurse"}, {'m', "move"},
                           {'d', "delete"},  {'e', "encrypt"},
                           {'q', "quiet"},   {'j', "junk-paths"},
                           {'T', "test"},    {0, "unzip-command", Arg::value},
                           {'x', "exclude"}, {'@', "names-from-stdin"}};
/// zip -T -TT CODE: the archive is tested by it. A short option of two letters.
void run_test(const Call& call, Sink& sink) {
  const Argument* code = call.value("unzip-command");
  for (size_t i = 1; i + 1 < call.argv().size(); ++i)
    if (call.argv()[i].value.with_holes_empty() == "-TT") code = &call.argv()[i + 1];
  if (code == nullptr) return;
  run_line(sink, code->value, code->place);
}
/// Names that come in on standard input, a line each: zip -@, cpio -o.
std::vector<Argument> fed_names(const Call& call, Sink& sink) {
  const resolve::Input& input = call.invocation().input;
  std::vector<Argument> out;
  if (!sink.spend(input.data.size())) return out;
  for (Value& name : resolve::split_items(input.data, "\n"))
    if (!name.is_unknown()) out.push_back({std::move(name), call.invocation().place, nullptr});
  return out;
}

void zip(const Call& call, Sink& sink) {
  run_test(call, sink);
  if (call.has("names-from-stdin") && !call.operands().empty())
    for (const Argument& name : fed_names(call, sink))
      if (sink.is_secret(name.value)) copy_content(sink, name.value, call.operands()[0]->value);
  for (size_t i = 1; i < call.operands().size(); ++i)
    if (sink.is_secret(call.operands()[i]->value))
      copy_content(sink, call.operands()[i]->value, call.operands()[0]->value);
  if (call.has("move"))
    for (size_t i = 1; i < call.operands().size(); ++i)
      sink.on_path(Kind::deletes, "fs.delete", *call.operands()[i]).recursive = call.has("recurse");
}

/// unzip -p ARCHIVE: what this line packed into it is shown.
constexpr Option kUnzip[] = {{'p', "pipe"},
                             {'c', "stdout"},
                             {'l', "list"},
                             {'t', "test"},
                             {'v', "verbose"},
                             {'z', "comment"},
                             {'d', "directory", Arg::value},
                             {'o', "overwrite"},
                             {'n', "never"},
                             {'q', "quiet"},
                             {'j', "junk-paths"},
                             {'x', "exclude"},
                             {'P', "password", Arg::value}};
void unzip(const Call& call, Sink& sink) {
  if (call.any("list test comment") || call.operands().empty()) return;
  if (call.any("pipe stdout")) {
    read_effect(sink, *call.operands().front());
  } else if (const Argument* directory = call.value("directory")) {
    const PathClass where = sink.classify(directory->value).path_class;
    if (where == PathClass::root || is_system(where)) sink.on_path(Kind::overwrites, "fs.unpack", *directory);
  }
}

constexpr Option kCpio[] = {{'o', "create"},
                            {'i', "extract"},
                            {'p', "pass-through"},
                            {'t', "list"},
                            {'A', "append"},
                            {'F', "file", Arg::value},
                            {'I', "input", Arg::value},
                            {'O', "output", Arg::value},
                            {'H', "format", Arg::value},
                            {'D', "directory", Arg::value},
                            {'R', "owner", Arg::value},
                            {'E', "pattern-file", Arg::value},
                            {'C', "io-size", Arg::value},
                            {'M', "message", Arg::value},
                            {'B', "blocks"},
                            {'c', "portable"},
                            {'d', "make-directories"},
                            {'u', "unconditional"},
                            {'m', "preserve-modification-time"},
                            {'v', "verbose"},
                            {'L', "dereference"},
                            {'0', "null"},
                            {0, "rsh-command", Arg::value},
                            {0, "quiet"},
                            {0, "no-absolute-filenames"},
                            {0, "block-size", Arg::value}};
/// cpio 2.13: -o and -p take the names of what they copy from standard input.
void cpio(const Call& call, Sink& sink) {
  if (const Argument* code = call.value("rsh-command")) run_line(sink, code->value, code->place);
  if (call.has("list")) return;
  for (std::string_view option : {"file", "output"})
    if (const Argument* archive = call.value(option); archive != nullptr && call.any("create append"))
      write_effect(sink, *archive, Write::replace);
  if (!call.any("create pass-through")) return;
  const Argument* into =
      call.has("pass-through") && !call.operands().empty() ? call.operands().front() : nullptr;
  if (into != nullptr) {
    const PathClass where = sink.classify(into->value).path_class;
    if (where == PathClass::root || is_system(where)) sink.on_path(Kind::overwrites, "fs.unpack", *into);
  }
  for (const Argument& name : fed_names(call, sink)) {
    read_effect(sink, name);
    if (into == nullptr) continue;
    Argument entry = *into;
    const std::string path = name.value.with_holes_empty();
    entry.value.append_literal((path.starts_with('/') ? "" : "/") + path, false);
    write_effect(sink, entry, Write::place);
  }
}

/// split --filter=CODE: each piece goes to a shell of its own.
constexpr Option kSplit[] = {{'a', "suffix-length", Arg::value},
                             {'b', "bytes", Arg::value},
                             {'C', "line-bytes", Arg::value},
                             {'l', "lines", Arg::value},
                             {'n', "number", Arg::value},
                             {'t', "separator", Arg::value},
                             {0, "additional-suffix", Arg::value},
                             {0, "filter", Arg::value},
                             {'d', "numeric-suffixes", Arg::optional},
                             {'x', "hex-suffixes", Arg::optional},
                             {'e', "elide-empty-files"},
                             {'u', "unbuffered"},
                             {0, "verbose"},
                             {0, "help"}};
void split(const Call& call, Sink& sink) {
  if (!call.operands().empty()) read_effect(sink, *call.operands().front());
  if (const Argument* code = call.value("filter")) run_line(sink, code->value, code->place);
}

constexpr CommandSpec kArchiveCommands[] = {
    {"split", kSplit, Order::permuted, split}, {"tar gtar bsdtar", kTar, Order::permuted, tar},
    {"zip", kZip, Order::permuted, zip},       {"unzip", kUnzip, Order::permuted, unzip},
    {"cpio", kCpio, Order::permuted, cpio},
};

}  // namespace

std::span<const CommandSpec> archive_commands() { return kArchiveCommands; }

}  // namespace cmdai::commands
