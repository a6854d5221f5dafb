package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// Lists of debts and the page of funds show figures only; a debt itself is logged.
func init() {
	sansDonnees = append(sansDonnees, "/comptabilite/indus", "/comptabilite/enveloppes/dotations")
}

func (i *interieurFaux) CompterLesIndus(*gin.Context) (map[opco.EtatIndu]int, error) { return nil, nil }

func (i *interieurFaux) Indus(*gin.Context, store.FiltreIndus) ([]store.LigneIndu, string, error) {
	return nil, "", nil
}

// TestAnEnvelopeIsCredited: a comptable credits a versement volontaire once, and closes
// a year that is over.
func TestAnEnvelopeIsCredited(t *testing.T) {
	v := visiterBanque(t)
	cpt := v.autre().entrer("comptable", motDemo)
	page := cpt.lire("/comptabilite/enveloppes/dotations")
	f := url.Values{"acte_id": {cache(t, page, "acte_id")}, "siren": {"999 001 019"}, "fonds": {opco.FondsVV}, "montant": {"1 500,00"}, "reference": {"VV-2026-7"}}
	solde := func() (m opco.Montant) {
		t.Helper()
		err := v.store.DB.Get(&m, `SELECT COALESCE(-sum(s.montant), 0) FROM solde s JOIN enveloppe e ON e.id = s.enveloppe WHERE e.siren = '999001019' AND e.fonds = $1 AND s.compte = 'SOURCE'`, opco.FondsVV)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	avant := solde()
	cpt.veut("a year", 422, "", `href="#champ-annee"`)(cpt.envoyer("/comptabilite/enveloppes/dotations", avec(f, "annee", "2026")))
	for range 2 { // sent twice, it is one
		cpt.veut("a credit", 303, "/comptabilite/enveloppes?siren=999001019", "")(cpt.envoyer("/comptabilite/enveloppes/dotations", f))
	}
	if got := solde() - avant; got != 150000 {
		t.Errorf("credited %s, want 1 500,00 €", got)
	}
	cpt.veut("the same reference", 409, "", "déjà été créditée")(cpt.envoyer("/comptabilite/enveloppes/dotations", avec(f, "acte_id", uuid.NewString())))
	cpt.veut("an unsure closing", 422, "", `href="#champ-certain"`)(cpt.envoyer("/comptabilite/enveloppes/exercices", url.Values{"exercice": {"2025"}}))
	cpt.veut("the present year", 409, "", "")(cpt.envoyer("/comptabilite/enveloppes/exercices", url.Values{"exercice": {"2026"}, "certain": {"oui"}}))
	cpt.veut("a closing", 303, "/comptabilite/enveloppes/dotations", "")(cpt.envoyer("/comptabilite/enveloppes/exercices", url.Values{"exercice": {"2025"}, "certain": {"oui"}}))
	if got := cpt.lire("/comptabilite/enveloppes/dotations"); !strings.Contains(got, "Exercice 2025") {
		t.Errorf("the closed year is not listed: %s", got)
	}
}
