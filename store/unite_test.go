package store_test

import (
	"errors"
	"testing"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// TestEtablissementsAndTheirUnit: the demonstration gives each company its client
// number, never twice, and its nearest unit.
func TestEtablissementsAndTheirUnit(t *testing.T) {
	s := storetest.Ouvrir(t)
	for range 2 { // loading again changes nothing
		if err := s.ChargerDemo(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	vus := map[string]bool{}
	for siret, unite := range map[string]string{"99900101900010": "Équipe Nord et Ouest", "99900108400022": "Équipe Sud", "99900122500013": "Grands comptes"} {
		es, err := s.Etablissements(t.Context(), opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{siret}})
		if err != nil || len(es) != 1 {
			t.Fatalf("%s: %v, %v", siret, es, err)
		}
		e := es[0]
		if vus[e.Client] || e.Adresse == "" || e.Telephone == "" || len(e.Client) != len("12927.001") {
			t.Errorf("%s: %+v", siret, e)
		}
		vus[e.Client] = true
		une, err := s.Etablissement(t.Context(), opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{siret}}, e.SIRET)
		if err != nil || une.Client != e.Client || une.Nom != e.Nom {
			t.Errorf("%s alone: %+v, %v", siret, une, err)
		}
		if _, err := s.Etablissement(t.Context(), opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{"99900150600016"}}, e.SIRET); !errors.Is(err, opco.NotFound) {
			t.Errorf("%s by a stranger: %v", siret, err)
		}
		if u, ok, err := s.UniteDe(t.Context(), e); err != nil || !ok || u.Nom != unite || len(u.Interlocuteurs) != 4 {
			t.Errorf("%s is followed by %+v (%v, %v), want %s", siret, u, ok, err, unite)
		}
	}
	if es, err := s.Etablissements(t.Context(), opco.Portee{Role: opco.RoleEntreprise}); err != nil || len(es) != 0 {
		t.Errorf("who has no établissement reads %v, %v", es, err)
	}
}

// TestUnitsAndInformationsAreWrittenOnce: what somebody changed meanwhile is not
// overwritten, two units never follow the same companies, each change has its line in
// a journal, and an information is told from its first day to its last.
func TestUnitsAndInformationsAreWrittenOnce(t *testing.T) {
	s := storetest.Ouvrir(t)
	par := opco.Acteur{Personne: "p", Nom: "Sophie Arnaud", Role: opco.RoleResponsable}
	u := opco.Unite{ID: "5b0f0c1e-6f0a-4c8e-9a53-0000000000aa", Nom: "Sud", Departement: "31", Interlocuteurs: []opco.Interlocuteur{{Fonction: opco.ConseillerPlan, Nom: "Inès", Email: "i@o.test"}}}
	ecrire := func(u opco.Unite, veut error) {
		t.Helper()
		if err := s.EcrireUnite(t.Context(), u, par); !errors.Is(err, veut) {
			t.Fatalf("writing %+v: %v, want %v", u, err, veut)
		}
	}
	ecrire(u, nil)
	u.Version, u.Nom = 1, "Grand Sud"
	ecrire(u, nil)
	ecrire(u, opco.Conflict) // version 1 is gone
	autre := u
	autre.ID, autre.Version = "5b0f0c1e-6f0a-4c8e-9a53-0000000000bb", 0
	ecrire(autre, opco.Invalid)
	us, err := s.Unites(t.Context())
	if err != nil || len(us) != 1 || us[0].Nom != "Grand Sud" || us[0].Version != 2 || us[0].ModifieNom != "Sophie Arnaud" || us[0].Interlocuteurs[0].Nom != "Inès" {
		t.Fatalf("units: %+v, %v", us, err)
	}
	if err := s.SupprimerUnite(t.Context(), u.ID, 1, par); !errors.Is(err, opco.Conflict) {
		t.Errorf("deleting an old version: %v", err)
	}
	if err := s.SupprimerUnite(t.Context(), u.ID, 2, par); err != nil {
		t.Error(err)
	}
	i := opco.Information{ID: "7c1f0c1e-6f0a-4c8e-9a53-0000000000aa", Titre: "T", Texte: "X", Ton: "bleu", Public: "entreprise", Du: "2026-03-01", Au: "2026-03-31"}
	if err := s.EcrireInformation(t.Context(), i, par); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		public string
		jour   opco.Date
		veut   int
	}{{"entreprise", "2026-02-28", 0}, {"entreprise", "2026-03-01", 1}, {"entreprise", "2026-03-31", 1}, {"entreprise", "2026-04-01", 0}, {"organisme", "2026-03-15", 0}} {
		if is, err := s.Informations(t.Context(), x.public, x.jour); err != nil || len(is) != x.veut {
			t.Errorf("told to %s on %s: %v, %v; want %d", x.public, x.jour, is, err, x.veut)
		}
	}
	var lignes int
	if err := s.DB.Get(&lignes, `SELECT count(*) FROM annonce_journal`); err != nil || lignes != 4 {
		t.Errorf("%d lines in the journal, %v; want 4", lignes, err)
	}
}

// TestCompanyListsStayWithinReach: invoices, payments and documents are those of the
// reader's dossiers, page by page, and the counters count the same.
func TestCompanyListsStayWithinReach(t *testing.T) {
	s := deuxMaisons(t)
	for _, m := range maisons {
		p := opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{m.entreprise}}
		fs, _, err := s.FacturesSuivies(t.Context(), p, store.FiltreSuivi{})
		if err != nil || len(fs) != 1 || fs[0].Dossier != m.dossier {
			t.Errorf("invoices of %s: %+v, %v", m.nom, fs, err)
		}
		rs, _, err := s.ReglementsSuivis(t.Context(), p, store.FiltreSuivi{})
		if err != nil || len(rs) != 1 || rs[0].Dossier != m.dossier {
			t.Errorf("payments of %s: %+v, %v", m.nom, rs, err)
		}
		ds, _, err := s.DocumentsSuivis(t.Context(), p, store.FiltreSuivi{})
		if err != nil || len(ds) != 1 || ds[0].Dossier != m.dossier || ds[0].Genre != "piece" { // neither the RIB of another nor a mail without a letter
			t.Errorf("documents of %s: %+v, %v", m.nom, ds, err)
		}
		n, err := s.CompterSuivis(t.Context(), p)
		if err != nil || n.Factures != 1 || n.Reglements != 1 || n.Documents != 1 || n.Salaries != 1 {
			t.Errorf("counters of %s: %+v, %v", m.nom, n, err)
		}
		if jours, err := s.ExecutionsDe(t.Context(), p, m.dossier); err != nil || len(jours) != 0 {
			t.Errorf("executions of %s: %v, %v", m.nom, jours, err)
		}
	}
	page, suivant, err := s.FacturesSuivies(t.Context(), opco.Portee{Interne: true}, store.FiltreSuivi{Limite: 1})
	if err != nil || len(page) != 1 || suivant == "" {
		t.Fatalf("first page: %v, %q, %v", page, suivant, err)
	}
	suite, fin, err := s.FacturesSuivies(t.Context(), opco.Portee{Interne: true}, store.FiltreSuivi{Limite: 1, Apres: suivant})
	if err != nil || len(suite) != 1 || suite[0].ID == page[0].ID || fin != "" {
		t.Errorf("second page: %v, %q, %v", suite, fin, err)
	}
	if _, _, err := s.FacturesSuivies(t.Context(), opco.Portee{Interne: true}, store.FiltreSuivi{Apres: "x"}); !errors.Is(err, opco.Invalid) {
		t.Errorf("a cursor that we did not make: %v", err)
	}
}
