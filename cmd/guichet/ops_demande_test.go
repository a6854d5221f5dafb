package main

import (
	"errors"
	"testing"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// The command line knows nobody: what may have money leave is not asked for there, nor left for
// somebody to agree to.
func TestMoneyIsNotAskedForOnACommandLine(t *testing.T) {
	s := storetest.Ouvrir(t)
	if err := s.ChargerDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	u, err := s.Utilisateur(t.Context(), "ops")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB.Exec(`INSERT INTO incident (id, objet, activite, essais, erreur, ouvert_le, cause) VALUES ('l/Envoyer', 'lot/L-1', 'Envoyer', 3, 'refused', now(), 'banque')`); err != nil {
		t.Fatal(err)
	}
	demande := demandeOps{Motif: "coupure du réseau, 14 h", Agent: "ops"}
	for _, tt := range []struct {
		nom   string
		c     ciblesOps
		verbe opco.Verbe
		oui   bool
	}{
		{"payments held back", ciblesOps{demandeOps: demande}, opco.VerbeArreterPaiements, true},
		{"payments let go", ciblesOps{demandeOps: demande}, opco.VerbeRouvrirPaiements, false},
		{"a lot", ciblesOps{Numero: []string{"lot/L-1"}, demandeOps: demande}, opco.VerbeReessayer, false},
		{"a cause that holds a lot", ciblesOps{Cause: "banque", demandeOps: demande}, opco.VerbeReessayer, false},
		{"a lot made to wait", ciblesOps{Cause: "banque", demandeOps: demande}, opco.VerbeSuspendre, true},
	} {
		v, err := tt.c.proposer(t.Context(), s, u, opco.Intervention{Verbe: tt.verbe, Motif: tt.c.Motif, Cause: tt.c.Cause})
		if (err == nil) != tt.oui || !tt.oui && !errors.Is(err, errAuGuichet) {
			t.Errorf("%s: got %+v, %v", tt.nom, v, err)
		}
	}
	vs, err := s.Interventions(t.Context(), store.FiltreInterventions{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vs {
		if v.Argent && v.Etat != store.InterventionRefusee {
			t.Errorf("%s waits for an agreement", v.Demande.Verbe)
		}
	}
}
