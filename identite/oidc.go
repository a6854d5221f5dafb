package identite

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"guichet/opco"
)

const (
	attenteFournisseur = 10 * time.Second
	repitPanne         = 5 * time.Second
	tailleReponse      = 1 << 20 // bytes read of an answer of the provider
)

// Fournisseur signs people in through an OpenID provider (a staff directory,
// ProConnect): code flow with PKCE S256, state and nonce. The provider is read at
// the first use, so that the house starts without it. Its fields do not change
// once it serves.
type Fournisseur struct {
	Emetteur string // issuer: the address under which it describes itself
	ClientID string
	Secret   string
	Retour   string   // our address, to which it sends the browser back
	Scopes   []string // openid, email and profile if empty; ProConnect wants given_name and usual_name
	// Acr are the levels accepted, asked for and checked; any when empty.
	Acr []string
	// Maintenant is the real clock, time.Now if nil.
	Maintenant func() time.Time

	mu      sync.Mutex
	lu      *oidc.Provider
	fin     string    // end_session_endpoint, "" if it has none
	panne   error     // of the last reading
	panneLe time.Time // when, so that a provider away is not asked by everybody in turn
}

// Etat is what the caller keeps on the server from Demarrer to Terminer, bound to
// the browser, and drops whatever the outcome: it serves once.
type Etat struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
}

// Identite is what the provider asserts of a person. An account is linked to
// (Emetteur, Sujet); an e-mail address alone never opens an account, verified or
// not. Jeton is the proof that Deconnexion shows to the provider: keep it with the
// session, never log it.
type Identite struct {
	Emetteur     string   `json:"emetteur"`
	Sujet        string   `json:"sujet"`
	Email        string   `json:"email"`
	EmailVerifie bool     `json:"email_verifie"` // false too when the provider does not say
	Nom          string   `json:"nom"`
	Prenom       string   `json:"prenom"`
	Amr          []string `json:"amr"`
	Acr          string   `json:"acr"`
	Jeton        string   `json:"-"`
}

// Fort reports whether the provider asserts a second factor (RFC 8176).
func (i Identite) Fort() bool { return slices.Contains(i.Amr, "mfa") }

// Demarrer returns the address to which the browser goes, and the Etat to keep. A
// provider that does not answer is a Conflict whose sentence gives another way.
func (f *Fournisseur) Demarrer(ctx context.Context) (adresse string, e Etat, err error) {
	p, err := f.fournisseur(ctx)
	if err != nil {
		return "", Etat{}, err
	}
	e = Etat{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	options := []oauth2.AuthCodeOption{oidc.Nonce(e.Nonce), oauth2.S256ChallengeOption(e.Verifier),
		oauth2.SetAuthURLParam("claims", `{"id_token":{"amr":{"essential":true},"acr":{"essential":true}}}`)}
	if len(f.Acr) > 0 {
		options = append(options, oauth2.SetAuthURLParam("acr_values", strings.Join(f.Acr, " ")))
	}
	return f.client(p).AuthCodeURL(e.State, options...), e, nil
}

// Terminer exchanges the code that the browser brought back and checks what the
// provider signed: issuer, audience, expiry, nonce, level, and that its userinfo is
// about the same person. What does not fit is Forbidden, a provider away a
// Conflict; the cause is for the log.
func (f *Fournisseur) Terminer(ctx context.Context, code, state string, e Etat) (Identite, error) {
	if e.State == "" || e.Verifier == "" || subtle.ConstantTimeCompare([]byte(state), []byte(e.State)) != 1 {
		return Identite{}, refusOIDC(errors.New("state does not match"),
			"Cette connexion n’a pas été demandée depuis ce navigateur, ou elle a déjà servi. Recommencez depuis la page de connexion.")
	}
	if code == "" {
		return Identite{}, refusOIDC(errors.New("no code"), "Votre fournisseur d’identité n’a pas confirmé la connexion. Recommencez depuis la page de connexion.")
	}
	p, err := f.fournisseur(ctx)
	if err != nil {
		return Identite{}, err
	}
	ctx = f.contexte(ctx)
	jeton, err := f.client(p).Exchange(ctx, code, oauth2.VerifierOption(e.Verifier))
	if err != nil {
		return Identite{}, echange(err)
	}
	i, err := f.lireJeton(ctx, p, jeton, e.Nonce)
	if err != nil {
		return Identite{}, refusOIDC(err, "La réponse de votre fournisseur d’identité ne peut pas être retenue. Recommencez ; si cela se répète, prévenez votre administrateur.")
	}
	if len(f.Acr) > 0 && !slices.Contains(f.Acr, i.Acr) {
		return Identite{}, refusOIDC(fmt.Errorf("acr %q, want one of %q", i.Acr, f.Acr),
			"Votre fournisseur d’identité ne vous a pas reconnu avec la sûreté demandée ici. Activez chez lui un second facteur, puis recommencez.")
	}
	return i, nil
}

// Deconnexion returns the address that ends the session at the provider and brings
// the browser back to retour; "" when the provider ends no session.
func (f *Fournisseur) Deconnexion(ctx context.Context, i Identite, retour, state string) (string, error) {
	if _, err := f.fournisseur(ctx); err != nil {
		return "", err
	}
	u, err := url.Parse(f.fin)
	if f.fin == "" || err != nil {
		return "", nil
	}
	q := u.Query()
	q.Set("id_token_hint", i.Jeton)
	q.Set("post_logout_redirect_uri", retour)
	q.Set("state", state)
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// fournisseur reads what the provider says of itself, once it answers.
func (f *Fournisseur) fournisseur(ctx context.Context) (*oidc.Provider, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lu != nil {
		return f.lu, nil
	}
	if f.panne != nil && f.maintenant().Sub(f.panneLe) < repitPanne {
		return nil, f.panne
	}
	p, fin, err := f.decouvrir(ctx)
	if err != nil {
		f.panne, f.panneLe = panneOIDC(err), f.maintenant()
		return nil, f.panne
	}
	f.lu, f.fin = p, fin
	return p, nil
}

func (f *Fournisseur) maintenant() time.Time {
	if f.Maintenant == nil {
		return time.Now()
	}
	return f.Maintenant()
}

// decouvrir reads the description of the provider and its end of session.
func (f *Fournisseur) decouvrir(ctx context.Context) (*oidc.Provider, string, error) {
	// The provider keeps this context for its keys: it must outlive the request.
	p, err := oidc.NewProvider(f.contexte(context.WithoutCancel(ctx)), f.Emetteur)
	if err != nil {
		return nil, "", err
	}
	var dit struct {
		Fin string `json:"end_session_endpoint"`
	}
	if err := p.Claims(&dit); err != nil {
		return nil, "", err
	}
	return p, dit.Fin, nil
}

func (f *Fournisseur) client(p *oidc.Provider) *oauth2.Config {
	scopes := f.Scopes
	if len(scopes) == 0 {
		scopes = []string{oidc.ScopeOpenID, "email", "profile"}
	}
	return &oauth2.Config{ClientID: f.ClientID, ClientSecret: f.Secret, Endpoint: p.Endpoint(), RedirectURL: f.Retour, Scopes: scopes}
}

// contexte carries the client that reaches the provider: patient for a while,
// reading little, following no redirection.
func (f *Fournisseur) contexte(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, &http.Client{Timeout: attenteFournisseur, Transport: borne{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }})
}

// borne reads at most tailleReponse of each answer.
type borne struct{}

func (borne) RoundTrip(r *http.Request) (*http.Response, error) {
	rep, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		rep.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(rep.Body, tailleReponse), rep.Body}
	}
	return rep, err
}

// lireJeton checks the ID token, then completes it with the userinfo.
func (f *Fournisseur) lireJeton(ctx context.Context, p *oidc.Provider, jeton *oauth2.Token, nonce string) (Identite, error) {
	brut, _ := jeton.Extra("id_token").(string)
	if brut == "" {
		return Identite{}, errors.New("no ID token")
	}
	t, err := p.Verifier(&oidc.Config{ClientID: f.ClientID, Now: f.maintenant}).Verify(ctx, brut)
	if err != nil {
		return Identite{}, fmt.Errorf("verifying the ID token: %w", err)
	}
	var r revendications
	if err := t.Claims(&r); err != nil {
		return Identite{}, fmt.Errorf("reading the ID token: %w", err)
	}
	switch {
	case nonce == "" || subtle.ConstantTimeCompare([]byte(t.Nonce), []byte(nonce)) != 1:
		return Identite{}, errors.New("nonce does not match")
	case (len(t.Audience) > 1 || r.Partie != "") && r.Partie != f.ClientID:
		return Identite{}, fmt.Errorf("authorized party %q", r.Partie)
	case t.Subject == "":
		return Identite{}, errors.New("no subject")
	}
	if t.AccessTokenHash != "" {
		if err := t.VerifyAccessToken(jeton.AccessToken); err != nil {
			return Identite{}, fmt.Errorf("verifying the access token: %w", err)
		}
	}
	if err := f.completer(ctx, p, jeton, &r); err != nil {
		return Identite{}, err
	}
	return r.identite(brut), nil
}

// completer reads the userinfo, plain JSON or a signed JWT, when the provider has
// one. It must be about the person of the ID token, and a signed one for us; it
// changes neither who she is nor how she was recognised.
func (f *Fournisseur) completer(ctx context.Context, p *oidc.Provider, jeton *oauth2.Token, r *revendications) error {
	if p.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(jeton))
	if err != nil {
		return fmt.Errorf("reading the userinfo: %w", err)
	}
	var u revendications
	if err := info.Claims(&u); err != nil {
		return fmt.Errorf("reading the userinfo: %w", err)
	}
	switch {
	case u.Sujet == "": // it says of nobody: the ID token stands alone
		return nil
	case u.Sujet != r.Sujet:
		return errors.New("the userinfo is about somebody else")
	case u.Emetteur != "" && u.Emetteur != r.Emetteur:
		return fmt.Errorf("the userinfo comes from %q", u.Emetteur)
	case u.Audience != nil && !slices.Contains(u.Audience, f.ClientID):
		return fmt.Errorf("the userinfo is for %q", u.Audience)
	}
	if u.Email != "" { // an address is verified only by who gives it
		r.Verifie = u.Verifie || r.Verifie && ouiNon(strings.EqualFold(u.Email, r.Email))
		r.Email = u.Email
	}
	r.Prenom, r.Nom, r.NomUsage = cmp.Or(u.Prenom, r.Prenom), cmp.Or(u.Nom, r.Nom), cmp.Or(u.NomUsage, r.NomUsage)
	return nil
}

// echange tells a provider that is away from one that refuses the code.
func echange(err error) error {
	var refus *oauth2.RetrieveError
	if errors.As(err, &refus) && refus.Response != nil && refus.Response.StatusCode < 500 {
		return refusOIDC(err, "Cette connexion a expiré ou a déjà servi. Recommencez depuis la page de connexion.")
	}
	return panneOIDC(err)
}

// refusOIDC keeps for the log what was wrong, without the answer of the provider,
// which may hold a token.
func refusOIDC(err error, phrase string) error {
	var r *oauth2.RetrieveError
	if errors.As(err, &r) {
		err = fmt.Errorf("exchanging the code: %s %s", r.ErrorCode, r.ErrorDescription)
	}
	e := opco.Errorf(opco.Forbidden, "%s", phrase)
	e.Err = err
	return e
}

func panneOIDC(err error) error {
	e := opco.Errorf(opco.Conflict, "Votre fournisseur d’identité ne répond pas. Réessayez dans quelques minutes, ou connectez-vous avec votre mot de passe.")
	var r *oauth2.RetrieveError
	if errors.As(err, &r) {
		err = fmt.Errorf("exchanging the code: status %d", r.Response.StatusCode)
	}
	e.Err = err
	return e
}
