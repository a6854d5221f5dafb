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
awk '
	/^=== (RUN|NAME|CONT)/ { nom = $3 }
	/^ +[^ ]+\.go:[0-9]+: / { raison[nom] = $0; sub(/^ +[^ ]+ /, "", raison[nom]) }
	/^ *--- SKIP: / { n++; sautes = sautes "  " $3 " : " raison[$3] "\n" }
	END { printf "Tests sautés : %d\n%s", n, sautes }' "$journal"
exit "$code"
