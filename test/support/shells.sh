#!/usr/bin/env bash
# Other versions of bash, zsh and fish, out of Debian 11, 13 and sid, put outside of the repository: in
# $CMDAI_TEST_CACHE/shells, else ~/.cache/cmdai-test/shells, a folder each with bin/NAME. Then the suites of
# test/shell/ run in each. usage: shells.sh CMDAI [FOLDER...]: only those, `fish-sid` and the like.
#
# Nothing is installed. Their own C library goes with them; zsh's modules are named to the test (CMDAI_TEST_ZSH_MODULES).
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
cmdai=$(readlink -f "$1")
shift
place=${CMDAI_TEST_CACHE:-$HOME/.cache/cmdai-test}/shells
mirror=${CMDAI_TEST_MIRROR:-http://deb.debian.org/debian}
# SUITE SHELL. Debian 12's own are what ./test.sh runs; its neighbours have other versions.
wanted=(bullseye:bash sid:bash bullseye:zsh sid:zsh trixie:fish sid:fish)
libraries=(libc6 libtinfo6 libncursesw6 libpcre2-32-0 libpcre2-8-0 libpcre3 libcap2 libgcc-s1)

fetch() { curl -fsSL --retry 2 --max-time 300 -o "$2" "$mirror/$1"; }

# SUITE: its list of packages, of today (sid moves).
read_suite() {
  local list=$place/packages.$1
  [ -n "$(find "$list" -mmin -600 2>/dev/null)" ] && return
  fetch "dists/$1/main/binary-$(dpkg --print-architecture)/Packages.xz" "$list.xz" && xz -dc "$list.xz" >"$list"
}

# SUITE PACKAGE FOLDER: unpacked there. 1: the suite has none.
unpack() {
  local file
  file=$(awk -v package="$2" '$1 == "Package:" { found = $2 == package } found && $1 == "Filename:" { print $2; exit }' "$place/packages.$1")
  [ -n "$file" ] || return 1
  fetch "$file" "$place/package.deb" && dpkg-deb -x "$place/package.deb" "$3"
}

# SUITE SHELL: a program that needs nothing of the system but its kernel.
set_up() {
  local suite=$1 name=$2 folder=$place/$2-$1 program library loader
  [ -x "$folder/bin/$name" ] && return
  rm -rf "$folder" && mkdir -p "$folder/bin" "$folder/lib"
  unpack "$suite" "$name" "$folder/root"
  unpack "$suite" "$name-common" "$folder/root" || true
  for library in "${libraries[@]}"; do unpack "$suite" "$library" "$folder/libraries" || true; done
  find "$folder/libraries" -path '*-linux-gnu/*.so*' -not -path '*/gconv/*' -exec cp -a {} "$folder/lib/" \;
  loader=$(find "$folder/lib" -name 'ld-*' | sort | head -n 1)
  # fish has helpers beside it; scripts have no loader.
  while read -r program; do
    cp "$program" "$folder/bin/.new"
    patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$folder/lib" "$folder/bin/.new" 2>/dev/null || continue
    mv "$folder/bin/.new" "$folder/bin/$(basename "$program")"
  done < <(find "$folder/root" -type f -path "*/bin/$name*" -perm -u+x | sort -r)
  rm -f "$folder/bin/.new"
  [ "$name" != fish ] || cp -r "$folder/root/usr/share" "$folder/root/etc" "$folder/" # fish looks beside itself
}

if ! { command -v patchelf && command -v curl; } >/dev/null; then
  echo "error: patchelf and curl are needed" >&2
  exit 2
fi
mkdir -p "$place"
passed=0 failed=0
for one in "${wanted[@]}"; do
  suite=${one%:*} name=${one#*:}
  [ $# = 0 ] || [[ " $* " == *" $name-$suite "* ]] || continue
  if ! read_suite "$suite" || ! set_up "$suite" "$name"; then
    printf 'skipped %s of %s: it cannot be had from %s\n' "$name" "$suite" "$mirror"
    continue
  fi
  folder=$place/$name-$suite
  version=$("$folder/bin/$name" --version 2>&1 | grep -oE '[0-9]+\.[0-9]+[0-9.]*' | head -n 1)
  printf '%s %s (%s)\n' "$name" "$version" "$suite"
  modules=$(find "$folder/root" -type d -path "*/zsh/$version" -path '*/lib/*' | head -n 1)
  log=$place/$name-$suite.log
  PATH=$folder/bin:$PATH CMDAI_TEST_ZSH_MODULES=$modules python3 "$here/../shell/${name}_test.py" "$cmdai" >"$log" 2>&1 || grep '^FAIL' "$log" || tail -n 3 "$log"
  read -r p f <<<"$(tail -n 1 "$log" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed.*/\1 \2/p')"
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-1}))
  printf '  %s\n' "$(tail -n 1 "$log")"
done
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
