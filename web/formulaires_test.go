package web_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guichet/opco"
	"guichet/web"
)

var (
	refusForm    = opco.Champf("mot_de_passe", "Ce mot de passe est trop court.")
	refusRobot   = opco.Champf("epreuve", "Ce n’est pas la bonne réponse.")
	errBase      = errors.New("the database is away")
	compte       = "0190f3c2-7a4e-7c11-9a55-3f1d0c6b2a10"
	motSolide    = "un cheval bleu qui danse"
	epreuveJuste = url.Values{"epreuve": {"douze"}, "epreuve_jeton": {"jeton"}}
)

// avec returns the values of a form with others.
func avec(v url.Values, autres ...string) url.Values {
	n := maps.Clone(v)
	if n == nil {
		n = url.Values{}
	}
	for i := 0; i < len(autres); i += 2 {
		n[autres[i]] = []string{autres[i+1]}
	}
	return n
}

// envoi is one form sent, and what must come of it: faute is the field at fault,
// garde a value kept.
type envoi struct {
	name, chemin string
	form         url.Values
	refus        error
	etape        web.EtapeConnexion
	statut       int
	vers, appel  string
	faute, garde string
}

// envois are the forms of the pages before login.
func envois() []envoi {
	connexion := url.Values{"identifiant": {"e1"}, "mot_de_passe": {motSolide}}
	activation := avec(epreuveJuste, "compte", compte, "code", "K7QD", "mot_de_passe", motSolide, "mot_de_passe2", motSolide)
	reinit := avec(epreuveJuste, "compte", compte, "jeton", "abc", "identifiant", "e1", "mot_de_passe", motSolide, "mot_de_passe2", motSolide)
	premiere := url.Values{"identifiant": {"pedagogie.nouvelle"}, "mot_de_passe": {motSolide}, "mot_de_passe2": {motSolide}}
	confirmation := url.Values{"compte": {compte}, "jeton": {"abc"}, "mot_de_passe": {motSolide}}
	return []envoi{
		{name: "log in", chemin: "/connexion", form: connexion, statut: 303, vers: "/", appel: "connecter e1 " + motSolide},
		{name: "log in and stay", chemin: "/connexion", form: avec(connexion, "rester", "oui", "suite", "/dossiers?etat=A"), statut: 303, vers: "/dossiers?etat=A", appel: "rester e1 " + motSolide},
		{name: "log in towards another site", chemin: "/connexion", form: avec(connexion, "suite", "https://ailleurs.example/"), statut: 303, vers: "/", appel: "connecter e1 " + motSolide},
		{name: "log in with a second factor to give", chemin: "/connexion", form: avec(connexion, "suite", "/a"), etape: web.ConnexionFacteur, statut: 303, vers: "/connexion/second-facteur?suite=%2Fa", appel: "connecter e1 " + motSolide},
		{name: "log in with provisional credentials", chemin: "/connexion", form: connexion, etape: web.ConnexionPremiere, statut: 303, vers: "/premiere-connexion", appel: "connecter e1 " + motSolide},
		{name: "log in without a password", chemin: "/connexion", form: avec(connexion, "mot_de_passe", ""), statut: 422, faute: "mot_de_passe", garde: `value="e1"`},
		{name: "log in, refused", chemin: "/connexion", form: connexion, refus: opco.Errorf(opco.Conflict, "Identifiant ou mot de passe incorrect."), statut: 409, appel: "connecter e1 " + motSolide, garde: `value="e1"`},
		{name: "log in while the database is away", chemin: "/connexion", form: connexion, refus: errBase, statut: 500, appel: "connecter e1 " + motSolide},
		{name: "a code", chemin: "/connexion/second-facteur", form: url.Values{"code": {"123456"}}, statut: 303, vers: "/", appel: "facteur 123456"},
		{name: "a wrong code", chemin: "/connexion/second-facteur", form: url.Values{"code": {"123456"}}, refus: opco.Errorf(opco.Invalid, "Ce code n’est pas le bon."), statut: 422, faute: "code", appel: "facteur 123456"},
		{name: "a wrong recovery code", chemin: "/connexion/second-facteur", form: url.Values{"secours": {"aaaa"}}, refus: opco.Errorf(opco.Invalid, "Ce code n’est pas le bon."), statut: 422, faute: "secours", appel: "facteur aaaa"},
		{name: "no code", chemin: "/connexion/second-facteur", form: url.Values{}, statut: 422, faute: "code"},
		{name: "a password of a megabyte", chemin: "/connexion", form: avec(connexion, "mot_de_passe", strings.Repeat("x", 1<<19)), statut: 422, faute: "mot_de_passe", garde: `value="e1"`},
		{name: "log out", chemin: "/deconnexion", form: url.Values{}, statut: 303, vers: "/connexion", appel: "deconnecter"},
		{name: "activate", chemin: "/activation", form: activation, statut: 303, vers: "/activation/terminee", appel: "activer"},
		{name: "activate with two passwords", chemin: "/activation", form: avec(activation, "mot_de_passe2", "autre"), statut: 422, faute: "mot_de_passe2", garde: `value="K7QD"`},
		{name: "activate with a weak password", chemin: "/activation", form: activation, refus: refusForm, statut: 422, faute: "mot_de_passe", garde: `value="K7QD"`, appel: "activer"},
		{name: "activate, invited", chemin: "/activation", form: avec(activation, "invitation", "oui", "cgu", "oui"), statut: 303, vers: "/activation/terminee?invitation=oui", appel: "activer"},
		{name: "activate, of the staff", chemin: "/activation", form: avec(activation, "invitation", "agent", "cgu", "oui"), statut: 303, vers: "/activation/terminee?invitation=agent", appel: "activer"},
		{name: "activate, an invitation without the text", chemin: "/activation", form: avec(activation, "invitation", "oui"), statut: 422, faute: "cgu", garde: `name="invitation"`},
		{name: "activate without the link nor the address", chemin: "/activation", form: avec(activation, "compte", ""), statut: 422, faute: "email", garde: `value="K7QD"`},
		{name: "activate, invited, the text not seen yet", chemin: "/activation", form: activation, refus: opco.Champf("version", "Acceptez les conditions d’utilisation."), statut: 422, faute: "cgu", garde: `value="K7QD"`, appel: "activer"},
		{name: "activate, wrong sum", chemin: "/activation", form: activation, refus: refusRobot, statut: 422, faute: "epreuve", garde: `value="K7QD"`, appel: "activer"},
		{name: "resend a code", chemin: "/activation/code", form: avec(epreuveJuste, "email", "a@exemple.test"), statut: 303, vers: "/activation", appel: "renvoyer a@exemple.test"},
		{name: "resend to no address", chemin: "/activation/code", form: avec(epreuveJuste, "email", "nulle part"), statut: 422, faute: "email", garde: `value="nulle part"`},
		{name: "ask for a new password", chemin: "/mot-de-passe-oublie", form: avec(epreuveJuste, "identifiant", " e1 "), statut: 303, vers: "/mot-de-passe-oublie/envoye", appel: "oubli e1"},
		{name: "choose a new password", chemin: "/reinitialisation", form: reinit, statut: 303, vers: "/connexion", appel: "reinitialiser e1 " + compte + " abc " + motSolide},
		{name: "choose a weak one", chemin: "/reinitialisation", form: reinit, refus: refusForm, statut: 422, faute: "mot_de_passe", garde: `name="jeton" value="abc"`, appel: "reinitialiser e1 " + compte + " abc " + motSolide},
		{name: "choose an identifier", chemin: "/premiere-connexion", form: premiere, statut: 303, vers: "/premiere-connexion/envoyee", appel: "personnaliser pedagogie.nouvelle " + motSolide},
		{name: "an identifier that is taken", chemin: "/premiere-connexion", form: premiere, refus: opco.Champf("identifiant", "Cet identifiant est déjà pris."), statut: 422, faute: "identifiant", garde: `value="pedagogie.nouvelle"`, appel: "personnaliser pedagogie.nouvelle " + motSolide},
		{name: "confirm the identifier", chemin: "/premiere-connexion/confirmation", form: confirmation, statut: 303, vers: "/", appel: "confirmer " + compte + " abc " + motSolide},
		{name: "accept the policy", chemin: "/premiere-connexion/politique", form: url.Values{"version": {"v1"}, "confidentialite": {"oui"}}, statut: 303, vers: "/", appel: "accepter v1"},
		{name: "accept nothing", chemin: "/premiere-connexion/politique", form: url.Values{"version": {"v1"}}, statut: 422, faute: "confidentialite", garde: `version=v1`},
		{name: "confirm without the password", chemin: "/premiere-connexion/confirmation", form: avec(confirmation, "mot_de_passe", ""), statut: 422, faute: "mot_de_passe", garde: `name="jeton" value="abc"`},
	}
}

// TestFormsGoOnOrComeBack sends each form: what works answers 303 and never shows
// again; what does not answers with the values kept, the summary focused and the
// field told apart, and calls no door when the form itself is wrong.
func TestFormsGoOnOrComeBack(t *testing.T) {
	for _, tt := range envois() {
		t.Run(tt.name, func(t *testing.T) {
			p := &portesFausses{refus: tt.refus, etape: tt.etape, qui: &web.Connecte{Identifiant: "OF3-0001", Etape: web.ConnexionPremiere}}
			r := demander(moteur(t, p), "POST", tt.chemin, avec(tt.form, "pour", "OF3-0001 "))
			if r.Code != tt.statut || r.Header().Get("Location") != tt.vers {
				t.Errorf("got %d to %q; want %d to %q", r.Code, r.Header().Get("Location"), tt.statut, tt.vers)
			}
			if got := strings.Join(p.appels, ","); got != tt.appel {
				t.Errorf("called %q; want %q", got, tt.appel)
			}
			if r.Code >= 400 && r.Code < 500 {
				verifierReprise(t, r, tt.faute, tt.garde)
			}
			if strings.Contains(r.Body.String(), motSolide) {
				t.Error("the page sends the password back")
			}
		})
	}
}

// verifierReprise reads a form that came back.
func verifierReprise(t *testing.T, r *httptest.ResponseRecorder, faute, garde string) {
	t.Helper()
	page := r.Body.String()
	veut := []string{`role="alert" tabindex="-1" autofocus`, "<title>À corriger : ", garde}
	if faute != "" {
		veut = append(veut, `<a href="#champ-`+faute+`">`, `id="champ-`+faute+`-faute"`)
	}
	for _, v := range veut {
		if !strings.Contains(page, v) {
			t.Errorf("the page lacks %s", v)
		}
	}
	if faute == "" {
		return
	}
	champ := regexp.MustCompile(`<(?:input|select|fieldset)[^>]*id="champ-` + faute + `"[^>]*>`).FindString(page)
	if !strings.Contains(champ, "champ-"+faute+"-faute") || !strings.Contains(champ, `aria-invalid="true"`) {
		t.Errorf("the field at fault is %s: it does not name its fault", champ)
	}
}

// inscription is the registration of scenario S20.
func inscription() url.Values {
	return avec(epreuveJuste, "etape", "2", "branche", "2691", "code_adherent", "A100001", "masse_salariale", "312 480", "responsable", "Anne-Laure Sorbier-Dumas",
		"etablissements", "2", "siret_1", "999 001 019 00010", "fonction_1", "Directeur", "siret_2", "99900101900028", "fonction_2", "Directeur", "certifie", "oui",
		"of_nda", "11756099975", "of_facture", "1200", "of_responsable", "Paul Roux", "of_siret_1", "99900136500017", "of_fonction_1", "Gérant", "of_etablissements", "1", "of_certifie", "oui",
		"of_service", "PAIEMENTS_OF", "civilite", "M.", "nom", "Kerbrat", "prenom", "Paul-Aurélien", "email", "p@sorbier.example", "email2", "P@sorbier.example", "ne_le", "1980-02-29", "cgu", "oui", "action", "creer")
}

func inscriptionS20() url.Values {
	v := inscription()
	v["profil"] = []string{"entreprise", "organisme"}
	v["service"] = []string{"DOSSIERS_FORMATION", "CONTRIBUTIONS"}
	return v
}

// TestARegistrationArrivesWhole: what was typed in both steps is what the API
// receives, and the last screen shows the address (MA-58).
func TestARegistrationArrivesWhole(t *testing.T) {
	p := &portesFausses{}
	h := moteur(t, p)
	r := demander(h, "POST", "/inscription", inscriptionS20())
	if r.Code != http.StatusSeeOther || r.Header().Get("Location") != "/inscription/confirmation" {
		t.Fatalf("got %d to %q: %s", r.Code, r.Header().Get("Location"), r.Body)
	}
	d := p.inscrite
	if len(d.Blocs) != 2 || d.Version != "v1" || d.Epreuve != (web.ReponseEpreuve{Jeton: "jeton", Reponse: "douze"}) || d.Identite.Email != "p@sorbier.example" {
		t.Fatalf("got %+v", d)
	}
	e, o := d.Blocs[0], d.Blocs[1]
	if e.MasseSalariale != 31248000 || e.CodeAdherent != "A100001" || len(e.Etablissements) != 2 || e.Etablissements[1].SIRET != "99900101900028" ||
		!slices.Equal(e.Services, []opco.Service{opco.ServiceDossiers, opco.ServiceContributions}) || !e.Certifie || e.Profil != opco.RoleEntreprise {
		t.Errorf("the company arrives as %+v", e)
	}
	if o.NDA != "11756099975" || o.FactureHT != 120000 || o.Profil != opco.RoleOrganisme || len(o.Services) != 1 {
		t.Errorf("the organisme arrives as %+v", o)
	}
	if rep := suivre(h, r); !strings.Contains(rep.Body.String(), "p@sorbier.example") {
		t.Error("the last screen does not show the address")
	}
}

// suivre goes where an answer leads, with the cookies that it gave.
func suivre(h http.Handler, r *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	suite := httptest.NewRequest("GET", r.Header().Get("Location"), nil)
	for _, k := range r.Result().Cookies() {
		suite.AddCookie(k)
	}
	rep := httptest.NewRecorder()
	h.ServeHTTP(rep, suite)
	return rep
}

// TestAStepTooLongForACookieIsNotLost: what no cookie can hold comes back at once; a
// cookie that anybody wrote is an empty form.
func TestAStepTooLongForACookieIsNotLost(t *testing.T) {
	h := moteur(t, &portesFausses{})
	f := avec(inscriptionS20(), "etape", "1", "action", "suivant", "etablissements", "20", "of_etablissements", "20")
	for n := range 20 { // random letters do not compress
		for _, b := range []string{"", "of_"} {
			f.Set(fmt.Sprintf("%ssiret_%d", b, n+1), sirets(n))
			f.Set(fmt.Sprintf("%sfonction_%d", b, n+1), rand.Text()+rand.Text()+rand.Text()+rand.Text())
			f.Set(fmt.Sprintf("%stelephone_%d", b, n+1), rand.Text())
		}
	}
	f.Set("fonction_20", "Le dernier <b>")
	r := demander(h, "POST", "/inscription", f)
	if r.Code != 200 || !strings.Contains(r.Body.String(), "étape 2 sur 3") || !strings.Contains(r.Body.String(), "Le dernier &lt;b&gt;") {
		t.Errorf("a long step answers %d", r.Code)
	}
	for _, valeur := range []string{"nimporte.quoi", "AAAA", ""} {
		q := httptest.NewRequest("GET", "/inscription?etape=2", nil)
		q.AddCookie(&http.Cookie{Name: "guichet-inscription-etape", Value: valeur})
		rep := httptest.NewRecorder()
		h.ServeHTTP(rep, q)
		if rep.Code != 200 || !strings.Contains(rep.Body.String(), "étape 1 sur 3") {
			t.Errorf("the cookie %q answers %d", valeur, rep.Code)
		}
	}
}

// sirets are SIRETs of La Poste, which all read: any sum that five divides.
func sirets(n int) string {
	for nic := n * 10; ; nic++ {
		if s := "356000000" + fmt.Sprintf("%05d", nic); chiffres(s)%5 == 0 {
			return s
		}
	}
}

func chiffres(s string) (n int) {
	for _, c := range s {
		n += int(c - '0')
	}
	return n
}

// TestTheStepsOfARegistration sends the buttons of the two steps.
func TestTheStepsOfARegistration(t *testing.T) {
	tests := []struct {
		name   string
		change []string
		statut int
		montre []string
		cache  []string
	}{
		{"next", []string{"etape", "1", "action", "suivant"}, 303, []string{"étape 2 sur 3", `name="siret_2" value="99900101900028"`, `name="service" value="CONTRIBUTIONS"`}, nil},
		{"next with a wrong SIRET", []string{"etape", "1", "action", "suivant", "siret_2", "99900101900011"}, 422, []string{"étape 1 sur 3", `href="#champ-siret_2"`, `value="99900101900011"`}, nil},
		{"next twice the same SIRET", []string{"etape", "1", "action", "suivant", "siret_2", "99900101900010"}, 422, []string{`href="#champ-siret_2"`}, nil},
		{"next without a profile", []string{"etape", "1", "action", "suivant", "profil", ""}, 422, []string{`href="#champ-profil"`}, nil},
		{"next without a service", []string{"etape", "1", "action", "suivant", "service", ""}, 422, []string{`href="#champ-service"`}, nil},
		{"next with a payroll in cents", []string{"etape", "1", "action", "suivant", "masse_salariale", "312480,50"}, 422, []string{`href="#champ-masse_salariale"`}, nil},
		{"next without the certification", []string{"etape", "1", "action", "suivant", "of_certifie", ""}, 422, []string{`href="#champ-of_certifie"`}, nil},
		{"back", []string{"action", "precedent"}, 303, []string{"étape 1 sur 3", `name="nom" value="Kerbrat"`, "Masse salariale 2025"}, nil},
		{"one more établissement", []string{"etape", "1", "action", "ajouter_siret"}, 303, []string{`name="siret_3"`, `name="etablissements" value="3"`}, []string{`role="alert"`}},
		{"one more for the organisme", []string{"etape", "1", "action", "ajouter_of_siret"}, 303, []string{`name="of_siret_2"`}, []string{`name="siret_3"`}},
		{"one less: the next one moves up", []string{"etape", "1", "action", "retirer_siret_1"}, 303, []string{`name="etablissements" value="1"`, `value="99900101900028"`}, []string{`value="999 001 019 00010"`}},
		{"two addresses that differ", []string{"email2", "autre@sorbier.example"}, 422, []string{"étape 2 sur 3", `href="#champ-email2"`}, nil},
		{"without accepting the text", []string{"cgu", ""}, 422, []string{`href="#champ-cgu"`}, nil},
		{"step 1 forged away", []string{"siret_1", ""}, 422, []string{"étape 1 sur 3", `href="#champ-siret_1"`}, nil},
		{"a thousand établissements", []string{"etape", "1", "action", "ajouter_siret", "etablissements", "1000000"}, 303, []string{`name="siret_20"`}, []string{`name="siret_21"`, "Ajouter un autre établissement</button></div></div><div class=\"champ"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &portesFausses{}
			h := moteur(t, p)
			r := demander(h, "POST", "/inscription", avec(inscriptionS20(), tt.change...))
			if r.Code != tt.statut || len(p.appels) > 0 {
				t.Errorf("got %d, called %v; want %d and no call", r.Code, p.appels, tt.statut)
			}
			if r.Code == http.StatusSeeOther {
				r = suivre(h, r)
			}
			for _, v := range tt.montre {
				if !strings.Contains(r.Body.String(), v) {
					t.Errorf("the page lacks %s", v)
				}
			}
			for _, v := range tt.cache {
				if strings.Contains(r.Body.String(), v) {
					t.Errorf("the page shows %s", v)
				}
			}
		})
	}
}

// TestWhatTheAPIFindsWrongIsShownAtItsStep: the verdict of the API comes back on
// the field, at the step that holds it.
func TestWhatTheAPIFindsWrongIsShownAtItsStep(t *testing.T) {
	tests := []struct {
		name   string
		refus  error
		statut int
		montre string
	}{
		{"a field of step 1", opco.Champf("code_adherent", "Ce code adhérent n’existe pas."), 422, "étape 1 sur 3"},
		{"the sum", refusRobot, 422, "étape 2 sur 3"},
		{"no field", opco.Errorf(opco.Conflict, "Trop de demandes."), 409, "Trop de demandes."},
		{"our own fault", errBase, 500, "Un incident nous empêche de répondre"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := demander(moteur(t, &portesFausses{refus: tt.refus}), "POST", "/inscription", inscriptionS20())
			if r.Code != tt.statut || !strings.Contains(r.Body.String(), tt.montre) {
				t.Errorf("got %d without %q; want %d", r.Code, tt.montre, tt.statut)
			}
			if strings.Contains(r.Body.String(), "database") {
				t.Error("the page says what only the log should")
			}
		})
	}
}

// TestReadingAPageConsumesNothing: links of mails are followed by machines before
// people (reliability.md 3.8).
func TestReadingAPageConsumesNothing(t *testing.T) {
	p := &portesFausses{qui: &web.Connecte{Identifiant: "OF3-0001", Etape: web.ConnexionPremiere}}
	h := moteur(t, p)
	for chemin, montre := range map[string]string{
		"/activation?compte=" + compte + "&code=K7QD": `value="K7QD"`,
		"/activation": `name="email"`,
		"/reinitialisation?compte=" + compte + "&jeton=abc":                `name="jeton" value="abc"`,
		"/premiere-connexion/confirmation?compte=" + compte + "&jeton=abc": `name="jeton" value="abc"`,
		"/premiere-connexion":         "OF3-0001",
		"/mot-de-passe-oublie/envoye": "60 minutes",
		"/premiere-connexion/envoyee": "72 heures",
		"/activation/terminee":        "Se connecter",
		"/conditions":                 "Version v1",
		"/confidentialite":            "Version v1",
		"/activation?compte=" + compte + "&code=" + strings.Repeat("x", 200): `value="` + strings.Repeat("x", 128) + `"`,
	} {
		r := demander(h, "GET", chemin, nil)
		if r.Code != http.StatusOK || !strings.Contains(r.Body.String(), montre) {
			t.Errorf("%s: %d without %s", chemin, r.Code, montre)
		}
	}
	if len(p.appels) > 0 {
		t.Errorf("reading called %v", p.appels)
	}
	if r := demander(h, "GET", "/conditions?version=v0", nil); r.Code != http.StatusNotFound {
		t.Errorf("a version that never was: %d", r.Code)
	}
}
