package api_test

import (
	"slices"
	"testing"
	"time"

	"guichet/opco"
)

// TestReglesAuto: a dry run says what a rule would have done against what advisers
// did; it alone, fresh and one's own, switches the rule on; the rule then grants what
// all the evidence shows, and no more; switched off it grants nothing.
func TestReglesAuto(t *testing.T) {
	g := ouvrir(t)
	dossiers := func(site string) string { return droit("entreprise", site, opco.ServiceDossiers) }
	const siege, annexe = "99900101900010", "99900101900028"
	decider := func(compte string, reponses ...objet) {
		t.Helper()
		g.exiger(g.appeler("conseiller", "POST", "/api/comptes/"+compte+"/droits", objet{"acte_id": nouvelID(), "reponses": reponses}), 200)
	}
	a, _ := g.actif("accorde@exemple.test", blocE1())
	decider(a, objet{"habilitation": dossiers(siege), "accorder": true},
		objet{"habilitation": dossiers(annexe), "accorder": false, "motif": "NON_MANDATE"})
	b, _ := g.actif("ecart@exemple.test", ecart())
	decider(b, objet{"habilitation": dossiers(siege), "accorder": false, "motif": "MASSE_INEXACTE"})
	regle := objet{"profil": "entreprise", "service": "DOSSIERS_FORMATION", "questions": []string{"MASSE_SALARIALE", "SIRET_CODE", "RESPONSABLE"}}
	type essai struct {
		ID         string `json:"id"`
		Depuis     string `json:"depuis"`
		Examines   int    `json:"examines"`
		Accordes   int    `json:"accordes"`
		Confirmes  int    `json:"confirmes"`
		Refuses    int    `json:"refuses"`
		Contredits []struct{ Compte, Motif, Siret string }
	}
	essayer := func(qui string) essai {
		t.Helper()
		var e essai
		g.exiger(g.appeler(qui, "POST", "/api/regles-auto/essai", regle), 200).lire(t, &e)
		return e
	}
	e := essayer("responsable")
	if e.Examines != 4 || e.Accordes != 2 || e.Confirmes != 1 || e.Refuses != 1 || e.Depuis != "2025-12-02" {
		t.Errorf("the dry run says %+v", e)
	}
	if len(e.Contredits) != 1 || e.Contredits[0].Compte != a || e.Contredits[0].Motif != "NON_MANDATE" || e.Contredits[0].Siret != annexe {
		t.Errorf("contradicted: %+v", e.Contredits)
	}
	activer := func(qui, id string) reponse {
		return g.appeler(qui, "POST", "/api/regles-auto", objet{"essai": id})
	}
	for _, qui := range []string{"conseiller", "gestionnaire", "admin", "auditeur", "e1"} {
		g.exiger(activer(qui, e.ID), 403)
		g.exiger(g.appeler(qui, "POST", "/api/regles-auto/essai", regle), 403)
	}
	g.exiger(activer("responsable", nouvelID()), 409)
	g.horloge(61 * time.Minute)
	if r := g.exiger(activer("responsable", e.ID), 409); r.probleme(t).Code != "ESSAI_REQUIS" {
		t.Errorf("an old dry run: %s", r.corps)
	}
	for _, corps := range []objet{
		{"profil": "entreprise", "service": "UTILISATEURS", "questions": []string{"MASSE_SALARIALE"}},
		{"profil": "entreprise", "service": "DOSSIERS_FORMATION", "questions": []string{}},
		{"profil": "organisme", "service": "PAIEMENTS_OF", "questions": []string{"MASSE_SALARIALE"}},
	} {
		g.exiger(g.appeler("responsable", "POST", "/api/regles-auto/essai", corps), 422)
	}
	e = essayer("responsable")
	var active struct{ ID string }
	g.exiger(activer("responsable", e.ID), 200).lire(t, &active)
	if r := g.exiger(activer("responsable", essayer("responsable").ID), 409); r.probleme(t).Code != "REGLE_ACTIVE" {
		t.Errorf("switched on twice: %s", r.corps)
	}
	_, s := g.actif("auto@exemple.test", blocE1())
	c := s.moi()
	if x, ouvert := c.droit(dossiers(siege)); x != "ACCORDEE" || !ouvert {
		t.Errorf("the rule did not grant: %s", x)
	}
	if x, _ := c.droit(droit("entreprise", siege, opco.ServiceContributions)); x != "A_VALIDER" {
		t.Errorf("the rule went beyond its service: %s", x)
	}
	_, s = g.actif("auto.ecart@exemple.test", ecart())
	if x, _ := s.moi().droit(dossiers(siege)); x != "A_VALIDER" {
		t.Errorf("granted though the evidence differs: %s", x)
	}
	var l struct {
		Regles []struct {
			ID         string `json:"id"`
			Accordes   int    `json:"accordes"`
			ActiveePar string `json:"activee_par"`
			ArreteePar string `json:"arretee_par"`
		} `json:"regles"`
	}
	g.exiger(g.appeler("responsable", "POST", "/api/regles-auto/"+nouvelID()+"/arret", nil), 404)
	g.exiger(g.appeler("conseiller", "POST", "/api/regles-auto/"+active.ID+"/arret", nil), 403)
	g.exiger(g.appeler("responsable", "POST", "/api/regles-auto/"+active.ID+"/arret", nil), 204)
	g.exiger(g.appeler("responsable", "POST", "/api/regles-auto/"+active.ID+"/arret", nil), 409)
	g.exiger(g.appeler("auditeur", "GET", "/api/regles-auto", nil), 200).lire(t, &l)
	if len(l.Regles) != 1 || l.Regles[0].Accordes != 2 || l.Regles[0].ActiveePar != "Nadia Ferrand" || l.Regles[0].ArreteePar != "Nadia Ferrand" {
		t.Errorf("the rules: %+v", l.Regles)
	}
	_, s = g.actif("apres@exemple.test", blocE1())
	if x, _ := s.moi().droit(dossiers(siege)); x != "A_VALIDER" {
		t.Errorf("a rule that is off granted: %s", x)
	}
	if !slices.Contains(g.courriers(a), "DROITS_REFUSES") {
		t.Error("the test did not refuse what it says")
	}
}
