#!/usr/bin/env bash
# Builds major-1.so from sample_c.c and the header of this tree. It was run once, when major 1 was released, and what it
# made stays as it is: a plugin that somebody built then has to load for as long as the major is supported.
#   make.sh OUTPUT
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
[ "$(uname -m)" = x86_64 ] || {
  echo "error: the frozen plugin is one for x86-64"
  exit 1
}
gcc -std=c11 -Os -fPIC -shared -fvisibility=hidden -fno-asynchronous-unwind-tables -Wl,-s -Wl,--build-id=none \
  -Wl,-z,noseparate-code -I "$here/../../../libcore/plugin" -o "$1" "$here/../sample_c.c"
