package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// demo opens a store with the demo data.
func demo(t *testing.T) *store.Store {
	t.Helper()
	return storetest.Demo.Ouvrir(t)
}

// TestChargerDemo: the organisations of domain.md 6.2 to the letter, accounts that
// open, and loading again changes nothing, not even a password.
func TestChargerDemo(t *testing.T) {
	s := demo(t)
	ctx := context.Background()
	etat := func() string {
		var e string
		err := s.DB.Get(&e, `SELECT concat((SELECT string_agg(x::text, '|' ORDER BY siren) FROM entreprise x), (SELECT string_agg(x::text, '|' ORDER BY siren) FROM organisme x),
			(SELECT string_agg(x::text, '|' ORDER BY siret) FROM etablissement x), (SELECT string_agg(x::text, '|' ORDER BY siren, nature) FROM qualiopi x),
			(SELECT string_agg(x::text, '|' ORDER BY identifiant) FROM utilisateur x), (SELECT string_agg(x::text, '|' ORDER BY idcc, effectif_min) FROM bareme x),
			(SELECT string_agg(x::text, '|') FROM parametre x), (SELECT string_agg(x::text, '|' ORDER BY id) FROM ecriture x), (SELECT x::text FROM opco x))`)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	premier := etat()
	for _, veut := range []string{"(999001019,\"Atelier Numérique Sorbier\",1486,7,A100001,31248000,", "FR7699999000130010020033393", "(999001506,\"Pédagogie Nouvelle\",93131234513,t,t,",
		"99900136500025", "(\"OPCO Démo\",99900171200010,FR7699999000200010020041048,"} {
		if !strings.Contains(strings.ReplaceAll(premier, "(t,", "("), veut) {
			t.Errorf("the demo data does not hold %q", veut)
		}
	}
	if err := s.ChargerDemo(ctx); err != nil {
		t.Fatal(err)
	}
	if etat() != premier {
		t.Error("loading the demo data again changed it")
	}
	page, err := s.Enveloppes(ctx, opco.Portee{Interne: true}, store.FiltreEnveloppes{SIREN: "999001225", Annee: 2026})
	es := page.Enveloppes
	if err != nil || len(es) != 1 || es[0].Dotation != 12_000_00 || es[0].Disponible != 12_000_00 || es[0].Fonds != opco.FondsVV {
		t.Errorf("got %+v, want the VV of E4 (%v)", es, err)
	}
	roles := map[opco.Role]bool{}
	for identifiant, r := range store.ComptesDemo() {
		u, err := s.Utilisateur(ctx, identifiant)
		if err != nil || u.Role != r {
			t.Errorf("account %s: %v", identifiant, err)
		}
		roles[r] = true
	}
	for _, r := range opco.Roles() {
		if !roles[r] {
			t.Errorf("no demo account is %s", r)
		}
	}
	if _, err := s.Utilisateur(ctx, "personne"); !errors.Is(err, opco.NotFound) {
		t.Errorf("got %v for an unknown account, want NotFound", err)
	}
}

// TestEnveloppesDesAutres: a company reads its own envelopes, the staff all.
func TestEnveloppesDesAutres(t *testing.T) {
	s := demo(t)
	tests := []struct {
		nom    string
		portee opco.Portee
		n      int
	}{
		{"its own", opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{"99900122500013"}}, 1},
		{"the same SIRET as an organisme", opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{"99900122500013"}}, 0},
		{"another company", opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{"99900101900010"}}, 0},
		{"nobody", opco.Portee{}, 0},
		{"the staff", opco.Portee{Interne: true}, 1},
	}
	for _, tt := range tests {
		page, err := s.Enveloppes(context.Background(), tt.portee, store.FiltreEnveloppes{})
		if err != nil || len(page.Enveloppes) != tt.n {
			t.Errorf("%s: got %d envelopes, want %d (%v)", tt.nom, len(page.Enveloppes), tt.n, err)
		}
	}
}

// TestFichiers: the same bytes are one file; an empty or too large one leaves
// nothing; a name that is no hash opens nothing.
func TestFichiers(t *testing.T) {
	f, err := store.OuvrirFichiers(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var empreinte string
	for range 2 {
		d, err := f.Recevoir(strings.NewReader("bonjour"))
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Garder(); err != nil {
			t.Fatal(err)
		}
		d.Jeter()
		empreinte = d.Empreinte
	}
	if empreinte != "2cb4b1431b84ec15d35ed83bb927e27e8967d75f4bcd9cc4b25c8d879ae23e18" {
		t.Errorf("got %s, want the SHA-256 of the bytes", empreinte)
	}
	r, n, err := f.Ouvrir(empreinte)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, err := io.ReadAll(r); err != nil || string(b) != "bonjour" || n != 7 {
		t.Errorf("got %q (%d, %v)", b, n, err)
	}
	for _, nom := range []string{"", "../../etc/passwd", strings.Repeat("0", 64), strings.Repeat("/", 64)} {
		if _, _, err := f.Ouvrir(nom); !errors.Is(err, opco.NotFound) {
			t.Errorf("Ouvrir(%q): got %v, want NotFound", nom, err)
		}
	}
	if _, err := f.Recevoir(strings.NewReader("")); !errors.Is(err, opco.Invalid) {
		t.Errorf("an empty file: got %v, want Invalid", err)
	}
	if _, err := f.Recevoir(bytes.NewReader(make([]byte, store.FichierMax+1))); !errors.Is(err, opco.Invalid) {
		t.Errorf("a file over the limit: got %v, want Invalid", err)
	}
	if d, err := f.Recevoir(bytes.NewReader(make([]byte, store.FichierMax))); err != nil {
		t.Errorf("a file of the limit: got %v", err)
	} else {
		d.Jeter()
	}
}

// TestBrouillonEnregistreUneFois: of twenty who save the same version at once, one
// wins and the others hear of it.
func TestBrouillonEnregistreUneFois(t *testing.T) {
	s := demo(t)
	ctx := context.Background()
	const id, siret = "7f3c9d7e-8d8a-4c1a-9a52-0d8f1d2c3b4a", "99900101900010"
	portee := opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{siret}}
	a := opco.Acte{ID: id, Objet: opco.ObjetDossier(id), Type: opco.ActeCreer, Par: opco.Acteur{Personne: "p", Role: opco.RoleEntreprise, SIRET: siret}}
	if _, err := s.AppliquerDirect(ctx, a, &opco.Dossier{ID: id, Demande: opco.Demande{Etablissement: siret}}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	gagnants := 0
	for range 20 {
		wg.Go(func() {
			v, err := s.EnregistrerBrouillon(ctx, portee, id, 1, opco.Demande{Etablissement: siret, Intitule: "Nouveau titre"})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && v == 2:
				gagnants++
			case !errors.Is(err, opco.Conflict):
				t.Errorf("got %d, %v, want a Conflict", v, err)
			}
		})
	}
	wg.Wait()
	if gagnants != 1 {
		t.Errorf("%d saves won, want 1", gagnants)
	}
	page, err := s.Dossiers(ctx, portee, store.Filtre{Texte: "NOUVEAU titre"})
	if err != nil || len(page.Dossiers) != 1 {
		t.Errorf("got %d dossiers, want the one just saved (%v)", len(page.Dossiers), err)
	}
	if page, err := s.Dossiers(ctx, opco.Portee{Interne: true}, store.Filtre{}); err != nil || len(page.Dossiers) != 0 {
		t.Errorf("the staff sees %d brouillons, want none (%v)", len(page.Dossiers), err)
	}
}
