// Disks, partitions, file systems, volumes. util-linux 2.38, e2fsprogs 1.47, lvm2, zfs, cryptsetup, mdadm,
// nvme-cli; macOS diskutil.
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

bool reads_only(const Call& call) {
  return call.any("help version list dump verify print no-act dry-run test V h");
}

void all_devices(const Call& call, Sink& sink, std::string_view tag) {
  for (const Argument* word : call.operands())
    if (word->value.prefix().starts_with('/') || !word->value.is_exact())
      sink.on_path(Kind::writes_device, tag, *word);
}

constexpr Option kPartition[] = {{'l', "list"},
                                 {'d', "dump"},
                                 {'J', "json"},
                                 {'n', "no-act"},
                                 {'V', "verify"},
                                 {'s', "script"},
                                 {'a', "align", Arg::value},
                                 {'m', "machine"},
                                 {'h', "help"},
                                 {'v', "version"},
                                 {'p', "print"},
                                 {0, "delete"},
                                 {0, "zap"},
                                 {0, "zap-all"},
                                 {'Z', "zap-all"},
                                 {'o', "clear"},
                                 {'x', "bytes"}};
void partition(const Call& call, Sink& sink) {
  if (reads_only(call) || call.operands().empty()) return;
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.with_holes_empty();
    if (text == "print" || text == "unit" || text == "help") return;
  }
  all_devices(call, sink, "disk.partition");
}

constexpr Option kWipe[] = {{'a', "all"},
                            {'f', "force"},
                            {'n', "no-act"},
                            {'o', "offset", Arg::value},
                            {'t', "types", Arg::value},
                            {'q', "quiet"},
                            {'b', "backup"},
                            {'p', "parsable"},
                            {'J', "json"},
                            {'h', "help"},
                            {'V', "version"},
                            {'z', "zeroout"},
                            {'s', "secure"},
                            {'v', "verbose"},
                            {'l', "length", Arg::value}};
void wipefs(const Call& call, Sink& sink) {
  if (reads_only(call) || !call.any("all offset")) return;
  all_devices(call, sink, "disk.wipe");
}
void blkdiscard(const Call& call, Sink& sink) {
  if (!reads_only(call)) all_devices(call, sink, "disk.wipe");
}
void volume(const Call& call, Sink& sink) {
  if (reads_only(call)) return;
  Effect& e = call.operands().empty() ? sink.add(Kind::writes_device, "disk.volume")
                                      : sink.on(Kind::writes_device, "disk.volume", *call.operands().back());
  e.detail = call.program();
}

/// Refuses a device in use, unless forced.
void pvcreate(const Call& call, Sink& sink) {
  if (call.any("force yes")) volume(call, sink);
}
void lvm(const Call& call, Sink& sink) { sink.run(call.rest(), sink.as("lvm")); }
void wipe_all(const Call& call, Sink& sink) { all_devices(call, sink, "disk.wipe"); }

void subcommand_volume(const Call& call, Sink& sink, std::initializer_list<std::string_view> dangerous) {
  for (std::string_view verb : dangerous)
    if (call.operand(0) == verb) {
      Effect& e = sink.on(Kind::writes_device, "disk.volume", *call.operands().back());
      e.detail = std::string(verb);
      return;
    }
}
constexpr Option kVolume[] = {{'f', "force"},     {'y', "yes"},           {'n', "dry-run"},
                              {'r', "recursive"}, {'R', "recursive-all"}, {'v', "verbose"},
                              {'h', "help"},      {'t', "test"},          {'q', "quiet"}};
void zfs(const Call& call, Sink& sink) {
  if (!call.has("dry-run")) subcommand_volume(call, sink, {"destroy", "rollback", "labelclear"});
}
void cryptsetup(const Call& call, Sink& sink) {
  subcommand_volume(call, sink,
                    {"luksFormat", "erase", "luksErase", "luksKillSlot", "luksRemoveKey", "reencrypt"});
}
void btrfs(const Call& call, Sink& sink) {
  if (call.operand(0) == "subvolume" && call.operand(1) == "delete")
    sink.on(Kind::writes_device, "disk.volume", *call.operands().back()).detail = "subvolume delete";
}
void nvme(const Call& call, Sink& sink) {
  subcommand_volume(call, sink, {"format", "sanitize", "delete-ns", "write-zeroes", "write"});
}
void diskutil(const Call& call, Sink& sink) {
  subcommand_volume(
      call, sink,
      {"eraseDisk", "eraseVolume", "reformat", "partitionDisk", "zeroDisk", "randomDisk", "secureErase"});
  if (call.operand(0) == "apfs" &&
      (call.operand(1).starts_with("delete") || call.operand(1).starts_with("erase")))
    sink.on(Kind::writes_device, "disk.volume", *call.operands().back()).detail = call.operand(1);
}

constexpr Option kHdparm[] = {
    {0, "security-erase", Arg::value},     {0, "security-erase-enhanced", Arg::value},
    {0, "trim-sector-ranges", Arg::value}, {0, "make-bad-sector", Arg::value},
    {0, "write-sector", Arg::value},       {0, "yes-i-know-what-i-am-doing"},
    {0, "user-master", Arg::value}};
void hdparm(const Call& call, Sink& sink) {
  if (call.any("security-erase security-erase-enhanced trim-sector-ranges make-bad-sector write-sector"))
    all_devices(call, sink, "disk.wipe");
}
constexpr Option kMdadm[] = {{0, "zero-superblock"}, {0, "stop"},   {'S', "stop"}, {0, "create"},
                             {'C', "create"},        {0, "detail"}, {0, "remove"}, {0, "fail"}};
void mdadm(const Call& call, Sink& sink) {
  if (call.any("zero-superblock create stop")) all_devices(call, sink, "disk.volume");
}
void badblocks(const Call& call, Sink& sink) {
  if (call.has("w")) all_devices(call, sink, "disk.write");
}

constexpr Option kMount[] = {{'o', "options", Arg::value},
                             {'t', "types", Arg::value},
                             {'a', "all"},
                             {'l', "lazy"},
                             {'f', "force"},
                             {'r', "read-only"},
                             {0, "bind"},
                             {0, "rbind"},
                             {'L', "label", Arg::value},
                             {'U', "uuid", Arg::value},
                             {'h', "help"},
                             {'V', "version"}};
void umount(const Call& call, Sink& sink) {
  for (const Argument* where : call.operands())
    sink.on_path(Kind::changes_config, "fs.umount", *where).force = call.any("force lazy");
}
void mount(const Call& call, Sink& sink) {
  if (call.operands().empty()) return;
  sink.on_path(Kind::changes_config, "fs.mount", *call.operands().back());
  sink.note_filled(call.operands().back()->value);
}

/// Apple Software Restore.
constexpr Option kAsr[] = {{0, "source", Arg::value}, {0, "target", Arg::value}, {0, "erase"}};
void asr(const Call& call, Sink& sink) {
  if (call.has("erase") && call.value("target") != nullptr)
    sink.on_path(Kind::writes_device, "disk.write", *call.value("target"));
}

/// File system tools that write to what they look at.
constexpr Option kDebugfs[] = {{'w', "write"},    {'R', "request", Arg::value},
                               {'L', "zero-log"}, {'n', "no-act"},
                               {'f', "force"},    {0, "format"}};
void file_system_tool(const Call& call, Sink& sink) {
  const bool writes = (call.program() == "debugfs" && call.has("write")) ||
                      (call.program() == "xfs_repair" && call.has("zero-log")) ||
                      (call.program() == "sg_format" && call.has("format"));
  if (writes) all_devices(call, sink, "disk.write");
}
void device_mapper(const Call& call, Sink& sink) {
  subcommand_volume(call, sink, {"remove_all", "wipe_table"});
}
constexpr Option kFlash[] = {{'w', "write", Arg::value},      {'E', "erase"},
                             {'b', "bootnum", Arg::value},    {'B', "delete-bootnum"},
                             {'p', "programmer", Arg::value}, {'r', "read", Arg::value}};
void firmware(const Call& call, Sink& sink) {
  if (call.any("write erase delete-bootnum"))
    sink.add(Kind::writes_device, "disk.volume").detail = "firmware";
}

/// Tools that write an image somewhere: what they are told to write to is the last word, or an option.
constexpr Option kConvert[] = {{'f', "format", Arg::value},
                               {'O', "output-format", Arg::value},
                               {'o', "options", Arg::value},
                               {'T', "source-cache", Arg::value},
                               {'t', "cache", Arg::value},
                               {'m', "coroutines", Arg::value},
                               {'S', "sparse", Arg::value},
                               {'l', "snapshot", Arg::value},
                               {'B', "backing", Arg::value},
                               {'F', "backing-format", Arg::value},
                               {0, "object", Arg::value},
                               {0, "image-opts"},
                               {'n', "no-create"},
                               {'p', "progress"},
                               {'c', "compress"},
                               {'q', "quiet"},
                               {'W', "unordered"},
                               {'U', "force-share"}};
void qemu_img(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0);
  const auto& words = call.operands();
  if (verb == "convert" && words.size() > 2) write_effect(sink, *words.back(), Write::replace);
  if ((verb == "create" || verb == "commit" || verb == "resize") && words.size() > 1)
    if (sink.classify(words[1]->value).path_class == PathClass::device)
      write_effect(sink, *words[1], Write::replace);
}

/// ddrescue IN OUT [MAP]
constexpr Option kRescue[] = {{'b', "sector-size", Arg::value},
                              {'B', "binary-prefixes"},
                              {'c', "cluster-size", Arg::value},
                              {'C', "complete-only"},
                              {'d', "idirect"},
                              {'D', "odirect"},
                              {'f', "force"},
                              {'i', "input-position", Arg::value},
                              {'n', "no-scrape"},
                              {'N', "no-trim"},
                              {'o', "output-position", Arg::value},
                              {'p', "preallocate"},
                              {'r', "retry-passes", Arg::value},
                              {'s', "size", Arg::value},
                              {'S', "sparse"},
                              {'v', "verbose"},
                              {'m', "domain-mapfile", Arg::value},
                              {'h', "help"},
                              {'V', "version"}};
void rescue(const Call& call, Sink& sink) {
  if (!call.any("help version") && call.operands().size() > 1)
    write_effect(sink, *call.operands()[1], Write::replace);
}

constexpr Option kClone[] = {{'o', "output", Arg::value},
                             {'O', "overwrite", Arg::value},
                             {0, "overwrite", Arg::value},
                             {'s', "source", Arg::value},
                             {'b', "dev-to-dev"},
                             {'r', "restore"},
                             {'c', "clone"},
                             {'C', "no-check"},
                             {'L', "logfile", Arg::value},
                             {'h', "help"}};
void clone(const Call& call, Sink& sink) {
  for (std::string_view option : {"output", "overwrite"})
    if (const Argument* to = call.value(option)) write_effect(sink, *to, Write::replace);
}

constexpr Option kBmap[] = {{0, "bmap", Arg::value}, {0, "nobmap"}, {'q', "quiet"}};
void bmaptool(const Call& call, Sink& sink) {
  if (call.operand(0) == "copy" && call.operands().size() > 2)
    write_effect(sink, *call.operands()[2], Write::replace);
}

constexpr CommandSpec kDiskCommands[] = {
    {"qemu-img", kConvert, Order::permuted, qemu_img},
    {"ddrescue dd_rescue", kRescue, Order::permuted, rescue},
    {"partclone.restore partclone.dd partclone.ext4 partclone.ext3 partclone.ext2 partclone.ntfs "
     "partclone.vfat partclone.xfs partclone.btrfs ntfsclone",
     kClone, Order::permuted, clone},
    {"bmaptool", kBmap, Order::permuted, bmaptool},
    {"debugfs xfs_repair sg_format", kDebugfs, Order::permuted, file_system_tool},
    {"dmsetup", kVolume, Order::permuted, device_mapper},
    {"flashrom efibootmgr", kFlash, Order::permuted, firmware},
    {"asr", kAsr, Order::permuted, asr},
    {"fdisk sfdisk cfdisk parted sgdisk gdisk cgdisk", kPartition, Order::permuted, partition},
    {"wipefs", kWipe, Order::permuted, wipefs},
    {"blkdiscard", kWipe, Order::permuted, blkdiscard},
    {"lvremove vgremove pvremove lvreduce vgreduce", kVolume, Order::permuted, volume},
    {"pvcreate", kVolume, Order::permuted, pvcreate},
    {"lvm", {}, Order::leading, lvm},
    {"nwipe scrub", kWipe, Order::permuted, wipe_all},
    {"zfs zpool", kVolume, Order::permuted, zfs},
    {"cryptsetup", kVolume, Order::permuted, cryptsetup},
    {"btrfs", kVolume, Order::permuted, btrfs},
    {"nvme", kVolume, Order::permuted, nvme},
    {"diskutil", kVolume, Order::permuted, diskutil},
    {"hdparm", kHdparm, Order::permuted, hdparm},
    {"mdadm", kMdadm, Order::permuted, mdadm},
    {"badblocks", {}, Order::permuted, badblocks},
    {"umount", kMount, Order::permuted, umount},
    {"mount", kMount, Order::permuted, mount},
};

}  // namespace

std::span<const CommandSpec> disk_commands() { return kDiskCommands; }

}  // namespace cmdai::commands
