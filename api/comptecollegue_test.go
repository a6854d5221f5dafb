package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
)

// collegues reads the colleagues as somebody sees them.
func (g *guichet) collegues(qui string) map[string][]string {
	g.t.Helper()
	var v struct {
		Utilisateurs []struct {
			Email  string `json:"email"`
			Droits []struct {
				ID string `json:"id"`
			} `json:"droits"`
		} `json:"utilisateurs"`
	}
	g.exiger(g.appeler(qui, "GET", "/api/utilisateurs", nil), 200).lire(g.t, &v)
	m := map[string][]string{}
	for _, u := range v.Utilisateurs {
		for _, d := range u.Droits {
			m[u.Email] = append(m[u.Email], d.ID)
		}
	}
	return m
}

func invitation(email string, droits ...objet) objet {
	return objet{"acte_id": nouvelID(), "droits": droits,
		"identite": objet{"civilite": "M.", "nom": "Delorme", "prenom": "Yanis", "email": email}}
}

// TestCollegues plays AK-54 and C14: an administrator gives what they hold, where they
// administer; the person activates the account; a withdrawal holds at once.
func TestCollegues(t *testing.T) {
	g := ouvrir(t)
	const siege, annexe = "99900101900010", "99900101900028"
	for _, tt := range []struct {
		nom    string
		qui    string
		droit  objet
		statut int
		champ  string
	}{
		{"établissement of another company", "e1", objet{"siret": "99900108400014", "service": "DOSSIERS_FORMATION"}, 422, "droits[0].siret"},
		{"service of the other profile", "e1", objet{"siret": siege, "service": "PAIEMENTS_OF"}, 422, "droits[0].service"},
		{"a service that I do not hold", "e1", objet{"siret": siege, "service": "CERTIF_SALARIES"}, 403, ""},
		{"a mandate without its days", "e1", objet{"siret": siege, "service": "DOSSIERS_FORMATION", "mandat": true}, 422, "droits[0].au"},
		{"a mandate that is too long", "e1", objet{"siret": siege, "service": "DOSSIERS_FORMATION", "mandat": true, "du": "2026-03-02", "au": "2029-03-02"}, 422, "droits[0].au"},
		{"a mandate to administer", "e1", objet{"siret": siege, "service": "UTILISATEURS", "mandat": true, "du": "2026-03-02", "au": "2026-04-02"}, 422, "droits[0].service"},
		{"staff", "gestionnaire", objet{"siret": siege, "service": "DOSSIERS_FORMATION"}, 403, ""},
		{"nobody", "", objet{"siret": siege, "service": "DOSSIERS_FORMATION"}, 401, ""},
	} {
		r := g.appeler(tt.qui, "POST", "/api/utilisateurs", invitation("yanis@sorbier.test", tt.droit))
		if r.statut != tt.statut || tt.champ != "" && !slices.Contains(champsRefuses(t, r), tt.champ) {
			t.Errorf("%s: got %d %s", tt.nom, r.statut, r.corps)
		}
	}
	inv := invitation("yanis@sorbier.test", objet{"siret": siege, "service": "DOSSIERS_FORMATION"}, objet{"siret": annexe, "service": "LECTURE_SEULE"})
	g.exiger(g.appeler("e1", "POST", "/api/utilisateurs", inv), 200)
	g.exiger(g.appeler("e1", "POST", "/api/utilisateurs", inv), 200) // sent again: one invitation
	if r := g.exiger(g.appeler("e1", "POST", "/api/utilisateurs", invitation("yanis@sorbier.test", objet{"siret": siege, "service": "LECTURE_SEULE"})), 409); r.probleme(t).Code != "DEJA_INVITEE" {
		t.Errorf("invited twice: %s", r.corps)
	}
	id := g.compteDe(inv["acte_id"].(string))
	if m := g.collegues("e1"); len(m["yanis@sorbier.test"]) != 2 || len(m) < 2 {
		t.Errorf("colleagues: %v", m)
	}
	if m := g.collegues("e2"); len(m["yanis@sorbier.test"]) != 0 {
		t.Errorf("another company reads %v", m)
	}
	g.exiger(g.confirmer(id, g.secret(id), phraseA), 200)
	s := g.entrer("yanis@sorbier.test", phraseA)
	g.exiger(s.appeler("GET", "/api/dossiers", nil), 200)
	g.exiger(s.appeler("GET", "/api/utilisateurs", nil), 403) // not an administrator
	dossiers, lecture := droit("entreprise", siege, opco.ServiceDossiers), droit("entreprise", annexe, opco.ServiceLecture)
	retrait := func(droits ...string) objet {
		return objet{"acte_id": nouvelID(), "habilitations": droits, "raison": "Changement de poste."}
	}
	g.meme("a colleague of another company",
		g.exiger(g.appeler("e2", "POST", "/api/utilisateurs/"+id+"/retrait", retrait(dossiers)), 404),
		g.exiger(g.appeler("e2", "POST", "/api/utilisateurs/"+nouvelID()+"/retrait", retrait(dossiers)), 404))
	g.exiger(g.appeler("e2", "POST", "/api/utilisateurs/"+id+"/droits", objet{"acte_id": nouvelID(), "droits": []objet{{"siret": "99900108400014", "service": "DOSSIERS_FORMATION"}}}), 404)
	g.exiger(g.appeler("e1", "POST", "/api/utilisateurs/"+id+"/retrait", retrait("entreprise:99900108400014:DOSSIERS_FORMATION")), 404)
	g.exiger(g.appeler("e1", "POST", "/api/utilisateurs/"+id+"/droits", objet{"acte_id": nouvelID(), "droits": []objet{{"siret": annexe, "service": "DOSSIERS_FORMATION"}}}), 200)

	g.relais.muet.Store(true) // the withdrawal holds although its procedure is away
	g.exiger(g.appeler("e1", "POST", "/api/utilisateurs/"+id+"/retrait", retrait(dossiers, lecture, droit("entreprise", annexe, opco.ServiceDossiers))), 202)
	g.exiger(s.appeler("GET", "/api/dossiers", nil), 401)
	s = g.entrer("yanis@sorbier.test", phraseA)
	if r := g.exiger(s.appeler("GET", "/api/dossiers", nil), 403); r.probleme(t).Code != "ACCES_LIMITE" {
		t.Errorf("after the withdrawal: %s", r.corps)
	}
	if e, ouvert := s.moi().droit(dossiers); e != "RETIREE" || ouvert {
		t.Errorf("the right is %s, open %v", e, ouvert)
	}
	if m := g.collegues("e1"); len(m["yanis@sorbier.test"]) != 0 {
		t.Errorf("withdrawn rights are listed: %v", m)
	}
	var u struct{ Compte string }
	u.Compte = g.compteDemo("e1")
	g.relais.muet.Store(false)
	if r := g.appeler("e1", "POST", "/api/utilisateurs/"+u.Compte+"/retrait", retrait(droit("entreprise", siege, opco.ServiceUtilisateurs))); r.statut != 409 {
		t.Errorf("the last administrator leaves: %d %s", r.statut, r.corps)
	}
}

// An administrator of one établissement reads and withdraws nothing on the others of
// the company.
func TestAdministrateurDUnEtablissement(t *testing.T) {
	g := ouvrir(t)
	const siege, annexe = "99900101900010", "99900101900028"
	inv := invitation("annexe@sorbier.test", objet{"siret": annexe, "service": "UTILISATEURS"}, objet{"siret": annexe, "service": "DOSSIERS_FORMATION"})
	g.exiger(g.appeler("e1", "POST", "/api/utilisateurs", inv), 200)
	id := g.compteDe(inv["acte_id"].(string))
	g.exiger(g.confirmer(id, g.secret(id), phraseA), 200)
	autre := invitation("siege@sorbier.test", objet{"siret": siege, "service": "DOSSIERS_FORMATION"})
	g.exiger(g.appeler("e1", "POST", "/api/utilisateurs", autre), 200)
	s := g.entrer("annexe@sorbier.test", phraseA)
	if lu := string(g.exiger(s.appeler("GET", "/api/utilisateurs", nil), 200).corps); strings.Contains(lu, siege) || !strings.Contains(lu, annexe) {
		t.Errorf("the administrator of one établissement reads %s", lu)
	}
	e1 := g.compteDemo("e1")
	for _, droits := range [][]string{{droit("entreprise", siege, opco.ServiceUtilisateurs)},
		{droit("entreprise", annexe, opco.ServiceDossiers), droit("entreprise", siege, opco.ServiceDossiers)}} {
		g.exiger(s.appeler("POST", "/api/utilisateurs/"+e1+"/retrait", objet{"acte_id": nouvelID(), "raison": "x", "habilitations": droits}), 404)
	}
	g.exiger(s.appeler("POST", "/api/utilisateurs/"+g.compteDe(autre["acte_id"].(string))+"/renvoi", objet{"acte_id": nouvelID()}), 404)
	g.exiger(g.appeler("e1", "GET", "/api/dossiers", nil), 200)
}

// A right that another company gives, unasked, breaks nothing of what its holder has;
// whoever gave it learns nothing, and cuts no more than it.
func TestDroitDUneAutreEntreprise(t *testing.T) {
	g := ouvrir(t)
	const e2 = "99900108400014"
	e1 := g.compteDemo("e1")
	g.sql(`UPDATE compte SET email = 'victime@e1.test', contenu = jsonb_set(contenu, '{email}', '"victime@e1.test"') WHERE identifiant = 'e1'`)
	s := g.entrer("e1", store.MotDePasseDemo)
	connu := invitation("victime@e1.test", objet{"siret": e2, "service": "DOSSIERS_FORMATION"})
	inconnu := invitation("inconnu@nulle.test", objet{"siret": e2, "service": "DOSSIERS_FORMATION"})
	var a, b struct {
		Acte struct {
			Objet, Type, Verdict, Code, Phrase string
		}
	}
	g.exiger(g.appeler("e2", "POST", "/api/utilisateurs", connu), 200).lire(t, &a)
	g.exiger(g.appeler("e2", "POST", "/api/utilisateurs", inconnu), 200).lire(t, &b)
	if a.Acte.Objet == opco.ObjetCompte(e1) {
		t.Errorf("the answer names the account: %+v", a)
	}
	a.Acte.Objet, b.Acte.Objet = "", ""
	if a != b {
		t.Errorf("an address that opens an account is told from another: %+v, %+v", a, b)
	}
	suivi := string(g.exiger(g.appeler("e2", "GET", "/api/actes/"+connu["acte_id"].(string), nil), 200).corps)
	if strings.Contains(suivi, e1) || strings.Contains(suivi, "donner_droits") {
		t.Errorf("the acte followed names the account: %s", suivi)
	}
	g.exiger(g.appeler("e1", "GET", "/api/dossiers", nil), 200) // the key
	g.exiger(s.appeler("GET", "/api/dossiers", nil), 200)
	g.exiger(g.entrer("e1", store.MotDePasseDemo).appeler("GET", "/api/dossiers", nil), 200)
	g.exiger(g.appeler("e1", "GET", "/api/dossiers", nil, "Guichet-Perimetre", "entreprise:999001084"), 200)
	g.exiger(g.appeler("e2", "POST", "/api/utilisateurs/"+e1+"/retrait", objet{"acte_id": nouvelID(), "raison": "x",
		"habilitations": []string{droit("entreprise", e2, opco.ServiceDossiers)}}), 200)
	g.exiger(s.appeler("GET", "/api/dossiers", nil), 200)
	for _, label := range []string{"a", "b", "c", "d"} {
		g.appeler("e2", "POST", "/api/utilisateurs", invitation("victime+"+label+"@e1.test", objet{"siret": e2, "service": "DOSSIERS_FORMATION"}))
	}
	g.exiger(g.appeler("e2", "POST", "/api/utilisateurs", invitation("victime@e1.test", objet{"siret": e2, "service": "LECTURE_SEULE"})), 429)
}

// TestMandats: an accountant who has an account receives a mandate from another
// company, sees it, may not manage users with it, and loses it after its last day.
func TestMandats(t *testing.T) {
	g := ouvrir(t)
	id, _ := g.actif("comptable@cabinet.test", blocE1())
	mandat := invitation("Comptable@Cabinet.test", objet{"siret": "99900108400014", "service": "DOSSIERS_FORMATION", "mandat": true, "du": "2026-03-02", "au": "2026-03-31"})
	g.exiger(g.appeler("e2", "POST", "/api/utilisateurs", mandat), 200)
	if g.compteDe(mandat["acte_id"].(string)) != id {
		t.Fatal("a second account was made for an address that has one")
	}
	g.exiger(g.appeler("e2", "POST", "/api/utilisateurs", mandat), 200)
	cle := droit("entreprise", "99900108400014", opco.ServiceDossiers)
	s := g.entrer("comptable@cabinet.test", phraseA)
	if e, ouvert := s.moi().droit(cle); e != "ACCORDEE" || !ouvert {
		t.Errorf("the mandate is %s, open %v", e, ouvert)
	}
	lire := func(r reponse) string { return string(g.exiger(r, 200).corps) }
	if donne := lire(g.appeler("e2", "GET", "/api/mandats", nil)); !strings.Contains(donne, `"recu":false`) || !strings.Contains(donne, "comptable@cabinet.test") {
		t.Errorf("the company reads %s", donne)
	}
	if recu := lire(s.appeler("GET", "/api/mandats", nil)); !strings.Contains(recu, `"recu":true`) || !strings.Contains(recu, "École Les Tilleuls") {
		t.Errorf("the accountant reads %s", recu)
	}
	if autre := lire(g.appeler("e3", "GET", "/api/mandats", nil)); !strings.Contains(autre, `"mandats":[]`) {
		t.Errorf("another company reads %s", autre)
	}
	g.exiger(s.appeler("GET", "/api/utilisateurs", nil), 403)
	if err := g.store.RegleHorloge(t.Context(), instant("2026-03-31T23:59:00+02:00"), false); err != nil {
		t.Fatal(err)
	}
	if _, ouvert := g.entrer("comptable@cabinet.test", phraseA).moi().droit(cle); !ouvert {
		t.Error("closed on its last day")
	}
	g.horloge(2 * time.Minute)
	if _, ouvert := g.entrer("comptable@cabinet.test", phraseA).moi().droit(cle); ouvert {
		t.Error("still open the day after its last one")
	}
}
