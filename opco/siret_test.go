package opco_test

import (
	"errors"
	"strings"
	"testing"

	"guichet/opco"
)

// lecture is one row of the tables of identifiers: what is typed, and what is
// kept, or a piece of the sentence that refuses it.
type lecture struct {
	nom, saisie, want, refus string
}

// verifierLectures runs a table against a parser, and checks that each refusal
// is Invalid, names its field and ends as a sentence does.
func verifierLectures[T ~string](t *testing.T, champ string, parse func(string) (T, error), tests []lecture) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			got, err := parse(tt.saisie)
			if tt.refus == "" {
				if err != nil || string(got) != tt.want {
					t.Fatalf("got %q, %v; want %q", got, err, tt.want)
				}
				if encore, err := parse(string(got)); err != nil || encore != got {
					t.Errorf("read again: got %q, %v; want %q", encore, err, got)
				}
				return
			}
			verifierRefus(t, champ, err, tt.refus)
			if got != "" {
				t.Errorf("got %q with a refusal, want nothing", got)
			}
		})
	}
}

func verifierRefus(t *testing.T, champ string, err error, morceau string) {
	t.Helper()
	var e *opco.Error
	if !errors.As(err, &e) || !errors.Is(err, opco.Invalid) || e.Champ != champ {
		t.Fatalf("got %v; want an Invalid error on %q", err, champ)
	}
	if !strings.Contains(e.Message, morceau) {
		t.Errorf("got « %s »; want a sentence with « %s »", e.Message, morceau)
	}
	if !strings.HasSuffix(e.Message, ".") || len([]rune(e.Message)) > 300 || strings.ContainsAny(e.Message, "\x00\r\n\u202e\u200b") {
		t.Errorf("got %q; want a short, clean sentence", e.Message)
	}
}

// acteurs are the organisations of the data set (domain.md 6.2).
var acteurs = []struct{ nom, siren, siret1, siret2, iban, nda string }{
	{"OPCO", "999001712", "99900171200010", "", "FR7699999000200010020041048", ""},
	{"E1", "999001019", "99900101900010", "99900101900028", "FR7699999000100010020030043", ""},
	{"E2", "999001084", "99900108400014", "99900108400022", "FR7699999000110010020031192", ""},
	{"E3", "999001159", "99900115900014", "99900115900022", "FR7699999000120010020032244", ""},
	{"E4", "999001225", "99900122500013", "99900122500021", "FR7699999000130010020033393", ""},
	{"E5", "999001290", "99900129000017", "99900129000025", "FR7699999000140010020034445", ""},
	{"OF1", "999001365", "99900136500017", "99900136500025", "FR7699999000150010020035594", "11756099975"},
	{"OF2", "999001431", "99900143100017", "99900143100025", "FR7699999000160010020036646", "84691234569"},
	{"OF3", "999001506", "99900150600016", "99900150600024", "FR7699999000170010020037795", "93131234513"},
	{"CFA1", "999001571", "99900157100010", "99900157100028", "FR7699999000180010020038847", "76311234531"},
	{"OF4", "999001647", "99900164700018", "99900164700026", "FR7699999000190010020039996", "75331234533"},
	{"OF2, new RIB", "999001431", "99900143100017", "", "FR7699999000770070070077737", ""},
}

func TestDataSetPasses(t *testing.T) {
	for _, a := range acteurs {
		t.Run(a.nom, func(t *testing.T) {
			if got, err := opco.ParseSIREN(a.siren); err != nil || string(got) != a.siren {
				t.Errorf("SIREN: got %q, %v", got, err)
			}
			for _, s := range []string{a.siret1, a.siret2} {
				if s == "" {
					continue
				}
				if got, err := opco.ParseSIRET(s); err != nil || got.SIREN() != opco.SIREN(a.siren) {
					t.Errorf("SIRET %s: got company %q, %v", s, got.SIREN(), err)
				}
			}
			if got, err := opco.ParseIBAN(a.iban); err != nil || string(got) != a.iban {
				t.Errorf("IBAN: got %q, %v", got, err)
			}
			if a.nda == "" {
				return
			}
			if got, err := opco.ParseNDA(a.nda); err != nil || string(got) != a.nda {
				t.Errorf("NDA: got %q, %v", got, err)
			}
		})
	}
}

func TestParseSIRET(t *testing.T) {
	verifierLectures(t, "siret", opco.ParseSIRET, []lecture{
		{"spaces", " 732 829 320 00074 ", "73282932000074", ""},
		{"no-break spaces", "732\u00a0829\u202f320\u00a000074", "73282932000074", ""},
		{"La Poste by its own rule", "35600000049837", "35600000049837", ""},
		{"La Poste by the Luhn key", "35600000000048", "35600000000048", ""},
		{"La Poste, both rules broken", "35600000049838", "", "un chiffre est faux"},
		{"the rule of La Poste is for La Poste", "99900101900016", "", "un chiffre est faux"},
		{"wrong key", "99900101900011", "", "Vérifiez surtout les cinq derniers"},
		{"right key over a wrong SIREN", "99900101800012", "", "ne forment pas un SIREN"},
		{"all zeros pass Luhn and are refused", "00000000000000", "", "des zéros"},
		{"a zero SIREN", "00000000000018", "", "des zéros"},
		{"13 digits", "9990010190001", "", "vous en avez saisi 13"},
		{"15 digits", "999001019000101", "", "vous en avez saisi 15"},
		{"a SIREN", "999001019", "", "saisi un SIREN"},
		{"full-width digits", "９９９００１０１９０００１０", "", "0 à 9"},
		{"Arabic-Indic digits", "٩٩٩٠٠١٠١٩٠٠٠١٠", "", "0 à 9"},
		{"zero-width space", "999001019\u200b00010", "", "0 à 9"},
		{"a letter O", "9990010190001O", "", "0 à 9"},
		{"a minus sign", "-9990010190001", "", "0 à 9"},
		{"nothing", " \u00a0", "", "Indiquez"},
		{"a megabyte", strings.Repeat("x", 1<<20), "", "0 à 9"},
		{"invalid UTF-8", "\xc0\xaf", "", "0 à 9"},
	})
}

func TestParseSIREN(t *testing.T) {
	verifierLectures(t, "siren", opco.ParseSIREN, []lecture{
		{"spaces", "732 829 320", "732829320", ""},
		{"La Poste", "356 000 000", "356000000", ""},
		{"wrong key", "732829321", "", "un chiffre est faux"},
		{"zeros", "000000000", "", "des zéros"},
		{"a SIRET", "73282932000074", "", "Vous avez saisi un SIRET"},
		{"8 digits", "73282932", "", "vous en avez saisi 8"},
		{"full-width", "７３２８２９３２０", "", "0 à 9"},
		{"nothing", "", "", "Indiquez"},
	})
}

func TestSIRETAffiche(t *testing.T) {
	if got, want := opco.SIRET("99900108400014").Affiche(), "999\u00a0001\u00a0084\u00a000014"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := opco.SIREN("999001084").Affiche(), "999\u00a0001\u00a0084"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := opco.SIRET("12").SIREN(); got != "" {
		t.Errorf("company of no SIRET: got %q", got)
	}
	if s, err := opco.ParseSIRET(opco.SIRET("99900108400014").Affiche()); err != nil || s != "99900108400014" {
		t.Errorf("what is shown is not read back: %q, %v", s, err)
	}
}

// TestSIRETOneWrongDigit holds the Luhn key: no single wrong digit is accepted.
func TestSIRETOneWrongDigit(t *testing.T) {
	for _, a := range acteurs {
		for i := range len(a.siret1) {
			for c := byte('0'); c <= '9'; c++ {
				faux := a.siret1[:i] + string(c) + a.siret1[i+1:]
				if _, err := opco.ParseSIRET(faux); (err == nil) != (faux == a.siret1) {
					t.Errorf("%s: got %v", faux, err)
				}
			}
		}
	}
}

func FuzzParseSIRET(f *testing.F) {
	for _, s := range []string{"99900101900010", "356 000 000 49837", "", "０", "\xff", "1 2\u200b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := opco.ParseSIRET(s)
		if err != nil {
			if opco.KindOf(err) != opco.Invalid {
				t.Fatalf("got %v, want an Invalid error", err)
			}
			return
		}
		if encore, err := opco.ParseSIRET(n.Affiche()); err != nil || encore != n {
			t.Fatalf("%q: read again as %q, %v", n, encore, err)
		}
		if _, err := opco.ParseSIREN(string(n.SIREN())); err != nil {
			t.Fatalf("%q: its SIREN is refused: %v", n, err)
		}
	})
}
