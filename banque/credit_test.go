package banque_test

import (
	"strings"
	"testing"

	"guichet/banque"
	"guichet/opco"
)

// What a payer writes is kept of money that came in, wherever the bank puts it, and of
// nothing else.
func TestCreditLu(t *testing.T) {
	const parties = `<RltdPties><Dbtr><Pty><Nm>Formalia Synthèse</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>` + ibanOF1 + `</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>Indu I26-000001</Ustrd><Ustrd>et autre</Ustrd><Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd></RmtInf>`
	ecriture := `<Ntry><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-05-06</Dt></BookgDt>
<AcctSvcrRef>B-1</AcctSvcrRef><NtryDtls><TxDtls>` + parties + `</TxDtls></NtryDtls></Ntry>`
	r, err := banque.Lire(strings.NewReader(camt(ecriture)))
	if err != nil || len(r.Faits) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	f := r.Faits[0]
	if f.Statut != opco.BanqueCredit || f.Donneur != "Formalia Synthèse" || f.DonneurIBAN != ibanOF1 || f.Libelle != "Indu I26-000001 et autre RF18" ||
		f.RefBanque != "B-1" || f.Anomalie != "" {
		t.Errorf("%+v", f)
	}
	r, err = banque.Lire(strings.NewReader(camt(strings.ReplaceAll(strings.ReplaceAll(ecriture, "<Pty>", ""), "</Pty>", ""))))
	if err != nil || r.Faits[0].Donneur != "Formalia Synthèse" {
		t.Errorf("the name as older files write it: %+v, %v", r, err)
	}
	r, err = banque.Lire(strings.NewReader(camt(strings.ReplaceAll(ecriture, "CRDT", "DBIT"))))
	if err != nil || r.Faits[0].Statut != opco.BanqueExecute || r.Faits[0].Libelle != "" {
		t.Errorf("a debit: %+v, %v", r, err)
	}
}
