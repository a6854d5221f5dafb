// Package store is the memory of the house: all of its SQL. Views serve pages
// and lists; Record serves the procedures. Exported methods own their
// transaction; unexported functions take one and never commit. It knows no
// workflow and no HTTP.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Store reads and writes the database. Calendrier gives the working days of a
// place; it must be set before Record is called.
type Store struct {
	DB         *sqlx.DB
	Calendrier func(alsaceMoselle bool) opco.Calendrier
	ecoute     *ecoute
	cloison    *sqlx.Stmt            // requeteCloison
	pretes     map[string]*sqlx.Stmt // by their text
	sansPlace  atomic.Int64          // when a transaction last found no room, in nanoseconds of the epoch
}

// Open connects to the database named by dsn with at most max connections.
func Open(ctx context.Context, dsn string, max int) (*Store, error) {
	db, err := sqlx.Open("postgres", SansCompilation(dsn))
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	db.SetMaxOpenConns(max)
	db.SetMaxIdleConns(max)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return Sur(ctx, db, dsn)
}

// SansCompilation is dsn with the compilation of queries (JIT) off: those of the house
// are short, and PostgreSQL, which takes a wall for a costly filter, would spend a
// tenth of a second on a query of a millisecond.
func SansCompilation(dsn string) string {
	if !strings.Contains(dsn, "://") {
		return dsn + " jit=off"
	}
	if strings.Contains(dsn, "?") {
		return dsn + "&jit=off"
	}
	return dsn + "?jit=off"
}

// Sur returns a Store on a database already opened, at dsn, and closes it with
// itself: for who watches what the store asks of it.
func Sur(ctx context.Context, db *sqlx.DB, dsn string) (*Store, error) {
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("reaching the database: %w", err)
	}
	s := &Store{DB: db}
	if err := s.preparer(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("preparing the reads of organisations: %w", err)
	}
	s.ecoute = nouvelleEcoute(dsn)
	return s, nil
}

// preparer makes ready what each read of an organisation and each search asks first, and
// what every list of the staff asks last.
func (s *Store) preparer(ctx context.Context) error {
	var err error
	if s.cloison, err = s.DB.PreparexContext(ctx, requeteCloison); err != nil {
		return err
	}
	s.pretes = map[string]*sqlx.Stmt{}
	requetes := []string{requeteLiensEtInstant}
	for _, v := range []voie{voieFile(""), voieListe(opco.Portee{Interne: true}), voieListe(opco.Portee{Role: opco.RoleEntreprise}), voieListe(opco.Portee{Role: opco.RoleOrganisme})} {
		requetes = append(requetes, v.requeteMots())
	}
	for _, requete := range requetes {
		if s.pretes[requete], err = s.DB.PreparexContext(ctx, requete); err != nil {
			return err
		}
	}
	return nil
}

// Close releases the connections and stops listening.
func (s *Store) Close() error {
	s.ecoute.fermer()
	return s.DB.Close() // and what was prepared on its connections
}

// transact runs f in one transaction, again when PostgreSQL asks for it
// (serialization failure, deadlock), at most five times.
func (s *Store) transact(ctx context.Context, f func(tx *sqlx.Tx) error) error {
	var err error
	for range 5 {
		if err = s.tenter(ctx, f); !rejouable(err) {
			break
		}
	}
	s.retenirPlace(err)
	return err
}

func (s *Store) tenter(ctx context.Context, f func(tx *sqlx.Tx) error) error {
	tx, err := s.DB.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // a no-op after Commit
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

func rejouable(err error) bool {
	var e *pq.Error
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}

// contrainte returns the name of the constraint that err says was broken.
func contrainte(err error) string {
	var e *pq.Error
	if errors.As(err, &e) {
		return e.Constraint
	}
	return ""
}

// Maintenant returns the business instant: real time plus the offset of the
// test clock, which is zero in production.
func (s *Store) Maintenant(ctx context.Context) (time.Time, error) {
	d, err := s.Decalage(ctx)
	return time.Now().UTC().Add(d).Truncate(time.Microsecond), err
}

// Decalage returns the offset of business time.
func (s *Store) Decalage(ctx context.Context) (time.Duration, error) { return decalage(ctx, s.DB) }

func decalage(ctx context.Context, q sqlx.QueryerContext) (time.Duration, error) {
	var ns int64
	if err := sqlx.GetContext(ctx, q, &ns, `SELECT decalage_ns FROM horloge`); err != nil {
		return 0, fmt.Errorf("reading the clock: %w", err)
	}
	return time.Duration(ns), nil
}

// RegleHorloge moves the test clock so that business time is at. It goes back
// only when recul says so, which nothing but a new acceptance run should do:
// every wait of the house holds an absolute instant and simply sleeps longer.
func (s *Store) RegleHorloge(ctx context.Context, at time.Time, recul bool) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		avant, err := decalage(ctx, tx)
		if err != nil {
			return err
		}
		nouveau := time.Until(at)
		if nouveau < avant && avant-nouveau < time.Minute && !recul {
			return nil // already there: the same order, sent again
		}
		if nouveau < avant && !recul {
			return opco.Errorf(opco.Conflict, "L’horloge d’essai ne recule pas : il est déjà %s.",
				time.Now().Add(avant).In(opco.Paris).Format("2006-01-02 15:04:05"))
		}
		if _, err := tx.ExecContext(ctx, `UPDATE horloge SET decalage_ns = $1`, int64(nouveau)); err != nil {
			return fmt.Errorf("moving the clock: %w", err)
		}
		return notifier(ctx, tx, "horloge", "")
	})
}

// introuvable turns « no row » into the refusal that readers see.
func introuvable(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return opco.Errorf(opco.NotFound, format, args...)
	}
	return err
}
