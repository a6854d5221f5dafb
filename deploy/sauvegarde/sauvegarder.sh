#!/bin/sh
# A base backup of the whole PostgreSQL group, checked, then the files, then the measure that says so.
# GUICHET_DB: the address of the base, of a role that may replicate. SAUVEGARDES: where they are kept, on another disk.
# FICHIERS: the directory of files. MESURES: directory that the collector of node_exporter reads, if there is one.
set -eu
: "${GUICHET_DB:?}" "${SAUVEGARDES:?}" "${FICHIERS:?}"
jour=$(date -u +%Y%m%dT%H%M%SZ)
en_cours="$SAUVEGARDES/.$jour"
trap 'rm -rf "$en_cours"' EXIT
mkdir -p "$SAUVEGARDES/fichiers"
pg_basebackup -d "$GUICHET_DB" -D "$en_cours" -X stream --checkpoint=fast --manifest-checksums=SHA256
pg_verifybackup -q "$en_cours"
cp -Rnp "$FICHIERS/." "$SAUVEGARDES/fichiers/" # named by their print, never changed: after the base, so that all it names are there
mv "$en_cours" "$SAUVEGARDES/$jour"
[ -z "${MESURES:-}" ] || {
	printf '# TYPE guichet_sauvegarde_finie_seconds gauge\nguichet_sauvegarde_finie_seconds %s\n' "$(date +%s)" >"$MESURES/.guichet.prom"
	mv "$MESURES/.guichet.prom" "$MESURES/guichet.prom"
}
echo "Sauvegarde $jour vérifiée."
