package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/web"
)

// TestThePagesBehindTheDoors puts the pages in the API's own engine: its table,
// its protections and its refusals are theirs.
func TestThePagesBehindTheDoors(t *testing.T) {
	p := &portesFausses{}
	pages, err := web.New(web.Config{Portes: p})
	if err != nil {
		t.Fatal(err)
	}
	s, err := api.New(api.Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler(pages)
	if err != nil {
		t.Fatal(err)
	}
	formulaire := "application/x-www-form-urlencoded"
	tests := []struct {
		name, methode, chemin, corps, nature, site string
		statut                                     int
		vers, montre                               string
	}{
		{"home", "GET", "/", "", "", "", 200, "", "Connectez-vous"},
		{"an address that is not", "GET", "/nulle-part", "", "", "", 404, "", "Cette page n’existe pas"},
		{"the storybook", "GET", "/dev/pages", "", "", "", 404, "", "Cette page n’existe pas"},
		{"a step of somebody else's login", "GET", "/premiere-connexion", "", "", "", 303, "/connexion?suite=%2Fpremiere-connexion", ""},
		{"a form of this site", "POST", "/connexion", "identifiant=e1&mot_de_passe=x", formulaire, "same-origin", 303, "/", ""},
		{"a form of another site", "POST", "/connexion", "identifiant=e1&mot_de_passe=x", formulaire, "cross-site", 403, "", "vient d’un autre site"},
		{"a form sent as plain text", "POST", "/connexion", "identifiant=e1", "text/plain", "same-origin", 415, "", "Un formulaire est attendu ici"},
		{"a form by reading", "GET", "/deconnexion", "", "", "", 405, "", "Cette page ne se demande pas ainsi"},
		{"a form that is too big", "POST", "/connexion", "identifiant=" + strings.Repeat("x", 2<<20), formulaire, "same-origin", 413, "", "trop long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.methode, tt.chemin, strings.NewReader(tt.corps))
			for nom, v := range map[string]string{"Content-Type": tt.nature, "Sec-Fetch-Site": tt.site} {
				if v != "" {
					r.Header.Set(nom, v)
				}
			}
			rep := httptest.NewRecorder()
			h.ServeHTTP(rep, r)
			if rep.Code != tt.statut || rep.Header().Get("Location") != tt.vers || !strings.Contains(rep.Body.String(), tt.montre) {
				t.Errorf("got %d to %q, %.200s; want %d to %q showing %q", rep.Code, rep.Header().Get("Location"), rep.Body, tt.statut, tt.vers, tt.montre)
			}
			if tt.vers == "" && (!strings.HasPrefix(rep.Header().Get("Content-Type"), "text/html") || !strings.Contains(rep.Header().Get("Content-Security-Policy"), "style-src 'self'")) {
				t.Errorf("answers %q under %q", rep.Header().Get("Content-Type"), rep.Header().Get("Content-Security-Policy"))
			}
		})
	}
	if r := demander(h, "GET", "/nulle-part", nil); strings.Contains(r.Body.String(), "Déjà un compte") {
		t.Error("an address that is not offers a login to somebody who may be connected")
	}
	if r := demander(h, "GET", web.Statique("tokens.css"), nil); r.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("a style sheet is kept %q", r.Header().Get("Cache-Control"))
	}
}

// TestTheTelephonesAreParameters: the numbers of MA-42 are those in force today.
func TestTheTelephonesAreParameters(t *testing.T) {
	page := demander(moteur(t, &portesStandard{}), "GET", "/", nil).Body.String()
	if !strings.Contains(page, "01 99 00 02 10") || strings.Contains(page, "01 99 00 01 10") {
		t.Error("the home page shows other numbers than those of the parameters")
	}
}

// TestRefusals: each refusal says what, and the way back; a reference when the log
// has one, and never what only the log should say.
func TestRefusals(t *testing.T) {
	tests := []struct {
		name    string
		statut  int
		detail  string
		montre  []string
		absente string
	}{
		{"unreadable", 400, "Ce corps est illisible.", []string{"Nous ne pouvons pas lire cette demande", "Ce corps est illisible."}, ""},
		{"somebody else's", 403, "Votre rôle ne permet pas cette action.", []string{"ne vous est pas ouvert", "Votre rôle"}, ""},
		{"missing, or somebody else's", 404, "Ce dossier n’existe pas.", []string{"Cette page n’existe pas"}, "Ce dossier"},
		{"too late", 409, "Le dossier est clos.", []string{"Le dossier est clos.", "Aller à l’accueil"}, ""},
		{"too many", 429, "Attendez 30 s.", []string{"Patientez un instant", "Attendez 30 s."}, ""},
		{"ours", 500, "pq: connection refused", []string{"Rien n’a été perdu", "ref0123"}, "pq:"},
		{"a status that no page has", 418, "Théière.", []string{"Un incident"}, "Théière"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := web.New(web.Config{Portes: &portesFausses{}})
			if err != nil {
				t.Fatal(err)
			}
			e := gin.New()
			e.GET("/", func(c *gin.Context) { w.Refuser(c, tt.statut, api.Probleme{Detail: tt.detail, Reference: "ref0123"}) })
			page := demander(e, "GET", "/", nil).Body.String()
			for _, v := range append(tt.montre, "ref0123") {
				if !strings.Contains(page, v) {
					t.Errorf("the page lacks %q", v)
				}
			}
			if tt.absente != "" && strings.Contains(page, tt.absente) {
				t.Errorf("the page says %q", tt.absente)
			}
		})
	}
}

// TestARefusalBeforeTheEndOfALogin sends to the step that is left, on reading only.
func TestARefusalBeforeTheEndOfALogin(t *testing.T) {
	w, err := web.New(web.Config{Portes: &portesFausses{qui: &web.Connecte{Etape: web.ConnexionFacteur}}})
	if err != nil {
		t.Fatal(err)
	}
	e := gin.New()
	refuse := func(c *gin.Context) { w.Refuser(c, http.StatusForbidden, api.Probleme{}) }
	e.GET("/compte", refuse)
	e.POST("/compte", refuse)
	if r := demander(e, "GET", "/compte", nil); r.Code != 303 || r.Header().Get("Location") != "/connexion/second-facteur?suite=%2Fcompte" {
		t.Errorf("got %d to %q", r.Code, r.Header().Get("Location"))
	}
	if r := demander(e, "POST", "/compte", url.Values{}); r.Code != 403 {
		t.Errorf("writing: %d", r.Code)
	}
}

// TestTheDoorsThatFail: a page whose data cannot be read says so, and logs why.
func TestTheDoorsThatFail(t *testing.T) {
	for _, chemin := range []string{"/inscription", "/conditions", "/activation"} {
		r := demander(moteur(t, &portesEnPanne{}), "GET", chemin, nil)
		if r.Code != http.StatusInternalServerError || strings.Contains(r.Body.String(), "panne") {
			t.Errorf("%s: %d", chemin, r.Code)
		}
	}
	if _, err := web.New(web.Config{}); err == nil {
		t.Error("pages without doors start")
	}
}
