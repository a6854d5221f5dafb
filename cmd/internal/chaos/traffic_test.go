package chaos

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"guichet/cmd/internal/scenario"
	"guichet/opco"
)

// acknowledged is an acte that the API answered with a 2xx: it may never be lost.
type acknowledged struct {
	id, dossier, account, path string
	body                       any
}

// traffic is people of the demonstration who bring dossiers to their accord while something
// breaks. They repeat what was not answered with the same acte id, and remember what was.
type traffic struct {
	*stack
	begins   opco.Date     // of the trainings that are asked for
	patience time.Duration // how long one asks again a server that is away or fails
	wait     time.Duration // how long one waits for a verdict before the next dossier
	stop     chan struct{}
	group    sync.WaitGroup

	mu       sync.Mutex
	acks     []acknowledged
	dossiers []string
	lost     []string // what could not be sent, or was refused at the door, and why
	seen     int      // actes that were applied while their author waited
	refused  int      // answers 429 and 503, which were asked again
}

// number tells apart the dossiers that were brought, of this run and of those before.
var number atomic.Int64

func init() { number.Store(time.Now().Unix()) }

// newTraffic is traffic that nobody has started.
func (k *stack) newTraffic() *traffic {
	for _, a := range []string{"e1", "e3", "e5", "gestionnaire", "admin", "ops"} {
		k.as(a)
	}
	return &traffic{stack: k, begins: opco.JourDe(k.clock()).Jours(35), patience: bound, wait: 10 * time.Second, stop: make(chan struct{})}
}

// bring has n dossiers brought to their accord, atOnce at a time, and waits for their authors.
func (k *stack) bring(n, atOnce int) *traffic { return k.brought(n, atOnce, 3) }

// brought is bring as far as that many actes (advance).
func (k *stack) brought(n, atOnce, actes int) *traffic {
	k.Helper()
	f := k.bringing(n, atOnce, actes)
	f.group.Wait()
	return f
}

// bringing is brought that does not wait for the authors.
func (k *stack) bringing(n, atOnce, actes int) *traffic {
	k.Helper()
	f := k.newTraffic()
	var left atomic.Int64
	left.Store(int64(n))
	for range atOnce {
		f.group.Go(func() {
			for left.Add(-1) >= 0 {
				f.advance(actes)
			}
		})
	}
	return f
}

// flow has dossiers brought until halt, by that many people.
func (k *stack) flow(people int) *traffic {
	k.Helper()
	f := k.newTraffic()
	for range people {
		f.group.Go(func() {
			for !f.halted() {
				f.dossier()
			}
		})
	}
	k.Cleanup(f.halt)
	return f
}

// halt lets each author end what is under way.
func (f *traffic) halt() {
	f.mu.Lock()
	if !f.halted() {
		close(f.stop)
	}
	f.mu.Unlock()
	f.group.Wait()
}

func (f *traffic) halted() bool {
	select {
	case <-f.stop:
		return true
	default:
		return false
	}
}

// dossier brings one to its accord, as far as its actes are answered.
func (f *traffic) dossier() { f.advance(3) }

// advance brings a new dossier by that many actes: its dépôt, its instruction, its accord.
func (f *traffic) advance(actes int) {
	n := number.Add(1)
	account := []string{"e1", "e3", "e5"}[n%3]
	id, err := f.as(account).Patient(f.patience).Draft(f.Context(), f.demande(account, n))
	if err != nil {
		f.forget("brouillon", err)
		return
	}
	f.mu.Lock()
	f.dossiers = append(f.dossiers, id)
	f.mu.Unlock()
	for _, x := range []struct {
		account, path string
		body          map[string]any
	}{{account, "depot", map[string]any{"certifie": true}}, {"gestionnaire", "instruction", nil}, {"gestionnaire", "decision", nil}}[:actes] {
		if !f.act(x.account, id, x.path, x.body) {
			return
		}
	}
}

// opened are the dossiers that were brought so far.
func (f *traffic) opened() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.dossiers)
}

// act sends one acte, and reports whether it was applied while its author waited.
func (f *traffic) act(account, dossier, path string, body map[string]any) bool {
	acte := uuid.NewString()
	full, path := map[string]any{"acte_id": acte}, "/api/dossiers/"+dossier+"/"+path
	for k, v := range body {
		full[k] = v
	}
	who := f.as(account).Patient(f.patience)
	a, err := f.insist(who, path, full)
	if err != nil || a.Status >= 300 { // nothing stands against what these people ask
		f.forget(path, fmt.Errorf("%d %s, %v", a.Status, a.Detail, err))
		return false
	}
	f.mu.Lock()
	f.acks = append(f.acks, acknowledged{acte, dossier, account, path, full})
	f.mu.Unlock()
	for end := time.Now().Add(f.wait); a.Status == http.StatusAccepted && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if v, err := verdict(f.Context(), who, acte); err == nil && v != opco.VerdictRecu {
			return f.saw(v == opco.VerdictApplique)
		}
	}
	return f.saw(a.Status == http.StatusOK)
}

// saw counts an acte that its author saw applied.
func (f *traffic) saw(applied bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if applied {
		f.seen++
	}
	return applied
}

// goesFurther waits for one more acte that its author sees applied.
func (f *traffic) goesFurther() {
	f.Helper()
	so := func() int { f.mu.Lock(); defer f.mu.Unlock(); return f.seen }
	for before, end := so(), time.Now().Add(bound); so() == before; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			f.Errorf("nothing is applied %s after the last fault", bound)
			return
		}
	}
}

// insist asks again, as it is told to, a server that has too much to do.
func (f *traffic) insist(who *scenario.Session, path string, body any) (scenario.Answer, error) {
	for end := time.Now().Add(f.patience); ; time.Sleep(time.Second) {
		a, err := who.Send(f.Context(), http.MethodPost, path, body)
		if err != nil || a.Status != http.StatusTooManyRequests || time.Now().After(end) {
			return a, err
		}
		f.mu.Lock()
		f.refused++
		f.mu.Unlock()
	}
}

// verdict reads where an acte stands.
func verdict(ctx context.Context, who *scenario.Session, acte string) (opco.Verdict, error) {
	var r struct {
		Acte struct{ Verdict opco.Verdict }
	}
	err := who.Get(ctx, "/api/actes/"+acte, &r)
	return r.Acte.Verdict, err
}

func (f *traffic) forget(what string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lost = append(f.lost, what+": "+err.Error())
}

// check holds the product to its word once all is calm: each acte that was acknowledged is
// applied exactly once, or refused with words that its author can read.
func (f *traffic) check() {
	f.Helper()
	f.halt()
	for _, l := range f.lost {
		f.Errorf("not taken, and asked again for %s: %s", f.patience, l)
	}
	applied := 0
	for _, a := range f.acks {
		var r struct {
			Acte struct {
				Verdict opco.Verdict
				Phrase  string
			}
		}
		f.get(a.account, "/api/actes/"+a.id, &r)
		steps := one[int](f.stack, `SELECT count(*) FROM passage WHERE acte_id = $1 AND verdict = 'applique'`, a.id)
		switch {
		case r.Acte.Verdict == opco.VerdictApplique && steps == 1:
			applied++
		case r.Acte.Verdict == opco.VerdictRefuse && steps == 0 && r.Acte.Phrase != "":
		default:
			f.Errorf("acte %s of dossier %s: %s « %s », written %d times", a.id, a.dossier, r.Acte.Verdict, r.Acte.Phrase, steps)
		}
	}
	if applied == 0 {
		f.Errorf("of %d dossiers and %d actes acknowledged none was applied: nothing was shown", len(f.dossiers), len(f.acks))
	}
	f.Logf("%d dossiers, %d actes acknowledged, %d applied once, %d visibly refused, %d asked to come back later", len(f.dossiers), len(f.acks), applied, len(f.acks)-applied, f.refused)
}

// establishments of the companies that bring dossiers, and who trains their people.
var (
	establishments = map[string]opco.SIRET{"e1": "99900101900010", "e3": "99900115900014", "e5": "99900129000017"}
	formalia       = opco.OrganismeDemande{SIRET: "99900136500017", Nom: "Formalia Synthèse", NDA: "11756099975"}
)

// intitule begins the title of what these people ask for.
const intitule = "Tenir un atelier, groupe "

// demande is a plain one, that nothing refuses: small, in a month, with a title of its own.
func (f *traffic) demande(account string, n int64) opco.Demande {
	return opco.Demande{Etablissement: establishments[account], Subrogation: true, Intitule: fmt.Sprint(intitule, n),
		Nature: opco.NatureFormation, Duree: 7 * 60, Debut: f.begins, Fin: f.begins, Organisme: formalia,
		Lignes:     []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 10_00}},
		Stagiaires: []opco.Stagiaire{{ID: "s1", Prenom: "Zoé", Nom: fmt.Sprintf("L’Hermitte-%d", n), Heures: 7 * 60, Peda: 10_00}}}
}
