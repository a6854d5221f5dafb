package web_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"guichet/web"
)

// TestVendoredScriptsAreTheirAuthors: htmx 4.0.1 and its extension are served as their
// authors released them, byte for byte (npm htmx.org@4.0.1, dist/htmx.min.js and
// dist/ext/hx-sse.min.js), with their licence.
func TestVendoredScriptsAreTheirAuthors(t *testing.T) {
	h := moteur(t, &portesFausses{})
	for nom, veut := range map[string]string{
		"htmx.js":   "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
		"hx-sse.js": "18ef2761356ec1fe0bb6d92612315b37517a7c1e9856b661c5ae81fef239d103",
	} {
		somme := sha256.Sum256(demander(h, "GET", web.Statique(nom), nil).Body.Bytes())
		if got := hex.EncodeToString(somme[:]); got != veut {
			t.Errorf("%s has the SHA-256 %s; want %s", nom, got, veut)
		}
	}
	if r := demander(h, "GET", web.Statique("htmx-LICENCE.txt"), nil); r.Code != 200 {
		t.Errorf("the licence of htmx answers %d", r.Code)
	}
}
