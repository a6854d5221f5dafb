package store_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

var (
	ctl        = opco.Acteur{Personne: "p-ctl", Nom: "Sarah Contrôle", Role: opco.RoleControleur}
	duControle = opco.Portee{Interne: true, Role: opco.RoleControleur}
)

// calculer has the signs of everything that waits computed.
func (c *conduite) calculer() {
	c.t.Helper()
	if _, err := c.s.CalculerSignaux(c.ctx, 100); err != nil {
		c.t.Fatal(err)
	}
	c.compter(0, `SELECT count(*) FROM signal_attente`)
	c.compter(0, `SELECT count(*) FROM incident WHERE activite = 'signaux'`)
}

func (c *conduite) gesteSignalement(dossier string, g opco.GesteSignalement, par opco.Acteur) error {
	c.t.Helper()
	as, err := c.s.AgirSurSignalement(c.ctx, dossier, store.GesteDeSignalement{Acte: uuid.NewString(), Geste: g, Raison: "Vu.", Par: par})
	for _, x := range as {
		c.enregistrer(x)
	}
	return err
}

func (c *conduite) signalement(dossier string) store.SignalementVu {
	c.t.Helper()
	v, err := c.s.Signalement(c.ctx, duControle, dossier)
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

func codes(v store.SignalementVu) (cs []string) {
	for _, s := range v.Signaux {
		cs = append(cs, s.Code)
	}
	return cs
}

// An account that two organisations share puts their dossiers before the contrôleur,
// once; a person suspends one, its règlement leaves the lot and enters no other; nobody
// forgets it; another person lifts it, and it is paid.
func TestSignalement(t *testing.T) {
	c := conduire(t)
	_, _, s09 := c.troisReglements()
	c.calculer()
	c.compter(0, `SELECT count(*) FROM signalement WHERE dossier = $1`, s09)
	c.a("2026-05-04 09:00:00")
	c.s.DB.MustExec(`UPDATE entreprise SET iban = (SELECT iban FROM organisme WHERE siren = '999001431') WHERE siren = '999001084'`)
	c.s.DB.MustExec(`INSERT INTO signal_attente (dossier) VALUES ($1)`, s09)
	c.calculer()
	v := c.signalement(s09)
	if v.Etat != opco.SignalementOuvert || !slices.Contains(codes(v), opco.SignalIBANPartage) || v.Enjeu != 224000 || len(v.Reglements) != 1 {
		t.Fatalf("got %s %v, %s at stake, %d règlements; want the shared account of 2 240,00", v.Etat, codes(v), v.Enjeu, len(v.Reglements))
	}
	c.s.DB.MustExec(`INSERT INTO signal_attente (dossier) VALUES ($1)`, s09)
	c.calculer()
	c.compter(len(v.Signaux), `SELECT count(*) FROM signal WHERE dossier = $1`, s09)
	lot := c.lotPropose(false)
	c.suspendre(t, s09, lot)
	c.oublier(t, s09)
	c.lever(t, s09)
}

// suspendre suspends the dossier: its line leaves lot, and enters no other.
func (c *conduite) suspendre(t *testing.T, dossier, lot string) {
	t.Helper()
	if err := c.gesteSignalement(dossier, opco.GesteRetenir, ctl); err != nil {
		t.Fatal(err)
	}
	if l := c.lot(lot); len(l.Lignes) != 2 || l.Somme() != 403500 {
		t.Fatalf("got %d lines, %s; want the suspended line out", len(l.Lignes), l.Somme())
	}
	_, err := c.construire(cpt2, opco.ChargeConstruireLot{Reglements: c.aRegler(dossier), Execution: "2026-05-04"})
	veut(t, "paying what is suspended", err, "DOSSIER_SUSPENDU")
	veut(t, "suspending twice", c.gesteSignalement(dossier, opco.GesteRetenir, ctl), "ETAPE_INATTENDUE")
	if got := c.refusBase(`UPDATE reglement SET etat = 'VALIDE' WHERE dossier = '` + dossier + `'`); got != "reglement_suspendu" {
		t.Errorf("the database let a suspended règlement be validated: %q", got)
	}
	if got := c.refusBase(`DELETE FROM dossier_suspendu WHERE dossier = '` + dossier + `'`); got != "suspension_tenue" {
		t.Errorf("the database let a suspension vanish: %q", got)
	}
	x, err := c.s.SuspensionDe(c.ctx, opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{of2.SIRET}}, dossier)
	if err != nil || x == nil || x.RevoirLe != "2026-05-19" {
		t.Errorf("its organisme reads %v (%v), want a review on 19 May", x, err)
	}
	if x, err := c.s.SuspensionDe(c.ctx, opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{of1.SIRET}}, dossier); err != nil || x != nil {
		t.Errorf("another organisme reads %v (%v)", x, err)
	}
}

// oublier lets the review pass: the day after, it is an incident, once; a review closes it.
func (c *conduite) oublier(t *testing.T, dossier string) {
	t.Helper()
	const ouvert = `SELECT count(*) FROM incident WHERE activite = 'suspension' AND clos_le IS NULL`
	c.a("2026-05-19 23:00:00")
	if n, err := c.s.RappelerSuspensions(c.ctx); n != 0 || err != nil {
		t.Errorf("got %d incidents (%v) on the day of the review", n, err)
	}
	c.a("2026-05-20 08:00:00")
	for range 2 {
		if _, err := c.s.RappelerSuspensions(c.ctx); err != nil {
			t.Fatal(err)
		}
	}
	c.compter(1, ouvert)
	n, err := c.s.CompterSignalements(c.ctx)
	if err != nil || n.Retenus != 1 || n.ARevoir != 1 || n.EnRetard != 1 {
		t.Errorf("got %+v (%v), want one suspension past its review", n, err)
	}
	if err := c.gesteSignalement(dossier, opco.GesteProlonger, ctl); err != nil {
		t.Fatal(err)
	}
	c.compter(0, ouvert)
}

// lever refuses who instructed or pays, then lifts the suspension: what is left is paid,
// and not by who checked.
func (c *conduite) lever(t *testing.T, dossier string) {
	t.Helper()
	juge := opco.Acteur{Personne: ges.Personne, Nom: ges.Nom, Role: opco.RoleResponsable}
	veut(t, "lifted by who instructed it", c.gesteSignalement(dossier, opco.GesteLever, juge), "QUATRE_YEUX")
	acte := store.GesteDeSignalement{Acte: uuid.NewString(), Geste: opco.GesteLever, Raison: "Même groupe.", Par: ctl}
	for range 2 {
		if _, err := c.s.AgirSurSignalement(c.ctx, dossier, acte); err != nil {
			t.Fatal(err)
		}
	}
	acte.Raison = "Autre chose."
	_, err := c.s.AgirSurSignalement(c.ctx, dossier, acte)
	veut(t, "the same acte, another reason", err, "ACTE_REUTILISE")
	c.compter(3, `SELECT count(*) FROM signalement_passage WHERE dossier = $1`, dossier)
	paye := ctl
	paye.Role = opco.RoleComptable
	_, err = c.construire(paye, opco.ChargeConstruireLot{Reglements: c.aRegler(dossier), Execution: "2026-05-20"})
	veut(t, "paid by who checked", err, "QUATRE_YEUX")
	id, err := c.construire(cpt2, opco.ChargeConstruireLot{Reglements: c.aRegler(dossier), Execution: "2026-05-20"})
	if err != nil {
		t.Fatal(err)
	}
	if l := c.lot(id); len(l.Lignes) != 1 || l.Somme() != 224000 {
		t.Errorf("got %d lines, %s; want the règlement in its lot again", len(l.Lignes), l.Somme())
	}
}

// A contrôleur opens the contrôle of a dossier that bears no sign: it waits in the queue
// until somebody looks, and its signs do not put it out. Nobody opens that of a draft.
func TestOuvrirControle(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	brouillon := c.creer(demande(), e1)
	veut(t, "a draft", c.gesteSignalement(brouillon, opco.GesteOuvrir, ctl), "")
	c.compter(0, `SELECT count(*) FROM signalement`)
	id := c.deposer(demande(), e1)
	c.calculer()
	c.compter(0, `SELECT count(*) FROM signalement`)
	if err := c.gesteSignalement(id, opco.GesteRetenir, ctl); opco.KindOf(err) != opco.NotFound {
		t.Errorf("suspended without a contrôle: got %v", err)
	}
	if err := c.gesteSignalement(id, opco.GesteOuvrir, ges); opco.KindOf(err) != opco.Forbidden {
		t.Errorf("opened by a gestionnaire: got %v", err)
	}
	c.compter(0, `SELECT count(*) FROM signalement`)
	if err := c.gesteSignalement(id, opco.GesteOuvrir, ctl); err != nil {
		t.Fatal(err)
	}
	c.s.DB.MustExec(`INSERT INTO signal_attente (dossier) VALUES ($1)`, id)
	c.calculer()
	v := c.signalement(id)
	if v.Etat != opco.SignalementOuvert || len(v.Journal) != 1 || v.Enjeu == 0 {
		t.Fatalf("got %s, %d lines, %s at stake; want it still open, opened once", v.Etat, len(v.Journal), v.Enjeu)
	}
	veut(t, "opened twice", c.gesteSignalement(id, opco.GesteOuvrir, ctl), "ETAPE_INATTENDUE")
	if err := c.gesteSignalement(id, opco.GesteRetenir, ctl); err != nil {
		t.Fatal(err)
	}
	c.a("2026-03-16 10:00:00")
	if n, err := c.s.CompterSignalements(c.ctx); err != nil || n.Retenus != 1 || n.ARevoir != 0 || n.Demain != 1 {
		t.Errorf("got %+v (%v), want one review tomorrow, none today", n, err)
	}
}

// The queue comes by money at risk, page after page, of one état, of one sign.
func TestSignalements(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	var ids []string
	for range 3 {
		ids = append(ids, c.deposer(demande(), e1))
	}
	c.calculer()
	c.s.DB.MustExec(`DELETE FROM signal`)
	c.s.DB.MustExec(`DELETE FROM signalement`)
	for i, id := range ids {
		c.s.DB.MustExec(`INSERT INTO signalement (dossier, etat, points, enjeu, codes, ouvert_le, modifie_le) VALUES ($1, 'OUVERT', 60, $2, ARRAY[$3::text], now(), now())`,
			id, []int{500, 500, 900}[i], []string{opco.SignalIBANPartage, opco.SignalIBANPartage, opco.SignalVolume}[i])
	}
	var lus []string
	f := store.FiltreSignalements{Limite: 1}
	for {
		ls, suivant, err := c.s.Signalements(c.ctx, duControle, f)
		if err != nil || len(ls) != 1 {
			t.Fatalf("got %d lines (%v)", len(ls), err)
		}
		lus = append(lus, ls[0].Dossier)
		if f.Apres = suivant; suivant == "" {
			break
		}
	}
	if len(lus) != 3 || lus[0] != ids[2] || lus[1] == lus[2] {
		t.Errorf("got %v, want the largest first then both others", lus)
	}
	if ls, _, err := c.s.Signalements(c.ctx, duControle, store.FiltreSignalements{Code: opco.SignalIBANPartage}); err != nil || len(ls) != 2 {
		t.Errorf("got %d with a shared account (%v), want 2", len(ls), err)
	}
	if ls, _, err := c.s.Signalements(c.ctx, duControle, store.FiltreSignalements{Etat: opco.SignalementClasse}); err != nil || len(ls) != 0 {
		t.Errorf("got %d filed (%v), want none", len(ls), err)
	}
	if _, _, err := c.s.Signalements(c.ctx, duControle, store.FiltreSignalements{Apres: "AAAA"}); opco.KindOf(err) != opco.Invalid {
		t.Errorf("a false page: got %v", err)
	}
	if ls, _, err := c.s.Signalements(c.ctx, opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{e1.SIRET}}, store.FiltreSignalements{}); err != nil || len(ls) != 0 {
		t.Errorf("a company reads %d (%v)", len(ls), err)
	}
}
