package web_test

import (
	"context"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"guichet/web"
)

// TestEveryListHasItsKeys: a list whose lines lead somewhere is walked with J and K.
func TestEveryListHasItsKeys(t *testing.T) {
	// Rendered alone: asking for each planche by its address draws them all each time.
	listes := regexp.MustCompile(`(?s)<table[^>]*class="table[^>]*>.*?</table>|<ul class="(?:droits|controles|attendus|trouvailles)[^>]*>.*?</ul>`)
	vues := 0
	for _, p := range web.Planches(web.MaisonDemo()) {
		for _, l := range listes.FindAllString(dessin(t, p.Page), -1) {
			ouverture, _, _ := strings.Cut(l, ">")
			if !strings.Contains(l, `<a class="titre`) {
				continue
			}
			vues++
			if !strings.Contains(ouverture, "data-clavier") {
				t.Errorf("%s: %s> leads somewhere and says no data-clavier", p.Nom, ouverture)
			}
		}
	}
	if vues < 40 {
		t.Errorf("saw %d lists that lead somewhere: the pages are not read", vues)
	}
}

// TestTheKeysOfAList: the same keys on each kind of list, none in a field, none once
// the account switched them off; the help says those that the page has.
func TestTheKeysOfAList(t *testing.T) {
	parent := navigateur(t)
	s := httptest.NewServer(moteur(t, &portesFausses{}))
	defer s.CloseClientConnections()
	for _, x := range []struct{ page, choisir string }{
		{"file", "Choisir la ligne"}, {"factures-a-payer", "Choisir la ligne"}, {"confier", "Choisir la ligne"}, {"organisme-reglements", "Pointer la ligne"},
		{"entreprise-dossiers", ""}, {"organisme-dossiers", ""}, {"organisme-documents", ""}, {"lots", ""}, {"retours-banque", ""}, {"quarantaine", ""},
		{"rejets", ""}, {"enveloppes", ""}, {"recherche", ""}, {"instruction-messages", ""}, {"habilitations", ""}, {"salaries", ""}, {"brouillons", ""},
	} {
		t.Run(x.page, func(t *testing.T) {
			base, plaintes := onglet(t, parent)
			ctx, fin := context.WithTimeout(base, 5*time.Minute)
			defer fin()
			l := listeOuverte{t, ctx}
			l.faire(chromedp.Navigate(s.URL+"/dev/pages/"+x.page), chromedp.WaitReady(`[data-clavier]`))
			l.descendre()
			l.choisir(x.choisir)
			l.taire()
			for _, p := range plaintes() {
				t.Errorf("console: %s", p)
			}
		})
	}
}

// listeOuverte is a page with a list.
type listeOuverte struct {
	t   *testing.T
	ctx context.Context
}

const (
	rangeesJS = `[...document.querySelectorAll("[data-clavier]>tbody>tr,[data-clavier]>li,[data-clavier]>ul>li")].filter(l=>l.querySelector("a[href]")?.checkVisibility())`
	rangJS    = rangeesJS + `.findIndex(l=>l.contains(document.activeElement)&&l.hasAttribute("data-ici"))`
)

func (l listeOuverte) faire(actions ...chromedp.Action[chromedp.Void]) {
	l.t.Helper()
	if err := chromedp.Do(l.ctx, actions...); err != nil {
		l.t.Fatal(err)
	}
}

// descendre goes down and up, then opens: the link of the line, once.
func (l listeOuverte) descendre() {
	l.t.Helper()
	n := dit(l.t, l.ctx, rangeesJS+`.length`)
	if n == "0" || n == "1" {
		l.t.Fatalf("the list has %s lines: the keys cannot be tried", n)
	}
	dit(l.t, l.ctx, `(document.activeElement.blur(),document.querySelectorAll("[data-clavier] a[aria-current]").forEach(a=>a.removeAttribute("aria-current")))`)
	for _, x := range [][2]string{{"k", "0"}, {"j", "1"}, {"K", "0"}, {"k", "0"}, {"J", "1"}} {
		l.faire(chromedp.KeyEvent(x[0]))
		attendre(l.t, l.ctx, rangJS, x[1])
	}
	dit(l.t, l.ctx, `(window.ouverts=[],document.addEventListener("click",e=>{const a=e.target.closest("[data-clavier] a[href]");if(a){e.preventDefault();ouverts.push(`+rangeesJS+`.findIndex(l=>l.contains(a)))}}),0)`)
	l.faire(chromedp.KeyEvent(kb.Enter))
	attendre(l.t, l.ctx, `ouverts`, "1")
}

// choisir ticks the line where it has a box, and reads the help.
func (l listeOuverte) choisir(dit_ string) {
	l.t.Helper()
	if dit_ == "Choisir la ligne" {
		const cochee = rangeesJS + `[1].querySelector("input.ligne").checked`
		avant := dit(l.t, l.ctx, cochee)
		l.faire(chromedp.KeyEvent("x"))
		attendre(l.t, l.ctx, cochee, map[string]string{"true": "false", "false": "true"}[avant])
		dit(l.t, l.ctx, rangeesJS+`[1].querySelector("input.ligne").focus()`)
		l.faire(entree()) // on a box, Enter would send the form
		attendre(l.t, l.ctx, `ouverts`, "1,1")
	}
	l.faire(chromedp.KeyEvent("?"))
	aide := `document.querySelector("#aide-clavier [data-aide-page]").innerText`
	attendre(l.t, l.ctx, aide+`.includes("Descendre, monter dans la liste")`, "true")
	for _, x := range []string{"Choisir la ligne", "Pointer la ligne"} {
		if got := dit(l.t, l.ctx, aide+`.includes("`+x+`")`) == "true"; got != (x == dit_) {
			l.t.Errorf("the help says « %s »: %t", x, got)
		}
	}
	l.faire(chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.Escape)) // behind a dialog nothing moves
	attendre(l.t, l.ctx, `document.querySelector("#aide-clavier").open`, "false")
}

// taire types in a field, composes a character, then switches the keys off.
func (l listeOuverte) taire() {
	l.t.Helper()
	const ici = rangeesJS + `.findIndex(l=>l.hasAttribute("data-ici"))`
	dit(l.t, l.ctx, `(document.querySelector("main").insertAdjacentHTML("beforeend","<input id=essai aria-label=Essai>"),document.querySelector("#essai").focus())`)
	l.faire(chromedp.KeyEvent("j"), chromedp.KeyEvent("k"), chromedp.KeyEvent("k"))
	attendre(l.t, l.ctx, `document.querySelector("#essai").value+`+ici, "jkk1")
	dit(l.t, l.ctx, `(document.activeElement.blur(),document.dispatchEvent(new KeyboardEvent("keydown",{key:"k",isComposing:true,bubbles:true})))`)
	attendre(l.t, l.ctx, ici, "1")
	dit(l.t, l.ctx, `(document.body.dataset.touches="non")`)
	l.faire(chromedp.KeyEvent("k"), chromedp.KeyEvent("x"))
	attendre(l.t, l.ctx, ici, "1")
}
