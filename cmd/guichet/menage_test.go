package main

import (
	"log/slog"
	"testing"
	"time"

	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// TestMenage: the lines whose time is over go at the first look of a business day,
// once, and the others stay.
func TestMenage(t *testing.T) {
	a := &atelier{cfg: env.Config{Fichiers: t.TempDir()}, store: storetest.Ouvrir(t), log: slog.New(slog.DiscardHandler)}
	noter := func(le time.Time) {
		t.Helper()
		if err := a.store.RegleHorloge(t.Context(), le, true); err != nil {
			t.Fatal(err)
		}
		if err := a.store.NoterLecture(t.Context(), store.Lecture{Personne: "p", Role: opco.RoleAuditeur, Objet: "liste", Classes: []string{"identite"}}); err != nil {
			t.Fatal(err)
		}
	}
	debut := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	noter(debut)
	noter(debut.AddDate(1, 0, 1))
	reste := func() int {
		page, err := a.store.Lectures(t.Context(), opco.Portee{Interne: true}, store.FiltreLectures{})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Lectures)
	}
	if fait, err := a.menage(t.Context(), "2027-03-03"); err != nil || fait != "2027-03-03" || reste() != 2 {
		t.Errorf("the day was done: got %s and %d lines", fait, reste())
	}
	if _, err := a.store.DB.Exec(`WITH d AS (INSERT INTO dossier (id, etat, rang, etablissement, siren, organisme, resume, contenu, recherche, cree_le, modifie_le)
		    VALUES (gen_random_uuid(), 'TRANSMISE', 1, '', '', '', '{}', '{}', '', now(), now()) RETURNING id),
		  f AS (INSERT INTO fichier (empreinte, taille, type) VALUES ('abcd', 1, '') RETURNING empreinte)
		INSERT INTO mise_de_cote (id, dossier, type, nom, empreinte, taille, format, personne, depose_nom, depose_role, le)
		SELECT gen_random_uuid(), d.id, '', '', f.empreinte, 1, '', '', '', '', '2027-02-01' FROM d, f`); err != nil {
		t.Fatal(err)
	}
	if fait, err := a.menage(t.Context(), "2027-03-02"); err != nil || fait != "2027-03-03" || reste() != 1 {
		t.Errorf("got %s and %d lines, want the day done and one line", fait, reste())
	}
	var n int
	if err := a.store.DB.Get(&n, `SELECT (SELECT count(*) FROM mise_de_cote) + (SELECT count(*) FROM fichier)`); err != nil || n != 0 {
		t.Errorf("%d files of forms never sent are left (%v)", n, err)
	}
}
