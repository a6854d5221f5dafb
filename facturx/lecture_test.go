package facturx_test

import (
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"guichet/facturx"
	"guichet/opco"
)

// modele is an EN 16931 invoice of 2 240,00 €, exempt from VAT.
func modele(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("testdata/en16931.xml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// change replaces the only place where avant is.
func change(t testing.TB, s, avant, apres string) string {
	t.Helper()
	if strings.Count(s, avant) != 1 {
		t.Fatalf("%q is %d times in the invoice", avant, strings.Count(s, avant))
	}
	return strings.Replace(s, avant, apres, 1)
}

func lire(t testing.TB, s string) opco.FactureLue {
	t.Helper()
	l, err := facturx.Lire([]byte(s), "application/xml")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAnInvoiceIsReadWhole(t *testing.T) {
	veut := opco.FactureLue{
		Profil: "EN 16931", Type: "380", Numero: "F-11", Date: "2026-06-08", Devise: "EUR",
		Notes:       []string{"Déclaration d’activité enregistrée sous le numéro 84 69 12345 69 auprès du préfet de région"},
		Vendeur:     opco.PartieLue{Nom: "Compétences Plus Démo", Legal: "99900143100017"},
		Acheteur:    opco.PartieLue{Nom: "OPCO", Legal: "99900108400014"},
		RefAcheteur: "AF26-000042", RefPaiement: "F-11", IBANs: []string{"FR7699999000160010020036646"}, Origine: "F-9",
		Du: "2026-06-01", Au: "2026-06-05", Conditions: "Paiement à 30 jours", EcheanceLe: "2026-07-08",
		Lignes: []opco.LigneLue{
			{Numero: "1", Texte: "Formation bureautique Aïcha Ünal, 35 heures", Heures: 35 * 60, Montant: 140_000, Categorie: "E"},
			{Numero: "2", Texte: "Formation bureautique Zoé Lefèvre, 21 heures", Heures: 21 * 60, Montant: 84_000, Categorie: "E"}},
		TVAs:   []opco.TVALue{{Categorie: "E", Base: 224_000, Exoneration: "Exonération de TVA, article 261-4-4° a du CGI"}},
		Totaux: opco.TotauxLus{LignesDites: true, Lignes: 224_000, HT: 224_000, TTC: 224_000, Du: 224_000},
		Page:   opco.PageLue{Etat: opco.PageAbsente},
	}
	l := lire(t, modele(t))
	if d := cmp.Diff(veut, l); d != "" {
		t.Error(d)
	}
	if ds := l.Defauts(); ds != nil {
		t.Errorf("faults found in a sound invoice: %v", ds)
	}
}

// TestEachAlphabetIsReadTheSame writes one invoice in every encoding that we read.
func TestEachAlphabetIsReadTheSame(t *testing.T) {
	s := strings.NewReplacer("’", "'").Replace(modele(t)) // ISO-8859-1 has no curly apostrophe
	veut := lire(t, s)
	for nom, octets := range map[string][]byte{
		"UTF-8 with its mark": []byte("\ufeff" + s),
		"UTF-16 little":       utf16De(change(t, s, "UTF-8", "UTF-16"), binary.LittleEndian),
		"UTF-16 big":          utf16De(change(t, s, "UTF-8", "utf-16"), binary.BigEndian),
		"ISO-8859-1":          latin1De(change(t, s, "UTF-8", "ISO-8859-1")),
	} {
		l, err := facturx.Lire(octets, "application/xml")
		if d := cmp.Diff(veut, l); err != nil || d != "" {
			t.Errorf("%s: %v\n%s", nom, err, d)
		}
	}
}

func utf16De(s string, o binary.ByteOrder) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		b = append(b, 0, 0)
		o.PutUint16(b[len(b)-2:], u)
	}
	return b
}

func latin1De(s string) []byte {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r))
	}
	return b
}

func TestWhatCannotBeReadIsRefusedByASentence(t *testing.T) {
	s := modele(t)
	tests := map[string]struct{ octets, code string }{
		"nothing":            {"", facturx.CodeVide},
		"a DOCTYPE":          {change(t, s, "?>\n", "?>\n<!DOCTYPE x>"), facturx.CodeInterdit},
		"a billion laughs":   {change(t, s, "?>\n", "?>\n<!DOCTYPE x [<!ENTITY a \"a\"><!ENTITY b \"&a;&a;&a;\">]>"), facturx.CodeInterdit},
		"an entity":          {change(t, s, "Paiement à 30 jours", "&xxe;"), facturx.CodeIllisible},
		"too deep":           {strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40), facturx.CodeInterdit},
		"too big":            {s + strings.Repeat(" ", 5<<20), facturx.CodeTropGros},
		"cut":                {s[:len(s)/2], facturx.CodeIllisible},
		"two documents":      {s + "<a/>", facturx.CodeIllisible},
		"an odd encoding":    {change(t, s, "UTF-8", "UTF-8-W/O-BOM"), facturx.CodeEncodage},
		"Windows alphabet":   {change(t, s, "UTF-8", "windows-1252"), facturx.CodeEncodage},
		"UBL":                {"<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\"/>", facturx.CodeFormat},
		"another name space": {change(t, s, `"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"`, `"urn:x"`), facturx.CodeFormat},
		"MINIMUM":            {change(t, s, "urn:cen.eu:en16931:2017", "urn:factur-x.eu:1p0:minimum"), facturx.CodeProfil},
		"an unknown profile": {change(t, s, "urn:cen.eu:en16931:2017", "urn:x"), facturx.CodeProfil},
		"three decimals":     {change(t, s, "840.00", "840.000"), facturx.CodeChamp},
		"an exponent":        {change(t, s, "840.00", "8.4e2"), facturx.CodeChamp},
		"a comma":            {change(t, s, "840.00", "840,00"), facturx.CodeChamp},
		"a huge amount":      {change(t, s, "840.00", "99999999999999999999.00"), facturx.CodeChamp},
		"no number":          {change(t, s, "<ram:ID>F-11</ram:ID>", ""), facturx.CodeChamp},
		"an impossible day":  {change(t, s, "20260608", "20260631"), facturx.CodeChamp},
		"a day as text":      {change(t, s, "20260608", "2026-06-08"), facturx.CodeChamp},
		"an order":           {change(t, s, ">380<", ">220<"), facturx.CodeChamp},
		"no total":           {change(t, s, "<ram:GrandTotalAmount>2240.00</ram:GrandTotalAmount>", ""), facturx.CodeChamp},
		"a line without sum": {change(t, s, "<ram:LineTotalAmount>840.00</ram:LineTotalAmount>", ""), facturx.CodeChamp},
		"a rate above 100":   {strings.Replace(s, "<ram:RateApplicablePercent>0<", "<ram:RateApplicablePercent>200<", 1), facturx.CodeChamp},
	}
	for nom, tt := range tests {
		t.Run(nom, func(t *testing.T) {
			_, err := facturx.Lire([]byte(tt.octets), "application/xml")
			refusee(t, err, tt.code)
		})
	}
	_, err := facturx.Lire([]byte("GIF89a"), "image/gif")
	refusee(t, err, facturx.CodeFormat)
	_, err = facturx.Lire([]byte("%PDF-1.7 nothing"), "application/pdf")
	refusee(t, err, facturx.CodeIllisible)
}

func refusee(t *testing.T, err error, code string) {
	t.Helper()
	var r *opco.Error
	if !errors.As(err, &r) || r.Kind != opco.Invalid || r.Code != code || r.Champ != "fichier" {
		t.Fatalf("want a refusal %s, got %v (%#v)", code, err, r)
	}
	if !strings.HasSuffix(r.Message, ".") || strings.Contains(r.Message, "%!") {
		t.Errorf("not a sentence: %q", r.Message)
	}
}

// TestTheRealSamples reads every official sample that is there, or refuses it.
func TestTheRealSamples(t *testing.T) {
	dossier := filepath.Join("..", "..", "shared", "data", "facturx")
	fichiers, err := filepath.Glob(filepath.Join(dossier, "*.pdf"))
	if err != nil || len(fichiers) == 0 {
		t.Skip("the official samples are not beside the repository: nothing to read")
	}
	veut := map[string]struct {
		code, profil, numero string
		ttc                  opco.Montant
	}{
		"Facture_FR_BASICWL.pdf":                      {"", "BASIC WL", "FA-2017-0010", 67_115},
		"Avoir_FR_type381_BASIC.pdf":                  {"", "BASIC", "AV-2017-0005", 23_347},
		"EN16931_Einfach.pdf":                         {"", "EN 16931", "471102", 52_987},
		"factur-x-invalid-xml-encoding-attribute.pdf": {facturx.CodeEncodage, "", "", 0},
	}
	for _, f := range fichiers {
		nom := filepath.Base(f)
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		l, err := facturx.Lire(b, "application/pdf")
		v, connu := veut[nom]
		if !connu {
			t.Errorf("%s: say here what it must give", nom)
			continue
		}
		if v.code != "" {
			refusee(t, err, v.code)
			continue
		}
		if err != nil || l.Profil != v.profil || l.Numero != v.numero || l.Totaux.TTC != v.ttc || l.Page.Etat != opco.PageConcorde {
			t.Errorf("%s: %v %s %s %s %s", nom, err, l.Profil, l.Numero, l.Totaux.TTC, l.Page.Etat)
		}
		for _, d := range l.Defauts() {
			if d.Regle != "BT-84" { // the account of the French sample is fictitious
				t.Errorf("%s breaks %s: %s", nom, d.Regle, d.Phrase)
			}
		}
	}
}

// TestOurModelFollowsTheSchema holds the fixture to the official schema.
func TestOurModelFollowsTheSchema(t *testing.T) {
	schema := filepath.Join("..", "..", "shared", "data", "facturx", "Factur-X_EN16931.xsd")
	if _, err := os.Stat(schema); err != nil {
		t.Skip("the official schema is not beside the repository")
	}
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	if sortie, err := exec.Command(xmllint, "--noout", "--schema", schema, "testdata/en16931.xml").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, sortie)
	}
}

// FuzzLire feeds broken invoices: reading answers or refuses, and never panics.
func FuzzLire(f *testing.F) {
	f.Add([]byte(modele(f)))
	f.Add([]byte("<a"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := facturx.Lire(b, "application/xml")
		if err == nil {
			l.Defauts()
		}
		var r *opco.Error
		if err != nil && !errors.As(err, &r) {
			t.Errorf("a refusal that no one can read: %v", err)
		}
	})
}
