#!/usr/bin/env bash
# Every shell script is read: bash ones by shellcheck, the zsh and fish hooks by their own shells, which do not run them.
# One result a file; the last line counts them.
set -euo pipefail
# SC2016 is about `$` in single quotes; messages name things in `backticks` there.
cd "${CMDAI_LINT_ROOT:-$(dirname "$(readlink -f "$0")")/../..}"

passed=0 failed=0 skipped=0
check() { # check FILE COMMAND...
  local file=$1
  shift
  if ! command -v "$1" >/dev/null; then
    skipped=$((skipped + 1))
    echo "skipped $file: no $1 here"
  elif "$@" "$file"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "  in $file ($*)"
  fi
}

# A script is what says so in its name or its first line.
while IFS= read -r -d '' file; do
  case $file in
    *.zsh) check "$file" zsh --no-rcs -n ;;
    *.fish) check "$file" fish --no-execute ;;
    *.sh | *.bash) check "$file" shellcheck --external-sources --severity=style --exclude=SC2016 ;;
    *)
      first=
      IFS= read -r first <"$file" 2>/dev/null || true
      [[ $first =~ ^\#!.*[/\ ](ba|da|)sh(\ |$) ]] && check "$file" shellcheck --external-sources --severity=style --exclude=SC2016
      ;;
  esac
done < <(find . -path './build*' -prune -o -path ./.git -prune -o -path ./test/fuzz/seeds -prune -o -path ./test/corpus -prune -o -type f -print0 | sort -z)
echo "$passed passed, $failed failed$([ $skipped = 0 ] || echo ", $skipped skipped")"
[ $failed = 0 ] && [ $passed != 0 ]
