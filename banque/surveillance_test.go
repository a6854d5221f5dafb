package banque_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guichet/banque"
)

// banqueEssai runs the simulated bank on a new folder until the test ends.
type banqueEssai struct {
	t   *testing.T
	dir string
}

func (b banqueEssai) demarrer(regles func() banque.Regles) (arreter func()) {
	ctx, cancel := context.WithCancel(context.Background())
	fin := make(chan error, 1)
	go func() { fin <- banque.Surveiller(ctx, b.dir, regles) }()
	return func() {
		cancel()
		if err := <-fin; err != nil {
			b.t.Errorf("Surveiller: %v", err)
		}
	}
}

func (b banqueEssai) emettre(nom string, contenu []byte) {
	b.t.Helper()
	dir := filepath.Join(b.dir, "emis")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		b.t.Fatal(err)
	}
	tmp := filepath.Join(dir, nom+".tmp")
	if err := os.WriteFile(tmp, contenu, 0o600); err != nil {
		b.t.Fatal(err)
	}
	if err := os.Rename(tmp, filepath.Join(dir, nom)); err != nil {
		b.t.Fatal(err)
	}
}

func (b banqueEssai) regles(json string) {
	b.t.Helper()
	tmp := filepath.Join(b.dir, "regles.tmp")
	if err := os.WriteFile(tmp, []byte(json), 0o600); err != nil {
		b.t.Fatal(err)
	}
	if err := os.Rename(tmp, filepath.Join(b.dir, "regles.json")); err != nil {
		b.t.Fatal(err)
	}
}

func (b banqueEssai) retours() []string {
	noms, err := filepath.Glob(filepath.Join(b.dir, "retours", "*.xml"))
	if err != nil {
		b.t.Fatal(err)
	}
	for i := range noms {
		noms[i] = filepath.Base(noms[i])
	}
	slices.Sort(noms)
	return noms
}

// attend waits until the bank wrote exactly want.
func (b banqueEssai) attend(want ...string) {
	b.t.Helper()
	for fin := time.Now().Add(time.Minute); time.Now().Before(fin); time.Sleep(20 * time.Millisecond) {
		if slices.Equal(b.retours(), want) {
			return
		}
	}
	b.t.Fatalf("got %v, want %v", b.retours(), want)
}

func (b banqueEssai) lire(nom string) banque.Retour {
	b.t.Helper()
	contenu, err := os.ReadFile(filepath.Join(b.dir, "retours", nom))
	if err != nil {
		b.t.Fatal(err)
	}
	return lire(b.t, contenu)
}

// jourDExecution is an instant of the day that lotS11 is to be executed on, the
// one after reponse.
var jourDExecution = reponse.AddDate(0, 0, 1)

// quelquesPasses lets the bank look at its folder a few times more.
func quelquesPasses() { time.Sleep(700 * time.Millisecond) }

// The bank answers each order once, gives the returns that the rules ask for
// once, and remembers both when it starts again.
func TestSurveiller(t *testing.T) {
	b := banqueEssai{t, t.TempDir()}
	b.regles(`{"rejets":{"` + ibanOF2 + `":"AC04"},"quand":"2026-04-13T16:00:00Z"}`)
	arreter := b.demarrer(nil)
	b.emettre("lot.xml", pain001(t, lotS11()))
	b.attend("lot-1-pain002.xml")
	if e := b.lire("lot-1-pain002.xml").Entrees[2]; e.Motif != "AC04" {
		t.Errorf("got %+v, want AC04", e)
	}

	// On the execution day the debits follow, under the rules of the answer.
	b.regles(`{"quand":"2026-04-14T16:00:00Z"}`)
	b.attend("lot-1-pain002.xml", "lot-2-camt054.xml")
	if n := len(b.lire("lot-2-camt054.xml").Entrees); n != 2 {
		t.Errorf("got %d debits, want 2", n)
	}

	// The day after, a transfer comes back; the rejected one cannot.
	b.regles(`{"retours":{"R-2026-000002":"AC01","` + ibanOF2 + `":"AC01"},"quand":"2026-04-15T16:00:00Z"}`)
	b.attend("lot-1-pain002.xml", "lot-2-camt054.xml", "lot-3-retour-1.xml")
	r := b.lire("lot-3-retour-1.xml")
	if len(r.Entrees) != 1 || r.Entrees[0].EndToEndID != "R-2026-000002" || r.Entrees[0].Date != "2026-04-15" {
		t.Errorf("got %+v, want the return of R-2026-000002", r.Entrees)
	}
	arreter()

	// Started again, with the answers gone and the order also under another name:
	// nothing more is said.
	for _, nom := range b.retours() {
		if err := os.Remove(filepath.Join(b.dir, "retours", nom)); err != nil {
			t.Fatal(err)
		}
	}
	b.emettre("lot-copie.xml", pain001(t, lotS11()))
	arreter = b.demarrer(nil)
	defer arreter()
	quelquesPasses()
	b.attend()
}

func TestSurveillerMuetPuisDoublons(t *testing.T) {
	b := banqueEssai{t, t.TempDir()}
	var muet atomic.Bool
	muet.Store(true)
	arreter := b.demarrer(func() banque.Regles {
		return banque.Regles{Muet: muet.Load(), Quand: jourDExecution, Simulateur: banque.Simulateur{Doublons: true, Desordre: true}}
	})
	defer arreter()
	b.emettre("lot.xml", pain001(t, lotS11()))
	quelquesPasses()
	b.attend()
	muet.Store(false)
	b.attend("lot-1-camt054-bis.xml", "lot-1-camt054.xml", "lot-2-pain002-bis.xml", "lot-2-pain002.xml")
	if un, bis := b.lire("lot-1-camt054.xml"), b.lire("lot-1-camt054-bis.xml"); !slices.Equal(cles(un), cles(bis)) || un.Doublons != 3 {
		t.Errorf("got %d duplicates, want the 3 entries told twice and the same in both files", un.Doublons)
	}
}

// Rules that are not rules leave the bank mute until they are corrected; an order
// that is not one is rejected and does not hold the next.
func TestSurveillerFautes(t *testing.T) {
	b := banqueEssai{t, t.TempDir()}
	arreter := b.demarrer(nil)
	defer arreter()
	for _, faux := range []string{`{"rejet":{}}`, `{"rejets":{"R1":"trop"}}`, `{`} {
		b.regles(faux)
		_, err := banque.LireRegles(b.dir)
		refuse(t, err, "")
	}
	b.emettre("a.xml", []byte(strings.Repeat("<a>", 10)))
	b.emettre("b.xml", pain001(t, lotS11()))
	quelquesPasses()
	b.attend()
	b.regles(`{}`)
	b.attend("a-1-pain002.xml", "b-1-pain002.xml", "b-2-camt054.xml")
	if r := b.lire("a-1-pain002.xml"); r.Statut != banque.StatutRejete || r.Motif != "FF01" {
		t.Errorf("got %s %s, want RJCT FF01", r.Statut, r.Motif)
	}
}

// A second order under the same reference is rejected whole, as a real bank does,
// and nothing of a rejected order comes back.
func TestSurveillerReferenceDejaVue(t *testing.T) {
	b := banqueEssai{t, t.TempDir()}
	arreter := b.demarrer(nil)
	defer arreter()
	b.emettre("a.xml", pain001(t, lotS11()))
	b.attend("a-1-pain002.xml", "a-2-camt054.xml")
	autre := lotS11()
	autre.Virements = autre.Virements[:2]
	b.regles(`{"retours":{"R-2026-000001":"AC01"}}`)
	b.emettre("b.xml", pain001(t, autre))
	b.attend("a-1-pain002.xml", "a-2-camt054.xml", "a-3-retour-1.xml", "b-1-pain002.xml")
	if r := b.lire("b-1-pain002.xml"); r.Statut != banque.StatutRejete || r.Motif != "DU01" {
		t.Errorf("got %s %s, want RJCT DU01", r.Statut, r.Motif)
	}
	quelquesPasses()
	b.attend("a-1-pain002.xml", "a-2-camt054.xml", "a-3-retour-1.xml", "b-1-pain002.xml")
}

func TestSurveillerDossierImpossible(t *testing.T) {
	fichier := filepath.Join(t.TempDir(), "fichier")
	if err := os.WriteFile(fichier, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := banque.Surveiller(t.Context(), fichier, nil); err == nil {
		t.Error("a folder that cannot be made was accepted")
	}
}

// A lot is executed on the day that was asked for, not when its file comes: the bank
// accepts it, waits, debits it once, and answers for what comes back after.
func TestSurveillerExecution(t *testing.T) {
	b := banqueEssai{t, t.TempDir()}
	var quand atomic.Int64
	quand.Store(reponse.Unix())
	arreter := b.demarrer(func() banque.Regles {
		return banque.Regles{Quand: time.Unix(quand.Load(), 0).UTC(), Simulateur: banque.Simulateur{Retours: map[string]string{ibanOF1: "AC01"}}}
	})
	defer arreter()
	b.emettre("L.xml", pain001(t, lotS11()))
	b.attend("L-1-pain002.xml")
	quelquesPasses()
	b.attend("L-1-pain002.xml")
	quand.Store(jourDExecution.Unix())
	b.attend("L-1-pain002.xml", "L-2-camt054.xml", "L-3-retour-2.xml")
}
