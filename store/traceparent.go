package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"go.opentelemetry.io/otel/propagation"
)

// traceparent is the trace of ctx, as the row of an acte keeps it; "" when nobody traces.
func traceparent(ctx context.Context) string {
	c := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, c)
	return c["traceparent"]
}

// TraceActe returns the trace in which an acte was received, "" when it was in none.
func (s *Store) TraceActe(ctx context.Context, id string) (string, error) {
	return s.lireTrace(ctx, `SELECT traceparent FROM acte WHERE id = $1`, id)
}

// TraceCourrier returns the trace of the acte that a line of the outbox tells about, ""
// when it tells about an échéance, or an acte in no trace.
func (s *Store) TraceCourrier(ctx context.Context, id string) (string, error) {
	return s.lireTrace(ctx, `
		SELECT a.traceparent FROM courrier c JOIN passage p ON p.objet = c.objet AND p.rang = c.rang JOIN acte a ON a.id = p.acte_id
		WHERE c.id = $1`, id)
}

func (s *Store) lireTrace(ctx context.Context, requete, id string) (string, error) {
	var t string
	err := s.DB.GetContext(ctx, &t, requete, id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the trace of %s: %w", id, err)
	}
	return t, nil
}
