package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// parts are what may be killed, as the control endpoint names them.
var parts = []string{"worker", "api", "temporal", "postgres"}

// restartDelay is how long a killed part may take to be back, and a client to be
// answered meanwhile.
const restartDelay = 90 * time.Second

// killPart kills a part with SIGKILL and starts it again after a while.
func (r *Runner) killPart(ctx context.Context, part, after string) error {
	return r.control(ctx, "/tuer/", part, query("relancer", "1", "apres", or(after, "300ms")))
}

// control asks the stack to kill a part, or to start it again.
func (r *Runner) control(ctx context.Context, verb, part, parameters string) error {
	if r.cfg.Control == "" {
		return errors.New("cette pile n’a pas de commande (GUICHET_CONTROLE) : aucune partie ne peut y être tuée")
	}
	if !slices.Contains(parts, part) {
		return fmt.Errorf("la partie « %s » n’existe pas : %s", part, list(parts))
	}
	ctx, cancel := context.WithTimeout(ctx, restartDelay)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.cfg.Control+verb+url.PathEscape(part)+parameters, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return &UnreachableError{What: "La commande de la pile", Address: r.cfg.Control, Err: cause(err)}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("la partie « %s » n’a pas pu être tuée ou relancée (réponse %d)", part, res.StatusCode)
	}
	return nil
}

// kill plays « tuer », and lets the clients of the following steps be patient. The
// steps of « pendant » are played while the part is down.
func (w *world) kill(ctx context.Context, k *Kill) error {
	w.r.client.bePatient()
	if len(k.Pendant) == 0 {
		return w.r.killPart(ctx, k.Partie, k.Apres)
	}
	if err := w.r.control(ctx, "/tuer/", k.Partie, ""); err != nil {
		return err
	}
	w.busy = true // nothing comes to rest without that part
	err := w.play(ctx, k.Pendant)
	w.busy = false
	return errors.Join(err, w.r.control(context.WithoutCancel(ctx), "/relancer/", k.Partie, ""))
}

func (c *client) bePatient() { c.patience, c.faults = restartDelay, true }

// cutter kills one part at chosen moments of a path: while a step is being
// played, a little later in it each time. Its nil value does nothing.
type cutter struct {
	ctx     context.Context //nolint:containedctx // it lives as long as one path
	r       *Runner
	part    string
	moments int
	done    int
	wg      sync.WaitGroup
	mu      sync.Mutex
	errs    []error
}

// before kills the part during the step about to be played, when it is its turn.
// The moments are spread over the steps, several in one when there are few.
func (k *cutter) before(step, steps int) {
	if k == nil {
		return
	}
	for k.done < k.moments && k.done*steps/k.moments <= step {
		wait := time.Duration(k.done*7) * time.Millisecond
		k.done++
		k.wg.Wait() // one kill at a time
		k.wg.Go(func() {
			time.Sleep(wait)
			if err := k.r.killPart(k.ctx, k.part, ""); err != nil {
				k.mu.Lock()
				defer k.mu.Unlock()
				k.errs = append(k.errs, err)
			}
		})
	}
}

// finish waits until the part is back.
func (k *cutter) finish(context.Context) error {
	if k == nil {
		return nil
	}
	k.wg.Wait()
	k.mu.Lock()
	defer k.mu.Unlock()
	return errors.Join(k.errs...)
}

// playUnderFaults plays other scenarios again, once for each part, while that
// part is killed at several moments: what they expect must hold all the same.
func (r *Runner) playUnderFaults(ctx context.Context, s *Script) []Result {
	if r.cfg.Control == "" {
		x := Result{Name: s.title(""), Skipped: "cette pile n’a pas de commande (GUICHET_CONTROLE), aucune partie ne peut être tuée"}
		r.report(x)
		return []Result{x}
	}
	normal := *r.client
	defer func() { *r.client = normal }()
	r.client.bePatient()
	var results []Result
	for _, name := range s.Rejouer {
		other, err := Read(s.files, beside(s.File, name))
		if err != nil {
			return append(results, Result{Name: s.title(name), Err: err})
		}
		for _, part := range s.Coupures.Parties {
			x := r.playCut(ctx, s, other, part)
			r.report(x)
			if results = append(results, x); ctx.Err() != nil {
				return results
			}
		}
	}
	return results
}

func (r *Runner) playCut(ctx context.Context, s, other *Script, part string) Result {
	start := time.Now()
	k := &cutter{ctx: ctx, r: r, part: part, moments: s.Coupures.Moments}
	err := r.playPath(ctx, other, other.paths()[0], k)
	name := fmt.Sprintf("%s : %s, %s tué %d fois", s.title(""), other.Reference, part, k.done)
	return Result{Name: name, Err: errors.Join(err, k.finish(ctx)), Elapsed: time.Since(start)}
}
