#!/bin/sh
# Makes the namespace of Guichet and its search attributes, unless they are there. Closed procedures stay readable for
# ninety days in the engine; their histories are kept in the base for longer.
set -eu
until temporal operator cluster health; do sleep 2; done
temporal operator namespace describe -n guichet >/dev/null 2>&1 || temporal operator namespace create -n guichet --retention 90d
for attribut in GuichetEtat:Keyword GuichetBranche:Keyword GuichetEcheance:Datetime; do
	temporal operator search-attribute list -n guichet | grep -q "${attribut%%:*}" ||
		temporal operator search-attribute create -n guichet --name "${attribut%%:*}" --type "${attribut##*:}"
done
