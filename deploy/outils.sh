#!/bin/sh
# Installs what the tests and the local stack need and this machine lacks. As
# root on Debian it installs; otherwise it says what to install and goes on: what
# is missing is then skipped by the tests, with its reason.
set -eu

manque=""
besoin() { # package, then a command or a file that proves it is there
	command -v "$2" >/dev/null 2>&1 || ls $2 >/dev/null 2>&1 || manque="$manque $1"
}
besoin postgresql '/usr/lib/postgresql/*/bin/postgres'
if command -v postgres >/dev/null 2>&1 && command -v initdb >/dev/null 2>&1; then
	manque=$(echo "$manque" | sed 's/ postgresql//')
fi
besoin libxml2-utils xmllint
besoin poppler-utils pdftotext
for navigateur in "${CHROME:-chromium}" chromium chromium-browser google-chrome; do
	! command -v "$navigateur" >/dev/null 2>&1 || break
done
besoin chromium "$navigateur"
# 400 MB for one test: a machine of CI has it, another is told by what the test skips.
[ -z "${CI:-}" ] || besoin libreoffice-calc soffice

[ -n "$manque" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "Installation de :$manque"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq >/dev/null
	apt-get install -y -qq --no-install-recommends $manque >/dev/null
	exit 0
fi
echo "Il manque :$manque. Installez-les pour que rien ne soit sauté (Debian : sudo apt-get install$manque)." >&2
