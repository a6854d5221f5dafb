package store_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"guichet/banque"
	"guichet/opco"
	"guichet/store"
)

// acteIndu records an acte on a debt, as its procedure does.
func (c *conduite) acteIndu(id string, t opco.TypeActe, par opco.Acteur, charge any) opco.Issue {
	c.t.Helper()
	if t == "" { // what its dossier left in its inbox
		var a struct {
			ID  string `db:"id"`
			Seq int64  `db:"seq"`
		}
		if err := c.s.DB.Get(&a, `SELECT id, seq FROM acte WHERE objet = $1 AND etat = 'recu' ORDER BY seq LIMIT 1`, opco.ObjetIndu(id)); err != nil {
			c.t.Fatal(err)
		}
		i, _ := c.enregistrer(opco.Acte{ID: a.ID, Objet: opco.ObjetIndu(id)})
		return i
	}
	b, err := json.Marshal(charge)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := c.s.Recevoir(c.ctx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetIndu(id), Type: t, Par: par, Charge: b})
	if err != nil {
		c.t.Fatal(err)
	}
	i, _ := c.enregistrer(r.Acte)
	return i
}

// paye pays a whole dossier by a lot of its own, and returns its règlement's number.
func (c *conduite) paye(jour string, dossiers ...string) {
	c.t.Helper()
	var ids []string
	for _, d := range dossiers {
		ids = append(ids, c.aRegler(d)...)
	}
	lot, err := c.construire(cpt, opco.ChargeConstruireLot{Reglements: ids, Execution: opco.Date(jour)})
	if err != nil {
		c.t.Fatal(err)
	}
	ordre := c.envoyer(lot)
	quand, _ := c.s.Maintenant(c.ctx)
	rendu, avis, err := banque.Simulateur{}.Repondre(ordre, quand)
	if err != nil {
		c.t.Fatal(err)
	}
	c.importer("pain002-"+jour+".xml", rendu)
	c.importer("camt054-"+jour+".xml", avis)
}

func (c *conduite) aRegler(dossier string) (ids []string) {
	c.t.Helper()
	if err := c.s.DB.Select(&ids, `SELECT id FROM reglement WHERE dossier = $1 AND etat = 'A_PAYER' ORDER BY id`, dossier); err != nil {
		c.t.Fatal(err)
	}
	return ids
}

// unIndu opens a debt of 560,00 € of OF1: S01 paid, then an avoir on its invoice.
func (c *conduite) unIndu(dossier string) string {
	c.t.Helper()
	c.faire(dossier, opco.ActeDeposerAvoir, of1, opco.ChargeAvoir{Avoir: opco.Avoir{ID: "av", Numero: "AV-7", Facture: c.dossier(dossier).Factures[0].Numero,
		Montant: 56000, Date: "2026-05-06"}})
	is := c.dossier(dossier).Indus
	if len(is) != 1 || is[0].Montant != 56000 {
		c.t.Fatalf("the avoir after the payment opened %+v", is)
	}
	if i := c.acteIndu(is[0].ID, "", opco.Acteur{}, nil); i.Resume.Etat != opco.Etat(opco.InduConstate) {
		c.t.Fatalf("opened as %+v", i)
	}
	return is[0].ID
}

// An avoir after the payment is a debt; it is taken on the next payment of its
// debtor, whose transfer is the difference, and the money is back in its envelope.
func TestInduCompense(t *testing.T) {
	c := conduire(t)
	s01, s04, _ := c.troisReglements()
	c.paye("2026-05-04", s01)
	c.a("2026-05-06 09:00:00")
	avant := c.solde("999001019/2026/MUTUALISE")
	id := c.unIndu(s01)
	c.acteIndu(id, opco.ActeNotifierIndu, cpt, nil)
	if got := c.acteIndu(id, opco.ActeAccepterIndu, of1, nil); got.Verdict != opco.VerdictApplique {
		t.Fatalf("accepted: %+v", got)
	}
	reglement := c.aRegler(s04)[0]
	c.faire(s04, opco.ActeCompenser, cpt, opco.ChargeCompenser{Reglement: reglement, Indu: id})
	if got := c.montantDe(reglement); got != [2]opco.Montant{227500, 56000} {
		t.Fatalf("the règlement is %v, want 2 275,00 € and 560,00 € kept", got)
	}
	c.deuxFois(t, s04, reglement, id)
	c.acteIndu(id, "", opco.Acteur{}, nil)
	i := c.lireIndu(id)
	if i.Etat != opco.InduCompense || i.Reste() != 0 {
		t.Fatalf("« %s », %s left", i.Etat, i.Reste())
	}
	if got := c.solde("999001019/2026/MUTUALISE"); got != avant+56000 {
		t.Errorf("the envelope went from %s to %s", avant, got)
	}
	c.a("2026-05-11 09:00:00")
	c.paye("2026-05-11", s04)
	if r := c.etatDossier(s04); r.Paye != 283500 || r.Etat != opco.EtatReglee {
		t.Errorf("%+v", r)
	}
	c.compter(1, `SELECT count(*) FROM courrier WHERE evenement = 'INDU_NOTIFIE' AND pour = 'organisme'`)
	c.saine(t)
}

// deuxFois asks for a second compensation before the debt has heard of the first:
// nothing is left to take.
func (c *conduite) deuxFois(t *testing.T, dossier, reglement, id string) {
	t.Helper()
	r := c.recevoir(dossier, opco.ActeCompenser, cpt, opco.ChargeCompenser{Reglement: reglement, Indu: id})
	if i, _ := c.enregistrer(r.Acte); i.Verdict != opco.VerdictRefuse {
		t.Errorf("taken twice: %+v", i)
	}
}

func (c *conduite) montantDe(reglement string) (m [2]opco.Montant) {
	c.t.Helper()
	if err := c.s.DB.QueryRow(`SELECT montant, compense FROM reglement WHERE id = $1`, reglement).Scan(&m[0], &m[1]); err != nil {
		c.t.Fatal(err)
	}
	return m
}

func (c *conduite) lireIndu(id string) *opco.Indu {
	c.t.Helper()
	i, err := c.s.Indu(c.ctx, opco.Portee{Interne: true}, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return &i.Indu
}

// A reimbursement counts once, and after its year is closed it goes to the fund.
func TestInduRembourse(t *testing.T) {
	c := conduire(t)
	s01, _, _ := c.troisReglements()
	c.paye("2026-05-04", s01)
	c.a("2026-05-06 09:00:00")
	id := c.unIndu(s01)
	c.acteIndu(id, opco.ActeNotifierIndu, cpt, nil)
	ch := opco.ChargeRemboursement{Montant: 26000, Date: "2026-05-06", Reference: "CAMT-1"}
	avant := c.solde("999001019/2026/MUTUALISE")
	c.acteIndu(id, opco.ActeRembourserIndu, cpt, ch)
	if i := c.acteIndu(id, opco.ActeRembourserIndu, cpt, ch); i.Verdict != opco.VerdictRefuse {
		t.Errorf("one entry of the bank counts twice: %+v", i)
	}
	if err := c.s.CloreExercice(c.ctx, 2026, cpt); opco.KindOf(err) != opco.Conflict {
		t.Errorf("a year is closed before it ends: %v", err)
	}
	c.a("2027-01-04 09:00:00")
	if err := c.s.CloreExercice(c.ctx, 2026, cpt); err != nil {
		t.Fatal(err)
	}
	ch.Montant, ch.Reference, ch.Date = 30000, "CAMT-2", "2027-01-04"
	c.acteIndu(id, opco.ActeRembourserIndu, cpt, ch)
	if got := c.solde("999001019/2026/MUTUALISE"); got != avant+26000 {
		t.Errorf("a closed year got money back: %s, then %s", avant, got)
	}
	if i := c.lireIndu(id); i.Etat != opco.InduRembourse {
		t.Errorf("« %s »", i.Etat)
	}
	c.saine(t)
}

// saine fails when a verification finds anything broken.
func (c *conduite) saine(t *testing.T) {
	t.Helper()
	r, err := (&store.Verificateur{Store: c.s, Ordre: banque.Rediger}).Verifier(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.Resultats {
		for _, e := range x.Exemples {
			t.Errorf("%s %s: %s", e.Code, e.Objet, e.Phrase)
		}
	}
}
