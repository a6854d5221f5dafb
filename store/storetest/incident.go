package storetest

import (
	"testing"

	"guichet/store"
)

// Incidents are the open incidents, the oldest first, whether a round has said their cause
// yet or not.
func Incidents(t testing.TB, s *store.Store) []store.Incident {
	t.Helper()
	var is []store.Incident
	if err := s.DB.SelectContext(t.Context(), &is, `
		SELECT numero, objet, activite, classe, essais, erreur, ouvert_le, vu_le
		FROM incident WHERE clos_le IS NULL ORDER BY ouvert_le`); err != nil {
		t.Fatal(err)
	}
	return is
}
