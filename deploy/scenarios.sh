#!/bin/sh
# Plays the scenarios that are named, all of them without a name, on a new stack,
# then verifies the invariants there. The one that kills parts of the stack waits
# more than it works: among all, it has a stack of its own, beside the others.
set -u

jouer() {
	bin/guichet-local exec -- sh -c 'bin/guichet scenario --courses "${COURSES:-50}" "$@" && bin/guichet verify --repos' sh "$@"
}

[ $# -eq 0 ] || { jouer "$@"; exit; }

pannes=scenarios/s27.yaml
for f in scenarios/*.yaml; do
	[ "$f" = "$pannes" ] || set -- "$@" "$f"
done
dit=$(mktemp)
jouer "$pannes" >"$dit" 2>&1 &
autre=$!
trap 'kill "$autre" 2>/dev/null; rm -f "$dit"; exit 130' INT TERM
jouer "$@"
fin=$?
wait "$autre" || fin=1
cat "$dit"
rm -f "$dit"
exit "$fin"
