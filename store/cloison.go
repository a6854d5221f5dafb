package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// roleOrganisation is the role of PostgreSQL under which an organisation reads
// (schema/0004_cloisons.sql).
const roleOrganisation = "guichet_organisation"

// lire is the one door to what belongs to organisations. The staff of the OPCO
// read through the pool. An organisation reads in a transaction of its own, which
// writes nothing and runs under a role that sees its rows only: the second line
// behind the conditions of each query (reliability.md 3.2). f must do all its
// reading with q: the pool may have no other connection to give.
func (s *Store) lire(ctx context.Context, p opco.Portee, f func(q sqlx.QueryerContext) error) error {
	if x := photoDe(ctx); x != nil {
		return x.lireDans(p, f)
	}
	if p.Interne {
		return f(ouverte{s.DB, s.pretes})
	}
	tx, err := s.DB.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning a read: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // a no-op after Commit
	decalage, err := s.cloisonner(ctx, tx, p)
	if err != nil {
		return err
	}
	if err := f(cloisonnee{tx, time.Now().UTC().Add(decalage).Truncate(time.Microsecond), s.pretes}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("ending a read: %w", err)
	}
	return nil
}

// cloisonnee is a read of an organisation, at the business instant le, with the queries that
// are prepared.
type cloisonnee struct {
	*sqlx.Tx
	le     time.Time
	pretes map[string]*sqlx.Stmt
}

// ouverte is a read of the staff, with the queries that are prepared.
type ouverte struct {
	*sqlx.DB
	pretes map[string]*sqlx.Stmt
}

// instantDe is the business instant at which q reads, zero when q does not know it.
func instantDe(q sqlx.QueryerContext) time.Time {
	if x, ok := q.(cloisonnee); ok {
		return x.le
	}
	return time.Time{}
}

// instantEn is the business instant of a read with q, which the wall of an organisation has
// told already.
func instantEn(ctx context.Context, q sqlx.QueryerContext) (time.Time, error) {
	if le := instantDe(q); !le.IsZero() {
		return le, nil
	}
	d, err := decalage(ctx, q)
	return time.Now().UTC().Add(d).Truncate(time.Microsecond), err
}

// requeteCloison says to the policies who reads, forbids writing and takes the
// role, until the transaction ends; it tells the time on the way. It is one statement,
// so that nothing runs half shut in, and prepared once, so that it costs one exchange.
const requeteCloison = `
	SELECT set_config('guichet.role', $1, true), set_config('guichet.personne', $2, true), set_config('guichet.sirets', $3, true),
	       set_config('guichet.sirens', $4, true), set_config('transaction_read_only', 'on', true), set_config('role', $5, true),
	       (SELECT decalage_ns FROM horloge)`

// cloisonner shuts tx in what p reaches, until it ends, and returns the offset of
// business time.
func (s *Store) cloisonner(ctx context.Context, tx *sqlx.Tx, p opco.Portee) (time.Duration, error) {
	var ns int64
	var dit [6]string // what was set, which nobody reads
	err := tx.StmtxContext(ctx, s.cloison).QueryRowContext(ctx, string(p.Role), p.Personne, pq.Array(p.SIRETs), pq.Array(sirens(p)), roleOrganisation).
		Scan(&dit[0], &dit[1], &dit[2], &dit[3], &dit[4], &dit[5], &ns)
	if err != nil {
		return 0, fmt.Errorf("shutting a read in its organisation: %w", err)
	}
	return time.Duration(ns), nil
}

// sirens lists the companies of the SIRETs of p.
func sirens(p opco.Portee) []string {
	var ss []string
	for _, x := range p.SIRETs {
		if siren := opco.SIRET(x).SIREN(); siren != "" {
			ss = append(ss, string(siren))
		}
	}
	return ss
}
