// File systems, partition tables, volumes, raw devices.
#include "test/unit/commands/effects_of.hpp"

using cmdai::test::check_effects;

TEST_CASE("file systems") {
  check_effects({
      {"mkfs.ext4 /dev/sda1", "disk.mkfs{/dev/sda1}"},
      {"mkfs -t ext4 /dev/sda1", "disk.mkfs{/dev/sda1}"},
      {"mkfs --type=ext4 /dev/sda1", "disk.mkfs{/dev/sda1}"},
      {"mkfs.xfs -fL data /dev/nvme0n1p2", "disk.mkfs{/dev/nvme0n1p2}"},
      {"mke2fs -n /dev/sda1", ""},
      {"mkfs.ext4 disk.img", "fs.overwrite{disk.img}"},
      {"mkfs.vfat --help", ""},
      {"mkswap /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"mkfs.fat -F 32 /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"mkfs.fat -n DATA -F 32 /dev/sdXY", "disk.mkfs{/dev/sdXY}"},
      {"mkfs.vfat -f 2 /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"mkfs.xfs -n size=4096 /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"mkfs.xfs -N /dev/sdb1", ""},
      {"mkfs.btrfs -n 16k -L x /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"mkfs.ntfs -f -L x /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"mkfs.ntfs -n /dev/sdb1", ""},
      {"mkfs.exfat -n DATA /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"mkfs.minix -n 30 -i 1000 /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"mkfs.cramfs -n x dir /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"mkfs.cramfs dir out.img", "fs.overwrite{out.img}"},
      {"mkfs.bfs -V vol /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"mkfs.jffs2 -r dir -o /dev/mtd0", "disk.mkfs{/dev/mtd0}"},
      {"mkfs.jffs2 -n -r dir -o out.img", "fs.overwrite{out.img}"},
      {"mkfs -V -t vfat -n DATA /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"mkfs -t ext4 -n /dev/sdb1", ""},
      {"mkfs.f2fs -l x /dev/sdb1", "disk.mkfs{/dev/sdb1}"},
      {"sudo mkfs.btrfs -f /dev/sda", "disk.mkfs{/dev/sda p}"},
  });
}

TEST_CASE("partition tables: looking is no change") {
  check_effects({
      {"fdisk /dev/sda", "disk.partition{/dev/sda}"},
      {"fdisk -l /dev/sda", ""},
      {"sfdisk --dump /dev/sda", ""},
      {"sfdisk /dev/sda < t.txt", "disk.partition{/dev/sda}"},
      {"parted -s /dev/sda mklabel gpt", "disk.partition{/dev/sda}"},
      {"parted /dev/sda print", ""},
      {"sgdisk --zap-all /dev/sda", "disk.partition{/dev/sda}"},
      {"sgdisk -Z /dev/sda", "disk.partition{/dev/sda}"},
      {"sgdisk -p /dev/sda", ""},
  });
}

TEST_CASE("signatures and blocks") {
  check_effects({
      {"wipefs /dev/sda", ""},
      {"wipefs -a /dev/sda", "disk.wipe{/dev/sda}"},
      {"wipefs -af /dev/sda", "disk.wipe{/dev/sda}"},
      {"wipefs --all /dev/sda", "disk.wipe{/dev/sda}"},
      {"wipefs --all --no-act /dev/sda", ""},
      {"blkdiscard /dev/sda", "disk.wipe{/dev/sda}"},
      {"blkdiscard -zv /dev/sda", "disk.wipe{/dev/sda}"},
      {"hdparm --security-erase p /dev/sda", "disk.wipe{/dev/sda}"},
      {"hdparm -t /dev/sda", ""},
      {"badblocks -wsv /dev/sda", "disk.write{/dev/sda}"},
      {"badblocks -sv /dev/sda", ""},
  });
}

TEST_CASE("images written to a disk") {
  check_effects({
      {"qemu-img convert x.qcow2 /dev/sda", "disk.write{/dev/sda}"},
      {"qemu-img convert -f qcow2 -O raw x.qcow2 /dev/sda", "disk.write{/dev/sda}"},
      {"qemu-img convert x.qcow2 y.raw", "fs.overwrite{y.raw}"},
      {"qemu-img info /dev/sda", ""},
      {"ddrescue -f x.img /dev/sda map", "disk.write{/dev/sda}"},
      {"ddrescue -r 3 /dev/sda x.img map", "fs.overwrite{x.img}"},
      {"partclone.ext4 -r -s x.img -o /dev/sda1", "disk.write{/dev/sda1}"},
      {"partclone.ext4 -c -s /dev/sda1 -o x.img", "fs.overwrite{x.img}"},
      {"ntfsclone --overwrite /dev/sda1 /dev/sdb1", "disk.write{/dev/sda1}"},
      {"bmaptool copy x.img /dev/sdb", "disk.write{/dev/sdb}"},
  });
}

TEST_CASE("volumes") {
  check_effects({
      {"lvremove -f vg/data", "disk.volume{vg/data}"},
      {"lvremove --test vg/data", ""},
      {"lvreduce -t -L 1G vg/data", ""},
      {"vgremove -y vg", "disk.volume{vg}"},
      {"zfs destroy -r tank/data", "disk.volume{tank/data}"},
      {"zfs destroy -nr tank/data", ""},
      {"zfs list", ""},
      {"zpool destroy tank", "disk.volume{tank}"},
      {"cryptsetup luksFormat /dev/sda2", "disk.volume{/dev/sda2}"},
      {"cryptsetup -q luksErase /dev/sda2", "disk.volume{/dev/sda2}"},
      {"cryptsetup luksDump /dev/sda2", ""},
      {"btrfs subvolume delete /data/s", "disk.volume{/data/s}"},
      {"btrfs subvolume list /", ""},
      {"nvme format /dev/nvme0n1", "disk.volume{/dev/nvme0n1}"},
      {"nvme list", ""},
      {"mdadm --zero-superblock /dev/sdb", "disk.volume{/dev/sdb}"},
      {"mdadm --detail /dev/md0", ""},
      {"diskutil eraseDisk JHFS+ x disk2", "disk.volume{disk2}"},
      {"diskutil apfs deleteContainer disk1", "disk.volume{disk1}"},
      {"diskutil list", ""},
      {"debugfs -w -R 'rm x' /dev/sda1", "disk.write{/dev/sda1}"},
      {"debugfs -R 'ls' /dev/sda1", ""},
      {"xfs_repair -L /dev/sda1", "disk.write{/dev/sda1}"},
      {"xfs_repair -n /dev/sda1", ""},
      {"dmsetup remove_all", "disk.volume{remove_all}"},
      {"flashrom -r backup.bin", ""},
      {"flashrom -w x.bin", "disk.volume"},
      {"scrub /dev/sdb", "disk.wipe{/dev/sdb}"},
      {"lvm vgremove vg", "disk.volume{vg}"},
      {"pvcreate /dev/sdb", ""},
      {"pvcreate -ff /dev/sdb", "disk.volume{/dev/sdb}"},
      {"umount -a", ""},
      {"umount -l /mnt/x", "fs.umount{/mnt/x f}"},
      {"umount /mnt/x", "fs.umount{/mnt/x}"},
      {"mount -o ro /dev/sda1 /mnt", "fs.mount{/mnt}"},
      {"mount", ""},
  });
}
