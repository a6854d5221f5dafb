package api_test

import (
	"strings"
	"testing"

	"guichet/api"
	"guichet/opco"
	"guichet/store/storetest"
)

// attend lists what the home page of an account asks of it, in one process of its own.
func (g *guichet) attend(serveur *api.Server, qui string) []api.AFaire {
	g.t.Helper()
	fs, err := serveur.CeQuiAttend(api.Comme(g.t.Context(), g.lecteurEssai(qui)))
	if err != nil {
		g.t.Fatal(err)
	}
	return fs
}

// TestWhatWaitsIsToldWhateverCameSince: three hundred dossiers in payment came since the
// one for which the company is asked a pièce, and their échéance comes first: it is the
// one that its home page names, in two readings. What the bank sends back is told to who is
// paid, and to nobody else.
func TestWhatWaitsIsToldWhateverCameSince(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	g.copier(id, 300)
	g.sql(`UPDATE dossier SET etat = 'EN_REGLEMENT', contenu = jsonb_set(contenu, '{etat}', '"EN_REGLEMENT"'), cree_le = cree_le + interval '1 day',
		prochaine_echeance = now() - interval '1 year' WHERE numero LIKE 'V%'`)
	g.exiger(g.acte("gestionnaire", id, "complement", objet{"pieces": []objet{{"type": "PROGRAMME", "motif": "MANQUANTE"}}}), 200)
	s, requetes := g.compterRequetes()
	serveur, _ := g.autreServeur(s)
	g.attend(serveur, "e1") // whatever is read once
	avant := requetes.requetes.Load()
	fs := g.attend(serveur, "e1")
	if len(fs) != 1 || fs[0].ID != id || fs[0].Suivi.Qui != opco.RoleEntreprise || fs[0].Suivi.AvantLe == "" {
		t.Fatalf("the company is asked %+v, want the pièce of %s", fs, id)
	}
	if n := requetes.requetes.Load() - avant; n > 16 { // the account, the clock, the parameters, the wall around one query
		t.Errorf("%d queries for one dossier among 301", n)
	}
	if fs := g.attend(serveur, "of1"); len(fs) != 0 {
		t.Errorf("the organisme is asked %+v", fs)
	}
}

// TestWhatWaitsComesByItsLastDay: whatever their états, the dossiers that wait come by the
// last day to act, those without one last; and those of before are told from what they hold.
func TestWhatWaitsComesByItsLastDay(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	g.exiger(g.acte("gestionnaire", id, "complement", objet{"pieces": []objet{{"type": "PROGRAMME", "motif": "MANQUANTE"}}}), 200)
	g.copier(id, 20)
	serveur, _ := g.autreServeur(g.store)
	g.sql(`UPDATE dossier SET attend_de = NULL, attend_avant = NULL, paye_a = NULL`)
	if fs := g.attend(serveur, "e1"); len(fs) != 0 {
		t.Fatalf("nothing was told of dossiers of before, and %d are asked", len(fs))
	}
	if n, err := g.store.DireAttendus(t.Context()); err != nil || n != 21 {
		t.Fatalf("%d dossiers told, %v", n, err)
	}
	if n, err := g.store.DireAttendus(t.Context()); err != nil || n != 0 {
		t.Errorf("told again: %d, %v", n, err)
	}
	g.illisible(serveur)
	g.sql(`UPDATE dossier SET attend_avant = '2030-01-01'::date - substr(numero, 2)::int WHERE numero LIKE 'V%'`)
	g.sql(`UPDATE dossier SET etat = 'ATTENTE_SERVICE_FAIT', attend_avant = NULL WHERE numero = 'V20'`)
	g.sql(`UPDATE dossier SET attend_avant = '2020-01-01' WHERE numero = 'V7'`)
	fs := g.attend(serveur, "e1")
	if len(fs) != 12 || fs[0].Numero == "" {
		t.Fatalf("%d dossiers are asked, want 12", len(fs))
	}
	var numeros []string
	for _, f := range fs {
		if f.ID != id {
			numeros = append(numeros, f.Numero)
		}
	}
	if got := strings.Join(numeros[:3], " "); got != "V7 V19 V18" {
		t.Errorf("the first are %s, want the nearest last days", got)
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

// illisible breaks what the base holds of one dossier among those that wait: the others
// are told and asked as before, and somebody of the OPCO learns of that one.
func (g *guichet) illisible(serveur *api.Server) {
	g.t.Helper()
	g.sql(`ALTER TABLE dossier ADD COLUMN bon jsonb; UPDATE dossier SET bon = contenu, attend_de = NULL;
		UPDATE dossier SET contenu = contenu || '{"etat": 12}' WHERE numero = 'V3'`)
	if n, err := g.store.DireAttendus(g.t.Context()); err != nil || n != 20 {
		g.t.Errorf("%d dossiers told, %v, want 20 beside the one that does not read", n, err)
	}
	g.sql(`UPDATE dossier SET attend_de = 'entreprise', attend_avant = '2020-01-01' WHERE numero = 'V3'`)
	if fs := g.attend(serveur, "e1"); len(fs) != 11 {
		g.t.Errorf("%d dossiers are asked, want 11 of the first 12", len(fs))
	}
	is := storetest.Incidents(g.t, g.store)
	if len(is) != 1 || is[0].Activite != opco.ActiviteDivergence+"/illisible" || is[0].Classe != opco.ClasseDonnee {
		g.t.Errorf("incidents: %+v, want the dossier that does not read, once", is)
	}
	g.sql(`UPDATE dossier SET contenu = bon; ALTER TABLE dossier DROP COLUMN bon`)
	if n, err := g.store.DireAttendus(g.t.Context()); err != nil || n != 0 {
		g.t.Errorf("mended: %d, %v", n, err)
	}
}
