package web_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"guichet/opco"
	"guichet/store/executant"
)

// enNombre is one page of a queue and one dossier more: the whole filter is offered only
// when the page does not show it.
const enNombre = 51

// TestAnActionOnAWholeFilter: a filter, the trial, the launch, and what became of each
// dossier, those that a colleague holds with their reason, until the queue again; by mouse,
// then by keyboard alone.
func TestAnActionOnAWholeFilter(t *testing.T) { parModes(t, visiterEtude, mains.agitEnNombre) }

// deposesEnNombre sends the dossiers of the filter and one that it does not hold.
func (v *visiteur) deposesEnNombre() (dedans []string, dehors string) {
	v.t.Helper()
	e1 := v.autre().entrer("e1", motDemo)
	for range enNombre {
		dedans = append(dedans, e1.deposePour("Anaïs", "Quilliou"))
	}
	return dedans, e1.deposePour("Zoé", "Bertholet")
}

// tenir has a colleague take a dossier, so that nobody else may act on it.
func (v *visiteur) tenir(id string) {
	v.t.Helper()
	u, err := v.store.Utilisateur(v.t.Context(), "gestionnaire2")
	if err == nil {
		_, err = v.store.Prendre(v.t.Context(), u.Acteur(""), id)
	}
	if err != nil {
		v.t.Fatal(err)
	}
}

// executer has the worker of actions do all that waits for it.
func (v *visiteur) executer() {
	v.t.Helper()
	x := executant.Executant{Store: v.store, Procedures: &relais{store: v.store}, Log: slog.New(slog.DiscardHandler), Pause: time.Millisecond, Patience: 2 * time.Second}
	for n := 1; n > 0; {
		var err error
		if n, err = x.Tournee(v.t.Context()); err != nil {
			v.t.Fatal(err)
		}
	}
}

// etape sees an open page hear by itself that a stage of the action ended, and shows it.
func (m mains) etape(phrase string) {
	m.t.Helper()
	m.voir(`!!document.querySelector("#direct")._htmx?.sse?.reader`, "true")
	m.v.executer()
	m.voir(`document.querySelector('.annonces [data-sujet=action] span')?.innerText.replaceAll("\u00a0"," ").includes("`+phrase+`")`, "true")
	m.presser(`.annonces [data-sujet=action] button`, "")
	m.voir(`document.querySelector('.annonces [data-sujet=action]')===null&&document.readyState`, "complete")
	m.voir(`document.querySelector("#avancement").innerText.replaceAll("\u00a0"," ").includes("`+phrase+`")`, "true")
}

// filtrer narrows the queue to the dossiers of one person, and ticks them all.
func (m mains) filtrer(nom string) {
	m.t.Helper()
	m.menu("/instruction?file=completude")
	m.taper("q", nom)
	m.faire(chromedp.KeyEvent(kb.Enter))
	m.voir(`new URLSearchParams(location.search).get("q")+" "+document.readyState`, nom+" complete")
	m.cocher(`[data-travail] tbody input.ligne`)
	m.cocher(`#lot [name=tout]`)
	m.voir(`document.querySelector("[data-choisis]").textContent`, "Tout le filtre")
	m.presser(`#lot button.principal`, "")
	m.la("/instruction/lot")
	m.voir(`document.querySelector(".entete").innerText.includes("Tous les dossiers du filtre")`, "true")
}

func (m mains) agitEnNombre() {
	dedans, dehors := m.v.deposesEnNombre()
	avant, pendant := dedans[3], dedans[7]
	m.v.tenir(avant)
	le, err := m.v.store.Maintenant(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	m.entrer("gestionnaire")
	m.filtrer("Quilliou")
	m.choisir("genre", string(opco.LotAttendre))
	m.dater("jusqu_au", opco.JourDe(le).Jours(7))
	m.taper("raison", "Le devis arrive")
	m.presser(`main form button.principal`, "")
	m.voir(`location.pathname.startsWith("/instruction/lots/")&&document.readyState`, "complete")
	m.etape(fmt.Sprintf("Dossiers prêts : %d, écartés : 1.", enNombre-1))
	m.attentes(0)

	m.v.tenir(pendant)
	m.presser(`form[action$="/lancer"] button`, "")
	m.voir(`document.querySelector("#avancement")?.dataset.etape+" "+document.readyState`, "LANCEE complete")
	m.etape(fmt.Sprintf("Dossiers faits : %d, refusés : 2, chacun avec sa raison.", enNombre-2))
	m.attentes(enNombre - 2)
	m.refuses(map[string]string{avant: "Écarté", pendant: "Refusé"})
	m.revient(dehors, avant, pendant)
}

// attentes holds how many dossiers were set aside so far.
func (m mains) attentes(veut int) {
	m.t.Helper()
	var n int
	if err := m.v.store.DB.Get(&n, `SELECT count(*) FROM attente WHERE raison = 'Le devis arrive'`); err != nil || n != veut {
		m.t.Fatalf("%d dossiers set aside (%v), want %d", n, err, veut)
	}
}

// refuses reads the list of what was not done: those dossiers and no other, each with its
// reason, the same in the file that the page gives.
func (m mains) refuses(veut map[string]string) {
	m.t.Helper()
	m.presser(`main nav a[href$="voir=refus"]`, "")
	m.voir(`new URLSearchParams(location.search).get("voir")+" "+document.readyState`, "refus complete")
	m.voir(`document.querySelectorAll("main tbody tr").length`, fmt.Sprint(len(veut)))
	for id, mot := range veut {
		m.voir(`((l)=>l.innerText.includes("`+mot+`")&&l.innerText.includes("étudie ce dossier"))(document.querySelector('main tbody a[href="/instruction/dossiers/`+id+`"]').closest("tr"))`, "true")
	}
	csv := m.recevoir(`main a[href$="/resultats.csv"]`)
	if n := strings.Count(csv, "étudie ce dossier"); n != len(veut) || strings.Count(csv, "Fait") != enNombre-len(veut) {
		m.t.Errorf("the file tells %d refusals: %.600s", n, csv)
	}
}

// revient goes back by the way that the page says: the list of actions, then the queue,
// where what was not done waits still.
func (m mains) revient(restent ...string) {
	m.t.Helper()
	m.presser(`.ariane a[href="/instruction/lots"]`, "")
	m.la("/instruction/lots")
	m.voir(`document.querySelector("main tbody tr").innerText.includes("Terminée")`, "true")
	m.presser(`.ariane a[href="/instruction"]`, "")
	m.la("/instruction")
	m.menu("/instruction?file=completude")
	m.voir(`document.querySelectorAll("[data-travail] tbody tr").length`, fmt.Sprint(len(restent)))
	for _, id := range restent {
		m.voir(`document.querySelector('[data-travail] tr[data-dossier="`+id+`"]')!==null`, "true")
	}
}
