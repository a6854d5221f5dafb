package api

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"guichet/opco"
	"guichet/store"
)

// relire reads again the rights of accounts that changed and of streams that are about
// to be told something, and closes those that have lost theirs.
func (d *direct) relire(ctx context.Context, comptes map[string]struct{}, concernes []*flux) {
	d.mu.Lock()
	var fs []*flux
	for f := range d.flux {
		if _, oui := comptes[f.compte]; oui || slices.Contains(concernes, f) {
			fs = append(fs, f)
		}
	}
	d.mu.Unlock()
	if len(fs) == 0 {
		return
	}
	d.compter("droits")
	ps, err := d.s.Store.SuivrePresences(ctx, chacun(fs, func(f *flux) string { return f.compte }), chacun(fs, func(f *flux) string { return f.jeton }),
		chacun(fs, func(f *flux) string { return f.cle }))
	if err != nil {
		d.s.Log.Warn("rights of the streams not read: they close", "error", err)
	}
	for _, f := range fs {
		u, ok := d.s.encore(f, ps[f.compte])
		if !ok || !d.suivreEncore(ctx, f, u) {
			f.fermer()
		}
	}
}

// chacun gathers a text of each stream, each once.
func chacun(fs []*flux, de func(*flux) string) []string {
	vus := map[string]bool{"": true}
	var ts []string
	for _, f := range fs {
		if t := de(f); !vus[t] {
			vus[t] = true
			ts = append(ts, t)
		}
	}
	return ts
}

// suivreEncore gives a stream the present reach of its reader; false when it no longer
// holds a dossier that the stream follows.
func (d *direct) suivreEncore(ctx context.Context, f *flux, u store.Utilisateur) bool {
	d.mu.Lock()
	avant := f.qui
	f.qui = u
	d.mu.Unlock()
	if slices.Equal(avant.SIRETs, u.SIRETs) && avant.Role == u.Role {
		return true
	}
	return d.s.lisible(ctx, u, f.abonnements) == nil
}

// lisible returns why u may not follow what is asked, nil when they may.
func (s *Server) lisible(ctx context.Context, u store.Utilisateur, as []Abonnement) error {
	for _, a := range as {
		if a.Sujet.Genre != "dossier" {
			continue
		}
		if _, err := s.Store.Ligne(ctx, u.Portee(), a.Sujet.ID); err != nil {
			return err
		}
	}
	return nil
}

// dessiner draws each changed subject once for each audience, and gives the drawing to
// all its streams: what happened first, then what is counted.
func (d *direct) dessiner(ctx context.Context, t tournee, fs []*flux) {
	faits := map[string]dessine{}
	for _, compte := range []bool{false, true} {
		debut := time.Now()
		for _, f := range fs {
			u := d.de(f)
			for _, a := range f.abonnements {
				if (a.Pause > 0) != compte {
					continue
				}
				for _, id := range t.touche(a, u) {
					d.dessinerUn(ctx, faits, f, a, u, id, debut)
				}
			}
		}
	}
}

// dessine is what was drawn for an audience.
type dessine struct {
	t      Trame
	err    error
	attend bool // there was no time: it is counted again after its pause
}

// dessinerUn gives f what a says of id, drawn for its audience unless it was already.
// debut is when this turn began to count.
func (d *direct) dessinerUn(ctx context.Context, faits map[string]dessine, f *flux, a Abonnement, u store.Utilisateur, id string, debut time.Time) {
	cle := a.cle(u)
	if a.Pause == 0 {
		cle += "|" + id
	}
	x, deja := faits[cle]
	if !deja {
		if a.Pause > 0 && !d.peutCompter(cle, a.Pause, debut) {
			return
		}
		d.compter("dessin")
		x.t, x.err = a.Dessin.Faire(ctx, audience(a, u), id)
		if x.attend = a.Pause > 0 && ctx.Err() != nil; x.attend {
			d.recompter(cle)
		}
		faits[cle] = x
	}
	if !x.attend {
		d.donner(f, a, x.t, x.err)
	}
}

// de returns the present reader of a stream.
func (d *direct) de(f *flux) store.Utilisateur {
	d.mu.Lock()
	defer d.mu.Unlock()
	return f.qui
}

// audience is that of a in which u reads: without a name unless it is theirs alone.
func audience(a Abonnement, u store.Utilisateur) Audience {
	p := u.Portee()
	if !a.Perso {
		p.Personne, p.Pour = "", ""
	}
	return Audience{Portee: p, Qui: u}
}

// donner gives a drawing to a stream, which closes when its subject is gone, when it
// cannot follow, or when what happened could not be drawn: its page comes back and reads
// the present state. Nothing is left out in silence.
func (d *direct) donner(f *flux, a Abonnement, t Trame, err error) {
	switch {
	case errors.Is(err, opco.NotFound) && a.Sujet.Genre == "dossier":
		f.fermer()
	case err != nil && !errors.Is(err, opco.NotFound):
		d.s.Log.Warn("stream not told: it closes", "what", a.Dessin.Nom, "error", err)
		f.fermer()
	case len(t) > 0:
		f.proposer(t)
	}
}

// evenementJSON writes one named event whose data are v.
func evenementJSON(nom, id string, v any) (Trame, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	t := "event: " + nom + "\n"
	if id != "" {
		t += "id: " + id + "\n"
	}
	return Trame(t + "data: " + string(b) + "\n\n"), nil
}
