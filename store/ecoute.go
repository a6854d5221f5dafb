package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Nouvelle is one thing that happened, told by PostgreSQL at commit: Sujet is
// "acte", "verdict", "dossier", "lot", "compte", "courrier" or "horloge", ID the
// object; of "travail", how far a long work of the ops staff is, ID is its kind and
// its id, « rejeu/… ». An empty Sujet means the connection was lost and came back: read again.
type Nouvelle struct{ Sujet, ID string }

// ecoute shares one LISTEN connection among the readers of a process.
type ecoute struct {
	mu       sync.Mutex
	dsn      string
	listener *pq.Listener
	abonnes  map[chan Nouvelle]bool // true: it missed something, and is told so as soon as it can hear
	fini     chan struct{}
}

const canal = "guichet"

func nouvelleEcoute(dsn string) *ecoute {
	return &ecoute{dsn: dsn, abonnes: map[chan Nouvelle]bool{}, fini: make(chan struct{})}
}

// Ecouter returns a channel of what happens from now on, until stop is called.
// A slow reader loses news rather than slowing the others, and is told to read
// again: it must read the tables, not trust the count.
func (s *Store) Ecouter() (nouvelles <-chan Nouvelle, stop func()) { return s.ecouter(64) }

// EcouterRafales is Ecouter for who stays and must not lose what an action on many
// dossiers changes at once.
func (s *Store) EcouterRafales() (nouvelles <-chan Nouvelle, stop func()) { return s.ecouter(4096) }

// ecouter keeps up to attente changes for a listener that is busy; beyond, it hears
// that anything may have changed.
func (s *Store) ecouter(attente int) (nouvelles <-chan Nouvelle, stop func()) {
	e := s.ecoute
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.listener == nil {
		e.listener = pq.NewListener(e.dsn, 50*time.Millisecond, 5*time.Second, nil)
		_ = e.listener.Listen(canal) // an outage is retried by the listener itself
		go e.diffuser(e.listener)
	}
	c := make(chan Nouvelle, attente)
	e.abonnes[c] = false
	return c, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.abonnes, c)
	}
}

func (e *ecoute) diffuser(l *pq.Listener) {
	for {
		select {
		case <-e.fini:
			return
		case n := <-l.Notify:
			e.donner(lireNouvelle(n))
		}
	}
}

func lireNouvelle(n *pq.Notification) Nouvelle {
	if n == nil {
		return Nouvelle{}
	}
	for i := range n.Extra {
		if n.Extra[i] == ' ' {
			return Nouvelle{n.Extra[:i], n.Extra[i+1:]}
		}
	}
	return Nouvelle{Sujet: n.Extra}
}

func (e *ecoute) donner(n Nouvelle) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for c, perdu := range e.abonnes {
		if perdu {
			e.abonnes[c] = !proposer(c, Nouvelle{})
		}
		if !e.abonnes[c] {
			e.abonnes[c] = !proposer(c, n)
		}
	}
}

// proposer gives n to c without waiting; false when c is full.
func proposer(c chan Nouvelle, n Nouvelle) bool {
	select {
	case c <- n:
		return true
	default:
		return false
	}
}

func (e *ecoute) fermer() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.listener != nil {
		close(e.fini)
		e.listener.Close()
		e.listener = nil
	}
}

// notifier tells sujet and id to every listener, at commit.
func notifier(ctx context.Context, x sqlx.ExecerContext, sujet, id string) error {
	if _, err := x.ExecContext(ctx, `SELECT pg_notify($1, $2)`, canal, sujet+" "+id); err != nil {
		return fmt.Errorf("notifying %s: %w", sujet, err)
	}
	return nil
}
