#!/usr/bin/env bash
# clang-tidy-16 (.clang-tidy) over the sources of a build folder, two at a time. One result a file, the last line
# counts them. A file found clean is not looked at again until it, a header, its command line or the checks change.
#
# usage: tidy.sh BUILD_DIR [FILE…]
set -euo pipefail
[ $# -gt 0 ] || {
  echo "usage: tidy.sh BUILD_DIR [FILE…]" >&2
  exit 2
}
build=$(realpath "$1")
shift
here=$(dirname "$(readlink -f "$0")")
cd "${CMDAI_LINT_ROOT:-$here/../..}"
exec python3 "$here/tidy.py" "$build" "$@"
