package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guichet/api"
	"guichet/opco"
	"guichet/web"
)

// TestAFormAppliesToWhoSawIt: a form left open in a tab while another account, or
// another espace, came in from another tab changes nothing.
func TestAFormAppliesToWhoSawIt(t *testing.T) {
	modifier := url.Values{"acte_id": {idActe}, "civilite": {"Mme"}, "nom": {"Roche"}, "prenom": {"Lucie"}}
	inviter := url.Values{"acte_id": {idActe}, "civilite": {"Mme"}, "nom": {"Roche"}, "prenom": {"Lucie"}, "email": {"lucie@exemple.test"}, "site": {string(siege)}, "service": {"DOSSIERS_FORMATION"}}
	tests := []struct {
		name, chemin, pour string
		form               url.Values
		statut             int
	}{
		{"the same account", "/compte/modifier", "moi entreprise:999001019", modifier, 303},
		{"the same account in another espace", "/compte/modifier", "moi organisme:999001365", modifier, 303},
		{"another account", "/compte/modifier", "autre entreprise:999001019", modifier, 409},
		{"a form of the espace", "/utilisateurs/nouveau", "moi entreprise:999001019", inviter, 303},
		{"a form of another espace", "/utilisateurs/nouveau", "moi entreprise:999001365", inviter, 409},
		{"a form of nobody in particular", "/compte/modifier", "", modifier, 409},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i := &interieurFaux{occupant: entreprise(opco.ServiceDossiers, opco.ServiceUtilisateurs)}
			r := demander(moteurInterieur(t, i), "POST", tt.chemin, avec(tt.form, "pour", tt.pour))
			if r.Code != tt.statut || (len(i.appels) == 0) != (tt.statut == http.StatusConflict) {
				t.Errorf("got %d, called %v; want %d", r.Code, i.appels, tt.statut)
			}
			if tt.statut == http.StatusConflict && !strings.Contains(r.Body.String(), "Rien n’a été enregistré") {
				t.Error("the page does not say that nothing is kept")
			}
		})
	}
}

// pourLui is a form as its page gives it to the occupant of i.
func pourLui(i *interieurFaux, f url.Values) url.Values {
	return avec(f, "pour", i.occupant.Compte+" "+i.occupant.Espace)
}

// TestEveryFormSaysForWhom: in every page of the storybook, the forms that change
// something for a connected person say for whom they were shown; those of the pages
// before login, and the way out, need not.
func TestEveryFormSaysForWhom(t *testing.T) {
	var ouverts []*regexp.Regexp // addresses of POST open to anybody
	w, err := web.New(web.Config{Portes: &portesFausses{}, Interieur: &interieurFaux{}})
	if err != nil {
		t.Fatal(err)
	}
	for cle, r := range w.Acces() {
		if methode, chemin, _ := strings.Cut(cle, " "); methode == "POST" && r.Public {
			ouverts = append(ouverts, regexp.MustCompile("^"+regexp.MustCompile(`\{\w+\}`).ReplaceAllString(chemin, `[^/]+`)+"$"))
		}
	}
	forme, action := regexp.MustCompile(`(?s)<form\b[^>]*method="post".*?</form>`), regexp.MustCompile(`action="([^"?#]*)`)
	vues := 0
	for _, p := range web.Planches(web.MaisonDemo()) {
		var b strings.Builder
		if err := p.Page.Render(web.AvecOccupant(t.Context(), "moi entreprise:999001019"), &b); err != nil {
			t.Fatal(err)
		}
		for _, f := range forme.FindAllString(b.String(), -1) {
			a := action.FindStringSubmatch(f)
			if a == nil || slices.ContainsFunc(ouverts, func(x *regexp.Regexp) bool { return x.MatchString(a[1]) }) {
				continue
			}
			vues++
			if !strings.Contains(f, `name="pour" value="moi `) {
				t.Errorf("%s: the form to %s does not say for whom it is: add @deQui()", p.Nom, a[1])
			}
		}
	}
	if vues < 100 {
		t.Errorf("only %d forms were seen", vues)
	}
}

// TestConnectedFormsSayForWhom: every form that changes something carries it.
func TestConnectedFormsSayForWhom(t *testing.T) {
	pages := []string{"/compte", "/compte/modifier", "/compte/entites/nouvelle", "/compte/securite", "/compte/cloture", "/accueil", "/perimetre",
		"/utilisateurs/nouveau", "/utilisateurs/" + idCompte, "/habilitations/" + idCompte, "/habilitations/" + idCompte + "/precision", "/habilitations/regles",
		"/comptes/" + idCompte, "/comptes/nouveau", "/agents/nouveau", "/agents/" + idCompte, "/absences"}
	formulaire := regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*action="([^"]*)".*?</form>`)
	for _, chemin := range pages {
		i := &interieurFaux{occupant: occupantDe(chemin), droits: droitsTest(opco.HabAValider)}
		r := demander(moteurInterieur(t, i), "GET", chemin, nil)
		if r.Code != http.StatusOK {
			t.Errorf("%s answers %d", chemin, r.Code)
		}
		for _, f := range formulaire.FindAllStringSubmatch(r.Body.String(), -1) {
			if f[1] != "/deconnexion" && !strings.Contains(f[0], `name="pour" value="moi `) {
				t.Errorf("%s: the form to %s does not say for whom it is", chemin, f[1])
			}
		}
	}
}

// droitsTest is one right in an état.
func droitsTest(e opco.EtatHabilitation) []api.DroitLu {
	return []api.DroitLu{{Id: droitA, Profil: opco.RoleEntreprise, Siret: siege, Service: opco.ServiceDossiers, Libelle: "Dossiers de formation", Etat: e}}
}
