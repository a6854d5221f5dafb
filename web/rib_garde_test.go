package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"guichet/store"
)

// TestTheFileOfARIBIsNotLost: the proof that a payee chose stays with its form while the
// form is refused.
func TestTheFileOfARIBIsNotLost(t *testing.T) {
	v := visiterAvecFichiers(t)
	of1 := v.autre().entrer("of1", motDemo)
	const chemin = "/organisme/coordonnees"
	f := formulaireDe(t, of1.lire(chemin))
	f.Set("iban", "FR76 3000 4000 0300 0000 0000 001") // its check digits are wrong
	f.Set("bic", "AAAAFRPP")
	f.Set("titulaire", "Organisme")
	statut, _, page := of1.envoyerAvec(chemin, f, "mon rib.pdf", unPDF)
	f = formulaireDe(t, page)
	if statut != 422 || f.Get("garde") == "" || !strings.Contains(page, "mon rib.pdf") {
		t.Fatalf("refused: %d, the form keeps %q", statut, f.Get("garde"))
	}
}

// TestKeptFilesAreTakenOffWhereOneIsRefused: who kept too many files without sending them
// sees them all where the next one is refused, and takes them off there.
func TestKeptFilesAreTakenOffWhereOneIsRefused(t *testing.T) {
	v := visiterAvecFichiers(t)
	of1 := v.autre().entrer("of1", motDemo)
	const chemin = "/organisme/coordonnees"
	vide := formulaireDe(t, of1.lire(chemin))
	for n := range 20 {
		vide.Del("acte_id") // each time another form, left without sending
		if statut, _, _ := of1.envoyerAvec(chemin, vide, "essai.pdf", unPDF+strings.Repeat(" ", n)); statut != 422 {
			t.Fatalf("file %d: %d", n+1, statut)
		}
	}
	statut, _, page := of1.envoyerAvec(chemin, vide, "le bon.pdf", unPDF+"\n")
	if statut != 422 || strings.Count(page, `name="oter_`) != 20 || !strings.Contains(page, "jamais envoyés") {
		t.Fatalf("one too many: %d, %d files to take off", statut, strings.Count(page, `name="oter_`))
	}
	f := formulaireDe(t, page)
	for _, n := range []string{"oter_1", "oter_2"} {
		f.Set(n, regexp.MustCompile(`name="` + n + `"[^>]*value="([^"]*)"`).FindStringSubmatch(page)[1])
	}
	_, _, page = of1.envoyerAvec(chemin, f, "le bon.pdf", unPDF+"\n")
	if g := formulaireDe(t, page); g.Get("garde") == "" || !strings.Contains(page, "le bon.pdf") {
		t.Error("two files are taken off, and the next one is not kept")
	}
	var ms []store.MiseDeCote
	if err := v.store.DB.Select(&ms, `SELECT id FROM mise_de_cote WHERE retire_le IS NULL`); err != nil || len(ms) != 19 {
		t.Errorf("%d files are kept (%v), want 19", len(ms), err)
	}
}

// formulaireDe reads what the form of bank details hides.
func formulaireDe(t *testing.T, page string) url.Values {
	t.Helper()
	f := url.Values{}
	for _, n := range []string{"acte_id", "garde", "pour"} {
		if m := regexp.MustCompile(`name="` + n + `" value="([^"]*)"`).FindStringSubmatch(page); m != nil {
			f.Set(n, m[1])
		}
	}
	return f
}
