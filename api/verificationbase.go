package api

import (
	"context"
	"time"

	"guichet/store"
)

// VerifierTout writes down a verification of the whole base for the workers, in the name
// of who asks.
func (s *Server) VerifierTout(ctx context.Context, id string) error {
	par := qui(ctx).Acteur("")
	return s.Store.DemanderVerification(ctx, id, store.OrigineAgent, par.Personne, par.Nom)
}

// VerificationDe reads a verification with its report.
func (s *Server) VerificationDe(ctx context.Context, id string) (store.VerificationVue, error) {
	return s.Store.Verification(ctx, id)
}

// VerificationsDe lists the verifications, the newest first.
func (s *Server) VerificationsDe(ctx context.Context, avant time.Time, limite int) ([]store.VerificationVue, error) {
	return s.Store.Verifications(ctx, avant, limite)
}
