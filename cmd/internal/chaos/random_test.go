package chaos

import (
	"math/rand/v2"
	"testing"
	"time"

	"guichet/opco"
)

// Two APIs and three workers, any of which is killed at any time and started again by who
// watches over it: nobody notices more than a request that is asked again.
func TestTuerAuHasard(t *testing.T) {
	k := openStack(t, true)
	seed := count("GUICHET_ESSAI_GRAINE", rand.IntN(1_000_000)) //nolint:gosec // a place to begin
	t.Logf("graine %d : GUICHET_ESSAI_GRAINE=%d rejoue le même ordre", seed, seed)
	f := k.openFleet(k.product(), 2, 3, nil, "worker", "api")
	followed := k.spread(2, 1)
	pages := []*follower{k.follow("gestionnaire", followed.dossiers[0]), k.follow("gestionnaire2", followed.dossiers[1])}
	live, people, reader, rounds := k.flow(4), k.take("gestionnaire", "gestionnaire2"), k.reader(), k.rounds()
	killed := f.killAtRandom(rand.New(rand.NewPCG(uint64(seed), 0)), time.Duration(count("GUICHET_ESSAI_SECONDES", 180))*time.Second) //nolint:gosec // positive
	live.halt()
	people.halt()
	t.Logf("%d API et %d workers tués ; %d requêtes, dont %d perdues avec leur API et redemandées ; %d dossiers pris", killed["api"], killed["worker"],
		f.front.served.Load(), f.front.broken.Load(), people.taken)
	followed.wake(0, 1)
	for i, p := range pages {
		opens, away := p.hears(k, one[int64](k, `SELECT max(rang) FROM passage WHERE objet = 'dossier/' || $1`, followed.dossiers[i]))
		if opens < 2 {
			t.Errorf("a page was never cut: its API was not killed")
		}
		t.Logf("page ouverte : rouverte %d fois, %s au plus sans flux", opens-1, away.Round(time.Millisecond))
	}
	reads, worst := reader()
	t.Logf("%d lectures, la plus longue %s", reads, worst.Round(time.Millisecond))
	t.Logf("rondes : %s au plus entre deux", rounds().Round(time.Second))
	for _, a := range []string{"e1", "e3", "e5", "gestionnaire", "gestionnaire2", "admin", "ops"} {
		k.get(a, "/api/session", &struct{}{}) // opened before all this
	}
	k.calm()
	live.check()
	followed.check()
	k.doubled(killed["worker"])
	f.unbroken(live.dossiers, followed.dossiers)
	f.known()
	t.Logf("vérification : %s", k.verify())
}

// killAtRandom kills one process of the fleet, or two, a moment after the last are back; none
// dies again before all the others have.
func (f *fleet) killAtRandom(r *rand.Rand, during time.Duration) map[string]int {
	f.Helper()
	program, killed, turn := f.product(), map[string]int{}, []int(nil)
	for end := time.Now().Add(during); time.Now().Before(end); time.Sleep(time.Duration(r.IntN(3000)) * time.Millisecond) {
		if len(turn) == 0 {
			turn = r.Perm(len(f.apis) + len(f.workers))
		}
		n := min(len(turn), 1+r.IntN(2))
		order := turn[:n]
		turn = turn[n:]
		for _, n := range order {
			f.at(n).kill()
		}
		for _, n := range order {
			dead := f.at(n)
			if n < len(f.apis) {
				killed["api"]++
				f.apis[n] = f.api(program)
				f.front.drop(dead.url)
				continue
			}
			killed["worker"]++
			f.workers[n-len(f.apis)] = f.worker(program)
		}
	}
	return killed
}

// at is a process of the fleet by its rank, the APIs first.
func (f *fleet) at(n int) *process {
	if n < len(f.apis) {
		return f.apis[n]
	}
	return f.workers[n-len(f.apis)]
}

// reader is somebody who reads a list again and again; what it returns says how often until
// then, and the longest that a reading took with all that was asked again.
func (k *stack) reader() func() (int, time.Duration) {
	k.Helper()
	who, stop, done := k.as("gestionnaire").Patient(bound), make(chan struct{}), make(chan struct{})
	reads, worst := 0, time.Duration(0)
	go func() {
		defer close(done)
		for ; ; reads++ {
			select {
			case <-stop:
				return
			case <-k.Context().Done():
				return
			case <-time.After(200 * time.Millisecond):
			}
			start := time.Now()
			if err := who.Get(k.Context(), "/api/dossiers?limite=10", &struct{}{}); err != nil && k.Context().Err() == nil {
				k.Errorf("a list is not read: %v", err)
			}
			worst = max(worst, time.Since(start))
		}
	}()
	return func() (int, time.Duration) {
		close(stop)
		<-done
		return reads, worst
	}
}

// rounds watches the rounds of what is stuck; what it returns says the longest time between
// two, which must not hide a fault for longer than the console promises.
func (k *stack) rounds() func() time.Duration {
	k.Helper()
	stop, done := make(chan struct{}), make(chan struct{})
	var longest time.Duration
	go func() {
		defer close(done)
		for {
			var age float64
			if err := k.s.DB.GetContext(k.Context(), &age, `SELECT COALESCE(extract(epoch FROM clock_timestamp() - passee_le), 0) FROM ronde`); err == nil {
				longest = max(longest, time.Duration(age*float64(time.Second)))
			}
			select {
			case <-stop:
				return
			case <-k.Context().Done():
				return
			case <-time.After(time.Second):
			}
		}
	}()
	return func() time.Duration {
		close(stop)
		<-done
		if longest > bound {
			k.Errorf("%s passed between two rounds", seconds(longest))
		}
		return longest
	}
}

// known expects the console to know the workers that live, each once, and soon no other.
func (f *fleet) known() {
	f.Helper()
	par, err := f.s.Parametres(f.Context(), opco.JourDe(f.clock()))
	if err != nil {
		f.Fatal(err)
	}
	var n int
	for end := time.Now().Add(bound); time.Now().Before(end); time.Sleep(time.Second) {
		es, err := f.s.Executants(f.Context(), par.Exploitation)
		if err != nil {
			f.Fatal(err)
		}
		if n = len(es); n == len(f.workers) {
			return
		}
	}
	f.Errorf("%d workers are known, %d live", n, len(f.workers))
}
