package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func (i *interieurFaux) Synthese(_ *gin.Context, annee int) (api.SyntheseLue, error) {
	_, err := i.noter("synthese", fmt.Sprint(annee))
	x := api.SyntheseLue{Synthese: store.Synthese{Annee: 2026, Annees: []int{2026, 0}, Demandes: 90_000, AuDela: 10_000, Fonds: []store.LigneSynthese{{Annee: 2026, Fonds: "MUTUALISE", Enveloppes: 1,
		Enveloppe: 600_000, Reste: 400_000, Prevision: 280_000, EmploiFonds: store.EmploiFonds{Engage: 200_000, Facture: 150_000, Paye: 120_005}}}}}
	if !i.occupant.Interne {
		x.Sites = []store.LigneSite{{Etablissement: siege, Dossiers: 3, EmploiFonds: store.EmploiFonds{Engage: 150_000, Facture: 150_000, Paye: 120_005}}}
	}
	return x, err
}

func (i *interieurFaux) Engagements(_ *gin.Context, f store.FiltreEngagements) ([]store.LigneEngagement, string, error) {
	_, err := i.noter("engagements", fmt.Sprint(f.Annee), f.Fonds, f.Etablissement, f.Apres)
	return []store.LigneEngagement{{Dossier: idDossier, Numero: "26.A.21056.1", Intitule: "Excel", Etablissement: siege, Annee: 2026, Fonds: "MUTUALISE", EmploiFonds: store.EmploiFonds{Engage: 150_000}}}, "", err
}

func (i *interieurFaux) SalariesFormes(_ *gin.Context, annee int, apres string) ([]store.SalarieForme, string, error) {
	_, err := i.noter("formes", fmt.Sprint(annee), apres)
	return []store.SalarieForme{{Nom: "Petit", Prenom: "Zoé", Numero: "26.A.21056.1"}}, "", err
}

func (i *interieurFaux) NomsEtablissements(*gin.Context, []string) (map[string]string, error) {
	return map[string]string{string(siege): "Sorbier, Lyon"}, nil
}

func (i *interieurFaux) BalanceComptable(_ *gin.Context, p store.PeriodeComptable) ([]store.SoldeComptable, int64, error) {
	_, err := i.noter("balance", p.Fonds, string(p.Du), string(p.Au))
	return []store.SoldeComptable{{Libelle: "Engagements", Numero: "801100", Lignes: 4, Debit: 200_005, Credit: 5}}, 2, err
}

func (i *interieurFaux) NumeroterEcritures(_ *gin.Context, acte string, p store.PeriodeComptable) error {
	_, err := i.noter("numeroter", p.Fonds, string(p.Du), string(p.Au))
	return err
}

// TestAComptableNumbersTheJournal: numbering is a gesture of the comptable; nobody else
// is offered it, and reading asks for none.
func TestAComptableNumbersTheJournal(t *testing.T) {
	lire := func(role opco.Role, methode, chemin string, f url.Values) (*interieurFaux, *httptest.ResponseRecorder) {
		i := &interieurFaux{occupant: chezEntreprise()}
		i.occupant.Role, i.occupant.Interne = role, true
		if methode == "POST" {
			f = pourLui(i, f)
		}
		return i, demander(moteurInterieur(t, i), methode, chemin, f)
	}
	periode := url.Values{"fonds": {"VV"}, "du": {"2026-01-01"}, "au": {"2026-03-31"}, "acte_id": {"6ba7b810-9dad-11d1-80b4-00c04fd430c8"}}
	i, rep := lire(opco.RoleComptable, "POST", "/comptabilite/journal", periode)
	if rep.Code != 303 || rep.Header().Get("Location") != "/comptabilite/journal?au=2026-03-31&du=2026-01-01&fonds=VV" || !slices.Contains(i.appels, "numeroter VV 2026-01-01 2026-03-31") {
		t.Errorf("got %d to %q, asked %q", rep.Code, rep.Header().Get("Location"), i.appels)
	}
	periode.Set("du", "hier")
	if i, rep = lire(opco.RoleComptable, "POST", "/comptabilite/journal", periode); rep.Code != 303 || len(i.appels) > 0 && strings.Contains(strings.Join(i.appels, " "), "numeroter") {
		t.Errorf("a day that does not read: got %d, asked %q", rep.Code, i.appels)
	}
	_, rep = lire(opco.RoleAuditeur, "GET", "/comptabilite/journal", nil)
	if corps := rep.Body.String(); !strings.Contains(corps, "Un comptable les numérote") || strings.Contains(corps, `method="post" action="/comptabilite/journal"`) {
		t.Error("an auditor is offered to number the entries")
	}
}

func (i *interieurFaux) EnvoyerJournal(c *gin.Context, p store.PeriodeComptable) error {
	_, err := i.noter("journal", p.Fonds, string(p.Du), string(p.Au))
	if err == nil {
		c.String(200, "JournalCode")
	}
	return err
}

func (i *interieurFaux) Aujourdhui(*gin.Context) (opco.Date, error) { return "2026-06-11", nil }

// Exporter answers the first rows of an export, one a line: the lists of these doors
// have no end.
func (i *interieurFaux) Exporter(c *gin.Context, format string, t api.Tableau) error {
	var b strings.Builder
	assez, n := errors.New("enough"), 0
	fmt.Fprintf(&b, "%s.%s", t.Nom, format)
	err := t.Lignes(context.Background(), func(cellules ...any) error {
		if n++; n > 3 {
			return assez
		}
		if len(cellules) != len(t.Colonnes) {
			return fmt.Errorf("%d cells under %d columns", len(cellules), len(t.Colonnes))
		}
		_, err := fmt.Fprintf(&b, "\n%v", cellules)
		return err
	})
	if err != nil && !errors.Is(err, assez) {
		return err
	}
	c.String(200, b.String())
	return nil
}

// TestTheMoneyOfAYear: the synthèse, its dossiers, the états and the journal show the
// figures of their doors, and ask them for what the address says.
func TestTheMoneyOfAYear(t *testing.T) {
	for _, tt := range []struct {
		chemin   string
		statut   int
		comptes  bool // read by a comptable
		montre   []string
		demande  string
		redirige string
	}{
		{chemin: "/entreprise/synthese", statut: 200, demande: "synthese -1", montre: []string{"6 000,00 €", "1 200,05 € payés, 299,95 € à payer, 500,00 € à facturer, 4 000,00 € de reste", "Sorbier, Lyon",
			"/entreprise/synthese/dossiers?annee=2026&amp;fonds=MUTUALISE", "/entreprise/synthese/dossiers?annee=2026&amp;etablissement=" + string(siege), "Autres établissements", "ne couvriraient pas 100,00 €", "Sans fin d’année"}},
		{chemin: "/entreprise/synthese?annee=0", statut: 200, demande: "synthese 0"},
		{chemin: "/entreprise/synthese?annee=demain", statut: 303, redirige: "/entreprise/synthese"},
		{chemin: "/comptabilite/synthese?annee=2025", comptes: true, statut: 200, demande: "synthese 2025", montre: []string{"/comptabilite/enveloppes?annee=2026&amp;fonds=MUTUALISE"}},
		{chemin: "/entreprise/synthese/dossiers?annee=2026&fonds=MUTUALISE", statut: 200, demande: "engagements 2026 MUTUALISE  ", montre: []string{"Excel", "1 500,00 €", "format=csv"}},
		{chemin: "/entreprise/synthese/dossiers?annee=2026&format=csv", statut: 200, demande: "engagements 2026   ", montre: []string{"engagements.csv", "26.A.21056.1"}},
		{chemin: "/entreprise/etats?annee=2026", statut: 200, montre: []string{"/entreprise/etats/salaries?annee=2026&amp;format=xlsx", "/entreprise/etats/factures?format=csv"}},
		{chemin: "/entreprise/etats/salaries?annee=2026&format=xlsx", statut: 200, demande: "formes 2026 ", montre: []string{"salaries-formes.xlsx", "Petit Zoé"}},
		{chemin: "/entreprise/etats/dossiers?annee=2026&format=csv", statut: 200, demande: "liste 0   2026-01-01 2026-12-31  "},
		{chemin: "/entreprise/etats/engagements?annee=2025&format=csv", statut: 200, demande: "engagements 2025   "},
		{chemin: "/entreprise/etats/salaires?format=csv", statut: 404},
		{chemin: "/entreprise/etats/dossiers", statut: 303, redirige: "/entreprise/etats"},
		{chemin: "/comptabilite/journal?fonds=VV&du=2026-01-01&au=2026-03-31", comptes: true, statut: 200, demande: "balance VV 2026-01-01 2026-03-31",
			montre: []string{"Engagements", "2 000,05 €", "0,05 €", "2 écritures de cette période n’ont pas encore de numéro", `action="/comptabilite/journal"`, "/comptabilite/journal/fichier?au=2026-03-31&amp;du=2026-01-01&amp;fonds=VV"}},
		{chemin: "/comptabilite/journal?du=hier&au=2026-03-31", comptes: true, statut: 422, montre: []string{`value="hier"`}},
		{chemin: "/comptabilite/journal/fichier?fonds=VV&du=2026-01-01&au=2026-03-31", comptes: true, statut: 200, demande: "journal VV 2026-01-01 2026-03-31", montre: []string{"JournalCode"}},
		{chemin: "/comptabilite/journal/fichier?du=hier&au=2026-03-31", comptes: true, statut: 303, redirige: "/comptabilite/journal?au=2026-03-31&du=hier&fonds=MUTUALISE"},
		{chemin: "/comptabilite/journal", comptes: true, statut: 200, demande: "balance MUTUALISE 2026-01-01 2026-06-11"},
	} {
		t.Run(tt.chemin, func(t *testing.T) {
			i := &interieurFaux{occupant: chezEntreprise()}
			if tt.comptes {
				i.occupant.Role, i.occupant.Interne = opco.RoleComptable, true
			}
			rep := demander(moteurInterieur(t, i), "GET", tt.chemin, nil)
			if rep.Code != tt.statut || rep.Header().Get("Location") != tt.redirige {
				t.Fatalf("got %d to %q, want %d to %q", rep.Code, rep.Header().Get("Location"), tt.statut, tt.redirige)
			}
			if tt.demande != "" && !strings.Contains(strings.Join(i.appels, "\n")+"\n", tt.demande+"\n") {
				t.Errorf("asked %q, want %q", i.appels, tt.demande)
			}
			corps := strings.NewReplacer("\n", "", "\t", "", "\u00a0", " ", "\u202f", " ").Replace(rep.Body.String())
			for _, m := range tt.montre {
				if !strings.Contains(corps, m) {
					t.Errorf("does not show %q", m)
				}
			}
		})
	}
}
