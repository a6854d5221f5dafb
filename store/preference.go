package store

import (
	"context"
	"fmt"
)

// ReglerTouches turns the keys of one letter on or off for an account (WCAG 2.1.4).
func (s *Store) ReglerTouches(ctx context.Context, compte string, touches bool) error {
	_, err := s.DB.ExecContext(ctx, `
		INSERT INTO preference (compte, touches) VALUES ($1, $2)
		ON CONFLICT (compte) DO UPDATE SET touches = EXCLUDED.touches, modifie_le = clock_timestamp()`, compte, touches)
	if err != nil {
		return fmt.Errorf("keeping a preference: %w", err)
	}
	return nil
}
