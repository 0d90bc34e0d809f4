#!/usr/bin/env bash
# clang-format of every C and C++ file; one result a file, the last line counts them.
#   format.sh          what is not as .clang-format wants it fails
#   format.sh --fix    puts it right
set -euo pipefail
cd "${CMDAI_LINT_ROOT:-$(dirname "$(readlink -f "$0")")/../..}"
mode=(--dry-run -Werror)
[ "${1:-}" != --fix ] || mode=(-i)
command -v clang-format-16 >/dev/null || {
  echo "error: no clang-format-16 (hint: apt-get install clang-format-16)"
  exit 1
}

mapfile -d '' -t files < <(find libcore daemon shell-hooks enterprise test \
  \( -name '*.cpp' -o -name '*.hpp' -o -name '*.c' -o -name '*.h' \) -print0 | sort -z)
status=0
said=$(clang-format-16 "${mode[@]}" "${files[@]}" 2>&1) || status=$?
[ -z "$said" ] || printf '%s\n' "$said"
failed=$(grep -oE '^[^: ]+:[0-9]+:[0-9]+: error' <<<"$said" | cut -d: -f1 | sort -u | wc -l) || true
[ "$status" = 0 ] || [ "$failed" != 0 ] || failed=1
[ "$failed" = 0 ] || echo "hint: test/lint/format.sh --fix"
echo "$((${#files[@]} - failed)) passed, $failed failed"
[ "$failed" = 0 ] && [ ${#files[@]} != 0 ]
