package banque

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"guichet/opco"
)

// The folders and files of a watched bank, inside its own folder.
const (
	dossierEmis    = "emis"        // in: transfer orders, *.xml, put there by rename
	dossierRetours = "retours"     // out: the bank's messages, *.xml
	dossierMarques = ".marques"    // what was answered already, one file per order
	fichierRegles  = "regles.json" // rules, read again at each pass
)

// cadence is how often the folder is looked at.
const cadence = 250 * time.Millisecond

// Regles is what the simulated bank does with the next orders.
type Regles struct {
	Simulateur
	// Muet leaves orders without an answer for as long as it is true.
	Muet bool `json:"muet,omitempty"`
	// Quand is the business instant of the answers; zero is now. Give it when
	// the business clock of the stack was moved.
	Quand time.Time `json:"quand,omitzero"`
}

// LireRegles reads <dir>/regles.json, for example
//
//	{"rejets":{"FR76…":"AC04"},"muet":false,"retours":{"FR76…":"AC01"}}
//
// No file means no rule: everything is paid. An unknown key or a code that is not
// one is an opco.Invalid.
func LireRegles(dir string) (Regles, error) {
	b, err := os.ReadFile(filepath.Join(dir, fichierRegles))
	if errors.Is(err, fs.ErrNotExist) {
		return Regles{}, nil
	}
	if err != nil {
		return Regles{}, fmt.Errorf("reading the rules of the bank: %w", err)
	}
	var r Regles
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return Regles{}, &opco.Error{Kind: opco.Invalid, Champ: fichierRegles, Err: err,
			Message: "Le fichier regles.json n’est pas lisible : corrigez-le, la banque d’essai reste muette en attendant."}
	}
	return r, r.controle()
}

// Surveiller plays the bank on the folder dir until ctx is done: each order put
// in dir/emis is answered once in dir/retours, by files that appear whole, and
// transfers that the rules return come back in a later file, once. What was
// answered is remembered in dir across restarts; a crash between an answer and
// its mark gives the same answer again, whose entries have the same keys.
//
// regles is asked at each pass; nil reads dir/regles.json. An order that cannot
// be read is answered FF01. A fault of the folder is logged and tried again: the
// error is only about a dir that cannot be made at the start.
func Surveiller(ctx context.Context, dir string, regles func() Regles) error {
	for _, d := range []string{dossierEmis, dossierRetours, dossierMarques} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o750); err != nil {
			return fmt.Errorf("opening the folder of the bank: %w", err)
		}
	}
	g := guet{dir: dir, regles: regles}
	tic := time.NewTicker(cadence)
	defer tic.Stop()
	for {
		g.passer(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tic.C:
		}
	}
}

// guet watches one folder. plainte is the last fault said, so that one that
// lasts is said once.
type guet struct {
	dir     string
	regles  func() Regles
	plainte string
}

// passer looks once at the folder. A fault of one order does not hold the others.
func (g *guet) passer(ctx context.Context) {
	err := g.passe(ctx)
	switch {
	case err == nil:
		g.plainte = ""
	case err.Error() != g.plainte:
		g.plainte = err.Error()
		slog.WarnContext(ctx, "simulated bank", "dir", g.dir, "error", err)
	}
}

func (g *guet) passe(ctx context.Context) error {
	r, err := g.lireRegles()
	if err != nil || r.Muet {
		return err
	}
	if r.Quand.IsZero() {
		r.Quand = time.Now().UTC()
	}
	fichiers, err := filepath.Glob(filepath.Join(g.dir, dossierEmis, "*.xml"))
	if err != nil {
		return fmt.Errorf("listing the orders: %w", err)
	}
	var fautes []error
	for _, f := range fichiers {
		if ctx.Err() != nil {
			break
		}
		if err := g.traiter(f, r); err != nil {
			fautes = append(fautes, fmt.Errorf("answering %s: %w", filepath.Base(f), err))
		}
	}
	return errors.Join(fautes...)
}

func (g *guet) lireRegles() (Regles, error) {
	if g.regles != nil {
		return g.regles(), nil
	}
	return LireRegles(g.dir)
}

// marque is what the bank did with one order, known by its content: the same file
// under another name is the same order.
type marque struct {
	Fichier   string     `json:"fichier"`
	Empreinte string     `json:"empreinte"`
	Repondu   bool       `json:"repondu"`
	Debite    bool       `json:"debite"` // its transfers were executed, on the day asked for or later
	Regles    Simulateur `json:"regles"` // those of the answer: what was rejected cannot come back
	Rendus    []string   `json:"rendus"` // EndToEndId of the transfers that came back
}

// traiter answers one order, executes it when its day has come, then gives back what
// the rules return.
func (g *guet) traiter(fichier string, r Regles) error {
	b, err := os.ReadFile(fichier)
	if err != nil {
		return err
	}
	nom := filepath.Join(g.dir, dossierMarques, Empreinte(b)+".json")
	m, err := lireMarque(nom)
	if err != nil || m.Debite && len(r.Retours) == 0 {
		return err
	}
	base := strings.TrimSuffix(filepath.Base(fichier), ".xml")
	execute := opco.JourDe(r.Quand) >= lireOrdre(b).execution
	if !m.Repondu {
		if r.Desordre && !execute {
			return nil // the debits come first
		}
		if m, err = g.premiereFois(b, filepath.Base(fichier), nom, r); err != nil {
			return err
		}
	}
	if !m.Debite {
		if !execute {
			return nil
		}
		if m, err = g.debiter(b, base, nom, m, r); err != nil {
			return err
		}
	}
	return g.rendre(b, base, nom, m, r)
}

// debiter writes the debits of an order whose execution day has come, under the
// rules of its answer, and remembers it.
func (g *guet) debiter(b []byte, base, nom string, m marque, r Regles) (marque, error) {
	s := m.Regles
	s.Doublons = r.Doublons
	_, debits, err := s.Repondre(b, r.Quand)
	if err != nil {
		return m, err
	}
	if debits != nil {
		if err := g.deposer(base+"-2-camt054", debits, r); err != nil {
			return m, err
		}
	}
	m.Debite = true
	return m, m.garder(nom)
}

// premiereFois answers an order that was not answered yet and remembers it. A
// second order under a reference already used is rejected whole (DU01): that is
// how a real bank stops a double payment.
func (g *guet) premiereFois(b []byte, fichier, nom string, r Regles) (marque, error) {
	message := filepath.Join(g.dir, dossierMarques, "message-"+cle(lireOrdre(b).msgID)+".json")
	premier, err := lireMarque(message)
	if err != nil {
		return marque{}, err
	}
	m := marque{Fichier: fichier, Empreinte: Empreinte(b), Repondu: true, Debite: r.Desordre, Regles: r.Simulateur}
	if premier.Repondu && premier.Empreinte != m.Empreinte && lireOrdre(b).rejet == "" {
		r.RejetFichier, m.Regles.RejetFichier = "DU01", "DU01"
	} else if err := m.garder(message); err != nil {
		return marque{}, err
	}
	if err := g.repondre(b, strings.TrimSuffix(fichier, ".xml"), r); err != nil {
		return marque{}, err
	}
	return m, m.garder(nom)
}

// repondre writes the status report of an order, after its debits when the rules say
// so. The numbers of the files give the order in which they are to be read.
func (g *guet) repondre(b []byte, base string, r Regles) error {
	statuts, debits, err := r.Repondre(b, r.Quand)
	if err != nil {
		return err
	}
	if r.Desordre && debits != nil {
		return errors.Join(g.deposer(base+"-1-camt054", debits, r), g.deposer(base+"-2-pain002", statuts, r))
	}
	return g.deposer(base+"-1-pain002", statuts, r)
}

// rendre writes the return of the executed transfers that the rules of now give
// back and that did not come back yet.
func (g *guet) rendre(b []byte, base, nom string, m marque, r Regles) error {
	if len(r.Retours) == 0 {
		return nil
	}
	retours := map[string]string{}
	for _, v := range m.Regles.executes(lireOrdre(b)) {
		if code := regle(r.Retours, v); code != "" && !slices.Contains(m.Rendus, v.EndToEndID) {
			retours[v.EndToEndID] = code
			m.Rendus = append(m.Rendus, v.EndToEndID)
		}
	}
	if len(retours) == 0 {
		return nil
	}
	s := m.Regles
	s.Retours, s.Doublons, s.Desordre = retours, r.Doublons, r.Desordre
	camt, err := s.Retourner(b, r.Quand)
	if err != nil {
		return err
	}
	if err := g.deposer(fmt.Sprintf("%s-3-retour-%d", base, len(m.Rendus)), camt, r); err != nil {
		return err
	}
	return m.garder(nom)
}

// deposer puts one message of the bank in the folder, twice under the rule Doublons.
func (g *guet) deposer(nom string, b []byte, r Regles) error {
	chemin := filepath.Join(g.dir, dossierRetours, nom)
	if err := deposer(chemin+".xml", b); err != nil || !r.Doublons {
		return err
	}
	return deposer(chemin+"-bis.xml", b)
}

// deposer writes a file that nobody sees half written.
func deposer(chemin string, b []byte) error {
	tmp := chemin + ".tmp"
	if err := os.WriteFile(tmp, b, 0o640); err != nil {
		return err
	}
	return os.Rename(tmp, chemin)
}

func lireMarque(nom string) (m marque, err error) {
	b, err := os.ReadFile(nom)
	if errors.Is(err, fs.ErrNotExist) {
		return marque{}, nil
	}
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(b, &m)
}

func (m marque) garder(nom string) error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return deposer(nom, b)
}
