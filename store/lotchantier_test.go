package store_test

import (
	"errors"
	"slices"
	"testing"

	"guichet/banque"
	"guichet/opco"
	"guichet/store"
)

// poignee records the échéance that a lot is due, as its procedure does.
func (c *conduite) poignee(id string) opco.Issue {
	c.t.Helper()
	d, err := c.s.Depart(c.ctx, opco.ObjetLot(id))
	if err != nil {
		c.t.Fatal(err)
	}
	dem := opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1, Echeance: &d.Resume.Echeances[0]}
	i, err := c.s.Record(c.ctx, dem)
	if err != nil {
		c.t.Fatalf("handful of %s: %v", id, err)
	}
	if i2, err := c.s.Record(c.ctx, dem); err != nil || i2.Rang != i.Rang || i2.Resume.Nombre != i.Resume.Nombre {
		c.t.Fatalf("the same handful again: %+v, %v; want %+v", i2, err, i)
	}
	return i
}

// bati builds a lot by handfuls of one until it is out of its building.
func (c *conduite) bati(id string) *opco.Lot {
	c.t.Helper()
	for c.lot(id).Etat == opco.LotEnConstruction {
		c.poignee(id)
	}
	return c.lot(id)
}

func (c *conduite) nombre(requete string, args ...any) (n int) {
	c.t.Helper()
	if err := c.s.DB.Get(&n, requete, args...); err != nil {
		c.t.Fatal(err)
	}
	return n
}

// unParUn has lots built by handfuls of one règlement.
func (c *conduite) unParUn() {
	c.t.Helper()
	if err := c.s.EcrireParametres(c.ctx, "2026-01-01", "9999-12-31", []byte(`{"lot_poignee": 1}`), "essai"); err != nil {
		c.t.Fatal(err)
	}
}

const (
	libresSQL = `SELECT count(*) FROM reglement WHERE etat = 'A_PAYER' AND lot IS NULL AND end_to_end_id = numero`
	listeSQL  = `SELECT count(*) FROM lot_chantier`
)

// A lot too long for one step is there at once, under construction; each handful is
// taken once, nobody validates it before it is whole, and it then goes its way.
func TestLotParPoignees(t *testing.T) {
	for _, groupe := range []bool{false, true} {
		c := conduire(t)
		c.unParUn()
		c.troisReglements()
		c.a("2026-05-04 09:00:00")
		id := c.lotPropose(groupe)
		if l := c.lot(id); l.Etat != opco.LotEnConstruction || l.Nombre() != 0 || l.Chantier.Nombre != 3 || c.nombre(listeSQL) != 3 {
			t.Fatalf("got %s, %d lines, %+v", l.Etat, l.Nombre(), l.Chantier)
		}
		if i := c.poignee(id); i.Resume.Nombre != 1 || i.Resume.Etat != opco.Etat(opco.LotEnConstruction) {
			t.Fatalf("got %+v after a handful", i.Resume)
		}
		if _, r := c.faireLot(id, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 1, Somme: c.lot(id).Somme()}); r.Verdict != opco.VerdictRefuse {
			t.Errorf("a lot under construction was validated: %+v", r)
		}
		l := c.bati(id)
		if want := map[bool]int{false: 3, true: 2}[groupe]; l.Etat != opco.LotPropose || l.Somme() != 627500 || l.Transferts != want || c.nombre(listeSQL) != 0 {
			t.Fatalf("got %s, %s, %d transfers, %d left on the list", l.Etat, l.Somme(), l.Transferts, c.nombre(listeSQL))
		}
		c.envoyer(id)
		v, err := (&store.Verificateur{Store: c.s, Ordre: banque.Rediger}).Verifier(c.ctx)
		if err != nil || v.Tenue() == store.Rompu {
			t.Errorf("%+v, %v", v.Resultats, err)
		}
	}
}

// Given up half way, a lot gives everything back; so does one that names what cannot be
// paid any more.
func TestLotEnConstructionAbandonne(t *testing.T) {
	c := conduire(t)
	c.unParUn()
	s01, s04, s09 := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	c.poignee(id)
	if i, _ := c.faireLot(id, opco.ActeAnnulerLot, cpt2, opco.ChargeAnnulerLot{Raison: "trop tôt"}); i.Resume.Etat != opco.Etat(opco.LotAnnule) {
		t.Errorf("got %s", i.Resume.Etat)
	}
	if c.nombre(libresSQL) != 3 || c.nombre(listeSQL) != 0 {
		t.Errorf("%d règlements to pay, %d on the list; want 3 and none", c.nombre(libresSQL), c.nombre(listeSQL))
	}
	tous := slices.Concat(c.aRegler(s01), c.aRegler(s04), c.aRegler(s09))
	nomme, err := c.construire(cpt, opco.ChargeConstruireLot{Reglements: tous, Execution: "2026-05-04"})
	if err != nil {
		t.Fatal(err)
	}
	c.poignee(nomme)
	if _, err := c.proposer(of2, ibanNeuf); err != nil {
		t.Fatal(err)
	}
	if l := c.bati(nomme); l.Etat != opco.LotAnnule || c.nombre(libresSQL) != 3 || c.nombre(listeSQL) != 0 {
		t.Errorf("got %s, %d to pay; want ANNULE and 3: a règlement named cannot be paid", l.Etat, c.nombre(libresSQL))
	}
	if _, err := c.construire(cpt, opco.ChargeConstruireLot{Reglements: append(tous, "nulle part"), Execution: "2026-05-04"}); opco.KindOf(err) != opco.NotFound {
		t.Errorf("got %v for an unknown règlement", err)
	}
}

// An account that changes after its line was taken in: the lot is read again once whole,
// and the line is out.
func TestLotEnConstructionEtRIB(t *testing.T) {
	c := conduire(t)
	c.unParUn()
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	for c.lot(id).Chantier.Fait < 2 {
		c.poignee(id)
	}
	var pris string
	if err := c.s.DB.Get(&pris, `SELECT left(beneficiaire, 9) FROM reglement WHERE lot = $1 LIMIT 1`, id); err != nil {
		t.Fatal(err)
	}
	qui := map[string]opco.Acteur{"999001365": of1, "999001431": of2}[pris]
	if _, err := c.proposer(qui, ibanNeuf); err != nil {
		t.Fatal(err)
	}
	if l := c.lot(id); l.Etat != opco.LotEnConstruction || !l.Chantier.Relire {
		t.Fatalf("got %s, %+v", l.Etat, l.Chantier)
	}
	if l := c.bati(id); l.Etat != opco.LotPropose {
		t.Fatalf("got %s", l.Etat)
	}
	c.poignee(id)
	if n := c.nombre(`SELECT count(*) FROM reglement WHERE lot = $1 AND left(beneficiaire, 9) = $2`, id, pris); n != 0 {
		t.Errorf("%d lines on an account that changes", n)
	}
}

// Two lots built side by side over the same règlements share them: none is in both.
func TestDeuxLotsEnConstruction(t *testing.T) {
	c := conduire(t)
	c.unParUn()
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	c.s.DB.SetMaxOpenConns(8)
	lots := []string{c.lotPropose(false), c.lotPropose(true)}
	erreurs := make([]error, 2)
	enParallele(2, func(i int) { erreurs[i] = c.toutBatir(lots[i]) })
	if err := errors.Join(erreurs...); err != nil {
		t.Fatal(err)
	}
	var pris int
	for _, id := range lots {
		l := c.lot(id)
		if l.Etat != opco.LotPropose && l.Etat != opco.LotAnnule {
			t.Errorf("%s is %s", id, l.Etat)
		}
		if l.Etat == opco.LotPropose {
			pris += l.Nombre()
		}
		if l.Nombre()+l.NombreEcartees() != 3 {
			t.Errorf("%s answers for %d règlements of 3", id, l.Nombre()+l.NombreEcartees())
		}
	}
	if pris != 3 || c.nombre(`SELECT count(*) FROM reglement WHERE lot IS NOT NULL`) != 3 {
		t.Errorf("%d lines for 3 règlements", pris)
	}
}

func (c *conduite) toutBatir(id string) error {
	for {
		d, err := c.s.Depart(c.ctx, opco.ObjetLot(id))
		if err != nil || d.Resume.Etat != opco.Etat(opco.LotEnConstruction) {
			return err
		}
		if _, err := c.s.Record(c.ctx, opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1, Echeance: &d.Resume.Echeances[0]}); err != nil {
			return err
		}
	}
}
