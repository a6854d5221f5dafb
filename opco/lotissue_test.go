package opco

import (
	"slices"
	"testing"
	"time"
)

// inconnu is a lot sent on 4 May to a bank that said nothing.
func inconnu(t *testing.T) *Lot {
	t.Helper()
	l, _ := lotA(t, LotEmis, false, s11())
	a, ech := systemeLot(ActeTransmettreLot, "")
	if _, err := l.Appliquer(a, ech, faitsLotEssai(jourLot)); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"sans_reponse", "inconnu"} {
		a, ech := systemeLot(ActeAlerterLot, code)
		e, err := l.Appliquer(a, ech, faitsLotEssai(jourLot))
		if err != nil || e.Alerte == "" {
			t.Fatalf("%s: %v, alert %q", code, err, e.Alerte)
		}
	}
	if l.Etat != LotInconnu || l.EnSuspens() != 627500 {
		t.Fatalf("got %s, %s awaited; want INCONNU, 6 275,00", string(l.Etat), l.EnSuspens())
	}
	return l
}

func retourDe(t *testing.T, l *Lot, fs ...FaitBancaire) EffetsLot {
	t.Helper()
	f := faitsLotEssai(jourLot.Add(72 * time.Hour))
	f.Entrees = fs
	a := acteLot(ActeAppliquerRetour, ActeurBanque(), ChargeAppliquerRetour{})
	e, err := l.Appliquer(a, nil, f)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A late answer settles a lot whose outcome is unknown: wholly, or until its
// execution is told.
func TestReponseTardive(t *testing.T) {
	l := inconnu(t)
	retourDe(t, l, FaitBancaire{Cle: "a", Entier: true, Statut: BanqueAccepte})
	if l.Etat != LotTransmis {
		t.Errorf("got %s once the bank answered, want TRANSMIS until the execution", string(l.Etat))
	}
	retourDe(t, l, FaitBancaire{Cle: "b", Entier: true, Statut: BanqueExecute, Montant: 627500, Date: "2026-05-07"})
	if l.Etat != LotSolde || len(l.Echeances) != 0 {
		t.Errorf("got %s, %v; want SOLDE", string(l.Etat), l.Echeances)
	}
	l = inconnu(t)
	retourDe(t, l, FaitBancaire{Cle: "c", EndToEndID: l.Lignes[0].EndToEndID, Statut: BanqueExecute, Montant: l.Lignes[0].Montant})
	if l.Etat != LotInconnu {
		t.Errorf("got %s while two transfers are awaited, want INCONNU", string(l.Etat))
	}
}

// What the first person reads on the statement moves nothing; the second one may not
// be the same, and files it as a fact of the account.
func TestIssueLueSurLeReleve(t *testing.T) {
	le := jourLot.Add(72 * time.Hour)
	proposer := func(l *Lot, c ChargeProposerIssue) (EffetsLot, error) {
		return l.Appliquer(acteLot(ActeProposerIssue, comptableLot, c), nil, faitsLotEssai(le))
	}
	confirmer := func(l *Lot, par Acteur, c ChargeConfirmerIssue) (EffetsLot, error) {
		return l.Appliquer(acteLot(ActeConfirmerIssue, par, c), nil, faitsLotEssai(le))
	}
	for name, c := range map[string]ChargeProposerIssue{
		"no outcome": {Jour: "2026-05-05", Releve: "12"}, "no day": {Statut: BanqueExecute, Releve: "12"}, "no statement": {Statut: BanqueExecute, Jour: "2026-05-05"},
		"before it left": {Statut: BanqueExecute, Jour: "2026-05-03", Releve: "12"}, "tomorrow": {Statut: BanqueExecute, Jour: "2026-05-08", Releve: "12"},
		"another transfer": {Statut: BanqueExecute, Jour: "2026-05-05", Releve: "12", Virements: []string{"R26-999999"}},
		"one twice":        {Statut: BanqueExecute, Jour: "2026-05-05", Releve: "12", Virements: []string{"R26-000001", "R26-000001"}},
	} {
		if _, err := proposer(inconnu(t), c); KindOf(err) != Invalid {
			t.Errorf("%s: got %v, want Invalid", name, err)
		}
	}
	l := inconnu(t)
	if _, err := confirmer(l, valideurLot, ChargeConfirmerIssue{}); KindOf(err) != Conflict {
		t.Errorf("confirmed what nobody proposed: %v", err)
	}
	e, err := proposer(l, ChargeProposerIssue{Statut: BanqueExecute, Jour: "2026-05-05", Releve: "12", Virements: []string{"R26-000001", "R26-000003"}})
	if err != nil || len(e.Mouvements) != 0 || len(e.Touches) != 0 || l.Issue.Somme != 344000 {
		t.Fatalf("got %v, %+v, %+v; want 3 440,00 and nothing moved", err, e, l.Issue)
	}
	if _, err := confirmer(l, comptableLot, ChargeConfirmerIssue{}); KindOf(err) != Forbidden {
		t.Errorf("the same person confirmed: %v", err)
	}
	if e, err = confirmer(l, valideurLot, ChargeConfirmerIssue{}); err != nil || len(e.Constats) != 2 || l.Issue != nil {
		t.Fatalf("got %v, %+v", err, e)
	}
	retourDe(t, l, e.Constats...)
	if got := l.totalEtat(ReglementExecute); got != 344000 || l.Etat != LotInconnu || !l.Lignes[0].Constate {
		t.Errorf("got %s paid, %s; want 3 440,00 and one transfer still unknown", got, string(l.Etat))
	}
	if e, err = proposer(l, ChargeProposerIssue{Statut: BanqueRejete, Jour: "2026-05-07", Releve: "appel au 01"}); err != nil || l.Issue.Somme != 283500 {
		t.Fatalf("got %v, %+v; want the rest, 2 835,00", err, l.Issue)
	}
	if e, err = confirmer(l, valideurLot, ChargeConfirmerIssue{}); err != nil {
		t.Fatal(err)
	}
	retourDe(t, l, e.Constats...)
	if l.Etat != LotSolde || l.totalEtat(ReglementRejete) != 283500 {
		t.Errorf("got %s, want SOLDE with 2 835,00 rejected", string(l.Etat))
	}
}

// A file that the bank never had is said of all of it, while the bank has answered nothing;
// nobody's account is frozen for it.
func TestIssueJamaisParti(t *testing.T) {
	le := jourLot.Add(72 * time.Hour)
	proposer := func(l *Lot, virements ...string) error {
		c := ChargeProposerIssue{Statut: IssueJamaisParti, Jour: "2026-05-05", Releve: "appel au 01", Virements: virements}
		_, err := l.Appliquer(acteLot(ActeProposerIssue, comptableLot, c), nil, faitsLotEssai(le))
		return err
	}
	if err := proposer(inconnu(t), "R26-000001"); KindOf(err) != Invalid {
		t.Errorf("a part of it: got %v, want Invalid", err)
	}
	l := inconnu(t)
	retourDe(t, l, FaitBancaire{Cle: "c", EndToEndID: l.Lignes[0].EndToEndID, Statut: BanqueRejete, Motif: "AC04", Montant: l.Lignes[0].Montant})
	if err := proposer(l); KindOf(err) != Invalid {
		t.Errorf("after an answer: got %v, want Invalid", err)
	}
	l = inconnu(t)
	if err := proposer(l); err != nil {
		t.Fatal(err)
	}
	e, err := l.Appliquer(acteLot(ActeConfirmerIssue, valideurLot, ChargeConfirmerIssue{}), nil, faitsLotEssai(le))
	if err != nil {
		t.Fatal(err)
	}
	e = retourDe(t, l, e.Constats...)
	if l.Etat != LotSolde || l.totalEtat(ReglementRejete) != 627500 || len(e.Gels) != 0 || len(e.Suites) == 0 {
		t.Errorf("got %s, %s rejected, %+v; want SOLDE, all of it, no account frozen", string(l.Etat), l.totalEtat(ReglementRejete), e)
	}
	for _, x := range e.Suites {
		if x.Type != ActeRejeterReglement || x.Motif != string(IssueJamaisParti) {
			t.Errorf("its dossier hears %s %s", x.Type, x.Motif)
		}
	}
}

// Of two persons who read otherwise, the second does not wipe what the first proposed:
// it stands until it is confirmed or set aside. Its author corrects it.
func TestDeuxLecturesDuReleve(t *testing.T) {
	l, le := inconnu(t), jourLot.Add(72*time.Hour)
	proposer := func(par Acteur, s StatutBancaire) error {
		_, err := l.Appliquer(acteLot(ActeProposerIssue, par, ChargeProposerIssue{Statut: s, Jour: "2026-05-05", Releve: "12"}), nil, faitsLotEssai(le))
		return err
	}
	for _, s := range []StatutBancaire{BanqueRejete, BanqueExecute} { // the author corrects what they read
		if err := proposer(comptableLot, s); err != nil {
			t.Fatal(err)
		}
	}
	err := proposer(valideurLot, BanqueRejete)
	if KindOf(err) != Conflict || l.Issue == nil || l.Issue.Par.Personne != comptableLot.Personne || l.Issue.Statut != BanqueExecute {
		t.Fatalf("got %v, %+v; want the first reading to stand", err, l.Issue)
	}
	if _, err := l.Appliquer(acteLot(ActeConfirmerIssue, valideurLot, ChargeConfirmerIssue{Refuse: true}), nil, faitsLotEssai(le)); err != nil || l.Issue != nil {
		t.Fatalf("set aside: %v, %+v", err, l.Issue)
	}
	if err := proposer(valideurLot, BanqueRejete); err != nil || l.Issue.Statut != BanqueRejete {
		t.Errorf("got %v, %+v; want the second reading", err, l.Issue)
	}
}

// The file of the bank that comes after the statement was read says nothing new,
// once; a second time, or otherwise, a person reads it.
func TestBanqueApresLeReleve(t *testing.T) {
	l := inconnu(t)
	retourDe(t, l, FaitBancaire{Cle: prefixeReleve + "x", Entier: true, Statut: BanqueExecute, Montant: 627500, Date: "2026-05-05"})
	if l.Etat != LotSolde {
		t.Fatalf("got %s, want SOLDE", string(l.Etat))
	}
	ref, m := l.Lignes[0].EndToEndID, l.Lignes[0].Montant
	sorts := func(s StatutBancaire) []EtatEntree {
		var es []EtatEntree
		for _, x := range retourDe(t, l, FaitBancaire{Cle: "b-" + ref + string(s), EndToEndID: ref, Statut: s, Montant: m}).Sorts {
			es = append(es, x.Etat)
		}
		return es
	}
	if got := sorts(BanqueRejete); !slices.Equal(got, []EtatEntree{EntreeQuarantaine}) {
		t.Errorf("a rejection of what was read as paid: %v, want quarantine", got)
	}
	if got := sorts(BanqueExecute); !slices.Equal(got, []EtatEntree{EntreeSansEffet}) {
		t.Errorf("the debit, at last: %v, want no effect", got)
	}
	if got := sorts(BanqueExecute); !slices.Equal(got, []EtatEntree{EntreeQuarantaine}) {
		t.Errorf("a second debit: %v, want quarantine", got)
	}
}

// A lot whose file could not leave comes back to its validation without the line
// that changed; nothing of it stays ordered.
func TestRappelerLot(t *testing.T) {
	l, ms := lotA(t, LotEmis, false, s11())
	a, ech := systemeLot(ActeRappelerLot, "rappel")
	f := faitsLotEssai(jourLot)
	f.Reglements = s11()
	if e, err := l.Appliquer(a, ech, f); err != nil || l.Etat != LotEmis || e.Alerte != "" {
		t.Fatalf("got %v, %s, %q; want nothing changed", err, string(l.Etat), e.Alerte)
	}
	f = faitsLotEssai(jourLot)
	f.Reglements = s11()
	f.Reglements[2].RIB = RIBQuiGele
	e, err := l.Appliquer(a, ech, f)
	if err != nil || l.Etat != LotPropose || l.Somme() != 403500 || !e.Caduc || e.Alerte == "" || l.Fichier != "" || !l.EmisLe.IsZero() || len(l.Validations) != 0 {
		t.Fatalf("got %v, %s, %s, %+v", err, string(l.Etat), l.Somme(), e)
	}
	ordonnance := Montant(0)
	for _, m := range append(ms, e.Mouvements...) {
		switch m.Type {
		case MouvementOrdonnance:
			ordonnance += m.Montant
		case MouvementRejet:
			ordonnance -= m.Montant
		}
	}
	if ordonnance != 0 {
		t.Errorf("%s stays ordered for a file that never left", ordonnance)
	}
}

// A step that moves a few lines of a long lot is given those: the figures of the whole
// stay exact, and nothing else moves.
func TestLotPartiel(t *testing.T) {
	l, _ := lotA(t, LotTransmis, false, s11())
	tete := l.EnTete()
	if tete.Nombre() != 3 || tete.Somme() != 627500 || len(tete.Lignes) != 0 {
		t.Fatalf("got %d, %s without the lines; want 3, 6 275,00", tete.Nombre(), tete.Somme())
	}
	tete.Prendre(l.Lignes[1:2])
	if tete.Nombre() != 3 || tete.Somme() != 627500 {
		t.Fatalf("got %d, %s with one line at hand", tete.Nombre(), tete.Somme())
	}
	e := retourDe(t, &tete, FaitBancaire{Cle: "x", EndToEndID: l.Lignes[1].EndToEndID, Statut: BanqueExecute, Montant: l.Lignes[1].Montant})
	if r := tete.Resume(); len(e.Touches) != 1 || r.Paye != 283500 || r.Demande != 627500 || r.Nombre != 3 || tete.Etat != LotTransmis || tete.EnSuspens() != 344000 {
		t.Errorf("got %+v, %s; want 2 835,00 paid of 6 275,00", r, string(tete.Etat))
	}
	fin := tete.EnTete()
	fin.Prendre(l.Lignes[:1])
	fin.Prendre(l.Lignes[2:])
	retourDe(t, &fin, FaitBancaire{Cle: "y", EndToEndID: l.Lignes[0].EndToEndID, Statut: BanqueExecute, Montant: l.Lignes[0].Montant},
		FaitBancaire{Cle: "z", EndToEndID: l.Lignes[2].EndToEndID, Statut: BanqueRejete})
	if fin.Etat != LotSolde || fin.Resume().Paye != 403500 || fin.Resume().Rejete != 224000 {
		t.Errorf("got %s, %+v; want SOLDE, 4 035,00 paid, 2 240,00 rejected", string(fin.Etat), fin.Resume())
	}
}
