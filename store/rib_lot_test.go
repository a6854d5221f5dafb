package store_test

import (
	"errors"
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// A validated lot that has not left opens again when a RIB changes: its file, made
// of other lines, never leaves.
func TestRIBRouvreUnLotValide(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	lot := c.lotPropose(false)
	c.faireLot(lot, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 3, Somme: 627500})
	vieux := c.lot(lot)
	c.archiver(lot)
	if _, err := c.proposer(of2, ibanNeuf); err != nil {
		t.Fatal(err)
	}
	l := c.lot(lot)
	if l.Etat != opco.LotPropose || l.Somme() != 403500 || l.Sceau != "" || len(l.Validations) != 0 {
		t.Fatalf("got %s, %s, seal %q; want PROPOSE, 4 035,00, to validate again", l.Etat, l.Somme(), l.Sceau)
	}
	if got := c.compte("ORDONNANCE"); got != 0 {
		t.Errorf("got %s ordered, want nothing", got)
	}
	if err := c.s.ArchiverFichier(t.Context(), lot, vieux.Sceau, strings.NewReader("old")); !errors.Is(err, store.ErrLotChange) {
		t.Errorf("the old file was kept: %v", err)
	}
	c.envoyer(lot)
	if got := c.compte("ORDONNANCE"); got != 403500 {
		t.Errorf("got %s ordered, want 4 035,00", got)
	}
	c.saine(t)
}

// The file does not leave while the lot has not heard of the change: what came before
// goes first, and the emission looks again.
func TestRIBAvantLEmission(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	lot := c.lotPropose(false)
	c.faireLot(lot, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 3, Somme: 627500})
	c.archiver(lot)
	_, as, err := c.s.ProposerRIB(c.ctx, c.ecrit(of2), opco.SIRET(of2.SIRET), opco.SaisieRIB{IBAN: ibanNeuf, BIC: "AAAAFRPP", Titulaire: "Compétences Plus"}, preuve())
	if err != nil {
		t.Fatal(err)
	}
	if i := c.systeme(lot, opco.ActeEmettreLot, "emission"); i.Verdict != opco.VerdictRecu {
		t.Errorf("got %s, want the emission to wait", i.Verdict)
	}
	c.enregistrer(as[0])
	if l := c.lot(lot); l.Etat != opco.LotPropose || len(l.Lignes) != 2 || l.Fichier != "" {
		t.Errorf("got %s, %d lines, file %q; want PROPOSE, two lines and nothing sent", string(l.Etat), len(l.Lignes), l.Fichier)
	}
}

// The bank says that an account is closed: nothing is paid on it any more, until a
// new RIB or somebody who did not pay it clears it.
func TestRIBGeleParLaBanque(t *testing.T) {
	c := conduire(t)
	_, _, s09 := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	lot := c.lotPropose(false)
	c.rejeter(lot, ibanOF2, "AC04")
	r := c.faire(s09, opco.ActeRepresenter, cpt, opco.ChargeReglement{Reglement: c.dernier(s09)})
	if r.Verdict != opco.VerdictRefuse {
		t.Fatal("a règlement was paid again on a closed account")
	}
	vs, _, err := c.s.RIBs(t.Context(), opco.Portee{Interne: true}, store.FiltreRIBs{Etats: []opco.EtatRIB{opco.RIBGele}})
	if err != nil || len(vs) != 1 || vs[0].Motif != "AC04" || vs[0].IBAN != ibanOF2 {
		t.Fatalf("got %+v (%v), want the RIB of OF2 frozen by AC04", vs, err)
	}
	juge := opco.Acteur{Personne: cpt2.Personne, Nom: "C", Role: opco.RoleResponsable}
	veut(t, "who paid it clears it", c.gesteRIB(vs[0].ID, opco.GesteDegeler, juge), "QUATRE_YEUX")
	if err := c.gesteRIB(vs[0].ID, opco.GesteDegeler, res2); err != nil {
		t.Fatal(err)
	}
	if v := c.rib(vs[0].ID); v.Etat != opco.RIBGele || v.Motif != "AC04" {
		t.Errorf("one person lifted what the bank froze: %s %q", string(v.Etat), v.Motif)
	}
	veut(t, "the same person twice", c.gesteRIB(vs[0].ID, opco.GesteConfirmer, res2), "MEME_PERSONNE")
	veut(t, "who paid it confirms", c.gesteRIB(vs[0].ID, opco.GesteConfirmer, cpt2), "QUATRE_YEUX")
	if err := c.gesteRIB(vs[0].ID, opco.GesteConfirmer, cpt3); err != nil {
		t.Fatal(err)
	}
	if _, err := c.s.DB.Exec(`UPDATE rib SET rendu_par = leve_par WHERE id = $1`, vs[0].ID); err == nil {
		t.Error("the database lets one person lift it alone")
	}
	if r := c.faire(s09, opco.ActeRepresenter, cpt, opco.ChargeReglement{Reglement: c.dernier(s09)}); r.Verdict != opco.VerdictApplique {
		t.Errorf("got %s, want the règlement to pay again", r.Verdict)
	}
	_, err = c.construire(cpt3, opco.ChargeConstruireLot{Reglements: c.aRegler(s09), Execution: "2026-05-04"})
	veut(t, "who cleared it pays it", err, "QUATRE_YEUX")
}
