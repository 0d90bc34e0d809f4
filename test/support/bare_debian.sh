#!/usr/bin/env bash
# quickstart.sh and test.sh in a bare Debian 12: a debootstrap base with nothing added, once as root, once as a user with
# sudo. Needs root and a Debian mirror. Prints `N passed, N failed`; the logs stay in the folder it names.
#
#   bare_debian.sh [--quick]     --quick: test.sh --quick inside, for a look in between
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
mode=${1:-}
work=${CMDAI_BARE_DIR:-${TMPDIR:-/tmp}/cmdai-bare}
base=$work/base
[ "$(id -u)" = 0 ] || { echo "error: making a chroot needs root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "error: no debootstrap (hint: apt-get install debootstrap)" >&2; exit 1; }
mkdir -p "$work"
[ -x "$base/usr/bin/apt-get" ] || debootstrap --variant=minbase --include=ca-certificates bookworm "$base" >"$work/debootstrap.log"

passed=0 failed=0
box='' # the chroot in use, for the clean-up
leave() {
  [ -n "$box" ] || return 0
  for at in dev/pts dev proc; do mountpoint -q "$box/$at" && umount -l "$box/$at"; done
  rm -rf --one-file-system "$box"
  box=''
}
trap leave EXIT

enter() { # enter NAME: a fresh copy of the base with a fresh clone of the committed state in it
  box=$work/$1
  [ ! -e "$box" ] || leave
  box=$work/$1
  cp -a "$base" "$box"
  mount -t proc proc "$box/proc"
  mount --rbind /dev "$box/dev" && mount --make-rslave "$box/dev"
  cp /etc/resolv.conf "$box/etc/resolv.conf"
  git clone -q "$root" "$box/srv/cmdai"
}

check() { # check NAME COMMAND...
  local name=$1
  shift
  if "$@" >"$work/$name.log" 2>&1; then
    passed=$((passed + 1))
    echo "  ok   $name: $(tail -n 1 "$work/$name.log")"
  else
    failed=$((failed + 1))
    echo "  FAIL $name (see $work/$name.log)"
    tail -n 15 "$work/$name.log" | sed 's/^/       | /'
  fi
}

inside() { chroot "$box" /usr/bin/env -i HOME="$1" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=xterm "${@:2}"; }
as_user() { inside /home/ada setpriv --reuid 1000 --regid 1000 --init-groups "$@"; }

enter root
check quickstart-root inside /root /srv/cmdai/quickstart.sh
check quickstart-root-again inside /root /srv/cmdai/quickstart.sh
check test-root inside /root /srv/cmdai/test.sh "$mode"
leave

enter user
inside /root apt-get -qq update
inside /root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install sudo >/dev/null
inside /root useradd -m -s /bin/bash -u 1000 ada
echo 'ada ALL=(ALL) NOPASSWD: ALL' >"$box/etc/sudoers.d/ada"
chown -R 1000:1000 "$box/srv/cmdai"
check quickstart-user as_user /srv/cmdai/quickstart.sh
check test-user as_user /srv/cmdai/test.sh "$mode"
leave

echo "$passed passed, $failed failed"
[ $failed = 0 ]
