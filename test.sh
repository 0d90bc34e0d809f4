#!/usr/bin/env bash
# Installs what the tests need, builds, and runs all of them. Safe to repeat. The last line is `N passed, N failed`.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# shellcheck source=test/support/setup.sh
. test/support/setup.sh

together=(-Dunity=on -Dunity_size=8)

usage() {
  cat <<'TEXT'
usage: ./test.sh [--quick] | --bench | --fuzz SECONDS | --syntax-report | --score | --shells | --bare

  (nothing)         every test: unit, goldens, properties, pty, daemon attacks, command line, real AI agents, lints, the
                    same under address and undefined-behaviour sanitizers, and a short run of every fuzzer, the same
                    each time
  --quick           without agents, sanitizers, fuzzers and clang-tidy
  --bench           benchmarks, each as a ratio to /bin/true measured in the same run
  --fuzz SECONDS    every fuzzer for that long, with new inputs each time
  --syntax-report   the parser against the shells' own verdicts (needs ../shared/data/syntax)
  --score           verdicts against the command corpora (needs ../shared/data/commands)
  --shells          the shells' tests in other versions of bash, zsh and fish, from Debian 11, 13 and sid
  --bare            quickstart.sh and this script in a bare Debian 12 made with debootstrap (needs root)
TEXT
}

# A sanitized program has a hundred megabytes: the usual linker takes longer to put it together than its tests to run.
fast_linker=-fuse-ld=mold

# Files put together, as headers are most of them, and no debug information, which only a sanitizer's report reads: half
# the time to compile.
build_plain() {
  step "configuring" configure build-test -Dtests=true -Denterprise=true -Ddebug=false -Dc_args= -Dcpp_args= "-Dcpp_link_args=$fast_linker" \
    "${together[@]}"
  step "building" ninja -C build-test
}

# Release settings: the figures are about what users run.
build_release() {
  step "configuring (release)" configure build-bench --buildtype=release -Dwerror=false -Dtests=true -Denterprise=true
  step "building (release)" ninja -C build-bench
}

configure_sanitized() {
  # Lines only here, too: a report still says where. What thinks is built with -O1 all the same (libcore/meson.build).
  CC=clang-16 CXX=clang++-16 configure build-asan -Dtests=true -Denterprise=true -Dfuzz=true -Db_sanitize=address,undefined \
    -Db_lundef=false -Doptimization=0 -Ddebug=true -Dc_args=-gline-tables-only -Dcpp_args=-gline-tables-only \
    "-Dc_link_args=$fast_linker" "-Dcpp_link_args=$fast_linker" "${together[@]}"
}

need_shared() {
  [ -e "$1" ] || die "$1 is not there" "this report needs the measurement data, which is not part of the repository"
}

mode=all
case ${1:-} in
  "") ;;
  --quick | --bench | --fuzz | --syntax-report | --score | --shells | --bare) mode=${1#--} ;;
  -h | --help) usage && exit 0 ;;
  *) say "error: unknown option \`$1\`" && usage >&2 && exit 2 ;;
esac
fuzz_seconds=${2:-5}
[[ $fuzz_seconds =~ ^[0-9]+$ ]] || die "\`--fuzz\` takes a number of seconds"

say "cmdai tests"
need_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
export ASAN_OPTIONS=abort_on_error=0:detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1

case $mode in
  quick)
    build_plain
    export CMDAI_TEST_AGENTS= # none
    exec python3 test/support/run_tests.py build-test
    ;;
  bench)
    build_release
    exec python3 test/bench/run.py build-bench
    ;;
  syntax-report)
    need_shared ../shared/data/syntax
    build_release
    parser=(build-bench/daemon/cli/cmdai debug parse --jsonl)
    python3 ../shared/data/syntax/score.py ../shared/data/syntax/dev -- "${parser[@]}"
    exec python3 test/support/fish_words.py ../shared/data/syntax/dev/argv_fish.jsonl "${parser[@]}"
    ;;
  score)
    need_shared ../shared/data/commands
    build_release
    checker=(build-bench/daemon/cli/cmdai check --jsonl --local)
    python3 ../shared/data/commands/score.py --split dev -- "${checker[@]}"
    exec python3 test/support/misses.py ../shared/data/commands/dev test/corpus/verdicts/misses.tsv "${checker[@]}"
    ;;
  shells)
    need_packages patchelf curl xz-utils
    build_plain
    exec test/support/shells.sh build-test/daemon/cli/cmdai
    ;;
  bare) exec test/support/bare_debian.sh ;;
esac

[ "$mode" = fuzz ] || build_plain
if [ "$mode" = all ]; then
  step "installing agents" test/support/agents.sh
  tail -n 1 "$setup_log" | grep '^agents are not tested' >&2 || true
fi
step "configuring (sanitizers)" configure_sanitized
step "building (sanitizers)" ninja -C build-asan
if [ "$mode" = fuzz ]; then
  exec python3 test/support/run_tests.py --fuzz "$fuzz_seconds" build-asan
fi
# Never built: what clang-tidy reads are files and how each is compiled by itself.
step "configuring (clang-tidy)" configure build-tidy -Dtests=true -Denterprise=true
python3 test/support/run_tests.py --fuzz "$fuzz_seconds" --tidy build-tidy build-test build-asan
