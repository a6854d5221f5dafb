package store_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

func init() {
	cloisons["ecriture_numero"] = struct{ entreprise, organisme string }{}
	const duComptable = "the accounting journal, of the comptables: no route of an organisation"
	for _, nom := range []string{"NumeroterEcritures", "EcrituresSansNumero", "ParcourirJournal", "BalanceComptable"} {
		sansPortee[nom] = duComptable
	}
}

// cleEssai is an account of an envelope, for one dossier.
type cleEssai struct {
	enveloppe, dossier string
	compte             opco.CompteLivre
}

// livre is a ledger that random movements fill, and what it should say.
type livre struct {
	t      *testing.T
	s      *store.Store
	ctx    context.Context
	hasard *rand.Rand
	soldes map[cleEssai]opco.Montant
	n      int
}

var enveloppesEssai = []store.Enveloppe{
	{SIREN: "999001019", Annee: 2025, Fonds: "MUTUALISE", Ordre: 20}, {SIREN: "999001019", Annee: 2026, Fonds: "CONVENTIONNEL", Ordre: 10},
	{SIREN: "999001019", Annee: 2026, Fonds: "MUTUALISE", Ordre: 20}, {SIREN: "999001019", Fonds: "VV", Ordre: 30}, {SIREN: "999001225", Annee: 2026, Fonds: "MUTUALISE", Ordre: 20},
}

// dossiersEssai are, by company, dossiers of two établissements.
var dossiersEssai = map[string][]string{
	"999001019": {"aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002", "aaaaaaaa-0000-4000-8000-000000000003"},
	"999001225": {"bbbbbbbb-0000-4000-8000-000000000001"},
}

// sitesEssai are the établissements of dossiersEssai.
var sitesEssai = map[string]string{dossiersEssai["999001019"][0]: "99900101900010", dossiersEssai["999001019"][1]: "99900101900010",
	dossiersEssai["999001019"][2]: "99900101900028", dossiersEssai["999001225"][0]: "99900122500013"}

// remplir opens a ledger and posts n movements at random, each of which its accounts allow.
func remplir(t *testing.T, graine uint64, n int) *livre {
	t.Helper()
	l := &livre{t: t, s: storetest.Ouvrir(t), ctx: context.Background(), hasard: rand.New(rand.NewPCG(graine, 7)), soldes: map[cleEssai]opco.Montant{}}
	for id, site := range sitesEssai {
		_, err := l.s.DB.Exec(`INSERT INTO dossier (id, numero, etat, rang, etablissement, siren, organisme, debut, fin, demande, accorde, resume, contenu, cree_le, modifie_le)
			VALUES ($1, $3, 'EN_REGLEMENT', 1, $2, $4, '', '2026-01-12', '2026-02-12', 1000, 1000, '{}', '{}', now(), now())`, id, site, "AF26-"+id[:1]+id[34:], site[:9])
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, e := range enveloppesEssai {
		dotation := opco.Montant(l.hasard.IntN(900_000) + 100_000)
		if i == 4 {
			dotation = opco.MontantMax // without a ceiling
		}
		if err := l.s.OuvrirEnveloppe(l.ctx, e, 0); err != nil {
			t.Fatal(err)
		}
		l.poster(e.ID(), "", opco.Mouvement{Type: opco.MouvementDotation, Montant: dotation}, time.Date(2025, 12, 20, 10, 0, 0, 0, time.UTC))
	}
	for l.n < n {
		l.hasarder()
	}
	return l
}

// hasarder tries one movement: a part of what the account it takes from holds.
func (l *livre) hasarder() {
	e := enveloppesEssai[l.hasard.IntN(len(enveloppesEssai))]
	ds := dossiersEssai[e.SIREN]
	d, types := ds[l.hasard.IntN(len(ds))], opco.TypesMouvement()
	m := opco.Mouvement{Type: types[l.hasard.IntN(len(types))]}
	if m.Type == opco.MouvementDotation {
		return
	}
	de, _ := m.Type.Comptes()
	tient := l.soldes[cle(e.ID(), d, de)]
	switch m.Type {
	case opco.MouvementIndu: // of what left
		tient = l.soldes[cle(e.ID(), d, opco.LivrePaye)] + l.soldes[cle(e.ID(), d, opco.LivreTropPercu)]
	case opco.MouvementRetour:
		tient += l.soldes[cle(e.ID(), d, opco.LivreTropPercu)]
	case opco.MouvementRestitution, opco.MouvementRestitutionClos: // of what was recovered
		recouvre := -l.soldes[cle(e.ID(), d, opco.LivreTropPercu)] - l.soldes[cle(e.ID(), d, opco.LivreIndu)]
		if m.Type == opco.MouvementRestitution {
			recouvre = min(recouvre, tient)
		}
		tient = recouvre
	}
	if de == opco.LivreEnveloppe {
		tient = min(tient/4, 50_000)
	}
	if tient <= 0 {
		return
	}
	m.Montant = opco.Montant(l.hasard.Int64N(int64(tient))) + 1
	// Around midnight in Paris, on both sides of the year.
	le := time.Date(2025, 12, 28+l.hasard.IntN(70), 22+l.hasard.IntN(2), l.hasard.IntN(60), 0, 0, time.UTC)
	l.poster(e.ID(), d, m, le)
}

func cle(enveloppe, dossier string, c opco.CompteLivre) cleEssai {
	if c == opco.LivreSource || c == opco.LivreEnveloppe {
		dossier = ""
	}
	return cleEssai{enveloppe, dossier, c}
}

func (l *livre) poster(enveloppe, dossier string, m opco.Mouvement, le time.Time) {
	l.t.Helper()
	l.n++
	m.Enveloppe = enveloppe
	if err := l.s.Poster(l.ctx, fmt.Sprintf("essai/%d", l.n), dossier, le, m); err != nil {
		l.t.Fatal(err)
	}
	de, vers := m.Type.Comptes()
	l.soldes[cle(enveloppe, dossier, de)] -= m.Montant
	l.soldes[cle(enveloppe, dossier, vers)] += m.Montant
}

// journal exports a period of a fund, and reads the file back: the balances by envelope
// and account, and the day of each number of each year.
func (l *livre) journal(fonds string, du, au opco.Date, soldes map[string]opco.Montant) map[string]string {
	l.t.Helper()
	p := store.PeriodeComptable{Fonds: fonds, Du: du, Au: au}
	n := store.Numerotation{Acte: uuid.NewString(), PeriodeComptable: p, Par: cpt}
	combien, err := l.s.NumeroterEcritures(l.ctx, n)
	if err != nil {
		l.t.Fatal(err)
	}
	if encore, err := l.s.NumeroterEcritures(l.ctx, n); err != nil || encore != combien {
		l.t.Errorf("the same acte again: %d numbered (%v), %d the first time", encore, err, combien)
	}
	numeros := map[string]string{}
	err = l.s.ParcourirJournal(l.ctx, p, func(e opco.EcritureComptable) error {
		lignes, err := e.Journal()
		for _, x := range lignes {
			if jour := opco.Date(x[3][:4] + "-" + x[3][4:6] + "-" + x[3][6:]); jour < du || jour > au {
				l.t.Errorf("an entry of %s is in the journal from %s to %s", jour, du, au)
			}
			m, err := relireMontants(x[11], x[12])
			if err != nil {
				l.t.Fatal(err)
			}
			soldes[x[6]+" "+x[4]] += m
			numeros[x[3][:4]+" "+x[2]] = x[3] + " " + e.Mouvement
		}
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return numeros
}

// TestReadingNumbersNothing: a journal that is read holds what a comptable has
// numbered, and says how much it lacks; an acte numbers one period.
func TestReadingNumbersNothing(t *testing.T) {
	l := remplir(t, 3, 60)
	p := store.PeriodeComptable{Fonds: "MUTUALISE", Du: "2026-01-01", Au: "2026-12-31"}
	lues := func() (n int64) {
		t.Helper()
		if err := l.s.ParcourirJournal(l.ctx, p, func(opco.EcritureComptable) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	manque := func() int64 {
		t.Helper()
		n, err := l.s.EcrituresSansNumero(l.ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	tout := manque()
	if tout == 0 || lues() != 0 || manque() != tout {
		t.Fatalf("reading numbered something: %d lack a number, then %d", tout, manque())
	}
	n := store.Numerotation{Acte: uuid.NewString(), PeriodeComptable: p, Par: cpt}
	if combien, err := l.s.NumeroterEcritures(l.ctx, n); err != nil || combien != tout || lues() != tout || manque() != 0 {
		t.Errorf("numbered %d of %d (%v), %d are read", combien, tout, err, lues())
	}
	n.Fonds = "VV"
	_, err := l.s.NumeroterEcritures(l.ctx, n)
	veut(t, "the same acte for another fund", err, "ACTE_REUTILISE")
}

func relireMontants(debit, credit string) (opco.Montant, error) {
	var d, c opco.Montant
	for champ, m := range map[string]*opco.Montant{debit: &d, credit: &c} {
		var euros, centimes int64
		if _, err := fmt.Sscanf(strings.Replace(champ, ",", " ", 1), "%d %02d", &euros, &centimes); err != nil {
			return 0, fmt.Errorf("%q: %w", champ, err)
		}
		*m = opco.Montant(100*euros + centimes)
	}
	return d - c, nil
}

// TestTheJournalReadsBackToTheLedger: the journal of a fund, month after month, gives
// the very balances of the ledger when it is imported; its numbers have no gap, and what
// comes late does not move them.
func TestTheJournalReadsBackToTheLedger(t *testing.T) {
	l := remplir(t, 1, 400)
	soldes, numeros := map[string]opco.Montant{}, map[string]map[string]string{}
	periodes := [][2]opco.Date{{"2025-12-01", "2025-12-31"}, {"2026-01-01", "2026-01-31"}, {"2026-02-01", "2026-02-28"}, {"2026-03-01", "2026-12-31"}}
	for _, fonds := range opco.CodesFonds() {
		numeros[fonds] = map[string]string{}
		for _, p := range periodes {
			maps.Copy(numeros[fonds], l.journal(fonds, p[0], p[1], soldes))
		}
	}
	l.comparer(t, soldes)
	sansTrou(t, numeros, l.n)

	tard := opco.Mouvement{Type: opco.MouvementDotation, Montant: 1}
	l.poster(enveloppesEssai[2].ID(), "", tard, time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC))
	apres := l.journal("MUTUALISE", "2025-12-01", "2026-06-30", map[string]opco.Montant{})
	for n, x := range numeros["MUTUALISE"] {
		if apres[n] != x {
			t.Errorf("entry %s was %q, is %q after a late one", n, x, apres[n])
		}
	}
	if len(apres) != len(numeros["MUTUALISE"])+1 {
		t.Errorf("got %d entries after a late one, had %d", len(apres), len(numeros["MUTUALISE"]))
	}
	if _, err := l.s.DB.Exec(`UPDATE ecriture_numero SET numero = numero + 1000`); err == nil {
		t.Error("numbers were changed")
	}
}

// comparer holds what was read back to the balances that the ledger keeps.
func (l *livre) comparer(t *testing.T, lus map[string]opco.Montant) {
	t.Helper()
	var ss []struct {
		Enveloppe string           `db:"enveloppe"`
		Compte    opco.CompteLivre `db:"compte"`
		Montant   opco.Montant     `db:"montant"`
	}
	if err := l.s.DB.Select(&ss, `SELECT enveloppe, compte, sum(montant) AS montant FROM solde GROUP BY 1, 2`); err != nil {
		t.Fatal(err)
	}
	for _, s := range ss {
		n, _ := opco.CompteComptable(s.Compte)
		if lus[s.Enveloppe+" "+n] != s.Montant {
			t.Errorf("%s of %s: the journal gives %s, the ledger %s", s.Compte, s.Enveloppe, lus[s.Enveloppe+" "+n], s.Montant)
		}
	}
	if len(ss) < 15 {
		t.Errorf("only %d balances were compared", len(ss))
	}
}

// sansTrou: the numbers of each fund and year are 1, 2, 3… and there are n in all.
func sansTrou(t *testing.T, numeros map[string]map[string]string, n int) {
	t.Helper()
	for fonds, ns := range numeros {
		n -= len(ns)
		parAnnee := map[string]int{}
		for x := range ns {
			parAnnee[x[:4]]++
		}
		for annee, combien := range parAnnee {
			for i := 1; i <= combien; i++ {
				if ns[fmt.Sprintf("%s %d", annee, i)] == "" {
					t.Errorf("%s, %s: no entry %d of %d", fonds, annee, i, combien)
				}
			}
		}
	}
	if n != 0 {
		t.Errorf("%d movements are in no journal", n)
	}
}

// TestTheBalanceOfAPeriod: debits equal credits, and a period that does not read is refused.
func TestTheBalanceOfAPeriod(t *testing.T) {
	l := remplir(t, 2, 120)
	ss, err := l.s.BalanceComptable(l.ctx, store.PeriodeComptable{Fonds: "MUTUALISE", Du: "2026-01-01", Au: "2026-12-31"})
	var debit, credit opco.Montant
	for _, s := range ss {
		debit, credit = debit+s.Debit, credit+s.Credit
	}
	if err != nil || debit != credit || debit == 0 || len(ss) < 5 {
		t.Errorf("got %d accounts, %s and %s (%v)", len(ss), debit, credit, err)
	}
	for champ, p := range map[string]store.PeriodeComptable{"fonds": {Fonds: "TRESOR", Du: "2026-01-01", Au: "2026-12-31"}, "au": {Fonds: "VV", Du: "2026-01-01", Au: "2025-12-31"},
		"du": {Fonds: "VV", Du: "hier", Au: "2025-12-31"}} {
		_, compter := l.s.EcrituresSansNumero(l.ctx, p)
		_, numeroter := l.s.NumeroterEcritures(l.ctx, store.Numerotation{Acte: uuid.NewString(), PeriodeComptable: p, Par: cpt})
		_, sommer := l.s.BalanceComptable(l.ctx, p)
		for _, err := range []error{compter, numeroter, sommer, l.s.ParcourirJournal(l.ctx, p, nil)} {
			if opco.KindOf(err) != opco.Invalid {
				t.Errorf("%s: got %v", champ, err)
			}
		}
	}
}
