package web_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"guichet/opco"
	"guichet/web"
)

// dessin returns the HTML of a component.
func dessin(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestEveryEtatHasAWordAnIconAndATone: an état that nobody drew would be a dash.
func TestEveryEtatHasAWordAnIconAndATone(t *testing.T) {
	entier := regexp.MustCompile(`(?s)^<span class="etat" data-ton="(gris|bleu|ambre|vert|rouge|prune)"><svg class="ic".*?<(path|circle|rect).*</svg>\s*[\pL]`)
	var tous []templ.Component
	for _, e := range opco.Etats() {
		tous = append(tous, web.Pastille(string(e), web.Guichet))
	}
	for _, e := range opco.EtatsHabilitation() {
		tous = append(tous, web.PastilleHabilitation(e), web.Pastille(string(e), web.Titulaire))
	}
	for _, e := range []opco.EtatTuile{opco.TuileOuverte, opco.TuileAOuvrir, opco.TuileLimitee, opco.TuileFermee, opco.TuileAbsente} {
		tous = append(tous, web.PastilleTuile(e))
	}
	for _, e := range opco.EtatsCompte() {
		tous = append(tous, web.PastilleCompte(e))
	}
	for i, c := range tous {
		if d := dessin(t, c); !entier.MatchString(d) {
			t.Errorf("pastille %d is not whole: %s", i, d)
		}
	}
	if d := dessin(t, web.Pastille("REFUSEE", web.Atlas)); !strings.Contains(d, "—") {
		t.Errorf("an état without a word in the vocabulary shows %s", d)
	}
}

// TestEveryIconWrittenExists reads the names of icons in the sources.
func TestEveryIconWrittenExists(t *testing.T) {
	noms := regexp.MustCompile(`(?:Icone\(|Icone: )"([a-z0-9-]+)"`)
	sources, _ := filepath.Glob("*.templ")
	gos, _ := filepath.Glob("*.go")
	vus := 0
	for _, f := range append(sources, gos...) {
		texte, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range noms.FindAllStringSubmatch(string(texte), -1) {
			vus++
			if _, err := os.Stat("icones/" + m[1] + ".svg"); err != nil {
				t.Errorf("%s draws the icon %q, which is not there", f, m[1])
			}
		}
	}
	if vus < 50 {
		t.Errorf("read %d names of icons: the sources are not seen", vus)
	}
}

// TestStaticFiles: an address is for ever the same content, an old one still
// answers, and nothing else is served.
func TestStaticFiles(t *testing.T) {
	h := moteur(t, &portesFausses{})
	tests := []struct {
		name, chemin, cache, nature string
		statut                      int
	}{
		{"a style sheet, for ever", web.Statique("guichet.css"), "public, max-age=31536000, immutable", "text/css; charset=utf-8", 200},
		{"a font", web.Statique("source-sans-3-latin.woff2"), "public, max-age=31536000, immutable", "font/woff2", 200},
		{"the script", web.Statique("guichet.js"), "public, max-age=31536000, immutable", "text/javascript; charset=utf-8", 200},
		{"the licence of the font", web.Statique("source-sans-3-OFL.txt"), "public, max-age=31536000, immutable", "text/plain; charset=utf-8", 200},
		{"an address of before a deployment", "/statique/0123456789abcdef/guichet.css", "no-cache", "text/css; charset=utf-8", 200},
		{"another file", web.Statique("doc.go"), "no-store", "text/html; charset=utf-8", 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := demander(h, "GET", tt.chemin, nil)
			if r.Code != tt.statut || r.Header().Get("Cache-Control") != tt.cache || r.Header().Get("Content-Type") != tt.nature {
				t.Errorf("got %d, %q, %q; want %d, %q, %q", r.Code, r.Header().Get("Cache-Control"), r.Header().Get("Content-Type"), tt.statut, tt.cache, tt.nature)
			}
		})
	}
}

// TestEveryPageIsStrict: no page writes a style, a script or a handler in itself,
// and each one carries the policy that would refuse them.
func TestEveryPageIsStrict(t *testing.T) {
	h := moteur(t, &portesFausses{})
	ecrit := regexp.MustCompile(`(?i) style="| on[a-z]+="|<style|<script(?:>| [^>]*>[^<])|javascript:`)
	for _, p := range web.Planches(web.MaisonDemo()) {
		r := demander(h, "GET", "/dev/pages/"+p.Nom, nil)
		politique := r.Header().Get("Content-Security-Policy")
		if r.Code != http.StatusOK || !strings.HasPrefix(politique, "default-src 'none';") || strings.Contains(politique, "unsafe") || r.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, policy %q, cache %q", p.Nom, r.Code, politique, r.Header().Get("Cache-Control"))
		}
		if x := ecrit.FindString(r.Body.String()); x != "" {
			t.Errorf("%s writes %q in the page", p.Nom, x)
		}
	}
}

// TestTheStorybookIsForDevelopment: it does not exist elsewhere.
func TestTheStorybookIsForDevelopment(t *testing.T) {
	w, err := web.New(web.Config{Portes: &portesFausses{}})
	if err != nil {
		t.Fatal(err)
	}
	for cle := range w.Acces() {
		if strings.Contains(cle, "/dev/") {
			t.Errorf("the route %s exists outside development", cle)
		}
	}
}

// TestWhoeverIsConnectedGoesOn: home and login lead on, to the step that is left
// when there is one.
func TestWhoeverIsConnectedGoesOn(t *testing.T) {
	tests := []struct {
		name, chemin string
		etape        web.EtapeConnexion
		vers         string
	}{
		{"home", "/", web.ConnexionFaite, "/accueil"},
		{"login towards a page", "/connexion?suite=/compte", web.ConnexionFaite, "/compte"},
		{"login towards another site", "/connexion?suite=//ailleurs.example", web.ConnexionFaite, "/"},
		{"home before the second factor", "/", web.ConnexionFacteur, "/connexion/second-facteur?suite=%2Faccueil"},
		{"home before the policy", "/", web.ConnexionConfidentialite, "/premiere-connexion/politique?suite=%2Faccueil"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &portesFausses{qui: &web.Connecte{Etape: tt.etape}}
			if r := demander(moteur(t, p), "GET", tt.chemin, nil); r.Code != http.StatusSeeOther || r.Header().Get("Location") != tt.vers {
				t.Errorf("got %d to %q; want %q", r.Code, r.Header().Get("Location"), tt.vers)
			}
		})
	}
}

// TestTheTasteIsKept: the theme and the density of the cookies hold, other values
// are nothing.
func TestTheTasteIsKept(t *testing.T) {
	h := moteur(t, &portesFausses{})
	tests := []struct{ name, theme, densite, veut string }{
		{"nothing chosen", "", "", `data-densite="confort"`},
		{"dark and tight", "sombre", "serre", `data-theme="sombre"`},
		{"an unknown theme", "noir", "", `<html lang="fr">`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/dev/pages", nil)
			r.AddCookie(&http.Cookie{Name: "guichet-theme", Value: tt.theme})
			r.AddCookie(&http.Cookie{Name: "guichet-densite", Value: tt.densite})
			rep := httptest.NewRecorder()
			h.ServeHTTP(rep, r)
			if !strings.Contains(rep.Body.String(), tt.veut) {
				t.Errorf("got %.300s; want %s", rep.Body.String(), tt.veut)
			}
		})
	}
}
