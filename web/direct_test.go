package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/uuid"

	"guichet/opco"
)

// appeler sends JSON to the API as the session of v does, and wants its status.
func (v *visiteur) appeler(methode, chemin string, corps any, veut int) {
	v.t.Helper()
	b, err := json.Marshal(corps)
	if err != nil {
		v.t.Fatal(err)
	}
	req, err := http.NewRequest(methode, v.site+chemin, bytes.NewReader(b))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	r, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != veut {
		var dit bytes.Buffer
		_, _ = dit.ReadFrom(r.Body)
		v.t.Fatalf("%s %s: %d %s", methode, chemin, r.StatusCode, dit.String())
	}
}

// depose sends a demande of E1, whose session v is, and returns its id.
func (v *visiteur) depose() string { return v.deposePour("Anaïs", "Été-Ñoño") }

// deposePour sends a dossier of one beneficiary.
func (v *visiteur) deposePour(prenom, nom string) string {
	v.t.Helper()
	le, err := v.store.Maintenant(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	debut, id := opco.JourDe(le).Jours(60), uuid.NewString()
	v.appeler("POST", "/api/dossiers", map[string]any{"acte_id": uuid.NewString(), "id": id, "demande": map[string]any{
		"etablissement": "99900101900010", "intitule": "Sécurité des bases de données", "nature": "FORMATION", "subrogation": true,
		"duree": 21 * 60, "debut": debut, "fin": debut.Jours(2),
		"organisme":  map[string]any{"siret": "99900136500017", "nom": "Formalia Synthèse", "nda": "11756099975", "email": "of1@exemple.test"},
		"lignes":     []any{map[string]any{"ligne": "PEDA", "montant": 115500}},
		"stagiaires": []any{map[string]any{"id": "s1", "nom": nom, "prenom": prenom, "heures": 21 * 60, "ne_le": "1980-01-01", "salaire_horaire": 2153}},
	}}, 200)
	v.appeler("POST", "/api/dossiers/"+id+"/depot", map[string]any{"acte_id": uuid.NewString(), "certifie": true, "a_venir": []string{"PROGRAMME", "CONVENTION"}}, 200)
	return id
}

// TestAnActeShowsInAnOpenPage: the company has its dossier open; the OPCO grants it,
// and the page says so without being loaded again: its talon, its
// état and its amounts agree, and a pièce that comes is counted on its tab.
func TestAnActeShowsInAnOpenPage(t *testing.T) {
	parent := navigateur(t)
	v := visiterEtude(t)
	id := v.entrer("e1", motDemo).depose()
	v.deposerPiece(id, "PROGRAMME")
	g := v.autre().entrer("gestionnaire", motDemo)
	base, plaintes := onglet(t, parent)
	ctx, fin := context.WithTimeout(base, 5*time.Minute)
	defer fin()
	if err := chromedp.Do(ctx, connecter(v.site, "e1", motDemo, chromedp.WaitVisible(`.coquille`), chromedp.Navigate(v.site+"/entreprise/dossiers/"+id),
		chromedp.WaitVisible(`#ouenest`), chromedp.WaitReady(`#direct`))...); err != nil {
		t.Fatal(err)
	}
	attendre(t, ctx, `!!document.querySelector("#direct")._htmx?.sse?.reader`, "true")
	dit(t, ctx, `(window.laMeme=1,0)`)
	avant := dit(t, ctx, `document.querySelector("#ouenest").innerText`)
	// The page itself notes when it hears: reading it from outside would measure the reading.
	dit(t, ctx, `(new MutationObserver(()=>{window.entendu??=Date.now()}).observe(document.querySelector("#ouenest").parentNode,{childList:true,subtree:true}),0)`)
	v.deposerPiece(id, "CONVENTION")
	attendre(t, ctx, `document.querySelector('.vues a[href$="/documents"] .compte').innerText`, "2")
	delai := func(acte string) time.Duration {
		t.Helper()
		dit(t, ctx, `(delete window.entendu,0)`)
		parti := time.Now()
		g.appeler("POST", "/api/dossiers/"+id+"/"+acte, map[string]any{"acte_id": uuid.NewString()}, 200)
		attendre(t, ctx, `window.entendu>0`, "true")
		entendu, err := chromedp.Run(ctx, chromedp.Evaluate[float64](`window.entendu`))
		if err != nil {
			t.Fatal(err)
		}
		return time.UnixMilli(int64(entendu)).Sub(parti)
	}
	instruite := delai("instruction")
	attendre(t, ctx, `document.querySelector("#etat-`+id+`").innerText.trim()`, "En instruction")
	attendre(t, ctx, `document.querySelector("#accord caption").innerText.includes("Accordé")`, "false")
	decidee := delai("decision")
	// How long that takes is measured by « make bench ».
	t.Logf("the open page showed two actes after %s and %s, their application included", instruite, decidee)
	if apres := dit(t, ctx, `document.querySelector("#ouenest").innerText`); apres == avant {
		t.Errorf("the talon still says %q", apres)
	}
	attendre(t, ctx, `document.querySelector(".annonces").innerText.includes("Ce dossier vient de changer : Accordée.")`, "true")
	attendre(t, ctx, `document.querySelector("#etat-`+id+`").innerText.trim()`, "Accordée")
	attendre(t, ctx, `document.querySelector("#accord thead").innerText.includes("Accordé")`, "true")
	attendre(t, ctx, `document.querySelector("#fil-argent").innerText.replace(/\s/g," ").includes("1 155,00 €")`, "true")
	attendre(t, ctx, `window.laMeme`, "1")
	for _, x := range plaintes() {
		t.Errorf("console: %s", x)
	}
}

// etatReseau is the network that a tab sees; conditionsReseau sets it.
type etatReseau struct {
	Offline  bool    `json:"offline"`
	Latency  float64 `json:"latency"`
	Download float64 `json:"downloadThroughput"`
	Upload   float64 `json:"uploadThroughput"`
}

var conditionsReseau = cdp.Command[etatReseau, cdp.Empty]{Method: "Network.emulateNetworkConditions"}

// TestALostConnectionLosesNothing: while nothing answers, a form does not leave, its
// words stay, and the page says so; it says so no more when the counter answers again,
// and the form leaves.
func TestALostConnectionLosesNothing(t *testing.T) {
	parent := navigateur(t)
	v := visiter(t)
	base, _ := onglet(t, parent)
	ctx, fin := context.WithTimeout(base, 5*time.Minute)
	defer fin()
	couper := func(coupe bool) chromedp.Action[chromedp.Void] {
		return chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
			_, err := cdp.Call(ctx, tg, conditionsReseau, etatReseau{Offline: coupe, Download: -1, Upload: -1})
			return err
		})
	}
	faire := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatal(err)
		}
	}
	faire(connecter(v.site, "e1", motDemo, chromedp.WaitVisible(`.coquille`), chromedp.Navigate(v.site+"/compte/modifier"), chromedp.WaitVisible(`#champ-nom`))...)
	dit(t, ctx, `document.querySelector("#champ-nom").value=""`)
	faire(chromedp.SendKeys(`#champ-nom`, "Aubertin-Lost"), couper(true))
	attendre(t, ctx, `!!document.querySelector(".reseau")?.innerText.includes("Vos saisies restent ici")`, "true")
	faire(chromedp.Click(`form[action="/compte/modifier"] .principal`))
	attendre(t, ctx, `!!document.querySelector(".reseau")?.innerText.includes("rien n’est parti")`, "true")
	attendre(t, ctx, `location.pathname+document.querySelector("#champ-nom").value`, "/compte/modifierAubertin-Lost")
	faire(couper(false))
	attendre(t, ctx, `document.querySelector(".reseau")===null`, "true")
	attendre(t, ctx, `document.querySelector("#champ-nom").value`, "Aubertin-Lost")
	dit(t, ctx, `document.documentElement.dataset.avant="oui"`)
	faire(chromedp.Click(`form[action="/compte/modifier"] .principal`))
	attendre(t, ctx, `document.documentElement.dataset.avant===undefined`, "true") // sent: another page came
}

// TestThePaletteByKeyboard: Ctrl K from a field, a page found by its name and opened
// without a mouse; the help says the keys of the page; the keys of one letter are off
// once the account says so, Ctrl K is not.
func TestThePaletteByKeyboard(t *testing.T) {
	parent := navigateur(t)
	v := visiter(t)
	base, plaintes := onglet(t, parent)
	ctx, fin := context.WithTimeout(base, 5*time.Minute)
	defer fin()
	faire := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatalf("%v on %s: %s", err, dit(t, base, `location.href`), dit(t, base, `document.querySelector("main")?.innerText.slice(0,400)`))
		}
	}
	ctrlK := func() {
		t.Helper()
		faire(chromedp.KeyEvent("k", chromedp.KeyModifiers(2)))
	}
	faire(connecter(v.site, "conseiller", motDemo, chromedp.WaitVisible(`.tuiles, .entete`), chromedp.Navigate(v.site+"/habilitations"), chromedp.WaitVisible(`.entete`))...)
	faire(chromedp.KeyEvent("?"))
	attendre(t, ctx, `document.querySelector("#aide-clavier [data-aide-page]").innerText.includes("Demande suivante")`, "true")
	faire(chromedp.KeyEvent(kb.Escape))
	ctrlK()
	attendre(t, ctx, `document.querySelector("#palette").open && document.activeElement.getAttribute("role")`, "combobox")
	faire(chromedp.KeyEvent("absen"))
	attendre(t, ctx, `document.querySelector("#palette [aria-selected=true]")?.innerText.trim()`, "Absences")
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[int](axe+";0")); err != nil {
		t.Fatal(err)
	}
	if trouve, err := examiner(ctx); err != nil || len(trouve) > 0 {
		t.Errorf("with the palette open: %v %v", trouve, err)
	}
	faire(chromedp.KeyEvent(kb.Enter))
	attendre(t, ctx, `location.pathname`, "/absences")
	faire(chromedp.Navigate(v.site+"/compte"), chromedp.WaitVisible(`div#touches`), chromedp.Focus(`div#touches button`), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(`.dite`))
	attendre(t, ctx, `document.body.dataset.touches`, "non")
	theme := dit(t, ctx, `document.documentElement.dataset.theme`)
	faire(chromedp.KeyEvent("t"), chromedp.KeyEvent("?"))
	if dit(t, ctx, `document.documentElement.dataset.theme`) != theme || dit(t, ctx, `document.querySelector("#aide-clavier").open`) != "false" {
		t.Error("a key of one letter still works")
	}
	ctrlK()
	attendre(t, ctx, `document.querySelector("#palette").open`, "true")
	for _, x := range plaintes() {
		t.Errorf("console: %s", x)
	}
}
