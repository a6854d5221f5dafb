package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

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
	return c.mettreA(maisons[0].dossier, id, texte)
}

// mettreA puts a file aside beside a dossier, or beside none.
func (c cote) mettreA(dossier, id, texte string) (empreinte string, err error) {
	c.t.Helper()
	d, err := c.f.Recevoir(strings.NewReader(texte))
	if err != nil {
		c.t.Fatal(err)
	}
	defer d.Jeter()
	return d.Empreinte, c.s.MettreDeCote(c.t.Context(), store.MiseDeCote{ID: id, Dossier: dossier, Type: opco.PieceFacture, Nom: "facture.pdf", Empreinte: d.Empreinte,
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

// TestMisesDeCoteBornees: one person cannot fill the disk beside one dossier, by keeping
// files there or by taking them off; she reads what she keeps, and takes it off.
func TestMisesDeCoteBornees(t *testing.T) {
	c := ouvrirCote(t)
	place := func(dossier string) {
		refuse := func(quoi string, err error, mot string) {
			t.Helper()
			var refus *opco.Error
			if !errors.As(err, &refus) || refus.Champ != "fichier" || !strings.Contains(refus.Message, mot) {
				t.Errorf("%s beside %q: got %v", quoi, dossier, err)
			}
		}
		for i := range 20 {
			if _, err := c.mettreA(dossier, uuid.NewString(), "%PDF "+strings.Repeat("x", i)); err != nil {
				t.Fatalf("file %d: %v", i+1, err)
			}
		}
		_, err := c.mettreA(dossier, uuid.NewString(), "%PDF un de trop")
		refuse("one more", err, "20 fichiers")
		ms, err := c.s.MisesDeCote(t.Context(), c.p, dossier)
		if err != nil || len(ms) != 20 || ms[0].Dossier != dossier {
			t.Fatalf("kept beside %q: %d (%v), want the 20", dossier, len(ms), err)
		}
		for i := range 40 {
			if err := c.s.RetirerDeCote(t.Context(), c.p.Personne, dossier, ms[0].ID); err != nil {
				t.Fatal(err)
			}
			if _, err = c.mettreA(dossier, uuid.NewString(), "%PDF "+strings.Repeat("y", i)); err != nil {
				break
			}
			if ms, err = c.s.MisesDeCote(t.Context(), c.p, dossier); err != nil || len(ms) != 20 {
				t.Fatalf("after %d changes: %d (%v)", i+1, len(ms), err)
			}
		}
		refuse("changed without end", err, "40 fichiers")
	}
	place(maisons[0].dossier)
	place("") // the bank details of an organisation
	if ms, err := c.s.MisesDeCote(t.Context(), portees()["organisme A"], ""); err != nil || len(ms) != 0 {
		t.Errorf("another person reads %d files beside no dossier (%v)", len(ms), err)
	}
	if _, err := c.s.PurgerMisesDeCote(t.Context(), c.f); err != nil {
		t.Fatal(err)
	}
	if _, err := c.mettre(uuid.NewString(), "%PDF demain"); err != nil {
		t.Errorf("after the purge: %v", err)
	}
}

// TestVerifierCeQuiEstDeCote: the file of bank details is beside no dossier; the verification
// looks at it with the others, and says which it is when its bytes are gone.
func TestVerifierCeQuiEstDeCote(t *testing.T) {
	b := baseAVerifier(t)
	c := cote{t, b.s, b.fichiers, opco.Portee{Role: opco.RoleOrganisme, Personne: "p-cote"}}
	e, err := c.mettreA("", uuid.NewString(), "%PDF RIB")
	if err != nil {
		t.Fatal(err)
	}
	if codes, r := b.rompus(b.verificateur()); codes != nil {
		b.expliquer(r)
		t.Errorf("a RIB put aside breaks %v", codes)
	}
	if err := os.Remove(filepath.Join(b.dir, e[:2], e)); err != nil {
		t.Fatal(err)
	}
	codes, r := b.rompus(b.verificateur())
	if !slices.Equal(codes, []string{"I24"}) || !slices.ContainsFunc(r.Resultats, func(x store.ResultatInvariant) bool {
		return slices.ContainsFunc(x.Exemples, func(y store.Ecart) bool { return y.Objet == "fichier/"+e })
	}) {
		b.expliquer(r)
		t.Errorf("without its bytes it breaks %v, want I24 on that file", codes)
	}
}

// TestPurgeAuMilieuDUnActe: an acte that files a file has its row, then waits for the
// door of the files, which the purge holds: the purge leaves that row and waits for nobody.
func TestPurgeAuMilieuDUnActe(t *testing.T) {
	c := ouvrirCote(t)
	a := uuid.NewString()
	un, err := c.mettre(a, "%PDF un")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.s.RetirerDeCote(t.Context(), c.p.Personne, maisons[0].dossier, a); err != nil {
		t.Fatal(err)
	}
	tx := c.s.DB.MustBegin()
	defer tx.Rollback() //nolint:errcheck // nothing of it is to stay
	tx.MustExec(`DELETE FROM mise_de_cote WHERE id = $1`, a)
	ctx, fin := context.WithTimeout(t.Context(), 10*time.Second)
	defer fin()
	if n, err := c.s.PurgerMisesDeCote(ctx, c.f); err != nil || n != 0 || !c.la(un) {
		t.Errorf("the purge threw %d away (%v): want none, and the bytes there", n, err)
	}
}

// TestPurgeInterrompue: bytes that the disk did not give up are thrown away the day after,
// unless somebody kept the same ones again in the meantime.
func TestPurgeInterrompue(t *testing.T) {
	c := ouvrirCote(t)
	dir := t.TempDir()
	rouvrir := func() *store.Fichiers {
		f, err := store.OuvrirFichiers(dir)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	c.f = rouvrir()
	var es []string
	for _, texte := range []string{"%PDF jeté", "%PDF repris"} {
		id := uuid.NewString()
		e, err := c.mettre(id, texte)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.s.RetirerDeCote(t.Context(), c.p.Personne, maisons[0].dossier, id); err != nil {
			t.Fatal(err)
		}
		es = append(es, e)
	}
	ferme := rouvrir()
	ferme.Close()
	if _, err := c.s.PurgerMisesDeCote(t.Context(), ferme); err == nil {
		t.Error("the purge says that it threw away what it could not")
	}
	if !c.la(es[0]) || !c.la(es[1]) {
		t.Fatal("the bytes are gone already")
	}
	if _, err := c.mettre(uuid.NewString(), "%PDF repris"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.s.PurgerMisesDeCote(t.Context(), c.f); err != nil || c.la(es[0]) || !c.la(es[1]) {
		t.Errorf("the next purge (%v): thrown away %v, want the bytes that nothing names alone", err, []bool{!c.la(es[0]), !c.la(es[1])})
	}
}
