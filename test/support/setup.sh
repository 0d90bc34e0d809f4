# shellcheck shell=bash
# Shared by quickstart.sh and test.sh: quiet package installation, one line of progress a step, the log on failure.

# shellcheck disable=SC2034  # read by the scripts that source this
# What building cmdai needs, and what only the tests need. All from Debian 12.
BUILD_PACKAGES=(g++ meson ninja-build pkg-config cmake python3 musl-tools ca-certificates
  libboost1.81-dev nlohmann-json3-dev libsodium-dev libspdlog-dev libfmt-dev libexpected-dev libre2-dev
  libtomlplusplus-dev bash bash-builtins libseccomp-dev)
# The last lines: what the enterprise edition is built with, and what the hooks are tested beside.
# shellcheck disable=SC2034
TEST_PACKAGES=(doctest-dev clang-16 clang-tidy-16 clang-format-16 libclang-rt-16-dev llvm-16 zsh fish tmux shellcheck
  python3-pexpect python3-jsonschema python3-cryptography bubblewrap ccache git man-db mold procps
  libssl-dev libzstd-dev libsqlite3-dev strace
  libnotify-bin dbus python3-dbus python3-gi
  fzf direnv zsh-autosuggestions zsh-syntax-highlighting zsh-theme-powerlevel9k)

setup_log=${TMPDIR:-/tmp}/cmdai-setup-$(id -u).log

say() { printf '%s\n' "$*" >&2; }

die() {
  say "error: $1"
  [ -z "${2:-}" ] || say "hint: $2"
  exit 1
}

# step TEXT COMMAND...: runs the command quietly; on failure shows the end of its output and stops.
step() {
  local text=$1 start=$SECONDS
  shift
  printf '  %-44s' "$text" >&2
  if "$@" >"$setup_log" 2>&1 </dev/null; then
    printf 'done (%s s)\n' $((SECONDS - start)) >&2
  else
    local status=$?
    printf 'failed\n' >&2
    tail -n 25 "$setup_log" >&2
    die "\`$*\` ended with status $status" "the whole output is in $setup_log"
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo -- "$@"
  else
    die "packages are missing and this user cannot install them" \
      "run as root or as a user with sudo: apt-get install ${missing[*]}"
  fi
}

install_missing() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}"
}

# need_packages NAME...: installs those that are not there. Asks for the sudo password first, in the open.
need_packages() {
  command -v dpkg-query >/dev/null 2>&1 ||
    die "this script installs Debian packages, and there is no dpkg here" "the list is in test/support/setup.sh"
  missing=()
  local name
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  # libboost-dev 1.74 and libboost1.81-dev exclude each other; apt would remove the other silently.
  if [ "$(id -u)" != 0 ] && command -v sudo >/dev/null 2>&1 && ! sudo -n true 2>/dev/null; then
    say "  installing ${#missing[@]} packages needs sudo"
    sudo -v || die "no sudo rights" "ask an administrator to run: apt-get install ${missing[*]}"
  fi
  step "installing ${#missing[@]} packages" install_missing
}

# configure DIR OPTION...: meson setup, or reconfigure where it is set up already.
configure() {
  local dir=$1
  shift
  if [ -f "$dir/build.ninja" ]; then
    meson configure "$dir" "$@"
  else
    meson setup "$dir" "$@"
  fi
}
