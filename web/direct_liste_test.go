package web_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// noterDemandes has the page keep what it asks of its list, once it was answered.
const noterDemandes = `((f)=>{window.demandes=[];window.fetch=async(...a)=>{const r=await f(...a);
	if(String(a[0]).startsWith("/direct/liste"))r.clone().text().then(()=>setTimeout(()=>demandes.push(String(a[0]))));return r};return 0})(window.fetch)`

// TestAListSaysWhatItsFilterHolds: a queue is open with a filter. A dossier outside it
// changes, and the page is silent; those that come inside it are counted, alone; the button
// shows them, and a line that changes is told too.
func TestAListSaysWhatItsFilterHolds(t *testing.T) {
	v := visiterEtude(t)
	e1 := v.entrer("e1", motDemo)
	dehors := e1.deposePour("Zoé", "Bertholet")
	base, plaintes := onglet(t, navigateur(t))
	ctx, fin := context.WithTimeout(base, 5*time.Minute)
	defer fin()
	m := mains{t: t, ctx: ctx, v: v}
	m.entrer("gestionnaire")
	m.faire(chromedp.Navigate(v.site + "/instruction?file=completude&q=Quilliou"))
	m.voir(`!!document.querySelector("#direct")?._htmx?.sse?.reader`, "true")
	dit(t, ctx, noterDemandes)
	const annonce = `document.querySelector('.annonces [data-sujet="liste"] span')?.innerText`

	e1.deposerPiece(dehors, "PROGRAMME")
	m.voir(`demandes.some(d=>d.includes("`+dehors+`"))`, "true")
	m.voir(annonce, "undefined")
	un := e1.deposePour("Anaïs", "Quilliou")
	m.voir(annonce, "1 dossier de ce filtre est nouveau ou a changé.")
	deux := e1.deposePour("Anaïs", "Quilliou")
	m.voir(annonce, "2 dossiers de ce filtre sont nouveaux ou ont changé.")

	m.presser(`.annonces [data-sujet="liste"] button`, "")
	m.voir(`location.pathname+location.search+" "+(window.demandes===undefined)+" "+document.readyState`, "/instruction?file=completude&q=Quilliou true complete")
	m.voir(`[...document.querySelectorAll("[data-travail] tr[data-dossier]")].map(l=>l.dataset.dossier).sort().join()`, min(un, deux)+","+max(un, deux))
	m.voir(`!!document.querySelector("#direct")?._htmx?.sse?.reader`, "true")
	e1.deposerPiece(un, "PROGRAMME")
	m.voir(annonce, "1 dossier de cette page a changé.")
	for _, x := range plaintes() {
		t.Errorf("console: %s", x)
	}
}
