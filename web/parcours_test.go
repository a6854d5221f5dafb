package web_test

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
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
	statut, _, page := v.envoyer("/inscription", avec(f, "etape", "1", "action", "suivant"))
	if statut != 200 {
		t.Fatalf("step 1: %d", statut)
	}
	f.Set("epreuve_jeton", cache(t, page, "epreuve_jeton"))
	v.veut("an answer too quick", 422, "", `href="#champ-epreuve"`)(v.envoyer("/inscription", f))
	v.veut("the registration", 303, "/inscription/confirmation", "")(v.repondre("/inscription", f))
	v.veut("the same one sent twice", 303, "/inscription/confirmation", "")(v.envoyer("/inscription", f))
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
