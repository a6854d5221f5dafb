package store_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

func demandesAImporter(n int) []opco.DemandeImportee {
	ds := make([]opco.DemandeImportee, n)
	for i := range ds {
		ds[i] = opco.DemandeImportee{Ligne: i + 2, Demande: opco.Demande{Etablissement: siegeE1, Intitule: fmt.Sprint("Formation ", i), Nature: opco.NatureFormation}}
	}
	return ds
}

func importDe(s *store.Store, t *testing.T, id, empreinte string, ds []opco.DemandeImportee) error {
	t.Helper()
	return s.Importer(t.Context(), store.Importation{ID: id, Fichier: "plan.csv", Nom: "Rose Aubertin"}, empreinte, "p", ds,
		func(x opco.SIRET) opco.Acteur {
			return opco.Acteur{Personne: "p", Nom: "Rose Aubertin", Role: opco.RoleEntreprise, SIRET: string(x)}
		})
}

func compterDossiers(t *testing.T, s *store.Store) int {
	t.Helper()
	var n int
	if err := s.DB.Get(&n, `SELECT count(*) FROM dossier`); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestImportIsAllOrNothing: sent twice it is one; one demande that cannot be kept and
// nothing is; it is read by its company alone.
func TestImportIsAllOrNothing(t *testing.T) {
	s := storetest.Demo.Ouvrir(t)
	avant := compterDossiers(t, s)
	mauvais := append(demandesAImporter(3), opco.DemandeImportee{Ligne: 9, Demande: opco.Demande{Etablissement: siegeE1, Debut: "demain"}})
	if err := importDe(s, t, uuid.NewString(), "a", mauvais); opco.KindOf(err) != opco.Invalid {
		t.Errorf("a demande that cannot be kept: %v", err)
	}
	var imports int
	if err := s.DB.Get(&imports, `SELECT count(*) FROM importation`); err != nil || imports != 0 || compterDossiers(t, s) != avant {
		t.Fatalf("of a refused file %d dossiers and %d imports stay (%v)", compterDossiers(t, s)-avant, imports, err)
	}
	id := uuid.NewString()
	for range 2 {
		if err := importDe(s, t, id, "a", demandesAImporter(3)); err != nil {
			t.Fatal(err)
		}
	}
	if n := compterDossiers(t, s) - avant; n != 3 {
		t.Errorf("%d dossiers for 3 demandes sent twice", n)
	}
	if err := importDe(s, t, id, "b", demandesAImporter(1)); opco.KindOf(err) != opco.Conflict {
		t.Errorf("another file under its id: %v", err)
	}
	im, err := s.ImportationDe(t.Context(), porteeSites(siegeE1), id)
	if err != nil || im.Lignes != 3 || im.Fichier != "plan.csv" {
		t.Errorf("read %+v, %v", im, err)
	}
	ds, suivant, err := s.DemandesImportees(t.Context(), porteeSites(siegeE1), id, 0, 2)
	if err != nil || len(ds) != 2 || suivant != 3 || ds[0].Rang != 2 || ds[0].EnCours {
		t.Errorf("first page %+v after %d, %v", ds, suivant, err)
	}
	ds, suivant, err = s.DemandesImportees(t.Context(), porteeSites(siegeE1), id, suivant, 2)
	if err != nil || len(ds) != 1 || suivant != 0 {
		t.Errorf("second page %+v after %d, %v", ds, suivant, err)
	}
	if _, err := s.ImportationDe(t.Context(), porteeSites(siegeE2), id); opco.KindOf(err) != opco.NotFound {
		t.Errorf("read by another company: %v", err)
	}
	if ds, _, err := s.DemandesImportees(t.Context(), porteeSites(siegeE2), id, 0, 9); err != nil || len(ds) != 0 {
		t.Errorf("another company reads %d demandes, %v", len(ds), err)
	}
}

// TestAnEntryIsTakenBack: what was kept by itself goes with « Annulez la saisie », what
// was saved stays, and nothing is kept of a demande that left.
func TestAnEntryIsTakenBack(t *testing.T) {
	s := storetest.Demo.Ouvrir(t)
	id := uuid.NewString()
	if err := importDe(s, t, id, "a", demandesAImporter(1)); err != nil {
		t.Fatal(err)
	}
	dossier := store.IDImport(id, "dossier/2")
	moi, d := porteeSites(siegeE1), demandesAImporter(1)[0].Demande
	saisir := func(version int64, intitule string) int64 {
		t.Helper()
		d.Intitule = intitule
		v, _, err := s.GarderSaisie(t.Context(), moi, dossier, version, d)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	titre := func(veut string) {
		t.Helper()
		lu, err := s.Dossier(t.Context(), moi, dossier)
		if err != nil || lu.Demande.Intitule != veut || lu.Etat != opco.EtatBrouillon {
			t.Errorf("it is « %s » %s (%v), want « %s »", lu.Demande.Intitule, lu.Etat, err, veut)
		}
	}
	v, err := s.Version(t.Context(), moi, dossier)
	if err != nil {
		t.Fatal(err)
	}
	v = saisir(saisir(v, "A"), "B")
	titre("B")
	if rendue, err := s.AnnulerSaisie(t.Context(), moi, dossier); err != nil || !rendue {
		t.Fatalf("taken back %t, %v", rendue, err)
	}
	titre("Formation 0")
	if rendue, err := s.AnnulerSaisie(t.Context(), moi, dossier); err != nil || rendue {
		t.Errorf("taken back twice: %t, %v", rendue, err)
	}
	if _, _, err := s.GarderSaisie(t.Context(), moi, dossier, v, d); opco.KindOf(err) != opco.Conflict {
		t.Errorf("kept over an old version: %v", err)
	}
	if v, err = s.Version(t.Context(), moi, dossier); err != nil {
		t.Fatal(err)
	}
	v = saisir(v, "C")
	if _, err := s.EnregistrerBrouillon(t.Context(), moi, dossier, v, d); err != nil {
		t.Fatal(err)
	}
	if rendue, err := s.AnnulerSaisie(t.Context(), moi, dossier); err != nil || rendue {
		t.Errorf("what was saved is taken back: %t, %v", rendue, err)
	}
	titre("C")
	for nom, p := range map[string]opco.Portee{"another company": porteeSites(siegeE2), "nobody": {}} {
		if _, _, err := s.GarderSaisie(t.Context(), p, dossier, v+1, d); opco.KindOf(err) != opco.NotFound {
			t.Errorf("kept by %s: %v", nom, err)
		}
		if _, err := s.AnnulerSaisie(t.Context(), p, dossier); opco.KindOf(err) != opco.NotFound {
			t.Errorf("taken back by %s: %v", nom, err)
		}
	}
	saisir(v+1, "D")
	if _, err := s.DB.Exec(`UPDATE dossier SET etat = 'TRANSMISE' WHERE id = $1`, dossier); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := sqlx.Get(s.DB, &n, `SELECT count(*) FROM saisie`); err != nil || n != 0 {
		t.Errorf("%d entries are kept of a demande that left (%v)", n, err)
	}
}

// TestTheRegisterIsSearched by name without accents, by SIRET and by NDA.
func TestTheRegisterIsSearched(t *testing.T) {
	s := storetest.Demo.Ouvrir(t)
	if _, err := s.DB.Exec(`UPDATE organisme SET nom = 'Façonnage & Été', nda = '93131234599' WHERE siren = '999001365'`); err != nil {
		t.Fatal(err)
	}
	for texte, veut := range map[string]int{"faconnage": 2, "ÉTÉ façon": 2, "999 001 365": 2, "99900136500017": 1, "93131234599": 2, "fa": 0, "%%%": 0, "": 0, "zzzz": 0} {
		os, err := s.Annuaire(t.Context(), texte)
		if err != nil || len(os) != veut {
			t.Errorf("%q finds %d (%v), want %d", texte, len(os), err, veut)
		}
		for _, o := range os {
			if o.SIRET.SIREN() != "999001365" || o.NDA != "93131234599" {
				t.Errorf("%q finds %+v", texte, o)
			}
		}
	}
}
