package api_test

import (
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

// suivant is the step after the one at which a telephone was enrolled: its code is
// accepted in advance, and the present one has served.
const suivant = 30 * time.Second

func codeTotp(t *testing.T, secret string, decalage time.Duration) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, time.Now().Add(decalage))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// enrolerTotp puts a code generator in place and returns its secret and the
// recovery codes.
func (n *navigateur) enrolerTotp(mot string) (secret string, codes []string) {
	n.g.t.Helper()
	var p api.TotpPropose
	n.g.exiger(n.appeler("POST", "/api/facteurs/totp/depart", objet{"mot_de_passe": mot}), 200).lire(n.g.t, &p)
	var s api.SecoursDonnes
	n.premier = codeTotp(n.g.t, p.Secret, 0)
	n.g.exiger(n.appeler("POST", "/api/facteurs/totp", objet{"jeton": p.Jeton, "code": n.premier}), 200).lire(n.g.t, &s)
	return p.Secret, s.Codes
}

// TestSecondFacteurObligatoire: a staff member without a second factor may only
// choose one; with one, only give it. Codes serve once, and the last factor stays.
func TestSecondFacteurObligatoire(t *testing.T) {
	g := ouvrirAvec(t, true, facteurObligatoire)
	n := g.navigateur()
	if s := n.connecter("gestionnaire"); s.Etape != api.EtapeEnroler || s.Role != "" || len(s.Espaces) != 0 {
		t.Fatalf("got %+v", s)
	}
	for _, chemin := range []string{"/api/dossiers", "/api/sessions", "/api/motifs", "/api/lots"} {
		if p := g.exiger(n.appeler("GET", chemin, nil), 403).probleme(t); p.Code != "ENROLER_FACTEUR" {
			t.Errorf("%s before enrolment: got %+v", chemin, p)
		}
	}
	secret, codes := n.enrolerTotp("")
	if len(codes) != 10 {
		t.Fatalf("got %d recovery codes", len(codes))
	}
	g.exiger(n.appeler("GET", "/api/dossiers", nil), 200)
	g.exiger(n.appeler("POST", "/api/facteurs/totp/retrait", objet{}), 422)
	g.exiger(n.appeler("POST", "/api/facteurs/totp/retrait", objet{"mot_de_passe": "faux"}), 422)
	g.exiger(n.appeler("POST", "/api/facteurs/totp/retrait", objet{"mot_de_passe": store.MotDePasseDemo}), 409)

	premier := n.premier
	n = g.navigateur()
	s := n.connecter("gestionnaire")
	if s.Etape != api.EtapeSecondFacteur || !slices.Contains(s.Facteurs, api.TOTP) || !slices.Contains(s.Facteurs, api.SECOURS) {
		t.Fatalf("got %+v", s)
	}
	for _, chemin := range []string{"/api/dossiers", "/api/facteurs", "/api/sessions"} {
		if p := g.exiger(n.appeler("GET", chemin, nil), 403).probleme(t); p.Code != "SECOND_FACTEUR" {
			t.Errorf("%s before the code: got %+v", chemin, p)
		}
	}
	g.exiger(n.appeler("POST", "/api/facteurs/totp/depart", objet{}), 403)
	g.exiger(n.appeler("POST", "/api/session/second-facteur", objet{"code": premier}), 422) // served at the enrolment
	code := codeTotp(t, secret, suivant)
	g.exiger(n.appeler("POST", "/api/session/second-facteur", objet{"code": code}), 200)
	g.exiger(n.appeler("POST", "/api/session/second-facteur", objet{"code": code}), 409)

	autre := g.navigateur()
	autre.connecter("gestionnaire")
	g.exiger(autre.appeler("POST", "/api/session/second-facteur", objet{"code": code}), 422)
	g.exiger(autre.appeler("POST", "/api/session/second-facteur", objet{"code": strings.ToLower(codes[3])}), 200)
	encore := g.navigateur()
	encore.connecter("gestionnaire")
	g.exiger(encore.appeler("POST", "/api/session/second-facteur", objet{"code": codes[3]}), 422)

	var f api.FacteursLus
	g.exiger(n.appeler("GET", "/api/facteurs", nil), 200).lire(t, &f)
	if !f.Totp || !f.Obligatoire || f.SecoursRestants != 9 {
		t.Errorf("got %+v", f)
	}
	var neufs api.SecoursDonnes
	g.exiger(n.appeler("POST", "/api/facteurs/secours", objet{"mot_de_passe": store.MotDePasseDemo}), 200).lire(t, &neufs)
	g.exiger(encore.appeler("POST", "/api/session/second-facteur", objet{"code": codes[5]}), 422)
	g.exiger(encore.appeler("POST", "/api/session/second-facteur", objet{"code": neufs.Codes[0]}), 200)
	g.sansSecret(secret, codes[0], neufs.Codes[1], code)
	if actes := g.actesDe("gestionnaire"); !slices.Equal(actes, []string{"changer_facteur applique", "changer_facteur applique"}) {
		t.Errorf("the history of the account says %v", actes)
	}
}

// actesDe lists the actes of an account since it was taken over, with their verdict.
func (g *guichet) actesDe(identifiant string) (ls []string) {
	g.t.Helper()
	err := g.store.DB.Select(&ls, `SELECT type || ' ' || etat FROM acte WHERE objet = $1 AND type <> 'reprendre_compte' ORDER BY seq`,
		opco.ObjetCompte(compteDe(g.t, g, identifiant)))
	if err != nil {
		g.t.Fatal(err)
	}
	return ls
}

// sansSecret fails when a secret rests readable in the tables or in the log.
func (g *guichet) sansSecret(secrets ...string) {
	g.t.Helper()
	var tables []string
	if err := g.store.DB.Select(&tables, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`); err != nil {
		g.t.Fatal(err)
	}
	for _, table := range tables {
		for _, secret := range secrets {
			var n int
			if err := g.store.DB.Get(&n, `SELECT count(*) FROM `+table+` x WHERE x::text LIKE '%' || $1 || '%'`, secret); err != nil || n > 0 {
				g.t.Errorf("table %s holds a secret (%v)", table, err)
			}
		}
	}
	for _, secret := range secrets {
		if strings.Contains(g.log.String(), secret) {
			g.t.Error("the log holds a secret")
		}
	}
}

// TestCodeEnsemble: a code that many give at once lets one in.
func TestCodeEnsemble(t *testing.T) {
	g := ouvrir(t)
	premier := g.navigateur()
	premier.connecter("e1")
	secret, secours := premier.enrolerTotp(store.MotDePasseDemo)
	for _, code := range []string{codeTotp(t, secret, suivant), secours[0]} {
		g.sql(`DELETE FROM echec_connexion`)
		var ns [4]*navigateur
		for i := range ns {
			ns[i] = g.navigateur()
			ns[i].connecter("e1")
		}
		var entres atomic.Int64
		var wg sync.WaitGroup
		for _, n := range ns {
			wg.Go(func() {
				if n.appeler("POST", "/api/session/second-facteur", objet{"code": code}).statut == 200 {
					entres.Add(1)
				}
			})
		}
		wg.Wait()
		if entres.Load() != 1 {
			t.Errorf("one code let %d in", entres.Load())
		}
	}
}

// TestSecondFacteurForce: wrong codes are slowed like wrong passwords, and the
// owner is told.
func TestSecondFacteurForce(t *testing.T) {
	g := ouvrirAvec(t, true)
	n := g.navigateur()
	n.connecter("e1")
	secret, _ := n.enrolerTotp(store.MotDePasseDemo)
	n = g.navigateur()
	n.connecter("e1")
	for range 5 {
		g.exiger(n.appeler("POST", "/api/session/second-facteur", objet{"code": "000000"}), 422)
	}
	g.exiger(n.appeler("POST", "/api/session/second-facteur", objet{"code": codeTotp(t, secret, suivant)}), 429)
	g.sql(`UPDATE echec_connexion SET dernier = dernier - interval '16 minutes'`)
	g.exiger(n.appeler("POST", "/api/session/second-facteur", objet{"code": codeTotp(t, secret, suivant)}), 200)
}

// TestSecondFacteurLibre: an organisation may have one and may remove it; the
// fixtures give one to whom they like; a login begun does not wait for ever.
func TestSecondFacteurLibre(t *testing.T) {
	g := ouvrir(t)
	n := g.navigateur()
	n.connecter("e1")
	n.enrolerTotp(store.MotDePasseDemo)
	g.exiger(n.appeler("POST", "/api/facteurs/totp/retrait", objet{"mot_de_passe": store.MotDePasseDemo}), 204)
	if s := g.navigateur().connecter("e1"); s.Etape != api.EtapeOuverte || len(s.Facteurs) != 0 {
		t.Errorf("got %+v", s)
	}
	g.exiger(g.appeler("admin", "POST", "/api/essai/utilisateurs", objet{"identifiant": "essai", "nom": "Essai", "prenom": "Ève", "role": "auditeur",
		"mot_de_passe": store.MotDePasseDemo, "totp": "JBSWY3DPEHPK3PXP", "email": "essai@opco.test"}), 204)
	m := g.navigateur()
	if s := m.connecter("essai@opco.test"); s.Etape != api.EtapeSecondFacteur {
		t.Fatalf("got %+v", s)
	}
	var minutes float64
	if err := g.store.DB.Get(&minutes, `SELECT max(extract(epoch FROM expiry - ouverte_le) / 60)::float8 FROM session WHERE compte = $1`, compteDe(t, g, "essai")); err != nil || minutes > 16 {
		t.Errorf("a login that waits for a code lasts %v minutes (%v)", minutes, err)
	}
	g.exiger(m.appeler("POST", "/api/session/second-facteur", objet{"code": codeTotp(t, "JBSWY3DPEHPK3PXP", 0)}), 200)
	g.exiger(m.appeler("GET", "/api/lots", nil), 200)
}

// TestFacteursParCle: an API key changes no factor and no session.
func TestFacteursParCle(t *testing.T) {
	g := ouvrir(t)
	for chemin, corps := range map[string]objet{
		"/api/facteurs/totp/depart":         {"mot_de_passe": store.MotDePasseDemo},
		"/api/facteurs/secours":             {"mot_de_passe": store.MotDePasseDemo},
		"/api/session/second-facteur":       {"code": "000000"},
		"/api/facteurs/identites/retrait":   {"mot_de_passe": store.MotDePasseDemo},
		"/api/facteurs/passkeys/AA/retrait": {"mot_de_passe": store.MotDePasseDemo},
	} {
		if r := g.appeler("e1", "POST", chemin, corps); r.statut != 409 && r.statut != 404 {
			t.Errorf("%s: got %d %s", chemin, r.statut, r.corps)
		}
	}
	g.exiger(g.appeler("e1", "PUT", "/api/session/perimetre", objet{"perimetre": "entreprise:999001019"}), 409)
}

// TestEpreuve: a question serves its own form, once, and not at once.
func TestEpreuve(t *testing.T) {
	g := ouvrir(t)
	var e api.EpreuvePosee
	g.exiger(g.appeler("", "GET", "/api/epreuve?objet=inscription", nil), 200).lire(t, &e)
	if !strings.HasSuffix(e.Question, "?") || len(e.Jeton) < 40 {
		t.Errorf("got %+v", e)
	}
	g.exiger(g.appeler("", "GET", "/api/epreuve?objet=autre", nil), 400)
	g.exiger(g.appeler("", "GET", "/api/epreuve", nil), 400)
}
