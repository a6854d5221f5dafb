package api_test

import (
	"strings"
	"testing"

	"guichet/opco"
)

// A payee proposes its account with its proof; the staff reads it whole with its signs
// and does its part; the payee reads it masked, and not who looks.
func TestRIBParLaRoute(t *testing.T) {
	g := ouvrir(t)
	lu := func(r reponse) string {
		var v struct{ IBAN string }
		r.lire(t, &v)
		return v.IBAN
	}
	id := nouvelID()
	proposer := func(iban, acte string) reponse {
		return g.formulaire("of2", "/api/ribs", partie{"acte_id", "", acte}, partie{"iban", "", iban}, partie{"bic", "", "AAAAFRPP"},
			partie{"titulaire", "", "Compétences Plus Démo"}, partie{"fichier", "rib.pdf", pdfSimple(1)})
	}
	g.exiger(proposer("FR7699999000770070070077738", nouvelID()), 422)
	r := proposer("FR76 9999 9000 7700 7007 0077 737", id)
	g.exiger(r, 200)
	if iban := lu(r); !strings.Contains(iban, "••••") {
		t.Errorf("the payee reads %q", iban)
	}
	g.exiger(proposer("FR7699999000770070070077737", id), 200) // sent twice
	g.exiger(proposer("FR7699999000110010020031192", id), 409) // another account under the same acte
	g.exiger(proposer("FR7699999000770070070077737", nouvelID()), 409)
	g.exiger(g.appeler("of1", "GET", "/api/ribs/"+id, nil), 404)
	g.exiger(g.appeler("comptable", "POST", "/api/ribs/"+id+"/gestes", objet{"acte_id": nouvelID(), "geste": "valider"}), 409)
	g.exiger(g.appeler("responsable", "POST", "/api/ribs/"+id+"/gestes", objet{"acte_id": nouvelID(), "geste": "voir"}), 200)
	r = g.appeler("comptable", "POST", "/api/ribs/"+id+"/gestes", objet{"acte_id": nouvelID(), "geste": "valider"})
	g.exiger(r, 200)
	if got := lu(r); got != opco.IBAN("FR7699999000770070070077737").Affiche() {
		t.Errorf("the comptable reads %q, want the whole account to hold against its proof", got)
	}
	g.exiger(g.appeler("comptable", "GET", "/api/ribs/"+id+"/preuve", nil), 200)
	g.exiger(g.appeler("of2", "GET", "/api/ribs/"+id+"/preuve", nil), 403)
}
