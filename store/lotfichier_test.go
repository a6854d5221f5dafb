package store_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store/storetest"
)

// A payment file longer than a piece is read back byte for byte, by whoever copies it,
// and leaves so.
func TestFichierEnMorceaux(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	l := c.lot(id)
	c.faireLot(id, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 3, Somme: l.Somme()})
	long := make([]byte, 9<<20)
	for i := range long {
		long[i] = byte(rand.Uint32())
	}
	for range 2 { // archiving it again changes nothing
		if err := c.s.ArchiverFichier(c.ctx, id, c.lot(id).Sceau, bytes.NewReader(long)); err != nil {
			t.Fatal(err)
		}
	}
	c.attendre(c.systeme(id, opco.ActeEmettreLot, "emission"), opco.Etat(opco.LotEmis))
	lire := func(r io.Reader) []byte {
		var b bytes.Buffer
		if _, err := io.Copy(&b, r); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	r, taille, _, err := c.s.FichierLot(c.ctx, id)
	if err != nil || taille != int64(len(long)) || !bytes.Equal(lire(r), long) {
		t.Errorf("got %d bytes, %v; want the %d that were archived", taille, err, len(long))
	}
	err = c.s.LaisserPartir(c.ctx, id, func(r io.Reader, e opco.EnvoiLot) error {
		if e.Change || e.Marque || e.Empreinte != c.lot(id).Fichier || !bytes.Equal(lire(r), long) {
			t.Errorf("changed: %t, marked: %t, %s; want the same file, not marked", e.Change, e.Marque, e.Empreinte)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The mark of a departure is there before anything can be seen, and outlives a sending
// that dies: whatever comes after knows that the file may have left. Nobody takes it back.
func TestMarqueDuDepart(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	l := c.lot(id)
	c.faireLot(id, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 3, Somme: l.Somme()})
	if err := c.s.ArchiverFichier(c.ctx, id, c.lot(id).Sceau, bytes.NewReader([]byte("<lot/>"))); err != nil {
		t.Fatal(err)
	}
	c.attendre(c.systeme(id, opco.ActeEmettreLot, "emission"), opco.Etat(opco.LotEmis))
	if oui, err := c.s.OrdresPartis(c.ctx); err != nil || oui {
		t.Fatalf("an order has left: %t, %v; want none", oui, err)
	}
	mort := errors.New("killed after the mark")
	err := c.s.LaisserPartir(c.ctx, id, func(_ io.Reader, e opco.EnvoiLot) error {
		if err := e.Marquer(); err != nil {
			t.Fatal(err)
		}
		return mort
	})
	if !errors.Is(err, mort) {
		t.Fatalf("got %v, want the sending dead", err)
	}
	var marque bool
	if err := c.s.LaisserPartir(c.ctx, id, func(_ io.Reader, e opco.EnvoiLot) error { marque = e.Marque; return nil }); err != nil || !marque {
		t.Errorf("marked: %t, %v; want the mark to outlive the sending", marque, err)
	}
	if oui, err := c.s.OrdresPartis(c.ctx); err != nil || !oui {
		t.Errorf("an order has left: %t, %v; want so", oui, err)
	}
	if _, err := c.s.DB.Exec(`DELETE FROM depart_lot`); err == nil {
		t.Error("the mark was taken back")
	}
	c.attendre(c.systeme(id, opco.ActeAlerterLot, opco.FichierDisparu), opco.Etat(opco.LotInconnu))
	if is := storetest.Incidents(t, c.s); len(is) != 1 || !strings.Contains(is[0].Erreur, "Rien n’est renvoyé") {
		t.Errorf("got the incidents %+v; want one that says what to do", is)
	}
}

// A long answer of the bank that stops in the middle goes on from there: every entry is
// filed once, and each piece tells its lot once.
func TestImportRepris(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	c.envoyer(id)
	const n = 2500 // three pieces
	arret := io.ErrUnexpectedEOF
	flux := func(jusque int) opco.RetourBancaire {
		return opco.RetourBancaire{Format: "camt", Flux: func(voir func(opco.FaitBancaire) error) error {
			for i := range n {
				if i == jusque {
					return arret
				}
				f := opco.FaitBancaire{Cle: "fait" + string(rune('A'+i%26)) + string(rune('0'+i/26%10)) + string(rune('a'+i/260)), Entier: true, MsgID: id,
					Statut: opco.BanqueInformation}
				if err := voir(f); err != nil {
					return err
				}
			}
			return nil
		}}
	}
	fichier := []byte("une longue réponse")
	if _, err := c.s.ImporterRetour(c.ctx, "long.xml", bytes.NewReader(fichier), flux(2100), cpt); err == nil {
		t.Fatal("the import was not stopped")
	}
	var filees int
	if err := c.s.DB.Get(&filees, `SELECT count(*) FROM entree_bancaire`); err != nil || filees != 2000 {
		t.Fatalf("got %d entries after the stop, %v; want the two pieces that were whole", filees, err)
	}
	imp, err := c.s.ImporterRetour(c.ctx, "long.xml", bytes.NewReader(fichier), flux(-1), cpt)
	if err != nil || imp.Entrees != n || imp.Nouvelles != n || imp.Deja {
		t.Errorf("got %+v, %v; want %d entries, all new", imp, err, n)
	}
	if imp, err = c.s.ImporterRetour(c.ctx, "encore.xml", bytes.NewReader(fichier), flux(-1), cpt); err != nil || !imp.Deja {
		t.Errorf("got %+v, %v; want a file already imported", imp, err)
	}
}
