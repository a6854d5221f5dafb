package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// agentVu is a staff member as the tests read them.
type agentVu struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Nom   string `json:"nom"`
	Roles []struct {
		Role   string `json:"role"`
		Attend bool   `json:"attend"`
	} `json:"roles"`
}

func (g *guichet) agent(qui, id string) agentVu {
	g.t.Helper()
	var v struct {
		Agents []agentVu `json:"agents"`
	}
	g.exiger(g.appeler(qui, "GET", "/api/agents", nil), 200).lire(g.t, &v)
	i := slices.IndexFunc(v.Agents, func(a agentVu) bool { return a.ID == id })
	if i < 0 {
		return agentVu{}
	}
	return v.Agents[i]
}

func nouvelAgent(identifiant, role string) objet {
	return objet{"acte_id": nouvelID(), "identifiant": identifiant, "role": role,
		"identite": objet{"civilite": "Mme", "nom": "Tessier", "prenom": "Jade", "email": identifiant + "@opco-demo.test"}}
}

// TestAgents: an administrator names a colleague; sensitive roles wait for another
// one; nobody serves themselves; a withdrawal holds at once.
func TestAgents(t *testing.T) {
	g := ouvrir(t)
	for _, qui := range []string{"responsable", "gestionnaire", "conseiller", "ops", "auditeur", "e1"} {
		g.exiger(g.appeler(qui, "POST", "/api/agents", nouvelAgent("jade", "gestionnaire")), 403)
	}
	g.exiger(g.appeler("admin", "POST", "/api/agents", nouvelAgent("jà", "gestionnaire")), 422)
	for personne, champ := range map[string]string{"personne-e1": "personne", "personne-inconnue": "personne", "personne-gestionnaire": "identite.nom"} {
		creation := nouvelAgent("jade.double", "gestionnaire")
		creation["personne"] = personne
		if r := g.exiger(g.appeler("admin", "POST", "/api/agents", creation), 422); !slices.Contains(champsRefuses(t, r), champ) {
			t.Errorf("in the name of %s: %s", personne, r.corps)
		}
	}
	creation := nouvelAgent("jade.tessier", "gestionnaire")
	g.exiger(g.appeler("admin", "POST", "/api/agents", creation), 200)
	g.exiger(g.appeler("admin", "POST", "/api/agents", creation), 200)
	id := g.compteDe(creation["acte_id"].(string))
	g.exiger(g.confirmer(id, g.secret(id), "tamaris horloge brume semelle"), 200)
	s := g.entrer("jade.tessier", "tamaris horloge brume semelle")
	g.exiger(s.appeler("GET", "/api/habilitations", nil), 200)

	role := func(qui, compte, chemin string, corps objet) reponse {
		corps["acte_id"] = nouvelID()
		return g.appeler(qui, "POST", "/api/agents/"+compte+"/roles"+chemin, corps)
	}
	admin := g.compteDemo("admin")
	for _, tt := range []struct {
		nom, qui, compte, chemin string
		corps                    objet
		statut                   int
	}{
		{"to oneself", "admin", admin, "", objet{"role": "auditeur"}, 403},
		{"not an administrator", "responsable", id, "", objet{"role": "conseiller"}, 403},
		{"who examines does not pay", "admin", id, "", objet{"role": "comptable"}, 409},
		{"a sensitive role", "admin", id, "", objet{"role": "responsable"}, 200},
		{"confirmed by the same", "admin", id, "/responsable/confirmation", objet{}, 403},
		{"confirmed by another", "admin2", id, "/responsable/confirmation", objet{}, 200},
		{"confirmed twice", "admin2", id, "/responsable/confirmation", objet{}, 409},
		{"account of a company", "admin", g.compteDemo("e1"), "", objet{"role": "auditeur"}, 404},
		{"missing account", "admin", nouvelID(), "", objet{"role": "auditeur"}, 404},
		{"no such role", "admin", id, "", objet{"role": "entreprise"}, 422},
	} {
		if r := role(tt.qui, tt.compte, tt.chemin, tt.corps); r.statut != tt.statut {
			t.Errorf("%s: got %d %s", tt.nom, r.statut, r.corps)
		}
	}
	if a := g.agent("admin", id); len(a.Roles) != 2 || a.Email == "" {
		t.Errorf("the administrator reads %+v", a)
	}
	if a := g.agent("gestionnaire", id); a.Nom != "Tessier" || a.Email != "" {
		t.Errorf("a colleague reads %+v", a)
	}
	g.relais.muet.Store(true)
	g.exiger(role("admin", id, "/gestionnaire/retrait", objet{"raison": "Change d’équipe."}), 202)
	g.exiger(s.appeler("GET", "/api/habilitations", nil), 401)
	g.relais.muet.Store(false)
	g.exiger(g.appeler("admin", "POST", "/api/agents/"+id+"/facteurs/retrait", objet{"acte_id": nouvelID(), "raison": "Téléphone perdu."}), 200)
	g.exiger(g.appeler("admin", "POST", "/api/agents/"+admin+"/facteurs/retrait", objet{"acte_id": nouvelID(), "raison": "x"}), 403)
	g.exiger(g.appeler("admin2", "POST", "/api/agents/"+id+"/cloture", objet{"acte_id": nouvelID(), "raison": "Départ."}), 200)
	g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": "jade.tessier", "mot_de_passe": "tamaris horloge brume semelle"}), 401)
}

// TestDelegations: the absent person, a responsable or an administrator delegates;
// what the delegate does is signed for the absent one; it ends early or on its day.
func TestDelegations(t *testing.T) {
	g := ouvrir(t)
	absent, delegue := g.compteDemo("conseiller"), g.compteDemo("conseiller2")
	corps := func(f func(o objet)) objet {
		o := objet{"acte_id": nouvelID(), "delegue": delegue, "role": "conseiller", "du": "2026-03-02", "au": "2026-03-10", "raison": "Congés."}
		f(o)
		return o
	}
	for _, tt := range []struct {
		nom, qui, compte string
		corps            objet
		statut           int
	}{
		{"for somebody else", "gestionnaire", absent, corps(func(objet) {}), 404},
		{"to oneself", "conseiller", absent, corps(func(o objet) { o["delegue"] = absent }), 422},
		{"a role that one has not", "conseiller", absent, corps(func(o objet) { o["role"] = "gestionnaire" }), 422},
		{"too long", "conseiller", absent, corps(func(o objet) { o["au"] = "2026-12-31" }), 422},
		{"a company", "e1", absent, corps(func(objet) {}), 403},
		{"for oneself", "conseiller", absent, corps(func(objet) {}), 200},
		{"a sensitive role, by an administrator", "admin", g.compteDemo("admin2"), corps(func(o objet) { o["role"], o["delegue"] = "admin", g.compteDemo("auditeur") }), 403},
		{"a sensitive role, by a responsable", "responsable", g.compteDemo("admin"), corps(func(o objet) { o["role"], o["delegue"] = "admin", g.compteDemo("auditeur") }), 403},
		{"a role that the delegate may not hold", "comptable", g.compteDemo("comptable"), corps(func(o objet) { o["role"] = "comptable" }), 409},
		{"by a responsable", "responsable", g.compteDemo("gestionnaire"), corps(func(o objet) { o["role"], o["delegue"] = "gestionnaire", g.compteDemo("gestionnaire2") }), 200},
	} {
		if r := g.appeler(tt.qui, "POST", "/api/agents/"+tt.compte+"/delegations", tt.corps); r.statut != tt.statut {
			t.Errorf("%s: got %d %s", tt.nom, r.statut, r.corps)
		}
	}
	type liste struct {
		Delegations []struct {
			ID     string `json:"id"`
			Compte string `json:"compte"`
			Donnee bool   `json:"donnee"`
		} `json:"delegations"`
	}
	lire := func(qui string) liste {
		var l liste
		g.exiger(g.appeler(qui, "GET", "/api/delegations", nil), 200).lire(t, &l)
		return l
	}
	if l := lire("conseiller"); len(l.Delegations) != 1 || !l.Delegations[0].Donnee {
		t.Errorf("the absent person reads %+v", l)
	}
	if l := lire("auditeur"); len(l.Delegations) != 2 {
		t.Errorf("the auditor reads %+v", l)
	}
	if l := lire("comptable"); len(l.Delegations) != 0 {
		t.Errorf("a comptable reads %+v", l)
	}
	demande, s := g.actif("demande@exemple.test", blocE1())
	d := lire("conseiller").Delegations[0]
	r := g.appeler("conseiller2", "POST", "/api/comptes/"+demande+"/droits", objet{"acte_id": nouvelID(), "reponses": []objet{
		{"habilitation": s.moi().Droits[0].ID, "accorder": true}}}, "Guichet-Perimetre", "delegation:"+d.ID)
	g.exiger(r, 200)
	if j := string(g.exiger(g.appeler("responsable", "GET", "/api/comptes/"+demande+"/journal", nil), 200).corps); !strings.Contains(j, "Thomas Delmas, pour le compte de Inès Benkirane") {
		t.Errorf("the journal does not say for whom: %s", j)
	}
	fin := func(qui, compte, id string) reponse {
		return g.appeler(qui, "POST", "/api/agents/"+compte+"/delegations/"+id+"/fin", objet{"acte_id": nouvelID()})
	}
	g.exiger(fin("comptable", absent, d.ID), 404)
	g.exiger(fin("conseiller", g.compteDemo("gestionnaire"), d.ID), 404) // nested under another person
	g.exiger(fin("conseiller", absent, nouvelID()), 404)
	g.exiger(fin("conseiller", absent, d.ID), 200)
	if l := lire("conseiller"); len(l.Delegations) != 0 {
		t.Errorf("ended, it is listed: %+v", l)
	}
	g.horloge(9 * 24 * time.Hour)
	if l := lire("auditeur"); len(l.Delegations) != 0 {
		t.Errorf("after its last day it is listed: %+v", l)
	}
}

// TestLiens: a staff member declares a link; only a responsable or an administrator
// ends it, and nobody reads those of others but who must.
func TestLiens(t *testing.T) {
	g := ouvrir(t)
	id := g.compteDemo("gestionnaire")
	declarer := func(qui, siren string) reponse {
		return g.appeler(qui, "POST", "/api/agents/"+id+"/liens", objet{"acte_id": nouvelID(), "siren": siren, "raison": "Ancien employeur."})
	}
	finir := func(qui, siren string) reponse {
		return g.appeler(qui, "POST", "/api/agents/"+id+"/liens/"+siren+"/fin", objet{"acte_id": nouvelID()})
	}
	g.exiger(declarer("gestionnaire2", "999001019"), 404)
	g.exiger(declarer("gestionnaire", "999001018"), 422)
	g.exiger(declarer("gestionnaire", "999001019"), 200)
	g.exiger(finir("gestionnaire", "999001019"), 403)
	if c := string(g.exiger(g.appeler("comptable", "GET", "/api/agents", nil), 200).corps); strings.Contains(c, "Ancien employeur") {
		t.Error("a colleague reads the links of another")
	}
	if c := string(g.exiger(g.appeler("gestionnaire", "GET", "/api/compte", nil), 200).corps); !strings.Contains(c, "Ancien employeur") {
		t.Errorf("the person does not read their own link: %s", c)
	}
	g.exiger(finir("responsable", "999001084"), 404)
	g.exiger(finir("responsable", "999001019"), 200)
}
