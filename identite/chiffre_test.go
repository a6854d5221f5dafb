package identite_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guichet/identite"
)

func cle(octet byte) string {
	b := make([]byte, 32)
	for i := range b {
		b[i] = octet
	}
	return base64.StdEncoding.EncodeToString(b)
}

func coffre(t *testing.T, texte string) *identite.Coffre {
	t.Helper()
	c, err := identite.NewCoffre(texte)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCoffre(t *testing.T) {
	const compte, secret = "0b9e5a5e-7f6a-4c1e-9f0e-1c2d3e4f5a6b", "JBSWY3DPEHPK3PXP"
	vieux := coffre(t, "2025:"+cle(1))
	neuf := coffre(t, "2026:"+cle(2)+", 2025:"+cle(1))
	autre := coffre(t, "2026:"+cle(3))
	s := vieux.Sceller(secret, compte)
	if strings.Contains(s, secret) || s == vieux.Sceller(secret, compte) {
		t.Fatal("sealed in clear, or always alike")
	}
	if got, err := neuf.Ouvrir(s, compte); err != nil || got != secret || !neuf.Ancien(s) || vieux.Ancien(s) {
		t.Errorf("after a new key: got %q, %v", got, err)
	}
	renommee := strings.Replace(neuf.Sceller(secret, compte), "v1.2026.", "v1.2025.", 1)
	for name, x := range map[string]struct {
		c              *identite.Coffre
		scelle, compte string
	}{
		"another account":  {vieux, s, "0b9e5a5e-0000-4c1e-9f0e-1c2d3e4f5a6b"},
		"another key":      {autre, neuf.Sceller(secret, compte), compte},
		"a key gone":       {autre, s, compte},
		"a name of key":    {neuf, renommee, compte},
		"cut short":        {vieux, s[:len(s)-4], compte},
		"another version":  {vieux, strings.Replace(s, "v1", "v2", 1), compte},
		"nothing":          {vieux, "", compte},
		"no body":          {vieux, "v1.2025.", compte},
		"not even sealed":  {vieux, secret, compte},
		"an unknown label": {vieux, "v1..AAAA", compte},
	} {
		if got, err := x.c.Ouvrir(x.scelle, x.compte); !errors.Is(err, identite.ErrScelle) || got != "" {
			t.Errorf("%s: got %q, %v; want ErrScelle", name, got, err)
		}
	}
}

// One bit changed anywhere, and it does not open.
func TestCoffreRefusesAnyChange(t *testing.T) {
	c := coffre(t, "a:"+cle(7))
	rapid.Check(t, func(t *rapid.T) {
		clair, compte := rapid.String().Draw(t, "clair"), rapid.String().Draw(t, "compte")
		s := c.Sceller(clair, compte)
		if got, err := c.Ouvrir(s, compte); err != nil || got != clair {
			t.Fatalf("got %q, %v; want %q", got, err, clair)
		}
		b, _ := base64.RawURLEncoding.DecodeString(s[len("v1.a."):])
		b[rapid.IntRange(0, len(b)-1).Draw(t, "octet")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := c.Ouvrir("v1.a."+base64.RawURLEncoding.EncodeToString(b), compte); err == nil {
			t.Fatal("a changed text opens")
		}
	})
}

func TestNewCoffreRefuses(t *testing.T) {
	for _, texte := range []string{"", "2026", "2026:", ":" + cle(1), "2026:AAAA", "20.26:" + cle(1), "a:" + cle(1) + ",a:" + cle(2), "a:" + cle(1) + ","} {
		if _, err := identite.NewCoffre(texte); err == nil {
			t.Errorf("%q is accepted", texte)
		} else if strings.Contains(err.Error(), cle(1)) {
			t.Errorf("%v shows a key", err)
		}
	}
}
