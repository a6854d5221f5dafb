package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestSalariesParLaPorte keeps the list of a company through its door: added once,
// told field by field, changed by version, with the dossiers of the person.
func TestSalariesParLaPorte(t *testing.T) {
	g := ouvrir(t)
	d := demande()
	d["stagiaires"] = []objet{{"id": "s1", "nom": "DELACROIX", "prenom": "Anais", "heures": 60, "ne_le": "1988-05-02"}}
	dossier := nouvelID()
	g.exiger(g.appeler("e1", "POST", "/api/dossiers", objet{"acte_id": nouvelID(), "id": dossier, "demande": d}), 200)
	id := g.salarie("e1", "99900101900010", "Delacroix")
	fiche := objet{"nom": "Delacroix", "prenom": "Anaïs", "ne_le": "1988-05-02", "etablissement": "99900101900010"}
	g.exiger(g.appeler("e1", "POST", "/api/salaries", objet{"id": id, "salarie": fiche}), 200)
	r := g.appeler("e1", "POST", "/api/salaries", objet{"id": nouvelID(), "salarie": fiche})
	if r.statut != http.StatusUnprocessableEntity || !strings.Contains(string(r.corps), "SALARIE_CONNU") {
		t.Errorf("the same person twice: %d %s", r.statut, r.corps)
	}
	r = g.appeler("e1", "GET", "/api/salaries/"+id, nil)
	for _, veut := range []string{dossier, `"sure":true`, `"geste":"ajout"`, `"version":1`} {
		if !strings.Contains(string(r.corps), veut) {
			t.Errorf("the person lacks %s: %s", veut, r.corps)
		}
	}
	fiche["csp"] = "CADRE"
	g.exiger(g.appeler("e1", "PUT", "/api/salaries/"+id, objet{"version": 1, "salarie": fiche}), 200)
	for nom, x := range map[string]struct {
		qui, methode, chemin string
		corps                any
		statut               int
	}{
		"over an old version":        {"e1", "PUT", "/api/salaries/" + id, objet{"version": 1, "salarie": fiche}, 409},
		"another company reads it":   {"e2", "GET", "/api/salaries/" + id, nil, 404},
		"another company writes it":  {"e2", "PUT", "/api/salaries/" + id, objet{"version": 2, "salarie": fiche}, 404},
		"for the site of another":    {"e2", "POST", "/api/salaries", objet{"id": nouvelID(), "salarie": fiche}, 422},
		"the staff":                  {"gestionnaire", "GET", "/api/salaries", nil, 403},
		"born tomorrow":              {"e1", "POST", "/api/salaries", objet{"id": nouvelID(), "salarie": objet{"nom": "A", "prenom": "B", "ne_le": "2199-01-01", "etablissement": "99900101900010"}}, 422},
		"withdrawn, an old version":  {"e1", "DELETE", "/api/salaries/" + id + "?version=1", nil, 409},
		"a cursor that is none":      {"e1", "GET", "/api/salaries?apres=x", nil, 422},
		"the register, by a company": {"e1", "GET", "/api/organismes?texte=formalia", nil, 200},
	} {
		if r := g.appeler(x.qui, x.methode, x.chemin, x.corps); r.statut != x.statut {
			t.Errorf("%s: got %d %s, want %d", nom, r.statut, r.corps, x.statut)
		}
	}
	g.exiger(g.appeler("e1", "DELETE", "/api/salaries/"+id+"?version=2", nil), 204)
}

// TestCopierUneDemande: the copy is a brouillon without days; sent twice it is one; a
// dossier of somebody else is missing.
func TestCopierUneDemande(t *testing.T) {
	g := ouvrir(t)
	de, id := g.depose(), nouvelID()
	corps := objet{"acte_id": nouvelID(), "id": id}
	for range 2 {
		g.exiger(g.appeler("e1", "POST", "/api/dossiers/"+de+"/copie", corps), 200)
	}
	r := g.appeler("e1", "GET", "/api/dossiers/"+id, nil)
	if s := string(r.corps); !strings.Contains(s, `"etat":"BROUILLON"`) || !strings.Contains(s, `"debut":""`) || !strings.Contains(s, "Été-Ñoño") {
		t.Errorf("the copy is %s", s)
	}
	if r := g.appeler("e2", "POST", "/api/dossiers/"+de+"/copie", objet{"acte_id": nouvelID(), "id": nouvelID()}); r.statut != 404 {
		t.Errorf("copied by another company: %d %s", r.statut, r.corps)
	}
}

// importer sends a file of demandes.
func (g *guichet) importer(qui, acte, contenu string) reponse {
	g.t.Helper()
	return g.formulaire(qui, "/api/demandes/import", partie{"acte_id", "", acte}, partie{"fichier", "plan.csv", contenu})
}

// TestImporterDesDemandes: each line is told, nothing is made of a refused file, and the
// same sending makes the brouillons once.
func TestImporterDesDemandes(t *testing.T) {
	g := ouvrir(t)
	titres := "demande;etablissement_siret;organisme_siret;organisme_nom;organisme_nda;intitule;nature;duree_heures;debut;fin;couts_pedagogiques;stagiaire_nom;stagiaire_prenom\n"
	ligne := func(repere, siret, debut string) string {
		return fmt.Sprintf("%s;%s;99900136500017;Formalia;11756099975;Anglais %s;FORMATION;14;%s;14/04/2026;1200;Delacroix;Anaïs\n", repere, siret, repere, debut)
	}
	avant := g.appeler("e1", "GET", "/api/dossiers/compteurs", nil)
	for nom, x := range map[string]struct{ contenu, champ string }{
		"one line of three": {titres + ligne("D1", "99900101900010", "13/04/2026") + ligne("D2", "99900101900010", "hier") + ligne("D3", "99900101900010", "13/04/2026"), "lignes[3].debut"},
		"another's site":    {titres + ligne("D1", "99900108400014", "13/04/2026"), "lignes[2].etablissement_siret"},
		"no file":           {"", "fichier"},
		"a picture":         {"\x89PNG\x00", "fichier"},
	} {
		if r := g.importer("e1", nouvelID(), x.contenu); r.statut != 422 || !strings.Contains(string(r.corps), x.champ) {
			t.Errorf("%s: %d %s, want %s", nom, r.statut, r.corps, x.champ)
		}
	}
	if apres := g.appeler("e1", "GET", "/api/dossiers/compteurs", nil); string(apres.corps) != string(avant.corps) {
		t.Errorf("a refused file made something: %s, then %s", avant.corps, apres.corps)
	}
	acte, bon := nouvelID(), titres+ligne("D1", "99900101900010", "13/04/2026")+ligne("D2", "99900101900028", "13/04/2026")
	un, deux := g.importer("e1", acte, bon), g.importer("e1", acte, bon)
	g.exiger(un, 200)
	if string(un.corps) != string(deux.corps) || strings.Count(string(un.corps), `"dossier"`) != 2 {
		t.Errorf("sent twice: %s, then %s", un.corps, deux.corps)
	}
	if r := g.importer("e1", acte, bon+ligne("D3", "99900101900010", "13/04/2026")); r.statut != 409 {
		t.Errorf("another file under its id: %d %s", r.statut, r.corps)
	}
	if r := g.importer("of1", nouvelID(), bon); r.statut != 403 {
		t.Errorf("an organisme: %d", r.statut)
	}
}
