package store_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"guichet/banque"
	"guichet/opco"
	"guichet/store"
)

// S11: the sums to the cent, ungrouped and grouped; four eyes on persons; RJCT
// AC04 for OF2; then the camt return of what was executed; each file twice.
func TestS11(t *testing.T) {
	tests := []struct {
		name      string
		groupe    bool
		virements []opco.Montant
	}{
		{"ungrouped", false, []opco.Montant{120000, 283500, 224000}},
		{"grouped", true, []opco.Montant{403500, 224000}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := conduire(t)
			s01, s04, s09 := c.troisReglements()
			c.a("2026-05-04 09:00:00")
			id := c.lotPropose(tt.groupe)
			l := c.lot(id)
			if id != "L26-0001" || l.Somme() != 627500 || len(l.Lignes) != 3 {
				t.Fatalf("got lot %s, %d lines, %s; want L26-0001, 3, 6 275,00", id, len(l.Lignes), l.Somme())
			}
			var got []opco.Montant
			for _, v := range l.Virements() {
				got = append(got, v.Montant)
			}
			if !slices.Equal(got, tt.virements) {
				t.Errorf("got transfers %v, want %v", got, tt.virements)
			}
			i, r := c.faireLot(id, opco.ActeValiderLot, cpt, opco.ChargeValiderLot{Nombre: 3, Somme: 627500})
			if i.Verdict != opco.VerdictRefuse || r.Code != "MEME_PERSONNE" {
				t.Errorf("the creator validated his own lot: %s %s", r.Code, r.Phrase)
			}
			fichier := c.envoyer(id)
			if got := c.compte("ORDONNANCE"); got != 627500 {
				t.Errorf("got %s ordered, want 6 275,00", got)
			}
			sim := banque.Simulateur{Rejets: map[string]string{ibanOF2: "AC04"}}
			c.a("2026-05-04 18:00:00")
			pain002, camt, err := sim.Repondre(fichier, quand(t, "2026-05-04 17:00"))
			if err != nil {
				t.Fatal(err)
			}
			if imp := c.importer("statut.xml", pain002); imp.Nouvelles == 0 || imp.Quarantaine != 0 {
				t.Errorf("got %+v from the status report", imp)
			}
			c.importer("debits.xml", camt)
			if e := c.lot(id).Etat; e != opco.LotSolde {
				t.Errorf("got lot %s, want SOLDE", e)
			}
			c.verifierS11(t, s01, s04, s09)
			c.encore(t, "renomme.xml", camt)
			c.encore(t, "indente.xml", bytes.ReplaceAll(camt, []byte("  "), []byte("\t")))
			c.rejouer(t, s09)
			c.retourner(t, sim, fichier, s01, s04)
		})
	}
}

// verifierS11: OF1 is paid on both dossiers, OF2 is still owed.
func (c *conduite) verifierS11(t *testing.T, s01, s04, s09 string) {
	t.Helper()
	for dossier, want := range map[string]struct {
		etat opco.Etat
		paye opco.Montant
	}{s01: {opco.EtatReglee, 120000}, s04: {opco.EtatReglee, 283500}, s09: {opco.EtatEnReglement, 0}} {
		if r := c.etatDossier(dossier); r.Etat != want.etat || r.Paye != want.paye {
			t.Errorf("got dossier %s, %s paid; want %s, %s", r.Etat, r.Paye, want.etat, want.paye)
		}
	}
	if paye, ordonnance, reste := c.compte("PAYE"), c.compte("ORDONNANCE"), c.compte("SERVICE_FAIT"); paye != 403500 || ordonnance != 0 || reste != 224000 {
		t.Errorf("got %s paid, %s ordered, %s still owed; want 4 035,00, 0,00, 2 240,00", paye, ordonnance, reste)
	}
}

// encore imports a file whose facts are known: nothing moves, and it says so.
func (c *conduite) encore(t *testing.T, nom string, octets []byte) {
	t.Helper()
	avant := c.compte("PAYE")
	imp := c.importer(nom, octets)
	if !imp.Deja || !strings.Contains(imp.Phrase, "déjà été importé le 4 mai 2026") || imp.Nouvelles != 0 {
		t.Errorf("got %+v for a file imported before", imp)
	}
	if got := c.compte("PAYE"); got != avant {
		t.Errorf("paid went from %s to %s", avant, got)
	}
}

// rejouer pays the rejected règlement of OF2 again, on its new account: a new
// règlement, a new reference, paid once.
func (c *conduite) rejouer(t *testing.T, s09 string) {
	t.Helper()
	const nouveau = ibanNeuf
	c.changerRIB(nouveau)
	c.a("2026-05-11 09:00:00")
	d, err := c.s.Dossier(c.ctx, opco.Portee{Interne: true}, s09)
	if err != nil {
		t.Fatal(err)
	}
	ancien := d.Reglements[0]
	c.faire(s09, opco.ActeRepresenter, cpt, opco.ChargeReglement{Reglement: ancien.ID})
	id, err := c.construire(cpt, opco.ChargeConstruireLot{EcheanceAu: "2026-06-20", Execution: "2026-05-11"})
	if err != nil {
		t.Fatal(err)
	}
	l := c.lot(id)
	if len(l.Lignes) != 1 || l.Lignes[0].Numero == ancien.Numero || l.Lignes[0].IBAN != nouveau {
		t.Fatalf("got %+v, want one new règlement on the new account", l.Lignes)
	}
	pain002, camt, err := banque.Simulateur{}.Repondre(c.envoyer(id), quand(t, "2026-05-11 17:00"))
	if err != nil {
		t.Fatal(err)
	}
	c.importer("camt avant le statut.xml", camt)
	c.importer("statut apres.xml", pain002)
	if r := c.etatDossier(s09); r.Etat != opco.EtatReglee || r.Paye != 224000 {
		t.Errorf("got dossier %s, %s paid; want REGLEE, 2 240,00", r.Etat, r.Paye)
	}
}

// retourner brings the money of OF1 back two days later (AC01): the lot has
// ended, its règlements are reversed, the dossiers are to be paid again.
func (c *conduite) retourner(t *testing.T, sim banque.Simulateur, fichier []byte, dossiers ...string) {
	t.Helper()
	c.a("2026-05-13 09:00:00")
	sim.Retours = map[string]string{ibanOF1: "AC01"}
	camt, err := sim.Retourner(fichier, quand(t, "2026-05-13 08:00"))
	if err != nil {
		t.Fatal(err)
	}
	c.importer("retour.xml", camt)
	for _, id := range dossiers {
		if r := c.etatDossier(id); r.Etat != opco.EtatEnReglement || r.Paye != 0 {
			t.Errorf("got dossier %s, %s paid after the return; want EN_REGLEMENT, 0,00", r.Etat, r.Paye)
		}
	}
	if paye, du := c.compte("PAYE"), c.compte("SERVICE_FAIT"); paye != 224000 || du != 403500 {
		t.Errorf("got %s paid, %s owed; want 2 240,00, 4 035,00", paye, du)
	}
	var n int
	if err := c.s.DB.Get(&n, `SELECT count(*) FROM reglement WHERE etat = 'RETOURNE' AND motif = 'AC01'`); err != nil || n != 2 {
		t.Errorf("got %d règlements RETOURNE AC01, %v; want 2", n, err)
	}
}

// What the bank says of nobody, or wrongly, is listed and changes nothing.
func TestQuarantaine(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	c.envoyer(id)
	ligne := c.lot(id).Lignes[0]
	fait := func(cle string, change func(*opco.FaitBancaire)) opco.FaitBancaire {
		f := opco.FaitBancaire{Cle: cle, EndToEndID: ligne.EndToEndID, Statut: opco.BanqueExecute, Montant: ligne.Montant, Date: "2026-05-04"}
		change(&f)
		return f
	}
	faits := []opco.FaitBancaire{
		fait("montant", func(f *opco.FaitBancaire) { f.Montant++ }),
		fait("inconnu", func(f *opco.FaitBancaire) { f.EndToEndID = "R99-999999" }),
		fait("autre compte", func(f *opco.FaitBancaire) { f.Compte = ibanOF2 }),
		fait("autre fichier", func(f *opco.FaitBancaire) { f.MsgID = "L26-0999" }),
		fait("fichier inconnu", func(f *opco.FaitBancaire) { f.EndToEndID, f.Entier, f.MsgID = "", true, "L26-0999" }),
		fait("anomalie", func(f *opco.FaitBancaire) { f.Anomalie = "En dollars." }),
	}
	imp, err := c.s.ImporterRetour(t.Context(), "x.xml", strings.NewReader("x"), opco.RetourBancaire{Format: "camt", Faits: faits}, cpt)
	if err != nil || imp.Quarantaine != len(faits) || len(imp.Actes) != 0 {
		t.Errorf("got %+v, %v; want %d in quarantine and no acte", imp, err, len(faits))
	}
	if want := "6 lignes nouvelles sur 6, dont 6 en quarantaine : lisez-les, elles n’ont rien changé."; imp.Phrase != want {
		t.Errorf("got %q, want %q", imp.Phrase, want)
	}
	seul := []opco.FaitBancaire{fait("une autre anomalie", func(f *opco.FaitBancaire) { f.Anomalie = "En livres." })}
	imp, err = c.s.ImporterRetour(t.Context(), "y.xml", strings.NewReader("y"), opco.RetourBancaire{Format: "camt", Faits: seul}, cpt)
	if want := "1 ligne nouvelle sur 1, dont 1 en quarantaine : lisez-la, elle n’a rien changé."; err != nil || imp.Phrase != want {
		t.Errorf("got %q, %v; want %q", imp.Phrase, err, want)
	}
	if got := c.compte("PAYE"); got != 0 {
		t.Errorf("got %s paid, want nothing", got)
	}
	if err := c.s.ArchiverFichier(t.Context(), id, c.lot(id).Sceau, strings.NewReader("another file")); !errors.Is(err, store.ErrAutresOctets) {
		t.Errorf("got %v, want ErrAutresOctets", err)
	}
}

// A mute bank opens an incident in words, closed when every règlement has its
// outcome.
func TestBanqueMuette(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	fichier := c.envoyer(id)
	ouverts := func() (n int) {
		t.Helper()
		if err := c.s.DB.Get(&n, `SELECT count(*) FROM incident WHERE objet = $1 AND clos_le IS NULL AND erreur LIKE '%n’a pas répondu pour 6%275,00%'`, opco.ObjetLot(id)); err != nil {
			t.Fatal(err)
		}
		return n
	}
	c.a("2026-05-05 08:00:00")
	d, err := c.s.Depart(t.Context(), opco.ObjetLot(id))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.s.Record(t.Context(), opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1, Echeance: &d.Resume.Echeances[0]}); err != nil || ouverts() != 1 {
		t.Fatalf("got %d incidents, %v; want 1", ouverts(), err)
	}
	_, camt, err := banque.Simulateur{}.Repondre(fichier, quand(t, "2026-05-05 17:00"))
	if err != nil {
		t.Fatal(err)
	}
	c.importer("enfin.xml", camt)
	if n := ouverts(); n != 0 {
		t.Errorf("got %d incidents open after the answer", n)
	}
}

// A file that the bank never had is said so by two persons: what it paid is to pay again,
// in a new lot, and no payee is asked for an account.
func TestFichierPerdu(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	c.envoyer(id)
	c.a("2026-05-08 08:00:00")
	c.systeme(id, opco.ActeAlerterLot, "sans_reponse")
	c.attendre(c.systeme(id, opco.ActeAlerterLot, "inconnu"), opco.Etat(opco.LotInconnu))
	c.faireLot(id, opco.ActeProposerIssue, cpt, opco.ChargeProposerIssue{Statut: opco.IssueJamaisParti, Jour: "2026-05-07", Releve: "appel au 01"})
	if i, r := c.faireLot(id, opco.ActeConfirmerIssue, cpt2, opco.ChargeConfirmerIssue{}); i.Verdict != opco.VerdictApplique {
		t.Fatalf("not confirmed: %s", r.Phrase)
	}
	c.entendre()
	if l := c.lot(id); l.Etat != opco.LotSolde {
		t.Errorf("the lot is %s, want SOLDE", string(l.Etat))
	}
	var n struct{ Repris, Courriers, Geles int }
	err := c.s.DB.Get(&n, `SELECT (SELECT count(*) FROM reglement n JOIN reglement r ON r.id = n.precedent WHERE r.lot = $1 AND n.etat = 'A_PAYER' AND n.montant = r.montant) AS repris,
		(SELECT count(*) FROM courrier WHERE evenement = $2) AS courriers, (SELECT count(*) FROM rib WHERE etat = 'GELE') AS geles`, id, opco.CourrierRejetBancaire)
	if err != nil || n.Repris != 3 || n.Courriers != 0 || n.Geles != 0 {
		t.Errorf("got %+v, %v; want the three to pay again, no letter, no frozen account", n, err)
	}
	suivant, err := c.construire(cpt, opco.ChargeConstruireLot{EcheanceAu: "2026-06-20", Execution: "2026-05-11"})
	if err != nil || len(c.lot(suivant).Lignes) != 3 {
		t.Errorf("the next lot: %v", err)
	}
	c.saine(t)
}
