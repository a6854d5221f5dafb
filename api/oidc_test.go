package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// avecFournisseur starts a counter linked to a provider of identity of its own.
func avecFournisseur(t *testing.T, regler ...func(*api.Config)) (*guichet, *mockoidc.MockOIDC) {
	t.Helper()
	m, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Shutdown() })
	regler = append([]func(*api.Config){func(c *api.Config) {
		c.OIDC = api.OIDC{Emetteur: m.Issuer(), Client: m.ClientID, Secret: m.ClientSecret, ParCourriel: true}
	}}, regler...)
	g := ouvrirAvec(t, true, regler...)
	g.sql(`UPDATE compte SET email = 'claire.morin@opco.test' WHERE identifiant = 'gestionnaire'`)
	g.sql(`UPDATE compte SET email = 'camille@entreprise.test' WHERE identifiant = 'e1'`)
	return g, m
}

// personne is somebody whom the provider knows.
func personne(sujet, email string, verifie bool) *mockoidc.MockUser {
	return &mockoidc.MockUser{Subject: sujet, Email: email, EmailVerified: verifie}
}

// fort is somebody whom the provider recognised by two factors.
type fort struct{ *mockoidc.MockUser }

// Claims adds that to what the provider signs.
func (f fort) Claims(portees []string, c *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	suite, err := f.MockUser.Claims(portees, c)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(suite)
	if err != nil {
		return nil, err
	}
	m := jwt.MapClaims{}
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, err
	}
	m["amr"] = []string{"pwd", "mfa"}
	return m, nil
}

// partir goes to the provider as u and returns the way back.
func (n *navigateur) partir(m *mockoidc.MockOIDC, u mockoidc.User, chemin string) *url.URL {
	n.g.t.Helper()
	r := n.g.exiger(n.appeler("GET", chemin, nil), 303)
	return n.traverser(m, u, r.entete.Get("Location"))
}

// traverser lets the provider recognise u.
func (n *navigateur) traverser(m *mockoidc.MockOIDC, u mockoidc.User, adresse string) *url.URL {
	n.g.t.Helper()
	m.QueueUser(u)
	res, err := http.DefaultTransport.RoundTrip(&http.Request{Method: "GET", URL: lireURL(n.g.t, adresse), Header: http.Header{}})
	if err != nil {
		n.g.t.Fatal(err)
	}
	res.Body.Close()
	return lireURL(n.g.t, res.Header.Get("Location"))
}

func lireURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil || s == "" {
		t.Fatalf("reading address %q: %v", s, err)
	}
	return u
}

func (n *navigateur) revenir(u *url.URL) reponse {
	return n.appeler("GET", u.Path+"?"+u.RawQuery, nil)
}

// TestOIDC: the staff come in by their provider, linked at the first time by the
// address that it verified, then by the identity alone; nobody else does.
func TestOIDC(t *testing.T) {
	g, m := avecFournisseur(t)
	refus := []struct {
		nom string
		u   *mockoidc.MockUser
	}{
		{"an address not verified", personne("hugo", "claire.morin@opco.test", false)},
		{"an organisation", personne("camille", "camille@entreprise.test", true)},
		{"nobody known", personne("inconnu", "inconnu@opco.test", true)},
	}
	for _, tt := range refus {
		n := g.navigateur()
		g.exiger(n.revenir(n.partir(m, tt.u, "/api/oidc/depart")), 403)
		if _, ok := n.temoins["guichet"]; ok {
			t.Errorf("%s has a session", tt.nom)
		}
	}
	n := g.navigateur()
	r := g.exiger(n.revenir(n.partir(m, personne("claire", "Claire.Morin@opco.test", true), "/api/oidc/depart?suite=%2Fdossiers")), 303)
	if r.entete.Get("Location") != "/dossiers" {
		t.Errorf("got %q", r.entete.Get("Location"))
	}
	if s := n.session(n.appeler("GET", "/api/session", nil)); s.Identifiant != "gestionnaire" || s.Etape != api.EtapeOuverte {
		t.Errorf("got %+v", s)
	}
	n = g.navigateur() // her address has changed since: the identity is the same
	g.exiger(n.revenir(n.partir(m, personne("claire", "claire.durand@opco.test", false), "/api/oidc/depart")), 303)
	if actes := g.actesDe("gestionnaire"); len(actes) != 1 || actes[0] != "changer_facteur applique" {
		t.Errorf("the history of the account says %v", actes)
	}
}

// TestOIDCRetours: a return that this browser did not ask for, that was seen before
// or that was changed opens nothing; where it leads is on this site.
func TestOIDCRetours(t *testing.T) {
	g, m := avecFournisseur(t)
	claire := personne("claire", "claire.morin@opco.test", true)
	n := g.navigateur()
	retour := n.partir(m, claire, "/api/oidc/depart?suite=https%3A%2F%2Fmechant.test%2F")
	g.exiger(g.navigateur().revenir(retour), 403) // login CSRF: another browser
	garde := n.temoins["guichet-oidc"]
	if r := g.exiger(n.revenir(retour), 303); r.entete.Get("Location") != "/" {
		t.Errorf("it leads to %q", r.entete.Get("Location"))
	}
	g.exiger(n.revenir(retour), 403)
	n.temoins["guichet-oidc"] = garde
	g.exiger(n.revenir(retour), 403)
	n = g.navigateur()
	retour = n.partir(m, claire, "/api/oidc/depart")
	q := retour.Query()
	q.Set("state", "un-autre")
	retour.RawQuery = q.Encode()
	g.exiger(n.revenir(retour), 403)
	n = g.navigateur()
	n.partir(m, claire, "/api/oidc/depart")
	g.exiger(n.appeler("GET", "/api/oidc/retour?error=access_denied&state=x", nil), 403)
	const depart = "/api/facteurs/identites/depart"
	g.exiger(g.appeler("", "POST", depart, objet{"mot_de_passe": store.MotDePasseDemo}), 401)
	g.exiger(g.appeler("e1", "POST", depart, objet{"mot_de_passe": store.MotDePasseDemo}), 403)
	g.exiger(g.appeler("comptable", "POST", depart, objet{"mot_de_passe": store.MotDePasseDemo}), 409) // by key
	n.connecter("comptable")
	g.exiger(n.appeler("POST", depart, objet{}), 422)
	g.exiger(n.appeler("POST", depart, objet{"mot_de_passe": "un autre mot de passe"}), 422)
}

// TestOIDCLier: somebody links their open account to an identity of any address,
// and unlinks it; an identity is of one account.
func TestOIDCLier(t *testing.T) {
	g, m := avecFournisseur(t)
	n := g.navigateur()
	n.connecter("comptable")
	paul := personne("paul", "paul@ailleurs.test", false)
	vole := n.temoins["guichet"]
	if r := g.exiger(n.revenir(n.relier(m, paul)), 303); r.entete.Get("Location") != "/compte" {
		t.Errorf("it leads to %q", r.entete.Get("Location"))
	}
	g.exiger(g.appeler("", "GET", "/api/compte", nil, "Cookie", "guichet="+vole), 401)
	autre := g.navigateur()
	g.exiger(autre.revenir(autre.partir(m, paul, "/api/oidc/depart")), 303)
	if s := autre.session(autre.appeler("GET", "/api/session", nil)); s.Identifiant != "comptable" {
		t.Errorf("got %+v", s)
	}
	voleur := g.navigateur()
	voleur.connecter("comptable2")
	g.exiger(voleur.revenir(voleur.relier(m, paul)), 409)
	retour := voleur.relier(m, personne("jeanne", "jeanne@ailleurs.test", true))
	voleur.connecter("comptable2") // another session than the one that gave the password
	g.exiger(voleur.revenir(retour), 403)
	g.exiger(n.appeler("POST", "/api/facteurs/identites/retrait", objet{"mot_de_passe": store.MotDePasseDemo}), 204)
	apres := g.navigateur()
	g.exiger(apres.revenir(apres.partir(m, paul, "/api/oidc/depart")), 403)
}

// relier asks, with the password, to link the open account to u, and returns the
// way back.
func (n *navigateur) relier(m *mockoidc.MockOIDC, u mockoidc.User) *url.URL {
	n.g.t.Helper()
	var d api.DepartFournisseur
	r := n.g.exiger(n.appeler("POST", "/api/facteurs/identites/depart", objet{"mot_de_passe": store.MotDePasseDemo, "suite": "/compte"}), 200)
	r.lire(n.g.t, &d)
	return n.traverser(m, u, d.Adresse)
}

// TestOIDCSansCourriel: unless the house says so, an address that the provider
// verified opens no account: its holder links it, with their password.
func TestOIDCSansCourriel(t *testing.T) {
	g, m := avecFournisseur(t, func(c *api.Config) { c.OIDC.ParCourriel = false })
	claire := personne("claire", "claire.morin@opco.test", true)
	n := g.navigateur()
	g.exiger(n.revenir(n.partir(m, claire, "/api/oidc/depart")), 403)
	n.connecter("gestionnaire")
	g.exiger(n.revenir(n.relier(m, claire)), 303)
	n = g.navigateur()
	g.exiger(n.revenir(n.partir(m, claire, "/api/oidc/depart")), 303)
}

// TestOIDCFort: the second factor of the provider counts when the house says so and
// the provider asserts it.
func TestOIDCFort(t *testing.T) {
	claire := personne("claire", "claire.morin@opco.test", true)
	tests := []struct {
		nom   string
		fort  bool
		u     mockoidc.User
		etape api.Etape
	}{
		{"the house does not take it", false, fort{claire}, api.EtapeEnroler},
		{"the provider does not assert it", true, claire, api.EtapeEnroler},
		{"asserted and taken", true, fort{claire}, api.EtapeOuverte},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			g, m := avecFournisseur(t, facteurObligatoire, func(c *api.Config) { c.OIDC.Fort = tt.fort })
			n := g.navigateur()
			g.exiger(n.revenir(n.partir(m, tt.u, "/api/oidc/depart")), 303)
			if s := n.session(n.appeler("GET", "/api/session", nil)); s.Etape != tt.etape {
				t.Errorf("got step %s, want %s", s.Etape, tt.etape)
			}
		})
	}
}

// TestOIDCAbsent: without a provider its addresses are nowhere.
func TestOIDCAbsent(t *testing.T) {
	g := ouvrir(t)
	g.exiger(g.appeler("", "GET", "/api/oidc/depart", nil), 404)
	g.exiger(g.appeler("", "GET", "/api/oidc/retour?code=x&state=y", nil), 404)
}

// TestOIDCEnPanne: a provider that is away leaves the password.
func TestOIDCEnPanne(t *testing.T) {
	g, m := avecFournisseur(t)
	_ = m.Shutdown()
	if p := g.exiger(g.appeler("", "GET", "/api/oidc/depart", nil), 409).probleme(t); !strings.Contains(p.Detail, "mot de passe") {
		t.Errorf("got %+v", p)
	}
	if s := g.navigateur().connecter("gestionnaire"); s.Role != opco.RoleGestionnaire {
		t.Errorf("got %+v", s)
	}
}
