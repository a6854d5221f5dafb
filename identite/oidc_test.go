package identite_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"guichet/identite"
	"guichet/opco"
)

// faux is a provider whose answers a test rewrites on their way.
type faux struct {
	*mockoidc.MockOIDC
	jeton    func(jwt.MapClaims) // claims of the ID token, signed again
	info     jwt.MapClaims       // userinfo, instead of its own
	signee   bool                // userinfo as a signed JWT
	cle      *mockoidc.Keypair   // signs instead of its own
	statut   map[string]int      // answers by path
	fin      string
	demandes map[string]int
}

func fournisseur(t *testing.T) (*faux, *identite.Fournisseur) {
	t.Helper()
	m, err := mockoidc.NewServer(nil)
	if err != nil {
		t.Fatal(err)
	}
	f := &faux{MockOIDC: m, statut: map[string]int{}, demandes: map[string]int{}, cle: m.Keypair}
	if err := m.AddMiddleware(f.entre); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(ln, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Shutdown() })
	return f, &identite.Fournisseur{Emetteur: m.Issuer(), ClientID: m.ClientID, Secret: m.ClientSecret, Retour: "http://localhost/retour"}
}

// entre rewrites what the provider answers.
func (f *faux) entre(suite http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.demandes[r.URL.Path]++
		if s := f.statut[r.URL.Path]; s != 0 {
			http.Error(w, "indisponible", s)
			return
		}
		rec := httptest.NewRecorder()
		suite.ServeHTTP(rec, r)
		corps := rec.Body.Bytes()
		switch r.URL.Path {
		case mockoidc.DiscoveryEndpoint:
			corps = modifier(corps, func(m map[string]any) { m["end_session_endpoint"] = f.fin })
		case mockoidc.TokenEndpoint:
			corps = f.resigner(corps)
		case mockoidc.UserinfoEndpoint:
			if f.info != nil {
				corps, _ = json.Marshal(f.info)
			}
			if f.signee {
				s, _ := f.cle.SignJWT(f.info)
				corps = []byte(s)
				rec.Header().Set("Content-Type", "application/jwt")
			}
		}
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		_, _ = io.Copy(w, bytes.NewReader(corps))
	})
}

func (f *faux) resigner(corps []byte) []byte {
	return modifier(corps, func(m map[string]any) {
		brut, _ := m["id_token"].(string)
		if f.jeton == nil || brut == "" {
			return
		}
		var c jwt.MapClaims
		b, _ := base64.RawURLEncoding.DecodeString(strings.Split(brut, ".")[1])
		_ = json.Unmarshal(b, &c)
		f.jeton(c)
		m["id_token"], _ = f.cle.SignJWT(c)
	})
}

func modifier(corps []byte, changer func(map[string]any)) []byte {
	var m map[string]any
	if json.Unmarshal(corps, &m) != nil {
		return corps
	}
	changer(m)
	b, _ := json.Marshal(m)
	return b
}

// aller does what the browser does: it follows the address and comes back.
func aller(t *testing.T, adresse string) (code, state string) {
	t.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := c.Get(adresse)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	u, err := url.Parse(r.Header.Get("Location"))
	if err != nil || r.StatusCode != http.StatusFound {
		t.Fatalf("the provider answers %s", r.Status)
	}
	return u.Query().Get("code"), u.Query().Get("state")
}

func TestFournisseur(t *testing.T) {
	f, fo := fournisseur(t)
	f.fin = "https://idp.test/fin?x=1"
	f.QueueUser(&mockoidc.MockUser{Subject: "s-42", Email: "Camille.Roy@Exemple.test", EmailVerified: true})
	f.jeton = func(c jwt.MapClaims) {
		c["amr"] = []string{"pwd", "mfa"}
		c["acr"] = "eidas2"
		c["given_name"] = "Camille"
	}
	f.info = jwt.MapClaims{"sub": "s-42", "email": "Camille.Roy@Exemple.test", "email_verified": true, "usual_name": "Roy", "acr": "inventé"}
	adresse, e, err := fo.Demarrer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	q, _ := url.Parse(adresse)
	for k, want := range map[string]string{"code_challenge_method": "S256", "response_type": "code", "nonce": e.Nonce, "state": e.State,
		"redirect_uri": "http://localhost/retour", "scope": "openid email profile"} {
		if got := q.Query().Get(k); got != want {
			t.Errorf("%s: got %q, want %q", k, got, want)
		}
	}
	if strings.Contains(adresse, e.Verifier) || len(e.State) < 26 || len(e.Nonce) < 26 {
		t.Errorf("the verifier travels, or the state is short: %s", adresse)
	}
	code, state := aller(t, adresse)
	i, err := fo.Terminer(t.Context(), code, state, e)
	if err != nil {
		t.Fatal(err)
	}
	if i.Emetteur != f.Issuer() || i.Sujet != "s-42" || i.Email != "camille.roy@exemple.test" || !i.EmailVerifie ||
		i.Nom != "Roy" || i.Prenom != "Camille" || i.Acr != "eidas2" || !i.Fort() {
		t.Errorf("got %+v", i)
	}
	if b, _ := json.Marshal(i); i.Jeton == "" || strings.Contains(string(b), i.Jeton) {
		t.Error("the token is lost, or goes where the identity is written")
	}
	fin, err := fo.Deconnexion(t.Context(), i, "http://localhost/", "adieu")
	u, _ := url.Parse(fin)
	if err != nil || u.Host != "idp.test" || u.Query().Get("id_token_hint") != i.Jeton || u.Query().Get("x") != "1" ||
		u.Query().Get("post_logout_redirect_uri") != "http://localhost/" || u.Query().Get("state") != "adieu" {
		t.Errorf("got %q, %v", fin, err)
	}
	if _, err := fo.Terminer(t.Context(), code, state, e); !errors.Is(err, opco.Forbidden) {
		t.Errorf("a code that served again: got %v, want Forbidden", err)
	}
	if n := f.demandes[mockoidc.DiscoveryEndpoint]; n != 1 {
		t.Errorf("the provider was read %d times, want once", n)
	}
}

// Each thing that an attacker, or a provider gone wrong, may change.
func TestFournisseurRefuses(t *testing.T) {
	autre, err := mockoidc.RandomKeypair(2048)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		jeton   func(jwt.MapClaims)
		monter  func(*faux, *identite.Fournisseur, *identite.Etat)
		code    string
		state   string
		kind    opco.Kind
		phrase  string
		accepte bool
	}{
		{name: "nothing changed", accepte: true},
		{name: "two audiences, we are the party", jeton: func(c jwt.MapClaims) {
			c["aud"] = []string{c["aud"].([]any)[0].(string), "x"}
			c["azp"] = c["aud"].([]string)[0]
		}, accepte: true},
		{name: "wrong state", state: "autre", phrase: "pas été demandée depuis ce navigateur"},
		{name: "state already dropped", monter: func(_ *faux, _ *identite.Fournisseur, e *identite.Etat) { *e = identite.Etat{} }, phrase: "pas été demandée"},
		{name: "empty state on both sides", monter: func(_ *faux, _ *identite.Fournisseur, e *identite.Etat) { e.State = "" }, state: "-", phrase: "pas été demandée"},
		{name: "no code", code: "-", phrase: "n’a pas confirmé"},
		{name: "invented code", code: "abc", phrase: "expiré ou a déjà servi"},
		{name: "wrong verifier", monter: func(_ *faux, _ *identite.Fournisseur, e *identite.Etat) { e.Verifier = strings.Repeat("x", 43) }, phrase: "expiré ou a déjà servi"},
		{name: "wrong nonce", monter: func(_ *faux, _ *identite.Fournisseur, e *identite.Etat) { e.Nonce = "autre" }, phrase: "ne peut pas être retenue"},
		{name: "no nonce kept", monter: func(_ *faux, _ *identite.Fournisseur, e *identite.Etat) { e.Nonce = "" }, jeton: func(c jwt.MapClaims) { delete(c, "nonce") }, phrase: "retenue"},
		{name: "another audience", jeton: func(c jwt.MapClaims) { c["aud"] = "une-autre-application" }, phrase: "retenue"},
		{name: "two audiences, another party", jeton: func(c jwt.MapClaims) { c["azp"] = "une-autre-application" }, phrase: "retenue"},
		{name: "two audiences, no party", jeton: func(c jwt.MapClaims) { c["aud"] = []string{c["aud"].([]any)[0].(string), "x"} }, phrase: "retenue"},
		{name: "another issuer", jeton: func(c jwt.MapClaims) { c["iss"] = "https://idp.test" }, phrase: "retenue"},
		{name: "expired", jeton: func(c jwt.MapClaims) { c["exp"] = time.Now().Add(-time.Minute).Unix() }, phrase: "retenue"},
		{name: "two hours later", monter: func(_ *faux, fo *identite.Fournisseur, _ *identite.Etat) {
			fo.Maintenant = func() time.Time { return time.Now().Add(2 * time.Hour) }
		}, phrase: "retenue"},
		{name: "no subject", jeton: func(c jwt.MapClaims) { c["sub"] = "" }, phrase: "retenue"},
		{name: "signed by another", jeton: func(jwt.MapClaims) {}, monter: func(f *faux, _ *identite.Fournisseur, _ *identite.Etat) { f.cle = autre }, phrase: "retenue"},
		{name: "a level too low", jeton: func(c jwt.MapClaims) { c["acr"] = "eidas1" }, monter: func(_ *faux, fo *identite.Fournisseur, _ *identite.Etat) { fo.Acr = []string{"eidas2", "eidas3"} }, phrase: "second facteur"},
		{name: "the level asked for", jeton: func(c jwt.MapClaims) { c["acr"] = "eidas3" }, monter: func(_ *faux, fo *identite.Fournisseur, _ *identite.Etat) { fo.Acr = []string{"eidas2", "eidas3"} }, accepte: true},
		{name: "userinfo of somebody else", monter: func(f *faux, _ *identite.Fournisseur, _ *identite.Etat) { f.info = jwt.MapClaims{"sub": "x"} }, phrase: "retenue"},
		{name: "userinfo of nobody", monter: func(f *faux, _ *identite.Fournisseur, _ *identite.Etat) {
			f.info = jwt.MapClaims{"email": "b@exemple.test", "email_verified": true}
		}, accepte: true},
		{name: "signed userinfo", monter: func(f *faux, _ *identite.Fournisseur, _ *identite.Etat) {
			f.signee, f.info = true, jwt.MapClaims{"sub": "s-1", "iss": f.Issuer(), "aud": f.ClientID}
		}, accepte: true},
		{name: "signed userinfo for another", monter: func(f *faux, _ *identite.Fournisseur, _ *identite.Etat) {
			f.signee, f.info = true, jwt.MapClaims{"sub": "s-1", "iss": f.Issuer(), "aud": []string{"une-autre-application"}}
		}, phrase: "retenue"},
		{name: "signed userinfo of another issuer", monter: func(f *faux, _ *identite.Fournisseur, _ *identite.Etat) {
			f.signee, f.info = true, jwt.MapClaims{"sub": "s-1", "iss": "https://idp.test", "aud": f.ClientID}
		}, phrase: "retenue"},
		{name: "userinfo signed by another", monter: func(f *faux, _ *identite.Fournisseur, _ *identite.Etat) {
			f.signee, f.cle, f.info = true, autre, jwt.MapClaims{"sub": "s-1"}
		}, phrase: "retenue"},
		{name: "away at the exchange", monter: func(f *faux, _ *identite.Fournisseur, _ *identite.Etat) { f.statut[mockoidc.TokenEndpoint] = 503 }, kind: opco.Conflict, phrase: "ne répond pas"},
		{name: "a megabyte and more", monter: func(f *faux, _ *identite.Fournisseur, _ *identite.Etat) {
			f.info = jwt.MapClaims{"sub": "s-1", "name": strings.Repeat("x", 2<<20)}
		}, phrase: "retenue"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, fo := fournisseur(t)
			f.QueueUser(&mockoidc.MockUser{Subject: "s-1", Email: "a@exemple.test"})
			adresse, e, err := fo.Demarrer(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			code, state := aller(t, adresse)
			f.jeton = tt.jeton
			if tt.monter != nil {
				tt.monter(f, fo, &e)
			}
			i, err := fo.Terminer(t.Context(), choisir(tt.code, code), choisir(tt.state, state), e)
			if tt.accepte {
				if err != nil || i.Sujet != "s-1" || i.Email != "a@exemple.test" {
					t.Fatalf("got %+v, %v", i, err)
				}
				return
			}
			kind := tt.kind
			if kind == "" {
				kind = opco.Forbidden
			}
			var o *opco.Error
			if !errors.As(err, &o) || o.Kind != kind || !strings.Contains(o.Message, tt.phrase) || i.Sujet != "" {
				t.Fatalf("got %+v, %v; want %s « %s »", i, err, kind, tt.phrase)
			}
			if o.Err == nil || strings.Contains(o.Error(), "eyJ") {
				t.Errorf("the log has no cause, or holds a token: %v", o)
			}
		})
	}
}

// choisir takes what the test says, « - » for nothing.
func choisir(test, vrai string) string {
	switch test {
	case "":
		return vrai
	case "-":
		return ""
	}
	return test
}

// An address is verified only by who gives it, and a name that the house would
// refuse is left out.
func TestIdentiteIsCleaned(t *testing.T) {
	tests := []struct {
		name  string
		jeton jwt.MapClaims
		info  jwt.MapClaims
		email string
		ok    bool
		nom   string
	}{
		{"verified elsewhere", jwt.MapClaims{"email": "a@exemple.test", "email_verified": true}, jwt.MapClaims{"email": "b@exemple.test"}, "b@exemple.test", false, ""},
		{"the same, said once", jwt.MapClaims{"email": "a@exemple.test", "email_verified": "true"}, jwt.MapClaims{"email": "A@exemple.test"}, "a@exemple.test", true, ""},
		{"no address", jwt.MapClaims{"email_verified": true, "email": "pas une adresse"}, jwt.MapClaims{}, "", false, ""},
		{"a name with a hidden sign", jwt.MapClaims{"family_name": "Roy\u202e", "email": ""}, jwt.MapClaims{}, "", false, ""},
		{"usual name first", jwt.MapClaims{"family_name": "Naissance", "email": ""}, jwt.MapClaims{"usual_name": " Le  Goff "}, "", false, "Le Goff"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, fo := fournisseur(t)
			f.QueueUser(&mockoidc.MockUser{Subject: "s-1"})
			f.jeton = func(c jwt.MapClaims) {
				for k, v := range tt.jeton {
					c[k] = v
				}
			}
			tt.info["sub"] = "s-1"
			f.info = tt.info
			adresse, e, err := fo.Demarrer(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			code, state := aller(t, adresse)
			i, err := fo.Terminer(t.Context(), code, state, e)
			if err != nil || i.Email != tt.email || i.EmailVerifie != tt.ok || i.Nom != tt.nom {
				t.Errorf("got %+v, %v", i, err)
			}
		})
	}
}

// The house starts without its provider, says so, and finds it when it is back.
func TestFournisseurAway(t *testing.T) {
	f, fo := fournisseur(t)
	f.statut[mockoidc.DiscoveryEndpoint] = 503
	for range 3 {
		_, _, err := fo.Demarrer(t.Context())
		var o *opco.Error
		if !errors.As(err, &o) || o.Kind != opco.Conflict || !strings.Contains(o.Message, "ne répond pas") {
			t.Fatalf("got %v", err)
		}
	}
	if n := f.demandes[mockoidc.DiscoveryEndpoint]; n != 1 {
		t.Errorf("asked %d times in a row, want once", n)
	}
	delete(f.statut, mockoidc.DiscoveryEndpoint)
	fo.Maintenant = func() time.Time { return time.Now().Add(6 * time.Second) }
	if _, _, err := fo.Demarrer(t.Context()); err != nil {
		t.Errorf("still away six seconds later: %v", err)
	}
	eteint := &identite.Fournisseur{Emetteur: "http://127.0.0.1:1/oidc", ClientID: "x"}
	if _, _, err := eteint.Demarrer(context.Background()); !errors.Is(err, opco.Conflict) {
		t.Errorf("nobody listens: got %v", err)
	}
}
