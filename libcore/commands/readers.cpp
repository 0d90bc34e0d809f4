// Programs that only show things: known, and without effects worth a rule. coreutils 9.1, util-linux 2.38,
// procps 4.0.
#include "libcore/commands/catalogue.hpp"

namespace cmdai::commands {
namespace {

constexpr CommandSpec kCommands[] = {
    {"ls dir vdir exa eza lsd tree stat file du df whereis whatis apropos man info help"},
    {"ps top htop btop pgrep pidof pstree free uptime vmstat iostat lsof lscpu lsblk lsusb lspci lsmod lsns "
     "findmnt dmesg"},
    {"date cal uname hostname hostnamectl nproc whoami id groups users who w last tty locale getconf "
     "env-info"},
    {"sleep true false test [ expr seq yes factor basename readlink realpath wait jobs fg bg"},
    {"wc sum cksum md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum"},
    {"ping traceroute tracepath mtr whois ss netstat"},
    {"jq yq most"},
    {"clear reset tput stty mkdir touch"},
};

}  // namespace

std::span<const CommandSpec> reader_commands() { return kCommands; }

}  // namespace cmdai::commands
