package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
	"guichet/web"
)

// autre is another person at another browser, in front of the same pages.
func (v *visiteur) autre() *visiteur {
	v.t.Helper()
	pot, err := cookiejar.New(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	a := *v
	a.client = &http.Client{Jar: pot, CheckRedirect: v.client.CheckRedirect}
	return &a
}

func (v *visiteur) entrer(identifiant, mot string) *visiteur {
	v.t.Helper()
	v.veut("the login of "+identifiant, 303, "/", "")(v.envoyer("/connexion", url.Values{"identifiant": {identifiant}, "mot_de_passe": {mot}}))
	return v
}

// lire returns a page that must be shown.
func (v *visiteur) lire(chemin string) string {
	v.t.Helper()
	statut, vers, page := v.envoyer(chemin, nil)
	if statut != http.StatusOK {
		v.t.Fatalf("GET %s: %d to %q: %.300s", chemin, statut, vers, page)
	}
	return strings.ReplaceAll(page, "\u00a0", " ")
}

// inscrite signs somebody up as in S20, activates the account, and returns its id.
func (v *visiteur) inscrite(email string) string {
	v.t.Helper()
	_, _, page := v.envoyer("/inscription", nil)
	f := avec(inscriptionS20(), "email", email, "email2", email, "acte_id", cache(v.t, page, "acte_id"))
	v.veut("step 1", 303, "/inscription?etape=2", "")(v.envoyer("/inscription", avec(f, "etape", "1", "action", "suivant")))
	page = v.lire("/inscription?etape=2")
	f.Set("epreuve_jeton", cache(v.t, page, "epreuve_jeton"))
	v.veut("the registration", 303, "/inscription/confirmation", "")(v.repondre("/inscription", f))
	id, code := v.courrier(email, "CODE_ACTIVATION")
	_, _, page = v.envoyer("/activation?compte="+id+"&code="+url.QueryEscape(code), nil)
	v.veut("the activation", 303, "/activation/terminee", "")(v.repondre("/activation", url.Values{"compte": {id}, "code": {code},
		"mot_de_passe": {motSolide}, "mot_de_passe2": {motSolide}, "epreuve_jeton": {cache(v.t, page, "epreuve_jeton")}}))
	return id
}

// TestRightsAreGrantedByThePages takes S20 from the limited home to the open tile:
// the applicant sees what they wait for, the adviser grants and refuses, asks a
// precision about the organisme once its tile was clicked, and the applicant
// answers.
func TestRightsAreGrantedByThePages(t *testing.T) {
	v := visiter(t)
	const email = "p.kerbrat@sorbier.example"
	id := v.inscrite(email)
	v.entrer(email, motSolide)
	for _, veut := range []string{"Bonjour Paul-Aurélien", "Un conseiller vérifie vos droits.", "Réponse avant le", "Accès limité", "À ouvrir", `action="/accueil/organisme`} {
		if page := v.lire("/accueil"); !strings.Contains(page, veut) {
			t.Errorf("the limited home lacks %q", veut)
		}
	}
	v.veut("a page of the staff", 403, "", "Cet espace ne vous est pas ouvert")(v.envoyer("/habilitations", nil))

	c := v.autre().entrer("conseiller", motDemo)
	statut, vers, _ := c.envoyer("/habilitations/suivante", nil)
	if statut != 303 || !strings.HasPrefix(vers, "/habilitations/") {
		t.Fatalf("the next request: %d to %q", statut, vers)
	}
	page := c.lire("/habilitations/" + id)
	for _, veut := range []string{"Masse salariale", "Concorde", "312 480 €", "Compte demandé", "Demande suivante"} {
		if !strings.Contains(page, veut) {
			t.Errorf("the request lacks %q", veut)
		}
	}
	if strings.Contains(page, "PAIEMENTS_OF") {
		t.Error("the right of the organisme waits before its tile was clicked")
	}
	f := url.Values{"acte_id": {cache(t, page, "acte_id")}}
	for i, d := range []struct{ id, choix string }{{"entreprise:99900101900010:DOSSIERS_FORMATION", "accorder"}, {"entreprise:99900101900028:DOSSIERS_FORMATION", "accorder"},
		{"entreprise:99900101900010:CONTRIBUTIONS", "accorder"}, {"entreprise:99900101900028:CONTRIBUTIONS", "refuser"}} {
		n := fmt.Sprint(i + 1)
		f.Set("droit_"+n, d.id)
		f.Set("choix_"+n, d.choix)
	}
	v.veut("a refusal without its reason", 422, "", `href="#champ-motif_4"`)(c.envoyer("/habilitations/"+id, f))
	f.Set("motif_4", "SERVICE_INADAPTE")
	f.Set("precision_4", "les contributions se déclarent au siège")
	v.veut("the answers", 303, "/habilitations/suivante", "")(c.envoyer("/habilitations/"+id, f))
	v.veut("the same answers sent again", 303, "/habilitations/suivante", "")(c.envoyer("/habilitations/"+id, f))
	deux := v.autre().entrer("conseiller2", motDemo)
	f.Del("acte_id")
	v.veut("another adviser, too late", 409, "", "Inès Benkirane a déjà accordé")(deux.envoyer("/habilitations/"+id, f))

	apresLaReponse(v, c, id)
}

// apresLaReponse follows the applicant after the answer: open tiles, the organisme asked for
// by a click, a question answered, a refused right asked for again.
func apresLaReponse(v, c *visiteur, id string) {
	t := v.t
	t.Helper()
	page := v.lire("/accueil")
	if strings.Contains(page, "Un conseiller vérifie vos droits.") || !strings.Contains(page, "Ouvert pour 2 établissements.") || !strings.Contains(page, "Ouvert pour 1 établissement.") {
		t.Errorf("home after the answer: %.2000s", page)
	}
	page = v.lire("/compte")
	for _, veut := range []string{"les contributions se déclarent au siège", "Redemander", "999 001 019 00028"} {
		if !strings.Contains(page, veut) {
			t.Errorf("the account lacks %q", veut)
		}
	}
	v.veut("the first click on the tile", 303, "/accueil", "")(v.envoyer("/accueil/organisme", url.Values{}))
	page = c.lire("/habilitations/" + id + "/precision")
	of := "organisme:99900136500017:PAIEMENTS_OF"
	if !strings.Contains(page, of) {
		t.Errorf("the click did not open the adviser's task: %.800s", page)
	}
	v.veut("a question", 303, "/habilitations/suivante", "")(c.envoyer("/habilitations/"+id+"/precision", url.Values{"droit": {of}, "question": {"Qui vous mandate ?"}}))
	if page := v.lire("/compte"); !strings.Contains(page, "Qui vous mandate ?") {
		t.Error("the question is not on the account")
	}
	v.veut("the answer to it", 303, "/compte", "")(v.envoyer("/compte/precisions", url.Values{"droit": {of}, "reponse": {"La gérante."}}))
	if page := c.lire("/habilitations/" + id); !strings.Contains(page, "La gérante.") {
		t.Error("the adviser does not read the answer")
	}
	v.veut("asking again for the refused right", 303, "/compte#entites", "")(v.envoyer("/compte/reprises", url.Values{"droit": {"entreprise:99900101900028:CONTRIBUTIONS"}}))
	if page := v.lire("/compte/historique"); !strings.Contains(page, "Refusé par Inès Benkirane") {
		t.Error("the history of the account is silent")
	}
}

// TestAWithdrawalHoldsAtOnce: a right that is taken away is gone from the next page
// of its holder, whose sessions are cut.
func TestAWithdrawalHoldsAtOnce(t *testing.T) {
	v := visiter(t)
	v.entrer("e1", motDemo)
	if page := v.lire("/utilisateurs"); !strings.Contains(page, "Inviter un collègue") {
		t.Fatal("the administrator does not see the colleagues")
	}
	u, err := v.store.Utilisateur(t.Context(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	c := v.autre().entrer("conseiller", motDemo)
	page := c.lire("/comptes/" + u.Compte)
	var droits []string
	for _, d := range u.Espaces[0].Droits {
		droits = append(droits, opco.CleHabilitation(u.Role, d.SIRET, d.Service))
	}
	if !strings.Contains(page, "Retirer des droits") {
		t.Error("the account offers no withdrawal")
	}
	v.veut("the withdrawal", 303, "/comptes/"+u.Compte, "")(c.envoyer("/comptes/"+u.Compte+"/retrait", url.Values{"droit": droits, "raison": {"A quitté l’entreprise"}}))
	v.veut("its holder, at once", 303, "/connexion?suite=%2Futilisateurs", "")(v.envoyer("/utilisateurs", nil))
}

// TestAnAdviserGivesARight: an organisation has a new contact, whose account is open; an
// adviser gives it a right there, once (AK-02).
func TestAnAdviserGivesARight(t *testing.T) {
	v := visiter(t)
	u, err := v.store.Utilisateur(t.Context(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	ailleurs, err := v.store.Utilisateur(t.Context(), "e2")
	if err != nil {
		t.Fatal(err)
	}
	siret := ailleurs.Espaces[0].Droits[0].SIRET
	c := v.entrer("conseiller", motDemo)
	donner, don := "/comptes/"+u.Compte+"/attribution", url.Values{"profil": {"entreprise"}, "siret": {string(siret)}, "service": {string(opco.ServiceLecture)}}
	if page := c.lire("/comptes/" + u.Compte); !strings.Contains(page, `action="`+donner+`"`) {
		t.Error("the account offers to give no right")
	}
	v.veut("the gift", 303, "/comptes/"+u.Compte, "")(c.envoyer(donner, don))
	if page := c.lire("/comptes/" + u.Compte); !strings.Contains(page, "Droits donnés par Inès Benkirane") {
		t.Error("the account does not tell who gave the right")
	}
	v.veut("the same gift again", 409, "", "déjà le droit")(c.envoyer(donner, don))
	apres, err := v.store.Utilisateur(t.Context(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	if len(apres.Espaces) != len(u.Espaces)+1 {
		t.Errorf("the person has %d espaces, and had %d", len(apres.Espaces), len(u.Espaces))
	}
}

// sansDonnees are the pages of one role alone that show nobody's data: forms to fill
// and ways to another page, the stream that only says what has moved, and what the OPCO
// publishes to companies. Those of an organisation show its own.
var sansDonnees = []string{"/comptes/nouveau", "/agents/nouveau", "/habilitations/suivante", "/utilisateurs", "/utilisateurs/nouveau", "/utilisateurs/{compte}",
	"/instruction/vues", "/instruction/etiquettes", "/instruction/lots", "/direct", "/equipe/informations", "/equipe/informations/{information}",
	"/equipe/interlocuteurs", "/equipe/interlocuteurs/{unite}", "/direct/liste", "/controle", "/controle/{signalement}"}

// TestPagesAndRoles asks every page as each role: what the table gives is shown,
// the rest is refused, and each read of personal data by the staff is written down
// once.
func TestPagesAndRoles(t *testing.T) {
	v := visiter(t)
	u, err := v.store.Utilisateur(t.Context(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	admin, err := v.store.Utilisateur(t.Context(), "admin")
	if err != nil {
		t.Fatal(err)
	}
	w, err := web.New(web.Config{Portes: &portesFausses{}, Interieur: &interieurFaux{}})
	if err != nil {
		t.Fatal(err)
	}
	for cle, regle := range w.Acces() {
		if chemin, ok := strings.CutPrefix(cle, "GET "); ok && !regle.Public && !regle.Limite && !seulementSoi(regle) && (regle.Donnees == "") != slices.Contains(sansDonnees, chemin) {
			t.Errorf("%s: says to show %q", chemin, regle.Donnees)
		}
	}
	chemins := strings.NewReplacer("/agents/{compte}", "/agents/"+admin.Compte, "{compte}", u.Compte)
	for _, qui := range []string{"e1", "of1", "gestionnaire", "conseiller", "responsable", "comptable", "ops", "admin", "auditeur"} {
		c := v.autre().entrer(qui, motDemo)
		x, err := v.store.Utilisateur(t.Context(), qui)
		if err != nil {
			t.Fatal(err)
		}
		for cle, regle := range w.Acces() {
			chemin, ok := strings.CutPrefix(cle, "GET ")
			if !ok || regle.Public || regle.Etapes != nil && !regle.Limite || strings.HasPrefix(chemin, "/premiere-") || strings.HasPrefix(chemin, "/connexion") || chemin == "/utilisateurs/{compte}" {
				continue
			}
			if strings.Contains(chemins.Replace(chemin), "{") {
				continue // TestPagesOfAnObjectAndRoles opens them
			}
			avant := lectures(t, v.store)
			statut, vers, page := c.envoyer(chemins.Replace(chemin), nil)
			permis := regle.Limite || slices.Contains(regle.Roles, x.Role)
			if permis != (statut == 200 || statut == 303) || !permis && statut != 403 {
				t.Errorf("%s as %s: %d to %q, allowed %t: %.200s", chemin, qui, statut, vers, permis, page)
			}
			veut := 0
			if statut == 200 && regle.Donnees != "" && x.Role.Interne() {
				veut = 1
			}
			if got := lectures(t, v.store) - avant; got != veut {
				t.Errorf("%s as %s wrote %d lines in the log of reads, want %d", chemin, qui, got, veut)
			}
		}
	}
}

// seulementSoi reports whether a page is of organisations alone: it shows their own.
func seulementSoi(r api.Regle) bool {
	return len(r.Roles) > 0 && !slices.ContainsFunc(r.Roles, opco.Role.Interne)
}

func lectures(t *testing.T, s *store.Store) int {
	t.Helper()
	var n int
	if err := s.DB.Get(&n, `SELECT count(*) FROM lecture`); err != nil {
		t.Fatal(err)
	}
	return n
}

// visiterSous is visiter under a name, so that passkeys belong to it.
func visiterSous(t *testing.T, facteur bool) *visiteur {
	t.Helper()
	s := storetest.Demo.Ouvrir(t)
	ecoute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	site := "http://localhost:" + fmt.Sprint(ecoute.Addr().(*net.TCPAddr).Port)
	serveur, err := api.New(api.Config{Store: s, Procedures: &relais{store: s}, Attente: 2 * time.Second, HorlogeEssai: true, URL: site, SecondFacteur: facteur, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.New(web.Config{API: serveur})
	if err != nil {
		t.Fatal(err)
	}
	h, err := serveur.Handler(pages)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(h)
	srv.Listener.Close()
	srv.Listener = ecoute
	srv.Start()
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() }) // pages left open keep their streams
	pot, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visiteur{t: t, store: s, site: site, client: &http.Client{Jar: pot, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// connecter are the gestures of a login in the browser, then of suite.
func connecter(site, identifiant, mot string, suite ...chromedp.Action[chromedp.Void]) []chromedp.Action[chromedp.Void] {
	return append([]chromedp.Action[chromedp.Void]{chromedp.Navigate(site + "/connexion"), chromedp.SendKeys(`#champ-identifiant`, identifiant),
		chromedp.SendKeys(`#champ-mot_de_passe`, mot+kb.Enter)}, suite...)
}

// TestAnAdviserDecides answers a request from its queue: the next one, all granted, one
// refused with its reason, the answer.
func TestAnAdviserDecides(t *testing.T) { parModes(t, visiter, mains.habilite) }

func (m mains) habilite() {
	id := m.v.inscrite("clavier@sorbier.example")
	m.entrer("conseiller")
	m.presser(`.menu nav a[href="/habilitations"]`, "")
	m.ouvrir(`[data-clavier] a[href="/habilitations/` + id + `"]`)
	m.la("/habilitations/" + id)
	m.voir(`document.querySelector(".decision b").textContent`, "0 accordé, 0 refusé") // one evidence does not agree: nothing is ticked beforehand
	m.presser(`button[value=tout_accorder]`, "")
	m.voir(`document.querySelector(".decision b").textContent`, "4 accordés, 0 refusé")
	m.choisir("choix_4", "refuser")
	m.voir(`document.querySelector(".decision b").textContent`, "3 accordés, 1 refusé")
	m.voir(`getComputedStyle(document.querySelector("#champ-motif_4").closest(".motif")).display`, "grid")
	m.derouler("motif_4", "Serv", "SERVICE_INADAPTE")
	if m.clavier {
		m.aller(`.decision .principal`) // the key of a letter is not heard in a list of choices
	}
	m.presser(`.decision .principal`, "a")
	m.voir(`document.querySelector(".dite")?.textContent.includes("Votre réponse est enregistrée")`, "true")
	if e, ok := etatDroit(m.t, m.v.store, id, "entreprise:99900101900028:CONTRIBUTIONS"); !ok || e != opco.HabRefusee {
		m.t.Errorf("the refused right is %s", e)
	}
}

func etatDroit(t *testing.T, s *store.Store, compte, droit string) (opco.EtatHabilitation, bool) {
	t.Helper()
	c, err := s.CompteLu(t.Context(), compte)
	if err != nil {
		t.Fatal(err)
	}
	h, ok := c.Habilitation(droit)
	if !ok {
		return "", false
	}
	return h.Etat, true
}

// TestAPasskeyIsEnrolledThenServes: an adviser without a second proof must choose
// one first; a key of the device is enrolled, its recovery codes are shown once, and
// it serves at the next login.
func TestAPasskeyIsEnrolledThenServes(t *testing.T) {
	parent := navigateur(t)
	v := visiterSous(t, true)
	base, plaintes := onglet(t, parent)
	ctx, fin := context.WithTimeout(base, 5*time.Minute)
	defer fin()
	faire := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatal(err)
		}
	}
	faire(chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tg, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tg, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
			Options: &webauthn.VirtualAuthenticatorOptions{Protocol: "ctap2", Transport: "internal", HasResidentKey: true,
				HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
		return err
	}))
	faire(connecter(v.site, "conseiller", motDemo, chromedp.WaitVisible(`[data-cle-bouton]`))...)
	attendre(t, ctx, `location.pathname`, "/compte/securite")
	faire(chromedp.Navigate(v.site+"/habilitations"), chromedp.WaitVisible(`[data-cle-bouton]`))
	attendre(t, ctx, `location.pathname`, "/compte/securite")
	faire(chromedp.Click(`[data-cle-bouton]`), chromedp.WaitVisible(`.codes`))
	attendre(t, ctx, `document.querySelectorAll(".codes li").length>5`, "true")
	faire(chromedp.Click(`.codes+.actions a`), chromedp.WaitVisible(`.tuiles`))
	attendre(t, ctx, `location.pathname`, "/accueil")
	faire(chromedp.Navigate(v.site+"/compte/securite"), chromedp.WaitVisible(`#facteurs-titre`))
	attendre(t, ctx, `document.querySelector("main").textContent.includes("Clé d’accès")`, "true")
	faire(chromedp.Click(`.sortie`), chromedp.WaitVisible(`#champ-identifiant`))
	faire(connecter(v.site, "conseiller", motDemo)...)
	attendre(t, ctx, `location.pathname`, "/connexion/second-facteur") // the page before has such a button too
	faire(chromedp.WaitVisible(`[data-passkey] button`), chromedp.Click(`[data-passkey] button`))
	attendre(t, ctx, `location.pathname`, "/accueil")
	faire(chromedp.WaitVisible(`.tuiles`))
	attendre(t, ctx, `location.pathname`, "/accueil")
	for _, x := range plaintes() {
		if !strings.Contains(x, "403") {
			t.Errorf("console: %s", x)
		}
	}
}
