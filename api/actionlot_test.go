package api_test

import (
	"net/http"
	"testing"
)

// TestAnActionByItsRoutes: made, followed, launched once its trial is done, stopped and
// taken up again; made twice it is one; what is refused is on its field.
func TestAnActionByItsRoutes(t *testing.T) {
	g := ouvrir(t)
	dossier := g.depose()
	etiquette, id := nouvelID(), nouvelID()
	g.exiger(g.appeler("gestionnaire", "POST", "/api/etiquettes", objet{"id": etiquette, "nom": "À relire", "ton": "bleu"}), 204)
	corps := objet{"acte_id": id, "genre": "ETIQUETER", "etiquette": etiquette, "filtre": objet{"file": "completude", "perimetre": "equipe"}}
	type action struct {
		Etat    string
		Nombres struct{ Total, Attend, Applicable int }
	}
	for range 2 {
		var a action
		r := g.appeler("gestionnaire", "POST", "/api/actions-lot", corps)
		g.exiger(r, 201).lire(t, &a)
		if r.entete.Get("Location") != "/api/actions-lot/"+id || a.Etat != "ESSAI" || a.Nombres.Total != 1 || a.Nombres.Attend != 1 {
			t.Errorf("got %+v at %q", a, r.entete.Get("Location"))
		}
	}
	for jour, veut := range map[string]int{"2020-01-01": 0, "2099-01-01": 1} {
		var page struct{ Nombre int }
		g.exiger(g.appeler("gestionnaire", "GET", "/api/file?file=completude&perimetre=equipe&limite_au="+jour, nil), 200).lire(t, &page)
		if page.Nombre != veut {
			t.Errorf("%d dossiers are due by %s, want %d", page.Nombre, jour, veut)
		}
	}
	corps["filtre"] = objet{"file": "instruction"}
	g.exiger(g.appeler("gestionnaire", "POST", "/api/actions-lot", corps), 409)
	for _, x := range []struct {
		quoi   string
		change objet
		champ  string
	}{
		{"no dossier", objet{}, "dossiers"}, {"both", objet{"dossiers": []string{dossier}, "filtre": objet{}}, "dossiers"},
		{"an unknown dossier", objet{"dossiers": []string{nouvelID()}}, "dossiers"},
		{"a word that is no filter", objet{"filtre": objet{"montantmin": 3}}, "filtre"},
		{"a deadline that nobody has", objet{"filtre": objet{"file": "completude", "perimetre": "equipe", "limite_au": "2020-01-01"}}, "dossiers"},
		{"a queue that is none", objet{"filtre": objet{"file": "toute"}}, "filtre.file"},
		{"a label that is none", objet{"etiquette": nouvelID(), "dossiers": []string{dossier}}, "etiquette"},
	} {
		corps := objet{"acte_id": nouvelID(), "genre": "ETIQUETER", "etiquette": etiquette}
		for nom, v := range x.change {
			corps[nom] = v
		}
		var p struct{ Champ string }
		r := g.appeler("gestionnaire", "POST", "/api/actions-lot", corps)
		if r.lire(t, &p); r.statut != http.StatusUnprocessableEntity && r.statut != http.StatusBadRequest || p.Champ != x.champ {
			t.Errorf("%s: got %d on %q, want a refusal on %s: %.200s", x.quoi, r.statut, p.Champ, x.champ, r.corps)
		}
	}
	adresse := "/api/actions-lot/" + id
	g.exiger(g.appeler("gestionnaire2", "GET", adresse, nil), 404)
	g.exiger(g.appeler("gestionnaire", "POST", adresse+"/lancement", nil), 409) // still tried
	if _, err := g.store.DB.Exec(`UPDATE action_lot_element SET etat = 'APPLICABLE'; UPDATE action_lot SET etat = 'PRETE'`); err != nil {
		t.Fatal(err)
	}
	for _, pas := range []struct{ geste, etat string }{{"lancement", "LANCEE"}, {"lancement", "LANCEE"}, {"arret", "ARRETEE"}, {"reprise", "LANCEE"}, {"arret", "ARRETEE"}, {"abandon", "ABANDONNEE"}} {
		var a action
		if g.exiger(g.appeler("gestionnaire", "POST", adresse+"/"+pas.geste, nil), 200).lire(t, &a); a.Etat != pas.etat {
			t.Errorf("%s: got %s, want %s", pas.geste, a.Etat, pas.etat)
		}
	}
	var page struct {
		Resultats []struct{ Dossier, Etat string }
		Suivant   int
	}
	g.exiger(g.appeler("gestionnaire", "GET", adresse+"/resultats?limite=1", nil), 200).lire(t, &page)
	if len(page.Resultats) != 1 || page.Resultats[0].Dossier != dossier || page.Suivant != 1 {
		t.Errorf("got %+v", page)
	}
	var liste struct{ Actions []struct{ ID string } }
	g.exiger(g.appeler("gestionnaire", "GET", "/api/actions-lot", nil), 200).lire(t, &liste)
	if len(liste.Actions) != 1 || liste.Actions[0].ID != id {
		t.Errorf("got %+v", liste)
	}
}
