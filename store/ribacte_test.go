package store_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// An acte comes once: sent again as it was it answers the same, even at the same
// instant; its id with other words in it is refused, and nothing of them is kept.
func TestRIBMemeActe(t *testing.T) {
	c := conduire(t)
	c.a("2026-05-04 09:00:00")
	g := c.ecrit(of2)
	proposer := func(iban, titulaire string) error {
		_, _, err := c.s.ProposerRIB(c.ctx, g, opco.SIRET(of2.SIRET), opco.SaisieRIB{IBAN: iban, BIC: "AAAAFRPP", Titulaire: titulaire}, preuve())
		return err
	}
	var wg sync.WaitGroup
	erreurs := make([]error, 4)
	for i := range erreurs {
		wg.Go(func() { erreurs[i] = proposer(ibanNeuf, "Compétences Plus") })
	}
	wg.Wait()
	for _, err := range erreurs {
		if err != nil {
			t.Errorf("sent at the same instant: %v", err)
		}
	}
	if err := proposer("FR76 9999 9000 7700 7007 0077 737", "Compétences Plus"); err != nil {
		t.Errorf("the same account with its spaces: %v", err)
	}
	veut(t, "another account", proposer(ibanE2, "Compétences Plus"), "ACTE_REUTILISE")
	veut(t, "another holder", proposer(ibanNeuf, "M. Untel"), "ACTE_REUTILISE")
	if v := c.rib(g.Acte); v.IBAN != ibanNeuf || len(v.Journal) != 1 {
		t.Errorf("got %s and %d lines of journal, want the first account, once", v.IBAN, len(v.Journal))
	}

	refus := store.GesteDeRIB{Acte: uuid.NewString(), Geste: opco.GesteRefuser, Raison: "Le nom diffère.", Par: res}
	for range 2 {
		if _, err := c.s.AgirSurRIB(c.ctx, g.Acte, refus); err != nil {
			t.Errorf("a refusal sent twice: %v", err)
		}
	}
	refus.Raison = "Autre chose."
	_, err := c.s.AgirSurRIB(c.ctx, g.Acte, refus)
	veut(t, "another reason", err, "ACTE_REUTILISE")
}

// The hold of each RIB ends by itself, and that of a RIB which cannot be put in service
// is an incident that holds back no other.
func TestRIBEcheance(t *testing.T) {
	c := conduire(t)
	_, _, s09 := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.valider(of2)
	const casse = "00000000-0000-4000-8000-0000000000ff"
	c.s.DB.MustExec(`INSERT INTO rib (id, siren, sorte, nom, iban, etat, propose_le, actif_le, modifie_le)
		VALUES ($1, '999009999', 'organisme', 'Nul ne le connaît', $2, 'VALIDE', now(), '2026-05-05', now())`, casse, ibanE2)
	if dans, err := c.s.EchoirRIBs(c.ctx); err != nil || dans != 30*time.Second {
		t.Errorf("two days before: look again in %s (%v), want half a minute", dans, err)
	}
	c.a("2026-05-06 08:59:40")
	if dans, err := c.s.EchoirRIBs(c.ctx); err != nil || dans > 20*time.Second || dans <= 0 {
		t.Errorf("twenty seconds before: look again in %s (%v)", dans, err)
	}
	c.a("2026-05-06 09:00:00")
	if _, err := c.s.EchoirRIBs(c.ctx); err != nil {
		t.Fatal(err)
	}
	var etats []string
	if err := c.s.DB.Select(&etats, `SELECT etat FROM rib WHERE id IN ($1, $2) ORDER BY etat`, id, casse); err != nil || strings.Join(etats, " ") != "ACTIF VALIDE" {
		t.Errorf("got %v (%v), want the sound one in service", etats, err)
	}
	if is := storetest.Incidents(t, c.s); len(is) != 1 || is[0].Objet != "rib/"+casse {
		t.Errorf("got the incidents %+v, want that of the other", is)
	}
	c.s.DB.MustExec(`UPDATE rib SET etat = 'REFUSE' WHERE id = $1`, casse)
	if l, err := c.construire(cpt, opco.ChargeConstruireLot{Reglements: c.aRegler(s09), Execution: "2026-05-06"}); err != nil || c.lot(l).Lignes[0].IBAN != ibanNeuf {
		t.Errorf("not paid on the new account: %v", err)
	}
}

// A payee whose hold has ended is paid again at that very instant, though no worker
// has looked.
func TestRIBEchoitAvantRemise(t *testing.T) {
	c := conduire(t)
	_, _, s09 := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	c.rejeter(c.lotPropose(false), ibanOF2, "AC04")
	id := c.valider(of2)
	c.a("2026-05-06 08:59:00")
	if r := c.faire(s09, opco.ActeRepresenter, cpt, opco.ChargeReglement{Reglement: c.dernier(s09)}); r.Verdict != opco.VerdictRefuse {
		t.Fatal("paid again a minute before the end of the hold")
	}
	c.a("2026-05-06 09:00:00")
	if r := c.faire(s09, opco.ActeRepresenter, cpt, opco.ChargeReglement{Reglement: c.dernier(s09)}); r.Verdict != opco.VerdictApplique {
		t.Errorf("got %s at the end of the hold", r.Verdict)
	}
	if v := c.rib(id); v.Etat != opco.RIBActif || len(v.Journal) != 4 {
		t.Errorf("got %s with %d lines of journal, want it in service once", string(v.Etat), len(v.Journal))
	}
}

// valider brings the new account of a payee up to its hold, which ends on 6 May 2026
// at nine.
func (c *conduite) valider(par opco.Acteur) string {
	c.t.Helper()
	id, err := c.proposer(par, ibanNeuf)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, g := range []struct {
		g   opco.GesteRIB
		par opco.Acteur
	}{{opco.GesteVoir, res}, {opco.GesteValider, cpt3}} {
		if err := c.gesteRIB(id, g.g, g.par); err != nil {
			c.t.Fatal(err)
		}
	}
	// The clock goes on while this runs: the hold ends at a known instant.
	c.s.DB.MustExec(`UPDATE rib SET actif_le = '2026-05-06 09:00:00+02' WHERE id = $1`, id)
	return id
}
