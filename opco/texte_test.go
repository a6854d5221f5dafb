package opco_test

import (
	"strings"
	"testing"

	"guichet/opco"
)

func TestParseTexte(t *testing.T) {
	parse := func(s string) (string, error) { return opco.ParseTexte("motif", s, 200) }
	verifierLectures(t, "motif", parse, []lecture{
		{"lines and ends", "  Bonjour,\r\nje joins\rle devis.\n ", "Bonjour,\nje joins\nle devis.", ""},
		{"composed", "re\u0301fe\u0301rence", "référence", ""},
		{"emoji family", "merci 👨‍👩‍👧", "merci 👨‍👩‍👧", ""},
		{"inert code", "<script>{{7*7}}${jndi:x}", "<script>{{7*7}}${jndi:x}", ""},
		{"byte order mark", "\ufeffdevis", "devis", ""},
		{"zero-width space of a word processor", "de\u200bvis", "devis", ""},
		{"nothing visible is nothing", " \t\u3164\u2800\u200d\n", "", ""},
		{"200 characters", strings.Repeat("é", 200), strings.Repeat("é", 200), ""},
		{"200 characters decomposed", strings.Repeat("e\u0301", 200), strings.Repeat("é", 200), ""},
		{"eight marks", "Z" + strings.Repeat("\u0335", 8), "Z" + strings.Repeat("\u0335", 8), ""},
		{"nine marks", "Z" + strings.Repeat("\u0335", 9), "", "trop d’accents"},
		{"ten thousand marks", "e" + strings.Repeat("\u0301", 10000), "", "trop long"},
		{"201 characters", strings.Repeat("é", 201), "", "200 caractères au plus, vous en avez 201"},
		{"a megabyte in one word", strings.Repeat("a", 1<<20), "", "trop long"},
		{"right to left override", "facture \u202efdp.exe", "", "invisible"},
		{"isolate", "a\u2066b", "", "invisible"},
		{"NUL", "a\x00b", "", "invisible"},
		{"escape", "a\x1b[31mb", "", "invisible"},
		{"overlong UTF-8", "a\xc0\xaf", "", "UTF-8"},
		{"lone surrogate", "a\xed\xa0\x80", "", "UTF-8"},
	})
}

func TestParseNom(t *testing.T) {
	parse := func(s string) (string, error) { return opco.ParseNom("nom", s) }
	verifierLectures(t, "nom", parse, []lecture{
		{"Irish", "O'Brien", "O'Brien", ""},
		{"curly apostrophe, Spanish", "d’Été-Ñoño", "d’Été-Ñoño", ""},
		{"decomposed", "Zoe\u0301 Lefe\u0300vre", "Zoé Lefèvre", ""},
		{"one letter", "Ô", "Ô", ""},
		{"Null", "Null", "Null", ""},
		{"N/A", "N/A", "N/A", ""},
		{"Polynesian", "Te\u02bbura Mānoa", "Te\u02bbura Mānoa", ""},
		{"Turkish", "Işıl İnönü", "Işıl İnönü", ""},
		{"Vietnamese", "Nguyễn Thị Ánh", "Nguyễn Thị Ánh", ""},
		{"organisation", "Conseil & Méthodes Garonne", "Conseil & Méthodes Garonne", ""},
		{"number", "42", "42", ""},
		{"spaces of all kinds", " \tAnne\u00a0  Marie\u3000", "Anne Marie", ""},
		{"inert code", "<script>x", "<script>x", ""},
		{"80 characters", strings.Repeat("é", 80), strings.Repeat("é", 80), ""},
		{"120 characters", strings.Repeat("é", 120), strings.Repeat("é", 120), ""},
		{"121 characters", strings.Repeat("é", 121), "", "120 caractères au plus"},
		{"right to left override", "Anne\u202e", "", "invisible"},
		{"zero-width space", "An\u200bne", "", "invisible"},
		{"zero-width joiner", "An\u200dne", "", "invisible"},
		{"soft hyphen", "An\u00adne", "", "invisible"},
		{"word joiner", "An\u2060ne", "", "invisible"},
		{"byte order mark", "\ufeffAnne", "", "invisible"},
		{"tag letters", "Anne\U000e0041", "", "invisible"},
		{"private use", "Anne\ue000", "", "invisible"},
		{"two lines", "Anne\nBcc: x", "", "invisible"},
		{"NUL", "An\x00ne", "", "invisible"},
		{"nothing", "", "", "au moins une lettre"},
		{"only spaces", " \u00a0\u2003", "", "au moins une lettre"},
		{"Hangul filler", "\u3164", "", "au moins une lettre"},
		{"only signs", "-- ' --", "", "au moins une lettre"},
		{"starts with a mark", "\u0301Anne", "", "commence par un accent"},
		{"ten thousand marks", "e" + strings.Repeat("\u0301", 10000), "", "trop long"},
		{"nine marks", "e" + strings.Repeat("\u0335", 9), "", "trop d’accents"},
		{"a megabyte", strings.Repeat("a", 1<<20), "", "trop long"},
		{"invalid UTF-8", "An\xffne", "", "UTF-8"},
	})
}

func TestCleNom(t *testing.T) {
	tests := []struct{ saisie, want string }{
		{"Zoé-Maëlle Lefèvre-N'Guyên", "zoe maelle lefevre nguyen"},
		{"ZOE MAELLE LEFEVRE N’GUYEN", "zoe maelle lefevre nguyen"},
		{"Zoe\u0301-Mae\u0308lle Lefe\u0300vre-N\u00b4Guye\u0302n", "zoe maelle lefevre nguyen"},
		{"  Zoé\u2011Maëlle\u00a0 Lefèvre – N‘Guyên ", "zoe maelle lefevre nguyen"},
		{"Œuvre Façonnée & Cie", "oeuvre faconnee + cie"},
		{"Strauß STRAUSS STRAUẞ", "strauss strauss strauss"},
		{"Işıl İNÖNÜ ISIL", "isil inonu isil"},
		{"Te\u02bbura TE'URA", "teura teura"},
		{"Đặng Łukasz Ørsted Æsa", "dang lukasz orsted aesa"},
		{"Ǿ Ǽ Acme™", "o ae acme"},
		{"ﬁn Ｚｏｅ K\u212a", "fin zoe kk"},
		{"d’Haultepenne, Jean (M.)", "dhaultepenne jean m"},
		{"Иван", "иван"},
		{"--- ' ---", ""},
		{"", ""},
	}
	for _, tt := range tests {
		t.Run(tt.saisie, func(t *testing.T) {
			got := opco.CleNom(tt.saisie)
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if encore := opco.CleNom(got); encore != got {
				t.Errorf("the key of the key is %q", encore)
			}
		})
	}
}

func TestCleRechercheFinds(t *testing.T) {
	tests := []struct {
		mot, nom string
		want     bool
	}{
		{"lefevre", "Zoé-Maëlle Lefèvre-N'Guyên", true},
		{"Lefèvre", "Zoé-Maëlle Lefèvre-N'Guyên", true},
		{"nguyen", "Zoé-Maëlle Lefèvre-N'Guyên", true},
		{"N’Guyên", "Zoé-Maëlle Lefèvre-N'Guyên", true},
		{"façonnée cie", "Œuvre Façonnée & Cie", true},
		{"OEUVRE", "Œuvre Façonnée & Cie", true},
		{"lefebvre", "Zoé-Maëlle Lefèvre-N'Guyên", false},
	}
	for _, tt := range tests {
		if got := strings.Contains(opco.CleRecherche(tt.nom), opco.CleRecherche(tt.mot)); got != tt.want {
			t.Errorf("%q in %q: got %v, want %v", tt.mot, tt.nom, got, tt.want)
		}
	}
}

func TestNomsConcordent(t *testing.T) {
	tests := []struct {
		nom, a, b string
		want      opco.Concordance
	}{
		{"accents, hyphens, apostrophes", "Zoé-Maëlle Lefèvre-N'Guyên", "ZOE MAELLE LEFEVRE N’GUYEN", opco.ConcordanceExacte},
		{"decomposed", "Zoé Lefèvre", "Zoe\u0301 Lefe\u0300vre", opco.ConcordanceExacte},
		{"ligature", "Anne Cœur", "ANNE COEUR", opco.ConcordanceExacte},
		{"swapped", "Anne Dupont", "DUPONT Anne", opco.ConcordanceProche},
		{"one letter", "Anne Dupont", "Anne Dupond", opco.ConcordanceProche},
		{"two letters in a long name", "Marie-Claire Lefebvre", "Marie Clare Lefevre", opco.ConcordanceProche},
		{"three letters in a long name", "Marie-Claire Lefebvre", "Marie Clare Lefeure", opco.ConcordanceDifferente},
		{"neighbours swapped", "Paul Martin", "Paul Matrin", opco.ConcordanceProche},
		{"two letters of twelve", "Marc Lefevre", "Mark Lefebre", opco.ConcordanceProche},
		{"two letters of eleven", "Jean Durand", "Jaan Duraud", opco.ConcordanceDifferente},
		{"one letter of four", "Ali B", "Aly B", opco.ConcordanceProche},
		{"two letters in a short name", "Jean Roy", "Jean Rey Y", opco.ConcordanceDifferente},
		{"elision split", "Jean d'Arc Petit", "Jean d Arc Petit", opco.ConcordanceProche},
		{"one-letter names", "A", "B", opco.ConcordanceDifferente},
		{"three-letter names", "Léa", "Lia", opco.ConcordanceDifferente},
		{"another person", "Paul X", "Anne Dupont", opco.ConcordanceDifferente},
		{"first name missing", "Anne Dupont", "Dupont", opco.ConcordanceDifferente},
		{"nothing on either side", "", " ", opco.ConcordanceDifferente},
		{"signs only", "-", "'", opco.ConcordanceDifferente},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			if got := opco.NomsConcordent(tt.a, tt.b); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if got := opco.NomsConcordent(tt.b, tt.a); got != tt.want {
				t.Errorf("the other way round: got %s, want %s", got, tt.want)
			}
		})
	}
}

func FuzzCleNom(f *testing.F) {
	for _, s := range []string{"Zoé-Maëlle", "İı", "\u0149", "ẞ", "½", "\u1e9e\u0301", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		cle := opco.CleNom(s)
		if encore := opco.CleNom(cle); encore != cle {
			t.Fatalf("CleNom(%+q) is %+q, whose key is %+q", s, cle, encore)
		}
		if nom, err := opco.ParseNom("nom", s); err == nil {
			if encore, err := opco.ParseNom("nom", nom); err != nil || encore != nom {
				t.Fatalf("%+q: read again as %+q, %v", nom, encore, err)
			}
			if opco.CleNom(nom) != cle {
				t.Fatalf("%+q and the name kept of it, %+q, have two keys", s, nom)
			}
		}
		if texte, err := opco.ParseTexte("motif", s, 100); err == nil {
			if encore, err := opco.ParseTexte("motif", texte, 100); err != nil || encore != texte {
				t.Fatalf("%+q: read again as %+q, %v", texte, encore, err)
			}
		}
	})
}
