package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"guichet/api"
	"guichet/opco"
)

// falsifications are what another site can make the browser of somebody who is
// connected send (reliability.md 3.9). The types are those that a form sends
// without asking first.
var falsifications = []struct {
	nom     string
	entetes []string
	typees  bool // refused by its type, when the route takes a body
}{
	{"another site", []string{"Sec-Fetch-Site", "cross-site"}, false},
	{"a neighbour of the same domain", []string{"Sec-Fetch-Site", "same-site"}, false},
	{"another origin, an old browser", []string{"Origin", "https://mechant.test"}, false},
	{"no origin to be named", []string{"Origin", "null"}, false},
	{"JSON as plain text", []string{"Content-Type", "text/plain"}, true},
	{"JSON as a form", []string{"Content-Type", "application/x-www-form-urlencoded"}, true},
}

// TestCSRF: every route that writes refuses every forgery, with a session that
// would be allowed, and nothing changes.
func TestCSRF(t *testing.T) {
	g := ouvrir(t)
	temoins := map[opco.Role]string{}
	avant := ""
	essais := 0
	for cle, regle := range api.Acces() {
		methode, chemin, _ := strings.Cut(cle, " ")
		if methode == http.MethodGet {
			continue
		}
		role := opco.RoleEntreprise
		if len(regle.Roles) > 0 {
			role = regle.Roles[0]
		}
		if temoins[role] == "" {
			n := g.navigateur()
			n.connecter(comptes[role])
			temoins[role] = "guichet=" + n.temoins["guichet"]
		}
		if avant == "" {
			avant = g.empreinte()
		}
		op := specification().Paths.Value(chemin).GetOperation(methode)
		for _, f := range falsifications {
			if f.typees && op.RequestBody == nil {
				continue
			}
			essais++
			r := g.falsifier(methode, chemin, op, append([]string{"Cookie", temoins[role]}, f.entetes...))
			veut := http.StatusForbidden
			if f.typees {
				veut = http.StatusUnsupportedMediaType
			}
			if r.statut != veut {
				t.Errorf("%s, %s: got %d %.200s, want %d", cle, f.nom, r.statut, r.corps, veut)
			}
		}
	}
	if g.empreinte() != avant {
		t.Error("a forged request changed something")
	}
	if essais < 300 {
		t.Errorf("only %d forgeries tried", essais)
	}
	for role, temoin := range temoins {
		if r := g.appeler("", "GET", "/api/session", nil, "Cookie", temoin); r.statut != http.StatusOK {
			t.Errorf("the session of %s did not outlive the forgeries: %d", role, r.statut)
		}
	}
}

// falsifier sends the simplest acceptable body of a route under these headers.
func (g *guichet) falsifier(methode, chemin string, op *openapi3.Operation, entetes []string) reponse {
	g.t.Helper()
	id := nouvelID()
	if strings.Contains(chemin, "/lots/") {
		id = "LOT-" + id[:8]
	}
	adresse := strings.NewReplacer("{id}", id, "{siren}", "999001647", "{role}", "auditeur", "{delegation}", nouvelID()).Replace(chemin)
	if methode == http.MethodDelete && strings.Contains(chemin, "dossiers") {
		adresse += "?acte_id=" + nouvelID()
	}
	var corps any
	if op.RequestBody != nil {
		corps = []byte("{}")
		if m := op.RequestBody.Value.Content["application/json"]; m != nil {
			corps = exemple(m.Schema.Value)
		}
	}
	return g.appeler("", methode, adresse, corps, entetes...)
}
