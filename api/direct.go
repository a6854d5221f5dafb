package api

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"guichet/opco"
	"guichet/store"
)

const (
	battement = 15 * time.Second
	// A right withdrawn closes its streams within the second (reliability.md 3.1,
	// rule 9): at once when the account says so, and by reading it again otherwise.
	relecture = 800 * time.Millisecond
	// What happens in a burst is told together, at most that often.
	respiration = 40 * time.Millisecond
	lectureMax  = 5 * time.Second // of the database, for one telling
)

// Sujet is what a stream follows, or what changed: a genre ("dossier", "lot",
// "compte", "liste" for any dossier) and the id of the object, "" for a list.
type Sujet struct{ Genre, ID string }

// Trame is one event or more of a stream, as they are sent.
type Trame []byte

// Dessin draws what a stream says of a subject to one audience. It is called once for
// each event and audience, whatever the number of open pages. NotFound closes the
// streams of that audience; an empty Trame says nothing.
type Dessin struct {
	Nom   string // of what is drawn: two of the same name draw the same
	Faire func(ctx context.Context, a Audience, id string) (Trame, error)
}

// Audience is who reads the same thing: a reach, and one person when what they read
// is theirs alone.
type Audience struct {
	Portee opco.Portee
	Qui    store.Utilisateur // any one of them
}

// Abonnement is one thing that a stream follows. Depart tells its present state at
// once. Perso makes each account an audience of its own. Pause is for what is counted
// whole (a menu, an action): the least time between two tellings, whatever the number
// of objects that changed.
type Abonnement struct {
	Sujet  Sujet
	Dessin Dessin
	Depart bool
	Perso  bool
	Pause  time.Duration
}

// cle names the audience of a in the reach of u: equal keys read the same.
func (a Abonnement) cle(u store.Utilisateur) string {
	p := u.Portee()
	cle := []string{a.Dessin.Nom, a.Sujet.Genre, a.Sujet.ID}
	if a.Perso { // their reach may change: the account and its espace do not
		return strings.Join(append(cle, u.Compte, u.Espace), "|")
	}
	cle = append(cle, string(p.Role))
	sirets := slices.Clone(p.SIRETs)
	slices.Sort(sirets)
	return strings.Join(append(cle, sirets...), "|")
}

// direct tells the open streams of this process what changes: one listener, one
// reading and one drawing for each event and audience, and one query for everybody's
// rights. It works while there is a stream.
type direct struct {
	s       *Server
	mu      sync.Mutex
	flux    map[*flux]struct{}
	sales   map[Sujet]struct{} // changed, not yet told
	comptes map[string]struct{}
	reveil  chan struct{}
	fin     chan struct{} // closed when the last stream ends
	vus     map[string]regards
	rappele time.Time // when the open pages of this process last said that they are there
	pauses  pauses
	compter func(quoi string) // set by tests
}

func nouveauDirect(s *Server) *direct {
	return &direct{s: s, flux: map[*flux]struct{}{}, sales: map[Sujet]struct{}{}, comptes: map[string]struct{}{}, reveil: make(chan struct{}, 1),
		vus: map[string]regards{}, pauses: nouvellesPauses(), compter: func(string) {}}
}

// entrer adds a stream; nothing that happens from then on is lost.
func (d *direct) entrer(f *flux) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.flux[f] = struct{}{}
	if d.fin != nil {
		return
	}
	d.fin = make(chan struct{})
	nouvelles, stop := d.s.Store.EcouterRafales()
	fin := d.fin
	go func() {
		defer stop()
		d.ecouter(nouvelles, fin)
	}()
	go d.dire(fin)
}

// sortir takes a stream away.
func (d *direct) sortir(f *flux) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.flux, f)
	if len(d.flux) == 0 && d.fin != nil {
		close(d.fin)
		d.fin = nil
		clear(d.sales)
		clear(d.vus)
		d.rappele, d.pauses = time.Time{}, nouvellesPauses()
	}
}

// ecouter notes what PostgreSQL says, fast enough to miss nothing.
func (d *direct) ecouter(nouvelles <-chan store.Nouvelle, fin <-chan struct{}) {
	tic := time.NewTicker(relecture)
	defer tic.Stop()
	for {
		select {
		case <-fin:
			return
		case <-tic.C:
			d.noter(store.Nouvelle{Sujet: "tic"})
		case n := <-nouvelles:
			d.noter(n)
		}
	}
}

// noter marks what n changed, and wakes who tells it.
func (d *direct) noter(n store.Nouvelle) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch n.Sujet {
	case "": // the connection was lost: anything may have changed
		for f := range d.flux {
			for _, a := range f.abonnements {
				d.sales[a.Sujet] = struct{}{}
			}
		}
	case "dossier", "lot", "action":
		d.sales[Sujet{n.Sujet, n.ID}] = struct{}{}
	case "incident":
		d.sales[Sujet{Genre: "ops"}] = struct{}{}
	case "intervention":
		d.salirTravail(n.Sujet, n.ID)
	case "travail":
		genre, id, _ := strings.Cut(n.ID, "/")
		d.salirTravail(genre, id)
	case "compte":
		d.sales[Sujet{n.Sujet, n.ID}] = struct{}{}
		d.comptes[n.ID] = struct{}{}
	case "presence":
		d.noterRegard(n.ID)
		return
	case "tic":
		for f := range d.flux {
			d.comptes[f.compte] = struct{}{}
		}
		d.oublierRegards()
	default:
		return
	}
	d.reveiller()
}

// salirTravail marks a long work of the ops staff, and the list of its kind.
func (d *direct) salirTravail(genre, id string) {
	d.sales[Sujet{genre, id}], d.sales[Sujet{Genre: genre}] = struct{}{}, struct{}{}
}

// reveiller has who tells look again.
func (d *direct) reveiller() {
	select {
	case d.reveil <- struct{}{}:
	default:
	}
}

// dire reads again who may hear, then tells them, until the last stream ends.
func (d *direct) dire(fin <-chan struct{}) {
	for {
		select {
		case <-fin:
			return
		case <-d.reveil:
		}
		d.tour()
		time.Sleep(respiration)
	}
}

// tour tells what has changed since the last one.
func (d *direct) tour() {
	ctx, fin := context.WithTimeout(context.Background(), lectureMax)
	defer fin()
	var err error
	t, comptes := d.prendre()
	if t.parties, err = d.parties(ctx, t.sales); err != nil {
		d.s.Log.Warn("whose dossiers changed is not known: every list is told that it may have", "error", err)
		t.sales[Sujet{Genre: "liste"}] = struct{}{}
	}
	concernes := d.concernes(t)
	d.relire(ctx, comptes, concernes)
	d.dessiner(ctx, t, concernes)
}

// prendre takes what is to be told and who is to be read again.
func (d *direct) prendre() (tournee, map[string]struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, comptes := tournee{sales: d.sales, dus: d.pauses.dus(time.Now())}, d.comptes
	d.sales, d.comptes = map[Sujet]struct{}{}, map[string]struct{}{}
	return t, comptes
}

// parties reads at once whose the changed dossiers are, when some stream follows a
// list: that says which lists change.
func (d *direct) parties(ctx context.Context, sales map[Sujet]struct{}) ([]store.Parties, error) {
	var ids []string
	for s := range sales {
		if s.Genre == "dossier" {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 || !d.suitListe() {
		return nil, nil
	}
	d.compter("lecture")
	return d.s.Store.PartiesDe(ctx, ids)
}

func (d *direct) suitListe() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for f := range d.flux {
		if slices.ContainsFunc(f.abonnements, func(a Abonnement) bool { return a.Sujet.Genre == "liste" }) {
			return true
		}
	}
	return false
}

// concernes are the streams to which something is to be told.
func (d *direct) concernes(t tournee) []*flux {
	d.mu.Lock()
	defer d.mu.Unlock()
	var fs []*flux
	for f := range d.flux {
		if slices.ContainsFunc(f.abonnements, func(a Abonnement) bool { return len(t.touche(a, f.qui)) > 0 }) {
			fs = append(fs, f)
		}
	}
	return fs
}
