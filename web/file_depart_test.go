package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// chiffreTuile is what a tile of a page counts, and where it leads.
func chiffreTuile(page, etiquette string) (compte, adresse string) {
	m := regexp.MustCompile(`(?s)<a class="tuile" href="([^"]*)">(.*?)</a>`)
	for _, x := range m.FindAllStringSubmatch(page, -1) {
		if strings.Contains(x[2], etiquette) {
			return regexp.MustCompile(`<b[^>]*>([^<]*)</b>`).FindStringSubmatch(x[2])[1], strings.ReplaceAll(x[1], "&amp;", "&")
		}
	}
	return "", ""
}

// TestADayBeginsWhereSomethingWaits: with one demande just sent, /instruction opens on
// the queue that holds it; all the queues together keep their name from tab to tab and
// when nothing is left; the home of each role counts its work and leads to it.
func TestADayBeginsWhereSomethingWaits(t *testing.T) {
	v := visiter(t)
	id := v.entrer("e1", motDemo).depose()
	g := v.autre().entrer("gestionnaire", motDemo)
	if page := g.lire("/instruction"); !strings.Contains(page, "<h1>Complétude</h1>") || !strings.Contains(page, id) {
		t.Errorf("the day begins with %.200q", regexp.MustCompile(`<h1>[^<]*</h1>`).FindString(page))
	}
	toutes := g.lire("/instruction?file=toutes")
	for _, adresse := range []string{"/instruction?file=toutes", "/instruction?file=toutes&amp;perimetre=equipe", "/instruction?attente=oui&amp;file=toutes&amp;perimetre=equipe"} {
		if !strings.Contains(toutes, `href="`+adresse+`"`) {
			t.Errorf("all the queues: no tab leads to %s", adresse)
		}
	}
	if strings.Contains(toutes, `file=&amp;`) || strings.Contains(toutes, `file="`) {
		t.Error("an address names no queue")
	}
	accueil := g.lire("/accueil")
	if n, ou := chiffreTuile(accueil, "Mes dossiers"); n != "1" || !strings.Contains(g.lire(ou), id) {
		t.Errorf("the home counts %q dossiers at %q", n, ou)
	}
	if !strings.Contains(accueil, `action="/instruction/suivant"`) {
		t.Error("the next dossier cannot be taken from home")
	}
	suivant := func() url.Values { return url.Values{"acte_id": {uuid.NewString()}, "file": {"toutes"}} }
	v.veut("the next one", 303, "/instruction/dossiers/"+id, "")(g.envoyer("/instruction/suivant", suivant()))
	if n, ou := chiffreTuile(g.lire("/accueil"), "Que je tiens"); n != "1" || !strings.Contains(g.lire(ou), id) {
		t.Errorf("the home counts %q dossiers held at %q", n, ou)
	}
	autre := v.autre().entrer("gestionnaire2", motDemo)
	v.veut("nothing is left", 303, "/instruction?file=toutes&perimetre=equipe", "")(autre.envoyer("/instruction/suivant", suivant()))

	for qui, tuiles := range map[string][]string{"responsable": {"Second regard", "Toute l’équipe", "En retard", "Lots à valider"},
		"comptable": {"À payer", "Lots à valider", "Rejets à traiter", "Retours à rapprocher"}} {
		x := v.autre().entrer(qui, motDemo)
		page := x.lire("/accueil")
		for _, nom := range tuiles {
			n, ou := chiffreTuile(page, nom)
			if n == "" || ou == "" {
				t.Errorf("the home of the %s lacks %q", qui, nom)
				continue
			}
			x.lire(ou)
		}
	}
}
