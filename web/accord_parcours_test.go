package web_test

import (
	"strings"
	"testing"
)

// TestTheAccordIsOnThePageOfTheDossier: the company and the organisme each find the letter
// of the accord on the page of the granted dossier, theirs and not the other's (GA-05).
func TestTheAccordIsOnThePageOfTheDossier(t *testing.T) {
	v := visiterAvecFichiers(t)
	id := v.aFacturer()
	var lettres []struct{ ID, Pour string }
	err := v.store.DB.Select(&lettres, `UPDATE courrier SET etat = 'ENVOYE', sujet = 'Accord de prise en charge', lettre_pdf = 'pdf-' || pour
		WHERE objet = 'dossier/' || $1 AND evenement = 'ACCORD' RETURNING id, pour`, id)
	if err != nil || len(lettres) != 2 {
		t.Fatalf("%d letters of the accord (%v), want that of the company and that of the organisme", len(lettres), err)
	}
	for qui, salle := range map[string]string{"e1": "entreprise", "of1": "organisme"} {
		page := v.autre().entrer(qui, motDemo).lire("/" + salle + "/dossiers/" + id)
		for _, l := range lettres {
			if got := strings.Contains(page, `href="/api/courriers/`+l.ID+`/lettre.pdf"`); got != (l.Pour == salle) {
				t.Errorf("%s finds the letter for %s: %v", qui, l.Pour, got)
			}
		}
		if !strings.Contains(page, "Accord de prise en charge") {
			t.Errorf("%s does not read which letter it is", qui)
		}
	}
}
