#!/usr/bin/env bash
# Installs what building needs, builds cmdai, starts the daemon and opens a guarded shell.
# Without a terminal: a short scripted demonstration instead of the shell. Safe to repeat; touches no file of yours
# outside this folder but the usual per-user state directory.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# shellcheck source=test/support/setup.sh
. test/support/setup.sh

usage() {
  cat <<'TEXT'
usage: ./quickstart.sh [--shell bash|zsh|fish] [--demo]

  --shell NAME   the shell to guard (default: yours, when it is one of these, else bash)
  --demo         the scripted demonstration, also on a terminal
TEXT
}

default_shell() {
  local name=${SHELL##*/}
  case $name in bash | zsh | fish) ;; *) name=bash ;; esac
  command -v "$name" >/dev/null 2>&1 || name=bash
  printf '%s' "$name"
}

shell=$(SHELL=${SHELL:-/bin/bash} default_shell)
demo=0
while [ $# -gt 0 ]; do
  case $1 in
    --shell)
      shell=${2:-}
      case $shell in bash | zsh | fish) ;; *) die "\`--shell\` takes bash, zsh or fish" ;; esac
      shift 2
      ;;
    --demo) demo=1 && shift ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
done
{ [ -t 0 ] && [ -t 1 ]; } || demo=1

say "cmdai quickstart"
need_packages "${BUILD_PACKAGES[@]}"
command -v "$shell" >/dev/null 2>&1 || need_packages "$shell"
# Another compiler's warnings are no reason to stop somebody who wants to use it.
step "configuring" configure build --buildtype=release -Dtests=false -Dwerror=false
step "building (a few minutes the first time)" ninja -C build
cmdai=$PWD/build/daemon/cli/cmdai
# One of an earlier build goes on with what it was built with.
start_daemon() {
  "$cmdai" stop >/dev/null 2>&1 || true
  "$cmdai" start
}
step "starting the daemon" start_daemon

if [ $demo = 1 ]; then
  python3 test/support/demonstration.py "$cmdai" "$shell"
  say ""
  say "next: run \`./quickstart.sh\` in a terminal for a guarded shell, or \`./test.sh\` for the tests"
  exit 0
fi
say ""
say "A guarded $shell. Try:  ls   rm -rf ~   git push --force   cmdai explain 'ls -la'"
say "Leave it with \`exit\`. To keep cmdai for good, see \"Install\" in README.md."
say ""
PATH=$PWD/build/daemon/cli:$PATH exec "$cmdai" shell "$shell"
