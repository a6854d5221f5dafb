package web_test

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"guichet/store"
)

// TestTheFileOfARIBIsNotLost: the proof that a payee chose stays with its form while the
// form is refused, leaves with it once, and the same sending again changes nothing.
func TestTheFileOfARIBIsNotLost(t *testing.T) {
	v := visiterAvecFichiers(t)
	of1 := v.autre().entrer("of1", motDemo)
	const chemin = "/organisme/coordonnees"
	f := formulaireDe(t, of1.lire(chemin))
	f.Set("iban", "FR76 3000 4000 0300 0000 0000 001") // its check digits are wrong
	dire := func(f url.Values) { f.Set("bic", "AAAAFRPP"); f.Set("titulaire", "Organisme") }
	dire(f)
	statut, _, page := of1.envoyerAvec(chemin, f, "mon rib.pdf", unPDF)
	f = formulaireDe(t, page)
	if statut != 422 || f.Get("garde") == "" || !strings.Contains(page, "mon rib.pdf") {
		t.Fatalf("refused: %d, the form keeps %q", statut, f.Get("garde"))
	}
	dire(f)
	f.Set("iban", "FR76 3000 6000 0112 3456 7890 189")
	for _, quoi := range []string{"sent", "sent again"} {
		if statut, _, page := of1.envoyerAvec(chemin, f, "", ""); statut != 303 {
			t.Fatalf("%s: %d %s", quoi, statut, resumeDe(page))
		}
	}
	f.Set("titulaire", "Quelqu’un d’autre")
	if statut, _, page := of1.envoyerAvec(chemin, f, "", ""); statut != 409 && statut != 422 || !strings.Contains(page, "déjà envoyé") {
		t.Errorf("sent again with another holder: %d", statut)
	}
	var r struct {
		Nombre int
		Nom    string
	}
	if err := v.store.DB.Get(&r, `SELECT count(*) AS nombre, max(preuve_nom) AS nom FROM rib WHERE etat = 'PROPOSE'`); err != nil || r.Nombre != 1 || r.Nom != "mon rib.pdf" {
		t.Errorf("got %+v (%v), want one RIB with its proof", r, err)
	}
}

// TestAPayeeSendsTheRIBThatWasRefused: in a browser, the file chosen with a mistyped IBAN leaves with the
// form once the IBAN is right, without being chosen again.
func TestAPayeeSendsTheRIBThatWasRefused(t *testing.T) {
	parModes(t, visiterAvecFichiers, mains.donneSonRIB)
}

func (m mains) donneSonRIB() {
	rib := filepath.Join(m.t.TempDir(), "mon rib.pdf")
	if err := os.WriteFile(rib, []byte(unPDF), 0o600); err != nil {
		m.t.Fatal(err)
	}
	m.entrer("of1")
	m.faire(chromedp.Navigate(m.v.site + "/organisme/coordonnees"))
	m.pret(`#champ-iban`)
	m.taper("iban", "FR7630004000030000000000001") // its check digits are wrong
	m.taper("bic", "AAAAFRPP")
	m.taper("titulaire", "Organisme")
	m.joindre(`input[type=file]`, rib)
	m.presser(`form[enctype] .principal`, "")
	m.pret(`#champ-iban[aria-invalid=true]`)
	m.voir(`document.querySelector("[name=garde]").value !== "" && document.querySelector("main").innerText.includes("mon rib.pdf")`, "true")
	m.voir(`document.querySelector("[name=titulaire]").value`, "Organisme")
	m.taper("iban", "FR7630006000011234567890189")
	m.presser(`form[enctype] .principal`, "")
	m.voir(`document.querySelector("#champ-iban")===null && document.querySelector("main").innerText.includes("0189")`, "true")
	var preuves []string
	if err := m.v.store.DB.Select(&preuves, `SELECT preuve_nom FROM rib WHERE etat = 'PROPOSE'`); err != nil || !slices.Equal(preuves, []string{"mon rib.pdf"}) {
		m.t.Errorf("%q proposed (%v), want one RIB with its proof", preuves, err)
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

// resumeDe is what a refused page says at its head.
func resumeDe(page string) string {
	_, apres, _ := strings.Cut(page, `id="resume-titre"`)
	dit, _, _ := strings.Cut(apres, "</section>")
	return dit
}
