package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Sessions keeps the sessions of scs in PostgreSQL. Tokens arrive hashed. What it
// does with a session beyond its data is said by the TraceSession of the context.
type Sessions struct{ Store *Store }

// ValeurEspace names, in the data of a session, the espace that it is in.
const ValeurEspace = "perimetre"

// TraceSession follows one session through a request: what was found, and what is
// about to be written. A session that was cut meanwhile is never written back.
type TraceSession struct {
	Jeton     string    `db:"token"` // hashed; "" none was found
	ID        string    `db:"id"`    // public: what its owner sees in the list
	VueLe     time.Time `db:"vue_le"`
	OuverteLe time.Time `db:"ouverte_le"`
	Data      []byte    `db:"data"`

	Expire   time.Time        // for the next write
	Nouvelle *NouvelleSession // the next write opens a session
	Change   bool             // the token is being replaced: the row follows it
}

// NouvelleSession is what a login adds to its session. Hache is the password that
// the account had when it was checked: one changed meanwhile opens nothing.
type NouvelleSession struct {
	ID, Compte, Hache string
	Agent, Adresse    string
}

// ErrSessionFinie says that the session was closed or cut meanwhile.
var ErrSessionFinie = errors.New("the session has ended")

type cleTrace struct{}

// AvecTrace returns a context whose sessions are followed by t.
func AvecTrace(ctx context.Context, t *TraceSession) context.Context {
	return context.WithValue(ctx, cleTrace{}, t)
}

// TraceDe returns what follows the session of ctx, an empty one when nothing does.
func TraceDe(ctx context.Context) *TraceSession {
	if t, ok := ctx.Value(cleTrace{}).(*TraceSession); ok {
		return t
	}
	return &TraceSession{}
}

// FindCtx returns the data of a session that has not expired.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var ls []TraceSession
	err := s.Store.DB.SelectContext(ctx, &ls, `
		SELECT token, id, vue_le, ouverte_le, data FROM session
		WHERE token = $1 AND expiry > clock_timestamp() AND id IS NOT NULL`, token)
	if err != nil || len(ls) == 0 {
		return nil, false, err
	}
	*TraceDe(ctx) = ls[0]
	return ls[0].Data, true, nil
}

// CommitCtx writes the session of ctx: a new one, or the row of the one that was
// found. It returns ErrSessionFinie when that row is gone.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	t := TraceDe(ctx)
	if t.Nouvelle != nil {
		return s.Store.transact(ctx, func(tx *sqlx.Tx) error { return ouvrirSession(ctx, tx, t, token, data) })
	}
	r, err := s.Store.DB.ExecContext(ctx, `
		UPDATE session SET token = $1, data = $2, expiry = $3, vue_le = clock_timestamp() WHERE token = $4`, token, data, t.Expire, t.Jeton)
	if err != nil {
		return fmt.Errorf("writing a session: %w", err)
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrSessionFinie, err)
	}
	t.Jeton = token
	return nil
}

// ouvrirSession inserts a session in the place of the one that the browser had. It
// waits for whoever is changing the password.
func ouvrirSession(ctx context.Context, tx *sqlx.Tx, t *TraceSession, token string, data []byte) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM session WHERE token = $1`, t.Jeton); err != nil {
		return fmt.Errorf("replacing a session: %w", err)
	}
	n := t.Nouvelle
	r, err := tx.ExecContext(ctx, `
		INSERT INTO session (token, data, expiry, id, compte, ouverte_le, vue_le, agent, adresse)
		SELECT $1, $2, $3, $4, u.compte, clock_timestamp(), clock_timestamp(), $5, $6
		FROM utilisateur u WHERE u.compte = $7 AND u.mot_de_passe = $8 AND u.actif FOR SHARE OF u`,
		token, data, t.Expire, n.ID, n.Agent, n.Adresse, n.Compte, n.Hache)
	if err != nil {
		return fmt.Errorf("opening a session: %w", err)
	}
	if k, err := r.RowsAffected(); err != nil || k == 0 {
		return errors.Join(ErrSessionFinie, err)
	}
	t.Jeton, t.ID, t.Nouvelle = token, n.ID, nil
	return nil
}

// DeleteCtx ends a session, and forgets those that have expired. While its token
// is being replaced, the row stays: it follows the new token.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	if TraceDe(ctx).Change {
		return nil
	}
	_, err := s.Store.DB.ExecContext(ctx, `DELETE FROM session WHERE token = $1 OR expiry < clock_timestamp()`, token)
	if err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	return nil
}

// Find is FindCtx for the interface of scs.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for the interface of scs: without a trace it writes nothing.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for the interface of scs.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// ToucherSession notes that a session is in use: it then lasts until expire. One
// that was cut stays so.
func (s *Store) ToucherSession(ctx context.Context, jeton string, expire time.Time) error {
	_, err := s.DB.ExecContext(ctx, `UPDATE session SET vue_le = clock_timestamp(), expiry = $2 WHERE token = $1`, jeton, expire)
	if err != nil {
		return fmt.Errorf("keeping a session alive: %w", err)
	}
	return nil
}

// LigneSession is what a person needs to recognise one of their sessions.
type LigneSession struct {
	ID        string    `db:"id"`
	OuverteLe time.Time `db:"ouverte_le"`
	VueLe     time.Time `db:"vue_le"`
	Expire    time.Time `db:"expiry"`
	Agent     string    `db:"agent"`
	Adresse   string    `db:"adresse"` // of the network, cut short
}

// SessionsDe lists the open sessions of an account, the last used first.
func (s *Store) SessionsDe(ctx context.Context, compte string) ([]LigneSession, error) {
	var ls []LigneSession
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT id, ouverte_le, vue_le, expiry, agent, adresse FROM session
		WHERE compte = $1 AND expiry > clock_timestamp() ORDER BY vue_le DESC, id`, compte)
	if err != nil {
		return nil, fmt.Errorf("listing sessions: %w", err)
	}
	return ls, nil
}

// FermerSession ends one session of an account; NotFound when it has none of that
// id.
func (s *Store) FermerSession(ctx context.Context, compte, id string) error {
	n, err := s.couper(ctx, compte, `DELETE FROM session WHERE compte = $1 AND id = $2`, id)
	if err == nil && n == 0 {
		return opco.Errorf(opco.NotFound, "Cette session n’existe pas, ou elle est déjà fermée.")
	}
	return err
}

// FermerAutresSessions ends every session of an account but that one, and returns
// how many.
func (s *Store) FermerAutresSessions(ctx context.Context, compte, sauf string) (int64, error) {
	return s.couper(ctx, compte, `DELETE FROM session WHERE compte = $1 AND id <> $2`, sauf)
}

// couper deletes sessions and tells the streams of the account.
func (s *Store) couper(ctx context.Context, compte, requete, id string) (n int64, err error) {
	err = s.transact(ctx, func(tx *sqlx.Tx) error {
		r, err := tx.ExecContext(ctx, requete, compte, id)
		if err != nil {
			return fmt.Errorf("ending sessions: %w", err)
		}
		if n, err = r.RowsAffected(); err != nil {
			return err
		}
		return notifier(ctx, tx, "compte", compte)
	})
	return n, err
}
