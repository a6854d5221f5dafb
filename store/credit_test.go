package store_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"guichet/banque"
	"guichet/opco"
)

// credit is a notification of money that came in on the account of the OPCO.
func credit(id, jour, montant, nom, iban, libelle string) []byte {
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>%[1]s</MsgId><CreDtTm>%[2]sT08:00:00</CreDtTm></GrpHdr>
<Ntfctn><Id>N-1</Id><Acct><Id><IBAN>%[3]s</IBAN></Id></Acct><Ntry><Amt Ccy="EUR">%[4]s</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%[2]s</Dt></BookgDt><AcctSvcrRef>%[1]s</AcctSvcrRef><NtryDtls><TxDtls>
<RltdPties><Dbtr><Pty><Nm>%[5]s</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>%[6]s</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>%[7]s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`,
		id, jour, "FR7699999000200010020041048", montant, nom, iban, libelle)
}

// entree reads what became of the entry that the bank numbered ref.
func (c *conduite) entree(ref string) (cle, etat, phrase string) {
	c.t.Helper()
	err := c.s.DB.QueryRow(`SELECT cle, etat, phrase FROM entree_bancaire WHERE ref_banque = $1`, ref).Scan(&cle, &etat, &phrase)
	if err != nil {
		c.t.Fatal(err)
	}
	return cle, etat, phrase
}

// deuxIndus opens two notified debts of OF1, of 560,00 € and of 400,00 €.
func (c *conduite) deuxIndus() (un, deux *opco.Indu) {
	c.t.Helper()
	s01, s04, _ := c.troisReglements()
	c.paye("2026-05-04", s01, s04)
	c.a("2026-05-06 09:00:00")
	id := c.unIndu(s01)
	c.faire(s04, opco.ActeDeposerAvoir, of1, opco.ChargeAvoir{Avoir: opco.Avoir{ID: "av2", Numero: "AV-8", Facture: c.dossier(s04).Factures[0].Numero,
		Montant: 40000, Date: "2026-05-06"}})
	autre := c.dossier(s04).Indus[0].ID
	c.acteIndu(autre, "", opco.Acteur{}, nil)
	c.acteIndu(id, opco.ActeNotifierIndu, cpt, nil)
	c.acteIndu(autre, opco.ActeNotifierIndu, cpt, nil)
	return c.lireIndu(id), c.lireIndu(autre)
}

// A transfer that names its debts settles them by itself when the sum is theirs; any
// other waits for a person, who is told what was found.
func TestCreditAffecte(t *testing.T) {
	c := conduire(t)
	un, deux := c.deuxIndus()
	c.importer("un.xml", credit("CR-1", "2026-05-06", "160.00", "Formalia Synthèse", ibanOF1, "Remb. indu "+strings.ToLower(un.Numero)))
	if i := c.lireIndu(un.ID); i.Reste() != 40000 || i.Recouvrements[0].Reference != "CR-1" {
		t.Fatalf("%s left of %s, %+v", i.Reste(), i.Numero, i.Recouvrements)
	}
	les := un.Numero + " et " + deux.Numero
	c.importer("deux.xml", credit("CR-2", "2026-05-06", "800.00", "Formalia Synthèse", ibanOF1, les))
	for _, i := range []*opco.Indu{un, deux} {
		if x := c.lireIndu(i.ID); x.Etat != opco.InduRembourse {
			t.Errorf("%s is « %s », %s left", x.Numero, x.Etat, x.Reste())
		}
	}
	if _, etat, phrase := c.entree("CR-2"); etat != "AFFECTEE" || !strings.Contains(phrase, un.Numero) {
		t.Errorf("the entry is %s, %q", etat, phrase)
	}
	c.importer("trop.xml", credit("CR-3", "2026-05-06", "10.00", "Formalia Synthèse", ibanOF1, les))
	if _, etat, phrase := c.entree("CR-3"); etat != "QUARANTAINE" || !strings.Contains(phrase, "origine") {
		t.Errorf("money for debts that are settled is %s, %q", etat, phrase)
	}
	if again := c.importer("deux-bis.xml", append(credit("CR-2", "2026-05-06", "800.00", "Formalia Synthèse", ibanOF1, les), '\n')); again.Nouvelles != 0 {
		t.Errorf("the same entry again: %+v", again)
	}
	c.saine(t)
}

// A transfer without a number is proposed from its payer and its amount; a comptable
// cuts it among the debts, and no cent of it counts twice.
func TestCreditReparti(t *testing.T) {
	c := conduire(t)
	un, deux := c.deuxIndus()
	c.importer("un.xml", credit("CR-1", "2026-05-06", "400.00", "Formalia", ibanOF1, "Remboursement"))
	if _, etat, phrase := c.entree("CR-1"); etat != "QUARANTAINE" || !strings.Contains(phrase, deux.Numero) || !strings.Contains(phrase, "exactement") {
		t.Fatalf("%s, %q", etat, phrase)
	}
	c.importer("deux.xml", credit("CR-2", "2026-05-06", "900.00", "Formalia", ibanOF1, un.Numero+" "+deux.Numero))
	cle, etat, _ := c.entree("CR-2")
	if etat != "QUARANTAINE" {
		t.Fatalf("a sum of neither is %s", etat)
	}
	essais := []struct {
		indu    *opco.Indu
		montant opco.Montant
		verdict opco.Verdict
	}{{un, 90001, opco.VerdictRefuse}, {un, 56000, opco.VerdictApplique}, {un, 1, opco.VerdictRefuse}, {deux, 34001, opco.VerdictRefuse}, {deux, 34000, opco.VerdictApplique}}
	for _, x := range essais {
		if i := c.acteIndu(x.indu.ID, opco.ActeRembourserIndu, cpt, opco.ChargeRemboursement{Montant: x.montant, Entree: cle}); i.Verdict != x.verdict {
			t.Errorf("%s on %s: %s, want %s", x.montant, x.indu.Numero, i.Verdict, x.verdict)
		}
	}
	cs, err := c.s.CreditsAAffecter(c.ctx)
	if err != nil || len(cs) != 1 || cs[0].Reste != 40000 || cs[0].Donneur != "Formalia" {
		t.Errorf("%+v, %v; want the first transfer alone", cs, err)
	}
	if x := c.lireIndu(deux.ID); x.Reste() != 6000 {
		t.Errorf("%s left", x.Reste())
	}
	if _, etat, _ := c.entree("CR-2"); etat != "AFFECTEE" {
		t.Errorf("an entry wholly given is %s", etat)
	}
	c.saine(t)
}

// A reference copied by hand with its total settles two debts too, however it is spaced.
func TestRemboursementDeDeuxIndus(t *testing.T) {
	c := conduire(t)
	un, deux := c.deuxIndus()
	ch := opco.ChargeRemboursement{Montant: 56000, Date: "2026-05-06", Reference: "Vir 12/7", Total: 90000}
	c.acteIndu(un.ID, opco.ActeRembourserIndu, cpt, ch)
	ch = opco.ChargeRemboursement{Montant: 34001, Date: "2026-05-06", Reference: "VIR-127"}
	if i := c.acteIndu(deux.ID, opco.ActeRembourserIndu, cpt, ch); i.Verdict != opco.VerdictRefuse {
		t.Errorf("one cent more than the entry: %+v", i)
	}
	ch.Montant = 34000
	if i := c.acteIndu(deux.ID, opco.ActeRembourserIndu, cpt, ch); i.Verdict != opco.VerdictApplique || c.lireIndu(deux.ID).Reste() != 6000 {
		t.Errorf("the rest of the entry: %+v", i)
	}
	c.saine(t)
}

// One transfer, copied from the statement by hand and told by a file of the bank, is
// counted once, whichever comes first.
func TestCreditRecopie(t *testing.T) {
	c := conduire(t)
	un, _ := c.deuxIndus()
	recopie := func(ref string) opco.ChargeRemboursement {
		return opco.ChargeRemboursement{Montant: 10000, Date: "2026-05-06", Reference: ref}
	}
	if i := c.acteIndu(un.ID, opco.ActeRembourserIndu, cpt, recopie("cr 7")); i.Verdict != opco.VerdictApplique {
		t.Fatalf("copied by hand: %+v", i)
	}
	reste := c.lireIndu(un.ID).Reste()
	octets := credit("CR-7", "2026-05-06", "100.00", "Formalia Synthèse", ibanOF1, "Remb. "+un.Numero)
	imp := c.lire("apres.xml", octets)
	if len(imp.Actes) != 1 {
		t.Fatalf("%+v", imp)
	}
	if i, _ := c.enregistrer(imp.Actes[0]); i.Verdict != opco.VerdictRefuse {
		t.Errorf("told after it was copied: %+v", i)
	}
	if _, etat, phrase := c.entree("CR-7"); etat != "QUARANTAINE" || !strings.Contains(phrase, "recopiée") || c.lireIndu(un.ID).Reste() != reste {
		t.Errorf("told after it was copied: %s, %q, %s left of %s", etat, phrase, c.lireIndu(un.ID).Reste(), reste)
	}
	c.importer("avant.xml", credit("CR-8", "2026-05-06", "100.00", "Formalia Synthèse", ibanOF1, "Remb. "+un.Numero))
	reste = c.lireIndu(un.ID).Reste()
	if i := c.acteIndu(un.ID, opco.ActeRembourserIndu, cpt, recopie("cr 8")); i.Verdict != opco.VerdictRefuse || c.lireIndu(un.ID).Reste() != reste {
		t.Errorf("copied after it was told: %+v", i)
	}
	c.refuseAvec("affecté")
	c.importer("ailleurs.xml", credit("CR-6", "2026-05-06", "100.00", "Formalia Synthèse", ibanOF1, "Merci"))
	c.acteIndu(un.ID, opco.ActeRembourserIndu, cpt, recopie("cr 6"))
	c.refuseAvec("dans la liste des virements reçus")
	c.saine(t)
}

// Money in another currency is nobody's to affect: no list offers it, and an acte that
// names it all the same is refused.
func TestCreditEnAutreMonnaie(t *testing.T) {
	c := conduire(t)
	un, _ := c.deuxIndus()
	c.importer("dollars.xml", bytes.Replace(credit("CR-9", "2026-05-06", "100.00", "Formalia", ibanOF1, "Remb. "+un.Numero), []byte("EUR"), []byte("USD"), 1))
	cle, etat, _ := c.entree("CR-9")
	if cs, err := c.s.CreditsAAffecter(c.ctx); etat != "QUARANTAINE" || err != nil || len(cs) != 0 {
		t.Errorf("dollars are %s and offered as %+v, %v", etat, cs, err)
	}
	i := c.acteIndu(un.ID, opco.ActeRembourserIndu, cpt, opco.ChargeRemboursement{Montant: 10000, Entree: cle})
	if i.Verdict != opco.VerdictRefuse || c.lireIndu(un.ID).Reste() != un.Reste() {
		t.Errorf("dollars that settle a debt: %+v", i)
	}
	c.refuseAvec("« USD »")
	c.acteIndu(un.ID, opco.ActeRembourserIndu, cpt, opco.ChargeRemboursement{Montant: 10000, Date: "2026-05-06", Reference: "CR 9"})
	c.refuseAvec("ne se note pas ici en euros. L’écriture est en « USD »")
	c.saine(t)
}

// refuseAvec wants the last refusal to say mot.
func (c *conduite) refuseAvec(mot string) {
	c.t.Helper()
	var phrase string
	err := c.s.DB.Get(&phrase, `SELECT phrase FROM acte WHERE etat = 'refuse' ORDER BY cree_le DESC LIMIT 1`)
	if err != nil || !strings.Contains(phrase, mot) {
		c.t.Errorf("refused with « %s » (%v), want « %s »", phrase, err, mot)
	}
}

// A transfer on an account that is not known to be the OPCO's is nobody's to affect until
// it is known; then it is. Those of before migration 0035 are sorted the same way, by what
// their quarantine says.
func TestCreditSurUnCompteInconnu(t *testing.T) {
	c := conduire(t)
	un, _ := c.deuxIndus()
	compte := func(iban string) {
		t.Helper()
		if _, err := c.s.DB.Exec(`UPDATE opco SET iban = $1`, iban); err != nil {
			t.Fatal(err)
		}
	}
	offerts := func(quand string, veut int) {
		t.Helper()
		if cs, err := c.s.CreditsAAffecter(c.ctx); err != nil || len(cs) != veut {
			t.Errorf("%s: %+v offered (%v), want %d", quand, cs, err, veut)
		}
	}
	compte(ibanE2)
	c.importer("inconnu.xml", credit("CR-10", "2026-05-06", "100.00", "Formalia", ibanOF1, "Merci"))
	c.importer("dollars.xml", bytes.Replace(credit("CR-11", "2026-05-06", "100.00", "Formalia", ibanOF1, ""), []byte("EUR"), []byte("USD"), 1))
	offerts("unknown", 0)
	c.acteIndu(un.ID, opco.ActeRembourserIndu, cpt, opco.ChargeRemboursement{Montant: 10000, Date: "2026-05-06", Reference: "CR-10"})
	c.refuseAvec("demandez à l’administration de l’inscrire")
	migration, err := os.ReadFile("../schema/0045_credits_affectables.sql")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		c.s.DB.MustExec(`UPDATE entree_bancaire SET affectable = true WHERE ref_banque IN ('CR-10', 'CR-11')`)
		offerts("as 0035 left them", 2)
		c.s.DB.MustExec(string(migration))
		offerts("sorted", 0)
	}
	compte("FR7699999000200010020041048")
	offerts("known", 1)
	cle, _, phrase := c.entree("CR-10")
	if !strings.Contains(phrase, "arrivé sur le compte de l’OPCO") {
		t.Errorf("the quarantine says « %s »", phrase)
	}
	if i := c.acteIndu(un.ID, opco.ActeRembourserIndu, cpt, opco.ChargeRemboursement{Montant: 10000, Entree: cle}); i.Verdict != opco.VerdictApplique {
		t.Errorf("affected: %+v", i)
	}
	c.saine(t)
}

// The debt was settled between the import and its turn: the money is not lost, the
// entry waits for a person who reads why.
func TestCreditRefuse(t *testing.T) {
	c := conduire(t)
	un, _ := c.deuxIndus()
	octets := credit("CR-1", "2026-05-06", "560.00", "Formalia", ibanOF1, un.Numero)
	imp := c.lire("un.xml", octets)
	if len(imp.Actes) != 1 {
		t.Fatalf("%+v", imp)
	}
	c.acteIndu(un.ID, opco.ActeRembourserIndu, cpt, opco.ChargeRemboursement{Montant: 56000, Date: "2026-05-06", Reference: "CHQ 1"})
	if i, _ := c.enregistrer(imp.Actes[0]); i.Verdict != opco.VerdictRefuse {
		t.Fatalf("recovered twice: %+v", i)
	}
	if _, etat, phrase := c.entree("CR-1"); etat != "QUARANTAINE" || !strings.Contains(phrase, opco.Montant(56000).String()) {
		t.Errorf("%s, %q", etat, phrase)
	}
	c.saine(t)
}

// The bank gives back, days later, a payment of which a debt had been found and partly
// recovered on another payment: what was recovered is paid again, the rest is claimed no
// more, and the books balance.
func TestRetourApresRecouvrement(t *testing.T) {
	for _, tt := range []struct {
		name  string
		avant func(c *conduite, indu, autre string)
		etat  opco.EtatIndu
		total opco.Montant
	}{
		{"not recovered", func(*conduite, string, string) {}, opco.InduAnnule, 64000},
		{"a part reimbursed", func(c *conduite, indu, _ string) {
			c.acteIndu(indu, opco.ActeRembourserIndu, cpt, opco.ChargeRemboursement{Montant: 16000, Date: "2026-05-06", Reference: "CHQ 1"})
		}, opco.InduAnnule, 80000},
		{"kept on another payment, and not heard yet", func(c *conduite, indu, autre string) {
			c.acteIndu(indu, opco.ActeAccepterIndu, of1, nil)
			c.faire(autre, opco.ActeCompenser, cpt, opco.ChargeCompenser{Reglement: c.aRegler(autre)[0], Indu: indu})
		}, opco.InduCompense, 120000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := conduire(t)
			s01, s04, _ := c.troisReglements()
			c.paye("2026-05-04", s01)
			c.a("2026-05-06 09:00:00")
			id := c.unIndu(s01)
			c.acteIndu(id, opco.ActeNotifierIndu, cpt, nil)
			tt.avant(c, id, s04)
			r := c.dossier(s01).Reglements[0]
			c.renduParLaBanque(r.ID)
			for len(c.attendus(id)) > 0 {
				if i := c.acteIndu(id, "", opco.Acteur{}, nil); i.Verdict != opco.VerdictApplique {
					t.Fatalf("the debt refuses what its dossier says: %+v", i)
				}
			}
			if i := c.lireIndu(id); i.Etat != tt.etat || i.Reste() != 0 {
				t.Errorf("« %s », %s left", i.Etat, i.Reste())
			}
			c.faire(s01, opco.ActeRepresenter, cpt, opco.ChargeReglement{Reglement: r.ID})
			d := c.dossier(s01)
			if n := d.Reglements[1]; n.Montant != tt.total || opco.Somme(d.Acceptes) != tt.total {
				t.Errorf("%+v, %s accepted; want %s paid again", n, opco.Somme(d.Acceptes), tt.total)
			}
			c.saine(t)
			if lot, err := c.construire(cpt, opco.ChargeConstruireLot{Reglements: []string{d.Reglements[1].ID}, Execution: "2026-05-07"}); err != nil || len(c.lot(lot).Lignes) != 1 {
				t.Errorf("the règlement enters no lot: %v", err)
			}
		})
	}
}

// renduParLaBanque has the bank give a payment back, and its lot and its dossier hear of it,
// not yet the debts.
func (c *conduite) renduParLaBanque(reglement string) {
	c.t.Helper()
	var ordre []byte
	if err := c.s.DB.Get(&ordre, `SELECT f.octets FROM fichier_bancaire f JOIN reglement r ON r.lot = f.lot WHERE r.id = $1`, reglement); err != nil {
		c.t.Fatal(err)
	}
	quand, _ := c.s.Maintenant(c.ctx)
	octets, err := banque.Simulateur{Retours: map[string]string{ibanOF1: "AM05"}}.Retourner(ordre, quand)
	if err != nil {
		c.t.Fatal(err)
	}
	c.lire("retour.xml", octets)
	for _, objet := range []string{"lot/", "dossier/"} {
		as, err := c.s.EnAttente(c.ctx, 0, 100)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, a := range as {
			if !strings.HasPrefix(a.Objet, objet) {
				continue
			}
			if _, r := c.enregistrer(a); r.Verdict != opco.VerdictApplique {
				c.t.Fatalf("%s: %+v", a.Type, r)
			}
		}
	}
}

// attendus lists what a debt has not heard yet.
func (c *conduite) attendus(id string) (actes []string) {
	c.t.Helper()
	if err := c.s.DB.Select(&actes, `SELECT id FROM acte WHERE objet = $1 AND etat = 'recu'`, opco.ObjetIndu(id)); err != nil {
		c.t.Fatal(err)
	}
	return actes
}

// A règlement that kept a debt is rejected, then an avoir leaves less to pay than what
// it kept: the excess is due again, and the rest is settled without the bank.
func TestAvoirRendLaRetenue(t *testing.T) {
	c := conduire(t)
	s01, s04, _ := c.troisReglements()
	c.paye("2026-05-04", s01)
	c.a("2026-05-06 09:00:00")
	id := c.unIndu(s01)
	c.acteIndu(id, opco.ActeNotifierIndu, cpt, nil)
	c.acteIndu(id, opco.ActeAccepterIndu, of1, nil)
	c.faire(s04, opco.ActeCompenser, cpt, opco.ChargeCompenser{Reglement: c.aRegler(s04)[0], Indu: id})
	c.acteIndu(id, "", opco.Acteur{}, nil)
	avant := c.solde("999001019/2026/MUTUALISE")
	c.faire(s04, opco.ActeDeposerAvoir, of1, opco.ChargeAvoir{Avoir: opco.Avoir{ID: "av2", Numero: "AV-8", Facture: c.dossier(s04).Factures[0].Numero,
		Montant: 243500, Date: "2026-05-06"}})
	c.acteIndu(id, "", opco.Acteur{}, nil)
	if i := c.lireIndu(id); i.Etat != opco.InduNotifie || i.Reste() != 16000 {
		t.Errorf("« %s », %s left; want 160,00 € due again", i.Etat, i.Reste())
	}
	if got := c.solde("999001019/2026/MUTUALISE"); got != avant-16000 {
		t.Errorf("the envelope went from %s to %s", avant, got)
	}
	rs := c.dossier(s04).Reglements
	if n := rs[len(rs)-1]; n.Montant != 0 || n.Compense() != 40000 || c.montantDe(n.ID) != [2]opco.Montant{0, 40000} {
		t.Errorf("%+v", n)
	}
	if r := c.etatDossier(s04); r.Etat != opco.EtatReglee || r.Paye != 40000 {
		t.Errorf("%+v", r)
	}
	c.saine(t)
	if slices.Contains(c.aRegler(s04), rs[0].ID) {
		t.Error("the first règlement may still be paid")
	}
}
