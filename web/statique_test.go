package web_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

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

// serre asks for an address as a browser does, and returns the answer.
func serre(h http.Handler, chemin string, entetes ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", chemin, nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	for i := 0; i+1 < len(entetes); i += 2 {
		r.Header.Set(entetes[i], entetes[i+1])
	}
	rep := httptest.NewRecorder()
	h.ServeHTTP(rep, r)
	return rep
}

// TestNoPageIsHeavy: a page and all that it loads stay under 150 KB as they are sent,
// both fonts included; guichet.js alone stays under 6 KB.
func TestNoPageIsHeavy(t *testing.T) {
	h := moteur(t, &portesFausses{})
	if js := demander(h, "GET", web.Statique("guichet.js"), nil).Body.Len(); js >= 6<<10 {
		t.Errorf("guichet.js weighs %d bytes: 6 KB at most", js)
	}
	charge := regexp.MustCompile(`(?:href|src)="(/statique/[^"]+)"`)
	pese := map[string]int{}
	poids := func(chemin string) int {
		if pese[chemin] == 0 {
			pese[chemin] = serre(h, chemin).Body.Len()
		}
		return pese[chemin]
	}
	type pesee struct {
		total int
		nom   string
	}
	var pesees []pesee
	for _, p := range web.Planches(web.MaisonDemo()) {
		brute := serre(h, "/dev/pages/"+p.Nom)
		total := brute.Body.Len() + poids(web.Statique("source-sans-3-latin.woff2")) + poids(web.Statique("source-sans-3-latin-ext.woff2"))
		for _, m := range charge.FindAllStringSubmatch(lireSerre(t, brute), -1) {
			total += poids(m[1])
		}
		pesees = append(pesees, pesee{total, p.Nom})
		if total > 150<<10 {
			t.Errorf("%s weighs %d bytes as sent: 150 KB at most", p.Nom, total)
		}
	}
	slices.SortFunc(pesees, func(a, b pesee) int { return b.total - a.total })
	var lourdes []string
	for _, p := range pesees[:3] {
		lourdes = append(lourdes, fmt.Sprintf("%s %.1f KB", p.nom, float64(p.total)/1024))
	}
	t.Logf("%d pages; the heaviest: %s", len(pesees), strings.Join(lourdes, ", "))
}

// lireSerre returns the text of an answer, compressed or not.
func lireSerre(t *testing.T, r *httptest.ResponseRecorder) string {
	t.Helper()
	return decompresser(t, r.Header().Get("Content-Encoding"), r.Body.Bytes())
}

// decompresser returns the text of what was sent under an encoding.
func decompresser(t *testing.T, encodage string, corps []byte) string {
	t.Helper()
	if encodage != "gzip" {
		return string(corps)
	}
	z, err := gzip.NewReader(bytes.NewReader(corps))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestWhatIsCompressed: pages and files that gain by it are, for who reads gzip; the
// pages that carry a secret never are; two answers of the same page differ in size.
func TestWhatIsCompressed(t *testing.T) {
	h := moteur(t, &portesFausses{})
	tests := []struct {
		name, chemin, accepte string
		gzip                  bool
	}{
		{"a page", "/dev/pages/composants", "gzip", true},
		{"a page for who reads no gzip", "/dev/pages/composants", "br", false},
		{"a page for who refuses it", "/dev/pages/composants", "gzip;q=0", false},
		{"a page that carries a code", "/activation?compte=1&code=AAAA", "gzip", false},
		{"a page of passwords", "/connexion", "gzip", false},
		{"a script", web.Statique("htmx.js"), "gzip", true},
		{"a font, which is compressed already", web.Statique("source-sans-3-latin.woff2"), "gzip", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := serre(h, tt.chemin, "Accept-Encoding", tt.accepte)
			if got := r.Header().Get("Content-Encoding") == "gzip"; got != tt.gzip || !strings.Contains(r.Header().Get("Vary"), "Accept-Encoding") {
				t.Errorf("compressed: %v, Vary %q", got, r.Header().Get("Vary"))
			}
		})
	}
	tailles := map[int]bool{}
	for range 12 {
		tailles[serre(h, "/dev/pages/composants").Body.Len()] = true
	}
	if len(tailles) < 2 {
		t.Error("the same page always weighs the same")
	}
}

// TestAFileIsNotSentTwice: a browser that has it hears so.
func TestAFileIsNotSentTwice(t *testing.T) {
	h := moteur(t, &portesFausses{})
	r := serre(h, web.Statique("guichet.css"))
	encore := serre(h, "/statique/0123456789abcdef/guichet.css", "If-None-Match", r.Header().Get("ETag"))
	autre := serre(h, "/statique/0123456789abcdef/guichet.css", "If-None-Match", `"x"`)
	if r.Header().Get("ETag") == "" || encore.Code != 304 || encore.Body.Len() != 0 || autre.Code != 200 {
		t.Errorf("ETag %q, then %d and %d bytes, then %d", r.Header().Get("ETag"), encore.Code, encore.Body.Len(), autre.Code)
	}
}

// TestOneOwnAccountIsCompressedUnlessASecretIsShown: reading it is; the answer to a form, which may show a
// key or codes, never is.
func TestOneOwnAccountIsCompressedUnlessASecretIsShown(t *testing.T) {
	v := visiter(t)
	v.entrer("e1", motDemo)
	encodage := func(methode, chemin, corps string) string {
		t.Helper()
		req, err := http.NewRequest(methode, v.site+chemin, strings.NewReader(corps))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip")
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r, err := v.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if r.StatusCode != 200 && r.StatusCode != 422 {
			t.Fatalf("%s %s: %d", methode, chemin, r.StatusCode)
		}
		return r.Header.Get("Content-Encoding")
	}
	if dit := encodage("GET", "/compte/securite", ""); dit != "gzip" {
		t.Errorf("the page is sent as %q", dit)
	}
	f := v.pourMoi("/compte/securite", url.Values{"acte_id": {uuid.NewString()}, "action": {"totp"}, "mot_de_passe_facteur": {motDemo}})
	if dit := encodage("POST", "/compte/facteurs", f.Encode()); dit != "" {
		t.Errorf("a page that shows a key is sent as %q", dit)
	}
}
