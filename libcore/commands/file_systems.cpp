// mkfs and the programs behind it, each with its options: what means "only look" for one is a label or a size
// for another. e2fsprogs 1.47, util-linux 2.38, dosfstools 4.2, xfsprogs 6.1, btrfs-progs 6.2, ntfs-3g
// 2022.10, exfatprogs 1.2, f2fs-tools 1.15, mtd-utils 2.1, nilfs-tools 2.2, reiserfsprogs 3.6, jfsutils 1.1,
// udftools 2.3.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

/// mkfs [-t TYPE] …: the rest is for the program of that type.
constexpr Option kGeneric[] = {{'t', "type", Arg::value}, {'V', "verbose"}, {'h', "help"}, {0, "help"},
                               {0, "type", Arg::value},   {0, "version"}};
constexpr Option kExt[] = {{'b', "block-size", Arg::value},
                           {'c', "check"},
                           {'C', "cluster", Arg::value},
                           {'d', "root", Arg::value},
                           {'D', "direct"},
                           {'e', "errors", Arg::value},
                           {'E', "extended", Arg::value},
                           {'f', "fragment", Arg::value},
                           {'F', "force"},
                           {'g', "group", Arg::value},
                           {'G', "groups", Arg::value},
                           {'i', "bytes-per-inode", Arg::value},
                           {'I', "inode-size", Arg::value},
                           {'j', "journal"},
                           {'J', "journal-options", Arg::value},
                           {'l', "bad-blocks", Arg::value},
                           {'L', "label", Arg::value},
                           {'m', "reserved", Arg::value},
                           {'M', "last-mounted", Arg::value},
                           {'n', "no-act"},
                           {'N', "inodes", Arg::value},
                           {'o', "creator", Arg::value},
                           {'O', "features", Arg::value},
                           {'q', "quiet"},
                           {'r', "revision", Arg::value},
                           {'S', "super-only"},
                           {'t', "type", Arg::value},
                           {'T', "usage", Arg::value},
                           {'U', "uuid", Arg::value},
                           {'v', "verbose"},
                           {'V', "version"},
                           {'z', "undo", Arg::value}};
constexpr Option kFat[] = {{'a', "no-align"},
                           {'A', "atari"},
                           {'b', "backup", Arg::value},
                           {'c', "check"},
                           {'C', "create"},
                           {'D', "drive", Arg::value},
                           {'f', "tables", Arg::value},
                           {'F', "size", Arg::value},
                           {'g', "geometry", Arg::value},
                           {'h', "hidden", Arg::value},
                           {'i', "volume", Arg::value},
                           {'I', "whole-disk"},
                           {'l', "bad-blocks", Arg::value},
                           {'m', "message", Arg::value},
                           {'M', "media", Arg::value},
                           {'n', "label", Arg::value},
                           {'r', "entries", Arg::value},
                           {'R', "reserved", Arg::value},
                           {'s', "cluster", Arg::value},
                           {'S', "sector", Arg::value},
                           {'v', "verbose"},
                           {0, "mbr", Arg::optional},
                           {0, "codepage", Arg::value},
                           {0, "offset", Arg::value},
                           {0, "variant", Arg::value},
                           {0, "invariant"},
                           {0, "help"}};
constexpr Option kXfs[] = {{'b', "block", Arg::value},
                           {'d', "data", Arg::value},
                           {'f', "force"},
                           {'i', "inode", Arg::value},
                           {'l', "log", Arg::value},
                           {'L', "label", Arg::value},
                           {'m', "meta", Arg::value},
                           {'n', "naming", Arg::value},
                           {'N', "no-act"},
                           {'p', "prototype", Arg::value},
                           {'q', "quiet"},
                           {'r', "realtime", Arg::value},
                           {'s', "sector", Arg::value},
                           {'c', "config", Arg::value},
                           {'K', "no-discard"},
                           {'V', "version"}};
constexpr Option kBtrfs[] = {{'b', "byte-count", Arg::value},
                             {'d', "data", Arg::value},
                             {'f', "force"},
                             {'L', "label", Arg::value},
                             {'m', "metadata", Arg::value},
                             {'M', "mixed"},
                             {'n', "nodesize", Arg::value},
                             {'s', "sectorsize", Arg::value},
                             {'r', "rootdir", Arg::value},
                             {'O', "features", Arg::value},
                             {'R', "runtime", Arg::value},
                             {'U', "uuid", Arg::value},
                             {'A', "alloc-start", Arg::value},
                             {'K', "nodiscard"},
                             {'q', "quiet"},
                             {'v', "verbose"},
                             {0, "csum", Arg::value},
                             {0, "checksum", Arg::value},
                             {'V', "version"},
                             {0, "help"}};
constexpr Option kNtfs[] = {{'s', "sector-size", Arg::value},
                            {'p', "partition-start", Arg::value},
                            {'H', "heads", Arg::value},
                            {'S', "sectors", Arg::value},
                            {'c', "cluster-size", Arg::value},
                            {'L', "label", Arg::value},
                            {'z', "mft-zone-multiplier", Arg::value},
                            {'f', "fast"},
                            {'Q', "quick"},
                            {'T', "zero-time"},
                            {'U', "with-uuid"},
                            {'F', "force"},
                            {'I', "no-indexing"},
                            {'C', "enable-compression"},
                            {'n', "no-action"},
                            {'q', "quiet"},
                            {'v', "verbose"},
                            {'V', "version"},
                            {'l', "license"},
                            {'h', "help"}};
constexpr Option kExfat[] = {{'b', "boundary-align", Arg::value},
                             {'c', "cluster-size", Arg::value},
                             {'f', "full"},
                             {'L', "volume-label", Arg::value},
                             {'n', "volume-name", Arg::value},
                             {'i', "volume-id", Arg::value},
                             {'U', "volume-guid", Arg::value},
                             {'s', "sector-size", Arg::value},
                             {'p', "first-sector", Arg::value},
                             {'q', "quiet"},
                             {'v', "verbose"},
                             {'V', "version"},
                             {0, "pack-bitmap"},
                             {'h', "help"}};
constexpr Option kF2fs[] = {{'a', "heap", Arg::value},
                            {'c', "device", Arg::value},
                            {'C', "casefold", Arg::optional},
                            {'d', "debug", Arg::value},
                            {'e', "cold", Arg::value},
                            {'E', "hot", Arg::value},
                            {'f', "force"},
                            {'g', "default", Arg::value},
                            {'i', "extended"},
                            {'l', "label", Arg::value},
                            {'m', "zoned"},
                            {'o', "overprovision", Arg::value},
                            {'O', "features", Arg::value},
                            {'q', "quiet"},
                            {'r', "checkpointing"},
                            {'R', "owner", Arg::value},
                            {'s', "segments", Arg::value},
                            {'S', "sparse"},
                            {'t', "discard", Arg::value},
                            {'T', "time", Arg::value},
                            {'U', "uuid", Arg::value},
                            {'w', "sector", Arg::value},
                            {'z', "sections", Arg::value},
                            {'V', "version"}};
constexpr Option kMinix[] = {{'c', "check"},
                             {'i', "inodes", Arg::value},
                             {'l', "badblocks", Arg::value},
                             {'n', "namelength", Arg::value},
                             {'1', "one"},
                             {'2', "two"},
                             {'3', "three"},
                             {'V', "version"},
                             {'h', "help"},
                             {0, "lock", Arg::optional}};
constexpr Option kCramfs[] = {{'v', "verbose"},
                              {'E', "errors"},
                              {'b', "blocksize", Arg::value},
                              {'e', "edition", Arg::value},
                              {'N', "big-endian", Arg::value},
                              {'i', "file", Arg::value},
                              {'n', "name", Arg::value},
                              {'p', "pad"},
                              {'s', "sort"},
                              {'z', "holes"},
                              {'l', "lock", Arg::optional},
                              {'V', "version"},
                              {'h', "help"}};
constexpr Option kBfs[] = {{'N', "inodes", Arg::value},
                           {'V', "vname", Arg::value},
                           {'F', "fname", Arg::value},
                           {'v', "verbose"},
                           {'c', "check"},
                           {'l', "badblocks"},
                           {0, "lock", Arg::optional},
                           {'h', "help"}};
constexpr Option kJffs2[] = {{'p', "pad", Arg::optional},
                             {'r', "root", Arg::value},
                             {'s', "pagesize", Arg::value},
                             {'e', "eraseblock", Arg::value},
                             {'c', "cleanmarker", Arg::value},
                             {'m', "compression-mode", Arg::value},
                             {'x', "disable-compressor", Arg::value},
                             {'X', "enable-compressor", Arg::value},
                             {'y', "compressor-priority", Arg::value},
                             {'L', "list-compressors"},
                             {'t', "test-compression"},
                             {'n', "no-cleanmarkers"},
                             {'o', "output", Arg::value},
                             {'l', "little-endian"},
                             {'b', "big-endian"},
                             {'D', "devtable", Arg::value},
                             {'f', "faketime"},
                             {'q', "squash"},
                             {'U', "squash-uids"},
                             {'P', "squash-perms"},
                             {'v', "verbose"},
                             {'V', "version"},
                             {'i', "incremental", Arg::value},
                             {'h', "help"}};
constexpr Option kNilfs[] = {{'b', "block-size", Arg::value},
                             {'B', "blocks", Arg::value},
                             {'c', "check"},
                             {'f', "force"},
                             {'K', "keep"},
                             {'L', "label", Arg::value},
                             {'m', "reserved", Arg::value},
                             {'n', "no-act"},
                             {'O', "features", Arg::value},
                             {'P', "checkpoint", Arg::value},
                             {'q', "quiet"},
                             {'V', "version"},
                             {'h', "help"}};
constexpr Option kReiser[] = {{'b', "block-size", Arg::value},
                              {'h', "hash", Arg::value},
                              {0, "format", Arg::value},
                              {'u', "uuid", Arg::value},
                              {'l', "label", Arg::value},
                              {'q', "quiet"},
                              {'j', "journal-device", Arg::value},
                              {'s', "journal-size", Arg::value},
                              {'o', "offset", Arg::value},
                              {'t', "transaction", Arg::value},
                              {'B', "badblocks", Arg::value},
                              {'f', "force"},
                              {'d', "debug"},
                              {'V', "version"}};
constexpr Option kJfs[] = {{'c', "check"},
                           {'j', "journal", Arg::value},
                           {'J', "journal-options", Arg::value},
                           {'L', "label", Arg::value},
                           {'O', "os2"},
                           {'q', "quiet"},
                           {'s', "size", Arg::value},
                           {'V', "version"}};
constexpr Option kUdf[] = {{'l', "label", Arg::value},
                           {'u', "uuid", Arg::value},
                           {'b', "blocksize", Arg::value},
                           {'m', "media-type", Arg::value},
                           {'r', "udfrev", Arg::value},
                           {'n', "no-act"},
                           {0, "no-write"},
                           {0, "help"}};
constexpr Option kSwap[] = {{'c', "check"},
                            {'f', "force"},
                            {'p', "pagesize", Arg::value},
                            {'L', "label", Arg::value},
                            {'v', "swapversion", Arg::value},
                            {'U', "uuid", Arg::value},
                            {'e', "endianness", Arg::value},
                            {'o', "offset", Arg::value},
                            {'q', "quiet"},
                            {0, "lock", Arg::optional},
                            {0, "verbose"},
                            {'V', "version"},
                            {'h', "help"}};
/// newfs(8) of the BSDs.
constexpr Option kNewfs[] = {{'L', "label", Arg::value},    {'N', "no-act"},
                             {'O', "format", Arg::value},   {'a', "contiguous", Arg::value},
                             {'b', "block", Arg::value},    {'c', "cylinder", Arg::value},
                             {'d', "delay", Arg::value},    {'e', "extent", Arg::value},
                             {'f', "fragment", Arg::value}, {'g', "average", Arg::value},
                             {'h', "files", Arg::value},    {'i', "density", Arg::value},
                             {'m', "free", Arg::value},     {'o', "preference", Arg::value},
                             {'s', "size", Arg::value},     {'S', "sector", Arg::value},
                             {'T', "type", Arg::value},     {'v', "volume", Arg::value}};

struct Maker {
  std::string_view types;
  std::span<const Option> options;
};
constexpr Maker kMakers[] = {{"ext2 ext3 ext4 ext4dev mke2fs", kExt},
                             {"fat vfat msdos dos mkdosfs", kFat},
                             {"xfs", kXfs},
                             {"btrfs", kBtrfs},
                             {"ntfs ntfs3 mkntfs", kNtfs},
                             {"exfat", kExfat},
                             {"f2fs", kF2fs},
                             {"minix", kMinix},
                             {"cramfs", kCramfs},
                             {"bfs", kBfs},
                             {"jffs2", kJffs2},
                             {"nilfs2", kNilfs},
                             {"reiserfs", kReiser},
                             {"jfs", kJfs},
                             {"udf", kUdf},
                             {"mkswap", kSwap},
                             {"newfs newfs_hfs newfs_apfs newfs_msdos newfs_exfat", kNewfs}};

std::span<const Option> options_of(std::string_view type) {
  const std::string wanted = ' ' + std::string(type) + ' ';
  for (const Maker& maker : kMakers)
    if ((' ' + std::string(maker.types) + ' ').find(wanted) != std::string::npos) return maker.options;
  return kExt;
}

/// mkfs.TYPE, mkfs -t TYPE, mkntfs.
std::string type_of(const Call& call) {
  const std::string& program = call.program();
  if (program.starts_with("mkfs.")) return program.substr(5);
  if (program != "mkfs") return program;
  const std::string type = call.text("type");
  return type.empty() ? "ext2" : type;
}

/// mkfs -V -t TYPE …: both are its own, and do not reach the program of the type.
std::vector<Argument> without_own_options(const std::vector<Argument>& argv) {
  std::vector<Argument> out;
  for (size_t i = 0; i < argv.size(); ++i) {
    const std::string word = argv[i].value.prefix();
    if (word == "-t" || word == "--type")
      ++i;
    else if (word != "-V" && word != "--verbose")
      out.push_back(argv[i]);
  }
  return out;
}

void make_file_system(const Call& call, Sink& sink) {
  const std::string type = type_of(call);
  Invocation rest = call.invocation();
  if (call.program() == "mkfs") rest.argv = without_own_options(call.argv());
  const Call own(rest, options_of(type), Order::permuted);
  if (own.any("help version no-act no-action no-write list-compressors")) return;
  // DEVICE [BLOCKS]; cramfs: DIRECTORY FILE; jffs2: what -o names. Where a device stands it is meant.
  const auto& operands = own.operands();
  const Argument* target = own.value("output");
  if (target == nullptr && !operands.empty()) target = type == "cramfs" ? operands.back() : operands.front();
  for (const Argument* operand : operands)
    if (sink.classify(operand->value).path_class == PathClass::device) target = operand;
  if (target == nullptr) return;
  const PathClass where = sink.classify(target->value).path_class;
  const bool image = where == PathClass::project || where == PathClass::build || where == PathClass::temp ||
                     where == PathClass::other;
  if (image)
    sink.on_path(Kind::overwrites, "fs.overwrite", *target);
  else
    sink.on_path(Kind::writes_device, "disk.mkfs", *target);
}

constexpr CommandSpec kFileSystemCommands[] = {
    {"mkfs mke2fs mkdosfs mkntfs mkswap newfs newfs_hfs newfs_apfs newfs_msdos newfs_exfat", kGeneric,
     Order::permuted, make_file_system},
};

}  // namespace

std::span<const CommandSpec> file_system_commands() { return kFileSystemCommands; }

}  // namespace cmdai::commands
