package store_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// cote is a dossier of a company that keeps files of forms aside.
type cote struct {
	t *testing.T
	s *store.Store
	f *store.Fichiers
	p opco.Portee
}

func (c cote) mettre(id, texte string) (empreinte string, err error) {
	c.t.Helper()
	d, err := c.f.Recevoir(strings.NewReader(texte))
	if err != nil {
		c.t.Fatal(err)
	}
	defer d.Jeter()
	return d.Empreinte, c.s.MettreDeCote(c.t.Context(), store.MiseDeCote{ID: id, Dossier: maisons[0].dossier, Type: opco.PieceFacture, Nom: "facture.pdf", Empreinte: d.Empreinte,
		Taille: d.Taille, Format: "application/pdf", Personne: c.p.Personne, DeposeNom: "Camille", DeposeRole: opco.RoleEntreprise}, d.Garder)
}

func (c cote) la(empreinte string) bool {
	c.t.Helper()
	r, _, err := c.f.Ouvrir(empreinte)
	if errors.Is(err, opco.NotFound) {
		return false
	}
	if err != nil {
		c.t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return err == nil && !bytes.Equal(b, nil)
}

func ouvrirCote(t *testing.T) cote {
	s := deuxMaisons(t)
	f, err := store.OuvrirFichiers(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB.Exec(`UPDATE dossier SET contenu = jsonb_build_object('id', id, 'etat', etat) WHERE id = $1`, maisons[0].dossier); err != nil {
		t.Fatal(err)
	}
	p := portees()["entreprise A"]
	p.Personne = "p-cote"
	return cote{t, s, f, p}
}

// TestMiseDeCote: a file put aside is read by its depositor alone, taken away once, and
// thrown away with its bytes when it is old, unless something else names them.
func TestMiseDeCote(t *testing.T) {
	c := ouvrirCote(t)
	lire := func(p opco.Portee, id string) bool {
		m, err := c.s.MiseDeCote(t.Context(), p, maisons[0].dossier, id)
		if err != nil && !errors.Is(err, opco.NotFound) {
			t.Fatal(err)
		}
		return err == nil && m.Nom == "facture.pdf"
	}
	a, b := uuid.NewString(), uuid.NewString()
	un, err := c.mettre(a, "%PDF un")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.mettre(a, "%PDF un"); err != nil {
		t.Errorf("the same file again: %v", err)
	}
	if _, err := c.mettre(a, "%PDF autre"); !errors.Is(err, opco.Conflict) {
		t.Errorf("another file under the same id: got %v, want a Conflict", err)
	}
	deux, err := c.mettre(b, "%PDF deux")
	if err != nil {
		t.Fatal(err)
	}
	autre := c.p
	autre.Personne = "p-collegue"
	for _, tt := range []struct {
		nom string
		p   opco.Portee
		lu  bool
	}{{"its depositor", c.p, true}, {"a colleague", autre, false}, {"the other company", portees()["entreprise B"], false}, {"nobody", opco.Portee{}, false}} {
		if lire(tt.p, a) != tt.lu {
			t.Errorf("%s: read %v, want %v", tt.nom, !tt.lu, tt.lu)
		}
	}
	if err := c.s.RetirerDeCote(t.Context(), "p-collegue", maisons[0].dossier, b); err != nil || !lire(c.p, b) {
		t.Errorf("a colleague took the file away (%v)", err)
	}
	if err := c.s.RetirerDeCote(t.Context(), c.p.Personne, maisons[0].dossier, b); err != nil || lire(c.p, b) || !c.la(deux) {
		t.Errorf("taken away: still read, or its bytes went before the purge (%v)", err)
	}
	if n, err := c.s.PurgerMisesDeCote(t.Context(), c.f); err != nil || n != 1 || c.la(deux) || !c.la(un) || !lire(c.p, a) {
		t.Errorf("the first purge threw %d away (%v): want the file taken off its form alone", n, err)
	}
	if _, err := c.s.DB.Exec(`INSERT INTO piece (id, dossier, type, titre, nom, empreinte, etat, depose_par, depose_nom, depose_role, depose_le)
		VALUES (gen_random_uuid(), $1, 'FACTURE', '', '', $2, 'RECUE', '', '', 'entreprise', now())`, maisons[0].dossier, un); err != nil {
		t.Fatal(err)
	}
	if _, err := c.s.DB.Exec(`UPDATE mise_de_cote SET le = le - interval '7 days 1 hour' WHERE personne = 'p-cote'`); err != nil {
		t.Fatal(err)
	}
	if n, err := c.s.PurgerMisesDeCote(t.Context(), c.f); err != nil || n != 1 || lire(c.p, a) || !c.la(un) {
		t.Errorf("the second purge threw %d away (%v): want the old file off, and the bytes of a pièce kept", n, err)
	}
}

// TestMisesDeCoteBornees: one person cannot fill the disk beside one dossier.
func TestMisesDeCoteBornees(t *testing.T) {
	c := ouvrirCote(t)
	var refus *opco.Error
	for i := range 21 {
		_, err := c.mettre(uuid.NewString(), "%PDF "+strings.Repeat("x", i))
		if i < 20 && err != nil || i == 20 && (!errors.As(err, &refus) || refus.Champ != "fichier") {
			t.Errorf("file %d: got %v", i+1, err)
		}
	}
}
