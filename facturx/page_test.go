package facturx_test

import (
	"bytes"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"guichet/facturx"
	"guichet/opco"
)

// facturePDF makes a Factur-X PDF whose page says these lines.
func facturePDF(t testing.TB, donnees string, lignes ...string) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	p.SetAttachments([]fpdf.Attachment{{Content: []byte(donnees), Filename: "factur-x.xml"}})
	p.AddPage()
	p.SetFont("Helvetica", "", 11)
	for i, l := range lignes {
		x := 20.0
		for _, mot := range bytes.Split([]byte(l), []byte("\t")) { // a tab is a hole on the page
			p.Text(x, 30+8*float64(i), string(mot))
			x += 60
		}
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestThePageIsComparedWithItsData prints the total in many ways.
func TestThePageIsComparedWithItsData(t *testing.T) {
	tests := map[string]struct {
		lignes []string
		etat   opco.EtatPage
		vu     opco.Montant
	}{
		"the same":                 {[]string{"Facture F-11", "Total TTC\t2 240,00 EUR"}, opco.PageConcorde, 0},
		"another":                  {[]string{"Facture F-11", "Total TTC\t2 800,00 EUR"}, opco.PageDiffere, 280_000},
		"net to pay, another":      {[]string{"Net a payer : 2.800,00"}, opco.PageDiffere, 280_000},
		"a line has it, not total": {[]string{"Formation 2 240,00", "Total TTC 2 800,00"}, opco.PageDiffere, 280_000},
		"no word for it":           {[]string{"Formation", "2 240,00"}, opco.PageConcorde, 0},
		"nothing":                  {nil, opco.PageNonLue, 0},
		"other amounts only":       {[]string{"Prix 40,00"}, opco.PageNonLue, 0},
		"two totals":               {[]string{"Total TTC 2 240,00", "Net a payer 2 800,00"}, opco.PageNonLue, 0},
		"head of a table":          {[]string{"Article\tTotal TTC", "Aicha\t1 400,00", "Net a payer\t2 240,00"}, opco.PageConcorde, 0},
		"total under its head":     {[]string{"Total HT\tTotal TTC", "2 240,00\t2 240,00"}, opco.PageConcorde, 0},
		"English":                  {[]string{"Grand total 2,240.00"}, opco.PageConcorde, 0},
	}
	for nom, tt := range tests {
		t.Run(nom, func(t *testing.T) {
			l, err := facturx.Lire(facturePDF(t, modele(t), tt.lignes...), "application/pdf")
			if err != nil || l.Page.Etat != tt.etat || l.Page.Vu != tt.vu || l.Numero != "F-11" {
				t.Errorf("got %v %+v, want %s %s", err, l.Page, tt.etat, tt.vu)
			}
		})
	}
}

// TestAPlainPDFIsToldSo refuses a PDF without data, and says what to do of it.
func TestAPlainPDFIsToldSo(t *testing.T) {
	p := fpdf.New("P", "mm", "A4", "")
	p.AddPage()
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	_, err := facturx.Lire(b.Bytes(), "application/pdf")
	refusee(t, err, facturx.CodeSansXML)
}
