// Coreutils and friends that delete, replace, move and re-permission files. Options: GNU coreutils 9.1,
// findutils, tar 1.34, zip 3.0.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/deletes.hpp"
#include "libcore/commands/secret_words.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kRm[] = {{'f', "force"},
                          {'r', "recursive"},
                          {'R', "recursive"},
                          {'i', "interactive-each"},
                          {'I', "interactive-once"},
                          {'d', "dir"},
                          {'v', "verbose"},
                          {0, "interactive", Arg::optional},
                          {0, "one-file-system"},
                          {0, "no-preserve-root"},
                          {0, "preserve-root", Arg::optional},
                          {'P', "overwrite"},
                          {0, "help"},
                          {0, "version"}};

bool informational(const Call& call) { return call.any("help version"); }

/// `find DIR … -exec rm {}`: find hands in DIR itself, or DIR/… when its tests pick some of what is below.
void delete_found(Sink& sink, const Argument& file, std::string_view tag, bool force) {
  constexpr std::string_view kSome = "/…";
  Argument start = file;
  const std::string text = file.value.text().value_or("");
  const size_t below = text.find(kSome);
  const bool some = below != std::string::npos;
  if (some) start.value = Value::exact(text.substr(0, below));
  const bool empty_only = tag == "fs.rmdir";
  Effect& e = delete_effect(sink, some && !empty_only ? "fs.delete-matching" : tag, start);
  e.recursive = !empty_only;
  e.force = force;
}

/// `rm -rf old.zip`, out of habit: there is nothing below an archive or an image.
bool is_packed_file(const effects::Target& target) {
  static constexpr std::string_view kEndings[] = {".zip", ".tar", ".tgz", ".gz",  ".xz",  ".bz2",
                                                  ".zst", ".7z",  ".rar", ".deb", ".rpm", ".iso",
                                                  ".dmg", ".msi", ".whl", ".jar"};
  return target.exact && std::any_of(std::begin(kEndings), std::end(kEndings),
                                     [&](std::string_view ending) { return target.text.ends_with(ending); });
}

/// xargs rm -rf < FILE: names that stand in a file nobody here has read.
bool is_listed(const Argument& file, const std::vector<resolve::Wrapper>& wrappers) {
  if (!file.value.is_unknown() || wrappers.empty() || !wrappers.back().repeats) return false;
  const resolve::Piece& word = file.value.pieces().front();
  return word.hole == resolve::HoleKind::input && !word.text.empty() && has(file.value.taint, Taint::file);
}

void delete_operands(const Call& call, Sink& sink, std::string_view tag, bool recursive, bool force) {
  const auto& wrappers = call.invocation().wrappers;
  const bool found = !wrappers.empty() && wrappers.back().program == "find" && tag == "fs.delete";
  for (const Argument* file : call.operands()) {
    const bool some = file->value.text().value_or("").find("/…") != std::string::npos;
    if (some || (found && file->value.is_exact())) {
      delete_found(sink, *file, tag, force);
      continue;
    }
    const bool listed = recursive && is_listed(*file, wrappers);
    Effect& e = delete_effect(sink, listed ? "fs.delete-listed" : tag, *file);
    e.recursive = recursive && !is_packed_file(e.target);
    e.force = force;
  }
}

void rm(const Call& call, Sink& sink) {
  if (informational(call)) return;
  delete_operands(call, sink, "fs.delete", call.has("recursive"), call.has("force"));
}

void rimraf(const Call& call, Sink& sink) {
  if (!informational(call)) delete_operands(call, sink, "fs.delete", true, true);
}

void rmdir(const Call& call, Sink& sink) {
  if (!informational(call)) delete_operands(call, sink, "fs.rmdir", false, false);
}

constexpr Option kShred[] = {{'u', "remove"}, {'n', "iterations", Arg::value},  {'z', "zero"},
                             {'f', "force"},  {'s', "size", Arg::value},        {'v', "verbose"},
                             {'x', "exact"},  {0, "random-source", Arg::value}, {0, "help"},
                             {0, "version"}};
void shred(const Call& call, Sink& sink) {
  if (informational(call)) return;
  for (const Argument* file : call.operands()) {
    if (sink.classify(file->value).path_class == PathClass::device)
      sink.on_path(Kind::writes_device, "disk.wipe", *file);
    else
      sink.on_path(Kind::deletes, "fs.shred", *file);
  }
}

constexpr Option kTruncate[] = {{'s', "size", Arg::value},
                                {'r', "reference", Arg::value},
                                {'c', "no-create"},
                                {'o', "io-blocks"},
                                {0, "help"},
                                {0, "version"}};
void truncate(const Call& call, Sink& sink) {
  if (informational(call)) return;
  const std::string size = call.text("size");
  if (size.starts_with('+') || size.starts_with('>')) return;
  for (const Argument* file : call.operands()) sink.on_path(Kind::overwrites, "fs.truncate", *file);
}

/// Whether a word names a directory, as far as its spelling tells.
bool is_directory(const Argument& target, const Sink& sink) {
  const std::string text = target.value.with_holes_empty();
  if (!target.value.is_exact()) return false;
  if (text.ends_with('/') || text == "." || text == ".." || text.ends_with("/.")) return true;
  const PathClass where = sink.classify(target.value).path_class;
  const std::string path = sink.classify(target.value).text;
  const size_t depth = static_cast<size_t>(std::count(path.begin(), path.end(), '/'));
  return where == PathClass::root || where == PathClass::home || path == "/usr/local/bin" ||
         (effects::is_system(where) &&
          (depth == 1 || path == "/usr/bin" || path == "/usr/sbin" || path == "/usr/lib"));
}

/// What a source is called in the place it goes to: DIR/NAME, or the place itself.
Argument entry_for(const Argument& source, const Argument& target, bool directory) {
  Argument entry = target;
  const std::string name = source.value.with_holes_empty();
  const size_t end = name.find_last_not_of('/');
  const std::string base = name.substr(name.rfind('/', end) + 1);
  if (directory && source.value.is_exact() && !base.empty() && base != "." && base != "..") {
    entry.value.append_literal("/", false);
    entry.value.append_literal(base, source.value.has_glob());
  }
  return entry;
}

/// The system's own template for a new home; what is in it is known.
bool is_template(const std::string& source) { return source.starts_with("/etc/skel/"); }

/// cp and mv into a directory touch the entries of that name in it, not the directory. What is copied of
/// this line's own files stays known.
void place_into(const Call& call, Sink& sink, const Argument& target, size_t sources) {
  const bool directory = call.has("target-directory") || is_directory(target, sink);
  for (size_t i = 0; i < sources && i < call.operands().size(); ++i) {
    const Argument& source = *call.operands()[i];
    const Argument entry = entry_for(source, target, directory);
    const std::string name = source.value.with_holes_empty();
    copy_content(sink, source.value, entry.value);
    const PathClass where = sink.classify(entry.value).path_class;
    const bool each = target.value.has_glob();  // one after the other: in a loop, or by find
    if (name == "/dev/null" && (each || where == PathClass::secret || where == PathClass::vcs_metadata))
      sink.on_path(Kind::overwrites, "fs.truncate", each ? target : entry);
    else
      write_effect(sink, entry,
                   is_template(name)   ? Write::create
                   : directory || each ? Write::place
                                       : Write::replace);
  }
  if (sources == 0) write_effect(sink, target, Write::replace);
}

constexpr Option kMove[] = {{'f', "force"},
                            {'i', "interactive"},
                            {'n', "no-clobber"},
                            {'t', "target-directory", Arg::value},
                            {'T', "no-target-directory"},
                            {'v', "verbose"},
                            {'u', "update"},
                            {'b', "backup"},
                            {'S', "suffix", Arg::value},
                            {0, "strip-trailing-slashes"},
                            {0, "help"},
                            {0, "version"}};
/// A source that find picked below a place: the place itself stays.
void move_away(Sink& sink, const Argument& source) {
  if (source.value.text().value_or("").ends_with("/…")) return;
  sink.on_path(Kind::deletes, "fs.move", source);
}

void move(const Call& call, Sink& sink) {
  if (informational(call)) return;
  const auto& operands = call.operands();
  const Argument* target = call.value("target-directory");
  const size_t sources = target != nullptr || operands.empty() ? operands.size() : operands.size() - 1;
  if (target == nullptr && operands.size() > 1) target = operands.back();
  const bool vanishes =
      target != nullptr && sink.classify(target->value).path_class == PathClass::null_device;
  const bool from_made =
      std::all_of(operands.begin(), operands.begin() + static_cast<std::ptrdiff_t>(sources),
                  [&](const Argument* o) { return sink.is_made(sink.classify(o->value)); });
  if (target != nullptr && !from_made) sink.note_filled(target->value);
  for (size_t i = 0; i < sources; ++i)
    if (vanishes)
      sink.on_path(Kind::deletes, "fs.delete", *operands[i]).recursive = true;
    else
      move_away(sink, *operands[i]);
  for (size_t i = 0; i < sources && target != nullptr; ++i) judge_key_copy(sink, *operands[i], *target);
  // rename(2) and the unlink that stands in for it put the file in place of the device.
  if (vanishes && sources > 0) sink.on_path(Kind::deletes, "fs.delete", *target);
  if (target != nullptr && !call.has("no-clobber") && !vanishes) place_into(call, sink, *target, sources);
}

constexpr Option kCopy[] = {{'f', "force"},
                            {'i', "interactive"},
                            {'n', "no-clobber"},
                            {'t', "target-directory", Arg::value},
                            {'r', "recursive"},
                            {'R', "recursive"},
                            {'a', "archive"},
                            {'p', "preserve", Arg::none},
                            {'v', "verbose"},
                            {'u', "update"},
                            {'L', "dereference"},
                            {'l', "link"},
                            {'s', "symbolic-link"},
                            {'T', "no-target-directory"},
                            {'S', "suffix", Arg::value},
                            {'b', "backup"},
                            {'d', "no-dereference-links"},
                            {'P', "no-dereference"},
                            {'x', "one-file-system"},
                            {0, "help"},
                            {0, "version"}};
void copy(const Call& call, Sink& sink) {
  if (informational(call)) return;
  const auto& operands = call.operands();
  const Argument* target = call.value("target-directory");
  const size_t sources = target != nullptr || operands.empty() ? operands.size() : operands.size() - 1;
  if (target == nullptr && operands.size() > 1) target = operands.back();
  for (size_t i = 0; i < sources; ++i) {
    const effects::Target from = sink.classify(operands[i]->value);
    if (from.path_class == PathClass::secret && target != nullptr &&
        sink.classify(target->value).path_class == PathClass::temp)
      sink.on_path(Kind::reads_secret, "secret.read", *operands[i]);
    else if (target != nullptr)
      judge_key_copy(sink, *operands[i], *target);
  }
  if (target != nullptr && !call.has("no-clobber")) place_into(call, sink, *target, sources);
}

constexpr Option kInstall[] = {{'m', "mode", Arg::value},
                               {'o', "owner", Arg::value},
                               {'g', "group", Arg::value},
                               {'d', "directory"},
                               {'D', "create-leading"},
                               {'t', "target-directory", Arg::value},
                               {'s', "strip"},
                               {'v', "verbose"},
                               {'c', "compat"},
                               {'b', "backup"},
                               {'S', "suffix", Arg::value},
                               {'C', "compare"},
                               {'p', "preserve-timestamps"},
                               {'T', "no-target-directory"},
                               {0, "help"},
                               {0, "version"}};
void install(const Call& call, Sink& sink) {
  if (informational(call)) return;
  const std::string mode = call.text("mode");
  if (mode.size() == 4 && (mode[0] == '4' || mode[0] == '6') && !call.operands().empty())
    sink.on_path(Kind::gains_privilege, "priv.setuid", *call.operands().back());
  if (!call.has("directory")) copy(call, sink);
}

constexpr Option kLink[] = {{'s', "symbolic"},
                            {'f', "force"},
                            {'n', "no-dereference"},
                            {'T', "no-target-directory"},
                            {'t', "target-directory", Arg::value},
                            {'v', "verbose"},
                            {'r', "relative"},
                            {'b', "backup"},
                            {'i', "interactive"},
                            {0, "help"},
                            {0, "version"}};
void link(const Call& call, Sink& sink) {
  const auto& operands = call.operands();
  const Argument* into = call.value("target-directory");
  if (informational(call) || operands.size() < (into != nullptr ? 1U : 2U)) return;
  const Argument& target = into != nullptr ? *into : *operands.back();
  const size_t sources = operands.size() - (into != nullptr ? 0 : 1);
  const bool directory =
      !call.has("no-target-directory") && (into != nullptr || sources > 1 || is_directory(target, sink));
  const bool device = sink.classify(target.value).path_class == PathClass::null_device;
  for (size_t i = 0; i < sources; ++i) {
    const Argument entry = entry_for(*operands[i], target, directory);
    copy_content(sink, operands[i]->value, entry.value);
    if (call.has("force") && (device || operands[i]->value.with_holes_empty().starts_with("/dev/null")))
      sink.on_path(Kind::deletes, "fs.delete", entry);
    else
      write_effect(sink, entry,
                   !call.has("force") ? Write::create
                   : directory        ? Write::place
                                      : Write::replace);
  }
}

constexpr Option kTee[] = {{'a', "append"},       {'i', "ignore-interrupts"},
                           {'p', "output-error"}, {0, "output-error", Arg::optional},
                           {0, "help"},           {0, "version"}};
void tee(const Call& call, Sink& sink) {
  if (informational(call)) return;
  for (const Argument* file : call.operands()) {
    write_effect(sink, *file, call.has("append") ? Write::append : Write::replace);
    sink.note_file(file->value, call.invocation().input.data, call.has("append"));
    judge_later_code(sink, call.invocation().input.data, *file);
  }
}
Value pass_input(const Call& call) { return call.invocation().input.data; }

constexpr Option kTouch[] = {{'a', "atime"},
                             {'c', "no-create"},
                             {'d', "date", Arg::value},
                             {'m', "mtime"},
                             {'r', "reference", Arg::value},
                             {'t', "time", Arg::value},
                             {'h', "no-dereference"},
                             {0, "help"},
                             {0, "version"}};

void dd(const Call& call, Sink& sink) {
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.prefix();
    const bool output = text.starts_with("of=") || text.starts_with("hof=");
    if (!output && !text.starts_with("if=")) continue;
    Argument path = *word;
    Value rest;
    size_t drop = text.find('=') + 1;
    for (const resolve::Piece& p : word->value.pieces()) {
      if (p.hole) {
        rest.append(Value::unknown(*p.hole, p.text, p.active));
        continue;
      }
      const size_t cut = std::min(drop, p.text.size());
      drop -= cut;
      rest.append_literal(std::string_view(p.text).substr(cut), p.active);
    }
    path.value = rest;
    if (output)
      write_effect(sink, path, Write::replace);
    else
      read_effect(sink, path);
  }
}

constexpr Option kSed[] = {{'n', "quiet"},
                           {'e', "expression", Arg::value},
                           {'f', "file", Arg::value},
                           {'i', "in-place", Arg::optional},
                           {'E', "regexp-extended"},
                           {'r', "regexp-extended"},
                           {'s', "separate"},
                           {'z', "null-data"},
                           {'u', "unbuffered"},
                           {0, "help"},
                           {0, "version"}};
/// sed -n 's/^PORT=//p', sed -n '/^PORT=/p': the part between the first two delimiters.
std::string sed_pattern(const std::string& text) {
  const size_t open = text.starts_with('s') ? 1 : 0;
  const size_t close = text.size() > open + 1 ? text.find(text[open], open + 1) : std::string::npos;
  return close == std::string::npos ? std::string() : text.substr(open + 1, close - open - 1);
}

void sed(const Call& call, Sink& sink) {
  const size_t first = call.any("expression file") ? 0 : 1;
  const auto text = call.value("expression") != nullptr ? call.text("expression") : call.operand(0);
  // GNU sed: `e command` and the e flag of s run a shell.
  const bool runs =
      text == "e" || text.starts_with("e ") || text.starts_with("1e ") ||
      text.find(";e ") != std::string::npos ||
      (text.starts_with("s") && text.size() > 3 && text.ends_with(std::string(1, text[1]) + "e"));
  if (runs) {
    const size_t at = text.find("e ");
    resolve::RunAs how = sink.as("sed");
    how.child_shell = true;
    if (at != std::string::npos && !text.starts_with("s"))
      sink.run_shell(Value::exact(text.substr(at + 2)), *dialect_from_name("sh"), how,
                     call.invocation().place);
    else
      sink.run_unknown(Value::unknown(resolve::HoleKind::other), call.invocation().place);
  }
  for (size_t i = first; i < call.operands().size(); ++i) {
    if (call.has("in-place"))
      write_effect(sink, *call.operands()[i], Write::edit);
    else if (!call.has("quiet") || (text.ends_with('p') && !picks_plain_setting(sed_pattern(text))))
      read_effect(sink, *call.operands()[i]);
  }
}

/// mktemp's answer: the template up to its Xs, in the place it was asked for.
constexpr Option kMktemp[] = {{'d', "directory"},
                              {'u', "dry-run"},
                              {'q', "quiet"},
                              {0, "tmpdir", Arg::optional},  // first: --tmpdir
                              {'p', "tmpdir", Arg::value},
                              {'t', "t"},
                              {0, "suffix", Arg::value},
                              {0, "help"},
                              {0, "version"}};
Value mktemp_output(const Call& call) {
  Value out;
  const Argument* folder = call.value("tmpdir");
  const std::string shape = call.operand(0);
  if (folder != nullptr)
    out.append(folder->value);
  else if (shape.empty() || call.any("t tmpdir"))
    out.append_literal("/tmp", false);
  if (!out.pieces().empty()) out.append_literal("/", false);
  if (shape.empty())
    out.append_literal("tmp.", false);
  else if (!call.operands()[0]->value.is_exact())
    out.append(call.operands()[0]->value);
  else
    out.append_literal(shape.substr(0, std::min(shape.find("XXX"), shape.size())), false);
  out.append(Value::unknown(resolve::HoleKind::output, {}, false));
  return out;
}

constexpr Option kMkdir[] = {{'p', "parents"}, {'m', "mode", Arg::value},
                             {'v', "verbose"}, {'Z', "context", Arg::optional},
                             {0, "help"},      {0, "version"}};
/// With -p a folder may have been there before.
void mkdir(const Call& call, Sink& sink) {
  if (call.any("parents help version")) return;
  for (const Argument* folder : call.operands()) sink.note_made(folder->value);
}

constexpr Option kMkfifo[] = {{'m', "mode", Arg::value}, {'Z', "context", Arg::optional}};
void mkfifo(const Call& call, Sink& sink) {
  for (const Argument* fifo : call.operands()) sink.note_fifo(fifo->value);
}

/// mknod NAME TYPE [MAJOR MINOR], type p.
void mknod(const Call& call, Sink& sink) {
  if (call.operands().size() > 1 && call.operand(1) == "p") sink.note_fifo(call.operands()[0]->value);
}

constexpr Option kRename[] = {{'f', "force"}, {'n', "nono"}, {'v', "verbose"}, {'e', "expr", Arg::value}};

constexpr CommandSpec kFileCommands[] = {
    {"rm grm srm", kRm, Order::permuted, rm},
    {"unlink", kRm, Order::permuted, rm},
    {"trash trash-put", kRm, Order::permuted, nullptr},
    {"rmdir", kRm, Order::permuted, rmdir},
    {"shred wipe", kShred, Order::permuted, shred},
    {"truncate", kTruncate, Order::permuted, truncate},
    {"mv", kMove, Order::permuted, move},
    {"cp gcp", kCopy, Order::permuted, copy},
    {"install", kInstall, Order::permuted, install},
    {"ln link", kLink, Order::permuted, link},
    {"tee sponge", kTee, Order::permuted, tee, pass_input},
    {"touch", kTouch, Order::permuted, nullptr},
    {"mkdir", kMkdir, Order::permuted, mkdir},
    {"mkfifo", kMkfifo, Order::permuted, mkfifo},
    {"mknod", kMkfifo, Order::permuted, mknod},
    {"dd gdd dcfldd dc3dd sg_dd", {}, Order::raw, dd},
    {"sed gsed", kSed, Order::permuted, sed},
    {"rimraf del-cli", kRm, Order::permuted, rimraf},
    {"rename", kRename, Order::permuted, nullptr},
    {"mktemp gmktemp", kMktemp, Order::permuted, nullptr, mktemp_output},
};

}  // namespace

std::span<const CommandSpec> file_commands() { return kFileCommands; }

}  // namespace cmdai::commands
