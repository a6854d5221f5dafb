package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/oauth2-proxy/mockoidc"

	"guichet/api"
)

// avecFournisseur is a counter linked to a provider of identity, where Claire is known.
func avecFournisseur(t *testing.T) (*visiteur, *mockoidc.MockOIDC) {
	t.Helper()
	m, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Shutdown() })
	return visiterRegle(t, func(c *api.Config) {
		c.OIDC = api.OIDC{Emetteur: m.Issuer(), Client: m.ClientID, Secret: m.ClientSecret}
	}), m
}

// chezLui lets the provider recognise Claire, and returns the way back.
func (v *visiteur) chezLui(m *mockoidc.MockOIDC, adresse string) string {
	v.t.Helper()
	m.QueueUser(&mockoidc.MockUser{Subject: "claire", Email: "claire@ailleurs.test"})
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, adresse, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	rep, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	rep.Body.Close()
	u, err := url.Parse(rep.Header.Get("Location"))
	if err != nil || u.Path != "/api/oidc/retour" {
		v.t.Fatalf("the provider answers %d and leads to %q (%v)", rep.StatusCode, u, err)
	}
	return u.RequestURI()
}

// TestAnAccountIsLinkedByThePages: an agent whom the provider knows comes in only once they
// linked their account, with their password, by a link that the policy of contents allows,
// and no more once it is unlinked. An organisation is not offered it.
func TestAnAccountIsLinkedByThePages(t *testing.T) {
	v, m := avecFournisseur(t)
	entre := func() (int, string, string) {
		autre := v.autre()
		_, vers, _ := autre.envoyer("/api/oidc/depart", nil)
		return autre.envoyer(autre.chezLui(m, vers), nil)
	}
	v.veut("before it is linked", 403, "", "rubrique « Sécurité »")(entre())
	agent := v.autre().entrer("gestionnaire", motDemo)
	agent.veut("no password", 422, "", `href="#champ-mot_de_passe_fournisseur"`)(agent.envoyer("/compte/fournisseur", url.Values{}))
	agent.veut("another password", 422, "", `href="#champ-mot_de_passe_fournisseur"`)(agent.envoyer("/compte/fournisseur", url.Values{"mot_de_passe_fournisseur": {"un autre"}}))
	statut, _, page := agent.envoyer("/compte/fournisseur", url.Values{"mot_de_passe_fournisseur": {motDemo}})
	lien := regexp.MustCompile(`href="(` + regexp.QuoteMeta(m.Issuer()) + `[^"]*)"`).FindStringSubmatch(page)
	if statut != 200 || lien == nil {
		t.Fatalf("leaving for the provider: %d, no link to it", statut)
	}
	retour := agent.chezLui(m, html.UnescapeString(lien[1]))
	v.veut("back in another browser", 403, "", "")(v.autre().entrer("gestionnaire", motDemo).envoyer(retour, nil))
	agent.veut("back", 303, "/compte/securite", "")(agent.envoyer(retour, nil))
	if page := agent.lire("/compte/securite"); !strings.Contains(page, "Relié") || strings.Contains(page, "mot_de_passe_fournisseur") {
		t.Error("the page does not say that the account is linked")
	}
	v.veut("once it is linked", 303, "/", "")(entre())
	agent.veut("unlinked", 303, "/compte/securite", "")(agent.envoyer("/compte/fournisseur/retrait", url.Values{"mot_de_passe_deliement": {motDemo}}))
	v.veut("once it is unlinked", 403, "", "")(entre())
	e1 := v.autre().entrer("e1", motDemo)
	if strings.Contains(e1.lire("/compte/securite"), "fournisseur") {
		t.Error("a company is offered an account of the house")
	}
	e1.veut("a company", 403, "", "")(e1.envoyer("/compte/fournisseur", url.Values{"mot_de_passe_fournisseur": {motDemo}}))
}
