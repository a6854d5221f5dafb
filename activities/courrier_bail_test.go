package activities_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"guichet/activities"
	"guichet/opco"
)

// boiteABail is an outbox in memory that hides a line from the others for the time of its lease.
type boiteABail struct {
	boiteEssai
	mu     sync.Mutex
	lignes []*ligneABail
}

// ligneABail is a line of it, whose lease is the one of its Envoi.
type ligneABail struct {
	activities.Envoi
	partie bool
}

func (b *boiteABail) EnvoisDus(_ context.Context, n int, bail time.Duration) (es []activities.Envoi, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.lignes {
		if len(es) < n && !l.partie && !time.Now().Before(l.Bail) {
			l.Essais++
			l.Bail = time.Now().Add(bail)
			es = append(es, l.Envoi)
		}
	}
	return es, nil
}

func (b *boiteABail) Prolonger(_ context.Context, es []activities.Envoi, bail time.Duration) (restent []activities.Envoi, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range es {
		for _, l := range b.lignes {
			if l.ID == e.ID && l.Bail.Equal(e.Bail) && !l.partie {
				l.Bail = time.Now().Add(bail)
				restent = append(restent, l.Envoi)
			}
		}
	}
	return restent, nil
}

func (b *boiteABail) NoterEnvoi(_ context.Context, id string, _ activities.Ecrit) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.lignes {
		l.partie = l.partie || l.ID == id
	}
	return nil
}

func (b *boiteABail) Garder(context.Context, string, activities.Ecrit) error { return nil }

// postierLent takes its time for each mail, and counts them.
type postierLent struct {
	postierEssai
	b      *boiteABail
	envois map[string]int
}

func (postierLent) Ecrire(e opco.Envoi) (activities.Ecrit, error) {
	return activities.Ecrit{MessageID: e.ID}, nil
}

func (p postierLent) Envoyer(_ context.Context, e activities.Ecrit) error {
	time.Sleep(30 * time.Second) // the longest that a server is waited for
	p.b.mu.Lock()
	defer p.b.mu.Unlock()
	p.envois[e.MessageID]++
	return nil
}

// A handful of mails takes ten minutes of a slow server, ten times its lease: meanwhile two other
// senders look for work every second. Each mail leaves once, and only the try that took place is counted.
func TestASlowServerGetsEachMailOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, envois := &boiteABail{}, map[string]int{}
		for i := range 30 {
			l := &ligneABail{}
			l.ID, l.Courriel = fmt.Sprintf("c%d", i), "a@b.test"
			b.lignes = append(b.lignes, l)
		}
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				f := &activities.Facteur{Boite: b, Postier: postierLent{b: b, envois: envois}, Log: slog.New(slog.DiscardHandler)}
				for fin := time.Now().Add(20 * time.Minute); time.Now().Before(fin); time.Sleep(time.Second) {
					if _, err := f.Tournee(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		for _, l := range b.lignes {
			if envois[l.ID] != 1 {
				t.Errorf("mail %s left %d times", l.ID, envois[l.ID])
			}
			if l.Essais != 1 {
				t.Errorf("mail %s was taken %d times and sent once", l.ID, l.Essais)
			}
		}
	})
}

// A line that another sender took meanwhile is left to it, even when its tries are counted afresh.
func TestALineTakenByAnotherIsLeftToIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, envois := &boiteABail{}, map[string]int{}
		for _, id := range []string{"c1", "c2"} {
			l := &ligneABail{}
			l.ID, l.Courriel = id, "a@b.test"
			b.lignes = append(b.lignes, l)
		}
		go func() {
			time.Sleep(10 * time.Second)
			b.mu.Lock()
			defer b.mu.Unlock()
			b.lignes[1].Essais, b.lignes[1].Bail = 1, time.Now().Add(time.Hour) // somebody else's first try
		}()
		f := &activities.Facteur{Boite: b, Postier: postierLent{b: b, envois: envois}, Log: slog.New(slog.DiscardHandler)}
		if _, err := f.Tournee(t.Context()); err != nil || envois["c1"] != 1 || envois["c2"] != 0 {
			t.Errorf("sent %v, %v", envois, err)
		}
	})
}
