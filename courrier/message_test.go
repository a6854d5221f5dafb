package courrier_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"unicode"

	"guichet/courrier"
	"guichet/opco"
)

func empreinte(b []byte) string {
	h := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(h[:])
}

func TestCourriels(t *testing.T) {
	ids := map[string]bool{}
	for nom, e := range exemples() {
		t.Run(nom, func(t *testing.T) {
			m, err := e.Courriel(maison)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Verifier(); err != nil {
				t.Fatal(err)
			}
			if ids[m.ID] {
				t.Errorf("id %s is used twice", m.ID)
			}
			ids[m.ID] = true
			if n := len([]rune(m.Objet)); n > 60 || !strings.HasPrefix(m.Objet, "Dossier 26.A.") || strings.HasSuffix(m.Objet, "…") {
				t.Errorf("objet %q of %d characters: want the number first, whole, 60 at most", m.Objet, n)
			}
			for _, r := range m.Objet {
				if unicode.IsControl(r) || unicode.IsSpace(r) && r != ' ' {
					t.Errorf("objet %q holds %U", m.Objet, r)
				}
			}
			if !strings.Contains(m.Texte, "https://guichet.example/dossiers/0190a1b2-") || !strings.Contains(m.HTML, `href="https://guichet.example/dossiers/0190a1b2-`) {
				t.Error("no link to the dossier in the text, or in the HTML")
			}
			if strings.ContainsAny(m.Texte, "'") {
				t.Error("the text has a straight apostrophe")
			}
			// The plain-language rule: no word of the house's machinery, no code alone.
			for _, mot := range []string{"J+", "workflow", "PLAFOND_", "SF_", "_ERR", "NON_", "MAP", "MNA"} {
				if strings.Contains(m.Texte, mot) {
					t.Errorf("the text says %q", mot)
				}
			}
			// Text and HTML share their sentences.
			html := serre(texteHTML(t, []byte(m.HTML)))
			for ligne := range strings.SplitSeq(m.Texte, "\n") {
				if strings.Contains(ligne, "\u00a0:") {
					continue // a link, or a row of a table read as a sentence
				}
				for phrase := range strings.SplitSeq(strings.TrimLeft(ligne, "-> 0123456789."), ". ") {
					if !strings.Contains(html, serre(phrase)) && phrase != strings.ToUpper(phrase) {
						t.Errorf("the HTML does not say %q", phrase)
					}
				}
			}
		})
	}
}

func TestMessageVerifier(t *testing.T) {
	bon := func() courrier.Message {
		return courrier.Message{ID: "26.A.1-accord", Objet: "Dossier 26.A.1 : accord", Texte: "Bonjour.",
			A: []courrier.Adresse{{Nom: "Zoé", Courriel: "zoe@tilleuls.example"}}}
	}
	if err := bon().Verifier(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		nom   string
		casse func(*courrier.Message)
	}{
		{"no addressee", func(m *courrier.Message) { m.A = nil }},
		{"header in the address", func(m *courrier.Message) { m.A[0].Courriel = "zoe@tilleuls.example\r\nBcc: x@y.example" }},
		{"two addresses in one", func(m *courrier.Message) { m.A[0].Courriel = "zoe@tilleuls.example, x@y.example" }},
		{"address with a name", func(m *courrier.Message) { m.A[0].Courriel = "Zoé <zoe@tilleuls.example>" }},
		{"not an address", func(m *courrier.Message) { m.A[0].Courriel = "zoe" }},
		{"header in the name", func(m *courrier.Message) { m.A[0].Nom = "Zoé\r\nBcc: x@y.example" }},
		{"header in the subject", func(m *courrier.Message) { m.Objet = "Accord\r\nBcc: x@y.example" }},
		{"bare line feed in the subject", func(m *courrier.Message) { m.Objet = "Accord\nBcc: x@y.example" }},
		{"subject too long", func(m *courrier.Message) { m.Objet = strings.Repeat("é", 61) }},
		{"no subject", func(m *courrier.Message) { m.Objet = " " }},
		{"no id", func(m *courrier.Message) { m.ID = "" }},
		{"id that closes its bracket", func(m *courrier.Message) { m.ID = "a>\r\nBcc: x@y.example" }},
		{"id with a space", func(m *courrier.Message) { m.ID = "a b" }},
		{"no text", func(m *courrier.Message) { m.Texte = "\n" }},
		{"header in a file name", func(m *courrier.Message) {
			m.PiecesJointes = []courrier.PieceJointe{{Nom: "a.pdf\r\nX: y", Contenu: []byte("x")}}
		}},
		{"path in a file name", func(m *courrier.Message) {
			m.PiecesJointes = []courrier.PieceJointe{{Nom: "../a.pdf", Contenu: []byte("x")}}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			m := bon()
			tt.casse(&m)
			if err := m.Verifier(); opco.KindOf(err) != opco.Invalid {
				t.Errorf("got %v, want Invalid", err)
			}
		})
	}
}

// TestCourrielNomPiege sends what a person typed through the templates: a name
// made to add a header becomes harmless text.
func TestCourrielNomPiege(t *testing.T) {
	a := accordTilleuls()
	a.A.Personne = "Zoé\r\nBcc: victime@ailleurs.example"
	a.Dossier.Numero = "26.A.1\r\nX-Piege: 1"
	m, err := a.Courriel(maison)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Verifier(); err != nil {
		t.Fatalf("a harmless text is refused: %v", err)
	}
	if strings.ContainsAny(m.Objet+m.A[0].Nom, "\r\n") {
		t.Errorf("objet %q, name %q: want one line", m.Objet, m.A[0].Nom)
	}
	p, err := courrier.Composer(a, maison)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Fichier, "accord-26.A.1--X-Piege--1.pdf"; got != want {
		t.Errorf("file name %q, want %q", got, want)
	}
}

func TestMaisonLien(t *testing.T) {
	for _, tt := range []struct{ base, id, want string }{
		{"https://g.example", "0190a1b2", "https://g.example/dossiers/0190a1b2"},
		{"https://g.example/opco/", "0190a1b2", "https://g.example/opco/dossiers/0190a1b2"},
		{"https://g.example", "16/0/5756?x", "https://g.example/dossiers/16%2F0%2F5756%3Fx"},
		{"https://g.example/", "", "https://g.example/"},
	} {
		if got := (courrier.Maison{URL: tt.base}).Lien(tt.id); got != tt.want {
			t.Errorf("Lien(%q) on %s = %s, want %s", tt.id, tt.base, got, tt.want)
		}
	}
}
