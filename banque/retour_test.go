package banque_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet/banque"
)

func cles(r banque.Retour) []string {
	var cles []string
	for _, e := range r.Entrees {
		cles = append(cles, e.Cle)
	}
	return cles
}

var entreBalises = regexp.MustCompile(`>\s+<`)

// A file that is indented otherwise, commented, prefixed, given other ids, dated
// otherwise or put in another order tells the same facts.
func TestClesStables(t *testing.T) {
	ordre := pain001(t, lotS11())
	s := banque.Simulateur{Rejets: map[string]string{ibanOF2: "AC04"}}
	statuts, debits, err := s.Repondre(ordre, reponse)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		change func(string) string
	}{
		{"on one line", func(s string) string { return entreBalises.ReplaceAllString(s, "><") }},
		{"spread out", func(s string) string { return entreBalises.ReplaceAllString(s, ">\r\n\t\t<") }},
		{"spaces around the values", func(s string) string {
			return regexp.MustCompile(`>([^<>\s][^<>]*)<`).ReplaceAllString(s, ">\n $1 \n<")
		}},
		{"commented", func(s string) string { return strings.ReplaceAll(s, "R-2026", "R<!-- c -->-2026") }},
		{"in CDATA", func(s string) string { return strings.ReplaceAll(s, "R-2026-000001", "<![CDATA[R-2026-000001]]>") }},
		{"prefixed", prefixer},
		{"with a byte order mark", func(s string) string { return "\ufeff" + s }},
		{"under another message id", func(s string) string { return strings.ReplaceAll(s, "ESSAI-", "AUTRE-") }},
		{"written the next day", func(s string) string { return strings.ReplaceAll(s, "2026-04-13T16:00:00Z", "2026-04-14T09:00:00Z") }},
		{"with more zeros", func(s string) string { return strings.ReplaceAll(s, "1200.00", "1200.00000") }},
	}
	for _, fichier := range [][]byte{statuts, debits} {
		want := lire(t, fichier)
		for _, tt := range tests {
			t.Run(string(want.Format)+" "+tt.name, func(t *testing.T) {
				autre := tt.change(string(fichier))
				if autre == string(fichier) {
					t.Fatal("the change changes nothing")
				}
				got := lire(t, []byte(autre))
				if diff := cmp.Diff(cles(want), cles(got)); diff != "" || got.Cle != want.Cle {
					t.Errorf("keys changed (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// prefixer writes every element with a namespace prefix.
func prefixer(s string) string {
	s = regexp.MustCompile(`<(/?)([A-Z])`).ReplaceAllString(s, "<${1}n:$2")
	return strings.Replace(s, "xmlns=", "xmlns:n=", 1)
}

const detail = `<Ntry><Amt Ccy="EUR">12.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-04-14</Dt></BookgDt>` +
	`<AcctSvcrRef>REF1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>R1</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>`

// Another reference, amount, day, direction or bank number is another fact.
func TestClesDistinctes(t *testing.T) {
	une := lire(t, []byte(camt(detail))).Entrees[0]
	for _, change := range [][2]string{
		{"R1<", "R2<"}, {"12.00", "12.01"}, {"2026-04-14<", "2026-04-15<"}, {"REF1", "REF2"}, {"DBIT", "CRDT"}, {"BOOK", "PDNG"},
	} {
		autre := lire(t, []byte(camt(strings.ReplaceAll(detail, change[0], change[1])))).Entrees[0]
		if autre.Cle == une.Cle {
			t.Errorf("%s for %s gives the same key", change[1], change[0])
		}
	}
	soir := strings.NewReplacer("camt.054", "camt.053", "BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt", "Ntfctn>", "Stmt>").Replace(camt(detail))
	if got := lire(t, []byte(soir)); got.Format != banque.FormatCamt053 || got.Entrees[0].Cle != une.Cle {
		t.Error("the statement of the evening tells another fact than the notification")
	}
}

// What the bank numbers and tells twice is one fact; what it does not number is
// kept: two equal credits of one day are two credits.
func TestDoublonsDUnFichier(t *testing.T) {
	sansRef := strings.NewReplacer("<AcctSvcrRef>REF1</AcctSvcrRef>", "", "<EndToEndId>R1</EndToEndId>", "<EndToEndId>NOTPROVIDED</EndToEndId>", "DBIT", "CRDT").Replace(detail)
	memes := `<TxDtls><Amt Ccy="EUR">6.00</Amt></TxDtls>`
	regroupees := strings.Replace(detail, `<TxDtls><Refs><EndToEndId>R1</EndToEndId></Refs></TxDtls>`, memes+memes, 1)
	tests := []struct {
		name              string
		ecritures         string
		entrees, doublons int
	}{
		{"numbered by the bank", detail + detail, 1, 1},
		{"not numbered", sansRef + sansRef + sansRef, 3, 0},
		{"details that only their entry is numbered", regroupees, 2, 0},
		{"numbered otherwise", detail + strings.ReplaceAll(detail, "REF1", "REF2"), 2, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := lire(t, []byte(camt(tt.ecritures)))
			if len(r.Entrees) != tt.entrees || r.Doublons != tt.doublons {
				t.Errorf("got %d entries and %d duplicates, want %d and %d", len(r.Entrees), r.Doublons, tt.entrees, tt.doublons)
			}
			k := cles(r)
			slices.Sort(k)
			if len(slices.Compact(k)) != tt.entrees {
				t.Error("two entries have one key")
			}
			if diff := cmp.Diff(cles(r), cles(lire(t, []byte(camt(tt.ecritures))))); diff != "" {
				t.Errorf("keys changed:\n%s", diff)
			}
		})
	}
}

func TestStatutsDuFichier(t *testing.T) {
	const raison = `<StsRsnInf><Rsn><Cd>AM10</Cd></Rsn><AddtlInf>Sum is</AddtlInf><AddtlInf>wrong</AddtlInf></StsRsnInf>`
	tx := func(id, statut string) string {
		return `<TxInfAndSts><OrgnlEndToEndId>` + id + `</OrgnlEndToEndId>` + statut + `</TxInfAndSts>`
	}
	bloc := func(s string) string {
		return `<OrgnlPmtInfAndSts><OrgnlPmtInfId>LOT</OrgnlPmtInfId>` + s + `</OrgnlPmtInfAndSts>`
	}
	tests := []struct {
		name, fichier, lot string
		statut             banque.Statut
		motif, precision   string
		entrees            string // « id statut motif » of each, or the code of a refusal
	}{
		{"the file is rejected", "<GrpSts>RJCT</GrpSts>" + raison, "", "RJCT", "AM10", "Sum is wrong", ""},
		{"the block is rejected, the file is silent", "", bloc("<PmtInfSts>RJCT</PmtInfSts>" + raison), "RJCT", "AM10", "Sum is wrong", ""},
		{"the block is rejected, the syntax was right", "<GrpSts>ACTC</GrpSts>", bloc("<PmtInfSts>RJCT</PmtInfSts>" + raison), "RJCT", "AM10", "Sum is wrong", ""},
		{"the file is rejected, the block says why", "<GrpSts>RJCT</GrpSts>", bloc("<PmtInfSts>RJCT</PmtInfSts>" + raison), "RJCT", "AM10", "Sum is wrong", ""},
		{"a transfer rejected with the rest has its reason", "<GrpSts>RJCT</GrpSts>" + raison, bloc(tx("R1", "") + tx("R2", "<TxSts>RJCT</TxSts>")), "RJCT", "AM10", "Sum is wrong", "R1 RJCT AM10;R2 RJCT AM10"},
		{"received", "<GrpSts>ACTC</GrpSts>", "", "ACTC", "", "", ""},
		{"in part", "<GrpSts>PART</GrpSts>", bloc(tx("R1", "<TxSts>ACSC</TxSts>") + tx("R2", "<TxSts>RJCT</TxSts>"+raison)), "PART", "", "", "R1 ACSC;R2 RJCT AM10"},
		{"transfers only", "", bloc(tx("R1", "<TxSts>RJCT</TxSts>"+raison)), "", "", "", "R1 RJCT AM10"},
		{"no status of its own: that of the block", "", bloc("<PmtInfSts>ACSP</PmtInfSts>" + tx("R1", "")), "ACSP", "", "", "R1 ACSP"},
		{"no status of its own: that of the block before that of the file", "<GrpSts>ACTC</GrpSts>", bloc("<PmtInfSts>ACSP</PmtInfSts>" + tx("R1", "")), "ACTC", "", "", "R1 ACSP"},
		{"no status of its own: that of the file", "<GrpSts>ACCP</GrpSts>", bloc(tx("R1", "")), "ACCP", "", "", "R1 ACCP"},
		{"a reason of the bank's own", "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Prtry>CLOS</Prtry></Rsn></StsRsnInf>", "", "RJCT", "CLOS", "", ""},
		{"one status told twice", "<GrpSts>PART</GrpSts>", bloc(tx("R1", "<TxSts>RJCT</TxSts>") + tx("R1", "<TxSts>RJCT</TxSts>")), "PART", "", "", "R1 RJCT"},
		{"one block for each transfer", "<GrpSts>PART</GrpSts>", bloc(tx("R1", "<TxSts>ACCP</TxSts>")) + bloc(tx("R2", "<TxSts>RJCT</TxSts>")), "PART", "", "", "R1 ACCP;R2 RJCT"},

		{"two statuses for one transfer", "<GrpSts>PART</GrpSts>", bloc(tx("R1", "<TxSts>RJCT</TxSts>") + tx("R1", "<TxSts>ACCP</TxSts>")), "", "", "", banque.CodeIncoherent},
		{"a transfer of a rejected file is accepted", "<GrpSts>RJCT</GrpSts>", bloc(tx("R1", "<TxSts>ACCP</TxSts>")), "", "", "", banque.CodeIncoherent},
		{"the block of a rejected file is accepted", "<GrpSts>RJCT</GrpSts>", bloc("<PmtInfSts>ACCP</PmtInfSts>"), "", "", "", banque.CodeIncoherent},
		{"two lots", "<GrpSts>PART</GrpSts>", bloc(tx("R1", "")) + strings.ReplaceAll(bloc(tx("R2", "")), "LOT", "LOT2"), "", "", "", banque.CodeIncoherent},
		{"an unknown status of the block", "", bloc("<PmtInfSts>ZZZZ</PmtInfSts>"), "", "", "", banque.CodeIncoherent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := banque.LireRetour(strings.NewReader(pain002(tt.fichier, tt.lot)))
			if tt.entrees == banque.CodeIncoherent {
				refuse(t, err, banque.CodeIncoherent)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var lues []string
			for _, e := range r.Entrees {
				lues = append(lues, strings.TrimSpace(e.EndToEndID+" "+string(e.Statut)+" "+e.Motif))
				if e.Anomalie != "" || e.Date != "2026-04-13" {
					t.Errorf("entry %s: got anomaly %q, day %s", e.EndToEndID, e.Anomalie, e.Date)
				}
			}
			if r.Statut != tt.statut || r.Motif != tt.motif || r.Precision != tt.precision || strings.Join(lues, ";") != tt.entrees {
				t.Errorf("got %s %s %q %v; want %s %s %q %s", r.Statut, r.Motif, r.Precision, lues, tt.statut, tt.motif, tt.precision, tt.entrees)
			}
			if (r.Cle != "") != (r.Statut != "") {
				t.Errorf("got key %q for status %q", r.Cle, r.Statut)
			}
		})
	}
}

// What no machine may apply is listed with a sentence, never dropped.
func TestAnomalies(t *testing.T) {
	bloc := func(tx string) string {
		return pain002("<GrpSts>PART</GrpSts>", `<OrgnlPmtInfAndSts><OrgnlPmtInfId>LOT</OrgnlPmtInfId><TxInfAndSts>`+tx+`</TxInfAndSts></OrgnlPmtInfAndSts>`)
	}
	deux := strings.Replace(detail, "</TxDtls>", `</TxDtls><TxDtls><Refs><EndToEndId>R2</EndToEndId></Refs><Amt Ccy="EUR">2.00</Amt></TxDtls>`, 1)
	tests := []struct{ name, fichier, contient string }{
		{"a status without a reference", bloc("<TxSts>RJCT</TxSts>"), "sans donner sa référence"},
		{"a reference that says there is none", bloc("<OrgnlEndToEndId>NOTPROVIDED</OrgnlEndToEndId><TxSts>RJCT</TxSts>"), "sans donner sa référence"},
		{"an unknown status", bloc("<OrgnlEndToEndId>R1</OrgnlEndToEndId><TxSts>ZZZZ</TxSts>"), "« ZZZZ »"},
		{"a transfer that has the status of a file", bloc("<OrgnlEndToEndId>R1</OrgnlEndToEndId>"), "« PART »"},
		{"a status in dollars", bloc(`<OrgnlEndToEndId>R1</OrgnlEndToEndId><TxSts>RJCT</TxSts><OrgnlTxRef><Amt><InstdAmt Ccy="USD">1.00</InstdAmt></Amt></OrgnlTxRef>`), "« USD »"},
		{"an entry in dollars", camt(strings.ReplaceAll(detail, "EUR", "USD")), "« USD »"},
		{"an entry without a currency", camt(strings.ReplaceAll(detail, ` Ccy="EUR"`, "")), "«  »"},
		{"an entry without a day", camt(strings.ReplaceAll(detail, "<BookgDt><Dt>2026-04-14</Dt></BookgDt>", "")), "ni date"},
		{"details that do not add up", camt(strings.Replace(detail, "</Refs>", `</Refs><Amt Ccy="EUR">11.99</Amt>`, 1)), "ne donne pas ce total"},
		{"details one of which has no amount", camt(deux), "ne donne pas ce total"},
		{"a detail in the other direction", camt(strings.Replace(detail, "</Refs>", `</Refs><CdtDbtInd>CRDT</CdtDbtInd>`, 1)), "l’autre sens"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := lire(t, []byte(tt.fichier))
			if len(r.Entrees) == 0 {
				t.Fatal("the entry was dropped")
			}
			for _, e := range r.Entrees {
				if !strings.Contains(e.Anomalie, tt.contient) || !strings.HasSuffix(e.Anomalie, ".") {
					t.Errorf("got anomaly %q, want a sentence with %q", e.Anomalie, tt.contient)
				}
			}
		})
	}
}

// What moved on the account, and why.
func TestStatutsDUneEcriture(t *testing.T) {
	credit := strings.ReplaceAll(detail, "DBIT", "CRDT")
	op := `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>`
	tests := []struct {
		name, ecriture string
		statut         banque.Statut
		motif          string
	}{
		{"a debit", detail, banque.StatutExecute, ""},
		{"a credit", credit, banque.StatutCredit, ""},
		{"a credit with a reason", strings.Replace(credit, "</Refs>", `</Refs><RtrInf><Rsn><Cd>MD07</Cd></Rsn></RtrInf>`, 1), banque.StatutRetourne, "MD07"},
		{"a credit whose code is that of a return", strings.Replace(credit, "<NtryDtls>", op+"<NtryDtls>", 1), banque.StatutRetourne, ""},
		{"a reversed debit", strings.Replace(credit, "<Sts>", "<RvslInd>true</RvslInd><Sts>", 1), banque.StatutRetourne, ""},
		{"a reversed credit", strings.Replace(detail, "<Sts>", "<RvslInd>true</RvslInd><Sts>", 1), banque.StatutReprise, ""},
		{"a debit not booked yet", strings.ReplaceAll(detail, "BOOK", "PDNG"), banque.StatutAttente, ""},
		{"a return that is for information", strings.ReplaceAll(strings.Replace(credit, "<NtryDtls>", op+"<NtryDtls>", 1), "BOOK", "INFO"), banque.StatutAttente, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := lire(t, []byte(camt(tt.ecriture))).Entrees[0]
			if e.Statut != tt.statut || e.Motif != tt.motif || e.Montant != 1200 || e.EndToEndID != "R1" || e.Anomalie != "" {
				t.Errorf("got %+v, want %s %s", e, tt.statut, tt.motif)
			}
		})
	}
}

// The ways in which banks write one entry: the whole lot at once, with or without
// its details; the amount in its own place; the day as an instant.
func TestFormesDEcriture(t *testing.T) {
	lot := `<Ntry><Amt Ccy="EUR">14.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><ValDt><DtTm>2026-04-14T23:30:00Z</DtTm></ValDt>` +
		`<AcctSvcrRef>REF1</AcctSvcrRef><NtryDtls><Btch><PmtInfId>LOT-1</PmtInfId></Btch>%</NtryDtls></Ntry>`
	tx := func(id, montant string) string {
		return `<TxDtls><Refs><EndToEndId>` + id + `</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">` + montant + `</Amt></TxAmt></AmtDtls></TxDtls>`
	}
	seul := lire(t, []byte(camt(strings.Replace(lot, "%", "", 1)))).Entrees
	if len(seul) != 1 || seul[0].Lot != "LOT-1" || seul[0].EndToEndID != "" || seul[0].Montant != 1400 || seul[0].Date != "2026-04-15" {
		t.Errorf("a lot without details: got %+v", seul)
	}
	detaille := lire(t, []byte(camt(strings.Replace(lot, "%", tx("R1", "12")+tx("R2", "2.0"), 1)))).Entrees
	if len(detaille) != 2 || detaille[0].Montant != 1200 || detaille[1].Montant != 200 || detaille[1].EndToEndID != "R2" ||
		detaille[1].Lot != "LOT-1" || detaille[0].Anomalie != "" || detaille[0].Cle == detaille[1].Cle {
		t.Errorf("a lot with its details: got %+v", detaille)
	}
	if r := lire(t, []byte(camt(""))); len(r.Entrees) != 0 {
		t.Errorf("a day without movement: got %+v", r.Entrees)
	}
}

// An answer of 2,000 transfers is read whole, in a time that grows with its size.
func TestDeuxMilleReponses(t *testing.T) {
	l := lotS11()
	v := l.Virements[0]
	l.Virements = nil
	for range 2000 {
		v.EndToEndID = "R" + banque.Empreinte([]byte(v.EndToEndID))[:20]
		l.Virements = append(l.Virements, v)
	}
	statuts, debits, err := banque.Simulateur{}.Repondre(pain001(t, l), reponse)
	if err != nil {
		t.Fatal(err)
	}
	valider(t, "camt.054.001.08.xsd", debits)
	debut := time.Now()
	for _, f := range [][]byte{statuts, debits} {
		if n := len(lire(t, bytes.Clone(f)).Entrees); n != 2000 {
			t.Errorf("got %d entries, want 2000", n)
		}
	}
	if d := time.Since(debut); d > 15*time.Second { // under the race detector, on a busy machine
		t.Errorf("took %s", d)
	}
}

func TestMotif(t *testing.T) {
	for _, code := range []string{"AC01", "AC04", "AC06", "AG01", "AM04", "AM05", "BE05", "MD07", "MS02", "MS03", "RC01", "FF01"} {
		if !slices.Contains(banque.Motifs(), code) {
			t.Errorf("%s is not in the catalogue", code)
		}
	}
	for _, code := range append(banque.Motifs(), "", "ZZ99") {
		s := banque.Motif(code)
		if !strings.HasSuffix(s, ".") || strings.Count(s, ". ") < 1 || strings.Contains(s, "'") {
			t.Errorf("%s: %q does not say what it means, then who acts", code, s)
		}
	}
	if !strings.Contains(banque.Motif("ZZ99"), "ZZ99") {
		t.Error("an unknown code is not shown")
	}
}
