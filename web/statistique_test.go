package web_test

import (
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

func (i *interieurFaux) ParametresDuJour(*gin.Context) (opco.Parametres, opco.Date, error) {
	return opco.ParametresDefaut(), "2026-06-11", nil
}

func (i *interieurFaux) Statistiques(_ *gin.Context, f store.FiltreMesures) (store.Statistiques, error) {
	_, err := i.noter("mesures", string(f.Du), string(f.Au), f.IDCC, f.Instructeur, f.Equipe)
	m := func(cle, nom string, jours float64) []store.Mesures {
		return []store.Mesures{{Cle: cle, Nom: nom, Nombre: 4, Moitie: jours, NeufSurDix: 2 * jours, Premiers: 3}}
	}
	return store.Statistiques{Decision: store.StatistiquesDe{Tout: m("", "", 5)[0], Gens: m("p1", "Claire Morin", 5), Branches: m("1486", "", 5), Equipes: m("u1", "Équipe Sud", 5)},
		Paiement:   store.StatistiquesDe{Tout: m("", "", 7)[0], Gens: m("p1", "=Claire Morin", 6.5), Branches: m("1486", "", 7), Equipes: m("u1", "Équipe Sud", 7)},
		Completude: store.StatistiquesDe{Tout: m("", "", 0)[0], Gens: m("p1", "Claire Morin", 0), Branches: m("1486", "", 0), Equipes: m("", "", 0)}}, err
}

// TestStatisticsByTeamBranchAndPerson: the three measures are shown by team, by branch
// and by person, each row leads to its own figures, and the file has them all.
func TestStatisticsByTeamBranchAndPerson(t *testing.T) {
	i := &interieurFaux{occupant: agent(opco.RoleResponsable)}
	h := moteurInterieur(t, i)
	page := demander(h, "GET", "/statistiques?du=2026-05-01&au=2026-06-01&equipe=u1", nil).Body.String()
	if i.appels[0] != "mesures 2026-05-01 2026-06-01   u1" {
		t.Errorf("asked %q", i.appels)
	}
	for _, m := range []string{"Par équipe", "Par branche", "Par personne qui instruit", "pour Équipe Sud", "Aucune équipe", "personne=p1", "branche=1486", "6,5", "75\u00a0%", "/statistiques/tableau.csv?"} {
		if !strings.Contains(page, m) {
			t.Errorf("the page does not show %q", m)
		}
	}
	for _, titre := range []string{"De la demande complète à la décision</caption>", "De la facture au paiement</caption>", "Complètes au premier envoi</caption>"} {
		if n := strings.Count(page, titre); n != 3 {
			t.Errorf("%s is %d times on the page, want by team, branch and person", titre, n)
		}
	}
	r := demander(h, "GET", "/statistiques/tableau.csv?du=2026-05-01&au=2026-06-01", nil)
	if corps := r.Body.String(); r.Code != 200 || !strings.Contains(corps, "De la facture au paiement;Personne;p1;'=Claire Morin;4;6,5;13;3") || strings.Count(corps, "\n") != 13 {
		t.Errorf("the file: %d\n%s", r.Code, corps)
	}
	if r := demander(h, "GET", "/statistiques/tableau.csv?du=hier&au=2026-06-01", nil); r.Code != 422 {
		t.Errorf("a date that is none: %d", r.Code)
	}
}
