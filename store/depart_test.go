package store_test

import (
	"errors"
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// After a restore a transfer is found in the folder of the bank that the base does not know: it is
// never paid a second time, and payments open again only once two persons have held it for gone.
func TestWhatLeftAndIsUnknownIsNeverPaidTwice(t *testing.T) {
	c := conduire(t)
	b := banc{t, c.s}
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	vs := c.lot(id).Virements()
	parti := store.FichierParti{Lot: "L26-999999", Empreinte: strings.Repeat("a", 64), Virements: vs[:1]}
	comparer := func(f store.FichierParti, want opco.SortDepart) {
		t.Helper()
		for range 2 { // looking twice counts once
			if d, err := c.s.ComparerDepart(c.ctx, f); err != nil || d.Sort != want {
				t.Fatalf("got %+v, %v; want %s", d, err, want)
			}
		}
	}
	approuver := func(v opco.Verbe, want string) store.InterventionVue {
		t.Helper()
		x := b.proposer(yann, opco.Intervention{Verbe: v})
		if err := c.s.LancerIntervention(c.ctx, yann, x.ID); err == nil {
			t.Fatalf("%s needs one person alone", v)
		}
		if err := c.s.ApprouverIntervention(c.ctx, yann, x.ID); err == nil {
			t.Fatalf("%s needs one person twice", v)
		}
		var refus *opco.Error
		err := c.s.ApprouverIntervention(c.ctx, aude, x.ID)
		if errors.As(err, &refus); refus != nil && refus.Code != want || refus == nil && (want != "" || err != nil) {
			t.Fatalf("%s: got %v, want « %s »", v, err, want)
		}
		return b.avancer(x)
	}
	if err := c.s.LancerIntervention(c.ctx, yann, b.proposer(yann, opco.Intervention{Verbe: opco.VerbeArreterPaiements}).ID); err != nil {
		t.Fatal(err)
	}
	comparer(parti, opco.DepartInconnu)
	approuver(opco.VerbeRouvrirPaiements, "DEPARTS_INCONNUS")
	v := approuver(opco.VerbeTenirPartis, "")
	if v.Etat != store.InterventionVerifiee || !strings.Contains(v.Conclusion, "1 virement est parti, pour "+vs[0].Montant.String()) {
		t.Errorf("got %s: %s", v.Etat, v.Conclusion)
	}
	comparer(parti, opco.DepartTenu)
	approuver(opco.VerbeRouvrirPaiements, "")

	c.faireLot(id, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 3, Somme: c.lot(id).Somme()})
	if l := c.lot(id); l.Etat != opco.LotPropose || l.Nombre() != 2 {
		t.Errorf("the lot is %s with %d règlements: it would pay again what left", l.Etat, l.Nombre())
	}
	r := vs[0].Reglements[0]
	var refus *opco.Error
	if _, err := c.construire(cpt, opco.ChargeConstruireLot{Reglements: []string{r}, Execution: "2026-05-05"}); !errors.As(err, &refus) || refus.Code != "DEJA_PARTI" {
		t.Errorf("got %v: it may be paid again by its name", err)
	}
	var etat opco.EtatReglement
	if err := c.s.DB.Get(&etat, `SELECT etat FROM reglement WHERE id = $1`, r); err != nil || etat != opco.ReglementAPayer {
		t.Errorf("it is %s, %v: nobody decided that it is paid", etat, err)
	}

	// The base knows the file again, from its own sending: it is judged as any other.
	c.s.DB.MustExec(`INSERT INTO depart_lot (lot, empreinte, le) VALUES ('L26-999999', $1, now())`, parti.Empreinte)
	if _, err := c.construire(cpt, opco.ChargeConstruireLot{Reglements: []string{r}, Execution: "2026-05-05"}); err != nil {
		t.Errorf("got %v: its own lot says what became of it", err)
	}
}

// What cannot be read is said, and written nowhere; a lot whose file is not there is named.
func TestAFileThatNobodyCanReadOrFind(t *testing.T) {
	c := conduire(t)
	d, err := c.s.ComparerDepart(c.ctx, store.FichierParti{Lot: "notes.txt", Empreinte: strings.Repeat("b", 64)})
	if err != nil || d.Sort != opco.DepartIllisible {
		t.Errorf("got %+v, %v", d, err)
	}
	var n int
	if err := c.s.DB.Get(&n, `SELECT count(*) FROM depart_inconnu`); err != nil || n != 0 {
		t.Errorf("%d transfers are noted, %v", n, err)
	}
	c.s.DB.MustExec(`INSERT INTO lot (id, etat, rang, execution, groupe, nombre, somme, contenu, resume, cree_par, cree_le) VALUES ('L1', 'PROPOSE', 1, now(), false, 1, 100, '{}', '{}', 'c1', now())`)
	c.s.DB.MustExec(`INSERT INTO lot_signature (lot, personne, sens, role, numero) VALUES ('L1', 'c2', 'VALIDE', 'comptable', 1)`)
	c.s.DB.MustExec(`UPDATE lot SET etat = 'TRANSMIS'`)
	c.s.DB.MustExec(`INSERT INTO depart_lot (lot, empreinte, le) VALUES ('L1', $1, now())`, strings.Repeat("c", 64))
	for _, tt := range []struct {
		presents []string
		want     int
	}{{nil, 1}, {[]string{"L1"}, 0}} {
		if ds, err := c.s.DepartsManquants(c.ctx, tt.presents); err != nil || len(ds) != tt.want {
			t.Errorf("with %v: got %+v, %v", tt.presents, ds, err)
		}
	}
}
