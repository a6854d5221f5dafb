package banque_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet/banque"
	"guichet/opco"
)

const (
	ibanOPCO = "FR7699999000200010020041048"
	ibanOF1  = "FR7699999000150010020035594"
	ibanOF2  = "FR7699999000160010020036646"
)

var validation = time.Date(2026, 4, 13, 8, 30, 0, 0, time.UTC)

// lotS11 is the batch of scenario S11, ungrouped.
func lotS11() banque.Lot {
	of1 := banque.Compte{Nom: "Formalia Synthèse", IBAN: ibanOF1}
	of2 := banque.Compte{Nom: "Œuvre Façonnée & Cie", IBAN: ibanOF2, BIC: "PSSTFRPPPAR"}
	return banque.Lot{
		ID: "LOT-2026-0011", MsgID: "MSG-LOT-2026-0011", CreeLe: validation, Execution: "2026-04-14",
		Donneur: banque.Compte{Nom: "OPCO Démo", IBAN: ibanOPCO},
		Virements: []banque.Virement{
			{EndToEndID: "R-2026-000001", Montant: 120_000, Beneficiaire: of1, Remise: "R-2026-000001 AF-2026-000101 F2026-17"},
			{EndToEndID: "R-2026-000002", Montant: 283_500, Beneficiaire: of1, Remise: "R-2026-000002 AF-2026-000104 F2026-21"},
			{EndToEndID: "R-2026-000003", Montant: 224_000, Beneficiaire: of2, Remise: "R-2026-000003 AF-2026-000109 FC/009"},
		},
	}
}

func pain001(t testing.TB, l banque.Lot) []byte {
	t.Helper()
	b, err := banque.PAIN001(l)
	if err != nil {
		t.Fatalf("PAIN001: %v", err)
	}
	return b
}

func lire(t testing.TB, b []byte) banque.Retour {
	t.Helper()
	r, err := banque.LireRetour(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("LireRetour: %v\n%s", err, b)
	}
	return r
}

// refuse checks that err is a French sentence for a person, with the given code.
func refuse(t testing.TB, err error, code string) {
	t.Helper()
	var e *opco.Error
	if !errors.As(err, &e) || e.Kind != opco.Invalid {
		t.Fatalf("got %v, want an Invalid opco.Error", err)
	}
	if code != "" && e.Code != code {
		t.Errorf("got code %s (%s), want %s", e.Code, e.Message, code)
	}
	if !strings.HasSuffix(e.Message, ".") || !strings.Contains(e.Message, " ") {
		t.Errorf("got message %q, want a sentence", e.Message)
	}
}

// valider checks b against an official schema with xmllint, in a subtest that is
// skipped, saying what is absent, when it cannot.
func valider(t *testing.T, schema string, b []byte) {
	t.Helper()
	t.Run(schema, func(t *testing.T) {
		xsd := filepath.Join("..", "..", "shared", "data", "iso20022", schema)
		if _, err := os.Stat(xsd); err != nil {
			t.Skipf("schema %s is absent: the file is not checked against it", xsd)
		}
		xmllint, err := exec.LookPath("xmllint")
		if err != nil {
			t.Skip("xmllint is absent: the file is not checked against its schema")
		}
		fichier := filepath.Join(t.TempDir(), "message.xml")
		if err := os.WriteFile(fichier, b, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(xmllint, "--noout", "--nonet", "--schema", xsd, fichier).CombinedOutput()
		if err != nil {
			t.Fatalf("%s refuses the file: %.2000s", schema, out)
		}
	})
}

// pain002 writes a status report around what is said of the file and of its lot.
func pain002(fichier, lot string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>BQ-1</MsgId><CreDtTm>2026-04-13T18:00:00+02:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>MSG-LOT-2026-0011</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>%s</OrgnlGrpInfAndSts>
%s</CstmrPmtStsRpt></Document>`, fichier, lot)
}

// camt writes a notification around its entries.
func camt(ecritures string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>C-1</MsgId><CreDtTm>2026-04-14T18:00:00Z</CreDtTm></GrpHdr>
<Ntfctn><Id>N-1</Id><Acct><Id><IBAN>%s</IBAN></Id></Acct>%s</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`, ibanOPCO, ecritures)
}
