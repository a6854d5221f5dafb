#!/bin/sh
# The restore drill, on a stack of its own: docs/sauvegarde.md says what it proves. GUICHET and GUICHET_LOCAL name the two
# programs (bin/guichet and bin/guichet-local by default).
set -eu
: "${GUICHET:=$PWD/bin/guichet}" "${GUICHET_LOCAL:=$PWD/bin/guichet-local}"
: "${PG:=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)}"
PATH="$PG:$PATH"
export GUICHET GUICHET_LOCAL PATH
ici=$(cd "$(dirname "$0")" && pwd)

# vivre : a life of the house, with a backup in the middle of it and an instant to come back to.
vivre() {
	"$GUICHET" scenario scenarios/s01.yaml
	mkdir "$ESSAI/journaux-pg"
	pg_receivewal -d "$GUICHET_DB" -D "$ESSAI/journaux-pg" --synchronous & suivi=$!
	"$GUICHET" scenario scenarios/s03.yaml & monde=$!
	pg_basebackup -d "$GUICHET_DB" -D "$ESSAI/base" -X none --checkpoint=fast --manifest-checksums=SHA256
	wait $monde
	psql -qAt "$GUICHET_DB" -c "SELECT count(*) FROM acte" >"$ESSAI/actes"
	psql -qAt "$GUICHET_DB" -c "SELECT clock_timestamp()" >"$ESSAI/instant"
	"$GUICHET" scenario scenarios/s06.yaml
	psql -qAt "$GUICHET_DB" -c "SELECT count(*) FROM acte" >"$ESSAI/actes-apres"
	psql -qAt "$GUICHET_DB" -c "SELECT pg_switch_wal()" >/dev/null
	sleep 2
	kill $suivi && wait $suivi 2>/dev/null || true
	for f in "$ESSAI"/journaux-pg/*.partial; do [ ! -e "$f" ] || mv "$f" "${f%.partial}"; done
}

# produit : the program as the restored stack starts it. Both switches are closed once the base is there, before any worker.
produit() {
	[ "$1" = migrate ] || exec "$GUICHET" "$@"
	"$GUICHET" migrate
	for quoi in paiements courriels; do
		"$GUICHET" ops "$quoi" arreter --agent ops --motif "exercice de restauration"
	done
}

# fermes : how many switches are closed.
fermes() { psql -qAt "$GUICHET_DB" -c "SELECT count(*) FROM interrupteur WHERE ferme"; }

# constater : what was acknowledged before the instant is there, nothing of after, and every invariant holds.
constater() {
	avant=$(cat "$ESSAI/actes") retrouve=$(psql -qAt "$GUICHET_DB" -c "SELECT count(*) FROM acte")
	[ "$retrouve" = "$avant" ] || { echo "Actes : $avant à l'instant choisi, $retrouve après restauration." >&2; exit 1; }
	[ "$retrouve" -lt "$(cat "$ESSAI/actes-apres")" ] || { echo "L'instant choisi n'a rien coupé : l'exercice ne prouve rien." >&2; exit 1; }
	[ "$(fermes)" = 2 ] || { echo "Un worker a démarré sans que les paiements et les courriels soient coupés." >&2; exit 1; }
	"$GUICHET" verify --repos
	"$GUICHET" ops courriels rouvrir --agent ops --motif "exercice de restauration"
	"$GUICHET" scenario scenarios/s06.yaml # the house goes on; payments stay closed: two persons open them at the counter
	[ "$(fermes)" = 1 ] || { echo "Les paiements se sont rouverts seuls." >&2; exit 1; }
	"$GUICHET" verify --repos
}

# restaurer DATA : puts the backup in the place of the lost base, to be replayed up to the instant.
restaurer() {
	cp -a "$ESSAI/vivant" "$1"
	perdu=$(dirname "$(find "$1" -name PG_VERSION -not -path '*/base/*' | head -1)")
	proprietaire=$(stat -c %U:%G "$perdu")
	rm -rf "$perdu" && cp -a "$ESSAI/base" "$perdu"
	cat >>"$perdu/postgresql.auto.conf" <<-FIN
		restore_command = 'cp $ESSAI/journaux-pg/%f %p'
		recovery_target_time = '$(cat "$ESSAI/instant")'
		recovery_target_action = 'promote'
		hot_standby = off
	FIN
	touch "$perdu/recovery.signal"
	rm -f "$perdu/postmaster.pid"
	chown -R "$proprietaire" "$perdu" && chmod 700 "$perdu"
}

case ${1:-} in
vivre | constater) "$1"; exit ;;
migrate | api | worker | banque-essai) produit "$@"; exit ;;
esac

ESSAI=$(mktemp -d) && export ESSAI && chmod 755 "$ESSAI"
trap 'rm -rf "$ESSAI"' EXIT
for port in API TEMPORAL TEMPORAL_UI COURRIEL SMTP POSTGRES; do export "GUICHET_PORT_$port=0"; done
GUICHET_DATA=$ESSAI/vivant "$GUICHET_LOCAL" exec --sauvegardable --produit "$GUICHET" -- sh "$ici/exercice.sh" vivre
pg_verifybackup -q -n "$ESSAI/base"
chmod -R a+rX "$ESSAI/journaux-pg"

restaurer "$ESSAI/restaure"
GUICHET_DATA=$ESSAI/restaure "$GUICHET_LOCAL" exec --sauvegardable --produit "$ici/exercice.sh" -- sh "$ici/exercice.sh" constater
echo "Restauration à un instant : tout ce qui était accusé est là, les invariants tiennent."

cp -a "$ESSAI/base" "$ESSAI/abimee"
victime=$(find "$ESSAI/abimee/base" -type f -size +64k | head -1)
printf 'x' | dd of="$victime" bs=1 seek=5000 conv=notrunc 2>/dev/null
! pg_verifybackup -q -n "$ESSAI/abimee" 2>/dev/null || { echo "Une sauvegarde abîmée est acceptée." >&2; exit 1; }
echo "Sauvegarde abîmée : refusée."

rm "$ESSAI"/journaux-pg/* && restaurer "$ESSAI/trouee"
! GUICHET_DATA=$ESSAI/trouee timeout 60 "$GUICHET_LOCAL" exec --sauvegardable --produit "$GUICHET" -- true >/dev/null 2>&1 ||
	{ echo "Une restauration sans ses journaux est acceptée." >&2; exit 1; }
echo "Journaux manquants : refusés."
