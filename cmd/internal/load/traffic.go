package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"guichet/cmd/internal/scenario"
)

// traffic sends actes at the rate that it is told, whatever becomes of those before: each
// has the instant at which it was due, and its delay counts from there, so that a counter
// that answers late is not asked less.
type traffic struct {
	flow  *scenario.Flow
	ready chan *scenario.Life // dossiers whose next acte may be sent

	mu    sync.Mutex
	acked []acknowledged // every acte answered 200 or 202, since the beginning
}

// acknowledged is an acte that its author was told is received.
type acknowledged struct {
	next *scenario.NextAct
	acte string
}

// window is what was answered to the actes due within one stretch of time.
type window struct {
	Rate    float64 // offered, actes a second
	Elapsed time.Duration
	Due     int
	Applied int // answered 200: done
	Later   int // answered 202: received
	Refused int // answered 429 or 503
	Mute    int // of those, without Retry-After
	Other   map[string]int
	Missed  int // no dossier was ready: the driver's own shortage
	Acks    delays
}

// good is how many actes a second were acknowledged.
func (w window) good() float64 { return float64(w.Applied+w.Later) / w.Elapsed.Seconds() }

// inFlightMax bounds the requests that wait for an answer: beyond it the sender, not the
// counter, would be what is measured. Those beyond are counted as missed.
const inFlightMax = 4000

// send offers actes at that rate for that long, then waits for the last answer.
func (t *traffic) send(ctx context.Context, rate float64, d time.Duration) (window, error) {
	w := window{Rate: rate, Other: map[string]int{}}
	var mu sync.Mutex
	var wg sync.WaitGroup
	var flying atomic.Int64
	start := time.Now()
	for i := 0; ; i++ {
		due := start.Add(time.Duration(float64(i) / rate * float64(time.Second)))
		if due.Sub(start) >= d || ctx.Err() != nil {
			break
		}
		time.Sleep(time.Until(due))
		w.Due++
		l, ok := t.next()
		if !ok || flying.Load() >= inFlightMax {
			w.Missed++
			if ok {
				t.ready <- l
			}
			continue
		}
		flying.Add(1)
		wg.Go(func() {
			defer flying.Add(-1)
			a, err := t.one(ctx, l)
			mu.Lock()
			defer mu.Unlock()
			w.note(a, err, time.Since(due))
		})
	}
	w.Elapsed = time.Since(start)
	wg.Wait()
	return w, ctx.Err()
}

func (t *traffic) next() (*scenario.Life, bool) {
	select {
	case l := <-t.ready:
		return l, true
	default:
		return nil, false
	}
}

// one sends the next acte of a dossier. Refused for want of places it stays the next one,
// with the same id; received, the dossier waits for its verdict.
func (t *traffic) one(ctx context.Context, l *scenario.Life) (scenario.ActAnswer, error) {
	next, err := t.flow.Next(ctx, l)
	if err != nil || next == nil {
		return scenario.ActAnswer{}, errors.Join(err, errFinished)
	}
	a, err := next.Send(ctx)
	if err != nil {
		return a, err
	}
	switch {
	case a.Status < http.StatusMultipleChoices:
		if a.Acte != "" { // a file of a brouillon is no acte
			t.mu.Lock()
			t.acked = append(t.acked, acknowledged{next, a.Acte})
			t.mu.Unlock()
		}
		if a.Status == http.StatusAccepted {
			return a, nil // left there: what comes next needs its verdict
		}
		next.Done()
	case a.Status != http.StatusTooManyRequests && a.Status != http.StatusServiceUnavailable:
		return a, nil // left there
	}
	if next, err := t.flow.Next(ctx, l); err == nil && next != nil {
		t.ready <- l
	}
	return a, nil
}

var errFinished = errors.New("nothing left to do")

func (w *window) note(a scenario.ActAnswer, err error, took time.Duration) {
	switch {
	case err != nil:
		w.Other["sans réponse"]++
	case a.Status == http.StatusOK:
		w.Applied++
		w.Acks = append(w.Acks, took)
	case a.Status == http.StatusAccepted:
		w.Later++
		w.Acks = append(w.Acks, took)
	case a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable:
		w.Refused++
		if a.RetryAfter < 1 {
			w.Mute++
		}
	default:
		w.Other[fmt.Sprint(a.Status)]++
	}
}

// verdictWithin is how long an acknowledged acte may still wait for its verdict once the
// counter is back to normal.
const verdictWithin = 2 * time.Minute

// lost counts the acknowledged actes that get no verdict, or that the counter does not
// know.
func (t *traffic) lost(ctx context.Context) (n int, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lost atomic.Int64
	err = each(len(t.acked), atOnce, func(i int) error {
		verdict, err := t.acked[i].next.Verdict(ctx, t.acked[i].acte, verdictWithin)
		if err != nil || verdict == "recu" || verdict == "" {
			lost.Add(1)
		}
		return nil
	})
	return int(lost.Load()), err
}
