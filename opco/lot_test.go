package opco

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	comptableLot = Acteur{Personne: "c1", Nom: "Camille", Role: RoleComptable}
	valideurLot  = Acteur{Personne: "c2", Nom: "Chloé", Role: RoleComptable}
	jourLot      = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
)

type semaineLot struct{}

func (semaineLot) Ouvre(d Date) bool {
	j := d.Minuit().In(Paris).Weekday()
	return j != time.Saturday && j != time.Sunday
}

func ligneS11(n int, facture string, montant Montant, of string, iban IBAN) ReglementActuel {
	return ReglementActuel{Payable: true, LigneLot: LigneLot{Reglement: fmt.Sprintf("f%d-1", n), Numero: fmt.Sprintf("R26-%06d", n),
		Dossier: fmt.Sprintf("d%d", n), DossierNumero: fmt.Sprintf("AF26-%06d", n), Facture: fmt.Sprintf("f%d", n), FactureNumero: facture,
		Beneficiaire: SIRET(of), Nom: "Organisme " + of[8:9], IBAN: iban, Montant: montant, Etat: ReglementAPayer,
		Parts: []PartFonds{{Enveloppe: "conv", Montant: montant / 3}, {Enveloppe: "mut", Montant: montant - montant/3}}, InstruitPar: []string{"g1"}}}
}

// s11 is the fixture of S11: 1 200,00 and 2 835,00 to OF1, 2 240,00 to OF2.
func s11() []ReglementActuel {
	return []ReglementActuel{
		ligneS11(1, "F-2026-118", 120000, "99900136500017", "FR7699999000150010020035594"),
		ligneS11(2, "F-2026-119", 283500, "99900136500017", "FR7699999000150010020035594"),
		ligneS11(3, "CP-77", 224000, "99900143100017", "FR7699999000160010020036646"),
	}
}

func faitsLotEssai(le time.Time) FaitsLot {
	return FaitsLot{Le: le, Parametres: ParametresDefaut(), Calendrier: semaineLot{},
		Donneur: CompteBancaire{Nom: "OPCO Démo", IBAN: "FR7699999000200010020041048"}}
}

func acteLot(t TypeActe, par Acteur, charge any) Acte {
	b, err := json.Marshal(charge)
	if err != nil {
		panic(err)
	}
	return Acte{Type: t, Par: par, Charge: b, Le: jourLot}
}

func systemeLot(t TypeActe, code string) (Acte, *Echeance) {
	return Acte{Type: t, Par: ActeurSysteme(), Le: jourLot}, &Echeance{Type: t, Code: code, Le: jourLot, Effet: JourDe(jourLot)}
}

// lotA brings the fixture to état e.
func lotA(t interface{ Fatal(...any) }, e EtatLot, groupe bool, rs []ReglementActuel) (*Lot, []Mouvement) {
	l := &Lot{ID: "L26-0001"}
	var ms []Mouvement
	faire := func(a Acte, ech *Echeance, change func(*FaitsLot)) {
		f := faitsLotEssai(jourLot)
		change(&f)
		ef, err := l.Appliquer(a, ech, f)
		if err != nil {
			t.Fatal(err)
		}
		ms = append(ms, ef.Mouvements...)
	}
	faire(acteLot(ActeConstruireLot, comptableLot, ChargeConstruireLot{EcheanceAu: "2026-06-01", Groupe: groupe, Execution: "2026-05-04"}), nil,
		func(f *FaitsLot) { f.Reglements = rs })
	if e == LotPropose {
		return l, ms
	}
	faire(acteLot(ActeValiderLot, valideurLot, ChargeValiderLot{Nombre: len(l.Lignes), Somme: l.Somme()}), nil,
		func(f *FaitsLot) { f.Reglements = rs })
	for _, x := range []struct {
		etat EtatLot
		t    TypeActe
	}{{LotEmis, ActeEmettreLot}, {LotTransmis, ActeTransmettreLot}} {
		if l.Etat == e {
			return l, ms
		}
		a, ech := systemeLot(x.t, "")
		faire(a, ech, func(f *FaitsLot) { f.Fichier, f.Reglements = "abc", rs })
	}
	return l, ms
}

// S11 to the cent, and what the bank reads.
func TestVirements(t *testing.T) {
	tests := []struct {
		name   string
		groupe bool
		want   []string
	}{
		{"one transfer a règlement", false, []string{
			"R26-000001 1 200,00 € R26-000001 AF26-000001 F-2026-118",
			"R26-000002 2 835,00 € R26-000002 AF26-000002 F-2026-119",
			"R26-000003 2 240,00 € R26-000003 AF26-000003 CP-77"}},
		{"one transfer a payee", true, []string{
			"L26-0001-1 4 035,00 € L26-0001-1 AF26-000001 F-2026-118, AF26-000002 F-2026-119",
			"L26-0001-2 2 240,00 € L26-0001-2 AF26-000003 CP-77"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rs := s11()
			slices.Reverse(rs) // the order in which they are read does not matter
			l, _ := lotA(t, LotPropose, tt.groupe, rs)
			var got []string
			for _, v := range l.Virements() {
				m := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(v.Montant.String())
				got = append(got, v.EndToEndID+" "+m+" "+v.Remise)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if l.Somme() != 627500 {
				t.Errorf("got a control sum of %s, want 6 275,00", l.Somme())
			}
		})
	}
}

// Who may do what, and what a changed line does.
func TestLotQuatreYeux(t *testing.T) {
	tests := []struct {
		name   string
		par    Acteur
		change func([]ReglementActuel) []ReglementActuel
		lu     ChargeValiderLot
		code   string // of the refusal
		etat   EtatLot
		somme  Montant
	}{
		{"another person", valideurLot, nil, ChargeValiderLot{3, 627500}, "", LotValide, 627500},
		{"a responsable", Acteur{Personne: "r1", Role: RoleResponsable}, nil, ChargeValiderLot{3, 627500}, "", LotValide, 627500},
		{"the creator", comptableLot, nil, ChargeValiderLot{3, 627500}, "MEME_PERSONNE", LotPropose, 627500},
		{"the creator, by another account", Acteur{Personne: "c1", Nom: "C. bis", Role: RoleResponsable}, nil, ChargeValiderLot{3, 627500}, "MEME_PERSONNE", LotPropose, 627500},
		{"who instructed, comptable since", Acteur{Personne: "g1", Role: RoleComptable}, nil, ChargeValiderLot{3, 627500}, "QUATRE_YEUX", LotPropose, 627500},
		{"another sum than read", valideurLot, nil, ChargeValiderLot{3, 627501}, "LOT_CHANGE", LotPropose, 627500},
		{"IBAN changed", valideurLot, func(rs []ReglementActuel) []ReglementActuel {
			rs[2].IBAN = "FR7699999000770070070077737"
			return rs
		}, ChargeValiderLot{3, 627500}, "", LotPropose, 403500},
		{"amount changed", valideurLot, func(rs []ReglementActuel) []ReglementActuel { rs[0].Montant--; return rs }, ChargeValiderLot{3, 627500}, "", LotPropose, 507500},
		{"payee changed", valideurLot, func(rs []ReglementActuel) []ReglementActuel { rs[1].Nom = "Autre"; return rs }, ChargeValiderLot{3, 627500}, "", LotPropose, 344000},
		{"invoice cancelled", valideurLot, func(rs []ReglementActuel) []ReglementActuel { rs[1].Payable = false; return rs }, ChargeValiderLot{3, 627500}, "", LotPropose, 344000},
		{"all gone", valideurLot, func([]ReglementActuel) []ReglementActuel { return nil }, ChargeValiderLot{3, 627500}, "", LotAnnule, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, _ := lotA(t, LotPropose, true, s11())
			f := faitsLotEssai(jourLot)
			f.Reglements = s11()
			if tt.change != nil {
				f.Reglements = tt.change(f.Reglements)
			}
			e, err := l.Appliquer(acteLot(ActeValiderLot, tt.par, tt.lu), nil, f)
			var refus *Error
			if errors.As(err, &refus); tt.code != "" && (refus == nil || refus.Code != tt.code) || tt.code == "" && err != nil {
				t.Fatalf("got %v, want %q", err, tt.code)
			}
			if l.Etat != tt.etat || l.Somme() != tt.somme {
				t.Errorf("got %s, %s; want %s, %s", l.Etat, l.Somme(), tt.etat, tt.somme)
			}
			if ordonne := somme(e.Mouvements, MouvementOrdonnance); l.Etat == LotValide && ordonne != tt.somme || l.Etat != LotValide && ordonne != 0 {
				t.Errorf("got %s ordered in état %s", ordonne, l.Etat)
			}
		})
	}
}

func somme(ms []Mouvement, t TypeMouvement) (m Montant) {
	for _, x := range ms {
		if x.Type == t {
			m += x.Montant
		}
	}
	return m
}

// A validated lot cancelled in time gives the money back; an emitted one cannot
// be cancelled.
func TestAnnulerLot(t *testing.T) {
	for _, tt := range []struct {
		etat   EtatLot
		rejete Montant
		kind   Kind
	}{{LotPropose, 0, ""}, {LotValide, 627500, ""}, {LotEmis, 0, Conflict}, {LotTransmis, 0, Conflict}} {
		l, _ := lotA(t, tt.etat, false, s11())
		e, err := l.Appliquer(acteLot(ActeAnnulerLot, valideurLot, ChargeAnnulerLot{Raison: "Doublon"}), nil, faitsLotEssai(jourLot))
		if KindOf(err) != tt.kind || somme(e.Mouvements, MouvementRejet) != tt.rejete || tt.kind == "" && len(e.Liberes) != 3 {
			t.Errorf("from %s: got %v, %d freed, %s given back; want %q, 3, %s", tt.etat, err, len(e.Liberes), somme(e.Mouvements, MouvementRejet), tt.kind, tt.rejete)
		}
	}
}

// What each fact does to a règlement in each état: applied, without effect, kept
// for the execution it waits for, or for a person to read.
func TestFaitsBancaires(t *testing.T) {
	const ap, ri, re, at = suiteApplique, suiteRien, suiteRefuse, suiteAttend
	tests := []struct {
		etat EtatReglement
		want [4]sortFait // ACCEPTE, REJETE, EXECUTE, RETOURNE
	}{
		{ReglementEmis, [4]sortFait{ap, ap, ap, at}},
		{ReglementAccepte, [4]sortFait{ri, ap, ap, at}},
		{ReglementRejete, [4]sortFait{ri, ri, re, re}},
		{ReglementExecute, [4]sortFait{ri, re, re, ap}},
		{ReglementRetourne, [4]sortFait{ri, re, re, re}},
	}
	for _, tt := range tests {
		for i, s := range []StatutBancaire{BanqueAccepte, BanqueRejete, BanqueExecute, BanqueRetourne} {
			got, phrase := suite(tt.etat, s)
			if got != tt.want[i] || (got == ri || got == re) != (phrase != "") {
				t.Errorf("%s on %s: got %d, %q; want %d", s, tt.etat, got, phrase, tt.want[i])
			}
		}
	}
}

// A rejection of the whole file rejects what it does not name; a return that
// comes before its execution waits for it.
func TestRetoursParticuliers(t *testing.T) {
	e2e := func(n int) string { return fmt.Sprintf("R26-%06d", n) }
	tests := []struct {
		name  string
		lots  [][]FaitBancaire // one acte each
		etat  EtatLot
		etats []EtatReglement
		sorts int
	}{
		{"whole file rejected", [][]FaitBancaire{{{Cle: "k", Entier: true, Statut: BanqueRejete, Motif: "FF01"}}},
			LotSolde, []EtatReglement{ReglementRejete, ReglementRejete, ReglementRejete}, 0},
		{"whole file rejected but one", [][]FaitBancaire{{{Cle: "k", Entier: true, Statut: BanqueRejete, Motif: "FF01"}, {Cle: "a", EndToEndID: e2e(1), Statut: BanqueAccepte}}},
			LotTransmis, []EtatReglement{ReglementAccepte, ReglementRejete, ReglementRejete}, 0},
		{"whole lot debited", [][]FaitBancaire{{{Cle: "k", Entier: true, Statut: BanqueExecute, Montant: 627500, Date: "2026-05-04"}}},
			LotSolde, []EtatReglement{ReglementExecute, ReglementExecute, ReglementExecute}, 0},
		{"whole lot debited of another sum", [][]FaitBancaire{{{Cle: "k", Entier: true, Statut: BanqueExecute, Montant: 627499}}},
			LotTransmis, []EtatReglement{ReglementEmis, ReglementEmis, ReglementEmis}, 1},
		{"return told with its execution, in disorder", [][]FaitBancaire{{{Cle: "r", EndToEndID: e2e(1), Statut: BanqueRetourne, Motif: "AC01"}, {Cle: "x", EndToEndID: e2e(1), Statut: BanqueExecute, Date: "2026-05-04"}}},
			LotTransmis, []EtatReglement{ReglementRetourne, ReglementEmis, ReglementEmis}, 0},
		{"return in a file before", [][]FaitBancaire{{{Cle: "r", EndToEndID: e2e(1), Statut: BanqueRetourne, Motif: "AC01"}}, {{Cle: "x", EndToEndID: e2e(1), Statut: BanqueExecute}}},
			LotTransmis, []EtatReglement{ReglementRetourne, ReglementEmis, ReglementEmis}, 0},
		{"rejected after the execution", [][]FaitBancaire{{{Cle: "x", EndToEndID: e2e(1), Statut: BanqueExecute}}, {{Cle: "j", EndToEndID: e2e(1), Statut: BanqueRejete}}},
			LotTransmis, []EtatReglement{ReglementExecute, ReglementEmis, ReglementEmis}, 1},
		{"somebody else's transfer", [][]FaitBancaire{{{Cle: "x", EndToEndID: "R99-000001", Statut: BanqueExecute}}},
			LotTransmis, []EtatReglement{ReglementEmis, ReglementEmis, ReglementEmis}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, _ := lotA(t, LotTransmis, false, s11())
			sorts := 0
			for _, fs := range tt.lots {
				f := faitsLotEssai(jourLot)
				f.Entrees = fs
				e, err := l.Appliquer(acteLot(ActeAppliquerRetour, ActeurBanque(), ChargeAppliquerRetour{}), nil, f)
				if err != nil {
					t.Fatal(err)
				}
				sorts += len(e.Sorts)
			}
			var got []EtatReglement
			for _, x := range l.Lignes {
				got = append(got, x.Etat)
			}
			if l.Etat != tt.etat || !slices.Equal(got, tt.etats) || sorts != tt.sorts {
				t.Errorf("got %s %v, %d filed apart; want %s %v, %d", l.Etat, got, sorts, tt.etat, tt.etats, tt.sorts)
			}
		})
	}
}

// Silence of the bank is told on the next jour ouvré and again at the third, at
// 08:00; nothing is sent again.
func TestBanqueMuette(t *testing.T) {
	alertes := func(execution Date) (l *Lot, got []string) {
		l, _ = lotA(t, LotEmis, false, s11())
		l.Execution = execution
		a, ech := systemeLot(ActeTransmettreLot, "")
		if _, err := l.Appliquer(a, ech, faitsLotEssai(jourLot)); err != nil {
			t.Fatal(err)
		}
		for _, e := range l.Echeances {
			got = append(got, e.Code+" "+e.Le.In(Paris).Format("2006-01-02 15:04"))
		}
		return l, got
	}
	if _, got := alertes("2026-05-15"); !slices.Equal(got, []string{"sans_reponse 2026-05-05 08:00", "inconnu 2026-05-06 08:00", "sans_execution 2026-05-20 08:00"}) {
		t.Errorf("got %v for an execution on Friday 15", got)
	}
	l, got := alertes("2026-05-04")
	if want := []string{"sans_reponse 2026-05-05 08:00", "inconnu 2026-05-06 08:00", "sans_execution 2026-05-07 08:00"}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	a, ech := systemeLot(ActeAlerterLot, "sans_reponse")
	e, err := l.Appliquer(a, ech, faitsLotEssai(jourLot))
	if err != nil || e.Alerte == "" || l.Etat != LotTransmis || len(l.Echeances) != 2 {
		t.Errorf("got %+v, %v, %s", e, err, l.Etat)
	}
}

// Each path of the lifecycle is in the table, and nothing else: every état
// refuses every other acte with a sentence.
func TestParcoursLot(t *testing.T) {
	actes := []TypeActe{ActeConstruireLot, ActePoursuivreLot, ActeEjecterLigne, ActeValiderLot, ActeAnnulerLot, ActeExpirerLot, ActeEmettreLot,
		ActeTransmettreLot, ActeAppliquerRetour, ActeAlerterLot, ActeRelireLot, ActeRappelerLot, ActeProposerIssue, ActeConfirmerIssue}
	admis := map[EtatLot]string{
		LotNouveau: "construire_lot", LotEnConstruction: "poursuivre_lot annuler_lot relire_lot", LotPropose: "ejecter_ligne valider_lot annuler_lot expirer_lot relire_lot", LotValide: "annuler_lot emettre_lot relire_lot",
		LotEmis: "transmettre_lot appliquer_retour alerter_lot rappeler_lot", LotTransmis: "appliquer_retour alerter_lot",
		LotInconnu: "appliquer_retour alerter_lot proposer_issue confirmer_issue", LotSolde: "appliquer_retour",
		LotAnnule: "", LotExpire: "",
	}
	for e, want := range admis {
		var got []string
		for _, a := range actes {
			if tr, ok := transitionLot(e, a); ok {
				got = append(got, string(a))
				if err := e.Admet(a, tr.Acteurs[0]); err != nil {
					t.Errorf("%s refuses %s to %s: %v", e, a, tr.Acteurs[0], err)
				}
				if err := e.Admet(a, RoleEntreprise); KindOf(err) != Forbidden {
					t.Errorf("%s lets a company %s: %v", e, a, err)
				}
			} else if err := e.Admet(a, RoleComptable); KindOf(err) != Conflict {
				t.Errorf("%s on %s: got %v, want a Conflict", a, e, err)
			}
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%s admits %q, want %q", e, g, want)
		}
	}
}

// I7: whatever the bank says, in whatever order, each cent emitted is paid,
// rejected, returned or awaited, and the ledger says the same.
func TestLotConserve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, ms := lotA(t, LotTransmis, rapid.Bool().Draw(t, "groupe"), s11())
		refs := []string{""}
		for _, v := range l.Virements() {
			refs = append(refs, v.EndToEndID)
		}
		for i := range rapid.IntRange(1, 8).Draw(t, "actes") {
			var fs []FaitBancaire
			for j := range rapid.IntRange(1, 5).Draw(t, "faits") {
				f := FaitBancaire{Cle: fmt.Sprintf("%d-%d", i, j), EndToEndID: rapid.SampledFrom(refs).Draw(t, "ref"), Motif: "AC04",
					Statut:  rapid.SampledFrom([]StatutBancaire{BanqueAccepte, BanqueRejete, BanqueExecute, BanqueRetourne}).Draw(t, "statut"),
					Montant: l.totalEtat(ReglementEmis, ReglementAccepte)}
				f.Entier = f.EndToEndID == ""
				fs = append(fs, f)
			}
			f := faitsLotEssai(jourLot)
			f.Entrees = fs
			e, err := l.Appliquer(acteLot(ActeAppliquerRetour, ActeurBanque(), ChargeAppliquerRetour{}), nil, f)
			if err != nil {
				t.Fatal(err)
			}
			ms = append(ms, e.Mouvements...)
			verifierConservation(t, l, ms)
		}
	})
}

func verifierConservation(t *rapid.T, l *Lot, ms []Mouvement) {
	soldes := map[CompteLivre]Montant{}
	for _, m := range ms {
		de, vers := m.Type.Comptes()
		soldes[de] -= m.Montant
		soldes[vers] += m.Montant
	}
	r := l.Resume()
	attendu := l.totalEtat(ReglementEmis, ReglementAccepte)
	if r.Paye+r.Rejete+r.Retourne+attendu != r.Demande || r.Demande != 627500 {
		t.Fatalf("%s paid, %s rejected, %s returned, %s awaited: not the %s emitted", r.Paye, r.Rejete, r.Retourne, attendu, r.Demande)
	}
	if soldes[LivrePaye] != r.Paye || soldes[LivreOrdonnance] != attendu || soldes[LivreServiceFait] != -attendu-r.Paye {
		t.Fatalf("the ledger says %v; the lot %s paid, %s awaited", soldes, r.Paye, attendu)
	}
	if l.Etat == LotSolde && attendu != 0 {
		t.Fatalf("%s still awaited of a lot that has ended", attendu)
	}
}

// The seal is on all that the file says.
func TestSceau(t *testing.T) {
	for name, change := range map[string]func(*Lot){
		"amount":    func(l *Lot) { l.Lignes[0].Montant++ },
		"IBAN":      func(l *Lot) { l.Lignes[0].IBAN = "FR7699999000770070070077737" },
		"execution": func(l *Lot) { l.Execution = "2026-05-05" },
		"payer":     func(l *Lot) { l.Donneur.IBAN = "FR7699999000770070070077737" },
		"line out":  func(l *Lot) { l.Lignes = l.Lignes[1:] },
		"no seal":   func(l *Lot) { l.Sceau = "" },
	} {
		l, _ := lotA(t, LotValide, false, s11())
		if err := l.Intact(); err != nil {
			t.Fatal(err)
		}
		if change(l); l.Intact() == nil {
			t.Errorf("%s changed and the seal still holds", name)
		}
	}
}
