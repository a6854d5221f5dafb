package api_test

import (
	"testing"

	"guichet/store"
)

// unRejeu has ops ask for the replay of the open dossiers.
func (g *guichet) unRejeu() string {
	g.t.Helper()
	id := nouvelID()
	if err := g.store.DemanderRejeu(g.t.Context(), store.RejeuVue{ID: id, Personne: "p-ops", Nom: "O"}); err != nil {
		g.t.Fatal(err)
	}
	return id
}

// uneVerification has ops ask for a verification of the whole base, and ends it: another may
// be asked for.
func (g *guichet) uneVerification() string {
	g.t.Helper()
	ctx, id := g.t.Context(), nouvelID()
	if err := g.store.DemanderVerification(ctx, id, store.OrigineAgent, "p-ops", "O"); err != nil {
		g.t.Fatal(err)
	}
	if _, _, err := g.store.PrendreVerification(ctx); err != nil {
		g.t.Fatal(err)
	}
	if err := g.store.FinirVerification(ctx, id, store.RapportVerification{}); err != nil {
		g.t.Fatal(err)
	}
	return id
}

// Ops asks for a replay and a verification by the API, once however often it is sent; one
// who only reads may not.
func TestReplaysAndVerificationsAskedByTheAPI(t *testing.T) {
	g := ouvrir(t)
	id := nouvelID()
	classe := objet{"id": id, "etapes": []string{"EN_INSTRUCTION"}, "echantillon": 10}
	for range 2 {
		var v store.RejeuVue
		g.exiger(g.appeler("ops", "POST", "/api/ops/rejeux", classe), 200).lire(t, &v)
		if v.Etat != store.RejeuDemande || v.Echantillon != 10 || v.Nom == "" {
			t.Errorf("got %+v; want the replay that was asked for", v)
		}
	}
	g.exiger(g.appeler("ops", "POST", "/api/ops/rejeux", objet{"id": id, "echantillon": 11}), 409)
	g.exiger(g.appeler("ops", "POST", "/api/ops/rejeux", objet{"id": nouvelID(), "objet": "AF99-999999"}), 422)
	g.exiger(g.appeler("ops", "POST", "/api/ops/rejeux", objet{"id": nouvelID(), "etapes": []string{"CLOTUREE"}}), 422)
	g.exiger(g.appeler("auditeur", "POST", "/api/ops/rejeux", objet{"id": nouvelID()}), 403)
	var page struct{ Rejeux []store.RejeuVue }
	g.exiger(g.appeler("auditeur", "GET", "/api/ops/rejeux", nil), 200).lire(t, &page)
	if len(page.Rejeux) != 1 || page.Rejeux[0].ID != id {
		t.Errorf("got %+v; want the replay", page.Rejeux)
	}
	un := nouvelID()
	g.exiger(g.appeler("ops", "POST", "/api/ops/verifications", objet{"id": un}), 200)
	g.exiger(g.appeler("ops", "POST", "/api/ops/verifications", objet{"id": un}), 200)
	g.exiger(g.appeler("ops", "POST", "/api/ops/verifications", objet{"id": nouvelID()}), 409)
	g.exiger(g.appeler("auditeur", "GET", "/api/ops/verifications/"+un, nil), 200)
	g.exiger(g.appeler("gestionnaire", "GET", "/api/ops/verifications/"+un, nil), 403)
}
