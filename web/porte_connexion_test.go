package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
	"guichet/web"
)

// relais carries an acte to the store as the procedure would, at once.
type relais struct {
	store *store.Store
	mu    sync.Mutex
}

func (r *relais) Transmettre(ctx context.Context, a opco.Acte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.passer(ctx, a); err != nil || !strings.HasPrefix(a.Objet, "lot/") {
		return err
	}
	dits, err := r.store.EnAttente(ctx, 0, 100) // what a lot tells its dossiers
	for _, x := range dits {
		if err == nil {
			err = r.passer(ctx, x)
		}
	}
	return err
}

// passer applies one acte, then what is due.
func (r *relais) passer(ctx context.Context, a opco.Acte) error {
	if x, err := r.store.Acte(ctx, a.ID); err != nil || x.Verdict != opco.VerdictRecu {
		return err
	}
	d, err := r.store.Depart(ctx, a.Objet)
	if err != nil {
		return err
	}
	if _, err = r.store.Record(ctx, opco.Demarche{Objet: a.Objet, Rang: d.Rang + 1, ActeID: a.ID}); err != nil {
		return err
	}
	return r.echoir(ctx, a.Objet)
}

// echoir lets the délais that are due now come, as the procedure would.
func (r *relais) echoir(ctx context.Context, objet string) error {
	for {
		d, err := r.store.Depart(ctx, objet)
		if err != nil {
			return err
		}
		le, err := r.store.Maintenant(ctx)
		if err != nil || len(d.Resume.Echeances) == 0 || d.Resume.Echeances[0].Le.After(le) {
			return err
		}
		if _, err := r.store.Record(ctx, opco.Demarche{Objet: objet, Rang: d.Rang + 1, Echeance: &d.Resume.Echeances[0]}); err != nil {
			return err
		}
	}
}

// visiteur is a browser in front of the pages and the API, on a database of its
// own with the accounts of the demonstration.
type visiteur struct {
	t      *testing.T
	store  *store.Store
	site   string
	client *http.Client
}

func visiter(t *testing.T) *visiteur {
	t.Helper()
	return visiterRegle(t, func(*api.Config) {})
}

// visiterRegle is visiter on a counter that is set otherwise.
func visiterRegle(t *testing.T, regler func(*api.Config)) *visiteur {
	t.Helper()
	s := storetest.Demo.Ouvrir(t)
	reglage := api.Config{Store: s, Procedures: &relais{store: s}, Attente: 2 * time.Second, HorlogeEssai: true, Log: slog.New(slog.DiscardHandler)}
	regler(&reglage)
	serveur, err := api.New(reglage)
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
	srv := httptest.NewServer(h)
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() }) // pages left open keep their streams
	pot, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visiteur{t: t, store: s, site: srv.URL, client: &http.Client{Jar: pot, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// envoyer sends a form, or reads a page without one; it returns the status, where
// the answer leads and the page.
func (v *visiteur) envoyer(chemin string, f url.Values) (int, string, string) {
	v.t.Helper()
	methode := "GET"
	if f != nil {
		methode = "POST"
		f = v.pourMoi(chemin, f)
	}
	return v.demander(methode, chemin, "application/x-www-form-urlencoded", f.Encode())
}

var champPour = regexp.MustCompile(`name="pour" value="([^"]*)"`)

// pourMoi adds to a form for whom it was shown, as the page that shows it does, unless
// it says so already or nobody is logged in.
func (v *visiteur) pourMoi(chemin string, f url.Values) url.Values {
	v.t.Helper()
	if f.Has("pour") {
		return f
	}
	for _, page := range []string{"/compte/modifier", chemin} {
		if _, _, vue := v.demander("GET", page, "", ""); champPour.MatchString(vue) {
			return avec(f, "pour", html.UnescapeString(champPour.FindStringSubmatch(vue)[1]))
		}
	}
	return f
}

func (v *visiteur) demander(methode, chemin, nature, corps string) (int, string, string) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), methode, v.site+chemin, strings.NewReader(corps))
	if err != nil {
		v.t.Fatal(err)
	}
	if corps != "" {
		r.Header.Set("Content-Type", nature)
	}
	rep, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer rep.Body.Close()
	page, err := io.ReadAll(rep.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return rep.StatusCode, rep.Header.Get("Location"), string(page)
}

// poster calls the JSON API with the session of the visitor.
func (v *visiteur) poster(chemin string, corps, lu any) {
	v.t.Helper()
	b, err := json.Marshal(corps)
	if err != nil {
		v.t.Fatal(err)
	}
	statut, _, texte := v.demander("POST", chemin, "application/json", string(b))
	if statut != http.StatusOK {
		v.t.Fatalf("POST %s: %d %s", chemin, statut, texte)
	}
	if err := json.NewDecoder(bytes.NewBufferString(texte)).Decode(lu); err != nil {
		v.t.Fatal(err)
	}
}

// courrier waits for a mail to an address and returns its account and its secret:
// here nobody sends the mails, they wait with what they carry.
func (v *visiteur) courrier(a, evenement string) (compte, secret string) {
	v.t.Helper()
	for fin := time.Now().Add(attenteMax); time.Now().Before(fin); {
		var l struct{ Compte, Secret string }
		err := v.store.DB.GetContext(v.t.Context(), &l, `SELECT coalesce(donnees->>'compte_id', '') AS compte, coalesce(donnees->'courrier'->>'secret', '') AS secret
			FROM courrier WHERE adresse = $1 AND evenement = $2 ORDER BY le DESC LIMIT 1`, a, evenement)
		if err == nil {
			return l.Compte, l.Secret
		}
		time.Sleep(50 * time.Millisecond)
	}
	v.t.Fatalf("no mail %s to %s", evenement, a)
	return "", ""
}

// detail is one more thing that such a mail says.
func (v *visiteur) detail(a, evenement, nom string) string {
	v.t.Helper()
	var s string
	if err := v.store.DB.GetContext(v.t.Context(), &s, `SELECT donnees->'courrier'->>$3 FROM courrier WHERE adresse = $1 AND evenement = $2`, a, evenement, nom); err != nil {
		v.t.Fatal(err)
	}
	return s
}

// veut checks an answer.
func (v *visiteur) veut(quoi string, statut int, vers, montre string) func(int, string, string) {
	return func(s int, l, page string) {
		v.t.Helper()
		if s != statut || l != vers || !strings.Contains(page, montre) {
			v.t.Errorf("%s: got %d to %q; want %d to %q showing %q in %.300s", quoi, s, l, statut, vers, montre, page)
		}
	}
}

const motDemo = "Guichet-Demo-2026"

// TestALoginByThePages logs in and out through the pages with the real API and
// database, a second factor included.
func TestALoginByThePages(t *testing.T) {
	v := visiter(t)
	v.veut("a wrong password", 401, "", "Identifiant ou mot de passe incorrect.")(v.envoyer("/connexion", url.Values{"identifiant": {"gestionnaire"}, "mot_de_passe": {"faux"}}))
	v.veut("an unknown account", 401, "", "Identifiant ou mot de passe incorrect.")(v.envoyer("/connexion", url.Values{"identifiant": {"personne"}, "mot_de_passe": {"faux"}}))
	v.veut("a page before login", 303, "/connexion?suite=%2Fpremiere-connexion", "")(v.envoyer("/premiere-connexion", nil))
	v.veut("a login", 303, "/", "")(v.envoyer("/connexion", url.Values{"identifiant": {"gestionnaire"}, "mot_de_passe": {motDemo}}))
	v.veut("home, connected", 303, "/accueil", "")(v.envoyer("/", nil))
	v.veut("a step that is past", 303, "/", "")(v.envoyer("/premiere-connexion", nil))

	var propose api.TotpPropose
	v.poster("/api/facteurs/totp/depart", api.CorpsReconnaissance{MotDePasse: motDemo}, &propose)
	adresse, err := url.Parse(propose.Adresse)
	if err != nil {
		t.Fatal(err)
	}
	code, err := totp.GenerateCode(adresse.Query().Get("secret"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var secours api.SecoursDonnes
	v.poster("/api/facteurs/totp", api.CorpsTotp{Jeton: propose.Jeton, Code: code}, &secours)
	if len(secours.Codes) == 0 {
		t.Fatal("no recovery code is given")
	}

	v.veut("a logout", 303, "/connexion", "")(v.envoyer("/deconnexion", url.Values{}))
	v.veut("what is said once", 200, "", "Vous êtes déconnecté.")(v.envoyer("/connexion", nil))
	if _, _, page := v.envoyer("/connexion", nil); strings.Contains(page, "Vous êtes déconnecté.") {
		t.Error("it is said twice")
	}
	v.veut("the password of an account with a second factor", 303, "/connexion/second-facteur?suite=%2Fcompte", "")(
		v.envoyer("/connexion", url.Values{"identifiant": {"gestionnaire"}, "mot_de_passe": {motDemo}, "suite": {"/compte"}}))
	v.veut("home before it is given", 303, "/connexion/second-facteur?suite=%2Faccueil", "")(v.envoyer("/", nil))
	v.veut("its page", 200, "", "Code de votre application")(v.envoyer("/connexion/second-facteur", nil))
	v.veut("a wrong recovery code", 422, "", `href="#champ-secours"`)(v.envoyer("/connexion/second-facteur", url.Values{"secours": {"AAAA-AAAA-AAAA-AAAA"}}))
	v.veut("a recovery code", 303, "/compte", "")(v.envoyer("/connexion/second-facteur", url.Values{"secours": {secours.Codes[0]}, "suite": {"/compte"}}))
	v.veut("home, connected again", 303, "/accueil", "")(v.envoyer("/", nil))
}
