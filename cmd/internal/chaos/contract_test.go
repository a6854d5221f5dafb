package chaos

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// group is a line of the console: a cause, what is said of it, and how much is behind it.
type group struct {
	Code                            string
	Nature                          opco.NatureIncident
	Titre, Pourquoi, Effet, Conseil string
	Objets, Cas                     int64
	Erreur                          string
}

// fault is one thing that breaks, and what the product promises of it.
type fault struct {
	name string
	// inject breaks it; it is broken from the instant that it tells to breaks, else once it returns.
	inject func(*stack)
	// titre and conseil are what the console must say, in part or whole, of at least objets
	// things; conseil is what heal does.
	nature         opco.NatureIncident
	titre, conseil string
	objets         int64
	// also says of another line of the console that the fault explains it as well; nil: no line.
	also func(group) bool
	// heal does what the console suggests, by the doors that people have, and says what it was.
	heal func(*stack, group) string
	// after checks what only this fault may have broken, once all is calm; nil: nothing.
	after func(*stack)
}

// outcome is a line of the table that is printed at the end.
type outcome struct {
	fault, words, action, verify string
	found, healed                time.Duration
	objets                       int64
}

var (
	outcomesMu sync.Mutex
	outcomes   []outcome
)

// TestMain prints what was shown of each fault.
func TestMain(m *testing.M) {
	code := m.Run()
	if len(outcomes) > 0 {
		fmt.Println("\n| Panne | Vue après | Ce que dit la console | Action suivie | Guérie après | Vérification |\n|---|---|---|---|---|---|")
		for _, o := range outcomes {
			fmt.Printf("| %s | %s | %s (%d) | %s | %s | %s |\n", o.fault, seconds(o.found), o.words, o.objets, o.action, seconds(o.healed), o.verify)
		}
	}
	os.Exit(code)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.0f s", d.Seconds()) }

// contract tries faults that break at the same time: each is found within the bound in the
// right words, healed by the suggested action within the bound, and then all invariants hold.
func (k *stack) contract(fs ...fault) {
	k.Helper()
	k.calm()
	before := k.groups()
	broken := make([]time.Time, len(fs))
	for i, f := range fs {
		k.broken = time.Time{}
		f.inject(k)
		if broken[i] = k.broken; broken[i].IsZero() {
			broken[i] = time.Now()
		}
	}
	lines, rows := make([]group, len(fs)), make([]outcome, len(fs))
	for i, f := range fs {
		rows[i] = outcome{fault: f.name}
		lines[i], rows[i].found = k.find(f, broken[i], before)
		rows[i].words, rows[i].objets = lines[i].Titre, lines[i].Objets
	}
	k.noOther(before, lines, fs)
	mended := make([]time.Time, len(fs))
	for i, f := range fs {
		rows[i].action = f.heal(k, lines[i])
		mended[i] = time.Now()
	}
	for i := range fs {
		rows[i].healed = k.gone(lines[i], mended[i])
	}
	k.ended()
	k.calm()
	verify := k.verify()
	k.doubled(0)
	for i, f := range fs {
		if f.after != nil {
			f.after(k)
		}
		rows[i].verify = verify
	}
	record(rows...)
}

// record adds lines to the table of the end.
func record(rows ...outcome) {
	outcomesMu.Lock()
	defer outcomesMu.Unlock()
	outcomes = append(outcomes, rows...)
}

// groups are the lines of the console, as the public API gives them to who runs the house.
func (k *stack) groups() []group {
	k.Helper()
	var x struct {
		Causes       []group
		Exploitation struct{ Muette bool }
	}
	k.get("ops", "/api/ops/incidents", &x)
	return x.Causes
}

// breaks says that the fault is there from now on, though what follows has yet to meet it.
func (k *stack) breaks() { k.broken = time.Now() }

// find waits for the line of a fault, in the right words, and says after how long it was there; all
// that is behind it may follow for as long again.
func (k *stack) find(f fault, broken time.Time, before []group) (line group, after time.Duration) {
	k.Helper()
	var last []group
	for limit := bound; time.Since(broken) <= limit; time.Sleep(500 * time.Millisecond) {
		last = k.groups()
		for _, g := range last {
			n := g.Objets - objets(before, g.Code)
			if g.Nature != f.nature || !strings.Contains(g.Titre, f.titre) || !strings.Contains(g.Conseil, f.conseil) || n == 0 {
				continue
			}
			if after == 0 {
				after, limit = time.Since(broken), time.Since(broken)+bound
			}
			if n >= f.objets {
				k.Logf("%s: « %s », seen after %s; %d behind it after %s", f.name, g.Titre, seconds(after), g.Objets, seconds(time.Since(broken)))
				return g, after
			}
		}
	}
	k.Fatalf("%s: after %s the console does not say « %s », « %s » of %d; it says %+v", f.name, seconds(time.Since(broken)), f.titre, f.conseil, f.objets, last)
	return group{}, 0
}

// objets is how many a line had behind it.
func objets(gs []group, code string) int64 {
	if i := slices.IndexFunc(gs, func(g group) bool { return g.Code == code }); i >= 0 {
		return gs[i].Objets
	}
	return 0
}

// noOther refuses a line that no fault explains: one fault is one line.
func (k *stack) noOther(before, lines []group, fs []fault) {
	k.Helper()
	for _, g := range k.groups() {
		explained := objets(before, g.Code) > 0 || slices.ContainsFunc(lines, func(l group) bool { return l.Code == g.Code }) ||
			slices.ContainsFunc(fs, func(f fault) bool { return f.also != nil && f.also(g) })
		if !explained {
			k.Errorf("one more line: %s « %s » of %d, %s", g.Nature, g.Titre, g.Objets, g.Erreur)
		}
	}
}

// gone waits until the console has no such line any more, and says how long after start that is.
func (k *stack) gone(l group, start time.Time) time.Duration {
	k.Helper()
	for ; time.Since(start) <= bound; time.Sleep(500 * time.Millisecond) {
		if objets(k.groups(), l.Code) == 0 {
			return time.Since(start)
		}
	}
	k.Errorf("%s after it was healed, the console still says « %s »: %+v", seconds(bound), l.Titre, k.groups())
	return time.Since(start)
}

// intervene has who runs the house launch an intervention by the public API, on cases that are
// named or on all those of a cause, and says which it was.
func (k *stack) intervene(v opco.Verbe, cause string, cases ...string) string {
	k.Helper()
	id := uuid.NewString()
	body := map[string]any{"acte_id": id, "verbe": v, "motif": "Épreuve de panne : l’action que la console conseille."}
	if cause != "" {
		body["cause"] = cause
	} else {
		body["cas"] = cases
	}
	k.send("ops", "/api/ops/interventions", body, nil)
	k.reach(id, func(e store.EtatIntervention) bool { return e != store.InterventionEssai })
	k.send("ops", "/api/ops/interventions/"+id+"/lancement", map[string]any{}, nil)
	k.launched = append(k.launched, id)
	return "« " + v.Libelle() + " »"
}

// ended waits for the end of what was launched: nothing of it was refused.
func (k *stack) ended() {
	k.Helper()
	for _, id := range k.launched {
		if i := k.reach(id, store.EtatIntervention.Finie); i.Nombres["refuses"] > 0 || i.Nombres["constates"] == 0 {
			k.Errorf("the intervention was of no use: %+v", i)
		}
	}
	k.launched = nil
}

// intervention is one as the public API tells it.
type intervention struct {
	Etat       store.EtatIntervention
	Conclusion string
	Nombres    map[string]int64
	Elements   []struct{ Objet, Etat, Phrase string }
}

// reach waits until an intervention is where it must be.
func (k *stack) reach(id string, there func(store.EtatIntervention) bool) (i intervention) {
	k.Helper()
	for end := time.Now().Add(3 * bound); ; time.Sleep(250 * time.Millisecond) {
		k.get("ops", "/api/ops/interventions/"+id, &i)
		if there(i.Etat) {
			return i
		}
		if time.Now().After(end) {
			k.Fatalf("the intervention stays %+v", i)
		}
	}
}
