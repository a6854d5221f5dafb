package banque_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"guichet/banque"
	"guichet/opco"
)

var update = flag.Bool("update", false, "write the golden files")

func TestPAIN001Golden(t *testing.T) {
	const fichier = "testdata/lot_s11.pain001.xml"
	got := pain001(t, lotS11())
	if *update {
		if err := os.WriteFile(fichier, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(fichier)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the order changed (-want +got):\n%s", diff)
	}
	valider(t, "pain.001.001.09.epc.xsd", got)
	if got := banque.ControleSomme(lotS11()); got != 627_500 {
		t.Errorf("got control sum %s, want 6 275,00 € (S11)", got)
	}
	for _, interdit := range []string{"AdrLine", "PstlAdr", "é", "Œ", "&amp;"} {
		if bytes.Contains(got, []byte(interdit)) {
			t.Errorf("the order contains %s", interdit)
		}
	}
	if !bytes.Contains(got, []byte("<Nm>OEuvre Faconnee + Cie</Nm>")) {
		t.Error("the payee of S14 is not written « OEuvre Faconnee + Cie »")
	}
}

// The address of a payee is written in its parts when it is known whole, with its town
// and its country, and not at all otherwise; never in free lines.
func TestPAIN001Adresse(t *testing.T) {
	l := lotS11()
	l.Virements[0].Beneficiaire.Adresse = opco.StructurerAdresse("3 bis, allée de l’Œuvre", "31000", "Toulouse")
	l.Virements[1].Beneficiaire.Adresse = opco.StructurerAdresse("Z.A. de la Gare", "01000", "Bourg-en-Bresse")
	got := pain001(t, l)
	valider(t, "pain.001.001.09.epc.xsd", got)
	sansBlancs := regexp.MustCompile(`>\s+<`).ReplaceAllString(string(got), "><")
	for _, want := range []string{
		"<PstlAdr><StrtNm>allee de l&#39;OEuvre</StrtNm><BldgNb>3 bis</BldgNb><PstCd>31000</PstCd><TwnNm>Toulouse</TwnNm><Ctry>FR</Ctry></PstlAdr></Cdtr><CdtrAcct>",
		"<PstlAdr><StrtNm>Z.A. de la Gare</StrtNm><PstCd>01000</PstCd><TwnNm>Bourg-en-Bresse</TwnNm><Ctry>FR</Ctry></PstlAdr></Cdtr><CdtrAcct>"} {
		if !strings.Contains(sansBlancs, want) {
			t.Errorf("the order does not say %s:\n%s", want, sansBlancs)
		}
	}
	if n := strings.Count(sansBlancs, "<PstlAdr>"); n != 2 || len(l.Virements) < 3 || strings.Contains(sansBlancs, "AdrLine") {
		t.Errorf("got %d addresses for %d transfers, want the two that are known", n, len(l.Virements))
	}
	if o := banque.ControleSomme(l); o != 627_500 {
		t.Errorf("got %s", o)
	}
}

// A lot of 2,000 transfers, the largest amount among them, is valid and quick.
func TestPAIN001DeuxMille(t *testing.T) {
	l := lotS11()
	l.Virements = nil
	for i := range 2000 {
		l.Virements = append(l.Virements, banque.Virement{
			EndToEndID: fmt.Sprintf("R-2026-%06d", i), Montant: opco.Montant(1 + i*997),
			Beneficiaire: banque.Compte{Nom: fmt.Sprintf("L’Atelier n° %d & Fils", i), IBAN: ibanOF1, BIC: "PSSTFRPP"},
			Remise:       fmt.Sprintf("R-2026-%06d AF-2026-%06d F%d", i, i, i),
		})
	}
	l.Virements[7].Montant, l.Donneur.BIC = opco.MontantMax, "PSSTFRPPPAR"
	valider(t, "pain.001.001.09.epc.xsd", pain001(t, l))
}

// The file is a pure function of the lot: the zone in which the clock was read
// and what is below the second are no part of it.
func TestPAIN001MemesOctets(t *testing.T) {
	l := lotS11()
	un := pain001(t, l)
	l.CreeLe = l.CreeLe.In(opco.Paris).Add(400 * time.Millisecond)
	deux := pain001(t, l)
	if banque.Empreinte(un) != banque.Empreinte(deux) {
		t.Error("the same lot gave two files")
	}
	l.Virements[0].Montant++
	if banque.Empreinte(un) == banque.Empreinte(pain001(t, l)) {
		t.Error("another amount gave the same file")
	}
	if got := banque.Empreinte([]byte("abc")); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("got %s, want the SHA-256 of abc", got)
	}
}

func TestPAIN001Refuse(t *testing.T) {
	tests := []struct {
		name  string
		champ string
		casse func(*banque.Lot)
	}{
		{"an empty lot", "virements", func(l *banque.Lot) { l.Virements = nil }},
		{"no lot number", "lot", func(l *banque.Lot) { l.ID = "" }},
		{"a lot number of 36", "lot", func(l *banque.Lot) { l.ID = strings.Repeat("9", 36) }},
		{"a message id with an accent", "msg_id", func(l *banque.Lot) { l.MsgID = "LOT-É" }},
		{"a message id that starts with a slash", "msg_id", func(l *banque.Lot) { l.MsgID = "/LOT" }},
		{"no creation date", "cree_le", func(l *banque.Lot) { l.CreeLe = time.Time{} }},
		{"a day that does not exist", "execution", func(l *banque.Lot) { l.Execution = "2026-02-30" }},
		{"no day", "execution", func(l *banque.Lot) { l.Execution = "" }},
		{"a zero amount", "montant", func(l *banque.Lot) { l.Virements[1].Montant = 0 }},
		{"a negative amount", "montant", func(l *banque.Lot) { l.Virements[1].Montant = -1 }},
		{"an amount above the SEPA limit", "montant", func(l *banque.Lot) { l.Virements[1].Montant = opco.MontantMax + 1 }},
		{"the same règlement twice", "end_to_end_id", func(l *banque.Lot) { l.Virements[2].EndToEndID = l.Virements[0].EndToEndID }},
		{"no reference", "end_to_end_id", func(l *banque.Lot) { l.Virements[0].EndToEndID = "" }},
		{"a reference with a double slash", "end_to_end_id", func(l *banque.Lot) { l.Virements[0].EndToEndID = "R//1" }},
		{"a reference that ends with a space", "end_to_end_id", func(l *banque.Lot) { l.Virements[0].EndToEndID = "R1 " }},
		{"a remittance of 141", "remise", func(l *banque.Lot) { l.Virements[0].Remise = strings.Repeat("A", 141) }},
		{"a remittance with an accent", "remise", func(l *banque.Lot) { l.Virements[0].Remise = "Réglé" }},
		{"no remittance", "remise", func(l *banque.Lot) { l.Virements[0].Remise = "" }},
		{"an IBAN with a wrong check", "beneficiaire", func(l *banque.Lot) { l.Virements[0].Beneficiaire.IBAN = "FR7630006000011234567890188" }},
		{"an IBAN with spaces", "beneficiaire", func(l *banque.Lot) { l.Virements[0].Beneficiaire.IBAN = "FR76 9999 9000 1500 1002 0035 594" }},
		{"a payer without an IBAN", "donneur", func(l *banque.Lot) { l.Donneur.IBAN = "" }},
		{"a name that SEPA cannot write", "beneficiaire", func(l *banque.Lot) { l.Virements[0].Beneficiaire.Nom = "文化" }},
		{"a BIC of 9", "beneficiaire", func(l *banque.Lot) { l.Virements[0].Beneficiaire.BIC = "PSSTFRPPP" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := lotS11()
			tt.casse(&l)
			b, err := banque.PAIN001(l)
			refuse(t, err, "")
			if e := err.(*opco.Error); e.Champ != tt.champ {
				t.Errorf("got field %s (%s), want %s", e.Champ, e.Message, tt.champ)
			}
			if b != nil {
				t.Error("a refused lot gave bytes")
			}
		})
	}
}

var (
	sommes   = regexp.MustCompile(`<CtrlSum>([0-9.]+)</CtrlSum>`)
	nombres  = regexp.MustCompile(`<NbOfTxs>([0-9]+)</NbOfTxs>`)
	montants = regexp.MustCompile(`<InstdAmt Ccy="EUR">([0-9]+)\.([0-9]{2})</InstdAmt>`)
)

// Both headers carry the exact count and sum of what the file orders, and the
// bank reads the amounts that the lot holds.
func TestPAIN001Sommes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := lotS11()
		l.Virements = l.Virements[:0]
		var somme opco.Montant
		for i := range rapid.IntRange(1, 40).Draw(t, "transfers") {
			m := opco.Montant(rapid.Int64Range(1, int64(opco.MontantMax)).Draw(t, "cents"))
			somme += m
			l.Virements = append(l.Virements, banque.Virement{
				EndToEndID: fmt.Sprint("R", i), Montant: m, Remise: "R",
				Beneficiaire: banque.Compte{Nom: "OF", IBAN: ibanOF1},
			})
		}
		b, err := banque.PAIN001(l)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sommes.FindAllSubmatch(b, -1) {
			if string(s[1]) != somme.Decimal() {
				t.Fatalf("got CtrlSum %s, want %s", s[1], somme.Decimal())
			}
		}
		for _, n := range nombres.FindAllSubmatch(b, -1) {
			if string(n[1]) != fmt.Sprint(len(l.Virements)) {
				t.Fatalf("got NbOfTxs %s, want %d", n[1], len(l.Virements))
			}
		}
		ecrits := montants.FindAllSubmatch(b, -1)
		if len(ecrits) != len(l.Virements) || len(sommes.FindAll(b, -1)) != 2 || len(nombres.FindAll(b, -1)) != 2 {
			t.Fatal("a header or a transfer is missing")
		}
		for i, e := range ecrits {
			if got := string(e[1]) + "." + string(e[2]); got != l.Virements[i].Montant.Decimal() {
				t.Fatalf("got amount %s, want %s", got, l.Virements[i].Montant.Decimal())
			}
		}
	})
}
