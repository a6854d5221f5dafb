package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// TestMotDePasseNouveauJeton: after a change of password the id that the session had
// is dead, wherever it was copied; its owner goes on with the new one.
func TestMotDePasseNouveauJeton(t *testing.T) {
	g := ouvrir(t)
	n := g.navigateur()
	n.connecter("e1")
	vole := "guichet=" + n.temoins["guichet"]
	autre := g.entrer("e1", store.MotDePasseDemo)
	id := nouvelID()
	changer := func(actuel, nouveau string, statut int) reponse {
		return g.exiger(n.appeler("POST", "/api/compte/mot-de-passe", objet{"acte_id": id, "actuel": actuel, "nouveau": nouveau}), statut)
	}
	changer(store.MotDePasseDemo, phraseA, 200)
	g.exiger(g.appeler("", "GET", "/api/compte", nil, "Cookie", vole), 401)
	g.exiger(autre.appeler("GET", "/api/compte", nil), 401)
	g.exiger(n.appeler("GET", "/api/compte", nil), 200)

	// Sent again: the same password is the same acte, another one is not put in place unseen.
	if p := changer(phraseA, phraseB, 409).probleme(t); p.Code != "ACTE_REUTILISE" {
		t.Errorf("got %+v", p)
	}
	g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": "e1", "mot_de_passe": phraseB}), 401)
}

// TestPremiereConnexionNouveauJeton: each step of a first login has an id of its own.
func TestPremiereConnexionNouveauJeton(t *testing.T) {
	g := ouvrir(t)
	o := objet{"acte_id": nouvelID(), "identite": objet{"civilite": "M.", "nom": "Rose", "prenom": "Paul", "email": "paul@of.test"},
		"droits": []objet{{"profil": "organisme", "siret": "99900136500017", "service": "PAIEMENTS_OF"}}}
	g.exiger(g.appeler("conseiller", "POST", "/api/comptes", o), 200)
	id := g.compteDe(o["acte_id"].(string))
	var identifiant string
	if err := g.store.DB.Get(&identifiant, `SELECT identifiant FROM compte WHERE id = $1`, id); err != nil {
		t.Fatal(err)
	}
	n := g.navigateur()
	g.exiger(n.appeler("POST", "/api/session", objet{"identifiant": identifiant, "mot_de_passe": g.secret(id)}), 200)
	mort := func(etape string, faire func() reponse) {
		t.Helper()
		vole := "guichet=" + n.temoins["guichet"]
		g.exiger(faire(), 200)
		if r := g.appeler("", "GET", "/api/session", nil, "Cookie", vole); r.statut != 401 {
			t.Errorf("%s: the former id still opens: %d", etape, r.statut)
		}
		g.exiger(n.appeler("GET", "/api/session", nil), 200)
	}
	mort("identifier and password", func() reponse {
		return n.appeler("POST", "/api/premiere-connexion", objet{"acte_id": nouvelID(), "identifiant": "paul.rose", "mot_de_passe": phraseB})
	})
	lien := g.secret(id)
	for range 6 { // somebody else's tries do not kill a link of 130 bits
		g.exiger(g.appeler("", "POST", "/api/premiere-connexion/confirmation", objet{"compte": id, "jeton": strings.Repeat("0", 26), "mot_de_passe": phraseB}), 422)
	}
	g.exiger(g.appeler("", "POST", "/api/premiere-connexion/confirmation", objet{"compte": id, "jeton": lien, "mot_de_passe": phraseB}), 200)
	n = g.navigateur()
	g.exiger(n.appeler("POST", "/api/session", objet{"identifiant": "paul.rose", "mot_de_passe": phraseB}), 200)
	mort("privacy", func() reponse {
		return n.appeler("POST", "/api/premiere-connexion/confidentialite", objet{"acte_id": nouvelID(), "version": "v1"})
	})
}

// oublier asks for a new password and returns the link of the mail.
func (g *guichet) oublier(id, identifiant string) string {
	g.t.Helper()
	g.exiger(g.appeler("", "POST", "/api/mot-de-passe/oubli", objet{"identifiant": identifiant}), 202)
	for fin := time.Now().Add(attenteMax); time.Now().Before(fin); time.Sleep(20 * time.Millisecond) {
		var s []string
		if err := g.store.DB.Select(&s, `SELECT donnees #>> '{courrier,secret}' FROM courrier WHERE objet = 'compte/' || $1
			AND evenement = $2 ORDER BY rang DESC LIMIT 1`, id, opco.CourrierReinitialisation); err != nil {
			g.t.Fatal(err)
		}
		if len(s) > 0 {
			return s[0]
		}
	}
	g.t.Fatal("no link came")
	return ""
}

func (g *guichet) reinitialiser(id, jeton, identifiant string) reponse {
	g.t.Helper()
	return g.appeler("", "POST", "/api/mot-de-passe/reinitialisation",
		objet{"compte": id, "jeton": jeton, "identifiant": identifiant, "mot_de_passe": phraseB, "epreuve": g.epreuve("reinitialisation")})
}

// TestLienDAutrui: whoever knows the id of an account neither kills its link nor
// keeps its owner from using it; the keys of the account end with its old password.
func TestLienDAutrui(t *testing.T) {
	g := ouvrir(t)
	id, _ := g.actif("cible@exemple.test", blocE1())
	lien := g.oublier(id, "cible@exemple.test")
	if _, err := g.store.CreerCle(t.Context(), store.CleAPI{Identifiant: "cible@exemple.test", Libelle: "Paie"}); err != nil {
		t.Fatal(err)
	}
	derniere := 0
	for range 12 {
		derniere = g.reinitialiser(id, strings.Repeat("0", 26), "x").statut
	}
	if derniere != http.StatusTooManyRequests {
		t.Errorf("the twelfth wrong link of one address: got %d, want 429", derniere)
	}
	g.exiger(g.reinitialiser(id, lien, "cible@exemple.test"), 200)
	var cles int
	if err := g.store.DB.Get(&cles, `SELECT count(*) FROM cle_api WHERE identifiant = 'cible@exemple.test'`); err != nil || cles != 0 {
		t.Errorf("%d keys outlive the lost password (%v)", cles, err)
	}
}

// TestCodeDAutrui: one place kills one code at most in an hour; the next one opens
// the account, from that very place too.
func TestCodeDAutrui(t *testing.T) {
	g := ouvrir(t)
	id := g.inscrire("cible@exemple.test", blocE1())
	premier := g.secret(id)
	essayer := func(code string) reponse {
		return g.appeler("", "POST", "/api/inscriptions/confirmation",
			objet{"email": "cible@exemple.test", "code": code, "mot_de_passe": phraseB, "version": "v1", "epreuve": g.epreuve("activation")})
	}
	essais := func() (n int) {
		if err := g.store.DB.Get(&n, `SELECT COALESCE((contenu #>> '{code,essais}')::int, 0) FROM compte WHERE id = $1`, id); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 5 {
		g.exiger(essayer("0000-0000-0000"), 422)
	}
	jusqua(t, "five tries are counted", func() bool { return essais() == 5 })
	g.exiger(g.appeler("", "POST", "/api/inscriptions/renvoi", objet{"email": "cible@exemple.test"}), 202)
	jusqua(t, "a new code is sent", func() bool { return g.secret(id) != premier && essais() == 0 })
	for range 6 {
		g.exiger(essayer("0000-0000-0000"), 422)
	}
	if n := essais(); n != 0 {
		t.Errorf("a throttled place reached the code: %d tries", n)
	}
	g.exiger(essayer(g.secret(id)), 200)
}

// TestEchecsDUnCompte: the names of an account are one count, and a new password
// forgets those of its second factor too.
func TestEchecsDUnCompte(t *testing.T) {
	g := ouvrirAvec(t, true, facteurObligatoire)
	g.sql(`UPDATE compte SET email = 'camille@exemple.test', contenu = jsonb_set(contenu, '{email}', '"camille@exemple.test"') WHERE identifiant = 'e1'`)
	id := g.compteDemo("e1")
	faux := func(nom string) int {
		return g.appeler("", "POST", "/api/session", objet{"identifiant": nom, "mot_de_passe": "un autre mot de passe"}).statut
	}
	for i, nom := range []string{"e1", "camille@exemple.test", "E1", "camille@exemple.test", "e1"} {
		if s := faux(nom); s != 401 {
			t.Errorf("try %d: got %d", i+1, s)
		}
	}
	for _, nom := range []string{"e1", "camille@exemple.test"} {
		if s := faux(nom); s != 429 {
			t.Errorf("%s after five failures: got %d, want 429", nom, s)
		}
	}
	if _, err := g.store.ReserverTentative(t.Context(), store.Tentative{Saisi: "facteur:" + id}, opco.ParametresDefaut().Comptes); err != nil {
		t.Fatal(err)
	}
	g.exiger(g.reinitialiser(id, g.oublier(id, "e1"), "e1"), 200)
	var n int
	if err := g.store.DB.Get(&n, `SELECT count(*) FROM echec_connexion WHERE empreinte NOT IN ('tous') AND echecs > 0
		AND empreinte IN (encode(sha256(convert_to('compte:' || $1, 'UTF8')), 'hex'), encode(sha256(convert_to('compte:facteur:' || $1, 'UTF8')), 'hex'))`, id); err != nil || n != 0 {
		t.Errorf("%d counts outlive the new password (%v)", n, err)
	}
	g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": "e1", "mot_de_passe": phraseB}), 200)
}

// TestFouleSignalee: past what the house expects of everybody, nobody is refused and
// the operators are told.
func TestFouleSignalee(t *testing.T) {
	g := ouvrir(t)
	g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": "nulle", "mot_de_passe": "x"}), 401)
	g.sql(`UPDATE echec_connexion SET echecs = 5000 WHERE empreinte = 'tous'`)
	g.entrer("e1", store.MotDePasseDemo)
	ouverts := func() (n int) {
		if err := g.store.DB.Get(&n, `SELECT count(*) FROM incident WHERE objet = 'connexion' AND clos_le IS NULL`); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := ouverts(); n != 1 {
		t.Errorf("%d incidents, want 1", n)
	}
	g.sql(`UPDATE echec_connexion SET depuis = depuis - interval '1 hour'`)
	g.entrer("e2", store.MotDePasseDemo)
	if n := ouverts(); n != 0 {
		t.Errorf("%d incidents once it ended, want none", n)
	}
}

// TestClesDAPI: a key is seen and closed beside the sessions; where the clock is real
// none opens an account of the staff.
func TestClesDAPI(t *testing.T) {
	g := ouvrir(t)
	n := g.navigateur()
	n.connecter("e1")
	var ls api.SessionsLues
	g.exiger(n.appeler("GET", "/api/sessions", nil), 200).lire(t, &ls)
	if len(ls.Sessions) != 2 || !strings.HasPrefix(ls.Sessions[1].Id, "cle-") || strings.Contains(ls.Sessions[1].Id, g.cles["e1"]) {
		t.Fatalf("got %+v, want the session and the key", ls.Sessions)
	}
	g.exiger(g.navigateur().avec("e2").appeler("DELETE", "/api/sessions/"+ls.Sessions[1].Id, nil), 404)
	g.exiger(g.appeler("e1", "GET", "/api/dossiers", nil), 200)
	g.exiger(n.appeler("DELETE", "/api/sessions/"+ls.Sessions[1].Id, nil), 204)
	g.exiger(g.appeler("e1", "GET", "/api/dossiers", nil), 401)
}

func (n *navigateur) avec(identifiant string) *navigateur { n.connecter(identifiant); return n }

// TestCleDUnAgent: a key would do without the second factor of the staff.
func TestCleDUnAgent(t *testing.T) {
	g := ouvrirAvec(t, false)
	g.exiger(g.appeler("admin", "GET", "/api/agents", nil), 401)
	g.exiger(g.appeler("e1", "GET", "/api/dossiers", nil), 200)
}
