package web_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// dit evaluates an expression that gives a text.
func dit(t *testing.T, ctx context.Context, js string) string {
	t.Helper()
	s, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+js+")"))
	if err != nil {
		t.Fatalf("%s: %v", js, err)
	}
	return s
}

// attenteMax is how long a page may take to say something on a machine that does much
// else; a wait ends as soon as it is said.
const attenteMax = time.Minute

// attendre waits until an expression gives a text. A page that is being left answers
// nothing: it is asked again.
func attendre(t *testing.T, ctx context.Context, js, veut string) {
	t.Helper()
	var got string
	var err error
	for fin := time.Now().Add(attenteMax); time.Now().Before(fin) && ctx.Err() == nil; time.Sleep(25 * time.Millisecond) {
		if got, err = chromedp.Run(ctx, chromedp.Evaluate[string]("String("+js+")")); err == nil && got == veut {
			return
		}
	}
	page, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href+": "+document.querySelector("main")?.innerText.slice(0,600)`))
	t.Fatalf("%s gives %q (%v); want %q, on %s", js, got, err, veut, page)
}

// geste is a tab in front of the pages.
type geste struct {
	ctx    context.Context
	site   string
	portes *portesFausses
}

func (g geste) faire(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(g.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// TestGesturesInABrowser plays what guichet.js adds, with the keyboard, then fills
// the same form without JavaScript.
func TestGesturesInABrowser(t *testing.T) {
	parent := navigateur(t)
	p := &portesFausses{}
	s := httptest.NewServer(moteur(t, p))
	defer s.CloseClientConnections()
	base, plaintes := onglet(t, parent)
	ctx, fin := context.WithTimeout(base, 5*time.Minute)
	defer fin()
	g := geste{ctx, s.URL, p}
	t.Run("an établissement is added and taken away without leaving the page", g.ajouterEtablissement)
	t.Run("the Enter key goes on, and the summary takes the focus", g.continuerAuClavier)
	t.Run("a password is measured and shown on demand", g.mesurerMotDePasse)
	t.Run("keys choose the theme and show the help", g.toucher)
	t.Run("a form leaves once", g.envoyerDeuxFois)
	t.Run("without JavaScript", g.seulementHTML)
	for _, x := range plaintes() {
		if !strings.Contains(x, "422") {
			t.Errorf("console: %s", x)
		}
	}
}

func (g geste) ajouterEtablissement(t *testing.T) {
	g.faire(t, chromedp.Navigate(g.site+"/inscription"), chromedp.Click(`#champ-profil-entreprise`), chromedp.SendKeys(`#champ-siret_1`, "99900101900010"))
	if v := dit(t, g.ctx, `getComputedStyle(document.querySelector(".bloc-organisme")).display`); v != "none" {
		t.Errorf("the box of the organisme is shown (%s) before it is asked for", v)
	}
	g.faire(t, chromedp.Click(`button[value=ajouter_siret]`), chromedp.WaitVisible(`#champ-siret_2`))
	attendre(t, g.ctx, `document.activeElement.id`, "champ-siret_2")
	attendre(t, g.ctx, `document.querySelector("#champ-siret_1").value`, "99900101900010")
	g.faire(t, chromedp.Click(`button[value=retirer_siret_2]`), chromedp.WaitNotPresent(`#champ-siret_2`))
	attendre(t, g.ctx, `document.querySelector("#champ-siret_1").value`, "99900101900010")
	attendre(t, g.ctx, `location.pathname`, "/inscription")
}

func (g geste) continuerAuClavier(t *testing.T) {
	g.faire(t, chromedp.Focus(`#champ-code_adherent`), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(`.resume`))
	attendre(t, g.ctx, `document.activeElement.className`, "resume")
	g.faire(t, chromedp.Focus(`.resume a[href="#champ-branche"]`), chromedp.KeyEvent(kb.Enter))
	attendre(t, g.ctx, `document.activeElement.id`, "champ-branche")
}

func (g geste) mesurerMotDePasse(t *testing.T) {
	g.faire(t, chromedp.Navigate(g.site+"/activation"), chromedp.SendKeys(`#champ-mot_de_passe`, "abc"))
	attendre(t, g.ctx, `document.querySelector(".force small").textContent`, "Trop court : encore 12 caractères")
	dit(t, g.ctx, `document.querySelector("#champ-mot_de_passe").value=""`)
	g.faire(t, chromedp.SendKeys(`#champ-mot_de_passe`, "Un cheval bleu danse, 4 fois"))
	attendre(t, g.ctx, `document.querySelector(".force small").textContent`, "Très solide")
	dit(t, g.ctx, `document.querySelector("#champ-mot_de_passe").value=""`)
	g.faire(t, chromedp.SendKeys(`#champ-mot_de_passe`, "azertyuiopqsdfghjklm"))
	attendre(t, g.ctx, `document.querySelector(".force small").textContent`, "Fragile")
	g.faire(t, chromedp.Click(`.secret button`))
	attendre(t, g.ctx, `document.querySelector("#champ-mot_de_passe").type`, "text")
	attendre(t, g.ctx, `document.querySelector(".secret button").getAttribute("aria-label")`, "Cacher : Choisissez un mot de passe")
}

func (g geste) toucher(t *testing.T) {
	g.faire(t, chromedp.Navigate(g.site+"/dev/pages/composants"), chromedp.KeyEvent("t"))
	theme := dit(t, g.ctx, `document.documentElement.dataset.theme`)
	if theme != "clair" && theme != "sombre" || !strings.Contains(dit(t, g.ctx, `document.cookie`), "guichet-theme="+theme) {
		t.Errorf("the theme is %q, the cookie %q", theme, dit(t, g.ctx, `document.cookie`))
	}
	g.faire(t, chromedp.KeyEvent("?"))
	attendre(t, g.ctx, `document.querySelector("#aide-clavier").open`, "true")
	g.faire(t, chromedp.KeyEvent("d"))
	attendre(t, g.ctx, `document.body.dataset.densite`, "serre")
	g.faire(t, chromedp.KeyEvent(kb.Escape))
	attendre(t, g.ctx, `document.querySelector("#aide-clavier").open`, "false")
	g.faire(t, chromedp.KeyEvent("R"))
	attendre(t, g.ctx, `document.querySelector("#refus").open`, "true")
	trouve, err := func() ([]string, error) {
		if _, err := chromedp.Run(g.ctx, chromedp.Evaluate[int](axe+";0")); err != nil {
			return nil, err
		}
		return examiner(g.ctx)
	}()
	if err != nil || len(trouve) > 0 {
		t.Errorf("with a dialog open: %v %v", trouve, err)
	}
}

func (g geste) envoyerDeuxFois(t *testing.T) {
	g.faire(t, chromedp.Navigate(g.site+"/connexion"), chromedp.SendKeys(`#champ-identifiant`, "e1"), chromedp.SendKeys(`#champ-mot_de_passe`, "x"))
	g.portes.vider()
	if _, err := chromedp.Run(g.ctx, chromedp.Evaluate[int](`(()=>{const b=document.querySelector(".principal");b.click();b.click();return 0})()`)); err != nil {
		t.Fatal(err)
	}
	attendre(t, g.ctx, `location.pathname`, "/")
	if appels := g.portes.vider(); len(appels) != 1 {
		t.Errorf("the form left %d times: %v", len(appels), appels)
	}
}

func (g geste) seulementHTML(t *testing.T) {
	g.faire(t, chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		_, err := cdp.Call(ctx, tg, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}), chromedp.Navigate(g.site+"/inscription"), chromedp.Click(`#champ-profil-entreprise`), chromedp.SendKeys(`#champ-siret_1`, "99900101900010"),
		chromedp.Click(`button[value=ajouter_siret]`), chromedp.WaitVisible(`#champ-siret_2`), chromedp.Click(`.assistant .principal`), chromedp.WaitVisible(`.resume`))
	valeur, err := chromedp.Run(g.ctx, chromedp.Value("#champ-siret_1"))
	if err != nil || valeur != "99900101900010" {
		t.Errorf("the SIRET comes back as %q: %v", valeur, err)
	}
}
