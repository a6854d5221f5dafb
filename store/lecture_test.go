package store_test

import (
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// noter writes one line of the log about a dossier, "" for a list.
func noter(t *testing.T, s *store.Store, dossier string) {
	t.Helper()
	l := store.Lecture{Personne: "p-ges", Identifiant: "gestionnaire", Nom: "Ana Gestion", Role: opco.RoleGestionnaire, Objet: "liste",
		Classes: []string{"identite"}, Route: "GET /api/dossiers", Nombre: 1}
	if dossier != "" {
		l.Objet, l.Dossier = opco.ObjetDossier(dossier), dossier
	}
	if err := s.NoterLecture(t.Context(), l); err != nil {
		t.Fatal(err)
	}
}

// TestJournalDesLecturesImmuable: no line is changed, deleted or swept away; those of
// organisations and of nobody are never written.
func TestJournalDesLecturesImmuable(t *testing.T) {
	s := storetest.Ouvrir(t)
	noter(t, s, "")
	for _, q := range []string{`UPDATE lecture SET nom = 'X'`, `DELETE FROM lecture`, `TRUNCATE lecture`} {
		if _, err := s.DB.Exec(q); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: got %v, want the line kept", q, err)
		}
	}
	for _, l := range []store.Lecture{
		{Personne: "p", Role: opco.RoleEntreprise, Objet: "liste", Classes: []string{"identite"}},
		{Personne: "", Role: opco.RoleAuditeur, Objet: "liste", Classes: []string{"identite"}},
		{Personne: "p", Role: opco.RoleAuditeur, Objet: "liste"},
	} {
		if err := s.NoterLecture(t.Context(), l); err == nil {
			t.Errorf("%+v was written", l)
		}
	}
}

// TestPurgeDesLectures: a line is kept twelve months to the day on the business
// clock, longer when the paramètre says so, never less.
func TestPurgeDesLectures(t *testing.T) {
	for _, tt := range []struct {
		nom, parametre, le string
		restent            int
	}{
		{"the day before", "", "2027-03-01 09:59:00", 2},
		{"twelve months later", "", "2027-03-02 10:01:00", 1},
		{"a longer keeping", `{"conservation_lectures_mois": 24}`, "2027-03-02 10:01:00", 2},
		{"its end", `{"conservation_lectures_mois": 24}`, "2028-03-02 10:01:00", 1},
		{"never less than a year", `{"conservation_lectures_mois": 1}`, "2026-12-02 10:00:00", 2},
	} {
		t.Run(tt.nom, func(t *testing.T) {
			c := conduire(t)
			c.a("2026-03-02 10:00:00")
			if tt.parametre != "" {
				if err := c.s.EcrireParametres(t.Context(), "2026-01-01", "", []byte(tt.parametre), "test"); err != nil {
					t.Fatal(err)
				}
			}
			noter(t, c.s, "")
			c.a(tt.le)
			noter(t, c.s, "")
			n, err := c.s.PurgerLectures(t.Context())
			page, err2 := c.s.Lectures(t.Context(), opco.Portee{Interne: true}, store.FiltreLectures{})
			if err != nil || err2 != nil || len(page.Lectures) != tt.restent || int(n) != 2-tt.restent {
				t.Errorf("got %d lines left, %d purged (%v, %v), want %d left", len(page.Lectures), n, err, err2, tt.restent)
			}
		})
	}
}

// TestLecturesDUnDossier: a party reads the lines of its own dossiers only, without
// the account of who read, whatever it asks for.
func TestLecturesDUnDossier(t *testing.T) {
	s := deuxMaisons(t)
	p := opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{maisons[0].organisme}}
	for _, f := range []store.FiltreLectures{{}, {Dossier: maisons[0].dossier}, {Personne: "p"}} {
		page, err := s.Lectures(t.Context(), p, f)
		if err != nil || len(page.Lectures) != 1 || page.Lectures[0].Dossier != maisons[0].dossier || page.Lectures[0].Identifiant != "" {
			t.Errorf("%+v: got %+v, %v", f, page, err)
		}
	}
	if page, err := s.Lectures(t.Context(), p, store.FiltreLectures{Dossier: maisons[1].dossier}); err != nil || len(page.Lectures) != 0 {
		t.Errorf("the other company's: got %+v, %v", page, err)
	}
}
