#!/bin/sh
# Makes the two databases of Temporal, or brings them to the version of these tools.
set -eu
for couple in temporal:temporal temporal_visibility:visibility; do
	base=${couple%%:*}
	outil="temporal-sql-tool --plugin $DB --ep $POSTGRES_SEEDS -u $POSTGRES_USER -p $DB_PORT --db $base"
	$outil create
	$outil setup-schema -v 0.0
	$outil update-schema -d "/etc/temporal/schema/postgresql/v12/${couple##*:}/versioned"
done
