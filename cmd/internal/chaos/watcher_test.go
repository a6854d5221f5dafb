package chaos

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// reopen is how long a browser waits before it opens a stream again.
const reopen = 500 * time.Millisecond

// follower is the open page of a dossier: its stream, opened again each time that it ends.
type follower struct {
	mu    sync.Mutex
	opens int
	rang  int64         // the last that it heard
	away  time.Duration // the longest time without a stream
}

// follow opens the page of a dossier for as long as the test lasts.
func (k *stack) follow(account, dossier string) *follower {
	k.Helper()
	who, f := k.as(account), &follower{}
	go func() {
		lost := time.Now()
		for ctx := k.Context(); ctx.Err() == nil; time.Sleep(reopen) {
			body, err := who.Stream(ctx, "/api/dossiers/"+dossier+"/evenements")
			if err != nil {
				continue
			}
			f.note(func() { f.opens, f.away = f.opens+1, max(f.away, time.Since(lost)) })
			f.read(bufio.NewScanner(body))
			body.Close()
			lost = time.Now()
		}
	}()
	return f
}

func (f *follower) read(lines *bufio.Scanner) {
	for lines.Scan() {
		text, data := strings.CutPrefix(lines.Text(), "data:")
		var e struct{ Rang int64 }
		if data && json.Unmarshal([]byte(text), &e) == nil {
			f.note(func() { f.rang = max(f.rang, e.Rang) })
		}
	}
}

func (f *follower) note(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
}

// hears waits until the page has heard of a step, and returns how often it was opened and the
// longest time without a stream.
func (f *follower) hears(k *stack, rang int64) (opens int, away time.Duration) {
	k.Helper()
	for end := time.Now().Add(bound); ; time.Sleep(100 * time.Millisecond) {
		var heard int64
		f.note(func() { heard, opens, away = f.rang, f.opens, f.away })
		if heard >= rang {
			return opens, away
		}
		if time.Now().After(end) {
			k.Errorf("an open page heard of step %d, not of step %d", heard, rang)
			return opens, away
		}
	}
}

// leases is people who take the next dossier to study and give it back, again and again.
type leases struct {
	*traffic
	mu    sync.Mutex
	held  map[string]string // dossier → who studies it
	taken int
}

// take has these people do so until halt.
func (k *stack) take(accounts ...string) *leases {
	k.Helper()
	l := &leases{traffic: k.newTraffic(), held: map[string]string{}}
	for _, a := range accounts {
		k.as(a)
		l.group.Go(func() {
			for !l.halted() {
				l.once(a)
				time.Sleep(200 * time.Millisecond)
			}
		})
	}
	k.Cleanup(l.halt)
	return l
}

// once takes a dossier, twice by the same acte as who got no answer does, and gives it back.
func (l *leases) once(account string) {
	acte, first := uuid.NewString(), ""
	for again := range 2 {
		var d struct{ Dossier string }
		a, err := l.insist(l.as(account).Patient(l.patience), "/api/file/suivant", map[string]any{"acte_id": acte})
		if err != nil || a.Status != http.StatusOK || json.Unmarshal(a.Body, &d) != nil {
			l.Errorf("the next dossier is not given to %s: %d %s, %v", account, a.Status, a.Detail, err)
			return
		}
		if again > 0 && d.Dossier != first {
			l.Errorf("%s asked for one dossier and was given %s, then %s", account, first, d.Dossier)
		}
		if first = d.Dossier; first == "" {
			return
		}
	}
	l.mu.Lock()
	if other := l.held[first]; other != "" {
		l.Errorf("dossier %s is studied by %s and by %s", first, other, account)
	}
	l.held[first] = account
	l.taken++
	l.mu.Unlock()
	time.Sleep(100 * time.Millisecond)
	l.mu.Lock()
	delete(l.held, first)
	l.mu.Unlock()
	if a, err := l.as(account).Patient(l.patience).Send(l.Context(), http.MethodDelete, "/api/dossiers/"+first+"/prise", nil); err != nil || a.Status >= 500 {
		l.Errorf("dossier %s is not given back: %d %s, %v", first, a.Status, a.Detail, err)
	}
}
