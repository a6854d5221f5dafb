package web_test

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// cache reads the hidden field nom of a page.
func cache(t *testing.T, page, nom string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + nom + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no field %s: %.400s", nom, page)
	}
	return m[1]
}

// repondre sends a form with each small number as the answer of its anti-robot
// question, until one is right: a person would read it.
func (v *visiteur) repondre(chemin string, f url.Values) (int, string, string) {
	v.t.Helper()
	time.Sleep(2100 * time.Millisecond) // nobody answers faster
	var statut int
	var vers, page string
	for n := range 25 {
		f.Set("epreuve", strconv.Itoa(n))
		statut, vers, page = v.envoyer(chemin, f)
		if !strings.Contains(page, `href="#champ-epreuve"`) {
			break
		}
	}
	return statut, vers, page
}

// TestAnApplicantComesIn signs up by the pages, as scenario S20 does, opens the
// account with the code of the mail, logs in, and loses the password.
func TestAnApplicantComesIn(t *testing.T) {
	v := visiter(t)
	const email = "p.kerbrat@sorbier.example"
	_, _, page := v.envoyer("/inscription", nil)
	f := inscriptionS20()
	f.Set("email", email)
	f.Set("email2", email)
	f.Set("acte_id", cache(t, page, "acte_id"))
	v.veut("a wrong SIRET, told by step 1", 422, "", `href="#champ-siret_2"`)(v.envoyer("/inscription", avec(f, "etape", "1", "action", "suivant", "siret_2", "99900101900011")))
	v.veut("step 1", 303, "/inscription?etape=2", "")(v.envoyer("/inscription", avec(f, "etape", "1", "action", "suivant")))
	page = v.lire("/inscription?etape=2")
	f.Set("epreuve_jeton", cache(t, page, "epreuve_jeton"))
	v.veut("an answer too quick", 422, "", `href="#champ-epreuve"`)(v.envoyer("/inscription", f))
	v.veut("the registration", 303, "/inscription/confirmation", "")(v.repondre("/inscription", f))
	v.veut("the same one sent twice", 303, "/inscription/confirmation", "")(v.envoyer("/inscription", f))
	v.veut("nothing is kept after it", 200, "", "étape 1 sur 3")(v.envoyer("/inscription?etape=2", nil))
	v.veut("the last screen", 200, "", email)(v.envoyer("/inscription/confirmation", nil))

	id, code := v.courrier(email, "CODE_ACTIVATION")
	adresse := "/activation?compte=" + id + "&code=" + url.QueryEscape(code)
	_, _, page = v.envoyer(adresse, nil)
	a := url.Values{"compte": {cache(t, page, "compte")}, "code": {code}, "mot_de_passe": {motSolide}, "mot_de_passe2": {motSolide}, "epreuve_jeton": {cache(t, page, "epreuve_jeton")}}
	v.veut("a weak password", 422, "", `href="#champ-mot_de_passe"`)(v.repondre("/activation", avec(a, "mot_de_passe", "Atlas1!", "mot_de_passe2", "Atlas1!")))
	_, _, page = v.envoyer(adresse, nil)
	a.Set("epreuve_jeton", cache(t, page, "epreuve_jeton"))
	v.veut("the activation", 303, "/activation/terminee", "")(v.repondre("/activation", a))
	v.veut("a login", 303, "/compte", "")(v.envoyer("/connexion", url.Values{"identifiant": {email}, "mot_de_passe": {motSolide}, "suite": {"/compte"}}))
	v.veut("home", 303, "/accueil", "")(v.envoyer("/", nil))
	v.veut("a logout", 303, "/connexion", "")(v.envoyer("/deconnexion", url.Values{}))

	v.veut("a lost password", 303, "/mot-de-passe-oublie/envoye", "")(v.envoyer("/mot-de-passe-oublie", url.Values{"identifiant": {email}}))
	v.veut("one of nobody", 303, "/mot-de-passe-oublie/envoye", "")(v.envoyer("/mot-de-passe-oublie", url.Values{"identifiant": {"personne@nulle.example"}}))
	id, lien := v.courrier(email, "REINITIALISATION")
	_, _, page = v.envoyer("/reinitialisation?compte="+id+"&jeton="+lien, nil)
	const neuf = "trois oies vertes au bord du canal"
	r := url.Values{"compte": {id}, "jeton": {lien}, "identifiant": {email}, "mot_de_passe": {neuf}, "mot_de_passe2": {neuf}, "epreuve_jeton": {cache(t, page, "epreuve_jeton")}}
	v.veut("a new password", 303, "/connexion", "")(v.repondre("/reinitialisation", r))
	v.veut("the old one", 401, "", "incorrect")(v.envoyer("/connexion", url.Values{"identifiant": {email}, "mot_de_passe": {motSolide}}))
	v.veut("the new one", 303, "/", "")(v.envoyer("/connexion", url.Values{"identifiant": {email}, "mot_de_passe": {neuf}}))
}

// TestAnOrganismeComesInForTheFirstTime takes the provisional credentials that the
// OPCO sends to an own identifier and password (AT-02 to AT-07).
func TestAnOrganismeComesInForTheFirstTime(t *testing.T) {
	v := visiter(t)
	const email = "pedagogie@nouvelle.example"
	v.veut("an advisor", 303, "/", "")(v.envoyer("/connexion", url.Values{"identifiant": {"conseiller"}, "mot_de_passe": {motDemo}}))
	v.poster("/api/comptes", map[string]any{"acte_id": uuid.NewString(), "identite": map[string]string{"civilite": "Mme", "nom": "Roux", "prenom": "Aline", "email": email},
		"droits": []map[string]string{{"profil": "organisme", "siret": "99900136500017", "service": "PAIEMENTS_OF"}}}, &struct{}{})
	v.veut("the advisor leaves", 303, "/connexion", "")(v.envoyer("/deconnexion", url.Values{}))

	_, provisoire := v.courrier(email, "IDENTIFIANTS_PROVISOIRES")
	ancien := v.detail(email, "IDENTIFIANTS_PROVISOIRES", "identifiant")
	entrer := url.Values{"identifiant": {ancien}, "mot_de_passe": {provisoire}}
	v.veut("the provisional credentials", 303, "/premiere-connexion", "")(v.envoyer("/connexion", entrer))
	v.veut("any other page", 303, "/premiere-connexion?suite=%2Faccueil", "")(v.envoyer("/", nil))
	statut, _, page := v.envoyer("/premiere-connexion", nil)
	if statut != 200 || !strings.Contains(strings.ToLower(page), strings.ToLower(ancien)) {
		t.Fatalf("the page of the first login: %d %.300s", statut, page)
	}
	f := url.Values{"acte_id": {cache(t, page, "acte_id")}, "identifiant": {"pedagogie.nouvelle"}, "mot_de_passe": {motSolide}, "mot_de_passe2": {motSolide}}
	v.veut("a weak password", 422, "", `href="#champ-mot_de_passe"`)(v.envoyer("/premiere-connexion", avec(f, "mot_de_passe", "court", "mot_de_passe2", "court")))
	v.veut("an identifier with an accent", 422, "", `href="#champ-identifiant"`)(v.envoyer("/premiere-connexion", avec(f, "identifiant", "pédagogie")))
	v.veut("the choice", 303, "/premiere-connexion/envoyee", "")(v.envoyer("/premiere-connexion", f))
	v.veut("what comes next", 200, "", "72 heures")(v.envoyer("/premiere-connexion/envoyee", nil))

	id, lien := v.courrier(email, "IDENTIFIANT_MODIFIE")
	c := url.Values{"compte": {id}, "jeton": {lien}, "mot_de_passe": {motSolide}}
	v.veut("the link of the mail", 200, "", "Continuer")(v.envoyer("/premiere-connexion/confirmation?compte="+id+"&jeton="+lien, nil))
	v.veut("another password", 422, "", `href="#champ-mot_de_passe"`)(v.envoyer("/premiere-connexion/confirmation", avec(c, "mot_de_passe", "un autre mot de passe")))
	v.veut("a false link", 422, "", "Ce lien ne sert plus")(v.envoyer("/premiere-connexion/confirmation", avec(c, "jeton", "AAAA-AAAA-AAAA")))
	v.veut("the password typed again", 303, "/premiere-connexion/politique", "")(v.envoyer("/premiere-connexion/confirmation", c))
	_, _, page = v.envoyer("/premiere-connexion/politique", nil)
	p := url.Values{"acte_id": {cache(t, page, "acte_id")}, "version": {cache(t, page, "version")}}
	v.veut("the policy not accepted", 422, "", `href="#champ-confidentialite"`)(v.envoyer("/premiere-connexion/politique", p))
	v.veut("the policy accepted", 303, "/", "")(v.envoyer("/premiere-connexion/politique", avec(p, "confidentialite", "oui")))
	v.veut("home", 303, "/accueil", "")(v.envoyer("/", nil))
	v.veut("the procedure again", 303, "/", "")(v.envoyer("/premiere-connexion", nil))
	v.veut("a logout", 303, "/connexion", "")(v.envoyer("/deconnexion", url.Values{}))
	v.veut("the provisional credentials again", 401, "", "incorrect")(v.envoyer("/connexion", entrer))
	v.veut("the new ones", 303, "/", "")(v.envoyer("/connexion", url.Values{"identifiant": {"pedagogie.nouvelle"}, "mot_de_passe": {motSolide}}))
}
