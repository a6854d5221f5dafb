package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// navigateur is a client that keeps its cookies, as a browser does.
type navigateur struct {
	g       *guichet
	temoins map[string]string
	premier string // code by which a telephone was enrolled
}

func (g *guichet) navigateur() *navigateur { return &navigateur{g: g, temoins: map[string]string{}} }

func (n *navigateur) appeler(methode, chemin string, corps any, entetes ...string) reponse {
	n.g.t.Helper()
	var cs []string
	for k, v := range n.temoins {
		cs = append(cs, k+"="+v)
	}
	if len(cs) > 0 {
		entetes = append(entetes, "Cookie", strings.Join(cs, "; "))
	}
	r := n.g.appeler("", methode, chemin, corps, entetes...)
	for _, c := range (&http.Response{Header: r.entete}).Cookies() {
		if c.MaxAge < 0 {
			delete(n.temoins, c.Name)
		} else {
			n.temoins[c.Name] = c.Value
		}
	}
	return r
}

// connecter logs in and returns what the session says.
func (n *navigateur) connecter(identifiant string, entetes ...string) api.Session {
	n.g.t.Helper()
	return n.session(n.appeler("POST", "/api/session", objet{"identifiant": identifiant, "mot_de_passe": store.MotDePasseDemo}, entetes...))
}

func (n *navigateur) session(r reponse) api.Session {
	n.g.t.Helper()
	var s api.Session
	n.g.exiger(r, 200).lire(n.g.t, &s)
	return s
}

func facteurObligatoire(c *api.Config) { c.SecondFacteur = true }

func compteDe(t *testing.T, g *guichet, identifiant string) string {
	t.Helper()
	u, err := g.store.Utilisateur(t.Context(), identifiant)
	if err != nil {
		t.Fatal(err)
	}
	return u.Compte
}

// agir does an acte on an account, as its procedure would.
func (g *guichet) agir(compte string, t opco.TypeActe, qui string, charge any) {
	g.t.Helper()
	u, err := g.store.Utilisateur(g.t.Context(), qui)
	if err != nil {
		g.t.Fatal(err)
	}
	brut, err := json.Marshal(charge)
	if err != nil {
		g.t.Fatal(err)
	}
	a := opco.Acte{ID: nouvelID(), Objet: opco.ObjetCompte(compte), Type: t, Par: u.Acteur(""), Charge: brut, Compte: u.Compte}
	recevoir := g.store.Recevoir
	if t == opco.ActeRetirerDroits || t == opco.ActeRetirerRole {
		recevoir = g.store.RecevoirRetrait
	}
	r, err := recevoir(g.t.Context(), a)
	if err == nil {
		err = g.relais.Transmettre(g.t.Context(), r.Acte)
	}
	if err != nil {
		g.t.Fatal(err)
	}
	if r, err = g.store.Acte(g.t.Context(), a.ID); err != nil || r.Verdict == opco.VerdictRefuse {
		g.t.Fatalf("%s: %s %v", t, r.Phrase, err)
	}
}

// sql runs a statement on the database of the test.
func (g *guichet) sql(requete string, args ...any) {
	g.t.Helper()
	if _, err := g.store.DB.Exec(requete, args...); err != nil {
		g.t.Fatal(err)
	}
}

// TestConnexionParCourriel: an account opens by its e-mail address too, whatever
// the case, unless two accounts have it.
func TestConnexionParCourriel(t *testing.T) {
	g := ouvrir(t)
	g.sql(`UPDATE compte SET email = 'camille@exemple.test' WHERE identifiant = 'e1'`)
	if s := g.navigateur().connecter("Camille@Exemple.test"); s.Identifiant != "e1" || s.Etape != api.EtapeOuverte {
		t.Errorf("got %+v", s)
	}
	g.sql(`UPDATE compte SET email = 'camille@exemple.test' WHERE identifiant = 'e2'`)
	g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": "camille@exemple.test", "mot_de_passe": store.MotDePasseDemo}), 401)
	if s := g.navigateur().connecter("e2"); s.Identifiant != "e2" {
		t.Errorf("got %+v", s)
	}
}

// TestFixation: the id that a session had is dead after each step that changes what
// it may do (reliability.md 3.4).
func TestFixation(t *testing.T) {
	g := ouvrirAvec(t, true, facteurObligatoire)
	g.agir(compteDe(t, g, "gestionnaire"), opco.ActeAccorderRole, "admin", opco.ChargeRole{Role: opco.RoleConseiller})
	n := g.navigateur()
	var secret string
	code := func(decalage time.Duration) string {
		c, err := totp.GenerateCode(secret, time.Now().Add(decalage))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	passages := []struct {
		nom   string
		faire func() reponse
		etape api.Etape
	}{
		{"login", func() reponse {
			return n.appeler("POST", "/api/session", objet{"identifiant": "gestionnaire", "mot_de_passe": store.MotDePasseDemo})
		}, api.EtapeEnroler},
		{"login again", func() reponse {
			return n.appeler("POST", "/api/session", objet{"identifiant": "gestionnaire", "mot_de_passe": store.MotDePasseDemo})
		}, api.EtapeEnroler},
		{"enrolment", func() reponse {
			var p api.TotpPropose
			g.exiger(n.appeler("POST", "/api/facteurs/totp/depart", objet{}), 200).lire(t, &p)
			secret = p.Secret
			return n.appeler("POST", "/api/facteurs/totp", objet{"jeton": p.Jeton, "code": code(0)})
		}, api.EtapePerimetre},
		{"espace", func() reponse {
			return n.appeler("PUT", "/api/session/perimetre", objet{"perimetre": "gestionnaire"})
		}, api.EtapeOuverte},
		{"another espace", func() reponse {
			return n.appeler("PUT", "/api/session/perimetre", objet{"perimetre": "conseiller"})
		}, api.EtapeOuverte},
		{"second login", func() reponse {
			return n.appeler("POST", "/api/session", objet{"identifiant": "gestionnaire", "mot_de_passe": store.MotDePasseDemo})
		}, api.EtapeSecondFacteur},
		{"second factor", func() reponse {
			return n.appeler("POST", "/api/session/second-facteur", objet{"code": code(suivant)})
		}, api.EtapePerimetre},
		{"logout", func() reponse { return n.appeler("DELETE", "/api/session", nil) }, ""},
	}
	for _, tt := range passages {
		avant := n.temoins["guichet"]
		if r := tt.faire(); r.statut >= 400 {
			t.Fatalf("%s: got %d %s", tt.nom, r.statut, r.corps)
		}
		if avant != "" {
			if n.temoins["guichet"] == avant {
				t.Errorf("%s keeps the id of the session", tt.nom)
			}
			g.exiger(g.appeler("", "GET", "/api/session", nil, "Cookie", "guichet="+avant), 401)
		}
		if tt.etape == "" {
			g.exiger(n.appeler("GET", "/api/session", nil), 401)
			continue
		}
		if s := n.session(n.appeler("GET", "/api/session", nil)); s.Etape != tt.etape {
			t.Errorf("%s: got step %s, want %s", tt.nom, s.Etape, tt.etape)
		}
	}
	if c := "choisi-par-un-autre"; g.appeler("", "GET", "/api/session", nil, "Cookie", "guichet="+c).statut != 401 {
		t.Error("an id that nobody drew is a session")
	}
}

// enteteStable are the headers of an answer that do not change by themselves.
func enteteStable(h http.Header) string {
	var ls []string
	for k, v := range h {
		if k != "Date" && k != "X-Reference" && k != "Content-Length" {
			ls = append(ls, k+": "+strings.Join(v, ","))
		}
	}
	slices.Sort(ls)
	return strings.Join(ls, "\n")
}

// TestEnumerationConnexion: from the first try to the lock-out, nothing tells a
// known account from an unknown one (reliability.md 3.7).
func TestEnumerationConnexion(t *testing.T) {
	g := ouvrir(t)
	for i := range 8 {
		connu := g.appeler("", "POST", "/api/session", objet{"identifiant": "e1", "mot_de_passe": "faux"})
		inconnu := g.appeler("", "POST", "/api/session", objet{"identifiant": "personne-de-connu", "mot_de_passe": "faux"})
		connu.entete.Del("Retry-After") // tells the seconds left: one request later, one less
		inconnu.entete.Del("Retry-After")
		if connu.statut != inconnu.statut || enteteStable(connu.entete) != enteteStable(inconnu.entete) || string(sansReference(connu)) != string(sansReference(inconnu)) {
			t.Errorf("try %d: known %d %s %s, unknown %d %s %s", i+1, connu.statut, enteteStable(connu.entete), connu.corps, inconnu.statut, enteteStable(inconnu.entete), inconnu.corps)
		}
	}
}

// TestDureeConnexion: a known and an unknown account take the same time. The
// medians of interleaved tries are compared, within a margin that a machine under
// load does not pass and that a hash left out would: that is the whole of it.
func TestDureeConnexion(t *testing.T) {
	g := ouvrir(t)
	durees := map[string][]time.Duration{}
	for i := range 20 {
		for _, qui := range []string{fmt.Sprintf("e%d", 1+i%5), fmt.Sprintf("x%d", 1+i%5)} {
			debut := time.Now()
			g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": qui, "mot_de_passe": "faux"}), 401)
			durees[qui[:1]] = append(durees[qui[:1]], time.Since(debut))
		}
	}
	mediane := func(ds []time.Duration) time.Duration { slices.Sort(ds); return ds[len(ds)/2] }
	connu, inconnu := mediane(durees["e"]), mediane(durees["x"])
	if rapport := float64(connu) / float64(inconnu); rapport > 2.5 || rapport < 1/2.5 {
		t.Errorf("a known account answers in %s, an unknown one in %s", connu, inconnu)
	}
}

// TestForceBrute: whatever the order, the number at once and the address that a
// header claims, five wrong passwords make everybody wait; a device where the
// account was open goes on.
func TestForceBrute(t *testing.T) {
	g := ouvrir(t)
	chez := g.navigateur()
	chez.connecter("e1")
	var faux, attendre atomic.Int64
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			switch r := g.appeler("", "POST", "/api/session", objet{"identifiant": "e1", "mot_de_passe": "faux"}, "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i)); r.statut {
			case 401:
				faux.Add(1)
			case 429, 503: // too many at once: no password was compared
				attendre.Add(1)
			default:
				t.Errorf("got %d %s", r.statut, r.corps)
			}
		})
	}
	wg.Wait()
	for i := range 10 {
		if g.appeler("", "POST", "/api/session", objet{"identifiant": "e1", "mot_de_passe": "faux"}, "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i)).statut == 401 {
			faux.Add(1)
		}
	}
	if n := faux.Load(); n < 1 || n > 5 {
		t.Errorf("%d passwords were compared, want 5 at most", n)
	}
	r := g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": "e1", "mot_de_passe": store.MotDePasseDemo}), 429)
	if d := r.probleme(t).Detail; !strings.Contains(d, "15 minutes") || r.entete.Get("Retry-After") == "" {
		t.Errorf("got %q and Retry-After %q", d, r.entete.Get("Retry-After"))
	}
	if s := chez.connecter("e1"); s.Etape != api.EtapeOuverte {
		t.Errorf("the owner is kept out of a known device: %+v", s)
	}
	autre := g.navigateur()
	autre.connecter("e2")
	autre.g.exiger(autre.appeler("POST", "/api/session", objet{"identifiant": "e1", "mot_de_passe": store.MotDePasseDemo}), 429)
	var n int
	for fin := time.Now().Add(attenteMax); n == 0 && time.Now().Before(fin); time.Sleep(20 * time.Millisecond) {
		if err := g.store.DB.Get(&n, `SELECT count(*) FROM acte WHERE type = 'signaler_blocage' AND objet = $1`, opco.ObjetCompte(compteDe(t, g, "e1"))); err != nil {
			t.Fatal(err)
		}
	}
	if n != 1 {
		t.Errorf("the owner was told %d times, want once", n)
	}
}

// TestProxy: behind a proxy that is named, the address is the one that it gives;
// otherwise the header is nobody's word.
func TestProxy(t *testing.T) {
	for _, tt := range []struct {
		nom    string
		proxys []string
		reseau string
	}{{"no proxy", nil, "127.0.0.0/24"}, {"a named proxy", []string{"127.0.0.1"}, "203.0.113.0/24"}} {
		t.Run(tt.nom, func(t *testing.T) {
			g := ouvrirAvec(t, true, func(c *api.Config) { c.Proxys = tt.proxys })
			n := g.navigateur()
			n.connecter("e1", "X-Forwarded-For", "203.0.113.7", "User-Agent", "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/145.0")
			var ss api.SessionsLues
			g.exiger(n.appeler("GET", "/api/sessions", nil), 200).lire(t, &ss)
			ss.Sessions = slices.DeleteFunc(ss.Sessions, func(x api.SessionLue) bool { return strings.HasPrefix(x.Id, "cle-") })
			if len(ss.Sessions) != 1 || ss.Sessions[0].Reseau != tt.reseau || ss.Sessions[0].Appareil != "Firefox sur Windows" || !ss.Sessions[0].Courante {
				t.Errorf("got %+v", ss)
			}
		})
	}
}

// TestSessions: a person sees their sessions, closes one or all the others, and
// nobody else's.
func TestSessions(t *testing.T) {
	g := ouvrir(t)
	a, b, c, autre := g.navigateur(), g.navigateur(), g.navigateur(), g.navigateur()
	for _, n := range []*navigateur{a, b, c} {
		n.connecter("e1")
	}
	autre.connecter("e2")
	var ss api.SessionsLues
	g.exiger(a.appeler("GET", "/api/sessions", nil), 200).lire(t, &ss)
	if len(ss.Sessions) != 4 {
		t.Fatalf("got %d sessions, want 3 and the key", len(ss.Sessions))
	}
	i := slices.IndexFunc(ss.Sessions, func(s api.SessionLue) bool { return !s.Courante })
	id := ss.Sessions[i].Id
	g.exiger(autre.appeler("DELETE", "/api/sessions/"+id, nil), 404)
	g.exiger(a.appeler("DELETE", "/api/sessions/"+id, nil), 204)
	g.exiger(a.appeler("DELETE", "/api/sessions/"+id, nil), 404)
	var f api.SessionsFermees
	g.exiger(a.appeler("DELETE", "/api/sessions", nil), 200).lire(t, &f)
	if f.Fermees != 1 {
		t.Errorf("got %d sessions closed, want 1", f.Fermees)
	}
	g.exiger(a.appeler("GET", "/api/session", nil), 200)
	g.exiger(b.appeler("GET", "/api/session", nil), 401)
	g.exiger(c.appeler("GET", "/api/session", nil), 401)
	g.exiger(autre.appeler("GET", "/api/session", nil), 200)
}

// TestRester: « rester connecté » keeps an organisation thirty days, and the staff
// not at all.
func TestRester(t *testing.T) {
	g := ouvrir(t)
	for qui, reste := range map[string]bool{"e1": true, "gestionnaire": false} {
		for _, rester := range []bool{true, false} {
			r := g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": qui, "mot_de_passe": store.MotDePasseDemo, "rester": rester}), 200)
			if c := temoin(r); (c.MaxAge > 29*24*3600) != (rester && reste) || c.MaxAge > 0 && !rester {
				t.Errorf("%s, rester %v: got a cookie of %d s", qui, rester, c.MaxAge)
			}
		}
	}
	var repos []float64
	err := g.store.DB.Select(&repos, `SELECT round(extract(epoch FROM expiry - ouverte_le) / 60)::float8 FROM session ORDER BY 1`)
	if err != nil || !slices.Equal(repos, []float64{30, 30, 120, 7 * 24 * 60}) {
		t.Errorf("left alone, sessions last %v minutes (%v)", repos, err)
	}
}

// TestSessionCoupee: a session that was cut stays so, whatever the request under
// way writes; an account closed, or whose password is changing, opens none.
func TestSessionCoupee(t *testing.T) {
	g := ouvrir(t)
	n := g.navigateur()
	n.connecter("e1")
	g.sql(`UPDATE session SET vue_le = vue_le - interval '2 minutes'`)
	g.exiger(n.appeler("GET", "/api/session", nil), 200)
	g.sql(`DELETE FROM session`)
	g.exiger(n.appeler("GET", "/api/session", nil), 401)
	var k int
	if err := g.store.DB.Get(&k, `SELECT count(*) FROM session`); err != nil || k != 0 {
		t.Errorf("%d sessions came back (%v)", k, err)
	}
	tr := &store.TraceSession{Expire: time.Now().Add(time.Hour), Nouvelle: &store.NouvelleSession{ID: "x", Compte: compteDe(t, g, "e1"), Hache: "the hash of before"}}
	if err := (store.Sessions{Store: g.store}).CommitCtx(store.AvecTrace(context.Background(), tr), "jeton", nil, time.Time{}); !errors.Is(err, store.ErrSessionFinie) {
		t.Errorf("a password changed meanwhile opens a session: %v", err)
	}
}

// TestTempete: while logins storm, reading goes on.
func TestTempete(t *testing.T) {
	g := ouvrir(t)
	lire := func() time.Duration {
		debut := time.Now()
		g.exiger(g.appeler("e1", "GET", "/api/dossiers", nil), 200)
		return time.Since(debut)
	}
	fini := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			for {
				select {
				case <-fini:
					return
				default:
					if r := g.appeler("", "POST", "/api/session", objet{"identifiant": fmt.Sprintf("inconnu-%d-%d", i, time.Now().UnixNano()), "mot_de_passe": "faux"}); r.statut != 401 && r.statut != 429 {
						t.Errorf("got %d", r.statut)
						return
					}
				}
			}
		})
	}
	var ds []time.Duration
	for range 40 {
		ds = append(ds, lire())
	}
	close(fini)
	wg.Wait()
	slices.Sort(ds)
	if m := ds[len(ds)/2]; m > 2*time.Second {
		t.Errorf("during a storm of logins, the median read takes %s", m)
	}
}
