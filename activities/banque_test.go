package activities_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"guichet/activities"
	"guichet/banque"
	"guichet/opco"
)

// archive is a store that holds one payment file and counts imports.
type archive struct {
	octets  []byte
	change  bool   // a line of the lot is not what it was
	marque  bool   // the file was about to leave
	meurt   bool   // the database dies when it is to be marked so
	vu      func() // called when it is marked so
	lu      func() // called when the file was read to its end
	importe []string
	panne   error
}

func (a *archive) Lot(context.Context, string) (*opco.Lot, error) { return &opco.Lot{}, nil }
func (a *archive) ArchiverFichier(context.Context, string, string, io.ReadSeeker) error {
	return errors.New("not asked for")
}

func (a *archive) marquer() error {
	if a.meurt {
		return errors.New("the database is away")
	}
	if a.marque = true; a.vu != nil {
		a.vu()
	}
	return nil
}

func (a *archive) LaisserPartir(_ context.Context, _ string, partir func(io.Reader, opco.EnvoiLot) error) error {
	var contenu io.Reader = bytes.NewReader(a.octets)
	if a.lu != nil {
		contenu = io.MultiReader(contenu, finDe(a.lu))
	}
	return partir(contenu, opco.EnvoiLot{Empreinte: banque.Empreinte(a.octets), Change: a.change, Marque: a.marque, Marquer: a.marquer})
}

// finDe is the end of a file, which calls it.
type finDe func()

func (f finDe) Read([]byte) (int, error) { f(); return 0, io.EOF }

func (a *archive) ImporterRetour(_ context.Context, nom string, _ io.ReadSeeker, _ opco.RetourBancaire, _ opco.Acteur) (opco.Importation, error) {
	if a.panne != nil {
		return opco.Importation{}, a.panne
	}
	a.importe = append(a.importe, nom)
	return opco.Importation{Nom: nom}, nil
}

// The file is sent once, whole; the same one found there is this one; another one
// is never overwritten.
func TestEnvoyer(t *testing.T) {
	tests := []struct {
		name    string
		la      string // already in the folder
		err     error
		contenu string
	}{
		{"nothing there", "", nil, "<lot/>"},
		{"sent before", "<lot/>", nil, "<lot/>"},
		{"another file under this name", "<autre/>", activities.ErrAutreFichier, "<autre/>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dossier := dossierBanque(t)
			chemin := filepath.Join(dossier, "emis", "L26-0001.xml")
			if tt.la != "" {
				ecrire(t, chemin, tt.la, time.Now())
			}
			b := &activities.Banque{Lots: &archive{octets: []byte("<lot/>")}, Dossier: dossier}
			for range 2 {
				if err := b.Envoyer(t.Context(), "lot/L26-0001"); !errors.Is(err, tt.err) {
					t.Errorf("got %v, want %v", err, tt.err)
				}
			}
			if got, err := os.ReadFile(chemin); err != nil || string(got) != tt.contenu {
				t.Errorf("the folder holds %q, %v; want %q", got, err, tt.contenu)
			}
			if fs := contenu(t, filepath.Join(dossier, "emis")); len(fs) != 1 {
				t.Errorf("the folder holds %v, want one file", fs)
			}
		})
	}
}

// A line that changed before the file left keeps it here; a file that left is that one,
// whatever changed since.
func TestEnvoyerUnLotChange(t *testing.T) {
	dossier := dossierBanque(t)
	a := &archive{octets: []byte("<lot/>"), change: true}
	b := &activities.Banque{Lots: a, Dossier: dossier}
	var refus *temporal.ApplicationError
	if err := b.Envoyer(t.Context(), "lot/L26-0001"); !errors.As(err, &refus) || refus.Type() != activities.LotChange || !refus.NonRetryable() {
		t.Errorf("got %v, want %s, which is not tried again", err, activities.LotChange)
	}
	if fs := contenu(t, filepath.Join(dossier, "emis")); len(fs) != 0 {
		t.Errorf("the folder holds %v, want nothing", fs)
	}
	a.change = false
	if err := b.Envoyer(t.Context(), "lot/L26-0001"); err != nil {
		t.Fatal(err)
	}
	a.change = true
	if err := b.Envoyer(t.Context(), "lot/L26-0001"); err != nil {
		t.Errorf("got %v, want the file sent before to be this one", err)
	}
}

// Whenever the sending dies, what follows puts the file there once or not at all: one that
// still waits under its hidden name has never been seen, one that is nowhere may have left.
func TestEnvoyerMeurt(t *testing.T) {
	disparu := func(err error) bool {
		var refus *temporal.ApplicationError
		return errors.As(err, &refus) && refus.Type() == activities.LotDisparu && refus.NonRetryable()
	}
	tests := []struct {
		name    string
		a       archive
		avant   func(chemin string) // between the two sendings
		premier bool                // the first one ends well
		la      bool                // the file is there at the end
		disparu bool                // the second one does not know
		change  bool                // a line changes between them
	}{
		{"before the mark", archive{meurt: true}, nil, false, true, false, false},
		{"between the mark and the file", archive{vu: func() { panic("killed") }}, nil, false, true, false, false},
		{"between the mark and the file, then a line changed", archive{vu: func() { panic("killed") }}, nil, false, false, true, true},
		{"between the mark and the file, and what was ready is not whole", archive{vu: func() { panic("killed") }},
			func(chemin string) { _ = os.WriteFile(pretDe(chemin), []byte("<lo"), 0o600) }, false, false, true, false},
		{"between the mark and the file, and the folder was cleared", archive{vu: func() { panic("killed") }},
			func(chemin string) { _ = os.Remove(pretDe(chemin)) }, false, false, true, false},
		{"between the file and the acknowledgement", archive{}, nil, true, true, false, false},
		{"the file taken away", archive{}, func(chemin string) { _ = os.Remove(chemin) }, true, false, true, false},
		{"the file taken away, then a line changed", archive{change: true, marque: true}, nil, false, false, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, dossier := &tt.a, dossierBanque(t)
			a.octets = []byte("<lot/>")
			b := &activities.Banque{Lots: a, Dossier: dossier}
			chemin := filepath.Join(dossier, "emis", "L26-0001.xml")
			if err := mourir(func() error { return b.Envoyer(t.Context(), "lot/L26-0001") }); (err == nil) != tt.premier {
				t.Fatalf("the first sending: %v", err)
			}
			if tt.avant != nil {
				tt.avant(chemin)
			}
			a.meurt, a.vu, a.change = false, nil, a.change || tt.change
			if err := b.Envoyer(t.Context(), "lot/L26-0001"); disparu(err) != tt.disparu || !tt.disparu && err != nil {
				t.Errorf("the second sending: %v; disparu: want %t", err, tt.disparu)
			}
			if _, err := os.Stat(chemin); (err == nil) != tt.la {
				t.Errorf("the file is there: %t, want %t", err == nil, tt.la)
			}
		})
	}
}

// pretDe is the hidden name of a file until it leaves.
func pretDe(chemin string) string {
	return filepath.Join(filepath.Dir(chemin), "."+strings.TrimSuffix(filepath.Base(chemin), ".xml")+".pret")
}

// A folder that does not answer tells nothing of a file: it is asked again, and the lot is not lost.
func TestEnvoyerQuandLeDossierNeRepondPas(t *testing.T) {
	dossier := dossierBanque(t)
	pret := pretDe(filepath.Join(dossier, "emis", "L26-0001.xml"))
	if err := os.Mkdir(pret, 0o750); err != nil { // reading it as a file fails, and says nothing of what it holds
		t.Fatal(err)
	}
	b := &activities.Banque{Lots: &archive{octets: []byte("<lot/>"), marque: true}, Dossier: dossier}
	var refus *temporal.ApplicationError
	if err := b.Envoyer(t.Context(), "lot/L26-0001"); err == nil || errors.As(err, &refus) {
		t.Errorf("got %v, want one that is tried again", err)
	}
}

// mourir runs f, which may die.
func mourir(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("killed")
		}
	}()
	return f()
}

// The folder of the bank is made on a new installation only: one that is not there
// later is a mount that fell. Nothing leaves, nothing is marked, nothing is made.
func TestDossierAbsent(t *testing.T) {
	dossier := filepath.Join(t.TempDir(), "banque")
	a := &archive{octets: []byte("<lot/>")}
	b := &activities.Banque{Lots: a, Dossier: dossier}
	var refus *opco.Error
	if err := activities.PreparerDossier(dossier, true); !errors.As(err, &refus) {
		t.Errorf("got %v, want a sentence", err)
	}
	if err := b.Envoyer(t.Context(), "lot/L26-0001"); !errors.As(err, &refus) || a.marque {
		t.Errorf("got %v, marked %t; want a sentence and no mark", err, a.marque)
	}
	r := &activities.Retours{Memoire: a, Lire: banque.Lire, Dossier: dossier}
	if err := r.Passer(t.Context()); !errors.As(err, &refus) {
		t.Errorf("got %v, want a sentence", err)
	}
	if _, err := os.Stat(dossier); err == nil {
		t.Error("the folder was made")
	}
	if err := activities.PreparerDossier(dossier, false); err != nil {
		t.Fatal(err)
	}
	if err := b.Envoyer(t.Context(), "lot/L26-0001"); err != nil || !a.marque {
		t.Errorf("got %v, marked %t; want the file sent", err, a.marque)
	}
}

// dossierBanque is the folder shared with the bank, as a worker makes it on a new
// installation.
func dossierBanque(t *testing.T) string {
	t.Helper()
	d := t.TempDir()
	if err := activities.PreparerDossier(d, false); err != nil {
		t.Fatal(err)
	}
	return d
}

// A folder so slow that the hold on the lot was lost receives nothing.
func TestEnvoyerTropTard(t *testing.T) {
	dossier := dossierBanque(t)
	ctx, cesser := context.WithCancel(t.Context())
	b := &activities.Banque{Lots: &archive{octets: []byte("<lot/>"), lu: cesser}, Dossier: dossier}
	if err := b.Envoyer(ctx, "lot/L26-0001"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it given up", err)
	}
	if fs := contenu(t, filepath.Join(dossier, "emis")); len(fs) != 0 {
		t.Errorf("the folder holds %v, want nothing", fs)
	}
}

// A lot whose content is not what was validated gives no file.
func TestProduireRefuse(t *testing.T) {
	b := &activities.Banque{Lots: &archive{}, Rediger: func(io.Writer, *opco.Lot) error { return nil }}
	if err := b.Produire(t.Context(), "lot/L26-0001"); err == nil {
		t.Error("a lot without a seal gave a file")
	}
}

// What is read goes to lus, what cannot be to refuses with its reason, what may
// still be coming and what the database could not take stays.
func TestRetours(t *testing.T) {
	statut, _, err := banque.Simulateur{}.Repondre(ordre(t), time.Date(2026, 5, 4, 15, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	dossier := dossierBanque(t)
	vieux := time.Now().Add(-time.Minute)
	ecrire(t, filepath.Join(dossier, "retours", "bon.xml"), string(statut), time.Now())
	ecrire(t, filepath.Join(dossier, "retours", "lus", "bon.xml"), "yesterday's", vieux)
	ecrire(t, filepath.Join(dossier, "retours", "faux.xml"), "<!DOCTYPE x><x/>", vieux)
	ecrire(t, filepath.Join(dossier, "retours", "encours.xml"), "<Docu", time.Now())
	a := &archive{panne: errors.New("the database is away")}
	r := &activities.Retours{Memoire: a, Lire: banque.Lire, Dossier: dossier, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if err := r.Passer(t.Context()); err == nil {
		t.Error("nobody heard that the database is away")
	}
	if got := contenu(t, filepath.Join(dossier, "retours")); !slices.Contains(got, "bon.xml") {
		t.Fatalf("a file that was not imported has left: %v", got)
	}
	a.panne = nil
	for range 2 {
		if err := r.Passer(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for d, want := range map[string][]string{"retours": {"encours.xml"}, "retours/lus": {"bon-2.xml", "bon.xml"}, "retours/refuses": {"faux.txt", "faux.xml"}} {
		if got := contenu(t, filepath.Join(dossier, d)); !slices.Equal(got, want) {
			t.Errorf("%s holds %v, want %v", d, got, want)
		}
	}
	if !slices.Equal(a.importe, []string{"bon.xml"}) {
		t.Errorf("imported %v, want bon.xml once", a.importe)
	}
	if note, err := os.ReadFile(filepath.Join(dossier, "retours", "refuses", "faux.txt")); err != nil || !bytes.HasSuffix(note, []byte(".\n")) {
		t.Errorf("got the note %q, %v; want a sentence", note, err)
	}
}

func ordre(t *testing.T) []byte {
	t.Helper()
	b, err := banque.PAIN001(banque.Lot{ID: "L26-0001", MsgID: "L26-0001", CreeLe: time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC), Execution: "2026-05-04",
		Donneur: banque.Compte{Nom: "OPCO Démo", IBAN: "FR7699999000200010020041048"},
		Virements: []banque.Virement{{EndToEndID: "R26-000001", Montant: 120000, Remise: "R26-000001 AF26-000001 F-1",
			Beneficiaire: banque.Compte{Nom: "Formalia", IBAN: "FR7699999000150010020035594"}}}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func ecrire(t *testing.T, chemin, texte string, le time.Time) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(chemin), 0o750), os.WriteFile(chemin, []byte(texte), 0o640), os.Chtimes(chemin, le, le)); err != nil {
		t.Fatal(err)
	}
}

// contenu lists the files of a folder, sorted.
func contenu(t *testing.T, dossier string) []string {
	t.Helper()
	es, err := os.ReadDir(dossier)
	if err != nil {
		t.Fatal(err)
	}
	var noms []string
	for _, e := range es {
		if !e.IsDir() {
			noms = append(noms, e.Name())
		}
	}
	return noms
}
