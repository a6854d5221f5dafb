package store

import (
	"context"
	"fmt"
	"time"
)

// Sessions keeps the sessions of scs in PostgreSQL. Tokens arrive hashed.
type Sessions struct{ Store *Store }

// FindCtx returns the data of a session that has not expired.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var ls [][]byte
	err := s.Store.DB.SelectContext(ctx, &ls, `SELECT data FROM session WHERE token = $1 AND expiry > clock_timestamp()`, token)
	if err != nil || len(ls) == 0 {
		return nil, false, err
	}
	return ls[0], true, nil
}

// CommitCtx writes a session.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := s.Store.DB.ExecContext(ctx, `
		INSERT INTO session (token, data, expiry) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = EXCLUDED.data, expiry = EXCLUDED.expiry`, token, data, expiry)
	return err
}

// DeleteCtx ends a session, and forgets those that have expired.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
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

// Commit is CommitCtx for the interface of scs.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for the interface of scs.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
