package web_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"guichet/opco"
)

// mains is a person in front of a tab, who has the mouse, or the keyboard alone: Tab,
// the arrows, Space, Enter and letters. A button that the page keeps from them stops
// the journey: nothing is focused, filled or opened by program.
type mains struct {
	t       *testing.T
	ctx     context.Context
	v       *visiteur
	clavier bool
	muet    bool // the browser runs no script
}

// parModes runs a journey by mouse, then by keyboard alone, each on a counter of its
// own; the console stays silent.
func parModes(t *testing.T, visiter func(*testing.T) *visiteur, parcours func(mains)) {
	t.Helper()
	for _, clavier := range []bool{false, true} {
		t.Run(map[bool]string{false: "mouse", true: "keyboard"}[clavier], func(t *testing.T) {
			v := visiter(t)
			base, plaintes := onglet(t, navigateur(t))
			ctx, fin := context.WithTimeout(base, 8*time.Minute)
			defer fin()
			parcours(mains{t: t, ctx: ctx, v: v, clavier: clavier})
			for _, x := range plaintes() {
				if !strings.Contains(x, "422") {
					t.Errorf("console: %s", x)
				}
			}
		})
	}
}

// sansScripts runs a journey by mouse in a browser that runs no script of the pages.
func sansScripts(t *testing.T, visiter func(*testing.T) *visiteur, parcours func(mains)) {
	t.Helper()
	v := visiter(t)
	base, _ := onglet(t, navigateur(t))
	ctx, fin := context.WithTimeout(base, 8*time.Minute)
	defer fin()
	m := mains{t: t, ctx: ctx, v: v, muet: true}
	m.faire(chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		_, err := cdp.Call(ctx, tg, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	parcours(m)
}

func (m mains) faire(actions ...chromedp.Action[chromedp.Void]) {
	m.t.Helper()
	ctx, fin := context.WithTimeout(m.ctx, time.Minute)
	defer fin()
	if err := chromedp.Do(ctx, actions...); err != nil {
		m.t.Fatalf("%v on %s: %s", err, dit(m.t, m.ctx, `location.href`), dit(m.t, m.ctx, `document.querySelector("main")?.innerText.slice(0,600)`))
	}
}

// voir waits until an expression gives a text.
func (m mains) voir(js, veut string) {
	m.t.Helper()
	attendre(m.t, m.ctx, js, veut)
}

// la waits for the page of an address, with its scripts.
func (m mains) la(chemin string) {
	m.t.Helper()
	m.voir(`location.pathname+" "+document.readyState`, chemin+" complete")
}

// pret waits for what the selector names, and for the scripts of its page.
func (m mains) pret(sel string) {
	m.t.Helper()
	m.faire(chromedp.WaitVisible(sel))
	m.voir(`document.readyState`, "complete")
}

// tient reports whether what the selector names has the focus.
func (m mains) tient(sel string) bool {
	m.t.Helper()
	b, _ := json.Marshal(sel)
	return dit(m.t, m.ctx, `document.activeElement?.matches(`+string(b)+`)`) == "true"
}

// aller presses Tab until what the selector names has the focus.
func (m mains) aller(sel string) {
	m.t.Helper()
	m.pret(sel)
	for range 250 {
		if m.tient(sel) {
			return
		}
		m.faire(chromedp.KeyEvent(kb.Tab))
	}
	m.t.Fatalf("Tab never reaches %s on %s", sel, dit(m.t, m.ctx, `location.href`))
}

// entree presses Enter as a keyboard does: what the page prevents goes no further.
func entree() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tg *chromedp.Target) error {
		for _, genre := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
			touche := input.DispatchKeyEventParams{Type: genre, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13}
			if genre == input.DispatchKeyEventTypeKeyDown {
				touche.Text, touche.UnmodifiedText = "\r", "\r"
			}
			if _, err := cdp.Call(ctx, tg, input.DispatchKeyEvent, touche); err != nil {
				return err
			}
		}
		return nil
	})
}

// presser uses a button or a link: a click; or its key, when it says one, else Enter.
func (m mains) presser(sel, touche string) {
	m.t.Helper()
	m.pret(sel)
	switch {
	case !m.clavier:
		m.faire(chromedp.Click(sel))
	case touche != "":
		m.faire(chromedp.KeyEvent(touche))
	default:
		m.aller(sel)
		m.faire(entree())
	}
}

// menu opens a page by its entry of the menu.
func (m mains) menu(chemin string) {
	m.t.Helper()
	m.presser(`.menu nav a[href="`+chemin+`"]`, "")
	m.voir(`location.pathname+location.search+" "+document.readyState`, chemin+" complete")
}

// ouvrir opens a line of a list: a click on its link; or J down to it, K when it is
// above, then Enter.
func (m mains) ouvrir(sel string) {
	m.t.Helper()
	m.pret(sel)
	if !m.clavier {
		m.faire(chromedp.Click(sel))
		return
	}
	touche, avant := "j", ""
	for range 250 {
		if m.tient(sel) {
			m.faire(entree())
			return
		}
		m.faire(chromedp.KeyEvent(touche))
		ici := dit(m.t, m.ctx, `document.activeElement.outerHTML`)
		if ici == avant {
			touche = "k" // the end of the list
		}
		avant = ici
	}
	m.t.Fatalf("J and K never reach %s on %s", sel, dit(m.t, m.ctx, `location.href`))
}

// cocher ticks or unticks a box.
func (m mains) cocher(sel string) {
	m.t.Helper()
	if !m.clavier {
		m.pret(sel)
		m.faire(chromedp.Click(sel))
		return
	}
	m.aller(sel)
	m.faire(chromedp.KeyEvent(" "))
}

// choisir takes one of several choices: the keyboard reaches the group, then the arrows.
func (m mains) choisir(nom, valeur string) {
	m.t.Helper()
	sel := `[name="` + nom + `"]`
	une := sel + `[value="` + valeur + `"]`
	if !m.clavier {
		m.pret(une)
		m.faire(chromedp.Click(une))
		return
	}
	m.aller(sel)
	for range 12 {
		if m.tient(une) {
			if dit(m.t, m.ctx, `document.activeElement.checked`) != "true" {
				m.faire(chromedp.KeyEvent(" "))
			}
			return
		}
		m.faire(chromedp.KeyEvent(kb.ArrowDown))
	}
	m.t.Fatalf("the arrows never reach %s", une)
}

// derouler takes a choice of a list that unrolls, by its first letters: what the mouse
// opens there is drawn by the system, so that it only leads to it.
func (m mains) derouler(nom, lettres, valeur string) {
	m.t.Helper()
	sel := `[name="` + nom + `"]`
	if m.clavier {
		m.aller(sel)
		m.faire(chromedp.KeyEvent(lettres))
	} else {
		m.pret(sel)
		m.faire(chromedp.SetValue(sel, valeur))
	}
	m.voir(`document.querySelector('`+sel+`').value`, valeur)
}

// cliquerA clicks n times at once near the left of a field, where it begins.
func (m mains) cliquerA(sel string, n int) {
	m.t.Helper()
	m.pret(sel)
	b, _ := json.Marshal(sel)
	var p struct{ X, Y float64 }
	place := dit(m.t, m.ctx, `((e)=>{e.scrollIntoView({block:"center",behavior:"instant"});const r=e.getBoundingClientRect();return JSON.stringify({X:r.left+16,Y:r.top+r.height/2})})(document.querySelector(`+string(b)+`))`)
	if err := json.Unmarshal([]byte(place), &p); err != nil {
		m.t.Fatal(err)
	}
	m.faire(chromedp.MouseClickXY(p.X, p.Y, chromedp.ClickCount(n)))
	if !m.tient(sel) {
		m.t.Fatalf("a click does not reach %s", sel)
	}
}

// taper writes in a field, over what it holds.
func (m mains) taper(nom, texte string) {
	m.t.Helper()
	sel := `[name="` + nom + `"]:not([type=hidden])`
	if m.clavier {
		m.aller(sel)
		m.faire(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	} else {
		m.cliquerA(sel, 3)
	}
	m.faire(chromedp.KeyEvent(texte))
}

// dater writes a day in a field of dates, in the order in which the browser asks for it.
func (m mains) dater(nom string, d opco.Date) {
	m.t.Helper()
	sel := `[name="` + nom + `"]`
	if m.clavier {
		m.aller(sel)
	} else {
		m.cliquerA(sel, 1)
	}
	ordre := dit(m.t, m.ctx, `new Intl.DateTimeFormat(navigator.language).formatToParts(new Date()).filter(p=>p.type!=="literal").map(p=>p.type[0]).join("")`)
	s := string(d)
	m.faire(chromedp.KeyEvent(strings.NewReplacer("y", s[:4], "m", s[5:7], "d", s[8:]).Replace(ordre)))
	m.voir(`document.querySelector('`+sel+`').value`, s)
}

// joindre gives a file to a field that the person can reach: the window in which files
// are chosen belongs to the system.
func (m mains) joindre(sel, fichier string) {
	m.t.Helper()
	if m.clavier {
		m.aller(sel)
	}
	m.faire(chromedp.SetUploadFiles(sel, []string{fichier}))
}

// entrer logs in by the page of connection, out of whatever session was open.
func (m mains) entrer(qui string) {
	m.t.Helper()
	switch dit(m.t, m.ctx, `document.querySelector(".sortie")!==null`) {
	case "true":
		m.presser(`.sortie`, "")
	default:
		m.faire(chromedp.Navigate(m.v.site + "/connexion"))
	}
	m.pret(`#champ-identifiant`)
	m.taper("identifiant", qui)
	m.taper("mot_de_passe", motDemo)
	m.faire(chromedp.KeyEvent(kb.Enter))
	m.pret(`.coquille`)
	m.voir(`location.pathname!=="/connexion"`, "true")
}
