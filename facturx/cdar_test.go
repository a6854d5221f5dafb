package facturx_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet/facturx"
	"guichet/opco"
)

func messageDe(code int, etat opco.EtatFacture, m opco.Motif) opco.MessageStatut {
	return opco.MessageStatut{Facture: opco.Facture{Numero: "F-9", Date: "2026-06-08", RecueLe: "2026-06-09", Emetteur: "99900143100012",
		Lignes: []opco.LigneFacture{{Ligne: opco.LignePeda, Montant: 280_000}}, TotalHT: 280_000, TotalTTC: 280_000}, NomOPCO: "OPCO Démo & Cie", SIRENOPCO: "999001084",
		Statut: opco.StatutFacture{Facture: "0b5c", Rang: 3, Code: code, Etat: etat, Motif: m, Phrase: "Heures < facturées", Approuve: 224_000, NonApprouve: 56_000,
			Paye: 224_000, Le: time.Date(2026, 6, 10, 22, 30, 5, 0, time.UTC)}}
}

// TestAMessageIsWrittenWhole holds the 206 of S09 to a file.
func TestAMessageIsWrittenWhole(t *testing.T) {
	m := messageDe(206, opco.FactureApprouveePartiel, opco.MotifQteErr)
	m.Facture.TauxTVA = 2000
	m.Facture = m.Facture.AvecTVA(false)
	b, err := facturx.EcrireStatut(m)
	if err != nil {
		t.Fatal(err)
	}
	veut, err := os.ReadFile("testdata/cdar206.xml")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(veut), string(b)); d != "" {
		t.Error(d)
	}
}

// TestEachStatusHasItsMessage writes every status that we send: well formed, its
// code, its phase, its reason when the rules want one, and its amounts.
func TestEachStatusHasItsMessage(t *testing.T) {
	tests := []struct {
		code     int
		etat     opco.EtatFacture
		motif    opco.Motif
		phase    string
		raison   string
		montants []string
	}{
		{200, opco.FactureDeposee, "", "305", "", nil},
		{204, opco.FacturePriseEnCharge, "", "23", "", nil},
		{205, opco.FactureApprouvee, "", "23", "", []string{"MAP 2240.00", "MAPTTC 2240.00"}},
		{206, opco.FactureApprouveePartiel, opco.MotifAvanceSup30, "23", "MONTANTTOTAL_ERR", []string{"MAP 2240.00", "MNA 560.00", "MAPTTC 2240.00", "MNATTC 560.00"}},
		{207, opco.FactureEnLitige, opco.MotifPUErr, "23", "PU_ERR", nil},
		{208, opco.FactureSuspendue, opco.MotifSFFactureNonAcquittee, "23", "JUSTIF_ABS", nil},
		{209, opco.FactureCompletee, "", "23", "", nil},
		{210, opco.FactureRefusee, opco.MotifDoublon, "23", "DOUBLON", nil},
		{211, opco.FacturePaiementTransmis, "", "23", "", []string{"MPA 2240.00"}},
		{213, opco.FactureRejetee, opco.MotifRejSeman, "305", "REJ_SEMAN", nil},
	}
	for _, tt := range tests {
		b, err := facturx.EcrireStatut(messageDe(tt.code, tt.etat, tt.motif))
		if err != nil {
			t.Fatal(err)
		}
		textes := textesDe(t, b)
		var montants []string
		for i, m := range textes["SpecifiedDocumentCharacteristic/TypeCode"] {
			montants = append(montants, m+" "+textes["SpecifiedDocumentCharacteristic/ValueAmount"][i])
		}
		if !slices.Equal(textes["AcknowledgementDocument/TypeCode"], []string{tt.phase}) || strings.Join(textes["SpecifiedDocumentStatus/ReasonCode"], "") != tt.raison ||
			!slices.Equal(montants, tt.montants) || textes["ReferenceReferencedDocument/ProcessCondition"][0] != tt.etat.String() {
			t.Errorf("status %d: %v", tt.code, textes)
		}
	}
	if _, err := facturx.EcrireStatut(messageDe(0, opco.FactureAnnuleeParAvoir, "")); err == nil {
		t.Error("an état without code has a message")
	}
}

// textesDe gives the texts of a document by the last two names of their path.
func textesDe(t *testing.T, b []byte) map[string][]string {
	t.Helper()
	d, textes := xml.NewDecoder(bytes.NewReader(b)), map[string][]string{}
	var pile []string
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return textes
		}
		if err != nil {
			t.Fatalf("not well formed: %v\n%s", err, b)
		}
		switch x := tok.(type) {
		case xml.StartElement:
			if !strings.HasPrefix(x.Name.Space, "urn:un:unece:uncefact:data:standard:") {
				t.Errorf("%s is in no namespace of the standard", x.Name.Local)
			}
			pile = append(pile, x.Name.Local)
		case xml.EndElement:
			pile = pile[:len(pile)-1]
		case xml.CharData:
			if s := strings.TrimSpace(string(x)); s != "" {
				textes[strings.Join(pile[max(0, len(pile)-2):], "/")] = append(textes[strings.Join(pile[max(0, len(pile)-2):], "/")], s)
			}
		}
	}
}
