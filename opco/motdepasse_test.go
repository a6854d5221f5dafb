package opco_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guichet/opco"
)

func TestPolitiqueVerifier(t *testing.T) {
	par := opco.ParametresDefaut()
	tests := []struct {
		politique, mot string
		contexte       []string
		want           []string // pieces of the sentence; nil when accepted
	}{
		// The rulings of S13 and S20.
		{opco.PolitiqueMyAtlas, "Atlas1!", nil, nil},
		{opco.PolitiqueAtnet, "Atlas1!", nil, []string{"au moins 8 caractères (vous en avez tapé 7)"}},
		{opco.PolitiqueAtnet, "Azerty-2026", nil, nil},
		{opco.PolitiqueAtnet, "azerty-2026", nil, []string{"une lettre majuscule"}},

		// MA-62, one missing thing at a time, then all at once.
		{opco.PolitiqueMyAtlas, "Atlas!!", nil, []string{"un chiffre"}},
		{opco.PolitiqueMyAtlas, "Atlas12", nil, []string{"un caractère spécial"}},
		{opco.PolitiqueMyAtlas, "atlas1!", nil, []string{"majuscule"}},
		{opco.PolitiqueMyAtlas, "Écran1!", nil, nil},
		{opco.PolitiqueMyAtlas, "atlas", nil, []string{"7 caractères", "majuscule, un chiffre et un caractère spécial"}},
		// AT-08: only the signs of its list count, others may stand beside them.
		{opco.PolitiqueAtnet, "Azerty€2026", nil, []string{"un caractère parmi _ ! @ # $ % & * ( ) - + = { } [ ] \\ ; < > , . ? /"}},
		{opco.PolitiqueAtnet, "Azerty€/2026", nil, nil},
		{opco.PolitiqueAtnet, "Azertyui?", nil, nil},

		// The house: long, no composition, not guessable.
		{opco.PolitiqueGuichet, "correct cheval batterie agrafe", nil, nil},
		{opco.PolitiqueGuichet, "la pluie verte mange 3 vélos", nil, nil},
		{opco.PolitiqueGuichet, "kqzvbpwmxjtrfhl", nil, nil},
		{opco.PolitiqueGuichet, "kqzvbpwmxjtrfh", nil, []string{"15 caractères", "tapé 14"}},
		{opco.PolitiqueGuichet, "", nil, []string{"au moins 15 caractères."}},
		{opco.PolitiqueGuichet, "               ", nil, []string{"moins facile"}},
		{opco.PolitiqueGuichet, "azertyuiopqsdfgh", nil, []string{"ordre du clavier"}},
		{opco.PolitiqueGuichet, "mlkjhgfdsqpoiuyt", nil, []string{"ordre du clavier"}},
		{opco.PolitiqueGuichet, "123456789012345", nil, []string{"ordre du clavier"}},
		{opco.PolitiqueGuichet, "aaaaaaaaaaaaaaaaaa", nil, []string{"répète"}},
		{opco.PolitiqueGuichet, "xk7xk7xk7xk7xk7xk7", nil, []string{"répète"}},
		{opco.PolitiqueGuichet, "motdepasse20262026", nil, []string{"mots de passe courants"}},
		{opco.PolitiqueGuichet, "M0t-De-P@sse-2026!", nil, []string{"mots de passe courants"}},
		{opco.PolitiqueGuichet, "chocolat-montagne", nil, []string{"mots de passe courants"}},
		{opco.PolitiqueGuichet, "J’aime le chocolat", nil, []string{"mots de passe courants"}},
		{opco.PolitiqueGuichet, "14071987 14071987", nil, []string{"moins facile"}},
		{opco.PolitiqueGuichet, "Guichet formation 74 pluie verte", nil, []string{"« guichet »"}},
		{opco.PolitiqueGuichet, "la pluie verte OPC0 3 vélos", nil, []string{"« opco »"}},

		// Words that point at the person.
		{opco.PolitiqueGuichet, "durand pluie verte 3 vélos", []string{"Aïcha Durand"}, []string{"« durand », que l’on devine"}},
		{opco.PolitiqueGuichet, "la pluie aicha verte 3 vélos", []string{"Aïcha Durand"}, []string{"« aicha »"}},
		{opco.PolitiqueGuichet, "pluie d.u.r.a.n.d verte", []string{"a.durand@exemple.test"}, []string{"« durand »"}},
		{opco.PolitiqueGuichet, "pluie verte 999001019 vélos", []string{"999 001 019 00010"}, []string{"« 999001019 »"}},
		{opco.PolitiqueGuichet, "formation pluie verte vélos", []string{"Horizon Formation SARL"}, nil},
		{opco.PolitiqueMyAtlas, "Durand1!", []string{"Aïcha Durand"}, nil}, // MA-62 does not block

		// Any character, counted as a person counts; nothing that cannot be typed again.
		{opco.PolitiqueGuichet, "ééééàààçùùôîêûë", nil, nil},
		{opco.PolitiqueGuichet, strings.Repeat("e\u0301", 7) + "zkqwpb", nil, []string{"tapé 13"}},
		{opco.PolitiqueGuichet, "🦊 pluie 🚲 verte ☕ gué", nil, nil},
		{opco.PolitiqueGuichet, "pluie verte\x00 3 vélos", nil, []string{"invisible"}},
		{opco.PolitiqueGuichet, "pluie verte\t 3 vélos", nil, []string{"invisible"}},
		{opco.PolitiqueGuichet, "pluie verte\u202e 3 vélos", nil, []string{"invisible"}},
		{opco.PolitiqueGuichet, "pluie \xff verte 3 vélos", nil, []string{"lisibles"}},
		{opco.PolitiqueGuichet, phrase(128), nil, nil},
		{opco.PolitiqueGuichet, phrase(129), nil, []string{"128 caractères au plus (vous en avez tapé 129)"}},
		{opco.PolitiqueGuichet, phrase(1 << 20), nil, []string{"128 caractères au plus"}},

		{opco.PolitiqueInterne, "kqzvbpwmxjtrfhl", nil, []string{"16 caractères"}},
		{opco.PolitiqueInterne, "kqzvbpwmxjtrfhlz", nil, nil},
		{"INCONNUE", "kqzvbpwmxjtrfh", nil, []string{"15 caractères"}},
	}
	for _, tt := range tests {
		t.Run(tt.politique+"/"+tt.mot[:min(len(tt.mot), 40)], func(t *testing.T) {
			err := par.Politique(tt.politique).Verifier(tt.mot, tt.contexte...)
			if tt.want == nil {
				if err != nil {
					t.Fatalf("got %v, want it accepted", err)
				}
				return
			}
			var e *opco.Error
			if !errors.As(err, &e) || e.Kind != opco.Invalid || e.Champ != "mot_de_passe" {
				t.Fatalf("got %#v, want Invalid on mot_de_passe", err)
			}
			for _, w := range tt.want {
				if !strings.Contains(e.Message, w) {
					t.Errorf("got %q, want it to say %q", e.Message, w)
				}
			}
			if len(tt.mot) > 7 && strings.Contains(e.Message, tt.mot) || !strings.HasSuffix(e.Message, ".") {
				t.Errorf("%q repeats the password, or is no sentence", e.Message)
			}
		})
	}
}

// phrase returns n characters that no rule but the length can refuse.
func phrase(n int) string {
	var b strings.Builder
	for i := uint32(1); b.Len() < n; i++ {
		b.WriteByte('a' + byte(i*2654435761>>24)%26)
	}
	return b.String()
}

func TestPolitiquesOnlyGrowStronger(t *testing.T) {
	par := opco.ParametresDefaut()
	err := json.Unmarshal([]byte(`{"politiques":{
		"MYATLAS":{"min":12,"blocage":true}, "ATNET":{"min":4,"max":10}, "CFA":{"min":20,"chiffre":true}}}`), &par)
	if err != nil {
		t.Fatal(err)
	}
	if p := par.Politique("MYATLAS"); p.Min != 12 || !p.Blocage || !p.Majuscule || !p.Chiffre || p.Special == "" || p.Max != 128 {
		t.Errorf("got %+v: raised to 12 with the blocklist, the rest of MA-62 kept", p)
	}
	if p := par.Politique("ATNET"); p.Min != 8 || p.Max != 64 {
		t.Errorf("got %+v: neither under AT-08 nor under 64 characters allowed", p)
	}
	if p := par.Politique("CFA"); p.Min != 20 || !p.Chiffre || !p.Blocage {
		t.Errorf("got %+v: a new policy starts from GUICHET", p)
	}
	for _, c := range opco.CodesPolitique() {
		if p := opco.ParametresDefaut().Politique(c); p.Code != c || p.Max < 64 {
			t.Errorf("%s: got %+v", c, p)
		}
	}
	if par.PolitiqueInscription != "GUICHET" || par.PolitiqueProvisoire != "GUICHET" {
		t.Errorf("got %q and %q, want the strong default", par.PolitiqueInscription, par.PolitiqueProvisoire)
	}
}

func TestPolitiqueRegleSaysWhatVerifierChecks(t *testing.T) {
	for code, wants := range map[string][]string{
		"GUICHET": {"15 caractères au moins.", "Une phrase de quatre"},
		"MYATLAS": {"7 caractères au moins, une lettre majuscule, un chiffre et un caractère spécial"},
		"ATNET":   {"8 caractères au moins, une lettre majuscule et un caractère parmi _ ! @"},
	} {
		got := opco.ParametresDefaut().Politique(code).Regle()
		for _, w := range wants {
			if !strings.Contains(got, w) {
				t.Errorf("%s: got %q, want %q in it", code, got, w)
			}
		}
	}
}

func TestForce(t *testing.T) {
	tests := []struct {
		mot      string
		contexte []string
		niveau   int
		dit      string
	}{
		{"", nil, 0, "Tapez"},
		{"soleil", nil, 0, "courants"},
		{"Soleil2024", nil, 0, "courants"},
		{"azertyuiopqsdfgh", nil, 0, "clavier"},
		{"a1z2e3r4t5", nil, 1, "trop court"},
		{"14/07/1987", nil, 0, "date"},
		{"abababababababababab", nil, 0, "répète"},
		{"DurandDurand1987", []string{"Durand"}, 0, "votre nom"},
		{"chocolat montagne guitare", nil, 1, "courants"},
		{"chocolat montagne guitare pluie", nil, 2, "Suffisant"},
		{"kqzvbpwmxjtrfhl", nil, 4, "Très solide"},
		{"correct cheval batterie agrafe", nil, 3, "Solide"},
		{phrase(129), nil, 0, "trop long"},
		{phrase(1 << 20), nil, 0, "trop long"},
	}
	for _, tt := range tests {
		niveau, dit := opco.Force(tt.mot, tt.contexte...)
		if niveau != tt.niveau || !strings.Contains(dit, tt.dit) || !strings.HasSuffix(dit, ".") {
			t.Errorf("%.40q: got %d, %q; want %d, %q", tt.mot, niveau, dit, tt.niveau, tt.dit)
		}
	}
}

// A longer password is never said weaker, and what is of level 0 is what a policy
// that blocks refuses.
func TestForceProperties(t *testing.T) {
	p := opco.Politique{Code: "ESSAI", Min: 1, Blocage: true}
	rapid.Check(t, func(t *rapid.T) {
		mot := rapid.StringOfN(rapid.RuneFrom([]rune("abcdeéàAZ01239 -_.!@€œ🦊qwertysoleil")), 1, 60, -1).Draw(t, "mot")
		niveau, dit := opco.Force(mot)
		if niveau < 0 || niveau > 4 || dit == "" {
			t.Fatalf("got %d, %q", niveau, dit)
		}
		if plus, _ := opco.Force(mot + "♞"); plus < niveau {
			t.Fatalf("level %d, %d with one more sign", niveau, plus)
		}
		if err := p.Verifier(mot); (err != nil) != (niveau == 0) && !strings.Contains(err.Error(), "guichet") && !strings.Contains(err.Error(), "opco") {
			t.Fatalf("level %d, Verifier says %v", niveau, err)
		}
		if opco.NormaliserMotDePasse(opco.NormaliserMotDePasse(mot)) != opco.NormaliserMotDePasse(mot) {
			t.Fatal("normalising twice changes the password")
		}
	})
}

func TestNormaliserMotDePasse(t *testing.T) {
	for in, want := range map[string]string{
		"e\u0301cole": "école", "a\u00a0b\u202fc": "a b c", " a b ": " a b ", "Abc": "Abc", "ﬁ": "ﬁ",
	} {
		if got := opco.NormaliserMotDePasse(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func BenchmarkVerifierLongest(b *testing.B) {
	p, mot := opco.ParametresDefaut().Politique("GUICHET"), strings.Repeat("a", 128)
	for b.Loop() {
		_ = p.Verifier(mot)
	}
}
