package api_test

import (
	"net/http"
	"strings"
	"testing"

	"guichet/store"
)

// seConnecter opens a session and returns its cookie.
func (g *guichet) seConnecter(identifiant, mot string, statut int) *http.Cookie {
	g.t.Helper()
	r := g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": identifiant, "mot_de_passe": mot}), statut)
	return temoin(r)
}

// temoin returns the cookie of the session that an answer sets, nil if none.
func temoin(r reponse) *http.Cookie {
	for _, c := range (&http.Response{Header: r.entete}).Cookies() {
		if c.Name == "guichet" {
			return c
		}
	}
	return nil
}

func TestSession(t *testing.T) {
	g := ouvrir(t)
	c := g.seConnecter("E1", store.MotDePasseDemo, 200)
	if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Name != "guichet" || c.Secure {
		t.Fatalf("got cookie %+v", c)
	}
	avec := c.Name + "=" + c.Value
	g.exiger(g.appeler("", "GET", "/api/session", nil, "Cookie", avec), 200)
	var n int
	if err := g.store.DB.Get(&n, `SELECT count(*) FROM session WHERE token = $1`, c.Value); err != nil || n != 0 {
		t.Errorf("the token is stored as it travels (%d, %v)", n, err)
	}
	r := g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": "e1", "mot_de_passe": store.MotDePasseDemo}, "Cookie", avec), 200)
	if nouveau := temoin(r); nouveau.Value == c.Value {
		t.Error("a login keeps the token it found")
	} else {
		g.exiger(g.appeler("", "GET", "/api/session", nil, "Cookie", avec), 401)
		avec = c.Name + "=" + nouveau.Value
	}
	g.exiger(g.appeler("", "DELETE", "/api/session", nil, "Cookie", avec, "Sec-Fetch-Site", "cross-site"), 403)
	g.exiger(g.appeler("", "DELETE", "/api/session", nil, "Cookie", avec), 204)
	g.exiger(g.appeler("", "GET", "/api/session", nil, "Cookie", avec), 401)
}

// TestConnexionRefusee: a wrong password and an unknown account are told apart by
// nothing, and failures in a row make the next login wait.
func TestConnexionRefusee(t *testing.T) {
	g := ouvrir(t)
	faux := g.appeler("", "POST", "/api/session", objet{"identifiant": "e1", "mot_de_passe": "faux"})
	inconnu := g.appeler("", "POST", "/api/session", objet{"identifiant": "personne", "mot_de_passe": "faux"})
	if faux.statut != 401 || inconnu.statut != 401 || string(sansReference(faux)) != string(sansReference(inconnu)) {
		t.Errorf("got %d %s and %d %s", faux.statut, faux.corps, inconnu.statut, inconnu.corps)
	}
	for _, compte := range []string{"e1", "personne"} {
		for range 4 {
			g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": compte, "mot_de_passe": "faux"}), 401)
		}
		if p := g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": compte, "mot_de_passe": store.MotDePasseDemo}), 429).probleme(t); !strings.Contains(p.Detail, "Attendez") {
			t.Errorf("got %q", p.Detail)
		}
	}
	g.seConnecter("e2", store.MotDePasseDemo, 200)
}

func TestEntetesEtJournal(t *testing.T) {
	g := ouvrir(t)
	r := g.appeler("e1", "GET", "/api/dossiers?texte=FR7699999000100010020030043", nil)
	for nom, veut := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"} {
		if got := r.entete.Get(nom); got != veut {
			t.Errorf("%s: got %q, want %q", nom, got, veut)
		}
	}
	if strings.Contains(g.log.String(), "FR76") {
		t.Error("the log holds a query string")
	}
	if !strings.Contains(g.log.String(), r.entete.Get("X-Reference")) {
		t.Error("the log does not hold the reference of the request")
	}
	for _, chemin := range []string{"/api/doc", "/api/doc.css", "/api/openapi.yaml", "/api/openapi.json"} {
		r := g.exiger(g.appeler("", "GET", chemin, nil), 200)
		if csp := r.entete.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || csp == "" {
			t.Errorf("%s: got CSP %q", chemin, csp)
		}
	}
	if doc := string(g.appeler("", "GET", "/api/doc", nil).corps); !strings.Contains(doc, "<html lang=\"fr\">") || strings.Count(doc, "<article>") < 50 {
		t.Error("the page of the documentation is empty")
	}
}
