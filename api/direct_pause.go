package api

import (
	"maps"
	"slices"
	"time"

	"guichet/store"
)

// What is counted whole, the menu of an account, the advance of an action, costs as
// much for one change as for a thousand: it is counted at most once in each pause, and
// what happens meanwhile waits for the end of it.

const (
	// comptageMax is how long one turn may count: a décision that comes meanwhile is
	// told before the menus that are left.
	comptageMax = 150 * time.Millisecond
	// listeMax is how many changes of one turn a list is told one by one.
	listeMax = 12
)

// tournee is what one turn tells: what changed, whose the changed dossiers are, and the
// audiences whose pause is over.
type tournee struct {
	sales   map[Sujet]struct{}
	parties []store.Parties
	dus     map[string]struct{}
}

// touche returns the ids that changed among what a follows, for a reader u: those of
// a list are its dossiers, "" when nobody knows which or when they are many. What is
// counted has one.
func (t tournee) touche(a Abonnement, u store.Utilisateur) []string {
	ids := t.change(a, u)
	if a.Pause == 0 {
		return ids
	}
	du := false
	if len(ids) == 0 && len(t.dus) > 0 {
		_, du = t.dus[a.cle(u)]
	}
	if len(ids) == 0 && !du {
		return nil
	}
	return []string{a.Sujet.ID}
}

// change returns what changed among what a follows, without regard for its pause.
func (t tournee) change(a Abonnement, u store.Utilisateur) []string {
	if _, sale := t.sales[a.Sujet]; sale {
		return []string{a.Sujet.ID}
	}
	if a.Sujet.Genre != "liste" {
		return nil
	}
	var ids []string
	for _, p := range t.parties {
		if dansListe(u, p) {
			ids = append(ids, p.ID)
		}
	}
	if len(ids) > listeMax {
		return []string{""}
	}
	return ids
}

// dansListe reports whether a dossier may be in the lists of u: what is then read
// goes through the wall, which decides.
func dansListe(u store.Utilisateur, p store.Parties) bool {
	if u.Role.Interne() {
		return p.Transmis
	}
	return slices.Contains(u.SIRETs, p.Etablissement) || p.Transmis && slices.Contains(u.SIRETs, p.Organisme)
}

// pauses hold back what is counted, by the name of its audience. They are read and
// written under the lock of direct.
type pauses struct {
	jusque map[string]time.Time // until when an audience that was told hears no more
	attend map[string]struct{}  // audiences for which something happened meanwhile
}

func nouvellesPauses() pauses {
	return pauses{jusque: map[string]time.Time{}, attend: map[string]struct{}{}}
}

// dus forgets the pauses that are over, and takes the audiences that waited for that.
func (p pauses) dus(le time.Time) map[string]struct{} {
	maps.DeleteFunc(p.jusque, func(_ string, fin time.Time) bool { return !le.Before(fin) })
	dus := map[string]struct{}{}
	for cle := range p.attend {
		if _, encore := p.jusque[cle]; !encore {
			dus[cle] = struct{}{}
			delete(p.attend, cle)
		}
	}
	return dus
}

// peutCompter reports whether an audience may be told now, and begins its pause; what
// may not waits, and is told when the pause is over or at the next turn.
func (d *direct) peutCompter(cle string, pause time.Duration, debut time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	le := time.Now()
	if fin, dit := d.pauses.jusque[cle]; dit && le.Before(fin) {
		d.pauses.attend[cle] = struct{}{}
		return false
	}
	if le.Sub(debut) > comptageMax {
		d.pauses.attend[cle] = struct{}{}
		d.reveiller()
		return false
	}
	d.pauses.jusque[cle] = le.Add(pause)
	return true
}

// recompter has an audience that could not be told in time told after its pause.
func (d *direct) recompter(cle string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pauses.attend[cle] = struct{}{}
}
