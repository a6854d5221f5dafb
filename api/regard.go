package api

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Presence of the staff on a dossier: who has its page open. It is told between
// processes by NOTIFY, kept in memory, and written nowhere. Organisations never hear of
// it.

const (
	regardDure    = 60 * time.Second // a page that says nothing any more is closed
	regardRappel  = 20 * time.Second // an open page says so again
	regardsParDit = 40               // in one NOTIFY, which holds 8,000 bytes
)

// regard is somebody before a dossier. Fin says that they left.
type regard struct {
	Dossier  string `json:"d"`
	Personne string `json:"p"`
	Nom      string `json:"n"`
	Fin      bool   `json:"f,omitempty"`
}

// regards are the people before one dossier, by person: their name, and until when.
type regards map[string]struct {
	nom string
	fin time.Time
}

// regarder notes that the reader of f has a dossier open, and says so.
func (d *direct) regarder(f *flux, dossier string) {
	d.mu.Lock()
	f.regarde = dossier
	r := f.regard()
	if d.rappele.IsZero() {
		d.rappele = time.Now()
	}
	d.direAuDossier(dossier, f)
	d.mu.Unlock()
	d.annoncerRegards([]regard{r})
}

// regard is what f says of its reader. It is called under the lock.
func (f *flux) regard() regard {
	return regard{Dossier: f.regarde, Personne: f.qui.Personne, Nom: f.qui.Prenom + " " + f.qui.Nom}
}

// detourner says that the reader of f has left, unless another page of theirs is open
// on the same dossier.
func (d *direct) detourner(f *flux) {
	d.mu.Lock()
	r := f.regard()
	r.Fin = true
	for x := range d.flux {
		r.Fin = r.Fin && (x == f || x.regarde != r.Dossier || x.qui.Personne != r.Personne)
	}
	d.mu.Unlock()
	if r.Fin {
		d.annoncerRegards([]regard{r})
	}
}

// annoncerRegards tells every process, this one included, who looks at what.
func (d *direct) annoncerRegards(rs []regard) {
	ctx, fin := context.WithTimeout(context.Background(), lectureMax)
	defer fin()
	for lot := range slices.Chunk(rs, regardsParDit) {
		b, err := json.Marshal(lot)
		if err == nil {
			err = d.s.Store.Annoncer(ctx, "presence", string(b))
		}
		if err != nil {
			d.s.Log.Warn("presence not told", "error", err)
		}
	}
}

// noterRegard keeps what a process says, and tells the pages of the same dossiers. It
// is called under the lock.
func (d *direct) noterRegard(brut string) {
	var rs []regard
	if json.Unmarshal([]byte(brut), &rs) != nil {
		return
	}
	for _, r := range rs {
		ici := d.vus[r.Dossier]
		if ici == nil {
			ici = regards{}
			d.vus[r.Dossier] = ici
		}
		_, deja := ici[r.Personne]
		if r.Fin {
			delete(ici, r.Personne)
		} else {
			x := ici[r.Personne]
			x.nom, x.fin = r.Nom, time.Now().Add(regardDure)
			ici[r.Personne] = x
		}
		if deja != r.Fin {
			continue // nothing new
		}
		d.direAuDossier(r.Dossier, nil)
		if !r.Fin {
			d.rappeler(r)
		}
	}
}

// rappeler has this process say again who of its own looks at a dossier that somebody
// else just opened elsewhere: they may not know.
func (d *direct) rappeler(venu regard) {
	var rs []regard
	for f := range d.flux {
		if f.regarde == venu.Dossier && f.qui.Personne != venu.Personne {
			rs = append(rs, f.regard())
		}
	}
	if len(rs) > 0 {
		go d.annoncerRegards(rs)
	}
}

// oublierRegards forgets who has said nothing for a minute, and has the open pages of
// this process say again that they are there. It is called under the lock.
func (d *direct) oublierRegards() {
	for dossier, ici := range d.vus {
		avant := len(ici)
		for p, x := range ici {
			if time.Now().After(x.fin) {
				delete(ici, p)
			}
		}
		if len(ici) != avant {
			d.direAuDossier(dossier, nil)
		}
		if len(ici) == 0 {
			delete(d.vus, dossier)
		}
	}
	if time.Since(d.rappele) < regardRappel {
		return
	}
	d.rappele = time.Now()
	vus := map[regard]bool{}
	var rs []regard
	for f := range d.flux {
		r := f.regard()
		if f.regarde != "" && !vus[r] {
			vus[r] = true
			rs = append(rs, r)
		}
	}
	if len(rs) > 0 {
		go d.annoncerRegards(rs)
	}
}

// direAuDossier tells the streams of a dossier, or one of them, who else looks at it.
// It is called under the lock.
func (d *direct) direAuDossier(dossier string, seul *flux) {
	for f := range d.flux {
		if f.regarde != dossier || seul != nil && f != seul {
			continue
		}
		var noms []string
		for p, x := range d.vus[dossier] {
			if p != f.qui.Personne {
				noms = append(noms, x.nom)
			}
		}
		slices.Sort(noms)
		if t, err := evenementJSON("presence", "", map[string]any{"noms": noms, "phrase": phraseRegards(noms)}); err == nil {
			f.proposer(t)
		}
	}
}

// phraseRegards says who looks at a dossier, "" when nobody else does.
func phraseRegards(noms []string) string {
	switch n := len(noms); n {
	case 0:
		return ""
	case 1:
		return noms[0] + " regarde ce dossier."
	default:
		return strings.Join(noms[:n-1], ", ") + " et " + noms[n-1] + " regardent ce dossier."
	}
}
