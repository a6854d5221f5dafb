package opco_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet/opco"
)

func justificatif(l opco.Ligne, m opco.Montant) opco.Justificatif {
	return opco.Justificatif{Type: opco.PieceReleveDepenses, Ligne: l, Montant: m, Acquittee: true}
}

// s02 is the remboursement of S02: what E2 is granted, proves and invoices.
func s02(certifie opco.Minutes) *opco.Dossier {
	d := accord([]eleve{{"Awa", "Le Goff", 21 * heure, certifie, 84000, 27300}},
		opco.LigneDecidee{Ligne: opco.LigneHebergement, Accorde: 16000},
		opco.LigneDecidee{Ligne: opco.LigneRepas, Accorde: 5100},
		opco.LigneDecidee{Ligne: opco.LigneTransport, Accorde: 8840})
	d.Demande.Subrogation = false
	f := facture("E2-7", peda(84000), opco.LigneFacture{Ligne: opco.LigneRemuneration, Montant: 27300},
		opco.LigneFacture{Ligne: opco.LigneHebergement, Montant: 16000}, opco.LigneFacture{Ligne: opco.LigneRepas, Montant: 5100},
		opco.LigneFacture{Ligne: opco.LigneTransport, Montant: 8840})
	f.Emetteur = siretE1
	f.Justificatifs = []opco.Justificatif{
		{Type: opco.PieceFactureOF, Numero: "OF3-12", Montant: 202000, Acquittee: true, Ligne: opco.LignePeda},
		justificatif(opco.LigneRemuneration, 55713), justificatif(opco.LigneHebergement, 19000),
		justificatif(opco.LigneRepas, 5400), justificatif(opco.LigneTransport, 8840)}
	d.Factures = []opco.Facture{f}
	return d
}

func avecFacture(d *opco.Dossier, f opco.Facture) *opco.Dossier {
	d.Factures = append(d.Factures, f)
	return d
}

func deuxPour35(a, b opco.Minutes) *opco.Dossier {
	return accord([]eleve{{"Ana", "Ruiz", 35 * heure, a, 140000, 0}, {"Boris", "Petit", 35 * heure, b, 140000, 0}})
}

func troisPour21() *opco.Dossier {
	return accord([]eleve{{"Ana", "Ruiz", 21 * heure, 21 * heure, 94500, 0}, {"Boris", "Petit", 21 * heure, 21 * heure, 94500, 0},
		{"Chloé", "Adam", 21 * heure, 21 * heure, 94500, 0}})
}

// presqueEpuise has 1 000,00 engaged for an invoice of 2 800,00.
func presqueEpuise() *opco.Dossier {
	d := avecFacture(deuxPour35(35*heure, 35*heure), facture("F", peda(280000)))
	d.Engagements = []opco.PartFonds{{Enveloppe: "e1", Code: "MUTUALISE", Montant: 100000}}
	return d
}

// vvPresqueEpuise is S24 with 10,00 left on its second fund: the others pay more.
func vvPresqueEpuise() *opco.Dossier {
	d := avecFacture(s24(60*heure, 250000, 100000, 50000), facture("F", peda(300000)))
	d.Engagements = troisFonds(250000, 1000, 50000)
	return d
}

// s24 is the co-funded accord of S24: 80 h, 4 000,00 on three funds.
func s24(certifie opco.Minutes, mutualise, vv, region opco.Montant) *opco.Dossier {
	d := accord([]eleve{{"Ana", "Ruiz", 80 * heure, certifie, 400000, 0}})
	d.Decision.Fonds = troisFonds(mutualise, vv, region)
	d.Engagements = d.Decision.Fonds
	d.Certificats[0].Du, d.Demande.Debut = "2026-04-01", "2026-04-01"
	return d
}

func troisFonds(mutualise, vv, region opco.Montant) []opco.PartFonds {
	return []opco.PartFonds{{Enveloppe: "m", Code: "MUTUALISE", Montant: mutualise}, {Enveloppe: "v", Code: "VV", Montant: vv},
		{Enveloppe: "r", Code: "REGION", Montant: region}}
}

func TestConstaterScenarios(t *testing.T) {
	accents := accord([]eleve{{"Zoé-Maëlle", "Lefèvre-N'Guyên", 14 * heure, -1, 60000, 0}})
	accents.Certificats = []opco.Certificat{certificat("ZOE MAELLE", "LEFEVRE N’GUYE\u0302N", 14*heure)}
	cofinance := s24(60*heure, 250000, 100000, 50000)
	demiHeure := accord([]eleve{{"Ana", "Ruiz", 7 * heure, 6*heure + 30, 10000, 0}})

	annulee := facture("F0", peda(280000))
	annulee.Etat = opco.FactureAnnuleeParAvoir
	annulee.Constatees = []opco.LigneConstatee{{Ligne: opco.LignePeda, Stagiaire: "a", Payable: 140000}}

	un := func(m opco.Montant) []opco.PartFonds {
		return []opco.PartFonds{{Enveloppe: "e1", Code: "MUTUALISE", Montant: m}}
	}
	tests := []struct {
		name                         string
		d                            *opco.Dossier
		approuve, nonApprouve, libre opco.Montant
		motif                        opco.Motif
		attend                       bool
		parts                        []opco.PartFonds
		phrase                       string // a piece of it
	}{
		{"S01 two people, fourteen hours each", avecFacture(accord([]eleve{{"Ana", "Ruiz", 14 * heure, 14 * heure, 60000, 0},
			{"Boris", "Petit", 14 * heure, 14 * heure, 60000, 0}}), facture("F-2026-118", peda(120000))),
			120000, 0, 0, "", false, un(120000), ""},
		{"S02 remboursement with frais annexes", s02(21 * heure), 141240, 0, 0, "", false, un(141240), ""},
		{"S02 b eighteen hours lower the two hourly lines only", s02(18 * heure), 125340, 15900, 15900, opco.MotifQteErr, true, un(125340), "avoir de 159,00"},
		{"S04 the price is above the accord: payable at once", avecFacture(troisPour21(), facture("F4", peda(378000))),
			283500, 94500, 0, opco.MotifPUErr, false, un(283500), "945,00"},
		{"S04 named lines with hours", avecFacture(troisPour21(), facture("F4", pedaDe("Ana Ruiz", 21*heure, 126000),
			pedaDe("PETIT Boris", 21*heure, 126000), pedaDe("Chloe Adam", 21*heure, 126000))),
			283500, 94500, 0, opco.MotifPUErr, false, un(283500), "60,00\u00a0€ de l’heure au lieu de 45,00"},
		{"S04 alternative: the organisme invoices the accord", avecFacture(troisPour21(), facture("F4", peda(283500))),
			283500, 0, 0, "", false, un(283500), ""},
		{"S09 hours not followed wait for the avoir", avecFacture(deuxPour35(35*heure, 21*heure), facture("F9", peda(280000))),
			224000, 56000, 56000, opco.MotifQteErr, true, un(224000), "avoir de 560,00"},
		{"S09 with the hours on the invoice", avecFacture(deuxPour35(35*heure, 21*heure),
			facture("F9", opco.LigneFacture{Ligne: opco.LignePeda, Heures: 70 * heure, Montant: 280000})),
			224000, 56000, 56000, opco.MotifQteErr, true, un(224000), "56\u00a0h de formation ont été suivies, vous en facturez 70\u00a0h"},
		{"S09 named lines: one person paid whole, one less", avecFacture(deuxPour35(35*heure, 21*heure),
			facture("F9", pedaDe("Ana Ruiz", 35*heure, 140000), pedaDe("Boris Petit", 35*heure, 140000))),
			224000, 56000, 56000, opco.MotifQteErr, true, un(224000), "21\u00a0h de formation ont été suivies, vous en facturez 35\u00a0h"},
		{"S09 variant: invoiced right from the start", avecFacture(deuxPour35(35*heure, 21*heure), facture("F9", peda(224000))),
			224000, 0, 56000, "", false, un(224000), ""},
		{"the hours of one do not pay the absence of another", avecFacture(deuxPour35(35*heure, 21*heure),
			facture("F9", pedaDe("Ana Ruiz", 0, 84000), pedaDe("Boris Petit", 0, 140000))),
			168000, 56000, 112000, opco.MotifQteErr, true, un(168000), ""},
		{"S10 nobody came, an invoice all the same", avecFacture(deuxPour35(0, 0), facture("F10", peda(280000))),
			0, 280000, 280000, opco.MotifQteErr, false, nil, ""},
		{"S14 accents, hyphens and apostrophes", avecFacture(accents, facture("F14", pedaDe("LEFEVRE-N’GUYEN Zoe Maelle", 14*heure, 60000))),
			60000, 0, 0, "", false, un(60000), ""},
		{"S24 three funds, pro rata", avecFacture(cofinance, facture("F24", peda(300000))), 300000, 0, 100000, "", false,
			troisFonds(187500, 75000, 37500), ""},
		{"the residue of three equal funds is the last one's", avecFacture(s24(80*heure, 133333, 133333, 133334), facture("F", peda(100001))),
			100001, 0, 299999, "", false, troisFonds(33334, 33334, 33333), ""},
		{"half an hour less is paid half an hour less, rounded once", avecFacture(demiHeure, facture("F", peda(9286))),
			9286, 0, 714, "", false, un(9286), ""},
		{"a fund that has less left than its share", vvPresqueEpuise(), 300000, 0, 1000, "", false, troisFonds(249000, 1000, 50000), ""},
		{"nobody came: no frais either", s02(0), 0, 141240, 141240, opco.MotifQteErr, false, nil, ""},
		{"a named person does not lend his hours to a line without name", avecFacture(deuxPour35(35*heure, 35*heure),
			facture("F", pedaDe("Ana Ruiz", 0, 100000), peda(180000))), 240000, 40000, 40000, opco.MotifPUErr, false, un(240000), ""},
		{"no more than what is still engaged", presqueEpuise(), 100000, 180000, 0, opco.MotifMontantTotalErr, false, un(100000), ""},
		{"an invoice cancelled by its avoir took nothing", avecFacture(avecFacture(deuxPour35(35*heure, 35*heure), annulee),
			facture("F", peda(280000))), 280000, 0, 0, "", false, un(280000), ""},
		{"a line that the accord does not fund", avecFacture(troisPour21(), facture("F", peda(283500),
			opco.LigneFacture{Ligne: opco.LigneDivers, Montant: 5000})),
			283500, 5000, 0, opco.MotifMontantTotalErr, false, un(283500), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k, err := opco.Constater(tt.d, true, lesFaits())
			if err != nil {
				t.Fatal(err)
			}
			if len(k.Factures) != 1 {
				t.Fatalf("%d invoices, want 1", len(k.Factures))
			}
			x := k.Factures[0]
			if x.Approuve != tt.approuve || x.NonApprouve != tt.nonApprouve || k.Payable != tt.approuve {
				t.Errorf("approved %s, not approved %s, payable %s; want %s, %s", x.Approuve, x.NonApprouve, k.Payable, tt.approuve, tt.nonApprouve)
			}
			if x.Motif != tt.motif || x.AttendAvoir != tt.attend {
				t.Errorf("motif %q waits %v, want %q %v", x.Motif, x.AttendAvoir, tt.motif, tt.attend)
			}
			if got := opco.Somme(k.Liberes); got != tt.libre {
				t.Errorf("released %s, want %s", got, tt.libre)
			}
			if len(x.Parts)+len(tt.parts) > 0 {
				if diff := cmp.Diff(tt.parts, x.Parts); diff != "" {
					t.Errorf("parts (-want +got):\n%s", diff)
				}
			}
			if (tt.motif == "") != (x.Phrase == "") || !strings.Contains(x.Phrase, tt.phrase) {
				t.Errorf("sentence %q, want %q in it", x.Phrase, tt.phrase)
			}
			if tt.approuve == 0 && strings.Contains(x.Phrase, "avoir de") {
				t.Errorf("a refused invoice asks for an avoir: « %s »", x.Phrase)
			}
			comparerLignes(t, k)
		})
	}
}

// comparerLignes checks that lines and invoices tell the same sum.
func comparerLignes(t *testing.T, k opco.Constat) {
	t.Helper()
	var lignes opco.Montant
	for _, l := range k.Lignes {
		lignes += l.Payable
	}
	if lignes != k.Payable {
		t.Errorf("lines sum to %s, payable is %s", lignes, k.Payable)
	}
	for _, x := range k.Factures {
		var m opco.Montant
		for _, l := range x.Lignes {
			m += l.Payable
		}
		if m != x.Approuve || opco.Somme(x.Parts) != x.Approuve {
			t.Errorf("invoice %s: lines %s, parts %s, approved %s", x.Facture, m, opco.Somme(x.Parts), x.Approuve)
		}
	}
}

func TestConstaterLignesParStagiaire(t *testing.T) {
	k, err := opco.Constater(avecFacture(deuxPour35(35*heure, 21*heure), facture("F9", peda(280000))), true, lesFaits())
	if err != nil {
		t.Fatal(err)
	}
	want := []opco.LigneConstatee{
		{Ligne: opco.LignePeda, Stagiaire: "a", Prevu: 35 * heure, Certifie: 35 * heure, Accorde: 140000, Facture: 140000, Payable: 140000},
		{Ligne: opco.LignePeda, Stagiaire: "b", Prevu: 35 * heure, Certifie: 21 * heure, Accorde: 140000, Facture: 140000, Payable: 84000},
	}
	if diff := cmp.Diff(want, k.Lignes); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// Only what is proven is reimbursed, line by line, whatever the grant.
func TestConstaterDepenseProuvee(t *testing.T) {
	d := s02(21 * heure)
	d.Factures[0].Justificatifs[0].Montant = 80000 // péda
	d.Factures[0].Justificatifs[3].Montant = 4000  // repas
	k, err := opco.Constater(d, true, lesFaits())
	if err != nil {
		t.Fatal(err)
	}
	if want := opco.Montant(141240 - 4000 - 1100); k.Payable != want || k.Factures[0].Motif != opco.MotifMontantTotalErr {
		t.Errorf("payable %s %s, want %s MONTANTTOTAL_ERR", k.Payable, k.Factures[0].Motif, want)
	}
}

// The proof of the péda is one for all the people whom the invoice names.
func TestConstaterPreuveCommune(t *testing.T) {
	d := deuxPour35(35*heure, 35*heure)
	d.Demande.Subrogation = false
	f := facture("E", pedaDe("Ana Ruiz", 0, 140000), pedaDe("Boris Petit", 0, 140000))
	f.Justificatifs = []opco.Justificatif{{Type: opco.PieceFactureOF, Numero: "OF-1", Montant: 200000, Acquittee: true}}
	if k, err := opco.Constater(avecFacture(d, f), true, lesFaits()); err != nil || k.Payable != 200000 {
		t.Errorf("payable %s, err %v; want the 2 000,00 proven", k.Payable, err)
	}
}

// S24 in two halves: each fund pays its share of each payment.
func TestConstaterFondsParPeriode(t *testing.T) {
	d := s24(30*heure, 250000, 100000, 50000)
	d.Demande.Echelonnement = true
	for n, f := range []opco.Facture{facture("P1", peda(150000)), facture("P2", peda(150000))} {
		d.Factures = append(d.Factures, f)
		k, err := opco.Constater(d, false, lesFaits())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(troisFonds(93750, 37500, 18750), k.Factures[0].Parts); diff != "" {
			t.Errorf("period %d (-want +got):\n%s", n+1, diff)
		}
		accepter(d, k)
		d.Certificats = append(d.Certificats, d.Certificats[0])
	}
}

// One cent at a time on three funds: none ever takes a cent back.
func TestConstaterCentParCent(t *testing.T) {
	d := accord([]eleve{{"Ana", "Ruiz", 4 * heure, heure, 4, 0}})
	d.Demande.Echelonnement = true
	d.Decision.Fonds = troisFonds(1, 1, 2)
	d.Engagements = d.Decision.Fonds
	for n := range 4 {
		d.Factures = append(d.Factures, facture(string(rune('1'+n)), peda(1)))
		k, err := opco.Constater(d, false, lesFaits())
		if err != nil || len(k.Factures[0].Parts) != 1 || k.Factures[0].Parts[0].Montant != 1 {
			t.Fatalf("cent %d: %v, err %v", n+1, k.Factures, err)
		}
		accepter(d, k)
		d.Certificats = append(d.Certificats, d.Certificats[0])
	}
	if diff := cmp.Diff(troisFonds(0, 0, 0), d.Engagements); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

// Without échelonnement a constat is always the last one.
func TestConstaterSansEchelonnementSolde(t *testing.T) {
	k, err := opco.Constater(avecFacture(deuxPour35(35*heure, 21*heure), facture("F9", peda(224000))), false, lesFaits())
	if err != nil || opco.Somme(k.Liberes) != 56000 {
		t.Errorf("released %s, err %v; want 560,00", opco.Somme(k.Liberes), err)
	}
}

// S08 without its advance: two periods consume one engagement, to the cent.
func TestConstaterPeriodes(t *testing.T) {
	d := accord([]eleve{{"Ana", "Ruiz", 150 * heure, 60 * heure, 900000, 0}})
	d.Demande.Echelonnement, d.Demande.Debut, d.Demande.Fin = true, "2026-04-01", "2026-06-30"
	d.Certificats[0].Du = "2026-04-01"
	fa := lesFaits()
	d.Factures = []opco.Facture{facture("P1", peda(360000))}
	k, err := opco.Constater(d, false, fa)
	if err != nil || k.Payable != 360000 || len(k.Liberes) != 0 {
		t.Fatalf("period 1: payable %s, released %v, err %v", k.Payable, k.Liberes, err)
	}
	accepter(d, k)
	if e, m, _ := opco.ControlerFacture(d, facture("P2", peda(540000)), fa); e != opco.FactureSuspendue || m != opco.MotifJustifAbs {
		t.Errorf("an invoice without new hours is %s %s, want SUSPENDUE JUSTIF_ABS", e, m)
	}
	c := certificat("Ana", "Ruiz", 90*heure)
	c.Du, c.Au, c.SigneLe = "2026-04-15", "2026-06-30", "2026-06-30"
	d.Certificats = append(d.Certificats, c)
	d.Factures = append(d.Factures, facture("P2", peda(540000)))
	if k, err = opco.Constater(d, true, fa); err != nil || k.Payable != 540000 || opco.Somme(k.Liberes) != 0 {
		t.Fatalf("period 2: payable %s, released %v, err %v", k.Payable, k.Liberes, err)
	}
	accepter(d, k)
	if e, m, _ := opco.ControlerFacture(d, facture("P3", peda(10000)), fa); e != opco.FactureRefusee || m != opco.MotifMontantTotalErr {
		t.Errorf("an invoice on an exhausted engagement is %s %s, want REFUSEE MONTANTTOTAL_ERR", e, m)
	}
}

// A second invoice never takes the hours that the first was paid for, even when
// the first asked less than its right.
func TestConstaterDeuxFactures(t *testing.T) {
	d := deuxPour35(35*heure, 35*heure)
	d.Demande.Echelonnement = true
	d.Factures = []opco.Facture{facture("F1", pedaDe("Ana Ruiz", 0, 100000)), facture("F2", pedaDe("Boris Petit", 35*heure, 170000))}
	k, err := opco.Constater(d, false, lesFaits())
	if err != nil {
		t.Fatal(err)
	}
	if a, b := k.Factures[0], k.Factures[1]; a.Approuve != 100000 || b.Approuve != 140000 || b.Motif != opco.MotifPUErr {
		t.Errorf("approved %s then %s %s, want 1 000,00 then 1 400,00 PU_ERR", a.Approuve, b.Approuve, b.Motif)
	}
	accepter(d, k)
	d.Factures = append(d.Factures, facture("F3", pedaDe("Ana Ruiz", 0, 50000)))
	if k, err = opco.Constater(d, true, lesFaits()); err != nil || k.Payable != 40000 || k.Factures[0].Motif != opco.MotifMontantTotalErr {
		t.Errorf("the rest of the first person is %s (%v), want 400,00 MONTANTTOTAL_ERR", k.Payable, err)
	}
}

func TestConstaterRefuse(t *testing.T) {
	sansCertificat := accord([]eleve{{"Ana", "Ruiz", 14 * heure, 14 * heure, 60000, 0}, {"Boris", "Petit", 14 * heure, -1, 60000, 0}})
	suspendue := avecFacture(deuxPour35(35*heure, 35*heure), facture("F1", peda(280000)))
	suspendue.Factures[0].Etat = opco.FactureSuspendue
	annulee := avecFacture(deuxPour35(35*heure, 35*heure), facture("F1", peda(280000)))
	annulee.Etat = opco.EtatAnnulee
	faux := avecFacture(deuxPour35(35*heure, 35*heure), facture("F1", peda(280000)))
	faux.Certificats[1].Signe = false
	periodeVide := avecFacture(deuxPour35(0, 0), facture("F1", peda(280000)))
	periodeVide.Demande.Echelonnement = true
	tests := []struct {
		name  string
		d     *opco.Dossier
		solde bool
		want  string
	}{
		{"a certificat is missing", avecFacture(sansCertificat, facture("F1", peda(120000))), true, "Boris Petit"},
		{"no invoice", deuxPour35(35*heure, 35*heure), true, "Aucune facture"},
		{"a suspended invoice", suspendue, true, "suspendue"},
		{"a cancelled dossier", annulee, true, "accord en vigueur"},
		{"a check blocks", faux, true, "Signature"},
		{"no line of the invoice is in the accord", avecFacture(deuxPour35(35*heure, 35*heure),
			facture("F1", opco.LigneFacture{Ligne: opco.LigneDivers, Montant: 5000})), true, "Rien n’est payable"},
		{"a period in which nobody came", periodeVide, false, "Rien n’est payable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := opco.Constater(tt.d, tt.solde, lesFaits())
			if !errors.Is(err, opco.Conflict) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want a conflict about %q", err, tt.want)
			}
		})
	}
}

// S10 without any invoice: the certificats of 0 h are enough to close.
func TestConstaterPersonneSansFacture(t *testing.T) {
	k, err := opco.Constater(deuxPour35(0, 0), true, lesFaits())
	if err != nil || k.Payable != 0 || opco.Somme(k.Liberes) != 280000 {
		t.Errorf("payable %s, released %s, err %v; want 0, 2 800,00", k.Payable, opco.Somme(k.Liberes), err)
	}
}
