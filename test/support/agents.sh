#!/usr/bin/env bash
# Installs the agents that test/agents drives, in the versions of test/agents/package.json, outside of the
# repository: in $CMDAI_TEST_AGENTS, else $CMDAI_TEST_CACHE/agents, else ~/.cache/cmdai-test/agents (1.4 GB).
# Safe to repeat; does nothing when they are there. Exit status 0 also when they cannot be had: it says why, and the
# tests say that they are skipped.
set -euo pipefail
wanted=$(dirname "$(readlink -f "$0")")/../agents
place=${CMDAI_TEST_AGENTS:-${CMDAI_TEST_CACHE:-$HOME/.cache/cmdai-test}/agents}

skip() {
  printf 'agents are not tested: %s\n' "$1"
  exit 0
}

{ command -v node && command -v npm; } >/dev/null || skip "node and npm are not here"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || skip "node $(node -v) is older than 20"
# The list of what is here is copied last.
cmp -s "$wanted/package.json" "$place/installed.json" && exit 0

mkdir -p "$place"
cp "$wanted/package.json" "$place/"
npm install --prefix "$place" --no-audit --no-fund --no-package-lock --ignore-scripts --fetch-retries=1 \
  --fetch-timeout=60000 || skip "npm could not install them"
# Each of these puts the program for this machine in its place; no other script of a package is run.
(cd "$place/node_modules/@anthropic-ai/claude-code" && node install.cjs)
(cd "$place/node_modules/opencode-ai" && node postinstall.mjs)
cp "$wanted/package.json" "$place/installed.json"
