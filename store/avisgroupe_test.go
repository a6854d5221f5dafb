package store_test

import (
	"slices"
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// A transfer that pays two dossiers has one avis: a document of the organisme once,
// whose label says its number, its day, its period and both dossiers; it is found under
// each of them, and by nobody else (S11, AT-16).
func TestAvisSousChaqueDossier(t *testing.T) {
	c := conduire(t)
	s01, s04, s09 := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	c.rejeter(c.lotPropose(true), "aucun", "AC04")
	var avis []string
	if err := c.s.DB.Select(&avis, `SELECT id FROM courrier WHERE evenement = 'AVIS_VIREMENT' AND pour = 'organisme' ORDER BY id`); err != nil || len(avis) != 2 {
		t.Fatalf("got the avis %v (%v), want one for each organisme", avis, err)
	}
	for _, a := range avis {
		if err := c.s.NoterLettre(c.ctx, a, store.Pli{Sujet: "Avis", PDF: strings.Repeat("0", 64)}); err != nil {
			t.Fatal(err)
		}
	}
	p := opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{of1.SIRET}}
	chercher := func(p opco.Portee, dossier string) []string {
		t.Helper()
		page, err := c.s.Documents(c.ctx, p, store.FiltreDocuments{Dossier: dossier, Categorie: opco.CategorieAvisVirement, Limite: 10})
		if err != nil {
			t.Fatal(err)
		}
		var libelles []string
		for _, d := range page.Documents {
			libelles = append(libelles, d.Libelle)
		}
		return libelles
	}
	tous := chercher(p, "")
	un, deux := c.dossier(s01), c.dossier(s04)
	if len(tous) != 1 || !strings.HasPrefix(tous[0], "Avis de virement n° ") || !strings.Contains(tous[0], " du 04/05/2026, période du ") ||
		!strings.Contains(tous[0], un.Numero) || !strings.Contains(tous[0], deux.Numero) {
		t.Fatalf("got the documents %q", tous)
	}
	var du, au opco.Date
	for _, d := range []*opco.Dossier{un, deux} {
		for _, f := range d.Factures {
			for _, h := range d.HeuresPayees(f) {
				if du == "" || h.Du < du {
					du = h.Du
				}
				au = max(au, h.Au)
			}
		}
	}
	if !strings.Contains(tous[0], ", période du "+du.Courte()+" au "+au.Courte()+". ") {
		t.Errorf("got %q, want the period from %s to %s", tous[0], du, au)
	}
	for _, d := range []string{s01, s04} {
		if got := chercher(p, d); !slices.Equal(got, tous) {
			t.Errorf("under %s: got %q, want the avis", d, got)
		}
		cs, err := c.s.Courriers(c.ctx, p, d)
		if n := compterAvis(cs); err != nil || n != 1 {
			t.Errorf("under %s: %d avis among its letters (%v), want one", d, n, err)
		}
	}
	if got := chercher(p, s09); len(got) != 0 {
		t.Errorf("the avis of another organisme is read: %q", got)
	}
	autre := opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{of2.SIRET}}
	if cs, err := c.s.Courriers(c.ctx, autre, s01); err != nil || len(cs) != 0 {
		t.Errorf("another organisme reads %v (%v)", cs, err)
	}
}

func compterAvis(cs []store.LigneCourrier) (n int) {
	for _, l := range cs {
		if l.Evenement == string(opco.CourrierAvisVirement) && l.Pour == string(opco.RoleOrganisme) {
			n++
		}
	}
	return n
}
