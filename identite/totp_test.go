package identite_test

import (
	"bytes"
	"image/png"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"pgregory.net/rapid"

	"guichet/identite"
)

// The vectors of RFC 6238, appendix B (SHA-1), cut to six digits.
func TestVerifierTOTPRFC6238(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for quand, code := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if pas, ok := identite.VerifierTOTP(secret, code, time.Unix(quand, 0), 0); !ok || pas != quand/30 {
			t.Errorf("%d: got %d, %v", quand, pas, ok)
		}
	}
}

func TestVerifierTOTP(t *testing.T) {
	secret := identite.NouveauSecret()
	le := time.Date(2026, 11, 2, 9, 30, 5, 0, time.UTC)
	pas := le.Unix() / 30
	code := func(d time.Duration) string {
		c, err := totp.GenerateCode(secret, le.Add(d))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	tests := []struct {
		name    string
		code    string
		dernier int64
		want    int64 // 0 when refused
	}{
		{"now", code(0), 0, pas},
		{"typed in two groups", code(0)[:3] + " " + code(0)[3:], 0, pas},
		{"a telephone 30 s late", code(-30 * time.Second), 0, pas - 1},
		{"a telephone 30 s early", code(30 * time.Second), 0, pas + 1},
		{"a minute late", code(-60 * time.Second), 0, 0},
		{"a minute early", code(60 * time.Second), 0, 0},
		{"the same code again", code(0), pas, 0},
		{"an older code after a newer", code(-30 * time.Second), pas, 0},
		{"the next code after this one", code(30 * time.Second), pas, pas + 1},
		{"five digits", code(0)[:5], 0, 0},
		{"empty", "", 0, 0},
		{"full-width digits", "１２３４５６", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := identite.VerifierTOTP(secret, tt.code, le, tt.dernier)
			if ok != (tt.want != 0) || got != tt.want {
				t.Errorf("got %d, %v; want %d", got, ok, tt.want)
			}
		})
	}
	if _, ok := identite.VerifierTOTP("pas du base 32 !", code(0), le, 0); ok {
		t.Error("a secret that cannot be read accepts a code")
	}
}

// However often a code comes back, each step opens at most once.
func TestVerifierTOTPStepOpensOnce(t *testing.T) {
	secret := identite.NouveauSecret()
	rapid.Check(t, func(t *rapid.T) {
		dernier, ouverts := int64(0), map[string]int{}
		base := time.Unix(1_780_000_000, 0)
		for range rapid.IntRange(1, 20).Draw(t, "essais") {
			base = base.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "attente")) * time.Second)
			c, _ := totp.GenerateCode(secret, base.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "ecart"))*30*time.Second))
			pas, ok := identite.VerifierTOTP(secret, c, base, dernier)
			if !ok {
				continue
			}
			if pas <= dernier {
				t.Fatalf("step %d after %d", pas, dernier)
			}
			if ouverts[c]++; ouverts[c] > 1 {
				t.Fatalf("code %s opened twice", c)
			}
			dernier = pas
		}
	})
}

func TestAdresseTOTPAndQR(t *testing.T) {
	secret := identite.NouveauSecret()
	adresse := identite.AdresseTOTP("OPCO Démo", "gestionnaire+1@exemple.test", secret)
	u, err := url.Parse(adresse)
	if err != nil {
		t.Fatal(err)
	}
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/OPCO Démo:gestionnaire+1@exemple.test" ||
		u.Query().Get("secret") != secret || u.Query().Get("issuer") != "OPCO Démo" || strings.Contains(adresse, "OPCO+") {
		t.Errorf("got %s", adresse)
	}
	b, err := identite.QR(adresse)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil || img.Bounds().Dx() != 240 {
		t.Fatalf("got %v, %v", img, err)
	}
	if len(secret) != 32 || secret == identite.NouveauSecret() {
		t.Errorf("secret %q is not 160 random bits", secret)
	}
}

func TestSecours(t *testing.T) {
	codes, empreintes := identite.NouveauxSecours()
	if len(codes) != identite.NombreSecours || len(empreintes) != len(codes) {
		t.Fatalf("got %d codes and %d hashes", len(codes), len(empreintes))
	}
	vus := map[string]bool{}
	for i, c := range codes {
		if len(c) != 19 || vus[c] || strings.ContainsAny(c, "ILOU") {
			t.Errorf("code %q: want 80 bits in four groups, without misread letters, once", c)
		}
		vus[c] = true
		if strings.Contains(strings.Join(empreintes, " "), strings.ReplaceAll(c, "-", "")) {
			t.Error("a code is kept in clear")
		}
		for _, tape := range []string{c, strings.ToLower(c), strings.ReplaceAll(c, "-", " "), strings.ReplaceAll(c, "0", "o"), strings.ReplaceAll(c, "1", "l")} {
			if e, ok := identite.EmpreinteSecours(tape); !ok || e != empreintes[i] {
				t.Errorf("%q typed %q is not recognised", c, tape)
			}
		}
	}
	reste, ok := identite.ConsommerSecours(empreintes, codes[3])
	if !ok || len(reste) != 9 || slices.Contains(reste, empreintes[3]) || len(empreintes) != 10 {
		t.Fatalf("got %d left, %v", len(reste), ok)
	}
	if _, ok := identite.ConsommerSecours(reste, codes[3]); ok {
		t.Error("a code served twice")
	}
	for _, faux := range []string{"", "0000-0000-0000-0000", codes[0][:18], codes[0] + "0", "é" + codes[0][1:], empreintes[0]} {
		if _, ok := identite.ConsommerSecours(empreintes, faux); ok {
			t.Errorf("%q is accepted", faux)
		}
	}
}
