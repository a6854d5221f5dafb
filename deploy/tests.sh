#!/bin/sh
# Runs go test with the given arguments: one line a package, what failed in full,
# then each skipped test with its reason, and their number.
set -eu

journal=$(mktemp)
trap 'rm -f "$journal"' EXIT
code=0
"${GO:-go}" test -v "$@" >"$journal" 2>&1 || code=$?
if [ "$code" -eq 0 ]; then
	grep -E '^(ok|\?)' "$journal" || true
else
	grep -vE '^ *(=== |--- PASS)' "$journal" || true
fi
echo "Tests sautés : $(grep -cE '^ *--- SKIP' "$journal" || true)"
grep -B1 -E '^ *--- SKIP' "$journal" | grep -vE '^(--|===)' || true
exit "$code"
