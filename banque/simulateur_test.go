package banque_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"guichet/banque"
	"guichet/opco"
)

var reponse = time.Date(2026, 4, 13, 16, 0, 0, 0, time.UTC)

func repondre(t *testing.T, s banque.Simulateur, ordre []byte) (statuts banque.Retour, debits *banque.Retour) {
	t.Helper()
	p, c, err := s.Repondre(ordre, reponse)
	if err != nil {
		t.Fatal(err)
	}
	statuts = lire(t, p)
	if c != nil {
		valider(t, "camt.054.001.08.xsd", c)
		r := lire(t, c)
		debits = &r
	}
	return statuts, debits
}

// S11: the bank rejects the règlement of OF2 (AC04) and pays the two of OF1.
func TestS11RejetPartiel(t *testing.T) {
	s := banque.Simulateur{Rejets: map[string]string{ibanOF2: "AC04"}}
	statuts, debits := repondre(t, s, pain001(t, lotS11()))
	if statuts.Statut != banque.StatutPartiel || statuts.OrigMsgID != "MSG-LOT-2026-0011" || statuts.OrigLot != "LOT-2026-0011" ||
		statuts.OrigNombre != 3 || statuts.OrigSomme != 627_500 || statuts.Format != banque.FormatPain002 {
		t.Errorf("got file %+v", statuts)
	}
	got := map[string]string{}
	for _, e := range statuts.Entrees {
		got[e.EndToEndID] = strings.TrimSpace(fmt.Sprint(e.Statut, " ", e.Montant.Decimal(), " ", e.Motif, e.Anomalie))
	}
	want := map[string]string{
		"R-2026-000001": "ACCP 1200.00", "R-2026-000002": "ACCP 2835.00", "R-2026-000003": "RJCT 2240.00 AC04",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	if len(debits.Entrees) != 2 {
		t.Fatalf("got %d debits, want 2", len(debits.Entrees))
	}
	e := debits.Entrees[1]
	if e.EndToEndID != "R-2026-000002" || e.Statut != banque.StatutExecute || e.Montant != 283_500 ||
		e.Date != "2026-04-14" || e.Compte != ibanOPCO || e.Lot != "LOT-2026-0011" || e.RefBanque == "" || e.Anomalie != "" {
		t.Errorf("got debit %+v", e)
	}
}

// When each transfer is rejected, so is the file, and nothing is debited.
func TestTousRejetes(t *testing.T) {
	s := banque.Simulateur{Rejets: map[string]string{ibanOF1: "AC06", ibanOF2: "AC04"}}
	statuts, debits := repondre(t, s, pain001(t, lotS11()))
	if statuts.Statut != banque.StatutRejete || statuts.Motif != "" || len(statuts.Entrees) != 3 || debits != nil {
		t.Errorf("got file %+v, debits %v", statuts, debits)
	}
}

// S11, variant: executed, then returned AC01 two days later.
func TestS11Retour(t *testing.T) {
	s := banque.Simulateur{Retours: map[string]string{ibanOF2: "AC01"}}
	ordre := pain001(t, lotS11())
	c, err := s.Retourner(ordre, reponse.AddDate(0, 0, 3))
	if err != nil {
		t.Fatal(err)
	}
	valider(t, "camt.054.001.08.xsd", c)
	r := lire(t, c)
	if len(r.Entrees) != 1 {
		t.Fatalf("got %d entries, want 1", len(r.Entrees))
	}
	e := r.Entrees[0]
	if e.Statut != banque.StatutRetourne || e.Motif != "AC01" || e.EndToEndID != "R-2026-000003" || e.Montant != 224_000 || e.Date != "2026-04-16" {
		t.Errorf("got %+v", e)
	}
	_, debits := repondre(t, s, ordre)
	for _, d := range debits.Entrees {
		if d.Cle == e.Cle || d.RefBanque == e.RefBanque {
			t.Error("the debit and its return have the same key")
		}
	}
	for name, s := range map[string]banque.Simulateur{
		"no rule":             {},
		"a rejected transfer": {Rejets: map[string]string{ibanOF2: "AC04"}, Retours: map[string]string{ibanOF2: "AC01"}},
		"a rejected file":     {RejetFichier: "FF01", Retours: map[string]string{ibanOF2: "AC01"}},
	} {
		if c, err := s.Retourner(ordre, reponse); c != nil || err != nil {
			t.Errorf("%s: got %d bytes, %v; want no return", name, len(c), err)
		}
	}
}

// Every reason of the catalogue makes the round trip, as a rejection of a
// transfer, of a whole file, and as a return.
func TestChaqueMotif(t *testing.T) {
	ordre := pain001(t, lotS11())
	for _, code := range banque.Motifs() {
		t.Run(code, func(t *testing.T) {
			regles := map[string]string{"R-2026-000003": code}
			p, c, err := banque.Simulateur{Rejets: regles}.Repondre(ordre, reponse)
			if err != nil {
				t.Fatal(err)
			}
			if e := lire(t, p).Entrees[2]; e.Statut != banque.StatutRejete || e.Motif != code {
				t.Errorf("rejection: got %s %s", e.Statut, e.Motif)
			}
			if n := len(lire(t, c).Entrees); n != 2 {
				t.Errorf("rejection: got %d debits, want 2", n)
			}
			p, c, err = banque.Simulateur{RejetFichier: code}.Repondre(ordre, reponse)
			if r := lire(t, p); err != nil || c != nil || r.Statut != banque.StatutRejete || r.Motif != code || len(r.Entrees) != 0 {
				t.Errorf("file: got %s %s, %d bytes of camt, %v", r.Statut, r.Motif, len(c), err)
			}
			c, err = banque.Simulateur{Retours: regles}.Retourner(ordre, reponse)
			if err != nil {
				t.Fatal(err)
			}
			if e := lire(t, c).Entrees[0]; e.Statut != banque.StatutRetourne || e.Motif != code {
				t.Errorf("return: got %s %s", e.Statut, e.Motif)
			}
		})
	}
}

// The bank rejects a file that contradicts itself, whole, with its reason.
func TestBanqueRejetteLeFichier(t *testing.T) {
	bon := string(pain001(t, lotS11()))
	tests := []struct{ name, ordre, msgID, want string }{
		{"a control sum that is wrong in both headers", strings.ReplaceAll(bon, "6275.00", "6275.01"), "MSG-LOT-2026-0011", "AM10"},
		{"a count that is wrong in both headers", strings.ReplaceAll(bon, "<NbOfTxs>3<", "<NbOfTxs>4<"), "MSG-LOT-2026-0011", "AM18"},
		{"headers that disagree", strings.Replace(bon, "6275.00", "6275.01", 1), "MSG-LOT-2026-0011", "FF01"},
		{"a transfer twice", strings.ReplaceAll(bon, "<EndToEndId>R-2026-000002<", "<EndToEndId>R-2026-000001<"), "MSG-LOT-2026-0011", "AM05"},
		{"another version", strings.Replace(bon, "001.001.09", "001.001.03", 1), "NOTPROVIDED", "FF01"},
		{"half a file", bon[:len(bon)/2], "NOTPROVIDED", "FF01"},
		{"no file", "", "NOTPROVIDED", "FF01"},
		{"a zero amount", strings.ReplaceAll(bon, ">2240.00<", ">0.00<"), "MSG-LOT-2026-0011", "FF01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			statuts, debits := repondre(t, banque.Simulateur{}, []byte(tt.ordre))
			if statuts.Statut != banque.StatutRejete || statuts.Motif != tt.want || statuts.OrigMsgID != tt.msgID || debits != nil {
				t.Errorf("got %s %s for %s, debits %v; want RJCT %s for %s", statuts.Statut, statuts.Motif, statuts.OrigMsgID, debits, tt.want, tt.msgID)
			}
		})
	}
}

func TestRegleQuiNEnEstPasUne(t *testing.T) {
	for _, s := range []banque.Simulateur{
		{Rejets: map[string]string{ibanOF1: "ac04"}}, {Retours: map[string]string{ibanOF1: "TROPLONG"}}, {RejetFichier: "A B"},
	} {
		_, _, err := s.Repondre(pain001(t, lotS11()), reponse)
		refuse(t, err, "")
		_, err = s.Retourner(pain001(t, lotS11()), reponse)
		refuse(t, err, "")
	}
}

func TestDoublonsEtDesordre(t *testing.T) {
	ordre := pain001(t, lotS11())
	_, simple := repondre(t, banque.Simulateur{}, ordre)
	statuts, double := repondre(t, banque.Simulateur{Doublons: true, Desordre: true}, ordre)
	if len(double.Entrees) != 3 || double.Doublons != 3 {
		t.Errorf("got %d entries and %d duplicates, want 3 and 3", len(double.Entrees), double.Doublons)
	}
	for i, e := range double.Entrees {
		if want := simple.Entrees[2-i]; e.Cle != want.Cle {
			t.Errorf("entry %d: got key of %s, want %s", i, e.EndToEndID, want.EndToEndID)
		}
	}
	if statuts.Entrees[0].EndToEndID != "R-2026-000003" {
		t.Errorf("got %s first, want the last of the lot", statuts.Entrees[0].EndToEndID)
	}
}

// Whatever the rules, each transfer is rejected or debited, never both, never
// neither, and the sums are those of the lot (reliability.md I7).
func TestConservation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := lotS11()
		l.Virements = l.Virements[:0]
		rejets := map[string]string{}
		for i := range rapid.IntRange(1, 30).Draw(t, "transfers") {
			v := banque.Virement{
				EndToEndID: fmt.Sprint("R", i), Montant: opco.Montant(rapid.Int64Range(1, 1_000_000).Draw(t, "cents")),
				Remise: "R", Beneficiaire: banque.Compte{Nom: "OF", IBAN: ibanOF1},
			}
			if rapid.Bool().Draw(t, "rejected") {
				rejets[v.EndToEndID] = rapid.SampledFrom(banque.Motifs()).Draw(t, "reason")
			}
			l.Virements = append(l.Virements, v)
		}
		ordre, err := banque.PAIN001(l)
		if err != nil {
			t.Fatal(err)
		}
		s := banque.Simulateur{Rejets: rejets, Desordre: rapid.Bool().Draw(t, "desordre"), Doublons: rapid.Bool().Draw(t, "doublons")}
		p, c, err := s.Repondre(ordre, reponse)
		if err != nil {
			t.Fatal(err)
		}
		conserve(t, l, p, c)
	})
}

func conserve(t *rapid.T, l banque.Lot, p, c []byte) {
	statuts, err := banque.LireRetour(bytes.NewReader(p))
	if err != nil {
		t.Fatal(err)
	}
	var rejete, paye opco.Montant
	for _, e := range statuts.Entrees {
		if e.Statut == banque.StatutRejete {
			rejete += e.Montant
		}
	}
	if c != nil {
		debits, err := banque.LireRetour(bytes.NewReader(c))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range debits.Entrees {
			paye += e.Montant
		}
	}
	if rejete+paye != banque.ControleSomme(l) {
		t.Fatalf("rejected %s + paid %s, want %s", rejete, paye, banque.ControleSomme(l))
	}
}
