package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/uuid"

	"guichet/opco"
)

// TestAQueueWithTheKeyboard: down, up, choose, open, take the next, without a mouse.
func TestAQueueWithTheKeyboard(t *testing.T) {
	parent := navigateur(t)
	v := visiterEtude(t)
	v.entrer("e1", motDemo)
	for range 3 {
		v.depose()
	}
	base, plaintes := onglet(t, parent)
	ctx, fin := context.WithTimeout(base, 5*time.Minute)
	defer fin()
	faire := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatalf("%v on %s: %s", err, dit(t, base, `location.href`), dit(t, base, `document.querySelector("main")?.innerText.slice(0,400)`))
		}
	}
	const rang = `[...document.querySelectorAll("[data-travail] tbody tr")].findIndex(l => l.contains(document.activeElement))`
	file := v.site + "/instruction?file=completude"
	faire(connecter(v.site, "gestionnaire", motDemo, chromedp.WaitVisible(`.coquille`), chromedp.Navigate(file), chromedp.WaitVisible(`[data-travail] [data-tous]`))...)
	for _, x := range []struct{ touche, rang string }{{"j", "0"}, {"j", "1"}, {"J", "2"}, {"j", "2"}, {"k", "1"}, {"k", "0"}} {
		faire(chromedp.KeyEvent(x.touche))
		attendre(t, ctx, rang, x.rang)
	}
	attendre(t, ctx, `getComputedStyle(document.querySelector("#lot")).display`, "none")
	faire(chromedp.KeyEvent("x"), chromedp.KeyEvent("j"), chromedp.KeyEvent("x"))
	attendre(t, ctx, `document.querySelector("[data-choisis]").textContent`, "2 dossiers choisis")
	attendre(t, ctx, `getComputedStyle(document.querySelector("#lot")).display`, "flex")
	faire(chromedp.KeyEvent("x"))
	attendre(t, ctx, `document.querySelector("[data-choisis]").textContent`, "1 dossier choisi")
	faire(chromedp.KeyEvent("k"), chromedp.KeyEvent("k"))
	premier := dit(t, ctx, `document.activeElement.pathname`)
	faire(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(`.decision`))
	attendre(t, ctx, `location.pathname`, premier)
	attendre(t, ctx, `document.querySelector(".tenue").innerText.includes("Personne n’étudie ce dossier")`, "true")
	faire(chromedp.Navigate(file), chromedp.WaitVisible(`[data-travail]`), chromedp.KeyEvent("n"), chromedp.WaitVisible(`.tenue[data-vie]`))
	attendre(t, ctx, `document.querySelector(".dite").innerText.includes("à vous pour trente minutes")`, "true")
	attendre(t, ctx, `location.pathname`, premier)
	faire(chromedp.KeyEvent("s"), chromedp.WaitVisible(`#champ-jusqu_au`))
	for _, x := range plaintes() {
		t.Errorf("console: %s", x)
	}
}

// TestTheNextDossierByThePages: one takes, the other sees who holds it, a responsable
// takes over; what is set aside waits until news comes.
func TestTheNextDossierByThePages(t *testing.T) {
	v := visiterEtude(t)
	e1 := v.entrer("e1", motDemo)
	id := e1.depose()
	claire := v.autre().entrer("gestionnaire", motDemo)
	hugo := v.autre().entrer("gestionnaire2", motDemo)
	chef := v.autre().entrer("responsable", motDemo)
	page := "/instruction/dossiers/" + id
	prendre := url.Values{"acte_id": {uuid.NewString()}, "file": {"completude"}}
	claire.veut("the next one", 303, page, "")(claire.envoyer("/instruction/suivant", prendre))
	claire.veut("the same form again", 303, page, "")(claire.envoyer("/instruction/suivant", prendre))
	hugo.veut("nothing is left", 303, "/instruction?file=completude&perimetre=equipe", "")(hugo.envoyer("/instruction/suivant", url.Values{"acte_id": {uuid.NewString()}, "file": {"completude"}}))
	if lue := hugo.lire(page); !strings.Contains(lue, "Claire Morin l’étudie depuis") || strings.Contains(lue, "Prendre la main") {
		t.Error("hugo does not read who holds the dossier, or may take it")
	}
	if lue := hugo.lire("/instruction?file=completude"); !strings.Contains(lue, "Claire Morin l’étudie depuis") {
		t.Error("the queue does not say who holds the dossier")
	}
	hugo.veut("taking what is held", 409, "", "Claire Morin étudie ce dossier")(hugo.envoyer(page+"/prise", url.Values{"vers": {page}}))
	if lue := chef.lire(page); !strings.Contains(lue, "Prendre la main") {
		t.Error("a responsable is not offered to take over")
	}
	chef.veut("taking over", 303, page, "")(chef.envoyer(page+"/prise", url.Values{"vers": {page}}))
	chef.veut("coming back elsewhere", 303, page, "")(chef.envoyer(page+"/prise", url.Values{"vers": {"//ailleurs.test"}}))
	chef.veut("giving back", 303, "/instruction", "")(chef.envoyer(page+"/prise/fin", url.Values{}))

	attendre := url.Values{"jusqu_au": {"2099-01-01"}, "raison": {"Le devis arrive"}}
	if _, _, corps := claire.envoyer(page+"/attente", attendre); !strings.Contains(corps, "au-delà du") || !strings.Contains(corps, `value="Le devis arrive"`) {
		t.Error("a wait beyond the deadline is not refused with its sentence and its values")
	}
	le, err := v.store.Maintenant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	attendre.Set("jusqu_au", string(opco.JourDe(le).Jours(7)))
	claire.veut("setting aside", 303, "/instruction", "")(claire.envoyer(page+"/attente", attendre))
	claire.lire("/instruction?file=completude") // says it, with the way back
	if lue := claire.lire("/instruction?file=completude"); strings.Contains(lue, id) {
		t.Error("what waits is in the queue")
	}
	if lue := claire.lire("/instruction?file=completude&perimetre=equipe&attente=oui"); !strings.Contains(lue, "Le devis arrive") {
		t.Error("what waits is not shown with its reason")
	}
	e1.deposerPiece(id, "PROGRAMME")
	e1.deposerPiece(id, "CONVENTION")
	if lue := claire.lire("/instruction?file=toutes&perimetre=equipe"); !strings.Contains(lue, id) {
		t.Error("news did not bring it back")
	}
}

// TestViewsAndLabelsByThePages: a view kept first opens first; labels are put on and
// found; a portefeuille that follows everything is refused on its field.
func TestViewsAndLabelsByThePages(t *testing.T) {
	v := visiterEtude(t)
	id := v.entrer("e1", motDemo).depose()
	claire := v.autre().entrer("gestionnaire", motDemo)
	vue := url.Values{"id": {uuid.NewString()}, "nom": {""}, "filtre": {"file=completude&perimetre=equipe&apres=x&inconnu=1"}, "defaut": {"oui"}}
	claire.veut("a view without a name", 422, "", "Donnez un nom à cette vue")(claire.envoyer("/instruction/vues", vue))
	vue.Set("nom", "Tout vérifier")
	claire.veut("a view", 303, "/instruction?file=completude&perimetre=equipe", "")(claire.envoyer("/instruction/vues", vue))
	claire.veut("the first view", 303, "/instruction?file=completude&perimetre=equipe", "")(claire.envoyer("/instruction", nil))
	if page := claire.lire("/instruction?file=completude&perimetre=equipe"); !strings.Contains(page, "Tout vérifier") {
		t.Error("the view is not shown")
	}
	etiquette := url.Values{"id": {uuid.NewString()}, "nom": {"À rappeler"}, "ton": {"ambre"}}
	claire.veut("a label", 303, "/instruction/etiquettes", "")(claire.envoyer("/instruction/etiquettes", etiquette))
	claire.veut("another of the same name", 422, "", "Une étiquette porte déjà ce nom")(claire.envoyer("/instruction/etiquettes", url.Values{"id": {uuid.NewString()}, "nom": {"À RAPPELER"}, "ton": {"gris"}}))
	classement := "/instruction/dossiers/" + id + "/classement"
	claire.veut("putting it on", 303, classement, "")(claire.envoyer("/instruction/dossiers/"+id+"/etiquettes", url.Values{"etiquette": {etiquette.Get("id")}}))
	if page := claire.lire("/instruction?file=completude&perimetre=equipe&etiquette=" + etiquette.Get("id")); !strings.Contains(page, id) {
		t.Error("the label does not find its dossier")
	}
	claire.veut("taking it off", 303, classement, "")(claire.envoyer("/instruction/dossiers/"+id+"/etiquettes", url.Values{}))
	claire.lire(classement) // says it, with the way back
	if page := claire.lire("/instruction?file=completude&perimetre=equipe&etiquette=" + etiquette.Get("id")); strings.Contains(page, id) {
		t.Error("the label is still there")
	}
	claire.veut("a bad filter", 422, "", "n’est pas une date")(claire.envoyer("/instruction?file=completude&debut_du=demain", nil))
	chef := v.autre().entrer("responsable", motDemo)
	u, err := v.store.Utilisateur(t.Context(), "gestionnaire")
	if err != nil {
		t.Fatal(err)
	}
	ligne := url.Values{"personne": {u.Personne}}
	chef.veut("a portefeuille of everything", 422, "", "Choisissez une branche")(chef.envoyer("/equipe/portefeuilles", ligne))
	ligne.Set("idcc", "2691")
	chef.veut("a portefeuille", 303, "/equipe/portefeuilles", "")(chef.envoyer("/equipe/portefeuilles", ligne))
	if page := chef.lire("/equipe/portefeuilles"); !strings.Contains(page, "IDCC 2691") {
		t.Error("the portefeuille is not shown")
	}
	confier := url.Values{"a": {u.Personne}, "motif": {"Elle connaît cette entreprise"}}
	chef.veut("entrusting", 303, classement, "")(chef.envoyer("/instruction/dossiers/"+id+"/attribution", confier))
	if page := chef.lire(classement); !strings.Contains(page, "Confié à Claire Morin") || !strings.Contains(page, "Elle connaît cette entreprise") {
		t.Error("the page does not say to whom it was entrusted, nor why")
	}
}
