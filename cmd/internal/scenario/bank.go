package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guichet/banque"
	"guichet/opco"
)

// bank makes the bank answer. With the folder of the simulated bank it writes
// its rules, and lets it speak only when a scenario says so. Without it, it
// computes the same answers and imports them through the API.
type bank struct {
	r      *Runner
	folder string // "": import through the API
	before []byte // rules as they were found; nil: none
	muted  bool
}

// bankFile is an answer of the bank that was imported.
type bankFile struct {
	name    string
	content []byte
}

const rulesFile = "regles.json"

// newBank speaks through the folder when a simulated bank watches it.
func newBank(r *Runner) *bank {
	b := &bank{r: r}
	if r.cfg.BankDir == "" {
		return b
	}
	if _, err := os.Stat(filepath.Join(r.cfg.BankDir, ".marques")); err != nil {
		return b
	}
	b.folder = r.cfg.BankDir
	if found, err := os.ReadFile(filepath.Join(b.folder, rulesFile)); err == nil {
		b.before = found
	}
	return b
}

// mute stops the simulated bank from answering by itself.
func (b *bank) mute() error {
	if b.folder == "" || b.muted {
		return nil
	}
	b.muted = true
	return b.write(banque.Regles{Muet: true})
}

// restore gives the simulated bank the rules that it had.
func (b *bank) restore() error {
	if b.folder == "" || !b.muted {
		return nil
	}
	b.muted = false
	name := filepath.Join(b.folder, rulesFile)
	if b.before == nil {
		err := os.Remove(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return os.WriteFile(name, b.before, 0o640) //nolint:gosec // the bank reads it under another user
}

// write puts rules in the folder, whole or not at all.
func (b *bank) write(rules banque.Regles) error {
	content, err := json.Marshal(rules)
	if err != nil {
		return err
	}
	name := filepath.Join(b.folder, rulesFile)
	if err := os.WriteFile(name+".tmp", content, 0o640); err != nil { //nolint:gosec // the bank reads it under another user
		return fmt.Errorf("les règles de la banque d’essai ne peuvent pas être écrites : %w", err)
	}
	return os.Rename(name+".tmp", name)
}

// play makes the bank answer the file of a lot, give money back, or send its
// last files again.
func (b *bank) play(ctx context.Context, w *world, s Step, step *Bank) error {
	if step.Repond == "muette" {
		return w.transmitted(ctx, s, step.Lot) // it is, as long as nothing else is asked
	}
	rules, err := w.bankRules(step)
	if err != nil {
		return err
	}
	if step.Reimporte {
		return b.again(ctx, w, s, step)
	}
	if b.folder != "" {
		return b.playFolder(ctx, w, s, step, rules)
	}
	return b.playImport(ctx, w, step, rules)
}

func (w *world) bankRules(step *Bank) (banque.Regles, error) {
	rules := banque.Regles{Quand: w.now.UTC()}
	for _, x := range []struct {
		from map[string]string
		to   *map[string]string
	}{{step.Rejette, &rules.Rejets}, {step.Retourne, &rules.Retours}} {
		for _, key := range words(x.from) {
			o, err := w.org(key)
			if err != nil {
				return rules, err
			}
			if *x.to == nil {
				*x.to = map[string]string{}
			}
			(*x.to)[string(o.IBAN)] = x.from[key]
		}
	}
	return rules, nil
}

// bankDelay is how long the outcome of a lot may take to be known.
const bankDelay = 60 * time.Second

// playFolder lets the simulated bank speak until the lot has its outcome.
func (b *bank) playFolder(ctx context.Context, w *world, s Step, step *Bank, rules banque.Regles) error {
	seen, err := b.files()
	if err != nil {
		return err
	}
	if err := b.write(rules); err != nil {
		return err
	}
	err = w.settled(ctx, s, step, func() bool { return b.heard(seen) })
	if e := b.write(banque.Regles{Muet: true}); e != nil || err != nil {
		return errors.Join(err, e)
	}
	after, err := b.files()
	for name, content := range after {
		if seen[name] == nil {
			w.bankMemo[step.Lot] = append(w.bankMemo[step.Lot], bankFile{name, content})
		}
	}
	return err
}

// heard reports whether the bank wrote something since seen, and all of it was read:
// a lot that persons have settled has its outcome before the bank's late answer.
func (b *bank) heard(seen map[string][]byte) bool {
	waiting, err := filepath.Glob(filepath.Join(b.folder, "retours", "*.xml"))
	if err != nil || len(waiting) > 0 {
		return false
	}
	after, err := b.files()
	return err == nil && len(after) > len(seen)
}

// files reads what the bank answered so far, wherever the import moved it.
func (b *bank) files() (map[string][]byte, error) {
	found := map[string][]byte{}
	for _, dir := range []string{"retours", "retours/lus"} {
		names, err := filepath.Glob(filepath.Join(b.folder, dir, "*.xml"))
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			content, err := os.ReadFile(n)
			if errors.Is(err, fs.ErrNotExist) {
				continue // moved meanwhile
			}
			if err != nil {
				return nil, err
			}
			found[filepath.Base(n)] = content
		}
	}
	return found, nil
}

// playImport computes the answers of the bank and imports them.
func (b *bank) playImport(ctx context.Context, w *world, step *Bank, rules banque.Regles) error {
	order, err := w.waitFile(ctx, step.Lot)
	if err != nil {
		return err
	}
	var files []bankFile
	if len(step.Retourne) > 0 {
		back, err := rules.Retourner(order, rules.Quand)
		if err != nil {
			return err
		}
		files = append(files, bankFile{step.Lot + "-retour.xml", back})
	} else {
		status, debits, err := rules.Repondre(order, rules.Quand)
		if err != nil {
			return err
		}
		files = append(files, bankFile{step.Lot + "-pain002.xml", status})
		l, err := w.readLot(ctx, step.Lot)
		if err != nil {
			return err
		}
		if w.today() >= l.Lot.Execution {
			files = append(files, bankFile{step.Lot + "-camt054.xml", debits})
		}
	}
	for _, f := range files {
		if f.content == nil {
			continue
		}
		if _, err := w.importFile(ctx, f); err != nil {
			return err
		}
		w.bankMemo[step.Lot] = append(w.bankMemo[step.Lot], f)
	}
	return w.calm(ctx)
}

// waitFile waits until the file of a lot was produced.
func (w *world) waitFile(ctx context.Context, lot string) ([]byte, error) {
	for end := time.Now().Add(bankDelay); ; time.Sleep(100 * time.Millisecond) {
		order, _, err := w.readFile(ctx, lot)
		var refused *refusalError
		if err == nil || !errors.As(err, &refused) || time.Now().After(end) || ctx.Err() != nil {
			return order, err
		}
	}
}

// importReply is what an import changed.
type importReply struct {
	Deja      bool   `json:"deja"`
	Nouvelles int    `json:"nouvelles"`
	Phrase    string `json:"phrase"`
}

func (w *world) importFile(ctx context.Context, f bankFile) (*importReply, error) {
	rep, err := w.r.client.do(ctx, request{token: w.r.staff["comptable"].token, method: http.MethodPost, path: "/api/banque/retours",
		form: &form{file: f.name, content: f.content}})
	if err != nil {
		return nil, err
	}
	if rep.status != http.StatusOK {
		return nil, rep.refusal("POST /api/banque/retours")
	}
	var x importReply
	return &x, json.Unmarshal(rep.body, &x)
}

// again imports the last files of a lot a second time: each must say that it was
// already imported, and change nothing.
func (b *bank) again(ctx context.Context, w *world, s Step, step *Bank) error {
	if len(w.bankMemo[step.Lot]) == 0 {
		return fmt.Errorf("la banque n’a pas encore répondu au lot « %s »", step.Lot)
	}
	for _, f := range w.bankMemo[step.Lot] {
		f.name = "bis-" + f.name
		x, err := w.importFile(ctx, f)
		if err != nil {
			return err
		}
		if !x.Deja || x.Nouvelles != 0 {
			return &Failure{Line: s.node.Line, What: "fichier de la banque importé deux fois",
				Expected: "déjà importé, aucune ligne nouvelle",
				Found:    fmt.Sprintf("déjà importé : %t, %d ligne(s) nouvelle(s) %s", x.Deja, x.Nouvelles, x.Phrase)}
		}
	}
	return w.calm(ctx)
}

// transmitted waits until the bank holds the file of a lot: the days of its silence are
// counted from there.
func (w *world) transmitted(ctx context.Context, s Step, lot string) error {
	for end := time.Now().Add(bankDelay); ; time.Sleep(100 * time.Millisecond) {
		l, err := w.readLot(ctx, lot)
		if err != nil {
			return err
		}
		if l.Lot.Etat == string(opco.LotTransmis) {
			return w.calm(ctx)
		}
		if time.Now().After(end) || ctx.Err() != nil {
			return &Failure{Line: s.node.Line, What: "envoi du lot " + lot, Expected: string(opco.LotTransmis), Found: l.Lot.Etat}
		}
	}
}

// settled waits until each règlement of a lot has all that the bank can say of it
// today: before the day of execution, that it was accepted or rejected.
func (w *world) settled(ctx context.Context, s Step, step *Bank, heard func() bool) error {
	for end := time.Now().Add(bankDelay); ; time.Sleep(100 * time.Millisecond) {
		l, err := w.readLot(ctx, step.Lot)
		if err != nil {
			return err
		}
		if l.answered(w.today(), len(step.Retourne) > 0) && heard() {
			return w.calm(ctx)
		}
		if time.Now().After(end) || ctx.Err() != nil {
			return &Failure{Line: s.node.Line, What: "réponse de la banque au lot " + step.Lot,
				Expected: "chaque règlement a son issue", Found: strings.Join(l.states(), ", ")}
		}
	}
}

// answered reports whether the bank said of each règlement what it can say on that
// day; with returned, that one of them at least came back.
func (l *lotReply) answered(today opco.Date, returned bool) bool {
	for _, x := range l.Lignes {
		switch x.Etat {
		case opco.ReglementExecute, opco.ReglementRejete:
		case opco.ReglementRetourne:
			returned = false
		case opco.ReglementAccepte:
			if today >= l.Lot.Execution {
				return false
			}
		default:
			return false
		}
	}
	return len(l.Lignes) > 0 && !returned
}

func (l *lotReply) states() []string {
	states := make([]string, 0, len(l.Lignes))
	for _, x := range l.Lignes {
		states = append(states, string(x.Etat))
	}
	return states
}
