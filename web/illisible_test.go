package web_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestIllisible: what is not text is refused by a page in French, in a form, in an
// address and in a path.
func TestIllisible(t *testing.T) {
	v := visiter(t)
	envoyees := map[string]string{"a NUL": "a\x00b", "broken UTF-8": "a\xffb"}
	for nom, x := range envoyees {
		f := url.Values{"identifiant": {x}, "mot_de_passe": {"z"}}
		for _, d := range [][]string{
			{"POST", "/connexion", "application/x-www-form-urlencoded", f.Encode()},
			{"POST", "/mot-de-passe-oublie", "application/x-www-form-urlencoded", f.Encode()},
			{"GET", "/connexion?" + f.Encode(), "", ""},
		} {
			s, _, page := v.demander(d[0], d[1], d[2], d[3])
			if s != 400 || !strings.Contains(page, "illisible") || !strings.Contains(page, "<html") {
				t.Errorf("%s in %s %s: got %d", nom, d[0], d[1], s)
			}
		}
	}
}
