package api_test

import (
	"testing"

	"guichet/api"
	"guichet/opco"
)

// TestWhatWaitsIsToldWhateverCameSince: sixty dossiers came after the one for which the
// company is asked a pièce: it is the first that its home page names, and what is asked
// costs no reading for each dossier.
func TestWhatWaitsIsToldWhateverCameSince(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	g.copier(id, 60)
	// They are in payment, and their échéance comes first: nothing of them is asked of the company.
	g.sql(`UPDATE dossier SET etat = 'EN_REGLEMENT', contenu = jsonb_set(contenu, '{etat}', '"EN_REGLEMENT"'), cree_le = cree_le + interval '1 day',
		prochaine_echeance = now() - interval '1 year' WHERE numero LIKE 'V%'`)
	g.exiger(g.acte("gestionnaire", id, "complement", objet{"pieces": []objet{{"type": "PROGRAMME", "motif": "MANQUANTE"}}}), 200)
	s, requetes := g.compterRequetes()
	serveur, _ := g.autreServeur(s)
	u := g.lecteurEssai("e1")
	attend := func() []api.AFaire {
		t.Helper()
		fs, err := serveur.CeQuiAttend(api.Comme(t.Context(), u))
		if err != nil {
			t.Fatal(err)
		}
		return fs
	}
	fs := attend()
	if len(fs) == 0 || fs[0].ID != id || fs[0].Suivi.Qui != opco.RoleEntreprise || fs[0].Suivi.AvantLe == "" {
		t.Fatalf("the company is asked %+v, want the pièce of %s", fs, id)
	}
	avant := requetes.requetes.Load()
	attend()
	if n := requetes.requetes.Load() - avant; n > 40 {
		t.Errorf("%d queries for 61 dossiers", n)
	}
}

// TestSuiviOfADossier: the route says to each where the dossier stands in their words,
// and to nobody else that it exists.
func TestSuiviOfADossier(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	lire := func(qui string) (s api.SuiviLu) {
		t.Helper()
		g.exiger(g.appeler(qui, "GET", "/api/dossiers/"+id+"/suivi", nil), 200).lire(t, &s)
		return s
	}
	g.exiger(g.acte("gestionnaire", id, "complement", objet{"pieces": []objet{{"type": "PROGRAMME", "motif": "MANQUANTE"}}}), 200)
	e, o, i := lire("e1"), lire("of1"), lire("gestionnaire")
	if e.Etat != opco.EtatACompleter || e.QuiAgit != "Vous" || e.Acte != opco.ActeJoindre || e.AvantLe == "" || e.Sinon == "" {
		t.Errorf("the company reads %+v", e)
	}
	if o.QuiAgit != "L’entreprise" || i.QuiAgit != "L’entreprise" || o.Acte != "" || i.Acte != "" {
		t.Errorf("the organisme reads %+v, the OPCO %+v", o, i)
	}
	if e.Depuis.IsZero() {
		t.Errorf("since when: %v", e.Depuis)
	}
	g.exiger(g.appeler("e2", "GET", "/api/dossiers/"+id+"/suivi", nil), 404)
	g.exiger(g.appeler("e1", "GET", "/api/dossiers/"+nouvelID()+"/suivi", nil), 404)
}
