package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// nombresLus are the numbers that the anti-robot question writes.
var nombresLus = []string{"zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt"}

// resoudre answers the anti-robot question as a reader does.
func resoudre(question string) int {
	var ns []int
	for _, mot := range regexp.MustCompile(`[\pL-]+`).FindAllString(question, -1) {
		for n, x := range nombresLus {
			if mot == x {
				ns = append(ns, n)
			}
		}
	}
	if len(ns) == 1 {
		ns = append(ns, 0)
	}
	a, b := ns[0], ns[1]
	switch {
	case strings.Contains(question, "double"):
		return 2 * a
	case strings.Contains(question, "juste après"):
		return a + 1
	case strings.Contains(question, "grand"):
		return max(a, b)
	case strings.Contains(question, "retire"), strings.Contains(question, "moins"):
		return max(a, b) - min(a, b)
	}
	return a + b
}

// remplir writes values in the form of the page, as fields filled one by one.
func remplir(v url.Values) chromedp.Action[chromedp.Void] {
	b, _ := json.Marshal(v)
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[int](`(()=>{for(const [n,vs] of Object.entries(`+string(b)+`))for(const e of document.getElementsByName(n)){
			if(e.type==="hidden"||e.tagName==="BUTTON")continue;
			if(e.type==="checkbox"||e.type==="radio")e.checked=vs.includes(e.value);else e.value=vs[0];}return 0})()`))
		return err
	})
}

// TestTheWholeWayInABrowser goes from the registration to the open tile in a real
// browser: sign up, activate, see a limited home; the adviser grants all; the tile
// opens.
func TestTheWholeWayInABrowser(t *testing.T) {
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
	repondre := func() url.Values {
		t.Helper()
		question := dit(t, ctx, `document.querySelector('label[for="champ-epreuve"]').textContent`)
		time.Sleep(2100 * time.Millisecond) // nobody answers faster
		return url.Values{"epreuve": {fmt.Sprint(resoudre(question))}}
	}
	const email = "navigateur@sorbier.example"
	f := avec(inscriptionS20(), "email", email, "email2", email)
	faire(chromedp.Navigate(v.site+"/inscription"), chromedp.Click(`#champ-profil-entreprise`), chromedp.Click(`#champ-profil-organisme`),
		chromedp.Click(`button[value=ajouter_siret]`), chromedp.WaitVisible(`#champ-siret_2`), remplir(f), chromedp.Click(`.assistant .principal`), chromedp.WaitVisible(`#champ-epreuve`))
	faire(remplir(f), remplir(repondre()), chromedp.Click(`.assistant .principal`), chromedp.WaitVisible(`.suite`))
	attendre(t, ctx, `location.pathname`, "/inscription/confirmation")

	id, code := v.courrier(email, "CODE_ACTIVATION")
	faire(chromedp.Navigate(v.site+"/activation?compte="+id+"&code="+url.QueryEscape(code)), chromedp.WaitVisible(`#champ-epreuve`))
	faire(remplir(url.Values{"mot_de_passe": {motSolide}, "mot_de_passe2": {motSolide}}), remplir(repondre()), chromedp.Click(`form .principal`), chromedp.WaitNotPresent(`#champ-mot_de_passe`))
	attendre(t, ctx, `location.pathname`, "/activation/terminee")
	faire(connecter(v.site, email, motSolide, chromedp.WaitVisible(`.services`))...)
	attendre(t, ctx, `document.querySelector("main").innerText.includes("Un conseiller vérifie vos droits.")`, "true")
	attendre(t, ctx, `[...document.querySelectorAll(".service")].find(e=>e.innerText.startsWith("Espace entreprise")).innerText.includes("Accès limité")`, "true")

	faire(chromedp.Click(`.sortie`), chromedp.WaitVisible(`#champ-identifiant`))
	faire(connecter(v.site, "conseiller", motDemo, chromedp.WaitVisible(`.tuiles`), chromedp.Navigate(v.site+"/habilitations/"+id), chromedp.WaitVisible(`#reponses`),
		chromedp.Click(`button[value=tout_accorder]`), chromedp.Click(`.decision .principal`), chromedp.WaitVisible(`.dite`), chromedp.Click(`.sortie`), chromedp.WaitVisible(`#champ-identifiant`))...)
	faire(connecter(v.site, email, motSolide, chromedp.WaitVisible(`.services`))...)
	attendre(t, ctx, `[...document.querySelectorAll(".service")].find(e=>e.innerText.startsWith("Espace entreprise")).innerText.includes("Ouvert pour 2 établissements.")`, "true")
	faire(chromedp.Click(`.service-forme button`), chromedp.WaitVisible(`.dite`))
	attendre(t, ctx, `document.querySelector(".dite").innerText.includes("Un conseiller vérifie vos droits")`, "true")
	for _, x := range plaintes() {
		t.Errorf("console: %s", x)
	}
}
