package courrier_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"guichet/courrier"
	"guichet/opco"
)

var update = flag.Bool("update", false, "write the golden letters and mails again")

// golden compares got with the file of testdata, or writes it.
func golden(t *testing.T, nom string, got []byte) {
	t.Helper()
	chemin := filepath.Join("testdata", nom)
	if *update {
		if err := os.WriteFile(chemin, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got); run with -update if the words were meant to change\n%s", nom, d)
	}
}

func TestCourriersDeReference(t *testing.T) {
	for nom, e := range exemples() {
		t.Run(nom, func(t *testing.T) {
			p, err := courrier.Composer(e, maison)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, nom+".txt", []byte(p.Message.Objet+"\n\n"+p.Message.Texte))
			if _, ok := e.Lettre(maison); ok != (len(p.PDF) > 0) || ok != (len(p.Message.PiecesJointes) == 1) {
				t.Fatalf("letter %v, but PDF of %d bytes and %d attachments", ok, len(p.PDF), len(p.Message.PiecesJointes))
			} else if ok {
				golden(t, nom+".html", p.HTML)
			}
		})
	}
}

// TestLettreIdentique renders each event again and again: a retry must not make
// another document.
func TestLettreIdentique(t *testing.T) {
	for nom, e := range exemples() {
		premier, err := courrier.Composer(e, maison)
		if err != nil {
			t.Fatal(nom, err)
		}
		for range 3 {
			encore, err := courrier.Composer(e, maison)
			if err != nil {
				t.Fatal(nom, err)
			}
			if !bytes.Equal(premier.PDF, encore.PDF) {
				t.Fatalf("%s: the PDF changed between two renderings", nom)
			}
			if !bytes.Equal(premier.HTML, encore.HTML) || premier.Message.Texte != encore.Message.Texte || premier.Message.HTML != encore.Message.HTML {
				t.Fatalf("%s: the page or the mail changed between two renderings", nom)
			}
		}
	}
}

// TestComposerVide composes each event with nothing in it: what is missing must
// give a poor letter, never a panic, and no mail.
func TestComposerVide(t *testing.T) {
	bancal := courrier.Envoi{Le: "demain", Dossier: courrier.Dossier{Debut: "x", Fin: "2026-04-13"}}
	for _, e := range []courrier.Evenement{
		courrier.Depot{}, courrier.Complement{}, courrier.ComplementRecu{}, courrier.SansSuite{}, courrier.Accord{}, courrier.Refus{},
		courrier.Annulation{}, courrier.RappelFin{}, courrier.ServiceFaitNonConforme{}, courrier.Forclusion{}, courrier.Cloture{},
		courrier.FactureRecue{}, courrier.FactureNonConforme{}, courrier.FactureApprouvee{}, courrier.Virement{}, courrier.RejetBancaire{},
		courrier.Accord{Envoi: bancal}, courrier.SansSuite{Envoi: bancal}, courrier.ServiceFaitNonConforme{Envoi: bancal},
	} {
		p, err := courrier.Composer(e, courrier.Maison{})
		if err != nil {
			t.Fatalf("%s: %v", e.Nom(), err)
		}
		if strings.HasPrefix(p.Message.Objet, "Dossier") {
			t.Errorf("%s: objet %q names a dossier without number", e.Nom(), p.Message.Objet)
		}
		if err := p.Message.Verifier(); opco.KindOf(err) != opco.Invalid {
			t.Errorf("%s: a mail to nobody: got %v, want Invalid", e.Nom(), err)
		}
	}
}

// serre removes what layout adds or moves: spaces, and the foot of each page.
func serre(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// textePDF reads a PDF back, without spaces nor page feet. The test is skipped
// where pdftotext is not installed.
func textePDF(t *testing.T, pdf []byte, pied string) (texte string, pages int) {
	t.Helper()
	outil, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed: the text of the PDF letters is not compared")
	}
	c := exec.Command(outil, "-raw", "-", "-")
	c.Stdin = bytes.NewReader(pdf)
	brut, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for page := range strings.SplitSeq(strings.TrimRight(string(brut), "\f"), "\f") {
		pages++
		for ligne := range strings.SplitSeq(page, "\n") {
			if l := serre(ligne); l != serre(pied) && !strings.HasPrefix(l, serre(pied)+"page") && !(strings.HasPrefix(l, "page") && strings.Contains(l, "sur")) {
				b.WriteString(l)
			}
		}
	}
	return b.String(), pages
}

// dits lists every text that a letter holds.
func dits(l courrier.Lettre) []string {
	s := append([]string{l.Objet, l.Appel, l.Pied, l.Signataire.Nom, l.Signataire.Fonction, l.Date.Longue()}, l.Adresse...)
	for _, r := range l.References {
		s = append(s, r.Nom, r.Valeur)
	}
	for _, b := range l.Corps {
		switch b := b.(type) {
		case courrier.Paragraphe:
			s = append(s, b.Fort+b.Texte)
		case courrier.Encadre:
			s = append(s, b.Fort+b.Texte)
		case courrier.Intertitre:
			s = append(s, b.Texte)
		case courrier.Liste:
			for _, p := range b.Points {
				s = append(s, p.Fort+p.Texte)
			}
		case courrier.Tableau:
			s = append(s, b.Titre)
			for _, ligne := range append(b.Lignes, b.Total) {
				s = append(s, ligne...)
			}
		}
	}
	return s
}

// TestPDFDitTout holds the two renderers to the same words.
func TestPDFDitTout(t *testing.T) {
	for nom, e := range exemples() {
		l, ok := e.Lettre(maison)
		if !ok {
			continue
		}
		t.Run(nom, func(t *testing.T) {
			pdf, err := l.PDF()
			if err != nil {
				t.Fatal(err)
			}
			page, err := l.HTML()
			if err != nil {
				t.Fatal(err)
			}
			pied := maison.Nom + " · " + l.References[0].Nom + " " + l.References[0].Valeur
			enPDF, _ := textePDF(t, pdf, pied)
			enHTML := serre(texteHTML(t, page))
			for _, s := range dits(l) {
				if !strings.Contains(enPDF, serre(s)) {
					t.Errorf("the PDF does not say %q", s)
				}
				if !strings.Contains(enHTML, serre(s)) {
					t.Errorf("the page does not say %q", s)
				}
			}
		})
	}
}

// texteHTML returns the text of a page, which must be well-formed enough for a
// strict reader that closes HTML's void elements.
func texteHTML(t *testing.T, page []byte) string {
	t.Helper()
	debut, reste, _ := bytes.Cut(page, []byte("<style>"))
	_, fin, _ := bytes.Cut(reste, []byte("</style>"))
	d := xml.NewDecoder(bytes.NewReader(slices.Concat(debut, fin)))
	d.Strict = false
	d.AutoClose, d.Entity = xml.HTMLAutoClose, xml.HTMLEntity
	var b strings.Builder
	for {
		j, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatalf("the page is not well formed: %v", err)
		}
		if c, ok := j.(xml.CharData); ok {
			b.Write(c)
		}
	}
}

// TestLettreLongue draws a table of 200 rows: none is lost, the heading comes
// back on each page and each page says its number.
func TestLettreLongue(t *testing.T) {
	ligne := ligneS01
	ligne.Stagiaires = stagiaires(200)
	l, _ := virement(ligne).Lettre(maison)
	pdf, err := l.PDF()
	if err != nil {
		t.Fatal(err)
	}
	texte, pages := textePDF(t, pdf, "OPCO Démo · Virement R26-000042")
	if pages < 5 {
		t.Errorf("got %d pages, want at least 5", pages)
	}
	if got := strings.Count(texte, "StagiaireDossierPériodeHeures"); got != pages {
		t.Errorf("the heading is on %d pages of %d", got, pages)
	}
	for i := range ligne.Stagiaires {
		if nom := serre(ligne.Stagiaires[i].Nom); strings.Count(texte, nom) != 1 {
			t.Errorf("%s is drawn %d times, want once", nom, strings.Count(texte, nom))
		}
	}
	if !strings.Contains(texte, serre(ligne.Stagiaires[0].Heures.Heures())) || !strings.Contains(texte, "2800,00h") {
		t.Error("the hours, or their total of 2 800,00 h, are missing")
	}
}

// TestLettreNomsDifficiles writes names as people have them, and as attackers
// type them: each is printed whole, none breaks the page or the layout.
func TestLettreNomsDifficiles(t *testing.T) {
	for _, tt := range []struct{ nom, ecrit, imprime string }{
		{"accents and ligatures", "Œuvre Façonnée & Cie ÿŸ ß", "Œuvre Façonnée & Cie ÿŸ ß"},
		{"curly apostrophe", "D’Haultepenne", "D’Haultepenne"},
		{"combining accents are composed", "Lefe\u0300vre", "Lefèvre"},
		{"Turkish, Polish, Polynesian", "İğşı Łódź ʻĀina Ř", "İğşı Łódź ʻĀina Ř"},
		{"no-break and thin spaces", "1\u202f412,40\u00a0€", "1 412,40 €"},
		{"one word longer than the line", strings.Repeat("Anticonstitutionnellement", 12), strings.Repeat("Anticonstitutionnellement", 12)},
		{"markup is text", `<script>alert(1)</script> & "x"`, `<script>alert(1)</script> & "x"`},
		{"bidirectional and zero-width characters vanish", "Jean\u202e\u200bDupont", "JeanDupont"},
		{"controls vanish", "Jean\x00\x07 Dupont", "Jean Dupont"},
		{"beyond the font", "Zoé 😀", "Zoé □"},
	} {
		t.Run(tt.nom, func(t *testing.T) {
			a := accordTilleuls()
			a.A.Nom, a.Dossier.Stagiaires = tt.ecrit, []string{tt.ecrit}
			a.Dossier.Formation = tt.ecrit
			l, _ := a.Lettre(maison)
			pdf, err := l.PDF()
			if err != nil {
				t.Fatal(err)
			}
			texte, _ := textePDF(t, pdf, "OPCO Démo · Dossier 26.A.21056.1")
			if n := strings.Count(texte, serre(tt.imprime)); n < 3 {
				t.Errorf("the PDF says %q %d times, want 3 or more", tt.imprime, n)
			}
			page, err := l.HTML()
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(page, []byte("<script")) || bytes.ContainsAny(page, "\u202e\u200b\x00") {
				t.Error("the page lets markup or invisible characters through")
			}
		})
	}
}

// TestMotifsImprimes puts every motif of the catalogue on paper and in a mail.
func TestMotifsImprimes(t *testing.T) {
	s := exemples()["service-fait"].(courrier.ServiceFaitNonConforme)
	s.Constats = nil
	for _, m := range opco.Motifs() {
		p := opco.Precisions{}
		for _, nom := range m.Precisions() {
			p[nom] = "valeur " + nom
		}
		s.Constats = append(s.Constats, courrier.Constat{Motif: m, Precisions: p})
	}
	p, err := courrier.Composer(s, maison)
	if err != nil {
		t.Fatal(err)
	}
	texte, _ := textePDF(t, p.PDF, "OPCO Démo · Dossier 26.A.21056.1")
	for _, c := range s.Constats {
		if !strings.Contains(texte, serre(c.Motif.Expliquer(c.Precisions).Quoi)) {
			t.Errorf("the PDF does not say what %s is", c.Motif)
		}
		if !strings.Contains(serre(p.Message.Texte), serre(c.Motif.Phrase(c.Precisions))) {
			t.Errorf("the mail does not say what %s is", c.Motif)
		}
	}
}

// TestLettresDisentLesChiffres checks the figures of the scenarios, which the
// reader looks for first.
func TestLettresDisentLesChiffres(t *testing.T) {
	tests := map[string][]string{
		"accord-partiel": {"1 412,40 €", "2 909,53 €", "Il reste 1 497,13 € à votre charge", "840,00 €", "273,00 €", "160,00 €",
			"51,00 €", "88,40 €", "jusqu’au 10 décembre 2026 inclus", "jusqu’au 20 juillet 2026 inclus", "sous 30 jours"},
		"accord-organisme":       {"2 835,00 €", "945,00 €", "deux factures : l’une à l’OPCO, de 2 835,00 € ; l’autre à Conseil & Méthodes Garonne, de 945,00 €"},
		"virement":               {"2 400,00 €", "28,00 h", "F-2026-118", "F-2026-119", "26.A.11001.1", "26.A.11002.1", "du 13 au 14 avril 2026", "Aïcha Ünal", "R26-000042"},
		"complement":             {"jusqu’au 2 juillet 2026 inclus", "Le programme ne dit pas les objectifs", "illisible : la page 2 est coupée"},
		"sans-suite":             {"sans suite le 2 juillet 2026"},
		"facture-206":            {"2 240,00 €", "560,00 €", "56 h de formation ont été suivies"},
		"accord-modifie":         {"1 890,00 €", "630,00 €", "remplace celle que vous avez reçue"},
		"facture-illisible":      {"Votre facture porte sur", "il est chiffré"},
		"service-fait-organisme": {"Déposez un certificat corrigé dans le dossier"},
		"cloture-vide":           {"Personne n’est venu", "2 800,00 €"},
		"refus":                  {"Sans Label SARL n’est pas certifié Qualiopi", "sous 2 mois, par lettre ou depuis votre espace"},
	}
	ex := exemples()
	for nom, attendus := range tests {
		m, err := ex[nom].Courriel(maison)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range attendus {
			if !strings.Contains(serre(m.Texte), serre(s)) {
				t.Errorf("%s: the mail does not say %q", nom, s)
			}
			if l, ok := ex[nom].Lettre(maison); ok && !strings.Contains(serre(strings.Join(dits(l), "\n")), serre(s)) {
				t.Errorf("%s: the letter does not say %q", nom, s)
			}
		}
	}
}

func TestSourceStyle(t *testing.T) {
	l, _ := accordTilleuls().Lettre(maison)
	page, err := l.HTML()
	if err != nil {
		t.Fatal(err)
	}
	_, reste, _ := bytes.Cut(page, []byte("<style>"))
	style, _, _ := bytes.Cut(reste, []byte("</style>"))
	if got, want := courrier.SourceStyle(), "'sha256-"+empreinte(style)+"'"; got != want {
		t.Errorf("SourceStyle() = %s, but the page carries %s", got, want)
	}
}
