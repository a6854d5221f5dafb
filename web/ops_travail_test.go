package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// TestAWorkOfOpsShowsInAnOpenPage: an intervention and a replay advance, and their open pages say so
// without being loaded again; what waits for the reader is announced, not put under their hand.
func TestAWorkOfOpsShowsInAnOpenPage(t *testing.T) {
	parent := navigateur(t)
	v := visiterEtude(t)
	numero := v.chezSoi(v.entrer("e1", motDemo).depose()).Numero
	ops := v.autre().entrer("ops", motDemo)
	base, plaintes := onglet(t, parent)
	ctx, fin := context.WithTimeout(base, 5*time.Minute)
	defer fin()
	ouvrir := func(chemin string) {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.Navigate(v.site+chemin), chromedp.WaitReady(`#direct`)); err != nil {
			t.Fatal(err)
		}
		attendre(t, ctx, `!!document.querySelector("#direct")._htmx?.sse?.reader`, "true")
		dit(t, ctx, `(window.laMeme=1,0)`)
	}
	if err := chromedp.Do(ctx, connecter(v.site, "ops", motDemo, chromedp.WaitVisible(`.coquille`))...); err != nil {
		t.Fatal(err)
	}
	ouvrir("/ops/interventions")
	page := ops.demandeOps("/ops/interventions", url.Values{"verbe": {string(opco.VerbeRelancer)}, "objet": {numero}, "motif": {"La procédure dort depuis hier."}})
	attendre(t, ctx, `document.querySelector("#interventions tbody .etat")?.innerText.trim()`, "Essai en cours")
	attendre(t, ctx, `window.laMeme`, "1")

	ouvrir(page)
	attendre(t, ctx, `document.querySelector("#elements tbody .etat").innerText.trim()`, "À essayer")
	v.essayerIntervention(page[strings.LastIndex(page, "/")+1:])
	attendre(t, ctx, `document.querySelector("#elements tbody .etat").innerText.trim()`, "À faire")
	attendre(t, ctx, `document.querySelector("#avancement .etat").innerText.trim()`, "Proposée")
	attendre(t, ctx, `document.querySelector(".annonces").innerText.includes("Rien n’est fait tant que") && !!document.querySelector(".annonces button")`, "true")
	attendre(t, ctx, `window.laMeme`, "1")

	page = ops.demandeOps("/ops/rejeux", url.Values{"quoi": {"classe"}, "echantillon": {"5"}})
	ouvrir(page)
	v.rejouer(func(r *store.RejeuVue) { r.Bilan.Total, r.Bilan.Faits, r.Bilan.Deterministes = 40, 10, 10 })
	attendre(t, ctx, `document.querySelector("#avancement progress")?.value`, "10")
	v.rejouer(func(r *store.RejeuVue) {
		r.Bilan.Faits, r.Bilan.Deterministes, r.Etat = 40, 40, store.RejeuFini
	})
	attendre(t, ctx, `document.querySelector("#avancement .etat").innerText.trim()`, "Déterministe")
	attendre(t, ctx, `!!document.querySelector(".annonces .annonce") && !document.querySelector(".annonces button")`, "true")
	attendre(t, ctx, `window.laMeme`, "1")
	for _, x := range plaintes() {
		t.Errorf("console: %s", x)
	}
}

// demandeOps sends a form of the ops staff and returns the page to which it leads.
func (v *visiteur) demandeOps(chemin string, f url.Values) string {
	v.t.Helper()
	f.Set("acte_id", uuid.NewString())
	statut, vers, page := v.envoyer(chemin, f)
	if statut != 303 {
		v.t.Fatalf("%s: %d %.400s", chemin, statut, page)
	}
	return vers
}

// essayerIntervention does what a worker does of a trial: each thing may be done.
func (v *visiteur) essayerIntervention(id string) {
	v.t.Helper()
	ctx := v.t.Context()
	i, err := v.store.Intervention(ctx, id)
	if err != nil {
		v.t.Fatal(err)
	}
	es, err := v.store.PrendreCibles(ctx, i, time.Minute, 10)
	for _, e := range es {
		if err == nil {
			e.Avant.Le, e.Phrase = time.Now().UTC(), "La procédure relira un acte en attente."
			err = v.store.NoterEssaiCible(ctx, i, e, nil)
		}
	}
	if err == nil {
		err = v.store.AvancerIntervention(ctx, i)
	}
	if err != nil {
		v.t.Fatal(err)
	}
}

// rejouer does what a worker does of a replay that waits or goes on.
func (v *visiteur) rejouer(faire func(*store.RejeuVue)) {
	v.t.Helper()
	ctx := v.t.Context()
	if _, _, err := v.store.PrendreRejeu(ctx, "banc"); err != nil {
		v.t.Fatal(err)
	}
	rs, err := v.store.Rejeux(ctx, time.Time{}, 1)
	if err != nil || len(rs) != 1 {
		v.t.Fatalf("%d replays, %v", len(rs), err)
	}
	faire(&rs[0])
	if err := v.store.AvancerRejeu(ctx, rs[0]); err != nil {
		v.t.Fatal(err)
	}
}

// TestWhoMayNotLookFollowsNothing: the stream of a work of the ops staff is shut to the others, as its page is.
func TestWhoMayNotLookFollowsNothing(t *testing.T) {
	v := visiterEtude(t)
	v.entrer("gestionnaire", motDemo)
	for _, travail := range []string{"rejeu/", "verification/", "intervention/", "intervention/" + uuid.NewString(), "lot/L-1"} {
		if statut := v.ecouter("/direct?travail=" + url.QueryEscape(travail)); statut != 404 {
			t.Errorf("%s: %d", travail, statut)
		}
	}
}

// ecouter opens a stream and returns its status.
func (v *visiteur) ecouter(chemin string) int {
	v.t.Helper()
	req, err := http.NewRequest(http.MethodGet, v.site+chemin, http.NoBody)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	r, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	return r.StatusCode
}

// TestAnEtapeIsChosenAmongThoseOfTheObject: the form offers the étapes where the journal shows the object,
// in words, and refuses another one with what was typed.
func TestAnEtapeIsChosenAmongThoseOfTheObject(t *testing.T) {
	v := visiterEtude(t)
	id := v.entrer("e1", motDemo).depose()
	numero := v.chezSoi(id).Numero
	ops := v.autre().entrer("ops", motDemo)
	page := ops.lire("/ops/interventions/nouvelle?verbe=REVENIR&objet=" + numero)
	for _, veut := range []string{`<option value="complétude">Complétude (la dernière)</option>`, `<option value="dépôt">Dépôt</option>`} {
		if !strings.Contains(page, veut) {
			t.Errorf("the form does not offer %s", veut)
		}
	}
	if strings.Contains(page, `value="instruction"`) {
		t.Error("the form offers an étape where the dossier never was")
	}
	f := url.Values{"acte_id": {uuid.NewString()}, "verbe": {"REVENIR"}, "objet": {numero}, "motif": {"Essai du retour en arrière."}, "etape": {"instruction"}}
	statut, _, page := ops.envoyer("/ops/interventions", f)
	if statut != 422 || !strings.Contains(page, "n’est jamais passé par l’étape « instruction »") || !strings.Contains(page, "Essai du retour en arrière.") {
		t.Errorf("another étape: %d", statut)
	}
	f.Set("etape", "complétude")
	if statut, vers, _ := ops.envoyer("/ops/interventions", f); statut != 303 || !strings.HasPrefix(vers, "/ops/interventions/") {
		t.Errorf("its étape: %d %s", statut, vers)
	}
	if tous := ops.lire("/ops/interventions/nouvelle"); !strings.Contains(tous, `<option value="clôture">Clôture (dossier, compte)</option>`) || !strings.Contains(tous, "Banque (lot)") {
		t.Error("without an object, the form does not offer the étapes of every procedure")
	}
	if page := ops.lire("/ops/interventions?objet=" + numero); !strings.Contains(page, numero) || !strings.Contains(page, "Revenir à l’étape « complétude »") {
		t.Error("the interventions on a dossier are not found by its number")
	}
}

// TestTheConsoleSaysTheLastVerification: never, then what it found wrong, by name.
func TestTheConsoleSaysTheLastVerification(t *testing.T) {
	v := visiterEtude(t)
	ops := v.entrer("ops", motDemo)
	if page := ops.lire("/ops"); !strings.Contains(page, "Jamais") {
		t.Error("the console does not say that nothing was ever verified")
	}
	page := ops.demandeOps("/ops/verification", url.Values{})
	if !strings.Contains(ops.lire("/ops"), "une autre est en cours") {
		t.Error("the console does not say that a verification goes on")
	}
	id, ok, err := v.store.PrendreVerification(t.Context())
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	r := store.RapportVerification{Resultats: []store.ResultatInvariant{{Code: "I1", Nom: "Payé au plus", Tenue: store.Tenu},
		{Code: "I2", Nom: "Écritures équilibrées", Tenue: store.Rompu, Ecarts: 1, Exemples: []store.Ecart{{Code: "I2", Objet: "dossier/" + uuid.NewString(), Phrase: "1 centime de trop"}}}}}
	if err := v.store.FinirVerification(t.Context(), id, r); err != nil {
		t.Fatal(err)
	}
	console := ops.lire("/ops")
	for _, veut := range []string{"1 en défaut", "Écritures équilibrées (I2) : 1 écart.", `href="/ops/verification/` + id + `"`} {
		if !strings.Contains(console, veut) {
			t.Errorf("the console does not say %q", veut)
		}
	}
	if page != "/ops/verification" {
		t.Errorf("the form leads to %s", page)
	}
}
